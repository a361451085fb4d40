//! macOS.

use std::io;

use cap_std::fs::Dir;

pub(crate) use super::unix::*;

/// Creates `name` as a copy that shares its blocks with `source` (APFS).
pub(crate) fn reflink(source: &std::fs::File, dir: &Dir, name: &str) -> io::Result<()> {
    Ok(rustix::fs::fclonefileat(source, dir, name, rustix::fs::CloneFlags::empty())?)
}

/// The file gets its length; APFS reserves nothing.
pub(crate) fn reserve(file: &std::fs::File, length: u64) -> io::Result<()> {
    file.set_len(length)
}

/// Not asked: a renaming that is refused is rolled back.
pub(crate) fn is_locked(_file: &std::fs::File) -> bool {
    false
}
