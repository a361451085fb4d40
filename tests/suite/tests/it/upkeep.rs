//! Updates without anybody asking: what waits, what is fetched, what is made, and what never is.

use muster_api::{OperationId, Seed};
use muster_client::Request;
use muster_suite::{Mod, Registry, World, wait_for};
use serde_json::Value;

const LAMP: &str = "tester/lamp";
const TIDE: &str = "tester/tide";

/// Two mods, installed.
fn world() -> (World, Registry) {
    let world = World::new();
    let mods = [Mod::new(LAMP, "1.0.0"), Mod::new(TIDE, "1.0.0")];
    let registry = Registry::with(&world.path().join("made"), &mods);
    world.add_registry(&registry, None);
    world.muster_ok(&["install", LAMP, TIDE, "--yes"]);
    (world, registry)
}

fn publish(world: &World, registry: &Registry, mods: &[Mod]) {
    registry.publish(mods);
    world.muster_ok(&["source", "sync", "test"]);
}

fn set_policy(world: &World, policy: &str) {
    world.muster_ok(&["profile", "policy", &world.profile().name, policy]);
}

/// As if this machine had seen everything so many hours earlier.
fn age(world: &mut World, hours: i64) {
    world.muster_ok(&["stop"]);
    let path = world.places().state.join("state.db");
    let database = rusqlite::Connection::open(path).expect("the service's books");
    let earlier = "UPDATE sightings SET seen_at = seen_at - ?1";
    assert!(database.execute(earlier, [hours * 3_600_000]).expect("written") > 0, "something was seen");
    drop(database);
    world.start();
}

/// What is told of the profile that is kept up to date.
fn upkeep(world: &World) -> Value {
    let all = world.muster_json(&["subscriptions"]);
    all.get(0).cloned().unwrap_or_default()
}

/// State of the update of a package, with the version that it leads to.
fn state(world: &World, id: &str) -> Option<(String, String)> {
    let upkeep = upkeep(world);
    let item = upkeep["items"].as_array()?.iter().find(|item| item["id"] == id)?.clone();
    Some((item["state"].as_str()?.to_owned(), item["to"].as_str()?.to_owned()))
}

fn wait_state(world: &World, id: &str, wanted: &str, version: &str) {
    let wanted = Some((wanted.to_owned(), version.to_owned()));
    wait_for(&format!("{id} to be {wanted:?}"), || (state(world, id) == wanted).then_some(()));
}

/// Waits until a look that began after this found what it found.
fn wait_look(world: &World) {
    let before = upkeep(world)["checked"].clone();
    world.muster_ok(&["source", "sync", "test"]);
    wait_for("a look", || (upkeep(world)["checked"] != before).then_some(()));
}

fn version(world: &World, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(world.mods().join(name).join("init.lua")).ok()?;
    Some(text.split("] ").nth(1)?.split('"').next()?.to_owned())
}

fn is_kept(world: &World, id: &str, version: &str) -> bool {
    let seeds: Vec<Seed> = world.ask(Request::new(OperationId::Seeds));
    let is_it = |seed: &Seed| {
        seed.package.as_ref().is_some_and(|key| key.id == id) && seed.version.as_deref() == Some(version)
    };
    seeds.iter().any(is_it)
}

fn states(world: &World) -> usize {
    world.muster_json(&["history"]).as_array().expect("states").len()
}

#[test]
fn a_new_version_is_fetched_after_two_days_and_placed_by_nobody() {
    let (mut world, registry) = world();
    set_policy(&world, "fetch");
    world.muster_ok(&["hold", TIDE]);
    let (placed, before) = (world.placed(), states(&world));
    publish(&world, &registry, &[Mod::new(LAMP, "1.1.0"), Mod::new(TIDE, "1.1.0")]);
    wait_state(&world, LAMP, "waits", "1.1.0");
    assert!(!is_kept(&world, LAMP, "1.1.0"));
    let told = world.muster_ok(&["subscriptions"]);
    assert!(told.contains("downloaded in the background") && told.contains("waits until"), "{told}");

    age(&mut world, 47);
    wait_look(&world);
    assert_eq!(state(&world, LAMP), Some(("waits".into(), "1.1.0".into())), "an hour is missing");
    assert!(!is_kept(&world, LAMP, "1.1.0"));

    age(&mut world, 2);
    wait_state(&world, LAMP, "ready", "1.1.0");
    assert!(is_kept(&world, LAMP, "1.1.0"));
    assert_eq!(state(&world, TIDE), None, "what is held stays");
    assert!(!is_kept(&world, TIDE, "1.1.0"));
    assert_eq!((world.placed(), states(&world)), (placed, before), "nothing was placed");

    let plan = world.muster_json(&["update", "--dry-run"]);
    assert_eq!((&plan["download"], plan["items"].as_array().map(Vec::len)), (&0.into(), Some(1)), "{plan}");
    world.muster_ok(&["update", "--yes"]);
    assert_eq!(version(&world, "lamp").as_deref(), Some("1.1.0"));
    set_policy(&world, "off");
    assert!(world.muster_json(&["subscriptions"]).as_array().expect("a list").is_empty());
}

