//! What is kept and shared, the queue and the figures, as a player and a script meet them in the terminal.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::{
    fs,
    io::{Read, Write},
    os::unix::net::UnixStream,
    time::Duration,
};

use muster_api::{Job, OperationId, Phase, Seed, Transfer, TransferState, Transfers};
use muster_client::Request;
use muster_suite::{Mod, PATIENCE, Registry, Server, World, wait_for};
use serde_json::Value;

const LAMP: &str = "tester/lamp";
const TIDE: &str = "tester/tide";
const SIZE: usize = 3_000_000;

/// A small mod and a large one, from a registry in a folder.
fn world() -> (World, Registry) {
    let world = World::new();
    let tide = Mod::new(TIDE, "1.0.0").noise("sounds/sea.ogg", SIZE);
    let registry = Registry::with(&world.path().join("made"), &[Mod::new(LAMP, "1.0.0"), tide]);
    world.add_registry(&registry, None);
    (world, registry)
}

fn installed() -> (World, Registry) {
    let (world, registry) = world();
    world.muster_ok(&["install", LAMP, TIDE, "--yes"]);
    (world, registry)
}

fn seeds(world: &World) -> Vec<Seed> {
    world.ask(Request::new(OperationId::Seeds))
}

fn seed(world: &World, id: &str) -> Seed {
    let found = seeds(world).into_iter().find(|seed| seed.package.as_ref().is_some_and(|key| key.id == id));
    found.unwrap_or_else(|| panic!("{id} is kept"))
}

fn codes(list: &Value) -> Vec<&str> {
    list.as_array().expect("reasons").iter().filter_map(|reason| reason["code"].as_str()).collect()
}

#[test]
fn what_is_kept_is_listed_with_the_reasons_in_both_languages() {
    let (world, _registry) = installed();
    world.muster_ok(&["remove", LAMP]);
    let listed = world.muster_json(&["seed", "list"]);
    let rows = listed.as_array().expect("a list");
    assert_eq!(
        (rows[0]["name"].as_str(), rows[1]["name"].as_str()),
        (Some("tide 1.0.0"), Some("lamp 1.0.0"))
    );
    assert_eq!(
        (codes(&rows[0]["kept"]), codes(&rows[1]["kept"])),
        (vec!["kept-installed"], vec!["kept-for-now"])
    );
    assert!(rows.iter().all(|row| row["offered"] == false && row["reason"]["code"] == "sharing-not-chosen"));
    assert_eq!(listed, world.muster_json(&["seeds"]), "the old name stays");

    let english = world.muster(&["seed"]);
    for sentence in
        ["Used by Standard", "Nothing needs it; it goes in 30 days", "Sharing is off until you choose"]
    {
        assert!(english.out.contains(sentence), "{sentence}: {english:?}");
    }
    assert!(english.err.contains("2 archives, ") && english.err.contains("of 2.0"), "{english:?}");
    let mut command = world.command(&muster_suite::muster());
    let german = command.args(["seed", "list"]).env("LANG", "de_DE.UTF-8").output().expect("muster runs");
    let german = String::from_utf8_lossy(&german.stdout).into_owned();
    for sentence in ["Benutzt von Standard", "Nichts braucht es; es geht in 30 Tagen"] {
        assert!(german.contains(sentence), "{sentence}: {german}");
    }
}

