//! What is known about a file without opening it.

use std::{ffi::OsString, time::SystemTime};

use cap_fs_ext::MetadataExt as _;

use crate::platform;

/// What an entry of a folder is. Links are never followed to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    File,
    Dir,
    /// A symbolic link or a junction.
    Link,
    /// A device, a pipe, a socket.
    Special,
}

/// Attributes of an entry, its own if it is a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    pub kind: EntryKind,
    /// Bytes.
    pub size: u64,
    /// The oldest representable time where the volume keeps none.
    pub modified: SystemTime,
    /// With `volume`, the identity of the file: equal for two hard links.
    pub inode: u64,
    pub volume: u64,
    /// Number of hard links.
    pub links: u64,
    pub read_only: bool,
    pub executable: bool,
    /// Only its owner may read or change it; on systems without such modes always.
    pub private: bool,
}

impl Metadata {
    pub(crate) fn from_cap(metadata: &cap_std::fs::Metadata) -> Self {
        let file_type = metadata.file_type();
        let kind = if file_type.is_symlink() || platform::is_junction(metadata) {
            EntryKind::Link
        } else if file_type.is_dir() {
            EntryKind::Dir
        } else if file_type.is_file() {
            EntryKind::File
        } else {
            EntryKind::Special
        };
        Self {
            kind,
            size: metadata.len(),
            modified: metadata.modified().map_or(SystemTime::UNIX_EPOCH, |time| time.into_std()),
            inode: metadata.ino(),
            volume: metadata.dev(),
            links: metadata.nlink(),
            read_only: metadata.permissions().readonly(),
            executable: platform::is_executable(metadata),
            private: platform::is_private(metadata),
        }
    }

    pub fn is_file(&self) -> bool {
        self.kind == EntryKind::File
    }

    pub fn is_dir(&self) -> bool {
        self.kind == EntryKind::Dir
    }

    /// Whether both are one file under two names.
    pub fn is_same_file(&self, other: &Metadata) -> bool {
        self.inode == other.inode && self.volume == other.volume
    }
}

/// One entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: OsString,
    pub metadata: Metadata,
}

impl Entry {
    /// The name, if it is Unicode; others cannot be opened through [`crate::Dir`].
    pub fn name_str(&self) -> Option<&str> {
        self.name.to_str()
    }
}

/// One entry below a folder, at any depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEntry {
    /// Parts separated by `/`. With replacement characters if `nameable` is false.
    pub path: String,
    /// False if some part is not Unicode or not a name that can be opened; folders of this kind are not entered.
    pub nameable: bool,
    pub metadata: Metadata,
}

/// Permissions that files get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// 0444: in the store, and therefore for everything hard-linked from it.
    ReadOnly,
    /// 0555.
    ReadOnlyExecutable,
    /// 0644: a copy that its user may change.
    Writable,
    /// 0755.
    Executable,
    /// 0600: keys and settings.
    Private,
}
