//! The cache folder: opening it, and the ways in and out of an archive.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use muster_domain::Sha256;
use muster_fsx::{Dir, File, FileLock, Metadata};

use crate::{
    ArchiveLease, Error, Protection, Reader, Writer,
    handles::Handles,
    index::{self, Index, Remembered, RunEnd, nanoseconds},
    layout,
    partial::Partial,
    state::{State, lock},
    trust::Watcher,
};

/// Archives by hash in one folder. Clones share everything.
#[derive(Clone, Debug)]
pub struct Cache {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    root: Dir,
    pub archives: Dir,
    pub partial: Dir,
    pub state: Mutex<State>,
    pub handles: Handles,
    pub watcher: Watcher,
    _lock: FileLock,
}

/// What [`Cache::write`] gives.
#[derive(Debug)]
pub enum Opening {
    /// The archive is here already.
    Complete(ArchiveLease),
    /// Write it; shared between the threads that do.
    Writer(Arc<Writer>),
}

impl Cache {
    /// Opens the cache in a folder, creating what is missing; leftovers of a crash are cleaned up.
    ///
    /// # Errors
    /// [`Error::Locked`] if another process has it open.
    pub fn open(path: &Path, now: Timestamp) -> Result<Self, Error> {
        let root = Dir::create_ambient(path)?;
        let lock = FileLock::try_exclusive_in(&root, layout::LOCK)?.ok_or(Error::Locked)?;
        let archives = root.create_dir_all(layout::ARCHIVES)?;
        let partial = root.create_dir_all(layout::PARTIAL)?;
        let index = match root.read_if_exists(layout::INDEX, index::MAX_INDEX) {
            Ok(bytes) => index::parse(&bytes.unwrap_or_default()),
            Err(error) => {
                tracing::warn!(%error, "the index of the cache cannot be read; archives will be hashed again");
                Index::default()
            }
        };
        let mut state = State::default();
        state.archives = scan(&archives, &index, now)?;
        state.is_dirty = true;
        if index.end == RunEnd::Unknown && !state.archives.is_empty() {
            tracing::info!(archives = state.archives.len(), "the last run did not end well: checking again");
        }
        remove_temporary(&root)?;
        let inner = Inner {
            root,
            archives,
            partial,
            state: Mutex::new(state),
            handles: Handles::default(),
            watcher: Watcher::default(),
            _lock: lock,
        };
        let cache = Self { inner: Arc::new(inner) };
        cache.inner.clean_partial()?;
        cache.inner.withdraw_index()?;
        Ok(cache)
    }

    /// Whether a complete archive with this hash is here. It may still turn out damaged when it is first used.
    pub fn contains(&self, sha256: &Sha256) -> bool {
        lock(&self.inner.state).archives.contains_key(sha256)
    }

    /// Whether a complete archive with this hash is here and something vouches for its bytes.
    pub fn is_verified(&self, sha256: &Sha256) -> bool {
        lock(&self.inner.state).archives.get(sha256).is_some_and(|entry| entry.checked.is_some())
    }

