//! Where to look.

use std::{path::PathBuf, time::Duration};

/// Variable with a folder that stands for `/` when power supplies and network devices are read: for tests of whole
/// programs, on machines whose own state must not decide how they end.
pub const SYSTEM_ROOT: &str = "MUSTER_SYSTEM_ROOT";

/// What is looked at, and how often where nothing tells of changes.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the system's message bus; the system's own if `None`.
    pub system_bus: Option<String>,
    /// Stands for `/`.
    pub root: PathBuf,
    /// X11 display; none is looked at if `None`.
    pub display: Option<String>,
    /// Windows may be shown by a Wayland compositor, about which X11 knows only a part.
    pub is_wayland: bool,
    /// A folder on the volume whose room is watched.
    pub volume: Option<PathBuf>,
    /// Longest time until a change is noticed that nobody tells of.
    pub poll: Duration,
    /// Longest wait for an answer.
    pub patience: Duration,
}

impl Config {
    /// This machine, by the variables of the process.
    pub fn of_this_machine(volume: PathBuf, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let named = |name: &str| variable(name).filter(|value| !value.is_empty());
        Self {
            system_bus: None,
            root: named(SYSTEM_ROOT).map_or_else(|| PathBuf::from("/"), PathBuf::from),
            display: named("DISPLAY"),
            is_wayland: named("WAYLAND_DISPLAY").is_some(),
            volume: Some(volume),
            ..Self::default()
        }
    }
}

impl Default for Config {
    /// Looks at nothing but what every process sees.
    fn default() -> Self {
        Self {
            system_bus: None,
            root: PathBuf::from("/"),
            display: None,
            is_wayland: false,
            volume: None,
            poll: Duration::from_secs(30),
            patience: Duration::from_secs(2),
        }
    }
}
