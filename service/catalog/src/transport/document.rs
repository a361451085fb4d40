//! One file at an address of its own: where it is, and fetching it, again only when it is another one.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use muster_fsx::{Dir, ErrorKind};
use url::Url;

use super::{FetchError, HttpTimes, HttpTransport, is_loopback_address};
use crate::{Error, Result};

/// What asking for a file gave.
pub(crate) enum Fresh {
    /// It is the one of the mark.
    Same,
    New {
        bytes: Vec<u8>,
        /// Knows this state of the file again.
        mark: Option<String>,
    },
}

/// A file on this machine, or at a web address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentAddress {
    File(PathBuf),
    Web(Url),
}

impl DocumentAddress {
    /// Reads `https://…`, `http://…`, `file:///…` or an absolute path.
    ///
    /// # Errors
    /// [`crate::Error::Address`] for everything else, also for addresses with names, passwords, queries or fragments.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        let path = PathBuf::from(text);
        if path.is_absolute() {
            return Ok(Self::File(path));
        }
        let Ok(url) = Url::parse(text) else { return refuse("neither a web address nor an absolute path") };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it has a name or password in it");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("it has a query or a fragment");
        }
        match (url.scheme(), url.to_file_path()) {
            ("file", Ok(path)) => Ok(Self::File(path)),
            ("http" | "https", _) => Ok(Self::Web(url)),
            _ => refuse("only https, http and files are read"),
        }
    }

    /// Whether it is on this machine, so that it is read in offline mode, too.
    pub fn is_local(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Web(url) => is_loopback_address(url),
        }
    }

    /// The file, at most `longest` bytes of it.
    ///
    /// # Errors
    /// Whatever keeps it from being read whole.
    pub async fn fetch(&self, longest: u64) -> Result<Vec<u8>, FetchError> {
        match self.fetch_changed(None, longest).await? {
            Fresh::New { bytes, .. } => Ok(bytes),
            Fresh::Same => Err(FetchError::File { file: self.to_string(), why: "nothing was asked".into() }),
        }
    }

    /// The file, unless it still is the one that `mark` is of.
    pub(crate) async fn fetch_changed(&self, mark: Option<&str>, longest: u64) -> Result<Fresh, FetchError> {
        match self {
            Self::File(path) => {
                let (path, mark) = (path.clone(), mark.map(str::to_owned));
                let name = path.display().to_string();
                let read = tokio::task::spawn_blocking(move || read(&path, mark.as_deref(), longest)).await;
                read.unwrap_or_else(|error| Err(FetchError::File { file: name, why: error.to_string() }))
            }
            Self::Web(url) => {
                let refuse = |_| FetchError::RefusedName { file: url.to_string() };
                let transport = HttpTransport::with_bases(url.clone(), url.clone(), HttpTimes::default());
                transport.map_err(refuse)?.fetch_changed(url.clone(), mark, longest).await
            }
        }
    }
}

impl fmt::Display for DocumentAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Web(url) => url.fmt(f),
        }
    }
}

fn read(path: &Path, mark: Option<&str>, max_length: u64) -> Result<Fresh, FetchError> {
    let shown = path.display().to_string();
    let failed = |error: muster_fsx::Error| match error.kind() {
        ErrorKind::TooLarge => FetchError::TooLong { file: shown.clone(), limit: max_length },
        _ => FetchError::File { file: shown.clone(), why: error.to_string() },
    };
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(FetchError::RefusedName { file: shown });
    };
    let bytes = Dir::open_ambient(folder).map_err(failed)?.read(name, max_length).map_err(failed)?;
    let found = muster_registry::sha256(&bytes).to_string();
    match mark == Some(found.as_str()) {
        true => Ok(Fresh::Same),
        false => Ok(Fresh::New { bytes, mark: Some(found) }),
    }
}
