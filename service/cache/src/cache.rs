//! The cache folder: opening it, and the ways in and out of an archive.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use muster_domain::Sha256;
use muster_fsx::{Dir, ErrorKind, File, FileLock, Mode};

use crate::{
    ArchiveLease, Error, Reader, Writer,
    handles::Handles,
    hashing::hash_file,
    index::{self, Remembered, nanoseconds},
    layout,
    partial::Partial,
    state::{Entry, State, Trust, lock},
};

/// Archives by hash in one folder. Clones share everything.
#[derive(Clone, Debug)]
pub struct Cache {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    root: Dir,
    archives: Dir,
    pub partial: Dir,
    pub state: Mutex<State>,
    handles: Handles,
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
        let remembered = match root.read_if_exists(layout::INDEX, index::MAX_INDEX) {
            Ok(bytes) => index::parse(&bytes.unwrap_or_default()),
            Err(error) => {
                tracing::warn!(%error, "the index of the cache cannot be read; archives will be hashed again");
                Default::default()
            }
        };
        let mut state = State::default();
        scan(&archives, now, |sha256, found| {
            let known =
                remembered.get(&sha256).filter(|r| (r.size, r.modified) == (found.size, found.modified));
            let entry = match known {
                Some(known) => Entry { remembered: *known, trust: Trust::Verified },
                None => Entry { remembered: found, trust: Trust::Unchecked },
            };
            state.archives.insert(sha256, entry);
        })?;
        remove_temporary(&root)?;
        let inner = Inner {
            root,
            archives,
            partial,
            state: Mutex::new(state),
            handles: Handles::default(),
            _lock: lock,
        };
        let cache = Self { inner: Arc::new(inner) };
        cache.inner.clean_partial()?;
        Ok(cache)
    }

    /// Whether a complete archive with this hash is here. It may still turn out damaged when it is first used.
    pub fn contains(&self, sha256: &Sha256) -> bool {
        lock(&self.inner.state).archives.contains_key(sha256)
    }

    /// Keeps a complete archive from being evicted while the lease lives, and counts as a use.
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::Corrupt`] if it had to be hashed again and is damaged.
    pub fn lease(&self, sha256: &Sha256, now: Timestamp) -> Result<ArchiveLease, Error> {
        self.inner.ensure_verified(sha256)?;
        let mut state = lock(&self.inner.state);
        let entry = state.archives.get(sha256).ok_or(Error::Missing(*sha256))?;
        let size = entry.remembered.size;
        state.touch(sha256, now);
        state.hold(*sha256);
        drop(state);
        Ok(ArchiveLease::adopt(self.inner.clone(), *sha256, size))
    }

    /// Reads a complete archive for others. Does not keep it from being evicted: reads then say [`Error::Missing`].
    pub fn reader(&self, sha256: &Sha256) -> Result<Reader, Error> {
        let state = lock(&self.inner.state);
        let entry = state.archives.get(sha256).ok_or(Error::Missing(*sha256))?;
        Ok(Reader::new(self.inner.clone(), *sha256, entry.remembered.size))
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
            entry.trust = Trust::Unchecked;
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
                let size = entry.remembered.size;
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

    /// Hashes a complete archive again.
    ///
    /// # Errors
    /// [`Error::Corrupt`]: it was damaged and has been taken out of sight; fetching it again repairs it.
    pub fn verify(&self, sha256: &Sha256) -> Result<(), Error> {
        self.inner.verify(sha256)
    }

    /// Writes down what should be remembered at the next start. Call now and then, and at shutdown.
    pub fn flush(&self) -> Result<(), Error> {
        self.inner.flush()
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
    /// Moves a verified partial file into sight. The caller holds the claim on it.
    pub fn publish(&self, sha256: Sha256, size: u64, now: Timestamp) -> Result<(), Error> {
        let shard = self.archives.create_dir_all(&layout::shard(&sha256))?;
        self.archives.sync()?;
        self.partial.rename(&layout::part_name(&sha256), &shard, &sha256.to_string())?;
        shard.sync()?;
        self.partial.sync()?;
        let modified = nanoseconds(shard.metadata(&sha256.to_string())?.modified);
        let remembered = Remembered { size, modified, last_used: now, served: 0 };
        let mut state = lock(&self.state);
        state.archives.insert(sha256, Entry { remembered, trust: Trust::Verified });
        state.hold(sha256);
        state.is_dirty = true;
        Ok(())
    }

    /// Opens the file of a complete archive.
    pub fn open_file(&self, sha256: &Sha256) -> Result<File, Error> {
        match self.archives.open(&format!("{}/{sha256}", layout::shard(sha256))) {
            Err(error) if error.is_missing() => {
                lock(&self.state).archives.remove(sha256);
                Err(Error::Missing(*sha256))
            }
            other => Ok(other?),
        }
    }

    /// A shared handle for reading.
    pub fn handle(&self, sha256: &Sha256) -> Result<Arc<File>, Error> {
        self.handles.get(sha256, || self.open_file(sha256))
    }

    /// Hashes the archive if nothing vouches for it yet.
    pub fn ensure_verified(self: &Arc<Self>, sha256: &Sha256) -> Result<(), Error> {
        let trust = lock(&self.state).archives.get(sha256).map(|entry| entry.trust);
        match trust {
            None => Err(Error::Missing(*sha256)),
            Some(Trust::Verified) => Ok(()),
            Some(Trust::Unchecked) => self.verify(sha256),
        }
    }

    pub fn verify(self: &Arc<Self>, sha256: &Sha256) -> Result<(), Error> {
        let file = self.open_file(sha256)?;
        let metadata = file.metadata()?;
        if hash_file(&file, metadata.size)? != *sha256 {
            drop(file);
            self.quarantine(sha256)?;
            return Err(Error::Corrupt(*sha256));
        }
        let mut state = lock(&self.state);
        if let Some(entry) = state.archives.get_mut(sha256) {
            entry.trust = Trust::Verified;
            entry.remembered.size = metadata.size;
            entry.remembered.modified = nanoseconds(metadata.modified);
            state.is_dirty = true;
        }
        Ok(())
    }

    /// A read failed in a way that says the file is not as it was: afterwards it is either proven or out of sight.
    pub fn verify_after_failure(self: &Arc<Self>, sha256: &Sha256) -> Result<(), Error> {
        match self.verify(sha256) {
            Err(Error::Files(error)) if error.kind() == ErrorKind::Other => {
                tracing::warn!(%error, "an archive cannot be read");
                self.quarantine(sha256)?;
                Err(Error::Corrupt(*sha256))
            }
            other => other,
        }
    }

    /// Takes a damaged archive out of sight; as a partial file without a map, its good blocks can still be used.
    fn quarantine(self: &Arc<Self>, sha256: &Sha256) -> Result<(), Error> {
        let _claim = {
            let mut state = lock(&self.state);
            if state.archives.remove(sha256).is_none() {
                return Ok(());
            }
            state.is_dirty = true;
            self.claim(&mut state, sha256)
        };
        tracing::warn!(archive = %sha256.short(), "an archive is damaged on disk and will not be used");
        self.handles.forget(sha256);
        let shard = self.archives.open_dir(&layout::shard(sha256))?;
        self.partial.remove_tree(&layout::map_name(sha256))?;
        shard.set_mode(&sha256.to_string(), Mode::Writable)?;
        shard.rename(&sha256.to_string(), &self.partial, &layout::part_name(sha256))?;
        self.partial.sync()?;
        Ok(shard.sync()?)
    }

    /// Keeps writers of an archive out while its files are moved; `None` if its writer still lives, which does so too.
    fn claim(self: &Arc<Self>, state: &mut State, sha256: &Sha256) -> Option<Claim> {
        let is_new = state.writers.insert(*sha256);
        is_new.then(|| Claim { inner: self.clone(), sha256: *sha256 })
    }

    /// Removes a complete archive for good; says whether it was there and nobody held it.
    pub fn remove_archive(self: &Arc<Self>, sha256: &Sha256) -> Result<bool, Error> {
        let _claim = {
            let mut state = lock(&self.state);
            if state.is_held(sha256) || state.archives.remove(sha256).is_none() {
                return Ok(false);
            }
            state.is_dirty = true;
            self.claim(&mut state, sha256)
        };
        self.handles.forget(sha256);
        self.archives.remove_tree(&format!("{}/{sha256}", layout::shard(sha256)))?;
        Ok(true)
    }

    pub fn flush(&self) -> Result<(), Error> {
        let archives = {
            let mut state = lock(&self.state);
            if !state.is_dirty {
                return Ok(());
            }
            state.is_dirty = false;
            let verified = state.archives.iter().filter(|(_, entry)| entry.trust == Trust::Verified);
            verified.map(|(sha256, entry)| (*sha256, entry.remembered)).collect()
        };
        let written = self.root.write_atomic(layout::INDEX, &index::to_bytes(archives));
        if written.is_err() {
            lock(&self.state).is_dirty = true;
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

/// Finds the complete archives. What is not ours by its name is left alone.
fn scan(archives: &Dir, now: Timestamp, mut found: impl FnMut(Sha256, Remembered)) -> Result<(), Error> {
    for shard in archives.entries()?.iter().filter(|entry| entry.metadata.is_dir()) {
        let Some(name) = shard.name_str() else { continue };
        for entry in archives.open_dir(name)?.entries()?.iter().filter(|entry| entry.metadata.is_file()) {
            let Some(sha256) = entry.name_str().and_then(|name| name.parse::<Sha256>().ok()) else {
                continue;
            };
            if layout::shard(&sha256) != name {
                continue;
            }
            let modified = nanoseconds(entry.metadata.modified);
            let time = Timestamp::from_nanosecond(i128::from(modified)).unwrap_or(now);
            let remembered =
                Remembered { size: entry.metadata.size, modified, last_used: time.min(now), served: 0 };
            found(sha256, remembered);
        }
    }
    Ok(())
}

fn remove_temporary(dir: &Dir) -> Result<(), Error> {
    for entry in dir.entries()? {
        if let Some(name) = entry.name_str().filter(|name| muster_fsx::is_temporary(name)) {
            dir.remove_tree(name)?;
        }
    }
    Ok(())
}
