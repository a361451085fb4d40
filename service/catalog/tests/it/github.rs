//! Releases of a repository as a source: by file and version, again only if something changed, left alone when requests are
//! used up.

use futures::StreamExt as _;
use muster_domain::{Channel, Coded as _, Sha256, Vouched};
use serde_json::{Value, json};

use crate::support::{Answer, Host, at, id, shop::Shop};

const ABOUT: &str = "repos/Ada/glow";
const FIRST: &str = "repos/Ada/glow/releases?per_page=100&page=1";

async fn shop(host: &Host) -> Shop {
    Shop::open(&format!("github:minetest+{}repos/Ada/glow", host.address())).await
}

fn asset(name: &str, digest: Value) -> Value {
    json!({"name": name, "size": 7, "state": "uploaded", "digest": digest, "download_count": 3,
        "browser_download_url": format!("https://a.example/download/{name}")})
}

fn release(tag: &str, day: u32, prerelease: bool, assets: &[Value]) -> Value {
    json!({"tag_name": tag, "draft": false, "prerelease": prerelease, "body": "# New", "assets": assets,
        "published_at": format!("2026-01-{day:02}T00:00:00Z")})
}

fn offer(host: &Host) {
    let about = json!({"description": "It glows", "license": {"spdx_id": "MIT"}, "topics": ["light"]});
    host.answer(ABOUT, Answer::Bytes(about.to_string().into_bytes()));
    let strong = json!(format!("sha256:{}", "ab".repeat(32)));
    let list = json!([
        release("v1.1", 5, false, &[asset("glow-1.1.zip", strong), asset("notes.txt", Value::Null)]),
        release(
            "v2.0-beta",
            9,
            true,
            &[asset("glow-2.0-beta.zip", Value::Null), asset("extra-2.0.zip", Value::Null)]
        ),
        release("v1.0", 1, false, &[asset("glow-1.0.zip", Value::Null)]),
        json!({"tag_name": "draft", "draft": true, "assets": []}),
    ]);
    host.answer(FIRST, Answer::Tagged("\"one\"".into(), list.to_string().into_bytes()));
}

#[tokio::test]
async fn every_file_that_can_be_a_package_is_one_in_its_releases() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    assert!(shop.sync(1).await.expect("synced").changed());
    let glow = shop.releases("Ada/glow", 1).await;
    let labels: Vec<String> = glow.iter().map(|release| release.version.label()).collect();
    assert_eq!(labels, ["v2.0-beta", "v1.1", "v1.0"], "by their dates");
    let channels: Vec<Channel> = glow.iter().map(|release| release.channel).collect();
    assert_eq!(channels, [Channel::Beta, Channel::Stable, Channel::Stable]);
    assert_eq!((glow[1].vouched, glow[1].archive.sha256), (Vouched::Source, Sha256([0xab; 32])));
    assert_eq!(glow[2].vouched, Vouched::Awaited, "older answers say no hash");
    assert_eq!(glow[0].license.as_deref(), Some("MIT"));
    assert_eq!(shop.releases("Ada/extra", 1).await.len(), 1);
    let shown = shop.catalog.package(&shop.source, &id("Ada/glow")).await.expect("shown");
    assert!(shown.package.version.ends_with("v1.1"), "what is finished is offered first");
    let changes = shown.detail[muster_catalog::CHANGES].as_object().expect("what is new");
    assert_eq!(changes.get(&shown.package.version).and_then(Value::as_str), Some("# New"));
    assert_eq!(changes.len(), 3);

    host.take_requests();
    assert!(!shop.sync(1).await.expect("synced").changed());
    let asked = host.take_requests();
    assert_eq!(asked.len(), 1, "what changed nothing costs no request of the player's");
    assert!(asked[0].to_ascii_lowercase().contains("if-none-match: \"one\""));
}

#[tokio::test]
async fn pages_are_read_until_there_are_no_more() {
    let host = Host::start().await;
    offer(&host);
    let many: Vec<Value> = (0..100)
        .map(|n| {
            release(&format!("v0.{n}"), 1 + n % 27, false, &[asset(&format!("glow-0.{n}.zip"), Value::Null)])
        })
        .collect();
    host.answer(FIRST, Answer::Bytes(Value::from(many).to_string().into_bytes()));
    let last = json!([release("v0.1000", 28, false, &[asset("glow-0.1000.zip", Value::Null)])]);
    let second = "repos/Ada/glow/releases?per_page=100&page=2";
    host.answer(second, Answer::Bytes(last.to_string().into_bytes()));
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    assert_eq!(shop.releases("Ada/glow", 1).await.len(), 101);
    host.answer(second, Answer::Status(500));
    assert_eq!(shop.sync(1).await.expect_err("refused").code(), "catalog-server-error");
    assert_eq!(shop.releases("Ada/glow", 1).await.len(), 101, "half a list changes nothing");
}

#[tokio::test]
async fn a_bad_answer_leaves_what_was_there_and_says_why() {
    let host = Host::start().await;
    offer(&host);
    let shop = shop(&host).await;
    shop.sync(1).await.expect("synced");
    for (answer, code) in [
        (Answer::Bytes(b"<html>".to_vec()), "catalog-index"),
        (Answer::Bytes(b"{\"message\": \"Bad\"}".to_vec()), "catalog-index"),
        (Answer::Bytes(b"[]".to_vec()), "catalog-index"),
        (Answer::Truncated(900), "catalog-offline"),
        (Answer::Status(404), "catalog-server-error"),
        (Answer::Status(403), "catalog-server-error"),
        (Answer::Busy(429, 60), "catalog-busy"),
    ] {
        host.answer(FIRST, answer);
        assert_eq!(shop.sync(1).await.expect_err("refused").code(), code);
        assert_eq!(shop.releases("Ada/glow", 1).await.len(), 3);
    }
}

#[tokio::test]
async fn a_service_whose_requests_are_used_up_is_left_alone_until_it_counts_anew() {
    let host = Host::start().await;
    host.answer(FIRST, Answer::UsedUp(900));
    let shop = shop(&host).await;
    let (_, outcome) = shop.catalog.sync_all(at(0), || 0.5).next().await.expect("one source");
    assert_eq!(outcome.expect_err("busy").code(), "catalog-busy");
    offer(&host);
    let (_, outcome) = shop.catalog.sync_all(at(800), || 0.5).next().await.expect("one source");
    assert_eq!(outcome.expect_err("resting").code(), "catalog-resting");
    let (_, outcome) = shop.catalog.sync_all(at(901), || 0.5).next().await.expect("one source");
    assert!(outcome.expect("synced").changed());
}
