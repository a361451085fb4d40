//! Start, stop and exit codes.

use std::{process::ExitCode, time::Duration};

use muster_client::{BUILD, Places};
use muster_domain::Coded;
use muster_engine::{Engine, EngineError, Senses, Watcher};
use tokio::{runtime::Builder, signal};
use tokio_util::sync::CancellationToken;

use crate::{
    Arguments,
    instance::{Instance, InstanceError},
    logs,
    server::{self, App, BindError, Socket},
};

/// Longest wait for an orderly end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the service ended before its time.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(transparent)]
    Places(#[from] muster_client::PlaceError),
    #[error(transparent)]
    Instance(#[from] InstanceError),
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("cannot start: {0}")]
    Io(#[from] std::io::Error),
}

impl StartError {
    /// Exit codes, as documented for scripts: 3 a service runs already, 4 the data is newer than the program.
    fn exit_code(&self) -> u8 {
        match self {
            Self::Instance(InstanceError::Running(_)) => 3,
            Self::Engine(error) if error.code() == "store-newer" => 4,
            _ => 1,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match start(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the service ends");
            eprintln!("muster-service: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn start(arguments: &Arguments) -> Result<(), StartError> {
    let places = Places::from_environment()?;
    if arguments.detached {
        leave_session();
    }
    let _instance = Instance::claim(&places)?;
    let _logs = logs::start(&places);
    tracing::info!(build = BUILD, pid = std::process::id(), "the service starts");
    let runtime = Builder::new_multi_thread().enable_all().thread_name("muster").build()?;
    let ended = runtime.block_on(serve(arguments, places));
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    tracing::info!("the service ended");
    ended
}

async fn serve(arguments: &Arguments, places: Places) -> Result<(), StartError> {
    let engine = Engine::open(engine_places(&places), senses(&places)).await?;
    let socket = Socket::bind(&places)?;
    let shutdown = CancellationToken::new();
    let app = App { engine: engine.clone(), shutdown: shutdown.clone(), started: jiff::Timestamp::now() };
    let signals = tokio::spawn(end_on_signal(shutdown.clone()));
    let tray = show_tray(arguments, &engine, &shutdown);
    engine.start().await;
    tracing::info!("ready");
    let served = server::serve(socket, app);
    tokio::select! {
        result = served => result?,
        // Event streams never end by themselves: they are given a moment, then dropped.
        () = async { shutdown.cancelled().await; tokio::time::sleep(Duration::from_millis(500)).await } => {}
    }
    signals.abort();
    drop(tray);
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, engine.close()).await.is_err() {
        tracing::warn!("not everything ended in time");
    }
    Ok(())
}

/// This machine, by everything it tells.
fn senses(places: &Places) -> Senses {
    let volume = places.cache.clone();
    let config = muster_surroundings::Config::of_this_machine(volume, &|name| std::env::var(name).ok());
    Senses::new(Watcher::start(&config))
}

fn engine_places(places: &Places) -> muster_engine::EnginePlaces {
    muster_engine::EnginePlaces {
        state: places.state.clone(),
        cache: places.cache.clone(),
        config: places.config.clone(),
    }
}

#[cfg(feature = "tray")]
fn show_tray(
    arguments: &Arguments,
    engine: &Engine,
    shutdown: &CancellationToken,
) -> Option<crate::tray::Tray> {
    (!arguments.headless).then(|| crate::tray::Tray::show(engine.clone(), shutdown.clone()))
}

#[cfg(not(feature = "tray"))]
fn show_tray(_: &Arguments, _: &Engine, _: &CancellationToken) {}

#[cfg(unix)]
fn leave_session() {
    // Fails where this is a session leader already, which is what was wanted.
    let _ = rustix::process::setsid();
}

#[cfg(not(unix))]
fn leave_session() {}

#[cfg(unix)]
async fn end_on_signal(shutdown: CancellationToken) {
    use signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut hangup)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return;
    };
    tokio::select! {
        _ = signal::ctrl_c() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    tracing::info!("asked to end by a signal");
    shutdown.cancel();
}

#[cfg(not(unix))]
async fn end_on_signal(shutdown: CancellationToken) {
    if signal::ctrl_c().await.is_ok() {
        shutdown.cancel();
    }
}
