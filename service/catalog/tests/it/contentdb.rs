//! ContentDB as a source: listed whole, looked at closely where somebody wants something, never emptied by a bad answer.

use futures::StreamExt as _;
use muster_domain::{Coded as _, Dependency, Vouched};
use serde_json::{Value, json};

use crate::support::{Answer, Host, at, id, shop::Shop};

const LIST: &str = "api/packages/?fmt=short";

async fn shop(host: &Host) -> Shop {
    Shop::open(&format!("contentdb+{}", host.address())).await
}

fn needs_page(page: u32) -> String {
    format!("api/dependencies/?page={page}&num=300")
}

fn package(author: &str, name: &str, kind: &str, release: u64) -> Value {
    json!({
        "author": author, "name": name, "type": kind, "title": format!("The {name}"), "release": release,
        "short_description": format!("about {name}"), "thumbnail": "https://a.example/1.png", "new_field": [1],
    })
}

fn needs(
    author: &str,
    name: &str,
    kind: &str,
    provides: &[&str],
    depends: &[&str],
    optional: &[&str],
) -> Value {
    json!({"author": author, "name": name, "type": kind, "provides": provides, "depends": depends,
        "optional_depends": optional})
}

fn page(number: u32, pages: u32, items: &[Value]) -> Answer {
    let page = json!({"page": number, "per_page": 300, "page_count": pages, "total": 9, "items": items,
        "urls": {"next": null, "previous": null}});
    Answer::Bytes(page.to_string().into_bytes())
}

fn value(value: &Value) -> Answer {
    Answer::Bytes(value.to_string().into_bytes())
}

/// A game, two mods that bring the same library, a lantern that needs it, and a texture pack, on two pages.
fn offer(host: &Host) {
    let list = [
        package("ruben", "toy_game", "game", 10),
        package("Ada", "glow", "mod", 31),
        package("Bo", "lamplib", "mod", 20),
        package("Cy", "lamplib", "mod", 21),
        package("Ada", "hd", "txp", 5),
        json!({"author": "../x", "name": "evil", "type": "mod", "release": 1}),
        json!("not a package"),
        json!({"author": "Ada", "name": "unreleased", "type": "mod", "release": null}),
    ];
    host.answer(LIST, Answer::Tagged("\"one\"".into(), Value::from(list.to_vec()).to_string().into_bytes()));
    let first = [
        needs("ruben", "toy_game", "game", &["default", "beds"], &[], &[]),
        needs("Ada", "glow", "mod", &["glow"], &["default", "lamplib"], &["beds", "Bo/lamplib", "nowhere"]),
        json!(7),
    ];
    let second = [
        needs("Bo", "lamplib", "mod", &["lamplib", "lamplib_extra"], &["default"], &[]),
        needs("Cy", "lamplib", "mod", &["lamplib"], &[], &[]),
        needs("Ada", "hd", "txp", &[], &[], &[]),
    ];
    host.answer(&needs_page(1), page(1, 2, &first));
    host.answer(&needs_page(2), page(2, 2, &second));
}

fn release(number: u64, title: &str, size: Value, min: Value, max: Value) -> Value {
    let engine =
        |name: Value| if name.is_null() { Value::Null } else { json!({"name": name, "is_dev": false}) };
    json!({"id": number, "title": title, "release_date": "2026-01-02T03:04:05.678901", "size": size,
        "release_notes": format!("About {title}"),
        "url": "/uploads/abc.zip", "commit": null, "downloads": 3,
        "min_minetest_version": engine(min), "max_minetest_version": engine(max)})
}

fn describe(host: &Host, name: &str, details: &Value, releases: &[Value]) {
    host.answer(&format!("api/packages/{name}/"), value(details));
    host.answer(&format!("api/packages/{name}/releases/"), value(&Value::from(releases.to_vec())));
}

