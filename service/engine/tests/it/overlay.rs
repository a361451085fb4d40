//! What the player changes by hand: it belongs to the profile, survives updates and switches, and is never lost.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{fs, path::PathBuf};

use muster_domain::ProfileId;
use muster_engine::{ChangeRequest, Decision, Engine, EngineError, Keeping, Spot};

use crate::support::{World, carry_out, outcome};

const FIRST: &str = "fov = 72\nvolume = 5\nlang = en\n";

fn path(world: &World, name: &str) -> PathBuf {
    world.folder.path().join("game/mods/lamp").join(name)
}

fn read(world: &World, name: &str) -> Option<String> {
    fs::read_to_string(path(world, name)).ok()
}

/// As editors do it: another file takes its place.
fn write(world: &World, name: &str, text: &str) {
    let _ = fs::remove_file(path(world, name));
    fs::write(path(world, name), text).expect("written");
}

/// A package with a configuration file is placed.
async fn prepared() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    world.registry.publish_with("alice/lamp", "1.0.0", &[], &[("settings.conf", FIRST.into())]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    (world, engine, profile)
}

async fn update(world: &World, engine: &Engine, profile: ProfileId) -> String {
    world.sync(engine).await;
    let update = ChangeRequest { update: vec![world.registry.key("alice/lamp")], ..ChangeRequest::default() };
    carry_out(engine, profile, update).await
}

async fn switch(engine: &Engine, profile: ProfileId) {
    let job = engine.switch_to(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(engine, job).await, "done");
}

#[tokio::test]
async fn an_update_merges_what_both_changed() {
    let (mut world, engine, profile) = prepared().await;
    write(&world, "settings.conf", "fov = 90\nvolume = 5\nlang = en\n");
    let second = "fov = 72\nvolume = 5\nlang = en\nshadows = on\n";
    world.registry.publish_with("alice/lamp", "1.1.0", &[], &[("settings.conf", second.into())]);
    assert_eq!(update(&world, &engine, profile).await, "done");
    let both = "fov = 90\nvolume = 5\nlang = en\nshadows = on\n";
    assert_eq!(read(&world, "settings.conf").as_deref(), Some(both));
    assert_eq!(engine.verify(profile).await.expect("verified").changed.len(), 0);

    // Both change the same line: the player's stands, and that is shown.
    let third = "fov = 110\nvolume = 5\nlang = en\nshadows = on\n";
    world.registry.publish_with("alice/lamp", "1.2.0", &[], &[("settings.conf", third.into())]);
    assert_eq!(update(&world, &engine, profile).await, "done");
    assert_eq!(read(&world, "settings.conf").as_deref(), Some("fov = 90\nvolume = 5\nlang = en\n"));
    let own = engine.drift(profile).await.expect("looked").own;
    assert!(own.len() == 1 && own[0].is_conflict, "{own:?}");

    let job = engine.go_back(profile, 1).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(read(&world, "settings.conf").as_deref(), Some("fov = 90\nvolume = 5\nlang = en\n"));

    let files = vec![Spot { place: "mods".into(), at: "lamp/settings.conf".into() }];
    let theirs = Decision { keep: Keeping::Theirs, files };
    let job = engine.decide_drift(profile, theirs).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(read(&world, "settings.conf").as_deref(), Some(FIRST));
    assert!(engine.drift(profile).await.expect("looked").own.is_empty());
    engine.close().await;
}

#[tokio::test]
async fn every_profile_has_its_own_changes() {
    let (world, engine, first) = prepared().await;
    write(&world, "settings.conf", "fov = 90\nvolume = 5\nlang = en\n");
    let second = engine.clone_profile(first, "second").await.expect("cloned");
    switch(&engine, second).await;
    assert_eq!(
        read(&world, "settings.conf").as_deref(),
        Some(FIRST),
        "cloned before the change was taken up"
    );
    write(&world, "settings.conf", "fov = 60\nvolume = 5\nlang = en\n");
    let third = world.profile(&engine, "third").await;
    switch(&engine, third).await;
    assert_eq!(read(&world, "settings.conf"), None, "no package, no file");
    switch(&engine, first).await;
    assert_eq!(read(&world, "settings.conf").as_deref(), Some("fov = 90\nvolume = 5\nlang = en\n"));
    let copy = engine.clone_profile(second, "copy").await.expect("cloned");
    switch(&engine, copy).await;
    assert_eq!(read(&world, "settings.conf").as_deref(), Some("fov = 60\nvolume = 5\nlang = en\n"));

    let (job, undo) = engine.vanilla(copy).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(fs::read_dir(world.folder.path().join("game/mods")).expect("a folder").count(), 0);
    let job = engine.undo(&undo).await.expect("undone").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(read(&world, "settings.conf").as_deref(), Some("fov = 60\nvolume = 5\nlang = en\n"));
    engine.close().await;
}

