//! Games on other volumes than the data folder: their trees lie there, and are found, missed and removed there.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jiff::{SignedDuration, Timestamp};
use muster_domain::ProfileId;
use muster_engine::{ChangeRequest, Engine, NewProfile, Way};
use muster_store::StateDb;

use crate::support::{World, carry_out, ended, wait};

/// A volume of its own for one test.
struct Volume(PathBuf);

impl Volume {
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m,mode=0700", "muster-test"])
            .arg(at)
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(at.to_owned()));
        }
        println!("skipped: a second volume cannot be mounted here");
        None
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).stderr(Stdio::null()).status();
    }
}

/// A game in a library on a disk of its own, and a profile for it.
struct Scene {
    world: World,
    disk: Volume,
    engine: Engine,
    /// Of a game beside the data folder.
    first: ProfileId,
    profile: ProfileId,
}

impl Scene {
    async fn new() -> Option<Self> {
        let mut world = World::new();
        let disk = Volume::mount(&world.folder.path().join("disk"))?;
        world.registry.publish("alice/lamp", "1.0.0", &[]);
        let game = world.folder.path().join("disk/library/game");
        fs::create_dir_all(game.join("mods")).expect("a folder");
        fs::create_dir_all(game.join("worlds")).expect("a folder");
        let (engine, first) = world.engine().await;
        let new = NewProfile {
            name: "on the disk".into(),
            game: "minetest".parse().expect("a game"),
            installation: None,
            folder: Some(game),
        };
        let profile = engine.create_profile(new).await.expect("a profile");
        Some(Self { world, disk, engine, first, profile })
    }

    fn path(&self, below: &str) -> PathBuf {
        self.world.folder.path().join(below)
    }

    /// Trees in the data folder.
    fn trees_at_home(&self) -> usize {
        trees(&self.path("state/store"))
    }

    /// Stores on the disk.
    fn stores(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.disk.0).expect("a folder").map(|entry| entry.expect("an entry"));
        let is_store =
            |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(".muster-store-");
        entries.filter(is_store).map(|entry| entry.path()).collect()
    }

    async fn install(&self) -> String {
        carry_out(&self.engine, self.profile, self.world.install("alice/lamp")).await
    }
}

fn trees(store: &Path) -> usize {
    let Ok(shards) = fs::read_dir(store.join("trees")) else { return 0 };
    shards.map(|shard| fs::read_dir(shard.expect("an entry").path()).expect("a folder").count()).sum()
}

#[tokio::test]
async fn a_game_on_another_disk_is_linked_from_a_store_there() {
    let Some(scene) = Scene::new().await else { return };
    assert_eq!(scene.install().await, "done");
    let stores = scene.stores();
    assert_eq!(stores.len(), 1, "one for the disk");
    assert_eq!((trees(&stores[0]), scene.trees_at_home()), (1, 0));
    let placed = fs::metadata(scene.path("disk/library/game/mods/lamp/init.lua")).expect("placed");
    assert_eq!(placed.nlink(), 2, "linked, not copied");
    let report = scene.engine.verify(scene.profile).await.expect("verifies");
    assert!(report.intact > 0 && report.changed.is_empty());
    // Nothing of it is inside of what the game reads, and nothing stays of the trial.
    for folder in ["disk/library", "disk/library/game", "disk/library/game/mods"] {
        for entry in fs::read_dir(scene.path(folder)).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            assert!(!name.to_string_lossy().starts_with(".muster"), "{folder}/{name:?}");
        }
    }
    let detail = scene.engine.profile_detail(scene.profile).await.expect("a profile");
    let mods = detail.storage.iter().find(|storage| storage.place == "mods").expect("tried out");
    assert_eq!((mods.way, mods.why.code.as_str()), (Way::HardLink, "stored-no-clones"));
    assert_eq!(mods.store.as_ref(), Some(&stores[0].canonicalize().expect("there")));
    // A profile of a game beside the data folder gets its own tree there.
    assert_eq!(carry_out(&scene.engine, scene.first, scene.world.install("alice/lamp")).await, "done");
    assert_eq!((trees(&stores[0]), scene.trees_at_home()), (1, 1));
    assert_eq!(scene.world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
}

#[tokio::test]
async fn what_no_state_needs_any_more_goes_with_its_store() {
    let Some(scene) = Scene::new().await else { return };
    assert_eq!(scene.install().await, "done");
    let remove =
        ChangeRequest { remove: vec![scene.world.registry.key("alice/lamp")], ..ChangeRequest::default() };
    assert_eq!(carry_out(&scene.engine, scene.profile, remove).await, "done");
    assert_eq!(scene.stores().len(), 1, "going back needs it");
    let undo = scene.engine.go_back(scene.profile, 1).await.expect("a job");
    ended(&scene.engine, undo).await;
    assert!(scene.path("disk/library/game/mods/lamp/init.lua").exists());
    let (engine, world) = (&scene.engine, &scene.world);
    let (job, _) = engine.remove_profile(scene.profile).await.expect("a job");
    ended(engine, job).await;
    assert_eq!(scene.stores().len(), 1, "it can come back");
    engine.close().await;
    let database = StateDb::open(&world.folder.path().join("state/state.db")).expect("opens");
    let later = Timestamp::now() + SignedDuration::from_hours(1);
    assert_eq!(database.profiles().forget_removed(later).await.expect("forgotten"), 1);
    drop(database);
    let Scene { world, disk, engine, first, profile } = scene;
    drop(engine);
    let engine = world.open().await;
    engine.start().await;
    let scene = Scene { world, disk, engine, first, profile };
    wait("the store to go", async || scene.stores().is_empty().then_some(())).await;
}

