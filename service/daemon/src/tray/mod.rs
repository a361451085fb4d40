//! The icon in the desktop's panel: state at a glance, open, pause, quit.
//!
//! What is shown is a pure [`Model`] of the service's state; showing it is the platform's business, on a thread of its
//! own. Without a panel that shows icons nothing is lost: on Linux the icon registers whenever one appears.

mod model;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "other.rs")]
mod platform;

use std::process::Stdio;

use muster_client::WindowProgram;
use muster_engine::{Engine, EngineError, Signal, manners::PauseWish};
use muster_messages::Messages;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_util::sync::CancellationToken;

pub(crate) use model::Model;

/// What the player chose in the menu, or by clicking the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Open,
    TogglePause,
    Pause(PauseWish),
    Quit,
}

/// Shows the icon until it is dropped.
pub(crate) struct Tray {
    stop: CancellationToken,
}

impl Tray {
    pub fn show(engine: Engine, shutdown: CancellationToken) -> Self {
        let stop = shutdown.child_token();
        let (choices, chosen) = mpsc::unbounded_channel();
        match platform::Icon::start(choices) {
            Ok(icon) => drop(tokio::spawn(run(engine, icon, chosen, shutdown, stop.clone()))),
            // A desktop without a session bus: everything else works.
            Err(error) => tracing::info!(%error, "no tray icon"),
        }
        Self { stop }
    }
}

impl Drop for Tray {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn run(
    engine: Engine,
    icon: platform::Icon,
    mut chosen: mpsc::UnboundedReceiver<Choice>,
    shutdown: CancellationToken,
    stop: CancellationToken,
) {
    let mut signals = engine.subscribe();
    let mut shown = None;
    loop {
        let words = words(&engine);
        let status = crate::convert::status(&engine, jiff::Timestamp::now()).await;
        let model = Model::of(&status, &words, &jiff::Zoned::now());
        if shown.as_ref() != Some(&model) {
            icon.update(model.clone());
            shown = Some(model);
        }
        tokio::select! {
            () = stop.cancelled() => return,
            choice = chosen.recv() => match choice {
                Some(Choice::Open) => open_window(),
                Some(Choice::TogglePause) => toggle_pause(&engine).await,
                Some(Choice::Pause(wish)) => told(engine.pause(wish).await),
                Some(Choice::Quit) => shutdown.cancel(),
                None => return,
            },
            signal = signals.recv() => match signal {
                Ok(Signal::Status | Signal::Job(_) | Signal::Transfers | Signal::Settings) => {}
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
        }
        // Numbers change often; the panel is not redrawn more than twice a second.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

fn words(engine: &Engine) -> Messages {
    match engine.settings().language.as_str() {
        "" => Messages::from_environment(&|name| std::env::var(name).ok()),
        language => Messages::for_tag(language),
    }
}

async fn toggle_pause(engine: &Engine) {
    let is_paused = engine.limits().verdict.is_paused;
    told(if is_paused { engine.resume().await } else { engine.pause(PauseWish::UntilResumed).await });
}

fn told(result: Result<(), EngineError>) {
    if let Err(error) = result {
        tracing::warn!(%error, "pausing from the tray failed");
    }
}

/// Starts the window's program beside ours; one that runs already comes to the front by itself.
fn open_window() {
    let program = match WindowProgram::find() {
        Ok(program) => program,
        Err(error) => return tracing::warn!("{error}"),
    };
    match program.command(None).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(mut child) => drop(std::thread::spawn(move || child.wait())),
        Err(error) => tracing::warn!(%error, "the window could not be started"),
    }
}
