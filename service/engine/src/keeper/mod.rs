//! Looking after what is kept: one task that makes the cache equal to the player's limits, again and again.
//!
//! A pass runs at the start, every ten minutes, and soon after something that may change its outcome: an archive came,
//! a setting changed, a lease ended, damage was found. Passes never overlap. Each one, in this order: remembers what is
//! kept by name, declares what must stay, fetches damaged archives again, evicts, removes trees that nothing refers to,
//! writes the index, and brings what is offered in line.
//!
//! What is evicted is no longer offered before it goes. What nobody protects goes without a word; what a profile uses,
//! what the player pinned and last known copies are announced first ([`plan`]).
//!
//! Beside it, [`check`] hashes what nothing vouches for, and [`repair`] waits for what is fetched again.

mod check;
mod plan;
mod repair;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use muster_cache::{Completeness, Evict};
use muster_domain::Sha256;

use crate::{Engine, EngineError, Reason, Signal, jobs::blocking, peers, rights::Asked};

pub(crate) use plan::Notice;
pub(crate) use repair::Repairs;

/// Longest time between two passes.
const EVERY: Duration = Duration::from_secs(600);
/// Changes that come together lead to one pass.
const SETTLE: Duration = Duration::from_millis(500);
/// How long an ended job is kept in the file.
const JOBS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Key in the settings table: since when protected archives are over the quota.
const NOTICE: &str = "cache-notice";

impl Engine {
    /// Starts looking after the cache until the engine closes.
    pub(crate) fn start_keeping(&self) {
        let soon = self.inner.keep.clone();
        self.cache().on_damage(move || soon.notify_one());
        let engine = self.clone();
        self.spawn(async move { engine.keep().await });
        let engine = self.clone();
        self.spawn(async move { check::run(&engine).await });
    }

    /// Something changed that may change what is kept: a pass runs soon.
    pub(crate) fn keep_soon(&self) {
        self.inner.keep.notify_one();
    }

    async fn keep(&self) {
        loop {
            tokio::select! {
                () = self.closing().cancelled() => return,
                () = self.keep_once() => {}
            }
            tokio::select! {
                () = self.closing().cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
                () = self.inner.keep.notified() => tokio::time::sleep(SETTLE).await,
            }
        }
    }

    async fn keep_once(&self) {
        if let Some(before) = Instant::now().checked_sub(EVERY) {
            self.inner.openings.forget(before);
            self.inner.unpacked.forget(before);
        }
        let forgotten = Timestamp::now().saturating_sub(JOBS_KEPT).unwrap_or(Timestamp::MIN);
        if let Err(error) = self.state().jobs().forget_finished(forgotten).await {
            tracing::warn!(%error, "old jobs could not be forgotten");
        }
        let pruned = match self.prune_all().await {
            Ok(()) => self.forget_removed(Timestamp::now()).await,
            failed => failed,
        };
        if let Err(error) = pruned {
            tracing::warn!(%error, "old states could not be forgotten");
        }
        if let Err(error) = self.pass().await {
            tracing::warn!(%error, "the cache could not be looked after");
        }
        self.refresh_sharing().await;
        match self.ask_sources().await {
            Ok(Asked::Nobody) => {}
            Ok(Asked::Sources) => self.refresh_sharing().await,
            Err(error) => tracing::warn!(%error, "it cannot be asked what may be shared"),
        }
    }

    async fn pass(&self) -> Result<(), EngineError> {
        self.remember_kept().await?;
        self.declare_leases().await?;
        self.note_rarity();
        self.repair().await?;
        self.evict().await?;
        let engine = self.clone();
        let trees = blocking(move || {
            let trees = engine.stores().remove_unused()?;
            engine.remove_unused_texts()?;
            engine.cache().flush()?;
            Ok(trees)
        });
        let trees = trees.await?;
        if !trees.is_empty() {
            tracing::info!(trees = trees.len(), "removed what no state of a profile refers to");
        }
        Ok(())
    }

    /// Tells the cache how rare each archive is, as far as the swarm knows.
    fn note_rarity(&self) {
        let rows = peers::rows(&self.transfer_snapshot(), self.transfers().peers());
        let known: BTreeMap<Sha256, Option<u32>> =
            rows.iter().map(|row| (row.sha256, row.other_seeders())).collect();
        for info in self.cache().archives() {
            let others = known.get(&info.sha256).copied().flatten();
            self.cache().set_other_seeders(info.sha256, others);
        }
    }

    async fn evict(&self) -> Result<(), EngineError> {
        let (engine, settings, now) = (self.clone(), self.settings(), Timestamp::now());
        let planned = blocking(move || {
            let policy = plan::policy(&settings);
            let cache = engine.cache();
            let (used, free) = (cache.usage()?.archive_bytes, cache.free_space().ok());
            let tightened = plan::tightened(&policy, used, free);
            Ok(plan::split(cache.plan(now, &policy)?, cache.plan(now, &tightened)?))
        });
        let plan::Split { mut now_goes, announced } = planned.await?;
        let notice = self.announce(&announced, now).await?;
        if notice.as_ref().is_some_and(|notice| notice.is_due(now)) {
            now_goes.extend(announced);
        }
        self.let_go(now_goes).await?;
        Ok(())
    }

    /// Keeps track of since when protected archives are over the quota, and shows it.
    async fn announce(&self, announced: &[Evict], now: Timestamp) -> Result<Option<Notice>, EngineError> {
        let stored = self.state().settings().get(NOTICE).await?;
        let since = stored.and_then(|value| serde_json::from_value::<Timestamp>(value).ok());
        let notice = Notice::next(since, announced, &self.settings(), now);
        if notice.as_ref().map(|notice| notice.since) != since {
            let value = serde_json::to_value(notice.as_ref().map(|notice| notice.since));
            let value = value.map_err(|_| EngineError::Internal("a time is not JSON"))?;
            self.state().settings().set(NOTICE, value, now).await?;
        }
        let shown = notice.as_ref().map(|notice| notice.reason(now));
        let old = std::mem::replace(&mut *self.lock_notice(), shown.clone());
        if old != shown {
            self.signal(Signal::Status);
        }
        Ok(notice)
    }

    /// Why more is kept than the quota allows, and what will be done about it.
    pub fn cache_notice(&self) -> Option<Reason> {
        self.lock_notice().clone()
    }

    fn lock_notice(&self) -> std::sync::MutexGuard<'_, Option<Reason>> {
        self.inner.notice.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Withdraws archives from those who are offered them, then removes them; says what went.
    pub(crate) async fn let_go(&self, plan: Vec<Evict>) -> Result<Vec<Evict>, EngineError> {
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let complete = |evict: &&Evict| evict.completeness == Completeness::Complete;
        let offered: Vec<Sha256> = plan.iter().filter(complete).map(|evict| evict.sha256).collect();
        self.withdraw(&offered).await?;
        let engine = self.clone();
        let gone = blocking(move || Ok(engine.cache().carry_out(&plan)?)).await?;
        self.state().seeds().forget(gone.iter().map(|evict| evict.sha256).collect()).await?;
        for evict in &gone {
            let (archive, size, reason) = (evict.sha256.short(), evict.size, evict.reason);
            tracing::info!(%archive, size, ?reason, protection = ?evict.protection, "an archive went");
        }
        self.inner.meter.evicted(&gone);
        self.signal(Signal::Status);
        Ok(gone)
    }
}
