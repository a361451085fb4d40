//! Features: parts of a package that the player may do without.

use muster_domain::{Coded as _, Feature};
use proptest::prelude::*;

use super::craft::{parsed, refused, with};
use crate::Manifest;

const FEATURED: &str = concat!(
    "depends:\n  - {package: ada/base}\n  - {package: ada/voices, version: ^2}\n",
    "  - any-of: [{package: bob/maps}, {package: ada/base}]\n",
    "features:\n",
    "  - id: voices\n    title: \"Spoken\\u202e text\"\n    default: true\n    depends: [ada/voices]\n",
    "  - {id: all-maps, title: Maps, summary: Of every country, depends: [bob/maps, ada/voices]}\n",
);

#[test]
fn features_name_entries_of_what_a_package_depends_on() {
    let manifest = parsed(FEATURED);
    let [voices, maps] = &manifest.features[..] else { panic!("two") };
    assert_eq!((voices.title.as_str(), voices.default, maps.default), ("Spoken text", true, false));
    assert_eq!(maps.summary, "Of every country");
    let brings = |feature: &Feature| -> Vec<bool> {
        manifest.depends.iter().map(|dependency| feature.brings(dependency)).collect()
    };
    assert_eq!(brings(voices), [false, true, false]);
    assert_eq!(brings(maps), [false, true, true], "an any-of goes by its first package");
}

#[test]
fn features_that_say_nothing_or_too_much_are_refused_when_packing_and_read_all_the_same() {
    let depends = "depends:\n  - {package: ada/base}\n  - any-of: [{package: bob/one}, {package: bob/two}]\n";
    let one = |feature: &str| with(&format!("{depends}features: [{feature}]\n"));
    let many = |count: usize| {
        let feature = |n: usize| format!("{{id: f-{n}, title: F, depends: [ada/base]}}");
        one(&(0..count).map(feature).collect::<Vec<_>>().join(", "))
    };
    let long = vec!["ada/base"; 257].join(", ");
    assert!(Manifest::parse_strict(many(64).as_bytes()).is_ok());
    for (text, refused) in [
        (one("{id: ab, title: A, depends: [ada/none]}"), "package-manifest-feature"),
        (one("{id: ab, title: A, depends: [ada/base, bob/two]}"), "package-manifest-feature"),
        (one("{id: ab, title: A, depends: []}"), "package-manifest-field"),
        (one(&format!("{{id: ab, title: A, depends: [{long}]}}")), "package-manifest-field"),
        (one("{id: ab, title: \"\", depends: [ada/base]}"), "package-manifest-field"),
        (
            one("{id: ab, title: A, depends: [ada/base]}, {id: ab, title: B, depends: [ada/base]}"),
            "package-manifest-field",
        ),
        (one("{id: ab, title: A, depends: [ada/base], colour: red}"), "package-manifest-unknown-field"),
        (many(65), "package-manifest-field"),
    ] {
        let error = Manifest::parse_strict(text.as_bytes()).expect_err(&text);
        assert_eq!(error.code(), refused, "{text}");
        Manifest::parse(text.as_bytes()).expect("readers take what they understand");
    }
    for feature in
        ["{id: A B, title: A, depends: [ada/base]}", "{id: ab, title: A}", "{id: ab, depends: [ada/base]}"]
    {
        assert_eq!(refused(&one(feature)), "package-manifest-field", "{feature}");
    }
    let unknown = one("{id: ab, title: A, depends: [ada/none]}");
    let error = Manifest::parse_strict(unknown.as_bytes()).expect_err("no such need");
    assert_eq!(error.context(), [("feature", "ab".to_owned()), ("package", "ada/none".to_owned())]);
    let list = one("{id: ab, title: A, depends: [ada/base]}").replace("kind: mod", "kind: collection")
        + "packages: [{package: aa/bb}]\n";
    assert_eq!(Manifest::parse_strict(list.as_bytes()).expect_err("a list").code(), "package-manifest-field");
}

#[test]
fn whoever_knows_no_features_takes_everything_for_needed() {
    let manifest = parsed(FEATURED);
    // To a program from before features, this list is a field as unknown as that one is to this program.
    let old = Manifest::parse(with(&FEATURED.replace("features:", "later:")).as_bytes()).expect("ignored");
    assert!(old.features.is_empty());
    assert_eq!(old.depends, manifest.depends);
}

fn a_feature() -> impl Strategy<Value = String> {
    let depends = proptest::sample::subsequence(vec!["ada/base", "ada/voices", "bob/maps"], 1..=3);
    ("[a-z][a-z0-9]{1,8}(-[a-z0-9]{1,4})?", "[ -~äß€]{0,20}", any::<Option<bool>>(), depends).prop_map(
        |(id, text, default, depends)| {
            let text = text.replace('\'', "''");
            let default = default.map(|on| format!("default: {on}, ")).unwrap_or_default();
            format!(
                "  - {{id: '{id}', title: 'T {text}', summary: '{text}', {default}depends: [{}]}}\n",
                depends.join(", ")
            )
        },
    )
}

proptest! {
    #[test]
    fn features_are_read_as_they_are_written(features in prop::collection::vec(a_feature(), 0..5)) {
        let depends = FEATURED.split("features:").next().expect("has some");
        let list = if features.is_empty() { String::new() } else { format!("features:\n{}", features.concat()) };
        let text = with(&format!("{depends}{list}"));
        let manifest = Manifest::parse(text.as_bytes()).expect(&text);
        prop_assert_eq!(manifest.features.len(), features.len());
        let names: std::collections::BTreeSet<_> = manifest.features.iter().map(|one| one.id.clone()).collect();
        let strict = Manifest::parse_strict(text.as_bytes());
        prop_assert_eq!(strict.is_ok(), names.len() == features.len());
        // As JSON, which registries sign, it says the same again.
        let json = serde_json::to_string(&manifest.features).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Vec<Feature>>(&json).expect("reads"), manifest.features);
    }
}
