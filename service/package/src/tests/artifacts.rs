//! Block list, entry map and torrent.

use muster_domain::{Archive, Sha256};
use proptest::prelude::*;
use sha2::Digest as _;

use super::{AUTHORED, GO, noise, packed, text};
use crate::{BlockList, Description, EntryMap, Limits, describe, describe_archive, torrent, validate};

fn described(archive: &Vec<u8>) -> Description {
    let package = validate(archive, &Limits::default()).expect("sound");
    describe(archive, &package, GO).expect("described")
}

#[test]
fn one_bad_block_is_named() {
    let bytes = noise(200_000);
    let list = BlockList::build(&bytes);
    assert_eq!(list, describe_archive(&bytes, GO).expect("described").block_list);
    assert_eq!(list.blocks().len(), 4);
    assert_eq!(list.range(3), Some((196_608, 3_392)));
    let mut bad = bytes.clone();
    bad[70_000] ^= 1;
    let verdicts: Vec<_> =
        bad.chunks(65_536).enumerate().map(|(index, block)| list.verify_block(index, block)).collect();
    assert_eq!(verdicts, [true, false, true, true]);
    assert!(!list.verify_block(0, &bytes[..65_535]) && !list.verify_block(4, b""));
}

#[test]
fn block_lists_are_read_back_and_bounded() {
    for size in [0, 1, 65_536, 65_537] {
        let list = BlockList::build(&noise(size));
        let bytes = list.to_bytes();
        assert_eq!(BlockList::parse(&bytes, size as u64).expect("read"), list);
        assert!(BlockList::parse(&bytes, size as u64 + 1).is_err());
        assert!(BlockList::parse(&[bytes.clone(), vec![0]].concat(), size as u64).is_err());
        assert!((0..bytes.len()).all(|length| BlockList::parse(&bytes[..length], size as u64).is_err()));
    }
    let huge = [b"muster-blocks 1\n".as_slice(), &u64::MAX.to_le_bytes()].concat();
    assert!(BlockList::parse(&huge, u64::MAX).is_err());
}

#[test]
fn a_package_is_rebuilt_from_its_map_and_stored_bytes() {
    let archive = packed(AUTHORED, &[("a", &text(300_000)), ("b/ü", &noise(100_000)), ("c", b"")]);
    let description = described(&archive);
    let map = description.entry_map.as_ref().expect("a package has one");
    let parsed = EntryMap::parse(&map.to_bytes(), archive.len() as u64).expect("read");
    assert_eq!(&parsed, map);
    let mut rebuilt = vec![0; archive.len()];
    for (offset, bytes) in parsed.frame().expect("framed") {
        rebuilt[offset as usize..offset as usize + bytes.len()].copy_from_slice(&bytes);
    }
    for mapped in parsed.entries() {
        let range =
            mapped.entry.data_offset as usize..(mapped.entry.data_offset + mapped.entry.compressed) as usize;
        let stored = &archive[range.clone()];
        assert_eq!(Sha256(sha2::Sha256::digest(stored).into()), mapped.stored_sha256);
        rebuilt[range].copy_from_slice(stored);
    }
    assert_eq!(rebuilt, archive);
    assert_eq!(parsed.entries()[1].sha256, Sha256(sha2::Sha256::digest(text(300_000)).into()));
}

#[test]
fn entry_maps_of_other_archives_are_refused() {
    let archive = packed(AUTHORED, &[("a", b"1"), ("b", b"2")]);
    let bytes = described(&archive).entry_map.expect("a map").to_bytes();
    let size = archive.len() as u64;
    assert!(EntryMap::parse(&bytes, size + 1).is_err());
    assert!((0..bytes.len()).all(|length| EntryMap::parse(&bytes[..length], size).is_err()));
    let evil = bytes.windows(7).position(|w| w == b"files/a").expect("the name");
    let mut renamed = bytes.clone();
    renamed[evil..evil + 7].copy_from_slice(b"../../a");
    assert!(EntryMap::parse(&renamed, size).is_err());
}

proptest! {
    #[test]
    fn parsers_of_artifacts_are_total(bytes in proptest::collection::vec(any::<u8>(), 0..400), size in any::<u64>()) {
        let archive = Archive { sha256: Sha256([7; 32]), size };
        for magic in [b"".as_slice(), b"muster-blocks 1\n", b"muster-entries 1\n", b"d4:info"] {
            let bytes = [magic, &bytes].concat();
            let _ = BlockList::parse(&bytes, size);
            let _ = EntryMap::parse(&bytes, size);
            let _ = torrent::Info::parse_metainfo(&bytes, &archive);
        }
    }
}

#[test]
fn piece_lengths_follow_the_rule() {
    let kib = 1024;
    assert_eq!(torrent::piece_length(0), 64 * kib);
    assert_eq!(torrent::piece_length(2_000 * 65_536), 64 * kib);
    assert_eq!(torrent::piece_length(2_000 * 65_536 + 1), 128 * kib);
    assert_eq!(torrent::piece_length(u64::from(u32::MAX)), 4_096 * kib);
}

/// The expected info-hash was computed with an independent program (Python's hashlib over a hand-written dictionary).
#[test]
fn the_info_dictionary_is_canonical() {
    let bytes = noise(150_000);
    let Description { archive, torrent: info, .. } = describe_archive(&bytes, GO).expect("described");
    assert_eq!(info.pieces.len(), 3);
    let expected = format!("d6:lengthi150000e4:name64:{}12:piece lengthi65536e6:pieces60:", archive.sha256);
    assert!(info.to_bytes().starts_with(expected.as_bytes()));
    assert_eq!(info.info_hash().to_string(), GOLDEN_INFO_HASH);
    assert_eq!(torrent::Info::parse_metainfo(&info.metainfo(), &archive).expect("read"), info);
}

const GOLDEN_INFO_HASH: &str = "2feb90e2f70d5e89ca54b90430d4ba9b3c15d9bb";

#[test]
fn t111_torrents_of_anything_else_are_refused() {
    let bytes = noise(150_000);
    let Description { archive, torrent: info, .. } = describe_archive(&bytes, GO).expect("described");
    let parse = |bytes: &[u8]| torrent::Info::parse_metainfo(bytes, &archive);
    let good = info.metainfo();
    let text = String::from_utf8_lossy(&good[..150]).into_owned();
    assert!(text.contains("12:piece length"));
    let replace = |from: &[u8], to: &[u8]| {
        let at = good.windows(from.len()).position(|window| window == from).expect("found");
        [&good[..at], to, &good[at + from.len()..]].concat()
    };
    let name = archive.sha256.to_string();
    for bad in [
        replace(name.as_bytes(), b"../../../../../../../../../../../../../../../../../../../etc/pass"),
        replace(b"i65536e", b"i0e"),
        replace(b"i65536e", b"i2147483648e"),
        replace(b"i65536e", b"i065536e"),
        replace(b"i150000e", b"i150001e"),
        replace(b"6:lengthi150000e", b"5:filesld6:lengthi150000e4:pathl1:aeee"),
        replace(b"6:pieces60:", b"6:pieces99999999999999999999:"),
        replace(b"d4:infod", b"d8:announce7:http://4:infod"),
        [good.clone(), b"e".to_vec()].concat(),
    ] {
        assert!(parse(&bad).is_err());
    }
    assert!((0..good.len()).all(|length| parse(&good[..length]).is_err()));
    assert!(torrent::Info::parse_metainfo(&good, &Archive { size: 1, ..archive }).is_err());
}
