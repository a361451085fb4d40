//! Several sources beside each other, and none of them: the order, the switch, what stays true without a network, and that
//! no source takes another one's place.

use std::time::{Duration, Instant};

use muster_api::{OperationId, Source, SourceState};
use muster_client::Request;
use muster_suite::{Mod, Registry, Server, World, wait_for};

const LAMP: &str = "tester/lamp";
const TIDE: &str = "tester/tide";

fn sources(world: &World) -> Vec<Source> {
    world.ask(Request::new(OperationId::Sources))
}

fn found(world: &World, text: &str) -> Vec<String> {
    let page = world.muster_json(&["search", text]);
    let rows = page["rows"].as_array().expect("rows").iter();
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().expect("a text").to_owned();
    rows.map(|row| format!("{}:{}", text(row, "source_name"), text(row, "id"))).collect()
}

fn add(world: &World, registry: &Registry, alias: &str, address: &str) {
    world.muster_ok(&["source", "add", address, "--alias", alias, "--root", &registry.root()]);
}

/// Installed once and removed again: known, and here.
fn with_cached_lamp(registry: &Registry, address: &str) -> World {
    let world = World::new();
    add(&world, registry, "test", address);
    world.muster_ok(&["install", LAMP, "--yes"]);
    world.muster_ok(&["remove", LAMP]);
    world
}

#[test]
fn a_cut_network_everything_synced_is_found_and_everything_cached_installs() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = Mod::new("tester/base", "1.0.0").noise("a.ogg", 9_000);
    let lamp = Mod::new(LAMP, "1.0.0").needs("tester/base").noise("b.ogg", 9_000);
    let registry =
        Registry::with(folder.path(), &[base, lamp, Mod::new(TIDE, "1.0.0").noise("c.ogg", 9_000)]);
    let server = Server::start(&registry.path());
    let mut world = with_cached_lamp(&registry, server.address());
    drop(server);
    // Also after a restart, and after the sources were asked in vain.
    world.muster_ok(&["stop"]);
    world.start();
    assert_ne!(world.muster(&["source", "sync"]).exit, 0);
    assert_eq!(sources(&world)[0].state, SourceState::Failed);
    assert_eq!(found(&world, "lamp"), ["test:tester/lamp"]);
    assert_eq!(found(&world, "tide"), ["test:tester/tide"]);
    world.muster_ok(&["show", TIDE]);
    let started = Instant::now();
    world.muster_ok(&["install", LAMP, "--yes"]);
    assert!(started.elapsed() < Duration::from_secs(30), "nobody waits for who does not answer");
    assert!(world.mods().join("lamp/b.ogg").is_file() && world.mods().join("base/a.ogg").is_file());
    world.muster_ok(&["verify"]);
}

#[test]
fn offline_mode_asks_nobody_and_installs_what_is_here() {
    let folder = tempfile::tempdir().expect("a folder");
    let lamp = Mod::new(LAMP, "1.0.0").noise("b.ogg", 9_000);
    let registry = Registry::with(folder.path(), &[lamp, Mod::new(TIDE, "1.0.0").noise("c.ogg", 9_000)]);
    let server = Server::start(&registry.path());
    let mut world = with_cached_lamp(&registry, server.address());
    world.muster_ok(&["settings", "offline=true"]);
    let sent = server.sent("*");
    world.muster_ok(&["stop"]);
    world.start();
    let status: muster_api::Status = world.ask(Request::new(OperationId::Status));
    assert!(status.reasons.iter().any(|reason| reason.code == "offline"), "{status:?}");
    world.muster_fails(&["source", "sync"], 1, "catalog-switched-off");
    assert_eq!(found(&world, "tide"), ["test:tester/tide"]);
    world.muster_ok(&["install", LAMP, "--yes"]);
    assert!(world.mods().join("lamp/b.ogg").is_file());
    world.muster_fails(&["source", "add", server.address(), "--root", &registry.root()], 5, "offline-mode");
    assert_eq!(server.sent("*"), sent, "not a byte was asked for");
    world.muster_ok(&["settings", "offline=false"]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["install", TIDE, "--yes"]);
}

#[test]
fn t33_a_higher_version_of_another_source_never_takes_a_package_over() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let ours = Registry::with(&folder.path().join("ours"), &[Mod::new(LAMP, "1.0.0")]);
    let server = Server::start(&ours.path());
    add(&world, &ours, "ours", server.address());
    world.muster_ok(&["install", LAMP, "--yes"]);
    // Another registry, another key, the same name, a much higher version; it even comes first.
    let theirs = Registry::with(&folder.path().join("theirs"), &[Mod::new(LAMP, "99.0.0")]);
    add(&world, &theirs, "theirs", theirs.path().to_str().expect("a path"));
    world.muster_ok(&["source", "move", "theirs", "1"]);
    let order: Vec<String> = sources(&world).into_iter().map(|source| source.alias).collect();
    assert_eq!(order, ["theirs", "ours"]);
    let placed = world.placed();
    world.muster_ok(&["update", "--yes"]);
    assert!(world.muster_json(&["outdated"]).as_array().expect("a list").is_empty());
    drop(server);
    let _ = world.muster(&["update", "--yes"]);
    assert_eq!(world.placed(), placed, "also while its own source is away");
    // Whoever names it without a source is asked which one is meant.
    let asked = world.muster_fails(&["install", LAMP, "--yes"], 5, "cli-several-sources");
    assert!(asked.err.contains("theirs, ours"), "{asked:?}");
}

