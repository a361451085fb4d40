//! Writes that leave either the old content or the new one, whatever happens in between.

use std::{
    io::Write as _,
    path::Path,
    process,
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use crate::{Dir, Error, File, Mode, Operation, RelativePath, Result, dir::Place};

/// How the names of temporary files begin; what a crash leaves is found by it.
pub const TEMP_PREFIX: &str = ".muster-tmp-";

/// Whether a name is one of a temporary file of ours, left behind if no process of ours runs.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMP_PREFIX)
}

/// A name that no other file of this machine is likely to have; it need not be unpredictable, because it is only
/// ever used to create a new file.
fn temporary_name() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.subsec_nanos());
    format!("{TEMP_PREFIX}{:x}-{count:x}-{nanos:x}", process::id())
}

fn fill(file: &mut File, bytes: &[u8]) -> Result<()> {
    file.write_all(bytes).map_err(|error| Error::recover(error, Operation::Write, file.path()))?;
    file.sync()
}

fn write_place(target: &Place<'_, '_>, bytes: &[u8], mode: Mode) -> Result<()> {
    let name = temporary_name();
    let mut file = target.dir.place(name.as_str())?.create_new(mode)?;
    let written = fill(&mut file, bytes);
    drop(file);
    let moved = written.and_then(|()| target.dir.rename(name.as_str(), &target.dir, target.name));
    if let Err(error) = moved {
        // The first error is the one to report; what remains is found by its name later.
        let _ = target.dir.remove_file(name.as_str());
        return Err(error);
    }
    target.dir.sync()
}

impl Dir {
    /// Replaces or creates a file (0644) durably and all at once.
    pub fn write_atomic<P: RelativePath + ?Sized>(&self, path: &P, bytes: &[u8]) -> Result<()> {
        write_place(&self.place(path)?, bytes, Mode::Writable)
    }

    /// As [`Dir::write_atomic`], readable by its owner only (0600) from the first moment.
    pub fn write_atomic_private<P: RelativePath + ?Sized>(&self, path: &P, bytes: &[u8]) -> Result<()> {
        write_place(&self.place(path)?, bytes, Mode::Private)
    }

    /// Creates a new temporary file (0644) in this folder and gives its name, to be renamed when it is complete.
    pub fn create_temporary(&self) -> Result<(String, File)> {
        loop {
            let name = temporary_name();
            match self.create_new(name.as_str()) {
                Err(error) if error.is_exists() => {}
                other => return Ok((name, other?)),
            }
        }
    }

    /// Creates a new temporary folder below this one and gives its name.
    pub fn create_temporary_dir(&self) -> Result<(String, Dir)> {
        loop {
            let name = temporary_name();
            match self.create_dir_new(name.as_str()) {
                Err(error) if error.is_exists() => {}
                other => return Ok((name, other?)),
            }
        }
    }
}

fn write_ambient(path: &Path, bytes: &[u8], mode: Mode) -> Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| {
        Error::of_kind(
            crate::ErrorKind::Name,
            Operation::Write,
            path,
            "the file name is not Unicode or missing",
        )
    })?;
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    write_place(&Dir::open_ambient(parent)?.place(name)?, bytes, mode)
}

/// [`Dir::write_atomic`] for a file that the user or the program named by its whole path.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    write_ambient(path, bytes, Mode::Writable)
}

/// [`Dir::write_atomic_private`] for a whole path: settings, keys, tokens.
pub fn write_atomic_private(path: &Path, bytes: &[u8]) -> Result<()> {
    write_ambient(path, bytes, Mode::Private)
}
