//! What changed in a browse catalogue since an earlier state of it: fetched instead of the shards, of which a day's
//! changes touch nearly all.
//!
//! A state is named by what its shards are. For each of the last states the registry signs one file with everything that
//! changed until now, so that nobody fetches a chain of them. A file of changes is zstd over JSON lines: the entries that
//! are new or other, as they are in their shards, and `{"gone": "publisher/name"}`.

use std::collections::BTreeMap;

use muster_domain::{PublishedName, Sha256};
use serde::{Deserialize, Serialize};

use crate::{
    CatalogueEntry, Error, Result,
    catalogue::{MAX_SHARD, shard_index, shard_path, unpack_lines},
    json, sha256,
};

/// Hexadecimal digits of a state's name.
const DIGITS: usize = 32;
const LEVEL: i32 = 19;

/// The name of the state whose shards are these: hashes by path.
pub fn catalogue_state<'a>(shards: impl IntoIterator<Item = (&'a str, &'a Sha256)>) -> String {
    let sorted: BTreeMap<&str, &Sha256> = shards.into_iter().collect();
    let lines: String = sorted.into_iter().map(|(path, hash)| format!("{path} {hash}\n")).collect();
    sha256(lines.as_bytes()).to_string()[..DIGITS].to_owned()
}

/// The target of everything that changed since a state.
pub fn changes_path(state: &str) -> String {
    format!("catalog/{state}.changes.zst")
}

/// The state in the name of a file of changes.
pub(crate) fn state_of(path: &str) -> Option<&str> {
    path.strip_prefix("catalog/")?.strip_suffix(".changes.zst")
}

/// The shard that a package is in, in a catalogue of so many shards.
pub fn shard_path_of(id: &PublishedName, count: usize) -> String {
    shard_path(shard_index(id, count), count)
}

/// What changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New or other, in order of names.
    pub entries: Vec<CatalogueEntry>,
    /// Not there any more.
    pub gone: Vec<PublishedName>,
}

#[derive(Serialize, Deserialize)]
struct Gone {
    gone: PublishedName,
}

/// Writes a file of changes.
pub fn encode_changes(changes: &Changes) -> Result<Vec<u8>> {
    let refuse = |error: &dyn std::fmt::Display| Error::malformed("catalogue changes", error.to_string());
    let mut lines = Vec::new();
    for entry in &changes.entries {
        serde_json::to_writer(&mut lines, entry).map_err(|error| refuse(&error))?;
        lines.push(b'\n');
    }
    for gone in &changes.gone {
        serde_json::to_writer(&mut lines, &Gone { gone: gone.clone() }).map_err(|error| refuse(&error))?;
        lines.push(b'\n');
    }
    zstd::bulk::compress(&lines, LEVEL).map_err(|error| refuse(&error))
}

/// Reads a file of changes.
///
/// # Errors
/// [`Error::Malformed`], also for a single line that is not understood: half of what changed would leave a catalogue that
/// no state describes. The shards say the same.
pub fn decode_changes(bytes: &[u8]) -> Result<Changes> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Line {
        Gone(Gone),
        Entry(Box<CatalogueEntry>),
    }
    let mut changes = Changes::default();
    let lines = unpack_lines(bytes, MAX_SHARD)?;
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match json::parse::<Line>(line)
            .map_err(|error| Error::malformed("catalogue changes", error.to_string()))?
        {
            Line::Gone(Gone { gone }) => changes.gone.push(gone),
            Line::Entry(mut entry) => {
                entry.display = entry.display.cleaned();
                changes.entries.push(*entry);
            }
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(name: &str) -> CatalogueEntry {
        let text = format!(
            r#"{{"id":"{name}","kind":"mod","latest":"1.0.0","title":"T","admitted":true,
                "versions":[{{"version":"1.0.0","sha256":"{}","size":1}}]}}"#,
            "ab".repeat(32)
        );
        serde_json::from_str(&text).expect("an entry")
    }

    #[test]
    fn changes_read_back_whole_or_not_at_all() {
        let changes = Changes {
            entries: vec![entry("alice/trees")],
            gone: vec!["bobby/rocks".parse().expect("a name")],
        };
        let bytes = encode_changes(&changes).expect("written");
        assert_eq!(decode_changes(&bytes).expect("read"), changes);
        let mut lines = zstd::bulk::decompress(&bytes, MAX_SHARD).expect("zstd");
        lines.extend_from_slice(b"{\"id\":7}\n");
        assert!(decode_changes(&zstd::bulk::compress(&lines, 1).expect("zstd")).is_err());
        assert!(decode_changes(&bytes[..bytes.len() / 2]).is_err());
        let bomb = zstd::bulk::compress(&vec![b' '; MAX_SHARD + 1], 3).expect("zstd");
        assert!(decode_changes(&bomb).is_err());
    }

    #[test]
    fn a_state_is_its_shards_in_any_order() {
        let (one, two) = (Sha256([1; 32]), Sha256([2; 32]));
        let state = catalogue_state([("a", &one), ("b", &two)]);
        assert_eq!(state, catalogue_state([("b", &two), ("a", &one)]));
        assert_ne!(state, catalogue_state([("a", &two), ("b", &one)]));
        assert_eq!(state_of(&changes_path(&state)), Some(state.as_str()));
    }

    proptest! {
        #[test]
        fn reading_is_total(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_changes(&bytes);
            let _ = decode_changes(&zstd::bulk::compress(&bytes, 1).expect("zstd"));
        }
    }
}
