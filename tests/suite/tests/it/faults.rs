//! Bad input: a typed error, a sentence, and no change on disk.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{fs, path::Path};

use muster_api::{OperationId, Phase, Transfers};
use muster_client::Request;
use muster_suite::{Files, Mod, Registry, Run, Server, SmallDisk, World, starter, wait_for};

/// A player with a registry that has one good package installed and one that the test is about.
struct Scene {
    world: World,
    registry: Registry,
    placed: Files,
    lock: String,
}

impl Scene {
    fn new() -> Self {
        let world = World::new();
        let mods = [
            Mod::new("tester/good", "1.0.0"),
            Mod::new("tester/bad", "1.0.0").noise("textures/x.png", 300_000),
        ];
        let registry = Registry::with(&world.path().join("origin"), &mods);
        world.add_registry(&registry, None);
        world.muster_ok(&["install", "tester/good", "--yes"]);
        let (placed, lock) = (world.placed(), world.books().lock);
        Self { world, registry, placed, lock }
    }

    fn assert_unchanged(&self) {
        assert_eq!(self.world.placed(), self.placed);
        assert_eq!(self.world.books().lock, self.lock);
        let report = self.world.muster_json(&["verify"]);
        assert_eq!(
            (&report["missing"], &report["changed"]),
            (&serde_json::json!([]), &serde_json::json!([]))
        );
    }

    /// The install is refused with this code; once the damage is repaired it works.
    fn refused(&self, code: &str, repair: impl FnOnce(&Self)) {
        let run = self.world.muster(&["install", "tester/bad", "--yes"]);
        assert!(run.exit != 0 && run.names(code), "expected {code}: {run:?}\n{}", self.world.log());
        self.assert_unchanged();
        repair(self);
        let run = self.world.muster(&["install", "tester/bad", "--yes"]);
        assert_eq!(run.exit, 0, "after the repair: {run:?}\n{}", self.world.log());
        assert!(self.world.mods().join("bad/textures/x.png").is_file());
    }
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).expect("a file");
    bytes[at] ^= 1;
    fs::write(path, bytes).expect("a file");
}

#[test]
fn refuses_a_truncated_package() {
    let scene = Scene::new();
    let archive = scene.registry.archive("tester-bad-1.0.0.muster");
    let bytes = fs::read(&archive).expect("a file");
    fs::write(&archive, &bytes[..bytes.len() / 2]).expect("a file");
    scene.refused("transfer-", |_| fs::write(&archive, &bytes).expect("a file"));
}

#[test]
fn refuses_an_altered_package() {
    let scene = Scene::new();
    let archive = scene.registry.archive("tester-bad-1.0.0.muster");
    flip(&archive, 150_000);
    scene.refused("transfer-", |_| flip(&archive, 150_000));
}

#[test]
fn refuses_a_package_that_took_the_place_of_another() {
    let scene = Scene::new();
    let archive = scene.registry.archive("tester-bad-1.0.0.muster");
    let bytes = fs::read(&archive).expect("a file");
    fs::copy(scene.registry.archive("tester-good-1.0.0.muster"), &archive).expect("a copy");
    scene.refused("transfer-", |_| fs::write(&archive, &bytes).expect("a file"));
}

#[test]
fn a_renamed_package_is_missing() {
    let scene = Scene::new();
    let archive = scene.registry.archive("tester-bad-1.0.0.muster");
    let elsewhere = archive.with_file_name("renamed.muster");
    fs::rename(&archive, &elsewhere).expect("a rename");
    scene.refused("transfer-", |_| fs::rename(&elsewhere, &archive).expect("a rename"));
}

#[test]
fn a_package_that_nobody_listed_does_not_exist() {
    let scene = Scene::new();
    let good = scene.registry.archive("tester-good-1.0.0.muster");
    let text = good
        .to_str()
        .expect("a path")
        .replace("/good/", "/unlisted/")
        .replace("tester-good", "tester-unlisted");
    let path = Path::new(&text);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
    fs::copy(&good, path).expect("a copy");
    scene.world.muster_ok(&["source", "sync"]);
    assert_eq!(scene.world.muster_json(&["search", "unlisted"])["total"], 0);
    scene.world.muster_fails(&["install", "tester/unlisted", "--yes"], 4, "package-unknown");
    scene.assert_unchanged();
}

