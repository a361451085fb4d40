//! Undoes a change that was begun and not committed. Idempotent: killed in the middle, it is simply done again.
//!
//! For each step, last first, what is on the disk tells how far it came:
//!
//! | second name of the old file | path | done |
//! |---|---|---|
//! | none    | anything           | the old file was not touched; a file that we put (nothing was there) is removed |
//! | present | the same file      | second name removed |
//! | present | nothing, or ours   | second name moved back |
//! | present | something else     | that is kept in `saved/`, second name moved back |

use muster_domain::Sha256;
use muster_fsx::{Dir, ErrorKind};

use crate::{
    DeployError, Deployment, Saved,
    copies::second_name,
    observe::{folders_of, hash},
    plan::Step,
    record::Transaction,
};

impl Deployment {
    /// Rolls back at once; if that fails, the next opening or application has to.
    pub(crate) fn undo(&mut self, transaction: Transaction) -> Result<(), DeployError> {
        match self.journal.mend().and_then(|()| self.roll_back(&transaction)) {
            Ok(()) => {
                self.sweep();
                Ok(())
            }
            Err(error) if error.is_killed() => Err(error),
            Err(error) => {
                self.unfinished = Some(transaction);
                Err(DeployError::Unfinished { reason: error.to_string() })
            }
        }
    }

