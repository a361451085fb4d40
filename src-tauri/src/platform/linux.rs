//! WebKitGTK's fast renderer hands frames over as DMA-BUF. Without a GPU that costs memory and time, and with NVIDIA's own
//! driver it ends in an empty window; the player should not have to know. The choice is an environment variable that
//! must be there before the process starts its first thread, so the program starts itself again with it.

use std::{env, os::unix::process::CommandExt, path::Path, process::Command};

const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// What is known about the graphics of this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Graphics {
    /// The player, or an earlier start, has decided already.
    decided: bool,
    /// A GPU that programs can render with.
    render_node: bool,
    /// NVIDIA's own driver.
    nvidia: bool,
}

impl Graphics {
    fn of_this_machine() -> Self {
        let nodes = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
        Self {
            decided: env::var_os(VARIABLE).is_some(),
            render_node: nodes
                .into_iter()
                .any(|node| node.file_name().to_string_lossy().starts_with("renderD")),
            nvidia: Path::new("/proc/driver/nvidia/version").exists(),
        }
    }

    /// Whether the plain renderer is the safe choice.
    fn needs_plain_renderer(self) -> bool {
        !self.decided && (!self.render_node || self.nvidia)
    }
}

/// Starts the program again with the plain renderer where that is needed, and looks for a display; the error is why there
/// is none.
pub fn prepare() -> Result<(), String> {
    if Graphics::of_this_machine().needs_plain_renderer() {
        restart_with_plain_renderer();
    }
    // Asked here, because the window library answers a missing display with a panic.
    gtk::init().map_err(|_| "no display was found (is DISPLAY or WAYLAND_DISPLAY set?)".to_owned())
}

/// Does not return unless it fails.
fn restart_with_plain_renderer() {
    let Ok(program) = env::current_exe() else { return };
    let error = Command::new(program).args(env::args_os().skip(1)).env(VARIABLE, "1").exec();
    // The window may still work; an empty one is better than none with no word.
    eprintln!("muster-app: cannot restart with the plain renderer: {error}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_renderer_is_for_machines_without_a_gpu_and_for_nvidia() {
        let gpu = Graphics { render_node: true, ..Graphics::default() };
        assert!(!gpu.needs_plain_renderer());
        assert!(Graphics::default().needs_plain_renderer());
        assert!(Graphics { nvidia: true, ..gpu }.needs_plain_renderer());
    }

    #[test]
    fn a_decision_of_the_player_stays() {
        assert!(!Graphics { decided: true, ..Graphics::default() }.needs_plain_renderer());
    }
}
