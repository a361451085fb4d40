//! Writing a registry: from files that are there to files to write. Pure; the caller reads, writes and keeps keys.
//!
//! Who signs what: offline keys `root`, `targets` and the shards ([`found`], [`admit`], yearly [`renew`]); a publisher its own role
//! ([`publish`], [`amend`]); the online key snapshot, timestamp, catalogue, advisories, what is featured, and newcomers
//! ([`refresh`], [`advise`], [`feature`], [`introduce`]).
//! Shards are delegated when their first publisher arrives: a registry of ten publishers has ten small shards at most,
//! and names and patterns are the same as in one of twenty thousand.
//!
//! Metadata files carry their version in the name and are never overwritten, except `timestamp.json`, which is
//! written last.

mod admit;
mod document;
mod found;
mod lint;
mod lists;
mod lookalike;
mod online;
mod publish;
mod renew;
mod since;
mod state;

pub use admit::{Admission, Offline, admit, introduce};
pub use found::{Founding, found};
pub use lint::{Problem, verify};
pub use lists::{advise, feature, featured};
pub use lookalike::looks_like;
pub use online::{Refresh, refresh};
pub use publish::{Publication, Published, amend, publish, set_rotations};
pub use renew::{Succession, renew};

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use muster_domain::Archive;

use crate::{Fetched, Repository, StoreError, TransportError, layout, sha256};

/// The files of a registry as its author sees them.
pub trait Files: Send + Sync {
    /// Names of all metadata files.
    fn metadata_names(&self) -> Result<Vec<String>, StoreError>;

    /// A metadata file.
    fn metadata(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Size and hash of a target file, computed from its bytes; `file` is the path under the targets folder.
    fn target(&self, file: &str) -> Result<Option<Archive>, StoreError>;

    /// The bytes of a small target file.
    fn target_bytes(&self, file: &str, max_length: u64) -> Result<Option<Vec<u8>>, StoreError>;
}

impl<F: Files + ?Sized> Files for std::sync::Arc<F> {
    fn metadata_names(&self) -> Result<Vec<String>, StoreError> {
        (**self).metadata_names()
    }

    fn metadata(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).metadata(name)
    }

    fn target(&self, file: &str) -> Result<Option<Archive>, StoreError> {
        (**self).target(file)
    }

    fn target_bytes(&self, file: &str, max_length: u64) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).target_bytes(file, max_length)
    }
}

/// Files to write: targets first, then metadata, each in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Paths under the targets folder.
    pub targets: Vec<(String, Vec<u8>)>,
    /// Names in the metadata folder.
    pub metadata: Vec<(String, Vec<u8>)>,
}

/// Smaller files are not worth a second one.
const WORTH_PACKING: usize = 4 * 1024;

impl Change {
    /// Adds a metadata file, and its packed copy where that spares readers something.
    pub(crate) fn put_large(&mut self, name: String, bytes: Vec<u8>) {
        let packed = (bytes.len() > WORTH_PACKING).then(|| crate::catalogue::pack(&bytes).ok()).flatten();
        if let Some(packed) = packed.filter(|packed| packed.len() * 3 < bytes.len() * 2) {
            self.metadata.push((layout::packed_copy(&name), packed));
        }
        self.metadata.push((name, bytes));
    }
}

/// How long what is signed now holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    pub root: SignedDuration,
    /// `targets` and the shards.
    pub targets: SignedDuration,
    /// Publisher roles: their freshness is the snapshot's, so they must not brick an abandoned mod.
    pub publisher: SignedDuration,
    /// Newcomers under the online key.
    pub newcomers: SignedDuration,
    pub catalog: SignedDuration,
    /// Snapshot and timestamp.
    pub online: SignedDuration,
}

const fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            root: days(365),
            targets: days(365),
            publisher: days(3650),
            newcomers: days(30),
            catalog: days(30),
            online: days(14),
        }
    }
}

impl Lifetimes {
    /// Where nobody signs daily: snapshot and timestamp hold 45 days.
    pub fn by_hand() -> Self {
        Self { newcomers: days(45), catalog: days(45), online: days(45), ..Self::default() }
    }

    /// The same for every role, such as ten years for a registry that is built once (the starter registry, tests).
    pub fn all(lifetime: SignedDuration) -> Self {
        Self {
            root: lifetime,
            targets: lifetime,
            publisher: lifetime,
            newcomers: lifetime,
            catalog: lifetime,
            online: lifetime,
        }
    }
}

/// When and for how long something is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub now: Timestamp,
    pub lifetimes: Lifetimes,
}

/// The author's files as a port for readers, so that authors look at their registry with a client's eyes.
pub struct AsRepository<F>(pub F);

#[async_trait]
impl<F: Files> Repository for AsRepository<F> {
    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        answer(self.0.metadata(name), max_length)
    }

    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        answer(self.0.target_bytes(path, max_length), max_length)
    }
}

fn answer(read: Result<Option<Vec<u8>>, StoreError>, max_length: u64) -> Result<Fetched, TransportError> {
    match read {
        Err(error) => Err(TransportError::with_source("cannot read the registry's folder", error)),
        Ok(Some(bytes)) if bytes.len() as u64 > max_length => Err(TransportError::new("longer than allowed")),
        Ok(Some(bytes)) => Ok(Fetched::Found(bytes)),
        Ok(None) => Ok(Fetched::NotFound),
    }
}

/// Bytes of files by their names.
pub type ByName = BTreeMap<String, Vec<u8>>;

/// A registry in memory, for tests and tools.
#[derive(Debug, Default)]
pub struct MemoryFiles {
    files: Mutex<(ByName, ByName)>,
}

impl MemoryFiles {
    fn locked(&self) -> std::sync::MutexGuard<'_, (ByName, ByName)> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a change.
    pub fn apply(&self, change: &Change) {
        let mut files = self.locked();
        files.0.extend(change.metadata.iter().cloned());
        files.1.extend(change.targets.iter().cloned());
    }

    /// Writes one target file.
    pub fn put_target(&self, file: &str, bytes: Vec<u8>) {
        self.locked().1.insert(file.to_owned(), bytes);
    }

    /// All metadata and target files.
    pub fn all(&self) -> (ByName, ByName) {
        self.locked().clone()
    }
}

impl Files for MemoryFiles {
    fn metadata_names(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.locked().0.keys().cloned().collect())
    }

    fn metadata(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.locked().0.get(name).cloned())
    }

    fn target(&self, file: &str) -> Result<Option<Archive>, StoreError> {
        let facts = |bytes: &Vec<u8>| Archive { sha256: sha256(bytes), size: bytes.len() as u64 };
        Ok(self.locked().1.get(file).map(facts))
    }

    fn target_bytes(&self, file: &str, _: u64) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.locked().1.get(file).cloned())
    }
}
