//! What of CKAN's metadata is read, and what is refused.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use muster_adapters::{
    CODES, Error,
    ckan::{GameVersion, Integrity, MAX_DOCUMENT, Module, ModuleKind, Status},
};
use muster_domain::Coded as _;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A `.ckan` file with some fields changed; `null` takes one away.
fn file(changes: Value) -> Vec<u8> {
    let mut file = json!({
        "spec_version": "v1.34", "identifier": "Example", "name": "An example", "abstract": "Shows things",
        "author": "somebody", "license": "MIT", "version": "1:2.0", "ksp_version_min": "1.8",
        "download": "https://example.org/a.zip", "download_size": 10, "x_generated_by": {"any": ["thing"]},
        "download_hash": {"sha1": "AB".repeat(20), "sha256": "CD".repeat(32)},
        "install": [{"find": "Example", "install_to": "GameData", "comment": "seen"}],
    });
    for (name, value) in changes.as_object().unwrap() {
        file[name] = value.clone();
    }
    let kept = file.as_object_mut().unwrap();
    kept.retain(|_, value| !value.is_null());
    serde_json::to_vec(&file).unwrap()
}

fn read(changes: Value) -> Module {
    Module::parse(&file(changes)).unwrap()
}

fn code(changes: Value) -> &'static str {
    Module::parse(&file(changes)).unwrap_err().code()
}

#[test]
fn a_file_is_read_with_what_it_leaves_out() {
    let module = read(json!({}));
    assert_eq!((module.identifier.as_str(), module.version.as_str()), ("Example", "1:2.0"));
    assert_eq!((module.kind, module.status), (ModuleKind::Package, Status::Stable));
    assert_eq!(module.integrity, Integrity::Strong("cd".repeat(32).parse().unwrap()));
    assert_eq!(
        (module.authors.as_slice(), module.licenses.as_slice()),
        (&["somebody".into()][..], &["MIT".into()][..])
    );
    assert!(module.game.fits(&"1.12.5".parse::<GameVersion>().unwrap()) && module.may_be_passed_on());
    assert!(!module.game.fits(&"1.7.3".parse::<GameVersion>().unwrap()));
    let bare =
        read(json!({"install": null, "license": null, "ksp_version_min": null, "download_hash": null}));
    assert_eq!((bare.stanzas().len(), bare.integrity), (1, Integrity::None));
    assert!(bare.game.is_any() && !bare.may_be_passed_on());
}

#[test]
fn names_of_a_neutral_row_mean_the_same() {
    let row = json!({"id": "Example", "version": "1", "game_version": "1.8", "sha256": "ef".repeat(32),
        "download": ["https://a.example/1", "https://b.example/1"], "license": ["MIT", "GPL-3.0"]});
    let module = Module::parse(row.to_string().as_bytes()).unwrap();
    assert_eq!(module.integrity, Integrity::Strong("ef".repeat(32).parse().unwrap()));
    assert_eq!((module.downloads.len(), module.name.as_str()), (2, "Example"));
    assert!(module.game.fits(&"1.8.1".parse::<GameVersion>().unwrap()));
}

#[test]
fn relations_are_read_with_bounds_and_alternatives() {
    let module = read(json!({
        "depends": [
            {"name": "A", "min_version": "1", "max_version": "2"},
            {"name": "B", "version": "3"},
            {"any_of": [{"name": "C"}, {"any_of": [{"name": "D", "min_version": "v4"}]}], "choice_help_text": "choose"},
        ],
        "provides": ["Textures"], "conflicts": [{"name": "Textures"}], "replaced_by": {"name": "New"},
    }));
    let bounds = |at: usize, of: usize| {
        let bounds = &module.depends[at].any_of[of].bounds;
        (bounds.min.as_deref(), bounds.max.as_deref())
    };
    assert_eq!((bounds(0, 0), bounds(1, 0)), ((Some("1"), Some("2")), (Some("3"), Some("3"))));
    assert_eq!((bounds(2, 0), bounds(2, 1)), ((None, None), (Some("v4"), None)));
    assert_eq!(module.depends[2].help.as_deref(), Some("choose"));
    assert_eq!((module.provides.len(), module.conflicts.len()), (1, 1));
    assert_eq!(module.replaced_by.unwrap().any_of[0].name.as_str(), "New");
}

