//! A mods folder that a player filled by hand, taken over with the terminal program alone.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{collections::BTreeSet, fs};

use muster_suite::{World, files, minetest_server};
use serde_json::Value;

/// Mods as players have them: one with a description, a pack of two, one of before descriptions, and a note.
const FOLDER: &[(&str, &str)] = &[
    ("glow/mod.conf", "name = glow\ntitle = Glow\ndescription = Lights.\nversion = 1.4\n"),
    ("glow/init.lua", "minetest.log('action', 'glow is here')\n"),
    ("glow/textures/glow.png", "not really a picture"),
    ("pack/modpack.conf", "name = pack\n"),
    ("pack/one/mod.conf", "name = one\n"),
    ("pack/one/init.lua", "-- one\n"),
    ("pack/two/mod.conf", "name = two\ndepends = one\n"),
    ("pack/two/init.lua", "-- two\n"),
    ("old/init.lua", "-- from another time\n"),
    ("note to self.txt", "buy milk"),
];

fn world() -> World {
    let world = World::new();
    for (path, text) in FOLDER {
        let path = world.mods().join(path);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    world
}

fn names(list: &Value, field: &str) -> BTreeSet<String> {
    let entries = list.as_array().expect("a list").iter();
    entries.map(|entry| entry[field].as_str().expect("text").to_owned()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_mods_folder_is_taken_over_where_it_lies_and_given_back() {
    if minetest_server().is_none() {
        eprintln!("skipped: no Minetest server is installed");
        return;
    }
    let world = world();
    let before = files(&world.mods());
    let plan = world.muster_json(&["adopt", "--dry-run"]);
    assert_eq!(names(&plan["adopted"], "name"), set(&["glow", "pack"]), "{plan}");
    assert_eq!(names(&plan["yours"], "name"), set(&["old", "note to self.txt"]), "{plan}");
    assert_eq!(world.muster_json(&["list"])["entries"], Value::Array(vec![]), "a preview changes nothing");
    assert!(!world.muster(&["adopt"]).out.is_empty(), "it says what it would do before it asks");

    world.muster_ok(&["adopt", "--yes"]);
    assert_eq!(files(&world.mods()), before, "nothing was moved, changed or deleted");
    let verified = world.muster_json(&["verify"]);
    assert_eq!(verified["intact"], 8, "{verified}");
    let report = world.muster_json(&["launch", "--prove"]);
    assert_eq!(report["not_loaded"], Value::Array(vec![]), "{report}");
    let loaded: BTreeSet<String> = report["loaded"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect();
    assert_eq!(loaded, set(&["glow", "one", "two"]));

    world.muster_ok(&["undo"]);
    assert_eq!(files(&world.mods()), before);
    world.muster_ok(&["adopt", &world.mods().join("glow").to_string_lossy(), "--yes"]);
    world.muster_ok(&["remove", "local/glow"]);
    assert!(!world.mods().join("glow/init.lua").exists(), "a removed mod is not loaded any more");
    world.muster_ok(&["undo"]);
    assert_eq!(files(&world.mods()), before, "undo gives its files back");
    world.muster_ok(&["remove", "local/glow"]);
    world.muster_ok(&["vanilla"]);
    assert_eq!(files(&world.mods()), before);
    world.muster_fails(&["adopt", &world.path().join("nowhere").to_string_lossy()], 4, "adopt-no-mod-folder");
}
