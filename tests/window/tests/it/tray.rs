//! The icon in the panel, over the same bus and interfaces that panels use.

use std::{
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use muster_suite::service;
use muster_window_suite::{Panel, Stage, eventually};

const PATIENCE: Duration = Duration::from_secs(15);

/// A service with its icon, on this stage's desktop unless `change` says otherwise.
fn start(stage: &Stage, change: impl FnOnce(&mut Command)) -> Child {
    let mut command = stage.command(service());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    change(&mut command);
    let child = command.spawn().expect("the service starts");
    stage.world.wait_ready();
    child
}

fn state(stage: &Stage) -> String {
    stage.world.muster_json(&["status"])["state"].as_str().expect("text").to_owned()
}

fn wait_state(stage: &Stage, wanted: &str) {
    eventually(wanted, PATIENCE, || (state(stage) == wanted).then_some(()));
}

fn wait_end(child: &mut Child) -> ExitStatus {
    eventually("the end of the service", PATIENCE, || child.try_wait().expect("a child"))
}

#[test]
fn the_menu_opens_pauses_and_quits() {
    let Some(stage) = Stage::empty() else { return };
    if !Panel::is_possible() {
        return;
    }
    let mut panel = Panel::start(&stage.desktop);
    let mut service = start(&stage, |_| {});
    let icon = panel.icon();
    assert_eq!(icon["title"], "Muster");
    assert_eq!(icon["pictures"][0][2], 32 * 32 * 4, "a picture: {icon}");
    eventually("the words of the menu", PATIENCE, || {
        let labels: Vec<_> = panel.menu().into_iter().map(|entry| (entry.label, entry.enabled)).collect();
        let words = [
            ("Muster is idle", false),
            ("Open Muster", true),
            ("Pause", true),
            ("Pause for an hour", true),
            ("Pause until tomorrow", true),
            ("Pause while playing", true),
            ("Quit", true),
        ];
        (labels == words.map(|(label, enabled)| (label.to_owned(), enabled))).then_some(())
    });

    panel.choose("Pause");
    wait_state(&stage, "paused");
    panel.choose("Go on");
    wait_state(&stage, "idle");
    panel.choose("Pause for an hour");
    wait_state(&stage, "paused");
    let pause = stage.world.muster_json(&["status"])["pause"].clone();
    assert!(pause["length"] == "for-time" && pause["until"].is_string(), "{pause}");
    panel.choose("Go on");
    wait_state(&stage, "idle");

    panel.choose("Open Muster");
    stage.wait_for("muster-app");
    eventually("the window", PATIENCE, || stage.desktop.shows_window("^Muster$").then_some(()));

    panel.choose("Quit");
    assert_eq!(wait_end(&mut service).code(), Some(0));
    eventually("the end of the icon", PATIENCE, || (!panel.shows_icon()).then_some(()));
}

#[test]
fn the_icon_comes_when_a_panel_does() {
    let Some(stage) = Stage::empty() else { return };
    if !Panel::is_possible() {
        return;
    }
    let mut service = start(&stage, |_| {});
    std::thread::sleep(Duration::from_secs(1));
    let mut panel = Panel::start(&stage.desktop);
    assert_eq!(panel.icon()["title"], "Muster");
    // A panel that crashed and came back shows it again.
    drop(panel);
    let mut panel = Panel::start(&stage.desktop);
    panel.icon();
    panel.choose("Quit");
    assert_eq!(wait_end(&mut service).code(), Some(0));
}

#[test]
fn without_a_session_bus_the_service_works() {
    let Some(stage) = Stage::empty() else { return };
    let began = Instant::now();
    let mut service = start(&stage, |command| {
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus").env_remove("XDG_RUNTIME_DIR");
    });
    assert!(began.elapsed() < Duration::from_secs(5), "it waited for a bus: {:?}", began.elapsed());
    wait_state(&stage, "idle");
    stage.world.muster_ok(&["stop"]);
    assert_eq!(wait_end(&mut service).code(), Some(0));
}

/// A server has a session bus now and then, and still wants no icon.
#[test]
fn a_headless_service_shows_no_icon() {
    let Some(stage) = Stage::empty() else { return };
    if !Panel::is_possible() {
        return;
    }
    let mut panel = Panel::start(&stage.desktop);
    let mut service = start(&stage, |command| _ = command.arg("--headless"));
    std::thread::sleep(Duration::from_secs(1));
    assert!(!panel.shows_icon());
    stage.world.muster_ok(&["stop"]);
    assert_eq!(wait_end(&mut service).code(), Some(0));
}