#[test]
fn a_weak_hash_is_said_to_be_weak_and_a_broken_one_is_not_overlooked() {
    let weak = read(json!({"download_hash": {"sha1": "AB".repeat(20)}}));
    assert_eq!(weak.integrity, Integrity::Weak("ab".repeat(20).parse().unwrap()));
    assert_eq!(code(json!({"download_hash": {"sha256": "cd"}})), "adapter-field");
    assert_eq!(code(json!({"download_hash": {"sha1": "x"}})), "adapter-field");
}

#[test]
fn only_addresses_of_the_web_are_kept() {
    let addresses =
        ["file:///etc/passwd", "ftp://a.example/x", "https://user:word@a.example/x", "x", "javascript:1"];
    assert!(
        read(json!({"download": addresses, "resources": {"homepage": "file:///x", "x": 3}}))
            .downloads
            .is_empty()
    );
    let spaced = read(json!({"download": "https://a.example/An archive.zip"}));
    assert_eq!(spaced.downloads[0].as_str(), "https://a.example/An%20archive.zip");
}

#[test]
fn what_would_be_unsafe_or_mean_two_things_is_refused() {
    for (changes, expected) in [
        (json!({"identifier": "../x"}), "adapter-field"),
        (json!({"identifier": ""}), "adapter-field"),
        (json!({"identifier": "a".repeat(129)}), "adapter-field"),
        (json!({"identifier": 3}), "adapter-syntax"),
        (json!({"identifier": null}), "adapter-syntax"),
        (json!({"version": ""}), "adapter-field"),
        (json!({"version": "1\u{202e}2"}), "adapter-field"),
        (json!({"version": "1\n2"}), "adapter-field"),
        (json!({"kind": "executable"}), "adapter-field"),
        (json!({"release_status": "great"}), "adapter-field"),
        (json!({"ksp_version": "1.8"}), "adapter-field"),
        (json!({"ksp_version_max": "one"}), "adapter-field"),
        (json!({"depends": [{}]}), "adapter-field"),
        (json!({"depends": [{"any_of": []}]}), "adapter-field"),
        (json!({"depends": [{"name": "A", "any_of": [{"name": "B"}]}]}), "adapter-field"),
        (json!({"depends": [{"name": "A", "version": "1", "min_version": "1"}]}), "adapter-field"),
        (json!({"depends": "A"}), "adapter-syntax"),
        (json!({"provides": ["a b"]}), "adapter-field"),
        (json!({"download_size": -1}), "adapter-syntax"),
        (json!({"tags": vec!["t"; 300]}), "adapter-field"),
        (json!({"install": [{"find": "a", "install_to": "Elsewhere"}]}), "adapter-unsafe-path"),
    ] {
        assert_eq!(code(changes.clone()), expected, "{changes}");
    }
    let large = vec![b' '; MAX_DOCUMENT + 1];
    assert_eq!(Module::parse(&large).unwrap_err(), Error::TooLarge { limit: MAX_DOCUMENT });
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(Module::parse(deep.as_bytes()).unwrap_err().code(), "adapter-syntax");
}

/// Values that a hostile or careless author might write.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["any", "1.8", "GameData", "../..", "(", "a+", "https://a.example/", "MIT"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop::sample::select(vec![
            "name",
            "version",
            "min_version",
            "any_of",
            "file",
            "find",
            "find_regexp",
            "install_to",
            "as",
            "filter",
            "include_only",
            "sha256",
            "x",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..4)
                .prop_map(|map| map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_field_of_any_value_gives_a_module_or_a_typed_refusal(
        field in prop::sample::select(vec![
            "identifier", "version", "name", "abstract", "author", "license", "kind", "release_status", "ksp_version",
            "ksp_version_min", "ksp_version_max", "depends", "conflicts", "provides", "replaced_by", "tags",
            "download", "download_size", "download_hash", "install", "resources", "release_date",
        ]),
        value in anything(),
    ) {
        match Module::parse(&file(json!({ field: value }))) {
            Ok(module) => prop_assert!(!module.name.is_empty()),
            Err(error) => prop_assert!(CODES.contains(&error.code())),
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Module::parse(&bytes).is_err());
    }
}
