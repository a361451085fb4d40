//! A registry in a folder: a checkout, a stick, a share.

use std::path::PathBuf;

use async_trait::async_trait;
use muster_fsx::{Dir, ErrorKind};
use muster_registry::{Fetched, Repository, TransportError};

use super::{FetchError, is_inside};

/// Reads `metadata/` and `targets/` below a folder. Symbolic links below it are not followed.
#[derive(Clone, Debug)]
pub struct FileTransport {
    root: PathBuf,
}

impl FileTransport {
    /// The folder need not be there yet: a stick may be plugged in later.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    async fn fetch(&self, folder: &str, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        if !is_inside(name) {
            return Err(FetchError::RefusedName { file: name.to_owned() }.into());
        }
        let (root, path) = (self.root.clone(), format!("{folder}/{name}"));
        let read = tokio::task::spawn_blocking(move || read(root, &path, max_length)).await;
        read.unwrap_or_else(|error| Err(FetchError::File { file: name.to_owned(), why: error.to_string() }))
            .map_err(TransportError::from)
    }
}

/// A missing root is an error: a volume that is not mounted must not look like a registry without files.
fn read(root: PathBuf, path: &str, max_length: u64) -> Result<Fetched, FetchError> {
    let failed = |error: muster_fsx::Error| match error.kind() {
        ErrorKind::TooLarge => FetchError::TooLong { file: path.to_owned(), limit: max_length },
        _ => FetchError::File { file: path.to_owned(), why: error.to_string() },
    };
    let root = Dir::open_ambient(&root).map_err(failed)?;
    match root.read_if_exists(path, max_length).map_err(failed)? {
        Some(bytes) => Ok(Fetched::Found(bytes)),
        None => Ok(Fetched::NotFound),
    }
}

#[async_trait]
impl Repository for FileTransport {
    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.fetch("metadata", name, max_length).await
    }

    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.fetch("targets", path, max_length).await
    }
}
