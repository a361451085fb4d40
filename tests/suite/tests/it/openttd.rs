//! OpenTTD itself says which sets and scripts it loads.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{collections::BTreeSet, path::Path};

use muster_suite::{Files, Mod, Registry, World, content, files};
use serde_json::Value;

const PROGRAM: &str = "/usr/games/openttd";
/// The game needs pictures to start at all.
const BASESET: &str = "/usr/share/games/openttd/baseset/opengfx";

fn world() -> Option<World> {
    if !Path::new(PROGRAM).is_file() || !Path::new(BASESET).is_dir() {
        eprintln!("skipped: OpenTTD with OpenGFX is not installed");
        return None;
    }
    Some(World::with_programs(&[PROGRAM]))
}

fn data(world: &World) -> Files {
    files(&world.player().join(".local/share/openttd"))
}

fn names(list: &Value) -> BTreeSet<&str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

fn hills(version: &str) -> Mod {
    let set = content::newgrf(*b"MU\x00\x01", &format!("Hill Trains {version}"));
    Mod::of_game("openttd", "tester/hill-trains", version).file("hills.grf", set)
}

fn registry(world: &World) -> Registry {
    Registry::with(
        world.path(),
        &[
            hills("1.0.0"),
            content::ai_library("tester/roads", "1.0.0", "RoadFinder"),
            content::ai("tester/patient", "1.0.0", "PatientAI", "RoadFinder").needs("tester/roads"),
            content::ai("tester/lonely", "1.0.0", "LonelyAI", "NowhereLib"),
            content::game_script("tester/cities", "1.0.0", "CityGrowth"),
        ],
    )
}

#[test]
fn the_game_loads_sets_and_scripts_with_their_libraries() {
    let Some(world) = world() else { return };
    let registry = registry(&world);
    world.add_registry(&registry, None);
    let shown = world.muster_json(&["game", "show", "openttd"]);
    assert!(shown["installations"][0]["version"].is_string(), "{shown}");
    world.muster_ok(&["install", "tester/hill-trains", "tester/patient", "tester/cities", "--yes"]);
    let placed = data(&world);
    for file in [
        "newgrf/hill-trains/hills.grf",
        "ai/PatientAI/main.nut",
        "ai/library/RoadFinder/library.nut",
        "game/CityGrowth/info.nut",
    ] {
        assert!(placed.contains_key(file), "{file}: {:?}", placed.keys());
    }

    let report = world.muster_json(&["launch", "--prove"]);
    let expected = BTreeSet::from(["hill-trains/hills.grf", "PatientAI", "RoadFinder", "CityGrowth"]);
    assert_eq!(names(&report["loaded"]), expected, "{report}");
    assert_eq!(report["not_loaded"], Value::Array(vec![]));
    assert_eq!(report["errors"], Value::Array(vec![]));
    let evidence = names(&report["evidence"]);
    assert!(evidence.iter().any(|line| line.contains("Hill Trains 1.0.0")), "{evidence:?}");
    assert_eq!(data(&world), placed, "a proof changes nothing");

    // An update of one, proved by the title that only the new set has.
    registry.publish(&[hills("1.1.0")]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["update", "--yes"]);
    let report = world.muster_json(&["launch", "--prove"]);
    assert!(names(&report["evidence"]).iter().any(|line| line.contains("Hill Trains 1.1.0")), "{report}");

    world.muster_ok(&["undo"]);
    assert_eq!(data(&world), placed, "undone to the byte");
    let report = world.muster_json(&["launch", "--prove"]);
    assert!(names(&report["evidence"]).iter().any(|line| line.contains("Hill Trains 1.0.0")), "{report}");

    // The original game, and the profile back.
    let proof = world.muster_json(&["vanilla"]);
    assert_eq!(proof["original"], true, "{proof}");
    assert!(data(&world).keys().all(|path| path.ends_with('/')), "{:?}", data(&world).keys());
    world.muster_ok(&["undo"]);
    assert_eq!(data(&world), placed);

    world.muster_ok(&["remove", "tester/hill-trains", "tester/patient", "tester/cities"]);
    let left = data(&world);
    assert!(
        left.keys().all(|path| path.ends_with('/')),
        "nothing but the places themselves is left: {left:?}"
    );
}

#[test]
fn a_player_without_its_library_is_told_in_the_games_own_words() {
    let Some(world) = world() else { return };
    world.add_registry(&registry(&world), None);
    world.muster_ok(&["install", "tester/lonely", "--yes"]);
    let run = world.muster(&["launch", "--prove"]);
    assert_eq!(run.exit, 1, "{run:?}");
    assert!(run.out.contains("couldn't find library 'util.NowhereLib'"), "{run:?}");
}

#[test]
fn a_set_that_is_none_is_not_taken_as_loaded() {
    let Some(world) = world() else { return };
    let broken =
        Mod::of_game("openttd", "tester/broken", "1.0.0").file("broken.grf", b"no set at all".to_vec());
    world.add_registry(&Registry::with(world.path(), &[broken]), None);
    world.muster_ok(&["install", "tester/broken", "--yes"]);
    let run = world.muster(&["launch", "--prove", "--json"]);
    assert_eq!(run.exit, 1, "{run:?}");
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(names(&report["not_loaded"]), BTreeSet::from(["broken/broken.grf"]), "{report}");
}