#[test]
fn what_is_pinned_stays_and_the_rest_goes_when_room_is_made() {
    let (world, _registry) = installed();
    let (lamp, tide) = (seed(&world, LAMP), seed(&world, TIDE));
    world.muster_ok(&["seed", "pin", LAMP]);
    assert!(seed(&world, LAMP).pinned);
    let plan = world.muster_json(&["seed", "free", "--all", "--dry-run"]);
    assert_eq!(
        (&plan["goes"][0]["name"], &plan["stays"][0]["name"]),
        (&"tide 1.0.0".into(), &"lamp 1.0.0".into())
    );
    assert_eq!(
        (codes(&plan["stays"][0]["reasons"]), &plan["freed"]),
        (vec!["stays-pinned"], &tide.size.into())
    );

    world.muster_fails(&["seed", "free", "--all"], 2, "cli-needs-yes");
    world.muster_fails(&["seed", "free", LAMP, "--yes"], 5, "cli-nothing-freed");
    world.muster_fails(&["seed", "free", "tester/nothing"], 4, "cli-archive-unknown");
    world.muster_fails(&["seed", "free", "5sacks"], 2, "cli-amount");
    world.muster_fails(&["seed", "pin", "ffffffff"], 4, "cli-archive-unknown");
    assert_eq!(seeds(&world).len(), 2, "nothing went");

    let run = world.muster(&["seed", "free", "1MB", "--yes"]);
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(run.out.contains("goes") && run.out.contains("Used by Standard"), "{run:?}");
    assert!(run.err.contains("MB freed."), "{run:?}");
    assert_eq!(
        seeds(&world).iter().map(|seed| seed.sha256.as_str()).collect::<Vec<_>>(),
        [lamp.sha256.as_str()]
    );
    assert_eq!(world.muster_json(&["verify"])["missing"], Value::Array(Vec::new()), "mods stay placed");

    world.muster_ok(&["seed", "unpin", &lamp.sha256[..10]]);
    let made = world.muster_json(&["seed", "free", LAMP, "--yes"]);
    assert!(made["change"].is_u64() && made["freed"] == lamp.size, "{made}");
    assert!(seeds(&world).is_empty());
    world.muster_fails(&["seed", "free", "--all", "--yes"], 5, "cli-nothing-freed");
}

#[test]
fn a_pause_of_sharing_lasts_over_a_restart_and_downloads_go_on() {
    let (mut world, _registry) = world();
    world.muster_ok(&["settings", "sharing=everybody", "listen=127.0.0.1:0"]);
    world.muster_ok(&["install", LAMP, "--yes"]);
    wait_for("the offer", || seed(&world, LAMP).offered.then_some(()));
    world.muster_ok(&["seed", "pause"]);
    wait_for("the end of the offer", || (!seed(&world, LAMP).offered).then_some(()));
    world.muster_ok(&["stop"]);
    world.start();
    world.muster_ok(&["install", TIDE, "--yes"]);
    let reasons: Vec<_> =
        seeds(&world).into_iter().filter_map(|seed| seed.reason).map(|why| why.code).collect();
    assert_eq!(reasons, ["sharing-seeding-paused", "sharing-seeding-paused"]);
    world.muster_ok(&["seed", "pause", TIDE]);
    world.muster_ok(&["seed", "resume"]);
    wait_for("the offer", || seed(&world, LAMP).offered.then_some(()));
    assert_eq!(seed(&world, TIDE).reason.map(|why| why.code).as_deref(), Some("sharing-paused"));
    world.muster_ok(&["seed", "resume", TIDE]);
    wait_for("the offer", || seed(&world, TIDE).offered.then_some(()));
}

#[test]
fn a_restart_hashes_nothing_and_a_killed_service_everything() {
    let (mut world, _registry) = installed();
    world.muster_ok(&["stop"]);
    let read_by = |world: &World| {
        let text = fs::read_to_string(format!("/proc/{}/io", world.pid())).expect("a process of ours");
        let line = text.lines().find_map(|line| line.strip_prefix("rchar: ")).expect("bytes read");
        line.parse::<u64>().expect("a number")
    };
    let all_checked = |world: &World| {
        let seeds = seeds(world);
        (seeds.len() == 2 && seeds.iter().all(|seed| seed.checked)).then_some(())
    };
    world.start();
    assert!(all_checked(&world).is_some(), "ready is ready");
    assert!(read_by(&world) < SIZE as u64, "{} bytes were read", read_by(&world));
    world.kill();
    world.start();
    wait_for("the check", || all_checked(&world));
    assert!(read_by(&world) > SIZE as u64, "{} bytes were read", read_by(&world));
}

/// A registry whose archives do not come before the server is calm.
struct Late {
    server: Server,
    _registry: Registry,
    _folder: tempfile::TempDir,
}

