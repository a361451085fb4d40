//! Features: parts of a package that the player may want or do without, kept with the profile, handed on with it.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use muster_suite::{Mod, Registry, World};

const TOWN: &str = "tester/town";

/// A town that needs a base, can speak (on unless somebody says no) and can have maps.
fn town(version: &str) -> Mod {
    Mod::new(TOWN, version)
        .needs("tester/base")
        .needs("tester/voices")
        .needs("tester/maps")
        .line("features:")
        .line("  - {id: speech, title: Spoken dialogues, default: true, depends: [tester/voices]}")
        .line("  - {id: atlas, title: Maps of the town, summary: Every street, depends: [tester/maps]}")
}

fn others() -> Vec<Mod> {
    ["base", "voices", "maps", "songs"].map(|name| Mod::new(&format!("tester/{name}"), "1.0.0")).into()
}

fn world() -> (World, Registry) {
    let world = World::new();
    let mods: Vec<Mod> = others().into_iter().chain([town("1.0.0")]).collect();
    let registry = Registry::with(&world.path().join("made"), &mods);
    world.add_registry(&registry, None);
    (world, registry)
}

fn names(world: &World) -> Vec<String> {
    let list = world.muster_json(&["list"]);
    let entries = list["entries"].as_array().expect("a list").iter();
    let name = |id: &str| id.strip_prefix("tester/").expect("ours").to_owned();
    let mut found: Vec<String> = entries.map(|entry| name(entry["id"].as_str().expect("an id"))).collect();
    found.sort();
    found
}

/// `name on` or `name off` of each feature of the town.
fn features(world: &World) -> Vec<String> {
    let list = world.muster_json(&["features", TOWN]);
    let features = list.as_array().expect("a list").iter();
    let state = |on: &serde_json::Value| if on.as_bool().expect("on or off") { "on" } else { "off" };
    features.map(|one| format!("{} {}", one["id"].as_str().expect("an id"), state(&one["on"]))).collect()
}

#[test]
fn an_install_brings_what_its_features_need_and_says_for_what() {
    let (world, _registry) = world();
    let plan = world.muster_ok(&["install", TOWN, "--dry-run"]);
    assert!(plan.contains("tester/voices") && !plan.contains("tester/maps"), "{plan}");
    assert!(plan.contains("town (for “Spoken dialogues”)"), "{plan}");
    assert!(names(&world).is_empty(), "a dry run changes nothing");
    let plan = world.muster_json(&["install", TOWN, "--dry-run", "--feature", "atlas"]);
    let shown = &plan["features"][0];
    assert_eq!((&shown["id"], &shown["features"][1]["id"]), (&TOWN.into(), &"atlas".into()));
    assert_eq!(shown["features"][1]["brings"], serde_json::json!(["maps"]));
    assert_eq!(shown["features"][1]["summary"], "Every street");

    world.muster_ok(&["install", TOWN, "--yes"]);
    assert_eq!(names(&world), ["base", "town", "voices"]);
    world.muster_ok(&["remove", TOWN]);
    world.muster_ok(&["install", TOWN, "--feature", "atlas", "--without-feature", "speech", "--yes"]);
    assert_eq!(names(&world), ["base", "maps", "town"]);
    assert_eq!(features(&world), ["speech off", "atlas on"]);
    let shown = world.muster_ok(&["show", TOWN]);
    assert!(shown.contains("tester/maps * (for Maps of the town)"), "{shown}");
}

