//! What is on the disk, as values that a plan is made from.

use std::{collections::BTreeMap, time::SystemTime};

use muster_domain::Sha256;
use muster_fsx::Metadata;
use serde::{Deserialize, Serialize};

use crate::Key;

/// Tells two states of one file apart without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Nanoseconds since 1970, of the modification.
    pub modified: i64,
    pub inode: u64,
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let nanos = |duration: std::time::Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
        let modified = match metadata.modified.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => nanos(after),
            Err(before) => -nanos(before.duration()),
        };
        Self { modified, inode: metadata.inode }
    }
}

/// What keeps a file from being put or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// A link in place of the file or of a folder above it (T-70).
    Link,
    /// A folder in place of the file.
    Folder,
    /// A file in place of a folder above it.
    FileAbove,
    /// A device, a pipe, a socket.
    Special,
    /// The folder that must exist, because its file is to be edited, is not there.
    NoFolder,
    /// A text that cannot be edited.
    Unreadable,
}

/// What is at one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Nothing {
        /// Spelled with the folders that exist.
        at: String,
        /// Folders above it that are missing, outermost first.
        missing: Vec<String>,
    },
    File {
        at: String,
        size: u64,
        stamp: Stamp,
        sha256: Sha256,
    },
    Blocked {
        at: String,
        by: Obstacle,
    },
}

/// What is at every path that a plan could touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnDisk {
    pub found: BTreeMap<Key, Found>,
    /// Text of files that are edited, and of the originals of edits.
    pub texts: BTreeMap<Key, Vec<u8>>,
    pub originals: BTreeMap<Key, Vec<u8>>,
}
