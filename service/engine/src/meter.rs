//! Counting: bytes by source and direction, jobs by outcome, evictions by reason, since the service started.
//!
//! The transfers show bytes per run of a transfer, and a run starts over at nought; here they only grow. Bytes that a
//! later run finds on the disk because an earlier one fetched them are not counted as having been here.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use muster_cache::{Evict, Reason as EvictReason};
use muster_domain::{Sha256, Tier};
use muster_transfer::{Snapshot, SourceSplit, TransferView};

use crate::{Engine, EngineError, JobKind, Phase, jobs::blocking};

/// What was counted since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes that were on this machine already.
    pub here: u64,
    pub from_servers: u64,
    pub from_peers: u64,
    pub to_peers: u64,
    /// Ended jobs by kind and phase.
    pub jobs: BTreeMap<(JobKind, Phase), u64>,
    /// Archives and bytes that went, by why.
    pub evicted: BTreeMap<&'static str, (u64, u64)>,
    /// Archives that were found damaged, and that were fetched again.
    pub damaged: u64,
    pub repaired: u64,
}

/// Everything that is measured, at one moment.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub totals: Totals,
    /// Transfers by phase and tier.
    pub transfers: BTreeMap<(&'static str, Tier), u64>,
    /// Transfers that wait, by the code of why.
    pub waits: BTreeMap<&'static str, u64>,
    pub unfinished_jobs: u64,
    pub archives: u64,
    pub archive_bytes: u64,
    pub protected_bytes: u64,
    pub unfinished_bytes: u64,
    pub quota: u64,
    /// Archives that wait to be checked.
    pub unchecked: u64,
    pub offered: u64,
    pub connections: u64,
    pub packages: u64,
}

/// What was seen of one transfer.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    split: SourceSplit,
    /// Fetched by earlier runs.
    before: u64,
    /// Counted as having been here.
    here: u64,
}

#[derive(Debug, Default)]
struct Counting {
    totals: Totals,
    transfers: BTreeMap<Sha256, Seen>,
}

/// Counts.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Counting>);

impl Meter {
    fn counting(&self) -> MutexGuard<'_, Counting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over what moved since the last snapshot.
    pub fn observe(&self, snapshot: &Snapshot) {
        let mut guard = self.counting();
        let counting = &mut *guard;
        for transfer in &snapshot.transfers {
            let seen = counting.transfers.entry(transfer.sha256).or_default();
            seen.take_over(transfer, &mut counting.totals);
        }
        counting.transfers.retain(|sha256, _| snapshot.get(sha256).is_some());
        counting.totals.to_peers = counting.totals.to_peers.max(snapshot.given);
    }

    pub fn ended(&self, kind: JobKind, phase: Phase) {
        *self.counting().totals.jobs.entry((kind, phase)).or_default() += 1;
    }

    pub fn evicted(&self, gone: &[Evict]) {
        let mut counting = self.counting();
        for evict in gone {
            let reason = match evict.reason {
                EvictReason::Expired => "expired",
                EvictReason::Quota => "quota",
                EvictReason::Asked => "asked",
            };
            let (archives, bytes) = counting.totals.evicted.entry(reason).or_default();
            *archives += 1;
            *bytes += evict.size;
        }
    }

    pub fn damaged(&self, archives: u64) {
        self.counting().totals.damaged += archives;
    }

    pub fn repaired(&self) {
        self.counting().totals.repaired += 1;
    }
}

impl Seen {
    fn take_over(&mut self, transfer: &TransferView, totals: &mut Totals) {
        let (old, new) = (self.split, transfer.split);
        if new.servers < old.servers || new.peers < old.peers {
            self.before += old.servers + old.peers;
        }
        totals.from_servers += grown(old.servers, new.servers);
        totals.from_peers += grown(old.peers, new.peers);
        let here = new.here.saturating_sub(self.before);
        totals.here += here.saturating_sub(self.here);
        self.here = self.here.max(here);
        self.split = new;
    }
}

/// How much a counter has grown that may have started over.
fn grown(old: u64, new: u64) -> u64 {
    if new >= old { new - old } else { new }
}

impl Engine {
    /// Everything that is measured.
    pub async fn figures(&self) -> Result<Figures, EngineError> {
        let snapshot = self.transfer_snapshot();
        self.inner.meter.observe(&snapshot);
        self.inner.meter.counting().totals.to_peers = self.inner.transfers.given();
        let engine = self.clone();
        let (usage, kept) =
            blocking(move || Ok((engine.cache().usage()?, engine.cache().archives()))).await?;
        let packages = self.usage().await.packages;
        let mut figures = Figures {
            totals: self.inner.meter.counting().totals.clone(),
            unfinished_jobs: self.jobs().iter().filter(|job| !job.phase.is_end()).count() as u64,
            archives: usage.archives,
            archive_bytes: usage.archive_bytes,
            protected_bytes: usage.protected_bytes,
            unfinished_bytes: usage.partial_bytes,
            quota: self.settings().cache_quota,
            connections: snapshot.connections as u64,
            unchecked: kept.iter().filter(|info| !info.is_verified).count() as u64,
            packages,
            ..Figures::default()
        };
        for transfer in &snapshot.transfers {
            *figures.transfers.entry((transfer.phase.as_str(), transfer.tier)).or_default() += 1;
            if let Some(wait) = &transfer.wait {
                *figures.waits.entry(wait.code()).or_default() += 1;
            }
        }
        figures.offered = snapshot.sharing.seeds.iter().filter(|seed| seed.is_offered).count() as u64;
        Ok(figures)
    }
}

#[cfg(test)]
mod tests {
    use muster_transfer::Phase as TransferPhase;

    use super::*;

    fn snapshot(split: SourceSplit, given: u64) -> Snapshot {
        let sha256 = Sha256([1; 32]);
        let transfer = TransferView {
            sha256,
            name: String::new(),
            tier: Tier::User,
            place: 0,
            phase: TransferPhase::Fetching,
            wait: None,
            size: 1_000,
            done: 0,
            split,
            rate: 0,
            eta: None,
            peers: 0,
            failure: None,
            wants: 1,
        };
        Snapshot { transfers: vec![transfer], given, ..Snapshot::default() }
    }

    #[test]
    fn totals_only_grow_and_a_pause_turns_nothing_into_bytes_that_were_here() {
        let meter = Meter::default();
        let split = |here, servers, peers| SourceSplit { here, servers, peers };
        for (split, given) in [
            (split(100, 0, 0), 0),
            (split(100, 200, 50), 10),
            (split(0, 0, 0), 10),
            // The second run finds what the first one had and fetched.
            (split(350, 0, 0), 25),
            (split(350, 300, 50), 30),
        ] {
            meter.observe(&snapshot(split, given));
        }
        let totals = meter.counting().totals.clone();
        assert_eq!((totals.here, totals.from_servers, totals.from_peers), (100, 500, 100));
        assert_eq!(totals.to_peers, 30);
        meter.observe(&Snapshot::default());
        assert!(meter.counting().transfers.is_empty(), "what is over is forgotten");
    }
}
