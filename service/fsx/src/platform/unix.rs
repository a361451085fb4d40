//! What Linux and macOS share.

use std::{
    io,
    os::unix::fs::{FileExt as _, PermissionsExt as _},
    path::Path,
};

use cap_fs_ext::OpenOptionsSyncExt as _;
use cap_std::fs::{Dir, Metadata, MetadataExt as _, OpenOptions, OpenOptionsExt as _};
use rustix::fs::{Mode as UnixMode, OFlags};

use crate::{error::ErrorKind, metadata::Mode};

/// The classes that only error numbers tell apart.
pub(crate) fn classify(error: &io::Error) -> Option<ErrorKind> {
    use rustix::io::Errno;
    match Errno::from_io_error(error)? {
        Errno::LOOP => Some(ErrorKind::Link),
        Errno::NOSPC | Errno::DQUOT => Some(ErrorKind::NoSpace),
        Errno::NAMETOOLONG => Some(ErrorKind::TooLong),
        Errno::BUSY | Errno::TXTBSY => Some(ErrorKind::Busy),
        _ => None,
    }
}

/// Nothing here fails because another program merely looks at a file.
pub(crate) fn is_transient(_error: &io::Error) -> bool {
    false
}

pub(crate) fn is_plain_part(_part: &str) -> bool {
    true
}

pub(crate) fn is_junction(_metadata: &Metadata) -> bool {
    false
}

pub(crate) fn is_private(metadata: &Metadata) -> bool {
    metadata.mode() & 0o077 == 0
}

pub(crate) fn is_executable(metadata: &Metadata) -> bool {
    metadata.mode() & 0o111 != 0
}

/// A pipe in place of a file must not make an open wait for a writer.
pub(crate) fn prepare_open(options: &mut OpenOptions) {
    options.nonblock(true);
}

fn bits(mode: Mode) -> u32 {
    match mode {
        Mode::ReadOnly => 0o444,
        Mode::ReadOnlyExecutable => 0o555,
        Mode::Writable => 0o644,
        Mode::Executable => 0o755,
        Mode::Private => 0o600,
    }
}

pub(crate) fn prepare_create(options: &mut OpenOptions, mode: Mode) {
    options.mode(bits(mode));
}

pub(crate) fn set_mode(file: &std::fs::File, mode: Mode) -> io::Result<()> {
    file.set_permissions(std::fs::Permissions::from_mode(bits(mode)))
}

pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The handle may have been opened for path look-up only, so the folder is opened again to be synced.
pub(crate) fn sync_dir(dir: &Dir) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let handle = rustix::fs::openat(dir, ".", flags, UnixMode::empty())?;
    match rustix::fs::fsync(&handle) {
        // Some network and FUSE volumes cannot sync folders and say so; they promise nothing either way.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOTSUP) => Ok(()),
        other => Ok(other?),
    }
}

pub(crate) fn is_writable(dir: &Dir) -> bool {
    use rustix::{fs::Access, fs::AtFlags, io::Errno};
    let asked = rustix::fs::accessat(dir, ".", Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS);
    !matches!(asked, Err(Errno::ACCESS | Errno::PERM | Errno::ROFS))
}

pub(crate) fn free_space(path: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(path)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

pub(crate) fn free_space_of(dir: &Dir, _path: &Path) -> io::Result<u64> {
    let stat = rustix::fs::fstatvfs(dir)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

pub(crate) fn read_at(file: &std::fs::File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.read_at(buffer, offset)
}

pub(crate) fn write_at(file: &std::fs::File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    file.write_at(bytes, offset)
}

/// Renames without replacing; `None` if the volume has no such operation.
pub(crate) fn rename_new(from_dir: &Dir, from: &str, to_dir: &Dir, to: &str) -> Option<io::Result<()>> {
    use rustix::{fs::RenameFlags, io::Errno};
    match rustix::fs::renameat_with(from_dir, from, to_dir, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => None,
        other => Some(other.map_err(io::Error::from)),
    }
}
