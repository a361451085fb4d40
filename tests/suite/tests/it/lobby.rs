//! Two players of one lobby: the link brings the host's mods, from the host, and the guest's own are back afterwards.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use muster_api::{Lobbies, LobbyPhase, OperationId, Status};
use muster_client::Request;
use muster_suite::{Files, Mod, Registry, Server, World, files, wait_for};

const SIZE: usize = 3_000_000;

struct Net {
    registry: Registry,
    server: Server,
    _folder: tempfile::TempDir,
}

impl Net {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mods = [
            Mod::new("tester/arena", "1.0.0").noise("sounds/crowd.ogg", SIZE).needs("tester/rules"),
            Mod::new("tester/rules", "1.0.0").file("rules.txt", b"first to ten".to_vec()),
            Mod::new("tester/rules", "2.0.0").file("rules.txt", b"first to twenty".to_vec()),
            Mod::new("tester/garden", "1.0.0").file("roses.txt", b"red".to_vec()),
        ];
        let registry = Registry::with(folder.path(), &mods);
        let server = Server::start(&registry.path());
        Self { registry, server, _folder: folder }
    }

    fn player(&self) -> World {
        let world = World::new();
        world.muster_ok(&["settings", "listen=127.0.0.1:0", "find-nearby=false", "find-public=false"]);
        world.add_registry(&self.registry, Some(self.server.address()));
        world
    }

    /// A player who shares, and plays with the arena under its first rules.
    fn host(&self) -> World {
        let world = self.player();
        world.muster_ok(&["settings", "open-port=false", "sharing=everybody", "upload-limit=50000000"]);
        world.muster_ok(&["install", "tester/rules@1.0.0", "tester/arena", "--yes"]);
        wait_for("an address for peers", || {
            world.ask::<Status>(Request::new(OperationId::Status)).peer_address
        });
        world
    }
}

fn link(host: &World) -> String {
    let hosted = host.muster_json(&["lobby", "host", "--name", "Friday night"]);
    hosted["link"].as_str().expect("a link").to_owned()
}

fn lobbies(world: &World) -> Lobbies {
    world.ask(Request::new(OperationId::Lobbies))
}

fn left(world: &World) {
    wait_for("the own profile", || lobbies(world).joined.is_none().then_some(()));
    world.wait_idle();
}

/// Bytes, modes and times of everything in the game's folder.
fn folder(world: &World) -> Files {
    files(&world.mods())
}

#[test]
fn a_link_brings_exactly_the_hosts_mods_from_the_host_and_the_own_ones_come_back() {
    let net = Net::new();
    let host = net.host();
    let guest = net.player();
    guest.muster_ok(&["install", "tester/garden", "--yes"]);
    let own = folder(&guest);
    let link = link(&host);
    assert!(link.starts_with("muster://join/1/"), "{link}");

    // Looking changes nothing, and the servers are not needed for what the host has.
    net.server.refuse("*.muster");
    let offer = guest.muster_json(&["lobby", "join", &link, "--dry-run"]);
    assert_eq!((offer["name"].as_str(), offer["packages"].as_u64()), (Some("Friday night"), Some(2)));
    assert_eq!(folder(&guest), own);
    let before = net.server.sent("*.muster");

    let joined = guest.muster_json(&["lobby", "join", &link, "--yes"]);
    assert_eq!(joined["phase"].as_str(), Some("ready"));
    assert_eq!(guest.placed(), host.placed(), "exactly the host's mods");
    assert_eq!(net.server.sent("*.muster"), before, "the servers gave nothing");

    guest.muster_ok(&["lobby", "leave"]);
    left(&guest);
    assert_eq!(folder(&guest), own, "byte by byte");
    let profiles = guest.muster_json(&["profile", "list"]);
    assert_eq!(profiles.as_array().map(Vec::len), Some(1), "the lobby's profile is gone: {profiles}");
    guest.muster_fails(&["lobby", "leave"], 5, "lobby-none");
}

#[test]
fn after_a_crash_the_own_profile_is_back_wherever_the_lobby_was() {
    let net = Net::new();
    let host = net.host();
    let mut guest = net.player();
    guest.muster_ok(&["install", "tester/garden", "--yes"]);
    let own = folder(&guest);
    let link = link(&host);
    for pause in [0, 20, 60, 120, 250, 500, 1000, 4000] {
        guest.start_if_dead();
        let mut joining = guest.command(&muster_suite::muster());
        let mut joining =
            joining.args(["lobby", "join", &link, "--yes", "--quiet"]).spawn().expect("it runs");
        std::thread::sleep(std::time::Duration::from_millis(pause));
        guest.kill();
        let _ = joining.wait();
        guest.start();
        // Killed while the mods were on their way the lobby goes on; then the player leaves.
        let at = wait_for("an end", || match lobbies(&guest).joined {
            Some(joined) if joined.phase == LobbyPhase::Ready => Some("ready"),
            None => Some("over"),
            Some(_) => None,
        });
        if at == "ready" {
            guest.muster_ok(&["lobby", "leave"]);
        }
        left(&guest);
        assert_eq!(folder(&guest), own, "killed after {pause} ms");
    }
}

#[test]
fn a_ticket_is_refused_when_it_was_changed_and_when_nobody_has_it() {
    let net = Net::new();
    let host = net.host();
    let guest = net.player();
    let file = host.path().join("friday.json");
    let path = file.to_str().expect("a path");
    host.muster_ok(&["lobby", "host", "--ticket", path]);
    let text = std::fs::read_to_string(&file).expect("a ticket");

    // As a file it needs nobody to be reached.
    let offer = guest.muster_json(&["lobby", "join", path, "--dry-run"]);
    assert_eq!(offer["packages"].as_u64(), Some(2));
    std::fs::write(&file, text.replace("1.0.0", "2.0.0")).expect("written");
    guest.muster_fails(&["lobby", "join", path, "--yes"], 1, "registry-signature");

    let nobody = format!("muster://join/1/{}/1000?peer=127.0.0.1:9999", "ab".repeat(32));
    guest.muster_fails(&["lobby", "join", &nobody, "--yes"], 1, "lobby-unreachable");
    assert_eq!(lobbies(&guest), Lobbies::default());
}

#[test]
fn nobody_hosts_who_shares_with_nobody_and_an_address_is_not_named_by_a_link_alone() {
    let net = Net::new();
    let world = net.player();
    world.muster_ok(&["install", "tester/garden", "--yes"]);
    world.muster_fails(&["lobby", "host"], 5, "lobby-not-sharing");
    let link = format!("muster://join/1/{}/1000?peer=192.0.2.7:6881", "ab".repeat(32));
    let body = muster_api::LinkRequest { link };
    let request = Request::new(OperationId::InspectLink).body(&body).expect("JSON");
    // At once: nobody was asked.
    let found: muster_api::LinkInspection = world.ask(request);
    assert_eq!(found, muster_api::LinkInspection::Lobby { peers: vec!["192.0.2.7:6881".into()] });
    assert!(world.muster_json(&["peers"]).as_array().is_none_or(Vec::is_empty));
}
