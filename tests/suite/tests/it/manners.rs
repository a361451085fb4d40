//! When is shared, as the player sees and sets it in the terminal, with a service that is killed in between.
#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use muster_api::{Limits, OperationId, PauseLength, Reach, Seed, Status};
use muster_client::Request;
use muster_suite::{Mod, Registry, Server, World, wait_for};
use serde_json::json;

const SIZE: usize = 12_000_000;
/// What a crash may leave uncounted.
const UNCOUNTED: u64 = 5_000_000;

fn limits(world: &World) -> Limits {
    world.ask(Request::new(OperationId::Limits))
}

fn status(world: &World) -> Status {
    world.ask(Request::new(OperationId::Status))
}

fn codes(reasons: &[muster_api::Reason]) -> Vec<&str> {
    reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// A power supply, as the kernel would show it.
fn supply(world: &World, name: &str, values: &[(&str, &str)]) {
    let folder = world.machine().join("sys/class/power_supply").join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    values.iter().for_each(|(value, text)| std::fs::write(folder.join(value), text).expect("written"));
}

fn name_of(day: jiff::civil::Weekday) -> &'static str {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    names[usize::from(day.to_monday_zero_offset().unsigned_abs())]
}

#[test]
fn what_is_in_force_can_be_seen_and_set() {
    let world = World::new();
    let before = world.muster_json(&["limits"]);
    assert_eq!(
        (&before["reach"], &before["sharing_reasons"][0]["code"]),
        (&json!("nobody"), &json!("sharing-not-chosen"))
    );
    world.muster_ok(&[
        "settings",
        "find-nearby=false",
        "find-public=false",
        "open-port=false",
        "sharing=everybody",
        "listen=127.0.0.1:0",
    ]);
    // A day on which this test does not run, so that the second set is not in force.
    let day = jiff::Zoned::now().weekday().wrapping_add(3);
    let other_day = format!("{} 18:00-23:00", name_of(day));
    world.muster_ok(&[
        "limits",
        "set",
        "--down",
        "5MB",
        "--up",
        "500kB",
        "--turtle-down",
        "1MB",
        "--turtle-up",
        "none",
        "--schedule",
        &other_day,
        "--monthly",
        "20GB",
        "--lan-exempt",
        "no",
        "--battery",
        "strict",
    ]);
    let strict = limits(&world);
    assert_eq!(
        (strict.reach, codes(&strict.sharing_reasons)),
        (Reach::Nobody, vec!["sharing-battery-unknown"])
    );
    world.muster_ok(&["limits", "set", "--battery", "pause"]);
    world.muster_ok(&["limits", "turtle", "off"]);
    let usual = limits(&world);
    assert_eq!(
        (usual.reach, usual.download_limit, usual.upload_limit),
        (Reach::Everybody, 5_000_000, 500_000)
    );
    assert!(!usual.lan_exempt);
    world.muster_ok(&["limits", "turtle", "on"]);
    let turtle = limits(&world);
    assert_eq!(
        (turtle.download_limit, codes(&turtle.sharing_reasons)),
        (1_000_000, vec!["sharing-no-upload"])
    );
    let settings = world.muster_json(&["settings"]);
    assert_eq!(settings["turtle_hours"], other_day);
    world.muster_fails(&["limits", "set", "--share-hours", "now and then"], 1, "engine-invalid-schedule");
    world.muster_fails(&["limits", "set", "--down", "1kB"], 1, "engine-invalid-setting");
    world.muster_fails(&["limits", "pause", "40d"], 1, "engine-invalid-pause");
    let text = world.muster_ok(&["limits"]);
    assert!(text.contains("Not sharing: the upload limit is set to nothing"), "{text}");
    assert!(text.contains("1.0\u{a0}MB/s") && text.contains("20.0\u{a0}GB"), "{text}");
}

