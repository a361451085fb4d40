//! Every change of the disk fails or is the last one, in turn: afterwards the state is the old or the new one.

use std::io::ErrorKind;

use muster_games::OwnText;

use super::support::{Contents, World, contents};
use crate::{
    Choices, DeployError, Deployment, Desired, DesiredEdit, Key, Recovery,
    faults::{Fault, Faults},
};

/// A game with files of its own, one package in it, and the next state: update, displace, remove, restore, edit.
fn prepared() -> (World, Desired) {
    let world = World::new();
    world.write("mods/core/init.lua", "core");
    world.write("mods/lamps/old.lua", "original of old");
    world.write("mods/lamps/init.lua", "original of init");
    world.write("worlds/home/world.mt", "gameid = x\n");
    let one =
        world.package("lamps", &[("lamps/init.lua", "v1"), ("lamps/old.lua", "v1"), ("lamps/gone/x", "v1")]);
    let mut deployment = world.open();
    world.write("mods/load/order.txt", "the game's own");
    let first = ordered(world.desired_in_world(&[one], &["lamps"]), "lamps");
    world.apply(&mut deployment, &first).expect("applies");
    world.write("mods/load/new/other.txt", "written by hand");
    let two =
        world.package("lamps", &[("lamps/init.lua", "v2"), ("lamps/new/deep/y", "v2"), ("!lamps/conf", "c")]);
    let other = world.package("other", &[("core/init.lua", "displaces"), ("other/init.lua", "o")]);
    let next = ordered(world.desired_in_world(&[two, other], &["lamps", "other"]), "lamps other");
    (world, next)
}

/// With two files that hold a load order: one that was there before, one that brings its folder.
fn ordered(mut desired: Desired, text: &str) -> Desired {
    for path in ["load/order.txt", "load/new/other.txt"] {
        let lines = OwnText::whole(text.to_owned());
        let edit = DesiredEdit { place: "mods".into(), path: path.parse().expect("a path"), lines };
        desired.edits.insert(Key::new(&edit.place, &edit.path), edit);
    }
    desired
}

fn only_files(mut tree: Contents) -> Contents {
    tree.retain(|_, content| content.is_some());
    tree
}

fn run(
    deployment: &mut Deployment,
    world: &World,
    next: &Desired,
    at: u64,
    fault: Fault,
    once: bool,
) -> Result<(), DeployError> {
    let plan = deployment.plan(next, &Choices::default()).expect("plans");
    deployment.faults = Faults { at: Some((at, fault, once)), ..Faults::default() };
    let result = world.apply_plan(deployment, &plan).map(|_| ());
    // Whatever failed: what may be remembered is what the journal says.
    if deployment.may_leave() && deployment.journal.books(deployment.applied().clone()).is_some() {
        world.assert_books(deployment.applied());
    }
    if deployment.faults.passed < at {
        assert!(result.is_ok(), "{result:?}");
    }
    result
}

fn number_of_changes(next: impl Fn() -> (World, Desired)) -> (u64, Contents) {
    let (world, desired) = next();
    let mut deployment = world.open();
    run(&mut deployment, &world, &desired, u64::MAX, Fault::Kill, false).expect("applies");
    world.assert_tidy(&deployment);
    (deployment.faults.passed, contents(&world.look()))
}

fn removal() -> (World, Desired) {
    let (world, next) = prepared();
    let mut deployment = world.open();
    world.apply(&mut deployment, &next).expect("applies");
    drop(deployment);
    (world, Desired::default())
}

/// Two profiles that share a package, the first one placed; the second is next.
fn switch() -> (World, Desired) {
    let world = World::new();
    world.write("mods/core/init.lua", "core");
    world.write("worlds/home/world.mt", "gameid = x\n");
    let shared = || world.package("lamps", &[("lamps/init.lua", "v1"), ("!lamps/conf", "c")]);
    let first = world.package("first", &[("core/init.lua", "first"), ("first/a", "a")]);
    let second = world.package("second", &[("core/init.lua", "second"), ("second/deep/b", "b")]);
    let mut deployment = world.open();
    let before = world.desired_in_world(&[shared(), first], &["lamps", "first"]);
    world.apply(&mut deployment, &before).expect("applies");
    let next = world.desired_in_world(&[shared(), second], &["lamps", "second"]);
    (world, next)
}

