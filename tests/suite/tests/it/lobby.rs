//! Two players of one lobby: the link brings the host's mods, from the host, and the guest's own are back afterwards.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use muster_api::{
    Changed, JoinLobby, Lobbies, LobbyOffer, LobbyPhase, LobbyPlayer, LobbyRequest, LobbyStep, OperationId,
    Status,
};
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
            Mod::new("tester/arena", "1.0.0")
                .noise("sounds/crowd.ogg", SIZE)
                .needs("tester/rules")
                .needs("tester/garden")
                .line("features: [{id: roses, title: Roses, default: true, depends: [tester/garden]}]"),
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

    /// A player who shares, and plays with the arena under its first rules and without its roses.
    fn host(&self) -> World {
        let world = self.player();
        world.muster_ok(&["settings", "open-port=false", "sharing=everybody", "upload-limit=50000000"]);
        let without = ["--without-feature", "tester/arena=roses"];
        world
            .muster_ok(&[&["install", "tester/rules@1.0.0", "tester/arena", "--yes"][..], &without].concat());
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

/// How far everybody is, as somebody's service says: `name step` and whether it is they.
fn players(players: Vec<LobbyPlayer>) -> Vec<(String, LobbyStep, bool)> {
    players.into_iter().map(|player| (player.name, player.step, player.you)).collect()
}

#[test]
fn the_host_sees_the_guests_get_ready_and_the_guests_see_each_other() {
    let net = Net::new();
    let host = net.host();
    let (ada, bo) = (net.player(), net.player());
    let link = link(&host);
    let hosted = || players(lobbies(&host).hosted.expect("it is open").players);
    assert!(hosted().is_empty());

    ada.muster_ok(&["lobby", "join", &link, "--yes", "--as", "  Ada\u{202e}\n the very very very first "]);
    wait_for("the host to see Ada ready", || {
        (hosted() == [("Ada the very very very f".to_owned(), LobbyStep::Ready, false)]).then_some(())
    });
    // Slow enough to be seen on the way.
    bo.muster_ok(&["settings", "download-limit=400000", "lan-exempt=false"]);
    let mut joining = bo.command(&muster_suite::muster());
    let mut joining = joining.args(["lobby", "join", &link, "--yes", "--quiet"]).spawn().expect("it runs");
    wait_for("the host to see Bo's mods arrive", || {
        let seen = lobbies(&host).hosted.expect("it is open").players;
        let bo = seen.iter().find(|player| player.seat == 2)?;
        (bo.step == LobbyStep::Bringing && bo.done > 0 && bo.done < bo.total).then_some(())
    });
    let table = host.muster_ok(&["lobby", "status"]);
    assert!(table.contains("Player 2") && table.contains("downloading"), "{table}");
    assert!(joining.wait().expect("it ends").success());
    let all = |you: usize| {
        let names = ["Ada the very very very f", ""].map(str::to_owned);
        let seen = names.into_iter().enumerate().map(|(seat, name)| (name, LobbyStep::Ready, seat == you));
        seen.collect::<Vec<_>>()
    };
    for (guest, you) in [(&ada, 0), (&bo, 1)] {
        wait_for("everybody in a guest's list", || {
            (players(lobbies(guest).joined.expect("joined").players) == all(you)).then_some(())
        });
    }

    ada.muster_ok(&["lobby", "leave"]);
    wait_for("the host to see Ada go", || {
        let seen = hosted();
        (seen.first().map(|(_, step, _)| *step) == Some(LobbyStep::Left)).then_some(())
    });
    // One who is killed is not heard of, and says what it is when it is back.
    let joined = lobbies(&bo).joined.expect("joined");
    assert!(joined.heard.is_some() && joined.expires.is_some() && joined.since.is_some());
    host.muster_ok(&["lobby", "close"]);
    assert!(lobbies(&host).hosted.is_none());
    assert_eq!(lobbies(&bo).joined.map(|joined| joined.phase), Some(LobbyPhase::Ready), "it keeps its mods");
}

#[test]
fn a_link_with_the_ticket_in_it_needs_nobody_and_optional_mods_are_left_out_one_by_one() {
    let net = Net::new();
    let mut host = net.host();
    let guest = net.player();
    host.muster_ok(&["install", "tester/garden", "--yes"]);
    host.muster_fails(&["lobby", "host", "--optional", "tester/nothing"], 4, "package-unknown");
    for page in ["file:///etc/passwd", "steam://run/1", "https://me@play.example/"] {
        host.muster_fails(&["lobby", "host", "--back", page], 1, "lobby-page");
    }
    let page = "https://play.example/match/7";
    let hosted =
        host.muster_json(&["lobby", "host", "--optional", "tester/garden", "--back", page, "--known"]);
    let link = hosted["full_link"].as_str().expect("it is small").to_owned();
    assert!(link.starts_with("muster://join/1/t.") && link.len() < 2048, "{link}");

    // Nobody is there to be asked.
    host.kill();
    let body = muster_api::LinkRequest { link: link.clone() };
    let found: muster_api::LinkInspection =
        guest.ask(Request::new(OperationId::InspectLink).body(&body).expect("JSON"));
    assert_eq!(found, muster_api::LinkInspection::Lobby { peers: Vec::new() });
    let all = guest.muster_json(&["lobby", "join", &link, "--dry-run", "--all"]);
    assert_eq!((all["packages"].as_u64(), all["back"].as_str()), (Some(3), Some(page)));
    assert_eq!(all["plan"]["items"].as_array().map(Vec::len), Some(3));
    let cut = &link[..link.len() - 10];
    guest.muster_fails(&["lobby", "join", cut, "--yes"], 1, "registry-envelope");
    let needed = ["lobby", "join", &link, "--yes", "--without", "tester/arena"];
    guest.muster_fails(&needed, 2, "lobby-needed");

    guest.muster_ok(&["lobby", "join", &link, "--yes", "--without", "tester/garden"]);
    assert!(guest.placed().keys().any(|name| name.contains("arena")));
    assert!(!guest.placed().keys().any(|name| name.contains("garden")), "left out");
    let joined = lobbies(&guest).joined.expect("joined");
    assert_eq!((joined.back.as_deref(), joined.heard), (Some(page), None), "the host does not answer");
    guest.muster_ok(&["lobby", "leave"]);
    left(&guest);
}

#[test]
fn a_host_is_known_again_by_its_key_until_that_is_taken_back() {
    let net = Net::new();
    let host = net.host();
    let guest = net.player();
    let open = |known: bool| {
        let mut arguments = vec!["lobby", "host", "--name", "Friday night"];
        arguments.extend(known.then_some("--known"));
        host.muster_json(&arguments)["full_link"].as_str().expect("it is small").to_owned()
    };
    let look = |link: &str| -> LobbyOffer {
        let body = LobbyRequest { link: Some(link.to_owned()), ..LobbyRequest::default() };
        guest.ask(Request::new(OperationId::InspectLobby).body(&body).expect("JSON"))
    };
    let first = open(true);
    let offer = look(&first);
    let by = offer.host.expect("it wants to be known");
    assert!(!by.allowed && offer.asks, "nobody said so, and nothing is known of the publisher");
    let lobby = LobbyRequest { link: Some(first), ..LobbyRequest::default() };
    let agreed = offer.plan.map(|plan| plan.digest);
    let body = JoinLobby { lobby, digest: offer.digest, agreed, name: None, remember_host: true };
    let _: Changed = guest.ask(Request::new(OperationId::JoinLobby).body(&body).expect("JSON"));
    wait_for("the lobby's mods", || {
        lobbies(&guest).joined.filter(|joined| joined.phase == LobbyPhase::Ready)
    });
    guest.muster_ok(&["lobby", "leave"]);
    left(&guest);

    // A new lobby of the same name and another key is not known; one of the same key is.
    assert!(look(&open(false)).host.is_none());
    let again = look(&open(true));
    assert_eq!(
        again.host.as_ref().map(|host| (host.allowed, host.key.clone())),
        Some((true, by.key.clone()))
    );
    assert!(again.asks, "nothing of the publisher is installed");
    let stranger = net.host();
    let other = stranger.muster_json(&["lobby", "host", "--name", "Friday night", "--known"]);
    let other = look(other["full_link"].as_str().expect("it is small"));
    assert_eq!(other.host.map(|host| host.allowed), Some(false), "a name says nothing");

    let hosts = guest.muster_json(&["lobby", "hosts"]);
    assert_eq!(hosts[0]["words"].as_str(), Some(by.words.as_str()));
    guest.muster_ok(&["lobby", "forget", &by.words]);
    guest.muster_fails(&["lobby", "forget", &by.words], 4, "lobby-unknown-host");
    assert_eq!(look(&open(true)).host.map(|host| host.allowed), Some(false));
}

#[test]
fn after_a_crash_the_own_profile_is_back_wherever_the_lobby_was() {
    let net = Net::new();
    let host = net.host();
    let mut guest = net.player();
    guest.muster_ok(&["install", "tester/garden", "--yes"]);
    let own = folder(&guest);
    let link = link(&host);
    for pause in [0, 10, 20, 30, 40, 50, 60, 90, 120, 250, 500, 1000, 4000] {
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
            // What was ready before the kill ends by itself, perhaps before it is asked to.
            let run = guest.muster(&["lobby", "leave"]);
            assert!(run.exit == 0 || (run.exit == 5 && run.err.contains("lobby-none")), "{run:?}");
        }
        left(&guest);
        assert_eq!(folder(&guest), own, "killed after {pause} ms");
        let profiles = guest.muster_json(&["profile", "list"]);
        assert_eq!(profiles.as_array().map(Vec::len), Some(1), "killed after {pause} ms: {profiles}");
    }
}

#[test]
fn a_ticket_is_refused_when_it_was_changed_and_when_nobody_has_it() {
    let net = Net::new();
    let host = net.host();
    let guest = net.player();
    let file = host.path().join("friday.json");
    let path = file.to_str().expect("a path");
    let said = host.muster_ok(&["lobby", "host", "--ticket", path]);
    assert!(
        said.contains("muster://join/1/") && !said.contains("/t."),
        "the long link comes when asked for: {said}"
    );
    let said = host.muster_ok(&["lobby", "status", "--long-link"]);
    assert!(said.contains("muster://join/1/t."), "{said}");
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
