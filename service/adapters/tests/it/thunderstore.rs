//! What of Thunderstore's lists is read, and what is refused.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may panic, and read files plainly")]

use std::path::PathBuf;

use muster_adapters::{
    CODES,
    thunderstore::{Package, elements},
};
use muster_domain::Coded as _;
use proptest::prelude::*;
use serde_json::{Value, json};

fn version(number: &str, changes: Value) -> Value {
    changed(
        json!({
            "name": "Lantern", "full_name": format!("Ada-Lantern-{number}"), "description": "Light in the dark",
            "icon": "https://a.example/icon.png", "version_number": number, "file_size": 1234, "downloads": 7,
            "dependencies": ["BepInEx-BepInExPack-5.4.2100", "Bo_B-Lib-1.0.0"], "is_active": true,
            "download_url": format!("https://a.example/package/download/Ada/Lantern/{number}/"),
            "date_created": "2026-01-02T03:04:05.678901Z", "website_url": "", "uuid4": "x", "something_new": {},
        }),
        changes,
    )
}

fn package(changes: Value) -> Value {
    changed(
        json!({
            "name": "Lantern", "full_name": "Ada-Lantern", "owner": "Ada", "package_url": "https://a.example/p/",
            "donation_link": "https://a.example/tip", "date_created": "2025-01-01T00:00:00Z",
            "date_updated": "2026-01-02T03:04:05Z", "uuid4": "x", "rating_score": 12, "is_pinned": false,
            "is_deprecated": false, "has_nsfw_content": false, "categories": ["Mods", "Client-side"],
            "versions": [version("1.1.0", json!({})), version("1.0.0", json!({}))], "something_new": [1],
        }),
        changes,
    )
}

fn changed(mut value: Value, changes: Value) -> Value {
    for (name, new) in changes.as_object().unwrap() {
        value[name] = new.clone();
    }
    value
}

fn read(changes: Value) -> Package {
    Package::parse(package(changes).to_string().as_bytes()).unwrap()
}

#[test]
fn a_package_of_today_is_read() {
    let package = read(json!({"is_pinned": true, "is_deprecated": true, "has_nsfw_content": true}));
    assert_eq!((package.name.team(), package.name.name(), package.versions.len()), ("Ada", "Lantern", 2));
    assert!(package.is_pinned && package.is_deprecated && package.has_nsfw_content);
    assert_eq!((package.downloads(), package.rating, package.refused), (14, 12, 0));
    assert_eq!(package.categories, ["Mods", "Client-side"]);
    let newest = &package.versions[0];
    assert_eq!((newest.number.to_string().as_str(), newest.size), ("1.1.0", Some(1234)));
    assert_eq!((newest.website.as_ref(), newest.icon.is_some()), (None, true));
    assert_eq!(newest.needs[0].package.as_str(), "BepInEx-BepInExPack");
    assert_eq!(newest.needs[0].at_least.to_string(), "5.4.2100");
}

#[test]
fn what_changes_all_the_time_is_not_what_a_package_is_about() {
    let written = |package: Package| serde_json::to_string(&package).unwrap();
    let counted = version("1.1.0", json!({"downloads": 99_999}));
    let other = json!({"rating_score": 5, "versions": [counted, version("1.0.0", json!({}))]});
    assert_eq!(written(read(json!({}))), written(read(other)));
    assert_ne!(written(read(json!({}))), written(read(json!({"is_deprecated": true}))));
}

#[test]
fn fields_of_another_type_cost_themselves_only() {
    let odd = json!({"is_pinned": "yes", "rating_score": -3, "categories": {"a": 1}, "donation_link": 5,
        "date_updated": null, "package_url": ["x"], "has_nsfw_content": 1});
    let package = read(odd);
    assert!(!package.is_pinned && !package.has_nsfw_content && package.categories.is_empty());
    let versions = json!([
        version("3.0.0", json!({"downloads": "many", "icon": 5, "file_size": "big", "description": null})),
        version("2.0.0", json!({"dependencies": ["not a name"]})),
        version("1.9.0", json!({"dependencies": null})),
        version("v1", json!({})),
        version("1.8.0", json!({"download_url": "file:///etc/passwd"})),
        version("1.7.0", json!({"is_active": false})),
        7,
        version("1.0.0", json!({})),
    ]);
    let package = read(json!({"versions": versions}));
    let numbers: Vec<String> = package.versions.iter().map(|version| version.number.to_string()).collect();
    assert_eq!((numbers, package.refused), (vec!["3.0.0".to_owned(), "1.0.0".to_owned()], 5));
    assert_eq!((package.versions[0].size, package.versions[0].downloads), (None, 0));
}

#[test]
fn what_is_no_package_is_refused() {
    for (changes, code) in [
        (json!({"full_name": "../x"}), "adapter-field"),
        (json!({"full_name": 5}), "adapter-syntax"),
        (json!({"versions": "none"}), "adapter-syntax"),
        (json!({"versions": null}), "adapter-syntax"),
    ] {
        let refused = Package::parse(package(changes).to_string().as_bytes()).unwrap_err();
        assert_eq!(refused.code(), code);
        assert!(CODES.contains(&code));
    }
}

#[test]
fn texts_are_made_safe_to_show() {
    let lines = "a\u{202e}b\n<script>";
    let package =
        read(json!({"categories": [lines], "versions": [version("1.0.0", json!({"description": lines}))]}));
    assert_eq!(
        (package.categories[0].as_str(), package.versions[0].summary.as_str()),
        ("ab <script>", "ab <script>")
    );
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0..1_500_usize) {
        let _ = Package::parse(&bytes);
        let text = package(json!({})).to_string();
        let _ = Package::parse(&text.as_bytes()[..cut.min(text.len())]);
    }
}

/// Every package of a real answer of 2019, which lacks the fields of later years, reads.
#[test]
fn a_real_list_reads() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/api-samples/thunderstore/v1-package-list-2019.json");
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: the shared samples are not here ({})", path.display());
        return;
    };
    let packages: Vec<Package> =
        elements(&bytes).unwrap().into_iter().map(|entry| Package::parse(entry).unwrap()).collect();
    let versions: usize = packages.iter().map(|package| package.versions.len()).sum();
    let refused: usize = packages.iter().map(|package| package.refused).sum();
    println!("{} packages, {versions} versions, {refused} refused", packages.len());
    assert_eq!((packages.len(), versions + refused, refused), (99, 337, 0));
    assert!(packages.iter().all(|package| package.versions.iter().all(|version| version.size.is_none())));
}
