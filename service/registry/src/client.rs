//! Reading a registry: trust from the root down, packages by name, the browse catalogue.
//!
//! Invariants:
//! - The trusted state changes as a whole, by a refresh that succeeded, or not at all. A failed one leaves the state
//!   before it in use until that expires.
//! - Look-ups share no wait: what one publisher's files do (slow, broken, missing) reaches nobody else.
//! - An admitted publisher is spoken for by its own role only. Neither the online key's `new-xx` roles nor a snapshot
//!   that leaves a shard out can stand in for it.

mod lookup;
mod speaker;

pub use lookup::{PublisherFacts, SignedRelease, Target, Trust};

use std::sync::{Arc, PoisonError, RwLock};

use futures::lock::Mutex;
use jiff::{SignedDuration, Timestamp};
use muster_domain::{Sha256, SourceId};

use crate::{
    Error, Limits, MetadataStore, Repository, Result, sha256,
    tuf::{Flavour, Ports, Session},
};

/// Where the time of the newest successful refresh is stored; no role's file can have a slash in its name.
const VERIFIED_AT: &str = "muster/verified-at";
/// How far the clock may fall behind the newest successful refresh before that wins.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(48);

/// The time that expiry is judged by: the system's clock, but never more than 48 hours before the newest moment at
/// which this registry was verified. A clock that was set back cannot revive expired metadata, and one that was wrong
/// for a while locks nobody out.
pub fn trust_time(system: Timestamp, newest_verified: Option<Timestamp>) -> Timestamp {
    let floor = newest_verified.and_then(|at| at.checked_sub(TOLERANCE).ok());
    floor.map_or(system, |floor| system.max(floor))
}

/// A registry, as one computer trusts it.
pub struct Client {
    root: Vec<u8>,
    fingerprint: Sha256,
    ports: Ports,
    limits: Limits,
    trusted: RwLock<Trusted>,
    /// Held during a refresh, so that an older answer is never kept after a newer one.
    gate: Mutex<()>,
}

#[derive(Clone, Default)]
struct Trusted {
    session: Option<Arc<Session>>,
    verified_at: Option<Timestamp>,
}

/// What a refresh found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// Whether the registry has anything that was not known before.
    pub changed: bool,
    pub root_version: u64,
    pub snapshot_version: u64,
    /// When the registry must have been signed again.
    pub expires: Timestamp,
    /// Whether one person alone can change the root keys.
    pub single_maintainer: bool,
}

impl Client {
    /// Opens the registry whose first trusted root is `root`, with what the store holds of it; no network.
    ///
    /// The caller must have shown the user [`Self::root_fingerprint`] or have it from a preset.
    pub async fn open(
        root: &[u8],
        repository: Arc<dyn Repository>,
        store: Arc<dyn MetadataStore>,
    ) -> Result<Self> {
        Self::open_with(root, repository, store, Limits::default()).await
    }

    /// As [`Self::open`], with other limits.
    pub async fn open_with(
        root: &[u8],
        repository: Arc<dyn Repository>,
        store: Arc<dyn MetadataStore>,
        limits: Limits,
    ) -> Result<Self> {
        let ports = Ports { repository, store };
        let mut client = Self {
            root: root.to_vec(),
            fingerprint: sha256(root),
            ports,
            limits,
            trusted: RwLock::default(),
            gate: Mutex::new(()),
        };
        let mut session = client.new_session().await?;
        let verified_at = client.stored_time().await?;
        let trusted = client.trusted.get_mut().unwrap_or_else(PoisonError::into_inner);
        trusted.verified_at = verified_at;
        if let Some(at) = verified_at {
            match session.restore(at).await {
                Ok(()) => trusted.session = Some(Arc::new(session)),
                Err(error) => {
                    tracing::warn!(%error, "stored registry metadata does not verify; it will be fetched")
                }
            }
        }
        Ok(client)
    }

    async fn new_session(&self) -> Result<Session> {
        Session::open(&self.root, self.ports.clone(), Flavour::Muster, self.limits).await
    }