#[tokio::test]
async fn what_profiles_share_counts_once() {
    let Some(scene) = Scene::new().await else { return };
    assert_eq!(scene.install().await, "done");
    let disk = |view: muster_engine::DiskView| {
        let store = &view.stores[1];
        (store.unique > 0, store.shared > 0, store.history > 0, store.packages)
    };
    let before = scene.engine.disk().await.expect("looked");
    assert_eq!(before.stores.len(), 2);
    let size = before.stores[1].unique;
    assert!(before.archives.archives == 1 && before.archives.size > 0, "{before:?}");
    assert_eq!(disk(before), (true, false, false, 1));
    scene.engine.clone_profile(scene.profile, "the same").await.expect("cloned");
    let both = scene.engine.disk().await.expect("looked");
    assert_eq!((both.stores[1].unique, both.stores[1].shared), (0, size));
    let remove =
        ChangeRequest { remove: vec![scene.world.registry.key("alice/lamp")], ..ChangeRequest::default() };
    assert_eq!(carry_out(&scene.engine, scene.profile, remove).await, "done");
    assert_eq!(disk(scene.engine.disk().await.expect("looked")), (true, false, false, 1));
    let done = Command::new("umount").arg("-l").arg(&scene.disk.0).status().expect("umount was there before");
    assert!(done.success());
    assert!(scene.engine.disk().await.expect("looked").stores[1].is_away);
}

#[tokio::test]
async fn each_place_is_served_as_its_own_volume_allows() {
    let mut world = World::new();
    // Nowhere on the volume of the mods can a store be: all of it is what the game reads.
    let Some(_volume) = Volume::mount(&world.folder.path().join("game/mods")) else { return };
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    let placed = world.folder.path().join("game/mods/lamp/init.lua");
    assert_eq!(fs::metadata(placed).expect("placed").nlink(), 1, "a copy");
    assert_eq!(trees(&world.folder.path().join("state/store")), 1);
    assert_eq!(fs::read_dir(world.folder.path().join("game/mods")).expect("a folder").count(), 1);
}

#[tokio::test]
async fn a_disk_that_was_unplugged_is_named_and_nothing_is_made_in_its_stead() {
    let Some(scene) = Scene::new().await else { return };
    assert_eq!(scene.install().await, "done");
    let done = Command::new("umount").arg(&scene.disk.0).status().expect("umount was there before");
    assert!(done.success(), "nothing keeps a disk that nobody uses");
    assert_eq!(scene.install().await, "cache-store-gone");
    assert_eq!(fs::read_dir(&scene.disk.0).expect("a folder").count(), 0);
    let order = scene.engine.load_order(scene.profile).await.err().map(|error| error.to_string());
    assert!(order.is_some_and(|error| error.contains(".muster-store-")));
}

#[tokio::test]
async fn what_a_game_writes_into_a_linked_file_reaches_nobody_else() {
    use std::os::unix::fs::PermissionsExt as _;

    let Some(mut scene) = Scene::new().await else { return };
    assert_eq!(scene.install().await, "done");
    let placed = scene.path("disk/library/game/mods/lamp/init.lua");
    fs::set_permissions(&placed, fs::Permissions::from_mode(0o644)).expect("permissions");
    fs::write(&placed, "-- written by the game").expect("written");
    // Another profile of another installation on the same disk wants the same package.
    let other = scene.path("disk/library/other");
    fs::create_dir_all(other.join("mods")).expect("a folder");
    fs::create_dir_all(other.join("worlds")).expect("a folder");
    let new = NewProfile {
        name: "other".into(),
        game: "minetest".parse().expect("a game"),
        installation: None,
        folder: Some(other.clone()),
    };
    let profile = scene.engine.create_profile(new).await.expect("a profile");
    assert_eq!(carry_out(&scene.engine, profile, scene.world.install("alice/lamp")).await, "done");
    let got = fs::read_to_string(other.join("mods/lamp/init.lua")).expect("placed");
    assert_eq!(got, "-- 1.0.0\n");
    // The game's file is the player's to decide about, and it stays meanwhile.
    let drift = scene.engine.drift(scene.profile).await.expect("looked");
    assert_eq!(drift.undecided.len(), 1);
    scene.world.registry.publish("alice/tide", "1.0.0", &[]);
    scene.world.sync(&scene.engine).await;
    assert_eq!(carry_out(&scene.engine, scene.profile, scene.world.install("alice/tide")).await, "done");
    assert_eq!(fs::read_to_string(&placed).expect("there"), "-- written by the game");
    assert_eq!(fs::metadata(&placed).expect("there").nlink(), 1, "a file of its own");
    assert_eq!(scene.engine.drift(scene.profile).await.expect("looked").undecided.len(), 1, "still known");
}