#[tokio::test]
async fn everything_is_found_and_what_is_wanted_is_looked_at_closely() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    assert_eq!(shop.found("glow").await, ["Ada/glow"]);
    assert_eq!(shop.found("kind:game").await, ["ruben/toy_game"]);
    assert_eq!(shop.found("kind:asset-pack").await, ["Ada/hd"]);
    assert!(shop.found("evil").await.is_empty() && shop.found("unreleased").await.is_empty());

    let details = json!({
        "license": "MIT", "media_license": "CC-BY-SA-4.0", "long_description": "# Glow\n\nIt glows.",
        "tags": ["light"], "content_warnings": ["gore"], "dev_state": "DEPRECATED", "maintainers": ["Ada", "Bo"],
        "repo": "https://a.example/glow.git", "website": "javascript:alert(1)", "downloads": 12,
    });
    let releases = [
        release(31, "2.0.0", json!(500), json!("5.3"), json!("5.8")),
        release(12, "1.0", json!(400), Value::Null, Value::Null),
        release(11, "lost", Value::Null, Value::Null, Value::Null),
        json!({"id": "x"}),
    ];
    describe(&host, "Ada/glow", &details, &releases);
    host.take_requests();
    let found = shop.releases("Ada/glow", 2).await;
    assert_eq!(host.take_requests().len(), 2, "about this package alone");
    let labels: Vec<String> = found.iter().map(|release| release.version.label()).collect();
    assert_eq!(labels, ["2.0.0", "1.0"], "what has no size is not offered");
    let newest = &found[0];
    assert_eq!((newest.archive.size, newest.vouched), (500, Vouched::Awaited));
    assert_eq!(newest.license.as_deref(), Some("MIT AND CC-BY-SA-4.0"));
    assert!(newest.origins[0].ends_with("/packages/Ada/glow/releases/31/download/"));
    let fits =
        |text: &str| newest.games[0].version.matches(&muster_domain::Version::semver(text).expect("v"));
    assert!(fits("5.3.0") && fits("5.8.9") && !fits("5.9.0") && !fits("5.2.0"));
    let names = |list: &[Dependency]| -> Vec<String> {
        list.iter().map(|one| one.alternatives()[0].package.to_string()).collect()
    };
    assert_eq!(names(&newest.depends), ["lamplib"], "what games bring is the game's");
    assert_eq!(names(&newest.suggests), ["nowhere", "Bo/lamplib"]);
    let snapshot = shop.catalog.snapshot(vec![(shop.source.clone(), id("lamplib"))]).await.expect("snapshot");
    assert_eq!(snapshot.providers(&shop.source, &id("lamplib")), [id("Bo/lamplib"), id("Cy/lamplib")]);

    let shown = shop.catalog.package(&shop.source, &id("Ada/glow")).await.expect("shown");
    assert_eq!(shown.package.license.as_deref(), Some("MIT AND CC-BY-SA-4.0"));
    assert_eq!(shown.package.size, 500);
    assert_eq!(shown.detail["disclosures"], json!(["gore", "deprecated"]));
    assert_eq!(shown.detail["homepage"], Value::Null, "nothing that a browser would run");
    assert_eq!(shown.detail["expects"], json!(["default"]));
    let changes = shown.detail[muster_catalog::CHANGES].as_object().expect("what is new");
    let said = changes.get(&newest.version.to_string()).and_then(Value::as_str);
    assert_eq!((said, changes.len()), (Some("About 2.0.0"), 2));

    // Asked again soon, nobody is; after an hour they are. What cannot be read then is an error, not an old answer.
    assert_eq!(shop.releases("Ada/glow", 600).await, found);
    assert!(host.take_requests().is_empty());
    host.answer("api/packages/Ada/glow/", Answer::Status(500));
    let later = shop.catalog.facts(&shop.source, &id("Ada/glow"), at(4000)).await;
    assert_eq!(later.expect_err("refused").code(), "catalog-server-error");
    let stored = shop.catalog.stored_facts(&shop.source, &id("Ada/glow")).await.expect("stored");
    assert_eq!(stored.len(), 2);
    host.answer("api/packages/Ada/glow/", Answer::Status(404));
    let gone = shop.catalog.facts(&shop.source, &id("Ada/glow"), at(4000)).await;
    assert_eq!(gone.expect_err("refused").code(), "catalog-unknown-package");
}

