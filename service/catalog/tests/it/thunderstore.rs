//! A community of Thunderstore as a source: in pieces, whole, again for little, and never emptied by a bad answer.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{io::Write as _, path::PathBuf};

use futures::StreamExt as _;
use muster_domain::{Coded as _, Sha256, Version, Vouched};
use serde_json::{Value, json};

use crate::support::{Answer, Host, at, id, shop::Shop};

const INDEX: &str = "c/toy/api/v1/package-listing-index/";
const WHOLE: &str = "c/toy/api/v1/package/";

async fn shop(host: &Host) -> Shop {
    Shop::open(&format!("thunderstore+{}c/toy/", host.address())).await
}

fn package(name: &str, version: &str) -> Value {
    json!({
        "full_name": format!("Ada-{name}"), "categories": ["Tools"], "is_deprecated": false,
        "versions": [{"version_number": version, "download_url": format!("https://a.example/{name}/"),
            "file_size": 5, "dependencies": [], "downloads": 10, "description": format!("about {name}")}],
    })
}

fn packed(list: &[Value]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(Value::from(list).to_string().as_bytes()).expect("packs");
    gz.finish().expect("packs")
}

/// The list in pieces, as the service has it: behind a redirect, packed, each piece with a mark or a date.
fn in_pieces(host: &Host, pieces: &[(&str, Answer)]) {
    let addresses: Vec<Value> =
        pieces.iter().map(|(name, _)| format!("{}{name}", host.address()).into()).collect();
    host.answer(INDEX, Answer::Redirect("/blobs/index.gz?cdn=a".into()));
    host.answer("blobs/index.gz?cdn=a", Answer::Bytes(packed(&addresses)));
    for (name, answer) in pieces {
        host.answer(name, answer.clone());
    }
}

#[tokio::test]
async fn a_list_in_pieces_is_searched_and_only_changed_pieces_come_again() {
    let host = Host::start().await;
    let all: Vec<Value> = (0..30).map(|n| package(&format!("Mod{n}"), "1.0.0")).collect();
    in_pieces(
        &host,
        &[
            ("blobs/1.gz", Answer::Tagged("\"one\"".into(), packed(&all[..10]))),
            ("blobs/2.gz", Answer::Dated("Sat, 28 Nov 2026 08:00:00 GMT".into(), packed(&all[10..]))),
        ],
    );
    let shop = shop(&host).await;
    let first = shop.sync(1).await.expect("synced");
    assert!(first.replaced > 10 && first.broken.is_empty(), "{first:?}");
    assert_eq!(shop.found("Mod7").await, ["Ada-Mod7"]);
    assert_eq!(shop.found("tag:Tools Mod12").await, ["Ada-Mod12"]);

    host.take_requests();
    assert!(!shop.sync(1).await.expect("synced").changed());
    let asked = host.take_requests().concat().to_ascii_lowercase();
    assert!(asked.contains("if-none-match: \"one\""), "{asked}");
    assert!(asked.contains("if-modified-since: sat, 28 nov 2026 08:00:00 gmt"), "{asked}");

    // One package moved into the other piece, one is new, one is gone.
    let mut second = all[10..].to_vec();
    second.push(package("Mod3", "2.0.0"));
    second.push(package("Lamp", "1.0.0"));
    let firsts: Vec<Value> = all[..10]
        .iter()
        .filter(|p| p["full_name"] != "Ada-Mod3" && p["full_name"] != "Ada-Mod4")
        .cloned()
        .collect();
    in_pieces(
        &host,
        &[
            ("blobs/1.gz", Answer::Tagged("\"two\"".into(), packed(&firsts))),
            ("blobs/2.gz", Answer::Dated("Sat, 28 Nov 2026 09:00:00 GMT".into(), packed(&second))),
        ],
    );
    let synced = shop.sync(1).await.expect("synced");
    assert!(
        (1..=3).contains(&(synced.replaced + synced.removed)),
        "three packages, three shards at most: {synced:?}"
    );
    assert_eq!(shop.found("Lamp").await, ["Ada-Lamp"]);
    let facts = shop.catalog.facts(&shop.source, &id("Ada-Mod3"), at(2)).await.expect("facts");
    assert_eq!(facts[0].release.version.label(), "2.0.0");
    assert!(shop.catalog.facts(&shop.source, &id("Ada-Mod4"), at(2)).await.is_err(), "gone");
}

