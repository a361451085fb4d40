//! One verified state of a registry, from the root down to the roles that look-ups have loaded.
//!
//! A session is opened from the first trusted root and the store, then restored (offline) or refreshed (online) once.
//! After that it only grows by delegated roles. A refresh that fails leaves an unusable session behind: its owner
//! drops it and goes on with the one before.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use jiff::Timestamp;
use sigstore_tuf::{Updater, UpdaterConfig};

use super::{
    Limits,
    feed::{Feed, FeedRepository, FeedStore, Flavour, Mode, Origin, Ports, Reach, version_of},
    found::Found,
    provider,
    recall::Proven,
    verdict,
};
use crate::{Error, Fetched, Result, json};

/// Roots kept locally beyond this many are not looked at.
const MAX_ROOT_HISTORY: u64 = 4096;

pub(crate) struct Session {
    updater: Mutex<Updater>,
    feed: Arc<Feed>,
    proven: Mutex<Proven>,
    max_delegations: u32,
}

/// How one role was given its authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delegation {
    /// `scheme` and public key text of each key that may sign.
    pub keys: Vec<(String, String)>,
    pub threshold: usize,
    pub terminating: bool,
}

impl Session {
    /// Starts from the first trusted root and follows the roots that are stored.
    pub async fn open(root: &[u8], ports: Ports, flavour: Flavour, limits: Limits) -> Result<Self> {
        provider::install();
        json::check(root).map_err(|error| Error::malformed("root.json", error.to_string()))?;
        let stored = preload(root, &ports).await?;
        let feed = Arc::new(Feed::new(ports, flavour, stored));
        let mut config = UpdaterConfig::default();
        config.root_max_length = limits.root;
        config.timestamp_max_length = limits.timestamp;
        config.snapshot_max_length = limits.snapshot;
        config.targets_max_length = limits.targets;
        config.max_root_rotations = limits.root_rotations;
        config.max_delegations = limits.delegations;
        let updater = Updater::new(FeedRepository(feed.clone()), root)
            .map_err(|error| verdict::convert(error, &mut feed.locked(), Timestamp::UNIX_EPOCH))?
            .with_config(config)
            .with_store(FeedStore(feed.clone()));
        let (proven, max_delegations) = (Mutex::default(), limits.delegations);
        let session = Self { updater: Mutex::new(updater), feed, proven, max_delegations };
        session.check_root_keys()?;
        Ok(session)
    }

    /// Verifies what the store holds, as of the moment when it was fetched.
    pub async fn restore(&mut self, at: Timestamp) -> Result<()> {
        self.run(Mode::Restore, at).await
    }

    /// Fetches and verifies root chain, timestamp, snapshot and targets. Nothing is committed yet.
    pub async fn refresh(&mut self, now: Timestamp) -> Result<()> {
        let first = self.run(Mode::Online(Reach::Network), now).await;
        let doubtful =
            first.as_ref().is_err_and(|error| !error.is_temporary()) && self.feed.locked().used_copy;
        if doubtful { self.run(Mode::Online(Reach::Fresh), now).await } else { first }
    }

    async fn run(&mut self, mode: Mode, now: Timestamp) -> Result<()> {
        *self.proven.get_mut().unwrap_or_else(PoisonError::into_inner) = Proven::default();
        self.feed.begin(mode);
        let updater = self.updater.get_mut().unwrap_or_else(PoisonError::into_inner);
        let outcome = updater.refresh(now).await;
        outcome.map_err(|error| verdict::convert(error, &mut self.feed.locked(), now))?;
        self.check_root_keys()
    }

    /// Commits everything verified so far, together with `more`.
    pub async fn commit(&self, more: Option<(String, Vec<u8>)>) -> Result<()> {
        let mut files = self.feed.take_staged();
        files.extend(more);
        if files.is_empty() {
            return Ok(());
        }
        self.feed.ports.store.commit(&files).await.map_err(Error::Store)
    }