/// An update was made, and goes back.
fn undo() -> (World, Desired) {
    let (world, next) = prepared();
    let mut deployment = world.open();
    world.apply(&mut deployment, &next).expect("applies");
    drop(deployment);
    let one =
        world.package("lamps", &[("lamps/init.lua", "v1"), ("lamps/old.lua", "v1"), ("lamps/gone/x", "v1")]);
    let before = world.desired_in_world(&[one], &["lamps"]);
    (world, before)
}

/// The game wrote into a linked file of a package that goes.
#[cfg(unix)]
fn written() -> (World, Desired) {
    let (world, next) = switch();
    super::written::write_in_place(&world.path("mods/first/a"), "written by the game");
    (world, next)
}

/// Files of the player's come back, one in place of another one, and one goes.
fn brought() -> (World, Desired) {
    let (world, mut next) = switch();
    world.write("mods/mine/x", "older");
    let mut deployment = world.open();
    let bring = |path: &str, version: Option<crate::Version>| {
        let (place, path) = ("mods".to_owned(), path.parse().expect("a path"));
        let file = crate::Brought { place, path, version, room: crate::Room::Any };
        (Key::new(&file.place, &file.path), file)
    };
    let mut first = world.desired_in_world(&[], &[]);
    first.brought.extend([bring("mine/x", None)]);
    let plan = deployment.plan(&first, &Choices::default()).expect("plans");
    // Only the player's file is set aside; the packages stay.
    let plan = crate::Plan {
        steps: plan.steps.into_iter().filter(|step| step.at == "mine/x").collect(),
        rmdirs: Vec::new(),
        ..plan
    };
    world.apply_plan(&mut deployment, &plan).expect("applies");
    let kept = deployment.kept().expect("lists").pop().expect("set aside");
    let version = crate::Version {
        source: crate::Source::Held(kept.held),
        sha256: kept.sha256,
        size: kept.metadata.size,
    };
    world.write("mods/mine/y", "in the way");
    world.write("mods/mine/z", "goes");
    next.brought.extend([
        bring("mine/x", Some(version.clone())),
        bring("mine/y", Some(version.clone())),
        bring("mine/new/deep/x", Some(version)),
        bring("mine/z", None),
    ]);
    (world, next)
}

/// Files that were adopted wait, and come back while others go.
fn waiting() -> (World, Desired) {
    let world = World::new();
    world.write("mods/lamps/init.lua", "v1");
    world.write("mods/lamps/deep/x", "v1");
    world.write("mods/lamps/deep/y", "v1");
    world.write("mods/tide/init.lua", "v1");
    let files = &[("lamps/init.lua", "v1"), ("lamps/deep/x", "v1"), ("lamps/deep/y", "v1")];
    let lamps = || world.package("lamps", files);
    let tide = world.package("tide", &[("tide/init.lua", "v1")]);
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[lamps(), tide])).expect("applies");
    let hiding = Choices { release: crate::Release::Of(Default::default()), ..Choices::default() };
    let plan = deployment.plan(&Desired::default(), &hiding).expect("plans");
    world.apply_plan(&mut deployment, &plan).expect("applies");
    let newer = world.package("tide", &[("tide/init.lua", "v2")]);
    let next = world.desired(&[lamps(), newer]);
    drop(deployment);
    (world, next)
}

/// Nothing was ever placed: what is there has to be written down first.
fn first_of_all() -> (World, Desired) {
    let world = World::new();
    world.write("mods/core/init.lua", "core");
    world.write("worlds/home/world.mt", "gameid = x\n");
    let one = world.package("lamps", &[("core/init.lua", "displaces"), ("lamps/deep/x", "v1")]);
    let next = world.desired_in_world(&[one], &["lamps"]);
    (world, next)
}

/// Whether the journal speaks of a change that is not committed.
#[allow(clippy::disallowed_methods)]
/// The folders of the places are not there yet.
fn nowhere() -> (World, Desired) {
    let world = World::new();
    std::fs::remove_dir_all(world.root.join("game")).expect("removes");
    let files = &[("lamps/init.lua", "v1"), ("lamps/deep/x", "v1"), ("tide/y", "v1"), ("!lamps/conf", "c")];
    let next = world.desired(&[world.package("lamps", files)]);
    (world, next)
}

