//! The way back to the original game, and the proof of it.
#![allow(clippy::disallowed_methods)]

use std::fs;

use super::support::World;
use crate::{Departure, Proof};

fn spots(list: &[crate::Spot]) -> Vec<&str> {
    list.iter().map(|spot| spot.at.as_str()).collect()
}

fn departed(proof: &Proof) -> Vec<(&str, Departure)> {
    proof.departed.iter().map(|(spot, departure)| (spot.at.as_str(), *departure)).collect()
}

#[test]
fn what_was_there_is_written_down_before_the_first_write_and_proved_afterwards() {
    let world = World::new();
    world.write("mods/core/init.lua", "core");
    world.write("mods/core/other.lua", "other");
    world.write("mods/BepInEx/core.dll", "loader");
    world.write("worlds/home/world.mt", "gameid = x\n");
    let mut deployment = world.open();
    assert_eq!(deployment.prove().expect("reads"), None, "nothing was ever placed");
    let lamps = world.package("lamps", &[("core/init.lua", "displaces"), ("lamps/init.lua", "v1")]);
    let desired = world.desired_in_world(&[lamps], &["lamps"]);
    world.apply(&mut deployment, &desired).expect("applies");

    let during = deployment.prove().expect("reads").expect("written down");
    assert_eq!((during.ours, during.is_late, during.is_original()), (3, false, false));
    assert_eq!(spots(&during.unchanged), ["core/other.lua"]);
    assert_eq!(departed(&during), []);

    drop(deployment);
    let mut deployment = world.open();
    world.undeploy(&mut deployment);
    let after = deployment.prove().expect("reads").expect("written down");
    assert!(after.is_original());
    assert_eq!(spots(&after.equal), ["core/init.lua", "home/world.mt"]);
    assert_eq!(spots(&after.unchanged), ["core/other.lua"]);
    let modded: Vec<_> = after.modded.iter().map(|(spot, of)| (spot.at.as_str(), of.as_str())).collect();
    assert_eq!(modded, [("BepInEx/core.dll", "BepInEx")]);
}

#[test]
fn what_somebody_else_did_is_told_apart() {
    let world = World::new();
    for name in ["a", "b", "c", "d"] {
        world.write(&format!("mods/{name}"), name);
    }
    fs::create_dir(world.path("mods/empty")).expect("a folder");
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", &[("a", "ours"), ("lamps/x", "x")])]);
    world.apply(&mut deployment, &desired).expect("applies");
    world.write("mods/b", "B");
    fs::remove_file(world.path("mods/c")).expect("gone");
    fs::remove_dir(world.path("mods/empty")).expect("gone");
    world.write("mods/lamps/notes", "new");
    world.undeploy(&mut deployment);
    let proof = deployment.prove().expect("reads").expect("written down");
    assert_eq!(
        departed(&proof),
        [
            ("b", Departure::Changed),
            ("c", Departure::Gone),
            ("empty", Departure::Gone),
            ("lamps/notes", Departure::New),
        ]
    );
    assert_eq!((spots(&proof.equal), spots(&proof.unchanged)), (vec!["a"], vec!["d"]));
    assert!(!proof.is_original());
}

/// A folder in which an earlier version placed files is written down as it was, as far as that is known.
#[test]
fn a_late_beginning_says_so() {
    let world = World::new();
    world.write("mods/a", "original");
    let mut deployment = world.open();
    let one = world.desired(&[world.package("lamps", &[("a", "ours"), ("lamps/x", "x")])]);
    world.apply(&mut deployment, &one).expect("applies");
    drop(deployment);
    for name in ["baseline", "baseline-hashes"] {
        fs::remove_file(world.root.join("state").join(name)).expect("gone");
    }
    let mut deployment = world.open();
    let two = world.desired(&[world.package("lamps", &[("a", "ours"), ("lamps/y", "y")])]);
    world.apply(&mut deployment, &two).expect("applies");
    world.undeploy(&mut deployment);
    let proof = deployment.prove().expect("reads").expect("written down");
    assert_eq!((proof.is_late, spots(&proof.equal)), (true, vec!["a"]));
    assert!(proof.is_original());
}

#[test]
fn every_file_is_proved_by_its_bytes_where_that_was_asked_for() {
    let world = World::new();
    world.write("mods/a", "a");
    world.write("mods/b", "b");
    let mut deployment = world.open();
    assert_eq!(deployment.hash_originals(&|| false).expect("reads"), 2);
    assert_eq!(deployment.hash_originals(&|| false).expect("reads"), 0, "known already");
    let desired = world.desired(&[world.package("lamps", &[("a", "ours")])]);
    world.apply(&mut deployment, &desired).expect("applies");
    world.undeploy(&mut deployment);
    let proof = deployment.prove().expect("reads").expect("written down");
    assert_eq!((spots(&proof.equal), proof.unchanged.len()), (vec!["a", "b"], 0));
}

/// What was read before the first change counts only as long as it is true.
#[test]
fn a_hash_of_something_older_than_the_first_change_means_nothing() {
    let world = World::new();
    world.write("mods/a", "old");
    let mut deployment = world.open();
    deployment.hash_originals(&|| false).expect("reads");
    world.write("mods/a", "newer");
    let desired = world.desired(&[world.package("lamps", &[("lamps/x", "x")])]);
    world.apply(&mut deployment, &desired).expect("applies");
    world.undeploy(&mut deployment);
    let proof = deployment.prove().expect("reads").expect("written down");
    assert!(proof.is_original(), "{proof:?}");
    assert_eq!(spots(&proof.unchanged), ["a"]);
}
