//! Profiles of r2modman and Gale for a game with BepInEx, taken over with the terminal program alone: game and profiles
//! are made here in the layout of the real ones.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use muster_suite::{World, files};
use serde_json::Value;

const GAME: &[(&str, &str)] = &[
    ("Lethal Company.exe", "the game"),
    ("Lethal Company_Data/globalgamemanagers", "its data"),
    ("BepInEx/plugins/mine.dll", "put there by hand"),
];

const CREW: &[(&str, &str)] = &[
    (
        "mods.yml",
        "- name: BepInEx-BepInExPack\n  displayName: BepInExPack\n  versionNumber: {major: 5, minor: 4, patch: 2100}\n\
         - name: Ada-Lantern\n  displayName: Lantern\n  versionNumber: {major: 1, minor: 2, patch: 3}\n  enabled: true\n",
    ),
    ("winhttp.dll", "doorstop"),
    ("doorstop_config.ini", "enabled = true\n"),
    ("BepInEx/core/BepInEx.dll", "loader"),
    ("BepInEx/core/0Harmony.dll", "harmony"),
    ("BepInEx/config/ada.lantern.cfg", "glow = 7\n"),
    ("BepInEx/plugins/Ada-Lantern/Lantern.dll", "lantern"),
    ("BepInEx/plugins/Ada-Lantern/manifest.json", "{\"name\": \"Lantern\"}"),
];

fn put(folder: &Path, list: &[(&str, &str)]) {
    for (path, text) in list {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// The game in a folder of its own, and the other managers' folders in the player's home.
fn world() -> (World, PathBuf) {
    let world = World::with_programs(&[]);
    let game = world.path().join("Lethal Company");
    put(&game, GAME);
    put(&world.player().join(".config/r2modmanPlus-local/LethalCompany/profiles/Crew"), CREW);
    let folder = game.to_str().expect("a path");
    world.muster_ok(&["profile", "create", "first", "--game", "lethal-company", "--folder", folder]);
    (world, game)
}

/// Gale's database as Gale makes it, with a log beside it that is not written back yet.
fn gale(world: &World) -> PathBuf {
    let base = world.player().join(".local/share/com.kesomannen.gale");
    let profile = base.join("lethal-company/profiles/Night");
    put(
        &profile,
        &[("BepInEx/plugins/Bo-Boots/Boots.dll", "boots"), ("BepInEx/plugins/Bo-Boots/icon.png", "png")],
    );
    let script = "import os, sqlite3, sys\n\
        db = sqlite3.connect(sys.argv[1])\n\
        db.execute('PRAGMA journal_mode = WAL')\n\
        db.execute('CREATE TABLE profiles (id INTEGER PRIMARY KEY, name TEXT, path TEXT, game_slug TEXT, mods JSON, layout JSON)')\n\
        mods = '[{\"enabled\": true, \"installTime\": \"2026-01-01T00:00:00Z\", \"fullName\": \"Bo-Boots-2.0.0\"}]'\n\
        db.execute('INSERT INTO profiles VALUES (1, ?, ?, ?, ?, NULL)', ('Night', sys.argv[2], 'lethal-company', mods))\n\
        db.commit()\n\
        os._exit(0)\n";
    let made =
        Command::new("python3").args(["-c", script]).arg(base.join("data.sqlite3")).arg(&profile).status();
    assert!(made.expect("python3 runs").success());
    assert!(fs::metadata(base.join("data.sqlite3-wal")).expect("a log").len() > 0);
    profile
}

#[test]
fn a_profile_of_r2modman_is_found_taken_over_and_given_back() {
    let (world, game) = world();
    let theirs = world.player().join(".config/r2modmanPlus-local");
    let (game_before, theirs_before) = (files(&game), files(&theirs));
    let found = world.muster_json(&["adopt", "--found"]);
    let crew = &found[0];
    assert_eq!(
        (&crew["manager"], &crew["name"], &crew["mods"]),
        (&"r2modman".into(), &"Crew".into(), &2.into())
    );
    assert_eq!((&crew["game"], &crew["game_found"]), (&"lethal-company".into(), &true.into()), "{crew}");
    let path = crew["path"].as_str().expect("a path");

    let plan = world.muster_json(&["adopt", path, "--profile", "first", "--dry-run"]);
    assert_eq!(plan["copied"], Value::Bool(true));
    let titles: Vec<&str> = plan["adopted"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|found| found["title"].as_str())
        .collect();
    assert_eq!(titles.len(), 3, "{plan}");
    assert_eq!(files(&game), game_before, "a preview changes nothing");

    world.muster_ok(&["adopt", path, "--profile", "first", "--yes"]);
    for (below, text) in CREW.iter().filter(|(below, _)| *below != "mods.yml") {
        assert_eq!(fs::read_to_string(game.join(below)).ok().as_deref(), Some(*text), "{below}");
    }
    assert_eq!(
        fs::read_to_string(game.join("BepInEx/plugins/mine.dll")).expect("there"),
        "put there by hand"
    );
    assert_eq!(files(&theirs), theirs_before, "the other program's folder is as it was");
    let verified = world.muster_json(&["verify"]);
    assert_eq!((&verified["intact"], &verified["changed"]), (&7.into(), &Value::Array(vec![])), "{verified}");

    world.muster_ok(&["undo"]);
    assert_eq!(files(&game), game_before, "every byte and time as before");
    assert_eq!(files(&theirs), theirs_before);
}

#[test]
fn a_profile_of_gale_is_read_from_a_copy_of_its_database() {
    let (world, game) = world();
    let profile = gale(&world);
    let theirs = world.player().join(".local/share/com.kesomannen.gale");
    let before = files(&theirs);
    let found = world.muster_json(&["adopt", "--found"]);
    let night =
        found.as_array().expect("a list").iter().find(|one| one["manager"] == "gale").expect("Gale's");
    assert_eq!(
        (&night["name"], &night["mods"]),
        (&"Night".into(), &1.into()),
        "read with what its log holds"
    );
    world.muster_ok(&["adopt", profile.to_str().expect("a path"), "--profile", "first", "--yes"]);
    assert_eq!(fs::read_to_string(game.join("BepInEx/plugins/Bo-Boots/Boots.dll")).expect("placed"), "boots");
    assert_eq!(files(&theirs), before, "nothing was written beside a database of a program that may run");
}
