//! Bringing archives: what is not in the cache is wanted from the transfers, all at once.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::try_join_all;
use muster_cache::ArchiveLease;
use muster_domain::{Lock, LockedPackage, Sha256, Tier};
use muster_transfer::WantHandle;
use tokio::sync::watch;

use super::{change::blocking, run::Run};
use crate::{EngineError, Key, sharing::Manifestation};

/// The packages of a lock that are switched on, each with its archive; `None` where only the tree is kept.
pub(crate) type Archives = Arc<Vec<(LockedPackage, Option<ArchiveLease>)>>;

/// Fetches what is missing for `lock`. Packages whose tree is here already need no archive.
pub(super) async fn fetch(run: &Arc<Run>, lock: &Lock) -> Result<Archives, EngineError> {
    let enabled: Vec<LockedPackage> = lock
        .packages
        .iter()
        .filter(|package| package.enabled && !package.kind.is_collection())
        .cloned()
        .collect();
    let missing: Vec<LockedPackage> = {
        let (run, enabled) = (run.clone(), enabled.clone());
        blocking(move || Ok(enabled.into_iter().filter(|package| !run.engine.has_tree(package)).collect()))
            .await?
    };
    let total: u64 = missing.iter().map(|package| package.archive.size).sum();
    run.show(|view| view.total = total);
    let mut wants = Vec::new();
    let mut asked: BTreeSet<Sha256> = BTreeSet::new();
    for package in missing.iter().filter(|package| asked.insert(package.archive.sha256)) {
        wants.push(want(run, package).await?);
    }
    let watched = watch_progress(run, asked, total);
    let result = tokio::select! {
        leases = try_join_all(wants.iter_mut().map(outcome)) => leases,
        () = run.cancel.cancelled() => Err(run.ended_early()),
    };
    watched.abort();
    let leases = result?;
    run.show(|view| view.done = total);
    let lease_of = |package: &LockedPackage| {
        leases.iter().find(|lease| lease.sha256() == package.archive.sha256).cloned()
    };
    Ok(Arc::new(
        enabled.into_iter().map(|package| (lease_of(&package), package)).map(|(l, p)| (p, l)).collect(),
    ))
}

async fn outcome(handle: &mut WantHandle) -> Result<ArchiveLease, EngineError> {
    Ok(handle.outcome().await?)
}

async fn want(run: &Run, package: &LockedPackage) -> Result<WantHandle, EngineError> {
    let Manifestation { origins, torrent, blocks } = run.engine.manifestation(package).await?;
    let name = format!("{} {}", run.engine.title(&Key::of(package)).await, package.version);
    let want = muster_transfer::Want {
        sha256: package.archive.sha256,
        size: package.archive.size,
        tier: Tier::User,
        name,
        origins,
        torrent,
        blocks,
        peers: Vec::new(),
    };
    Ok(run.engine.transfers().want(want).await?)
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
