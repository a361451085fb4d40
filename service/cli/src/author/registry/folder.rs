//! A registry as a folder: `metadata/` and `targets/`, as `docs/formats/registry.md` describes.
//!
//! Whatever moment a reader or a power cut chooses, the folder holds a registry that works: target files come first, and
//! nothing refers to them yet; then metadata files, whose numbered names are new and never overwritten; last
//! `timestamp.json`, which makes all of it count.

use std::{
    io::{Read, Write},
    path::Path,
};

use muster_domain::{Archive, Sha256};
use muster_fsx::{Dir, Error, File, Operation};
use muster_registry::{
    StoreError,
    author::{Change, Files},
    sha256,
};
use sha2::Digest;

use crate::failure::Failure;

const METADATA: &str = "metadata";
const TARGETS: &str = "targets";
const TIMESTAMP: &str = "timestamp.json";
/// What clients start from; its hash is the registry's identity.
const FIRST_ROOT: &str = "1.root.json";
/// Longest metadata file that is read: twice what clients take.
const MAX_METADATA: u64 = 16 << 20;

/// A package file that belongs into the registry.
pub struct ArchiveFile {
    pub source: File,
    pub archive: Archive,
    /// Path below `targets/`.
    pub path: String,
}

/// One write, in the order of [`steps`].
pub enum Step<'a> {
    Target { path: &'a str, bytes: &'a [u8] },
    Archive(&'a ArchiveFile),
    Metadata { name: &'a str, bytes: &'a [u8] },
    Timestamp { bytes: &'a [u8] },
}

/// What to write, in an order that never shows readers a reference to something that is missing.
pub fn steps<'a>(change: &'a Change, archives: &'a [ArchiveFile]) -> Vec<Step<'a>> {
    let targets = change.targets.iter().map(|(path, bytes)| Step::Target { path, bytes });
    let numbered = change.metadata.iter().filter(|(name, _)| name != TIMESTAMP);
    let metadata = numbered.map(|(name, bytes)| Step::Metadata { name, bytes });
    let timestamp = change.metadata.iter().filter(|(name, _)| name == TIMESTAMP);
    let timestamp = timestamp.map(|(_, bytes)| Step::Timestamp { bytes });
    targets.chain(archives.iter().map(Step::Archive)).chain(metadata).chain(timestamp).collect()
}

/// An open registry folder.
#[derive(Debug)]
pub struct Folder {
    metadata: Dir,
    targets: Dir,
}

impl Folder {
    /// Makes the folders of a new registry; one that holds metadata already is refused.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        let dir = Dir::create_ambient(&absolute(path)?)?;
        let folder = Self { metadata: dir.create_dir_all(METADATA)?, targets: dir.create_dir_all(TARGETS)? };
        if !folder.metadata.entries()?.is_empty() {
            let failure = Failure::new(1, "cli-registry-exists", "there is a registry already");
            return Err(failure.with("folder", path.display()));
        }
        Ok(folder)
    }

    /// Opens the folder of a registry.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let dir = Dir::open_ambient(&absolute(path)?)?;
        if dir.metadata_if_exists(&*format!("{METADATA}/{FIRST_ROOT}"))?.is_none() {
            let failure = Failure::new(4, "cli-registry-missing", "this folder holds no registry");
            return Err(failure.with("folder", path.display()));
        }
        Ok(Self { metadata: dir.open_dir(METADATA)?, targets: dir.create_dir_all(TARGETS)? })
    }

    /// The registry's identity: SHA-256 of its first root.
    pub fn root(&self) -> Result<Sha256, Failure> {
        Ok(sha256(&self.metadata.read(FIRST_ROOT, MAX_METADATA)?))
    }

    /// Writes a change and the package files it refers to.
    pub fn write(&self, change: &Change, archives: &[ArchiveFile]) -> Result<(), Failure> {
        self.take(steps(change, archives))
    }

    fn take<'a>(&self, steps: impl IntoIterator<Item = Step<'a>>) -> Result<(), Failure> {
        let mut placed: Vec<&str> = Vec::new();
        for step in steps {
            match step {
                Step::Target { path, bytes } => {
                    self.write_target(path, bytes)?;
                    placed.push(path);
                }
                Step::Archive(file) => {
                    self.copy(file)?;
                    placed.push(&file.path);
                }
                Step::Metadata { name, bytes } => {
                    self.targets.sync_files(&std::mem::take(&mut placed))?;
                    self.write_metadata(name, bytes)?;
                }
                Step::Timestamp { bytes } => self.metadata.write_atomic(TIMESTAMP, bytes)?,
            }
        }
        Ok(())
    }

    /// The name holds the hash: a file that is there already is right, or repaired.
    fn write_target(&self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        if self.targets.metadata_if_exists(path)?.is_some_and(|found| found.is_file())
            && self.hash(path)?.is_some_and(|found| found.sha256 == sha256(bytes))
        {
            return Ok(());
        }
        let (dir, name) = self.parent(path)?;
        Ok(dir.write_atomic(name, bytes)?)
    }

    /// Copies a package file and compares what arrived with what was signed.
    fn copy(&self, file: &ArchiveFile) -> Result<(), Failure> {
        if self.hash(&file.path)? == Some(file.archive) {
            return Ok(());
        }
        let (dir, name) = self.parent(&file.path)?;
        let (temporary, mut target) = dir.create_temporary()?;
        let copied = copy_checked(file, &mut target);
        drop(target);
        let moved = copied.and_then(|()| Ok(dir.rename(temporary.as_str(), &dir, name)?));
        if moved.is_err() {
            // The first error is the one to report.
            let _ = dir.remove_file(temporary.as_str());
        }
        moved
    }

    /// Numbered metadata is written once. Somebody else who took the number meanwhile keeps it.
    fn write_metadata(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let (temporary, mut file) = self.metadata.create_temporary()?;
        let written =
            file.write_all(bytes).map_err(|error| Error::recover(error, Operation::Write, file.path()));
        let written = written.and_then(|()| file.sync());
        drop(file);
        let moved = written.and_then(|()| self.metadata.rename_new(temporary.as_str(), &self.metadata, name));
        if let Err(error) = moved {
            // The first error is the one to report.
            let _ = self.metadata.remove_file(temporary.as_str());
            return Err(error.into());
        }
        Ok(self.metadata.sync()?)
    }

    fn parent<'p>(&self, path: &'p str) -> Result<(Dir, &'p str), Failure> {
        match path.rsplit_once('/') {
            Some((above, name)) => Ok((self.targets.create_dir_all(above)?, name)),
            None => Ok((self.targets.try_clone()?, path)),
        }
    }

    fn hash(&self, path: &str) -> Result<Option<Archive>, Error> {
        let mut file = match self.targets.open(path) {
            Err(error) if error.is_missing() => return Ok(None),
            other => other?,
        };
        let mut hasher = sha2::Sha256::new();
        let size = pass_on(&mut file, &mut |bytes| {
            hasher.update(bytes);
            Ok(())
        })?;
        Ok(Some(Archive { sha256: Sha256(hasher.finalize().into()), size }))
    }
}

