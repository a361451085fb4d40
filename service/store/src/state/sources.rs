//! Sources: what the player added, in which order, and how the last syncs went.

use jiff::Timestamp;
use muster_domain::SourceId;
use rusqlite::{Row, params};

use super::Problem;
use crate::{
    Error, Reply, Result,
    database::Database,
    row::{Columns, all, first, to_json},
};

/// How many marks of past syncs are kept.
const MARKS: usize = 14;

/// A source as the player adds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSource {
    pub id: SourceId,
    /// `registry`, `folder`, …
    pub kind: String,
    pub address: String,
    /// Name that the player gave it; never leaves the machine.
    pub alias: Option<String>,
    /// The root metadata as first trusted, byte for byte, for registries.
    pub root: Option<Vec<u8>>,
}

/// A source and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub id: SourceId,
    pub kind: String,
    pub address: String,
    pub alias: Option<String>,
    /// Position in the player's order; smaller comes first.
    pub priority: i64,
    pub enabled: bool,
    pub root: Option<Vec<u8>>,
    pub added_at: Timestamp,
    pub attempted_at: Option<Timestamp>,
    pub succeeded_at: Option<Timestamp>,
    /// Failed syncs since the last good one.
    pub failures: u32,
    pub problem: Option<Problem>,
    /// The last syncs, oldest first, at most 14.
    pub marks: Vec<SyncMark>,
}

/// How one sync went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncMark {
    Done,
    /// Reached, but what it says has expired or is incomplete.
    Late,
    Failed,
}

impl SyncMark {
    fn to_char(self) -> char {
        match self {
            Self::Done => 'd',
            Self::Late => 'l',
            Self::Failed => 'f',
        }
    }

    fn from_char(mark: char) -> Self {
        match mark {
            'd' => Self::Done,
            'l' => Self::Late,
            _ => Self::Failed,
        }
    }
}

/// The outcome of a sync, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncOutcome {
    pub mark: SyncMark,
    pub at: Timestamp,
    pub problem: Option<Problem>,
}

/// Handle on the sources.
pub struct Sources<'a>(pub(super) &'a Database);

fn read(row: &Row<'_>) -> Result<Source> {
    Ok(Source {
        id: row.parsed("id")?,
        kind: row.column("kind")?,
        address: row.column("address")?,
        alias: row.column("alias")?,
        priority: row.column("priority")?,
        enabled: row.column("enabled")?,
        root: row.column("root")?,
        added_at: row.time("added_at")?,
        attempted_at: row.maybe_time("attempted_at")?,
        succeeded_at: row.maybe_time("succeeded_at")?,
        failures: row.column("failures")?,
        problem: row.maybe_json("problem_json")?,
        marks: row.column::<String>("marks")?.chars().map(SyncMark::from_char).collect(),
    })
}

fn changed(rows: usize) -> Result<()> {
    if rows == 0 { Err(Error::missing("source")) } else { Ok(()) }
}

