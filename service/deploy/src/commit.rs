//! After the work: the commit record, and cleaning up. Nothing here can fail in a way that undoes the change.

use std::collections::BTreeSet;

use muster_fsx::{Dir, ErrorKind};

use crate::{
    DeployError, Deployment, Spot,
    apply::Outcome,
    record::{PlacedFact, Transaction},
};

impl Deployment {
    pub(crate) fn commit(
        &mut self,
        transaction: &Transaction,
        placed: &[PlacedFact],
    ) -> Result<Outcome, DeployError> {
        let written = self
            .faults
            .pass(self.holds.trash.path())
            .and_then(|()| self.journal.commit(transaction.sequence, placed));
        match written {
            Ok(()) => {}
            // Whether the record is on the disk is unknown: the next opening decides by what it finds.
            Err(error @ DeployError::Unfinished { .. }) => {
                self.unfinished = Some(transaction.clone());
                return Err(error);
            }
            Err(error) if error.is_killed() => return Err(error),
            Err(error) => {
                self.undo(transaction.clone())?;
                return Err(error);
            }
        }
        self.applied.commit(transaction, placed);
        self.finish(transaction);
        Ok(Outcome::Applied { sequence: transaction.sequence })
    }

    /// Removes what a committed change no longer needs; what fails is tried again at the next change or opening.
    pub(crate) fn finish(&mut self, transaction: &Transaction) {
        let mut removed = Vec::new();
        let mut is_clean = true;
        for spot in &transaction.rmdirs {
            match self.remove_empty(spot) {
                Ok(true) => removed.push(spot.clone()),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "an empty folder could not be removed");
                    is_clean = false;
                }
            }
        }
        for place in self.unused_places() {
            match self.remove_place(&place) {
                Ok(true) => removed.push(Spot { place, at: String::new() }),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "an empty folder of a place could not be removed");
                    is_clean = false;
                }
            }
        }
        self.applied.finish(&removed);
        is_clean &= self.sweep() && self.faults.pass(self.holds.trash.path()).is_ok();
        if !is_clean {
            self.pending = Some(transaction.clone());
            return;
        }
        let ended = self.journal.finished(transaction.sequence, removed);
        let ended = ended.and_then(|()| self.journal.compact(&self.applied));
        if let Err(error) = ended {
            tracing::warn!(%error, "the journal could not be brought up to date");
        }
    }

    /// Places for which we made folders and where nothing of ours is.
    fn unused_places(&self) -> Vec<String> {
        let files = self.applied.files.values().map(|file| &file.place);
        let used: BTreeSet<&String> =
            files.chain(self.applied.edits.values().map(|edit| &edit.place)).collect();
        self.applied.made.keys().filter(|place| !used.contains(place)).cloned().collect()
    }

    fn remove_place(&mut self, place: &str) -> Result<bool, DeployError> {
        let made = self.applied.made.get(place).cloned().unwrap_or_default();
        self.faults.pass(place.as_ref())?;
        self.places.remove_made(place, &made)
    }

    /// Whether a folder of ours is gone afterwards; one that is not empty stays.
    fn remove_empty(&mut self, spot: &Spot) -> Result<bool, DeployError> {
        self.faults.pass(spot.at.as_ref())?;
        let Some(root) = self.places.get(&spot.place)? else { return Ok(true) };
        match root.remove_dir(&spot.at) {
            Ok(()) => Ok(true),
            // A link took its place, or a folder above is gone: nothing of ours is there any more.
            Err(error) if matches!(error.kind(), ErrorKind::Missing | ErrorKind::Link) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Shape => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Empties the trash and removes kept files that nothing refers to. False if something stayed.
    pub(crate) fn sweep(&mut self) -> bool {
        let mut is_clean = true;
        let backups = self.applied.backups();
        for dir in [&self.holds.trash, &self.holds.backup, &self.holds.saved] {
            let is_kept = |name: &str| match std::ptr::eq(dir, &self.holds.trash) {
                true => false,
                false if std::ptr::eq(dir, &self.holds.saved) => !muster_fsx::is_temporary(name),
                false => backups.contains(name),
            };
            for name in names(dir) {
                if is_kept(&name) {
                    continue;
                }
                let removed = self.faults.pass(name.as_ref()).and_then(|()| Ok(dir.remove_file(&name)?));
                if let Err(error) = removed {
                    tracing::warn!(%error, "a file that is not needed could not be removed");
                    is_clean = false;
                }
            }
        }
        is_clean
    }
}

fn names(dir: &Dir) -> Vec<String> {
    let entries = dir.entries().unwrap_or_default();
    entries.into_iter().filter_map(|entry| entry.name.into_string().ok()).collect()
}
