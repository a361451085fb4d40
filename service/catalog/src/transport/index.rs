//! One file at an address of its own, fetched again only when it is another one.

use std::path::Path;

use muster_fsx::{Dir, ErrorKind};

use super::{FetchError, HttpTimes, HttpTransport};
use crate::IndexAddress;

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

/// Fetches the file, unless it still is the one that `mark` is of.
pub(crate) async fn fetch_index(
    address: &IndexAddress,
    mark: Option<&str>,
    max_length: u64,
) -> Result<Fresh, FetchError> {
    match address {
        IndexAddress::File(path) => {
            let (path, mark) = (path.clone(), mark.map(str::to_owned));
            let name = path.display().to_string();
            let read = tokio::task::spawn_blocking(move || read(&path, mark.as_deref(), max_length)).await;
            read.unwrap_or_else(|error| Err(FetchError::File { file: name, why: error.to_string() }))
        }
        IndexAddress::Web(url) => {
            let refuse = |_| FetchError::RefusedName { file: url.to_string() };
            let transport = HttpTransport::with_bases(url.clone(), url.clone(), HttpTimes::default());
            transport.map_err(refuse)?.fetch_changed(url.clone(), mark, max_length).await
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
