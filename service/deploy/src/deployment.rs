//! One game's places and the books about them, held by one owner at a time.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use muster_fsx::{Dir, ErrorKind, FileLock};

use crate::{
    Applied, Choices, DeployError, Desired, Held, OnDisk, Plan, Saved,
    apply::{Outcome, Watch},
    faults::Faults,
    journal::{Books, Contents, Journal},
    observe::{self, Trust},
    plan::{self, Take},
    record::Transaction,
};

const LOCK: &str = "lock";
const LOCK_ATTEMPTS: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);
pub(crate) const BACKUP: &str = "backup";
pub(crate) const TRASH: &str = "trash";
pub(crate) const SAVED: &str = "saved";

/// The folders that files go to, by name.
#[derive(Debug)]
pub(crate) struct Places {
    places: BTreeMap<String, (PathBuf, Option<Dir>)>,
}

impl Places {
    fn open(paths: BTreeMap<String, PathBuf>) -> Result<Self, DeployError> {
        let mut places = BTreeMap::new();
        for (name, path) in paths {
            let dir = match Dir::open_ambient(&path) {
                Ok(dir) => Some(dir),
                Err(error) if error.is_missing() => None,
                Err(error) => return Err(error.into()),
            };
            places.insert(name, (path, dir));
        }
        Ok(Self { places })
    }

    /// The handle of a place; `None` if its folder does not exist.
    pub(crate) fn get(&self, place: &str) -> Result<Option<&Dir>, DeployError> {
        match self.places.get(place) {
            Some((_, dir)) => Ok(dir.as_ref()),
            None => Err(DeployError::PlaceUnknown { place: place.to_owned() }),
        }
    }

    pub(crate) fn path(&self, place: &str) -> Option<&Path> {
        self.places.get(place).map(|(path, _)| path.as_path())
    }

    /// The places whose folders exist, by name.
    pub(crate) fn existing_ones(&self) -> impl Iterator<Item = (&str, &Dir)> {
        self.places.iter().filter_map(|(name, (_, dir))| Some((name.as_str(), dir.as_ref()?)))
    }

    /// The folder of a place, if it does not exist: what is made for it. What is above it is the game's.
    pub(crate) fn missing(&self, place: &str) -> Vec<PathBuf> {
        let Some((path, None)) = self.places.get(place) else { return Vec::new() };
        vec![path.clone()]
    }

    /// Removes the folders that were made for a place, as far as nothing is in them. True if all of them are gone.
    pub(crate) fn remove_made(&mut self, place: &str, made: &[PathBuf]) -> Result<bool, DeployError> {
        if let Some((_, dir)) = self.places.get_mut(place) {
            // Some systems keep a folder as long as it is open.
            *dir = None;
        }
        let mut is_gone = true;
        for folder in made.iter().rev() {
            is_gone = remove_if_empty(folder)?;
            if !is_gone {
                break;
            }
        }
        if let Some((path, dir)) = self.places.get_mut(place) {
            *dir = match Dir::open_ambient(path) {
                Err(error) if error.is_missing() => None,
                opened => Some(opened?),
            };
        }
        Ok(is_gone)
    }

    /// Creates the folder of a place.
    pub(crate) fn create(&mut self, place: &str) -> Result<(), DeployError> {
        match self.places.get_mut(place) {
            Some((path, dir @ None)) => *dir = Some(Dir::create_ambient(path)?),
            Some(_) => {}
            None => return Err(DeployError::PlaceUnknown { place: place.to_owned() }),
        }
        Ok(())
    }

    /// The handle of a place that must exist.
    pub(crate) fn existing(&self, place: &str) -> Result<&Dir, DeployError> {
        self.get(place)?.ok_or_else(|| DeployError::PlaceUnknown { place: place.to_owned() })
    }
}

/// Whether a folder is gone afterwards; one that is not empty, or became something else, stays.
fn remove_if_empty(folder: &Path) -> Result<bool, DeployError> {
    let (Some(above), Some(name)) = (folder.parent(), folder.file_name().and_then(|name| name.to_str()))
    else {
        return Ok(false);
    };
    let removed = Dir::open_ambient(above).and_then(|above| above.remove_dir(name));
    match removed {
        Ok(()) => Ok(true),
        Err(error) if error.is_missing() => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::Shape | ErrorKind::Link) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Folders of the state folder.
#[derive(Debug)]
pub(crate) struct Holds {
    pub(crate) backup: Dir,
    pub(crate) trash: Dir,
    pub(crate) saved: Dir,
}

impl Holds {
    pub(crate) fn of(&self, take: Take) -> &Dir {
        match take {
            Take::Backup => &self.backup,
            Take::Trash => &self.trash,
            Take::Saved => &self.saved,
        }
    }

    pub(crate) fn held<'h>(&self, held: &'h Held) -> (&Dir, &'h str) {
        match held {
            Held::Backup(name) => (&self.backup, name),
            Held::Saved(name) => (&self.saved, name),
        }
    }
}