#[test]
fn a_new_version_is_made_after_two_days_and_an_undo_holds() {
    let (mut world, registry) = world();
    set_policy(&world, "apply");
    publish(&world, &registry, &[Mod::new(LAMP, "1.1.0")]);
    wait_state(&world, LAMP, "waits", "1.1.0");
    // A newer one does not make the older one wait longer.
    age(&mut world, 40);
    publish(&world, &registry, &[Mod::new(LAMP, "1.2.0")]);
    wait_state(&world, LAMP, "waits", "1.2.0");
    assert_eq!(version(&world, "lamp").as_deref(), Some("1.0.0"));
    age(&mut world, 10);
    wait_for("the update", || (version(&world, "lamp")? == "1.1.0").then_some(()));
    world.wait_idle();
    let history = world.muster_ok(&["history"]);
    assert!(history.contains("Updated lamp by itself"), "{history}");

    world.muster_ok(&["undo"]);
    assert_eq!(version(&world, "lamp").as_deref(), Some("1.0.0"));
    let before = states(&world);
    wait_look(&world);
    assert_eq!((version(&world, "lamp").as_deref(), states(&world)), (Some("1.0.0"), before));

    // What is advised against never comes, however long it is there; the next one does.
    age(&mut world, 1);
    wait_state(&world, LAMP, "waits", "1.2.0");
    registry
        .advise("bad-lamp", &["--package", "tester/lamp@=1.2.0", "--severity", "malware", "--text", "bad"]);
    world.muster_ok(&["source", "sync", "test"]);
    age(&mut world, 100);
    wait_look(&world);
    assert_eq!((version(&world, "lamp").as_deref(), states(&world)), (Some("1.0.0"), before));
    assert!(!is_kept(&world, LAMP, "1.2.0"));
    publish(&world, &registry, &[Mod::new(LAMP, "1.3.0")]);
    wait_state(&world, LAMP, "waits", "1.3.0");
    age(&mut world, 48);
    wait_for("the update", || (version(&world, "lamp")? == "1.3.0").then_some(()));
}

#[test]
fn a_subscription_takes_its_package_alone_and_asks_before_it_trusts_anybody() {
    let (mut world, registry) = world();
    world.muster_ok(&["subscribe", LAMP]);
    world.muster_fails(&["subscribe", "tester/none"], 4, "package-not-installed");
    publish(&world, &registry, &[Mod::new(LAMP, "1.1.0"), Mod::new(TIDE, "1.1.0")]);
    wait_state(&world, LAMP, "waits", "1.1.0");
    assert_eq!(state(&world, TIDE), None);
    age(&mut world, 49);
    wait_for("the update", || (version(&world, "lamp")? == "1.1.0").then_some(()));
    world.wait_idle();
    assert_eq!(version(&world, "tide").as_deref(), Some("1.0.0"));

    registry.admit("stranger");
    let mods = [Mod::new("stranger/oil", "1.0.0"), Mod::new(LAMP, "1.2.0").needs("stranger/oil")];
    publish(&world, &registry, &mods);
    wait_state(&world, LAMP, "waits", "1.2.0");
    age(&mut world, 49);
    wait_state(&world, LAMP, "asks", "1.2.0");
    let told = world.muster_ok(&["subscriptions"]);
    assert!(told.contains("first package from stranger"), "{told}");
    assert!(!is_kept(&world, LAMP, "1.2.0") && !is_kept(&world, "stranger/oil", "1.0.0"));
    world.muster_ok(&["update", LAMP, "--yes"]);
    assert_eq!(version(&world, "lamp").as_deref(), Some("1.2.0"));

    world.muster_ok(&["remove", LAMP]);
    let gone = upkeep(&world);
    assert_eq!(gone["subscriptions"][0]["installed"], false, "it waits for its package: {gone}");
    world.muster_ok(&["unsubscribe", LAMP]);
    world.muster_fails(&["unsubscribe", LAMP], 4, "cli-not-subscribed");
}

