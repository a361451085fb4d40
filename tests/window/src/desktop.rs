//! A desktop for one test: display, session bus, window manager.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::patiently;

/// Programs without which there is no desktop, and the Debian packages that hold them.
const NEEDED: [(&str, &str); 5] = [
    ("Xvfb", "xvfb"),
    ("dbus-daemon", "dbus"),
    ("openbox", "openbox"),
    ("xdotool", "xdotool"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
];

/// The desktop; all of it ends with the value.
pub struct Desktop {
    folder: TempDir,
    display: String,
    bus: String,
    // The order in which they end: the window manager before its display.
    programs: Vec<Child>,
}

impl Desktop {
    /// Starts one; `None`, with a printed reason, where a program for it is missing.
    pub fn start() -> Option<Self> {
        if !all_are_here(&NEEDED) {
            return None;
        }
        let folder = tempfile::Builder::new().prefix("desktop-").tempdir().expect("a folder");
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1400x960x24", "-nolisten", "tcp", "-noreset"]);
        let (server, number) = start_and_read_line(&mut server);
        let (bus, address) = session_bus(folder.path());
        let mut desktop =
            Self { folder, display: format!(":{number}"), bus: address, programs: vec![bus, server] };
        let mut manager = Command::new("openbox");
        desktop.dress(&mut manager);
        manager.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        desktop.programs.insert(0, manager.spawn().expect("openbox starts"));
        Some(desktop)
    }

    /// Gives a command this desktop, and takes every other one away from it.
    pub fn dress(&self, command: &mut Command) {
        for name in
            ["WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "XDG_DATA_HOME", "XDG_CONFIG_HOME"]
        {
            command.env_remove(name);
        }
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("XDG_RUNTIME_DIR", self.folder.path())
            // No accessibility bus: it would be one more service to wait for.
            .env("NO_AT_BRIDGE", "1");
    }

    /// Name of the display, as X11 writes it.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Presses a key in the window that has the keyboard, named as `xdotool` names it.
    pub fn press(&self, key: &str) {
        self.try_xdotool(&["key", "--clearmodifiers", key]);
    }

    /// Address of the session bus.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// Asks the visible window of this title to close, as its frame does, until it is gone: the window manager may not
    /// have given it the keyboard yet.
    pub fn close_window(&self, title: &str) {
        let closed = patiently(Duration::from_secs(15), || {
            self.try_xdotool(&["search", "--onlyvisible", "--name", title, "windowactivate", "--sync"]);
            self.try_xdotool(&["key", "--clearmodifiers", "alt+F4"]);
            std::thread::sleep(Duration::from_millis(300));
            (!self.shows_window(title)).then_some(())
        });
        assert!(closed.is_some(), "the window {title} does not close");
    }

    /// Whether a window of this title is shown.
    pub fn shows_window(&self, title: &str) -> bool {
        self.try_xdotool(&["search", "--onlyvisible", "--name", title])
    }

    /// Puts the visible window of this title out of sight, as the player does with its frame's button, while something
    /// is done.
    pub fn minimized<T>(&self, title: &str, meanwhile: impl FnOnce() -> T) -> T {
        let id = self.visible(title);
        self.output("xdotool", &["windowminimize", &id]);
        let done = meanwhile();
        self.output("xdotool", &["windowactivate", &id]);
        done
    }

    /// The X11 id of the visible window of this title.
    fn visible(&self, title: &str) -> String {
        let ids = self.output("xdotool", &["search", "--onlyvisible", "--name", title]);
        let ids = String::from_utf8(ids).expect("numbers");
        ids.lines().last().expect("one window").to_owned()
    }

    /// What a window of this title shows, without its frame, as PNG. (WebKitGTK's driver takes no pictures where no
    /// compositor runs.)
    pub fn picture(&self, title: &str) -> Vec<u8> {
        self.output("import", &["-window", &self.visible(title), "png:-"])
    }

    fn output(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        let mut command = Command::new(program);
        self.dress(&mut command);
        let output = command.args(arguments).stdin(Stdio::null()).output().expect("it runs");
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn try_xdotool(&self, arguments: &[&str]) -> bool {
        let mut command = Command::new("xdotool");
        self.dress(&mut command);
        let output = command.args(arguments).stdin(Stdio::null()).output().expect("xdotool runs");
        output.status.success()
            && (arguments[0] != "search" || arguments.len() > 4 || !output.stdout.is_empty())
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for program in &mut self.programs {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// Whether all programs are there; prints what is missing.
pub(crate) fn all_are_here(needed: &[(&str, &str)]) -> bool {
    let missing: Vec<_> =
        needed.iter().filter(|(program, _)| find(program).is_none()).map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        println!("skipped: this test needs the Debian packages {}", missing.join(", "));
    }
    missing.is_empty()
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn session_bus(folder: &Path) -> (Child, String) {
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .arg(format!("--address=unix:path={}", folder.join("bus").display()))
        .env("XDG_RUNTIME_DIR", folder)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    start_and_read_line(&mut bus)
}

/// Starts a program that says on its first line where it can be reached.
pub(crate) fn start_and_read_line(command: &mut Command) -> (Child, String) {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
    let output: &mut ChildStdout = child.stdout.as_mut().expect("a pipe");
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("a line");
    assert!(!line.trim().is_empty(), "{name} ended before it was ready");
    (child, line.trim().to_owned())
}