    /// Commits the roots only: they stay true whatever else failed.
    pub async fn commit_roots(&self) -> Result<()> {
        let mut files = self.feed.take_staged();
        files.retain(|(name, _)| name == "root.json" || name.starts_with("root_history/"));
        if files.is_empty() {
            return Ok(());
        }
        self.feed.ports.store.commit(&files).await.map_err(Error::Store)
    }

    /// The target as the first role that is responsible for it signed it; `None` if none lists it.
    pub async fn find(&self, path: &str, now: Timestamp, reach: Reach) -> Result<Option<Found>> {
        if let Some(known) = self.proven().recall(self.locked().trusted(), path, self.max_delegations, now) {
            return Ok(known);
        }
        let (mut found, used_copy) = self.search(path, now, reach).await;
        let doubtful = found.as_ref().is_err_and(|error| !error.is_temporary());
        if doubtful && used_copy && reach == Reach::Network {
            found = self.search(path, now, Reach::Fresh).await.0;
        }
        if found.is_ok() {
            self.proven().learn(self.locked().trusted(), path, self.max_delegations);
        }
        found
    }

    fn proven(&self) -> MutexGuard<'_, Proven> {
        self.proven.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn search(&self, path: &str, now: Timestamp, reach: Reach) -> (Result<Option<Found>>, bool) {
        let mut supply = std::collections::BTreeMap::new();
        let mut used_copy = false;
        loop {
            let wanted = match self.step(path, now, &mut supply) {
                Step::Done(outcome) => {
                    if let Err(error) = self.commit(None).await {
                        tracing::warn!(%error, "verified roles could not be kept; they will be fetched again");
                    }
                    return (outcome, used_copy);
                }
                Step::Wants(name, max_length) => (name, max_length),
            };
            match self.feed.obtain(&wanted.0, wanted.1, reach).await {
                Ok((fetched, origin)) => {
                    used_copy |= origin != Origin::Repository;
                    supply.insert(wanted.0, fetched);
                }
                Err(error) => return (Err(error), used_copy),
            }
        }
    }

    /// One run of the verifier over what has been fetched; it never waits.
    fn step(
        &self,
        path: &str,
        now: Timestamp,
        supply: &mut std::collections::BTreeMap<String, Fetched>,
    ) -> Step {
        let mut updater = self.locked();
        self.feed.begin(Mode::Lookup);
        std::mem::swap(&mut self.feed.locked().supply, supply);
        let polled = {
            let search = pin!(updater.get_target_info(path, now));
            search.poll(&mut Context::from_waker(Waker::noop()))
        };
        let mut inner = self.feed.locked();
        std::mem::swap(&mut inner.supply, supply);
        if let Some((name, max_length)) = inner.wanted.take() {
            return Step::Wants(name, max_length);
        }
        Step::Done(match polled {
            Poll::Ready(Ok(found)) => Ok(found.map(|target| Found::new(path, &target))),
            Poll::Ready(Err(error)) => Err(verdict::convert(error, &mut inner, now)),
            Poll::Pending => {
                Err(Error::malformed(path, "the verifier waited although everything is at hand"))
            }
        })
    }

    fn locked(&self) -> MutexGuard<'_, Updater> {
        self.updater.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn root_version(&self) -> u64 {
        self.locked().trusted().root().version
    }

    pub fn is_consistent(&self) -> bool {
        self.locked().trusted().root().consistent_snapshot
    }

    /// How many keys must sign the next root.
    pub fn root_threshold(&self) -> usize {
        self.locked().trusted().root().role("root").map_or(0, |role| role.threshold)
    }

    /// Version of the snapshot, and when the first of timestamp and snapshot runs out.
    pub fn freshness(&self) -> Option<(u64, Timestamp)> {
        let updater = self.locked();
        let (timestamp, snapshot) = (updater.trusted().timestamp()?, updater.trusted().snapshot()?);
        Some((snapshot.version, timestamp.expires.min(snapshot.expires)))
    }