    /// Keeps a complete archive from being evicted while the lease lives, and counts as a use.
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::Corrupt`] if it had to be hashed again and is damaged.
    pub fn lease(&self, sha256: &Sha256, now: Timestamp) -> Result<ArchiveLease, Error> {
        self.inner.ensure_verified(sha256)?;
        let mut state = lock(&self.inner.state);
        let entry = state.archives.get(sha256).ok_or(Error::Missing(*sha256))?;
        let size = entry.size;
        state.touch(sha256, now);
        state.hold(*sha256);
        drop(state);
        Ok(ArchiveLease::adopt(self.inner.clone(), *sha256, size))
    }

    /// Reads a complete archive for others. Does not keep it from being evicted: reads then say [`Error::Missing`].
    pub fn reader(&self, sha256: &Sha256) -> Result<Reader, Error> {
        let state = lock(&self.inner.state);
        let entry = state.archives.get(sha256).ok_or(Error::Missing(*sha256))?;
        Ok(Reader::new(self.inner.clone(), *sha256, entry.size))
    }

    /// Opens the file of a complete archive as it is: nothing vouches for its bytes, and it may go at any time. For those
    /// who prove every byte themselves and can do without.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub fn open_unproven(&self, sha256: &Sha256) -> Result<File, Error> {
        match self.contains(sha256) {
            true => self.inner.open_file(sha256),
            false => Err(Error::Missing(*sha256)),
        }
    }

    /// Says that bytes of an archive were not what they should be: it is hashed before it is used again.
    pub fn doubt(&self, sha256: &Sha256) {
        let mut state = lock(&self.inner.state);
        if let Some(entry) = state.archives.get_mut(sha256) {
            entry.checked = None;
            state.is_dirty = true;
        }
    }

    /// Starts or resumes writing an archive of exactly `size` bytes.
    ///
    /// `blocks` are the signed SHA-256 hashes of its 64 KiB blocks, if there are any: then every block is compared as
    /// it becomes complete, and what a wrong file has right is kept.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::TooLarge`], [`Error::BlockList`], [`Error::NoSpace`]; nothing was changed then.
    pub fn write(&self, sha256: Sha256, size: u64, blocks: Option<Arc<[Sha256]>>) -> Result<Opening, Error> {
        match self.inner.ensure_verified(&sha256) {
            Ok(()) | Err(Error::Missing(_) | Error::Corrupt(_)) => {}
            Err(other) => return Err(other),
        }
        {
            let mut state = lock(&self.inner.state);
            if let Some(entry) = state.archives.get(&sha256) {
                let size = entry.size;
                state.hold(sha256);
                return Ok(Opening::Complete(ArchiveLease::adopt(self.inner.clone(), sha256, size)));
            }
            if !state.writers.insert(sha256) {
                return Err(Error::Busy(sha256));
            }
        }
        let claim = Claim { inner: self.inner.clone(), sha256 };
        let partial = Partial::open(&self.inner.partial, sha256, size, blocks.as_deref())?;
        Ok(Opening::Writer(Arc::new(Writer::new(claim, partial, blocks))))
    }

    /// Starts or resumes writing an archive whose hash nobody knows, of exactly `size` bytes: [`Writer::finish`] finds
    /// its hash out, and the lease that it gives says it. `stand_in` names the unfinished file until then.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::TooLarge`], [`Error::NoSpace`]; nothing was changed then.
    pub fn write_unseen(&self, stand_in: Sha256, size: u64) -> Result<Arc<Writer>, Error> {
        if !lock(&self.inner.state).writers.insert(stand_in) {
            return Err(Error::Busy(stand_in));
        }
        let claim = Claim { inner: self.inner.clone(), sha256: stand_in };
        let partial = Partial::open(&self.inner.partial, stand_in, size, None)?;
        Ok(Arc::new(Writer::unseen(claim, partial)))
    }

    /// Writes down what should be remembered at the next start. Call now and then.
    pub fn flush(&self) -> Result<(), Error> {
        self.inner.flush(RunEnd::Unknown)
    }

    /// Writes it down as the last word of this run: the next one then trusts what it finds unchanged. Call when nothing
    /// uses the cache any more; without it, the next run hashes everything again before it is used.
    pub fn close(&self) -> Result<(), Error> {
        lock(&self.inner.state).is_dirty = true;
        self.inner.flush(RunEnd::Clean)
    }

    /// Bytes that may still be written to the cache's volume.
    pub fn free_space(&self) -> Result<u64, Error> {
        Ok(self.inner.root.free_space()?)
    }
}

/// The exclusive right to write one archive.
#[derive(Debug)]
pub(crate) struct Claim {
    pub inner: Arc<Inner>,
    pub sha256: Sha256,
}

impl Drop for Claim {
    fn drop(&mut self) {
        lock(&self.inner.state).writers.remove(&self.sha256);
    }
}

impl Inner {
    /// Moves the verified partial file that is called `part` into sight. The caller holds the claim on it.
    pub fn publish(&self, part: &str, sha256: Sha256, size: u64, now: Timestamp) -> Result<(), Error> {
        let shard = self.archives.create_dir_all(&layout::shard(&sha256))?;
        self.archives.sync()?;
        self.partial.rename(part, &shard, &sha256.to_string())?;
        shard.sync()?;
        self.partial.sync()?;
        let modified = nanoseconds(shard.metadata(&sha256.to_string())?.modified);
        let entry = Remembered { size, modified, last_used: now, served: 0, checked: Some(now) };
        let mut state = lock(&self.state);
        state.archives.insert(sha256, entry);
        state.damaged.remove(&sha256);
        state.hold(sha256);
        state.is_dirty = true;
        Ok(())
    }

    /// Opens the file of a complete archive.
    pub fn open_file(&self, sha256: &Sha256) -> Result<File, Error> {
        match self.archives.open(&layout::archive_path(sha256)) {
            Err(error) if error.is_missing() => {
                // It may have come again meanwhile: a new one is in its place before it is on the books.
                let mut state = lock(&self.state);
                if self.archives.metadata_if_exists(&layout::archive_path(sha256))?.is_none() {
                    state.forget(sha256);
                }
                Err(Error::Missing(*sha256))
            }
            other => Ok(other?),
        }
    }

    /// A shared handle for reading. A file that looks changed since it was checked is hashed first.
    pub fn handle(self: &Arc<Self>, sha256: &Sha256) -> Result<Arc<File>, Error> {
        if let Some(open) = self.handles.get(sha256) {
            return Ok(open);
        }
        let mut file = self.open_file(sha256)?;
        if self.distrust_if_changed(sha256, &file)? {
            self.verify(sha256)?;
            file = self.open_file(sha256)?;
        }
        let file = self.handles.keep(sha256, file);
        // Removed meanwhile: who reads now may go on, nobody else gets this handle.
        if !lock(&self.state).archives.contains_key(sha256) {
            self.handles.forget(sha256);
        }
        Ok(file)
    }

