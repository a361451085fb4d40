//! Whether an archive that is kept may be passed on: what its publisher signed, asked once and remembered until a
//! source changed.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use muster_catalog::Fact;
use muster_domain::Sha256;
use muster_store::state::NewSeed;

use crate::{Engine, sharing::may_pass_on};

/// What is known about passing an archive on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    Granted,
    /// Neither publisher nor licence allow it.
    NotAllowed,
    /// The publisher withdrew the version.
    Yanked,
    /// Its source is gone or cannot be asked; unknown means no.
    Unknown,
}

impl Right {
    fn of(fact: &Fact) -> Self {
        let release = &fact.release;
        match () {
            () if !may_pass_on(release.redistribute, release.license.as_deref()) => Self::NotAllowed,
            () if release.yanked.is_some() => Self::Yanked,
            () => Self::Granted,
        }
    }
}

/// Whom to ask about an archive that nothing is known about yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// What is stored here only: for lists that must not wait.
    Here,
    /// The source as well.
    Source,
}

/// Rights that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Rights(Mutex<HashMap<Sha256, Right>>);

impl Rights {
    fn known(&self) -> MutexGuard<'_, HashMap<Sha256, Right>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self) {
        self.known().clear();
    }
}

impl Engine {
    /// A source says something new: what may be passed on is asked again.
    pub(crate) fn rights_changed(&self) {
        self.inner.rights.forget();
        self.keep_soon();
    }

    pub(crate) async fn right(&self, archive: &NewSeed, ask: Ask) -> Right {
        let known = self.inner.rights.known().get(&archive.sha256).copied();
        if let Some(known) = known {
            return known;
        }
        let fact = self.fact_of_kept(archive, ask).await;
        let right = fact.as_ref().map_or(Right::Unknown, Right::of);
        if fact.is_some() || ask == Ask::Source {
            self.inner.rights.known().insert(archive.sha256, right);
        }
        right
    }

    /// The signed release behind an archive. What is stored was verified when it came: it is asked first, so that a
    /// restart without a network resumes everything.
    pub(crate) async fn fact_of_kept(&self, archive: &NewSeed, ask: Ask) -> Option<Fact> {
        let same = |fact: &Fact| fact.release.archive.sha256 == archive.sha256;
        let stored = self.catalog().stored_facts(&archive.source, &archive.package).await;
        if let Some(fact) = stored.ok().and_then(|facts| facts.into_iter().find(same)) {
            return Some(fact);
        }
        if ask == Ask::Here {
            return None;
        }
        match self.catalog().facts(&archive.source, &archive.package, Timestamp::now()).await {
            Ok(facts) => facts.into_iter().find(same),
            Err(error) => {
                tracing::info!(package = %archive.package, %error, "it is not known whether it may be passed on");
                None
            }
        }
    }
}
