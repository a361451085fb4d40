//! What jobs there are: a table in memory that is written through to `state.db`.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use muster_catalog::GitStep;
use muster_deploy::Own;
use muster_domain::{GenerationNumber, JobId, Lock, PackageId, ProfileId, Sha256, SourceId, Version};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::fetch::{Arrived, take_over};
use crate::{
    Key, Problem,
    trust::AgreedPin,
    versions::{self, Exchange, Wanted},
};

/// Ended jobs that stay on the board.
const KEPT: usize = 50;

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobKind {
    Change,
    GoBack,
    Repair,
    Sync,
    /// Reads what is at an address, before it is a source. It is not written down: nobody waits for it after a start.
    Look,
}

impl JobKind {
    /// Stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::GoBack => "go-back",
            Self::Repair => "repair",
            Self::Sync => "sync",
            Self::Look => "look",
        }
    }
}

/// Where a job is; see the table in `jobs/mod.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    Waiting,
    Resolving,
    Planning,
    Fetching,
    Unpacking,
    Deploying,
    Committing,
    Done,
    Failed,
    Cancelled,
}

impl Phase {
    /// Whether nothing more will happen.
    pub fn is_end(self) -> bool {
        self >= Self::Done
    }

    /// Whether the job can still be stopped without touching the game folder.
    pub fn can_cancel(self) -> bool {
        self < Self::Deploying
    }

    /// Stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Resolving => "resolving",
            Self::Planning => "planning",
            Self::Fetching => "fetching",
            Self::Unpacking => "unpacking",
            Self::Deploying => "deploying",
            Self::Committing => "committing",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One package of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobMember {
    pub source: SourceId,
    pub id: PackageId,
    pub title: String,
    /// Version after the job; absent for removals.
    pub version: Option<Version>,
    pub size: u64,
    /// The archive that must arrive for it.
    pub sha256: Option<Sha256>,
}

/// A job as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobView {
    pub id: JobId,
    pub kind: JobKind,
    pub profile: Option<ProfileId>,
    pub phase: Phase,
    pub subjects: Vec<String>,
    pub members: Vec<JobMember>,
    /// Bytes here, of the bytes that the members' archives have.
    pub done: u64,
    pub total: u64,
    /// How far the repository is that is being fetched.
    pub step: Option<GitStep>,
    pub created: Timestamp,
    pub updated: Timestamp,
    pub problem: Option<Problem>,
    pub generation: Option<GenerationNumber>,
}

/// How a job writes the folders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The packages of the lock; what the player changed stays.
    #[default]
    Usual,
    /// The same, and damaged files are replaced.
    Mend,
    /// The same as usual, where what is new lies there already.
    Adopt,
    /// The same as usual, with what the player decided about files that were changed by hand.
    Decide(crate::Decision),
    /// The same as usual, with what later changes did to versions of files taken back. What was there before some packages
    /// stays when they go: those that were never in the profile before.
    Back { exchanges: Vec<Exchange>, released: Vec<Key> },
    /// The same as usual, with versions of files that were set aside.
    Bring(Vec<Wanted>),
    /// Nothing of Muster stays, not even lines in the game's own files.
    Vanilla,
}

/// What a job has settled on; durable from `fetching` on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Generation that the plan was made on.
    pub based_on: GenerationNumber,
    /// The lock to reach.
    pub lock: Lock,
    /// How the folders are written.
    #[serde(default)]
    pub way: Way,
    pub cause: crate::Reason,
    pub members: Vec<JobMember>,
    #[serde(default)]
    pub pins: Vec<AgreedPin>,
    /// The profile's own versions of files from then on, as soon as that is known.
    #[serde(default)]
    pub own: Option<Vec<Own>>,
    /// What the change does to versions of files.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
}

impl Settled {
    /// The versions of files that it refers to.
    pub fn versions(&self) -> Vec<Sha256> {
        let own = self.own.iter().flatten().flat_map(versions::of_own);
        own.chain(versions::referred(&self.exchanges)).collect()
    }

    /// The packages whose files shall be in the folders.
    pub fn placed(&self) -> Lock {
        if self.way == Way::Vanilla { Lock::default() } else { self.lock.clone() }
    }

    /// The same, with the archives that were awaited and have come.
    pub(super) fn with(mut self, arrived: &Arrived) -> Self {
        self.lock.packages.iter_mut().for_each(|package| take_over(package, arrived));
        self
    }
}

struct Entry {
    view: JobView,
    cancel: CancellationToken,
}

