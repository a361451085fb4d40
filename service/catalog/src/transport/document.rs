//! One small file at an address of its own.

use std::fmt;

use super::{FetchError, Fresh, fetch_index};
use crate::{IndexAddress, Result};

/// A file on this machine, or at a web address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentAddress(IndexAddress);

impl DocumentAddress {
    /// Reads `https://…`, `http://…`, `file:///…` or an absolute path.
    ///
    /// # Errors
    /// [`crate::Error::Address`] for everything else, also for addresses with names, passwords, queries or fragments.
    pub fn parse(text: &str) -> Result<Self> {
        IndexAddress::parse_file(text).map(Self)
    }

    /// Whether it is on this machine, so that it is read in offline mode, too.
    pub fn is_local(&self) -> bool {
        self.0.is_local()
    }

    /// The file, at most `longest` bytes of it.
    ///
    /// # Errors
    /// Whatever keeps it from being read whole.
    pub async fn fetch(&self, longest: u64) -> Result<Vec<u8>, FetchError> {
        match fetch_index(&self.0, None, longest).await? {
            Fresh::New { bytes, .. } => Ok(bytes),
            Fresh::Same => Err(FetchError::File { file: self.to_string(), why: "nothing was asked".into() }),
        }
    }
}

impl fmt::Display for DocumentAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            IndexAddress::File(path) => path.display().fmt(f),
            IndexAddress::Web(url) => url.fmt(f),
        }
    }
}
