//! From an empty home to mods in the game's folder and back, with the terminal program alone.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{collections::BTreeSet, fs, path::Path};

use muster_suite::{Files, World, files, root};
use serde_json::Value;

const LANTERNS: &str = "lantern-works/glow-lanterns";

/// What the source of a starter package puts into the mods folder.
fn source(package: &str) -> Files {
    files(&root().join("installer/starter/packages").join(package).join("files"))
}

fn together(packages: &[&str]) -> Files {
    packages.iter().flat_map(|package| source(package)).collect()
}

fn world() -> World {
    let world = World::new();
    world.add_starter();
    world
}

fn names(list: &Value, key: &str) -> BTreeSet<String> {
    let entries = list.as_array().expect("a list").iter();
    entries.map(|entry| entry[key].as_str().expect("text").to_owned()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_mod_comes_with_what_it_needs_exactly_as_packed() {
    let world = world();
    let found = world.muster_json(&["search", "lanterns"]);
    assert!(names(&found["rows"], "id").contains(LANTERNS));
    let shown = world.muster_json(&["show", LANTERNS]);
    assert_eq!(shown["version"], "1.1.1");
    assert_eq!(shown["needs"][0]["any_of"][0]["id"], "lantern-works/lamplib");

    world.muster_ok(&["install", LANTERNS, "--yes"]);
    assert_eq!(
        world.placed(),
        together(&["lantern-works/glow-lanterns/1.1.1", "lantern-works/lamplib/1.1.0"])
    );

    let list = world.muster_json(&["list"]);
    let entry = |id: &str| {
        let entries = list["entries"].as_array().expect("entries");
        entries.iter().find(|entry| entry["id"] == id).cloned().unwrap_or_else(|| panic!("{id} in {list}"))
    };
    assert_eq!((&entry(LANTERNS)["wished"], &entry(LANTERNS)["enabled"]), (&true.into(), &true.into()));
    assert_eq!(entry("lantern-works/lamplib")["wished"], false);
    assert_eq!(entry("lantern-works/lamplib")["needed_by"][0], "Glow Lanterns");

    let report = world.muster_json(&["verify"]);
    let count = world.placed().keys().filter(|path| !path.ends_with('/')).count();
    assert_eq!(report["intact"], count);
}

#[test]
fn verify_names_a_changed_and_a_missing_file_and_fails() {
    let world = world();
    world.muster_ok(&["install", LANTERNS, "--yes"]);
    fs::remove_file(world.mods().join("lamplib/init.lua")).expect("was placed");
    let changed = world.mods().join("glow_lanterns/init.lua");
    fs::remove_file(&changed).expect("was placed");
    fs::write(&changed, "-- mine now").expect("a file");
    let run = world.muster(&["verify", "--json"]);
    assert_eq!(run.exit, 1, "{run:?}");
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(names(&report["missing"], "path"), set(&["lamplib/init.lua"]));
    assert_eq!(names(&report["changed"], "path"), set(&["glow_lanterns/init.lua"]));
    assert_eq!(world.muster(&["verify"]).exit, 1);
}

#[test]
fn removing_takes_along_what_only_it_needed() {
    let world = world();
    world.muster_ok(&["install", LANTERNS, "--yes"]);
    world.muster_ok(&["remove", LANTERNS]);
    assert_eq!(world.placed(), Files::new());
    assert_eq!(world.muster_json(&["list"])["entries"], Value::Array(vec![]));
    assert_eq!(world.muster_json(&["verify"])["intact"], 0);
}

/// `docs/ARCHITECTURE.md`, invariant 9.
#[test]
fn files_of_the_player_are_kept_and_come_back() {
    let world = world();
    let put = |path: &str, text: &str| {
        let path = world.mods().join(path);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    put("my_own_mod/init.lua", "-- of the player");
    put("glow_lanterns/notes.txt", "of the player, in the mod's folder");
    put("glow_lanterns/init.lua", "-- of the player, where the mod's file goes");
    let before = world.placed();

    world.muster_ok(&["install", LANTERNS, "--yes"]);
    let mut expected = before.clone();
    expected.extend(together(&["lantern-works/glow-lanterns/1.1.1", "lantern-works/lamplib/1.1.0"]));
    assert_eq!(world.placed(), expected);

    world.muster_ok(&["remove", LANTERNS]);
    assert_eq!(world.placed(), before);
}

#[test]
fn an_update_changes_what_changed_and_undo_brings_the_old_version_back() {
    let world = world();
    world.muster_ok(&["install", "lantern-works/glow-lanterns@1.0.0", "--yes"]);
    let old = world.placed();
    assert!(old.keys().all(|path| !path.contains("festival")));
    let plan = world.muster_json(&["update", LANTERNS, "--dry-run"]);
    let item = plan["items"].as_array().expect("items").iter().find(|item| item["id"] == LANTERNS);
    let item = item.expect("the mod changes");
    assert_eq!(
        (&item["action"], &item["from"], &item["to"]),
        (&"change".into(), &"1.0.0".into(), &"1.1.1".into())
    );

    world.muster_ok(&["update", "--yes"]);
    assert_eq!(
        world.placed(),
        together(&["lantern-works/glow-lanterns/1.1.1", "lantern-works/lamplib/1.1.0"])
    );

    world.muster_ok(&["undo"]);
    assert_eq!(world.placed(), old);
    let history = world.muster_json(&["history"]);
    let causes: Vec<_> =
        history.as_array().expect("a list").iter().map(|step| &step["cause"]["code"]).collect();
    assert_eq!(causes, ["undo", "update", "install", "created"]);
    assert_eq!(history[0]["current"], true);
    assert!(!world.muster_ok(&["history"]).contains("cause-"), "every cause has a sentence");
}

#[test]
fn undo_goes_one_step_back_and_can_be_undone() {
    let world = world();
    world.muster_ok(&["install", "saltmere/tides", "--yes"]);
    let first = world.placed();
    world.muster_ok(&["install", "saltmere/driftwood", "--yes"]);
    let second = world.placed();
    world.muster_ok(&["undo"]);
    assert_eq!(world.placed(), first);
    world.muster_ok(&["undo"]);
    assert_eq!(world.placed(), second, "what undoes can be undone");
}

#[test]
fn where_nothing_was_done_there_is_nothing_to_undo() {
    let world = world();
    world.muster_fails(&["undo"], 4, "undo-nothing");
    assert!(!world.mods().exists());
}

#[test]
fn a_collection_brings_its_members() {
    let world = world();
    world.muster_ok(&["install", "lantern-works/evening-harbour", "--yes"]);
    let listed = names(&world.muster_json(&["list"])["entries"], "id");
    for member in [
        "lantern-works/glow-lanterns",
        "lantern-works/harbour-festival",
        "saltmere/tides",
        "saltmere/driftwood",
    ] {
        assert!(listed.contains(member), "{member} in {listed:?}");
    }
    for folder in ["glow_lanterns", "harbour_festival", "tides", "driftwood", "lamplib"] {
        assert!(world.mods().join(folder).join("init.lua").is_file(), "{folder}");
    }
    world.muster_ok(&["remove", "lantern-works/evening-harbour"]);
    assert_eq!(world.placed(), Files::new());
}

#[test]
fn a_chain_of_ten_needs_is_placed_as_one_step() {
    let world = world();
    world.muster_ok(&["install", "cogsworth/clock-tower", "--yes"]);
    let folders = world
        .placed()
        .keys()
        .filter(|path| path.starts_with("clockwork_") && path.ends_with("/init.lua"))
        .count();
    assert_eq!(folders, 11);
    assert_eq!(world.muster_json(&["history"]).as_array().map(Vec::len), Some(2));
    world.muster_ok(&["undo"]);
    assert_eq!(world.placed(), Files::new());
}

#[test]
fn a_conflict_is_refused_and_both_sides_are_named() {
    let world = world();
    world.muster_ok(&["install", "saltmere/guttering-torches", "--yes"]);
    let (placed, lock) = (world.placed(), world.muster_ok(&["profile", "lock"]));
    let run =
        world.muster_fails(&["install", "lantern-works/eternal-torches", "--yes"], 5, "resolution-failed");
    for name in ["lantern-works/eternal-torches", "saltmere/guttering-torches"] {
        assert!(run.err.contains(name), "{run:?}");
    }
    assert_eq!((world.placed(), world.muster_ok(&["profile", "lock"])), (placed, lock));
}

#[test]
fn a_dry_run_changes_nothing() {
    let world = world();
    let lock = world.muster_ok(&["profile", "lock"]);
    for arguments in [&["install", LANTERNS, "--dry-run"][..], &["install", LANTERNS, "--dry-run", "--json"]]
    {
        let out = world.muster_ok(arguments);
        assert!(out.contains("lantern-works/lamplib"), "{out}");
    }
    assert!(!world.mods().exists());
    assert_eq!(world.muster_ok(&["profile", "lock"]), lock);
    world.muster_ok(&["install", LANTERNS, "--yes"]);
    let (placed, lock) = (world.placed(), world.muster_ok(&["profile", "lock"]));
    world.muster_ok(&["remove", LANTERNS, "--dry-run"]);
    assert_eq!((world.placed(), world.muster_ok(&["profile", "lock"])), (placed, lock));
    assert_eq!(world.muster_json(&["history"]).as_array().map(Vec::len), Some(2));
}

#[test]
fn without_consent_nothing_is_installed() {
    let world = world();
    world.muster_fails(&["install", LANTERNS], 2, "cli-needs-yes");
    assert!(!world.mods().exists());
}

#[test]
fn a_package_is_switched_off_and_on() {
    let world = world();
    world.muster_ok(&["install", LANTERNS, "saltmere/tides", "--yes"]);
    let all = world.placed();
    world.muster_ok(&["disable", "saltmere/tides"]);
    assert!(world.placed().keys().all(|path| !path.starts_with("tides")));
    let list = world.muster_json(&["list"]);
    assert_eq!((&list["on"], &list["off"]), (&2.into(), &1.into()));
    world.muster_ok(&["enable", "saltmere/tides"]);
    assert_eq!(world.placed(), all);
}

#[test]
fn two_machines_that_want_the_same_have_the_same_lock() {
    let locks = [&[LANTERNS, "saltmere/tides"][..], &["saltmere/tides", LANTERNS]].map(|wishes| {
        let world = world();
        // Not in one step on the second machine, and not in the same order.
        if wishes[0] == LANTERNS {
            world.muster_ok(&["install", wishes[0], wishes[1], "--yes"]);
        } else {
            for wish in wishes {
                world.muster_ok(&["install", wish, "--yes"]);
            }
        }
        world.muster_ok(&["profile", "lock"])
    });
    assert!(locks[0].contains("saltmere/tides"));
    assert_eq!(locks[0], locks[1]);
}

#[test]
fn everything_speaks_json() {
    let world = world();
    for arguments in [
        &["status"][..],
        &["search", "lantern"],
        &["show", LANTERNS],
        &["install", LANTERNS, "--yes"],
        &["list"],
        &["verify"],
        &["history"],
        &["disable", LANTERNS],
        &["enable", LANTERNS],
        &["update", "--yes"],
        &["undo"],
        &["remove", LANTERNS],
        &["profile", "list"],
        &["source", "list"],
        &["source", "sync"],
        &["queue"],
        &["seed"],
        &["seed", "free", "--all", "--dry-run"],
        &["peers"],
        &["settings"],
        &["settings", "upload-limit=2000000"],
        &["games"],
    ] {
        let mut all = arguments.to_vec();
        all.push("--json");
        let run = world.muster(&all);
        assert_eq!(run.exit, 0, "{run:?}");
        assert!(serde_json::from_str::<Value>(&run.out).is_ok(), "{run:?}");
        assert_eq!(run.err, "", "{arguments:?}");
    }
    assert_eq!(world.muster_json(&["settings"])["upload_limit"], 2_000_000);
}

/// `service/cli/src/main.rs`
#[test]
fn exit_codes_are_as_documented() {
    let world = world();
    world.muster_fails(&["show", "nobody/nothing"], 4, "package-unknown");
    world.muster_fails(&["install", "nobody/nothing", "--yes"], 4, "package-unknown");
    world.muster_fails(&["remove", LANTERNS], 4, "package-not-installed");
    world.muster_fails(&["list", "--profile", "no-such"], 4, "profile-unknown");
    world.muster_fails(&["source", "sync", "no-such"], 4, "source-unknown");
    world.muster_fails(&["settings", "download-limit=7"], 1, "engine-invalid-setting");
    assert_eq!(world.muster(&["no-such-verb"]).exit, 2);
    world.muster_ok(&["stop"]);
    assert!(!world.socket().exists());
    world.muster_fails(&["status"], 3, "service-unreachable");
}

#[test]
fn sentences_come_in_the_language_of_the_environment() {
    let world = world();
    let said = |language: &str| {
        let mut command = world.command(&muster_suite::muster());
        let output =
            command.env("LANG", language).args(["show", "nobody/nothing"]).output().expect("muster runs");
        String::from_utf8(output.stderr).expect("text")
    };
    let (english, german) = (said("C.UTF-8"), said("de_DE.UTF-8"));
    assert_ne!(english, german);
    assert!(english.contains("nobody/nothing") && german.contains("nobody/nothing"), "{english}{german}");
}

#[test]
fn a_second_profile_takes_turns_in_the_same_folder() {
    let world = world();
    world.muster_ok(&["install", LANTERNS, "--yes"]);
    let first = world.muster_json(&["profile", "list"])[0]["name"].as_str().expect("a name").to_owned();
    let lanterns = world.placed();
    world.muster_ok(&["profile", "create", "Calm", "--game", "minetest"]);
    world.muster_ok(&["install", "saltmere/tides", "--yes", "--profile", "Calm"]);
    assert_eq!(world.placed(), lanterns, "a profile that is not active is not placed");
    world.muster_ok(&["profile", "activate", "Calm"]);
    assert_eq!(world.placed(), source("saltmere/tides/0.4.0"));
    world.muster_ok(&["profile", "activate", &first]);
    assert_eq!(world.placed(), lanterns);
}

#[test]
fn a_cache_that_is_gone_costs_time_and_no_profile() {
    let mut world = world();
    world.muster_ok(&["install", LANTERNS, "--yes"]);
    let placed = world.placed();
    world.muster_ok(&["stop"]);
    fs::remove_dir_all(world.places().cache).expect("a cache");
    world.start();
    assert_eq!(world.muster_json(&["verify"])["missing"], Value::Array(vec![]));
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["install", "saltmere/tides", "--yes"]);
    world.muster_ok(&["remove", "saltmere/tides"]);
    assert_eq!(world.placed(), placed);
}

#[test]
fn a_link_is_followed_after_consent() {
    let world = world();
    world.muster_fails(&["open", "muster://package/starter/saltmere/tides"], 2, "cli-needs-yes");
    assert!(!world.mods().exists());
    world.muster_ok(&["open", "muster://package/starter/saltmere/tides", "--yes"]);
    assert!(world.mods().join("tides/init.lua").is_file());
    let before = world.placed();
    for link in [
        "muster://package/elsewhere/saltmere/tides",
        "muster://package/starter/nobody/nothing",
        "https://x.example/",
    ] {
        let run = world.muster(&["open", link, "--yes"]);
        assert_ne!(run.exit, 0, "{link}");
        assert!(run.err.starts_with("muster: "), "{run:?}");
    }
    assert_eq!(world.placed(), before);
}

#[test]
fn packing_the_same_folder_gives_the_same_bytes() {
    let world = World::new();
    let from = root().join("installer/starter/packages/saltmere/tides/0.4.0");
    let pack = |out: &Path| {
        let words =
            ["pack", from.to_str().expect("a path"), "--output", out.to_str().expect("a path"), "--json"];
        let packed: Value = serde_json::from_str(&world.muster_ok(&words)).expect("JSON");
        let file = packed["file"].as_str().expect("a file").to_owned();
        (fs::read(&file).expect("a file"), packed["sha256"].clone(), file)
    };
    let (first, second) = (pack(&world.path().join("a")), pack(&world.path().join("b")));
    assert_eq!((&first.0, &first.1), (&second.0, &second.1));
    let inspected = world.muster_json(&["inspect", &first.2]);
    assert_eq!(inspected["sha256"], first.1);
    assert_eq!(world.muster_json(&["verify", &first.2])["good"], true);
}