/// They were made, and go.
fn to_nowhere() -> (World, Desired) {
    let (world, next) = nowhere();
    let mut deployment = world.open();
    world.apply(&mut deployment, &next).expect("applies");
    drop(deployment);
    (world, Desired::default())
}

fn is_begun(world: &World) -> bool {
    let journal = std::fs::read(world.root.join("state/journal")).expect("a journal");
    crate::journal::read(&journal).expect("reads").begun.is_some()
}

fn killed_everywhere(scenario: impl Fn() -> (World, Desired)) {
    let (changes, after) = number_of_changes(&scenario);
    assert!(changes > 15, "{changes}");
    for at in 1..=changes {
        let (world, next) = scenario();
        let before = world.look();
        let mut deployment = world.open();
        let result = run(&mut deployment, &world, &next, at, Fault::Kill, false);
        let is_before_commit = matches!(result, Err(DeployError::Killed));
        drop(deployment);
        let has_begun = is_begun(&world);
        let (deployment, recovery) = world.try_open().expect("recovers");
        match is_before_commit {
            true => assert_eq!(world.look(), before, "killed at {at}"),
            false => assert_eq!(contents(&world.look()), after, "killed at {at}"),
        }
        // What was there is written down before the journal says anything.
        assert_eq!(recovery == Recovery::Clean, is_before_commit && !has_begun, "{at}: {recovery:?}");
        world.assert_tidy(&deployment);
        drop(deployment);
        let (mut deployment, recovery) = world.try_open().expect("opens");
        assert_eq!(recovery, Recovery::Clean, "killed at {at}");
        world.apply(&mut deployment, &next).expect("goes on");
        assert_eq!(contents(&world.look()), after, "killed at {at}");
        assert!(deployment.verify().expect("verifies").is_clean());
    }
}

/// T-72
#[test]
fn killed_at_every_change_of_an_update() {
    killed_everywhere(prepared);
}

/// T-72
#[test]
fn killed_at_every_change_of_a_removal() {
    killed_everywhere(removal);
}

/// T-72
#[test]
fn killed_at_every_change_of_a_switch() {
    killed_everywhere(switch);
}

/// T-72
#[test]
fn killed_at_every_change_of_an_undo() {
    killed_everywhere(undo);
}

/// T-72
#[cfg(unix)]
#[test]
fn killed_at_every_change_after_a_game_wrote_into_the_store() {
    killed_everywhere(written);
}

/// T-72
#[test]
fn killed_at_every_change_while_files_come_back() {
    killed_everywhere(brought);
}

/// T-72
#[test]
fn killed_at_every_change_while_what_was_adopted_comes_back() {
    killed_everywhere(waiting);
}

/// T-72
#[test]
fn killed_at_every_change_while_the_folders_of_places_come_and_go() {
    killed_everywhere(nowhere);
    killed_everywhere(to_nowhere);
}

/// T-72
#[test]
fn killed_at_every_change_of_a_first_deployment() {
    killed_everywhere(first_of_all);
}

/// T-72: whenever it was killed, the proof is what it is without a crash.
#[test]
fn killed_at_every_change_on_the_way_back_the_original_game_is_proved() {
    let (changes, _) = number_of_changes(removal);
    for at in 1..=changes {
        let (world, nothing) = removal();
        let mut deployment = world.open();
        let _ = run(&mut deployment, &world, &nothing, at, Fault::Kill, false);
        drop(deployment);
        let (mut deployment, _) = world.try_open().expect("recovers");
        world.undeploy(&mut deployment);
        let proof = deployment.prove().expect("reads").expect("written down");
        assert!(proof.is_original(), "killed at {at}: {proof:?}");
        assert_eq!((proof.equal.len(), proof.departed.len()), (5, 0), "killed at {at}: {proof:?}");
    }
}

/// T-73: one operation fails, those of the roll back work.
#[test]
fn an_error_at_every_change_leaves_the_old_or_the_new_state() {
    let (changes, after) = number_of_changes(prepared);
    for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
        for at in 1..=changes {
            let (world, next) = prepared();
            let before = world.look();
            let mut deployment = world.open();
            match run(&mut deployment, &world, &next, at, Fault::Fail(kind), true) {
                Err(error) => {
                    assert!(matches!(error, DeployError::File(_)), "{at}: {error:?}");
                    assert_eq!(world.look(), before, "failed at {at}");
                    world.assert_tidy(&deployment);
                }
                // What could not be cleaned up after the commit is cleaned up by the next change.
                Ok(()) => assert_eq!(only_files(contents(&world.look())), only_files(after.clone()), "{at}"),
            }
            deployment.faults = Faults::default();
            world.apply(&mut deployment, &next).expect("goes on");
            assert_eq!(contents(&world.look()), after, "failed at {at}");
        }
    }
}

