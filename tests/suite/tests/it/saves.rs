//! Saves: the terminal snapshots them and brings them back, and a service that is killed meanwhile leaves old or new ones.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    fs,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use muster_suite::{Files, Mod, Registry, World, files, muster};

fn worlds(world: &World) -> PathBuf {
    world.player().join(".minetest/worlds")
}

fn write(world: &World, name: &str, bytes: impl AsRef<[u8]>) {
    let path = worlds(world).join(name);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

fn saved(world: &World) -> Files {
    files(&worlds(world))
}

fn world_with_saves() -> World {
    let world = World::new();
    fs::create_dir_all(world.mods()).expect("a folder");
    write(&world, "home/world.mt", "gameid = x\n");
    write(&world, "home/players/ada", "where = home\n");
    world
}

#[test]
fn saves_are_snapshotted_by_hand_and_before_large_changes_and_brought_back() {
    let world = world_with_saves();
    let registry = Registry::with(&world.path().join("origin"), &[Mod::new("tester/alpha", "1.0.0")]);
    world.add_registry(&registry, None);
    let before = saved(&world);
    world.muster_ok(&["saves", "snapshot"]);
    write(&world, "home/players/ada", "where = lost\n");
    let lost = saved(&world);
    let restored = world.muster_json(&["saves", "restore", "1"]);
    assert_eq!((restored["created"].as_str(), saved(&world)), (Some("2"), before.clone()));
    world.muster_ok(&["saves", "restore", "2", "home"]);
    assert_eq!(saved(&world), lost);
    world.muster_fails(&["saves", "restore", "1", "elsewhere"], 4, "saves-unknown");
    world.muster_fails(&["saves", "restore", "77"], 4, "saves-no-snapshot");

    world.muster_ok(&["saves", "when", "before-large", "--quota", "50MB", "--keep", "5"]);
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    write(&world, "home/players/ada", "where = among lamps\n");
    let modded = saved(&world);
    world.muster_ok(&["remove", "tester/alpha"]);
    let list = world.muster_json(&["saves", "list"]);
    let newest = &list["snapshots"][0];
    assert_eq!((&list["when"], &list["keep"]), (&"before-large".into(), &5.into()));
    assert_eq!(newest["why"]["code"], "before-remove");
    write(&world, "home/players/ada", "where = in the void\n");
    world.muster_ok(&["saves", "restore", &newest["number"].to_string()]);
    assert_eq!(saved(&world), modded);
    world.muster_ok(&["saves", "free", "1"]);
    assert!(world.muster_ok(&["saves", "list"]).contains("before:"));
}

#[test]
fn a_service_that_is_killed_while_saves_come_back_leaves_the_old_or_the_new_ones() {
    let mut world = world_with_saves();
    let fill = |world: &World, byte: u8| {
        (0..150).for_each(|number| write(world, &format!("home/map/{number}"), vec![byte; 5_000 + number]));
    };
    fill(&world, 1);
    world.muster_ok(&["saves", "snapshot"]);
    let new = saved(&world);
    let mut stopped = 0;
    for round in 0..6u64 {
        fill(&world, 2);
        write(&world, "home/later", "came later");
        let old = saved(&world);
        world.start_if_dead();
        let mut restore = world.command(&muster());
        restore.args(["saves", "restore", "1"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut restore = restore.spawn().expect("muster runs");
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_millis(5 + round * 15) {
            std::thread::sleep(Duration::from_millis(1));
        }
        world.kill();
        restore.wait().expect("it ends");
        world.start_if_dead();
        let now = saved(&world);
        assert!(now == old || now == new, "round {round}: neither the old nor the new saves");
        stopped += u32::from(now == old);
        world.kill();
    }
    println!("{stopped} of 6 kills left the old saves");
    world.muster_ok(&["saves", "restore", "1"]);
    assert_eq!(saved(&world), new);
}
