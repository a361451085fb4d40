//! How far many packages are together: per job, and over everything that is on its way. Pure.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{JobId, Sha256};
use muster_transfer::{Phase as TransferPhase, TransferView};

use crate::{Engine, JobView, Phase};

/// Rates change too fast to promise more than this, in seconds.
const LONGEST_ETA: u64 = 30 * 86_400;

/// How far some archives are together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Archives, and how many of them are complete.
    pub archives: u32,
    pub complete: u32,
    /// Bytes, and how many of them are on this machine.
    pub total: u64,
    pub done: u64,
    /// Bytes by where they came from: this machine, servers, peers.
    pub here: u64,
    pub servers: u64,
    pub peers: u64,
    /// Bytes per second.
    pub rate: u64,
    /// Seconds left, if bytes flow.
    pub eta: Option<u64>,
}

/// The archives that one job brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub job: JobId,
    /// What the player asked for, by title.
    pub subjects: Vec<String>,
    pub sum: Sum,
}

/// Every unfinished job that brings archives, oldest first, and all archives on their way, each counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub groups: Vec<Group>,
    pub all: Sum,
}

/// Sums up. Of archives that the queue does not know, `is_here` says whether they are complete on this machine.
pub(crate) fn progress(
    jobs: &[JobView],
    transfers: &[TransferView],
    is_here: &dyn Fn(&Sha256) -> bool,
) -> Progress {
    let by_hash: BTreeMap<Sha256, &TransferView> = transfers.iter().map(|t| (t.sha256, t)).collect();
    let mut groups = Vec::new();
    let mut counted: BTreeSet<Sha256> = BTreeSet::new();
    let mut all = Sum::default();
    // Jobs are given newest first.
    for job in jobs.iter().rev().filter(|job| (Phase::Fetching..Phase::Done).contains(&job.phase)) {
        let mut sum = Sum::default();
        let mut members: BTreeSet<Sha256> = BTreeSet::new();
        for member in &job.members {
            let Some(sha256) = member.sha256.filter(|sha256| members.insert(*sha256)) else { continue };
            let one = match by_hash.get(&sha256) {
                Some(transfer) => of(transfer),
                None if is_here(&sha256) => complete(member.size),
                None => Sum { archives: 1, total: member.size, ..Sum::default() },
            };
            sum.add(&one);
            if counted.insert(sha256) {
                all.add(&one);
            }
        }
        if sum.archives > 0 {
            groups.push(Group { job: job.id, subjects: job.subjects.clone(), sum: sum.finished() });
        }
    }
    for transfer in transfers.iter().filter(|transfer| transfer.phase != TransferPhase::Done) {
        if counted.insert(transfer.sha256) {
            all.add(&of(transfer));
        }
    }
    Progress { groups, all: all.finished() }
}

fn complete(size: u64) -> Sum {
    Sum { archives: 1, complete: 1, total: size, done: size, here: size, ..Sum::default() }
}

fn of(transfer: &TransferView) -> Sum {
    let is_complete = matches!(transfer.phase, TransferPhase::Done | TransferPhase::Verifying);
    Sum {
        archives: 1,
        complete: u32::from(transfer.phase == TransferPhase::Done),
        total: transfer.size,
        done: if is_complete { transfer.size } else { transfer.done.min(transfer.size) },
        here: transfer.split.here,
        servers: transfer.split.servers,
        peers: transfer.split.peers,
        rate: transfer.rate,
        eta: None,
    }
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.archives += other.archives;
        self.complete += other.complete;
        self.total = self.total.saturating_add(other.total);
        self.done = self.done.saturating_add(other.done);
        self.here = self.here.saturating_add(other.here);
        self.servers = self.servers.saturating_add(other.servers);
        self.peers = self.peers.saturating_add(other.peers);
        self.rate = self.rate.saturating_add(other.rate);
    }

    fn finished(mut self) -> Self {
        let is_flowing = self.rate > 0;
        self.eta = is_flowing.then(|| self.left().div_ceil(self.rate).min(LONGEST_ETA));
        self
    }

    /// Bytes that are still to come.
    pub fn left(&self) -> u64 {
        self.total - self.done
    }
}

