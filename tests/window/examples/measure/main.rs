//! Numbers of the real window on the real service, with a bare WebKitGTK window (`MiniBrowser`) beside it where a goal is
//! relative to one. `tests/bench/run ui` runs this; it prints, and judges nothing.
//!
//!     measure CATALOGUE [RUNS]           a registry of many packages (`bench_sync` writes one)
//!     measure --start CATALOGUE [RUNS]   the start of the window alone
//!     measure --soak CATALOGUE MINUTES   memory and processor time while 40 transfers run

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark plays the player, who touches files with other programs"
)]
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

mod bare;
mod cost;
mod page;
mod screen;
mod soak;
mod start;
mod world;

use std::path::PathBuf;

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let only = words.first().filter(|word| word.starts_with("--")).cloned();
    if only.is_some() {
        words.remove(0);
    }
    let Some(catalogue) = words.first().map(PathBuf::from) else {
        eprintln!("measure [--start | --soak] CATALOGUE [RUNS or MINUTES]");
        std::process::exit(2);
    };
    let number = words.get(1).and_then(|word| word.parse().ok());
    if only.as_deref() == Some("--soak") {
        soak::run(&catalogue, number.unwrap_or(30));
        return;
    }
    let Some(prepared) = world::Prepared::new(&catalogue) else { return };
    start::run(&prepared, number.unwrap_or(5) as usize);
    if only.is_none() {
        page::run(&prepared);
    }
}
