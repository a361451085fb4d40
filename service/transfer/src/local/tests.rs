use std::{
    collections::BTreeSet,
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use jiff::Timestamp;
use muster_cache::{BLOCK_SIZE, Cache, Opening, Stores};
use muster_domain::{Sha256, Tier};
use muster_fsx::Dir;
use muster_package::{Limits, MANIFEST_NAME, PAYLOAD_FOLDER, pack, unpack, validate};
use proptest::prelude::*;
use sha2::Digest as _;

use super::{Holder, Keep, Local, Manner, fill::fill, gather::Gather};
use crate::{
    assembly::{Assembly, Counters},
    parts::Stretch,
};

fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// Bytes that look random.
fn content(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

struct Place {
    cache: Cache,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { cache: Cache::open(folder.path(), Timestamp::now()).unwrap(), folder }
    }

    fn assembly(&self, bytes: &[u8], counters: &Counters) -> Assembly {
        let list = bytes.chunks(BLOCK_SIZE as usize).map(sha256).collect();
        match self.cache.write(sha256(bytes), bytes.len() as u64, Some(list)).unwrap() {
            Opening::Writer(writer) => Assembly::new(writer, true, None, 0, counters),
            Opening::Complete(_) => panic!("it is there already"),
        }
    }

    fn put(&self, bytes: &[u8]) -> Sha256 {
        match self.cache.write(sha256(bytes), bytes.len() as u64, None).unwrap() {
            Opening::Writer(writer) => {
                writer.write_at(0, bytes).unwrap();
                writer.finish(Timestamp::now()).unwrap();
            }
            Opening::Complete(_) => {}
        }
        sha256(bytes)
    }
}

fn blocks(size: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..size.div_ceil(BLOCK_SIZE)).map(move |n| n * BLOCK_SIZE..((n + 1) * BLOCK_SIZE).min(size))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn blocks_become_whole_of_any_pieces_and_a_wrong_byte_spoils_no_other(
        parts in prop::collection::vec((0u8..4, 1usize..150_000, 1usize..70_000), 1..12),
        keeps_parts: bool,
    ) {
        let keep = if keeps_parts { Keep::Parts } else { Keep::Blocks };
        let size: usize = parts.iter().map(|(_, length, _)| length).sum();
        let bytes = content(size as u64, size);
        let (place, counters) = (Place::new(), Counters::default());
        let assembly = place.assembly(&bytes, &counters);
        let mut gather = Gather::new(&assembly, &counters, keep);
        let (mut start, mut right) = (0, vec![false; size]);
        let (mut missing, mut wrong) = (BTreeSet::new(), BTreeSet::new());
        for (kind, length, piece) in parts {
            let range = start..start + length;
            start = range.end;
            let touched = range.start as u64 / BLOCK_SIZE..=(range.end as u64 - 1) / BLOCK_SIZE;
            if kind == 0 {
                missing.extend(touched);
                continue;
            }
            let mut part = bytes[range.clone()].to_vec();
            if kind == 1 {
                part[length / 2] ^= 1;
                missing.insert((range.start + length / 2) as u64 / BLOCK_SIZE);
                wrong.extend(touched);
            }
            let mut at = range.start;
            for piece in part.chunks(piece) {
                gather.push(at as u64, piece).unwrap();
                at += piece.len();
            }
            let span = range.start as u64..range.end as u64;
            if kind == 1 {
                gather.wrong(span).unwrap();
            } else {
                gather.right(span);
                right[range].fill(true);
            }
        }
        let Gather { taken, refused, .. } = gather.finish().unwrap();
        let mut here = 0;
        for (number, block) in (0..).zip(blocks(size as u64)) {
            let is_here = assembly.has(block.clone());
            prop_assert!(!is_here || !missing.contains(&number), "block {number} cannot be here");
            prop_assert!(is_here || missing.contains(&number) || wrong.contains(&number), "block {number} is whole");
            if is_here {
                here += block.end - block.start;
                continue;
            }
            for stretch in assembly.stretches(block) {
                let Stretch::Known(known) = stretch else { continue };
                prop_assert_eq!(keep, Keep::Parts);
                let known = known.start as usize..known.end as usize;
                let mut read = vec![0; known.len()];
                assembly.read(known.start as u64, &mut read).unwrap();
                prop_assert!(read == bytes[known.clone()], "known bytes are right");
                right[known].fill(false);
            }
        }
        prop_assert_eq!((taken, counters.here.load(Ordering::Relaxed)), (here, here));
        if keep == Keep::Parts && refused == 0 {
            let forgotten = |block: &Range<u64>| {
                let ends = right[block.start as usize..block.end as usize].iter();
                ends.clone().next().copied() == Some(true) || ends.last().copied() == Some(true)
            };
            let lost = blocks(size as u64).filter(|block| !assembly.has(block.clone())).find(forgotten);
            prop_assert_eq!(lost, None, "right bytes at the ends of blocks are known");
        }
    }
}

/// Bytes that a server has to send.
fn to_fetch(assembly: &Assembly) -> u64 {
    let (mut runs, mut to_fetch) = (Vec::<Range<u64>>::new(), 0);
    for block in blocks(assembly.size()).filter(|block| !assembly.has(block.clone())) {
        match runs.last_mut() {
            Some(run) if run.end == block.start => run.end = block.end,
            _ => runs.push(block),
        }
    }
    for stretch in runs.into_iter().flat_map(|run| assembly.stretches(run)) {
        if let Stretch::Missing(missing) = stretch {
            to_fetch += missing.end - missing.start;
        }
    }
    to_fetch
}

