//! Versions of files that were set aside: undoing a decision brings them back, and so does the player.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{fs, path::PathBuf};

use muster_domain::ProfileId;
use muster_engine::{
    ChangeRequest, Decision, Engine, EngineError, Freed, Keeping, KeptWhy, RestoreKept, Spot,
};

use crate::support::{World, carry_out, outcome};

const CONF: &str = "fov = 72\nvolume = 5\n";

fn path(world: &World, name: &str) -> PathBuf {
    world.folder.path().join("game/mods").join(name)
}

fn read(world: &World, name: &str) -> Option<String> {
    fs::read_to_string(path(world, name)).ok()
}

/// As editors do it: another file takes its place.
fn write(world: &World, name: &str, text: impl AsRef<[u8]>) {
    let _ = fs::remove_file(path(world, name));
    fs::create_dir_all(path(world, name).parent().expect("a parent")).expect("a folder");
    fs::write(path(world, name), text).expect("written");
}

/// A package with a configuration file is placed; its `init.lua` was the player's before.
async fn prepared() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    world.registry.publish_with("alice/lamp", "1.0.0", &[], &[("settings.conf", CONF.into())]);
    write(&world, "lamp/mod.conf", "# of the player\n");
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    (world, engine, profile)
}

async fn decide(engine: &Engine, profile: ProfileId, keep: Keeping) {
    let job = engine.decide_drift(profile, Decision { keep, files: Vec::new() }).await.expect("asked");
    assert_eq!(outcome(engine, job).await, "done");
}

async fn undo(engine: &Engine, profile: ProfileId) {
    let job = engine.undo_last(profile).await.expect("asked");
    assert_eq!(outcome(engine, job).await, "done");
}

async fn switch(engine: &Engine, profile: ProfileId) {
    let job = engine.switch_to(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(engine, job).await, "done");
}

async fn restore(engine: &Engine, profile: ProfileId, ids: Vec<String>, to: Option<Spot>) -> String {
    let job = engine.restore_kept(profile, RestoreKept { ids, to }).await.expect("asked");
    outcome(engine, job).await
}

fn spot(at: &str) -> Spot {
    Spot { place: "mods".into(), at: at.into() }
}

#[tokio::test]
async fn undoing_a_decision_brings_the_other_version_back_and_undoing_that_too() {
    let (world, engine, profile) = prepared().await;
    write(&world, "lamp/init.lua", "-- mine\n");
    decide(&engine, profile, Keeping::Theirs).await;
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- 1.0.0\n"));
    undo(&engine, profile).await;
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- mine\n"));
    let own = engine.drift(profile).await.expect("looked").own;
    assert_eq!(own.iter().map(|own| own.spot.at.as_str()).collect::<Vec<_>>(), ["lamp/init.lua"]);
    undo(&engine, profile).await;
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- 1.0.0\n"), "undo is undone");
    undo(&engine, profile).await;
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- mine\n"));

    // Mine was decided, then against it: what was decided first comes back, as it was.
    write(&world, "lamp/init.lua", "-- mine, again\n");
    decide(&engine, profile, Keeping::Both).await;
    decide(&engine, profile, Keeping::Theirs).await;
    assert!(engine.drift(profile).await.expect("looked").own.is_empty());
    undo(&engine, profile).await;
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- mine, again\n"));
    assert_eq!(engine.drift(profile).await.expect("looked").own[0].keep, Keeping::Both);
    assert_eq!(engine.verify(profile).await.expect("verified").changed.len(), 0);
    engine.close().await;
}

#[tokio::test]
async fn going_back_over_several_decisions_takes_all_of_them_back_and_leaves_settings_as_they_are() {
    let (world, engine, profile) = prepared().await;
    write(&world, "lamp/init.lua", "-- first\n");
    decide(&engine, profile, Keeping::Theirs).await;
    write(&world, "lamp/init.lua", "-- second\n");
    let job = engine.mend(profile).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- 1.0.0\n"));
    undo(&engine, profile).await;
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- second\n"), "a repair is undone");
    write(&world, "lamp/settings.conf", "fov = 90\nvolume = 5\n");
    let job = engine.go_back(profile, 1).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- first\n"));
    assert_eq!(read(&world, "lamp/settings.conf").as_deref(), Some("fov = 90\nvolume = 5\n"));
    engine.close().await;
}

#[tokio::test]
async fn a_decision_that_fails_changes_nothing_and_loses_nothing() {
    let (world, engine, profile) = prepared().await;
    write(&world, "lamp/init.lua", "-- mine\n");
    decide(&engine, profile, Keeping::Mine).await;
    // Something stands where another file of the package has to be put again.
    fs::remove_file(path(&world, "lamp/mod.conf")).expect("placed");
    fs::create_dir(path(&world, "lamp/mod.conf")).expect("a folder");
    let theirs = Decision { keep: Keeping::Theirs, files: Vec::new() };
    let job = engine.decide_drift(profile, theirs).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "deploy-blocked");
    assert_eq!(engine.drift(profile).await.expect("looked").own.len(), 1, "still the profile's own");
    fs::remove_dir(path(&world, "lamp/mod.conf")).expect("removed");
    let job = engine.mend(profile).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- mine\n"));
    engine.close().await;
}

