//! CKAN as a source: synced, searched, synced again for little, and never emptied by a bad answer.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{collections::BTreeMap, path::PathBuf, time::Instant};

use muster_domain::Coded as _;

use crate::support::{Answer, Host, at, id, shop::Shop};

fn module(identifier: &str, version: &str, name: &str) -> String {
    serde_json::json!({
        "identifier": identifier, "version": version, "name": name, "abstract": "about it", "author": "ada",
        "license": "MIT", "download": "https://a.example/a.zip", "download_size": 5, "sha256": "ab".repeat(32),
    })
    .to_string()
}

fn list(modules: &[String]) -> Vec<u8> {
    zstd::encode_all(modules.join("\n").as_bytes(), 1).expect("packs")
}

#[tokio::test]
async fn an_index_is_searched_and_synced_again_only_where_it_changed() {
    let host = Host::start().await;
    let mut modules: Vec<String> =
        (0..30).map(|n| module(&format!("Mod{n}"), "1", &format!("Part {n}"))).collect();
    host.answer("index", Answer::Tagged("\"one\"".into(), list(&modules)));
    let shop = Shop::open(&format!("ckan+{}index", host.address())).await;
    let first = shop.sync(1).await.expect("synced");
    assert!(first.replaced > 10 && first.broken.is_empty(), "{first:?}");
    assert_eq!(shop.found("Mod7").await, ["Mod7"]);
    let facts = shop.catalog.facts(&shop.source, &id("Mod7"), at(2)).await.expect("facts");
    assert_eq!((facts.len(), facts[0].signed.is_some(), facts[0].release.recipe.is_some()), (1, false, true));
    assert!(facts[0].archive_at.is_some(), "an index on this machine may name this machine");

    host.take_requests();
    assert!(!shop.sync(1).await.expect("synced").changed());
    assert!(host.take_requests()[0].to_ascii_lowercase().contains("if-none-match: \"one\""));

    modules[7] = module("Mod7", "2", "Rocket 7");
    modules.retain(|text| !text.contains("\"Mod9\""));
    host.answer("index", Answer::Tagged("\"two\"".into(), list(&modules)));
    let second = shop.sync(1).await.expect("synced");
    assert!(
        (1..=2).contains(&(second.replaced + second.removed)),
        "two mods, two shards at most: {second:?}"
    );
    assert_eq!(shop.found("Rocket").await, ["Mod7"]);
    assert!(shop.catalog.facts(&shop.source, &id("Mod9"), at(2)).await.is_err(), "gone");
}

#[tokio::test]
async fn a_bad_answer_leaves_what_was_there_and_says_why() {
    let host = Host::start().await;
    host.answer("index", Answer::Bytes(list(&[module("Mod", "1", "Tank")])));
    let shop = Shop::open(&format!("ckan+{}index", host.address())).await;
    shop.sync(1).await.expect("synced");
    for (answer, code) in [
        (Answer::Bytes(b"<html>sign in</html>".to_vec()), "catalog-index"),
        (Answer::Bytes(list(&["[]".into()])), "catalog-index"),
        (Answer::Bytes(list(&[module("Mod", "2", "Tank")])[..20].to_vec()), "catalog-index"),
        (Answer::Truncated(100), "catalog-offline"),
        (Answer::Status(404), "catalog-server-error"),
        (Answer::Status(500), "catalog-server-error"),
        (Answer::Redirect("http://10.0.0.1/index".into()), "catalog-redirect-refused"),
    ] {
        host.answer("index", answer);
        assert_eq!(shop.sync(1).await.expect_err("refused").code(), code);
        assert_eq!(shop.found("Tank").await, ["Mod"]);
    }
}

#[tokio::test]
async fn an_index_in_a_file_is_read_and_a_catalogue_that_was_lost_is_filled_again() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("index.jsonl.zst");
    std::fs::write(&path, list(&[module("Mod", "1", "Tank")])).expect("written");
    let shop = Shop::open(&format!("ckan+{}", path.display())).await;
    assert_eq!(shop.sync(1).await.expect("synced").replaced, 1);
    assert!(!shop.sync(1).await.expect("synced").changed());
    shop.database.forget_source(&shop.source).await.expect("forgotten");
    assert_eq!(shop.sync(1).await.expect("synced").replaced, 1, "a mark without rows says nothing");
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(shop.sync(1).await.expect_err("gone").code(), "catalog-file");
    assert!(shop.folder.path().exists());
}

/// Every mod of the real index that can be installed is found.
#[tokio::test]
async fn the_real_index_is_synced_and_searched() {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ckan/ckan-index.jsonl.zst");
    if !path.exists() {
        println!("skipped: the shared index is not here ({})", path.display());
        return;
    }
    let shop = Shop::open(&format!("ckan+{}", path.display())).await;
    let started = Instant::now();
    let synced = shop.sync(1).await.expect("synced");
    println!("{} shards in {:?}", synced.replaced, started.elapsed());
    let counts: BTreeMap<_, _> = shop.database.counts().await.expect("counts").into_iter().collect();
    println!("{counts:?}");
    assert!(counts[&shop.source] > 3_500, "nearly all of 3,576 names can be installed");
    assert_eq!(shop.found("module manager").await[0], "ModuleManager");
    let kopernicus = shop.catalog.facts(&shop.source, &id("Kopernicus"), at(1)).await.expect("facts");
    assert!(kopernicus.len() > 400 && kopernicus.iter().all(|fact| fact.release.recipe.is_some()));
    let started = Instant::now();
    assert!(!shop.sync(1).await.expect("synced").changed());
    println!("again in {:?}", started.elapsed());
}
