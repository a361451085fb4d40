//! How much a package may be and become.

use crate::{ArchiveRule, Result};

/// Most bytes of the author's part of a manifest (T-66).
pub(crate) const MAX_MANIFEST_HEAD: u64 = 256 * 1024;
/// Most bytes of a manifest for every file that it lists: a path of 180 characters and its line.
pub(crate) const MAX_MANIFEST_PER_FILE: u64 = 1024;
/// Compression beyond this is a bomb, above [`RATIO_FROM`].
const MAX_RATIO: u64 = 200;
/// Files up to this size may be compressed in any ratio: 1 MB of zeros harms nobody.
const RATIO_FROM: u64 = 1_000_000;
/// Whether a file of `size` bytes that is stored in `compressed` bytes is refused.
pub(crate) fn is_bomb(size: u64, compressed: u64) -> bool {
    size > RATIO_FROM && size / MAX_RATIO > compressed
}

/// Most files and folders together: folders cost memory too, and need no entries.
pub(crate) const MAX_NAMES: usize = 131_068;
/// The last count and size that need no ZIP64.
pub(crate) const MAX_ENTRIES: u64 = 65_534;
pub(crate) const MAX_SIZE: u64 = 0xffff_fffe;

/// Upper bounds; every refusal by one of them happens before anything is inflated or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the archive.
    pub archive: u64,
    /// Entries, the manifest included.
    pub entries: u64,
    /// Bytes of one unpacked file.
    pub file: u64,
    /// Bytes of all unpacked files together.
    pub total: u64,
}

impl Default for Limits {
    /// What the format itself allows: 4 GiB archives, 65,534 entries, 64 GiB unpacked.
    fn default() -> Self {
        Self { archive: MAX_SIZE, entries: MAX_ENTRIES, file: MAX_SIZE, total: 64 << 30 }
    }
}

impl Limits {
    /// The default, with the signed size of an archive as its limit.
    pub fn for_archive(size: u64) -> Self {
        let default = Self::default();
        Self { archive: size.min(default.archive), ..default }
    }

    /// The default, bounded by what the disk can take.
    pub fn with_total(self, total: u64) -> Self {
        Self { total: self.total.min(total), ..self }
    }

    pub(crate) fn check_archive(&self, size: u64) -> Result<()> {
        if size > self.archive.min(MAX_SIZE) { Err(ArchiveRule::TooLarge.into()) } else { Ok(()) }
    }

    pub(crate) fn manifest_size(entries: u64) -> u64 {
        MAX_MANIFEST_HEAD + entries * MAX_MANIFEST_PER_FILE
    }
}
