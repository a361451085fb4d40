//! Putting, replacing, removing, and what is in the way.
#![allow(clippy::disallowed_methods)]

use std::fs;

use super::support::World;
use crate::{Action, Choices, DeployError, DriftKind, FileState, Key, Obstacle, Outcome, Watch};

const LAMPS: &[(&str, &str)] =
    &[("lamps/init.lua", "light"), ("lamps/textures/a.png", "png"), ("!lamps/conf", "x=1")];

#[test]
fn puts_files_and_takes_them_out_without_a_trace() {
    let world = World::new();
    world.write("mods/other/init.lua", "not ours");
    fs::create_dir(world.path("mods/empty")).expect("dir");
    let before = world.look();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    let plan = world.apply(&mut deployment, &desired).expect("applies");
    assert_eq!(plan.summary.actions[&Action::Add], 3);
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("light"));
    assert!(deployment.verify().expect("verifies").is_clean());
    world.assert_tidy(&deployment);

    let again = deployment.plan(&desired, &Choices::default()).expect("plans");
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(world.apply_plan(&mut deployment, &again).expect("applies"), Outcome::Unchanged);

    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
    assert!(deployment.applied().is_empty() && deployment.applied().dirs.is_empty());
}

#[test]
fn the_books_survive_reopening() {
    let world = World::new();
    world.write("mods/lamps/init.lua", "theirs");
    let before = world.look();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    let books = deployment.applied().clone();
    drop(deployment);
    let mut deployment = world.open();
    assert_eq!(*deployment.applied(), books);
    deployment.journal.rewrite(&books).expect("rewrites");
    drop(deployment);
    let mut deployment = world.open();
    assert_eq!(*deployment.applied(), books);
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
}

#[test]
fn displaced_files_come_back_with_time_and_permissions() {
    let world = World::new();
    world.write("mods/lamps/init.lua", "original");
    let file = fs::File::options().write(true).open(world.path("mods/lamps/init.lua")).expect("opens");
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000)).expect("time");
    drop(file);
    let before = world.look();
    let mut deployment = world.open();
    let plan =
        world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    assert_eq!(plan.summary.displaced, 1);
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("light"));
    let newer = world.package("lamps", &[("lamps/init.lua", "brighter")]);
    world.apply(&mut deployment, &world.desired(&[newer])).expect("updates");
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("brighter"));
    assert_eq!(world.read("mods/lamps/textures/a.png"), None);
    world.assert_tidy(&deployment);
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
}

/// T-76
#[test]
fn a_changed_file_is_kept_and_replaced_only_by_choice() {
    let world = World::new();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    world.write("mods/lamps/init.lua", "mine");
    let newer = world.desired(&[world.package("lamps", &[("lamps/init.lua", "brighter"), ("lamps/b", "b")])]);
    let plan = world.apply(&mut deployment, &newer).expect("applies");
    assert!(plan.drift.iter().any(|d| d.kind == DriftKind::ChangedAndOutdated && d.at == "lamps/init.lua"));
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("mine"));
    assert_eq!(world.read("mods/lamps/b").as_deref(), Some("b"));
    assert_eq!(deployment.verify().expect("verifies").count(FileState::Changed), 1);

    let key = Key::new("mods", &"lamps/init.lua".parse().expect("path"));
    let choices = Choices { replace: [key].into(), ..Choices::default() };
    let plan = deployment.plan(&newer, &choices).expect("plans");
    world.apply_plan(&mut deployment, &plan).expect("applies");
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("brighter"));
    let saved = &deployment.applied().saved[0];
    let saved = fs::read_to_string(world.root.join("state/saved").join(&saved.name)).expect("saved");
    assert_eq!(saved, "mine");
}

/// T-76: what was there before Muster comes back, and the player's version of ours is not lost.
#[test]
fn a_changed_file_over_an_original_is_saved_when_the_original_returns() {
    let world = World::new();
    world.write("mods/lamps/init.lua", "original");
    let before = world.look();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    world.write("mods/lamps/init.lua", "mine");
    let plan = world.undeploy(&mut deployment);
    assert_eq!(plan.drift[0].kind, DriftKind::Saved);
    assert_eq!(world.look(), before);
    assert_eq!(deployment.applied().saved.len(), 1);
    world.assert_tidy(&deployment);
}

