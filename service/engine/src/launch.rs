//! Starting a game, and asking its own server what it loads.
//!
//! A proof never touches the player's worlds: the game gets a home and a world made for it, reads the profile's real
//! places, and is stopped as soon as its log says that it is ready.

use std::{
    collections::BTreeSet,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use muster_games::{
    Command as GameCommand, Definition, Installation, LaunchContext, Lists, LogVerdict, NamesByPlace,
    launch_command, read_log, write_text,
};

use crate::EngineError;

/// Longest wait for a server to load everything.
const PROOF_TIMEOUT: Duration = Duration::from_secs(120);
/// Most of a log that is read, in bytes.
const MAX_LOG: u64 = 8 * 1024 * 1024;
/// Lines of evidence that are shown.
const MAX_EVIDENCE: usize = 200;

/// What the game said.
#[derive(Clone, Debug, Default)]
pub struct LaunchReport {
    /// 0 after a proof.
    pub pid: u32,
    pub command: Vec<String>,
    pub loaded: Vec<String>,
    pub not_loaded: Vec<String>,
    pub evidence: Vec<String>,
    pub errors: Vec<String>,
}

fn words(command: &GameCommand) -> Vec<String> {
    std::iter::once(command.program.display().to_string()).chain(command.args.iter().cloned()).collect()
}

fn prepare(command: &GameCommand) -> Command {
    let mut prepared = Command::new(&command.program);
    prepared.args(&command.args).envs(&command.env).stdin(Stdio::null());
    prepared
}

/// Starts the game for the player; it outlives the service.
pub(crate) fn play(
    definition: &Definition,
    installation: &Installation,
    context: &LaunchContext,
) -> Result<LaunchReport, EngineError> {
    let command = launch_command(definition, installation, "play", context)?;
    let mut prepared = prepare(&command);
    prepared.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = prepared.spawn().map_err(|error| cannot_start(&command.program, &error))?;
    let pid = child.id();
    std::thread::spawn(move || child.wait());
    Ok(LaunchReport { pid, command: words(&command), ..LaunchReport::default() })
}

fn cannot_start(program: &Path, error: &std::io::Error) -> EngineError {
    EngineError::CannotStart { program: program.display().to_string(), detail: error.to_string() }
}

/// What a proof needs to know about the profile.
pub(crate) struct Proof<'a> {
    pub definition: &'a Definition,
    pub installation: &'a Installation,
    /// Names that the game should report as loaded, by place.
    pub names: &'a NamesByPlace,
    /// What is placed, in load order.
    pub lists: &'a Lists,
    /// Mod loaders that are in place.
    pub loaders: &'a BTreeSet<String>,
    /// Empty folder for home, world and log; the caller removes it.
    pub scratch: &'a Path,
    /// Asked now and then; a yes ends the server.
    pub cancelled: &'a dyn Fn() -> bool,
}

impl<'a> Proof<'a> {
    fn expected(&self) -> impl Iterator<Item = &'a str> {
        self.names.values().flatten().map(String::as_str)
    }
}

/// Runs the server until its log says that it is ready, and reads the log. Blocks.
pub(crate) fn prove(proof: &Proof<'_>) -> Result<LaunchReport, EngineError> {
    let world = prepare_world(proof)?;
    prepare_files(proof)?;
    let context = LaunchContext {
        world: Some(world),
        port: Some(free_port()?),
        home: Some(proof.scratch.to_owned()),
        lists: proof.lists.on_disk(proof.installation),
        loaders: proof.loaders.clone(),
        ..LaunchContext::default()
    };
    let command = launch_command(proof.definition, proof.installation, "prove", &context)?;
    let log_path = proof.scratch.join("log.txt");
    let log = File::create(&log_path).map_err(|error| cannot_start(&log_path, &error))?;
    let errors = log.try_clone().map_err(|error| cannot_start(&log_path, &error))?;
    let mut prepared = prepare(&command);
    // Some games write into the folder they are started in.
    prepared.stdout(log).stderr(errors).current_dir(proof.scratch);
    let child = prepared.spawn().map_err(|error| cannot_start(&command.program, &error))?;
    let verdict = watch(child, proof, &log_path);
    if (proof.cancelled)() {
        return Err(EngineError::Closed);
    }
    Ok(report(proof, &command, &verdict))
}