#[test]
fn refuses_a_publishers_role_that_was_altered_and_spares_the_others() {
    let world = World::new();
    let registry = Registry::new(&world.path().join("origin"));
    for publisher in ["tester", "another"] {
        registry.admit(publisher);
    }
    registry.publish(&[Mod::new("tester/bad", "1.0.0"), Mod::new("another/good", "1.0.0")]);
    let role = registry.role("pub.tester");
    let bytes = fs::read(&role).expect("a role");
    fs::write(&role, String::from_utf8_lossy(&bytes).replace("1.0.0", "1.0.1")).expect("a file");
    world.add_registry(&registry, None);
    let run = world.muster(&["install", "tester/bad", "--yes"]);
    assert!(run.exit != 0 && run.names("registry-"), "{run:?}");
    assert!(!world.mods().exists());
    world.muster_ok(&["install", "another/good", "--yes"]);
    fs::write(&role, bytes).expect("a file");
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["install", "tester/bad", "--yes"]);
}

#[test]
fn refuses_a_registry_that_nobody_refreshed_in_time() {
    let mut scene = Scene::new();
    let weeks_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 16);
    scene.registry.sign_with(&["--now", &weeks_ago.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()]);
    scene.registry.refresh();
    let run = scene.world.muster(&["source", "sync"]);
    assert!(run.exit != 0 && run.names("registry-expired"), "{run:?}");
    scene.assert_unchanged();
    // What is installed can still be switched, and what was verified before and is still valid still counts.
    scene.world.muster_ok(&["disable", "tester/good"]);
    scene.world.muster_ok(&["enable", "tester/good"]);
    scene.assert_unchanged();
    scene.world.muster_ok(&["install", "tester/bad", "--yes"]);
    scene.registry.sign_with(&["--valid-years", "5"]);
    scene.registry.refresh();
    scene.world.muster_ok(&["source", "sync"]);

    let other = World::new();
    let old = Registry::signed(&other.path().join("origin"), &["--now", "2025-01-01T00:00:00Z"]);
    old.refresh();
    let path = old.path();
    let run = other.muster(&["source", "add", path.to_str().expect("a path"), "--root", &old.root()]);
    assert!(run.exit != 0 && run.names("registry-clock"), "so old that the clock may be wrong: {run:?}");
}

#[test]
fn refuses_a_forged_timestamp_and_a_forged_snapshot() {
    let scene = Scene::new();
    let forger = Registry::with(&scene.world.path().join("forger"), &[Mod::new("tester/bad", "6.6.6")]);
    for file in ["timestamp.json", "forged snapshot"] {
        let (target, forged) = match file {
            "timestamp.json" => (
                scene.registry.path().join("metadata/timestamp.json"),
                forger.path().join("metadata/timestamp.json"),
            ),
            _ => {
                scene.registry.publish(&[Mod::new("tester/news", "1.0.0")]);
                (scene.registry.role("snapshot"), forger.role("snapshot"))
            }
        };
        let bytes = fs::read(&target).expect("metadata");
        fs::copy(forged, &target).expect("a copy");
        let run = scene.world.muster(&["source", "sync"]);
        assert!(run.exit != 0 && run.names("registry-"), "{file}: {run:?}");
        scene.assert_unchanged();
        fs::write(&target, bytes).expect("a file");
        scene.world.muster_ok(&["source", "sync"]);
    }
    scene.world.muster_ok(&["install", "tester/bad", "--yes"]);
}

#[test]
fn refuses_a_registry_that_goes_back_in_time() {
    let scene = Scene::new();
    let timestamp = scene.registry.path().join("metadata/timestamp.json");
    let old = fs::read(&timestamp).expect("metadata");
    scene.registry.refresh();
    scene.world.muster_ok(&["source", "sync"]);
    let new = fs::read(&timestamp).expect("metadata");
    fs::write(&timestamp, old).expect("a file");
    let run = scene.world.muster(&["source", "sync"]);
    assert!(run.exit != 0 && run.names("registry-rollback"), "{run:?}");
    scene.assert_unchanged();
    fs::write(&timestamp, new).expect("a file");
    scene.world.muster_ok(&["source", "sync"]);
}