/// As if it had been seen so many hours earlier what a followed profile says.
fn age_followed(world: &mut World, hours: i64) {
    world.muster_ok(&["stop"]);
    let database =
        rusqlite::Connection::open(world.places().state.join("state.db")).expect("the service's books");
    let read = "SELECT value_json FROM settings WHERE key = 'followed-profiles'";
    let text: String = database.query_row(read, [], |row| row.get(0)).expect("something is followed");
    let mut all: Value = serde_json::from_str(&text).expect("JSON");
    for followed in all.as_object_mut().expect("by profile").values_mut() {
        let seen: jiff::Timestamp = followed["seen_at"].as_str().expect("seen").parse().expect("a time");
        followed["seen_at"] = (seen - jiff::SignedDuration::from_hours(hours)).to_string().into();
    }
    let write = "UPDATE settings SET value_json = ?1 WHERE key = 'followed-profiles'";
    assert_eq!(database.execute(write, [all.to_string()]).expect("written"), 1);
    drop(database);
    world.start();
}

#[test]
fn what_a_followed_profile_says_comes_after_two_days_and_nothing_else_of_it() {
    let (mut world, registry) = world();
    let crew = world.path().join("crew.json");
    let crew = crew.to_str().expect("a path").to_owned();
    let key = world.path().join("owner.key");
    let key = key.to_str().expect("a path").to_owned();
    world.muster_ok(&["key", "new", &key, "--test-key"]);
    let share = |owner: &World| drop(owner.muster_ok(&["profile", "share", &crew, "--key", &key]));
    let owner = World::new();
    owner.add_registry(&registry, None);
    owner.muster_ok(&["install", LAMP, "--yes"]);
    share(&owner);
    world.muster_ok(&["profile", "follow", &crew, "--keep-others", "--yes"]);
    set_policy(&world, "apply");

    // The owners stay with their lamp: what its source has newer is not for this profile. What is its own goes on.
    publish(&world, &registry, &[Mod::new(LAMP, "1.1.0"), Mod::new(TIDE, "1.1.0")]);
    wait_state(&world, TIDE, "waits", "1.1.0");
    assert_eq!(state(&world, LAMP), None);
    age(&mut world, 49);
    wait_for("the update", || (version(&world, "tide")? == "1.1.0").then_some(()));
    world.wait_idle();
    assert_eq!(version(&world, "lamp").as_deref(), Some("1.0.0"));

    // The owners go on; it waits for two days like everything, and comes.
    owner.muster_ok(&["source", "sync", "test"]);
    owner.muster_ok(&["update", "--yes"]);
    share(&owner);
    world.muster_ok(&["profile", "followed"]);
    wait_state(&world, LAMP, "waits", "1.1.0");
    age(&mut world, 49);
    wait_state(&world, LAMP, "waits", "1.1.0");
    assert_eq!(version(&world, "lamp").as_deref(), Some("1.0.0"), "their word is new");
    age_followed(&mut world, 49);
    wait_for("the update", || (version(&world, "lamp")? == "1.1.0").then_some(()));
    world.wait_idle();
    assert_eq!(world.muster_json(&["profile", "followed"])[0]["version"], 2);
    let history = world.muster_ok(&["history"]);
    assert!(history.contains("Updated lamp by itself"), "{history}");

    // An undo holds.
    world.muster_ok(&["undo"]);
    wait_look(&world);
    assert_eq!(version(&world, "lamp").as_deref(), Some("1.0.0"));
}

#[test]
fn whatever_is_killed_the_mods_are_the_old_or_the_new_ones() {
    let (mut world, registry) = world();
    set_policy(&world, "apply");
    let sized = |version: &str| Mod::new(LAMP, version).noise("sounds/sea.ogg", 2_000_000);
    let mut last = "1.0.0".to_owned();
    for round in 1..=5u32 {
        let next = format!("1.{round}.0");
        publish(&world, &registry, &[sized(&next)]);
        wait_state(&world, LAMP, "waits", &next);
        age(&mut world, 49);
        std::thread::sleep(std::time::Duration::from_millis(u64::from(40 * round * round)));
        world.kill();
        world.start();
        world.wait_idle();
        let found = version(&world, "lamp").expect("placed");
        assert!(found == last || found == next, "{found}");
        wait_for("the update", || (version(&world, "lamp")? == next).then_some(()));
        world.wait_idle();
        assert!(world.muster(&["verify"]).exit == 0);
        last = next;
    }
}
