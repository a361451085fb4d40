//! A pause of everything, and when it is over.
//!
//! | pause          | is over                                                                                  |
//! |----------------|------------------------------------------------------------------------------------------|
//! | until resumed  | when the player says so                                                                  |
//! | until a time   | at that time; a clock that was put back to before the pause began does not make it longer |
//! | while playing  | when the game ends; if none has started after [`GRACE`], then                             |

use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};
use serde::{Deserialize, Serialize};

/// Time to start the game for which everything was paused.
const GRACE: SignedDuration = SignedDuration::from_mins(15);
/// "Tomorrow" begins at this hour, if it is not too close.
const MORNING: i8 = 6;
const SHORTEST_NIGHT: SignedDuration = SignedDuration::from_hours(4);
/// Longer pauses are asked for without an end.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 31);

/// What the player asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseWish {
    UntilResumed,
    For(SignedDuration),
    UntilTomorrow,
    WhilePlaying,
}

/// A pause that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Pause {
    UntilResumed,
    Until {
        since: Timestamp,
        until: Timestamp,
    },
    WhilePlaying {
        since: Timestamp,
        /// The game was seen running.
        has_begun: bool,
    },
}

impl PauseWish {
    /// The pause that begins now; `None` if the time asked for cannot be.
    pub fn begin(self, now: &Zoned) -> Option<Pause> {
        let since = now.timestamp();
        Some(match self {
            Self::UntilResumed => Pause::UntilResumed,
            Self::WhilePlaying => Pause::WhilePlaying { since, has_begun: false },
            Self::UntilTomorrow => Pause::Until { since, until: morning(now)? },
            Self::For(length) if length.is_positive() && length <= LONGEST => {
                Pause::Until { since, until: since.checked_add(length).ok()? }
            }
            Self::For(_) => return None,
        })
    }
}

/// The first morning that is a night away.
fn morning(now: &Zoned) -> Option<Timestamp> {
    let today = now.date();
    let mornings = (0..3).filter_map(|days| {
        let day = today.checked_add(days.days()).ok()?;
        Some(day.at(MORNING, 0, 0, 0).to_zoned(now.time_zone().clone()).ok()?.timestamp())
    });
    let is_far = |at: &Timestamp| at.duration_since(now.timestamp()) >= SHORTEST_NIGHT;
    mornings.into_iter().find(is_far)
}

impl Pause {
    /// What is left of it now; `None` if it is over.
    pub fn settle(self, playing: Option<bool>, now: Timestamp) -> Option<Self> {
        match self {
            Self::UntilResumed => Some(self),
            Self::Until { since, until } if now < since => {
                let until = now.checked_add(until.duration_since(since)).ok()?;
                Some(Self::Until { since: now, until })
            }
            Self::Until { until, .. } => (now < until).then_some(self),
            Self::WhilePlaying { since, .. } if playing == Some(true) => {
                Some(Self::WhilePlaying { since, has_begun: true })
            }
            Self::WhilePlaying { has_begun: true, .. } if playing == Some(false) => None,
            // Whether the game still runs is not known yet.
            Self::WhilePlaying { has_begun: true, .. } => Some(self),
            Self::WhilePlaying { since, .. } if now < since => {
                Some(Self::WhilePlaying { since: now, has_begun: false })
            }
            Self::WhilePlaying { since, .. } => (now.duration_since(since) < GRACE).then_some(self),
        }
    }

    /// When it is over by itself, if that can be told.
    pub fn ends_at(self) -> Option<Timestamp> {
        match self {
            Self::UntilResumed | Self::WhilePlaying { has_begun: true, .. } => None,
            Self::Until { until, .. } => Some(until),
            Self::WhilePlaying { since, has_begun: false } => since.checked_add(GRACE).ok(),
        }
    }
}

#[cfg(test)]
mod tests;
