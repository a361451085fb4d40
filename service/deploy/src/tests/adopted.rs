//! Files that lay there before Muster came, with the very bytes that a package brings.
#![allow(clippy::disallowed_methods)]

use std::{collections::BTreeSet, fs};

use super::support::{Files, World};
use crate::{Action, Aside, Choices, Deployment, Desired, DriftKind, FileState, Plan, Release};

const LAMPS: Files<'_> =
    &[("lamps/init.lua", "light"), ("lamps/textures/a.png", "png"), ("!lamps/conf", "x=1")];

/// A folder that the player unpacked by hand, long ago.
fn by_hand() -> World {
    let world = World::new();
    for (path, content) in LAMPS {
        world.write(&format!("mods/{}", path.trim_start_matches('!')), content);
    }
    world.write("mods/lamps/notes.txt", "mine");
    let file = fs::File::options().write(true).open(world.path("mods/lamps/init.lua")).expect("opens");
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000)).expect("time");
    world
}

#[test]
fn equal_files_are_taken_into_the_books_where_they_lie() {
    let world = by_hand();
    let before = world.look();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    // Not even the package is needed: nothing is put.
    fs::remove_dir_all(world.root.join("store")).expect("removes");
    let plan = world.apply(&mut deployment, &desired).expect("applies");
    assert_eq!(plan.summary.actions.keys().collect::<Vec<_>>(), [&Action::Adopt]);
    assert_eq!((plan.summary.actions[&Action::Adopt], plan.summary.put_bytes), (3, 0));
    assert_eq!(world.look(), before);
    assert_eq!(deployment.verify().expect("verifies").count(FileState::Equal), 3);

    drop(deployment);
    let mut deployment = world.open();
    assert!(deployment.plan(&desired, &Choices::default()).expect("plans").is_empty());
    let plan = world.undeploy(&mut deployment);
    assert_eq!(plan.summary.actions.keys().collect::<Vec<_>>(), [&Action::Forget]);
    assert_eq!(world.look(), before, "bytes, times and permissions");
    assert!(deployment.applied().is_empty());
    assert!(deployment.prove().expect("reads").expect("written down").is_original());
}

#[test]
fn a_new_version_takes_their_place_and_they_come_back() {
    let world = by_hand();
    let before = world.look();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    let newer = world.package("lamps", &[("lamps/init.lua", "brighter"), ("!lamps/conf", "x=1")]);
    let plan = world.apply(&mut deployment, &world.desired(&[newer])).expect("updates");
    assert_eq!(plan.summary.actions[&Action::Displace], 1);
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("brighter"));
    // What the new version no longer has is the player's.
    assert_eq!(world.read("mods/lamps/textures/a.png").as_deref(), Some("png"));
    world.assert_tidy(&deployment);
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
    world.assert_tidy(&deployment);
}

#[test]
fn what_the_player_does_to_an_adopted_file_stays() {
    let world = by_hand();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    world.apply(&mut deployment, &desired).expect("applies");
    world.write("mods/lamps/init.lua", "mine");
    let before = world.look();
    assert_eq!(deployment.find_changed(&|_, _| true).expect("looks").len(), 1);
    assert!(deployment.plan(&desired, &Choices::default()).expect("plans").is_empty());
    let plan = world.undeploy(&mut deployment);
    assert_eq!(plan.drift[0].kind, DriftKind::LeftBehind);
    assert_eq!(world.look(), before);
}

#[test]
fn an_adopted_file_that_was_lost_and_put_again_stays_and_is_the_players_to_edit() {
    let world = by_hand();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    world.apply(&mut deployment, &desired).expect("applies");
    fs::remove_file(world.path("mods/lamps/init.lua")).expect("gone");
    world.apply(&mut deployment, &desired).expect("repairs");
    let metadata = fs::metadata(world.path("mods/lamps/init.lua")).expect("is there");
    assert!(!metadata.permissions().readonly(), "never shares its bytes with the store");
    world.undeploy(&mut deployment);
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("light"));
}

#[test]
fn a_changed_file_that_makes_room_for_a_new_version_comes_back_as_it_was_last() {
    let world = by_hand();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    world.write("mods/lamps/init.lua", "mine");
    let before = world.look();
    let newer = world.desired(&[world.package("lamps", &[("lamps/init.lua", "brighter")])]);
    let choices = Choices { replace_all: true, ..Choices::default() };
    let plan = deployment.plan(&newer, &choices).expect("plans");
    world.apply_plan(&mut deployment, &plan).expect("applies");
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("brighter"));
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
}

