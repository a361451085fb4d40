//! Does what a plan says: journal → stage → take → put → sync → commit record → clean up.
//!
//! The order is what makes a crash harmless:
//! 1. The whole plan is in the journal, synced.
//! 2. New folders; new files wait under temporary names in the root of their place, synced.
//! 3. Every file that will be replaced or removed gets a second name in the state folder (a hard link, else a synced
//!    copy); those folders are synced. From here on nothing can be lost.
//! 4. Temporary names become the real ones by rename; removed files are unlinked; folders are synced.
//! 5. The commit record, synced: before it a crash rolls back, after it the change stands.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    path::PathBuf,
};

use muster_domain::Sha256;
use muster_fsx::{Dir, LinkMethod, LinkPreference, Mode, Operation};
use muster_games::LinkChoice;

use crate::{
    DeployError, Deployment, Plan,
    facts::Stamp,
    observe::{folders_of, hash},
    plan::{After, Put, Step, Take},
    record::{PlacedFact, Transaction},
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

/// Why the work stops before the commit.
enum Stop {
    Cancelled,
    Failed(DeployError),
}

impl<E: Into<DeployError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
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
        match self.work(&transaction, watch) {
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

    fn work(&mut self, transaction: &Transaction, watch: &mut Watch<'_>) -> Result<Vec<PlacedFact>, Stop> {
        let mut progress = Progress { done: 0, total: transaction.steps.len() as u64 * 3 };
        let mut tick = |watch: &mut Watch<'_>| {
            progress.done += 1;
            (watch.progress)(progress);
            if (watch.cancelled)() { Err(Stop::Cancelled) } else { Ok(()) }
        };
        for (place, folders) in &transaction.made {
            for folder in folders {
                self.faults.pass(folder)?;
            }
            self.places.create(place)?;
        }
        for spot in &transaction.mkdirs {
            self.faults.pass(spot.at.as_ref())?;
            let made = self.places.existing(&spot.place)?.create_dir_new(&spot.at);
            made.map_err(|error| self.changed(&spot.place, &spot.at, error))?;
        }
        let mut methods = BTreeMap::new();
        for (index, step) in transaction.steps.iter().enumerate() {
            methods.insert(index, self.stage(transaction, index, step, watch)?);
            tick(watch)?;
        }
        for (index, step) in transaction.steps.iter().enumerate() {
            self.take(transaction, index, step)?;
            tick(watch)?;
        }
        self.sync_holds(transaction)?;
        for (index, step) in transaction.steps.iter().enumerate() {
            self.put(transaction, index, step)?;
            tick(watch)?;
        }
        self.sync_places(transaction)?;
        self.placed(transaction, &methods)
    }

    /// Something that was not there when the plan was made.
    fn changed(&self, place: &str, at: &str, error: muster_fsx::Error) -> DeployError {
        match error.is_exists() {
            true => self.changed_meanwhile(place, at),
            false => error.into(),
        }
    }

    fn changed_meanwhile(&self, place: &str, at: &str) -> DeployError {
        DeployError::ChangedMeanwhile { path: self.places.path(place).unwrap_or("".as_ref()).join(at) }
    }

    /// Puts the new file under its temporary name, synced.
    fn stage(
        &mut self,
        transaction: &Transaction,
        index: usize,
        step: &Step,
        watch: &Watch<'_>,
    ) -> Result<Option<LinkChoice>, DeployError> {
        let Some(put) = &step.put else { return Ok(None) };
        let root = self.places.existing(&step.place)?;
        let temporary = transaction.temporary(index);
        self.faults.pass(&root.path().join(&temporary))?;
        match put {
            Put::Tree { tree, from } => {
                let tree = watch.trees.tree(&step.place, tree).ok_or_else(|| missing_tree(step))?;
                let method = muster_fsx::place(tree, from, root, &temporary, preference(step, watch.links))?;
                if root.metadata(&temporary)?.size != step.content.map_or(0, |(_, size)| size) {
                    return Err(missing_tree(step));
                }
                if method != LinkMethod::HardLink {
                    root.open(&temporary)?.sync()?;
                }
                Ok(Some(choice(method)))
            }
            Put::Backup { name } => {
                second_name(&self.holds.backup, name, root, &temporary)?;
                Ok(None)
            }
            Put::Held { held } => {
                let (dir, name) = self.held(held);
                copy(dir, name, root, &temporary, &dir.metadata(name)?)?;
                Ok(None)
            }
            Put::Kept { sha256 } => {
                let kept = watch.trees.kept().ok_or_else(|| missing_tree(step))?;
                // A file of its own, with its time: what is written to it must not reach the kept one.
                let name = sha256.to_string();
                copy(kept, &name, root, &temporary, &kept.metadata(name.as_str())?)?;
                match hash(root, &temporary)? == *sha256 {
                    true => Ok(None),
                    false => Err(missing_tree(step)),
                }
            }
            Put::Own => {
                self.check_expected(step)?;
                copy(root, &step.at, root, &temporary, &root.metadata(&step.at)?)?;
                Ok(None)
            }
            Put::Text { bytes } => {
                let mut file = root.create_new(&temporary)?;
                file.write_all(bytes)
                    .map_err(|error| muster_fsx::Error::recover(error, Operation::Write, file.path()))?;
                file.sync()?;
                Ok(None)
            }
        }
    }

    /// Whether the file at the path of a step is the one that was planned for.
    fn check_expected(&self, step: &Step) -> Result<(), DeployError> {
        let Some(expected) = step.expected else { return Ok(()) };
        let metadata = self.places.existing(&step.place)?.metadata_if_exists(&step.at)?;
        let is_same = metadata.is_some_and(|now| {
            now.is_file() && now.size == expected.size && Stamp::of(&now) == expected.stamp
        });
        if is_same { Ok(()) } else { Err(self.changed_meanwhile(&step.place, &step.at)) }
    }

    pub(crate) fn hold_dir(&self, take: Take) -> &Dir {
        match take {
            Take::Backup => &self.holds.backup,
            Take::Trash => &self.holds.trash,
            Take::Saved => &self.holds.saved,
        }
    }

    /// Gives the present file a second name in the state folder.
    fn take(&mut self, transaction: &Transaction, index: usize, step: &Step) -> Result<(), DeployError> {
        let Some((take, name)) = transaction.hold(index) else { return Ok(()) };
        self.check_expected(step)?;
        self.faults.pass(name.as_ref())?;
        let root = self.places.existing(&step.place)?;
        Ok(second_name(root, &step.at, self.hold_dir(take), &name)?)
    }

    fn sync_holds(&mut self, transaction: &Transaction) -> Result<(), DeployError> {
        let takes = transaction.steps.iter().filter_map(|step| step.take);
        for take in [Take::Backup, Take::Trash, Take::Saved] {
            if takes.clone().any(|present| present == take) {
                self.faults.pass(self.hold_dir(take).path().to_owned().as_path())?;
                self.hold_dir(take).sync()?;
            }
        }
        Ok(())
    }

    /// Gives the new file its real name, or takes the old one away.
    fn put(&mut self, transaction: &Transaction, index: usize, step: &Step) -> Result<(), DeployError> {
        if step.put.is_none() && step.take.is_none() {
            return Ok(());
        }
        self.check_expected(step)?;
        self.faults.pass(step.at.as_ref())?;
        let root = self.places.existing(&step.place)?;
        let temporary = transaction.temporary(index);
        match (&step.put, step.take) {
            (Some(_), Some(_)) => root.rename(&temporary, root, &step.at)?,
            (Some(_), None) => root
                .rename_new(&temporary, root, &step.at)
                .map_err(|error| self.changed(&step.place, &step.at, error))?,
            (None, _) => root.remove_file(&step.at)?,
        }
        // A rename between two names of one file does nothing, and leaves both.
        if step.put.is_some() && root.metadata_if_exists(&temporary)?.is_some() {
            root.remove_file(&temporary)?;
        }
        Ok(())
    }

    fn sync_places(&mut self, transaction: &Transaction) -> Result<(), DeployError> {
        for folder in transaction.made.values().flatten() {
            if let Some(above) = folder.parent() {
                Dir::open_ambient(above)?.sync()?;
            }
        }
        let moved = transaction.steps.iter().filter(|step| step.put.is_some() || step.take.is_some());
        let steps = moved.map(|step| (step.place.as_str(), step.at.as_str()));
        let made = transaction.mkdirs.iter().map(|spot| (spot.place.as_str(), spot.at.as_str()));
        for (place, folder) in folders_of(steps.chain(made)) {
            let root = self.places.existing(&place)?;
            self.faults.pass(root.path())?;
            match folder.as_str() {
                "" => root.sync()?,
                folder => root.open_dir(folder)?.sync()?,
            }
        }
        Ok(())
    }

    fn placed(
        &self,
        transaction: &Transaction,
        methods: &BTreeMap<usize, Option<LinkChoice>>,
    ) -> Result<Vec<PlacedFact>, Stop> {
        let mut placed = Vec::new();
        for (index, step) in transaction.steps.iter().enumerate() {
            let is_ours = matches!(step.after, After::File { .. } | After::Edit { .. });
            // What a changed file is has nothing to do with what the books say of it.
            if !is_ours || matches!(step.put, None | Some(Put::Own)) {
                continue;
            }
            let stamp = Stamp::of(&self.places.existing(&step.place)?.metadata(&step.at)?);
            placed.push(PlacedFact { step: index, stamp, method: methods.get(&index).copied().flatten() });
        }
        Ok(placed)
    }
}

