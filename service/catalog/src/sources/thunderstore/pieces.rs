//! From the pieces of a community's list to rows in shards. Pure.
//!
//! A list is read twice: once to see which packages changed, once for the rows of these, a few shards at a time. What is
//! in memory at once is bounded by that, however large a community is.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
};

use flate2::read::MultiGzDecoder;
use muster_adapters::thunderstore::{Package, elements};
use muster_domain::{GameId, Sha256, SourceId};
use muster_store::catalog::Listing;

use super::listing::listing;

/// Most bytes of one piece after unpacking.
const MAX_UNPACKED: u64 = 512 << 20;
/// What rows say of a package; counted up so that a list that did not change is read again when they say more.
pub(super) const ROWS: [u8; 1] = [2];
/// Most packages of a community; the largest has about 60,000.
const MAX_PACKAGES: usize = 1_000_000;
/// Unpacked bytes of the list whose rows are made at once.
const AT_ONCE: u64 = 128 << 20;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What a list says, without its rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// By number, what the packages of each shard are about.
    pub shards: BTreeMap<u8, Sha256>,
    /// Unpacked bytes of all pieces.
    pub bytes: u64,
    /// Entries that cannot be used; the others can.
    pub refused: usize,
}

impl Survey {
    /// Reads all pieces.
    pub fn of(pieces: &[Vec<u8>]) -> Result<Self, String> {
        let (mut bytes, mut refused) = (0, 0);
        let mut packages: BTreeMap<String, Sha256> = BTreeMap::new();
        for piece in pieces {
            let text = unpack(piece)?;
            bytes += text.len() as u64;
            for entry in elements(&text).map_err(|error| error.to_string())? {
                match Package::parse(entry) {
                    Ok(package) => {
                        refused += package.refused;
                        packages.insert(package.name.to_string(), about(&package));
                    }
                    Err(error) => {
                        tracing::debug!(%error, "a package is left out");
                        refused += 1;
                    }
                }
            }
            if packages.len() > MAX_PACKAGES {
                return Err("it names too many packages".into());
            }
        }
        if packages.is_empty() {
            return Err("it names no package".into());
        }
        let mut texts: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
        for (name, hash) in packages {
            texts.entry(shard_of(&name)).or_default().extend(hash.as_bytes());
        }
        let shards =
            texts.into_iter().map(|(number, text)| (number, muster_registry::sha256(&text))).collect();
        Ok(Self { shards, bytes, refused })
    }

    /// Shards whose rows shall be made, in groups that fit into memory.
    pub fn groups(&self, changed: BTreeSet<u8>) -> Vec<BTreeSet<u8>> {
        let size = self.bytes * changed.len() as u64 / self.shards.len().max(1) as u64;
        let groups = (size.div_ceil(AT_ONCE) as usize).max(1);
        let changed: Vec<u8> = changed.into_iter().collect();
        let length = changed.len().div_ceil(groups).max(1);
        changed.chunks(length).map(|group| group.iter().copied().collect()).collect()
    }
}

/// The rows of some shards.
pub(super) fn rows(
    pieces: &[Vec<u8>],
    (source, game): (&SourceId, &GameId),
    wanted: &BTreeSet<u8>,
) -> Result<BTreeMap<u8, Vec<Listing>>, String> {
    let mut found: BTreeMap<String, Option<Listing>> = BTreeMap::new();
    for piece in pieces {
        let text = unpack(piece)?;
        for entry in elements(&text).map_err(|error| error.to_string())? {
            let Ok(package) = Package::parse(entry) else { continue };
            if wanted.contains(&shard_of(package.name.as_str())) {
                found.insert(package.name.to_string(), listing(source, game, &package));
            }
        }
    }
    let mut rows: BTreeMap<u8, Vec<Listing>> = wanted.iter().map(|number| (*number, Vec::new())).collect();
    for (name, listing) in found {
        rows.entry(shard_of(&name)).or_default().extend(listing);
    }
    Ok(rows)
}

/// By the first byte of the hash of its name: a package never moves to another shard.
fn shard_of(name: &str) -> u8 {
    muster_registry::sha256(name.as_bytes()).as_bytes()[0]
}

/// What is shown of a package. Counts of downloads grow by the minute; only when they have grown by a fifth does the
/// row change for them.
fn about(package: &Package) -> Sha256 {
    let popularity = (package.downloads() as f64 + 1.0).log(1.2) as u32;
    let mut text = serde_json::to_vec(package).unwrap_or_default();
    text.extend(ROWS);
    text.extend(popularity.to_le_bytes());
    muster_registry::sha256(&text)
}

