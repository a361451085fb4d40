//! What is remembered about complete archives between two runs. Losing it costs time, never bytes: archives that it
//! does not vouch for are hashed again before their first use.
//!
//! It vouches for anything only if the run that wrote it said at its end that it was the end: every index written
//! before, and the one that is written when the folder is opened, is not `clean`.
//!
//! One file, written whole: a line with the SHA-256 of the rest, then JSON.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;
use muster_domain::Sha256;
use serde::{Deserialize, Serialize};

use crate::hashing::hash_bytes;

const FORMAT: u32 = 1;
/// Largest index that is read, in bytes: about 400,000 archives.
pub(crate) const MAX_INDEX: u64 = 64 << 20;

/// What is remembered about one archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub size: u64,
    /// Modification time of the file when it was verified, in nanoseconds since 1970.
    pub modified: i64,
    pub last_used: Timestamp,
    /// Bytes given to others.
    #[serde(default)]
    pub served: u64,
    /// When the file was last hashed and found right; `None` if that has to be done before it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Timestamp>,
}

/// Whether a run ended as it should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RunEnd {
    Clean,
    /// It runs still, or it was killed.
    #[default]
    Unknown,
}

/// A whole index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Index {
    pub end: RunEnd,
    pub archives: BTreeMap<Sha256, Remembered>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    #[serde(default)]
    clean: bool,
    archives: BTreeMap<Sha256, Remembered>,
}

pub(crate) fn to_bytes(index: Index) -> Vec<u8> {
    let Index { end, archives } = index;
    let document = Document { format: FORMAT, clean: end == RunEnd::Clean, archives };
    let body = serde_json::to_vec(&document).unwrap_or_default();
    let mut bytes = format!("{}\n", hash_bytes(&body)).into_bytes();
    bytes.extend_from_slice(&body);
    bytes
}

/// Reads an index; a damaged or foreign one is empty.
pub(crate) fn parse(bytes: &[u8]) -> Index {
    let whole = || {
        let split = bytes.iter().position(|byte| *byte == b'\n')?;
        let checksum: Sha256 = std::str::from_utf8(&bytes[..split]).ok()?.parse().ok()?;
        let body = &bytes[split + 1..];
        (hash_bytes(body) == checksum).then_some(())?;
        let document: Document = serde_json::from_slice(body).ok()?;
        let end = if document.clean { RunEnd::Clean } else { RunEnd::Unknown };
        (document.format == FORMAT).then_some(Index { end, archives: document.archives })
    };
    whole().unwrap_or_default()
}

/// A file time as the index keeps it; times outside the range of 64 bits are 0 and therefore never vouched for.
pub(crate) fn nanoseconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_and_distrusts_every_change() {
        let checked = Some(Timestamp::UNIX_EPOCH);
        let entry = Remembered { size: 5, modified: 7, last_used: Timestamp::UNIX_EPOCH, served: 9, checked };
        let index = Index { end: RunEnd::Clean, archives: BTreeMap::from([(Sha256([3; 32]), entry)]) };
        let bytes = to_bytes(index.clone());
        assert_eq!(parse(&bytes), index);
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert_eq!(parse(&altered), Index::default(), "byte {at}");
        }
        assert_eq!(parse(b""), Index::default());
    }
}
