//! What goes well with what is installed: shown with the plan, taken only where the player says so.

use muster_suite::{Mod, Registry, World};

const LAMP: &str = "tester/lamp";

fn world() -> World {
    let world = World::new();
    let mods = [
        Mod::new(LAMP, "1.0.0")
            .related("recommends", "tester/oil")
            .related("recommends", "tester/storm")
            .related("suggests", "tester/tide"),
        Mod::new("tester/oil", "1.0.0").related("recommends", "tester/barrel"),
        Mod::new("tester/barrel", "1.0.0").needs("tester/wood"),
        Mod::new("tester/wood", "1.0.0"),
        // Fits by its own word; what it needs does not.
        Mod::new("tester/storm", "1.0.0").needs("tester/wind"),
        Mod::new("tester/wind", "1.0.0").related("conflicts", LAMP),
        Mod::new("tester/tide", "1.0.0"),
    ];
    let registry = Registry::with(&world.path().join("made"), &mods);
    world.add_registry(&registry, None);
    world
}

fn installed(world: &World) -> Vec<String> {
    let list = world.muster_json(&["list"]);
    let entries = list["entries"].as_array().expect("a list");
    let mut ids: Vec<String> =
        entries.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect();
    ids.sort();
    ids
}

#[test]
fn a_plan_says_what_goes_well_with_it_and_an_install_leaves_that_alone() {
    let world = world();
    let plan = world.muster_json(&["install", LAMP, "--dry-run"]);
    let offers = plan["offers"].as_array().expect("offers");
    let told: Vec<(&str, &str)> = offers
        .iter()
        .map(|offer| {
            let strength = offer["strength"].as_str().expect("a word");
            (strength, offer["options"][0]["id"].as_str().expect("an id"))
        })
        .collect();
    let expected =
        [("recommended", "tester/oil"), ("recommended", "tester/storm"), ("suggested", "tester/tide")];
    assert_eq!(told, expected);
    assert_eq!(offers[0]["wanted_by"][0], "lamp");
    let shown = world.muster(&["install", LAMP, "--dry-run"]);
    assert!(shown.err.contains("--recommended): tester/oil, tester/storm."), "{shown:?}");
    assert!(shown.err.contains("May be of interest: tester/tide."), "{shown:?}");
    assert!(world.muster_json(&["list"])["entries"].as_array().is_none_or(Vec::is_empty));
    world.muster_ok(&["install", LAMP, "--yes"]);
    assert_eq!(installed(&world), [LAMP]);
}

#[test]
fn what_is_recommended_comes_along_as_far_as_it_fits_and_stays_when_its_advocate_goes() {
    let world = world();
    let done = world.muster(&["install", LAMP, "--recommended", "--yes"]);
    assert_eq!(done.exit, 0, "{done:?}");
    assert!(done.err.contains("does not fit with the rest: tester/storm."), "{done:?}");
    assert_eq!(installed(&world), ["tester/barrel", LAMP, "tester/oil", "tester/wood"]);
    // They were chosen, not needed: they do not go with it.
    world.muster_ok(&["remove", LAMP]);
    assert_eq!(installed(&world), ["tester/barrel", "tester/oil", "tester/wood"]);
    world.muster_ok(&["undo"]);
    assert_eq!(installed(&world).len(), 4);
}
