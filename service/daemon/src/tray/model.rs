//! What the icon and its menu say. Pure.

use jiff::{Timestamp, Zoned};
use muster_client::api::{PauseLength, PauseState, ServiceState, Status};
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
    pub pause_hour: String,
    pub pause_tomorrow: String,
    pub pause_playing: String,
    pub quit: String,
}

impl Model {
    pub fn of(status: &Status, words: &Messages, now: &Zoned) -> Self {
        let (picture, id) = match status.state {
            ServiceState::Idle => (Picture::Idle, "tray-idle"),
            ServiceState::Working => (Picture::Downloading, "tray-working"),
            ServiceState::Sharing => (Picture::Seeding, "tray-sharing"),
            ServiceState::Paused => (Picture::Paused, "tray-paused"),
            ServiceState::Attention => (Picture::Attention, "tray-attention"),
        };
        let pause = if status.state == ServiceState::Paused { "tray-resume" } else { "tray-pause" };
        let counts = [("jobs", status.jobs.to_string()), ("shared", status.shared.to_string())];
        let headline = status.pause.as_ref().and_then(|pause| paused(pause, words, now));
        Self {
            picture,
            headline: headline.unwrap_or_else(|| words.text(id, &counts)),
            open: words.text("tray-open", &[]),
            pause: words.text(pause, &[]),
            pause_hour: words.text("tray-pause-hour", &[]),
            pause_tomorrow: words.text("tray-pause-tomorrow", &[]),
            pause_playing: words.text("tray-pause-playing", &[]),
            quit: words.text("tray-quit", &[]),
        }
    }
}

/// Until when everything is paused, where that can be told.
fn paused(pause: &PauseState, words: &Messages, now: &Zoned) -> Option<String> {
    if pause.length == PauseLength::WhilePlaying {
        return Some(words.text("tray-paused-playing", &[]));
    }
    let until = pause.until.as_ref()?.parse::<Timestamp>().ok()?.to_zoned(now.time_zone().clone());
    let form = if until.date() == now.date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    Some(words.text("tray-paused-until", &[("time", until.strftime(form).to_string())]))
}

#[cfg(test)]
mod tests {
    use muster_messages::Language;

    use super::*;

    #[test]
    fn a_pause_says_when_it_ends() {
        let now: Zoned = "2026-11-20T22:30:00[Europe/Berlin]".parse().unwrap();
        let words = Messages::new(Language::English);
        let text = |length, until: Option<&str>| {
            paused(&PauseState { length, until: until.map(str::to_owned) }, &words, &now)
        };
        let (hour, night) = ("2026-11-20T22:30:00Z", "2026-11-21T05:00:00Z");
        assert_eq!(text(PauseLength::ForTime, Some(hour)).as_deref(), Some("Paused until 23:30"));
        assert_eq!(text(PauseLength::ForTime, Some(night)).as_deref(), Some("Paused until 2026-11-21 06:00"));
        assert_eq!(
            text(PauseLength::WhilePlaying, Some(hour)).as_deref(),
            Some("Paused until the game ends")
        );
        assert_eq!(text(PauseLength::UntilResumed, None), None);
    }
}
