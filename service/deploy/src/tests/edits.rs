//! Lines in a world's settings.
#![allow(clippy::disallowed_methods)]

use muster_games::OwnText;

use super::support::World;
use crate::{Choices, Desired, DesiredEdit, DriftKind, Key};

const WORLD: &str = "worlds/home/world.mt";

#[test]
fn the_world_comes_back_byte_for_byte() {
    let world = World::new();
    world.write(WORLD, "gameid = x\nload_mod_b = false");
    let before = world.look();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired_in_world(&[], &["a", "b"])).expect("applies");
    assert_eq!(world.read(WORLD).as_deref(), Some("gameid = x\nload_mod_b = true\nload_mod_a = true\n"));
    let again =
        deployment.plan(&world.desired_in_world(&[], &["a", "b"]), &Choices::default()).expect("plans");
    assert!(again.is_empty());
    world.apply(&mut deployment, &world.desired_in_world(&[], &["c"])).expect("applies");
    assert_eq!(world.read(WORLD).as_deref(), Some("gameid = x\nload_mod_b = false\nload_mod_c = true\n"));
    assert!(deployment.verify().expect("verifies").is_clean());
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
    world.assert_tidy(&deployment);
}

#[test]
fn changes_of_others_stay_and_only_our_lines_go() {
    let world = World::new();
    world.write(WORLD, "gameid = x\nload_mod_b = false\n");
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired_in_world(&[], &["a", "b"])).expect("applies");
    world.write(WORLD, "gameid = x\nload_mod_b = true\nload_mod_a = true\nbackend = sqlite3\n");
    world.apply(&mut deployment, &world.desired_in_world(&[], &["a", "b", "c"])).expect("applies");
    world.undeploy(&mut deployment);
    assert_eq!(world.read(WORLD).as_deref(), Some("gameid = x\nload_mod_b = false\nbackend = sqlite3\n"));
    assert!(deployment.applied().edits.is_empty());
}

#[test]
fn a_file_that_was_not_there_goes_again() {
    let world = World::new();
    let before = world.look();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired_in_world(&[], &["a"])).expect("applies");
    assert_eq!(world.read(WORLD).as_deref(), Some("load_mod_a = true\n"));
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
}

#[test]
fn a_world_that_is_gone_is_forgotten_and_a_missing_one_is_refused() {
    let world = World::new();
    world.write(WORLD, "gameid = x\n");
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired_in_world(&[], &["a"])).expect("applies");
    std::fs::remove_dir_all(world.path("worlds/home")).expect("removes");
    world.apply(&mut deployment, &Desired::default()).expect("forgets");
    assert!(deployment.applied().is_empty());
    assert!(world.apply(&mut deployment, &world.desired_in_world(&[], &["a"])).is_err());
    assert!(!world.path("worlds/home").exists());
}

#[test]
fn settings_that_nobody_can_read_are_refused() {
    let world = World::new();
    world.write(WORLD, "open = {\n");
    let mut deployment = world.open();
    assert!(world.apply(&mut deployment, &world.desired_in_world(&[], &["a"])).is_err());
    assert_eq!(world.read(WORLD).as_deref(), Some("open = {\n"));
}

const ORDER: &str = "mods/load/order.txt";

fn load_order(text: &str) -> Desired {
    let edit = DesiredEdit {
        place: "mods".into(),
        path: "load/order.txt".parse().expect("path"),
        lines: OwnText::whole(text.into()),
    };
    let edits = [(Key::new(&edit.place, &edit.path), edit)].into();
    Desired { edits, ..Desired::default() }
}

#[test]
fn a_file_of_our_own_brings_its_folder_and_goes_with_it() {
    let world = World::new();
    world.write("mods/x", "x");
    let before = world.look();
    let mut deployment = world.open();
    world.apply(&mut deployment, &load_order("a\nb\n")).expect("applies");
    assert_eq!(world.read(ORDER).as_deref(), Some("a\nb\n"));
    let again = deployment.plan(&load_order("a\nb\n"), &Choices::default()).expect("plans");
    assert!(again.is_empty(), "{again:?}");
    world.apply(&mut deployment, &load_order("b\na\n")).expect("applies");
    assert_eq!(world.read(ORDER).as_deref(), Some("b\na\n"));
    assert!(deployment.verify().expect("verifies").is_clean());
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
    world.assert_tidy(&deployment);
}

#[test]
fn a_load_order_that_was_there_before_comes_back() {
    let world = World::new();
    world.write(ORDER, "the game's own\n");
    let before = world.look();
    let mut deployment = world.open();
    world.apply(&mut deployment, &load_order("a\n")).expect("applies");
    world.apply(&mut deployment, &load_order("a\nb\n")).expect("applies");
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
}

#[test]
fn a_load_order_that_somebody_else_wrote_is_never_lost() {
    let world = World::new();
    world.write(ORDER, "the game's own\n");
    let mut deployment = world.open();
    world.apply(&mut deployment, &load_order("a\n")).expect("applies");
    world.write(ORDER, "written by hand\n");
    let plan = deployment.plan(&load_order("a\nb\n"), &Choices::default()).expect("plans");
    assert_eq!(plan.drift.len(), 1);
    assert_eq!(plan.drift[0].kind, DriftKind::Saved);
    world.apply(&mut deployment, &load_order("a\nb\n")).expect("applies");
    assert_eq!(world.read(ORDER).as_deref(), Some("a\nb\n"));
    assert_eq!(deployment.applied().saved.len(), 1);
    world.write(ORDER, "by hand again\n");
    world.undeploy(&mut deployment);
    assert_eq!(world.read(ORDER).as_deref(), Some("the game's own\n"));
    assert_eq!(deployment.applied().saved.len(), 2);
}
