//! Memory and processor time of the window while 40 transfers run before its eyes.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use muster_suite::{Mod, Registry, Server, figures::line};
use muster_window_suite::{Process, Stage};

use crate::{cost, world::window_of};

/// Transfers at once.
const TRANSFERS: usize = 40;
/// What the server gives each connection, in bytes per second.
const RATE: u64 = 6_000;
/// How long processor time is counted where it is compared, in seconds.
const SPAN: u64 = 30;

/// Runs for some minutes. Each transfer is large enough to outlast them.
pub fn run(catalogue: &Path, minutes: u64) {
    let Some(stage) = Stage::empty() else { return };
    let size = (RATE * 60 * (minutes + 10) * 2) as usize;
    let mods: Vec<_> = (1..=TRANSFERS)
        .map(|number| Mod::new(&format!("tester/large-{number}"), "1.0.0").noise("sounds/all.ogg", size))
        .collect();
    let registry = Registry::with(&stage.world.path().join("large"), &mods);
    let server = Server::start(&registry.path());
    let catalogue = catalogue.canonicalize().expect("CATALOGUE is a folder");
    let root = std::fs::read(catalogue.join("metadata/1.root.json")).expect("CATALOGUE is a registry");
    let root = muster_suite::sha256(&root);
    let words =
        ["--quiet", "source", "add", catalogue.to_str().expect("UTF-8"), "--alias", "many", "--root", &root];
    stage.world.muster_ok(&words);
    stage.world.add_registry(&registry, Some(server.address()));
    let window = stage.window();
    window.resize(1280, 800);
    window.click("//nav//a[contains(@href, '/downloads')]");
    std::thread::sleep(Duration::from_secs(20));
    let still = share(&stage, SPAN);
    line("processor of the web process, page that stands still", format!("{:.1} % of a core", still * 100.0));
    server.slow(RATE);
    let mut install = stage.command(muster_suite::muster());
    install
        .args(["--quiet", "install", "--yes"])
        .args((1..=TRANSFERS).map(|number| format!("tester/large-{number}")));
    let mut install = install.stdout(Stdio::null()).spawn().expect("it starts");
    std::thread::sleep(Duration::from_secs(30));
    let live = share(&stage, SPAN);
    line(
        &format!("processor of the web process, {TRANSFERS} live transfers (goal: 10 % more)"),
        format!("{:.1} % of a core, {:+.1} %", live * 100.0, (live - still) * 100.0),
    );
    let hidden = stage.desktop.minimized("^Muster$", || {
        std::thread::sleep(Duration::from_secs(5));
        share(&stage, SPAN)
    });
    line(
        "  the same with the window out of sight (goal: none)",
        format!("{:.1} % of a core", hidden * 100.0),
    );
    let began = Instant::now();
    let mut first = 0.0;
    for minute in 0..=minutes {
        while began.elapsed() < Duration::from_secs(minute * 60) {
            std::thread::sleep(Duration::from_secs(1));
        }
        let queue = stage.world.muster_json(&["queue"]);
        let transfers = queue["transfers"].as_array().map_or(0, Vec::len);
        let speed = queue["down"].as_u64().unwrap_or_default() / 1000;
        // The terminal's program that asked for all this is no part of the window.
        let mut window = window_of(&stage);
        window.retain(|process| process.name != "muster");
        let (memory, own) = (cost::memory(&window), cost::own(&window));
        // What the first minutes bring (code that gets compiled, caches) is not growth.
        if minute == minutes / 6 {
            first = own;
        }
        if minute % (minutes / 6).max(1) == 0 {
            line(
                &format!("memory after {minute} minutes, {transfers} transfers at {speed} kB/s"),
                format!("{memory:.0} MB, {own:.1} MB of it their own"),
            );
        }
        if minute == minutes {
            line(
                "growth of their own since a sixth of the time (goal: 5 MB)",
                format!("{:+.1} MB", own - first),
            );
        }
    }
    drop(window);
    let _ = install.kill();
    let _ = install.wait();
}

/// Share of one core that the web process uses while nobody touches anything.
fn share(stage: &Stage, seconds: u64) -> f64 {
    let web = || -> Vec<Process> {
        window_of(stage).into_iter().filter(|process| process.name.starts_with("WebKitWebPro")).collect()
    };
    let before = cost::processor(&web());
    std::thread::sleep(Duration::from_secs(seconds));
    (cost::processor(&web()) - before) / seconds as f64
}
