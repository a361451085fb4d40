//! Does what a plan says: stage → take → put → sync.
//!
//! The order is what makes a crash harmless:
//! 1. The whole plan is in the journal, synced.
//! 2. New folders; new files wait under temporary names in the root of their place, synced.
//! 3. Every file that will be replaced or removed gets a second name in the state folder (a hard link, else a synced
//!    copy); those folders are synced. From here on nothing can be lost.
//! 4. Temporary names become the real ones by rename; removed files are unlinked; folders are synced.
//! 5. The commit record, synced: before it a crash rolls back, after it the change stands.
//!
//! A file of the store that is linked to where nothing is does not wait: a link is complete as soon as it has its name,
//! and fails if there is something. It is made in phase 4, by one call of the system.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write as _,
};

use muster_domain::Sha256;
use muster_fsx::{Dir, Folders, LinkMethod, LinkPreference, Operation};
use muster_games::LinkChoice;

use crate::{
    DeployError, Deployment,
    apply::{Progress, Watch},
    copies::{copy, second_name},
    deployment::Places,
    facts::Stamp,
    observe::{folders_of, hash},
    plan::{After, Put, Step, Take},
    record::{PlacedFact, Transaction},
};

/// Why the work stops before the commit.
pub(crate) enum Stop {
    Cancelled,
    Failed(DeployError),
}

impl<E: Into<DeployError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The folder that was used last. Steps are sorted, so that each folder is opened about once in a phase.
#[derive(Debug, Default)]
struct Near<K> {
    folders: Option<(K, Folders)>,
}

impl<K: PartialEq> Near<K> {
    fn of<'p>(&mut self, key: K, root: &Dir, at: &'p str) -> Result<(&Dir, &'p str), muster_fsx::Error> {
        let folders = match self.folders.take() {
            Some((before, folders)) if before == key => folders,
            _ => Folders::new(root.try_clone()?),
        };
        let (_, folders) = self.folders.insert((key, folders));
        folders.of(at)
    }
}

/// How the new file of a step gets its name, or got it.
#[derive(Clone, Copy, Debug)]
enum Staged {
    /// It waits under its temporary name. The method is what the books say of a file of a package.
    Waits(Option<LinkChoice>),
    /// It is a second link to a file of the store, made when it is put.
    Links,
    /// It has been linked.
    Linked(Stamp),
}

