//! Snapshots of saves: taken by hand or before large changes, bounded, brought back with what is there kept first.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{collections::BTreeMap, fs, path::Path};

use muster_domain::ProfileId;
use muster_engine::{ChangeRequest, Engine, EngineError, SavesError, SavesPatch, SavesWhen};

use crate::support::{World, carry_out};

type Files = BTreeMap<String, Vec<u8>>;

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry")) {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.file_type().expect("a type").is_dir() {
            true => collect(&entry.path(), &format!("{name}/"), files),
            false => drop(files.insert(name, fs::read(entry.path()).expect("bytes"))),
        }
    }
}

fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    collect(folder, "", &mut found);
    found
}

fn worlds(world: &World) -> Files {
    files(&world.folder.path().join("game/worlds"))
}

fn write(world: &World, name: &str, bytes: impl AsRef<[u8]>) {
    let path = world.folder.path().join("game/worlds").join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, bytes).expect("written");
}

/// Two versions of a package, and a world.
async fn prepared() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    write(&world, "home/world.mt", "gameid = x\n");
    write(&world, "home/map.sqlite", vec![7; 300_000]);
    (world, engine, profile)
}

async fn numbers(engine: &Engine, profile: ProfileId) -> Vec<u64> {
    let saves = engine.saves(profile).await.expect("looked");
    saves.snapshots.iter().map(|snapshot| snapshot.number).collect()
}

#[tokio::test]
async fn saves_come_back_as_they_were_and_those_that_were_there_are_kept() {
    let (world, engine, profile) = prepared().await;
    let before = worlds(&world);
    assert_eq!(engine.snapshot_saves(profile).await.expect("taken"), 1);
    assert_eq!(engine.snapshot_saves(profile).await.expect("taken"), 1, "nothing changed since");

    write(&world, "home/map.sqlite", vec![8; 400_000]);
    write(&world, "home/map.sqlite-journal", "half");
    fs::remove_file(world.folder.path().join("game/worlds/home/world.mt")).expect("removed");
    write(&world, "new/world.mt", "gameid = y\n");
    let spoiled = worlds(&world);
    assert_eq!(engine.restore_saves(profile, 1, Vec::new()).await.expect("back"), Some(2));
    let mut expected = before.clone();
    expected.insert("new/world.mt".into(), b"gameid = y\n".to_vec());
    assert_eq!(worlds(&world), expected, "a world that came later stays");

    assert_eq!(engine.restore_saves(profile, 2, vec!["home".into()]).await.expect("back"), Some(3));
    assert_eq!(worlds(&world), spoiled);
    for (number, names) in [(9, vec![]), (1, vec!["elsewhere".to_owned()])] {
        let refused = engine.restore_saves(profile, number, names).await;
        assert!(
            matches!(
                refused,
                Err(EngineError::Saves(SavesError::UnknownSnapshot { .. } | SavesError::UnknownSave { .. }))
            ),
            "{refused:?}"
        );
    }
    assert_eq!(worlds(&world), spoiled);
    // What the game writes to its saves does not reach a snapshot.
    write(&world, "home/map.sqlite", vec![9; 10]);
    engine.restore_saves(profile, 2, vec!["home".into()]).await.expect("back");
    assert_eq!(worlds(&world), spoiled);
    let kept = files(&world.folder.path().join("state/saves"));
    assert!(
        kept.keys().all(|path| !path.contains("/saved/") && !path.contains("muster-tmp")),
        "{:?}",
        kept.keys()
    );
    engine.close().await;
}

