//! Two services on one machine give each other a package while the server is away.

use muster_api::{Job, OperationId, Phase, Seed, Status, Transfers};
use muster_client::Request;
use muster_suite::{Mod, Registry, Server, World, wait_for};

const SIZE: usize = 6_000_000;

struct Net {
    registry: Registry,
    server: Server,
    // Removed with everything in it when the test ends.
    _folder: tempfile::TempDir,
}

impl Net {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let big = Mod::new("tester/big", "1.0.0").noise("sounds/sea.ogg", SIZE);
        let registry = Registry::with(folder.path(), &[big]);
        let server = Server::start(&registry.path());
        Self { registry, server, _folder: folder }
    }

    /// A player who knows the registry from its server.
    fn player(&self) -> World {
        let world = World::new();
        world.muster_ok(&["settings", "listen=127.0.0.1:0"]);
        world.add_registry(&self.registry, Some(self.server.address()));
        world
    }

    /// A player who has the package and offers it to everybody.
    fn giver(&self) -> World {
        let world = self.player();
        world.muster_ok(&[
            "settings",
            "find-nearby=false",
            "find-public=false",
            "open-port=false",
            "sharing=everybody",
            "upload-limit=0",
        ]);
        world.muster_ok(&["settings", "upload-limit=50000000"]);
        world.muster_ok(&["install", "tester/big", "--yes"]);
        world
    }
}

fn status(world: &World) -> Status {
    world.ask(Request::new(OperationId::Status))
}

fn transfers(world: &World) -> Transfers {
    world.ask(Request::new(OperationId::Transfers))
}

fn peer_address(world: &World) -> String {
    wait_for("an address for peers", || status(world).peer_address)
}

#[test]
fn a_package_comes_from_another_player_while_the_server_is_away() {
    let net = Net::new();
    let giver = net.giver();
    let address = peer_address(&giver);
    assert!(net.server.sent("*.muster") >= SIZE as u64, "the first one has it from the server");
    let offered: Vec<Seed> = wait_for("the offer", || {
        Some(giver.ask::<Vec<Seed>>(Request::new(OperationId::Seeds)))
            .filter(|seeds| seeds.iter().any(|seed| seed.offered))
    });
    let (sha256, size) = (offered[0].sha256.clone(), offered[0].size);

    let taker = net.player();
    net.server.refuse("*.muster");
    let before = net.server.sent("*.muster");
    let job = taker.change(&taker.to_install(&["tester/big"]));
    wait_for("the transfer", || {
        transfers(&taker).transfers.iter().any(|transfer| transfer.sha256 == sha256).then_some(())
    });
    assert!(!taker.mods().exists());
    taker.muster_ok(&["queue", "peers", &sha256, &address]);

    let mut from_peers = 0;
    let done: Job = wait_for("the job's end", || {
        let now = transfers(&taker);
        from_peers = now.transfers.iter().map(|transfer| transfer.from_peers).fold(from_peers, u64::max);
        assert!(now.transfers.iter().all(|transfer| transfer.from_servers == 0));
        Some(taker.job(&job)).filter(|job| job.phase.is_end())
    });
    assert_eq!(done.phase, Phase::Done, "{done:?}\n{}", taker.log());
    assert_eq!(taker.placed(), giver.placed());
    assert_eq!(net.server.sent("*.muster"), before, "the server gave nothing");
    // Bytes on the wire: the package, and what was asked for twice.
    wait_for("bytes of peers to be counted as such", || {
        let now = transfers(&taker).transfers;
        assert!(now.iter().all(|transfer| transfer.from_servers == 0));
        (from_peers > 0 || now.iter().any(|transfer| transfer.from_peers > 0)).then_some(())
    });
    wait_for("the giver's books", || {
        let seeds: Vec<Seed> = giver.ask(Request::new(OperationId::Seeds));
        seeds.iter().any(|seed| seed.sha256 == sha256 && seed.given >= size).then_some(())
    });
}

#[test]
fn nothing_is_offered_before_the_player_said_yes() {
    let net = Net::new();
    let world = net.player();
    world.muster_ok(&["install", "tester/big", "--yes"]);
    let quiet = |why: &str| {
        let status = status(&world);
        assert_eq!((status.peer_address, status.shared), (None, 0), "{why}");
        assert_eq!(listening(world.holder().expect("a service runs")), 0, "{why}: no port is open");
        let seeds: Vec<Seed> = world.ask(Request::new(OperationId::Seeds));
        assert!(seeds.iter().all(|seed| !seed.offered), "{why}");
    };
    quiet("not asked yet");
    world.muster_ok(&[
        "settings",
        "find-nearby=false",
        "find-public=false",
        "open-port=false",
        "sharing=everybody",
    ]);
    peer_address(&world);
    assert_eq!(listening(world.holder().expect("a service runs")), 1);
    world.muster_ok(&["settings", "sharing=nobody"]);
    wait_for("the port to close", || status(&world).peer_address.is_none().then_some(()));
    quiet("taken back");
}

#[test]
fn an_installation_waits_for_its_server_and_goes_on_by_itself() {
    let net = Net::new();
    let world = net.player();
    net.server.stall("*.muster");
    let job = world.change(&world.to_install(&["tester/big"]));
    wait_for("the transfer", || (!transfers(&world).transfers.is_empty()).then_some(()));
    assert_eq!(world.job(&job).phase, Phase::Fetching);
    assert!(!world.mods().exists());
    net.server.calm();
    assert_eq!(world.wait_job(&job).phase, Phase::Done);
    assert!(world.mods().join("big/sounds/sea.ogg").is_file());
}

#[test]
fn what_arrived_before_a_crash_is_not_fetched_again() {
    let net = Net::new();
    let mut world = net.player();
    net.server.slow(2_000_000);
    let job = world.change(&world.to_install(&["tester/big"]));
    wait_for("a third of it", || (world.job(&job).done > SIZE as u64 / 3).then_some(()));
    world.kill();
    net.server.calm();
    world.start();
    assert!(world.wait_idle().iter().all(|job| job.phase == Phase::Done));
    assert!(world.mods().join("big/sounds/sea.ogg").is_file());
    let sent = net.server.sent("*.muster");
    assert!(sent < SIZE as u64 * 5 / 3, "{sent} bytes were sent of {SIZE}");
}

/// TCP sockets on which a process listens.
fn listening(pid: u32) -> usize {
    let folder = std::fs::read_dir(format!("/proc/{pid}/fd")).expect("a process of ours");
    let links = folder.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
    let own: Vec<String> = links
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let tables = ["tcp", "tcp6"]
        .map(|name| std::fs::read_to_string(format!("/proc/{pid}/net/{name}")).unwrap_or_default());
    let listens = |line: &&str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        // State 0A is LISTEN; the tenth column is the socket's number.
        columns.get(3) == Some(&"0A")
            && columns.get(9).is_some_and(|inode| own.iter().any(|own| own == inode))
    };
    tables.iter().flat_map(|table| table.lines()).filter(listens).count()
}