#[tokio::test]
async fn a_host_without_pieces_has_the_whole_list() {
    let host = Host::start().await;
    host.answer(
        WHOLE,
        Answer::Bytes(Value::from(vec![package("Lamp", "1.0.0"), json!(5)]).to_string().into_bytes()),
    );
    let shop = shop(&host).await;
    assert_eq!(shop.sync(1).await.expect("synced").replaced, 1);
    assert_eq!(shop.found("Lamp").await, ["Ada-Lamp"]);
    assert!(!shop.sync(1).await.expect("synced").changed());
    shop.database.forget_source(&shop.source).await.expect("forgotten");
    assert_eq!(shop.sync(1).await.expect("synced").replaced, 1, "a mark without rows says nothing");
}

#[tokio::test]
async fn a_bad_answer_leaves_what_was_there_and_says_why() {
    let host = Host::start().await;
    let good = packed(&[package("Lamp", "1.0.0")]);
    in_pieces(&host, &[("blobs/1.gz", Answer::Bytes(good.clone()))]);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    for (answer, code) in [
        (Answer::Bytes(b"<html>sign in</html>".to_vec()), "catalog-index"),
        (Answer::Bytes(b"{\"detail\": \"wrong\"}".to_vec()), "catalog-index"),
        (Answer::Bytes(b"[{\"full_name\": \"Ada-Lamp\"".to_vec()), "catalog-index"),
        (Answer::Bytes(good[..good.len() - 9].to_vec()), "catalog-index"),
        (Answer::Bytes(b"[1, 2]".to_vec()), "catalog-index"),
        (Answer::Truncated(100), "catalog-offline"),
        (Answer::Status(404), "catalog-server-error"),
        (Answer::Status(503), "catalog-server-error"),
        (Answer::Busy(429, 300), "catalog-busy"),
        (Answer::Busy(503, 20), "catalog-busy"),
        (Answer::Redirect("http://10.0.0.1/index".into()), "catalog-redirect-refused"),
    ] {
        host.answer("blobs/1.gz", answer);
        assert_eq!(shop.sync(1).await.expect_err("refused").code(), code);
        assert_eq!(shop.found("Lamp").await, ["Ada-Lamp"]);
    }
    // A list that names places inside the player's own network is not followed there.
    host.answer("blobs/index.gz?cdn=a", Answer::Bytes(b"[\"http://192.168.1.1/admin\"]".to_vec()));
    assert_eq!(shop.sync(1).await.expect_err("refused").code(), "catalog-redirect-refused");
    assert_eq!(shop.found("Lamp").await, ["Ada-Lamp"]);
}

#[tokio::test]
async fn a_service_that_asks_for_it_is_left_alone_as_long_as_it_says() {
    let host = Host::start().await;
    host.answer(INDEX, Answer::Busy(429, 600));
    let shop = shop(&host).await;
    let (_, outcome) = shop.catalog.sync_all(at(0), || 0.5).next().await.expect("one source");
    assert_eq!(outcome.expect_err("busy").code(), "catalog-busy");
    in_pieces(&host, &[("blobs/1.gz", Answer::Bytes(packed(&[package("Lamp", "1.0.0")])))]);
    host.take_requests();
    let (_, outcome) = shop.catalog.sync_all(at(599), || 0.5).next().await.expect("one source");
    assert_eq!(outcome.expect_err("resting").code(), "catalog-resting");
    assert!(host.take_requests().is_empty(), "not asked");
    let (_, outcome) = shop.catalog.sync_all(at(600), || 0.5).next().await.expect("one source");
    assert_eq!(outcome.expect("synced").replaced, 1);
}

