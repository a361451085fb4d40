//! The strict profile of ZIP (PKWARE APPNOTE 6.3.10) that packages use: reading and writing.

mod content;
mod deflate;
mod names;
mod record;
mod structure;
mod writer;

pub use deflate::compress_file;

pub(crate) use content::{read_all, read_entry};
pub(crate) use record::{encode_directory, encode_local};
pub(crate) use structure::read_structure;
pub(crate) use writer::{Content, Expected, Writer};

use muster_domain::PortablePath;

/// How the bytes of an entry are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    Store,
    Deflate,
}

/// Which archives are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// What our packer writes.
    Package,
    /// Archives of other services: folders as entries, harmless extra fields and data descriptors are accepted too.
    Foreign,
}

/// One file inside an archive. All its numbers were compared with the archive's size and the limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name inside the archive.
    pub path: PortablePath,
    pub method: Method,
    pub crc32: u32,
    /// Bytes as stored.
    pub compressed: u64,
    /// Bytes of the file.
    pub size: u64,
    /// Where its own header begins.
    pub header_offset: u64,
    /// Where its stored bytes begin.
    pub data_offset: u64,
}