fn absolute(path: &Path) -> Result<std::path::PathBuf, Failure> {
    std::path::absolute(path).map_err(Failure::io)
}

fn copy_checked(file: &ArchiveFile, target: &mut File) -> Result<(), Failure> {
    let mut source = file.source.try_clone()?;
    std::io::Seek::rewind(&mut source)
        .map_err(|error| Error::recover(error, Operation::Read, file.source.path()))?;
    let path = target.path().to_owned();
    let mut hasher = sha2::Sha256::new();
    let size = pass_on(&mut source, &mut |bytes| {
        hasher.update(bytes);
        target.write_all(bytes).map_err(|error| Error::recover(error, Operation::Write, &path))
    })?;
    if (Archive { sha256: Sha256(hasher.finalize().into()), size }) != file.archive {
        let failure = Failure::new(1, "cli-package-changed", "the package file changed while it was read");
        return Err(failure.with("file", file.source.path().display()));
    }
    Ok(target.sync()?)
}

/// Reads to the end, piece by piece; gives the number of bytes.
fn pass_on(file: &mut File, sink: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<u64, Error> {
    let mut buffer = vec![0; 256 * 1024];
    let mut size = 0;
    loop {
        let count =
            file.read(&mut buffer).map_err(|error| Error::recover(error, Operation::Read, file.path()))?;
        if count == 0 {
            return Ok(size);
        }
        sink(&buffer[..count])?;
        size += count as u64;
    }
}

fn unread(error: Error) -> StoreError {
    StoreError { message: error.to_string(), source: Some(Box::new(error)) }
}

impl Files for Folder {
    fn metadata_names(&self) -> Result<Vec<String>, StoreError> {
        let entries = self.metadata.entries().map_err(unread)?;
        let files = entries.iter().filter(|entry| entry.metadata.is_file());
        Ok(files.filter_map(|entry| entry.name_str().map(str::to_owned)).collect())
    }

    fn metadata(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.metadata.read_if_exists(name, MAX_METADATA).map_err(unread)
    }

    fn target(&self, file: &str) -> Result<Option<Archive>, StoreError> {
        self.hash(file).map_err(unread)
    }

    fn target_bytes(&self, file: &str, max_length: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.targets.read_if_exists(file, max_length).map_err(unread)
    }
}

#[cfg(test)]
impl Folder {
    /// Writes the first steps only, as a crash would leave it.
    pub fn write_some(&self, change: &Change, archives: &[ArchiveFile], count: usize) -> Result<(), Failure> {
        self.take(steps(change, archives).into_iter().take(count))
    }
}
