//! A world for one test: folders of its own, a service of its own, nothing of the user's.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use muster_api::{ChangeRequest, Changed, Job, OperationId, PackageKey, Profile, Wish};
use muster_client::{Client, Endpoint, Places, Probe, Request, probe};
use tempfile::TempDir;

use crate::{Files, PATIENCE, Registry, files};

/// Top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// Folder of the programs of this build, which `tests/run` makes before the tests; `MUSTER_TEST_PROGRAMS` names
/// another one.
fn programs() -> PathBuf {
    if let Some(folder) = std::env::var_os("MUSTER_TEST_PROGRAMS") {
        return folder.into();
    }
    let mut folder = std::env::current_exe().expect("a test runs from a file");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder
}

fn program(name: &str) -> PathBuf {
    let path = programs().join(name);
    assert!(
        path.is_file(),
        "{} is not built: use tests/run, or cargo build --workspace --bins",
        path.display()
    );
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

/// The starter registry, built once per build of the programs (with its lock, so that tests may ask at once).
pub fn starter() -> PathBuf {
    let path = programs().parent().expect("programs lie in a folder").join("starter/registry");
    let built =
        Command::new(root().join("installer/starter/build")).arg(&path).env("MUSTER", muster()).output();
    let built = built.expect("the build script runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    path
}

/// Programs of Minetest.
const MINETEST: &[&str] = &[
    "/usr/games/minetestserver",
    "/usr/lib/minetest/minetestserver",
    "/usr/games/luantiserver",
    "/usr/games/minetest",
    "/usr/games/luanti",
];

/// The game's server, where it is installed.
pub fn minetest_server() -> Option<PathBuf> {
    MINETEST
        .iter()
        .map(PathBuf::from)
        .find(|path| path.to_string_lossy().ends_with("server") && path.is_file())
}

/// `PATH` without folders of games, which a test chooses itself.
fn search_path() -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let kept = std::env::split_paths(&path).filter(|folder| !folder.ends_with("games"));
    std::env::join_paths(kept).expect("they were joined before")
}

/// Folders and a service of one test. The service is killed at the end.
pub struct World {
    folder: TempDir,
    service: Option<Child>,
    home: String,
}

impl World {
    /// An empty world with Minetest, where the machine has it; no service runs yet.
    pub fn new() -> Self {
        Self::with_programs(MINETEST)
    }

    /// An empty world with these of the machine's programs, as absolute paths; other games are not there to be found.
    pub fn with_programs(programs: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("muster-").tempdir().expect("a folder");
        let world = Self { folder, service: None, home: "home".into() };
        for program in programs.iter().map(Path::new).filter(|program| program.is_file()) {
            let link = world.machine().join(program.strip_prefix("/").expect("an absolute path"));
            std::fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
            #[cfg(unix)]
            std::os::unix::fs::symlink(program, link).expect("a link");
        }
        world
    }

    /// Folder of the test.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The player's home directory in this world; games keep their data below it.
    pub fn player(&self) -> PathBuf {
        self.path().join("player")
    }

    /// Folder that stands for `/` when the service looks at what the machine is doing and for games; only what the test
    /// wants is there to see.
    pub fn machine(&self) -> PathBuf {
        self.path().join("machine")
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
            // What the real machine is doing must not decide how a test ends.
            .env("MUSTER_SYSTEM_ROOT", self.machine())
            .env("PATH", search_path())
            .env_remove("XDG_DATA_HOME")
            .env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            // Nor may a test ask the keyring of whoever runs it.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("MINETEST_USER_PATH")
            .env_remove("LUANTI_USER_PATH")
            .env_remove("DISPLAY")
            .env_remove("LC_ALL")
            .env_remove("LANGUAGE")
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
        let deadline = Instant::now() + PATIENCE;
        loop {
            match block(probe(&client)) {
                Probe::Ready(_) | Probe::NeedsRestart(_) => return client,
                _ if Instant::now() > deadline => panic!("the service does not answer: {}", self.log()),
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Starts the service where none of this test runs.
    pub fn start_if_dead(&mut self) {
        if self.service.is_none() {
            self.start();
        }
    }

    /// Kills the service without a word (SIGKILL), whoever started it, and waits until it is gone.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.service.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        // One that the terminal program started names itself in its lock; a lock that a dead one left names nobody.
        if let Some(pid) = self.holder().filter(|pid| is_service(*pid)) {
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
            wait_for("the service to be gone", || (!is_service(pid)).then_some(()));
        }
        // Its first thread may be gone while others still wait for the disk, with all files open.
        if let Ok(lock) = std::fs::File::open(self.places().service_lock()) {
            wait_for("the lock of the service", || {
                muster_client::lock_exclusively(&lock).ok()?.then_some(())
            });
        }
    }

    /// Removes the stores that the service made outside of this world: on a volume that the world shares with others they lie
    /// above it.
    pub fn remove_stores(&self) {
        let book = std::fs::read_to_string(self.places().state.join("stores.json")).unwrap_or_default();
        let book: serde_json::Value = serde_json::from_str(&book).unwrap_or_default();
        let stores = book["stores"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
        for store in stores.map(Path::new).filter(|store| !store.starts_with(self.path())) {
            let _ = std::fs::remove_dir_all(store);
        }
    }

    /// The process that the service's lock names.
    pub fn holder(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.places().service_lock()).ok()?;
        serde_json::from_str::<serde_json::Value>(&text).ok()?["pid"].as_u64()?.try_into().ok()
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

    /// Runs the terminal program.
    pub fn muster(&self, arguments: &[&str]) -> Run {
        let output = self.command(&muster()).args(arguments).output().expect("muster runs");
        Run::of(arguments, output)
    }

    /// The same, which must succeed.
    pub fn muster_ok(&self, arguments: &[&str]) -> String {
        let run = self.muster(arguments);
        assert_eq!(run.exit, 0, "{run:?}\n{}", self.log());
        run.out
    }

    /// The same with `--json`, read.
    pub fn muster_json(&self, arguments: &[&str]) -> serde_json::Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        serde_json::from_str(&self.muster_ok(&all)).expect("JSON")
    }

    /// The same, which must fail with this exit code and this error code, in a sentence.
    pub fn muster_fails(&self, arguments: &[&str], exit: i32, code: &str) -> Run {
        let run = self.muster(arguments);
        assert_eq!(run.exit, exit, "{run:?}\n{}", self.log());
        assert!(run.names(code), "{code} is not named: {run:?}");
        run
    }

    /// Adds the starter registry as the source `starter`.
    pub fn add_starter(&self) {
        let registry = starter();
        let root = std::fs::read_to_string(registry.join("root.fingerprint")).expect("built");
        let address = registry.to_str().expect("a path");
        self.muster_ok(&["source", "add", address, "--alias", "starter", "--root", root.trim()]);
    }

    /// Adds a registry of this test as the source `test`, from its folder or from an address where it is served.
    pub fn add_registry(&self, registry: &Registry, address: Option<&str>) {
        let path = registry.path();
        let address = address.unwrap_or_else(|| path.to_str().expect("a path"));
        self.muster_ok(&["source", "add", address, "--alias", "test", "--root", &registry.root()]);
    }

    /// What lies in the mods folder.
    pub fn placed(&self) -> Files {
        files(&self.mods())
    }

    /// The active profile.
    pub fn profile(&self) -> Profile {
        let profiles: Vec<Profile> = self.ask(Request::new(OperationId::Profiles));
        profiles.into_iter().find(|profile| profile.active).expect("a profile of the game")
    }

    fn key(&self, id: &str) -> PackageKey {
        let sources: Vec<muster_api::Source> = self.ask(Request::new(OperationId::Sources));
        PackageKey { source: sources.first().expect("a source").id.clone(), id: id.to_owned() }
    }

    /// The request to install packages of the only source.
    pub fn to_install(&self, ids: &[&str]) -> ChangeRequest {
        let install = ids.iter().map(|id| Wish { key: self.key(id), range: None, sha256: None });
        ChangeRequest { install: install.collect(), ..ChangeRequest::default() }
    }

    /// The request to remove packages of the only source.
    pub fn to_remove(&self, ids: &[&str]) -> ChangeRequest {
        ChangeRequest { remove: ids.iter().map(|id| self.key(id)).collect(), ..ChangeRequest::default() }
    }

    /// Asks for a change; gives the job at once.
    pub fn change(&self, request: &ChangeRequest) -> String {
        self.try_change(request).expect("a job")
    }

    /// The same with a service that may die meanwhile.
    pub fn try_change(&self, request: &ChangeRequest) -> Option<String> {
        let request = Request::new(OperationId::Change).body(request).expect("JSON");
        self.try_ask::<Changed>(request)?.job
    }

    /// A job as it is.
    pub fn job(&self, id: &str) -> Job {
        self.ask(Request::new(OperationId::Job).path("job", id))
    }

    /// The same of a service that may be dead.
    pub fn try_job(&self, id: &str) -> Option<Job> {
        self.try_ask(Request::new(OperationId::Job).path("job", id))
    }

    /// Waits until a job ended.
    pub fn wait_job(&self, id: &str) -> Job {
        wait_for("the job's end", || Some(self.job(id)).filter(|job| job.phase.is_end()))
    }

    /// Waits until no job runs and none is left to be taken up; gives those that the service knows, newest first.
    pub fn wait_idle(&self) -> Vec<Job> {
        wait_for("no job in the books", || self.books().unfinished.is_empty().then_some(()));
        wait_for("all jobs' ends", || {
            let jobs: Vec<Job> = self.ask(Request::new(OperationId::Jobs));
            jobs.iter().all(|job| job.phase.is_end()).then_some(jobs)
        })
    }

    /// The service's log.
    pub fn log(&self) -> String {
        let Ok(entries) = std::fs::read_dir(self.places().logs) else { return String::new() };
        entries.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect()
    }

    /// File of the service's socket.
    pub fn socket(&self) -> PathBuf {
        match self.places().endpoint() {
            Endpoint::Socket(path) => path,
            Endpoint::Pipe(name) => name.into(),
        }
    }

    /// Calls the API of a service that may die meanwhile.
    pub fn try_ask<T: serde::de::DeserializeOwned>(&self, request: Request) -> Option<T> {
        block(Client::new(&self.places()).ask(request)).ok()
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
        self.remove_stores();
    }
}

/// One run of the terminal program.
#[derive(Debug)]
pub struct Run {
    pub arguments: Vec<String>,
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    fn of(arguments: &[&str], output: Output) -> Self {
        Self {
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            exit: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Whether the error output has a sentence and names this code.
    pub fn names(&self, code: &str) -> bool {
        self.err.lines().any(|line| line.starts_with("muster: ")) && self.err.contains(&format!("[{code}"))
    }
}

/// Whether a process is a service (and not another one that got the number of one that ended).
fn is_service(pid: u32) -> bool {
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The kernel keeps 15 characters of a name; a zombie is gone for all who ask.
    name.trim() == "muster-service" && !state.contains(") Z ")
}

/// Looks again and again until there is something, for as long as patience lasts.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs a future to its end on a runtime of its own.
pub fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
