//! How ripe releases have to be: of one package, of the whole profile; kept with it, undone with it.

use muster_suite::{Mod, Registry, World};

const LAMP: &str = "tester/lamp";
const TIDE: &str = "tester/tide";

fn world() -> (World, Registry) {
    let world = World::new();
    let mods = [Mod::new(LAMP, "1.0.0"), Mod::new(LAMP, "1.1.0-beta.1"), Mod::new(TIDE, "1.0.0")];
    let registry = Registry::with(&world.path().join("made"), &mods);
    world.add_registry(&registry, None);
    world.muster_ok(&["install", LAMP, TIDE, "--yes"]);
    (world, registry)
}

fn version(world: &World, id: &str) -> String {
    let list = world.muster_json(&["list"]);
    let entries = list["entries"].as_array().expect("a list");
    let entry = entries.iter().find(|entry| entry["id"] == id).expect("installed");
    entry["version"].as_str().expect("a version").to_owned()
}

#[test]
fn a_package_follows_betas_until_it_is_told_otherwise() {
    let (mut world, registry) = world();
    assert_eq!(version(&world, LAMP), "1.0.0", "nobody asked for betas");
    assert_eq!(world.profile().updates, 0);
    world.muster_ok(&["channel", "beta", LAMP, "--yes"]);
    assert_eq!(version(&world, LAMP), "1.1.0-beta.1");
    assert!(world.muster_ok(&["list"]).contains("also betas"));

    // Kept over a restart; other packages stay with what is finished.
    world.muster_ok(&["stop"]);
    world.start();
    registry.publish(&[Mod::new(LAMP, "1.1.0-beta.2"), Mod::new(TIDE, "1.1.0-beta.1")]);
    world.muster_ok(&["source", "sync"]);
    assert!(world.muster_ok(&["outdated"]).contains("1.1.0-beta.2"));
    world.muster_ok(&["update", "--yes"]);
    assert_eq!((version(&world, LAMP), version(&world, TIDE)), ("1.1.0-beta.2".into(), "1.0.0".into()));

    // Nobody is taken back to something older; what is finished comes when it is newer.
    world.muster_ok(&["channel", "profile", LAMP, "--yes"]);
    assert_eq!(version(&world, LAMP), "1.1.0-beta.2");
    assert!(!world.muster_ok(&["list"]).contains("betas"));
    registry.publish(&[Mod::new(LAMP, "1.1.0"), Mod::new(LAMP, "1.2.0-beta.1")]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(version(&world, LAMP), "1.1.0");
}

#[test]
fn a_profile_has_a_channel_and_an_undo_takes_the_choice_back() {
    let (world, registry) = world();
    registry.publish(&[Mod::new(TIDE, "1.1.0-beta.1")]);
    world.muster_ok(&["source", "sync"]);
    let placed = world.placed();
    world.muster_ok(&["channel", "beta"]);
    assert_eq!(world.placed(), placed, "no file moves");
    assert!(world.muster_ok(&["history"]).contains("how ripe"));
    assert_eq!(world.profile().updates, 2);
    world.muster_ok(&["undo"]);
    assert_eq!(world.profile().updates, 0, "the choice is taken back");
    world.muster_ok(&["channel", "beta"]);
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(
        (version(&world, LAMP), version(&world, TIDE)),
        ("1.1.0-beta.1".into(), "1.1.0-beta.1".into())
    );
    world.muster_ok(&["undo"]);
    assert_eq!(
        (version(&world, LAMP), world.profile().updates),
        ("1.0.0".into(), 2),
        "the choice was made before"
    );
    world.muster_fails(&["channel", "profile"], 2, "cli-channel-of-what");
    world.muster_fails(&["channel", "beta", "tester/nothing"], 4, "package-not-installed");
}

#[test]
fn an_install_may_ask_for_betas_at_once() {
    let world = World::new();
    let mods = [
        Mod::new(LAMP, "1.0.0").needs(TIDE),
        Mod::new(LAMP, "2.0.0-beta.1").needs(TIDE),
        Mod::new(TIDE, "1.0.0"),
        Mod::new(TIDE, "2.0.0-beta.1"),
    ];
    let registry = Registry::with(&world.path().join("made"), &mods);
    world.add_registry(&registry, None);
    world.muster_ok(&["install", LAMP, "--channel", "beta", "--yes"]);
    assert_eq!(
        (version(&world, LAMP), version(&world, TIDE)),
        ("2.0.0-beta.1".into(), "1.0.0".into()),
        "what is needed is not meant"
    );
}

#[test]
fn what_is_chosen_is_remembered_where_no_package_moves() {
    let world = World::new();
    let mods = [Mod::new(LAMP, "1.0.0").needs(TIDE), Mod::new(TIDE, "1.0.0")];
    let registry = Registry::with(&world.path().join("made"), &mods);
    world.add_registry(&registry, None);
    world.muster_ok(&["install", LAMP, "--yes"]);
    world.muster_ok(&["remove", LAMP]);
    assert_eq!(world.profile().on, 0, "what was only needed goes along");
    world.muster_ok(&["install", LAMP, "--yes"]);
    // Nobody is asked about a change of nothing: there is no terminal here that could answer.
    let said = world.muster_ok(&["install", LAMP, "--channel", "beta"]);
    assert!(said.is_empty(), "no package is listed: {said}");
    world.muster_ok(&["install", TIDE]);
    assert!(world.muster_json(&["install", TIDE]).is_null(), "the second time there is nothing to remember");
    registry.publish(&[Mod::new(LAMP, "1.1.0-beta.1").needs(TIDE), Mod::new(TIDE, "1.1.0-beta.1")]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["update", "--yes"]);
    assert_eq!((version(&world, LAMP), version(&world, TIDE)), ("1.1.0-beta.1".into(), "1.0.0".into()));
    world.muster_ok(&["remove", LAMP]);
    assert_eq!(version(&world, TIDE), "1.0.0", "what was asked for stays");
    world.muster_ok(&["undo"]);
    assert_eq!(world.profile().on, 2);
}
