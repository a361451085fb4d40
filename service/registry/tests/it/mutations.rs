//! Samples with random damage: the harness of the targets in `fuzz/`, with a fixed budget. Its own samples are checked in;
//! real ones are used where they lie beside the repository.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may panic, and read files plainly")]

use std::{fs, path::PathBuf};

/// A small generator, so that every run does the same.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Bytes that decide how JSON goes on, and others.
const TELLING: &[u8] = b"{}[],:\"\\0-9etfn\x00\xff\xc3";

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        match random.below(5) {
            0 => bytes[at] = TELLING[random.below(TELLING.len())],
            1 => bytes.truncate(at),
            2 => bytes.insert(at, TELLING[random.below(TELLING.len())]),
            3 => {
                let end = (at + random.below(30)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let from = random.below(bytes.len());
                let piece = bytes[from..(from + random.below(60)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
}

/// The samples that `fuzz/` starts from.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn damage(samples: Vec<Vec<u8>>, rounds: usize, harness: fn(&[u8])) {
    let mut random = Random(samples.len() as u64);
    let each = rounds / samples.len().max(1);
    for sample in samples {
        harness(&sample);
        for _ in 0..each {
            let mut bytes = sample.clone();
            mutate(&mut bytes, &mut random);
            harness(&bytes);
        }
    }
}

#[test]
fn the_corpus_is_what_it_says() {
    use muster_registry::{SharedProfile, decode_changes, parse_advisories, parse_featured};
    let packed = zstd::bulk::compress(&corpus("catalogue")[0], 1).unwrap();
    let changes = decode_changes(&packed).unwrap();
    assert_eq!((changes.entries.len(), changes.gone.len()), (2, 1));
    assert_eq!(parse_advisories(&corpus("advisories")[0]).unwrap()[0].affects.len(), 3);
    assert_eq!(parse_featured(&corpus("featured")[0]).unwrap().len(), 2);
    assert!(SharedProfile::read(&corpus("shared")[0], &[]).is_ok());
    assert!(serde_json::from_slice::<muster_registry::Ticket>(&corpus("ticket")[0]).is_ok());
    let [note, roll] = &corpus("notes")[..] else { panic!("two samples") };
    assert!(serde_json::from_slice::<muster_registry::GuestNote>(note).is_ok());
    assert_eq!(serde_json::from_slice::<muster_registry::Roll>(roll).unwrap().guests.len(), 3);
}

#[test]
fn damaged_catalogues_never_panic() {
    damage(corpus("catalogue"), 20_000, crate::harness::catalogue);
}

#[test]
fn damaged_advisories_never_panic() {
    damage(corpus("advisories"), 20_000, crate::harness::advisories);
}

#[test]
fn damaged_lists_of_what_is_featured_never_panic() {
    damage(corpus("featured"), 20_000, crate::harness::featured);
}

#[test]
fn damaged_shared_profiles_and_records_never_panic() {
    damage(corpus("shared"), 20_000, crate::harness::shared);
}

#[test]
fn damaged_tickets_never_panic() {
    damage(corpus("ticket"), 5_000, crate::harness::ticket);
}

#[test]
fn damaged_notes_and_rolls_of_lobbies_never_panic() {
    damage(corpus("notes"), 5_000, crate::harness::notes);
}
