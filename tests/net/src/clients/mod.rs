//! BitTorrent programs that can be compared: ours and what the distribution has.
//!
//! Each runs with its own default settings for transfers; only discovery outside the lab (DHT, local discovery, port
//! mapping) is off. Programs that can not be told of a peer are told of a tracker that knows it.

mod aria2;
mod muster;
mod qbittorrent;
mod rqbit;
mod transmission;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use url::Url;

pub use aria2::Aria2;
pub use muster::Muster;
pub use qbittorrent::Qbittorrent;
pub use rqbit::Rqbit;
pub use transmission::Transmission;

use crate::{content::Content, lab::Host, node::Node, process::Program, tracker::Tracker};

/// Where every program listens; each has a host of its own.
pub const PORT: u16 = 6881;

/// What a program is to do.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    pub host: &'a Host,
    /// A folder of its own.
    pub place: &'a Path,
    pub content: &'a Content,
    pub tracker: &'a Tracker,
    /// Everybody else in the swarm.
    pub others: &'a [SocketAddr],
    /// A server that has the file too.
    pub server: Option<&'a Url>,
    pub role: Role,
    pub caps: Caps,
    pub over: Over,
}

/// What connections are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// What the program prefers by itself; for some that is uTP.
    Anything,
    /// uTP gives way to everything, also to other work of the machine: not what a program can do at its best.
    Tcp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Has the file.
    Seed,
    /// Wants it, and passes on what it has.
    Leech,
}

/// In bytes per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    pub down: Option<u64>,
    pub up: Option<u64>,
}

/// A BitTorrent program.
pub trait Client {
    fn name(&self) -> &'static str;

    /// What it calls itself; `None` if it is not installed.
    fn version(&self) -> Option<String>;

    /// Starts it on a job.
    ///
    /// # Errors
    /// If it does not start. A seed may still be reading its file when this returns.
    fn start(&self, job: &Job<'_>) -> Result<Session>;
}

/// Every program there is, ours first.
pub fn all(lab_program: &Path, rqbit: Option<PathBuf>) -> Vec<Box<dyn Client>> {
    vec![
        Box::new(Muster { program: lab_program.to_owned() }),
        Box::new(Aria2),
        Box::new(Qbittorrent),
        Box::new(Transmission),
        Box::new(Rqbit { program: rqbit }),
    ]
}

/// How a program tells that it has the whole file.
#[derive(Debug)]
pub enum Completion {
    /// It makes this file.
    File(PathBuf),
    /// It is one of ours.
    Node(Box<Node>),
    /// Its log has a line with this.
    Log(PathBuf, &'static str),
}

/// A program on its job.
#[derive(Debug)]
pub struct Session {
    /// `None` where the completion holds it.
    program: Option<Program>,
    completion: Completion,
    /// What it wrote, if it writes a plain file.
    pub file: Option<PathBuf>,
}

impl Session {
    pub fn program(&mut self) -> &mut Program {
        match (&mut self.program, &mut self.completion) {
            (Some(program), _) => program,
            (None, Completion::Node(node)) => &mut node.program,
            (None, Completion::File(_) | Completion::Log(..)) => unreachable!("made by the clients only"),
        }
    }

    /// Our own node, to be told things; `None` for other programs.
    pub fn node(&mut self) -> Option<&mut Node> {
        match &mut self.completion {
            Completion::Node(node) => Some(node),
            Completion::File(_) | Completion::Log(..) => None,
        }
    }

    /// Waits until a seed offers its file.
    ///
    /// # Errors
    /// If that takes longer.
    pub fn offers(&mut self, tracker: &Tracker, patience: Duration) -> Result<()> {
        match &mut self.completion {
            Completion::Node(node) => node.ready(patience),
            Completion::File(_) | Completion::Log(..) => tracker.wait_for_seeds(1, patience),
        }
    }

    /// Whether it has the whole file by now.
    ///
    /// # Errors
    /// If it has given up or ended.
    pub fn has_all(&mut self, content: &Content) -> Result<bool> {
        let has_all = match &mut self.completion {
            Completion::File(file) => file.exists(),
            Completion::Log(log, line) => std::fs::read_to_string(log)?.contains(*line),
            Completion::Node(node) => {
                node.listen_for(Duration::from_millis(1));
                match node.peek_end(&content.archive.sha256) {
                    Some(crate::node::End::Done { .. }) => true,
                    Some(end) => bail!("{end:?}"),
                    None => false,
                }
            }
        };
        if !has_all && !self.program().is_running() {
            bail!("it has ended: {}", self.program().last_words());
        }
        Ok(has_all)
    }
}

/// Waits until all have the whole file, and says how long each took since `began`.
///
/// # Errors
/// If one gives up or the patience ends.
pub fn wait_for_all(
    sessions: &mut [Session],
    content: &Content,
    began: Instant,
    patience: Duration,
) -> Result<Vec<Duration>> {
    let mut times: Vec<Option<Duration>> = vec![None; sessions.len()];
    while times.iter().any(Option::is_none) {
        for (session, time) in sessions.iter_mut().zip(&mut times) {
            if time.is_none() && session.has_all(content)? {
                *time = Some(began.elapsed());
            }
        }
        if began.elapsed() > patience {
            bail!("{} of {} are done after {patience:?}", times.iter().flatten().count(), times.len());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(times.into_iter().flatten().collect())
}

/// The first line of what a program says with `--version`.
pub(crate) fn version_of(program: &str) -> Option<String> {
    let output = std::process::Command::new(program).arg("--version").output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&text).lines().next()?.trim().to_owned())
}

/// A folder with the torrent, and a script that makes a file there when it is called.
pub(crate) struct Desk {
    pub torrent: PathBuf,
    pub downloads: PathBuf,
    pub script: PathBuf,
    pub done: PathBuf,
    pub log: PathBuf,
}

impl Desk {
    /// A seed finds its file in the downloads folder.
    pub fn prepare(job: &Job<'_>) -> Result<Self> {
        let desk = Self {
            torrent: job.place.join("it.torrent"),
            downloads: job.place.join("downloads"),
            script: job.place.join("hook"),
            done: job.place.join("done"),
            log: job.place.join("log"),
        };
        std::fs::create_dir_all(&desk.downloads)?;
        muster_fsx::write_atomic(&desk.torrent, &job.content.torrent_with(&job.tracker.url()?, job.server))?;
        let script = format!("#!/bin/sh\n: >'{}'\n", desk.done.display());
        muster_fsx::write_atomic(&desk.script, script.as_bytes())?;
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&desk.script, mode)?;
        if job.role == Role::Seed {
            let name = job.content.archive.sha256.to_string();
            let target = muster_fsx::Dir::open_ambient(&desk.downloads)?;
            let folder = job.content.file.parent().unwrap_or(Path::new("."));
            muster_fsx::Dir::open_ambient(folder)?.hard_link(name.as_str(), &target, name.as_str())?;
        }
        Ok(desk)
    }

    pub fn file(&self, content: &Content) -> PathBuf {
        self.downloads.join(content.archive.sha256.to_string())
    }

    pub fn session(self, program: Program, content: &Content) -> Session {
        let file = Some(self.file(content));
        Session { program: Some(program), completion: Completion::File(self.done), file }
    }
}
