//! Keys from where the player said that they are, because there is no keyring.

use std::path::Path;

use muster_domain::Secret;
use muster_fsx::Dir;
use zeroize::Zeroizing;

use crate::{Error, Result};

/// Longest file, in bytes: a key and a line break.
const MAX_FILE: u64 = 4200;

pub(crate) fn variable(name: &str) -> Result<Secret> {
    let value = std::env::var(name).ok().map(Zeroizing::new);
    value.and_then(|value| Secret::parse(&value)).ok_or_else(|| Error::Variable { name: name.to_owned() })
}

/// A link is not followed: its target may belong to somebody else, or be exchanged.
pub(crate) fn file(path: &Path) -> Result<Secret> {
    let named = || path.display().to_string();
    let refuse = |why: String| Error::File { file: named(), why };
    let (folder, name) = path
        .parent()
        .zip(path.file_name().and_then(|name| name.to_str()))
        .ok_or_else(|| refuse("no file name".into()))?;
    let folder = Dir::open_ambient(folder).map_err(|error| refuse(error.to_string()))?;
    let file = folder.open(name).map_err(|error| refuse(error.to_string()))?;
    // Of the file that is open, so that it is not exchanged in between.
    let metadata = file.metadata().map_err(|error| refuse(error.to_string()))?;
    if !metadata.is_file() {
        return Err(refuse("not a file".into()));
    }
    if !metadata.private {
        return Err(Error::FileOpen { file: named() });
    }
    if metadata.size > MAX_FILE {
        return Err(refuse("longer than any key".into()));
    }
    let mut bytes = Zeroizing::new(vec![0; usize::try_from(metadata.size).unwrap_or(0)]);
    file.read_exact_at(&mut bytes, 0).map_err(|error| refuse(error.to_string()))?;
    let text = std::str::from_utf8(&bytes).ok();
    text.and_then(Secret::parse).ok_or_else(|| refuse("no key in it".into()))
}
