//! Unpacked trees by the hash of their archive, one store per volume.
//!
//! `trees/<xx>/<sha256>/…`: a folder of that name is complete, because it came there by a rename after everything in
//! it was synced; its files are 0444. What is being unpacked lies in `staging/` and is removed at the next start.
//! `seals/<sha256>` says how its files looked then, because a game may write into one that is linked.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError, Weak},
};

use muster_domain::Sha256;
use muster_fsx::{Dir, EntryKind, FileLock, Mode, TreeEntry};

use sha2::Digest as _;

use crate::{Error, index::nanoseconds, layout, state::lock};

const TREES: &str = "trees";
const STAGING: &str = "staging";
const SEALS: &str = "seals";
/// Bytes of a seal.
const SEAL_SIZE: u64 = 32;

/// A store of trees. Clones share everything.
#[derive(Clone, Debug)]
pub struct Trees {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Where it is, if that can be taken away: a disk may be unplugged.
    away: Option<PathBuf>,
    trees: Dir,
    staging: Dir,
    seals: Dir,
    state: Mutex<State>,
    /// An unpacking has ended.
    ended: Condvar,
    _lock: FileLock,
}

#[derive(Debug, Default)]
struct State {
    present: BTreeSet<Sha256>,
    /// Being unpacked or removed by some thread.
    busy: HashSet<Sha256>,
    held: HashMap<Sha256, u32>,
    /// Durable leases by owner; `None` until they are declared.
    leases: Option<BTreeMap<String, BTreeSet<Sha256>>>,
}

impl State {
    fn is_leased(&self, sha256: &Sha256) -> bool {
        self.held.contains_key(sha256)
            || self.leases.iter().flatten().any(|(_, trees)| trees.contains(sha256))
    }
}

impl Inner {
    /// What an error means: everything fails on a disk that is away.
    fn failed(&self, error: muster_fsx::Error) -> Error {
        match &self.away {
            Some(path) if !path.is_dir() => Error::StoreGone { path: path.clone() },
            _ => error.into(),
        }
    }
}

/// Does not keep a store open.
#[derive(Clone, Debug)]
pub(crate) struct WeakTrees(Weak<Inner>);

impl WeakTrees {
    pub fn upgrade(&self) -> Option<Trees> {
        Some(Trees { inner: self.0.upgrade()? })
    }
}