pub(super) fn unpack(piece: &[u8]) -> Result<Vec<u8>, String> {
    if !piece.starts_with(&GZIP) {
        return Ok(piece.to_vec());
    }
    let mut text = Vec::new();
    let read = MultiGzDecoder::new(piece).take(MAX_UNPACKED + 1).read_to_end(&mut text);
    match read {
        Ok(length) if length as u64 > MAX_UNPACKED => Err("a piece of it is too large".into()),
        Ok(_) => Ok(text),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn entry(name: &str, downloads: u64) -> String {
        json!({"full_name": name, "versions": [{"version_number": "1.0.0", "download_url": "https://a.example/d/",
            "file_size": 5, "dependencies": [], "downloads": downloads}]})
        .to_string()
    }

    fn piece(entries: &[String]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(format!("[{}]", entries.join(",")).as_bytes()).expect("packs");
        gz.finish().expect("packs")
    }

    fn names(rows: BTreeMap<u8, Vec<Listing>>) -> Vec<String> {
        let mut names: Vec<String> = rows.into_values().flatten().map(|row| row.id.to_string()).collect();
        names.sort();
        names
    }

    #[test]
    fn pieces_are_one_list_and_bad_entries_are_counted() {
        let all: Vec<String> = (0..20).map(|n| entry(&format!("Ada-Mod{n}"), n)).collect();
        let whole = Survey::of(&[piece(&all)]).expect("reads");
        let parts = [piece(&all[..7]), format!("[{}, 5]", all[7..].join(",")).into_bytes()];
        let found = Survey::of(&parts).expect("reads");
        assert_eq!((&found.shards, found.refused), (&whole.shards, 1));
        let of = ("thunderstore:toy".parse().expect("id"), "toy".parse().expect("id"));
        let wanted = found.shards.keys().copied().collect();
        assert_eq!(names(rows(&parts, (&of.0, &of.1), &wanted).expect("rows")).len(), 20);
    }

    #[test]
    fn only_what_changed_and_is_shown_changes_a_shard() {
        let all = |downloads: u64, more: &str| {
            let mut all: Vec<String> = (0..40).map(|n| entry(&format!("Ada-Mod{n}"), 1000)).collect();
            all[7] = entry(&format!("Ada-Mod7{more}"), downloads);
            Survey::of(&[piece(&all)]).expect("reads").shards
        };
        let differ = |a: &BTreeMap<u8, Sha256>, b: &BTreeMap<u8, Sha256>| {
            a.keys()
                .chain(b.keys())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter(|n| a.get(n) != b.get(n))
                .count()
        };
        assert_eq!(differ(&all(1000, ""), &all(1004, "")), 0, "a few more downloads");
        assert_eq!(differ(&all(1000, ""), &all(5000, "")), 1, "many more");
        assert!((1..=2).contains(&differ(&all(1000, ""), &all(1000, "x"))), "another package");
    }

    #[test]
    fn what_is_no_list_is_refused_as_a_whole() {
        let good = piece(&[entry("Ada-Mod", 1)]);
        for bad in
            [Vec::new(), b"<html>".to_vec(), b"{}".to_vec(), good[..good.len() / 2].to_vec(), b"[]".to_vec()]
        {
            assert!(Survey::of(std::slice::from_ref(&bad)).is_err());
        }
        assert!(
            Survey::of(&[good.clone(), b"[1".to_vec()]).is_err(),
            "half a list says nothing about what is missing"
        );
    }

    #[test]
    fn large_lists_are_taken_in_groups() {
        let shards: BTreeMap<u8, Sha256> = (0..=255).map(|n| (n, Sha256([n; 32]))).collect();
        let survey = Survey { shards, bytes: 4 * AT_ONCE, refused: 0 };
        let groups = survey.groups((0..=255).collect());
        assert_eq!((groups.len(), groups.iter().map(BTreeSet::len).sum::<usize>()), (4, 256));
        assert_eq!(survey.groups(BTreeSet::from([3])).len(), 1);
        assert!(survey.groups(BTreeSet::new()).is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(start in 0..2_usize, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let magic: &[u8] = [&GZIP[..], &[]][start];
            let _ = Survey::of(&[[magic, &bytes].concat()]);
        }
    }
}
