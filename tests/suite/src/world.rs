//! A world for one test: folders of its own, a service of its own, nothing of the user's.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use muster_client::{Client, Places, Probe, Request, probe};
use tempfile::TempDir;

/// Top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// A program of this build. `tests/run` builds them before the tests.
fn program(name: &str) -> PathBuf {
    let mut folder = std::env::current_exe().expect("a test runs from a file");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let path = folder.join(name);
    assert!(path.is_file(), "{} is not built: use tests/run, or cargo build --workspace --bins", path.display());
    path
}

/// The terminal program.
pub fn muster() -> PathBuf {
    program("muster")
}

/// The service's program.
pub fn service() -> PathBuf {
    program("muster-service")
}

/// The starter registry, built once per checkout.
pub fn starter() -> PathBuf {
    let path = root().join("target/starter/registry");
    let built = Command::new(root().join("installer/starter/build")).arg(&path).env("MUSTER", muster()).output();
    let built = built.expect("the build script runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    path
}

/// The game's server, where it is installed.
pub fn minetest_server() -> Option<PathBuf> {
    ["/usr/games/minetestserver", "/usr/lib/minetest/minetestserver", "/usr/games/luantiserver"]
        .iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
}

/// Folders and a service of one test. The service is killed at the end.
pub struct World {
    folder: TempDir,
    service: Option<Child>,
    home: String,
}

impl World {
    /// An empty world; no service runs yet.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("muster-").tempdir().expect("a folder");
        Self { folder, service: None, home: "home".into() }
    }

    /// Folder of the test.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The player's home directory in this world; games keep their data below it.
    pub fn player(&self) -> PathBuf {
        self.path().join("player")
    }

    /// Folder that Minetest reads mods from.
    pub fn mods(&self) -> PathBuf {
        self.player().join(".minetest/mods")
    }

    /// Places of the service.
    pub fn places(&self) -> Places {
        Places::below(&self.path().join(&self.home))
    }

    /// A command in this world's environment.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        std::fs::create_dir_all(self.player()).expect("a folder");
        command
            .env("MUSTER_HOME", self.path().join(&self.home))
            .env("HOME", self.player())
            .env_remove("MINETEST_USER_PATH")
            .env_remove("DISPLAY")
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    /// Starts the service and waits until it answers.
    pub fn start(&mut self) -> Client {
        self.start_with(|_| {})
    }

    /// The same with a changed command.
    pub fn start_with(&mut self, change: impl FnOnce(&mut Command)) -> Client {
        let mut command = self.command(&service());
        command.arg("--headless").stdout(Stdio::null()).stderr(Stdio::null());
        change(&mut command);
        self.service = Some(command.spawn().expect("the service starts"));
        self.wait_ready()
    }

    /// Waits until the service answers.
    pub fn wait_ready(&self) -> Client {
        let client = Client::new(&self.places());
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            match block(probe(&client)) {
                Probe::Ready(_) => return client,
                _ if Instant::now() > deadline => panic!("the service does not answer: {}", self.log()),
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    /// Kills the service without a word (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut child) = self.service.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Process id of the service.
    pub fn pid(&self) -> u32 {
        self.service.as_ref().expect("a service runs").id()
    }

    /// Waits for the service to end by itself; `None` after the time is over.
    pub fn wait_end(&mut self, longest: Duration) -> Option<std::process::ExitStatus> {
        let deadline = Instant::now() + longest;
        while Instant::now() < deadline {
            if let Some(status) = self.service.as_mut()?.try_wait().expect("a child") {
                self.service = None;
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }

    /// Runs the terminal program and gives its output.
    pub fn muster(&self, arguments: &[&str]) -> Output {
        self.command(&muster()).args(arguments).output().expect("muster runs")
    }

    /// The same, which must succeed.
    pub fn muster_ok(&self, arguments: &[&str]) -> String {
        let output = self.muster(arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "muster {arguments:?}: {out}\n{err}\n{}", self.log());
        out.into_owned()
    }

    /// The same with `--json`, read.
    pub fn muster_json(&self, arguments: &[&str]) -> serde_json::Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        serde_json::from_str(&self.muster_ok(&all)).expect("JSON")
    }

    /// Adds the starter registry as the source `starter`.
    pub fn add_starter(&self) {
        let registry = starter();
        let root = std::fs::read_to_string(registry.join("root.fingerprint")).expect("built");
        let address = registry.to_str().expect("a path");
        self.muster_ok(&["source", "add", address, "--alias", "starter", "--root", root.trim()]);
    }

    /// The service's log.
    pub fn log(&self) -> String {
        let Ok(entries) = std::fs::read_dir(self.places().logs) else { return String::new() };
        entries.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect()
    }

    /// Calls the API and reads the reply.
    pub fn ask<T: serde::de::DeserializeOwned>(&self, request: Request) -> T {
        block(Client::new(&self.places()).ask(request)).expect("the service replies")
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a future to its end on a runtime of its own.
pub fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
