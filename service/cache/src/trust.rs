//! Whether an archive on disk is what its name says, and what happens when it is not.
//!
//! | `checked` | means                                                | ends by                                            |
//! |-----------|------------------------------------------------------|----------------------------------------------------|
//! | some time | hashed then and right; size and time are as they were | the file looks changed when it is opened, a failed read, an unclean end of the program |
//! | none      | nothing vouches for it: it is hashed before any use  | a right hash (then checked), a wrong one (then damaged) |
//!
//! What is damaged becomes an unfinished archive without a map: out of sight, and its good blocks are found again when
//! somebody writes it.

use std::{collections::BTreeSet, convert::Infallible, fmt, ops::ControlFlow, sync::Arc};

use jiff::Timestamp;
use muster_domain::Sha256;
use muster_fsx::{ErrorKind, File, Metadata, Mode};

use crate::{
    Cache, Error,
    cache::Inner,
    hashing::hash_paced,
    index::{Remembered, nanoseconds},
    layout,
    state::lock,
};

/// How a paced check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The archive is what its name says.
    Whole,
    /// The caller stopped it; nothing is known.
    Stopped,
}

/// Told when damage was found.
#[derive(Default)]
pub(crate) struct Watcher(std::sync::OnceLock<Box<dyn Fn() + Send + Sync>>);

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watcher")
    }
}

impl Cache {
    /// Hashes a complete archive again.
    ///
    /// # Errors
    /// [`Error::Corrupt`]: it was damaged and has been taken out of sight; fetching it again repairs it.
    pub fn verify(&self, sha256: &Sha256) -> Result<(), Error> {
        self.inner.verify(sha256)
    }

    /// The same at the caller's pace: `pace` gets the number of bytes after each piece read, and may sleep or end it.
    pub fn check(
        &self,
        sha256: &Sha256,
        pace: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<Check, Error> {
        Ok(match self.inner.verify_paced(sha256, pace)? {
            ControlFlow::Continue(()) => Check::Whole,
            ControlFlow::Break(()) => Check::Stopped,
        })
    }

    /// The smallest archive that nothing vouches for.
    pub fn next_unchecked(&self, except: &BTreeSet<Sha256>) -> Option<Sha256> {
        let state = lock(&self.inner.state);
        let unchecked = state.archives.iter().filter(|(_, entry)| entry.checked.is_none());
        let unchecked = unchecked.filter(|(sha256, _)| !except.contains(*sha256));
        unchecked.min_by_key(|(_, entry)| entry.size).map(|(sha256, _)| *sha256)
    }

    /// The archive whose check lies back longest, and when it was.
    pub fn oldest_check(&self) -> Option<(Sha256, Timestamp)> {
        let state = lock(&self.inner.state);
        let checks = state.archives.iter().filter_map(|(sha256, entry)| Some((*sha256, entry.checked?)));
        checks.min_by_key(|(_, at)| *at)
    }

    /// Archives that were found damaged since the last call.
    pub fn take_damaged(&self) -> Vec<Sha256> {
        std::mem::take(&mut lock(&self.inner.state).damaged).into_iter().collect()
    }

    /// Calls `tell` whenever damage was found, from whichever thread found it; the first caller wins.
    pub fn on_damage(&self, tell: impl Fn() + Send + Sync + 'static) {
        if self.inner.watcher.0.set(Box::new(tell)).is_err() {
            tracing::warn!("damage in the cache is told to somebody else already");
        }
    }
}

impl Inner {
    /// Hashes the archive if nothing vouches for it yet.
    pub fn ensure_verified(self: &Arc<Self>, sha256: &Sha256) -> Result<(), Error> {
        let known = lock(&self.state).archives.get(sha256).map(|entry| entry.checked);
        match known {
            None => Err(Error::Missing(*sha256)),
            Some(Some(_)) => Ok(()),
            Some(None) => self.verify(sha256),
        }
    }

    pub fn verify(self: &Arc<Self>, sha256: &Sha256) -> Result<(), Error> {
        let ControlFlow::Continue(()) =
            self.verify_paced(sha256, &mut |_| ControlFlow::<Infallible>::Continue(()))?;
        Ok(())
    }

