//! What a registry advises against: warned of, refused, given to nobody, switched off and brought back.

use std::time::{Duration, Instant};

use muster_api::{AuditReport, OperationId, Phase, Seed, Status, Transfers};
use muster_client::Request;
use muster_suite::{Mod, PATIENCE, Registry, Server, World, wait_for};

const BIG: &str = "tester/big";
const LAMP: &str = "tester/lamp";
const SIZE: usize = 6_000_000;

fn seeds(world: &World) -> Vec<Seed> {
    world.ask(Request::new(OperationId::Seeds))
}

fn status(world: &World) -> Status {
    world.ask(Request::new(OperationId::Status))
}

fn arrived(world: &World) -> u64 {
    let transfers: Transfers = world.ask(Request::new(OperationId::Transfers));
    transfers.transfers.iter().map(|transfer| transfer.from_peers).sum()
}

/// Every file of the player's mods folder that a package placed.
fn is_placed(world: &World, name: &str) -> bool {
    world.placed().keys().any(|path| path.starts_with(&format!("{name}/")))
}

#[test]
fn t113_an_advisory_stops_giving_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let big = Mod::new(BIG, "1.0.0").noise("sounds/sea.ogg", SIZE);
    let registry = Registry::with(folder.path(), &[big]);
    let server = Server::start(&registry.path());
    let player = || {
        let world = World::new();
        let own =
            ["settings", "listen=127.0.0.1:0", "find-nearby=false", "find-public=false", "open-port=false"];
        world.muster_ok(&own);
        world.add_registry(&registry, Some(server.address()));
        world
    };
    let giver = player();
    // Slow enough for the warning to come in the middle.
    giver.muster_ok(&["settings", "sharing=everybody", "upload-limit=400000", "lan-exempt=false"]);
    giver.muster_ok(&["install", BIG, "--yes"]);
    let offered = wait_for("the offer", || seeds(&giver).into_iter().find(|seed| seed.offered));
    let address = wait_for("an address for peers", || status(&giver).peer_address);

    server.refuse("*.muster");
    let takers = [player(), player()];
    let ask = |taker: &World| {
        let job = taker.change(&taker.to_install(&[BIG]));
        wait_for("the transfer", || {
            let transfers: Transfers = taker.ask(Request::new(OperationId::Transfers));
            transfers.transfers.iter().any(|transfer| transfer.sha256 == offered.sha256).then_some(())
        });
        taker.muster_ok(&["queue", "peers", &offered.sha256, &address]);
        job
    };
    let job = ask(&takers[0]);
    wait_for("a beginning", || (arrived(&takers[0]) > 0).then_some(()));
    assert_eq!(takers[0].job(&job).phase, Phase::Fetching, "it must not be over yet");

    registry.advise("2026-1", &["--severity", "malware", "--text", "Sends saves away.", "--package", BIG]);
    giver.muster_ok(&["source", "sync"]);
    // The list is drawn at most four times a second.
    let kept = wait_for("the end of the offer", || {
        seeds(&giver).into_iter().find(|seed| seed.sha256 == offered.sha256 && !seed.offered)
    });
    wait_for("nothing to be shared", || (status(&giver).shared == 0).then_some(()));
    assert_eq!(kept.reason.map(|why| why.code).as_deref(), Some("sharing-advised-against"));
    // What was on the wire when the sync ended may still arrive; then nothing does, not for those who come anew either.
    let (mut last, mut since) = (arrived(&takers[0]), Instant::now());
    let deadline = Instant::now() + PATIENCE;
    while since.elapsed() < Duration::from_secs(3) {
        std::thread::sleep(Duration::from_millis(100));
        let now = arrived(&takers[0]);
        if now != last {
            (last, since) = (now, Instant::now());
        }
        assert!(Instant::now() < deadline, "bytes go on arriving");
    }
    assert!(last < SIZE as u64, "all of it arrived");
    let given = seeds(&giver).iter().map(|seed| seed.given).sum::<u64>();
    ask(&takers[1]);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!((arrived(&takers[0]), arrived(&takers[1])), (last, 0));
    assert_eq!(seeds(&giver).iter().map(|seed| seed.given).sum::<u64>(), given, "no byte of it is given");

    // Who fetches it learns of it, too, and gets a sentence.
    takers[0].muster_ok(&["source", "sync"]);
    let ended = takers[0].wait_job(&job);
    assert_eq!(ended.problem.map(|problem| problem.code).as_deref(), Some("advised-against"));
    assert!(!is_placed(&takers[0], "big"));

    // A restart changes nothing; taking the warning back does.
    registry.advise("2026-1", &["--withdraw"]);
    giver.muster_ok(&["source", "sync"]);
    wait_for("the offer", || seeds(&giver).into_iter().find(|seed| seed.offered));
}

