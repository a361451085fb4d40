//! Logs: one file a day, a week of them, and the terminal where there is one.

use std::io::IsTerminal;

use muster_client::Places;
use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{Builder, Rotation},
};
use tracing_subscriber::{
    EnvFilter, Layer, filter::LevelFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Days of logs that are kept.
const KEPT: usize = 7;

/// What is written: our own events, and only warnings of everything else. `MUSTER_LOG` overrides it.
fn filter() -> EnvFilter {
    EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .with_env_var("MUSTER_LOG")
        .try_from_env()
        .ok()
        .filter(|_| std::env::var_os("MUSTER_LOG").is_some())
        .unwrap_or_else(|| {
            let own =
                ["service", "engine", "transfer", "catalog", "cache", "deploy", "games", "store", "daemon"];
            let directives = own.map(|name| format!("muster_{name}=info")).join(",");
            // A watched folder that is removed is nothing to warn of; what matters of watching is told by the engine.
            EnvFilter::new(format!("warn,notify=error,muster_service=info,{directives}"))
        })
}

/// Starts logging; the guard writes what is buffered when it is dropped.
pub fn start(places: &Places) -> Option<WorkerGuard> {
    let terminal =
        std::io::stderr().is_terminal().then(|| fmt::layer().with_writer(std::io::stderr).compact());
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("service")
        .filename_suffix("log")
        .max_log_files(KEPT)
        .build(&places.logs)
        .inspect_err(|error| eprintln!("muster-service: no log file: {error}"))
        .ok();
    let (file, guard) = match file.map(tracing_appender::non_blocking) {
        Some((writer, guard)) => (Some(fmt::layer().with_ansi(false).with_writer(writer)), Some(guard)),
        None => (None, None),
    };
    tracing_subscriber::registry().with(terminal.map(Layer::boxed)).with(file).with(filter()).init();
    guard
}
