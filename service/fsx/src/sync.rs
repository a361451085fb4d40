//! Making many files durable at once: first all contents, then all folders, deepest first.

use std::{
    collections::BTreeSet,
    sync::Mutex,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::{Dir, Error, Operation, RelativePath, Result, platform};

/// Waiting for the disk overlaps; more threads than this gain nothing.
const THREADS: usize = 8;

impl Dir {
    /// Waits until the entries of this folder (not the contents of its files) are on the disk.
    pub fn sync(&self) -> Result<()> {
        platform::sync_dir(self.inner()).map_err(|error| Error::new(Operation::Sync, self.path(), error))
    }

    /// Syncs the contents of all `files`, then every folder between them and this one, then this one.
    ///
    /// After it returns, all of them survive a loss of power.
    pub fn sync_files<P: RelativePath + Sync>(&self, files: &[P]) -> Result<()> {
        self.sync_contents(files)?;
        for folder in folders_of(files).iter().rev() {
            self.open_dir(*folder)?.sync()?;
        }
        self.sync()
    }

    fn sync_contents<P: RelativePath + Sync>(&self, files: &[P]) -> Result<()> {
        let next = AtomicUsize::new(0);
        let failure = Mutex::new(None);
        let work = || {
            while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Err(error) = self.open(file).and_then(|file| file.sync()) {
                    next.store(files.len(), Ordering::Relaxed);
                    failure.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get_or_insert(error);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 1..THREADS.min(files.len()) {
                scope.spawn(work);
            }
            work();
        });
        match failure.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// Every folder above a file; in this order a folder comes before those inside it.
fn folders_of<P: RelativePath>(files: &[P]) -> BTreeSet<&str> {
    let mut folders = BTreeSet::new();
    for file in files {
        let mut path = file.text();
        while let Some((above, _)) = path.rsplit_once('/') {
            if !folders.insert(above) {
                break;
            }
            path = above;
        }
    }
    folders
}
