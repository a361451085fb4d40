//! T-72 and T-73: a service that is killed, or whose disk fails, at any system call of a verb leaves exactly the old or
//! exactly the new state, and carries on what was asked for.
//!
//! `tests/run` tries some points of each verb. The long form tries every n-th call, against release programs if wished:
//!
//!     MUSTER_CRASH_EVERY=10 MUSTER_TEST_PROGRAMS=target/release cargo test -p muster-suite --test it crash_calls:: -- --nocapture

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{fs, time::Instant};

use muster_suite::crash::{Scene, Tally, Verb, chosen};

fn struck_everywhere(verb: Verb) {
    let mut scene = Scene::new();
    let file = scene.world.mods().join("alpha/init.lua");
    let Some(calls) = scene.count(verb) else { return };
    let points = chosen(verb, |group| calls.most(group));
    let (mut tally, began) = (Tally::default(), Instant::now());
    for point in &points {
        let Some(struck) = scene.strike(point) else { return };
        let is_new = scene.judge(point, &struck);
        tally.count(point.fault, struck.hit(), is_new);
    }
    println!("{verb:?}: {} points in {} s{tally}", points.len(), began.elapsed().as_secs());
    assert!(tally.hits(true) >= 1, "no kill had an effect: {tally}");
    assert!(tally.hits(false) >= 1, "no failing call had an effect: {tally}");

    // Whatever happened: the original game is one step away.
    scene.prepare(Verb::Vanilla);
    scene.world.muster_ok(&["vanilla"]);
    assert_eq!(scene.world.placed(), scene.original);
    assert_eq!(fs::read_to_string(file).expect("the player's"), "-- of the player");
}

#[test]
fn an_install_is_done_or_not() {
    struck_everywhere(Verb::Install);
}

#[test]
fn an_update_is_done_or_not() {
    struck_everywhere(Verb::Update);
}

#[test]
fn a_removal_is_done_or_not() {
    struck_everywhere(Verb::Remove);
}

#[test]
fn a_switch_is_done_or_not() {
    struck_everywhere(Verb::Switch);
}

#[test]
fn an_undo_is_done_or_not() {
    struck_everywhere(Verb::Undo);
}

#[test]
fn the_way_back_to_the_original_game_is_gone_or_not() {
    struck_everywhere(Verb::Vanilla);
}
