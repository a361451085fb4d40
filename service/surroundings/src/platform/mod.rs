//! How each system is asked.

#[cfg_attr(target_os = "linux", path = "linux/mod.rs")]
#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(any(target_os = "linux", windows)), path = "macos.rs")]
mod system;

use crate::{Config, board::Board, watcher::Source};

/// Everybody who keeps facts about this system current.
pub(crate) fn sources(config: &Config, board: &Board) -> Vec<Source> {
    system::sources(config, board)
}