#[tokio::test]
async fn a_file_that_was_changed_by_hand_waits_for_a_decision() {
    let (mut world, engine, profile) = prepared().await;
    write(&world, "init.lua", "-- mine\n");
    world.registry.publish_with("alice/lamp", "1.1.0", &[], &[("settings.conf", FIRST.into())]);
    world.sync(&engine).await;
    let wanted = ChangeRequest { update_all: true, ..ChangeRequest::default() };
    let plan = engine.plan(Some(profile), &wanted).await.expect("a plan");
    let notice = plan.notices.iter().find(|(reason, _)| reason.code == "changed-by-hand").expect("told");
    assert_eq!((notice.0.context["files"].as_str(), notice.1), ("mods/lamp/init.lua", false));
    assert_eq!(update(&world, &engine, profile).await, "done");
    assert_eq!(read(&world, "init.lua").as_deref(), Some("-- mine\n"), "never overwritten silently");
    let drift = engine.drift(profile).await.expect("looked");
    assert_eq!(drift.undecided.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["lamp/init.lua"]);

    std::fs::remove_file(world.folder.path().join("game/mods/lamp/mod.conf")).expect("removed");
    let drift = engine.drift(profile).await.expect("looked");
    assert_eq!(drift.missing.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["lamp/mod.conf"]);
    let job = engine.mend(profile).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    let drift = engine.drift(profile).await.expect("looked");
    assert_eq!((drift.missing.len(), drift.undecided.len()), (0, 0), "a repair brings everything back");
    write(&world, "init.lua", "-- mine\n");

    let mine = Decision { keep: Keeping::Mine, files: Vec::new() };
    let job = engine.decide_drift(profile, mine).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    let drift = engine.drift(profile).await.expect("looked");
    assert_eq!((drift.undecided.len(), drift.own.len()), (0, 1));
    world.registry.publish_with("alice/lamp", "1.2.0", &[], &[("settings.conf", FIRST.into())]);
    assert_eq!(update(&world, &engine, profile).await, "done");
    assert_eq!(read(&world, "init.lua").as_deref(), Some("-- mine\n"));

    let theirs = Decision { keep: Keeping::Theirs, files: Vec::new() };
    let job = engine.decide_drift(profile, theirs).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(read(&world, "init.lua").as_deref(), Some("-- 1.2.0\n"));
    let job = engine.undo_last(profile).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    let bad = Decision { keep: Keeping::Mine, files: vec![Spot { place: "mods".into(), at: "../x".into() }] };
    let refused = engine.decide_drift(profile, bad).await;
    assert!(matches!(refused, Err(EngineError::UnknownFile { .. })), "{refused:?}");
    // As a file is written without its place: nothing would be done, and the player would think that it was.
    let elsewhere = Spot { place: "lamp".into(), at: "init.lua".into() };
    let bad = Decision { keep: Keeping::Theirs, files: vec![elsewhere] };
    let refused = engine.decide_drift(profile, bad).await;
    assert!(matches!(refused, Err(EngineError::UnknownFile { .. })), "{refused:?}");
    engine.close().await;
}

#[tokio::test]
async fn the_versions_of_a_text_are_shown_before_anything_is_decided() {
    let (mut world, engine, profile) = prepared().await;
    let spot = |at: &str| Spot { place: "mods".into(), at: at.into() };
    let mine = "fov = 90\nvolume = 5\nlang = en\n";
    let shown = engine.file_texts(profile, spot("lamp/settings.conf")).await;
    assert!(matches!(shown, Err(EngineError::UnknownFile { .. })), "nothing was changed: {shown:?}");
    write(&world, "settings.conf", mine);
    let texts = engine.file_texts(profile, spot("lamp/settings.conf")).await.expect("shown");
    assert_eq!(
        (texts.base.as_deref(), texts.mine.as_str(), texts.theirs.as_deref()),
        (Some(FIRST), mine, Some(FIRST))
    );
    assert_eq!((texts.merged.as_deref(), texts.is_conflict), (Some(mine), false));

    let second = "fov = 72\nvolume = 5\nlang = en\nshadows = on\n";
    world.registry.publish_with("alice/lamp", "1.1.0", &[], &[("settings.conf", second.into())]);
    assert_eq!(update(&world, &engine, profile).await, "done");
    let texts = engine.file_texts(profile, spot("lamp/settings.conf")).await.expect("shown");
    assert_eq!((texts.base.as_deref(), texts.mine.as_str()), (Some(FIRST), mine));
    assert_eq!(texts.theirs.as_deref(), Some(second));
    assert_eq!(texts.merged.as_deref(), Some("fov = 90\nvolume = 5\nlang = en\nshadows = on\n"));

    // Only what Muster placed or keeps is read, whatever is asked for.
    fs::write(path(&world, "other.txt"), "x").expect("written");
    for at in ["lamp/other.txt", "../secret", "/etc/passwd", "lamp/../../secret", ""] {
        let refused = engine.file_texts(profile, spot(at)).await;
        assert!(matches!(refused, Err(EngineError::UnknownFile { .. })), "{at}: {refused:?}");
    }
    // Written into a linked file: the package's version in its tree is not the package's any more.
    fs::write(path(&world, "init.lua"), "-- scribbled\n").expect("written");
    let texts = engine.file_texts(profile, spot("lamp/init.lua")).await.expect("shown");
    assert_eq!(texts.mine, "-- scribbled\n");
    assert_ne!(
        texts.base.as_deref(),
        Some("-- scribbled\n"),
        "what was written is never taken for the package's"
    );
    write(&world, "init.lua", "a\0b");
    let refused = engine.file_texts(profile, spot("lamp/init.lua")).await;
    assert!(matches!(refused, Err(EngineError::NotText { .. })), "{refused:?}");
    engine.close().await;
}
