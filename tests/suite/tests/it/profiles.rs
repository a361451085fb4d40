//! Profiles, their history and the way back, with the terminal program alone.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::fs;

use muster_suite::{Mod, Registry, World};
use serde_json::Value;

const CONF: &str = "fov = 72\nvolume = 5\nlang = en\n";

/// A mods folder with files of the player's, and a source with two mods.
fn world() -> (World, Registry) {
    let world = World::new();
    let mods =
        [Mod::new("tester/alpha", "1.0.0").config("settings.conf", CONF), Mod::new("tester/beta", "1.0.0")];
    let registry = Registry::with(&world.path().join("origin"), &mods);
    for (path, text) in [("alpha/init.lua", "-- of the player"), ("mine/init.lua", "-- mine")] {
        let path = world.mods().join(path);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    world.add_registry(&registry, None);
    (world, registry)
}

fn has(world: &World, path: &str) -> bool {
    world.mods().join(path).exists()
}

/// As editors do it: another file takes its place.
fn edit(world: &World, path: &str, text: &str) {
    fs::remove_file(world.mods().join(path)).expect("was placed");
    fs::write(world.mods().join(path), text).expect("a file");
}

fn names(list: &Value) -> Vec<String> {
    let entries = list.as_array().expect("a list").iter();
    entries.map(|entry| entry["name"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn profiles_are_copied_switched_renamed_deleted_and_brought_back() {
    let (world, _registry) = world();
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    let first = world.profile().name;
    world.muster_ok(&["profile", "clone", &first, "Evening"]);
    world.muster_ok(&["install", "tester/beta", "--yes", "--profile", "Evening"]);
    assert!(!has(&world, "beta"), "not placed yet");
    world.muster_ok(&["profile", "switch", "Evening"]);
    assert!(has(&world, "alpha/settings.conf") && has(&world, "beta/init.lua"));
    assert!(world.muster_ok(&["profile", "show"]).contains("Evening"));

    world.muster_ok(&["profile", "rename", "Evening", "Night"]);
    world.muster_fails(&["profile", "rename", "Night", &first], 5, "profile-exists");
    world.muster_ok(&["profile", "delete", "Night"]);
    assert!(!has(&world, "beta") && !has(&world, "alpha/settings.conf"));
    assert_eq!(fs::read_to_string(world.mods().join("alpha/init.lua")).expect("back"), "-- of the player");
    assert_eq!(names(&world.muster_json(&["profile", "list"])), [first.as_str()]);
    assert_eq!(names(&world.muster_json(&["profile", "list", "--deleted"])), ["Night"]);
    world.muster_ok(&["profile", "restore", "Night", "--as", "Again"]);
    assert!(has(&world, "beta/init.lua"), "nobody had taken its place");
    world.muster_ok(&["profile", "switch", &first]);
    world.muster_ok(&["undo"]);
    assert!(has(&world, "beta/init.lua"), "a switch is undone by a switch");
}

#[test]
fn states_are_listed_compared_named_and_gone_back_to() {
    let (world, _registry) = world();
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    world.muster_ok(&["install", "tester/beta", "--yes"]);
    let found = world.muster_json(&["history", "--diff", "1", "2"]);
    let items = found["items"].as_array().expect("a list");
    assert_eq!(
        (items.len(), &items[0]["id"], &items[0]["action"]),
        (1, &"tester/beta".into(), &"add".into())
    );
    world.muster_ok(&["history", "name", "1", "only alpha"]);
    assert!(world.muster_ok(&["history"]).contains("only alpha"));
    world.muster_ok(&["undo", "--to", "1"]);
    assert!(has(&world, "alpha/settings.conf") && !has(&world, "beta"));
    world.muster_fails(&["undo", "--to", "77"], 4, "generation-unknown");
    let gone = world.muster_json(&["history", "prune", "--keep", "0", "--days", "0"]);
    assert_eq!(gone["forgotten"], serde_json::json!([2]), "named, first and current ones stay");
}

#[test]
fn the_original_game_is_proved() {
    let (world, _registry) = world();
    assert_eq!(world.muster_json(&["vanilla", "--check"])["recorded"], false);
    let before = world.placed();
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    assert_eq!(world.muster(&["vanilla", "--check"]).exit, 1, "mods are in place");
    edit(&world, "alpha/settings.conf", "fov = 90\nvolume = 5\nlang = en\n");
    let proof = world.muster_json(&["vanilla"]);
    assert_eq!(world.placed(), before);
    assert_eq!((&proof["original"], &proof["ours"]), (&true.into(), &0.into()));
    assert_eq!(
        proof["counts"],
        serde_json::json!({ "equal": 1, "unchanged": 1, "departed": 0, "modded": 0 })
    );
    assert_eq!(proof["equal"][0]["path"], "alpha/init.lua");
    let read = world.muster_json(&["vanilla", "--check", "--read-all"]);
    assert_eq!(read["counts"], serde_json::json!({ "equal": 2, "unchanged": 0, "departed": 0, "modded": 0 }));
    fs::write(world.mods().join("mine/init.lua"), "-- changed since").expect("a file");
    assert!(world.muster_ok(&["vanilla", "--check"]).contains("mine/init.lua"));

    world.muster_ok(&["undo"]);
    let conf = fs::read_to_string(world.mods().join("alpha/settings.conf")).expect("placed");
    assert_eq!(conf, "fov = 90\nvolume = 5\nlang = en\n", "what the player had set is there again");
}

#[test]
fn damaged_files_are_repaired_and_changed_ones_decided() {
    let (world, _registry) = world();
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    let fine = fs::read(world.mods().join("alpha/mod.conf")).expect("placed");
    fs::remove_file(world.mods().join("alpha/mod.conf")).expect("was placed");
    edit(&world, "alpha/init.lua", "-- by hand");
    edit(&world, "alpha/settings.conf", "fov = 90\n");
    assert_eq!(world.muster(&["verify"]).exit, 1);
    let report = world.muster_json(&["verify", "--repair"]);
    assert_eq!((&report["changed"], &report["missing"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!(fs::read(world.mods().join("alpha/mod.conf")).expect("back"), fine);
    assert_eq!(fs::read_to_string(world.mods().join("alpha/settings.conf")).expect("there"), "fov = 90\n");

    edit(&world, "alpha/init.lua", "-- by hand again");
    let drift = world.muster_json(&["drift"]);
    assert_eq!(drift["undecided"][0]["path"], "alpha/init.lua");
    world.muster_ok(&["drift", "keep", "mine", "mods/alpha/init.lua"]);
    assert_eq!(world.muster_json(&["drift"])["undecided"], serde_json::json!([]));
    world.muster_ok(&["verify"]);
    world.muster_ok(&["drift", "keep", "theirs", "mods/alpha/init.lua"]);
    assert!(
        fs::read_to_string(world.mods().join("alpha/init.lua")).expect("there").contains("[alpha] 1.0.0")
    );
    world.muster_fails(&["drift", "keep", "mine", "init.lua"], 2, "drift-file-unknown");
}

#[test]
fn versions_that_were_set_aside_come_back() {
    let (world, _registry) = world();
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    edit(&world, "alpha/init.lua", "-- by hand");
    world.muster_ok(&["drift", "keep", "theirs", "mods/alpha/init.lua"]);
    let kept = world.muster_json(&["kept", "list"]);
    let shown = |kept: &Value| (kept["file"]["path"].clone(), kept["why"].clone());
    let shown: Vec<_> = kept.as_array().expect("a list").iter().map(shown).collect();
    // What was there before Muster comes back by itself; what was changed by hand only if it is asked for.
    let init = || Value::from("alpha/init.lua");
    assert_eq!(shown, [(init(), "replaced".into()), (init(), "displaced".into())]);
    let read = || fs::read_to_string(world.mods().join("alpha/init.lua")).expect("there");
    let packaged = read();
    world.muster_ok(&["undo"]);
    assert_eq!(read(), "-- by hand");
    world.muster_ok(&["undo"]);
    assert_eq!(read(), packaged);
    let hash = kept[0]["sha256"].as_str().expect("text").get(..8).expect("a hash").to_owned();
    world.muster_fails(&["kept", "restore", "mods/alpha/init.lua"], 5, "cli-several-kept");
    world.muster_ok(&["kept", "restore", &format!("mods/alpha/init.lua@{hash}")]);
    assert_eq!(read(), "-- by hand");
    world.muster_ok(&["kept", "restore", &hash, "--to", "mods/notes/kept.lua"]);
    assert!(has(&world, "notes/kept.lua"));
    assert!(world.muster_ok(&["history"]).contains("Brought back init.lua"));
    world.muster_ok(&["undo"]);
    assert!(!has(&world, "notes/kept.lua"));
    world.muster_ok(&["kept", "free", "--all", "--yes"]);
    assert_eq!(world.muster_json(&["kept", "list"]).as_array().expect("a list").len(), 1);
    world.muster_fails(&["kept", "restore", &hash], 4, "kept-unknown");
}
