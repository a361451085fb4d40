//! Jobs of the engine. A job without an outcome is unfinished and is taken up at the next start.

use jiff::Timestamp;
use muster_domain::{JobId, ProfileId};
use rusqlite::{Row, Transaction, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Error, Reply, Result,
    database::Database,
    row::{Columns, all, first, signed, to_json},
};

/// A job to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub id: JobId,
    /// The verb (`install`, `remove`, …).
    pub kind: String,
    /// The profile that it changes, if any.
    pub profile: Option<ProfileId>,
    /// What was asked, enough to start over.
    pub request: Value,
    /// The phase that it starts in.
    pub phase: String,
}

/// A job and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub profile: Option<ProfileId>,
    pub request: Value,
    pub phase: String,
    pub progress: Value,
    pub outcome: Option<Outcome>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How a job ended: a code (`done`, `cancelled`, or an error's code) and named values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub code: String,
    #[serde(default)]
    pub context: Value,
}

/// Which jobs are listed, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFilter {
    pub profile: Option<ProfileId>,
    pub offset: u64,
    pub limit: u64,
}

/// Handle on the jobs.
pub struct Jobs<'a>(pub(super) &'a Database);

fn read(row: &Row<'_>) -> Result<Job> {
    let profile = row.column::<Option<String>>("profile")?;
    Ok(Job {
        id: row.parsed("id")?,
        kind: row.column("kind")?,
        profile: profile
            .map(|text| text.parse().map_err(|_| Error::Value { file: "", column: "profile" }))
            .transpose()?,
        request: row.json("request_json")?,
        phase: row.column("phase")?,
        progress: row.json("progress_json")?,
        outcome: row.maybe_json("outcome_json")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// Ends a job inside a transaction; a job that has ended keeps its outcome.
pub(super) fn finish_in(
    transaction: &Transaction<'_>,
    id: JobId,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<()> {
    let rows = transaction
        .prepare_cached(
            "UPDATE jobs SET outcome_json = ?2, updated_at = ?3 WHERE id = ?1 AND outcome_json IS NULL",
        )?
        .execute(params![id.to_string(), to_json(outcome)?, now.as_millisecond()])?;
    if rows == 0 { Err(Error::missing("unfinished job")) } else { Ok(()) }
}

impl Jobs<'_> {
    /// Records a new job.
    pub fn add(&self, job: NewJob, now: Timestamp) -> Reply<()> {
        self.0.write(move |transaction| {
            transaction.execute(
                "INSERT INTO jobs (id, kind, profile, request_json, phase, progress_json, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'null', ?6, ?6)",
                params![
                    job.id.to_string(),
                    job.kind,
                    job.profile.map(|id| id.to_string()),
                    to_json(&job.request)?,
                    job.phase,
                    now.as_millisecond()
                ],
            )?;
            Ok(())
        })
    }

    /// Records the phase and progress of an unfinished job.
    pub fn advance(&self, id: JobId, phase: &str, progress: Value, now: Timestamp) -> Reply<()> {
        let phase = phase.to_owned();
        self.0.write(move |transaction| {
            let rows = transaction
                .prepare_cached(
                    "UPDATE jobs SET phase = ?2, progress_json = ?3, updated_at = ?4
                     WHERE id = ?1 AND outcome_json IS NULL",
                )?
                .execute(params![id.to_string(), phase, to_json(&progress)?, now.as_millisecond()])?;
            if rows == 0 { Err(Error::missing("unfinished job")) } else { Ok(()) }
        })
    }

    /// Ends a job. (A job that ends with a new generation ends in [`super::Profiles::commit`].)
    pub fn finish(&self, id: JobId, outcome: Outcome, now: Timestamp) -> Reply<()> {
        self.0.write(move |transaction| finish_in(transaction, id, &outcome, now))
    }

    /// One job.
    pub fn get(&self, id: JobId) -> Reply<Option<Job>> {
        self.0.read(move |connection| {
            first(&mut connection.prepare_cached("SELECT * FROM jobs WHERE id = ?1")?, [id.to_string()], read)
        })
    }

    /// Jobs without an outcome, oldest first.
    pub fn unfinished(&self) -> Reply<Vec<Job>> {
        self.0.read(|connection| {
            let sql = "SELECT * FROM jobs WHERE outcome_json IS NULL ORDER BY created_at, id";
            all(&mut connection.prepare_cached(sql)?, [], read)
        })
    }

    /// Jobs that the filter names, newest first.
    pub fn list(&self, filter: JobFilter) -> Reply<Vec<Job>> {
        self.0.read(move |connection| {
            let sql = "SELECT * FROM jobs WHERE ?1 IS NULL OR profile = ?1
                       ORDER BY created_at DESC, id DESC LIMIT ?2 OFFSET ?3";
            let profile = filter.profile.map(|id| id.to_string());
            let values = params![profile, signed(filter.limit), signed(filter.offset)];
            all(&mut connection.prepare_cached(sql)?, values, read)
        })
    }

    /// Forgets jobs that ended before `before`. Gives how many.
    pub fn forget_finished(&self, before: Timestamp) -> Reply<usize> {
        self.0.write(move |transaction| {
            let sql = "DELETE FROM jobs WHERE outcome_json IS NOT NULL AND updated_at < ?1";
            Ok(transaction.execute(sql, [before.as_millisecond()])?)
        })
    }
}
