//! How far the fetch of a repository is, for people: written by what fetches, read whenever somebody looks.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use gix::progress::{Count, Id, MessageLevel, NestedProgress, Progress, Step, StepShared, UNKNOWN, Unit};
use gix_pack::index::write::ProgressId;

/// What a fetch is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GitStage {
    /// The host is asked what there is, and puts together what is missing here.
    #[default]
    Asking,
    /// Objects come.
    Receiving,
    /// What came as differences is worked out.
    Joining,
}

/// How far a fetch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GitStep {
    pub stage: GitStage,
    /// Bytes that came.
    pub bytes: u64,
    /// Objects (files, folders, commits) that the stage is through with, and how many it has; 0 where it counts none.
    pub objects: u64,
    pub of: u64,
}

#[derive(Default)]
struct Counted {
    stage: GitStage,
    objects: StepShared,
    of: u64,
}

/// Of one fetch.
#[derive(Default)]
pub(super) struct Gauge {
    bytes: AtomicU64,
    counted: Mutex<Counted>,
}

impl Gauge {
    /// Counts bytes that came.
    pub fn add(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub fn step(&self) -> GitStep {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        GitStep {
            stage: counted.stage,
            bytes: self.bytes.load(Ordering::Relaxed),
            // The libraries count a little further than they announced where objects are added to complete a pack.
            objects: (counted.objects.load(Ordering::Relaxed) as u64).min(counted.of),
            of: counted.of,
        }
    }

    fn begin(&self, stage: GitStage, objects: StepShared, of: u64) {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = Counted { stage, objects, of };
    }
}

/// One of the libraries' counters; those of objects show in the gauge as soon as they say how many there are.
pub(super) struct Counter {
    gauge: Arc<Gauge>,
    id: Id,
    count: StepShared,
}

impl Counter {
    /// The one that all others are made below.
    pub fn new(gauge: Arc<Gauge>) -> Self {
        Self { gauge, id: UNKNOWN, count: StepShared::default() }
    }

    fn stage(&self) -> Option<GitStage> {
        let of_objects = [
            (ProgressId::IndexObjects, GitStage::Receiving),
            (ProgressId::ResolveObjects, GitStage::Joining),
        ];
        of_objects.into_iter().find(|(id, _)| Id::from(*id) == self.id).map(|(_, stage)| stage)
    }
}

impl Count for Counter {
    fn set(&self, step: Step) {
        self.count.store(step, Ordering::Relaxed);
    }

    fn step(&self) -> Step {
        self.count.load(Ordering::Relaxed)
    }

    fn inc_by(&self, step: Step) {
        self.count.fetch_add(step, Ordering::Relaxed);
    }

    fn counter(&self) -> StepShared {
        self.count.clone()
    }
}

impl Progress for Counter {
    fn init(&mut self, max: Option<Step>, _unit: Option<Unit>) {
        if let (Some(stage), Some(of)) = (self.stage(), max) {
            self.set(0);
            self.gauge.begin(stage, self.count.clone(), of as u64);
        }
    }

    fn set_name(&mut self, _name: String) {}

    fn name(&self) -> Option<String> {
        None
    }

    fn id(&self) -> Id {
        self.id
    }

    /// What a host says is not for people: it could say anything.
    fn message(&self, _level: MessageLevel, _message: String) {}
}

impl NestedProgress for Counter {
    type SubProgress = Self;

    fn add_child(&mut self, _name: impl Into<String>) -> Self {
        Self::new(self.gauge.clone())
    }

    fn add_child_with_id(&mut self, _name: impl Into<String>, id: Id) -> Self {
        Self { gauge: self.gauge.clone(), id, count: StepShared::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_counts_objects_shows() {
        let gauge = Arc::new(Gauge::default());
        let mut all = Counter::new(gauge.clone());
        gauge.add(7);
        assert_eq!(gauge.step(), GitStep { bytes: 7, ..GitStep::default() });
        let mut indexing = all.add_child_with_id("indexing", ProgressId::IndexObjects.into());
        indexing.init(Some(40), None);
        indexing.inc_by(3);
        let mut bytes = all.add_child_with_id("bytes", ProgressId::DecompressedBytes.into());
        bytes.init(Some(1_000), None);
        bytes.inc_by(999);
        let step = GitStep { stage: GitStage::Receiving, bytes: 7, objects: 3, of: 40 };
        assert_eq!(gauge.step(), step);
        let mut resolving = all.add_child_with_id("resolving", ProgressId::ResolveObjects.into());
        resolving.init(Some(9), None);
        resolving.counter().fetch_add(11, Ordering::Relaxed);
        let step = GitStep { stage: GitStage::Joining, bytes: 7, objects: 9, of: 9 };
        assert_eq!(gauge.step(), step);
    }
}
