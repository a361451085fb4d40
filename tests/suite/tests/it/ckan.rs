//! Mods of CKAN between players: archives that no torrent describes are met by their own hash while their server is
//! away, where their licence lets them be passed on, and not where it does not.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::path::{Path, PathBuf};

use muster_api::{Job, OperationId, Phase, Seed, Status, Transfers};
use muster_client::Request;
use muster_suite::{Server, World, wait_for};
use serde_json::{Value, json};

const SIZE: usize = 6_000_000;

/// A web host with an index of CKAN and the archives that it names.
struct Host {
    server: Server,
    folder: tempfile::TempDir,
}

impl Host {
    /// With one mod under each licence, named after it.
    fn new(licenses: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(folder.path());
        let host = Self { server, folder };
        for license in licenses {
            host.publish(license);
        }
        host.run("tarfile", "index.tar.gz", "CKAN-meta-master");
        host
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Archives and index are made as others make them: by Python's own modules.
    fn run(&self, module: &str, archive: &str, folder: &str) {
        let mut python = std::process::Command::new("python3");
        let made =
            python.args(["-m", module, "-c", archive, folder]).current_dir(self.folder.path()).output();
        let made = made.expect("python3 runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn publish(&self, license: &str) {
        let name = license.to_ascii_lowercase();
        write(&self.path(&format!("{license}/tank.mu")), &noise(&name));
        write(&self.path(&format!("{license}/tank.cfg")), b"PART { name = tank }\n");
        let archive = format!("{name}.zip");
        self.run("zipfile", &archive, license);
        let bytes = std::fs::read(self.path(&archive)).expect("an archive");
        let row: Value = json!({
            "spec_version": "v1.4", "identifier": license, "name": license, "abstract": "A tank",
            "author": "somebody", "license": license, "version": "1.0", "ksp_version": "1.12",
            "download": format!("{}{archive}", self.server.address()),
            "download_size": bytes.len(),
            "download_hash": {"sha256": muster_registry::sha256(&bytes).to_string().to_ascii_uppercase()},
        });
        write(&self.path(&format!("CKAN-meta-master/{license}/1.ckan")), row.to_string().as_bytes());
    }

    /// A player with Kerbal Space Program who knows this index.
    fn player(&self) -> World {
        let world = World::with_programs(&[]);
        let game = world.path().join("ksp");
        for (path, text) in [
            ("GameData/Squad/part.cfg", "stock"),
            ("KSP_x64.exe", "the game"),
            ("buildID64.txt", "build id = 03190\n"),
        ] {
            write(&game.join(path), text.as_bytes());
        }
        world.muster_ok(&["settings", "listen=127.0.0.1:0"]);
        world.muster_ok(&["settings", "find-nearby=false", "find-public=false", "open-port=false"]);
        let address = format!("ckan+{}index.tar.gz", self.server.address());
        world.muster_ok(&["source", "add", &address, "--alias", "ckan"]);
        let folder = game.to_str().expect("a path");
        world.muster_ok(&["profile", "create", "kerbals", "--game", "ksp", "--folder", folder]);
        world
    }

    /// A player who has a mod and offers what may be offered to everybody.
    fn giver(&self, id: &str) -> World {
        let world = self.player();
        world.muster_ok(&["settings", "sharing=everybody", "upload-limit=50000000"]);
        world.muster_ok(&["install", id, "--yes"]);
        world
    }
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    std::fs::write(path, bytes).expect("written");
}

/// Bytes that do not pack.
fn noise(seed: &str) -> Vec<u8> {
    let mut state =
        seed.bytes().fold(0x9e37_79b9_7f4a_7c15_u64, |sum, byte| sum.rotate_left(9) ^ u64::from(byte));
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..SIZE / 8).flat_map(step).collect()
}

fn placed(world: &World, id: &str) -> Option<Vec<u8>> {
    std::fs::read(world.path().join("ksp/GameData").join(id).join("tank.mu")).ok()
}

fn seed(world: &World) -> Option<Seed> {
    world.ask::<Vec<Seed>>(Request::new(OperationId::Seeds)).into_iter().next()
}

fn transfers(world: &World) -> Transfers {
    world.ask(Request::new(OperationId::Transfers))
}

fn peer_address(world: &World) -> String {
    wait_for("an address for peers", || world.ask::<Status>(Request::new(OperationId::Status)).peer_address)
}

#[test]
fn an_archive_without_a_torrent_comes_from_another_player_while_its_server_is_away() {
    let host = Host::new(&["MIT"]);
    let giver = host.giver("MIT");
    let given = wait_for("the offer", || seed(&giver).filter(|seed| seed.offered));
    let address = peer_address(&giver);

    let taker = host.player();
    host.server.refuse("*.zip");
    let before = host.server.sent("*.zip");
    let job = taker.change(&taker.to_install(&["MIT"]));
    wait_for("the transfer", || {
        transfers(&taker).transfers.iter().any(|transfer| transfer.sha256 == given.sha256).then_some(())
    });
    taker.muster_ok(&["queue", "peers", &given.sha256, &address]);
    let done: Job = taker.wait_job(&job);
    assert_eq!(done.phase, Phase::Done, "{done:?}\n{}", taker.log());
    assert_eq!(host.server.sent("*.zip"), before, "the server gave nothing");
    assert!(placed(&taker, "MIT").expect("placed") == noise("mit"));
    wait_for("the giver's books", || seed(&giver).filter(|seed| seed.given >= given.size));
}

#[test]
fn what_its_licence_keeps_back_is_neither_offered_nor_asked_of_players() {
    let host = Host::new(&["restricted"]);
    let giver = host.giver("restricted");
    let kept = wait_for("the archive", || seed(&giver).filter(|seed| seed.checked));
    assert!(!kept.offered);
    assert_eq!(kept.reason.expect("a reason").code, "sharing-not-allowed");
    let address = peer_address(&giver);

    let taker = host.player();
    host.server.stall("*.zip");
    let job = taker.change(&taker.to_install(&["restricted"]));
    let sha256 =
        wait_for("the transfer", || transfers(&taker).transfers.first().map(|first| first.sha256.clone()));
    taker.muster_ok(&["queue", "peers", &sha256, &address]);
    host.server.calm();
    assert_eq!(taker.wait_job(&job).phase, Phase::Done);
    assert!(placed(&taker, "restricted").is_some());
    let now = transfers(&taker).transfers;
    assert!(now.iter().all(|transfer| transfer.from_peers == 0), "{now:?}");
    assert_eq!(seed(&giver).expect("still kept").given, 0);
}
