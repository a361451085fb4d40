//! The one task that keeps profiles up to date.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use muster_cache::ArchiveLease;
use muster_domain::{Coded as _, LockedPackage, Sha256};
use muster_store::state::Profile;
use tokio_util::sync::CancellationToken;

use super::{
    Report, Unripe, UpdatePolicy, UpkeepItem, UpkeepState, WAIT,
    decide::{Scope, Situation, Step, Wait, comes_ahead, next, objections},
    feed, upkeep_of,
};
use crate::{
    ChangeRequest, Engine, EngineError, Item, Key, Problem, Reason, Signal,
    change::Unattended,
    jobs::{JobRequest, blocking, submit},
    settle::{Settlement, settle},
};

/// Longest time between two looks.
const EVERY: Duration = Duration::from_secs(600);
/// The same while a game or a job is waited for.
const SOON: Duration = Duration::from_secs(10);
/// Changes that come together lead to one look.
const PAUSE: Duration = Duration::from_millis(300);
/// How long after a change that did not succeed the same one is tried again.
const AGAIN: Duration = Duration::from_secs(3600);

/// What one look goes by and finds for all profiles.
pub(super) struct Look {
    pub now: Timestamp,
    is_playing: bool,
    /// Archives that shall be here.
    wanted: BTreeSet<Sha256>,
    kept: Vec<ArchiveLease>,
    /// Bytes that may still be kept.
    room: u64,
    /// Something is waited for that nobody tells of.
    is_impatient: bool,
}

