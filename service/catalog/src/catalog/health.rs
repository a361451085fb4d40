//! How sources are doing, as people are told.

use std::sync::{Arc, PoisonError};

use jiff::{SignedDuration, Timestamp};
use muster_store::state::{self, SyncMark};

use super::{Catalog, Member};
use crate::{Result, breaker::BreakerState};

/// How a source is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Never synced.
    New,
    /// Its newest statement is valid.
    Fresh,
    /// Its newest statement has expired.
    Late,
    /// The last sync failed; what was known before is served.
    Failed,
}

/// A source and how it is doing.
#[derive(Clone, Debug)]
pub struct Health {
    pub source: state::Source,
    pub status: Status,
    /// Since the last good sync.
    pub age: Option<SignedDuration>,
    /// Until when it is left alone after failing several times.
    pub resting_until: Option<Timestamp>,
    /// Packages of it that can be found.
    pub packages: u64,
}

impl Catalog {
    /// How the sources in `state` are doing.
    pub async fn health(&self, now: Timestamp) -> Result<Vec<Health>> {
        let counts = self.database.counts().await?;
        let sources = self.state.sources().all().await?;
        let health = |source: state::Source| {
            let member = self.member(&source.id).ok();
            let breaker = |member: &Arc<Member>| match member
                .breaker
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .state()
            {
                BreakerState::Open { until } if until > now => Some(until),
                _ => None,
            };
            let registry = member.as_ref().and_then(|member| member.registry.clone());
            let expires =
                registry.and_then(|registry| registry.client().status()).map(|status| status.expires);
            let status = match source.marks.last() {
                None => Status::New,
                Some(SyncMark::Failed) => Status::Failed,
                Some(SyncMark::Done) if expires.is_none_or(|at| at > now) => Status::Fresh,
                Some(SyncMark::Done | SyncMark::Late) => Status::Late,
            };
            Health {
                status,
                age: source.succeeded_at.map(|at| now.duration_since(at)),
                resting_until: member.as_ref().and_then(breaker),
                packages: counts.get(&source.id).copied().unwrap_or(0),
                source,
            }
        };
        Ok(sources.into_iter().map(health).collect())
    }
}
