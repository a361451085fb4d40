//! The transfer queue as it survives a restart: one row per archive, in the player's order.

use jiff::Timestamp;
use muster_domain::{Sha256, Tier};
use rusqlite::{Row, params};
use serde_json::Value;

use super::Problem;
use crate::{
    Error, Reply, Result,
    database::Database,
    row::{Columns, all, first, signed, to_json},
};

/// One queued transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    pub tier: Tier,
    /// Place within its tier; smaller goes first.
    pub position: i64,
    /// The queue's own name of the state (`queued`, `paused`, `failed`, …).
    pub state: String,
    /// Where the bytes may come from, as `transfer` writes it.
    pub spec: Value,
    pub added_at: Timestamp,
    pub problem: Option<Problem>,
}

/// Handle on the queue.
pub struct Transfers<'a>(pub(super) &'a Database);

const ORDER: &str =
    "CASE tier WHEN 'lobby-urgent' THEN 0 WHEN 'user' THEN 1 ELSE 2 END, position, added_at, sha256";

fn read(row: &Row<'_>) -> Result<Transfer> {
    let tier = match row.column::<String>("tier")?.as_str() {
        "lobby-urgent" => Tier::LobbyUrgent,
        "user" => Tier::User,
        "background" => Tier::Background,
        _ => return Err(Error::Value { file: "", column: "tier" }),
    };
    Ok(Transfer {
        sha256: row.hash("sha256")?,
        size: row.unsigned("size")?,
        tier,
        position: row.column("position")?,
        state: row.column("state")?,
        spec: row.json("spec_json")?,
        added_at: row.time("added_at")?,
        problem: row.maybe_json("problem_json")?,
    })
}

impl Transfers<'_> {
    /// Every transfer in the order in which the queue serves them.
    pub fn all(&self) -> Reply<Vec<Transfer>> {
        self.0.read(|connection| {
            let sql = format!("SELECT * FROM transfers ORDER BY {ORDER}");
            all(&mut connection.prepare_cached(&sql)?, [], read)
        })
    }

    /// One transfer.
    pub fn get(&self, sha256: Sha256) -> Reply<Option<Transfer>> {
        self.0.read(move |connection| {
            let sql = "SELECT * FROM transfers WHERE sha256 = ?1";
            first(&mut connection.prepare_cached(sql)?, [sha256.as_bytes()], read)
        })
    }

    /// Adds or replaces transfers, all in one transaction.
    pub fn put(&self, transfers: Vec<Transfer>) -> Reply<()> {
        self.0.write(move |transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT OR REPLACE INTO transfers
                   (sha256, size, tier, position, state, spec_json, added_at, problem_json)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?;
            for transfer in &transfers {
                statement.execute(params![
                    transfer.sha256.as_bytes(),
                    signed(transfer.size),
                    transfer.tier.as_str(),
                    transfer.position,
                    transfer.state,
                    to_json(&transfer.spec)?,
                    transfer.added_at.as_millisecond(),
                    transfer.problem.as_ref().map(to_json).transpose()?
                ])?;
            }
            Ok(())
        })
    }

    /// Records a change of state; the rest of the row stays.
    pub fn set_state(&self, sha256: Sha256, state: &str, problem: Option<Problem>) -> Reply<()> {
        let state = state.to_owned();
        self.0.write(move |transaction| {
            let problem = problem.as_ref().map(to_json).transpose()?;
            let rows = transaction
                .prepare_cached("UPDATE transfers SET state = ?2, problem_json = ?3 WHERE sha256 = ?1")?
                .execute(params![sha256.as_bytes(), state, problem])?;
            if rows == 0 { Err(Error::missing("transfer")) } else { Ok(()) }
        })
    }

    /// Takes transfers out of the queue; those that are not in it are ignored.
    pub fn remove(&self, hashes: Vec<Sha256>) -> Reply<()> {
        self.0.write(move |transaction| {
            let mut statement = transaction.prepare_cached("DELETE FROM transfers WHERE sha256 = ?1")?;
            for sha256 in &hashes {
                statement.execute([sha256.as_bytes()])?;
            }
            Ok(())
        })
    }
}
