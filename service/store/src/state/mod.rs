//! `state.db`: what cannot be fetched again. One submodule per area; each gives a short-lived handle on the file.

mod consents;
mod first_seen;
mod generations;
mod jobs;
mod key_events;
mod locks;
mod metadata;
mod pins;
mod profiles;
mod seeds;
mod settings;
mod sightings;
mod sources;
mod transfers;

use std::{ffi::OsStr, path::Path, sync::Arc};

use muster_fsx::{Dir, ErrorKind};
use serde::{Deserialize, Serialize};

pub use consents::{Consent, Consents};
pub use first_seen::{FirstSeen, Sighting};
pub use generations::Generation;
pub use jobs::{Job, JobFilter, Jobs, NewJob, Outcome};
pub use key_events::{KeyEvent, KeyEventKind};
use locks::KnownArchives;
pub use metadata::TrustedMetadata;
pub use pins::{Pin, PinCandidate, Pins};
pub use profiles::{Commit, NewProfile, Profile, Profiles, RemovedProfile};
pub use seeds::{NewSeed, Seed, Seeds};
pub use settings::Settings;
pub use sightings::{Offered, Sightings};
pub use sources::{NewSource, Source, Sources, SyncMark, SyncOutcome};
pub use transfers::{Transfer, Transfers};

use crate::{
    Error, Result,
    database::{Database, Design},
};

const DESIGN: Design = Design {
    name: "state.db",
    migrations: &[
        include_str!("../migrations/state-1.sql"),
        include_str!("../migrations/state-2.sql"),
        include_str!("../migrations/state-3.sql"),
        include_str!("../migrations/state-4.sql"),
        include_str!("../migrations/state-5.sql"),
        include_str!("../migrations/state-6.sql"),
    ],
    migrates: true,
    pragmas: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
    check_all_pages: true,
};

/// The precious database. Cheap to share behind an `Arc`; closing waits for writes that were handed over.
pub struct StateDb(Database, Arc<KnownArchives>);

impl StateDb {
    /// Opens or creates the file and migrates it; a copy of the old version stays beside it (`state.db.version-N`).
    ///
    /// Blocks while it works. Fails with `store-newer`, `store-foreign` or `store-corrupt` without changing the file.
    pub fn open(path: &Path) -> Result<Self> {
        create_private(path)?;
        Ok(Self(Database::open(path, DESIGN)?, Arc::default()))
    }

    /// Settings by key.
    pub fn settings(&self) -> Settings<'_> {
        Settings(&self.0)
    }

    /// What the player agreed to.
    pub fn consents(&self) -> Consents<'_> {
        Consents(&self.0)
    }

    /// The sources that the player has.
    pub fn sources(&self) -> Sources<'_> {
        Sources(&self.0)
    }

    /// Newest verified metadata by source.
    pub fn metadata(&self) -> TrustedMetadata<'_> {
        TrustedMetadata(&self.0)
    }

    /// Publisher keys as first trusted.
    pub fn pins(&self) -> Pins<'_> {
        Pins(&self.0)
    }

    /// When each version was first seen, and with which bytes.
    pub fn first_seen(&self) -> FirstSeen<'_> {
        FirstSeen(&self.0)
    }

    /// Since when releases are on offer.
    pub fn sightings(&self) -> Sightings<'_> {
        Sightings(&self.0)
    }

    /// Profiles and their generations.
    pub fn profiles(&self) -> Profiles<'_> {
        Profiles(&self.0, &self.1)
    }

    /// Jobs of the engine.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(&self.0)
    }

    /// The durable transfer queue.
    pub fn transfers(&self) -> Transfers<'_> {
        Transfers(&self.0)
    }

    /// What is kept, by name, and what the player decided about it.
    pub fn seeds(&self) -> Seeds<'_> {
        Seeds(&self.0)
    }
}

/// Makes an empty file that only its owner may read; SQLite gives its log files the same mode.
fn create_private(path: &Path) -> Result<()> {
    let failed = |error: muster_fsx::Error| match error.kind() {
        ErrorKind::NoSpace => Error::NoSpace { file: DESIGN.name },
        ErrorKind::ReadOnly => Error::ReadOnly { file: DESIGN.name },
        _ => Error::CannotOpen { file: DESIGN.name, why: error.to_string() },
    };
    let nameless = || Error::CannotOpen { file: DESIGN.name, why: "no file name".into() };
    let (folder, name) = path.parent().zip(path.file_name().and_then(OsStr::to_str)).ok_or_else(nameless)?;
    let folder = Dir::open_ambient(folder).map_err(failed)?;
    match folder.metadata_if_exists(name).map_err(failed)? {
        Some(_) => Ok(()),
        None => folder.write_atomic_private(name, &[]).map_err(failed),
    }
}

/// An error as it is kept: code and named values, never a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<(String, String)>,
}

impl Problem {
    /// The code and context of an error.
    pub fn of(error: &dyn muster_domain::Coded) -> Self {
        let context = error.context().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        Self { code: error.code().to_owned(), context }
    }
}
