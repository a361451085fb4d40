//! The two ports through which this crate meets the world: where registries are fetched from, and where what was
//! verified is kept. Both are implemented elsewhere; the memory forms here serve tests and tools.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

/// What a fetch found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    Found(Vec<u8>),
    /// The source itself said so (404, 403, ENOENT). A timeout or a 5xx is an error, never this: otherwise whoever
    /// drops packets could hide a rotation of the root keys.
    NotFound,
}

/// A fetch that ended without knowledge.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    pub message: String,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// An error with a reason and nothing below it.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// An error caused by another one.
    pub fn with_source(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { message: message.into(), source: Some(source.into()) }
    }
}

/// The local store failed.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    pub message: String,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StoreError {
    /// An error with a reason and nothing below it.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }
}

/// Where a registry's files come from: HTTP, a folder, a git checkout.
///
/// `name` and `path` are relative, use `/`, are already percent-encoded where a role name asks for it, and must not
/// be resolved outside the registry. At most `max_length` bytes may be returned (and read): more is an error.
#[async_trait]
pub trait Repository: Send + Sync {
    /// A refresh begins. A transport that can tell states of a registry apart looks for the newest one now, and gives
    /// only files of that one until this is called again; for others there is nothing to do.
    async fn begin(&self) -> Result<(), TransportError> {
        Ok(())
    }

    /// The refresh that began failed: such a transport goes back to the state of before, which is trusted still.
    async fn abandon(&self) {}

    /// A metadata file, such as `1.root.json`.
    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError>;

    /// A target file by its file path (with the hash prefix that consistent snapshots put before the last part).
    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError>;
}

/// Where verified metadata is kept between runs, one store per registry (keyed by the root fingerprint, never by an
/// alias).
///
/// Names are opaque keys: ASCII, may hold `/`, `%` and `..` inside longer words, up to some 1,000 bytes; a store that
/// makes files of them must encode them. Contents are verified again at every load, so a damaged store costs a
/// download, never trust.
#[async_trait]
pub trait MetadataStore: Send + Sync {
    /// The bytes last stored under the name.
    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Stores all of `files` or none of them, durably: after a crash no reader may see a part. The order is the order
    /// of verification, for stores that can do no better than one file after the other.
    async fn commit(&self, files: &[(String, Vec<u8>)]) -> Result<(), StoreError>;
}

/// A store that forgets everything at the end.
#[derive(Debug, Default)]
pub struct MemoryStore {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl MemoryStore {
    /// The names that are stored now.
    pub fn names(&self) -> Vec<String> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Puts bytes under a name, as damage or another process would.
    pub fn put(&self, name: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), bytes);
    }
}

#[async_trait]
impl MetadataStore for MemoryStore {
    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.files.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    async fn commit(&self, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let mut stored = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, bytes) in files {
            stored.insert(name.clone(), bytes.clone());
        }
        Ok(())
    }
}

/// A registry in memory: metadata and target files by name.
#[derive(Debug, Default)]
pub struct MemoryRepository {
    state: Mutex<MemoryFiles>,
}

#[derive(Debug, Default)]
struct MemoryFiles {
    metadata: BTreeMap<String, Vec<u8>>,
    targets: BTreeMap<String, Vec<u8>>,
    failing: Vec<String>,
    requests: Vec<(String, u64)>,
}

impl MemoryRepository {
    fn locked(&self) -> std::sync::MutexGuard<'_, MemoryFiles> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves these bytes as a metadata file from now on.
    pub fn put_metadata(&self, name: &str, bytes: Vec<u8>) {
        self.locked().metadata.insert(name.to_owned(), bytes);
    }

    /// Serves these bytes as a target file from now on.
    pub fn put_target(&self, path: &str, bytes: Vec<u8>) {
        self.locked().targets.insert(path.to_owned(), bytes);
    }

    /// Answers "not found" for the metadata file from now on.
    pub fn remove_metadata(&self, name: &str) {
        self.locked().metadata.remove(name);
    }

    /// Answers with an error, instead of bytes or "not found", for names that end in `suffix`.
    pub fn fail(&self, suffix: &str) {
        self.locked().failing.push(suffix.to_owned());
    }

    /// Ends what [`Self::fail`] began.
    pub fn recover(&self) {
        self.locked().failing.clear();
    }

    /// Name and answered bytes of every request since the last call, in order.
    pub fn take_requests(&self) -> Vec<(String, u64)> {
        std::mem::take(&mut self.locked().requests)
    }

    fn answer(&self, name: &str, max_length: u64, target: bool) -> Result<Fetched, TransportError> {
        let mut state = self.locked();
        if state.failing.iter().any(|suffix| name.ends_with(suffix)) {
            return Err(TransportError::new("the test made this fail"));
        }
        let found = if target { state.targets.get(name) } else { state.metadata.get(name) }.cloned();
        state.requests.push((name.to_owned(), found.as_ref().map_or(0, |bytes| bytes.len() as u64)));
        match found {
            Some(bytes) if bytes.len() as u64 > max_length => Err(TransportError::new("longer than allowed")),
            Some(bytes) => Ok(Fetched::Found(bytes)),
            None => Ok(Fetched::NotFound),
        }
    }
}

#[async_trait]
impl Repository for MemoryRepository {
    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.answer(name, max_length, false)
    }

    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.answer(path, max_length, true)
    }
}
