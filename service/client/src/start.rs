//! Finding the service's program and starting it, once, whoever asks.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use muster_api::{API_VERSION, OperationId, VersionInfo};

use crate::{BUILD, Client, ClientError, Places, Request, platform};

/// Exit code of a service that found another one running; that one will answer.
const ANOTHER_RUNS: i32 = 3;
/// Longest wait for a service that is being started.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// Longest wait for an answer to "who are you?": a service that hangs must not hang whoever asks.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether a service answers, and which.
#[derive(Debug)]
pub enum Probe {
    /// The same build answers.
    Ready(VersionInfo),
    /// Another build answers: ask it to shut down, then start ours.
    NeedsRestart(VersionInfo),
    /// Nobody answers.
    Unreachable(ClientError),
}

/// Asks whether a service of these places answers.
pub async fn probe(client: &Client) -> Probe {
    let asked = client.ask::<VersionInfo>(Request::new(OperationId::Version));
    let answer = tokio::time::timeout(PROBE_TIMEOUT, asked).await;
    let late = || Err(ClientError::Unreachable(std::io::ErrorKind::TimedOut.into()));
    match answer.unwrap_or_else(|_| late()) {
        Ok(version) if version.build == BUILD => Probe::Ready(version),
        Ok(version) => Probe::NeedsRestart(version),
        Err(error) => Probe::Unreachable(error),
    }
}

/// The service's program, and how to start it.
#[derive(Clone, Debug)]
pub struct ServiceProgram {
    pub path: PathBuf,
    /// Without a tray icon.
    pub headless: bool,
}

impl ServiceProgram {
    /// Looks beside this program, then in `../lib/muster/`; never in `PATH`, which others may write to.
    pub fn find(headless: bool) -> Result<Self, ClientError> {
        let own = env::current_exe().map_err(|_| ClientError::NotFound)?;
        let name = format!("muster-service{}", env::consts::EXE_SUFFIX);
        let folder = own.parent().ok_or(ClientError::NotFound)?;
        let candidates =
            [folder.join(&name), folder.join("../lib/muster").join(&name), folder.join("..").join(&name)];
        let path = candidates.into_iter().find(|path| path.is_file()).ok_or(ClientError::NotFound)?;
        Ok(Self { path, headless })
    }

    /// Starts it; what is received is how it ended, if it does.
    fn spawn(&self, log: &Path) -> Result<Receiver<ExitStatus>, ClientError> {
        let failed = |e: std::io::Error| ClientError::Start(e.to_string());
        let output = File::options().create(true).append(true).open(log).map_err(failed)?;
        let mut command = Command::new(&self.path);
        command
            .arg("--detached")
            .stdin(Stdio::null())
            .stderr(output.try_clone().map_err(failed)?)
            .stdout(output);
        if self.headless {
            command.arg("--headless");
        }
        let mut child = command.spawn().map_err(failed)?;
        // Nobody waits for a service that outlives us, but a zombie should not stay while we live.
        let (sender, ended) = mpsc::channel();
        std::thread::spawn(move || child.wait().map(|status| sender.send(status)));
        Ok(ended)
    }
}

/// Gives a client of a running service, starting or replacing it where needed.
///
/// Two programs that start at once take turns under a lock, so that one service comes up and both find it.
pub async fn connect_or_start(places: &Places, program: &ServiceProgram) -> Result<Client, ClientError> {
    let client = Client::new(places);
    match probe(&client).await {
        Probe::Ready(_) => return Ok(client),
        Probe::Unreachable(ClientError::Foreign) => return Err(ClientError::Foreign),
        Probe::Unreachable(_) | Probe::NeedsRestart(_) => {}
    }
    let failed = |e: std::io::Error| ClientError::Start(e.to_string());
    fs::create_dir_all(&places.run).map_err(failed)?;
    fs::create_dir_all(&places.logs).map_err(failed)?;
    let lock =
        File::options().create(true).truncate(false).write(true).open(places.start_lock()).map_err(failed)?;
    let deadline = Instant::now() + START_TIMEOUT;
    while !platform::lock_exclusively(&lock).map_err(failed)? {
        wait_until(deadline, "another program is starting it").await?;
    }
    match probe(&client).await {
        Probe::Ready(_) => return Ok(client),
        Probe::NeedsRestart(_) => stop(&client, deadline).await?,
        Probe::Unreachable(_) => {}
    }
    wait_released(places, deadline).await?;
    let ended = program.spawn(&places.logs.join("service-start.log"))?;
    loop {
        if let Ok(status) = ended.try_recv()
            && status.code() != Some(ANOTHER_RUNS)
        {
            return Err(ClientError::Start(why_ended(status).to_owned()));
        }
        match probe(&client).await {
            Probe::Ready(version) if (version.min..=version.max).contains(&API_VERSION) => return Ok(client),
            Probe::Ready(version) => {
                return Err(ClientError::OtherVersion { min: version.min, max: version.max });
            }
            Probe::NeedsRestart(version) => {
                return Err(ClientError::Start(format!(
                    "build {} answers instead of {BUILD}",
                    version.build
                )));
            }
            Probe::Unreachable(_) => wait_until(deadline, "it does not answer; its log says why").await?,
        }
    }
}

/// What the service's exit codes say (`muster-service`, `run.rs`).
fn why_ended(status: ExitStatus) -> &'static str {
    match status.code() {
        Some(4) => "its data was written by a newer version",
        _ => "it ended at once; its log says why",
    }
}

async fn stop(client: &Client, deadline: Instant) -> Result<(), ClientError> {
    // The other build may end before it answers, or hang.
    let _ = tokio::time::timeout(PROBE_TIMEOUT, client.call(Request::new(OperationId::Shutdown))).await;
    while !matches!(probe(client).await, Probe::Unreachable(_)) {
        wait_until(deadline, "").await.map_err(|_| ClientError::DoesNotStop)?;
    }
    Ok(())
}

/// Waits until no service holds the lock: one that answers no more may still be finishing.
async fn wait_released(places: &Places, deadline: Instant) -> Result<(), ClientError> {
    let failed = |e: std::io::Error| ClientError::Start(e.to_string());
    loop {
        let lock = match File::options().write(true).open(places.service_lock()) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            lock => lock.map_err(failed)?,
        };
        if platform::lock_exclusively(&lock).map_err(failed)? {
            return Ok(());
        }
        wait_until(deadline, "another service runs and does not answer").await?;
    }
}

/// Ends the service of these places and waits until it is gone; none running is fine.
pub async fn end(places: &Places) -> Result<(), ClientError> {
    let client = Client::new(places);
    let deadline = Instant::now() + START_TIMEOUT;
    if !matches!(probe(&client).await, Probe::Unreachable(_)) {
        stop(&client, deadline).await?;
    }
    wait_released(places, deadline).await.map_err(|_| ClientError::DoesNotStop)
}

async fn wait_until(deadline: Instant, why: &str) -> Result<(), ClientError> {
    if Instant::now() >= deadline {
        return Err(ClientError::Start(why.to_owned()));
    }
    tokio::time::sleep(Duration::from_millis(25)).await;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_service_that_hangs_does_not_hang_who_asks() {
        let home = tempfile::tempdir().expect("a folder");
        let places = Places::below(home.path());
        fs::create_dir_all(&places.run).expect("a folder");
        let crate::Endpoint::Socket(path) = places.endpoint() else { panic!("a socket") };
        // Bound and listening, so that connecting works, but nobody ever accepts.
        let _silent = std::os::unix::net::UnixListener::bind(path).expect("bound");
        assert!(matches!(probe(&Client::new(&places)).await, Probe::Unreachable(_)));
    }
}