    /// Keeps writers of an archive out while its files are moved; `None` if its writer still lives, which does so too.
    pub fn claim(self: &Arc<Self>, state: &mut State, sha256: &Sha256) -> Option<Claim> {
        let is_new = state.writers.insert(*sha256);
        is_new.then(|| Claim { inner: self.clone(), sha256: *sha256 })
    }

    /// Removes a complete archive for good, unless somebody holds it or it is better protected than `at_most`; says
    /// whether it did. Who reads it at the moment goes on with the file as it was; the next read says that it is gone.
    pub fn remove_archive(self: &Arc<Self>, sha256: &Sha256, at_most: Protection) -> Result<bool, Error> {
        let _claim = {
            let mut state = lock(&self.state);
            if state.is_held(sha256) || state.protection(sha256) > at_most || !state.forget(sha256) {
                return Ok(false);
            }
            self.claim(&mut state, sha256)
        };
        // Some systems cannot remove a file that is open; and a reader may open it until it is gone.
        self.handles.forget(sha256);
        self.archives.remove_tree(&layout::archive_path(sha256))?;
        self.handles.forget(sha256);
        Ok(true)
    }

    /// From here on, until [`Cache::close`], no index on disk vouches for anything.
    fn withdraw_index(&self) -> Result<(), Error> {
        let Err(error) = self.flush(RunEnd::Unknown) else { return Ok(()) };
        // A full disk, most likely. An index that says more than is true is worse than none.
        tracing::warn!(%error, "the index of the cache cannot be written");
        if self.root.metadata_if_exists(layout::INDEX)?.is_some() {
            self.root.remove_file(layout::INDEX)?;
        }
        Ok(())
    }

    pub fn flush(&self, end: RunEnd) -> Result<(), Error> {
        let archives = {
            let mut state = lock(&self.state);
            if !state.is_dirty || state.is_closed {
                return Ok(());
            }
            state.is_dirty = false;
            state.is_closed = end == RunEnd::Clean;
            state.archives.clone()
        };
        let written = self.root.write_atomic(layout::INDEX, &index::to_bytes(Index { end, archives }));
        if written.is_err() {
            let mut state = lock(&self.state);
            (state.is_dirty, state.is_closed) = (true, false);
        }
        Ok(written?)
    }

    /// Maps without a partial file mean nothing; what a crash left half-written is removed.
    fn clean_partial(&self) -> Result<(), Error> {
        remove_temporary(&self.partial)?;
        for entry in self.partial.entries()? {
            let parsed = entry.name_str().and_then(layout::parse_partial);
            if let Some(layout::PartialName::Map(sha256)) = parsed
                && self.partial.metadata_if_exists(&layout::part_name(&sha256))?.is_none()
            {
                self.partial.remove_file(&layout::map_name(&sha256))?;
            }
        }
        Ok(())
    }
}

/// Finds the complete archives, each with what is remembered of it. What is not ours by its name is left alone.
fn scan(archives: &Dir, index: &Index, now: Timestamp) -> Result<BTreeMap<Sha256, Remembered>, Error> {
    let mut found = BTreeMap::new();
    for shard in archives.entries()?.iter().filter(|entry| entry.metadata.is_dir()) {
        let Some(name) = shard.name_str() else { continue };
        for entry in archives.open_dir(name)?.entries()?.iter().filter(|entry| entry.metadata.is_file()) {
            let Some(sha256) = entry.name_str().and_then(|name| name.parse::<Sha256>().ok()) else {
                continue;
            };
            if layout::shard(&sha256) == name {
                found.insert(sha256, recall(&entry.metadata, index.end, index.archives.get(&sha256), now));
            }
        }
    }
    Ok(found)
}

/// What is known of a file that was found. Its bytes are vouched for only by the index of a run that ended well.
fn recall(found: &Metadata, end: RunEnd, known: Option<&Remembered>, now: Timestamp) -> Remembered {
    let modified = nanoseconds(found.modified);
    let time = Timestamp::from_nanosecond(i128::from(modified)).unwrap_or(now);
    let fresh = Remembered { size: found.size, modified, last_used: time.min(now), served: 0, checked: None };
    match known {
        None => fresh,
        Some(known) if end == RunEnd::Clean && known.describes(found) => *known,
        Some(known) => Remembered { last_used: known.last_used, served: known.served, ..fresh },
    }
}

pub(crate) fn remove_temporary(dir: &Dir) -> Result<(), Error> {
    for entry in dir.entries()? {
        if let Some(name) = entry.name_str().filter(|name| muster_fsx::is_temporary(name)) {
            dir.remove_tree(name)?;
        }
    }
    Ok(())
}
