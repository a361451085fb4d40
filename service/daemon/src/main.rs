//! `muster-service`: the process that owns everything durable and everything networked.
//!
//! It takes the service lock, opens the engine (which recovers what a crash left behind), listens on the socket,
//! shows a tray icon where there is a desktop, and ends in a written order: no new requests, jobs at their next safe
//! point, transfers, databases, socket.

mod convert;
mod dispatch;
mod instance;
mod logs;
mod metrics;
mod run;
mod server;
#[cfg(feature = "tray")]
mod tray;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// Changes of many files run on whichever thread of the pool is free, and the system's allocator keeps for each thread what
/// that thread freed (decision 0036).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The Muster background service.
#[derive(Debug, Parser)]
#[command(name = "muster-service", version)]
pub(crate) struct Arguments {
    /// Run without a tray icon (servers, seed boxes, tests).
    #[arg(long)]
    headless: bool,

    /// Leave the terminal's session, so that the service outlives the program that started it.
    #[arg(long)]
    detached: bool,
}

fn main() -> ExitCode {
    run::run(&Arguments::parse())
}
