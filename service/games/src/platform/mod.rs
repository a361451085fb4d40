//! This machine's answers. Systems differ only in how running programs are listed.

mod mute;
mod steam;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "other.rs")]
mod system;

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

pub use mute::Mute;

use crate::{Environment, Platform, Process, SteamApp, System};

/// Most of a program's output that is read, in bytes.
const MAX_OUTPUT: u64 = 16 * 1024;

/// The machine that this program runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThisMachine;

impl ThisMachine {
    /// The facts of this process's environment.
    pub fn environment() -> Environment {
        let system = match std::env::consts::OS {
            "windows" => System::Windows,
            "macos" => System::Macos,
            _ => System::Linux,
        };
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Environment::from_variables(system, std::env::vars_os().filter_map(text).collect())
    }
}

impl Platform for ThisMachine {
    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn entries(&self, folder: &Path) -> Vec<String> {
        let Ok(entries) = muster_fsx::Dir::open_ambient(folder).and_then(|folder| folder.entries()) else {
            return Vec::new();
        };
        let mut names: Vec<String> =
            entries.iter().filter_map(|entry| entry.name_str().map(str::to_owned)).collect();
        names.sort();
        names
    }

    fn read(&self, path: &Path, most: u64) -> Option<Vec<u8>> {
        let folder = muster_fsx::Dir::open_ambient(path.parent()?).ok()?;
        folder.read(path.file_name()?.to_str()?, most).ok()
    }

    fn steam_apps(&self, steam: &Path, apps: &[u32]) -> Vec<SteamApp> {
        steam::apps(steam, apps)
    }

    fn canonical(&self, path: &Path) -> Option<PathBuf> {
        path.canonicalize().ok()
    }

    fn output(&self, program: &Path, args: &[String], timeout: Duration) -> Option<String> {
        let mut command = std::process::Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Some games write into the folder they are started in.
        command.current_dir(std::env::temp_dir());
        let mut child = command.spawn().ok()?;
        let output = child.stdout.take()?;
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = output.take(MAX_OUTPUT).read_to_end(&mut bytes);
            // Nobody listens any more after the timeout.
            let _ = send.send(read.map(|_| bytes));
        });
        let deadline = Instant::now() + timeout;
        let bytes = receive.recv_timeout(timeout);
        end(&mut child, deadline);
        Some(String::from_utf8_lossy(&bytes.ok()?.ok()?).into_owned())
    }

    fn processes(&self) -> Vec<Process> {
        system::processes()
    }
}

/// Lets a child end by itself until the deadline, then ends it; it is always reaped.
fn end(child: &mut Child, deadline: Instant) {
    while Instant::now() < deadline {
        match child.try_wait() {
            Ok(Some(_)) | Err(_) => return,
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}
