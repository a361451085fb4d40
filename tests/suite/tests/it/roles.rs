//! What a profile is for: players or hosts, and what its game runs on; kept with it, undone with it.

use muster_suite::{Mod, Registry, World};

const GAME: &str = "tester/harbour";
const SCREEN: &str = "tester/screen";
const DOOR: &str = "tester/door";
const WINDOW: &str = "tester/window";

fn world() -> World {
    let world = World::new();
    let mods = [
        Mod::new(GAME, "1.0.0").needs(SCREEN).needs(DOOR),
        Mod::new(SCREEN, "1.0.0").side("client"),
        Mod::new(DOOR, "1.0.0").side("server"),
        Mod::new(WINDOW, "1.0.0"),
        Mod::new(WINDOW, "2.0.0").on("windows"),
    ];
    let registry = Registry::with(&world.path().join("made"), &mods);
    world.add_registry(&registry, None);
    world
}

fn installed(world: &World) -> Vec<String> {
    let list = world.muster_json(&["list"]);
    let entries = list["entries"].as_array().expect("a list");
    let text = |entry: &serde_json::Value| format!("{} {}", entry["id"], entry["version"]).replace('"', "");
    entries.iter().map(text).collect()
}

#[test]
fn a_profile_gets_what_its_side_needs() {
    let world = world();
    world.muster_ok(&["install", GAME, "--yes"]);
    assert_eq!(installed(&world), ["tester/harbour 1.0.0", "tester/screen 1.0.0"]);
    let placed = world.placed();
    assert!(world.muster_ok(&["why", SCREEN]).contains("only for players"));
    assert!(world.muster_ok(&["show", DOOR]).contains("servers"));
    let refused = world.muster_fails(&["install", DOOR, "--yes"], 5, "resolution-failed");
    assert!(refused.err.contains("only for servers"), "{refused:?}");

    // From here on it hosts: what only players need goes, what servers need comes.
    let preview = world.muster_ok(&["profile", "set", "--side", "server", "--dry-run"]);
    assert!(preview.contains("screen") && preview.contains("door"), "{preview}");
    assert_eq!(world.placed(), placed, "a preview changes nothing");
    world.muster_ok(&["profile", "set", "--side", "server", "--yes"]);
    assert_eq!(installed(&world), ["tester/door 1.0.0", "tester/harbour 1.0.0"]);
    assert!(world.muster_ok(&["profile", "show"]).contains("servers"));
    assert!(world.muster_ok(&["profile", "lock"]).contains("side = \"server\""));
    assert!(world.muster_ok(&["history"]).contains("what the profile is for"));
    world.muster_ok(&["undo"]);
    assert_eq!(installed(&world), ["tester/harbour 1.0.0", "tester/screen 1.0.0"]);
    assert_eq!(world.placed(), placed);
    assert!(!world.muster_ok(&["profile", "lock"]).contains("side = \"server\""), "undone with the rest");

    // Both play and host.
    world.muster_ok(&["profile", "set", "--side", "both", "--yes"]);
    assert_eq!(installed(&world).len(), 3);
}

#[test]
fn what_the_player_wishes_for_has_to_fit_before_a_profile_hosts() {
    let mut world = world();
    world.muster_ok(&["install", SCREEN, "--yes"]);
    let placed = world.placed();
    let refused =
        world.muster_fails(&["profile", "set", "--side", "server", "--yes"], 5, "resolution-failed");
    assert!(refused.err.contains("only for players"), "{refused:?}");
    assert_eq!(world.placed(), placed);
    world.muster_ok(&["remove", SCREEN]);
    world.muster_ok(&["profile", "set", "--side", "server"]);
    world.muster_ok(&["stop"]);
    world.start();
    assert!(world.muster_ok(&["profile", "show"]).contains("servers"), "kept over a restart");
    world.muster_ok(&["install", DOOR, "--yes"]);
}

#[test]
fn a_version_for_another_platform_is_passed_over_and_told() {
    let world = world();
    world.muster_ok(&["install", WINDOW, "--yes"]);
    assert_eq!(installed(&world), ["tester/window 1.0.0"], "the newest that runs here");
    assert_eq!(world.profile().updates, 0, "the other one is no update");
    let refused = world.muster_fails(&["install", "tester/window@2.0.0", "--yes"], 5, "resolution-failed");
    assert!(refused.err.contains("only for Windows"), "{refused:?}");
    let found = |words: &str| world.muster_json(&["search", words])["total"].as_u64();
    assert_eq!((found("platform:windows"), found("platform:linux")), (Some(4), Some(3)));
    assert_eq!((found("side:server"), found("sort:name -side:client")), (Some(1), Some(3)));
    world.muster_ok(&["profile", "set", "--platform", "windows"]);
    assert_eq!(world.profile().updates, 1);
    assert!(world.muster_ok(&["profile", "show"]).contains("Windows"));
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(installed(&world), ["tester/window 2.0.0"]);
}
