//! Files that somebody changes while the service runs: told to windows, and nothing else is.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{fs, time::Duration};

use muster_domain::ProfileId;
use muster_engine::{Engine, Signal};
use tokio::sync::broadcast::Receiver;

use crate::support::{World, carry_out, wait};

/// Long enough for a change to be told.
const SOON: Duration = Duration::from_secs(10);
/// Longer than it takes to tell one.
const A_WHILE: Duration = Duration::from_millis(1500);

async fn prepared() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    watched(&engine, 2).await;
    tokio::time::sleep(A_WHILE).await;
    (world, engine, profile)
}

async fn watched(engine: &Engine, folders: usize) {
    wait("the folders to be watched", async || (engine.watched_folders() == folders).then_some(())).await;
}

/// Whether the profile is named as changed within a time.
async fn told(signals: &mut Receiver<Signal>, profile: ProfileId, within: Duration) -> bool {
    let heard = async {
        loop {
            match signals.recv().await {
                Ok(signal) if signal == Signal::ProfileChanged(profile) => return,
                Ok(_) => {}
                Err(error) => panic!("{error}"),
            }
        }
    };
    tokio::time::timeout(within, heard).await.is_ok()
}

/// As editors do it: another file takes its place.
fn edit(world: &World, path: &str, text: &str) {
    let path = world.folder.path().join("game/mods").join(path);
    let _ = fs::remove_file(&path);
    fs::write(path, text).expect("a file");
}

#[tokio::test]
async fn a_change_by_hand_is_told_and_other_files_are_not() {
    let (world, engine, profile) = prepared().await;
    let mut signals = engine.subscribe();
    edit(&world, "lamp/notes.txt", "not a package's");
    fs::read(world.folder.path().join("game/mods/lamp/init.lua")).expect("reads");
    assert!(!told(&mut signals, profile, A_WHILE).await);
    edit(&world, "lamp/init.lua", "mine");
    assert!(told(&mut signals, profile, SOON).await);
    assert_eq!(engine.drift(profile).await.expect("looked").undecided.len(), 1);
    assert!(!told(&mut signals, profile, A_WHILE).await, "once, and looking is no change");
    engine.close().await;
}

#[tokio::test]
async fn a_folder_that_goes_and_comes_back_is_watched_again() {
    let (world, engine, profile) = prepared().await;
    let folder = world.folder.path().join("game/mods/lamp");
    let mut signals = engine.subscribe();
    fs::remove_dir_all(&folder).expect("gone");
    assert!(told(&mut signals, profile, SOON).await);
    watched(&engine, 1).await;
    fs::create_dir(&folder).expect("back");
    fs::write(folder.join("init.lua"), "mine").expect("a file");
    assert!(told(&mut signals, profile, SOON).await);
    watched(&engine, 2).await;
    while told(&mut signals, profile, A_WHILE).await {}
    edit(&world, "lamp/init.lua", "mine again");
    assert!(told(&mut signals, profile, SOON).await);
    engine.close().await;
}

#[tokio::test]
async fn what_we_write_ourselves_is_told_by_its_job_alone() {
    let (world, engine, profile) = prepared().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/tide")).await, "done");
    watched(&engine, 3).await;
    let mut signals = engine.subscribe();
    assert!(!told(&mut signals, profile, A_WHILE).await);
    edit(&world, "tide/init.lua", "mine");
    assert!(told(&mut signals, profile, SOON).await, "what came is watched too");
    let (job, _) = engine.vanilla(profile).await.expect("asked").expect("a job");
    crate::support::outcome(&engine, job).await;
    watched(&engine, 0).await;
    engine.close().await;
}