#[test]
fn a_changed_key_blocks_until_the_player_trusts_it() {
    let world = World::new();
    let (first, second) = (world.path().join("origin"), world.path().join("second"));
    let signing = ["--now", "2026-11-20T00:00:00Z", "--valid-years", "5"];
    let registry = Registry::signed(&first, &signing);
    registry.admit("tester");
    registry.publish(&[Mod::new("tester/alpha", "1.0.0")]);
    world.add_registry(&registry, None);
    world.muster_ok(&["install", "tester/alpha", "--yes"]);
    let (placed, lock) = (world.placed(), world.books().lock);

    // The same registry by the same maintainers, in which the publisher has another key; and it is newer.
    for key in ["offline", "online"] {
        fs::create_dir_all(second.join("keys")).expect("a folder");
        fs::copy(first.join(format!("keys/{key}.key")), second.join(format!("keys/{key}.key")))
            .expect("a copy");
    }
    let other = Registry::signed(&second, &signing);
    assert_eq!(other.root(), registry.root());
    // A neighbour in the same shard makes that role newer than the one the player knows.
    let neighbour = Registry::neighbour("tester");
    for publisher in ["tester", &neighbour] {
        other.admit(publisher);
    }
    other.publish(&[Mod::new("tester/alpha", "1.0.0")]);
    other.publish(&[Mod::new("tester/alpha", "1.1.0")]);
    other.refresh();
    fs::rename(registry.path(), world.path().join("away")).expect("a rename");
    fs::rename(other.path(), registry.path()).expect("a rename");
    world.muster_ok(&["source", "sync"]);

    world.muster_fails(&["update", "--yes"], 5, "registry-key-changed");
    assert_eq!((world.placed(), world.books().lock), (placed, lock));
    let shown = world.muster_json(&["show", "tester/alpha"]);
    assert_eq!(shown["trust"]["signature"], "key-changed", "{shown}");
    world.muster_ok(&["disable", "tester/alpha"]);
    world.muster_ok(&["enable", "tester/alpha"]);

    let wrong = other.fingerprint(&neighbour);
    world.muster_fails(&["source", "trust-key", "test", "tester", &wrong], 4, "key-decision-unknown");
    world.muster_fails(&["update", "--yes"], 5, "registry-key-changed");
    world.muster_ok(&["source", "trust-key", "test", "tester", &other.fingerprint("tester")]);
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(world.muster_json(&["list"])["entries"][0]["version"], "1.1.0");
}

#[test]
fn refuses_a_root_that_is_not_the_one_named() {
    let world = World::new();
    let registry = Registry::with(&world.path().join("origin"), &[Mod::new("tester/good", "1.0.0")]);
    let path = registry.path();
    let path = path.to_str().expect("a path");
    world.muster_fails(&["source", "add", path, "--root", &"0".repeat(64)], 5, "source-root-differs");
    world.muster_fails(&["source", "add", path], 2, "cli-needs-root");
    world.muster_fails(&["source", "add", "/nowhere/at-all", "--root", &registry.root()], 1, "");
    assert_eq!(world.muster_json(&["source", "list"]), serde_json::json!([]));
    world.add_registry(&registry, None);
    world.muster_fails(&["source", "add", path, "--root", &registry.root()], 5, "source-exists");
}

/// `decisions.md`: keys that lie in a repository for everybody sign for nobody.
#[test]
fn refuses_the_starter_registry_from_a_network() {
    let world = World::new();
    let server = Server::start(&starter());
    let root = fs::read_to_string(starter().join("root.fingerprint")).expect("built");
    world.muster_fails(&["source", "add", server.address(), "--root", root.trim()], 5, "source-test-root");
    assert_eq!(world.muster_json(&["source", "list"]), serde_json::json!([]));
}

#[test]
fn a_server_that_is_away_is_told_and_harms_nothing() {
    let world = World::new();
    let registry = Registry::with(&world.path().join("origin"), &[Mod::new("tester/good", "1.0.0")]);
    let server = Server::start(&registry.path());
    world.add_registry(&registry, Some(server.address()));
    world.muster_ok(&["install", "tester/good", "--yes"]);
    let placed = world.placed();
    server.refuse("/");
    let run = world.muster(&["source", "sync"]);
    assert!(run.exit != 0 && run.names("catalog-"), "{run:?}");
    assert_eq!(world.muster_json(&["search", "good"])["total"], 1, "what was known is still found");
    world.muster_ok(&["remove", "tester/good"]);
    assert_ne!(world.placed(), placed);
    server.calm();
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["install", "tester/good", "--yes"]);
    assert_eq!(world.placed(), placed);
}

