//! A node that runs on a host: started, told and listened to.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ChildStdin,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use muster_domain::{Sha256, Tier};

use super::{Event, Fetch, Split};
use crate::{content::Content, lab::Host, process::Program};

/// What a node is started with.
#[derive(Clone, Debug, Default)]
pub struct NodeOptions {
    /// Consent, and where others connect.
    pub listen: Option<SocketAddr>,
    pub seeds: Vec<PathBuf>,
    /// Bytes per second.
    pub down: Option<u64>,
    /// Bytes per second.
    pub up: Option<u64>,
    /// Fetched from the start.
    pub fetch: Option<Fetch>,
    /// Nodes of the DHT to begin with.
    pub dht: Vec<SocketAddr>,
}

impl Fetch {
    /// Everything that is known about some content, for a player who clicked on it; nobody who has it.
    pub fn of(content: &Content) -> Self {
        let beside = |extension: &str| Some(content.file.with_extension(extension));
        Self {
            sha256: content.archive.sha256,
            size: content.archive.size,
            tier: Tier::User,
            torrent: beside("torrent"),
            blocks: beside("blocks"),
            peers: Vec::new(),
            origins: Vec::new(),
            trackers: Vec::new(),
            may_share: true,
        }
    }
}

/// How a transfer ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Done { seconds: f64, cpu: f64, peak_memory: u64, split: Split },
    Failed { code: String, seconds: f64 },
}

/// One running node; killed when dropped.
#[derive(Debug)]
pub struct Node {
    pub program: Program,
    input: Option<ChildStdin>,
    events: Receiver<Event>,
    /// The last progress of each transfer that was heard.
    pub progress: BTreeMap<Sha256, Event>,
    /// The last that was heard of sharing: bytes given.
    pub uploaded: u64,
    ends: BTreeMap<Sha256, End>,
    /// Where it listens.
    pub listen: Option<SocketAddr>,
}

impl Node {
    /// Starts `muster-net-lab node` on a host, with a folder of its own below `place`, and waits until it is ready.
    ///
    /// # Errors
    /// If it is not ready in time.
    pub fn start(program: &Path, host: &Host, place: &Path, options: &NodeOptions) -> Result<Self> {
        let mut node = Self::launch(program, host, place, options)?;
        node.ready(Duration::from_secs(60))?;
        Ok(node)
    }

