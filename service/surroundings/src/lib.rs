//! What the machine is doing: power, network, whether somebody is there, room on the disk.
//!
//! [`Watcher`] keeps one [`Surroundings`] current and tells when it changes. These are facts; what follows from them is
//! decided in `engine`. Invariants: what cannot be found out stays `None` and is never guessed; no service of the system
//! is started, and one that is missing or does not answer costs a time-out and nothing else; systems differ only in
//! `platform`. What each system can tell:
//!
//! | fact          | Linux                                                     | Windows          | macOS |
//! |---------------|-----------------------------------------------------------|------------------|-------|
//! | `on_battery`  | UPower, else `/sys/class/power_supply`                    | Windows Runtime  | -     |
//! | `is_metered`  | NetworkManager                                            | Windows Runtime  | -     |
//! | `over_vpn`    | NetworkManager, and the way packets to the internet take  | Windows Runtime  | -     |
//! | `is_away`     | logind                                                    | -                | -     |
//! | `full_screen` | X11; under Wayland only that an X11 program is            | -                | -     |
//! | `is_sleeping` | logind                                                    | -                | -     |
//! | `free_bytes`  | yes                                                       | yes              | yes   |
//!
//! Windows is checked by compiling only, so far; macOS says nothing but the room on the disk.

mod board;
mod config;
mod disk;
mod fake;
mod platform;
mod snapshot;
mod watcher;

pub use config::{Config, SYSTEM_ROOT};
pub use fake::Fake;
pub use snapshot::Surroundings;
pub use watcher::Watcher;