#[tokio::test]
async fn a_snapshot_is_taken_before_large_changes_only_and_only_if_wanted() {
    let (mut world, engine, profile) = prepared().await;
    let lamp = world.registry.key("alice/lamp");
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    let remove = || ChangeRequest { remove: vec![lamp.clone()], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, remove()).await, "done");
    assert!(numbers(&engine, profile).await.is_empty(), "not asked for");

    let on = SavesPatch { when: Some(SavesWhen::BeforeLarge), ..SavesPatch::default() };
    engine.set_saves_rules(profile, on).await.expect("set");
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    assert!(numbers(&engine, profile).await.is_empty(), "what is only added does no harm");
    world.registry.publish("alice/lamp", "2.0.0", &[]);
    world.sync(&engine).await;
    let update = || ChangeRequest { update_all: true, ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, update()).await, "done");
    assert_eq!(numbers(&engine, profile).await, [1]);
    assert_eq!(engine.saves(profile).await.expect("looked").snapshots[0].why.code, "before-update");

    // Without the snapshot that was asked for nothing happens.
    let small = SavesPatch { quota: Some(1_000_000), ..SavesPatch::default() };
    engine.set_saves_rules(profile, small).await.expect("set");
    write(&world, "home/map.sqlite", vec![1; 1_100_000]);
    assert_eq!(carry_out(&engine, profile, remove()).await, "saves-too-large");
    assert!(world.placed("lamp").is_some());
    let off = SavesPatch { when: Some(SavesWhen::Off), ..SavesPatch::default() };
    engine.set_saves_rules(profile, off).await.expect("set");
    assert_eq!(carry_out(&engine, profile, remove()).await, "done");
    engine.close().await;
}

#[tokio::test]
async fn snapshots_keep_to_their_count_and_space_and_share_what_is_equal() {
    let (world, engine, profile) = prepared().await;
    let rules = SavesPatch { keep: Some(2), quota: Some(1_000_000), ..SavesPatch::default() };
    engine.set_saves_rules(profile, rules).await.expect("set");
    for number in 1..=4u64 {
        write(&world, "home/world.mt", format!("state = {number}\n"));
        assert_eq!(engine.snapshot_saves(profile).await.expect("taken"), number);
    }
    assert_eq!(numbers(&engine, profile).await, [4, 3]);
    let used = engine.saves(profile).await.expect("looked").used;
    assert!((300_000..300_100).contains(&used), "the map is kept once: {used}");
    // Each needs 900 kB: only the newest fits.
    write(&world, "home/map.sqlite", vec![2; 900_000]);
    engine.snapshot_saves(profile).await.expect("taken");
    assert_eq!(numbers(&engine, profile).await, [5]);
    let objects = files(&world.folder.path().join("state/saves"));
    let objects = objects.keys().filter(|path| path.contains("/objects/")).count();
    assert_eq!(objects, 2, "what no snapshot needs is gone");
    engine.free_snapshot(profile, 5).await.expect("freed");
    assert!(numbers(&engine, profile).await.is_empty());
    for bad in [
        SavesPatch { quota: Some(1), ..SavesPatch::default() },
        SavesPatch { keep: Some(0), ..SavesPatch::default() },
    ] {
        assert!(engine.set_saves_rules(profile, bad).await.is_err());
    }
    fs::remove_dir_all(world.folder.path().join("game/worlds/home")).expect("removed");
    let refused = engine.snapshot_saves(profile).await;
    assert!(matches!(refused, Err(EngineError::Saves(SavesError::NoSaves { .. }))), "{refused:?}");
    engine.close().await;
}

#[cfg(unix)]
#[tokio::test]
async fn links_among_saves_are_neither_followed_nor_replaced() {
    let (world, engine, profile) = prepared().await;
    let outside = world.folder.path().join("outside");
    fs::create_dir_all(&outside).expect("a folder");
    fs::write(outside.join("secret"), "s").expect("a file");
    engine.snapshot_saves(profile).await.expect("taken");
    let home = world.folder.path().join("game/worlds/home");
    std::os::unix::fs::symlink(&outside, home.join("linked")).expect("a link");
    fs::remove_file(home.join("map.sqlite")).expect("removed");
    std::os::unix::fs::symlink(outside.join("secret"), home.join("map.sqlite")).expect("a link");
    engine.snapshot_saves(profile).await.expect("taken");
    let held = files(&world.folder.path().join("state/saves"));
    assert!(held.values().all(|bytes| bytes != b"s"), "nothing outside was read");
    assert!(engine.restore_saves(profile, 1, Vec::new()).await.is_err(), "a link stands in the way");
    assert_eq!(fs::read_to_string(outside.join("secret")).expect("there"), "s");
    engine.close().await;
}
