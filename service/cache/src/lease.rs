//! Holding a complete archive in one's hands.

use std::sync::Arc;

use muster_domain::{Archive, Sha256};
use muster_fsx::File;

use crate::{Error, cache::Inner, state::lock};

/// While it lives, the archive is not evicted.
#[derive(Debug)]
pub struct ArchiveLease {
    inner: Arc<Inner>,
    sha256: Sha256,
    size: u64,
}

impl ArchiveLease {
    /// Takes over a hold that was already counted.
    pub(crate) fn adopt(inner: Arc<Inner>, sha256: Sha256, size: u64) -> Self {
        Self { inner, sha256, size }
    }

    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn archive(&self) -> Archive {
        Archive { sha256: self.sha256, size: self.size }
    }

    /// The archive's file, for reading.
    pub fn open(&self) -> Result<File, Error> {
        self.inner.open_file(&self.sha256)
    }
}

impl Clone for ArchiveLease {
    fn clone(&self) -> Self {
        lock(&self.inner.state).hold(self.sha256);
        Self { inner: self.inner.clone(), sha256: self.sha256, size: self.size }
    }
}

impl Drop for ArchiveLease {
    fn drop(&mut self) {
        lock(&self.inner.state).release(&self.sha256);
    }
}
