//! All stores of trees: the one in the data folder, and one on each volume where a game lies that the first one cannot
//! link to.
//!
//! Invariants:
//! - A store's folder is in the book before it is made, and a file that is tried out with before it is written.
//! - A store outside of the data folder is open only while something of it is in use: a disk that nobody uses can be
//!   taken away.
//! - A tree that a store shall have stays wherever it is until that store has it.

mod book;
mod choose;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use muster_domain::Sha256;
use muster_fsx::{Dir, LinkPreference};
use serde::{Deserialize, Serialize};

use crate::{Error, TreeLease, Trees, cache::remove_temporary, state::lock, trees::WeakTrees};
use book::Book;
pub use choose::{Choice, Rules, Why};

const MAIN: &str = "store";
const LOCK_ATTEMPTS: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// Which store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoreId {
    /// The one in the data folder.
    Main,
    /// The one in this folder.
    At(PathBuf),
}

/// All stores. Clones share everything.
#[derive(Clone, Debug)]
pub struct Stores {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    root: Dir,
    main: Trees,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    book: Book,
    open: BTreeMap<PathBuf, WeakTrees>,
    /// What each store outside of the data folder had when it was last looked at; absent if it never was in this run.
    seen: BTreeMap<PathBuf, BTreeSet<Sha256>>,
    /// Places that were tried out in this run.
    tried: HashSet<(PathBuf, LinkPreference)>,
    /// Durable leases by store; `None` until they are declared.
    leases: Option<Leases>,
    /// Stores that went in this run because nobody had anything in them.
    spent: BTreeSet<PathBuf>,
}

/// Trees by owner, by store.
type Leases = BTreeMap<StoreId, BTreeMap<String, BTreeSet<Sha256>>>;

impl Known {
    fn shall_have(&self, store: &StoreId, sha256: &Sha256) -> bool {
        let owners = self.leases.as_ref().and_then(|leases| leases.get(store));
        owners.is_some_and(|owners| owners.values().any(|trees| trees.contains(sha256)))
    }

    /// Whether a store outside of the data folder has nothing and is nobody's.
    fn is_spent(&self, id: &StoreId) -> bool {
        let StoreId::At(path) = id else { return false };
        let is_leased = self.leases.as_ref().is_none_or(|leases| leases.contains_key(id));
        let is_open = self.open.get(path).is_some_and(|open| open.upgrade().is_some());
        !is_leased && !is_open && self.seen.get(path).is_some_and(BTreeSet::is_empty)
    }
}

impl Stores {
    /// Opens the store below the data folder and puts right what a crash left in any store that is there.
    ///
    /// # Errors
    /// [`Error::Locked`] if another process has them open.
    pub fn open(data: &Path) -> Result<Self, Error> {
        let root = Dir::create_ambient_private(data)?;
        let main = Trees::open(&data.join(MAIN))?;
        // What a crash left while the book was written; the lock of the store is ours now.
        remove_temporary(&root)?;
        let mut book = Book::load(&root)?;
        for probe in std::mem::take(&mut book.probes) {
            if let Err(error) = remove(&probe) {
                tracing::warn!(%error, "a file that was tried out with stays");
            }
        }
        book.save(&root)?;
        let known = Known {
            book,
            open: BTreeMap::new(),
            seen: BTreeMap::new(),
            tried: HashSet::new(),
            leases: None,
            spent: BTreeSet::new(),
        };
        let stores = Self { shared: Arc::new(Shared { root, main, known: Mutex::new(known) }) };
        let mut known = lock(&stores.shared.known);
        for path in known.book.stores.clone() {
            if let Err(error) = stores.open_other(&mut known, &path) {
                tracing::warn!(%error, "a store cannot be opened; what it has will be missed when it is needed");
            }
        }
        drop(known);
        Ok(stores)
    }

    /// The store in the data folder.
    pub fn main(&self) -> &Trees {
        &self.shared.main
    }

    /// A store.
    ///
    /// # Errors
    /// [`Error::StoreGone`] if its folder is not there.
    pub fn store(&self, store: &StoreId) -> Result<Trees, Error> {
        match store {
            StoreId::Main => Ok(self.shared.main.clone()),
            StoreId::At(path) => self.open_other(&mut lock(&self.shared.known), path),
        }
    }

    /// Every store that is known, the one in the data folder first.
    pub fn all(&self) -> Vec<StoreId> {
        let known = lock(&self.shared.known);
        let others = known.book.stores.iter().cloned().map(StoreId::At);
        std::iter::once(StoreId::Main).chain(others).collect()
    }

    /// What was chosen for a place, in this run or an earlier one.
    pub fn chosen(&self, place: &Path) -> Option<Choice> {
        lock(&self.shared.known).book.choice(place).cloned()
    }

