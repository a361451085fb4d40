//! Applies a plan: refuses, writes the journal, lets the work be done, commits or rolls back.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use muster_domain::Sha256;
use muster_fsx::Dir;
use muster_games::LinkChoice;

use crate::{
    DeployError, Deployment, Plan,
    record::Transaction,
    work::{Stop, Work},
};

/// Gives the folders of unpacked packages.
pub trait Trees {
    /// The tree of an archive for a place, held until the deployment is done.
    fn tree(&self, place: &str, archive: &Sha256) -> Option<&Dir>;

    /// The folder of versions that are kept elsewhere, each under its hash.
    fn kept(&self) -> Option<&Dir> {
        None
    }

    /// Whether files get to a place without taking space; `None` if that was not tried out.
    fn is_linked(&self, _place: &str) -> Option<bool> {
        None
    }
}

impl Trees for BTreeMap<Sha256, Dir> {
    fn tree(&self, _place: &str, archive: &Sha256) -> Option<&Dir> {
        self.get(archive)
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Steps that are done, of all phases.
    pub done: u64,
    pub total: u64,
}

/// What an application of a plan needs and reports to.
pub struct Watch<'a> {
    pub trees: &'a dyn Trees,
    /// Ways to bring a file to its place, best first (from the game's definition).
    pub links: &'a [LinkChoice],
    pub progress: &'a mut dyn FnMut(Progress),
    /// Asked between files; true rolls everything back.
    pub cancelled: &'a dyn Fn() -> bool,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was nothing to do.
    Unchanged,
    Applied {
        sequence: u64,
    },
    /// Everything is as before.
    Cancelled,
}

impl Deployment {
    /// Applies a plan: afterwards the places are exactly as planned, or exactly as before and an error says why.
    ///
    /// # Errors
    /// [`DeployError::Stale`], [`DeployError::Blocked`] and the other refusals before the first write;
    /// [`DeployError::ChangedMeanwhile`] and file errors after a roll back; [`DeployError::Unfinished`] if rolling back
    /// failed too, then [`Deployment::open`] has to do it.
    pub fn apply(&mut self, plan: &Plan, watch: &mut Watch<'_>) -> Result<Outcome, DeployError> {
        if let Some(unfinished) = self.unfinished.take() {
            self.undo(unfinished)?;
            // The plan was made while the places were between two states.
            return Err(DeployError::Stale);
        }
        if let Some(pending) = self.pending.take() {
            self.finish(&pending);
        }
        if plan.base != self.applied.sequence {
            return Err(DeployError::Stale);
        }
        if !plan.blocked.is_empty() {
            return Err(DeployError::Blocked { blocked: plan.blocked.clone() });
        }
        if plan.is_empty() {
            return Ok(Outcome::Unchanged);
        }
        self.note_originals(plan)?;
        self.check_before(plan, watch)?;
        let transaction = Transaction::new(plan, self.roots(plan), self.to_make(plan));
        self.faults.pass(self.holds.trash.path())?;
        self.journal.begin(&transaction)?;
        match Work::new(self, &transaction, watch).run() {
            Ok(placed) => self.commit(&transaction, &placed),
            Err(Stop::Cancelled) => self.undo(transaction).map(|()| Outcome::Cancelled),
            Err(Stop::Failed(error)) if error.is_killed() => Err(error),
            Err(Stop::Failed(error)) => {
                self.undo(transaction)?;
                Err(error)
            }
        }
    }

    fn roots(&self, plan: &Plan) -> BTreeMap<String, PathBuf> {
        let places: BTreeSet<&String> = plan.steps.iter().map(|step| &step.place).collect();
        let root = |place: &String| Some((place.clone(), self.places.path(place)?.to_owned()));
        places.into_iter().filter_map(root).collect()
    }

    /// Folders to make so that places exist where something is put, the outermost first.
    fn to_make(&self, plan: &Plan) -> BTreeMap<String, Vec<PathBuf>> {
        let places: BTreeSet<&String> =
            plan.steps.iter().filter(|step| step.put.is_some()).map(|step| &step.place).collect();
        let missing = places.into_iter().map(|place| (place.clone(), self.places.missing(place)));
        missing.filter(|(_, folders)| !folders.is_empty()).collect()
    }
}
