//! Finding the window's program and starting it with the renderer that this machine needs.
//!
//! WebKitGTK's fast renderer hands frames over as DMA-BUF. Without a GPU that costs memory and time, and with NVIDIA's own
//! driver it ends in an empty window; the player should not have to know. The choice is a variable of the environment,
//! which a program cannot give itself: whoever starts the window sets it, and the window, started by somebody else, starts
//! itself again with it, which costs loading its libraries twice.

use std::{env, ffi::OsStr, path::PathBuf, process::Command};

use crate::{ClientError, platform};

/// The variable that chooses WebKitGTK's plain renderer.
pub const PLAIN_RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// The window's program.
#[derive(Clone, Debug)]
pub struct WindowProgram {
    path: PathBuf,
}

impl WindowProgram {
    /// Looks beside this program, then in `../../bin/` (from `lib/muster/`); never in `PATH`, which others may write to.
    ///
    /// # Errors
    /// [`ClientError::WindowNotFound`] where it is in neither.
    pub fn find() -> Result<Self, ClientError> {
        let own = env::current_exe().map_err(|_| ClientError::WindowNotFound)?;
        let folder = own.parent().ok_or(ClientError::WindowNotFound)?;
        let name = format!("muster-app{}", env::consts::EXE_SUFFIX);
        let candidates = [folder.join(&name), folder.join("../../bin").join(&name)];
        let path = candidates.into_iter().find(|path| path.is_file()).ok_or(ClientError::WindowNotFound)?;
        Ok(Self { path })
    }

    /// The command that opens the window, or brings the one that is open to the front; with an unparsed link, on a question
    /// about it.
    pub fn command(&self, link: Option<&OsStr>) -> Command {
        let mut command = Command::new(&self.path);
        command.args(link);
        if needs_plain_renderer() {
            command.env(PLAIN_RENDERER, "1");
        }
        command
    }

    /// Opens the window in place of this program: does not return unless that fails, or the system knows no such thing.
    ///
    /// # Errors
    /// [`ClientError::WindowStart`] where the program cannot be started.
    pub fn become_it(&self, link: Option<&OsStr>) -> Result<(), ClientError> {
        platform::replace_with(self.command(link))
            .map_err(|error| ClientError::WindowStart(error.to_string()))
    }
}

/// Whether a window of this environment has to be started with [`PLAIN_RENDERER`]; never where the player, or an earlier
/// start, has decided.
#[cfg(target_os = "linux")]
pub fn needs_plain_renderer() -> bool {
    Graphics::of_this_machine().needs_plain_renderer()
}

/// Whether a window of this environment has to be started with [`PLAIN_RENDERER`]: on no system but Linux.
#[cfg(not(target_os = "linux"))]
pub fn needs_plain_renderer() -> bool {
    false
}

/// What is known about the graphics of this machine.
#[cfg(target_os = "linux")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Graphics {
    is_decided: bool,
    /// A GPU that programs can render with.
    has_render_node: bool,
    /// NVIDIA's own driver.
    is_nvidia: bool,
}

#[cfg(target_os = "linux")]
impl Graphics {
    fn of_this_machine() -> Self {
        let nodes = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
        Self {
            is_decided: env::var_os(PLAIN_RENDERER).is_some(),
            has_render_node: nodes
                .into_iter()
                .any(|node| node.file_name().to_string_lossy().starts_with("renderD")),
            is_nvidia: std::path::Path::new("/proc/driver/nvidia/version").exists(),
        }
    }

    fn needs_plain_renderer(self) -> bool {
        !self.is_decided && (!self.has_render_node || self.is_nvidia)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_plain_renderer_is_for_machines_without_a_gpu_and_for_nvidia() {
        let gpu = Graphics { has_render_node: true, ..Graphics::default() };
        assert!(!gpu.needs_plain_renderer());
        assert!(Graphics::default().needs_plain_renderer());
        assert!(Graphics { is_nvidia: true, ..gpu }.needs_plain_renderer());
    }

    #[test]
    fn a_decision_of_the_player_stays() {
        assert!(!Graphics { is_decided: true, ..Graphics::default() }.needs_plain_renderer());
    }
}