impl Engine {
    /// How far everything is.
    pub fn progress(&self) -> Progress {
        let is_here = |sha256: &Sha256| self.cache().contains(sha256) || self.stores().lease(sha256).is_ok();
        progress(&self.jobs(), &self.transfer_snapshot().transfers, &is_here)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use muster_domain::Tier;
    use muster_transfer::SourceSplit;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{JobKind, JobMember};

    fn transfer(name: u8, size: u64, done: u64, rate: u64) -> TransferView {
        TransferView {
            sha256: Sha256([name; 32]),
            name: name.to_string(),
            tier: Tier::User,
            place: 0,
            phase: if done == size { TransferPhase::Done } else { TransferPhase::Fetching },
            wait: None,
            size,
            done,
            split: SourceSplit { here: 0, servers: done, peers: 0 },
            rate,
            eta: None,
            peers: 0,
            failure: None,
            wants: 1,
        }
    }

    fn job(phase: Phase, members: &[(u8, u64)]) -> JobView {
        let member = |(name, size): &(u8, u64)| JobMember {
            source: "folder:x".parse().expect("a source"),
            id: "p/a".parse().expect("an id"),
            title: name.to_string(),
            version: None,
            size: *size,
            sha256: Some(Sha256([*name; 32])),
        };
        JobView {
            id: JobId(Uuid::now_v7()),
            kind: JobKind::Change,
            profile: None,
            phase,
            subjects: vec!["A".into()],
            members: members.iter().map(member).collect(),
            done: 0,
            total: 0,
            step: None,
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            problem: None,
            generation: None,
        }
    }

    #[test]
    fn jobs_are_summed_apart_and_what_they_share_is_counted_once_in_all() {
        let transfers =
            [transfer(1, 100, 40, 10), transfer(2, 50, 50, 0), transfer(3, 30, 0, 5), transfer(4, 9, 9, 0)];
        let [newer, older] = [&[(2, 50), (3, 30), (8, 6)][..], &[(1, 100), (2, 50), (9, 7)]]
            .map(|members| job(Phase::Fetching, members));
        let ended = job(Phase::Done, &[(4, 9)]);
        let waiting = job(Phase::Waiting, &[(1, 100)]);
        let jobs = [ended, waiting, newer.clone(), older.clone()];
        let found = progress(&jobs, &transfers, &|sha256| *sha256 == Sha256([9; 32]));
        let rows: Vec<_> =
            found.groups.iter().map(|g| (g.job, g.sum.total, g.sum.left(), g.sum.eta)).collect();
        assert_eq!(rows, [(older.id, 157, 60, Some(6)), (newer.id, 86, 36, Some(8))]);
        assert_eq!((found.all.archives, found.all.complete, found.all.total), (5, 2, 193));
        assert_eq!((found.all.left(), found.all.rate, found.all.eta), (96, 15, Some(7)));
    }

    proptest! {
        #[test]
        fn nothing_is_more_than_complete_and_no_sum_is_less_than_its_parts(
            rows in prop::collection::vec((1u64..1_000_000, 0u64..2_000_000, 0u64..1_000), 0..20),
        ) {
            let transfers: Vec<_> =
                (0u8..).zip(&rows).map(|(name, (size, done, rate))| transfer(name, *size, *done, *rate)).collect();
            let members: Vec<_> = (0u8..).zip(&rows).map(|(name, (size, ..))| (name, *size)).collect();
            let found = progress(&[job(Phase::Fetching, &members)], &transfers, &|_| false);
            prop_assert!(found.all.done <= found.all.total);
            prop_assert_eq!(found.all.archives as usize, rows.len());
            if let Some(group) = found.groups.first() {
                prop_assert_eq!(group.sum, found.all);
            }
            prop_assert_eq!(found.all.eta.is_some(), rows.iter().any(|(_, _, rate)| *rate > 0));
        }
    }
}
