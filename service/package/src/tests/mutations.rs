//! Archives with random damage: never a panic, never another content. The same harness as in `fuzz/`, with a fixed budget.

use super::{
    AUTHORED, GO,
    craft::{Craft, Part},
    damage::{Random, corpus, damage, mutate},
    packed, text,
};
use crate::{BlockList, EntryMap, Limits, Manifest, validate, validate_foreign, verify};

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
    damage(corpus("manifest"), 16_000, |bytes| drop(Manifest::parse(bytes)));
}

#[test]
fn damaged_artifacts_are_refused_or_read_exactly() {
    damage(corpus("artifacts"), 15_000, |bytes| {
        let Some((size, bytes)) = bytes.split_first_chunk::<8>() else { return };
        let size = u64::from_le_bytes(*size);
        if let Ok(list) = BlockList::parse(bytes, size) {
            assert_eq!(list.to_bytes(), bytes);
        }
        if let Ok(map) = EntryMap::parse(bytes, size) {
            assert_eq!(map.to_bytes(), bytes);
        }
    });
}
