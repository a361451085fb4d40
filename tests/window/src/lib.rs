//! What tests of the real window need: a desktop of their own with a Muster on it, a WebDriver client, and a host for the
//! tray icon.
//!
//! Every test has its own display, session bus and window manager, so tests neither see each other nor the desktop of
//! whoever runs them. Where a program for that is missing a test says which one, and passes without a verdict.

#![allow(clippy::disallowed_methods, reason = "tests play the player, who touches files with other programs")]

mod desktop;
mod driver;
mod panel;
mod process;
mod stage;

pub use desktop::Desktop;
pub use driver::{Driver, Element, Key};
pub use panel::{MenuEntry, Panel};
pub use process::{Process, eventually, patiently, processes_with};
pub use stage::{Stage, app};
