//! Profiles and their generations. A change of a profile is one transaction: lock, generation and job together.

use std::sync::Arc;

use jiff::Timestamp;
use muster_domain::{GameId, GenerationNumber, JobId, Lock, ProfileId};
use rusqlite::{Row, Transaction, params};
use serde_json::{Value, json};

use super::{
    jobs::{Outcome, finish_in},
    locks::{KnownArchives, lock_of},
};
use crate::{
    Error, Reply, Result,
    database::Database,
    row::{Columns, all, first, to_json},
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
    /// What the player changed in configuration files, as the engine describes it.
    pub overlay: Value,
    /// How it is kept up to date, as the engine describes it.
    pub upkeep: Value,
}

/// A profile that was removed and can come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedProfile {
    pub profile: Profile,
    /// The name it had; its own is its id as long as it is away.
    pub name: String,
    pub removed_at: Timestamp,
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
    /// What happened to versions of files beside the packages, as the engine describes it; a list.
    pub exchanges: Value,
    /// The profile's own versions of files from now on; absent: as they are.
    pub overlay: Option<Value>,
    /// The job that ends with it.
    pub job: Option<(JobId, Outcome)>,
}

/// Handle on the profiles.
pub struct Profiles<'a>(pub(super) &'a Database, pub(super) &'a Arc<KnownArchives>);

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
        overlay: row.json("overlay_json")?,
        upkeep: row.json("upkeep_json")?,
    })
}

fn read_removed(row: &Row<'_>) -> Result<RemovedProfile> {
    let (name, removed_at) = (row.column("removed_name")?, row.time("removed_at")?);
    Ok(RemovedProfile { profile: read(row)?, name, removed_at })
}

pub(super) fn changed(rows: usize, what: &'static str) -> Result<()> {
    if rows == 0 { Err(Error::missing(what)) } else { Ok(()) }
}

fn create_in(transaction: &Transaction<'_>, profile: &NewProfile, now: Timestamp) -> Result<()> {
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
}