#[test]
fn t34_what_only_another_source_has_is_a_question_and_the_answer_is_kept() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    let lamp = Mod::new(LAMP, "1.0.0").needs("tester/base");
    let ours = Registry::with(&folder.path().join("ours"), &[lamp]);
    let theirs = Registry::with(&folder.path().join("theirs"), &[Mod::new("tester/base", "1.0.0")]);
    add(&world, &ours, "ours", ours.path().to_str().expect("a path"));
    add(&world, &theirs, "theirs", theirs.path().to_str().expect("a path"));
    let refused = world.muster_fails(&["install", LAMP, "--yes"], 5, "resolution-failed");
    assert!(refused.err.contains("is not in this source, only in theirs"), "{refused:?}");
    assert!(world.placed().is_empty());
    world.muster_ok(&["install", LAMP, "--from", "tester/base=theirs", "--yes"]);
    assert!(world.mods().join("base/init.lua").is_file());
    // The answer holds for later changes, and no longer once its package is gone.
    theirs.publish(&[Mod::new("tester/base", "1.1.0")]);
    world.muster_ok(&["source", "sync"]);
    world.muster_ok(&["update", "--yes"]);
    let list = world.muster_json(&["list"]);
    assert!(list["entries"].to_string().contains("1.1.0"), "{list}");
    world.muster_ok(&["remove", LAMP]);
    assert!(!world.muster_ok(&["profile", "lock"]).contains("tester/base"));
}

#[test]
fn a_source_that_is_off_is_neither_asked_nor_shown_and_forgets_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let registry = Registry::with(&folder.path().join("one"), &[Mod::new(LAMP, "1.0.0")]);
    let other = Registry::with(&folder.path().join("two"), &[Mod::new(TIDE, "1.0.0")]);
    let server = Server::start(&registry.path());
    let mut world = World::new();
    add(&world, &registry, "one", server.address());
    add(&world, &other, "two", other.path().to_str().expect("a path"));
    world.muster_ok(&["install", LAMP, "--yes"]);
    world.muster_ok(&["source", "disable", "one"]);
    let sent = server.sent("*");
    assert!(found(&world, "lamp").is_empty());
    assert_eq!(found(&world, "tide"), ["two:tester/tide"]);
    world.muster_fails(&["install", LAMP, "--yes"], 4, "package-unknown");
    world.muster_ok(&["stop"]);
    world.start();
    assert!(found(&world, "lamp").is_empty());
    assert_eq!(sources(&world)[0].state, SourceState::Off);
    // What came from it stays, beside what comes from others.
    world.muster_ok(&["install", TIDE, "--yes"]);
    assert!(world.mods().join("lamp/init.lua").is_file());
    assert_eq!(server.sent("*"), sent, "it was not asked");
    // Switched on without a network, it is as it was.
    drop(server);
    world.muster_ok(&["source", "enable", "one"]);
    assert_eq!(found(&world, "lamp"), ["one:tester/lamp"]);
}

#[test]
fn a_source_that_does_not_answer_keeps_no_other_from_being_refreshed() {
    let folder = tempfile::tempdir().expect("a folder");
    let slow = Registry::with(&folder.path().join("slow"), &[Mod::new(LAMP, "1.0.0")]);
    let quick = Registry::with(&folder.path().join("quick"), &[Mod::new(TIDE, "1.0.0")]);
    let (first, second) = (Server::start(&slow.path()), Server::start(&quick.path()));
    let mut world = World::new();
    add(&world, &slow, "slow", first.address());
    add(&world, &quick, "quick", second.address());
    quick.publish(&[Mod::new("tester/rock", "1.0.0")]);
    first.stall("*");
    world.muster_ok(&["stop"]);
    // At its start the service refreshes all sources at once.
    world.start();
    wait_for("the quick one", || (found(&world, "rock") == ["quick:tester/rock"]).then_some(()));
    assert_eq!(found(&world, "lamp"), ["slow:tester/lamp"]);
}

#[test]
fn one_archive_in_two_sources_is_one_result_from_the_first() {
    let world = World::new();
    let folder = tempfile::tempdir().expect("a folder");
    // The same publisher with the same key gives the same bytes to both.
    let made = [Mod::new(LAMP, "1.0.0"), Mod::new(TIDE, "1.0.0")];
    let ours = Registry::with(&folder.path().join("ours"), &made);
    let theirs = Registry::with(&folder.path().join("theirs"), &made[..1]);
    add(&world, &ours, "ours", ours.path().to_str().expect("a path"));
    add(&world, &theirs, "theirs", theirs.path().to_str().expect("a path"));
    let page = world.muster_json(&["search"]);
    assert_eq!(page["total"], 2, "{page}");
    assert_eq!(found(&world, "lamp"), ["ours:tester/lamp"]);
    let also = |text: &str| world.muster_json(&["search", text])["rows"][0]["also_in"].clone();
    assert_eq!((also("lamp"), also("tide")), (serde_json::json!(["theirs"]), serde_json::Value::Null));
    world.muster_ok(&["source", "move", "theirs", "1"]);
    assert_eq!(found(&world, "lamp"), ["theirs:tester/lamp"]);
    // Whoever asks for a source gets that one's; what is installed is shown from where it came.
    let id = sources(&world).into_iter().find(|source| source.alias == "ours").expect("it is there").id;
    assert_eq!(found(&world, &format!("lamp source:{id}")), ["ours:tester/lamp"]);
    world.muster_ok(&["install", "ours:tester/lamp", "--yes"]);
    assert_eq!(found(&world, "lamp"), ["ours:tester/lamp"]);
    world.muster_ok(&["source", "disable", "ours"]);
    assert_eq!(found(&world, "lamp"), ["theirs:tester/lamp"]);
}
