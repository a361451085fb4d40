//! After the work: the commit record, and cleaning up. Nothing here can fail in a way that undoes the change.

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

    /// Removes what a committed change no longer needs; what fails is tried again at the next opening.
    pub(crate) fn finish(&mut self, transaction: &Transaction) {
        let mut removed = Vec::new();
        for spot in &transaction.rmdirs {
            if self.remove_empty(spot) {
                removed.push(spot.clone());
            }
        }
        self.applied.finish(&removed);
        if !self.sweep() || self.faults.pass(self.holds.trash.path()).is_err() {
            return;
        }
        let ended = self.journal.finished(transaction.sequence, removed);
        let ended = ended.and_then(|()| self.journal.compact(&self.applied));
        if let Err(error) = ended {
            tracing::warn!(%error, "the journal could not be brought up to date");
        }
    }

    /// Whether a folder of ours is gone afterwards.
    fn remove_empty(&mut self, spot: &Spot) -> bool {
        if self.faults.pass(spot.at.as_ref()).is_err() {
            return false;
        }
        let Ok(Some(root)) = self.places.get(&spot.place) else { return true };
        match root.remove_dir(&spot.at) {
            Ok(()) => true,
            // A link or a file took its place, or a folder above is gone: nothing of ours is there any more.
            Err(error) => matches!(error.kind(), ErrorKind::Missing | ErrorKind::Link),
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
