//! Taking a package apart into a folder that nobody else uses yet.
//!
//! Files are written aside, proved, made read-only and synced together; the caller renames the folder into place. A
//! crash leaves a folder that the next attempt empties first.

use std::io::Write as _;

use muster_domain::PortablePath;
use muster_fsx::{Dir, File, Mode, Operation};

use crate::{
    Cancel, Entry, Error, FileEntry, Result, Validated,
    source::ReadAt,
    validate::{check_hash, hash_entry},
};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// In the order of the archive.
    pub files: Vec<FileEntry>,
    /// Bytes of all files together.
    pub size: u64,
}

/// One file to unpack.
struct Item<'a> {
    path: PortablePath,
    entry: &'a Entry,
    expected: Option<&'a FileEntry>,
}

/// Unpacks the payload of a package into `staging`, proves every file by its SHA-256, and syncs.
///
/// `staging` belongs to this call: what is in it is removed first, and everything is removed again after an error.
/// Files are read-only (0444).
pub fn unpack(
    source: &(impl ReadAt + ?Sized),
    package: &Validated,
    staging: &Dir,
    cancel: Cancel<'_>,
) -> Result<Unpacked> {
    let items =
        package.files().map(|(file, entry)| Item { path: file.path.clone(), entry, expected: Some(file) });
    unpack_items(source, items.collect(), staging, cancel)
}

/// As [`unpack`], for the entries of an archive without a manifest; gives the hashes that were found.
pub fn unpack_files(
    source: &(impl ReadAt + ?Sized),
    entries: &[Entry],
    staging: &Dir,
    cancel: Cancel<'_>,
) -> Result<Unpacked> {
    let items = entries.iter().map(|entry| Item { path: entry.path.clone(), entry, expected: None });
    unpack_items(source, items.collect(), staging, cancel)
}

fn unpack_items(
    source: &(impl ReadAt + ?Sized),
    items: Vec<Item<'_>>,
    staging: &Dir,
    cancel: Cancel<'_>,
) -> Result<Unpacked> {
    clear(staging)?;
    let result = write_items(source, &items, staging, cancel);
    if result.is_err() {
        // The first error is the one to report; the next attempt clears again.
        let _ = clear(staging);
    }
    result
}

fn clear(dir: &Dir) -> Result<()> {
    for entry in dir.entries()? {
        // Nothing of ours has such a name; left alone, it makes the rename of the caller visible as what it is.
        let Some(name) = entry.name_str() else { continue };
        dir.remove_tree(name)?;
    }
    Ok(())
}

fn write_items(
    source: &(impl ReadAt + ?Sized),
    items: &[Item<'_>],
    staging: &Dir,
    cancel: Cancel<'_>,
) -> Result<Unpacked> {
    let mut files = Vec::with_capacity(items.len());
    // Entries of one folder follow each other, so one open folder is enough.
    let mut folder: Option<(PortablePath, Dir)> = None;
    for item in items {
        let file = match item.path.parent() {
            None => staging.create_new(&item.path)?,
            Some(parent) => {
                if folder.as_ref().is_none_or(|(path, _)| *path != parent) {
                    folder = Some((parent.clone(), staging.create_dir_all(&parent)?));
                }
                let (_, dir) = folder.as_ref().expect("it was just opened");
                dir.create_new(item.path.file_name())?
            }
        };
        files.push(write_item(source, item, file, cancel)?);
    }
    let paths: Vec<_> = files.iter().map(|file| &file.path).collect();
    staging.sync_files(&paths)?;
    let size = files.iter().map(|file| file.size).sum();
    Ok(Unpacked { files, size })
}

fn write_item(
    source: &(impl ReadAt + ?Sized),
    item: &Item<'_>,
    mut file: File,
    cancel: Cancel<'_>,
) -> Result<FileEntry> {
    if cancel() {
        return Err(Error::Cancelled);
    }
    let path = file.path().to_owned();
    let sha256 = hash_entry(source, item.entry, cancel, &mut |bytes| {
        file.write_all(bytes)
            .map_err(|error| muster_fsx::Error::recover(error, Operation::Write, &path).into())
    })?;
    if let Some(expected) = item.expected {
        check_hash(&expected.sha256, &sha256, &item.path)?;
    }
    file.set_mode(Mode::ReadOnly)?;
    Ok(FileEntry { path: item.path.clone(), size: item.entry.size, sha256 })
}
