//! Modrinth's real answers, as they were recorded.
#![allow(clippy::disallowed_methods, reason = "samples are read plainly")]

use std::path::PathBuf;

use muster_adapters::modrinth::{About, NeedKind, Ripeness, SearchPage, Support, version_list};

fn sample(name: &str) -> Option<Vec<u8>> {
    let folder = "../../../shared/data/api-samples/modrinth";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder).join(name);
    let found = std::fs::read(&path).ok();
    if found.is_none() {
        println!("skipped: the shared samples are not here ({})", path.display());
    }
    found
}

#[test]
fn a_real_search_is_read() {
    let Some(bytes) = sample("search-2023.json") else { return };
    let page = SearchPage::parse(&bytes).expect("reads");
    assert_eq!((page.projects.len(), page.hits, page.total), (3, 3, 13_560));
    let first = &page.projects[0];
    assert_eq!((first.id.as_str(), first.slug.as_str()), ("P7dR8mSH", "fabric-api"));
    assert_eq!(first.license.as_deref(), Some("Apache-2.0"));
    assert_eq!((first.client, first.server), (Support::Optional, Support::Optional));
    for end in (0..bytes.len()).step_by(97) {
        assert!(SearchPage::parse(&bytes[..end]).is_err());
    }
}

#[test]
fn real_projects_are_read_also_with_values_that_nobody_knew() {
    for name in [
        "project-fabric-api.json",
        "project-discordsrv.json",
        "project-griefprevention.json",
        "project-modmenu.json",
        "project-nucledoom.json",
    ] {
        let Some(bytes) = sample(name) else { return };
        let about = About::parse(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!about.project.title.is_empty() && !about.description.is_empty(), "{name}");
    }
    let Some(bytes) = sample("project-dynmap-bad-server-side.json") else { return };
    let list: Vec<serde_json::Value> = serde_json::from_slice(&bytes).expect("a list");
    let about = About::parse(list[0].to_string().as_bytes()).expect("reads");
    assert_eq!(about.project.server, Support::Unknown);
}

#[test]
fn real_versions_are_read_with_their_hashes() {
    for (name, count) in [
        ("project-fabric-api-versions.json", 1_068),
        ("project-discordsrv-versions.json", 12),
        ("project-griefprevention-versions.json", 7),
        ("project-nucledoom-versions.json", 1),
        ("project-BITzwT7B-version-resp.json", 2),
    ] {
        let Some(bytes) = sample(name) else { return };
        let listed: Vec<serde_json::Value> = serde_json::from_slice(&bytes).expect("a list");
        let (versions, refused) = version_list(&bytes).expect("reads");
        assert_eq!(versions.len() + refused, listed.len(), "{name}");
        let is_empty = |version: &&serde_json::Value| {
            version["files"].as_array().is_some_and(|files| files.iter().any(|f| f["size"] == 0))
        };
        assert_eq!(
            refused,
            listed.iter().filter(is_empty).count(),
            "{name}: only files of no size are refused"
        );
        if name.contains("fabric-api") {
            assert_eq!(listed.len(), count);
            assert!(versions.iter().any(|version| version.ripeness == Ripeness::Beta));
        }
        assert!(versions.iter().all(|version| version.file.sha512.len() == 128));
    }
    let Some(bytes) = sample("project-version-only-beta.json") else { return };
    let (versions, _) = version_list(&bytes).expect("reads");
    assert!(versions.iter().all(|version| version.ripeness == Ripeness::Beta));
}

#[test]
fn a_version_without_what_matters_is_left_out_and_the_others_stay() {
    let version = |change: &str, value: serde_json::Value| {
        let mut version = serde_json::json!({
            "id": "AAAA1111", "project_id": "BBBB2222", "version_number": "1.0", "date_published": "2026-01-01T00:00:00Z",
            "game_versions": ["1.20.1"], "loaders": ["fabric"], "version_type": "alpha",
            "files": [{"hashes": {"sha1": "ab", "sha512": "ab".repeat(64)}, "url": "https://a.example/a.jar",
                "filename": "a.jar", "primary": true, "size": 5}],
            "dependencies": [{"project_id": "CCCC3333", "version_id": null, "dependency_type": "required"},
                {"project_id": null, "file_name": "x.jar", "dependency_type": "embedded"},
                {"project_id": "DDDD4444", "dependency_type": "unheard-of"}],
        });
        version[change] = value;
        version
    };
    let read = |list: &[serde_json::Value]| {
        version_list(serde_json::Value::from(list.to_vec()).to_string().as_bytes()).expect("reads")
    };
    let (good, _) = read(&[version("unknown_field", 1.into())]);
    assert_eq!(good[0].needs.iter().map(|needed| needed.kind).collect::<Vec<_>>(), [NeedKind::Required; 2]);
    for (field, value) in [
        ("id", serde_json::json!("../x")),
        ("files", serde_json::json!([])),
        (
            "files",
            serde_json::json!([{"hashes": {"sha1": "ab"}, "url": "https://a", "filename": "a", "size": 1}]),
        ),
        (
            "files",
            serde_json::json!([{"hashes": {"sha512": "zz"}, "url": "https://a", "filename": "a", "size": 1}]),
        ),
        ("dependencies", serde_json::json!([{"project_id": "a/b", "dependency_type": "required"}])),
        ("dependencies", serde_json::json!(7)),
        ("loaders", serde_json::json!(null)),
    ] {
        let (found, refused) = read(&[version(field, value.clone()), version("x", 1.into())]);
        assert_eq!((found.len(), refused), (1, 1), "{field} {value}");
    }
}
