//! A folder as a handle.

use std::{
    io::{self, Read as _},
    ops::Deref,
    path::{Path, PathBuf},
    time::SystemTime,
};

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _, SystemTimeSpec};
use cap_std::{ambient_authority, fs::OpenOptions, time::SystemTime as CapTime};

use crate::{
    Error, ErrorKind, File, Metadata, Mode, Operation, RelativePath, Result, platform, relative, retry::retry,
};

/// An open folder. Everything below it is reached through this handle and never through a link.
#[derive(Debug)]
pub struct Dir {
    inner: cap_std::fs::Dir,
    path: PathBuf,
}

/// A handle that was given, or one that was opened on the way.
pub(crate) enum Holder<'d> {
    Given(&'d Dir),
    Opened(Dir),
}

impl Deref for Holder<'_> {
    type Target = Dir;

    fn deref(&self) -> &Dir {
        match self {
            Self::Given(dir) => dir,
            Self::Opened(dir) => dir,
        }
    }
}

/// The folder that holds the last part of a path, and that part.
pub(crate) struct Place<'d, 'p> {
    pub(crate) dir: Holder<'d>,
    pub(crate) name: &'p str,
}

impl Place<'_, '_> {
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path.join(self.name)
    }

    pub(crate) fn fail(&self, operation: Operation, error: io::Error) -> Error {
        Error::new(operation, self.path(), error)
    }

    pub(crate) fn metadata(&self) -> Result<Metadata> {
        let metadata =
            self.dir.inner.symlink_metadata(self.name).map_err(|e| self.fail(Operation::Inspect, e))?;
        Ok(Metadata::from_cap(&metadata))
    }

    fn open(&self, options: &mut OpenOptions, operation: Operation) -> Result<File> {
        options.follow(FollowSymlinks::No);
        platform::prepare_open(options);
        let file =
            retry(|| self.dir.inner.open_with(self.name, options)).map_err(|e| self.fail(operation, e))?;
        let file = File::new(file.into_std(), self.path());
        match file.metadata()?.kind {
            crate::EntryKind::File => Ok(file),
            crate::EntryKind::Dir => Err(self.refuse(ErrorKind::Shape, operation, "this is a folder")),
            _ => Err(self.refuse(ErrorKind::Link, operation, "this is a link or a special file")),
        }
    }

    pub(crate) fn open_to_read(&self) -> Result<File> {
        self.open(OpenOptions::new().read(true), Operation::Open)
    }

    pub(crate) fn create_new(&self, mode: Mode) -> Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        platform::prepare_create(&mut options, mode);
        self.open(&mut options, Operation::Create)
    }

    pub(crate) fn refuse(&self, kind: ErrorKind, operation: Operation, why: &'static str) -> Error {
        Error::of_kind(kind, operation, self.path(), why)
    }
}

impl Dir {
    /// Opens an existing folder that the program or the user named; links on the way to it are followed.
    pub fn open_ambient(path: &Path) -> Result<Self> {
        let inner = cap_std::fs::Dir::open_ambient_dir(path, ambient_authority())
            .map_err(|error| Error::new(Operation::Open, path, error))?;
        Ok(Self { inner, path: path.to_owned() })
    }

    /// Like [`Dir::open_ambient`], creating what is missing.
    pub fn create_ambient(path: &Path) -> Result<Self> {
        std::fs::create_dir_all(path).map_err(|error| Error::new(Operation::Create, path, error))?;
        Self::open_ambient(path)
    }

    /// Like [`Dir::create_ambient`]; folders it creates are open to their owner only (0700).
    pub fn create_ambient_private(path: &Path) -> Result<Self> {
        platform::create_private_dir(path).map_err(|error| Error::new(Operation::Create, path, error))?;
        Self::open_ambient(path)
    }

