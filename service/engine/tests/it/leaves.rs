//! What a loader writes itself goes with the way back to the original game, and comes back with its profile.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{collections::BTreeSet, fs, path::Path};

use muster_domain::ProfileId;
use muster_engine::{ChangeRequest, Engine, KeptWhy, Taken};

use crate::support::{World, carry_out, outcome};

const LOADER: &str = "
loaders:
  hook:
    title: Hook
    files: [mods/hook/init.lua]
    launches: [play]
    leaves: ['mods/hook/cache/**', 'mods/hook.log', 'mods/own/**']
";

fn paths(world: &World) -> BTreeSet<String> {
    fn collect(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), found);
            }
            found.insert(name);
        }
    }
    let mut found = BTreeSet::new();
    collect(&world.folder.path().join("game/mods"), "", &mut found);
    found
}

fn write(world: &World, name: &str, text: &str) {
    let path = world.folder.path().join("game/mods").join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, text).expect("written");
}

/// A game whose loader is placed, and has written its files.
async fn played() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    world.registry.publish("alice/hook", "1.0.0", &[]);
    write(&world, "own/old.txt", "there before");
    let (engine, profile) = world.engine().await;
    let shipped = include_str!("../../../games/definitions/minetest.yaml");
    engine.add_game(format!("{shipped}{LOADER}"), Taken::Replace).await.expect("a definition");
    assert_eq!(carry_out(&engine, profile, world.install("alice/hook")).await, "done");
    for (name, text) in [
        ("hook/cache/deep/a.bin", "cache"),
        ("hook.log", "lines"),
        ("hook/kept.txt", "no leaf"),
        ("own/old.txt", "there before"),
    ] {
        write(&world, name, text);
    }
    (world, engine, profile)
}

#[tokio::test]
async fn files_that_a_loader_leaves_go_at_vanilla_kept_by_hash_and_come_back() {
    let (world, engine, profile) = played().await;
    let with_loader = paths(&world);
    let (job, undo) = engine.vanilla(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    let left: Vec<String> = paths(&world).into_iter().collect();
    // What is no leaf, and what was there before, stays.
    assert_eq!(left, ["hook", "hook/kept.txt", "own", "own/old.txt"]);
    let kept = engine.kept(profile).await.expect("listed");
    let kept: Vec<_> =
        kept.iter().map(|kept| (kept.spot.clone().expect("known").at, kept.why.clone())).collect();
    assert_eq!(
        kept,
        [("hook.log".into(), KeptWhy::Replaced), ("hook/cache/deep/a.bin".into(), KeptWhy::Replaced)]
    );
    let job = engine.undo(&undo).await.expect("undone").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(paths(&world), with_loader, "what it had written is there again");
    engine.close().await;
}

#[tokio::test]
async fn a_loader_of_the_players_own_keeps_what_it_wrote() {
    let (world, engine, profile) = played().await;
    // Without ours in place nothing is known of whose these files are.
    let remove = ChangeRequest { remove: vec![world.registry.key("alice/hook")], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, remove).await, "done");
    let (job, _) = engine.vanilla(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert!(paths(&world).contains("hook.log"));
    engine.close().await;
}
