//! A few open files for many seeds: opened when first read, the least recently used closed first.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use muster_domain::Sha256;
use muster_fsx::File;

use crate::{Error, state::lock};

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
    /// The handle of an archive, opened by `open` if it is not there yet.
    pub fn get(
        &self,
        sha256: &Sha256,
        open: impl FnOnce() -> Result<File, Error>,
    ) -> Result<Arc<File>, Error> {
        let mut guard = lock(&self.open);
        guard.clock += 1;
        let now = guard.clock;
        if let Some((file, used)) = guard.files.get_mut(sha256) {
            *used = now;
            return Ok(file.clone());
        }
        let file = Arc::new(open()?);
        if guard.files.len() >= CAPACITY {
            let oldest = guard.files.iter().min_by_key(|(_, (_, used))| *used).map(|(hash, _)| *hash);
            oldest.and_then(|hash| guard.files.remove(&hash));
        }
        guard.files.insert(*sha256, (file.clone(), now));
        Ok(file)
    }

    pub fn forget(&self, sha256: &Sha256) {
        lock(&self.open).files.remove(sha256);
    }
}