fn late() -> (World, Late) {
    let folder = tempfile::tempdir().expect("a folder");
    let mods = ["lamp", "tide", "moor"].map(|name| {
        Mod::new(&format!("tester/{name}"), "1.0.0").noise("sounds/sea.ogg", 200_000 + name.len())
    });
    let registry = Registry::with(folder.path(), &mods);
    let server = Server::start(&registry.path());
    let world = World::new();
    world.add_registry(&registry, Some(server.address()));
    server.stall("*.muster");
    (world, Late { server, _registry: registry, _folder: folder })
}

fn transfers(world: &World) -> Transfers {
    world.ask(Request::new(OperationId::Transfers))
}

fn names(world: &World) -> Vec<String> {
    transfers(world).transfers.into_iter().map(|transfer| transfer.name).collect()
}

fn transfer(world: &World, name: &str) -> Transfer {
    transfers(world).transfers.into_iter().find(|transfer| transfer.name == name).expect("in the queue")
}

#[test]
fn the_queue_is_ordered_by_name_package_or_hash_and_shows_how_far_everything_is() {
    let (world, late) = late();
    let job = world.change(&world.to_install(&["tester/lamp", "tester/tide", "tester/moor"]));
    wait_for("the queue", || (names(&world).len() == 3).then_some(()));
    let total: u64 = transfers(&world).transfers.iter().map(|transfer| transfer.size).sum();
    let shown = world.muster_json(&["queue"]);
    let group = &shown["groups"][0];
    assert_eq!(
        (&group["job"], &group["archives"], &group["total"]),
        (&job.clone().into(), &3.into(), &total.into())
    );
    assert_eq!((&shown["all"]["left"], &shown["all"]["complete"]), (&total.into(), &0.into()));

    world.muster_ok(&["queue", "first", "tester/tide"]);
    wait_for("the order", || (names(&world)[0] == "tide 1.0.0").then_some(()));
    world.muster_ok(&["queue", "last", "tide 1.0.0"]);
    wait_for("the order", || (names(&world)[2] == "tide 1.0.0").then_some(()));
    let hash = transfer(&world, "tide 1.0.0").sha256;
    world.muster_ok(&["queue", "move", &hash[..8], "2"]);
    wait_for("the order", || (names(&world)[1] == "tide 1.0.0").then_some(()));
    world.muster_ok(&["queue", "tier", "tester/tide", "now"]);
    wait_for("the tier", || (names(&world)[0] == "tide 1.0.0").then_some(()));

    world.muster_ok(&["queue", "pause", "tester/lamp"]);
    wait_for("the pause", || (transfer(&world, "lamp 1.0.0").state == TransferState::Paused).then_some(()));
    let listed = world.muster(&["queue"]);
    assert!(listed.out.contains("Paused by you"), "{listed:?}");
    assert!(listed.err.contains("0 of 3, "), "{listed:?}");
    world.muster_fails(&["queue", "pause", "tester/nothing"], 4, "cli-transfer-unknown");
    world.muster_fails(&["queue", "cancel", "ffffffff"], 4, "cli-transfer-unknown");

    late.server.calm();
    wait_for("the others", || {
        let done = |name| transfer(&world, name).state == TransferState::Done;
        (done("tide 1.0.0") && done("moor 1.0.0")).then_some(())
    });
    let group = &world.muster_json(&["queue"])["groups"][0];
    assert_eq!(group["complete"], 2);
    world.muster_ok(&["queue", "resume", "tester/lamp"]);
    assert_eq!(world.wait_job(&job).phase, Phase::Done);
    assert_eq!(world.muster_json(&["queue"])["groups"], Value::Array(Vec::new()));
}

#[test]
fn a_download_that_is_cancelled_cancels_the_change_that_needs_it_and_nothing_else() {
    let (world, late) = late();
    let job = world.change(&world.to_install(&["tester/lamp", "tester/tide"]));
    wait_for("the queue", || (names(&world).len() == 2).then_some(()));
    world.muster_ok(&["queue", "cancel", "tester/lamp"]);
    let ended: Job = world.wait_job(&job);
    assert_eq!(ended.phase, Phase::Cancelled);
    wait_for("an empty queue", || names(&world).is_empty().then_some(()));
    assert!(!world.mods().exists());
    late.server.calm();
    world.muster_ok(&["install", "tester/tide", "--yes"]);
    assert!(world.mods().join("tide").is_dir());
}

