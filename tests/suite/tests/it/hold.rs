//! Packages that the player keeps at a version: stored with the profile, told wherever it matters, undone.

use muster_suite::{Mod, Registry, World};

const LAMP: &str = "tester/lamp";
const TIDE: &str = "tester/tide";

fn world() -> (World, Registry) {
    let world = World::new();
    let mods = [Mod::new(LAMP, "1.0.0"), Mod::new(TIDE, "1.0.0")];
    let registry = Registry::with(&world.path().join("made"), &mods);
    world.add_registry(&registry, None);
    world.muster_ok(&["install", LAMP, TIDE, "--yes"]);
    registry.publish(&[Mod::new(LAMP, "1.1.0"), Mod::new(TIDE, "1.1.0")]);
    world.muster_ok(&["source", "sync"]);
    (world, registry)
}

fn version(world: &World, id: &str) -> String {
    let list = world.muster_json(&["list"]);
    let entries = list["entries"].as_array().expect("a list");
    let entry = entries.iter().find(|entry| entry["id"] == id).expect("installed");
    entry["version"].as_str().expect("a version").to_owned()
}

#[test]
fn what_is_held_stays_and_says_why_until_it_is_let_go() {
    let (mut world, _registry) = world();
    let placed = world.placed();
    world.muster_ok(&["hold", LAMP, "--reason", "the newer one flickers"]);
    assert_eq!(world.placed(), placed, "no file moves");
    assert!(world.muster_ok(&["history"]).contains("Held lamp"));
    assert_eq!(world.profile().updates, 1, "one update is left to offer");
    let outdated = world.muster_ok(&["outdated"]);
    assert!(outdated.contains("held: the newer one flickers"), "{outdated}");

    // Over a restart, in an update of everything, and in one of this package alone.
    world.muster_ok(&["stop"]);
    world.start();
    let update = world.muster(&["update", "--yes"]);
    assert_eq!(update.exit, 0, "{update:?}");
    assert!(update.err.contains("stays at 1.0.0, because you hold it: the newer one flickers"), "{update:?}");
    assert_eq!((version(&world, LAMP), version(&world, TIDE)), ("1.0.0".into(), "1.1.0".into()));
    let update = world.muster(&["update", LAMP, "--yes"]);
    assert!(
        update.err.contains("because you hold it") && update.err.contains("Nothing to change"),
        "{update:?}"
    );

    // Asking for another version is refused with the reason and the way out.
    let refused = world.muster_fails(&["install", "tester/lamp@1.1.0", "--yes"], 5, "resolution-failed");
    assert!(refused.err.contains("You hold tester/lamp at 1.0.0: the newer one flickers"), "{refused:?}");

    world.muster_ok(&["unhold", LAMP]);
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(version(&world, LAMP), "1.1.0");
    world.muster_fails(&["hold", "tester/nothing"], 4, "package-not-installed");
}

#[test]
fn a_pin_moves_to_its_version_and_keeps_it_and_an_undo_takes_both_back() {
    let (world, _registry) = world();
    world.muster_ok(&["update", "--yes"]);
    world.muster_ok(&["pin", "tester/lamp@1.0.0", "--yes"]);
    assert_eq!(version(&world, LAMP), "1.0.0");
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(version(&world, LAMP), "1.0.0");
    // Another pin replaces the first.
    world.muster_ok(&["pin", "tester/lamp@1.1.0", "--yes"]);
    assert_eq!(version(&world, LAMP), "1.1.0");
    world.muster_ok(&["undo"]);
    assert_eq!(version(&world, LAMP), "1.0.0");
    let lock = world.muster_ok(&["profile", "lock"]);
    assert!(lock.contains("held = \"\""), "{lock}");
    world.muster_ok(&["unpin", LAMP]);
    assert!(!world.muster_ok(&["profile", "lock"]).contains("held"));
}
