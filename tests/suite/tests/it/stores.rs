//! A game on a real second filesystem: its packages are unpacked there and linked, also after the service was killed in
//! the middle, and nothing of it stays where it does not belong.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use muster_api::Phase;
use muster_fsx::is_temporary;
use muster_suite::{Mod, Registry, World, files, leftovers};

/// A filesystem in a file of its own.
struct Disk(PathBuf);

impl Disk {
    /// Makes and mounts one; `None` (with the reason printed) where that cannot be done here.
    fn mount(world: &World, at: &Path, kind: &str) -> Option<Self> {
        let image = world.path().join(format!("{kind}.image"));
        // xfs wants 300 MB, btrfs 110; the file is sparse.
        fs::File::create(&image).and_then(|file| file.set_len(320 << 20)).expect("an image");
        fs::create_dir_all(at).expect("a folder");
        let run = |command: &mut Command| {
            let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
            status.is_ok_and(|status| status.success())
        };
        if !run(Command::new(format!("mkfs.{kind}")).arg(&image)) {
            println!("skipped: no mkfs.{kind}");
            return None;
        }
        if !run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(at)) {
            println!("skipped: {kind} cannot be mounted here");
            return None;
        }
        Some(Self(at.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).stderr(Stdio::null()).status();
    }
}

/// The player's games are on a disk of their own, Muster's data is not.
fn scene(kind: &str) -> Option<(World, Registry, Disk)> {
    let mut world = World::new();
    let disk = Disk::mount(&world, &world.player(), kind)?;
    let mut large = Mod::new("tester/alpha", "1.0.0").noise("sounds/long.ogg", 700_000);
    for number in 0..12 {
        large = large.noise(&format!("textures/alpha_{number}.png"), 900 + number);
    }
    let registry = Registry::with(&world.path().join("origin"), &[large]);
    world.start();
    world.add_registry(&registry, None);
    Some((world, registry, disk))
}

fn stores(folder: &Path) -> Vec<PathBuf> {
    let names =
        files(folder).into_keys().filter(|name| name.contains(".muster-store-") && name.ends_with('/'));
    let top = names.filter(|name| {
        name.trim_end_matches('/').rsplit('/').next().unwrap_or_default().starts_with(".muster-store-")
    });
    top.map(|name| folder.join(name)).collect()
}

fn trees(store: &Path) -> usize {
    let names = files(&store.join("trees"));
    names.keys().filter(|name| name.ends_with('/') && name.matches('/').count() == 2).count()
}

#[test]
fn a_game_on_another_filesystem_is_linked_from_a_store_on_it() {
    let Some((world, _registry, disk)) = scene("ext4") else { return };
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    let stores = stores(&disk.0);
    assert_eq!(stores.len(), 1, "{stores:?}");
    assert_eq!(stores[0].parent(), Some(disk.0.as_path()), "outside of what the game reads");
    assert_eq!(trees(&stores[0]), 1);
    assert_eq!(trees(&world.places().state.join("store")), 0, "no second copy in the data folder");
    let placed = fs::metadata(world.mods().join("alpha/sounds/long.ogg")).expect("placed");
    assert_eq!(placed.nlink(), 2, "linked");
    assert_eq!(leftovers(&disk.0, &is_temporary), Vec::<PathBuf>::new());
    let shown = world.muster_ok(&["game", "show", "minetest"]);
    assert!(shown.contains("copy-on-write"), "{shown}");
    let usage = world.muster_json(&["disk"]);
    let of = |store: usize, part: &str| usage["stores"][store][part].as_u64().expect("bytes");
    assert!(of(1, "unique") > 700_000 && of(1, "shared") == 0 && of(0, "unique") == 0, "{usage}");
    assert!(world.muster_ok(&["disk"]).contains(".muster-store-"));
}

#[test]
fn killed_anywhere_on_the_way_nothing_is_lost_and_nothing_stays() {
    let Some((mut world, _registry, disk)) = scene("ext4") else { return };
    for round in 0..12u64 {
        let request = world.to_install(&["tester/alpha"]);
        let change = world.change(&request);
        std::thread::sleep(Duration::from_millis(round * 15));
        world.kill();
        world.start();
        for job in world.wait_idle() {
            assert_eq!(job.phase, Phase::Done, "round {round}: {job:?}\n{}", world.log());
        }
        let placed = world.mods().join("alpha/sounds/long.ogg");
        assert!(placed.exists(), "round {round}: {:?}\n{}", files(&world.mods()).keys(), world.log());
        assert_eq!(leftovers(&disk.0, &is_temporary), Vec::<PathBuf>::new(), "round {round}, {change}");
        assert_eq!(stores(&disk.0).len(), 1, "round {round}");
        world.muster_ok(&["verify"]);
        world.muster_ok(&["remove", "tester/alpha"]);
        // As if nothing had ever been unpacked.
        world.kill();
        for folder in [stores(&disk.0).remove(0), world.places().cache.join("packages")] {
            fs::remove_dir_all(folder).expect("was used before");
        }
        if round % 2 == 0 {
            fs::remove_file(world.places().state.join("stores.json")).expect("was used before");
        }
        world.start();
    }
}

#[test]
fn blocks_are_shared_on_btrfs() {
    blocks_are_shared_on("btrfs");
}

#[test]
fn blocks_are_shared_on_xfs() {
    blocks_are_shared_on("xfs");
}

fn blocks_are_shared_on(kind: &str) {
    let Some((world, _registry, disk)) = scene(kind) else { return };
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    let stores = stores(&disk.0);
    assert_eq!(stores.len(), 1);
    let placed = world.mods().join("alpha/sounds/long.ogg");
    let metadata = fs::metadata(&placed).expect("placed");
    assert_eq!((metadata.nlink(), metadata.mode() & 0o200), (1, 0o200), "a file of its own");
    let extents = extents(&placed);
    assert!(extents.contains("shared"), "{extents}");
    // What the game writes is its own, and the store's file stays what it was.
    let before = fs::read(&placed).expect("read");
    let mut written = before.clone();
    written[..8].copy_from_slice(b"by game!");
    fs::write(&placed, &written).expect("written");
    assert_eq!(world.muster(&["verify"]).exit, 1);
    world.muster_ok(&["verify", "--repair"]);
    assert_eq!(fs::read(&placed).expect("read"), before);
}

/// Where the blocks of a file lie, by the system's own tool.
fn extents(file: &Path) -> String {
    let output =
        Command::new("filefrag").args(["-v", "-s"]).arg(file).output().expect("filefrag (e2fsprogs)");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
