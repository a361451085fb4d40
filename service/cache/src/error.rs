//! What can go wrong, by what the caller can do about it.

use muster_domain::{Coded, Sha256};

/// Why the cache refuses or fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another writer holds this archive: share its result instead of fetching twice.
    #[error("{} is already being written", .0.short())]
    Busy(Sha256),
    /// The volume has too little room; nothing was written.
    #[error("{needed} bytes are needed and {available} are free")]
    NoSpace { needed: u64, available: u64 },
    /// The complete file is not what was signed; the partial file was discarded.
    #[error("the bytes hash to {}, not to {}", .actual.short(), .expected.short())]
    WrongHash { expected: Sha256, actual: Sha256 },
    /// These blocks are not what was signed; they were cleared, the rest is kept: fetch them again and finish again.
    #[error("{} blocks of {} are wrong", .blocks.len(), .sha256.short())]
    BadBlocks { sha256: Sha256, blocks: Vec<u32> },
    /// Bytes are still missing.
    #[error("{missing} bytes of {} are missing", .sha256.short())]
    Incomplete { sha256: Sha256, missing: u64 },
    /// A read or write outside the archive.
    #[error("byte {offset} + {length} is outside a file of {size} bytes")]
    Range { offset: u64, length: u64, size: u64 },
    /// The writer has finished or was discarded.
    #[error("the writer of {} has ended", .0.short())]
    Closed(Sha256),
    /// Nothing complete with this hash is here.
    #[error("{} is not in the cache", .0.short())]
    Missing(Sha256),
    /// What is stored is no longer what was verified; it is not served any more.
    #[error("{} is damaged on disk", .0.short())]
    Corrupt(Sha256),
    /// The signed size is beyond what an archive may have.
    #[error("{size} bytes are more than an archive may have")]
    TooLarge { size: u64 },
    /// The block list does not belong to a file of this size.
    #[error("a file of {size} bytes has {expected} blocks, the list has {found}")]
    BlockList { size: u64, expected: u64, found: u64 },
    /// A tree that is in use stays.
    #[error("{} is in use", .0.short())]
    InUse(Sha256),
    /// Unpacking produced something that is neither a file nor a folder.
    #[error("{path} is neither a file nor a folder")]
    ForeignEntry { path: String },
    /// Another process uses this folder.
    #[error("another process uses the cache")]
    Locked,
    /// Eviction was asked for before the durable leases were declared.
    #[error("leases have not been declared yet")]
    NotReady,
    /// A store outside of the data folder is not where it was: its disk may have been unplugged.
    #[error("the store {} is not there", path.display())]
    StoreGone { path: std::path::PathBuf },
    #[error(transparent)]
    Files(#[from] muster_fsx::Error),
}

impl Error {
    /// Every code of this crate; codes of the file layer are its own.
    pub const CODES: &[&str] = &[
        "cache-busy",
        "cache-no-space",
        "cache-wrong-hash",
        "cache-bad-blocks",
        "cache-incomplete",
        "cache-range",
        "cache-closed",
        "cache-missing",
        "cache-corrupt",
        "cache-too-large",
        "cache-block-list",
        "cache-in-use",
        "cache-foreign-entry",
        "cache-locked",
        "cache-not-ready",
        "cache-store-gone",
    ];
}

impl Coded for Error {
    fn code(&self) -> &'static str {
        match self {
            Self::Busy(_) => "cache-busy",
            Self::NoSpace { .. } => "cache-no-space",
            Self::WrongHash { .. } => "cache-wrong-hash",
            Self::BadBlocks { .. } => "cache-bad-blocks",
            Self::Incomplete { .. } => "cache-incomplete",
            Self::Range { .. } => "cache-range",
            Self::Closed(_) => "cache-closed",
            Self::Missing(_) => "cache-missing",
            Self::Corrupt(_) => "cache-corrupt",
            Self::TooLarge { .. } => "cache-too-large",
            Self::BlockList { .. } => "cache-block-list",
            Self::InUse(_) => "cache-in-use",
            Self::ForeignEntry { .. } => "cache-foreign-entry",
            Self::Locked => "cache-locked",
            Self::NotReady => "cache-not-ready",
            Self::StoreGone { .. } => "cache-store-gone",
            Self::Files(error) => error.code(),
        }
    }

    fn context(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Busy(hash)
            | Self::Closed(hash)
            | Self::Missing(hash)
            | Self::Corrupt(hash)
            | Self::InUse(hash) => {
                vec![("hash", hash.short())]
            }
            Self::NoSpace { needed, available } => {
                vec![("needed", needed.to_string()), ("available", available.to_string())]
            }
            Self::WrongHash { expected, actual } => {
                vec![("hash", expected.short()), ("actual", actual.short())]
            }
            Self::BadBlocks { sha256, blocks } => {
                vec![("hash", sha256.short()), ("count", blocks.len().to_string())]
            }
            Self::Incomplete { sha256, missing } => {
                vec![("hash", sha256.short()), ("missing", missing.to_string())]
            }
            Self::TooLarge { size } => vec![("size", size.to_string())],
            Self::ForeignEntry { path } => vec![("path", muster_domain::clean_line(path, 200))],
            Self::StoreGone { path } => {
                vec![("path", muster_domain::clean_line(&path.to_string_lossy(), 500))]
            }
            Self::Range { .. } | Self::BlockList { .. } | Self::Locked | Self::NotReady => vec![],
            Self::Files(error) => error.context(),
        }
    }
}
