//! Features: dependencies that are only needed where the player wants what they bring.

use std::{collections::BTreeMap, sync::Arc};

use muster_domain::{Dependency, Feature, FeatureChoice, Lock, Release, Requirement};
use muster_resolver::{Fix, Index, Request, Resolution, Update, resolve};
use proptest::prelude::*;

use crate::common::{Build, Catalog, catalog, chosen, key, lock, release, request};

/// Choices as `package: feature on, other off`.
fn choosing(mut asked: Request, choices: &[(&str, &str, bool)]) -> Request {
    for (package, feature, on) in choices {
        let choice = asked.options.features.entry(key(package)).or_default();
        choice.insert(feature.parse().expect("a feature"), *on);
    }
    asked
}

/// The lock that a resolution makes.
fn locked(resolution: &Resolution) -> Lock {
    let mut lock = lock(&chosen(resolution).iter().map(String::as_str).collect::<Vec<_>>());
    for (locked, package) in lock.packages.iter_mut().zip(&resolution.packages) {
        assert_eq!(locked.id, package.release.id);
        locked.needs = package.needs.iter().map(|key| key.id.clone()).collect();
        locked.wished = package.wished;
    }
    lock
}

fn house() -> Catalog {
    catalog([
        release("house 1.0.0")
            .needs("wood")
            .needs("voices ^1")
            .needs("maps | plans")
            .feature("speech!", &["voices"])
            .feature("atlas", &["maps"]),
        release("wood 1.0.0"),
        release("voices 1.0.0"),
        release("voices 1.1.0"),
        release("maps 1.0.0"),
        release("plans 1.0.0"),
    ])
}

#[test]
fn what_no_feature_names_is_needed_and_the_rest_as_the_author_says_or_the_player() {
    let with = |choices: &[(&str, &str, bool)]| {
        let resolution = resolve(&choosing(request(&["house"]), choices), &house()).expect("solvable");
        chosen(&resolution).join(", ")
    };
    assert_eq!(with(&[]), "house 1.0.0, voices 1.1.0, wood 1.0.0");
    assert_eq!(with(&[("house", "speech", false)]), "house 1.0.0, wood 1.0.0");
    let both = "house 1.0.0, maps 1.0.0, voices 1.1.0, wood 1.0.0";
    assert_eq!(with(&[("house", "atlas", true)]), both);
    let other = [("house", "speech", false), ("house", "atlas", true), ("house", "garden", true)];
    assert_eq!(with(&other), "house 1.0.0, maps 1.0.0, wood 1.0.0", "a feature that is not there is nothing");
    assert_eq!(with(&[("wood", "speech", false)]), with(&[]), "a choice is about one package");
}

#[test]
fn the_resolution_says_which_needs_are_for_a_feature() {
    let needs = catalog([
        release("house 1.0.0")
            .needs("wood")
            .needs("wood ^1")
            .needs("voices")
            .feature("walls!", &["wood"])
            .feature("speech!", &["voices"])
            .feature("song!", &["voices"])
            .feature("talk", &["voices"]),
        release("tower 1.0.0").needs("wood"),
        release("wood 1.0.0"),
        release("voices 1.0.0"),
    ]);
    let resolution = resolve(&request(&["house", "tower"]), &needs).expect("solvable");
    let of = |package: &str| -> Vec<String> {
        let found = resolution.get(&key(package)).expect("chosen").for_features.iter();
        found.map(|(needed, for_features)| format!("{needed} {for_features:?}")).collect()
    };
    assert_eq!(of("house"), ["voices {FeatureId(song), FeatureId(speech)}", "wood {FeatureId(walls)}"]);
    assert!(of("tower").is_empty() && of("wood").is_empty());
}

#[test]
fn a_need_that_is_also_needed_otherwise_is_for_no_feature() {
    let needs = catalog([
        release("house 1.0.0").needs("wood").needs("oak").feature("walls!", &["oak"]),
        release("oak 1.0.0").provides("wood 1.0.0"),
    ]);
    let resolution = resolve(&request(&["house"]), &needs).expect("solvable");
    assert_eq!(chosen(&resolution), ["house 1.0.0", "oak 1.0.0"]);
    assert!(resolution.get(&key("house")).expect("chosen").for_features.is_empty());
}