/// All unfinished jobs and the last ended ones.
#[derive(Default)]
pub struct Board {
    entries: Mutex<BTreeMap<JobId, Entry>>,
}

impl Board {
    fn entries(&self) -> MutexGuard<'_, BTreeMap<JobId, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job on the board and gives the token that cancels it.
    pub fn add(&self, view: JobView, parent: &CancellationToken) -> CancellationToken {
        let cancel = parent.child_token();
        let mut entries = self.entries();
        entries.insert(view.id, Entry { view, cancel: cancel.clone() });
        let ended: Vec<JobId> =
            entries.values().filter(|entry| entry.view.phase.is_end()).map(|entry| entry.view.id).collect();
        // Ids are UUIDv7: the oldest come first.
        for id in ended.iter().take(ended.len().saturating_sub(KEPT)) {
            entries.remove(id);
        }
        cancel
    }

    /// Changes a job; `None` where it is not on the board.
    pub fn update(&self, id: JobId, now: Timestamp, change: impl FnOnce(&mut JobView)) -> Option<JobView> {
        let mut entries = self.entries();
        let view = &mut entries.get_mut(&id)?.view;
        change(view);
        view.updated = now;
        Some(view.clone())
    }

    pub fn get(&self, id: JobId) -> Option<JobView> {
        self.entries().get(&id).map(|entry| entry.view.clone())
    }

    /// Newest first.
    pub fn all(&self) -> Vec<JobView> {
        self.entries().values().rev().map(|entry| entry.view.clone()).collect()
    }

    /// Asks a job to stop. `None` where it is unknown; `false` where it is too late.
    pub fn cancel(&self, id: JobId) -> Option<bool> {
        let entries = self.entries();
        let entry = entries.get(&id)?;
        if !entry.view.phase.can_cancel() {
            return Some(false);
        }
        entry.cancel.cancel();
        Some(true)
    }

    /// Takes a job past the point up to which it can be cancelled; `false` where it was cancelled before. Whoever is
    /// told that a job stops can rely on it.
    pub fn pass(&self, id: JobId, phase: Phase) -> bool {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(&id).filter(|entry| !entry.cancel.is_cancelled()) else {
            return false;
        };
        entry.view.phase = phase;
        true
    }

    /// The job that works on a package of a profile, if one does.
    pub fn busy_with(&self, profile: ProfileId, source: &SourceId, id: &PackageId) -> Option<JobId> {
        let entries = self.entries();
        let mut running = entries.values().map(|entry| &entry.view).filter(|view| !view.phase.is_end());
        let works_on = |view: &&JobView| {
            view.profile == Some(profile)
                && view.members.iter().any(|member| member.source == *source && member.id == *id)
        };
        running.find(works_on).map(|view| view.id)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn view(phase: Phase) -> JobView {
        JobView {
            id: JobId(Uuid::now_v7()),
            kind: JobKind::Change,
            profile: None,
            phase,
            subjects: vec![],
            members: vec![],
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
    fn a_job_cannot_be_cancelled_once_the_folder_is_written() {
        let board = Board::default();
        let parent = CancellationToken::new();
        let (early, late) = (view(Phase::Fetching), view(Phase::Deploying));
        let token = board.add(early.clone(), &parent);
        board.add(late.clone(), &parent);
        assert_eq!(board.cancel(early.id), Some(true));
        assert!(token.is_cancelled());
        assert_eq!(board.cancel(late.id), Some(false));
        assert_eq!(board.cancel(JobId(Uuid::now_v7())), None);
    }

    #[test]
    fn a_job_is_either_cancelled_or_carried_out_but_never_both() {
        let board = Board::default();
        let parent = CancellationToken::new();
        let (cancelled, passed) = (view(Phase::Unpacking), view(Phase::Unpacking));
        board.add(cancelled.clone(), &parent);
        board.add(passed.clone(), &parent);
        assert_eq!(board.cancel(cancelled.id), Some(true));
        assert!(!board.pass(cancelled.id, Phase::Deploying));
        assert!(board.pass(passed.id, Phase::Deploying));
        assert_eq!(board.cancel(passed.id), Some(false));
    }

    #[test]
    fn ended_jobs_make_room_and_running_ones_stay() {
        let board = Board::default();
        let parent = CancellationToken::new();
        let running = view(Phase::Fetching);
        board.add(running.clone(), &parent);
        for _ in 0..KEPT + 20 {
            board.add(view(Phase::Done), &parent);
        }
        assert!(board.get(running.id).is_some());
        assert!(board.all().len() <= KEPT + 2);
    }
}