/// What came first is what a version is, until somebody who is trusted says otherwise.
#[tokio::test]
async fn what_was_seen_of_a_version_is_what_it_is_from_then_on() {
    let host = Host::start().await;
    in_pieces(&host, &[("blobs/1.gz", Answer::Bytes(packed(&[package("Lamp", "1.0.0")])))]);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    let release = |facts: Vec<muster_catalog::Fact>| facts[0].release.clone();
    let before = release(shop.catalog.facts(&shop.source, &id("Ada-Lamp"), at(2)).await.expect("facts"));
    assert_eq!(before.vouched, Vouched::Awaited);
    let version = Version::semver("1.0.0").expect("version");
    let seen = Sha256([5; 32]);
    let observed = shop.state.first_seen().observe((&shop.source, &id("Ada-Lamp"), &version), seen, at(3));
    observed.await.expect("noted");
    let after = release(shop.catalog.stored_facts(&shop.source, &id("Ada-Lamp")).await.expect("facts"));
    assert_eq!((after.vouched, after.archive.sha256, after.archive.size), (Vouched::FirstSeen, seen, 5));
    let shown = shop.catalog.package(&shop.source, &id("Ada-Lamp")).await.expect("shown");
    assert_eq!(shown.releases[0].archive, after.archive);
}

/// The real answer of 2019 has no sizes; with sizes, every package of it is found.
#[tokio::test]
async fn the_real_list_is_synced_and_searched() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/api-samples/thunderstore/v1-package-list-2019.json");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: the shared samples are not here ({})", path.display());
        return;
    };
    let host = Host::start().await;
    let mut list: Value = serde_json::from_slice(&bytes).expect("a list");
    host.answer(WHOLE, Answer::Bytes(bytes));
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    assert_eq!(shop.database.counts().await.expect("counts").get(&shop.source), None, "of an unknown size");
    for version in list
        .as_array_mut()
        .into_iter()
        .flatten()
        .flat_map(|p| p["versions"].as_array_mut().into_iter().flatten())
    {
        version["file_size"] = 1000.into();
    }
    host.answer(WHOLE, Answer::Bytes(list.to_string().into_bytes()));
    shop.sync(1).await.expect("synced");
    assert_eq!(shop.database.counts().await.expect("counts").get(&shop.source), Some(&99));
    assert_eq!(shop.found("BepInExPack").await[0], "bbepis-BepInExPack");
    let facts = shop.catalog.facts(&shop.source, &id("bbepis-BepInExPack"), at(1)).await.expect("facts");
    assert!(facts.iter().all(|fact| fact.release.side.is_both()), "a list without categories says no side");
    assert!(
        facts.iter().all(|fact| fact
            .release
            .recipe
            .as_ref()
            .is_some_and(|recipe| recipe.rules == "BepInExPack"))
    );
}

#[tokio::test]
async fn what_players_left_under_a_code_is_fetched_from_the_service_as_a_whole() {
    let host = Host::start().await;
    let shop = shop(&host).await;
    let code = "018f3d4c-1111-2222-3333-0123456789ab";
    assert_eq!(shop.catalog.left_under(&shop.source, code).await.expect("asked"), None);
    host.answer(
        &format!("api/experimental/legacyprofile/get/{code}/"),
        Answer::Bytes(b"#r2modman\nUEsD".to_vec()),
    );
    let left = shop.catalog.left_under(&shop.source, code).await.expect("asked");
    assert_eq!(left.as_deref(), Some(&b"#r2modman\nUEsD"[..]));
    host.answer(&format!("api/experimental/legacyprofile/get/{code}/"), Answer::Status(502));
    assert!(shop.catalog.left_under(&shop.source, code).await.is_err());
}