#[tokio::test]
async fn what_only_the_list_says_is_found_and_not_installed() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    assert!(shop.catalog.stored_facts(&shop.source, &id("Ada/glow")).await.expect("rows").is_empty());
    shop.catalog.set_offline(true);
    // The loopback host is on this machine, so that it is asked all the same.
    describe(&host, "Ada/glow", &json!({}), &[release(31, "2", json!(5), Value::Null, Value::Null)]);
    assert_eq!(shop.releases("Ada/glow", 2).await.len(), 1);
}

#[tokio::test]
async fn two_packages_of_one_name_are_one_folder_and_never_both() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    for (one, other) in [("Bo/lamplib", "Cy/lamplib"), ("Cy/lamplib", "Bo/lamplib")] {
        describe(&host, one, &json!({}), &[release(40, "1", json!(5), Value::Null, Value::Null)]);
        let release = shop.releases(one, 2).await.remove(0);
        let conflicts: Vec<String> = release.conflicts.iter().map(|c| c.package.to_string()).collect();
        assert_eq!(conflicts, [other]);
    }
}

#[tokio::test]
async fn only_what_changed_is_written_again() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    assert!(shop.sync(1).await.expect("synced").replaced >= 4);
    host.take_requests();
    assert!(!shop.sync(1).await.expect("synced").changed());
    let asked = host.take_requests();
    assert_eq!(asked.len(), 1, "one question, with a mark");
    assert!(asked[0].to_ascii_lowercase().contains("if-none-match: \"one\""), "{asked:?}");
    let list = [package("Ada", "glow", "mod", 32), package("Bo", "lamplib", "mod", 20)];
    host.answer(LIST, Answer::Tagged("\"two\"".into(), Value::from(list.to_vec()).to_string().into_bytes()));
    let synced = shop.sync(1).await.expect("synced");
    assert!(synced.changed() && synced.replaced <= 2, "{synced:?}");
    assert!(shop.found("Cy").await.is_empty());
}

#[tokio::test]
async fn a_bad_answer_leaves_what_was_there_and_says_why() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    for (path, answer, code) in [
        (LIST.to_owned(), Answer::Bytes(b"<html>".to_vec()), "catalog-index"),
        (
            LIST.to_owned(),
            Answer::Bytes(b"{\"success\": false, \"error\": \"no\"}".to_vec()),
            "catalog-index",
        ),
        (LIST.to_owned(), Answer::Bytes(b"[]".to_vec()), "catalog-index"),
        (LIST.to_owned(), Answer::Truncated(900), "catalog-offline"),
        (LIST.to_owned(), Answer::Status(502), "catalog-server-error"),
        (LIST.to_owned(), Answer::Busy(429, 30), "catalog-busy"),
        (LIST.to_owned(), Answer::Redirect("http://10.0.0.1/".into()), "catalog-redirect-refused"),
        (needs_page(2), Answer::Status(500), "catalog-server-error"),
        (needs_page(2), Answer::Bytes(b"[]".to_vec()), "catalog-index"),
        (needs_page(2), page(2, 1_000_000, &[]), "catalog-server-error"),
    ] {
        offer(&host);
        // Another list than the one that is loaded, so that needs are asked for.
        let list = [package("Ada", "glow", "mod", 99)];
        host.answer(LIST, Answer::Bytes(Value::from(list.to_vec()).to_string().into_bytes()));
        host.answer(&path, answer);
        let outcome = shop.sync(1).await;
        assert_eq!(outcome.map_err(|error| error.code().to_owned()), Err(code.to_owned()), "{path}");
        assert_eq!(shop.found("lamplib").await.len(), 2);
    }
}

#[tokio::test]
async fn a_service_that_asks_for_it_is_left_alone() {
    let host = Host::start().await;
    host.answer(LIST, Answer::Busy(429, 600));
    let shop = shop(&host).await;
    let (_, outcome) = shop.catalog.sync_all(at(0), || 0.5).next().await.expect("one source");
    assert_eq!(outcome.expect_err("busy").code(), "catalog-busy");
    offer(&host);
    let (_, outcome) = shop.catalog.sync_all(at(599), || 0.5).next().await.expect("one source");
    assert_eq!(outcome.expect_err("resting").code(), "catalog-resting");
    let (_, outcome) = shop.catalog.sync_all(at(600), || 0.5).next().await.expect("one source");
    assert!(outcome.expect("synced").changed());
}