    fn verify_paced<B>(
        self: &Arc<Self>,
        sha256: &Sha256,
        pace: &mut dyn FnMut(u64) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Error> {
        let file = self.open_file(sha256)?;
        let metadata = file.metadata()?;
        let actual = match hash_paced(&file, metadata.size, pace)? {
            ControlFlow::Continue(actual) => actual,
            ControlFlow::Break(end) => return Ok(ControlFlow::Break(end)),
        };
        drop(file);
        if actual != *sha256 {
            return match self.quarantine(sha256, &metadata)? {
                Quarantined::Yes => Err(Error::Corrupt(*sha256)),
                // Somebody else found it and it came again meanwhile: what was hashed is not what is there.
                Quarantined::AnotherFile => Ok(ControlFlow::Continue(())),
            };
        }
        let mut state = lock(&self.state);
        if let Some(entry) = state.archives.get_mut(sha256) {
            entry.checked = Some(Timestamp::now());
            entry.size = metadata.size;
            entry.modified = nanoseconds(metadata.modified);
            state.is_dirty = true;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// A read failed in a way that says the file is not as it was: afterwards it is either proven or out of sight.
    pub fn verify_after_failure(self: &Arc<Self>, sha256: &Sha256) -> Result<(), Error> {
        match self.verify(sha256) {
            Err(Error::Files(error)) if error.kind() == ErrorKind::Other => {
                tracing::warn!(%error, "an archive cannot be read");
                let there = self.archives.metadata(&layout::archive_path(sha256))?;
                self.quarantine(sha256, &there)?;
                Err(Error::Corrupt(*sha256))
            }
            other => other,
        }
    }

    /// Whether an opened file looks unlike what was checked; then nothing vouches for it any more.
    pub fn distrust_if_changed(&self, sha256: &Sha256, file: &File) -> Result<bool, Error> {
        let metadata = file.metadata()?;
        let mut state = lock(&self.state);
        let Some(entry) = state.archives.get_mut(sha256) else { return Ok(false) };
        let is_changed = !entry.describes(&metadata);
        if is_changed {
            entry.checked = None;
        }
        Ok(is_changed)
    }

    /// Takes a damaged archive out of sight, unless the file that was `found` damaged is not there any more; as a
    /// partial file without a map, its good blocks can still be used.
    fn quarantine(self: &Arc<Self>, sha256: &Sha256, found: &Metadata) -> Result<Quarantined, Error> {
        let there = self.archives.metadata_if_exists(&layout::archive_path(sha256))?;
        if there.is_none_or(|there| !there.is_same_file(found)) {
            return Ok(Quarantined::AnotherFile);
        }
        let _claim = {
            let mut state = lock(&self.state);
            if !state.forget(sha256) {
                return Ok(Quarantined::Yes);
            }
            state.damaged.insert(*sha256);
            self.claim(&mut state, sha256)
        };
        tracing::warn!(archive = %sha256.short(), "an archive is damaged on disk and will not be used");
        self.handles.forget(sha256);
        let moved = self.set_aside(sha256);
        self.handles.forget(sha256);
        drop(_claim);
        if let Some(tell) = self.watcher.0.get() {
            tell();
        }
        moved.map(|()| Quarantined::Yes)
    }

    fn set_aside(&self, sha256: &Sha256) -> Result<(), Error> {
        let shard = self.archives.open_dir(&layout::shard(sha256))?;
        self.partial.remove_tree(&layout::map_name(sha256))?;
        shard.set_mode(&sha256.to_string(), Mode::Writable)?;
        shard.rename(&sha256.to_string(), &self.partial, &layout::part_name(sha256))?;
        self.partial.sync()?;
        Ok(shard.sync()?)
    }
}

/// What came of taking a file out of sight.
enum Quarantined {
    Yes,
    AnotherFile,
}

impl Remembered {
    /// Whether a file looks like the one that this was written about.
    pub fn describes(&self, metadata: &Metadata) -> bool {
        (self.size, self.modified) == (metadata.size, nanoseconds(metadata.modified))
    }
}