#[test]
fn a_pause_outlives_a_service_that_is_killed() {
    let mut world = World::new();
    world.start();
    world.muster_ok(&["limits", "pause", "1h"]);
    let pause = status(&world).pause.expect("a pause");
    assert_eq!(pause.length, PauseLength::ForTime);
    world.kill();
    world.start();
    assert_eq!(status(&world).pause, Some(pause), "it ends when it would have");
    assert_eq!(world.muster_json(&["status"])["state"], "paused");
    // The queue's own command for everything is the same pause.
    world.muster_ok(&["queue", "resume"]);
    assert_eq!(status(&world).pause, None);
    world.muster_ok(&["queue", "pause"]);
    assert_eq!(status(&world).pause.map(|pause| pause.length), Some(PauseLength::UntilResumed));
    world.kill();
    world.start();
    assert_eq!(world.muster_json(&["status"])["state"], "paused");
    world.muster_ok(&["limits", "resume"]);
    assert_eq!(world.muster_json(&["status"])["state"], "idle");
}

#[test]
fn nothing_is_shared_on_battery() {
    let mut world = World::new();
    supply(&world, "BAT0", &[("type", "Battery"), ("status", "Discharging")]);
    world.start();
    world.muster_ok(&[
        "settings",
        "find-nearby=false",
        "find-public=false",
        "open-port=false",
        "sharing=everybody",
        "listen=127.0.0.1:0",
    ]);
    wait_for("somebody to have looked", || limits(&world).machine.battery);
    let held = status(&world);
    assert_eq!((codes(&held.reasons), held.peer_address), (vec!["sharing-battery"], None));
    assert_eq!(codes(&limits(&world).background_reasons), ["waiting-battery"]);
    world.muster_ok(&["limits", "set", "--battery", "allow"]);
    wait_for("sharing", || status(&world).peer_address);
    assert!(status(&world).reasons.is_empty());
}

#[test]
fn the_months_uploads_outlive_a_service_that_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let registry =
        Registry::with(folder.path(), &[Mod::new("tester/big", "1.0.0").noise("sounds/sea.ogg", SIZE)]);
    let server = Server::start(&registry.path());
    let player = || {
        let mut world = World::new();
        world.start();
        world.muster_ok(&["settings", "listen=127.0.0.1:0"]);
        world.add_registry(&registry, Some(server.address()));
        world
    };
    let (mut giver, taker) = (player(), player());
    giver.muster_ok(&[
        "settings",
        "find-nearby=false",
        "find-public=false",
        "open-port=false",
        "sharing=everybody",
        "upload-limit=50000000",
    ]);
    // Both are on this machine: exempt, nothing of this would count.
    giver.muster_ok(&["limits", "set", "--lan-exempt", "no"]);
    giver.muster_ok(&["install", "tester/big", "--yes"]);
    let address = wait_for("an address for peers", || status(&giver).peer_address);
    let seeds: Vec<Seed> = wait_for("the offer", || {
        Some(giver.ask::<Vec<Seed>>(Request::new(OperationId::Seeds)))
            .filter(|seeds| seeds.iter().any(|seed| seed.offered))
    });
    server.refuse("*.muster");
    let job = taker.change(&taker.to_install(&["tester/big"]));
    wait_for("the transfer", || {
        let queue = taker.muster_json(&["queue"]);
        queue["transfers"].as_array().is_some_and(|list| !list.is_empty()).then_some(())
    });
    taker.muster_ok(&["queue", "peers", &seeds[0].sha256, &address]);
    taker.wait_job(&job);
    let uploaded = wait_for("the month's books", || {
        Some(limits(&giver).uploaded).filter(|uploaded| *uploaded >= seeds[0].size)
    });
    giver.kill();
    giver.start();
    let remembered = limits(&giver).uploaded;
    assert!(remembered <= uploaded && remembered + UNCOUNTED >= uploaded, "{remembered} of {uploaded}");
    // What is used up stops sharing; in the own network, too, where that is limited likewise.
    giver.muster_ok(&["limits", "set", "--lan-exempt", "yes"]);
    giver.muster_ok(&["settings", "monthly-upload=1000000"]);
    let spent = limits(&giver);
    assert_eq!((spent.reach, codes(&spent.sharing_reasons)), (Reach::Nearby, vec!["sharing-month"]));
    giver.muster_ok(&["limits", "set", "--lan-exempt", "no"]);
    wait_for("the port to close", || status(&giver).peer_address.is_none().then_some(()));
}
