//! Profiles and their generations. A change of a profile is one transaction: lock, generation and job together.

use jiff::Timestamp;
use muster_domain::{GameId, GenerationNumber, JobId, Lock, ProfileId};
use rusqlite::{Row, Transaction, params};
use serde_json::Value;

use super::jobs::{Outcome, finish_in};
use crate::{
    Error, Reply, Result,
    database::Database,
    row::{Columns, all, first, signed, to_json},
};

/// A profile to create; it starts with an empty lock at generation 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfile {
    pub id: ProfileId,
    /// Unique within the game.
    pub name: String,
    pub game: GameId,
    /// What two profiles share when they are deployed to the same folders; one of them is active at most.
    pub place: String,
    /// The installation, as `games` describes it.
    pub installation: Value,
}

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub id: ProfileId,
    pub name: String,
    pub game: GameId,
    pub place: String,
    pub installation: Value,
    pub created_at: Timestamp,
    /// Whether it is the one that is deployed at its place.
    pub active: bool,
    pub generation: GenerationNumber,
    pub lock: Lock,
}

/// One entry of a profile's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    pub profile: ProfileId,
    pub number: GenerationNumber,
    pub lock: Lock,
    /// Why it was made, as a code (`install`, `update`, `undo`, …).
    pub cause: String,
    /// Named values for the sentence about the cause.
    pub params: Value,
    pub created_at: Timestamp,
    /// Name that the player gave it.
    pub name: Option<String>,
}

/// A deployed change, to be made the profile's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub profile: ProfileId,
    /// The generation that the change was planned on; another one is a `store-conflict`.
    pub based_on: GenerationNumber,
    pub lock: Lock,
    pub cause: String,
    pub params: Value,
    /// The job that ends with it.
    pub job: Option<(JobId, Outcome)>,
}

/// Handle on the profiles.
pub struct Profiles<'a>(pub(super) &'a Database);

fn lock_of(row: &Row<'_>) -> Result<Lock> {
    Lock::parse(&row.column::<String>("lock")?).map_err(|_| Error::Value { file: "", column: "lock" })
}

fn read(row: &Row<'_>) -> Result<Profile> {
    Ok(Profile {
        id: row.parsed("id")?,
        name: row.column("name")?,
        game: row.parsed("game")?,
        place: row.column("place")?,
        installation: row.json("installation_json")?,
        created_at: row.time("created_at")?,
        active: row.column("active")?,
        generation: row.unsigned("generation")?,
        lock: lock_of(row)?,
    })
}

fn read_generation(row: &Row<'_>) -> Result<Generation> {
    Ok(Generation {
        profile: row.parsed("profile")?,
        number: row.unsigned("number")?,
        lock: lock_of(row)?,
        cause: row.column("cause")?,
        params: row.json("params_json")?,
        created_at: row.time("created_at")?,
        name: row.column("name")?,
    })
}

fn changed(rows: usize, what: &'static str) -> Result<()> {
    if rows == 0 { Err(Error::missing(what)) } else { Ok(()) }
}

