//! Modrinth as a source: the most wanted first, page by page, then what changed; versions with a closer look.

use muster_domain::{Channel, Coded as _, Version, Vouched};
use serde_json::{Value, json};

use crate::support::{Answer, Host, at, id, shop::Shop};

const MODS: &str = r#"[["project_type:mod"],["categories:fabric"]]"#;
const OTHERS: &str = r#"[["project_type:resourcepack","project_type:shader"]]"#;

async fn shop(host: &Host) -> Shop {
    Shop::open(&format!("modrinth+{}v2/fabric/", host.address())).await
}

fn search(facets: &str, order: &str, offset: usize) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("limit", "100")
        .append_pair("offset", &offset.to_string())
        .append_pair("index", order)
        .append_pair("facets", facets)
        .finish();
    format!("v2/search?{query}")
}

fn hit(number: usize, kind: &str, modified: &str) -> Value {
    json!({
        "project_id": format!("P{number:07}"), "project_type": kind, "slug": format!("thing-{number}"),
        "author": "ada", "title": format!("Thing {number}"), "description": "about it", "categories": ["fabric", "light"],
        "downloads": 1000 - number, "date_created": "2026-01-01T00:00:00Z", "date_modified": modified,
        "license": "MIT", "client_side": "required", "server_side": "unsupported",
    })
}

fn page(hits: &[Value], total: usize) -> Answer {
    Answer::Bytes(
        json!({"hits": hits, "offset": 0, "limit": 100, "total_hits": total}).to_string().into_bytes(),
    )
}

/// 150 mods on two pages and a pack.
fn offer(host: &Host) {
    let mods: Vec<Value> = (0..150).map(|n| hit(n, "mod", "2026-02-01T00:00:00Z")).collect();
    host.answer(&search(MODS, "downloads", 0), page(&mods[..100], 150));
    host.answer(&search(MODS, "downloads", 100), page(&mods[100..], 150));
    let others =
        [hit(900, "resourcepack", "2026-02-02T00:00:00Z"), hit(901, "plugin", "2026-02-02T00:00:00Z")];
    host.answer(&search(OTHERS, "downloads", 0), page(&others, 2));
}

fn version(number: &str, date: &str, loader: &str, games: &[&str], kind: &str) -> Value {
    json!({
        "id": "VERSION1", "project_id": "P0000007", "version_number": number, "date_published": date,
        "version_type": kind, "changelog": format!("New in {number}\u{202e}"), "game_versions": games, "loaders": [loader],
        "files": [
            {"hashes": {"sha1": "ab", "sha512": "cd".repeat(64)}, "url": "https://cdn.example/s.jar",
                "filename": "thing-sources.jar", "primary": false, "size": 4},
            {"hashes": {"sha1": "ab", "sha512": "ab".repeat(64)}, "url": "https://cdn.example/a.jar",
                "filename": "thing-1.jar", "primary": true, "size": 9}],
        "dependencies": [
            {"project_id": "P0000008", "dependency_type": "required"},
            {"project_id": "P0000009", "dependency_type": "optional"},
            {"project_id": "P0000010", "dependency_type": "incompatible"}],
    })
}

fn describe(host: &Host) {
    let about = json!({"id": "P0000007", "slug": "thing-7", "project_type": "mod", "title": "Thing 7", "body": "# It",
        "license": {"id": "LGPL-3.0-only"}, "source_url": "https://a.example/git", "published": "2026-01-01T00:00:00Z"});
    let versions = [
        version("1.1", "2026-02-03T00:00:00Z", "fabric", &["1.20", "1.20.1", "23w13a"], "release"),
        version("2.0", "2026-02-01T00:00:00Z", "fabric", &["1.20.1"], "beta"),
        version("1.0+forge", "2026-02-04T00:00:00Z", "forge", &["1.20.1"], "release"),
        version("0.9", "2026-01-01T00:00:00Z", "fabric", &["23w13a"], "release"),
        json!("none"),
    ];
    host.answer("v2/project/P0000007", Answer::Bytes(about.to_string().into_bytes()));
    host.answer("v2/project/P0000007/version", Answer::Bytes(json!(versions).to_string().into_bytes()));
}

