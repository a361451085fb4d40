//! From the start of the program to what the player sees.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use muster_suite::figures::{line, median, row};
use muster_suite::muster;
use muster_window_suite::{Desktop, eventually};

use crate::{
    bare::Bare,
    cost,
    screen::{Part, Screen},
    world::Prepared,
};

/// Where rows are drawn in every window that is measured.
const ROWS: Part = Part(500, 350, 300, 200);
/// Where the field for the search has its frame, and nothing else is drawn.
const FIELD: Part = Part(380, 90, 520, 60);
/// Link to a package of the world that is not installed.
const LINK: &str = "muster://package/mods/tester/left-out";

pub fn run(prepared: &Prepared, runs: usize) {
    let stage = prepared.stage();
    let screen = Screen::of(&stage.desktop);
    let bare = Bare::new(stage.world.path());
    let open = |words: &[&str]| -> Child {
        // As the entry of the menu does.
        let mut command: Command = stage.command(muster());
        command
            .args(["window", "--"])
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().expect("it starts")
    };
    let close = |mut child: Child| {
        let _ = child.kill();
        let _ = child.wait();
        prepared.window().iter().for_each(muster_window_suite::Process::kill);
        eventually("an empty display", Duration::from_secs(15), || {
            prepared.window().is_empty().then_some(())
        });
        std::thread::sleep(Duration::from_millis(500));
    };
    let (mut ours, mut theirs, mut cold, mut keyed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut our_memory, mut their_memory) = (Vec::new(), Vec::new());
    // The first start of each fills the machine's caches and is not counted. In turns: the machine's load is shared.
    for run in 0..=runs {
        if let Some(bare) = &bare {
            let began = Instant::now();
            let running = bare.start(&stage.desktop);
            let took = screen.shows_text(ROWS, began);
            std::thread::sleep(Duration::from_secs(2));
            if run > 0 {
                theirs.push(took);
                their_memory.push(cost::memory(&bare.processes()));
            }
            drop(running);
            std::thread::sleep(Duration::from_millis(500));
        }
        let began = Instant::now();
        let child = open(&[]);
        let took = screen.shows_text(ROWS, began);
        // A player who knows the keys: the field for the search takes the keyboard, and its frame shows it.
        let before = screen.look(FIELD);
        stage.desktop.press("slash");
        let answered = screen.changes(FIELD, &before, began);
        std::thread::sleep(Duration::from_secs(2));
        if run > 0 {
            ours.push(took);
            keyed.push(answered);
            our_memory.push(cost::memory(&prepared.window()));
        }
        close(child);
        let began = Instant::now();
        let child = open(&[LINK]);
        screen.shows_text(ROWS, began);
        eventually("the dialog", Duration::from_secs(30), || dialog(&stage.desktop, &screen).then_some(()));
        if run > 0 {
            cold.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        close(child);
    }
    if !theirs.is_empty() {
        row("bare window: start to its rows painted", &theirs, "ms");
    }
    row("start to the first rows painted (goal: bare + 250 ms)", &ours, "ms");
    if !theirs.is_empty() {
        let more = median(&ours) - median(&theirs);
        line(
            "  more than the bare window, medians",
            format!("{more:+.0} ms, {:.2} x", median(&ours) / median(&theirs)),
        );
    }
    row("start to the answer to a first key (goal: bare + 400 ms)", &keyed, "ms");
    row("link to dialog, cold (goal: bare + 600 ms)", &cold, "ms");
    link_while_running(prepared, &screen, runs, &open, &close);
    parts(prepared, runs);
    row("memory, window just opened, all its processes", &our_memory, "MB");
    if !their_memory.is_empty() {
        row("  bare window", &their_memory, "MB");
    }
}

/// What the page needs until its rows are there, by the moments that it marks itself, after the engine began to load it.
fn parts(prepared: &Prepared, runs: usize) {
    let stage = prepared.stage();
    let mut moments: Vec<(String, Vec<f64>)> = Vec::new();
    for _ in 0..runs {
        let window = stage.window();
        window.find("//*[@role='row'][contains(@data-key, ' ')]");
        let marks =
            window.run("return performance.getEntriesByType('mark').map((one) => [one.name, one.startTime])");
        for mark in marks.as_array().into_iter().flatten() {
            let (Some(name), Some(at)) = (mark[0].as_str(), mark[1].as_f64()) else { continue };
            match moments.iter_mut().find(|(known, _)| known == name) {
                Some((_, times)) => times.push(at),
                None => moments.push((name.to_owned(), vec![at])),
            }
        }
        drop(window);
        prepared.window().iter().for_each(muster_window_suite::Process::kill);
        std::thread::sleep(Duration::from_millis(500));
    }
    for (name, times) in moments {
        row(&format!("  from the page's beginning to its moment '{name}'"), &times, "ms");
    }
}

fn link_while_running(
    prepared: &Prepared,
    screen: &Screen,
    runs: usize,
    open: &dyn Fn(&[&str]) -> Child,
    close: &dyn Fn(Child),
) {
    let desktop = &prepared.stage().desktop;
    let child = open(&[]);
    screen.shows_text(ROWS, Instant::now());
    std::thread::sleep(Duration::from_secs(3));
    let mut took = Vec::new();
    for _ in 0..runs {
        let before = screen.look(MIDDLE);
        let began = Instant::now();
        let mut asked = open(&[LINK]);
        screen.changes(MIDDLE, &before, began);
        while !dialog(desktop, screen) {
            std::thread::sleep(Duration::from_millis(2));
        }
        took.push(began.elapsed().as_secs_f64() * 1000.0);
        let _ = asked.wait();
        std::thread::sleep(Duration::from_millis(800));
        desktop.press("Escape");
        std::thread::sleep(Duration::from_millis(800));
    }
    row("link to dialog, window open (goal: 400 ms)", &took, "ms");
    close(child);
}

/// The middle of the window, where dialogs are.
const MIDDLE: Part = Part(560, 300, 160, 200);

/// Whether a dialog is open: everything behind it is dimmed, the rail's corner, too.
fn dialog(_desktop: &Desktop, screen: &Screen) -> bool {
    let corner = screen.look(CORNER);
    let light = |pixel: u32| (pixel & 0xff) + (pixel >> 8 & 0xff) + (pixel >> 16 & 0xff);
    let mean = corner.iter().copied().map(light).sum::<u32>() / corner.len() as u32 / 3;
    mean < 200
}

/// A part of the rail without text.
const CORNER: Part = Part(30, 600, 60, 20);
