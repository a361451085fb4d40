//! An open file that knows its path.

use std::{
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{Error, ErrorKind, Metadata, Mode, Operation, Result, platform};

/// An open regular file.
///
/// Errors of [`Read`], [`Write`] and [`Seek`] carry an [`Error`] inside; [`Error::recover`] takes it out.
#[derive(Debug)]
pub struct File {
    inner: std::fs::File,
    path: PathBuf,
}

impl File {
    pub(crate) fn new(inner: std::fs::File, path: PathBuf) -> Self {
        Self { inner, path }
    }

    /// Opens a file that the user named; links on the way are the user's own and are followed.
    pub fn open_ambient(path: &Path) -> Result<Self> {
        let inner = std::fs::File::open(path).map_err(|error| Error::new(Operation::Open, path, error))?;
        let metadata = inner.metadata().map_err(|error| Error::new(Operation::Inspect, path, error))?;
        if !metadata.is_file() {
            return Err(Error::of_kind(ErrorKind::Shape, Operation::Open, path, "this is not a file"));
        }
        Ok(Self::new(inner, path.to_owned()))
    }

    /// Creates or empties a file that the user named.
    pub fn create_ambient(path: &Path) -> Result<Self> {
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        let inner = options.open(path).map_err(|error| Error::new(Operation::Create, path, error))?;
        Ok(Self::new(inner, path.to_owned()))
    }

    /// The whole path, for people and logs only.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn fail(&self, operation: Operation, error: io::Error) -> Error {
        Error::recover(error, operation, &self.path)
    }

    /// Bytes.
    pub fn size(&self) -> Result<u64> {
        Ok(self.inner.metadata().map_err(|e| self.fail(Operation::Inspect, e))?.len())
    }

    pub fn metadata(&self) -> Result<Metadata> {
        let metadata = cap_std::fs::Metadata::from_file(&self.inner);
        Ok(Metadata::from_cap(&metadata.map_err(|e| self.fail(Operation::Inspect, e))?))
    }

    /// Reads all of `buffer` at `offset`; an end before that is an error.
    pub fn read_exact_at(&self, mut buffer: &mut [u8], mut offset: u64) -> Result<()> {
        while !buffer.is_empty() {
            match platform::read_at(&self.inner, buffer, offset) {
                Ok(0) => return Err(self.fail(Operation::Read, io::ErrorKind::UnexpectedEof.into())),
                Ok(count) => {
                    buffer = &mut buffer[count..];
                    offset += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.fail(Operation::Read, error)),
            }
        }
        Ok(())
    }

    /// Writes all of `bytes` at `offset`.
    pub fn write_all_at(&self, mut bytes: &[u8], mut offset: u64) -> Result<()> {
        while !bytes.is_empty() {
            match platform::write_at(&self.inner, bytes, offset) {
                Ok(0) => return Err(self.fail(Operation::Write, io::ErrorKind::WriteZero.into())),
                Ok(count) => {
                    bytes = &bytes[count..];
                    offset += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.fail(Operation::Write, error)),
            }
        }
        Ok(())
    }

    /// Waits until content and length are on the disk. The folder's entry is a matter of [`crate::Dir::sync`].
    pub fn sync(&self) -> Result<()> {
        self.inner.sync_all().map_err(|e| self.fail(Operation::Sync, e))
    }

    pub fn set_size(&self, size: u64) -> Result<()> {
        self.inner.set_len(size).map_err(|e| self.fail(Operation::Write, e))
    }

    /// Gives the file this size and, where the volume can, its disk space, so that a full disk is noticed now.
    pub fn reserve(&self, size: u64) -> Result<()> {
        platform::reserve(&self.inner, size).map_err(|e| self.fail(Operation::Write, e))
    }

    pub fn set_mode(&self, mode: Mode) -> Result<()> {
        platform::set_mode(&self.inner, mode).map_err(|e| self.fail(Operation::SetAttributes, e))
    }

    pub fn set_modified(&self, time: SystemTime) -> Result<()> {
        self.inner.set_modified(time).map_err(|e| self.fail(Operation::SetAttributes, e))
    }

    /// A second handle with the same position.
    pub fn try_clone(&self) -> Result<Self> {
        let inner = self.inner.try_clone().map_err(|e| self.fail(Operation::Open, e))?;
        Ok(Self::new(inner, self.path.clone()))
    }

    /// The plain file, for libraries that want one.
    pub fn into_std(self) -> std::fs::File {
        self.inner
    }

    pub fn as_std(&self) -> &std::fs::File {
        &self.inner
    }
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|e| self.fail(Operation::Read, e).into_io())
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes).map_err(|e| self.fail(Operation::Write, e).into_io())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().map_err(|e| self.fail(Operation::Write, e).into_io())
    }
}

impl Seek for File {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position).map_err(|e| self.fail(Operation::Read, e).into_io())
    }
}
