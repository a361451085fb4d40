//! The game's own server says what it loads.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::collections::BTreeSet;

use muster_suite::{World, minetest_server};
use serde_json::Value;

const LANTERNS: &str = "lantern-works/glow-lanterns";

fn world() -> Option<World> {
    if minetest_server().is_none() {
        eprintln!("skipped: no Minetest server is installed");
        return None;
    }
    let world = World::new();
    world.add_starter();
    Some(world)
}

fn names(list: &Value) -> BTreeSet<&str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

/// Show 1.
#[test]
fn the_server_loads_the_mod_and_what_it_needs() {
    let Some(world) = world() else { return };
    world.muster_ok(&["install", LANTERNS, "--yes"]);
    let before = world.placed();
    let report = world.muster_json(&["launch", "--prove"]);
    assert_eq!(names(&report["loaded"]), BTreeSet::from(["glow_lanterns", "lamplib"]), "{report}");
    assert_eq!(report["not_loaded"], Value::Array(vec![]));
    let evidence = names(&report["evidence"]);
    for name in ["glow_lanterns", "lamplib"] {
        assert!(evidence.iter().any(|line| line.contains(&format!("\"{name}\" loaded"))), "{evidence:?}");
    }
    let said = world.muster_ok(&["launch", "--prove"]);
    assert!(said.contains("glow_lanterns") && said.contains("lamplib"), "{said}");
    assert_eq!(world.placed(), before, "a proof changes nothing");
    assert!(!world.player().join(".minetest/worlds").exists(), "a proof makes no world of the player's");
}

#[test]
fn a_need_that_is_switched_off_makes_the_proof_fail() {
    let Some(world) = world() else { return };
    world.muster_ok(&["install", LANTERNS, "--yes"]);
    let disabled = world.muster(&["disable", "lantern-works/lamplib"]);
    assert_eq!(disabled.exit, 0, "{disabled:?}");
    let list = world.muster_json(&["list"]);
    assert_eq!(list["problems"], 1, "the profile says so before the game does: {list}");
    let run = world.muster(&["launch", "--prove", "--json"]);
    assert_eq!(run.exit, 1, "{run:?}");
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    assert!(names(&report["not_loaded"]).contains("glow_lanterns"), "{report}");
    world.muster_ok(&["enable", "lantern-works/lamplib"]);
    assert_eq!(world.muster(&["launch", "--prove"]).exit, 0);
}

#[test]
fn a_mod_with_an_error_is_told_with_the_games_own_words() {
    let Some(world) = world() else { return };
    world.muster_ok(&["install", LANTERNS, "--yes"]);
    let file = world.mods().join("glow_lanterns/init.lua");
    std::fs::remove_file(&file).expect("was placed");
    std::fs::write(&file, "error('broken on purpose')").expect("a file");
    let run = world.muster(&["launch", "--prove"]);
    assert_eq!(run.exit, 1, "{run:?}");
    assert!(run.out.contains("broken on purpose"), "{run:?}");
}