fn component(name: &str) -> muster_domain::PortablePath {
    name.parse().expect("a plain file name")
}

/// A world in which every expected name is switched on.
fn prepare_world(proof: &Proof<'_>) -> Result<PathBuf, EngineError> {
    let dir = muster_fsx::Dir::open_ambient(proof.scratch)?;
    let world = component("world");
    dir.create_dir_all(&world)?;
    if let Some(settings) = &proof.definition.world_settings {
        let lines = settings.lines.lines(proof.expected())?;
        let text = lines.apply(settings.trial.as_bytes(), &muster_games::SettingsLines::default(), b"")?;
        dir.write_atomic(
            &world.join(&settings.file).map_err(|_| EngineError::Internal("a world file's path"))?,
            &text,
        )?;
    }
    Ok(proof.scratch.join("world"))
}

/// The files that the definition wants for a trial.
fn prepare_files(proof: &Proof<'_>) -> Result<(), EngineError> {
    let dir = muster_fsx::Dir::open_ambient(proof.scratch)?;
    for (path, parts) in &proof.definition.trial.files {
        if let Some(folder) = path.parent() {
            dir.create_dir_all(&folder)?;
        }
        dir.write_atomic(path, &write_text(proof.definition, parts, proof.lists, proof.names)?)?;
    }
    Ok(())
}

fn free_port() -> Result<u16, EngineError> {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    socket.map(|address| address.port()).map_err(|_| EngineError::Internal("no free port"))
}

/// Waits until the log says ready, the server ends by itself, or the time is over; then ends it.
fn watch(mut child: Child, proof: &Proof<'_>, log: &Path) -> LogVerdict {
    let definition = proof.definition;
    let deadline = Instant::now() + PROOF_TIMEOUT;
    loop {
        std::thread::sleep(Duration::from_millis(100));
        let ended = !matches!(child.try_wait(), Ok(None));
        let verdict = read_log(definition, &read_file(log));
        if verdict.is_ready && !ended {
            settle(proof);
        }
        if ended || verdict.is_ready || Instant::now() > deadline || (proof.cancelled)() {
            let _ = child.kill();
            let _ = child.wait();
            return read_log(definition, &read_file(log));
        }
    }
}

/// Lets scripts say what they have to say once the game is ready.
fn settle(proof: &Proof<'_>) {
    let until = Instant::now() + Duration::from_secs(proof.definition.trial.settle.into());
    while Instant::now() < until && !(proof.cancelled)() {
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn read_file(path: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        // A log that cannot be read to its end is judged by what could be read.
        let _ = file.take(MAX_LOG).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn report(proof: &Proof<'_>, command: &GameCommand, verdict: &LogVerdict) -> LaunchReport {
    let expected: BTreeSet<&str> = proof.expected().collect();
    let found = verdict.loaded.iter().zip(&verdict.evidence);
    let found = found.filter(|(name, _)| expected.contains(name.as_str()));
    let (loaded, evidence): (Vec<String>, Vec<String>) =
        found.map(|(name, line)| (name.clone(), line.clone())).unzip();
    let is_loaded = |name: &&str| loaded.iter().any(|loaded| loaded == name);
    let not_loaded = expected.iter().filter(|name| !is_loaded(name)).map(|name| (*name).to_owned()).collect();
    let errors = verdict.problems.iter().map(|problem| problem.line.clone()).take(MAX_EVIDENCE).collect();
    let evidence = evidence.into_iter().take(MAX_EVIDENCE).collect();
    LaunchReport { pid: 0, command: words(command), loaded, not_loaded, evidence, errors }
}
