//! What would be refused, found out without trying it.

use crate::{Dir, RelativePath, Result, platform};

impl Dir {
    /// Whether this user may make and remove entries in this folder, as far as the system tells: its mode, its owner and
    /// the way its volume is mounted. `true` where it does not tell.
    pub fn is_writable(&self) -> bool {
        platform::is_writable(self.inner())
    }

    /// Whether a file cannot be renamed or removed although its folder may be changed: it is marked immutable, or
    /// another program keeps it open for itself. `false` where the system does not tell.
    pub fn is_locked<P: RelativePath + ?Sized>(&self, path: &P) -> Result<bool> {
        let file = match self.open(path) {
            Err(error) if error.kind() == crate::ErrorKind::Busy => return Ok(true),
            other => other?,
        };
        Ok(platform::is_locked(&file.into_std()))
    }
}
