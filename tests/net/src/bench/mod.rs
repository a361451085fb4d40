//! Measurements, each a table with other programs beside ours, made in the same run on the same lab. Never a pass or a
//! fail: figures of a shared machine are for people to read.

mod flash;
mod hybrid;
mod idle;
mod limits;
mod preempt;
mod reach;
mod table;
mod transfer;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};
use clap::Subcommand;
use tempfile::TempDir;

use crate::{
    Access, Host, Lab, Realm,
    clients::{self, Caps, Client, Job, Over, PORT, Role, Session},
    content::{Content, is_intact},
    tracker::Tracker,
};

/// What is measured.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// One host and players who all begin at once, over uplinks like those at home, without a server.
    Flash(flash::Flash),
    /// One seeder to one leecher, as fast as the machine can.
    Transfer(transfer::Transfer),
    /// A server and peers at once.
    Hybrid(hybrid::Hybrid),
    /// Caps, changed while everything runs.
    Limits(limits::Limits),
    /// Something urgent arrives during background transfers.
    Preempt(preempt::Preempt),
    /// Many archives offered and nobody there.
    Idle(idle::Idle),
    /// Small archives far away, large ones on a fast line.
    Reach(reach::Reach),
}

/// How it is measured.
#[derive(Debug)]
pub struct Settings {
    /// Runs that are counted.
    pub runs: usize,
    only: Vec<String>,
    place: TempDir,
    /// `muster-net-lab` itself, which also is our node.
    pub program: PathBuf,
}

impl Settings {
    /// Files are kept in a folder of their own below `place`, else of the temporary folder.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new(runs: usize, only: Vec<String>, place: Option<PathBuf>) -> Result<Self> {
        let place = crate::place::make(place.as_deref())?;
        Ok(Self { runs: runs.max(1), only, place, program: std::env::current_exe()? })
    }

    pub fn place(&self) -> &Path {
        self.place.path()
    }

    /// Whether a program is asked for.
    pub fn is_asked_for(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }

    /// The programs that are there and asked for; says which are not there.
    pub fn clients(&self) -> Vec<Box<dyn Client>> {
        let rqbit = std::env::var_os("MUSTER_RQBIT").map(PathBuf::from);
        let mut all = clients::all(&self.program, rqbit);
        all.retain(|client| self.is_asked_for(client.name()));
        all.retain(|client| match client.version() {
            Some(version) => {
                println!("{}: {version}", client.name());
                true
            }
            None => {
                println!("{}: not installed, left out", client.name());
                false
            }
        });
        all
    }
}

/// Measures and prints.
///
/// # Errors
/// If there can be no lab here, or a program does not do its work.
pub fn run(what: &What, settings: &Settings) -> Result<()> {
    if let Some(reason) = crate::unavailable() {
        println!("{reason}");
        return Ok(());
    }
    match what {
        What::Flash(flash) => flash.run(settings),
        What::Transfer(transfer) => transfer.run(settings),
        What::Hybrid(hybrid) => hybrid.run(settings),
        What::Limits(limits) => limits.run(settings),
        What::Preempt(preempt) => preempt.run(settings),
        What::Idle(idle) => idle.run(settings),
        What::Reach(reach) => reach.run(settings),
    }
}

/// One seed, ready, and places for others, all of the same program.
struct Swarm<'a> {
    seed: Session,
    tracker: Tracker,
    content: &'a Content,
    client: &'a dyn Client,
    /// The seed's host, those of the others, and that of the tracker.
    hosts: Vec<Host>,
    over: Over,
    place: TempDir,
    _lab: Lab,
}

impl<'a> Swarm<'a> {
    /// Connects a seed and so many others, each with the same access, and waits until the seed offers its file.
    fn new(
        settings: &Settings,
        client: &'a dyn Client,
        content: &'a Content,
        others: usize,
        (access, over): (Access, Over),
    ) -> Result<Self> {
        let lab = Lab::new(Realm::Internet)?;
        let meeting = lab.host("tracker", Access::FAST)?;
        let tracker = Tracker::start(&meeting)?;
        let mut hosts = vec![lab.host("seed", access)?];
        for number in 1..=others {
            hosts.push(lab.host(&format!("peer{number}"), access)?);
        }
        hosts.push(meeting);
        let place = tempfile::tempdir_in(settings.place())?;
        let folder = folder(place.path(), "seed")?;
        let job = Job {
            host: &hosts[0],
            place: &folder,
            content,
            tracker: &tracker,
            others: &[],
            server: None,
            role: Role::Seed,
            caps: Caps::default(),
            over,
        };
        let mut seed = client.start(&job)?;
        seed.offers(&tracker, std::time::Duration::from_secs(120))?;
        Ok(Self { seed, tracker, content, client, hosts, over, place, _lab: lab })
    }

    /// Starts everybody else; each knows of all that are there.
    fn start_others(&self) -> Result<(Instant, Vec<Session>)> {
        let players = &self.hosts[..self.hosts.len() - 1];
        let began = Instant::now();
        let mut sessions = Vec::new();
        for (number, host) in players.iter().enumerate().skip(1) {
            let others: Vec<SocketAddr> = players
                .iter()
                .filter(|other| other.address != host.address)
                .map(|other| other.at(PORT))
                .collect();
            let job = Job {
                host,
                place: &folder(self.place.path(), &number.to_string())?,
                content: self.content,
                tracker: &self.tracker,
                others: &others,
                server: None,
                role: Role::Leech,
                caps: Caps::default(),
                over: self.over,
            };
            sessions.push(self.client.start(&job)?);
        }
        Ok((began, sessions))
    }

    /// Looks at what was written, after the clock was stopped.
    fn check(&self, sessions: &[Session]) -> Result<()> {
        for file in sessions.iter().filter_map(|session| session.file.as_ref()) {
            let is_intact = is_intact(file, &self.content.archive)?;
            anyhow::ensure!(is_intact, "{} wrote something else", self.client.name());
        }
        Ok(())
    }
}

fn folder(place: &Path, name: &str) -> Result<PathBuf> {
    let folder = place.join(name);
    std::fs::create_dir_all(&folder).with_context(|| format!("{} can not be made", folder.display()))?;
    Ok(folder)
}