fn missing_tree(step: &Step) -> DeployError {
    let package = match &step.after {
        After::File { file } => file.package.to_string(),
        _ => String::new(),
    };
    DeployError::TreeMissing { package }
}

/// A file that the player may edit never shares its bytes with the store.
fn preference(step: &Step, links: &[LinkChoice]) -> LinkPreference {
    let is_config = matches!(&step.after, After::File { file } if file.config || file.adopted);
    let may = |choice| links.contains(&choice);
    match (may(LinkChoice::Reflink), may(LinkChoice::HardLink) && !is_config) {
        (true, true) => LinkPreference::Share,
        (true, false) => LinkPreference::Own,
        (false, true) => LinkPreference::HardLink,
        (false, false) => LinkPreference::Copy,
    }
}

fn choice(method: LinkMethod) -> LinkChoice {
    match method {
        LinkMethod::Reflink => LinkChoice::Reflink,
        LinkMethod::HardLink => LinkChoice::HardLink,
        LinkMethod::Copy => LinkChoice::Copy,
    }
}

/// A hard link, which keeps everything about the file; where that is impossible, a synced copy with the same time and
/// permissions, complete as soon as it has its name.
pub(crate) fn second_name(
    from_dir: &Dir,
    from: &str,
    to_dir: &Dir,
    to: &str,
) -> Result<(), muster_fsx::Error> {
    match from_dir.hard_link(from, to_dir, to) {
        Err(error) if !error.is_exists() && !error.is_missing() => {}
        other => return other,
    }
    let metadata = from_dir.metadata(from)?;
    let part = format!("{}{to}", muster_fsx::TEMP_PREFIX);
    to_dir.remove_tree(&part)?;
    let copied =
        copy(from_dir, from, to_dir, &part, &metadata).and_then(|()| to_dir.rename_new(&part, to_dir, to));
    if copied.is_err() {
        // The first error is the one to report; what remains is found by its name at the next start.
        let _ = to_dir.remove_tree(&part);
    }
    copied
}

fn copy(
    from_dir: &Dir,
    from: &str,
    to_dir: &Dir,
    to: &str,
    metadata: &muster_fsx::Metadata,
) -> Result<(), muster_fsx::Error> {
    muster_fsx::place(from_dir, from, to_dir, to, LinkPreference::Own)?;
    let mode = match (metadata.read_only, metadata.executable) {
        (true, false) => Mode::ReadOnly,
        (true, true) => Mode::ReadOnlyExecutable,
        (false, false) => Mode::Writable,
        (false, true) => Mode::Executable,
    };
    let file = to_dir.open(to)?;
    file.set_mode(mode)?;
    file.sync()?;
    drop(file);
    to_dir.set_modified(to, metadata.modified)?;
    to_dir.open(to)?.sync()
}