impl Sources<'_> {
    /// Every source, in the player's order.
    pub fn all(&self) -> Reply<Vec<Source>> {
        self.0.read(|connection| {
            all(&mut connection.prepare_cached("SELECT * FROM sources ORDER BY priority, id")?, [], read)
        })
    }

    /// One source.
    pub fn get(&self, id: &SourceId) -> Reply<Option<Source>> {
        let id = id.to_string();
        self.0.read(move |connection| {
            first(&mut connection.prepare_cached("SELECT * FROM sources WHERE id = ?1")?, [id], read)
        })
    }

    /// The source with this alias.
    pub fn by_alias(&self, alias: &str) -> Reply<Option<Source>> {
        let alias = alias.to_owned();
        self.0.read(move |connection| {
            first(&mut connection.prepare_cached("SELECT * FROM sources WHERE alias = ?1")?, [alias], read)
        })
    }

    /// Adds a source at the end of the order. One that is already there, or an alias in use, is a `store-conflict`.
    pub fn add(&self, source: NewSource, now: Timestamp) -> Reply<()> {
        self.0.write(move |transaction| {
            transaction.execute(
                "INSERT INTO sources (id, kind, address, alias, priority, enabled, root, added_at)
                 VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(priority), 0) + 1 FROM sources), 1, ?5, ?6)",
                params![
                    source.id.as_str(),
                    source.kind,
                    source.address,
                    source.alias,
                    source.root,
                    now.as_millisecond()
                ],
            )?;
            Ok(())
        })
    }

    /// Forgets a source. Its pins, first sightings and verified metadata stay.
    pub fn remove(&self, id: &SourceId) -> Reply<()> {
        let id = id.to_string();
        self.0.write(move |transaction| {
            changed(transaction.execute("DELETE FROM sources WHERE id = ?1", [id])?)
        })
    }

    /// Switches a source on.
    pub fn enable(&self, id: &SourceId) -> Reply<()> {
        self.update(id, "UPDATE sources SET enabled = 1 WHERE id = ?1")
    }

    /// Switches a source off: it is neither synced nor shown.
    pub fn disable(&self, id: &SourceId) -> Reply<()> {
        self.update(id, "UPDATE sources SET enabled = 0 WHERE id = ?1")
    }

    fn update(&self, id: &SourceId, sql: &'static str) -> Reply<()> {
        let id = id.to_string();
        self.0.write(move |transaction| changed(transaction.execute(sql, [id])?))
    }

    /// Gives a source another address; its identity stays.
    pub fn move_to(&self, id: &SourceId, address: &str) -> Reply<()> {
        let (id, address) = (id.to_string(), address.to_owned());
        self.0.write(move |transaction| {
            changed(transaction.execute("UPDATE sources SET address = ?2 WHERE id = ?1", [id, address])?)
        })
    }

    /// Puts the sources in this order; those not named follow in their old order.
    pub fn arrange(&self, order: Vec<SourceId>) -> Reply<()> {
        self.0.write(move |transaction| {
            transaction.execute("UPDATE sources SET priority = priority + 1000000", [])?;
            let mut statement =
                transaction.prepare_cached("UPDATE sources SET priority = ?2 WHERE id = ?1")?;
            for (id, priority) in order.iter().zip(1_i64..) {
                changed(statement.execute(params![id.as_str(), priority])?)?;
            }
            drop(statement);
            transaction.execute(
                "UPDATE sources SET priority = ranked.place FROM
                   (SELECT id, row_number() OVER (ORDER BY priority, id) AS place FROM sources) AS ranked
                 WHERE ranked.id = sources.id",
                [],
            )?;
            Ok(())
        })
    }

    /// Records how a sync went.
    pub fn record_sync(&self, id: &SourceId, outcome: SyncOutcome) -> Reply<()> {
        let id = id.to_string();
        self.0.write(move |transaction| {
            let mut select = transaction.prepare_cached("SELECT marks FROM sources WHERE id = ?1")?;
            let Some(marks) = first(&mut select, [&id], |row| row.column::<String>("marks"))? else {
                return Err(Error::missing("source"));
            };
            let mut marks: Vec<char> = marks.chars().chain([outcome.mark.to_char()]).collect();
            marks.drain(..marks.len().saturating_sub(MARKS));
            let problem = outcome.problem.as_ref().map(to_json).transpose()?;
            transaction.execute(
                "UPDATE sources SET attempted_at = ?2, marks = ?4, problem_json = ?5,
                   succeeded_at = CASE WHEN ?3 THEN succeeded_at ELSE ?2 END,
                   failures = CASE WHEN ?3 THEN failures + 1 ELSE 0 END
                 WHERE id = ?1",
                params![
                    id,
                    outcome.at.as_millisecond(),
                    outcome.mark == SyncMark::Failed,
                    marks.into_iter().collect::<String>(),
                    problem
                ],
            )?;
            Ok(())
        })
    }
}