#[test]
fn switching_a_feature_moves_what_it_brings_and_nothing_else() {
    let mut asked = request(&["house"]);
    asked.installed = lock(&["house 1.0.0", "voices 1.0.0", "wood 1.0.0"]);
    asked.installed.packages[0].needs = vec!["voices".parse().expect("id"), "wood".parse().expect("id")];
    let same = resolve(&asked, &house()).expect("solvable");
    assert!(same.is_unchanged(), "the older voices stay");
    let off = resolve(&choosing(asked.clone(), &[("house", "speech", false)]), &house()).expect("solvable");
    assert_eq!(chosen(&off), ["house 1.0.0", "wood 1.0.0"]);
    let more = resolve(&choosing(asked.clone(), &[("house", "atlas", true)]), &house()).expect("solvable");
    assert_eq!(chosen(&more), ["house 1.0.0", "maps 1.0.0", "voices 1.0.0", "wood 1.0.0"]);
    asked.options.update = Update::Everything;
    let updated = resolve(&choosing(asked, &[("house", "atlas", true)]), &house()).expect("solvable");
    assert_eq!(chosen(&updated), ["house 1.0.0", "maps 1.0.0", "voices 1.1.0", "wood 1.0.0"]);
}

#[test]
fn what_was_only_there_for_a_feature_goes_though_something_else_could_use_it() {
    let garden = catalog([
        release("house 1.0.0").needs("oak | pine").needs("pine").feature("walls!", &["pine"]),
        release("oak 1.0.0"),
        release("pine 1.0.0"),
    ]);
    let mut asked = request(&["house", "oak"]);
    let first = resolve(&asked, &garden).expect("solvable");
    assert_eq!(chosen(&first), ["house 1.0.0", "oak 1.0.0", "pine 1.0.0"]);
    asked.installed = locked(&first);
    let off = resolve(&choosing(asked, &[("house", "walls", false)]), &garden).expect("solvable");
    assert_eq!(chosen(&off), ["house 1.0.0", "oak 1.0.0"]);
}

#[test]
fn an_update_keeps_what_the_player_chose_and_takes_new_features_as_the_author_says() {
    let mut releases = house().0;
    releases.push(Arc::new(
        release("house 2.0.0")
            .needs("wood")
            .needs("voices")
            .needs("plans")
            .feature("speech!", &["voices"])
            .feature("drawings!", &["plans"]),
    ));
    let mut asked = choosing(request(&["house"]), &[("house", "speech", false), ("house", "atlas", true)]);
    asked.installed = lock(&["house 1.0.0", "maps 1.0.0", "wood 1.0.0"]);
    asked.options.update = Update::Everything;
    let updated = resolve(&asked, &Catalog(releases)).expect("solvable");
    assert_eq!(chosen(&updated), ["house 2.0.0", "plans 1.0.0", "wood 1.0.0"]);
}

#[test]
fn doing_without_a_feature_is_a_way_out() {
    let odds = catalog([
        release("house 1.0.0").needs("voices ^2").feature("speech!", &["voices"]),
        release("voices 1.0.0"),
    ]);
    let explanation = resolve(&request(&["house"]), &odds).expect_err("there are no such voices");
    let package = key("house");
    let feature = "speech".parse().expect("a feature");
    assert_eq!(explanation.fixes, [Fix::WithoutFeature { package, feature, title: "The speech".into() }]);
}

const NAMES: [&str; 4] = ["aa", "bb", "cc", "dd"];
const VERSIONS: [&str; 3] = ["1.0.0", "1.1.0", "2.0.0"];
const RANGES: [&str; 4] = ["*", "^1", "^2", ">=1.1.0"];
const FEATURES: [&str; 3] = ["f1", "f2", "f3"];

fn a_requirement() -> impl Strategy<Value = String> {
    (0..NAMES.len(), 0..RANGES.len()).prop_map(|(name, range)| format!("{} {}", NAMES[name], RANGES[range]))
}

fn a_release(name: usize, version: usize) -> impl Strategy<Value = Release> {
    let needs = prop::collection::vec(prop::collection::vec(a_requirement(), 1..3), 0..4);
    let brings = prop::sample::subsequence(NAMES.to_vec(), 1..3);
    let features = prop::collection::btree_map(0..FEATURES.len(), (any::<bool>(), brings), 0..3);
    let conflict = prop::option::weighted(0.3, a_requirement());
    let provides = prop::option::weighted(0.2, 0..NAMES.len());
    (needs, features, conflict, provides).prop_map(move |(needs, features, conflict, provides)| {
        let mut built = release(&format!("{} {}", NAMES[name], VERSIONS[version]));
        for alternatives in needs {
            built = built.needs(&alternatives.join("|"));
        }
        for (feature, (default, brings)) in features {
            let mark = if default { "!" } else { "" };
            built = built.feature(&format!("{}{mark}", FEATURES[feature]), &brings);
        }
        built = conflict.into_iter().fold(built, |built, conflict| built.conflicts(&conflict));
        provides.into_iter().fold(built, |built, other| built.provides(NAMES[other]))
    })
}

fn a_catalog() -> impl Strategy<Value = Catalog> {
    let package = |name: usize| {
        prop::collection::btree_set(0..VERSIONS.len(), 1..=VERSIONS.len()).prop_flat_map(move |versions| {
            versions.into_iter().map(|version| a_release(name, version)).collect::<Vec<_>>()
        })
    };
    (package(0), package(1), package(2), package(3))
        .prop_map(|(a, b, c, d)| catalog([a, b, c, d].into_iter().flatten()))
}