fn set_overlay_in(transaction: &Transaction<'_>, id: ProfileId, overlay: &Value) -> Result<()> {
    let sql = "UPDATE profiles SET overlay_json = ?2 WHERE id = ?1";
    changed(transaction.execute(sql, params![id.to_string(), to_json(overlay)?])?, "profile")
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
            "INSERT INTO generations (profile, number, lock, cause, params_json, created_at, exchanges_json)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id,
            number,
            lock,
            commit.cause,
            to_json(&commit.params)?,
            now.as_millisecond(),
            to_json(&commit.exchanges)?
        ])?;
    if let Some(overlay) = &commit.overlay {
        set_overlay_in(transaction, commit.profile, overlay)?;
    }
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
            let sql = "SELECT * FROM profiles WHERE removed_at IS NULL ORDER BY game, name";
            all(&mut connection.prepare_cached(sql)?, [], read)
        })
    }

    /// Every profile, those that can come back among them. One look, so that none slips through that is removed or
    /// brought back meanwhile.
    pub fn all_and_removed(&self) -> Reply<Vec<Profile>> {
        self.0.read(|connection| {
            all(&mut connection.prepare_cached("SELECT * FROM profiles ORDER BY id")?, [], read)
        })
    }

    /// One profile.
    pub fn get(&self, id: ProfileId) -> Reply<Option<Profile>> {
        self.0.read(move |connection| {
            let sql = "SELECT * FROM profiles WHERE id = ?1 AND removed_at IS NULL";
            first(&mut connection.prepare_cached(sql)?, [id.to_string()], read)
        })
    }

    /// Profiles that were removed and can come back, the last one first.
    pub fn removed(&self) -> Reply<Vec<RemovedProfile>> {
        self.0.read(|connection| {
            let sql = "SELECT * FROM profiles WHERE removed_at IS NOT NULL ORDER BY removed_at DESC, id DESC";
            all(&mut connection.prepare_cached(sql)?, [], read_removed)
        })
    }

    /// Creates a profile with generation 0: the state before Muster changed anything.
    pub fn create(&self, profile: NewProfile, now: Timestamp) -> Reply<()> {
        self.0.write(move |transaction| create_in(transaction, &profile, now))
    }

    /// Creates a profile with the packages and the overlay of another one as its generation 1; `params` are the values
    /// of that generation's cause, `clone`.
    pub fn create_clone(
        &self,
        original: ProfileId,
        profile: NewProfile,
        params: Value,
        now: Timestamp,
    ) -> Reply<()> {
        self.0.write(move |transaction| {
            let mut statement =
                transaction.prepare_cached("SELECT * FROM profiles WHERE id = ?1 AND removed_at IS NULL")?;
            let original = first(&mut statement, [original.to_string()], read)?;
            let original = original.ok_or_else(|| Error::missing("profile"))?;
            create_in(transaction, &profile, now)?;
            let commit = Commit {
                profile: profile.id,
                based_on: 0,
                lock: original.lock,
                cause: "clone".into(),
                params,
                exchanges: json!([]),
                overlay: Some(original.overlay),
                job: None,
            };
            commit_in(transaction, &commit, now).map(drop)
        })
    }

    /// Records what the player changed in the profile's configuration files.
    pub fn set_overlay(&self, id: ProfileId, overlay: Value) -> Reply<()> {
        self.0.write(move |transaction| set_overlay_in(transaction, id, &overlay))
    }

    /// Records how the profile is kept up to date.
    pub fn set_upkeep(&self, id: ProfileId, upkeep: Value) -> Reply<()> {
        self.0.write(move |transaction| {
            let sql = "UPDATE profiles SET upkeep_json = ?2 WHERE id = ?1";
            changed(transaction.execute(sql, params![id.to_string(), to_json(&upkeep)?])?, "profile")
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

    /// Its place is nobody's any more.
    pub fn deactivate(&self, id: ProfileId) -> Reply<()> {
        self.0.write(move |transaction| {
            let rows =
                transaction.execute("UPDATE profiles SET active = 0 WHERE id = ?1", [id.to_string()])?;
            changed(rows, "profile")
        })
    }

    /// Takes a profile out of sight and ends the job that did it, in one transaction. What it deployed must have been
    /// removed before.
    pub fn remove(&self, id: ProfileId, job: Option<(JobId, Outcome)>, now: Timestamp) -> Reply<()> {
        self.0.write(move |transaction| {
            let sql = "UPDATE profiles SET removed_at = ?2, removed_name = name, name = id, active = 0
                       WHERE id = ?1 AND removed_at IS NULL";
            changed(transaction.execute(sql, params![id.to_string(), now.as_millisecond()])?, "profile")?;
            job.map_or(Ok(()), |(job, outcome)| finish_in(transaction, job, &outcome, now))
        })
    }

    /// Brings a removed profile back, under another name where one is given; not active.
    pub fn restore(&self, id: ProfileId, name: Option<String>) -> Reply<()> {
        self.0.write(move |transaction| {
            let sql = "UPDATE profiles SET name = coalesce(?2, removed_name), removed_at = NULL, removed_name = NULL
                       WHERE id = ?1 AND removed_at IS NOT NULL";
            changed(transaction.execute(sql, params![id.to_string(), name])?, "profile")
        })
    }

    /// Forgets profiles that were removed before a time, with their timelines. Gives how many.
    pub fn forget_removed(&self, before: Timestamp) -> Reply<usize> {
        self.0.write(move |transaction| {
            let sql = "DELETE FROM profiles WHERE removed_at < ?1";
            Ok(transaction.execute(sql, [before.as_millisecond()])?)
        })
    }

    /// Makes a deployed change the profile's state and ends its job, in one transaction.
    ///
    /// Repeating a commit that already happened gives `store-conflict`: recovery compares generations first.
    pub fn commit(&self, commit: Commit, now: Timestamp) -> Reply<GenerationNumber> {
        self.0.write(move |transaction| commit_in(transaction, &commit, now))
    }
}
