//! Samples with random damage: the harness of the targets in `fuzz/`, with a fixed budget. Its own samples are checked in;
//! real ones are used where they lie beside the repository.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may panic, and read files plainly")]

use std::{fs, path::PathBuf};

use crate::damage::{corpus, damage};

/// Real samples, cut into lines where they are lists of lines; none where they are not there.
fn real(path: &str) -> Vec<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    let Ok(bytes) = fs::read(&path) else {
        println!("skipped: there is no {}", path.display());
        return Vec::new();
    };
    match path.extension().is_some_and(|ending| ending == "jsonl") {
        true => {
            bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
        }
        false => vec![bytes],
    }
}

#[test]
fn the_corpus_is_what_it_says() {
    use muster_adapters::{ckan::Module, contentdb, modrinth, thunderstore, workshop};
    assert!(corpus("ckan").iter().all(|row| Module::parse(row).is_ok()));
    let list = &corpus("thunderstore")[0];
    assert!(
        thunderstore::elements(list).unwrap().iter().all(|one| thunderstore::Package::parse(one).is_ok())
    );
    assert_eq!(contentdb::list(&corpus("contentdb")[0]).unwrap().0.len(), 1);
    let [search, versions] = &corpus("modrinth")[..] else { panic!("two samples") };
    assert!(modrinth::SearchPage::parse(search).is_ok());
    assert_eq!(modrinth::version_list(versions).unwrap().0.len(), 1);
    let [code, export, index] = &corpus("packs")[..] else { panic!("three samples") };
    assert!(thunderstore::unwrap_profile(code).is_ok());
    assert_eq!(thunderstore::Export::parse(export).unwrap().mods.len(), 3);
    assert_eq!(modrinth::Pack::parse(index).unwrap().files.len(), 2);
    let [about, list, json] = &corpus("workshop")[..] else { panic!("three samples") };
    assert_eq!(workshop::items(294_100, list).unwrap().len(), 2);
    assert_eq!(workshop::name_in("About/About.xml", about).as_deref(), Some("Lanterns & Lamps"));
    assert!(workshop::name_in("mod.json", json).is_some());
}

#[test]
fn damaged_rows_and_stanzas_of_ckan_never_panic() {
    damage([corpus("ckan"), real("ckan/ckan-sample.jsonl")].concat(), 20_000, crate::harness::ckan);
    damage(corpus("stanzas"), 20_000, crate::harness::stanzas);
}

#[test]
fn damaged_lists_of_thunderstore_never_panic() {
    damage(corpus("thunderstore"), 10_000, crate::harness::thunderstore);
    damage(real("api-samples/thunderstore/v1-package-list-2019.json"), 20, crate::harness::thunderstore);
}

#[test]
fn damaged_answers_of_contentdb_and_modrinth_never_panic() {
    damage(corpus("contentdb"), 10_000, crate::harness::contentdb);
    let samples = ["search-2023.json", "project-fabric-api.json", "project-geyser-only-betas.json"];
    let samples = samples.iter().flat_map(|name| real(&format!("api-samples/modrinth/{name}")));
    damage(corpus("modrinth").into_iter().chain(samples).collect(), 5_000, crate::harness::modrinth);
}

#[test]
fn damaged_packs_never_panic() {
    damage(corpus("packs"), 6_000, crate::harness::packs);
    damage(real("api-samples/modrinth/modrinth.index.json"), 100, crate::harness::packs);
}

#[test]
fn damaged_answers_are_held_against_every_shape() {
    damage(corpus("shapes"), 3_000, crate::harness::shapes);
}

#[test]
fn damaged_lists_and_names_of_the_workshop_never_panic() {
    damage(corpus("workshop"), 10_000, crate::harness::workshop);
}
