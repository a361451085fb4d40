//! What changed in a browse catalogue since an earlier state of it: fetched instead of the shards, of which a day's
//! changes touch nearly all.
//!
//! A state is named by what its shards are. For each of the last states the registry signs one file with everything that
//! changed until now, so that nobody fetches a chain of them. A file of changes is written as a shard is: the entries that
//! are new or other, and the names of those that are gone.

use std::collections::BTreeMap;

use muster_domain::{PublishedName, Sha256};

use crate::{
    CatalogueEntry, Result,
    catalogue::{MAX_SHARD, cleaned, pack, shard_index, shard_path, unpack},
    columns, sha256,
};

/// Hexadecimal digits of a state's name.
const DIGITS: usize = 32;

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

/// Writes a file of changes.
pub fn encode_changes(changes: &Changes) -> Result<Vec<u8>> {
    pack(&columns::write(&changes.entries, &changes.gone)?)
}

/// Reads a file of changes.
///
/// # Errors
/// [`crate::Error::Malformed`], also for a single package that is not understood: half of what changed would leave a
/// catalogue that no state describes. The shards say the same.
pub fn decode_changes(bytes: &[u8]) -> Result<Changes> {
    let read = columns::read(&unpack(bytes, MAX_SHARD)?)?;
    let entries = read.entries.into_iter().map(|entry| entry.map(cleaned)).collect::<Result<_>>()?;
    Ok(Changes { entries, gone: read.gone })
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
        let document = zstd::bulk::decompress(&bytes, MAX_SHARD).expect("zstd");
        let mut document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
        document["packages"]["id"][0] = 7.into();
        let odd = zstd::bulk::compress(document.to_string().as_bytes(), 1).expect("zstd");
        assert!(decode_changes(&odd).is_err());
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
        fn reading_is_total(
            bytes in prop::collection::vec(any::<u8>(), 0..200), place in any::<prop::sample::Index>(),
        ) {
            let _ = decode_changes(&bytes);
            let _ = decode_changes(&zstd::bulk::compress(&bytes, 1).expect("zstd"));
            let mut document = columns::write(&[entry("alice/trees"), entry("alice/rocks")], &[]).expect("written");
            let place = place.index(document.len());
            document[place] = bytes.first().copied().unwrap_or(b'7');
            let _ = decode_changes(&zstd::bulk::compress(&document, 1).expect("zstd"));
        }
    }
}
