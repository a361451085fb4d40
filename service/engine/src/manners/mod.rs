//! When may be uploaded, how fast, and when may background downloads run. Pure: what the player decided and what is
//! known go in, one [`Verdict`] comes out; `conduct` carries it out.
//!
//! Nothing is uploaded while any line of this table holds. "if known" means that an unknown fact does not hold back,
//! unless the player said [`Consider::PauseUnlessKnown`].
//!
//! | code suffix      | holds                                        | sharing | background | unless                 |
//! |------------------|----------------------------------------------|---------|------------|------------------------|
//! | `not-chosen`     | nobody has answered the question yet         | yes     |            |                        |
//! | `off`            | the answer was no                            | yes     |            |                        |
//! | `all-paused`     | the player paused everything                 | yes     | yes        |                        |
//! | `looking`        | nobody has looked at the machine yet         | yes     | yes        |                        |
//! | `sleep`          | the machine goes to sleep, if known          | yes     | yes        |                        |
//! | `game`           | a game of ours runs, if known                | yes     | yes        | `*_while_playing`      |
//! | `full-screen`    | a program fills the screen, if known         | yes     | yes        | `*_while_playing`      |
//! | `battery`        | no mains power, if known                     | yes     | yes        | `on_battery` = allow   |
//! | `metered`        | the link costs by the byte, if known         | yes     | yes        | `on_metered` = allow   |
//! | `vpn`            | the way out is a tunnel, if known            | yes     |            | `on_vpn` = allow       |
//! | `disk`           | less room than [`LOW_DISK`], if known        | yes     | yes        |                        |
//! | `hours`          | outside the hours for sharing                | yes     |            |                        |
//! | `month`          | the month's uploads are used up              | yes (1) |            |                        |
//! | `not-away`       | somebody is there, or nobody knows           | yes     |            | `share_when_away` off  |
//! | `no-upload`      | the upload limit in force is nothing         | yes     |            |                        |
//!
//! (1) Those nearby still get something if the local network is exempt from limits.
//!
//! The second set of limits ("turtle") is in force when the player says so, or, left to itself, while somebody plays
//! and in the hours set for it. Downloads that the player asked for are never held back by any of this, only by a
//! pause.

mod decide;
mod ledger;
mod pause;
mod rules;
mod schedule;

pub use decide::{Caps, Facts, Hold, LimitSet, Reach, Verdict, codes, decide, matters_whether_playing};
pub use ledger::Ledger;
pub use pause::{Pause, PauseWish};
pub use rules::{Consider, Rules, Turtle};
pub use schedule::{Schedule, ScheduleError};

/// Bytes of room below which nothing is shared and nothing fetched without being asked for.
pub const LOW_DISK: u64 = 500_000_000;