/// As a change of a profile does it: what was adopted goes with its package.
fn change(world: &World, deployment: &mut Deployment, desired: &Desired) -> Plan {
    let choices = Choices { release: Release::Of(BTreeSet::new()), ..Choices::default() };
    let plan = deployment.plan(desired, &choices).expect("plans");
    world.apply_plan(deployment, &plan).expect("applies");
    world.assert_tidy(deployment);
    plan
}

#[test]
fn adopted_files_go_with_their_package_and_come_back_with_it() {
    let world = by_hand();
    let before = world.look();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    change(&world, &mut deployment, &desired);
    let plan = change(&world, &mut deployment, &Desired::default());
    assert_eq!(plan.summary.actions[&Action::Hide], 3);
    assert_eq!(world.read("mods/lamps/init.lua"), None, "the game does not load it any more");
    assert_eq!(world.read("mods/lamps/notes.txt").as_deref(), Some("mine"));
    let kept = deployment.kept().expect("lists");
    assert!(kept.len() == 3 && kept.iter().all(|kept| matches!(kept.why, Aside::Hidden(_))), "{kept:?}");
    let proof = deployment.prove().expect("reads").expect("written down");
    assert_eq!((proof.ours, proof.departed.len()), (3, 0), "taken away by Muster, not by somebody else");
    assert!(deployment.verify().expect("verifies").is_clean());

    drop(deployment);
    let mut deployment = world.open();
    let plan = change(&world, &mut deployment, &desired);
    assert_eq!(plan.summary.actions[&Action::Restore], 3);
    assert_eq!(world.look(), before, "the same files, with their times");
    assert!(deployment.applied().hidden.is_empty());
    change(&world, &mut deployment, &Desired::default());
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before, "the original game is what was there before");
    assert!(deployment.applied().is_empty());
    assert!(deployment.prove().expect("reads").expect("written down").is_original());
}

#[test]
fn what_an_update_displaced_of_an_adopted_mod_goes_with_the_package_too() {
    let world = by_hand();
    let before = world.look();
    let mut deployment = world.open();
    let old = world.desired(&[world.package("lamps", LAMPS)]);
    change(&world, &mut deployment, &old);
    let newer =
        world.desired(&[world.package("lamps", &[("lamps/init.lua", "brighter"), ("!lamps/conf", "x=1")])]);
    change(&world, &mut deployment, &newer);
    assert_eq!(world.read("mods/lamps/textures/a.png"), None, "the new version has none");
    change(&world, &mut deployment, &Desired::default());
    assert_eq!(world.read("mods/lamps/init.lua"), None, "neither version is loaded");
    // Back to the old version, by whichever way.
    change(&world, &mut deployment, &old);
    assert_eq!(world.look(), before);
    change(&world, &mut deployment, &newer);
    change(&world, &mut deployment, &Desired::default());
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
    world.assert_tidy(&deployment);
}

#[test]
fn what_somebody_puts_where_a_file_waits_is_treated_as_any_and_nothing_is_lost() {
    let world = by_hand();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    change(&world, &mut deployment, &desired);
    change(&world, &mut deployment, &Desired::default());
    world.write("mods/lamps/init.lua", "another");
    world.write("mods/lamps/textures/a.png", "png");
    let plan = change(&world, &mut deployment, &desired);
    assert_eq!(plan.summary.actions[&Action::Displace], 1);
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("light"));
    world.undeploy(&mut deployment);
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("another"));
    assert_eq!(world.read("mods/lamps/textures/a.png").as_deref(), Some("png"));
    let waiting = deployment.kept().expect("lists");
    let paths: Vec<&str> = waiting.iter().filter_map(|kept| Some(kept.spot.as_ref()?.at.as_str())).collect();
    assert!(paths.contains(&"lamps/init.lua"), "the first one can still be brought back: {paths:?}");
    world.assert_tidy(&deployment);
}

#[test]
fn a_release_is_for_the_packages_that_it_names() {
    let world = by_hand();
    let before = world.look();
    let mut deployment = world.open();
    let lamps = world.package("lamps", LAMPS);
    change(&world, &mut deployment, &world.desired(std::slice::from_ref(&lamps)));
    let choices = Choices { release: Release::Of([lamps.package.clone()].into()), ..Choices::default() };
    let plan = deployment.plan(&Desired::default(), &choices).expect("plans");
    world.apply_plan(&mut deployment, &plan).expect("applies");
    assert_eq!(world.look(), before, "it had not been there before, either");
    change(&world, &mut deployment, &world.desired(std::slice::from_ref(&lamps)));
    change(&world, &mut deployment, &Desired::default());
    let plan = deployment.plan(&Desired::default(), &choices).expect("plans");
    world.apply_plan(&mut deployment, &plan).expect("applies");
    assert_eq!(world.look(), before, "what waited is back");
}