/// What opening found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing was unfinished.
    Clean,
    /// A change had not been committed; everything is as before it.
    RolledBack { sequence: u64 },
    /// A change had been committed; what it left behind is cleaned up.
    Finished { sequence: u64 },
}

/// Exclusive access to a game's places.
#[derive(Debug)]
pub struct Deployment {
    pub(crate) places: Places,
    pub(crate) state: Dir,
    pub(crate) holds: Holds,
    pub(crate) journal: Journal,
    pub(crate) applied: Applied,
    pub(crate) faults: Faults,
    /// Begun and not undone, because undoing failed.
    pub(crate) unfinished: Option<Transaction>,
    /// Committed and not cleaned up after, because that failed.
    pub(crate) pending: Option<Transaction>,
    /// What rolling back kept, until the books have it.
    pub(crate) found: Vec<Saved>,
    _lock: FileLock,
}

/// Waits a moment before giving up: a process that is just being started elsewhere in this program holds a copy of
/// every open file, locks included, until its own program runs.
fn lock(state: &Dir) -> Result<FileLock, DeployError> {
    for attempt in 1..=LOCK_ATTEMPTS {
        if let Some(lock) = FileLock::try_exclusive_in(state, LOCK)? {
            return Ok(lock);
        }
        if attempt < LOCK_ATTEMPTS {
            std::thread::sleep(LOCK_PAUSE);
        }
    }
    Err(DeployError::Busy)
}

/// Removes unfinished files that lie directly in a folder; nobody else works there while the lock is held.
fn remove_temporaries(dir: &Dir) -> Result<(), DeployError> {
    for entry in dir.entries()? {
        if let Some(name) = entry.name_str().filter(|name| muster_fsx::is_temporary(name)) {
            dir.remove_tree(name)?;
        }
    }
    Ok(())
}

impl Deployment {
    /// Takes the places by name, and the state folder (on the game's volume), and recovers what a crash left.
    ///
    /// # Errors
    /// [`DeployError::Busy`] if another process or part has it open (T-77), [`DeployError::Journal`],
    /// [`DeployError::JournalFormat`], [`DeployError::WrongRoot`], [`DeployError::PlaceUnknown`] if the books speak of
    /// a place that is not given.
    pub fn open(
        places: BTreeMap<String, PathBuf>,
        state_dir: &Path,
    ) -> Result<(Self, Recovery), DeployError> {
        let (mut deployment, contents) = Self::load(places, state_dir)?;
        for (_, dir) in deployment.places.places.values() {
            dir.as_ref().map_or(Ok(()), remove_temporaries)?;
        }
        let recovery = deployment.recover(contents.begun, contents.unfinished)?;
        Ok((deployment, recovery))
    }

    /// As [`Deployment::open`], by one who had it open before and was given these books. Where nobody wrote to the journal
    /// since, it is not read again, and nothing can be left to recover or to clean up.
    ///
    /// # Errors
    /// As [`Deployment::open`].
    pub fn reopen(
        places: BTreeMap<String, PathBuf>,
        state_dir: &Path,
        books: Books,
    ) -> Result<(Self, Recovery), DeployError> {
        let state = Dir::create_ambient_private(state_dir)?;
        let lock = lock(&state)?;
        let Some((journal, applied)) = Journal::reopen(&state, books)? else {
            drop(lock);
            return Self::open(places, state_dir);
        };
        let deployment = Self::over(state, lock, places, (journal, applied))?;
        deployment.check_roots(None)?;
        Ok((deployment, Recovery::Clean))
    }

    /// What the owner may reopen it with, where nothing is left to do; the last thing that is asked of it.
    pub fn leave(&mut self) -> Option<Books> {
        let applied = std::mem::take(&mut self.applied);
        self.journal.books(applied).filter(|_| self.may_leave())
    }

    pub(crate) fn may_leave(&self) -> bool {
        self.unfinished.is_none() && self.pending.is_none() && self.found.is_empty()
    }

    /// For tests that let the recovery itself fail.
    #[cfg(test)]
    pub(crate) fn without_recovery(
        places: BTreeMap<String, PathBuf>,
        state_dir: &Path,
    ) -> Result<Self, DeployError> {
        Ok(Self::load(places, state_dir)?.0)
    }

