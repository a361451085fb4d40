//! Linux.

use std::io;

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::fs::{Dir, OpenOptions};

pub(crate) use super::unix::*;
use crate::metadata::Mode;

/// Creates `name` as a copy that shares its blocks with `source`; fails without a trace where the volume cannot.
pub(crate) fn reflink(source: &std::fs::File, dir: &Dir, name: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).follow(FollowSymlinks::No);
    prepare_create(&mut options, Mode::Writable);
    let target = dir.open_with(name, &options)?;
    rustix::fs::ioctl_ficlone(&target, source).map_err(|error| {
        // What remains would be an empty file of ours; the error that matters is the first one.
        let _ = dir.remove_file(name);
        error.into()
    })
}

/// Makes sure that `length` bytes can be written; falls back to a sparse file where the volume cannot promise it.
pub(crate) fn reserve(file: &std::fs::File, length: u64) -> io::Result<()> {
    use rustix::{fs::FallocateFlags, io::Errno};
    if length == 0 {
        return file.set_len(0);
    }
    match rustix::fs::fallocate(file, FallocateFlags::empty(), 0, length) {
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => file.set_len(length),
        other => Ok(other?),
    }
}

/// Marked by `chattr +i` or `+a`; volumes without such marks say so.
pub(crate) fn is_locked(file: &std::fs::File) -> bool {
    use rustix::fs::IFlags;
    rustix::fs::ioctl_getflags(file).is_ok_and(|flags| flags.intersects(IFlags::IMMUTABLE | IFlags::APPEND))
}