/// Adds the next generation and makes it the current one.
fn commit_in(transaction: &Transaction<'_>, commit: &Commit, now: Timestamp) -> Result<GenerationNumber> {
    let id = commit.profile.to_string();
    let mut statement = transaction.prepare_cached("SELECT generation FROM profiles WHERE id = ?1")?;
    let Some(current) = first(&mut statement, [&id], |row| row.unsigned("generation"))? else {
        return Err(Error::missing("profile"));
    };
    if current != commit.based_on {
        return Err(Error::Conflict { file: "", what: format!("generation {current}") });
    }
    let mut statement =
        transaction.prepare_cached("SELECT max(number) AS newest FROM generations WHERE profile = ?1")?;
    let newest: i64 =
        first(&mut statement, [&id], |row| row.column::<Option<i64>>("newest"))?.flatten().unwrap_or(0);
    let number = newest + 1;
    let lock = commit.lock.to_text();
    transaction
        .prepare_cached(
            "INSERT INTO generations (profile, number, lock, cause, params_json, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![id, number, lock, commit.cause, to_json(&commit.params)?, now.as_millisecond()])?;
    transaction
        .prepare_cached("UPDATE profiles SET lock = ?2, generation = ?3 WHERE id = ?1")?
        .execute(params![id, lock, number])?;
    if let Some((job, outcome)) = &commit.job {
        finish_in(transaction, *job, outcome, now)?;
    }
    u64::try_from(number).map_err(|_| Error::Value { file: "", column: "number" })
}

impl Profiles<'_> {
    /// Every profile, by game and name.
    pub fn all(&self) -> Reply<Vec<Profile>> {
        self.0.read(|connection| {
            all(&mut connection.prepare_cached("SELECT * FROM profiles ORDER BY game, name")?, [], read)
        })
    }

    /// One profile.
    pub fn get(&self, id: ProfileId) -> Reply<Option<Profile>> {
        self.0.read(move |connection| {
            first(
                &mut connection.prepare_cached("SELECT * FROM profiles WHERE id = ?1")?,
                [id.to_string()],
                read,
            )
        })
    }

    /// Creates a profile with generation 0: the state before Muster changed anything.
    pub fn create(&self, profile: NewProfile, now: Timestamp) -> Reply<()> {
        self.0.write(move |transaction| {
            let (id, lock) = (profile.id.to_string(), Lock::default().to_text());
            transaction.execute(
                "INSERT INTO profiles (id, name, game, place, installation_json, created_at, lock)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    id,
                    profile.name,
                    profile.game.as_str(),
                    profile.place,
                    to_json(&profile.installation)?,
                    now.as_millisecond(),
                    lock
                ],
            )?;
            transaction.execute(
                "INSERT INTO generations (profile, number, lock, cause, params_json, created_at)
                 VALUES (?1, 0, ?2, 'created', '{}', ?3)",
                params![id, lock, now.as_millisecond()],
            )?;
            Ok(())
        })
    }

    /// Gives a profile another name.
    pub fn rename(&self, id: ProfileId, name: &str) -> Reply<()> {
        let name = name.to_owned();
        self.0.write(move |transaction| {
            let rows =
                transaction.execute("UPDATE profiles SET name = ?2 WHERE id = ?1", [id.to_string(), name])?;
            changed(rows, "profile")
        })
    }

    /// Records that the installation moved or was detected again.
    pub fn set_installation(&self, id: ProfileId, place: &str, installation: Value) -> Reply<()> {
        let place = place.to_owned();
        self.0.write(move |transaction| {
            let rows = transaction.execute(
                "UPDATE profiles SET place = ?2, installation_json = ?3 WHERE id = ?1",
                params![id.to_string(), place, to_json(&installation)?],
            )?;
            changed(rows, "profile")
        })
    }

    /// Makes this the active profile of its place; the one before is no longer.
    pub fn activate(&self, id: ProfileId) -> Reply<()> {
        self.0.write(move |transaction| {
            let id = id.to_string();
            transaction.execute(
                "UPDATE profiles SET active = 0 WHERE place = (SELECT place FROM profiles WHERE id = ?1)",
                [&id],
            )?;
            changed(transaction.execute("UPDATE profiles SET active = 1 WHERE id = ?1", [&id])?, "profile")
        })
    }

    /// Forgets a profile and its timeline. What it deployed must have been removed before.
    pub fn remove(&self, id: ProfileId) -> Reply<()> {
        self.0.write(move |transaction| {
            changed(transaction.execute("DELETE FROM profiles WHERE id = ?1", [id.to_string()])?, "profile")
        })
    }

    /// Makes a deployed change the profile's state and ends its job, in one transaction.
    ///
    /// Repeating a commit that already happened gives `store-conflict`: recovery compares generations first.
    pub fn commit(&self, commit: Commit, now: Timestamp) -> Reply<GenerationNumber> {
        self.0.write(move |transaction| commit_in(transaction, &commit, now))
    }

    /// The timeline of a profile, newest first.
    pub fn generations(&self, id: ProfileId) -> Reply<Vec<Generation>> {
        self.0.read(move |connection| {
            let sql = "SELECT * FROM generations WHERE profile = ?1 ORDER BY number DESC";
            all(&mut connection.prepare_cached(sql)?, [id.to_string()], read_generation)
        })
    }

    /// One generation.
    pub fn generation(&self, id: ProfileId, number: GenerationNumber) -> Reply<Option<Generation>> {
        self.0.read(move |connection| {
            let sql = "SELECT * FROM generations WHERE profile = ?1 AND number = ?2";
            let values = params![id.to_string(), signed(number)];
            first(&mut connection.prepare_cached(sql)?, values, read_generation)
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

    /// Forgets all but the newest `keep` generations, the current one and those with a name. Gives how many.
    pub fn forget_generations(&self, id: ProfileId, keep: u64) -> Reply<usize> {
        self.0.write(move |transaction| {
            let sql = "DELETE FROM generations WHERE profile = ?1 AND name IS NULL AND number > 0
                         AND number <> (SELECT generation FROM profiles WHERE id = ?1)
                         AND number NOT IN (SELECT number FROM generations WHERE profile = ?1
                                            ORDER BY number DESC LIMIT ?2)";
            Ok(transaction.execute(sql, params![id.to_string(), signed(keep)])?)
        })
    }
}