#[test]
fn a_choice_can_be_changed_stays_with_updates_and_is_taken_back_by_an_undo() {
    let (mut world, registry) = world();
    world.muster_ok(&["install", TOWN, "--yes"]);
    let before = world.placed();
    world.muster_ok(&["features", TOWN, "--off", "speech", "--on", "atlas", "--yes"]);
    assert_eq!(names(&world), ["base", "maps", "town"]);
    assert!(world.muster_ok(&["history"]).contains("Chose features of town"));
    world.muster_ok(&["undo"]);
    assert_eq!(
        (names(&world), world.placed()),
        (vec!["base".into(), "town".into(), "voices".into()], before)
    );
    assert_eq!(features(&world), ["speech on", "atlas off"], "the choice is taken back");

    // What moves nothing is kept all the same: somebody else wants the voices.
    registry.publish(&[Mod::new("tester/radio", "1.0.0").needs("tester/voices")]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["install", "tester/radio", "--yes"]);
    let placed = world.placed();
    world.muster_ok(&["features", TOWN, "--off", "speech"]);
    assert_eq!((world.placed(), features(&world)), (placed, vec!["speech off".into(), "atlas off".into()]));
    world.muster_ok(&["features", TOWN, "--on", "atlas", "--yes"]);
    assert_eq!(names(&world), ["base", "maps", "radio", "town", "voices"]);
    world.muster_ok(&["remove", "tester/radio"]);
    assert_eq!(names(&world), ["base", "maps", "town"]);

    // An update keeps the choice, takes a new feature as its author says, and forgets one that is gone.
    world.muster_ok(&["stop"]);
    world.start();
    let next = Mod::new(TOWN, "1.1.0")
        .needs("tester/base")
        .needs("tester/voices")
        .needs("tester/songs")
        .line("features:")
        .line("  - {id: speech, title: Spoken dialogues, default: true, depends: [tester/voices]}")
        .line("  - {id: choir, title: Songs, default: true, depends: [tester/songs]}");
    registry.publish(&[next]);
    world.muster_ok(&["source", "sync"]);
    let told = world.muster(&["update", "--dry-run"]).err;
    assert!(told.contains("has no feature atlas any more"), "{told}");
    assert!(told.contains("speech (off), choir (on)"), "{told}");
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(names(&world), ["base", "songs", "town"]);
    assert_eq!(features(&world), ["speech off", "choir on"]);
    world.muster_ok(&["features", TOWN, "--default", "speech", "--yes"]);
    assert_eq!(names(&world), ["base", "songs", "town", "voices"]);
}

#[test]
fn what_is_no_feature_is_refused_and_nothing_changes() {
    let (world, registry) = world();
    world.muster_fails(&["install", TOWN, "--feature", "garden", "--yes"], 4, "feature-unknown");
    world.muster_fails(&["install", TOWN, "--feature", "no such", "--yes"], 1, "api-bad-value");
    let unclear = ["install", TOWN, "tester/songs", "--feature", "atlas", "--yes"];
    world.muster_fails(&unclear, 2, "cli-feature-of-what");
    world.muster_fails(&["features", TOWN, "--on", "atlas", "--yes"], 4, "package-not-installed");
    assert!(names(&world).is_empty());
    world.muster_ok(&["install", TOWN, "tester/songs", "--feature", "tester/town=atlas", "--yes"]);
    assert_eq!(names(&world), ["base", "maps", "songs", "town", "voices"]);
    assert!(world.muster_ok(&["features", "tester/songs"]).is_empty());

    let folder = world.path().join("wrong");
    std::fs::create_dir_all(folder.join("files")).expect("a folder");
    let manifest = "format: 1\nname: tester/wrong\nversion: 1.0.0\ntitle: Wrong\nkind: mod\nlicense: MIT\n\
                    depends: [{package: tester/base}]\n\
                    features: [{id: atlas, title: Maps, depends: [tester/maps]}]\n";
    std::fs::write(folder.join("manifest.yaml"), manifest).expect("a manifest");
    let folder = folder.to_str().expect("a path").to_owned();
    let out = world.path().to_str().expect("a path").to_owned();
    world.muster_fails(&["pack", &folder, "--output", &out], 1, "package-manifest-feature");
    drop(registry);
}

#[test]
fn a_profile_that_is_handed_on_has_its_writers_choices() {
    let (writer, registry) = world();
    writer.muster_ok(&["install", TOWN, "--feature", "atlas", "--without-feature", "speech", "--yes"]);
    let file = writer.path().join("crew.json").to_str().expect("a path").to_owned();
    writer.muster_ok(&["profile", "share", &file]);

    let reader = World::new();
    reader.add_registry(&registry, None);
    reader.muster_ok(&["install", TOWN, "--yes"]);
    reader.muster_ok(&["profile", "apply", &file, "--yes"]);
    assert_eq!((names(&reader), features(&reader)), (names(&writer), features(&writer)));
    assert_eq!(reader.placed(), writer.placed());
    // Nothing of the writer's is in the way of the reader's own choice afterwards.
    reader.muster_ok(&["features", TOWN, "--on", "speech", "--yes"]);
    assert_eq!(names(&reader), ["base", "maps", "town", "voices"]);
}

#[test]
fn a_choice_is_remembered_where_what_it_needs_is_there_already() {
    let (world, _registry) = world();
    world.muster_ok(&["install", TOWN, "tester/maps", "--yes"]);
    assert_eq!(features(&world), ["speech on", "atlas off"]);
    world.muster_ok(&["install", TOWN, "--feature", "atlas"]);
    assert_eq!(features(&world), ["speech on", "atlas on"]);
}
