//! A message bus of a test's own, and GNOME's keyring on it.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// A session with a bus and, if it is wished, a keyring.
pub struct Desktop {
    folder: TempDir,
    bus: Child,
    keyring: Option<Child>,
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for child in self.keyring.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("bus").display())
}

impl Desktop {
    /// A bus on which nobody can be started; `None`, with the reason printed, where there is no such program.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let config = format!(
            "<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN' \
             'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'><busconfig><type>session</type>\
             <listen>{}</listen><policy context='default'><allow send_destination='*' eavesdrop='true'/>\
             <allow eavesdrop='true'/><allow own='*'/></policy></busconfig>",
            address(folder.path())
        );
        let path = folder.path().join("bus.conf");
        std::fs::write(&path, config).expect("written");
        let started = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", path.display()))
            .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut bus) = started else {
            println!("skipped: dbus-daemon is not installed");
            return None;
        };
        let mut said = String::new();
        BufReader::new(bus.stdout.as_mut().expect("piped")).read_line(&mut said).expect("reads");
        assert!(!said.trim().is_empty(), "the bus does not start");
        Some(Self { folder, bus, keyring: None })
    }

    /// The same with an unlocked keyring of GNOME's on it.
    pub fn with_keyring() -> Option<Self> {
        let mut desktop = Self::start()?;
        let home = desktop.folder.path().join("home");
        std::fs::create_dir_all(&home).expect("a folder");
        let started = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets", "--foreground"])
            .env("HOME", &home)
            .env("XDG_RUNTIME_DIR", desktop.folder.path())
            .env("DBUS_SESSION_BUS_ADDRESS", desktop.address())
            .env_remove("XDG_DATA_HOME")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut keyring) = started else {
            println!("skipped: gnome-keyring is not installed");
            return None;
        };
        keyring.stdin.take().expect("piped").write_all(b"password of the test").expect("written");
        desktop.keyring = Some(keyring);
        desktop.until_owned();
        Some(desktop)
    }

    pub fn address(&self) -> String {
        address(self.folder.path())
    }

    /// All that the keyring wrote.
    pub fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }

    /// Locks what is in the keyring, as leaving the session does.
    pub fn lock(&self) {
        let locked = self
            .call(&["org.freedesktop.Secret.Service.Lock", "['/org/freedesktop/secrets/collection/login']"]);
        assert!(locked.contains("collection/login"), "{locked}");
    }

    fn until_owned(&self) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while !self.call(&["org.freedesktop.Secret.Service.ReadAlias", "default"]).contains("login") {
            assert!(std::time::Instant::now() < deadline, "the keyring does not come");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    fn call(&self, method: &[&str]) -> String {
        let called = Command::new("gdbus")
            .args(["call", "--address", &self.address(), "--dest", "org.freedesktop.secrets"])
            .args(["--object-path", "/org/freedesktop/secrets", "--method"])
            .args(method)
            .output()
            .expect("gdbus runs");
        String::from_utf8_lossy(&called.stdout).into_owned()
    }
}