/// One change under way.
pub(crate) struct Work<'w, 'a> {
    deployment: &'w mut Deployment,
    transaction: &'w Transaction,
    watch: &'w mut Watch<'a>,
    progress: Progress,
    staged: BTreeMap<usize, Staged>,
    /// What a wish came to in a place, which saves trying what is impossible with each file.
    came_to: HashMap<(&'w str, LinkPreference), LinkMethod>,
    place: Near<&'w str>,
    tree: Near<(&'w str, Sha256)>,
}

impl<'w, 'a> Work<'w, 'a> {
    pub(crate) fn new(
        deployment: &'w mut Deployment,
        transaction: &'w Transaction,
        watch: &'w mut Watch<'a>,
    ) -> Self {
        Self {
            deployment,
            transaction,
            watch,
            progress: Progress { done: 0, total: transaction.steps.len() as u64 * 3 },
            staged: BTreeMap::new(),
            came_to: HashMap::new(),
            place: Near { folders: None },
            tree: Near { folders: None },
        }
    }

    /// Everything before the commit record.
    pub(crate) fn run(mut self) -> Result<Vec<PlacedFact>, Stop> {
        let transaction = self.transaction;
        self.make_folders()?;
        for (index, step) in transaction.steps.iter().enumerate() {
            if let Some(put) = &step.put {
                let staged = self.stage(index, step, put)?;
                self.staged.insert(index, staged);
            }
            self.tick()?;
        }
        for (index, step) in transaction.steps.iter().enumerate() {
            self.take(index, step)?;
            self.tick()?;
        }
        self.sync_holds()?;
        for (index, step) in transaction.steps.iter().enumerate() {
            self.put(index, step)?;
            self.tick()?;
        }
        self.sync_places()?;
        self.placed()
    }

    fn tick(&mut self) -> Result<(), Stop> {
        self.progress.done += 1;
        (self.watch.progress)(self.progress);
        if (self.watch.cancelled)() { Err(Stop::Cancelled) } else { Ok(()) }
    }

    fn make_folders(&mut self) -> Result<(), DeployError> {
        let Deployment { places, faults, .. } = &mut *self.deployment;
        for (place, folders) in &self.transaction.made {
            for folder in folders {
                faults.pass(folder)?;
            }
            places.create(place)?;
        }
        for spot in &self.transaction.mkdirs {
            faults.pass(spot.at.as_ref())?;
            let made = places.existing(&spot.place)?.create_dir_new(&spot.at);
            made.map_err(|error| changed(places, &spot.place, &spot.at, error))?;
        }
        Ok(())
    }

    /// Puts the new file under its temporary name, synced.
    fn stage(&mut self, index: usize, step: &'w Step, put: &'w Put) -> Result<Staged, DeployError> {
        let preference = self.preference(step);
        if matches!(put, Put::Tree { .. }) && step.take.is_none() && preference == LinkPreference::HardLink {
            return Ok(Staged::Links);
        }
        let temporary = self.transaction.temporary(index);
        let Deployment { places, holds, faults, .. } = &mut *self.deployment;
        let root = places.existing(&step.place)?;
        faults.pass(&root.path().join(&temporary))?;
        match put {
            Put::Tree { tree, from } => {
                let dir = self.watch.trees.tree(&step.place, tree).ok_or_else(|| missing_tree(step))?;
                let (dir, name) = self.tree.of((&step.place, *tree), dir, from.as_str())?;
                let method = muster_fsx::place(dir, name, root, &temporary, preference)?;
                self.came_to.insert((&step.place, wished(step, self.watch.links)), method);
                if root.metadata(&temporary)?.size != step.content.map_or(0, |(_, size)| size) {
                    return Err(missing_tree(step));
                }
                if method != LinkMethod::HardLink {
                    root.open(&temporary)?.sync()?;
                }
                return Ok(Staged::Waits(Some(choice(method))));
            }
            Put::Backup { name } => second_name(&holds.backup, name, root, &temporary)?,
            Put::Held { held } => {
                let (dir, name) = holds.held(held);
                copy(dir, name, root, &temporary, &dir.metadata(name)?)?;
            }
            Put::Kept { sha256 } => {
                let kept = self.watch.trees.kept().ok_or_else(|| missing_tree(step))?;
                // A file of its own, with its time: what is written to it must not reach the kept one.
                let name = sha256.to_string();
                copy(kept, &name, root, &temporary, &kept.metadata(name.as_str())?)?;
                if hash(root, &temporary)? != *sha256 {
                    return Err(missing_tree(step));
                }
            }
            Put::Own => {
                check_expected(places, root, &step.at, step)?;
                copy(root, &step.at, root, &temporary, &root.metadata(&step.at)?)?;
            }
            Put::Text { bytes } => {
                let mut file = root.create_new(&temporary)?;
                file.write_all(bytes)
                    .map_err(|error| muster_fsx::Error::recover(error, Operation::Write, file.path()))?;
                file.sync()?;
            }
        }
        Ok(Staged::Waits(None))
    }

    /// The wish for a step, as far as it can come true in its place.
    fn preference(&self, step: &'w Step) -> LinkPreference {
        let wished = wished(step, self.watch.links);
        match (wished, self.came_to.get(&(step.place.as_str(), wished))) {
            (LinkPreference::Share, Some(LinkMethod::HardLink)) => LinkPreference::HardLink,
            (LinkPreference::Own, Some(LinkMethod::Copy)) => LinkPreference::Copy,
            // One file that cannot be linked says nothing about the next.
            _ => wished,
        }
    }

    /// Gives the present file a second name in the state folder.
    fn take(&mut self, index: usize, step: &'w Step) -> Result<(), DeployError> {
        let Some((take, name)) = self.transaction.hold(index) else { return Ok(()) };
        let Deployment { places, holds, faults, .. } = &mut *self.deployment;
        let (dir, at) = self.place.of(&step.place, places.existing(&step.place)?, &step.at)?;
        check_expected(places, dir, at, step)?;
        faults.pass(name.as_ref())?;
        Ok(second_name(dir, at, holds.of(take), &name)?)
    }

    fn sync_holds(&mut self) -> Result<(), DeployError> {
        let takes = self.transaction.steps.iter().filter_map(|step| step.take);
        for take in [Take::Backup, Take::Trash, Take::Saved] {
            if takes.clone().any(|present| present == take) {
                let Deployment { holds, faults, .. } = &mut *self.deployment;
                faults.pass(holds.of(take).path())?;
                holds.of(take).sync()?;
            }
        }
        Ok(())
    }

    /// Gives the new file its real name, or takes the old one away.
    fn put(&mut self, index: usize, step: &'w Step) -> Result<(), DeployError> {
        if step.put.is_none() && step.take.is_none() {
            return Ok(());
        }
        if let (Some(Staged::Links), Some(Put::Tree { tree, from })) = (self.staged.get(&index), &step.put) {
            let staged = self.link(index, step, tree, from.as_str())?;
            self.staged.insert(index, staged);
            if matches!(staged, Staged::Linked(_)) {
                return Ok(());
            }
        }
        let Deployment { places, faults, .. } = &mut *self.deployment;
        let root = places.existing(&step.place)?;
        let (dir, at) = self.place.of(&step.place, root, &step.at)?;
        check_expected(places, dir, at, step)?;
        faults.pass(step.at.as_ref())?;
        let temporary = self.transaction.temporary(index);
        match (&step.put, step.take) {
            (Some(_), Some(_)) => root.rename(&temporary, dir, at)?,
            (Some(_), None) => root
                .rename_new(&temporary, dir, at)
                .map_err(|error| changed(places, &step.place, &step.at, error))?,
            (None, _) => dir.remove_file(at)?,
        }
        // A rename between two names of one file does nothing, and leaves both.
        let is_replaced = step.put.is_some() && step.take.is_some();
        if is_replaced && root.metadata_if_exists(&temporary)?.is_some() {
            root.remove_file(&temporary)?;
        }
        Ok(())
    }

    /// Links a file of the store to where nothing is. Where this file cannot be linked it waits, as a copy.
    fn link(
        &mut self,
        index: usize,
        step: &'w Step,
        tree: &'w Sha256,
        from: &'w str,
    ) -> Result<Staged, DeployError> {
        let Deployment { places, faults, .. } = &mut *self.deployment;
        let (_, size) = step.content.ok_or_else(|| missing_tree(step))?;
        let store = self.watch.trees.tree(&step.place, tree).ok_or_else(|| missing_tree(step))?;
        let (store, name) = self.tree.of((&step.place, *tree), store, from)?;
        let root = places.existing(&step.place)?;
        let (dir, at) = self.place.of(&step.place, root, &step.at)?;
        faults.pass(step.at.as_ref())?;
        if store.metadata(name)?.size != size {
            return Err(missing_tree(step));
        }
        match store.hard_link(name, dir, at) {
            Ok(linked) => return Ok(Staged::Linked(Stamp::of(&linked))),
            Err(error) if error.is_exists() => {
                return Err(changed_meanwhile(places, &step.place, &step.at));
            }
            Err(error) if error.no_other_way_helps() => return Err(error.into()),
            // Another volume, or as many links as its file may have.
            Err(_) => {}
        }
        let temporary = self.transaction.temporary(index);
        muster_fsx::place(store, name, root, &temporary, LinkPreference::Copy)?;
        root.open(&temporary)?.sync()?;
        Ok(Staged::Waits(Some(LinkChoice::Copy)))
    }

    fn sync_places(&mut self) -> Result<(), DeployError> {
        let Deployment { places, faults, .. } = &mut *self.deployment;
        for folder in self.transaction.made.values().flatten() {
            if let Some(above) = folder.parent() {
                Dir::open_ambient(above)?.sync()?;
            }
        }
        let moved = self.transaction.steps.iter().filter(|step| step.put.is_some() || step.take.is_some());
        let steps = moved.map(|step| (step.place.as_str(), step.at.as_str()));
        let made = self.transaction.mkdirs.iter().map(|spot| (spot.place.as_str(), spot.at.as_str()));
        for (place, folder) in folders_of(steps.chain(made)) {
            let root = places.existing(&place)?;
            faults.pass(root.path())?;
            match folder.as_str() {
                "" => root.sync()?,
                folder => root.open_dir(folder)?.sync()?,
            }
        }
        Ok(())
    }

    fn placed(mut self) -> Result<Vec<PlacedFact>, Stop> {
        let mut placed = Vec::new();
        for (index, step) in self.transaction.steps.iter().enumerate() {
            let is_ours = matches!(step.after, After::File { .. } | After::Edit { .. });
            // What a changed file is has nothing to do with what the books say of it.
            if !is_ours || matches!(step.put, None | Some(Put::Own)) {
                continue;
            }
            let (stamp, method) = match self.staged.get(&index) {
                Some(Staged::Linked(stamp)) => (*stamp, Some(LinkChoice::HardLink)),
                staged => {
                    let root = self.deployment.places.existing(&step.place)?;
                    let (dir, at) = self.place.of(&step.place, root, &step.at)?;
                    let method = match staged {
                        Some(Staged::Waits(method)) => *method,
                        _ => None,
                    };
                    (Stamp::of(&dir.metadata(at)?), method)
                }
            };
            placed.push(PlacedFact { step: index, stamp, method });
        }
        Ok(placed)
    }
}

/// Whether the file at the path of a step is the one that was planned for.
fn check_expected(places: &Places, dir: &Dir, at: &str, step: &Step) -> Result<(), DeployError> {
    let Some(expected) = step.expected else { return Ok(()) };
    let metadata = dir.metadata_if_exists(at)?;
    let is_same = metadata
        .is_some_and(|now| now.is_file() && now.size == expected.size && Stamp::of(&now) == expected.stamp);
    if is_same { Ok(()) } else { Err(changed_meanwhile(places, &step.place, &step.at)) }
}

/// Something that was not there when the plan was made.
fn changed(places: &Places, place: &str, at: &str, error: muster_fsx::Error) -> DeployError {
    match error.is_exists() {
        true => changed_meanwhile(places, place, at),
        false => error.into(),
    }
}

fn changed_meanwhile(places: &Places, place: &str, at: &str) -> DeployError {
    DeployError::ChangedMeanwhile { path: places.path(place).unwrap_or("".as_ref()).join(at) }
}

fn missing_tree(step: &Step) -> DeployError {
    let package = match &step.after {
        After::File { file } => file.package.to_string(),
        _ => String::new(),
    };
    DeployError::TreeMissing { package }
}

/// A file that the player may edit never shares its bytes with the store.
fn wished(step: &Step, links: &[LinkChoice]) -> LinkPreference {
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
