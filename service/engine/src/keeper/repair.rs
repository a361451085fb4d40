//! Fetching damaged archives again, in the background, as long as a profile uses them. The blocks that are still right
//! are found on the disk and not fetched.
//!
//! An interrupted repair leaves an unfinished archive that a profile uses: such ones are taken up again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use muster_domain::{LockedPackage, Sha256, Tier};

use crate::{Engine, EngineError, TransferPhase, jobs};

/// Repairs that are waited for at once; the next passes take the others.
const AT_ONCE: usize = 16;
/// A repair that failed is tried again after this.
const TRY_AGAIN: Duration = Duration::from_secs(3_600);

/// Which archives are being fetched again.
#[derive(Debug, Default)]
pub(crate) struct Repairs(Mutex<Books>);

#[derive(Debug, Default)]
struct Books {
    running: BTreeSet<Sha256>,
    failed: BTreeMap<Sha256, Instant>,
}

impl Repairs {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this one may start now; then it has.
    fn begin(&self, sha256: Sha256) -> bool {
        let mut books = self.books();
        let is_early = books.failed.get(&sha256).is_some_and(|at| at.elapsed() < TRY_AGAIN);
        !is_early && books.running.len() < AT_ONCE && books.running.insert(sha256)
    }

    fn succeeded(&self, sha256: &Sha256) {
        let mut books = self.books();
        books.running.remove(sha256);
        books.failed.remove(sha256);
    }

    fn failed(&self, sha256: Sha256) {
        let mut books = self.books();
        books.running.remove(&sha256);
        books.failed.insert(sha256, Instant::now());
    }
}

impl Engine {
    /// Withdraws what was found damaged, and fetches again what a profile uses.
    pub(super) async fn repair(&self) -> Result<(), EngineError> {
        let damaged = self.cache().take_damaged();
        self.withdraw(&damaged).await?;
        self.inner.meter.damaged(damaged.len() as u64);
        let engine = self.clone();
        let unfinished = jobs::blocking(move || Ok(engine.cache().unfinished()?)).await?;
        if unfinished.is_empty() {
            return Ok(());
        }
        // What the queue has is looked after by whoever asked for it.
        let snapshot = self.transfer_snapshot();
        let packages = self.installed_packages().await?;
        let is_queued =
            |sha256: &Sha256| snapshot.get(sha256).is_some_and(|known| known.phase != TransferPhase::Done);
        for sha256 in unfinished.into_iter().filter(|sha256| !is_queued(sha256)) {
            let uses = |package: &&LockedPackage| package.enabled && package.archive.sha256 == sha256;
            let Some(package) = packages.iter().find(uses) else { continue };
            if self.inner.repairs.begin(sha256) {
                self.fetch_again(package.clone());
            }
        }
        Ok(())
    }

    fn fetch_again(&self, package: LockedPackage) {
        tracing::info!(package = %package.id, "a damaged archive is fetched again");
        let engine = self.clone();
        self.spawn(async move {
            let fetched = tokio::select! {
                fetched = engine.wait_for_archive(&package) => fetched,
                () = engine.closing().cancelled() => return,
            };
            let repairs = &engine.inner.repairs;
            match fetched {
                Ok(()) => {
                    repairs.succeeded(&package.archive.sha256);
                    engine.inner.meter.repaired();
                    engine.keep_soon();
                }
                Err(error) => {
                    repairs.failed(package.archive.sha256);
                    tracing::warn!(package = %package.id, %error, "a repair has to wait");
                }
            }
        });
    }

    /// Fetches an archive behind everything else.
    pub(crate) async fn wait_for_archive(&self, package: &LockedPackage) -> Result<(), EngineError> {
        let mut handle = jobs::want(self, package, Tier::Background, &[]).await?;
        handle.outcome().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_repair_of_an_archive_runs_at_a_time_and_a_failed_one_waits() {
        let repairs = Repairs::default();
        let one = Sha256([1; 32]);
        assert!(repairs.begin(one) && !repairs.begin(one));
        repairs.succeeded(&one);
        assert!(repairs.begin(one));
        repairs.failed(one);
        assert!(!repairs.begin(one), "not again at once");
        let others = (2..).map(|name| Sha256([name; 32])).take(AT_ONCE + 5);
        assert_eq!(others.filter(|sha256| repairs.begin(*sha256)).count(), AT_ONCE);
    }
}
