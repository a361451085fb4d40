//! Linux: the renderer of the web engine, and whether there is a display at all.

use std::{env, os::unix::process::CommandExt, process::Command};

use muster_client::{PLAIN_RENDERER, needs_plain_renderer};

/// Starts the program again with the plain renderer where that is needed and whoever started it did not see to it, and
/// looks for a display; the error is why there is none.
pub fn prepare() -> Result<(), String> {
    if needs_plain_renderer() {
        restart_with_plain_renderer();
    }
    // Asked here, because the window library answers a missing display with a panic.
    gtk::init().map_err(|_| "no display was found (is DISPLAY or WAYLAND_DISPLAY set?)".to_owned())
}

/// Does not return unless it fails.
fn restart_with_plain_renderer() {
    let Ok(program) = env::current_exe() else { return };
    let error = Command::new(program).args(env::args_os().skip(1)).env(PLAIN_RENDERER, "1").exec();
    // The window may still work; an empty one is better than none with no word.
    eprintln!("muster-app: cannot restart with the plain renderer: {error}");
}