    /// Starts one without waiting.
    ///
    /// # Errors
    /// If the program is not there.
    pub fn launch(program: &Path, host: &Host, place: &Path, options: &NodeOptions) -> Result<Self> {
        let home = place.join(host.space.name());
        std::fs::create_dir_all(&home)?;
        let mut command = host.space.command(program);
        command.arg("node").arg("--home").arg(&home);
        if let Some(listen) = options.listen {
            command.args(["--listen", &listen.to_string()]);
        }
        for seed in &options.seeds {
            command.arg("--seed").arg(seed);
        }
        for (name, cap) in [("--down", options.down), ("--up", options.up)] {
            if let Some(cap) = cap {
                command.args([name, &cap.to_string()]);
            }
        }
        for entry in &options.dht {
            command.args(["--dht-entry", &entry.to_string()]);
        }
        if let Some(fetch) = &options.fetch {
            command.args(["--fetch-as", &serde_json::to_string(fetch)?]);
        }
        let mut program = Program::start_piped(&mut command, &home.join("log"))?;
        let input = program.child().stdin.take();
        let output = program.child().stdout.take().context("its output is piped")?;
        let (sender, events) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // What is no event is for people, who find it in the log.
                let Ok(event) = serde_json::from_str(&line) else { continue };
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            program,
            input,
            events,
            progress: BTreeMap::new(),
            uploaded: 0,
            ends: BTreeMap::new(),
            listen: None,
        })
    }

    /// Waits until all it was given to seed is offered.
    ///
    /// # Errors
    /// If that takes longer.
    pub fn ready(&mut self, patience: Duration) -> Result<()> {
        let event = self.until(patience, |event| matches!(event, Event::Ready { .. }))?;
        if let Event::Ready { listen, .. } = event {
            self.listen = listen;
        }
        Ok(())
    }

    /// Gives an order and waits until it has been carried out.
    ///
    /// # Errors
    /// If it was refused, or takes longer than ten seconds.
    pub fn order(&mut self, order: &str) -> Result<()> {
        let input = self.input.as_mut().context("it was told to quit")?;
        writeln!(input, "{order}")?;
        input.flush()?;
        let is_answer = |event: &Event| match event {
            Event::Obeyed { order: done, .. } | Event::Refused { order: done, .. } => done == order,
            _ => false,
        };
        match self.until(Duration::from_secs(10), is_answer)? {
            Event::Obeyed { listen, .. } => {
                if order.starts_with("share ") {
                    self.listen = listen;
                }
                Ok(())
            }
            Event::Refused { reason, .. } => bail!("{order}: {reason}"),
            _ => Ok(()),
        }
    }

    /// Asks for an archive.
    ///
    /// # Errors
    /// If it was refused.
    pub fn fetch(&mut self, fetch: &Fetch) -> Result<()> {
        self.order(&format!("fetch {}", serde_json::to_string(fetch)?))
    }

    /// Waits for the end of a transfer.
    ///
    /// # Errors
    /// If that takes longer.
    pub fn end_of(&mut self, sha256: &Sha256, patience: Duration) -> Result<End> {
        if !self.ends.contains_key(sha256) {
            self.until(patience, |event| match event {
                Event::Done { sha256: of, .. } | Event::Failed { sha256: of, .. } => of == sha256,
                _ => false,
            })?;
        }
        self.ends.remove(sha256).context("it has ended")
    }

    /// How a transfer ended, as far as was heard.
    pub fn peek_end(&self, sha256: &Sha256) -> Option<&End> {
        self.ends.get(sha256)
    }

    /// Waits until an archive is here and verified, and says where its bytes came from.
    ///
    /// # Errors
    /// If it fails, or takes longer.
    pub fn done(&mut self, sha256: &Sha256, patience: Duration) -> Result<Split> {
        match self.end_of(sha256, patience)? {
            End::Done { split, .. } => Ok(split),
            End::Failed { code, .. } => bail!("it failed: {code}: {}", self.program.last_words()),
        }
    }

    /// Bytes of a transfer that are here, as last heard.
    pub fn bytes_here(&self, sha256: &Sha256) -> u64 {
        match self.progress.get(sha256) {
            Some(Event::Progress { done, .. }) => *done,
            _ => 0,
        }
    }

    /// Waits until so many bytes of a transfer are here.
    ///
    /// # Errors
    /// If that takes longer, or the transfer ends first.
    pub fn reaches(&mut self, sha256: &Sha256, bytes: u64, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        while self.bytes_here(sha256) < bytes {
            let left = deadline.saturating_duration_since(Instant::now());
            self.until(left, |event| {
                matches!(event, Event::Progress { .. } | Event::Done { .. } | Event::Failed { .. })
            })
            .with_context(|| format!("{} of {bytes} bytes are here", self.bytes_here(sha256)))?;
            if let Some(end) = self.ends.get(sha256) {
                bail!("it ended first: {end:?}");
            }
        }
        Ok(())
    }

    /// Listens for a while, so that what is known of the progress is of now.
    pub fn listen_for(&mut self, time: Duration) {
        // That nothing more is said is what is waited for.
        let _ = self.until(time, |_| false);
    }

    /// Waits until it says something.
    ///
    /// # Errors
    /// If it does not in time, or has ended.
    pub fn until(&mut self, patience: Duration, is_it: impl Fn(&Event) -> bool) -> Result<Event> {
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => {
                    self.note(&event);
                    if is_it(&event) {
                        return Ok(event);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!(
                        "not within {patience:?}; last heard {:?}; {}",
                        self.progress,
                        self.program.last_words()
                    )
                }
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("it has ended: {}", self.program.last_words())
                }
            }
        }
    }

    /// Ends it in good order.
    ///
    /// # Errors
    /// If it does not end within fifteen seconds.
    pub fn quit(&mut self) -> Result<()> {
        if let Some(mut input) = self.input.take() {
            // It may have ended by itself; what then went wrong is in its status.
            let _ = writeln!(input, "quit");
        }
        self.program.wait(Duration::from_secs(15))
    }

    fn note(&mut self, event: &Event) {
        match event.clone() {
            Event::Progress { sha256, .. } => {
                self.progress.insert(sha256, event.clone());
            }
            Event::Sharing { uploaded, listen, .. } => {
                self.uploaded = uploaded;
                self.listen = listen;
            }
            Event::Done { sha256, seconds, cpu, peak_memory, split } => {
                self.ends.insert(sha256, End::Done { seconds, cpu, peak_memory, split });
            }
            Event::Failed { sha256, code, seconds } => {
                self.ends.insert(sha256, End::Failed { code, seconds });
            }
            Event::Ready { .. } | Event::Obeyed { .. } | Event::Refused { .. } => {}
        }
    }
}
