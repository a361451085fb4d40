//! Bringing archives: what is not in the cache is wanted from the transfers, all at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
};

use futures::future::try_join_all;
use jiff::Timestamp;
use muster_cache::{ArchiveLease, TreeLease};
use muster_domain::{Archive, Lock, LockedPackage, Sha256, Tier, Vouched};
use muster_transfer::{Meets, Proof, WantHandle};
use tokio::sync::watch;

use super::{change::blocking, run::Run};
use crate::{Engine, EngineError, Key, sharing::Manifestation};

/// What is here of a package; it stays as long as this is held.
pub(crate) enum Held {
    Tree(#[allow(dead_code, reason = "held, not read")] TreeLease),
    Archive(ArchiveLease),
}

impl Held {
    /// The archive, where there is no tree yet.
    pub fn archive(&self) -> Option<&ArchiveLease> {
        match self {
            Self::Tree(_) => None,
            Self::Archive(lease) => Some(lease),
        }
    }
}

/// The packages of a lock that are switched on, with what is here of them.
pub(crate) type Archives = Arc<Vec<(LockedPackage, Held)>>;

/// Archives that came without a hash, by what stood for them ([`Archive::awaited`]).
pub(crate) type Arrived = BTreeMap<Sha256, Archive>;

/// Fetches what is missing for `lock`. What was verified before and is still here (a tree, else an archive) is taken
/// without asking anybody: it needs no source. What came without a hash is given with its own.
pub(super) async fn fetch(
    run: &Arc<Run>,
    lock: &Lock,
    (tier, peers): (Tier, &[SocketAddr]),
) -> Result<(Archives, Arrived), EngineError> {
    // The lock cannot be kept before every archive is known, whether it is switched on or not.
    let is_needed = |package: &&LockedPackage| package.enabled || package.vouched == Vouched::Awaited;
    let enabled: Vec<LockedPackage> = lock
        .packages
        .iter()
        .filter(|package| is_needed(package) && !package.kind.is_collection())
        .cloned()
        .collect();
    let (mut here, mut missing) = {
        let run = run.clone();
        blocking(move || Ok(split(&run, enabled))).await?
    };
    let total: u64 = missing.iter().map(|package| package.archive.size).sum();
    run.show(|view| view.total = total);
    let mut wants = Vec::new();
    let mut asked: BTreeSet<Sha256> = BTreeSet::new();
    for package in missing.iter().filter(|package| asked.insert(package.archive.sha256)) {
        let wanted = tokio::select! {
            wanted = want(&run.engine, package, tier, peers) => wanted,
            () = run.cancel.cancelled() => Err(run.ended_early()),
        };
        wants.push(wanted?);
    }
    let watched = watch_progress(run, asked, total);
    let result = tokio::select! {
        leases = try_join_all(wants.iter_mut().map(outcome)) => leases,
        () = run.cancel.cancelled() => Err(run.ended_early()),
    };
    watched.abort();
    // A job that was cancelled is cancelled, whatever its transfers say about their own end.
    let leases = match result {
        Err(_) if run.cancel.is_cancelled() => return Err(run.ended_early()),
        other => other?,
    };
    run.show(|view| view.done = total);
    let came: BTreeMap<Sha256, ArchiveLease> =
        wants.iter().map(muster_transfer::WantHandle::sha256).zip(leases).collect();
    let mut arrived = Arrived::new();
    for package in &mut missing {
        let lease = came.get(&package.archive.sha256);
        let lease = lease.ok_or(EngineError::Internal("an archive was not fetched"))?.clone();
        if package.vouched == Vouched::Awaited {
            arrived.insert(package.archive.sha256, lease.archive());
            take_over(package, &arrived);
        }
        here.push((package.clone(), Held::Archive(lease)));
    }
    run.engine.remember(&missing).await?;
    here.retain(|(package, _)| package.enabled);
    Ok((Arc::new(here), arrived))
}

/// Gives a package whose archive was awaited the one that arrived.
pub(super) fn take_over(package: &mut LockedPackage, arrived: &Arrived) {
    if let (Vouched::Awaited, Some(archive)) = (package.vouched, arrived.get(&package.archive.sha256)) {
        package.archive = *archive;
        package.vouched = Vouched::FirstSeen;
    }
}

/// What is here, and what is not.
fn split(run: &Run, packages: Vec<LockedPackage>) -> (Vec<(LockedPackage, Held)>, Vec<LockedPackage>) {
    let (mut here, mut missing) = (Vec::new(), Vec::new());
    for package in packages {
        let sha256 = package.archive.sha256;
        let tree = run.engine.stores().lease(&sha256).map(Held::Tree);
        let held = tree.or_else(|_| run.engine.cache().lease(&sha256, Timestamp::now()).map(Held::Archive));
        match held {
            Ok(held) => here.push((package, held)),
            Err(_) => missing.push(package),
        }
    }
    (here, missing)
}

async fn outcome(handle: &mut WantHandle) -> Result<ArchiveLease, EngineError> {
    Ok(handle.outcome().await?)
}

/// Asks the transfers for the archive of a package; `peers` are known to have it.
pub(crate) async fn want(
    engine: &Engine,
    package: &LockedPackage,
    tier: Tier,
    peers: &[SocketAddr],
) -> Result<WantHandle, EngineError> {
    let Manifestation { origins, mut torrent, mut meets, blocks, local } =
        engine.manifestation(package).await?;
    if engine.is_locked_despite_advice(package) {
        // Whoever meets others for it also gives it to them.
        (torrent, meets) = (None, Meets::No);
    }
    let name = format!("{} {}", engine.title(&Key::of(package)).await, package.version);
    let want = muster_transfer::Want {
        sha256: package.archive.sha256,
        proof: match package.vouched {
            Vouched::Awaited => Proof::FirstSeen,
            Vouched::Source | Vouched::FirstSeen => Proof::Hash,
        },
        size: package.archive.size,
        tier,
        name,
        origins,
        torrent,
        blocks,
        peers: peers.to_vec(),
        meets,
        trackers: Vec::new(),
        local,
    };
    Ok(engine.transfers().want(want).await?)
}

/// Shows the sum over the job's transfers until it is stopped.
fn watch_progress(run: &Arc<Run>, asked: BTreeSet<Sha256>, total: u64) -> tokio::task::JoinHandle<()> {
    let run = run.clone();
    let mut snapshots: watch::Receiver<_> = run.engine.transfers().snapshot();
    tokio::spawn(async move {
        while snapshots.changed().await.is_ok() {
            let snapshot = snapshots.borrow_and_update().clone();
            let done: u64 = snapshot
                .transfers
                .iter()
                .filter(|transfer| asked.contains(&transfer.sha256))
                .map(|transfer| transfer.done)
                .sum();
            run.show(|view| view.done = done.min(total));
        }
    })
}