    /// The stores that were chosen for some places; the one in the data folder if none was.
    pub fn of<'p>(&self, places: impl IntoIterator<Item = &'p Path>) -> BTreeSet<StoreId> {
        let known = lock(&self.shared.known);
        let choices = known.book.choices();
        let mut stores: BTreeSet<StoreId> =
            places.into_iter().filter_map(|place| Some(choices.get(place)?.store.clone())).collect();
        if stores.is_empty() {
            stores.insert(StoreId::Main);
        }
        stores
    }

    /// A tree from whichever store has it.
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::StoreGone`] if it is in a store that is not there.
    pub fn lease(&self, sha256: &Sha256) -> Result<TreeLease, Error> {
        match self.shared.main.lease(sha256) {
            Err(Error::Missing(_)) => {}
            other => return other,
        }
        let mut known = lock(&self.shared.known);
        let mut gone = None;
        for path in known.book.stores.clone() {
            let has = known.seen.get(&path).map(|seen| seen.contains(sha256));
            if has == Some(false) {
                continue;
            }
            let id = StoreId::At(path);
            let StoreId::At(path) = &id else { continue };
            match self.open_other(&mut known, path) {
                Ok(trees) => match trees.lease(sha256) {
                    Err(Error::Missing(_)) => {}
                    other => return other,
                },
                Err(error) if has == Some(true) || known.shall_have(&id, sha256) => gone = Some(error),
                Err(_) => {}
            }
        }
        Err(gone.unwrap_or(Error::Missing(*sha256)))
    }

    /// The stores that have a tree.
    pub fn holding(&self, sha256: &Sha256) -> Vec<(StoreId, Trees)> {
        let has = |id: StoreId| {
            let trees = self.store(&id).ok()?;
            trees.lease(sha256).is_ok().then_some((id, trees))
        };
        self.all().into_iter().filter_map(has).collect()
    }

    /// Gives the tree of an archive in one store: as it is there, else a copy of another store's, else unpacked with
    /// `unpack` (see [`Trees::ensure_tree`]).
    ///
    /// # Errors
    /// [`Error::StoreGone`]; those of [`Trees::ensure_tree`].
    pub fn ensure_tree<E: From<Error>>(
        &self,
        store: &StoreId,
        sha256: &Sha256,
        unpack: impl FnOnce(&Dir) -> Result<(), E>,
    ) -> Result<TreeLease, E> {
        let trees = self.store_for_more(store)?;
        if let Ok(lease) = trees.lease(sha256) {
            return Ok(lease);
        }
        let other = self.lease(sha256).ok();
        let lease = trees.ensure_tree(sha256, |staging| match &other {
            Some(other) => Ok(copy(&other.dir()?, staging)?),
            None => unpack(staging),
        })?;
        if let StoreId::At(path) = store {
            lock(&self.shared.known).seen.entry(path.clone()).or_default().insert(*sha256);
        }
        Ok(lease)
    }

    /// Declares every durable lease: owner, the store that shall have the tree, and the tree. Until this was called
    /// once, no tree is removed.
    pub fn declare_leases(&self, leases: impl IntoIterator<Item = (String, StoreId, Sha256)>) {
        let mut declared = Leases::new();
        for (owner, store, sha256) in leases {
            declared.entry(store).or_default().entry(owner).or_default().insert(sha256);
        }
        let mut known = lock(&self.shared.known);
        self.shared.main.declare_leases(of_store(&declared, &StoreId::Main));
        for (path, open) in &known.open {
            if let Some(trees) = open.upgrade() {
                trees.declare_leases(of_store(&declared, &StoreId::At(path.clone())));
            }
        }
        known.leases = Some(declared);
    }

    /// Removes every tree that nothing refers to, and stores that are empty then; says which trees went.
    ///
    /// # Errors
    /// [`Error::NotReady`] before [`Stores::declare_leases`].
    pub fn remove_unused(&self) -> Result<Vec<Sha256>, Error> {
        let mut gone = Vec::new();
        for id in self.all() {
            let unused = self.unused(&id)?;
            if unused.is_empty() && !lock(&self.shared.known).is_spent(&id) {
                continue;
            }
            let Ok(trees) = self.store(&id) else { continue };
            for sha256 in unused {
                match trees.remove_tree(&sha256) {
                    Ok(()) => gone.push(sha256),
                    Err(Error::InUse(_)) => {}
                    Err(other) => return Err(other),
                }
            }
            drop(trees);
            if let StoreId::At(path) = &id {
                let mut known = lock(&self.shared.known);
                known.seen.entry(path.clone()).or_default().retain(|sha256| !gone.contains(sha256));
                drop(known);
                self.remove_spent(path)?;
            }
        }
        Ok(gone)
    }

    /// Trees of a store that it need not have, and that are no other store's last hope. Of a store that is away: none.
    fn unused(&self, id: &StoreId) -> Result<Vec<Sha256>, Error> {
        let known = lock(&self.shared.known);
        let leases = known.leases.as_ref().ok_or(Error::NotReady)?;
        let main: BTreeSet<Sha256> = self.shared.main.list().into_iter().collect();
        let has = |store: &StoreId, sha256: &Sha256| match store {
            StoreId::Main => main.contains(sha256),
            StoreId::At(path) => known.seen.get(path).is_some_and(|seen| seen.contains(sha256)),
        };
        let is_missed = |sha256: &Sha256| {
            leases.keys().any(|store| known.shall_have(store, sha256) && !has(store, sha256))
        };
        let here = match id {
            StoreId::Main => main.clone(),
            StoreId::At(path) => known.seen.get(path).cloned().unwrap_or_default(),
        };
        Ok(here.into_iter().filter(|sha256| !known.shall_have(id, sha256) && !is_missed(sha256)).collect())
    }

    /// Looks and removes under one lock: whoever opens the store meanwhile comes before or after.
    fn remove_spent(&self, path: &Path) -> Result<(), Error> {
        let mut known = lock(&self.shared.known);
        if !known.is_spent(&StoreId::At(path.to_owned())) {
            return Ok(());
        }
        self.remove_store(&mut known, path)?;
        known.spent.insert(path.to_owned());
        Ok(())
    }

    /// A store to put something into. One that went because it was empty is made again: whoever chose it a moment before
    /// still means it.
    fn store_for_more(&self, store: &StoreId) -> Result<Trees, Error> {
        let StoreId::At(path) = store else { return Ok(self.shared.main.clone()) };
        let mut known = lock(&self.shared.known);
        if known.spent.remove(path) && !path.is_dir() {
            known.book.stores.insert(path.clone());
            known.book.save(&self.shared.root)?;
            Dir::create_ambient_private(path)?;
        }
        self.open_other(&mut known, path)
    }

    fn remove_store(&self, known: &mut Known, path: &Path) -> Result<(), Error> {
        known.open.remove(path);
        known.seen.remove(path);
        if let Err(error) = remove(path) {
            // It stays in the book, and is tried again.
            tracing::warn!(%error, "a store that nobody needs could not be removed");
            known.seen.insert(path.to_owned(), BTreeSet::new());
            return Ok(());
        }
        known.tried.retain(|(place, _)| {
            known.book.choice(place).is_none_or(|choice| choice.store != StoreId::At(path.to_owned()))
        });
        known.book.forget(path);
        known.book.save(&self.shared.root)
    }

    fn open_other(&self, known: &mut Known, path: &Path) -> Result<Trees, Error> {
        if !path.is_dir() {
            return Err(Error::StoreGone { path: path.to_owned() });
        }
        if let Some(trees) = known.open.get(path).and_then(WeakTrees::upgrade) {
            return Ok(trees);
        }
        // Whoever has just let go of it may still be closing it.
        let mut attempts = 1..LOCK_ATTEMPTS;
        let trees = loop {
            match Trees::open_away(path) {
                Err(Error::Locked) if attempts.next().is_some() => std::thread::sleep(LOCK_PAUSE),
                other => break other?,
            }
        };
        if let Some(leases) = &known.leases {
            trees.declare_leases(of_store(leases, &StoreId::At(path.to_owned())));
        }
        known.seen.insert(path.to_owned(), trees.list().into_iter().collect());
        known.open.insert(path.to_owned(), trees.downgrade());
        Ok(trees)
    }
}

fn of_store(leases: &Leases, store: &StoreId) -> Vec<(String, Sha256)> {
    let owners = leases.get(store).into_iter().flatten();
    owners.flat_map(|(owner, trees)| trees.iter().map(|sha256| (owner.clone(), *sha256))).collect()
}

/// Copies everything below a folder into an empty one.
fn copy(from: &Dir, to: &Dir) -> Result<(), Error> {
    for entry in from.tree()? {
        match entry.metadata.is_dir() {
            true => drop(to.create_dir_all(&entry.path)?),
            false => drop(muster_fsx::place(from, &entry.path, to, &entry.path, LinkPreference::Own)?),
        }
    }
    Ok(())
}

/// Removes what is at a path; missing is success.
fn remove(path: &Path) -> Result<(), Error> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Ok(());
    };
    match Dir::open_ambient(parent) {
        Ok(parent) => Ok(parent.remove_tree(name)?),
        Err(error) if error.is_missing() => Ok(()),
        Err(error) => Err(error.into()),
    }
}