    async fn stored_time(&self) -> Result<Option<Timestamp>> {
        let stored = self.ports.store.load(VERIFIED_AT).await.map_err(Error::Store)?;
        Ok(stored.and_then(|bytes| std::str::from_utf8(&bytes).ok()?.parse().ok()))
    }

    /// SHA-256 of the first trusted root: the registry's identity.
    pub fn root_fingerprint(&self) -> Sha256 {
        self.fingerprint
    }

    /// The registry's identity as a source.
    pub fn source_id(&self) -> SourceId {
        SourceId::registry(&self.fingerprint)
    }

    /// When the registry was last verified against its host, by this computer's clock of that time.
    pub fn verified_at(&self) -> Option<Timestamp> {
        self.trusted().verified_at
    }

    /// What is trusted now, if anything is; `changed` is false.
    pub fn status(&self) -> Option<Refreshed> {
        self.trusted().session.as_ref().and_then(|session| describe(session, false))
    }

    fn trusted(&self) -> Trusted {
        self.trusted.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn session(&self) -> Result<Arc<Session>> {
        self.trusted().session.ok_or(Error::NotRefreshed)
    }

    fn trust_now(&self, now: Timestamp) -> Timestamp {
        trust_time(now, self.verified_at())
    }

    /// Fetches what is new and verifies it.
    ///
    /// Fails as a whole: what was trusted before stays in use, except that a root which replaced the keys of the
    /// state before it ends that state, too.
    pub async fn refresh(&self, now: Timestamp) -> Result<Refreshed> {
        let _gate = self.gate.lock().await;
        let before = self.trusted();
        let at = trust_time(now, before.verified_at);
        let begun = self.ports.repository.begin().await;
        begun.map_err(|source| Error::Transport { file: "timestamp.json".to_owned(), source })?;
        let mut session = self.new_session().await?;
        if let Err(error) = session.refresh(at).await {
            self.ports.repository.abandon().await;
            self.keep_roots(&session, &before).await;
            return Err(error);
        }
        let verified_at = before.verified_at.map_or(at, |newest| newest.max(at));
        session.commit(Some((VERIFIED_AT.to_owned(), verified_at.to_string().into_bytes()))).await?;
        let known = before.session.as_ref().and_then(|old| Some((old.root_version(), old.freshness()?)));
        let refreshed =
            describe(&session, known != session.freshness().map(|fresh| (session.root_version(), fresh)));
        self.set(Trusted { session: Some(Arc::new(session)), verified_at: Some(verified_at) });
        refreshed.ok_or(Error::NotRefreshed)
    }

    /// After a failed refresh: newer roots stay; if they disown the current state, it ends.
    async fn keep_roots(&self, failed: &Session, before: &Trusted) {
        if let Err(error) = failed.commit_roots().await {
            tracing::warn!(%error, "newer roots could not be kept");
            return;
        }
        let Some(current) = &before.session else { return };
        if failed.root_version() == current.root_version() {
            return;
        }
        let session = match (self.new_session().await, before.verified_at) {
            (Ok(mut session), Some(at)) => session.restore(at).await.is_ok().then(|| Arc::new(session)),
            _ => None,
        };
        self.set(Trusted { session, verified_at: before.verified_at });
    }

    fn set(&self, trusted: Trusted) {
        *self.trusted.write().unwrap_or_else(PoisonError::into_inner) = trusted;
    }
}

fn describe(session: &Session, changed: bool) -> Option<Refreshed> {
    let (snapshot_version, expires) = session.freshness()?;
    Some(Refreshed {
        changed,
        root_version: session.root_version(),
        snapshot_version,
        expires,
        single_maintainer: session.root_threshold() <= 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t18_the_clock_can_be_wrong_both_ways_without_a_lock_out() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let verified = at("2026-11-21T12:00:00Z");
        let cases = [
            ("2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
            ("2026-11-21T03:00:00Z", "2026-11-21T03:00:00Z"),
            ("2016-11-21T12:00:00Z", "2026-11-19T12:00:00Z"),
            ("2027-11-21T12:00:00Z", "2027-11-21T12:00:00Z"),
        ];
        for (system, expected) in cases {
            assert_eq!(trust_time(at(system), Some(verified)), at(expected));
            assert_eq!(trust_time(at(system), None), at(system));
        }
    }
}
