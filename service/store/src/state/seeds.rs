//! Archives that are kept, by name, and what the player decided about each: keep it whatever happens, do not offer it.

use jiff::Timestamp;
use muster_domain::{PackageId, Sha256, SourceId, Version};
use rusqlite::{Row, params};
use serde_json::Value;

use crate::{
    Error, Reply, Result,
    database::Database,
    row::{Columns, all, first, signed, to_json},
};

/// An archive by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSeed {
    pub sha256: Sha256,
    pub source: SourceId,
    pub package: PackageId,
    pub version: Version,
    /// The package's name for people.
    pub title: String,
    /// Bytes.
    pub size: u64,
}

/// One archive and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    pub archive: NewSeed,
    pub added_at: Timestamp,
    /// Kept by the player's wish.
    pub is_pinned: bool,
    /// Not offered by the player's wish.
    pub is_paused: bool,
    /// Whether it may be passed on, as far as that was looked at.
    pub right: Option<Value>,
}

/// Handle on the seeds.
pub struct Seeds<'a>(pub(super) &'a Database);

fn read(row: &Row<'_>) -> Result<Seed> {
    Ok(Seed {
        archive: NewSeed {
            sha256: row.hash("sha256")?,
            source: row.parsed("source")?,
            package: row.parsed("package")?,
            version: row.parsed("version")?,
            title: row.column("title")?,
            size: row.unsigned("size")?,
        },
        added_at: row.time("added_at")?,
        is_pinned: row.column("pinned")?,
        is_paused: row.column("paused")?,
        right: row.maybe_json("right_json")?,
    })
}

impl Seeds<'_> {
    /// Every archive, by title.
    pub fn all(&self) -> Reply<Vec<Seed>> {
        self.0.read(|connection| {
            let sql = "SELECT * FROM seeds ORDER BY title, version, sha256";
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

    /// Adds archives that are not known yet; what is known stays as it is.
    pub fn remember(&self, archives: Vec<NewSeed>, now: Timestamp) -> Reply<()> {
        self.0.write(move |transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT OR IGNORE INTO seeds (sha256, source, package, version, title, size, added_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for archive in &archives {
                statement.execute(params![
                    archive.sha256.as_bytes(),
                    archive.source.to_string(),
                    archive.package.to_string(),
                    archive.version.to_string(),
                    archive.title,
                    signed(archive.size),
                    now.as_millisecond()
                ])?;
            }
            Ok(())
        })
    }

    /// Keeps an archive.
    pub fn pin(&self, sha256: Sha256) -> Reply<()> {
        self.flag(sha256, "UPDATE seeds SET pinned = 1 WHERE sha256 = ?1")
    }

    /// Lets an archive be evicted again.
    pub fn unpin(&self, sha256: Sha256) -> Reply<()> {
        self.flag(sha256, "UPDATE seeds SET pinned = 0 WHERE sha256 = ?1")
    }

    /// Offers an archive to nobody.
    pub fn pause(&self, sha256: Sha256) -> Reply<()> {
        self.flag(sha256, "UPDATE seeds SET paused = 1 WHERE sha256 = ?1")
    }

    /// Lets an archive be offered again.
    pub fn resume(&self, sha256: Sha256) -> Reply<()> {
        self.flag(sha256, "UPDATE seeds SET paused = 0 WHERE sha256 = ?1")
    }

    fn flag(&self, sha256: Sha256, sql: &'static str) -> Reply<()> {
        self.0.write(move |transaction| {
            let rows = transaction.execute(sql, [sha256.as_bytes()])?;
            if rows == 0 { Err(Error::missing("seed")) } else { Ok(()) }
        })
    }

    /// Writes down whether archives may be passed on.
    pub fn judge(&self, rights: Vec<(Sha256, Value)>) -> Reply<()> {
        self.0.write(move |transaction| {
            let sql = "UPDATE seeds SET right_json = ?2 WHERE sha256 = ?1";
            let mut statement = transaction.prepare_cached(sql)?;
            for (sha256, right) in &rights {
                statement.execute(params![sha256.as_bytes(), to_json(right)?])?;
            }
            Ok(())
        })
    }

    /// A source says something new: whether its archives may be passed on has to be looked at again.
    pub fn unjudge(&self, source: &SourceId) -> Reply<()> {
        let source = source.to_string();
        self.0.write(move |transaction| {
            let sql = "UPDATE seeds SET right_json = NULL WHERE source = ?1";
            transaction.prepare_cached(sql)?.execute([source])?;
            Ok(())
        })
    }

    /// Forgets archives that went. What the player decided about one is kept for the day it comes again.
    pub fn forget(&self, archives: Vec<Sha256>) -> Reply<()> {
        self.0.write(move |transaction| {
            let sql = "DELETE FROM seeds WHERE sha256 = ?1 AND pinned = 0 AND paused = 0";
            let mut statement = transaction.prepare_cached(sql)?;
            for sha256 in &archives {
                statement.execute([sha256.as_bytes()])?;
            }
            Ok(())
        })
    }
}