#[test]
fn a_changed_file_of_a_removed_package_stays() {
    let world = World::new();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    world.write("mods/lamps/conf", "x=2");
    world.write("mods/lamps/notes.txt", "my notes");
    let plan = world.undeploy(&mut deployment);
    assert_eq!(plan.drift[0].kind, DriftKind::LeftBehind);
    assert_eq!(world.read("mods/lamps/conf").as_deref(), Some("x=2"));
    assert_eq!(world.read("mods/lamps/notes.txt").as_deref(), Some("my notes"));
    assert_eq!(world.read("mods/lamps/init.lua"), None);
    let plan =
        world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    assert!(plan.drift.iter().any(|d| d.kind == DriftKind::KeptConfig));
    assert_eq!(world.read("mods/lamps/conf").as_deref(), Some("x=2"));
}

#[test]
fn missing_files_are_put_again() {
    let world = World::new();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    world.apply(&mut deployment, &desired).expect("applies");
    fs::remove_dir_all(world.path("mods/lamps")).expect("removes");
    let plan = world.apply(&mut deployment, &desired).expect("applies");
    assert_eq!(plan.summary.actions[&Action::Repair], 3);
    assert!(deployment.verify().expect("verifies").is_clean());
}

/// T-79
#[test]
fn spellings_that_differ_by_case_are_one_file() {
    let world = World::new();
    world.write("mods/Data/foo.esp", "theirs");
    let before = world.look();
    let mut deployment = world.open();
    let package = world.package("case", &[("data/Foo.esp", "ours"), ("DATA/bar", "bar")]);
    world.apply(&mut deployment, &world.desired(&[package])).expect("applies");
    assert_eq!(world.read("mods/Data/foo.esp").as_deref(), Some("ours"));
    assert_eq!(world.read("mods/Data/bar").as_deref(), Some("bar"));
    assert!(!world.path("mods/data").exists());
    world.undeploy(&mut deployment);
    assert_eq!(world.look(), before);
}

/// T-70
#[cfg(unix)]
#[test]
fn never_writes_through_links() {
    let world = World::new();
    let outside = world.root.join("outside");
    fs::create_dir(&outside).expect("dir");
    std::os::unix::fs::symlink(&outside, world.path("mods/lamps")).expect("link");
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    let refusal = world.apply(&mut deployment, &desired);
    let Err(DeployError::Blocked { blocked }) = refusal else { panic!("{refusal:?}") };
    assert!(blocked.iter().all(|blocked| blocked.by == Obstacle::Link));
    assert_eq!(fs::read_dir(&outside).expect("lists").count(), 0);

    // Swapped in between plan and application (T-71).
    fs::remove_file(world.path("mods/lamps")).expect("removes");
    fs::create_dir(world.path("mods/lamps")).expect("dir");
    let plan = deployment.plan(&desired, &Choices::default()).expect("plans");
    fs::remove_dir(world.path("mods/lamps")).expect("removes");
    std::os::unix::fs::symlink(&outside, world.path("mods/lamps")).expect("link");
    assert!(world.apply_plan(&mut deployment, &plan).is_err());
    assert_eq!(fs::read_dir(&outside).expect("lists").count(), 0);
    world.assert_tidy(&deployment);
}

#[test]
fn folders_and_files_in_the_way_stop_the_whole_change() {
    let world = World::new();
    world.write("mods/lamps/init.lua/x", "a folder");
    world.write("mods/lamps/textures", "a file");
    let before = world.look();
    let mut deployment = world.open();
    let refusal = world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)]));
    let Err(DeployError::Blocked { blocked }) = refusal else { panic!("{refusal:?}") };
    let by: Vec<Obstacle> = blocked.iter().map(|blocked| blocked.by).collect();
    assert_eq!(by, [Obstacle::Folder, Obstacle::FileAbove]);
    assert_eq!(world.look(), before);
}

/// T-77
#[test]
fn a_second_actor_is_told_that_it_is_busy() {
    let world = World::new();
    let first = world.open();
    assert!(matches!(world.try_open(), Err(DeployError::Busy)));
    drop(first);
    assert!(world.try_open().is_ok());
}

/// T-78
#[test]
fn what_the_store_holds_is_read_only_or_not_shared() {
    let world = World::new();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    for file in deployment.applied().files.values() {
        let metadata = fs::metadata(world.path("mods").join(&file.at)).expect("metadata");
        let is_linked = file.method == Some(muster_games::LinkChoice::HardLink);
        assert_eq!(metadata.permissions().readonly(), is_linked, "{}", file.at);
        assert!(!(file.config && is_linked));
    }
}