    fn load(places: BTreeMap<String, PathBuf>, state_dir: &Path) -> Result<(Self, Contents), DeployError> {
        let state = Dir::create_ambient_private(state_dir)?;
        let lock = lock(&state)?;
        remove_temporaries(&state)?;
        let (journal, mut contents) = Journal::open(&state)?;
        let applied = std::mem::take(&mut contents.applied);
        let deployment = Self::over(state, lock, places, (journal, applied))?;
        deployment.state.sync()?;
        deployment.check_roots(contents.begun.as_ref())?;
        Ok((deployment, contents))
    }

    fn over(
        state: Dir,
        lock: FileLock,
        places: BTreeMap<String, PathBuf>,
        (journal, applied): (Journal, Applied),
    ) -> Result<Self, DeployError> {
        let hold = |name: &str| state.create_dir_all(name);
        Ok(Self {
            holds: Holds { backup: hold(BACKUP)?, trash: hold(TRASH)?, saved: hold(SAVED)? },
            places: Places::open(places)?,
            state,
            journal,
            applied,
            faults: Faults::default(),
            unfinished: None,
            pending: None,
            found: Vec::new(),
            _lock: lock,
        })
    }

    fn check_roots(&self, begun: Option<&Transaction>) -> Result<(), DeployError> {
        let files = self.applied.files.values().map(|file| &file.place);
        let used = files.chain(self.applied.edits.values().map(|edit| &edit.place));
        let begun_roots = begun.into_iter().flat_map(|transaction| &transaction.roots);
        let roots = used.filter_map(|place| self.applied.roots.get_key_value(place)).chain(begun_roots);
        for (place, before) in roots {
            let now =
                self.places.path(place).ok_or_else(|| DeployError::PlaceUnknown { place: place.clone() })?;
            if now != before {
                let (place, before, now) = (place.clone(), before.clone(), now.to_owned());
                return Err(DeployError::WrongRoot { place, before, now });
            }
        }
        Ok(())
    }

    fn recover(
        &mut self,
        begun: Option<Transaction>,
        unfinished: Option<Transaction>,
    ) -> Result<Recovery, DeployError> {
        if let Some(transaction) = begun {
            self.roll_back(&transaction)?;
            self.sweep();
            return Ok(Recovery::RolledBack { sequence: transaction.sequence });
        }
        if let Some(transaction) = unfinished {
            self.finish(&transaction);
            return Ok(Recovery::Finished { sequence: transaction.sequence });
        }
        self.sweep();
        Ok(Recovery::Clean)
    }

    /// What of ours is in the places, by the books.
    pub fn applied(&self) -> &Applied {
        &self.applied
    }

    /// What is on the disk where something is wanted or ours.
    ///
    /// # Errors
    /// Of reading, and [`DeployError::PlaceUnknown`].
    pub fn observe(&self, desired: &Desired) -> Result<OnDisk, DeployError> {
        observe::observe((&self.places, &self.holds.backup), desired, &self.applied, Trust::Stamps)
    }

    /// What puts damaged and missing files right. Every file is read, whatever its time says; a changed one that is no
    /// configuration file is replaced, and the version that was there is kept in the state folder.
    ///
    /// # Errors
    /// As [`Deployment::observe`].
    pub fn plan_repair(&self, desired: &Desired, mut choices: Choices) -> Result<Plan, DeployError> {
        let folders = (&self.places, &self.holds.backup);
        let disk = observe::observe(folders, desired, &self.applied, Trust::Nothing)?;
        let ours = self.applied.files.iter().filter(|(_, file)| !file.config);
        choices.replace.extend(ours.map(|(key, _)| key.clone()));
        Ok(plan::plan(desired, &self.applied, &disk, &choices))
    }

    /// The dry run: observes and plans.
    ///
    /// # Errors
    /// As [`Deployment::observe`].
    pub fn plan(&self, desired: &Desired, choices: &Choices) -> Result<Plan, DeployError> {
        Ok(plan::plan(desired, &self.applied, &self.observe(desired)?, choices))
    }

    /// Takes everything of ours out and brings everything displaced back.
    ///
    /// # Errors
    /// As [`Deployment::plan`] and [`Deployment::apply`].
    pub fn undeploy_all(&mut self, watch: &mut Watch<'_>) -> Result<(Plan, Outcome), DeployError> {
        let plan = self.plan(&Desired::default(), &Choices::default())?;
        let outcome = self.apply(&plan, watch)?;
        Ok((plan, outcome))
    }
}
