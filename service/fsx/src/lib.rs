//! The only code that touches the file system.
//!
//! Invariants:
//! - Everything below a [`Dir`] is reached through its handle, part by part, and a symbolic link (or junction) at any
//!   part is an error: a link swapped in between a check and a write is never followed (`security.md` T-70, T-71).
//! - Every error says which operation failed on which path and is classified ([`ErrorKind`]).
//! - A durable write is: temporary name in the same folder, fsync, rename, fsync of the folder.
//! - Differences between systems live in `platform`; nothing else asks which system it runs on.

mod access;
mod atomic;
mod cores;
mod dir;
mod error;
mod file;
mod folders;
mod link;
mod lock;
mod metadata;
mod platform;
mod relative;
mod retry;
mod space;
mod sync;
mod tree;

#[cfg(test)]
mod tests;

pub use atomic::{TEMP_PREFIX, is_temporary, write_atomic, write_atomic_private};
pub use cores::on_all_cores;
pub use dir::Dir;
pub use error::{Error, ErrorKind, Operation, Result};
pub use file::File;
pub use folders::Folders;
pub use link::{LinkMethod, LinkPreference, place};
pub use lock::FileLock;
pub use metadata::{Entry, EntryKind, Metadata, Mode, TreeEntry};
pub use relative::RelativePath;
pub use space::free_space;

/// Every code that [`Error`] can have.
pub const CODES: &[&str] = error::CODES;
