//! Locks between processes.

use std::{
    fs::{OpenOptions, TryLockError},
    path::Path,
};

use crate::{Dir, Error, File, Mode, Operation, RelativePath, Result};

/// An exclusive advisory lock on a file, given back when dropped and by the system when the process ends in any way.
///
/// The file itself stays: removing it would let two processes hold locks on two files of one name.
#[derive(Debug)]
pub struct FileLock {
    _file: std::fs::File,
}

impl FileLock {
    /// Takes the lock if nobody has it, creating the file if it is missing; `None` if somebody has it.
    pub fn try_exclusive(path: &Path) -> Result<Option<Self>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(|error| Error::new(Operation::Lock, path, error))?;
        Self::take(file, path)
    }

    /// As [`FileLock::try_exclusive`], below a handle.
    pub fn try_exclusive_in<P: RelativePath + ?Sized>(dir: &Dir, path: &P) -> Result<Option<Self>> {
        let place = dir.place(path)?;
        let file: File = match place.create_new(Mode::Private) {
            Err(error) if error.is_exists() => dir.open_to_write(path)?,
            other => other?,
        };
        Self::take(file.into_std(), &place.path())
    }

    fn take(file: std::fs::File, path: &Path) -> Result<Option<Self>> {
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::new(Operation::Lock, path, error)),
        }
    }
}
