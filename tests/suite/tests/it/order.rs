//! In which order packages count, and who wins.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use muster_suite::{Mod, Registry, World, minetest_server};
use serde_json::Value;

/// A package with a mod of everybody's name.
fn lamps(id: &str) -> Mod {
    Mod::of_game("minetest", id, "1.0.0")
        .file("lamps/mod.conf", b"name = lamps\n".to_vec())
        .file("lamps/init.lua", format!("-- {id}\n").into_bytes())
}

fn world(mods: &[Mod]) -> Option<World> {
    if minetest_server().is_none() {
        eprintln!("skipped: no Minetest server is installed");
        return None;
    }
    let world = World::new();
    world.add_registry(&Registry::with(world.path(), mods), None);
    Some(world)
}

fn winner(world: &World) -> String {
    let text = std::fs::read_to_string(world.mods().join("lamps/init.lua")).expect("is placed");
    text.trim_start_matches("-- ").trim().to_owned()
}

fn order(world: &World) -> Vec<String> {
    let order = world.muster_json(&["order"]);
    let packages = order["packages"].as_array().expect("a list").iter();
    packages.map(|package| package["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn authors_wishes_and_the_players_order_decide_who_wins() {
    let mods = [
        lamps("tester/aa-patch").after("tester/mm-lamps"),
        lamps("tester/mm-lamps"),
        lamps("tester/zz-other"),
    ];
    let Some(world) = world(&mods) else { return };
    world.muster_ok(&["install", "tester/aa-patch", "tester/mm-lamps", "tester/zz-other", "--yes"]);
    assert_eq!(order(&world), ["tester/mm-lamps", "tester/aa-patch", "tester/zz-other"]);
    assert_eq!(winner(&world), "tester/zz-other");

    world.muster_ok(&["order", "tester/zz-other", "tester/mm-lamps"]);
    assert_eq!(order(&world), ["tester/zz-other", "tester/mm-lamps", "tester/aa-patch"]);
    assert_eq!(winner(&world), "tester/aa-patch");
    let table = world.muster_json(&["conflicts"]);
    assert_eq!(table["total"], 2, "{table}");
    let file = &table["files"][0];
    assert_eq!((&file["path"], &file["winner"]["id"]), (&"lamps/init.lua".into(), &"tester/aa-patch".into()));
    let why: Vec<&Value> =
        file["losers"].as_array().expect("a list").iter().map(|loser| &loser["why"]).collect();
    assert_eq!(why, ["win-order", "win-load-after"], "{file}");
    assert_eq!(table["files"][1]["losers"][0]["same_content"], true, "mod.conf is the same in all");
    let said = world.muster_ok(&["conflicts"]);
    assert!(said.contains("tester/aa-patch wins over tester/mm-lamps"), "{said}");

    world.muster_ok(&["undo"]);
    assert_eq!(winner(&world), "tester/zz-other", "an order is a state like every other");
    world.muster_ok(&["order", "tester/zz-other"]);
    world.muster_ok(&["order", "--clear"]);
    assert_eq!(winner(&world), "tester/zz-other");
    world.muster_fails(&["order", "tester/absent"], 4, "package-not-installed");
}

#[test]
fn wishes_that_contradict_each_other_are_told_and_do_no_harm() {
    let mods = [lamps("tester/aa").after("tester/bb"), lamps("tester/bb").after("tester/aa")];
    let Some(world) = world(&mods) else { return };
    world.muster_ok(&["install", "tester/aa", "tester/bb", "--yes"]);
    let told = world.muster_json(&["order"]);
    assert_eq!(told["cycles"][0].as_array().map(Vec::len), Some(2), "{told}");
    assert_eq!(told["cycles"][0][0]["reason"], "order-load-after");
    let said = world.muster_ok(&["order"]);
    assert!(said.contains("tester/aa asks to be loaded after tester/bb"), "{said}");
    assert!(["tester/aa", "tester/bb"].contains(&winner(&world).as_str()));
}