#[test]
fn a_file_that_changes_between_plan_and_application_stops_it() {
    let world = World::new();
    world.write("mods/lamps/init.lua", "theirs");
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    let plan = deployment.plan(&desired, &Choices::default()).expect("plans");
    world.write("mods/lamps/init.lua", "theirs, again");
    world.write("mods/lamps/conf", "new");
    let before = world.look();
    assert!(matches!(world.apply_plan(&mut deployment, &plan), Err(DeployError::ChangedMeanwhile { .. })));
    assert_eq!(world.look(), before);
    world.apply(&mut deployment, &desired).expect("applies after looking again");
    assert!(matches!(world.apply_plan(&mut deployment, &plan), Err(DeployError::Stale)));
}

#[test]
fn cancelling_leaves_everything_as_it_was() {
    let world = World::new();
    world.write("mods/lamps/init.lua", "theirs");
    let before = world.look();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    let plan = deployment.plan(&desired, &Choices::default()).expect("plans");
    let trees = world.trees();
    for stop in 1..=9 {
        let done = std::cell::Cell::new(0);
        let mut progress = |now: crate::Progress| done.set(now.done);
        let cancelled = || done.get() >= stop;
        let mut watch = Watch {
            trees: &trees,
            links: super::support::LINKS,
            progress: &mut progress,
            cancelled: &cancelled,
        };
        assert_eq!(deployment.apply(&plan, &mut watch).expect("cancels"), Outcome::Cancelled, "{stop}");
        assert_eq!(world.look(), before, "{stop}");
        world.assert_tidy(&deployment);
    }
    world.apply_plan(&mut deployment, &plan).expect("applies");
}

#[test]
fn the_later_package_wins_and_its_removal_brings_the_earlier_back() {
    let world = World::new();
    let (one, two) = (world.package("one", &[("a/x", "one")]), world.package("two", &[("A/X", "two")]));
    let mut deployment = world.open();
    let both = world.desired(&[one.clone(), two]);
    assert_eq!(both.overridden[0].losers, std::slice::from_ref(&one.package));
    world.apply(&mut deployment, &both).expect("applies");
    assert_eq!(world.read("mods/a/x").or(world.read("mods/a/X")).as_deref(), Some("two"));
    world.apply(&mut deployment, &world.desired(&[one])).expect("applies");
    assert_eq!(world.read("mods/a/x").or(world.read("mods/a/X")).as_deref(), Some("one"));
}

#[test]
fn refuses_other_folders_than_the_books_speak_of() {
    let world = World::new();
    let mut deployment = world.open();
    world.apply(&mut deployment, &world.desired(&[world.package("lamps", LAMPS)])).expect("applies");
    drop(deployment);
    let mut places = world.places();
    places.insert("mods".into(), world.root.join("elsewhere"));
    let refusal = crate::Deployment::open(places, &world.root.join("state"));
    assert!(matches!(refusal, Err(DeployError::WrongRoot { .. })), "{refusal:?}");
    let worlds = [("worlds".to_owned(), world.root.join("game/worlds"))].into();
    let refusal = crate::Deployment::open(worlds, &world.root.join("state"));
    assert!(matches!(refusal, Err(DeployError::PlaceUnknown { .. })), "{refusal:?}");
}

#[test]
fn a_missing_tree_is_named_before_anything_is_written() {
    let world = World::new();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    fs::remove_dir_all(world.root.join("store")).expect("removes");
    assert!(
        matches!(world.apply(&mut deployment, &desired), Err(DeployError::TreeMissing { package }) if package == "ada/lamps")
    );
}