const MANNER: Manner = Manner { keep: Keep::Parts, compresses: Duration::MAX };

/// An old and a new package that share most files, and what the new one needs.
fn packages() -> (Vec<u8>, Vec<u8>, Local) {
    let package = |version: &str, last: u64| {
        let work = tempfile::tempdir().unwrap();
        let input = Dir::create_ambient(&work.path().join("in")).unwrap();
        let text = format!("format: 1\nname: a1/b2\nversion: {version}\ntitle: B\nkind: mod\nlicense: MIT\n");
        input.write_atomic(MANIFEST_NAME, text.as_bytes()).unwrap();
        let payload = input.create_dir_all(PAYLOAD_FOLDER).unwrap();
        for number in (0..30).chain([last]) {
            payload.write_atomic(&*format!("{number:04}"), &content(number, 40_000)).unwrap();
        }
        for number in 40..50 {
            let text: Vec<u8> = content(number, 150_000).into_iter().map(|byte| byte % 16 + b'a').collect();
            payload.write_atomic(&*format!("{number:04}"), &text).unwrap();
        }
        let output = Dir::open_ambient(work.path()).unwrap();
        let packed = pack(&input, &output, &|| false).unwrap();
        (output.read(&*packed.file_name, 1 << 30).unwrap(), packed.description.entry_map.unwrap())
    };
    let ((old, _), (new, map)) = (package("1.0.0", 1_000), package("1.0.1", 2_000));
    (old, new, Local { map: map.into(), holders: Vec::new() })
}

#[test]
fn taking_can_be_called_off_at_any_moment_and_goes_on_from_there() {
    let (old, new, mut local) = packages();
    let (place, counters) = (Place::new(), Counters::default());
    local.holders.push(Holder::Archive(place.put(&old)));
    let whole = local.estimate(&place.cache, new.len() as u64);
    assert!(whole > new.len() as u64 / 2);
    let (mut before, mut rounds) = (0, 0);
    for patience in [0, 3, 9, 20, 40, 60, u64::MAX] {
        let asked = AtomicU64::new(0);
        let assembly = place.assembly(&new, &counters);
        let resumed = counters.here.load(Ordering::Relaxed);
        assert!(resumed >= before, "nothing is lost");
        let cancel = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
        fill(&local, &place.cache, (&assembly, &counters), MANNER, &cancel).unwrap();
        before = counters.here.load(Ordering::Relaxed);
        rounds += u32::from(before > resumed);
        let mut read = vec![0; new.len()];
        for range in blocks(new.len() as u64).filter(|range| assembly.has(range.clone())) {
            let range = range.start as usize..range.end as usize;
            assembly.read(range.start as u64, &mut read[range.clone()]).unwrap();
            assert!(read[range.clone()] == new[range], "what is here is right");
        }
    }
    let assembly = place.assembly(&new, &counters);
    assert_eq!(before, counters.here.load(Ordering::Relaxed));
    fill(&local, &place.cache, (&assembly, &counters), MANNER, &|| false).unwrap();
    assert_eq!(new.len() as u64 - to_fetch(&assembly), whole, "what was promised");
    assert!(rounds > 2, "it was called off on the way");
}

#[test]
fn a_lobby_waits_only_so_long_for_files_to_be_compressed() {
    let (old, new, mut local) = packages();
    let (place, counters) = (Place::new(), Counters::default());
    let trees = Stores::open(&place.folder.path().join("data")).unwrap();
    let tree = trees.main().ensure_tree::<muster_cache::Error>(&sha256(&old), |staging| {
        let package = validate(&old, &Limits::default()).unwrap();
        unpack(&old, &package, &staging.create_dir_all(PAYLOAD_FOLDER)?, &|| false).unwrap();
        Ok(staging.write_atomic(MANIFEST_NAME, package.manifest_bytes())?)
    });
    local.holders.push(Holder::Tree(trees.clone(), tree.unwrap().sha256()));
    let mut here = Vec::new();
    for compresses in [Duration::ZERO, Duration::MAX] {
        let assembly = place.assembly(&new, &counters);
        let manner = Manner { compresses, ..Manner::of(Tier::LobbyUrgent) };
        fill(&local, &place.cache, (&assembly, &counters), manner, &|| false).unwrap();
        here.push(counters.here.load(Ordering::Relaxed));
    }
    assert!(here[0] > 800_000, "files that are stored as they are need no time: {here:?}");
    assert!(here[1] > here[0] + 300_000, "{here:?}");
}

#[test]
fn nobody_is_read_for_what_is_here() {
    let (old, new, mut local) = packages();
    let (place, counters) = (Place::new(), Counters::default());
    local.holders.push(Holder::Archive(place.put(&old)));
    for is_first in [true, false] {
        let assembly = place.assembly(&new, &counters);
        let steps = AtomicU64::new(0);
        let count = || {
            steps.fetch_add(1, Ordering::Relaxed);
            false
        };
        let manner = Manner { keep: Keep::Blocks, ..MANNER };
        fill(&local, &place.cache, (&assembly, &counters), manner, &count).unwrap();
        assert_eq!(steps.load(Ordering::Relaxed) > 2, is_first, "spans that complete nothing are left alone");
    }
}
