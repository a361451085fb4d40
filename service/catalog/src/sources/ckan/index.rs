//! From the bytes of an index to mods in shards. Pure.
//!
//! Bounded: by the whole unpacked size, by the number of files, and by the size of each. Names inside the archive order
//! files and are nothing else.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read},
};

use flate2::read::MultiGzDecoder;
use muster_adapters::ckan::{MAX_DOCUMENT, Module};
use muster_domain::Sha256;

/// Most bytes of an index after unpacking; CKAN's has about 60 MB.
const MAX_UNPACKED: u64 = 2 << 30;
/// Most descriptions.
const MAX_FILES: usize = 1_000_000;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Ending of the files that describe mods.
const ENDING: &str = ".ckan";

/// What an index says.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By path.
    pub shards: Vec<IndexShard>,
    /// Descriptions that cannot be used; the others can.
    pub refused: usize,
}

/// The mods whose names fall into one shard.
#[derive(Debug)]
pub(super) struct IndexShard {
    pub path: String,
    /// Of the descriptions, whatever archive they came in.
    pub sha256: Sha256,
    /// All versions of each mod.
    pub modules: Modules,
}

/// All versions of mods, by name.
type Modules = BTreeMap<String, Vec<Module>>;
/// A version of a mod, with the hash of what described it.
type Described = BTreeMap<(String, String), (Sha256, Module)>;

/// Reads an archive or a list, whichever the bytes are.
pub(super) fn read(bytes: &[u8]) -> Result<Index, String> {
    let (mut described, mut refused) = (Described::new(), 0);
    let mut each = |document: &[u8]| match Module::parse(document) {
        Ok(module) => {
            let hash = muster_registry::sha256(document);
            let key = (module.identifier.to_string(), module.version.clone());
            // Of two files for one version the later one counts.
            described.insert(key, (hash, module));
        }
        Err(error) => {
            tracing::debug!(%error, "a description is left out");
            refused += 1;
        }
    };
    documents(bytes, &mut each)?;
    if described.is_empty() {
        return Err("it describes no mod".into());
    }
    Ok(Index { shards: shards(described), refused })
}

/// Hands out the description of every version, as it is written.
pub(super) fn documents(bytes: &[u8], each: &mut impl FnMut(&[u8])) -> Result<(), String> {
    match bytes {
        _ if bytes.starts_with(&GZIP) => archive(MultiGzDecoder::new(bytes), each),
        _ if bytes.starts_with(&ZSTD) => {
            lines(zstd::Decoder::with_buffer(bytes).map_err(|error| error.to_string())?, each)
        }
        _ => Err("neither gzip nor zstd".into()),
    }
}

fn archive(reader: impl Read, each: &mut impl FnMut(&[u8])) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut archive = tar::Archive::new(reader.take(MAX_UNPACKED));
    // Names before contents: files of one version count in the order of their names, not of the archive.
    let mut files: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    for (number, entry) in archive.entries().map_err(failed)?.enumerate() {
        let mut entry = entry.map_err(failed)?;
        if number >= MAX_FILES {
            return Err("too many files".into());
        }
        let name = entry.path_bytes().into_owned();
        if !entry.header().entry_type().is_file() || !name.ends_with(ENDING.as_bytes()) {
            continue;
        }
        let mut document = Vec::new();
        // One byte more than allowed, so that the parser refuses what is too large.
        entry.by_ref().take(MAX_DOCUMENT as u64 + 1).read_to_end(&mut document).map_err(failed)?;
        files.insert(name, document);
    }
    files.values().for_each(|document| each(document));
    Ok(())
}

fn lines(reader: impl Read, each: &mut impl FnMut(&[u8])) -> Result<(), String> {
    let mut reader = BufReader::new(reader.take(MAX_UNPACKED));
    let mut line = Vec::new();
    for number in 0.. {
        line.clear();
        let longest = MAX_DOCUMENT as u64 + 2;
        let read = reader.by_ref().take(longest).read_until(b'\n', &mut line).map_err(|e| e.to_string())?;
        if number >= MAX_FILES || read as u64 == longest {
            return Err("too many lines, or one that is too long".into());
        }
        match line.trim_ascii() {
            _ if read == 0 => break,
            [] => {}
            document => each(document),
        }
    }
    Ok(())
}