#[test]
fn what_is_advised_against_is_refused_flagged_quarantined_and_brought_back() {
    let mut world = World::new();
    let made = world.path().join("made");
    let registry = Registry::with(
        &made,
        &[Mod::new(LAMP, "1.0.0"), Mod::new(LAMP, "1.1.0"), Mod::new("tester/tide", "1.0.0")],
    );
    world.add_registry(&registry, None);
    world.muster_ok(&["install", "tester/lamp@1.0.0", "--yes"]);
    world.muster_ok(&["audit"]);
    let text = "Empties chests at night.";
    registry.advise(
        "2026-7",
        &["--severity", "broken", "--text", text, "--package", "tester/lamp@<1.1.0", "--fixed", "1.1.0"],
    );
    registry.run(&["--quiet", "registry", "verify", registry.path().to_str().expect("a path")]);
    world.muster_ok(&["source", "sync"]);

    // Found installed, in both languages; search shows the newest version, which is fine.
    let audit = world.muster(&["audit"]);
    assert_eq!(audit.exit, 1, "{audit:?}");
    for part in ["tester/lamp 1.0.0", text, "version 1.1.0 is without the fault", "2026-7"] {
        assert!(audit.out.contains(part), "{part}: {audit:?}");
    }
    let german = world.command(&muster_suite::muster()).arg("audit").env("LANG", "de_DE.UTF-8").output();
    let german = String::from_utf8_lossy(&german.expect("muster runs").stdout).into_owned();
    assert!(german.contains("Version 1.1.0 hat den Fehler nicht"), "{german}");
    let entries = world.muster_json(&["list"]);
    assert_eq!(entries["entries"][0]["problem"]["code"], "advised-against", "{entries}");
    let status = status(&world);
    assert!(status.reasons.iter().any(|reason| reason.code == "advised-installed"), "{status:?}");
    let found = world.muster_json(&["search", "lamp"]);
    assert!(found["rows"][0].get("advice").is_none(), "{found}");
    let shown = world.muster_json(&["show", LAMP]);
    assert_eq!(shown["versions"][1]["advice"][0]["text"], text, "{shown}");

    // Off in one step that can be undone; on again only against the source's word.
    assert!(is_placed(&world, "lamp"));
    world.muster_ok(&["quarantine"]);
    assert!(!is_placed(&world, "lamp"));
    world.muster_ok(&["audit"]);
    assert!(world.muster(&["history"]).out.contains("advised against"));
    let refused = world.muster_fails(&["enable", LAMP], 5, "advised-against");
    assert!(refused.err.contains(text) && refused.err.contains("Version 1.1.0"), "{refused:?}");
    world.muster_fails(&["quarantine", "tester/tide"], 4, "package-not-installed");
    world.muster_ok(&["undo"]);
    assert!(is_placed(&world, "lamp"));

    // The warning outlives a restart, also without the catalogue; an update leaves the version behind.
    world.muster_ok(&["stop"]);
    world.start();
    assert_eq!(world.muster(&["audit"]).exit, 1);
    world.muster_ok(&["update", "--yes"]);
    world.muster_ok(&["audit"]);
    let report: AuditReport = world.ask(Request::new(OperationId::Audit));
    assert_eq!((report.packages, report.findings.len()), (1, 0));
    world.muster_ok(&["remove", LAMP]);

    // The old version is not chosen any more, the sentence says why, and the way out is named.
    let refused = world.muster_fails(&["install", "tester/lamp@1.0.0", "--yes"], 5, "resolution-failed");
    assert!(refused.err.contains(text) && refused.err.contains("1.1.0"), "{refused:?}");
    registry.advise("2026-8", &["--severity", "malware", "--text", text, "--publisher", "tester"]);
    world.muster_ok(&["source", "sync"]);
    let found = world.muster(&["search", "lamp"]);
    assert!(found.out.contains("harmful"), "{found:?}");
    world.muster_fails(&["install", LAMP, "--yes"], 5, "resolution-failed");
    for id in ["2026-7", "2026-8"] {
        registry.advise(id, &["--withdraw"]);
    }
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["install", "tester/lamp@1.0.0", "--yes"]);
}

#[test]
fn t38_another_source_is_heard_about_bytes_and_not_about_versions() {
    let world = World::new();
    let ours = Registry::with(&world.path().join("ours"), &[Mod::new(LAMP, "1.0.0")]);
    let others = Registry::with(&world.path().join("others"), &[Mod::new("tester/tide", "1.0.0")]);
    world.add_registry(&ours, None);
    let path = others.path();
    let address = path.to_str().expect("a path");
    world.muster_ok(&["source", "add", address, "--alias", "others", "--root", &others.root()]);
    others.advise("1", &["--severity", "malware", "--text", "It lies.", "--package", LAMP]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["install", "test:tester/lamp", "--yes"]);
    world.muster_ok(&["audit"]);
    let sha256 = seeds(&world).remove(0).sha256;
    others.advise("2", &["--severity", "malware", "--text", "It lies.", "--sha256", &sha256]);
    world.muster_ok(&["source", "sync"]);
    assert_eq!(world.muster(&["audit"]).exit, 1);
    world.muster_ok(&["source", "remove", "others"]);
    world.muster_ok(&["audit"]);
}
