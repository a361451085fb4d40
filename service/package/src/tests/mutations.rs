//! Archives with random damage: never a panic, never another content. The same harness as in `fuzz/`, with a fixed budget.

use super::{
    AUTHORED, GO,
    craft::{Craft, Part},
    packed, text,
};
use crate::{BlockList, EntryMap, Limits, Manifest, validate, validate_foreign, verify};

/// A small generator, so that every run does the same.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

pub(super) fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len());
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = [0, 0xff, 0x7f, 0x80][random.below(4)],
            2 => bytes.truncate(at.max(1)),
            3 => bytes.insert(at, random.below(256) as u8),
            4 => drop(bytes.remove(at)),
            _ => {
                let from = random.below(bytes.len());
                let length = random.below(50).min(bytes.len() - from);
                let piece = bytes[from..from + length].to_vec();
                bytes.splice(at..at, piece);
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
}

/// The same files that `fuzz/` starts from.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = std::fs::read_dir(path).expect("the corpus is checked in");
    let mut paths: Vec<_> = files.map(|file| file.expect("listed").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("read")).collect()
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let content = text(2_000);
    let parts = vec![Part::deflated("files/x", &content), Part::stored("files/ü", b"1")];
    vec![
        packed(AUTHORED, &[("a/b", &content), ("c", b"1")]),
        Craft::payload(&[("x", &content), ("ü", b"1")], parts).build(),
        Craft { parts: vec![Part::stored("d/", b""), Part::stored("d/x", b"1")], ..Craft::default() }.build(),
    ]
}

#[test]
fn damaged_archives_never_panic_and_never_change_content() {
    let mut random = Random(1);
    let limits = Limits { total: 1 << 20, ..Limits::default() };
    let mut accepted = 0;
    for seed in seeds().into_iter().chain(corpus("archive")) {
        let original = validate(&seed, &limits).ok().map(|package| package.manifest_bytes().to_vec());
        for _ in 0..10_000 {
            let mut bytes = seed.clone();
            mutate(&mut bytes, &mut random);
            let _ = validate_foreign(&bytes, &limits);
            let Ok(package) = validate(&bytes, &limits) else { continue };
            if verify(&bytes, &package, GO).is_ok() && Some(package.manifest_bytes()) == original.as_deref() {
                // Times and attributes may differ; the manifest proves that the files do not.
                accepted += 1;
            }
        }
    }
    assert!(accepted < 3_000, "{accepted} accepted: the validator looks at too little");
}

#[test]
fn the_corpus_is_what_it_says() {
    let manifests = corpus("manifest");
    assert!(manifests.iter().all(|bytes| Manifest::parse_strict(bytes).is_ok()));
    let limits = Limits::default();
    let is_sound =
        |bytes: &Vec<u8>| validate(bytes, &limits).is_ok() || validate_foreign(bytes, &limits).is_ok();
    assert!(corpus("archive").iter().all(is_sound));
}

#[test]
fn damaged_manifests_never_panic() {
    let mut random = Random(2);
    for seed in corpus("manifest") {
        for _ in 0..8_000 {
            let mut bytes = seed.clone();
            mutate(&mut bytes, &mut random);
            let _ = Manifest::parse(&bytes);
        }
    }
}

#[test]
fn damaged_artifacts_are_refused_or_read_exactly() {
    let mut random = Random(3);
    for seed in corpus("artifacts") {
        for _ in 0..5_000 {
            let mut bytes = seed.clone();
            mutate(&mut bytes, &mut random);
            let Some((size, bytes)) = bytes.split_first_chunk::<8>() else { continue };
            let size = u64::from_le_bytes(*size);
            if let Ok(list) = BlockList::parse(bytes, size) {
                assert_eq!(list.to_bytes(), bytes);
            }
            if let Ok(map) = EntryMap::parse(bytes, size) {
                assert_eq!(map.to_bytes(), bytes);
            }
        }
    }
}
