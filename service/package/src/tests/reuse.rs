//! Taking a new archive from older ones and from trees.

use std::{collections::BTreeSet, ops::ControlFlow};

use muster_domain::{PortablePath, Sha256};
use proptest::prelude::*;
use sha2::Digest as _;

use super::{AUTHORED, GO, folder, noise, packed, text};
use crate::{
    BLOCK_SIZE, Entry, EntryMap, FileEntry, Limits, MANIFEST_NAME, MappedEntry, Method, Reuse, Span, Whence,
    compress_file, describe, unpack, validate, whole_blocks,
};

fn hash(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// Content number `id`, which every archive that has it stores in the same way.
fn mapped(id: u8, name: &str, header_offset: u64) -> MappedEntry {
    let (compressed, method) = match id {
        0 => (0, Method::Store),
        _ => (u64::from(id) * 9_001, if id.is_multiple_of(2) { Method::Store } else { Method::Deflate }),
    };
    let entry = Entry {
        path: name.parse().expect("a path"),
        method,
        crc32: u32::from(id),
        compressed,
        size: if method == Method::Store { compressed } else { compressed * 2 },
        header_offset,
        data_offset: header_offset + 30 + name.len() as u64,
    };
    MappedEntry { entry, stored_sha256: hash(&[id, 1]), sha256: hash(&[id, 2]) }
}

/// A map of these contents below `files/`.
fn map(contents: &[u8]) -> EntryMap {
    let mut entries = vec![mapped(200, MANIFEST_NAME, 0)];
    for (index, id) in contents.iter().enumerate() {
        let last = &entries.last().expect("the manifest").entry;
        let next = last.data_offset + last.compressed;
        entries.push(mapped(*id, &format!("files/{index:03}"), next));
    }
    EntryMap::new(entries)
}

fn directory(contents: &[u8]) -> Vec<Entry> {
    map(contents).entries()[1..].iter().map(|mapped| mapped.entry.clone()).collect()
}

fn tree(contents: &[u8]) -> Vec<FileEntry> {
    let file = |mapped: &MappedEntry| FileEntry {
        path: mapped.entry.path.strip_prefix("files").expect("payload"),
        size: mapped.entry.size,
        sha256: mapped.sha256,
    };
    map(contents).entries()[1..].iter().map(file).collect()
}

fn archive_size(map: &EntryMap) -> u64 {
    map.frame().expect("framed").last().map_or(0, |(offset, bytes)| offset + bytes.len() as u64)
}

proptest! {
    #[test]
    fn spans_cover_exactly_what_somebody_has(
        new in prop::collection::vec(0u8..40, 0..30),
        archives in prop::collection::vec(prop::collection::vec(0u8..40, 0..20), 0..3),
        trees in prop::collection::vec(prop::collection::vec(0u8..40, 0..20), 0..3),
    ) {
        let map = map(&new);
        let size = archive_size(&map);
        let mut reuse = Reuse::new(&map);
        let mut gained = 0;
        for (holder, contents) in archives.iter().enumerate() {
            gained += reuse.add_archive(holder, &directory(contents));
        }
        for (number, contents) in trees.iter().enumerate() {
            gained += reuse.add_tree(archives.len() + number, &tree(contents));
        }
        let had: BTreeSet<u8> = archives.iter().chain(&trees).flatten().copied().collect();
        let is_had = |id: &u8| *id == 0 || had.contains(id);
        let spans = reuse.spans().expect("planned");

        let mut end = 0;
        for span in &spans {
            prop_assert!(span.start >= end && span.length > 0, "ascending, apart, never empty");
            end = span.end();
        }
        prop_assert!(end == size, "the directory ends the archive");

        let covered: u64 = spans.iter().map(|span| span.length).sum();
        let missing: u64 = map.entries()[0].entry.compressed
            + map.entries()[1..].iter().zip(&new).filter(|(_, id)| !is_had(id)).map(|(e, _)| e.entry.compressed).sum::<u64>();
        prop_assert_eq!(covered + missing, size, "what is not covered is what nobody has");
        let from_holders: u64 = spans.iter().filter(|s| !matches!(s.from, Whence::Map(_))).map(|s| s.length).sum();
        prop_assert_eq!(gained, from_holders);

        for span in &spans {
            let Some(mapped) = map.entries().iter().find(|mapped| mapped.entry.data_offset == span.start && mapped.entry.compressed > 0) else {
                prop_assert!(matches!(span.from, Whence::Map(_)));
                continue;
            };
            match &span.from {
                Whence::Map(_) => prop_assert!(false, "contents do not follow from the map"),
                Whence::Archive { holder, offset, sha256 } => {
                    prop_assert_eq!(sha256, &mapped.stored_sha256);
                    let old = directory(&archives[*holder]);
                    let found = old.iter().find(|old| old.data_offset == *offset && old.compressed > 0);
                    prop_assert_eq!(found.expect("an entry begins there").crc32, mapped.entry.crc32);
                }
                Whence::Tree { holder, path, size, method, sha256 } => {
                    prop_assert_eq!((sha256, method), (&mapped.stored_sha256, &mapped.entry.method));
                    let files = tree(&trees[*holder - archives.len()]);
                    let file = files.iter().find(|file| file.path == *path).expect("a file of the tree");
                    prop_assert_eq!((file.sha256, file.size), (mapped.sha256, *size));
                }
            }
        }
    }

    #[test]
    fn whole_blocks_are_those_of_which_no_byte_is_missing(
        lengths in prop::collection::vec((any::<bool>(), 1u64..200_000), 0..40),
    ) {
        let (mut start, mut spans) = (0, Vec::new());
        for (is_here, length) in lengths {
            if is_here {
                spans.push(Span { start, length, from: Whence::Map(Vec::new()) });
            }
            start += length;
        }
        let size = start;
        let is_covered = |range: std::ops::Range<u64>| {
            let inside: u64 = spans.iter().map(|s| s.end().min(range.end).saturating_sub(s.start.max(range.start))).sum();
            inside == range.end - range.start
        };
        let whole = whole_blocks(&spans, size);
        for block in 0..size.div_ceil(BLOCK_SIZE) {
            let range = block * BLOCK_SIZE..((block + 1) * BLOCK_SIZE).min(size);
            let is_listed = whole.iter().any(|run| run.start <= range.start && range.end <= run.end);
            prop_assert_eq!(is_listed, is_covered(range));
        }
        prop_assert!(whole.iter().all(|run| run.start % BLOCK_SIZE == 0 && (run.end % BLOCK_SIZE == 0 || run.end == size)));
        prop_assert!(whole.is_sorted_by(|a, b| a.end < b.start));
    }
}

#[test]
fn an_archive_that_has_everything_is_enough() {
    let (map, contents) = (map(&[1, 2, 3]), [3, 2, 1]);
    let mut reuse = Reuse::new(&map);
    reuse.add_archive(0, &directory(&contents));
    assert!(!reuse.is_complete(), "the manifest is not there");
    reuse.add_archive(1, &[map.entries()[0].entry.clone()]);
    assert!(reuse.is_complete());
    assert_eq!(reuse.add_tree(2, &tree(&contents)), 0, "what is found is found");
}

/// A package, its map, and the tree that it is unpacked to.
struct Made {
    bytes: Vec<u8>,
    map: EntryMap,
    tree: muster_fsx::Dir,
    files: Vec<FileEntry>,
    _temp: tempfile::TempDir,
}

fn made(version: &str, files: &[(&str, &[u8])]) -> Made {
    let bytes = packed(&AUTHORED.replace("1.2.3", version), files);
    let package = validate(&bytes, &Limits::default()).expect("sound");
    let map = describe(&bytes, &package, GO).expect("described").entry_map.expect("a map");
    let (temp, tree) = folder();
    let files = unpack(&bytes, &package, &tree, GO).expect("unpacked").files;
    Made { bytes, map, tree, files, _temp: temp }
}

fn rebuild(new: &Made, spans: &[Span], old: &Made) -> Vec<u8> {
    let mut rebuilt = vec![0; new.bytes.len()];
    for span in spans {
        let bytes = match &span.from {
            Whence::Map(bytes) => bytes.clone(),
            Whence::Archive { offset, .. } => {
                old.bytes[*offset as usize..(*offset + span.length) as usize].to_vec()
            }
            Whence::Tree { path, method: Method::Store, .. } => old.tree.read(path, 1 << 30).expect("read"),
            Whence::Tree { path, method: Method::Deflate, .. } => compressed(&old.tree, path),
        };
        assert_eq!(bytes.len() as u64, span.length);
        rebuilt[span.start as usize..span.end() as usize].copy_from_slice(&bytes);
    }
    rebuilt
}

fn compressed(tree: &muster_fsx::Dir, path: &PortablePath) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut file = tree.open(path).expect("opened");
    let all = compress_file(&mut file, GO, &mut |piece| {
        bytes.extend_from_slice(piece);
        ControlFlow::Continue(())
    });
    assert!(all.expect("compressed"));
    bytes
}

