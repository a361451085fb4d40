//! What a listener was told of long lists, so that only what changed is told again. Pure.
//!
//! A change of five hundred mods has as many members and brings as many archives. Both are told four times a second while
//! it goes on, and little of them differs from one time to the next.

use std::collections::HashMap;

use muster_api::{Job, JobChange, JobMember, Snapshot, Transfer, Transfers, TransfersChange};

/// What one listener knows.
#[derive(Debug, Default)]
pub(super) struct Told {
    transfers: HashMap<String, Transfer>,
    /// Of jobs that are not over: subjects and members.
    jobs: HashMap<String, (Vec<String>, Vec<JobMember>)>,
}

impl Told {
    /// What the snapshot tells, and the snapshot as it is sent: nobody waits for the members of a job that is over.
    pub fn by(mut snapshot: Snapshot) -> (Self, Snapshot) {
        let mut told = Self::default();
        for job in &mut snapshot.jobs {
            match job.phase.is_end() {
                true => job.members = Vec::new(),
                false => told.remember(job),
            }
        }
        told.transfers = by_hash(&snapshot.transfers.transfers);
        (told, snapshot)
    }

    fn remember(&mut self, job: &Job) {
        self.jobs.insert(job.id.clone(), (job.subjects.clone(), job.members.clone()));
    }

    /// A job as it is told now.
    pub fn job(&mut self, mut job: Job) -> JobChange {
        let known = self.jobs.get(&job.id);
        let is_as_before =
            known.is_some_and(|(subjects, members)| *subjects == job.subjects && *members == job.members);
        match job.phase.is_end() {
            true => drop(self.jobs.remove(&job.id)),
            false if !is_as_before => self.remember(&job),
            false => {}
        }
        if is_as_before {
            (job.subjects, job.members) = (Vec::new(), Vec::new());
        }
        JobChange { job, is_as_before }
    }

    /// The transfers as they are told now.
    pub fn transfers(&mut self, now: Transfers) -> TransfersChange {
        let Transfers { transfers, paused, down, down_peers, down_servers, up, mut groups, all } = now;
        let current = by_hash(&transfers);
        let is_new = |transfer: &Transfer| self.transfers.get(&transfer.sha256) != Some(transfer);
        let changed = transfers.into_iter().filter(is_new).collect();
        let gone = self.transfers.keys().filter(|hash| !current.contains_key(*hash)).cloned().collect();
        groups.iter_mut().for_each(|group| group.subjects = Vec::new());
        self.transfers = current;
        TransfersChange { changed, gone, paused, down, down_peers, down_servers, up, groups, all }
    }
}

fn by_hash(transfers: &[Transfer]) -> HashMap<String, Transfer> {
    transfers.iter().map(|transfer| (transfer.sha256.clone(), transfer.clone())).collect()
}

#[cfg(test)]
mod tests {
    use muster_api::{JobKind, Lane, PackageKey, Phase, TransferGroup, TransferState, TransferSum};

    use super::*;

    fn transfer(hash: &str, from_peers: u64) -> Transfer {
        Transfer {
            sha256: hash.to_owned(),
            name: hash.to_owned(),
            lane: Lane::User,
            position: 0,
            state: TransferState::Active,
            reason: None,
            size: 10,
            here: 0,
            from_peers,
            from_servers: 0,
            down: 0,
            up: 0,
            peers: 0,
            eta: None,
        }
    }

    fn list(transfers: &[(&str, u64)]) -> Transfers {
        let group = TransferGroup {
            job: "a job".into(),
            subjects: vec!["Lamps".into()],
            sum: TransferSum::default(),
        };
        Transfers {
            transfers: transfers.iter().map(|(hash, peers)| transfer(hash, *peers)).collect(),
            down: 7,
            groups: vec![group],
            ..Transfers::default()
        }
    }

    fn job(phase: Phase, members: usize) -> Job {
        let member = |number: usize| JobMember {
            key: PackageKey { source: "s".into(), id: format!("a/{number}") },
            title: String::new(),
            version: None,
            size: 1,
            sha256: None,
        };
        Job {
            id: "a job".into(),
            kind: JobKind::Change,
            phase,
            profile: None,
            subjects: vec!["Lamps".into()],
            members: (0..members).map(member).collect(),
            done: 0,
            total: 0,
            step: None,
            created: String::new(),
            updated: String::new(),
            can_cancel: false,
            problem: None,
            generation: None,
        }
    }

    #[test]
    fn only_transfers_that_changed_are_told_and_those_that_went() {
        let mut told = Told::default();
        let hashes = |change: &TransfersChange| -> Vec<String> {
            change.changed.iter().map(|transfer| transfer.sha256.clone()).collect()
        };
        let first = told.transfers(list(&[("a", 0), ("b", 0), ("c", 0)]));
        assert_eq!(
            (hashes(&first), first.gone.len(), first.down),
            (vec!["a".into(), "b".into(), "c".into()], 0, 7)
        );
        assert_eq!(first.groups[0].subjects, Vec::<String>::new());
        let next = told.transfers(list(&[("a", 0), ("b", 5), ("d", 0)]));
        assert_eq!((hashes(&next), next.gone), (vec!["b".into(), "d".into()], vec!["c".into()]));
        let same = told.transfers(list(&[("a", 0), ("b", 5), ("d", 0)]));
        assert_eq!((same.changed.len(), same.gone.len()), (0, 0));
    }

    #[test]
    fn what_a_job_is_about_is_told_where_it_changed() {
        let mut told = Told::default();
        let first = told.job(job(Phase::Resolving, 0));
        assert_eq!((first.is_as_before, first.job.subjects.len()), (false, 1));
        let known = told.job(job(Phase::Fetching, 3));
        assert_eq!((known.is_as_before, known.job.members.len()), (false, 3));
        let next = told.job(job(Phase::Fetching, 3));
        assert_eq!((next.is_as_before, next.job.members.len(), next.job.subjects.len()), (true, 0, 0));
        assert!(told.job(job(Phase::Done, 3)).is_as_before);
        assert!(told.jobs.is_empty(), "nothing is kept of what is over");
        assert!(!told.job(job(Phase::Done, 3)).is_as_before, "whoever forgot it is told all of it");
    }
}
