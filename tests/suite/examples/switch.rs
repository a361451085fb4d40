//! One mod of a profile switched off and on again, over the service's socket: in a profile of a few mods, and in one of
//! hundreds. The first is what a change costs, the second what it costs that others are there. `tests/bench/run switch`
//! runs this; it prints, and judges nothing.
//!
//!     switch [MODS] [RUNS]

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark plays the player, who touches files with other programs"
)]
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::time::Instant;

use muster_api::{ChangeRequest, PackageKey};
use muster_suite::{
    Mod, Registry, World,
    figures::{line, median, row},
};

/// Mods of the small profile.
const FEW: usize = 5;
/// Ticks of a process's clock in a second, on every Linux that runs today.
const TICKS: f64 = 100.0;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse().expect("a number"));
    let mods = numbers.next().unwrap_or(500);
    let runs = numbers.next().unwrap_or(30);
    let few = switched(FEW, runs);
    let many = switched(mods, runs);
    line("  more than in the small profile, medians", format!("{:.2} x", median(&many) / median(&few)));
}

/// Installs that many mods, switches one of them again and again; gives the milliseconds of each switch.
fn switched(mods: usize, runs: usize) -> Vec<f64> {
    let mut world = World::new();
    world.start();
    let all: Vec<_> = (1..=mods).map(small).collect();
    let registry = Registry::with(&world.path().join("registry"), &all);
    world.add_registry(&registry, None);
    let ids: Vec<_> = (1..=mods).map(|number| format!("tester/mod-{number}")).collect();
    let words: Vec<&str> =
        ["--quiet", "install", "--yes"].into_iter().chain(ids.iter().map(String::as_str)).collect();
    world.muster_ok(&words);
    let install = world.to_install(&["tester/mod-1"]);
    let key = install.install.first().expect("one wish").key.clone();
    let (mut spent, mut processor) = (Vec::new(), Vec::new());
    for run in 0..runs + 2 {
        let before = ticks(world.pid());
        let began = Instant::now();
        let job = world.change(&request(key.clone(), run % 2 == 1));
        let ended = world.wait_job(&job);
        let took = began.elapsed().as_secs_f64() * 1000.0;
        assert!(ended.problem.is_none(), "the switch failed: {:?}", ended.problem);
        // What follows from a change is paid for, too.
        std::thread::sleep(std::time::Duration::from_millis(400));
        // The first of each kind fills caches.
        if run > 1 {
            spent.push(took);
            processor.push((ticks(world.pid()) - before) * 1000.0 / TICKS);
        }
    }
    row(&format!("one mod of {mods} switched, files in place"), &spent, "ms");
    row("  processor time of the service for it, with all that follows", &processor, "ms");
    spent
}

fn request(key: PackageKey, is_on: bool) -> ChangeRequest {
    match is_on {
        true => ChangeRequest { enable: vec![key], ..ChangeRequest::default() },
        false => ChangeRequest { disable: vec![key], ..ChangeRequest::default() },
    }
}

/// A mod with a few small files.
fn small(number: usize) -> Mod {
    let made = Mod::new(&format!("tester/mod-{number}"), "1.0.0");
    (0..4).fold(made, |made, file| made.noise(&format!("textures/mod_{number}_{file}.png"), 200 + number))
}

/// Processor time that a process had so far, in ticks.
fn ticks(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the service runs");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("a name in brackets").split_whitespace().collect();
    fields[11..13].iter().filter_map(|field| field.parse::<f64>().ok()).sum()
}
