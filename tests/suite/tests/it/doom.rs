//! dsda-doom itself says which files it loads, and in which order.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::path::Path;

use muster_suite::{Files, Mod, Registry, World, content, files, minetest_server};
use serde_json::Value;

const PROGRAM: &str = "/usr/games/dsda-doom";
const GAME: &str = "/usr/share/games/doom/freedoom2.wad";

fn world() -> Option<World> {
    if !Path::new(PROGRAM).is_file() || !Path::new(GAME).is_file() {
        eprintln!("skipped: dsda-doom with Freedoom is not installed");
        return None;
    }
    Some(World::with_programs(&[PROGRAM]))
}

fn data(world: &World) -> Files {
    files(&world.player().join(".local/share/dsda-doom"))
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

fn wad(id: &str, version: &str, file: &str) -> Mod {
    Mod::of_game("doom", id, version).file(file, content::pwad(&[("MUSTER", version.as_bytes())]))
}

const PATCH: &[u8] = b"Patch File for DeHackEd v3.0\nDoom version = 19\nPatch format = 6\n\n\
    Thing 1 (Player)\nHit points = 90\n";

#[test]
fn the_game_loads_wads_and_patches_in_the_profiles_order() {
    let Some(world) = world() else { return };
    let registry = Registry::with(
        world.path(),
        &[
            // By name alone the maps would come first.
            wad("tester/a-maps", "1.0.0", "maps.wad").needs("tester/textures"),
            wad("tester/textures", "1.0.0", "textures.wad").file("tough.deh", PATCH.to_vec()),
        ],
    );
    world.add_registry(&registry, None);
    let shown = world.muster_json(&["game", "show", "doom"]);
    assert!(shown["installations"][0]["version"].is_string(), "{shown}");
    world.muster_ok(&["install", "tester/a-maps", "--yes"]);
    let placed = data(&world);
    let report = world.muster_json(&["launch", "--prove"]);
    assert_eq!(names(&report["loaded"]), ["textures.wad", "maps.wad", "tough.deh"], "{report}");
    assert_eq!(report["errors"], Value::Array(vec![]));
    assert_eq!(report["not_loaded"], Value::Array(vec![]));
    assert!(names(&report["command"]).contains(&"-file"), "{report}");
    assert_eq!(data(&world), placed, "a proof changes nothing");
    assert!(!world.player().join(".dsda-doom").exists(), "nor does it make folders of the player's");

    registry.publish(&[wad("tester/a-maps", "1.1.0", "new-maps.wad").needs("tester/textures")]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["update", "--yes"]);
    let report = world.muster_json(&["launch", "--prove"]);
    assert_eq!(names(&report["loaded"]), ["textures.wad", "new-maps.wad", "tough.deh"], "{report}");

    world.muster_ok(&["undo"]);
    assert_eq!(data(&world), placed, "undone to the byte");
    assert_eq!(
        names(&world.muster_json(&["launch", "--prove"])["loaded"]),
        ["textures.wad", "maps.wad", "tough.deh"]
    );
    let proof = world.muster_json(&["vanilla"]);
    assert_eq!(proof["original"], true, "{proof}");
    assert!(data(&world).keys().all(|path| path.ends_with('/')), "{:?}", data(&world).keys());
    world.muster_ok(&["undo"]);
    assert_eq!(data(&world), placed, "the profile is back");

    world.muster_ok(&["remove", "tester/a-maps"]);
    assert!(data(&world).keys().all(|path| path == "wads/"), "nothing but the place itself is left");
}

#[test]
fn a_file_that_is_no_wad_makes_the_proof_fail() {
    let Some(world) = world() else { return };
    let broken = Mod::of_game("doom", "tester/broken", "1.0.0").file("broken.wad", b"nothing".to_vec());
    world.add_registry(&Registry::with(world.path(), &[broken]), None);
    world.muster_ok(&["install", "tester/broken", "--yes"]);
    let run = world.muster(&["launch", "--prove"]);
    assert_eq!(run.exit, 1, "{run:?}");
    assert!(run.out.contains("I_Read"), "{run:?}");
}

#[test]
fn the_players_order_and_the_authors_wishes_reach_the_game() {
    let Some(world) = world() else { return };
    let wads = [
        wad("tester/aa-late", "1.0.0", "late.wad").after("tester/zz-early"),
        wad("tester/mm", "1.0.0", "middle.wad"),
        wad("tester/zz-early", "1.0.0", "early.wad"),
    ];
    world.add_registry(&Registry::with(world.path(), &wads), None);
    world.muster_ok(&["install", "tester/aa-late", "tester/mm", "tester/zz-early", "--yes"]);
    let loaded = || world.muster_json(&["launch", "--prove"])["loaded"].clone();
    assert_eq!(names(&loaded()), ["early.wad", "late.wad", "middle.wad"]);
    world.muster_ok(&["order", "tester/mm", "tester/aa-late"]);
    assert_eq!(names(&loaded()), ["middle.wad", "early.wad", "late.wad"]);
    world.muster_ok(&["disable", "tester/mm"]);
    assert_eq!(names(&loaded()), ["early.wad", "late.wad"]);
    world.muster_ok(&["enable", "tester/mm"]);
    assert_eq!(names(&loaded()), ["middle.wad", "early.wad", "late.wad"], "its place is kept");
}

#[test]
fn a_package_goes_to_a_profile_of_its_game_where_none_is_named() {
    let (Some(_), Some(server)) = (world(), minetest_server()) else { return };
    let world = World::with_programs(&[PROGRAM, server.to_str().expect("a path")]);
    let mods = [wad("tester/maps", "1.0.0", "maps.wad"), Mod::new("tester/lamps", "1.0.0")];
    world.add_registry(&Registry::with(world.path(), &mods), None);
    world.muster_ok(&["install", "tester/maps", "--yes"]);
    world.muster_ok(&["install", "tester/lamps", "--yes"]);
    assert!(data(&world).contains_key("wads/maps/maps.wad"));
    assert!(world.placed().contains_key("lamps/init.lua"));
    let listed = |game: &str| world.muster_ok(&["list", "--profile", game]);
    assert!(listed("doom").contains("tester/maps") && listed("minetest").contains("tester/lamps"));
}
