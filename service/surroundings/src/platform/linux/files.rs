//! Reading what the kernel shows as files. They are links into a tree of devices, which the rest of the program never
//! follows; nothing is ever written here.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

/// The kernel's values are one word; anything longer is not one.
const MAX_VALUE: u64 = 4096;
/// A machine has a handful of devices of a kind.
const MAX_ENTRIES: usize = 64;

/// A value without the white space around it, if it can be read.
pub(super) fn value(path: &Path) -> Option<String> {
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(MAX_VALUE).read_to_string(&mut text).ok()?;
    Some(text.trim().to_owned())
}

/// What lies in a folder; `None` if there is no such folder.
pub(super) fn entries(folder: &Path) -> Option<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).ok()?;
    Some(entries.filter_map(|entry| Some(entry.ok()?.path())).take(MAX_ENTRIES).collect())
}
