//! Archives that are offered to others: totals over all sessions, pins, and whether they may be passed on.

use jiff::Timestamp;
use muster_domain::Sha256;
use rusqlite::{Row, params};

use crate::{
    Error, Reply, Result,
    database::Database,
    row::{Columns, all, first, signed},
};

/// One archive and what was given of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    pub sha256: Sha256,
    /// Bytes sent to others, ever.
    pub uploaded: u64,
    /// Bytes received, ever.
    pub downloaded: u64,
    pub added_at: Timestamp,
    /// Last time it was deployed or served.
    pub last_used: Timestamp,
    /// Kept by the player's wish.
    pub pinned: bool,
    /// Whether it may be passed on; unknown is no.
    pub redistribute: bool,
}

/// Handle on the seeds.
pub struct Seeds<'a>(pub(super) &'a Database);

fn read(row: &Row<'_>) -> Result<Seed> {
    Ok(Seed {
        sha256: row.hash("sha256")?,
        uploaded: row.unsigned("uploaded")?,
        downloaded: row.unsigned("downloaded")?,
        added_at: row.time("added_at")?,
        last_used: row.time("last_used")?,
        pinned: row.column("pinned")?,
        redistribute: row.column("redistribute")?,
    })
}

impl Seeds<'_> {
    /// Every archive, most recently used first.
    pub fn all(&self) -> Reply<Vec<Seed>> {
        self.0.read(|connection| {
            let sql = "SELECT * FROM seeds ORDER BY last_used DESC, sha256";
            all(&mut connection.prepare_cached(sql)?, [], read)
        })
    }

    /// One archive.
    pub fn get(&self, sha256: Sha256) -> Reply<Option<Seed>> {
        self.0.read(move |connection| {
            let sql = "SELECT * FROM seeds WHERE sha256 = ?1";
            first(&mut connection.prepare_cached(sql)?, [sha256.as_bytes()], read)
        })
    }

    /// Adds an archive, or replaces all that is known about it.
    pub fn put(&self, seed: Seed) -> Reply<()> {
        self.0.write(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO seeds
                       (sha256, uploaded, downloaded, added_at, last_used, pinned, redistribute)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    seed.sha256.as_bytes(),
                    signed(seed.uploaded),
                    signed(seed.downloaded),
                    seed.added_at.as_millisecond(),
                    seed.last_used.as_millisecond(),
                    seed.pinned,
                    seed.redistribute
                ])?;
            Ok(())
        })
    }

    /// Adds transferred bytes to the totals: `(archive, uploaded, downloaded)` since the last call.
    pub fn count(&self, traffic: Vec<(Sha256, u64, u64)>, now: Timestamp) -> Reply<()> {
        self.0.write(move |transaction| {
            let mut statement = transaction.prepare_cached(
                "UPDATE seeds SET uploaded = uploaded + ?2, downloaded = downloaded + ?3, last_used = ?4
                 WHERE sha256 = ?1",
            )?;
            for (sha256, up, down) in &traffic {
                statement.execute(params![
                    sha256.as_bytes(),
                    signed(*up),
                    signed(*down),
                    now.as_millisecond()
                ])?;
            }
            Ok(())
        })
    }

    /// Keeps an archive, or lets it be evicted again.
    pub fn pin(&self, sha256: Sha256) -> Reply<()> {
        self.flag(sha256, "UPDATE seeds SET pinned = 1 WHERE sha256 = ?1")
    }

    /// Lets an archive be evicted again.
    pub fn unpin(&self, sha256: Sha256) -> Reply<()> {
        self.flag(sha256, "UPDATE seeds SET pinned = 0 WHERE sha256 = ?1")
    }

    fn flag(&self, sha256: Sha256, sql: &'static str) -> Reply<()> {
        self.0.write(move |transaction| {
            let rows = transaction.execute(sql, [sha256.as_bytes()])?;
            if rows == 0 { Err(Error::missing("seed")) } else { Ok(()) }
        })
    }

    /// Forgets an archive that was evicted.
    pub fn remove(&self, sha256: Sha256) -> Reply<()> {
        self.0.write(move |transaction| {
            transaction.execute("DELETE FROM seeds WHERE sha256 = ?1", [sha256.as_bytes()])?;
            Ok(())
        })
    }
}
