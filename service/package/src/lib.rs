//! One package file: what it says, whether it is sound, how it is made and taken apart.
//!
//! A package is a ZIP of a strict profile (`docs/formats/package.md`): `manifest.yaml` first, then the payload below
//! `files/`. The path of foreign bytes is always the same, and nothing later runs before the earlier succeeded:
//! structure ([`validate`]: directory, names, limits; nothing is inflated but the manifest) → manifest equals the
//! directory → contents ([`verify`] or [`unpack`]: length, CRC-32 and SHA-256 of every entry).
//!
//! Invariants:
//! - No allocation and no loop is bounded by a number from the archive that was not compared with a limit before.
//! - [`unpack`] writes only below the handle it is given, only new files, and no links ever.
//! - [`pack`] gives the same bytes for the same input on every machine; golden hashes guard it.
//! - Whether the archive is the one that was signed is the caller's business: hash first, then call this crate.

mod block_list;
mod bytes;
mod describe;
mod entry_map;
mod error;
mod facts;
mod limits;
mod manifest;
mod pack;
mod reuse;
mod source;
pub mod torrent;
mod unpack;
mod validate;
mod zip;

#[cfg(test)]
mod tests;

pub use block_list::{BLOCK_SIZE, BlockList};
pub use describe::{Description, describe, describe_archive};
pub use entry_map::{EntryMap, MappedEntry};
pub use error::{ArchiveRule, Artifact, CODES, EntryRule, Error, ManifestProblem, Result};
pub use facts::release_facts;
pub use limits::Limits;
pub use manifest::{
    CollectionEntry, FileEntry, GalleryImage, Glob, InstallRule, MANIFEST_FORMAT, Manifest, manifest_schema,
};
pub use pack::{Packed, pack, plan_pack};
pub use reuse::{Reuse, Span, Whence, whole_blocks};
pub use source::ReadAt;
pub use unpack::{Unpacked, unpack, unpack_files};
pub use validate::{Inspection, Validated, inspect, read_foreign, validate, validate_foreign, verify};
pub use zip::{Entry, Method, Profile, compress_file};

/// Asked between pieces of work; `true` ends it with [`Error::Cancelled`].
pub type Cancel<'a> = &'a (dyn Fn() -> bool + Sync);

/// Name of the manifest inside a package.
pub const MANIFEST_NAME: &str = "manifest.yaml";
/// Folder of the payload inside a package.
pub const PAYLOAD_FOLDER: &str = "files";
/// Extension of package files, without the dot.
pub const EXTENSION: &str = "muster";