/// T-73: from some operation on nothing works any more, not even the roll back; the next start finds a working disk.
#[test]
fn a_disk_that_stops_working_is_recovered_later() {
    let (changes, after) = number_of_changes(prepared);
    for at in 1..=changes {
        let (world, next) = prepared();
        let before = world.look();
        let mut deployment = world.open();
        let result = run(&mut deployment, &world, &next, at, Fault::Fail(ErrorKind::Other), false);
        let committed = result.is_ok();
        if is_begun(&world) && !committed {
            assert!(matches!(result, Err(DeployError::Unfinished { .. })), "{at}: {result:?}");
        }
        if at % 2 == 0 {
            drop(deployment);
            deployment = world.try_open().expect("recovers").0;
            match committed {
                true => assert_eq!(contents(&world.look()), after, "failed at {at}"),
                false => assert_eq!(world.look(), before, "failed at {at}"),
            }
            world.assert_tidy(&deployment);
        }
        // The same process goes on: what is unfinished is undone first.
        deployment.faults = Faults::default();
        if deployment.unfinished.is_some() {
            let stale = deployment.plan(&Desired::default(), &Choices::default()).expect("plans");
            let _ = world.apply_plan(&mut deployment, &stale);
        }
        world.apply(&mut deployment, &next).expect("goes on");
        assert_eq!(contents(&world.look()), after, "failed at {at}");
    }
}

/// Recovery itself is killed everywhere.
#[test]
fn a_killed_recovery_is_done_again() {
    let (changes, _) = number_of_changes(prepared);
    for at in (2..=changes).step_by(3) {
        let (world, next) = prepared();
        let before = world.look();
        let mut deployment = world.open();
        if run(&mut deployment, &world, &next, at, Fault::Kill, false).is_ok() {
            continue;
        }
        drop(deployment);
        let mut second = 1;
        loop {
            // As `open` does it, with a fault inside the roll back.
            let transaction = begun(&world);
            let Some((mut deployment, transaction)) = transaction else { break };
            deployment.faults.at = Some((second, Fault::Kill, false));
            if deployment.roll_back(&transaction).is_ok() {
                break;
            }
            second += 1;
        }
        let (deployment, _) = world.try_open().expect("recovers");
        assert_eq!(world.look(), before, "killed at {at}");
        world.assert_tidy(&deployment);
    }
}

/// A deployment whose recovery has not run yet.
fn begun(world: &World) -> Option<(Deployment, crate::record::Transaction)> {
    let state = muster_fsx::Dir::open_ambient(&world.root.join("state")).expect("state");
    let (_, contents) = crate::journal::Journal::open(&state).expect("journal");
    let transaction = contents.begun?;
    let deployment = Deployment::without_recovery(world.places(), &world.root.join("state")).expect("opens");
    Some((deployment, transaction))
}

/// The player writes between a crash and the next start: that is kept, and the rest is rolled back.
#[test]
fn what_is_written_after_a_crash_is_kept_aside() {
    let (changes, _) = number_of_changes(prepared);
    let mut kept = 0;
    for at in 2..=changes {
        let (world, next) = prepared();
        let before = world.look();
        let mut deployment = world.open();
        if run(&mut deployment, &world, &next, at, Fault::Kill, false).is_ok() {
            continue;
        }
        drop(deployment);
        let now = world.read("mods/core/init.lua");
        if now.as_deref() != Some("displaces") {
            continue;
        }
        world.write("mods/core/init.lua", "written after the crash");
        let (_deployment, _) = world.try_open().expect("recovers");
        assert_eq!(world.look(), before, "killed at {at}");
        let saved = super::support::look(&world.root.join("state/saved"));
        assert!(saved.values().flatten().any(|(content, ..)| content == b"written after the crash"));
        kept += 1;
    }
    assert!(kept > 0);
}