#[test]
fn an_update_is_what_is_here_and_the_bytes_of_changed_files() {
    let (long, stored, odd) = (text(300_000), noise(150_000), text(65_536));
    let old = made("1.0.0", &[("a", &long), ("b/ü", &stored), ("c", b""), ("d", &odd), ("gone", b"1")]);
    let new = made("1.1.0", &[("a", &long), ("b/moved", &stored), ("c", b""), ("d", &odd), ("new", b"2")]);
    let old_entries: Vec<Entry> = old.map.entries().iter().map(|mapped| mapped.entry.clone()).collect();
    for from_tree in [false, true] {
        let mut reuse = Reuse::new(&new.map);
        match from_tree {
            false => reuse.add_archive(0, &old_entries),
            true => reuse.add_tree(0, &old.files),
        };
        let spans = reuse.spans().expect("planned");
        let mut rebuilt = rebuild(&new, &spans, &old);
        for changed in [&new.map.entries()[0], new.map.entries().last().expect("new")] {
            let Entry { data_offset, compressed, .. } = changed.entry;
            let range = data_offset as usize..(data_offset + compressed) as usize;
            assert!(spans.iter().all(|span| span.end() <= data_offset || span.start >= range.end as u64));
            rebuilt[range.clone()].copy_from_slice(&new.bytes[range]);
        }
        assert!(rebuilt == new.bytes, "from the tree: {from_tree}");
    }
}

#[test]
fn a_compressed_file_can_be_given_up_and_called_off() {
    let made = made("1.0.0", &[("a", &noise(300_000))]);
    let mut file = made.tree.open("a").expect("opened");
    let all = compress_file(&mut file, GO, &mut |_| ControlFlow::Break(())).expect("no error");
    assert!(!all);
    let mut file = made.tree.open("a").expect("opened");
    let error =
        compress_file(&mut file, &|| true, &mut |_| ControlFlow::Continue(())).expect_err("cancelled");
    assert!(matches!(error, crate::Error::Cancelled));
}
