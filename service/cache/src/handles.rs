//! A few open files for many seeds: opened when first read, the least recently used closed first.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use muster_domain::Sha256;
use muster_fsx::File;

use crate::state::lock;

/// Most files that seeding keeps open at once.
const CAPACITY: usize = 64;

#[derive(Debug, Default)]
struct Open {
    files: HashMap<Sha256, (Arc<File>, u64)>,
    clock: u64,
}

/// Read-only handles of complete archives.
#[derive(Debug, Default)]
pub(crate) struct Handles {
    open: Mutex<Open>,
}

impl Handles {
    /// The handle of an archive, if it is open.
    pub fn get(&self, sha256: &Sha256) -> Option<Arc<File>> {
        let mut guard = lock(&self.open);
        guard.clock += 1;
        let now = guard.clock;
        let (file, used) = guard.files.get_mut(sha256)?;
        *used = now;
        Some(file.clone())
    }

    /// Keeps a handle that was just opened.
    pub fn keep(&self, sha256: &Sha256, file: File) -> Arc<File> {
        let file = Arc::new(file);
        let mut guard = lock(&self.open);
        guard.clock += 1;
        let now = guard.clock;
        if guard.files.len() >= CAPACITY {
            let oldest = guard.files.iter().min_by_key(|(_, (_, used))| *used).map(|(hash, _)| *hash);
            oldest.and_then(|hash| guard.files.remove(&hash));
        }
        guard.files.insert(*sha256, (file.clone(), now));
        file
    }

    /// Closes it; who reads from it at the moment goes on with the file as it was.
    pub fn forget(&self, sha256: &Sha256) {
        lock(&self.open).files.remove(sha256);
    }
}
