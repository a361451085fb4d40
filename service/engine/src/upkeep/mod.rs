//! Updates without anybody asking: how far they go for which profile and package, and what is told of them.
//!
//! A profile has a policy, and packages in it may be subscribed to, which takes them farther than the policy does
//! ([`decide`], pure). What may be chosen is [`ripe`]; one task looks and acts ([`drive`]). What is applied is a change like
//! any other, agreed to by the plan that was judged: all or nothing, with a state of the history.

mod decide;
mod drive;
mod feed;
mod ripe;
mod skip;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use jiff::Timestamp;
use muster_cache::ArchiveLease;
use muster_domain::{ProfileId, Sha256, Version};
use muster_store::state::Profile;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{Engine, EngineError, Key, Problem, Reason, Signal};

pub use decide::{Subscription, UpdatePolicy};
use decide::{Upkeep, WAIT};
pub(crate) use ripe::Unripe;
pub use skip::Skip;
pub(crate) use skip::{News, is_passed_over, left_out};

/// What the engine keeps in memory of it.
#[derive(Default)]
pub(crate) struct Upkeeping {
    /// Held while it is written down how a profile is kept up to date.
    writing: tokio::sync::Mutex<()>,
    stirred: Notify,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    reports: BTreeMap<ProfileId, Report>,
    /// What is being fetched, with what ends that.
    coming: BTreeMap<Sha256, CancellationToken>,
    /// What was fetched and waits to be used stays.
    kept: Vec<ArchiveLease>,
    /// The last change that was made of each profile, so that one that fails is not tried again at once.
    tried: BTreeMap<ProfileId, (String, Instant)>,
}

impl Upkeeping {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far an update has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpkeepState {
    /// Not on offer for long enough; until then it waits.
    Waits { until: Timestamp },
    /// Its archive is fetched, or will be.
    Comes,
    /// Its archive is here.
    Ready,
    /// The player has to decide.
    Asks,
}

/// An update of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpkeepItem {
    pub key: Key,
    pub title: String,
    pub from: Option<Version>,
    pub to: Version,
    pub state: UpkeepState,
}

/// What the last look at a profile found.
#[derive(Clone, Debug, Default, PartialEq)]
struct Report {
    items: Vec<UpkeepItem>,
    reasons: Vec<Reason>,
    problem: Option<Problem>,
    checked: Option<Timestamp>,
}

impl Report {
    /// Whether a player sees the same.
    fn shows_the_same(&self, other: &Self) -> bool {
        (&self.items, &self.reasons, &self.problem) == (&other.items, &other.reasons, &other.problem)
    }
}

/// A subscription, as it is shown.
#[derive(Clone, Debug)]
pub struct SubscriptionView {
    pub key: Key,
    pub title: String,
    pub policy: UpdatePolicy,
    /// Whether the profile has the package.
    pub is_installed: bool,
}

/// How a profile is kept up to date, and what is to be told of it.
#[derive(Clone, Debug)]
pub struct UpkeepView {
    pub profile: ProfileId,
    pub name: String,
    pub policy: UpdatePolicy,
    pub subscriptions: Vec<SubscriptionView>,
    pub items: Vec<UpkeepItem>,
    /// Why something waits, or why the player has to decide.
    pub reasons: Vec<Reason>,
    /// Why it could not be looked at.
    pub problem: Option<Problem>,
    /// When it was looked at last, in this run of the service.
    pub checked: Option<Timestamp>,
}

/// What to change about how a profile is kept up to date.
#[derive(Clone, Debug, Default)]
pub struct UpkeepPatch {
    pub policy: Option<UpdatePolicy>,
    /// [`UpdatePolicy::Off`] ends a subscription.
    pub subscribe: Vec<Subscription>,
    /// Versions that are not offered any more, or are again.
    pub skip: Vec<Skip>,
}

fn upkeep_of(profile: &Profile) -> Result<Upkeep, EngineError> {
    serde_json::from_value(profile.upkeep.clone())
        .map_err(|_| EngineError::Internal("how a profile is kept up to date cannot be read"))
}

impl Engine {
    /// How each profile is kept up to date.
    pub async fn upkeep(&self) -> Result<Vec<UpkeepView>, EngineError> {
        let mut views = Vec::new();
        for profile in self.state().profiles().all().await? {
            let Upkeep { policy, subscriptions, .. } = upkeep_of(&profile)?;
            let report = self.inner.upkeeping.memory().reports.get(&profile.id).cloned().unwrap_or_default();
            let mut shown = Vec::new();
            for Subscription { key, policy } in subscriptions {
                let title = self.title(&key).await;
                let is_installed = profile.lock.get(&key.source, &key.id).is_some();
                shown.push(SubscriptionView { title, is_installed, key, policy });
            }
            views.push(UpkeepView {
                profile: profile.id,
                name: profile.name,
                policy,
                subscriptions: shown,
                items: report.items,
                reasons: report.reasons,
                problem: report.problem,
                checked: report.checked,
            });
        }
        Ok(views)
    }

    /// Changes how a profile is kept up to date. What was fetched for it stays in the cache by the cache's own rules.
    ///
    /// # Errors
    /// [`EngineError::NotInstalled`] for a subscription to a package that the profile does not have;
    /// [`EngineError::PlanChanged`] where a version to skip is not the one on offer.
    pub async fn set_upkeep(&self, id: ProfileId, patch: UpkeepPatch) -> Result<(), EngineError> {
        let _turn = self.inner.upkeeping.writing.lock().await;
        let profile = self.profile(id).await?;
        let mut upkeep = upkeep_of(&profile)?;
        if let Some(policy) = patch.policy {
            upkeep.policy = policy;
        }
        for subscription in patch.subscribe {
            let Key { source, id } = &subscription.key;
            if subscription.policy != UpdatePolicy::Off && profile.lock.get(source, id).is_none() {
                return Err(EngineError::NotInstalled { id: id.clone() });
            }
            upkeep.subscribe(subscription);
        }
        upkeep.skipped = self.skip(&profile, &patch.skip).await?;
        let value =
            serde_json::to_value(&upkeep).map_err(|_| EngineError::Internal("a policy is not JSON"))?;
        self.state().profiles().set_upkeep(id, value).await?;
        self.signal(Signal::ProfileChanged(id));
        self.keep_up_soon();
        Ok(())
    }

    /// Something changed that may change what comes by itself: profiles are looked at soon.
    pub(crate) fn keep_up_soon(&self) {
        self.inner.upkeeping.stirred.notify_one();
    }

    /// Ends what is fetched and not wanted any more; the archives that are wanted and here stay.
    fn settle_coming(&self, wanted: &BTreeSet<Sha256>, kept: Vec<ArchiveLease>) {
        let mut memory = self.inner.upkeeping.memory();
        memory.coming.iter().filter(|(sha256, _)| !wanted.contains(sha256)).for_each(|(_, end)| end.cancel());
        memory.kept = kept;
    }
}