#[test]
fn connections_are_shown_while_they_last() {
    let (giver, registry) = world();
    giver.muster_ok(&["settings", "sharing=everybody", "listen=127.0.0.1:0", "upload-limit=200000"]);
    // Both are on this machine, and have to keep to the limit all the same.
    giver.muster_ok(&["limits", "set", "--lan-exempt", "no"]);
    giver.muster_ok(&["install", TIDE, "--yes"]);
    let address = wait_for("an address for peers", || {
        giver.ask::<muster_api::Status>(Request::new(OperationId::Status)).peer_address
    });
    wait_for("the offer", || seed(&giver, TIDE).offered.then_some(()));
    assert_eq!(giver.muster_json(&["peers"]), Value::Array(Vec::new()));

    let server = Server::start(&registry.path());
    let taker = World::new();
    taker.add_registry(&registry, Some(server.address()));
    server.refuse("*.muster");
    let job = taker.change(&taker.to_install(&[TIDE]));
    wait_for("the queue", || (!names(&taker).is_empty()).then_some(()));
    taker.muster_ok(&["queue", "peers", TIDE, &address]);
    for world in [&taker, &giver] {
        let connected = wait_for("the connection", || {
            let rows = world.muster_json(&["peers", TIDE]);
            rows[0]["connected"].as_u64().filter(|connected| *connected > 0).map(|_| rows)
        });
        let peer = &connected[0]["peers"][0];
        assert_eq!((&connected[0]["name"], &peer["wrong_blocks"]), (&"tide 1.0.0".into(), &0.into()));
        assert!(peer["address"].as_str().is_some_and(|address| address.starts_with("127.0.0.1:")), "{peer}");
    }
    giver.muster_ok(&["settings", "upload-limit=50000000"]);
    assert_eq!(taker.wait_job(&job).phase, Phase::Done);
    wait_for("the giver's books", || (seed(&giver, TIDE).given >= SIZE as u64).then_some(()));
    let metrics = metrics(&giver).1;
    let given: u64 = sample(&metrics, "muster_transfer_bytes_total{direction=\"up\",source=\"swarm\"}");
    assert!(given >= SIZE as u64, "{metrics}");
}

/// Head and body of the figures.
fn metrics(world: &World) -> (String, String) {
    let mut stream = UnixStream::connect(world.socket()).expect("a service listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    stream.write_all(b"GET /v1/metrics HTTP/1.1\r\nHost: muster\r\nConnection: close\r\n\r\n").expect("sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("text");
    let (head, body) = reply.split_once("\r\n\r\n").expect("a head");
    (head.to_lowercase(), body.to_owned())
}

fn sample(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} in {text}"))
}

#[test]
fn figures_are_plain_text_on_the_socket_and_name_nobody() {
    let (world, _registry) = installed();
    world.muster_ok(&["remove", LAMP]);
    world.muster_ok(&["seed", "free", LAMP, "--yes"]);
    let (head, text) = metrics(&world);
    assert!(head.starts_with("http/1.1 200") && head.contains("text/plain; version=0.0.4"), "{head}");
    assert_eq!(sample(&text, "muster_seeds_kept"), 1);
    assert_eq!(sample(&text, "muster_jobs_total{kind=\"change\",result=\"done\"}"), 2);
    assert_eq!(sample(&text, "muster_cache_evictions_total{reason=\"asked\"}"), 1);
    // Bytes are counted a moment after they came.
    wait_for("the bytes to be counted", || {
        let counted = "muster_transfer_bytes_total{direction=\"down\",source=\"origin\"}";
        (sample(&metrics(&world).1, counted) >= SIZE as u64).then_some(())
    });
    assert!(sample(&text, "muster_uptime_seconds") < Duration::from_secs(600).as_secs());
    let home = world.path().to_string_lossy().into_owned();
    for private in ["tester", "tide", &seed(&world, TIDE).sha256[..8], &home, "127.0.0.1"] {
        assert!(!text.contains(private), "{private} is named: {text}");
    }
}