fn some_choices() -> impl Strategy<Value = Vec<(usize, usize, bool)>> {
    prop::collection::vec((0..NAMES.len(), 0..FEATURES.len(), any::<bool>()), 0..6)
}

fn a_request() -> impl Strategy<Value = Request> {
    let wishes = prop::collection::vec(a_requirement(), 1..3);
    let installed = prop::collection::btree_map(0..NAMES.len(), 0..VERSIONS.len(), 0..3);
    (wishes, installed, any::<bool>(), some_choices()).prop_map(|(wishes, installed, update, choices)| {
        let mut asked = request(&wishes.iter().map(String::as_str).collect::<Vec<_>>());
        let texts: Vec<String> =
            installed.iter().map(|(n, v)| format!("{} {}", NAMES[*n], VERSIONS[*v])).collect();
        asked.installed = lock(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        asked.options.update = if update { Update::Everything } else { Update::Nothing };
        choose(asked, &choices)
    })
}

fn choose(asked: Request, choices: &[(usize, usize, bool)]) -> Request {
    let named: Vec<(&str, &str, bool)> =
        choices.iter().map(|(name, feature, on)| (NAMES[*name], FEATURES[*feature], *on)).collect();
    choosing(asked, &named)
}

/// The rule once more, as plainly as possible: a release without what the player does without, and without features.
fn plain(release: &Release, choices: &BTreeMap<muster_resolver::PackageKey, FeatureChoice>) -> Release {
    let choice = choices.get(&key(release.id.as_str()));
    let is_on = |feature: &Feature| match choice.and_then(|choice| choice.get(&feature.id)) {
        Some(on) => *on,
        None => feature.default,
    };
    let first = |dependency: &Dependency| -> Requirement {
        match dependency {
            Dependency::One(one) => one.clone(),
            Dependency::AnyOf { any_of } => any_of[0].clone(),
        }
    };
    let mut plain = release.clone();
    plain.features.clear();
    plain.depends.retain(|dependency| {
        let naming = |feature: &&Feature| feature.depends.contains(&first(dependency).package);
        let naming: Vec<&Feature> = release.features.iter().filter(naming).collect();
        naming.is_empty() || naming.into_iter().any(is_on)
    });
    plain
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Whether there is a solution for plain dependencies at all is proven by brute force in `properties`.
    #[test]
    fn a_feature_that_is_off_is_as_if_its_dependencies_were_not_there(catalog in a_catalog(), asked in a_request()) {
        let without: Vec<Release> = catalog.0.iter().map(|one| plain(one, &asked.options.features)).collect();
        let without = crate::common::catalog(without);
        let mut unasked = asked.clone();
        unasked.options.features.clear();
        let expected = resolve(&unasked, &without);
        for answer in [resolve(&asked, &catalog), Index::new(catalog.0.iter().cloned()).resolve(&asked)] {
            match (answer, &expected) {
                (Ok(answer), Ok(expected)) => {
                    prop_assert_eq!(chosen(&answer), chosen(expected));
                    prop_assert_eq!(&answer.changes, &expected.changes);
                    let needs = |of: &Resolution| of.packages.iter().map(|p| p.needs.clone()).collect::<Vec<_>>();
                    prop_assert_eq!(needs(&answer), needs(expected));
                }
                // Which of several reasons is told depends on the order in which they are met. It has to be one.
                (Err(answer), Err(_)) => {
                    let mut blamed = asked.clone();
                    blamed.wished.retain(|wish| answer.wishes.contains(&wish.package));
                    prop_assert!(!blamed.wished.is_empty() || !asked.installed.packages.is_empty());
                    prop_assert!(resolve(&blamed, &catalog).is_err(), "{:?} can be had together", answer.wishes);
                }
                (answer, _) => prop_assert!(false, "only one of both is solvable: {:?}", answer.map(|a| chosen(&a))),
            }
        }
    }

    #[test]
    fn choosing_differently_and_back_leaves_nothing_over(
        catalog in a_catalog(),
        mut asked in a_request(),
        other in some_choices(),
    ) {
        asked.options.update = Update::Nothing;
        let Ok(first) = resolve(&asked, &catalog) else { return Ok(()) };
        let changed = Request { installed: locked(&first), ..choose(asked.clone(), &other) };
        let Ok(second) = resolve(&changed, &catalog) else { return Ok(()) };
        for package in &second.packages {
            let is_reached =
                package.wished || second.packages.iter().any(|other| other.needs.contains(&package.key()));
            prop_assert!(is_reached, "nothing needs {:?}", package.key());
        }
        let again = Request { installed: locked(&second), ..changed };
        let again = resolve(&again, &catalog).expect("still solvable");
        prop_assert!(again.is_unchanged(), "{:?}", again.changes);
    }
}