/// By the first byte of the hash of the name: a mod never moves to another shard.
fn shards(described: Described) -> Vec<IndexShard> {
    let mut shards: BTreeMap<u8, (Vec<u8>, Modules)> = BTreeMap::new();
    for ((identifier, _), (hash, module)) in described {
        let number = muster_registry::sha256(identifier.as_bytes()).as_bytes()[0];
        let (hashes, modules) = shards.entry(number).or_default();
        hashes.extend(hash.as_bytes());
        modules.entry(identifier).or_default().push(module);
    }
    let shard = |(number, (hashes, modules)): (u8, (Vec<u8>, _))| IndexShard {
        path: format!("mods/{number:02x}"),
        sha256: muster_registry::sha256(&hashes),
        modules,
    };
    shards.into_iter().map(shard).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn document(identifier: &str, version: &str) -> String {
        format!(
            r#"{{"identifier": "{identifier}", "version": "{version}", "download": "https://a.example/a.zip"}}"#
        )
    }

    fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut tar = tar::Builder::new(gz);
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, text.as_bytes()).expect("appends");
        }
        tar.into_inner().and_then(flate2::write::GzEncoder::finish).expect("packs")
    }

    fn versions(index: &Index) -> Vec<String> {
        let modules = index.shards.iter().flat_map(|shard| shard.modules.values().flatten());
        let mut names: Vec<String> = modules
            .map(|module| format!("{} {} {}", module.identifier, module.version, module.name))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn an_archive_and_a_list_say_the_same_and_bad_files_are_counted() {
        let (a, b) = (document("A", "1"), document("B", "2"));
        let archive =
            packed(&[("m/A/A-1.ckan", &a), ("m/B/B-2.ckan", &b), ("m/x.ckan", "{"), ("m/README.md", "{")]);
        let index = read(&archive).expect("reads");
        assert_eq!((versions(&index), index.refused), (vec!["A 1 A".into(), "B 2 B".into()], 1));
        let list = zstd::encode_all(format!("{b}\n\n{a}\nnothing").as_bytes(), 1).expect("packs");
        let listed = read(&list).expect("reads");
        assert_eq!((versions(&listed), listed.refused), (versions(&index), 1));
        let hashes =
            |index: &Index| index.shards.iter().map(|s| (s.path.clone(), s.sha256)).collect::<Vec<_>>();
        assert_eq!(hashes(&index), hashes(&listed), "the container does not count");
    }

    #[test]
    fn of_two_files_for_one_version_the_later_name_counts() {
        let (a, b) = (document("A", "1"), document("A", "1").replace('{', r#"{"name": "second","#));
        let index = read(&packed(&[("m/b.ckan", &b), ("m/a.ckan", &a)])).expect("reads");
        assert_eq!(versions(&index), ["A 1 second"]);
    }

    #[test]
    fn only_the_shard_of_a_mod_changes_with_it() {
        let all = |version: &str| {
            let texts: Vec<(String, String)> =
                (0..40).map(|n| (format!("m/{n}.ckan"), document(&format!("Mod{n}"), "1"))).collect();
            let mut files: Vec<(&str, &str)> = texts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
            let changed = document("Mod7", version);
            files.push(("m/z.ckan", &changed));
            read(&packed(&files)).expect("reads").shards
        };
        let (before, after) = (all("2"), all("3"));
        let differ = before.iter().zip(&after).filter(|(a, b)| a.sha256 != b.sha256).count();
        assert_eq!((before.len() == after.len(), differ), (true, 1));
    }

    #[test]
    fn what_is_no_index_is_refused() {
        let cut = packed(&[("m/a.ckan", &document("A", "1"))]);
        for bytes in [&b""[..], b"PK\x03\x04", &packed(&[]), &cut[..cut.len() / 2], &[0x1f, 0x8b, 8, 0]] {
            assert!(read(bytes).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(start in 0..3_usize, bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let magic: &[u8] = [&GZIP[..], &ZSTD[..], &[]][start];
            let _ = read(&[magic, &bytes].concat());
        }
    }
}
