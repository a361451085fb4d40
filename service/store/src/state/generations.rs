//! The timelines of profiles.

use std::sync::Arc;

use jiff::Timestamp;
use muster_domain::{GenerationNumber, Lock, ProfileId, Sha256};
use rusqlite::{Row, params};
use serde_json::Value;

use super::{
    locks::{lock_of, one_of_many},
    profiles::{Profiles, changed},
};
use crate::{
    Reply, Result,
    row::{Columns, all, first, signed},
};

/// One entry of a profile's timeline. Its lock is read apart: timelines grow long, and few who look at one need them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    pub profile: ProfileId,
    pub number: GenerationNumber,
    /// Why it was made, as a code (`install`, `update`, `undo`, …).
    pub cause: String,
    /// Named values for the sentence about the cause.
    pub params: Value,
    pub created_at: Timestamp,
    /// Name that the player gave it.
    pub name: Option<String>,
}

fn read_generation(row: &Row<'_>) -> Result<Generation> {
    Ok(Generation {
        profile: row.parsed("profile")?,
        number: row.unsigned("number")?,
        cause: row.column("cause")?,
        params: row.json("params_json")?,
        created_at: row.time("created_at")?,
        name: row.column("name")?,
    })
}

impl Profiles<'_> {
    /// The timeline of a profile, newest first.
    pub fn generations(&self, id: ProfileId) -> Reply<Vec<Generation>> {
        self.0.read(move |connection| {
            let sql = "SELECT profile, number, cause, params_json, created_at, name FROM generations
                       WHERE profile = ?1 ORDER BY number DESC";
            all(&mut connection.prepare_cached(sql)?, [id.to_string()], read_generation)
        })
    }

    /// The lock of one generation.
    pub fn generation_lock(&self, id: ProfileId, number: GenerationNumber) -> Reply<Option<Lock>> {
        self.0.read(move |connection| {
            let sql = "SELECT lock FROM generations WHERE profile = ?1 AND number = ?2";
            let values = params![id.to_string(), signed(number)];
            first(&mut connection.prepare_cached(sql)?, values, lock_of)
        })
    }

    /// The locks of a profile's timeline, each once however often it came back.
    pub fn generation_locks(&self, id: ProfileId) -> Reply<Vec<Lock>> {
        self.0.read(move |connection| {
            let sql = "SELECT DISTINCT lock FROM generations WHERE profile = ?1";
            all(&mut connection.prepare_cached(sql)?, [id.to_string()], one_of_many)
        })
    }

    /// The archives of a profile's timeline, one list for each generation.
    pub fn generation_archives(&self, id: ProfileId) -> Reply<Vec<Arc<[Sha256]>>> {
        let known = self.1.clone();
        self.0.read(move |connection| known.of(connection, id))
    }

    /// The locks of a profile's timeline up to a generation, and those after it; each once.
    pub fn locks_around(&self, id: ProfileId, number: GenerationNumber) -> Reply<(Vec<Lock>, Vec<Lock>)> {
        self.0.read(move |connection| {
            let locks = |sql| {
                let values = params![id.to_string(), signed(number)];
                all(&mut connection.prepare_cached(sql)?, values, one_of_many)
            };
            Ok((
                locks("SELECT DISTINCT lock FROM generations WHERE profile = ?1 AND number <= ?2")?,
                locks("SELECT DISTINCT lock FROM generations WHERE profile = ?1 AND number > ?2")?,
            ))
        })
    }

    /// What the changes after a generation did to versions of files, the newest first.
    pub fn exchanges_after(&self, id: ProfileId, number: GenerationNumber) -> Reply<Vec<Value>> {
        self.0.read(move |connection| {
            let sql = "SELECT exchanges_json FROM generations
                       WHERE profile = ?1 AND number > ?2 AND exchanges_json <> '[]' ORDER BY number DESC";
            let values = params![id.to_string(), signed(number)];
            all(&mut connection.prepare_cached(sql)?, values, |row| row.json("exchanges_json"))
        })
    }

    /// Gives a generation a name, or takes it away.
    pub fn name_generation(
        &self,
        id: ProfileId,
        number: GenerationNumber,
        name: Option<String>,
    ) -> Reply<()> {
        self.0.write(move |transaction| {
            let rows = transaction.execute(
                "UPDATE generations SET name = ?3 WHERE profile = ?1 AND number = ?2",
                params![id.to_string(), signed(number), name],
            )?;
            changed(rows, "generation")
        })
    }

    /// Forgets generations of a profile; the current one, those with a name and the first one stay whatever is asked.
    /// Gives how many went.
    pub fn forget_generations(&self, id: ProfileId, numbers: Vec<GenerationNumber>) -> Reply<usize> {
        self.0.write(move |transaction| {
            let sql =
                "DELETE FROM generations WHERE profile = ?1 AND number = ?2 AND name IS NULL AND number > 0
                         AND number <> (SELECT generation FROM profiles WHERE id = ?1)";
            let mut statement = transaction.prepare_cached(sql)?;
            let mut gone = 0;
            for number in numbers {
                gone += statement.execute(params![id.to_string(), signed(number)])?;
            }
            Ok(gone)
        })
    }
}