#[tokio::test]
async fn the_most_wanted_are_found_and_versions_come_with_a_closer_look() {
    let host = Host::start().await;
    offer(&host);
    describe(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    assert_eq!(shop.found("thing-120").await, ["P0000120"]);
    assert_eq!(shop.found("kind:asset-pack").await, ["P0000900"]);
    assert!(shop.found("thing-901").await.is_empty(), "what cannot be placed is not offered");
    assert!(shop.found("side:client").await.contains(&"P0000007".to_owned()));

    let releases = shop.releases("P0000007", 2).await;
    let labels: Vec<String> = releases.iter().map(|release| release.version.label()).collect();
    assert_eq!(labels, ["1.1", "2.0"], "by their dates, for this loader, for finished versions of the game");
    let newest = &releases[0];
    assert_eq!((newest.vouched, newest.archive.size, newest.channel), (Vouched::Awaited, 9, Channel::Stable));
    assert_eq!(releases[1].channel, Channel::Beta);
    let shown = shop.catalog.package(&shop.source, &id("P0000007")).await.expect("shown");
    let changes = shown.detail[muster_catalog::CHANGES].as_object().expect("what is new");
    let said = changes.get(&newest.version.to_string()).and_then(Value::as_str);
    assert_eq!((said, changes.len()), (Some("New in 1.1"), 2));
    let fits = |text: &str| {
        let version = Version::semver(text).expect("version");
        newest.games.iter().any(|support| support.version.matches(&version))
    };
    assert!(fits("1.20.0") && fits("1.20.1") && !fits("1.20.2"));
    assert_eq!(newest.depends[0].alternatives()[0].package.as_str(), "P0000008");
    assert_eq!(newest.suggests[0].alternatives()[0].package.as_str(), "P0000009");
    assert_eq!(newest.conflicts[0].package.as_str(), "P0000010");
    assert_eq!(newest.origins, ["https://cdn.example/a.jar"], "the primary file");
    let recipe = newest.recipe.clone().expect("a recipe");
    assert!(recipe.rules.contains(&"ab".repeat(64)) && recipe.rules.contains("thing-1.jar"));
    let shown = shop.catalog.package(&shop.source, &id("P0000007")).await.expect("shown");
    assert_eq!(shown.package.license.as_deref(), Some("LGPL-3.0-only"));
}

#[tokio::test]
async fn a_project_that_is_not_listed_is_known_once_it_is_named() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    let about = json!({"id": "RARE0001", "slug": "rare", "project_type": "mod", "title": "Rare", "body": ""});
    let mut one = version("1.0", "2026-02-03T00:00:00Z", "fabric", &["1.20.1"], "release");
    one["project_id"] = "RARE0001".into();
    host.answer("v2/project/RARE0001", Answer::Bytes(about.to_string().into_bytes()));
    host.answer("v2/project/RARE0001/version", Answer::Bytes(json!([one]).to_string().into_bytes()));
    assert_eq!(shop.releases("RARE0001", 2).await.len(), 1);
    let unknown = shop.catalog.facts(&shop.source, &id("NOBODY01"), at(2)).await;
    assert_eq!(unknown.expect_err("unknown").code(), "catalog-unknown-package");
    let foul = shop.catalog.facts(&shop.source, &id("../secret"), at(2)).await;
    assert_eq!(foul.expect_err("unknown").code(), "catalog-unknown-package");
    // Another project's answer is no answer.
    host.answer("v2/project/P0000007", Answer::Bytes(about.to_string().into_bytes()));
    let other = shop.catalog.facts(&shop.source, &id("P0000007"), at(2)).await;
    assert_eq!(other.expect_err("damaged").code(), "catalog-index");
}

#[tokio::test]
async fn later_only_what_changed_is_asked_for() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    let old = hit(3, "mod", "2026-02-01T00:00:00Z");
    host.answer(&search(MODS, "updated", 0), page(std::slice::from_ref(&old), 150));
    host.answer(&search(OTHERS, "updated", 0), page(&[], 0));
    host.take_requests();
    assert!(!shop.sync(2).await.expect("synced").changed());
    assert_eq!(host.take_requests().len(), 2);
    let new = hit(777, "mod", "2026-03-01T00:00:00Z");
    host.answer(&search(MODS, "updated", 0), page(&[new, old], 151));
    assert_eq!(shop.sync(3).await.expect("synced").replaced, 1);
    assert_eq!(shop.found("thing-777").await, ["P0000777"]);
    assert_eq!(shop.found("thing-120").await, ["P0000120"], "the others stay");
    // After a week everything is listed anew, and who is gone is gone.
    shop.sync(8 * 24 * 3600).await.expect("synced");
    assert!(shop.found("thing-777").await.is_empty());
}

#[tokio::test]
async fn a_bad_answer_leaves_what_was_there_and_says_why() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    for (answer, code) in [
        (Answer::Bytes(b"<html>".to_vec()), "catalog-index"),
        (Answer::Bytes(b"{\"hits\": 5, \"total_hits\": 1}".to_vec()), "catalog-index"),
        (Answer::Truncated(900), "catalog-offline"),
        (Answer::Status(502), "catalog-server-error"),
        (Answer::Busy(429, 30), "catalog-busy"),
    ] {
        host.answer(&search(MODS, "downloads", 100), answer);
        // So late that everything is listed anew.
        let refused = shop.sync(9 * 24 * 3600).await.expect_err("refused");
        assert_eq!(refused.code(), code);
        assert_eq!(shop.found("thing-120").await, ["P0000120"]);
    }
}

#[tokio::test]
async fn files_are_known_by_their_hashes() {
    let host = Host::start().await;
    offer(&host);
    describe(&host);
    let shop = shop(&host).await;
    let (known, hidden, unknown) = ("ab".repeat(64), "ef".repeat(64), "00".repeat(64));
    let answer = json!({
        known.clone(): version("1.1", "2026-02-03T00:00:00Z", "fabric", &["1.20.1"], "release"),
        hidden.clone(): {"project_id": "HIDDEN01"},
        "12".repeat(64): {"project_id": "P0000007"},
    });
    host.answer("v2/version_files", Answer::Bytes(answer.to_string().into_bytes()));
    let hashes = [known.clone(), hidden, unknown];
    let found = shop.catalog.find_files(&shop.source, &hashes, at(2)).await.expect("asked");
    let found: Vec<(String, String)> = found.into_iter().map(|(hash, id)| (hash, id.to_string())).collect();
    assert_eq!(found, [(known, "P0000007".to_owned())], "neither what is gone nor what nobody asked for");
    let asked = host.take_requests();
    assert!(asked[0].starts_with("POST /v2/version_files"), "{asked:?}");
    // Its versions are known from then on.
    let shown = shop.catalog.package(&shop.source, &id("P0000007")).await.expect("shown");
    assert_eq!(shown.releases.len(), 2);
    host.answer("v2/version_files", Answer::Busy(429, 30));
    let refused = shop.catalog.find_files(&shop.source, &hashes, at(3)).await;
    assert_eq!(refused.expect_err("refused").code(), "catalog-busy");
}
