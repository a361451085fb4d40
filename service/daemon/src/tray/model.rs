//! What the icon and its menu say. Pure.

use muster_client::api::{ServiceState, Status};
use muster_messages::Messages;

/// The pictures of the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picture {
    Idle,
    Downloading,
    Seeding,
    Paused,
    Attention,
}

/// Everything that is visible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub picture: Picture,
    /// What is going on, in one line; first entry of the menu and tooltip.
    pub headline: String,
    pub open: String,
    /// "Pause" or "Go on", whichever the entry does now.
    pub pause: String,
    pub quit: String,
}

impl Model {
    pub fn of(status: &Status, words: &Messages) -> Self {
        let (picture, id) = match status.state {
            ServiceState::Idle => (Picture::Idle, "tray-idle"),
            ServiceState::Working => (Picture::Downloading, "tray-working"),
            ServiceState::Sharing => (Picture::Seeding, "tray-sharing"),
            ServiceState::Paused => (Picture::Paused, "tray-paused"),
            ServiceState::Attention => (Picture::Attention, "tray-attention"),
        };
        let pause = if status.state == ServiceState::Paused { "tray-resume" } else { "tray-pause" };
        let counts = [("jobs", status.jobs.to_string()), ("shared", status.shared.to_string())];
        Self {
            picture,
            headline: words.text(id, &counts),
            open: words.text("tray-open", &[]),
            pause: words.text(pause, &[]),
            quit: words.text("tray-quit", &[]),
        }
    }
}