fn big() -> Mod {
    let mut big = Mod::new("tester/big", "1.0.0").noise("sounds/sea.ogg", 24_000_000);
    for number in 0..60 {
        big = big.noise(&format!("textures/big_{number}.png"), 700);
    }
    big
}

/// A package that does not fit waits or fails with a reason; either way nothing changes until there is room.
#[test]
fn a_full_disk_at_home_changes_nothing_and_works_once_there_is_room() {
    let mut world = World::new();
    let home = world.places().state.parent().expect("below the home").to_owned();
    let Some(disk) = SmallDisk::mount(&home, "size=20m") else { return };
    let registry = Registry::with(&world.path().join("origin"), &[big()]);
    world.start();
    world.add_registry(&registry, None);
    let job = world.change(&world.to_install(&["tester/big"]));
    let told = wait_for("a reason", || {
        let job = world.job(&job);
        if let Some(problem) = job.problem {
            return Some(problem.code);
        }
        let transfers: Transfers = world.ask(Request::new(OperationId::Transfers));
        transfers.transfers.into_iter().find_map(|transfer| transfer.reason).map(|reason| reason.code)
    });
    assert!(["cache-no-space", "file-no-space", "waiting-disk"].contains(&told.as_str()), "{told}");
    assert!(!world.mods().exists());
    disk.resize("size=200m");
    if world.job(&job).phase.is_end() {
        world.muster_ok(&["install", "tester/big", "--yes"]);
    } else {
        let sha256 = world.job(&job).members[0].sha256.clone().expect("an archive");
        world.muster_ok(&["queue", "retry", &sha256]);
        assert_eq!(world.wait_job(&job).phase, Phase::Done, "{}", world.log());
    }
    assert!(world.mods().join("big/sounds/sea.ogg").is_file());
    // The disk goes before the folder; the service goes before the disk, and what it made beside the world with it.
    world.kill();
    world.remove_stores();
}

fn no_room_for_mods(options: &str, room: &str) {
    let mut world = World::new();
    fs::create_dir_all(world.mods()).expect("a folder");
    let Some(disk) = SmallDisk::mount(&world.mods(), options) else { return };
    fs::write(world.mods().join("mine.txt"), "of the player").expect("a file");
    let registry = Registry::with(&world.path().join("origin"), &[big()]);
    world.start();
    world.add_registry(&registry, None);
    let (placed, lock) = (world.placed(), world.books().lock);
    let run: Run = world.muster(&["install", "tester/big", "--yes"]);
    assert!(
        run.exit == 1 && (run.names("deploy-no-space") || run.names("file-no-space")),
        "{run:?}\n{}",
        world.log()
    );
    assert_eq!((world.placed(), world.books().lock), (placed.clone(), lock.clone()));
    world.kill();
    world.start();
    assert!(world.wait_idle().iter().all(|job| job.phase != Phase::Done));
    assert_eq!((world.placed(), world.books().lock), (placed, lock));
    disk.resize(room);
    world.muster_ok(&["install", "tester/big", "--yes"]);
    assert!(world.mods().join("big/sounds/sea.ogg").is_file());
    assert_eq!(world.muster(&["verify"]).exit, 0);
    world.kill();
}

#[test]
fn a_full_disk_of_the_game_changes_nothing_and_works_once_there_is_room() {
    no_room_for_mods("size=8m", "size=100m");
}

/// Room for bytes, but none for names: it is noticed half-way.
#[test]
fn a_disk_that_fills_while_files_are_placed_gets_everything_back() {
    no_room_for_mods("size=100m,nr_inodes=30", "size=100m,nr_inodes=1000");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let scene = Scene::new();
    // A file where the mod's folder belongs stops root as well.
    fs::write(scene.world.mods().join("bad"), "a file of the player").expect("a file");
    let run = scene.world.muster(&["install", "tester/bad", "--yes"]);
    assert!(run.exit != 0 && run.names("deploy-"), "{run:?}");
    assert_eq!(fs::read(scene.world.mods().join("bad")).expect("still there"), b"a file of the player");
    fs::remove_file(scene.world.mods().join("bad")).expect("a file");
    scene.assert_unchanged();
    scene.world.muster_ok(&["install", "tester/bad", "--yes"]);
}