#[tokio::test]
async fn a_profile_that_is_not_placed_gets_its_version_back_with_its_files() {
    let (world, engine, first) = prepared().await;
    write(&world, "lamp/init.lua", "-- mine\n");
    decide(&engine, first, Keeping::Theirs).await;
    let second = world.profile(&engine, "second").await;
    switch(&engine, second).await;
    undo(&engine, first).await;
    assert_eq!(read(&world, "lamp/init.lua"), None, "not its turn");
    switch(&engine, first).await;
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- mine\n"));
    engine.close().await;
}

#[tokio::test]
async fn a_version_of_ones_own_may_be_of_any_size() {
    let (mut world, engine, profile) = prepared().await;
    let large = vec![b'x'; 5_000_000];
    write(&world, "lamp/init.lua", &large);
    let conf = vec![b'#'; 2_000_000];
    write(&world, "lamp/settings.conf", &conf);
    decide(&engine, profile, Keeping::Mine).await;
    world.registry.publish_with("alice/lamp", "1.1.0", &[], &[("settings.conf", "fov = 1\n".into())]);
    world.sync(&engine).await;
    let update = ChangeRequest { update_all: true, ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, update).await, "done");
    let is_there = || {
        fs::read(path(&world, "lamp/init.lua")).expect("there") == large
            && fs::read(path(&world, "lamp/settings.conf")).expect("there") == conf
    };
    assert!(is_there());
    let second = world.profile(&engine, "second").await;
    switch(&engine, second).await;
    assert_eq!(read(&world, "lamp/init.lua"), None);
    switch(&engine, profile).await;
    assert!(is_there(), "they go and come with the profile");
    let refused = engine.file_texts(profile, spot("lamp/init.lua")).await;
    assert!(matches!(refused, Err(EngineError::TooLargeToCompare { .. })), "{refused:?}");
    engine.close().await;
}

#[tokio::test]
async fn what_was_set_aside_is_listed_brought_back_and_let_go() {
    let (world, engine, profile) = prepared().await;
    write(&world, "lamp/init.lua", "-- mine\n");
    decide(&engine, profile, Keeping::Theirs).await;
    let kept = engine.kept(profile).await.expect("listed");
    let shown: Vec<_> =
        kept.iter().map(|kept| (kept.spot.clone().expect("known").at, kept.why.clone())).collect();
    let displaced = KeptWhy::Displaced { package: "alice/lamp".into() };
    assert_eq!(shown, [("lamp/init.lua".into(), KeptWhy::Replaced), ("lamp/mod.conf".into(), displaced)]);
    // Where a package has the file.
    assert_eq!(restore(&engine, profile, vec![kept[0].id.clone(), kept[1].id.clone()], None).await, "done");
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- mine\n"));
    assert_eq!(read(&world, "lamp/mod.conf").as_deref(), Some("# of the player\n"));
    assert_eq!(engine.drift(profile).await.expect("looked").own.len(), 2);
    undo(&engine, profile).await;
    assert_eq!(read(&world, "lamp/init.lua").as_deref(), Some("-- 1.0.0\n"));
    assert_eq!(read(&world, "lamp/mod.conf").as_deref(), Some("name = lamp\n"));

    // Beside the packages: what is there is set aside, and comes back with the undo.
    write(&world, "notes.txt", "in the way");
    assert_eq!(restore(&engine, profile, vec![kept[0].id.clone()], Some(spot("notes.txt"))).await, "done");
    assert_eq!(read(&world, "notes.txt").as_deref(), Some("-- mine\n"));
    undo(&engine, profile).await;
    assert_eq!(read(&world, "notes.txt").as_deref(), Some("in the way"));
    undo(&engine, profile).await;
    assert_eq!(read(&world, "notes.txt").as_deref(), Some("-- mine\n"));
    write(&world, "notes.txt", "written since");
    undo(&engine, profile).await;
    assert_eq!(read(&world, "notes.txt").as_deref(), Some("written since"), "never overwritten silently");

    let ids = engine.kept(profile).await.expect("listed").into_iter();
    let ids = ids.filter(|kept| kept.why == KeptWhy::Replaced).map(|kept| kept.id).collect::<Vec<_>>();
    let freed = engine.free_kept(profile, ids).await.expect("freed");
    assert!(freed.versions >= 2 && freed.bytes > 10, "{freed:?}");
    let left = engine.kept(profile).await.expect("listed");
    assert!(left.len() == 1 && left[0].why != KeptWhy::Replaced, "{left:?}");
    let refused = engine.free_kept(profile, vec![left[0].id.clone()]).await;
    assert!(matches!(refused, Err(EngineError::KeptInUse { .. })), "{refused:?}");
    for bad in ["", "../../etc/passwd", "0123"] {
        let refused = engine.free_kept(profile, vec![bad.into()]).await;
        assert!(matches!(refused, Err(EngineError::UnknownKept { .. })), "{bad}: {refused:?}");
    }
    assert_eq!(engine.free_kept(profile, Vec::new()).await.expect("nothing"), Freed::default());

    let to = |place: &str, at: &str| Some(Spot { place: place.into(), at: at.into() });
    for (place, at) in [("mods", "../x"), ("elsewhere", "x"), ("mods", "/etc/x")] {
        let request = RestoreKept { ids: vec![left[0].id.clone()], to: to(place, at) };
        let refused = engine.restore_kept(profile, request).await;
        assert!(matches!(refused, Err(EngineError::UnknownFile { .. })), "{place}/{at}: {refused:?}");
    }
    engine.close().await;
}
