//! Windows.

use std::{io, os::windows::fs::FileExt as _, path::Path};

use cap_std::fs::{Dir, Metadata, MetadataExt as _, OpenOptions};

use crate::{error::ErrorKind, metadata::Mode};

const ERROR_SHARING_VIOLATION: i32 = 32;
const ERROR_LOCK_VIOLATION: i32 = 33;
const ERROR_HANDLE_DISK_FULL: i32 = 39;
const ERROR_DISK_FULL: i32 = 112;
const ERROR_WRITE_PROTECT: i32 = 19;
const ERROR_FILENAME_EXCED_RANGE: i32 = 206;
const ERROR_STOPPED_ON_SYMLINK: i32 = 681;
const FILE_ATTRIBUTE_REPARSE_POINT: u32 = 0x400;

pub(crate) fn classify(error: &io::Error) -> Option<ErrorKind> {
    match error.raw_os_error()? {
        ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION => Some(ErrorKind::Busy),
        ERROR_HANDLE_DISK_FULL | ERROR_DISK_FULL => Some(ErrorKind::NoSpace),
        ERROR_WRITE_PROTECT => Some(ErrorKind::ReadOnly),
        ERROR_FILENAME_EXCED_RANGE => Some(ErrorKind::TooLong),
        ERROR_STOPPED_ON_SYMLINK => Some(ErrorKind::Link),
        _ => None,
    }
}

/// Virus scanners and indexers hold new files for a moment.
pub(crate) fn is_transient(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION))
}

pub(crate) fn is_plain_part(part: &str) -> bool {
    let forbidden = |c: char| c.is_control() || matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*');
    !part.contains(forbidden) && !part.ends_with([' ', '.'])
}

pub(crate) fn is_junction(metadata: &Metadata) -> bool {
    metadata.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT != 0
}

pub(crate) fn is_private(_metadata: &Metadata) -> bool {
    true
}

pub(crate) fn is_executable(_metadata: &Metadata) -> bool {
    false
}

pub(crate) fn prepare_open(_options: &mut OpenOptions) {}

pub(crate) fn prepare_create(_options: &mut OpenOptions, _mode: Mode) {}

pub(crate) fn set_mode(file: &std::fs::File, mode: Mode) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(matches!(mode, Mode::ReadOnly | Mode::ReadOnlyExecutable));
    file.set_permissions(permissions)
}

/// Folders below the user's own are private already.
pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

/// There is no such operation; NTFS journals its folders.
pub(crate) fn sync_dir(_dir: &Dir) -> io::Result<()> {
    Ok(())
}

pub(crate) fn free_space(path: &Path) -> io::Result<u64> {
    fs4::available_space(path)
}

pub(crate) fn free_space_of(_dir: &Dir, path: &Path) -> io::Result<u64> {
    fs4::available_space(path)
}

pub(crate) fn read_at(file: &std::fs::File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.seek_read(buffer, offset)
}

pub(crate) fn write_at(file: &std::fs::File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    file.seek_write(bytes, offset)
}

pub(crate) fn rename_new(_from_dir: &Dir, _from: &str, _to_dir: &Dir, _to: &str) -> Option<io::Result<()>> {
    None
}

/// Block cloning of ReFS needs calls that are not available without unsafe code.
pub(crate) fn reflink(_source: &std::fs::File, _dir: &Dir, _name: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn reserve(file: &std::fs::File, length: u64) -> io::Result<()> {
    file.set_len(length)
}

/// The mode of a folder says nothing here; whoever asks makes a file for a moment.
pub(crate) fn is_writable(_dir: &Dir) -> bool {
    true
}

/// A file that another program keeps for itself could not have been opened.
pub(crate) fn is_locked(_file: &std::fs::File) -> bool {
    false
}
