//! Bringing sources up to date: all at once, each by itself, patiently, and writing down how it went.

use std::sync::PoisonError;

use futures::stream::{FuturesUnordered, Stream};
use jiff::{SignedDuration, Timestamp};
use muster_domain::{Coded as _, SourceId};
use muster_store::state::{Problem, SyncMark, SyncOutcome};

use super::{Catalog, Member};
use crate::{
    Error, Examined, Result, Synced,
    breaker::{BreakerState, backoff},
    transport::FetchError,
};

impl Catalog {
    /// Syncs all sources at once and tells of each as soon as it is done, so that none waits for a slow one. One that
    /// rests after failing is left alone, as are all on other machines in offline mode. `jitter` gives numbers from 0 to
    /// 1.
    pub fn sync_all(
        &self,
        now: Timestamp,
        jitter: impl Fn() -> f64,
    ) -> impl Stream<Item = (SourceId, Result<Synced>)> + Unpin {
        let sources = self.sources().into_iter().filter(|id| self.may_ask(id));
        let syncs = sources.map(|id| {
            let jitter = jitter();
            async move {
                let outcome = match self.may_pass(&id, now) {
                    Ok(()) => self.sync(&id, now, jitter).await,
                    Err(resting) => Err(resting),
                };
                (id, outcome)
            }
        });
        syncs.collect::<FuturesUnordered<_>>()
    }

    /// Asks the service of a source for one of each answer that it lives from, and holds it against what reads it.
    /// Nothing is kept. Empty for sources whose format is Muster's own.
    ///
    /// # Errors
    /// [`Error::Unreachable`] in offline mode; what fails in asking is told of the answer that it concerns.
    pub async fn examine(&self, id: &SourceId) -> Result<Vec<Examined>> {
        let member = self.member(id)?;
        self.check_may_ask(id)?;
        Ok(member.source.examine().await)
    }

    fn check_may_ask(&self, id: &SourceId) -> Result<()> {
        if self.may_ask(id) {
            return Ok(());
        }
        let error = FetchError::SwitchedOff { host: id.to_string() };
        Err(Error::Unreachable { source_id: id.clone(), error })
    }

    fn may_ask(&self, id: &SourceId) -> bool {
        !self.preferences.is_offline() || self.member(id).is_ok_and(|member| member.source.is_local())
    }

    fn may_pass(&self, id: &SourceId, now: Timestamp) -> Result<()> {
        let member = self.member(id)?;
        let mut breaker = member.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        if breaker.try_pass(now) {
            return Ok(());
        }
        let until = match breaker.state() {
            BreakerState::Open { until } => until,
            BreakerState::Closed { .. } | BreakerState::HalfOpen { .. } => now,
        };
        Err(Error::Resting { source_id: id.clone(), until })
    }

    /// Syncs one source now, also one that rests: the player asked. The outcome is recorded in `state`.
    pub async fn sync(&self, id: &SourceId, now: Timestamp, jitter: f64) -> Result<Synced> {
        let member = self.member(id)?;
        self.check_may_ask(id)?;
        let _turn = member.turn.lock().await;
        let outcome = self.sync_patiently(&member, now, jitter).await;
        // What a failed sync put in before it failed counts, too.
        self.read_advice().await;
        if outcome.is_ok() {
            self.mark_downloads(&member, now).await;
        }
        let refreshed = self.take_over().await;
        self.record(&member, &outcome, now, jitter).await?;
        refreshed?;
        outcome
    }

    async fn sync_patiently(&self, member: &Member, now: Timestamp, jitter: f64) -> Result<Synced> {
        let mut tried = 0;
        loop {
            let sync = member.source.sync(&self.database, now);
            let outcome = tokio::time::timeout(self.patience.whole, sync)
                .await
                .unwrap_or_else(|_| Err(member.timed_out()));
            tried += 1;
            match outcome {
                Err(error)
                    if error.is_temporary() && error.pause().is_none() && tried < self.patience.tries =>
                {
                    tracing::debug!(%error, tried, "a sync is tried again");
                    let wait =
                        backoff(self.patience.first_wait, SignedDuration::from_secs(30), tried - 1, jitter);
                    tokio::time::sleep(wait.unsigned_abs()).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Makes what is in the database searchable.
    pub(super) async fn take_over(&self) -> Result<()> {
        self.forget_trends().await;
        self.searcher.refresh().await?;
        self.searcher.keep_index().await;
        Ok(())
    }

    async fn record(
        &self,
        member: &Member,
        outcome: &Result<Synced>,
        now: Timestamp,
        jitter: f64,
    ) -> Result<()> {
        let (mark, problem) = match outcome {
            Ok(synced) if synced.broken.is_empty() => (SyncMark::Done, None),
            Ok(synced) => {
                let source_id = member.source.id().clone();
                (SyncMark::Late, Some(Problem::of(&Error::Shards { source_id, shards: synced.broken.len() })))
            }
            Err(error) if is_expiry(error) => (SyncMark::Late, Some(Problem::of(error))),
            Err(error) => (SyncMark::Failed, Some(Problem::of(error))),
        };
        {
            let mut breaker = member.breaker.lock().unwrap_or_else(PoisonError::into_inner);
            let pause = outcome.as_ref().err().and_then(Error::pause);
            match pause.and_then(|pause| now.checked_add(pause).ok()) {
                Some(until) => breaker.rest(until),
                None if mark == SyncMark::Failed => breaker.fail(now, jitter),
                None => breaker.succeed(),
            }
        }
        let recorded =
            self.state.sources().record_sync(member.source.id(), SyncOutcome { mark, at: now, problem });
        match recorded.await {
            // Sources that are not in the player's list have nothing to be recorded in.
            Ok(()) | Err(muster_store::Error::Missing { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the source was reached, but what it says is past its date.
fn is_expiry(error: &Error) -> bool {
    matches!(error, Error::Registry { error, .. } if error.code() == "registry-expired")
}
