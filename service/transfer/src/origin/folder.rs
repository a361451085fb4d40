//! A folder as a server: registries on a disk, a share or a stick.

use std::{ops::Range, path::PathBuf};

use muster_fsx::{ErrorKind, File};
use url::Url;

use crate::OriginError;

/// Bytes read at once.
const READ: u64 = 256 * 1024;

/// Opens the file behind a `file:` address if it has exactly the signed size. Blocks on the disk.
pub(crate) fn open(url: &Url, size: u64) -> Result<File, OriginError> {
    let host = || "folder".to_owned();
    let path: PathBuf = url.to_file_path().map_err(|()| OriginError::Refused { host: host() })?;
    let file = File::open_ambient(&path).map_err(|error| match error.kind() {
        ErrorKind::Missing => OriginError::Missing { host: host() },
        _ => {
            tracing::debug!(%error, "a file of a folder source can not be read");
            OriginError::Unreachable { host: host() }
        }
    })?;
    match file.size() {
        Ok(actual) if actual == size => Ok(file),
        Ok(_) => Err(OriginError::WrongSize { host: host() }),
        Err(_) => Err(OriginError::Unreachable { host: host() }),
    }
}

/// Reads the next part of `range`, and says where to go on. Blocks on the disk.
pub(crate) fn read(file: &File, range: &Range<u64>) -> Result<Vec<u8>, OriginError> {
    let mut buffer = vec![0; READ.min(range.end - range.start) as usize];
    file.read_exact_at(&mut buffer, range.start).map_err(|error| {
        tracing::debug!(%error, "a file of a folder source can not be read");
        OriginError::Unreachable { host: "folder".to_owned() }
    })?;
    Ok(buffer)
}