#[test]
fn repairs_what_is_damaged_and_keeps_what_was_there() {
    let world = World::new();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    world.apply(&mut deployment, &desired).expect("applies");
    let path = world.path("mods/lamps/init.lua");
    let time = fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
    // Same size, same time: only its bytes tell.
    world.write("mods/lamps/init.lua", "LIGHT");
    fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(time)).expect("a time");
    fs::remove_file(world.path("mods/lamps/textures/a.png")).expect("gone");
    world.write("mods/lamps/conf", "x=2");
    let report = deployment.verify().expect("verifies");
    let counts = [FileState::Changed, FileState::Missing, FileState::Edited].map(|state| report.count(state));
    assert_eq!((counts, report.is_clean()), ([1, 1, 1], false));

    let plan = deployment.plan_repair(&desired, Choices::default()).expect("plans");
    world.apply_plan(&mut deployment, &plan).expect("applies");
    assert_eq!(world.read("mods/lamps/init.lua").as_deref(), Some("light"));
    assert_eq!(world.read("mods/lamps/textures/a.png").as_deref(), Some("png"));
    assert_eq!(world.read("mods/lamps/conf").as_deref(), Some("x=2"), "the player's");
    assert!(deployment.verify().expect("verifies").is_clean());
    let saved = super::support::look(&world.root.join("state/saved"));
    assert!(saved.values().flatten().any(|(content, ..)| content == b"LIGHT"), "{saved:?}");
    assert!(deployment.plan_repair(&desired, Choices::default()).expect("plans").is_empty());
}

#[test]
fn a_text_of_the_players_is_placed_and_one_that_is_kept_elsewhere_makes_room() {
    let world = World::new();
    let before = world.look();
    let mut deployment = world.open();
    let desired = world.desired(&[world.package("lamps", LAMPS)]);
    world.apply(&mut deployment, &desired).expect("applies");
    world.write("mods/lamps/conf", "x=2");
    let changed = deployment.find_changed(&|_, file| file.config).expect("looks");
    assert_eq!(changed.len(), 1);
    assert_eq!(deployment.read_changed(&changed[0]).expect("reads").as_deref(), Some(&b"x=2"[..]));

    let key = changed[0].key.clone();
    let mut own = desired.clone();
    own.put_text(&key, b"x=2".to_vec());
    let plan = world.apply(&mut deployment, &own).expect("applies");
    assert_eq!(plan.summary.actions.keys().collect::<Vec<_>>(), [&Action::Adopt], "it is there already");
    assert!(deployment.find_changed(&|_, _| true).expect("looks").is_empty());
    own.put_text(&key, b"x=3".to_vec());
    world.apply(&mut deployment, &own).expect("applies");
    assert_eq!(world.read("mods/lamps/conf").as_deref(), Some("x=3"));

    world.write("mods/lamps/conf", "x=4");
    let kept = Choices { replace: [key].into(), ..Choices::default() };
    let nothing = deployment.plan(&crate::Desired::default(), &kept).expect("plans");
    world.apply_plan(&mut deployment, &nothing).expect("applies");
    assert_eq!(world.look(), before, "nothing of it stays in the way of others");
    let saved = super::support::look(&world.root.join("state/saved"));
    assert!(saved.values().flatten().any(|(content, ..)| content == b"x=4"));
}

/// A place that does not exist is made, and goes again when nothing is in it.
#[test]
fn folders_that_were_made_for_a_place_go_with_the_last_file() {
    let world = World::new();
    fs::remove_dir(world.path("mods")).expect("removes");
    fs::remove_dir_all(world.path("worlds")).expect("removes");
    fs::remove_dir(world.root.join("game")).expect("removes");
    let lamps = || world.desired(&[world.package("lamps", LAMPS)]);
    let mut deployment = world.open();
    world.apply(&mut deployment, &lamps()).expect("applies");
    assert_eq!(deployment.applied().made["mods"], [world.path("mods")]);
    drop(deployment);
    let mut deployment = world.open();
    world.undeploy(&mut deployment);
    assert!(!world.path("mods").exists(), "as it was before");
    assert!(deployment.applied().made.is_empty());

    // Again, and somebody else uses one of them meanwhile.
    world.apply(&mut deployment, &lamps()).expect("applies");
    world.write("notes.txt", "mine");
    world.undeploy(&mut deployment);
    assert!(!world.path("mods").exists());
    assert_eq!(world.read("notes.txt").as_deref(), Some("mine"));
    world.apply(&mut deployment, &lamps()).expect("applies");
    world.write("mods/other/init.lua", "not ours");
    world.undeploy(&mut deployment);
    assert_eq!(world.read("mods/other/init.lua").as_deref(), Some("not ours"));
    fs::remove_dir_all(world.path("mods/other")).expect("removes");
    world.apply(&mut deployment, &lamps()).expect("applies");
    world.undeploy(&mut deployment);
    assert!(!world.path("mods").exists() && world.path("notes.txt").exists());
}