    /// Whether the snapshot names the role.
    pub fn is_listed(&self, role: &str) -> bool {
        let updater = self.locked();
        updater
            .trusted()
            .snapshot()
            .is_some_and(|snapshot| snapshot.meta.contains_key(&format!("{role}.json")))
    }

    /// How `delegator` (loaded before) empowers `role` for `path`, if it does.
    pub fn delegation(&self, delegator: &str, role: &str, path: &str) -> Option<Delegation> {
        let updater = self.locked();
        let delegations = updater.trusted().targets_role(delegator)?.delegations.as_ref()?;
        let entry = delegations.roles.iter().find(|entry| entry.name == role)?;
        if !entry.matches_path(path).ok()? {
            return None;
        }
        let key = |id: &String| {
            let key = delegations.keys.get(id)?;
            Some((key.scheme.clone(), key.keyval.public.trim().to_owned()))
        };
        let keys = entry.keyids.iter().filter_map(key).collect();
        Some(Delegation { keys, threshold: entry.threshold, terminating: entry.terminating })
    }

    /// Names of the roles that a loaded role delegates to, in order.
    pub fn delegates(&self, role: &str) -> Vec<String> {
        let updater = self.locked();
        let delegations =
            updater.trusted().targets_role(role).and_then(|targets| targets.delegations.as_ref());
        delegations
            .map(|found| found.roles.iter().map(|role| role.name.clone()).collect())
            .unwrap_or_default()
    }

    /// The paths that a loaded role lists under a prefix.
    pub fn paths_under(&self, role: &str, prefix: &str) -> Vec<String> {
        let updater = self.locked();
        let Some(targets) = updater.trusted().targets_role(role) else { return Vec::new() };
        let listed = targets.targets.range(prefix.to_owned()..).map(|(path, _)| path);
        listed.take_while(|path| path.starts_with(prefix)).cloned().collect()
    }

    /// What a loaded role itself says about a path.
    pub fn listed(&self, role: &str, path: &str) -> Option<Found> {
        let updater = self.locked();
        updater.trusted().targets_role(role)?.target(path).map(|target| Found::new(path, target))
    }

    /// The same public key under two key ids would count twice towards a threshold (T-10).
    fn check_root_keys(&self) -> Result<()> {
        if self.feed.flavour == Flavour::Plain {
            return Ok(());
        }
        let updater = self.locked();
        let root = updater.trusted().root();
        for (role, assigned) in &root.roles {
            let mut keys: Vec<&str> = assigned
                .keyids
                .iter()
                .filter_map(|id| root.keys.get(id))
                .map(|key| key.keyval.public.trim())
                .collect();
            let all = keys.len();
            keys.sort_unstable();
            keys.dedup();
            if keys.len() != all {
                return Err(Error::layout(role, "one public key has two key ids"));
            }
        }
        Ok(())
    }
}

enum Step {
    Done(Result<Option<Found>>),
    Wants(String, u64),
}

async fn preload(root: &[u8], ports: &Ports) -> Result<HashMap<String, Vec<u8>>> {
    let mut stored = HashMap::new();
    let first = version_of(root).ok_or_else(|| Error::malformed("root.json", "it has no version"))?;
    let newer = (first.saturating_add(1)..).take(MAX_ROOT_HISTORY as usize);
    for version in newer {
        let name = format!("root_history/{version}.root.json");
        let Some(bytes) = ports.store.load(&name).await.map_err(Error::Store)? else { break };
        stored.insert(name, bytes);
    }
    for name in ["root.json", "timestamp.json", "snapshot.json", "targets.json"] {
        if let Some(bytes) = ports.store.load(name).await.map_err(Error::Store)?
            && json::check(&bytes).is_ok()
        {
            stored.insert(name.to_owned(), bytes);
        }
    }
    Ok(stored)
}