    /// The whole path at the time of opening, for people and logs only.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn inner(&self) -> &cap_std::fs::Dir {
        &self.inner
    }

    /// A second handle of the same folder.
    pub fn try_clone(&self) -> Result<Self> {
        let inner = self.inner.try_clone().map_err(|e| Error::new(Operation::Open, &self.path, e))?;
        Ok(Self { inner, path: self.path.clone() })
    }

    fn step(&self, part: &str) -> Result<Dir> {
        let path = self.path.join(part);
        match self.inner.open_dir_nofollow(part) {
            Ok(inner) => Ok(Self { inner, path }),
            Err(error) => {
                let is_link = self
                    .inner
                    .symlink_metadata(part)
                    .is_ok_and(|m| m.file_type().is_symlink() || platform::is_junction(&m));
                let why = "a link stands where a folder must be";
                Err(match is_link {
                    true => Error::of_kind(ErrorKind::Link, Operation::Open, path, why),
                    false => Error::new(Operation::Open, path, error),
                })
            }
        }
    }

    fn step_or_create(&self, part: &str) -> Result<Dir> {
        match self.step(part) {
            Err(error) if error.is_missing() => {}
            other => return other,
        }
        match self.inner.create_dir(part) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(Error::new(Operation::Create, self.path.join(part), error))
            }
            _ => self.step(part),
        }
    }

    /// Finds the folder of the last part, opening each folder above it without following links.
    pub(crate) fn place<'p, P: RelativePath + ?Sized>(&self, path: &'p P) -> Result<Place<'_, 'p>> {
        let (above, name) = relative::split(path)?;
        let mut dir = Holder::Given(self);
        for part in above {
            dir = Holder::Opened(dir.step(part)?);
        }
        Ok(Place { dir, name })
    }

    /// Opens a folder below this one.
    pub fn open_dir<P: RelativePath + ?Sized>(&self, path: &P) -> Result<Dir> {
        let place = self.place(path)?;
        place.dir.step(place.name)
    }

    /// Creates the folder and all above it that are missing, and opens it.
    pub fn create_dir_all<P: RelativePath + ?Sized>(&self, path: &P) -> Result<Dir> {
        let (above, name) = relative::split(path)?;
        let mut dir = Holder::Given(self);
        for part in above {
            dir = Holder::Opened(dir.step_or_create(part)?);
        }
        dir.step_or_create(name)
    }

    /// Creates one folder, which must not exist yet.
    pub fn create_dir_new<P: RelativePath + ?Sized>(&self, path: &P) -> Result<Dir> {
        let place = self.place(path)?;
        place.dir.inner.create_dir(place.name).map_err(|e| place.fail(Operation::Create, e))?;
        place.dir.step(place.name)
    }

    /// Opens a file for reading.
    pub fn open<P: RelativePath + ?Sized>(&self, path: &P) -> Result<File> {
        self.place(path)?.open_to_read()
    }

    /// Opens an existing file for reading and writing.
    pub fn open_to_write<P: RelativePath + ?Sized>(&self, path: &P) -> Result<File> {
        self.place(path)?.open(OpenOptions::new().read(true).write(true), Operation::Open)
    }

    /// Opens a file for appending, creating it (0600) if it is missing.
    pub fn open_to_append<P: RelativePath + ?Sized>(&self, path: &P) -> Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        platform::prepare_create(&mut options, Mode::Private);
        self.place(path)?.open(&mut options, Operation::Open)
    }

    /// Creates a file (0644) for reading and writing; an entry of that name, even a link, is an error.
    pub fn create_new<P: RelativePath + ?Sized>(&self, path: &P) -> Result<File> {
        self.place(path)?.create_new(Mode::Writable)
    }

    /// The content of a file of at most `max` bytes.
    pub fn read<P: RelativePath + ?Sized>(&self, path: &P, max: u64) -> Result<Vec<u8>> {
        let mut file = self.open(path)?;
        let too_large = |file: &File| {
            Error::of_kind(ErrorKind::TooLarge, Operation::Read, file.path(), "larger than allowed")
        };
        let size = file.size()?;
        if size > max {
            return Err(too_large(&file));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        let read = file.by_ref().take(max.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| Error::recover(error, Operation::Read, file.path()))?;
        if bytes.len() as u64 > max { Err(too_large(&file)) } else { Ok(bytes) }
    }

    /// As [`Dir::read`]; `None` if there is no such file.
    pub fn read_if_exists<P: RelativePath + ?Sized>(&self, path: &P, max: u64) -> Result<Option<Vec<u8>>> {
        none_if_missing(self.read(path, max))
    }

    /// Attributes of an entry; of the link itself if it is one.
    pub fn metadata<P: RelativePath + ?Sized>(&self, path: &P) -> Result<Metadata> {
        self.place(path)?.metadata()
    }

    /// As [`Dir::metadata`]; `None` if there is no such entry, or no folder to hold it.
    pub fn metadata_if_exists<P: RelativePath + ?Sized>(&self, path: &P) -> Result<Option<Metadata>> {
        none_if_missing(self.metadata(path))
    }

    /// Attributes of this folder.
    pub fn own_metadata(&self) -> Result<Metadata> {
        let metadata =
            self.inner.dir_metadata().map_err(|e| Error::new(Operation::Inspect, &self.path, e))?;
        Ok(Metadata::from_cap(&metadata))
    }

    /// Moves an entry, replacing a file that is there. Atomic inside one volume, an error across volumes.
    pub fn rename<P, Q>(&self, from: &P, to_dir: &Dir, to: &Q) -> Result<()>
    where
        P: RelativePath + ?Sized,
        Q: RelativePath + ?Sized,
    {
        let (from, to) = (self.place(from)?, to_dir.place(to)?);
        retry(|| from.dir.inner.rename(from.name, &to.dir.inner, to.name))
            .map_err(|e| to.fail(Operation::Rename, e))
    }

    /// As [`Dir::rename`], but an existing entry is an error. Atomic where the volume can, else checked before.
    pub fn rename_new<P, Q>(&self, from: &P, to_dir: &Dir, to: &Q) -> Result<()>
    where
        P: RelativePath + ?Sized,
        Q: RelativePath + ?Sized,
    {
        let (from, to) = (self.place(from)?, to_dir.place(to)?);
        let (from_dir, target_dir) = (&from.dir.inner, &to.dir.inner);
        if let Some(result) = platform::rename_new(from_dir, from.name, target_dir, to.name) {
            return result.map_err(|e| to.fail(Operation::Rename, e));
        }
        if target_dir.symlink_metadata(to.name).is_ok() {
            return Err(to.refuse(ErrorKind::Exists, Operation::Rename, "the name is taken"));
        }
        retry(|| from_dir.rename(from.name, target_dir, to.name)).map_err(|e| to.fail(Operation::Rename, e))
    }

    /// Removes a file, or a link itself.
    pub fn remove_file<P: RelativePath + ?Sized>(&self, path: &P) -> Result<()> {
        let place = self.place(path)?;
        retry(|| place.dir.inner.remove_file_or_symlink(place.name))
            .map_err(|e| place.fail(Operation::Remove, e))
    }

    /// Removes an empty folder.
    pub fn remove_dir<P: RelativePath + ?Sized>(&self, path: &P) -> Result<()> {
        let place = self.place(path)?;
        retry(|| place.dir.inner.remove_dir(place.name)).map_err(|e| place.fail(Operation::Remove, e))
    }

    /// Removes whatever is there with everything below it; links are removed, never entered. Missing is success.
    pub fn remove_tree<P: RelativePath + ?Sized>(&self, path: &P) -> Result<()> {
        let Some(place) = none_if_missing(self.place(path))? else { return Ok(()) };
        let Some(metadata) = none_if_missing(place.metadata())? else { return Ok(()) };
        let removed = retry(|| match metadata.is_dir() {
            true => place.dir.inner.remove_dir_all(place.name),
            false => place.dir.inner.remove_file_or_symlink(place.name),
        });
        none_if_missing(removed.map_err(|e| place.fail(Operation::Remove, e))).map(|_| ())
    }

    /// Changes the permissions of a file.
    pub fn set_mode<P: RelativePath + ?Sized>(&self, path: &P, mode: Mode) -> Result<()> {
        self.open(path)?.set_mode(mode)
    }

    /// Changes the modification time of a file or folder.
    pub fn set_modified<P: RelativePath + ?Sized>(&self, path: &P, time: SystemTime) -> Result<()> {
        let place = self.place(path)?;
        let time = SystemTimeSpec::Absolute(CapTime::from_std(time));
        place
            .dir
            .inner
            .set_symlink_times(place.name, None, Some(time))
            .map_err(|e| place.fail(Operation::SetAttributes, e))
    }
}

pub(crate) fn none_if_missing<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}