impl Trees {
    /// Opens the store in a folder, creating what is missing and removing half-unpacked trees.
    ///
    /// # Errors
    /// [`Error::Locked`] if another process has it open.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_as(path, None)
    }

    /// The same for one whose disk may be taken away.
    pub(crate) fn open_away(path: &Path) -> Result<Self, Error> {
        Self::open_as(path, Some(path.to_owned()))
    }

    pub(crate) fn downgrade(&self) -> WeakTrees {
        WeakTrees(Arc::downgrade(&self.inner))
    }

    /// A folder of the store's volume for what lies there for a moment.
    pub(crate) fn staging(&self) -> &Dir {
        &self.inner.staging
    }

    fn open_as(path: &Path, away: Option<PathBuf>) -> Result<Self, Error> {
        let root = Dir::create_ambient(path)?;
        let lock = FileLock::try_exclusive_in(&root, layout::LOCK)?.ok_or(Error::Locked)?;
        root.remove_tree(STAGING)?;
        let trees = root.create_dir_all(TREES)?;
        let staging = root.create_dir_all(STAGING)?;
        let seals = root.create_dir_all(SEALS)?;
        let mut present = BTreeSet::new();
        for shard in trees.entries()?.iter().filter(|entry| entry.metadata.is_dir()) {
            let Some(name) = shard.name_str() else { continue };
            for entry in trees.open_dir(name)?.entries()?.iter().filter(|entry| entry.metadata.is_dir()) {
                let hash = entry.name_str().and_then(|name| name.parse::<Sha256>().ok());
                present.extend(hash.filter(|hash| layout::shard(hash) == name));
            }
        }
        let state = Mutex::new(State { present, ..State::default() });
        Ok(Self {
            inner: Arc::new(Inner { away, trees, staging, seals, state, ended: Condvar::new(), _lock: lock }),
        })
    }

    /// Gives the tree of an archive, unpacking it with `unpack` if it is not there yet.
    ///
    /// `unpack` fills an empty folder; it need not sync or set permissions. Whoever asks for the same tree meanwhile
    /// waits and shares the result; if unpacking fails, the next one tries for itself.
    ///
    /// # Errors
    /// What `unpack` says, after which nothing is left of the attempt; [`Error::ForeignEntry`]; those of the disk.
    pub fn ensure_tree<E: From<Error>>(
        &self,
        sha256: &Sha256,
        unpack: impl FnOnce(&Dir) -> Result<(), E>,
    ) -> Result<TreeLease, E> {
        if let Some(lease) = self.present_or_claim(sha256) {
            return Ok(lease);
        }
        let _busy = Busy { inner: &self.inner, sha256: *sha256 };
        let (name, staging) =
            self.inner.staging.create_temporary_dir().map_err(|error| self.inner.failed(error))?;
        let filled = unpack(&staging).and_then(|()| self.seal(&staging).map_err(E::from));
        if let Err(error) = filled.and_then(|()| self.publish(&name, sha256).map_err(E::from)) {
            if let Err(left) = self.inner.staging.remove_tree(&name) {
                tracing::warn!(error = %left, "a half-unpacked tree stays until the next start");
            }
            return Err(error);
        }
        let mut state = lock(&self.inner.state);
        state.present.insert(*sha256);
        *state.held.entry(*sha256).or_default() += 1;
        Ok(TreeLease { inner: self.inner.clone(), sha256: *sha256 })
    }

    /// The tree, if it is there.
    pub fn lease(&self, sha256: &Sha256) -> Result<TreeLease, Error> {
        let mut state = lock(&self.inner.state);
        if !state.present.contains(sha256) || state.busy.contains(sha256) {
            return Err(Error::Missing(*sha256));
        }
        *state.held.entry(*sha256).or_default() += 1;
        Ok(TreeLease { inner: self.inner.clone(), sha256: *sha256 })
    }

    /// Every tree that is there.
    pub fn list(&self) -> Vec<Sha256> {
        lock(&self.inner.state).present.iter().copied().collect()
    }

    /// Declares every durable lease (owner and tree): deployed profiles and kept generations. Until this was called
    /// once, no tree is removed.
    pub fn declare_leases(&self, leases: impl IntoIterator<Item = (String, Sha256)>) {
        let mut declared: BTreeMap<String, BTreeSet<Sha256>> = BTreeMap::new();
        for (owner, sha256) in leases {
            declared.entry(owner).or_default().insert(sha256);
        }
        lock(&self.inner.state).leases = Some(declared);
    }

    /// Replaces the durable leases of one owner; none at all ends them.
    pub fn set_leases(&self, owner: &str, trees: impl IntoIterator<Item = Sha256>) {
        let trees: BTreeSet<Sha256> = trees.into_iter().collect();
        let mut state = lock(&self.inner.state);
        let leases = state.leases.get_or_insert_default();
        if trees.is_empty() {
            leases.remove(owner);
        } else {
            leases.insert(owner.to_owned(), trees);
        }
    }

    /// Removes a tree that nothing refers to; a missing one is success.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::NotReady`].
    pub fn remove_tree(&self, sha256: &Sha256) -> Result<(), Error> {
        self.take_away(sha256, |state| match state.leases {
            None => Err(Error::NotReady),
            Some(_) if state.is_leased(sha256) => Err(Error::InUse(*sha256)),
            Some(_) => Ok(()),
        })
    }

    /// Removes a tree whose files are not what they were, so that it is unpacked anew; durable leases stay and mean the
    /// new one. A missing one is success.
    ///
    /// # Errors
    /// [`Error::InUse`] while somebody holds it.
    pub fn discard(&self, sha256: &Sha256) -> Result<(), Error> {
        self.take_away(sha256, |state| match state.held.contains_key(sha256) {
            true => Err(Error::InUse(*sha256)),
            false => Ok(()),
        })
    }

    fn take_away(
        &self,
        sha256: &Sha256,
        check: impl FnOnce(&State) -> Result<(), Error>,
    ) -> Result<(), Error> {
        {
            let mut state = lock(&self.inner.state);
            check(&state)?;
            if state.busy.contains(sha256) {
                return Err(Error::InUse(*sha256));
            }
            if !state.present.remove(sha256) {
                return Ok(());
            }
            state.busy.insert(*sha256);
        }
        let _busy = Busy { inner: &self.inner, sha256: *sha256 };
        // Out of sight by one rename first: a removal that is cut short leaves nothing that looks complete.
        let shard = self.inner.trees.open_dir(&layout::shard(sha256))?;
        let name = sha256.to_string();
        self.inner.seals.remove_tree(&name)?;
        self.inner.staging.remove_tree(&name)?;
        shard.rename(&name, &self.inner.staging, &name)?;
        shard.sync()?;
        Ok(self.inner.staging.remove_tree(&name)?)
    }

    /// Whether the files of a tree look as they did when it was unpacked: by size, time and permissions, which a game
    /// that writes into a linked file changes. `false` where that is not known. Reads no file.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such tree.
    pub fn is_sealed(&self, sha256: &Sha256) -> Result<bool, Error> {
        let lease = self.lease(sha256)?;
        let known = self.inner.seals.read_if_exists(&sha256.to_string(), SEAL_SIZE)?;
        let now = look(&lease.dir()?)?;
        Ok(known.is_some_and(|known| known == now))
    }

    /// Takes a tree as it looks now, after its bytes were found right.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such tree.
    pub fn seal_again(&self, sha256: &Sha256) -> Result<(), Error> {
        self.write_seal(&self.lease(sha256)?.dir()?, sha256)
    }

    /// Not synced: one that is lost or torn makes the tree be read once.
    fn write_seal(&self, tree: &Dir, sha256: &Sha256) -> Result<(), Error> {
        let seal = look(tree)?;
        let (name, file) = self.inner.staging.create_temporary()?;
        file.write_all_at(&seal, 0)?;
        drop(file);
        Ok(self.inner.staging.rename(name.as_str(), &self.inner.seals, &sha256.to_string())?)
    }

    /// Removes every tree that nothing refers to, and says which went.
    pub fn remove_unused(&self) -> Result<Vec<Sha256>, Error> {
        let unused: Vec<Sha256> = {
            let state = lock(&self.inner.state);
            state.present.iter().filter(|sha256| !state.is_leased(sha256)).copied().collect()
        };
        let mut gone = Vec::new();
        for sha256 in unused {
            match self.remove_tree(&sha256) {
                Ok(()) => gone.push(sha256),
                Err(Error::InUse(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(gone)
    }

    /// Bytes of the files of each tree; one that has two names in it counts once. Reads every folder.
    ///
    /// # Errors
    /// Of reading.
    pub fn sizes(&self) -> Result<BTreeMap<Sha256, u64>, Error> {
        let mut sizes = BTreeMap::new();
        for sha256 in self.list() {
            // One that went since is nothing any more.
            let Ok(lease) = self.lease(&sha256) else { continue };
            let mut seen = HashSet::new();
            let tree = lease.dir()?.tree()?;
            let files = tree.iter().map(|entry| entry.metadata).filter(muster_fsx::Metadata::is_file);
            let once = files.filter(|file| seen.insert((file.volume, file.inode)));
            sizes.insert(sha256, once.map(|file| file.size).sum());
        }
        Ok(sizes)
    }

    /// A lease if the tree is there; else this thread has the claim on unpacking it.
    fn present_or_claim(&self, sha256: &Sha256) -> Option<TreeLease> {
        let mut state = lock(&self.inner.state);
        while state.busy.contains(sha256) {
            state = self.inner.ended.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.present.contains(sha256) {
            *state.held.entry(*sha256).or_default() += 1;
            return Some(TreeLease { inner: self.inner.clone(), sha256: *sha256 });
        }
        state.busy.insert(*sha256);
        None
    }

    /// Makes everything in a filled folder read-only and durable.
    fn seal(&self, staging: &Dir) -> Result<(), Error> {
        let entries = staging.tree()?;
        let plain = |entry: &&TreeEntry| {
            entry.nameable && matches!(entry.metadata.kind, EntryKind::File | EntryKind::Dir)
        };
        if let Some(foreign) = entries.iter().find(|entry| !plain(entry)) {
            return Err(Error::ForeignEntry { path: foreign.path.clone() });
        }
        let (files, folders): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| entry.metadata.is_file());
        for file in &files {
            staging.set_mode(&file.path, Mode::ReadOnly)?;
        }
        let paths: Vec<String> = files.into_iter().map(|file| file.path).collect();
        staging.sync_files(&paths)?;
        let mut synced: HashSet<&str> = HashSet::new();
        for path in &paths {
            synced.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
        }
        for folder in folders.iter().rev().filter(|folder| !synced.contains(folder.path.as_str())) {
            staging.open_dir(&folder.path)?.sync()?;
        }
        Ok(())
    }

    fn publish(&self, name: &str, sha256: &Sha256) -> Result<(), Error> {
        let shard = self.inner.trees.create_dir_all(&layout::shard(sha256))?;
        self.inner.trees.sync()?;
        self.inner.staging.rename_new(name, &shard, &sha256.to_string())?;
        shard.sync()?;
        self.write_seal(&shard.open_dir(&sha256.to_string())?, sha256)
    }
}

/// How everything in a folder looks, as a hash.
fn look(dir: &Dir) -> Result<Vec<u8>, muster_fsx::Error> {
    let mut hasher = sha2::Sha256::new();
    for TreeEntry { path, metadata, .. } in dir.tree()? {
        let line = match metadata.is_file() {
            true => format!(
                "{path}\0{}\0{}\0{}\n",
                metadata.size,
                nanoseconds(metadata.modified),
                metadata.read_only
            ),
            false => format!("{path}\0{:?}\n", metadata.kind),
        };
        hasher.update(line);
    }
    Ok(hasher.finalize().to_vec())
}

/// One thread unpacks or removes this tree.
struct Busy<'a> {
    inner: &'a Inner,
    sha256: Sha256,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        lock(&self.inner.state).busy.remove(&self.sha256);
        self.inner.ended.notify_all();
    }
}

/// While it lives, the tree stays.
#[derive(Debug)]
pub struct TreeLease {
    inner: Arc<Inner>,
    sha256: Sha256,
}

impl TreeLease {
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// The tree's folder. Its files are read-only and shared: never write through this handle.
    pub fn dir(&self) -> Result<Dir, Error> {
        let path = format!("{}/{}", layout::shard(&self.sha256), self.sha256);
        self.inner.trees.open_dir(&path).map_err(|error| self.inner.failed(error))
    }
}

impl Drop for TreeLease {
    fn drop(&mut self) {
        let mut state = lock(&self.inner.state);
        if let Some(count) = state.held.get_mut(&self.sha256) {
            *count -= 1;
            if *count == 0 {
                state.held.remove(&self.sha256);
            }
        }
    }
}