    pub(crate) fn roll_back(&mut self, transaction: &Transaction) -> Result<(), DeployError> {
        for (index, step) in transaction.steps.iter().enumerate().rev() {
            self.undo_step(transaction, index, step)?;
        }
        for spot in transaction.mkdirs.iter().rev() {
            self.faults.pass(spot.at.as_ref())?;
            let Some(root) = self.places.get(&spot.place)? else { continue };
            match root.remove_dir(&spot.at) {
                Ok(()) => {}
                // Somebody uses it meanwhile, or it is gone.
                Err(error)
                    if matches!(error.kind(), ErrorKind::Shape | ErrorKind::Missing | ErrorKind::Link) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for (place, folders) in &transaction.made {
            self.faults.pass(self.places.path(place).unwrap_or("".as_ref()).to_owned().as_path())?;
            self.places.remove_made(place, folders)?;
        }
        self.sync_after_undo(transaction)?;
        self.faults.pass(self.holds.trash.path())?;
        self.journal.forget_begun()?;
        self.note_found()
    }

    fn undo_step(&mut self, transaction: &Transaction, index: usize, step: &Step) -> Result<(), DeployError> {
        let Some(root) = self.places.get(&step.place)? else { return Ok(()) };
        let root = root.try_clone()?;
        if step.put.is_some() {
            let temporary = transaction.temporary(index);
            for name in [&temporary, &format!("{}{temporary}", muster_fsx::TEMP_PREFIX)] {
                if root.metadata_if_exists(name)?.is_some() {
                    self.faults.pass(name.as_ref())?;
                    root.remove_file(name)?;
                }
            }
        }
        let ours = step.content.filter(|_| step.put.is_some());
        let Some((take, hold)) = transaction.hold(index) else {
            return match ours {
                Some(content) => self.remove_ours(&root, &step.at, content),
                None => Ok(()),
            };
        };
        let holds = self.holds.of(take).try_clone()?;
        let Some(held) = holds.metadata_if_exists(&hold)? else { return Ok(()) };
        let present = none_if_out_of_reach(root.metadata_if_exists(&step.at))?;
        let is_untouched = present.is_some_and(|now| {
            let as_expected = |expected: crate::plan::Expected| crate::Stamp::of(&now) == expected.stamp;
            now.is_same_file(&held) || step.expected.is_some_and(as_expected)
        });
        if is_untouched {
            self.faults.pass(hold.as_ref())?;
            return Ok(holds.remove_file(&hold)?);
        }
        if present.is_some() && !is_content(&root, &step.at, ours)? {
            self.keep_foreign(&root, transaction, index, step)?;
        }
        self.move_back(&holds, &hold, &root, &step.at, transaction.temporary(index))
    }

    /// Removes a file that we put where nothing was; one that is not ours stays.
    fn remove_ours(&mut self, root: &Dir, at: &str, content: (Sha256, u64)) -> Result<(), DeployError> {
        if !is_content(root, at, Some(content))? {
            return Ok(());
        }
        self.faults.pass(at.as_ref())?;
        Ok(root.remove_file(at)?)
    }

    /// Somebody wrote here after the crash: that is not ours to lose.
    fn keep_foreign(
        &mut self,
        root: &Dir,
        transaction: &Transaction,
        index: usize,
        step: &Step,
    ) -> Result<(), DeployError> {
        let metadata = root.metadata(&step.at)?;
        if !metadata.is_file() {
            let path = root.path().join(&step.at);
            return Err(DeployError::ChangedMeanwhile { path });
        }
        let name = format!("{}-{}-{index}-found", hash(root, &step.at)?, transaction.sequence);
        self.faults.pass(name.as_ref())?;
        match second_name(root, &step.at, &self.holds.saved, &name) {
            Err(error) if !error.is_exists() => return Err(error.into()),
            _ => self.holds.saved.sync()?,
        }
        let (place, at) = (step.place.clone(), step.at.clone());
        let sha256 = hash(&self.holds.saved, &name)?;
        self.found.push(Saved { place, at, name, sha256 });
        Ok(())
    }

    /// Moves the second name back; across volumes by a copy that gets its name when it is complete.
    fn move_back(
        &mut self,
        holds: &Dir,
        hold: &str,
        root: &Dir,
        at: &str,
        temporary: String,
    ) -> Result<(), DeployError> {
        if let Some((folder, _)) = at.rsplit_once('/') {
            root.create_dir_all(folder)?;
        }
        self.faults.pass(at.as_ref())?;
        if holds.own_metadata()?.volume == root.own_metadata()?.volume {
            return Ok(holds.rename(hold, root, at)?);
        }
        second_name(holds, hold, root, &temporary)?;
        root.rename(&temporary, root, at)?;
        self.faults.pass(hold.as_ref())?;
        Ok(holds.remove_file(hold)?)
    }

    fn sync_after_undo(&mut self, transaction: &Transaction) -> Result<(), DeployError> {
        let steps = transaction.steps.iter().filter(|step| step.put.is_some() || step.take.is_some());
        let touched = steps.map(|step| (step.place.as_str(), step.at.as_str()));
        let made = transaction.mkdirs.iter().map(|spot| (spot.place.as_str(), spot.at.as_str()));
        for (place, folder) in folders_of(touched.chain(made)) {
            let Some(root) = self.places.get(&place)? else { continue };
            let synced = match folder.as_str() {
                "" => root.sync(),
                folder => root.open_dir(folder).and_then(|dir| dir.sync()),
            };
            match synced {
                // A folder of ours that was removed again.
                Err(error) if error.is_missing() => {}
                other => other?,
            }
        }
        for dir in [&self.holds.backup, &self.holds.trash, &self.holds.saved] {
            dir.sync()?;
        }
        Ok(())
    }
}

fn none_if_out_of_reach<T>(result: Result<Option<T>, muster_fsx::Error>) -> Result<Option<T>, DeployError> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::Shape) => Ok(None),
        other => Ok(other?),
    }
}

/// Whether a file is there with this content.
fn is_content(root: &Dir, at: &str, content: Option<(Sha256, u64)>) -> Result<bool, DeployError> {
    let Some((sha256, size)) = content else { return Ok(false) };
    match none_if_out_of_reach(root.metadata_if_exists(at))? {
        Some(metadata) if metadata.is_file() && metadata.size == size => Ok(hash(root, at)? == sha256),
        _ => Ok(false),
    }
}