impl Engine {
    /// Looks again and again until the engine closes.
    pub(crate) async fn keep_up(&self) {
        loop {
            let pause = tokio::select! {
                () = self.closing().cancelled() => return,
                pause = self.look_at_all() => pause,
            };
            tokio::select! {
                () = self.closing().cancelled() => return,
                () = tokio::time::sleep(pause) => {}
                () = self.inner.upkeeping.stirred.notified() => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Looks at every profile that is kept up to date; gives when to look again without being told.
    async fn look_at_all(&self) -> Duration {
        match self.try_all().await {
            Ok(true) => SOON,
            Ok(false) => EVERY,
            Err(error) => {
                tracing::warn!(code = error.code(), %error, "profiles cannot be kept up to date");
                EVERY
            }
        }
    }

    async fn try_all(&self) -> Result<bool, EngineError> {
        let profiles = self.state().profiles().all().await?;
        let mut kept_up = Vec::new();
        for profile in profiles {
            match upkeep_of(&profile)?.is_off() {
                true => drop(self.inner.upkeeping.memory().reports.remove(&profile.id)),
                false => kept_up.push(profile),
            }
        }
        if kept_up.is_empty() {
            self.settle_coming(&BTreeSet::new(), Vec::new());
            return Ok(false);
        }
        let mut look = self.begin_look().await?;
        for profile in kept_up {
            let report = match self.look_at(&profile, &mut look).await {
                Ok(report) => report,
                Err(error) => {
                    tracing::info!(profile = profile.name, code = error.code(), %error, "no look at a profile");
                    Report { problem: Some(Problem::of(&error)), ..Report::default() }
                }
            };
            let report = Report { checked: Some(look.now), ..report };
            let old = self.inner.upkeeping.memory().reports.insert(profile.id, report.clone());
            if !old.unwrap_or_default().shows_the_same(&report) {
                self.signal(Signal::ProfileChanged(profile.id));
            }
        }
        let Look { wanted, kept, is_impatient, .. } = look;
        self.settle_coming(&wanted, kept);
        Ok(is_impatient)
    }

    async fn begin_look(&self) -> Result<Look, EngineError> {
        let (engine, settings) = (self.clone(), self.settings());
        let (is_playing, used) =
            blocking(move || Ok((engine.machine().is_playing(), engine.cache().usage()?.archive_bytes)))
                .await?;
        Ok(Look {
            now: Timestamp::now(),
            is_playing: is_playing && !settings.rules.background_while_playing,
            wanted: BTreeSet::new(),
            kept: Vec::new(),
            room: settings.cache_quota.saturating_sub(used),
            is_impatient: false,
        })
    }

    async fn look_at(&self, profile: &Profile, look: &mut Look) -> Result<Report, EngineError> {
        let mut report = Report::default();
        let seen_before = look.now.saturating_sub(WAIT).unwrap_or(Timestamp::MIN);
        let upkeep = upkeep_of(profile)?;
        let followed = self.followed(profile.id).await?.filter(|_| upkeep.policy != UpdatePolicy::Off);
        if let Some(followed) = &followed {
            match self.look_at_feed((profile, followed), upkeep.policy, (look, &mut report)).await {
                Ok(true) => return Ok(report),
                Ok(false) => {}
                Err(error) => {
                    tracing::info!(profile = profile.name, code = error.code(), %error, "no look at what is followed");
                    let explanation = error.explanation().cloned();
                    report.problem = Some(Problem { explanation, ..Problem::of(&error) });
                }
            }
        }
        for (policy, scope) in upkeep.scopes(&profile.lock) {
            let scope = match &followed {
                Some(followed) => feed::without_followed(scope, &profile.lock, followed),
                None => Some(scope),
            };
            let Some(scope) = scope else { continue };
            let mut request =
                ChangeRequest { unattended: Some(Unattended { seen_before }), ..ChangeRequest::default() };
            match scope {
                Scope::Everything => request.update_all = true,
                Scope::Only(keys) => request.update = keys,
            }
            let settlement = match settle(self, profile, &request).await {
                Ok(settlement) => settlement,
                Err(error) => {
                    tracing::info!(profile = profile.name, code = error.code(), %error, "no update is found");
                    let explanation = error.explanation().cloned();
                    report.problem = Some(Problem { explanation, ..Problem::of(&error) });
                    continue;
                }
            };
            self.add_waiting(profile, &settlement.unripe, &mut report).await;
            if settlement.items.is_empty() {
                continue;
            }
            // One change at a time: what comes after it is looked at when it is over.
            if self.go_on(profile, (policy, request), settlement, look, &mut report).await? {
                break;
            }
        }
        Ok(report)
    }

    /// Does what is next for an update that was found; whether a job was made of it.
    pub(super) async fn go_on(
        &self,
        profile: &Profile,
        (policy, request): (UpdatePolicy, ChangeRequest),
        settlement: Settlement,
        look: &mut Look,
        report: &mut Report,
    ) -> Result<bool, EngineError> {
        let Settlement { items, stranger, notices, digest, .. } = settlement;
        let by_hand = self.left_as_they_are(profile, &items).await?;
        let reasons = objections(&items, stranger.as_ref(), &notices, &by_hand);
        let ahead: Vec<&LockedPackage> =
            items.iter().filter(|item| comes_ahead(item)).filter_map(|item| item.after.as_ref()).collect();
        let missing: Vec<&LockedPackage> =
            ahead.iter().copied().filter(|package| !self.is_here(&package.archive.sha256)).collect();
        let brings = |item: &&Item| item.brings_bytes() && !item.package().kind.is_collection();
        let bytes: u64 = missing.iter().map(|package| package.archive.size).sum();
        let step = next(&Situation {
            policy,
            is_free: reasons.is_empty(),
            missing: bytes,
            has_awaited: items.iter().filter(brings).count() > ahead.len(),
            room: look.room,
            is_playing: look.is_playing,
            is_played: profile.active && self.is_played(profile).await?,
            is_busy: self.is_busy(profile).await?,
            is_offline: self.settings().offline,
        });
        tracing::debug!(profile = profile.name, ?step, items = items.len(), "an update was found");
        if step != Step::Tell {
            look.wanted.extend(ahead.iter().map(|package| package.archive.sha256));
            for package in &ahead {
                look.kept.extend(self.cache().lease(&package.archive.sha256, look.now));
            }
        }
        let mut is_made = false;
        match step {
            Step::Tell => report.reasons.extend(reasons),
            Step::Wait(wait) => {
                look.is_impatient |= matches!(wait, Wait::Game | Wait::Job);
                report.reasons.push(Reason::new(wait.code()));
            }
            Step::Fetch => {
                look.room = look.room.saturating_sub(bytes);
                missing.iter().for_each(|package| self.bring(package));
            }
            Step::Ready => {}
            Step::Apply => is_made = self.apply_update(profile, request, digest, &items).await?,
        }
        self.add_items(&items, step, report).await;
        Ok(is_made)
    }

    /// Makes the update, as it was judged; false where the same one was tried a short time ago.
    async fn apply_update(
        &self,
        profile: &Profile,
        mut request: ChangeRequest,
        digest: String,
        items: &[Item],
    ) -> Result<bool, EngineError> {
        let last = self.inner.upkeeping.memory().tried.get(&profile.id).cloned();
        if last.is_some_and(|(tried, at)| tried == digest && at.elapsed() < AGAIN) {
            return Ok(false);
        }
        let mut subjects = Vec::new();
        for item in items {
            subjects.push(self.title(&Key::of(item.package())).await);
        }
        request.agreed = Some(digest.clone());
        let request = JobRequest::Change { request: Box::new(request), subjects };
        let job = submit(self, Some(profile.id), request).await?;
        tracing::info!(profile = profile.name, %job, packages = items.len(), "an update is made by itself");
        self.inner.upkeeping.memory().tried.insert(profile.id, (digest, Instant::now()));
        Ok(true)
    }

    /// Whether a job or a lobby has the profile.
    async fn is_busy(&self, profile: &Profile) -> Result<bool, EngineError> {
        let has_job = self.jobs().iter().any(|job| job.profile == Some(profile.id) && !job.phase.is_end());
        Ok(has_job || self.is_in_lobby(profile.id).await?)
    }

    /// Fetches an archive behind everything else, unless that is done already.
    fn bring(&self, package: &LockedPackage) {
        let sha256 = package.archive.sha256;
        let end = CancellationToken::new();
        {
            let mut memory = self.inner.upkeeping.memory();
            if memory.coming.contains_key(&sha256) {
                return;
            }
            memory.coming.insert(sha256, end.clone());
        }
        let (engine, package) = (self.clone(), package.clone());
        self.spawn(async move {
            let brought = tokio::select! {
                brought = engine.wait_for_archive(&package) => Some(brought),
                () = end.cancelled() => None,
                () = engine.closing().cancelled() => None,
            };
            engine.inner.upkeeping.memory().coming.remove(&sha256);
            match brought {
                Some(Ok(())) => {
                    if let Err(error) = engine.remember(&[package]).await {
                        tracing::warn!(%error, "it could not be written down what was fetched");
                    }
                    engine.keep_up_soon();
                }
                // The next look tries again; the list of downloads says why.
                Some(Err(error)) => tracing::info!(package = %package.id, %error, "an update does not come"),
                None => {}
            }
        });
    }

    pub(super) async fn add_waiting(&self, profile: &Profile, unripe: &[Unripe], report: &mut Report) {
        for Unripe { key, version, seen, .. } in unripe {
            if report.items.iter().any(|item| item.key == *key) {
                continue;
            }
            let until = seen.saturating_add(WAIT).unwrap_or(Timestamp::MAX);
            report.items.push(UpkeepItem {
                title: self.title(key).await,
                from: profile.lock.get(&key.source, &key.id).map(|package| package.version.clone()),
                to: version.clone(),
                key: key.clone(),
                state: UpkeepState::Waits { until },
            });
        }
    }

    async fn add_items(&self, items: &[Item], step: Step, report: &mut Report) {
        for item in items {
            let Some(after) = &item.after else { continue };
            let key = Key::of(after);
            let state = match step {
                Step::Tell => UpkeepState::Asks,
                _ if self.is_here(&after.archive.sha256) => UpkeepState::Ready,
                _ => UpkeepState::Comes,
            };
            // What can be had now is more than what comes later.
            report.items.retain(|shown| shown.key != key);
            report.items.push(UpkeepItem {
                title: self.title(&key).await,
                from: item.before.as_ref().map(|before| before.version.clone()),
                to: after.version.clone(),
                key,
                state,
            });
        }
    }
}
