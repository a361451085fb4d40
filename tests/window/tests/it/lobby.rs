//! A lobby in the real window: an invitation from outside, what it plays with, and the own mods back.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

use std::time::Duration;

use muster_suite::{World, files, wait_for};
use muster_window_suite::{Driver, Stage, app, eventually};

/// Longest time until everything of a lobby is in the game.
const SLOWEST: Duration = Duration::from_secs(30);

/// Another player on this machine, who shares, and plays with the glow lanterns.
fn host(address: &str, root: &str) -> World {
    let host = World::new();
    let quiet = ["listen=127.0.0.1:0", "find-nearby=false", "find-public=false", "open-port=false"];
    host.muster_ok(&[&["settings", "sharing=everybody"], &quiet[..]].concat());
    host.muster_ok(&["source", "add", address, "--alias", "starter", "--root", root]);
    host.muster_ok(&["install", "lantern-works/glow-lanterns", "--yes"]);
    wait_for("an address for peers", || {
        host.muster_json(&["status"])["peer_address"].as_str().map(str::to_owned)
    });
    host
}

/// Presses a button after the half second in which keys and clicks meant for another program do not count.
fn agree(window: &Driver, words: &str) {
    let button = format!("//dialog//button[starts-with(normalize-space(.), '{words}')]");
    window.find(&button);
    std::thread::sleep(Duration::from_millis(700));
    window.click(&button);
}

#[test]
fn an_invitation_brings_the_hosts_mods_and_leaving_brings_the_own_ones_back() {
    let Some((stage, server)) = Stage::with_served_starter() else { return };
    let sources = stage.world.muster_json(&["source", "list"]);
    let root = sources[0]["root"].as_str().expect("a root").to_owned();
    stage.world.muster_ok(&["install", "cogsworth/axle", "--yes"]);
    let own = files(&stage.world.mods());
    let host = host(server.address(), &root);
    let hosted = host.muster_json(&["lobby", "host", "--name", "Friday night"]);
    let link = hosted["link"].as_str().expect("a link").to_owned();

    let window = stage.window();
    window.find("//*[@role='row'][contains(@data-key, 'cogsworth/axle')]");
    let handed_over = stage.command(app()).arg(&link).status().expect("it runs");
    assert!(handed_over.success(), "the window that is open takes the link");
    window.find("//dialog[contains(., 'An invitation to a lobby')]");
    let focused = window.run("return document.activeElement.textContent.trim()");
    assert!(focused.as_str().is_some_and(|text| text.starts_with("Not now")), "{focused}");
    agree(&window, "Show what it plays with");
    window.find("//dialog[contains(., 'Join Friday night?')][contains(., 'Glow Lanterns')]");
    agree(&window, "Join with these mods");

    window.find("//main//h2[contains(., 'You are in Friday night')]");
    eventually("the host's mods", SLOWEST, || (stage.world.placed() == host.placed()).then_some(()));
    window.find("//main//button[not(@disabled)][starts-with(normalize-space(.), 'Play')]");
    window.click("//main//button[starts-with(normalize-space(.), 'Leave')]");
    window.gone("//main//h2[contains(., 'You are in Friday night')]");
    eventually("the own mods", SLOWEST, || (files(&stage.world.mods()) == own).then_some(()));
}
