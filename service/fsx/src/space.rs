//! Free space of volumes.

use std::path::Path;

use crate::{Dir, Error, Operation, Result, platform};

/// Bytes that this user may still write on the volume of `path`, which must exist.
pub fn free_space(path: &Path) -> Result<u64> {
    platform::free_space(path).map_err(|error| Error::new(Operation::MeasureSpace, path, error))
}

impl Dir {
    /// Bytes that this user may still write on the volume of this folder.
    pub fn free_space(&self) -> Result<u64> {
        platform::free_space_of(self.inner(), self.path())
            .map_err(|error| Error::new(Operation::MeasureSpace, self.path(), error))
    }
}
