//! A server and three peers at once: how much of what they could give together arrives.

use std::{
    net::SocketAddr,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;

use super::{
    Settings, folder,
    table::{Table, each, median},
};
use crate::{
    Access, Lab, Line, Realm,
    clients::{Caps, Client, Job, Over, Role, wait_for_all},
    content::{Content, is_intact},
    origin::{Fault, OriginServer},
    peer::{Manner, Peer},
    tracker::Tracker,
};

#[derive(Args, Clone, Debug)]
pub struct Hybrid {
    /// Bytes of the file.
    #[arg(long, default_value_t = 128 << 20)]
    size: u64,
    /// Mbit/s of the server.
    #[arg(long, default_value_t = 20)]
    server: u64,
    /// Mbit/s of each peer.
    #[arg(long, default_value_t = 10)]
    peer: u64,
    /// How many peers.
    #[arg(long, default_value_t = 3)]
    peers: usize,
}

/// One run.
struct Run {
    seconds: f64,
    /// Share of the file that the server and all peers sent; together over one if something came twice.
    server: f64,
    peers: f64,
}

impl Hybrid {
    pub fn run(&self, settings: &Settings) -> Result<()> {
        let content = Content::make(settings.place(), self.size, 1)?;
        let sum = self.server + self.peer * self.peers as u64;
        // What the lines carry of a file, once frames and headers are taken off.
        let best = self.size as f64 / Line::mbit(sum).payload_rate();
        println!(
            "hybrid: a server at {} Mbit/s and {} peers at {} Mbit/s, {} MiB, from the start of the program; bound \
             {best:.1} s",
            self.server,
            self.peers,
            self.peer,
            self.size >> 20,
        );
        let clients = settings.clients();
        let mut table = Table::new(&[
            "program",
            "median s",
            "of the sum",
            "all runs s",
            "from server",
            "from peers",
            "twice",
        ]);
        for client in &clients {
            let mut runs = Vec::new();
            for _ in 0..settings.runs {
                match self.once(settings, client.as_ref(), &content) {
                    Ok(run) => runs.push(run),
                    Err(error) => println!("{}: {error:#}", client.name()),
                }
            }
            let of = |value: fn(&Run) -> f64| runs.iter().map(value).collect::<Vec<f64>>();
            let seconds = of(|run| run.seconds);
            table.row([
                client.name().to_owned(),
                format!("{:.1}", median(&seconds)),
                format!("{:.1} %", best / median(&seconds) * 100.0),
                each(&seconds),
                format!("{:.2}", median(&of(|run| run.server))),
                format!("{:.2}", median(&of(|run| run.peers))),
                format!("{:.1} %", (median(&of(|run| run.server + run.peers)) - 1.0) * 100.0),
            ]);
        }
        table.print();
        Ok(())
    }

    fn once(&self, settings: &Settings, client: &dyn Client, content: &Content) -> Result<Run> {
        let lab = Lab::new(Realm::Internet)?;
        let meeting = lab.host("tracker", Access::FAST)?;
        let tracker = Tracker::start(&meeting)?;
        let web = lab.host("web", Access::mbit(self.server, self.server))?;
        let server = OriginServer::start(&web, content, Fault::Nothing, None)?;
        let mut peers = Vec::new();
        for number in 1..=self.peers {
            let host = lab.host(&format!("peer{number}"), Access::mbit(self.peer, self.peer))?;
            let peer = Peer::start(&host, content, Manner::Honest)?;
            tracker.introduce(peer.address, 0);
            peers.push((peer, host));
        }
        let player = lab.host("player", Access::FAST)?;
        let place = tempfile::tempdir_in(settings.place())?;
        let others: Vec<SocketAddr> = peers.iter().map(|(peer, _)| peer.address).collect();
        let job = Job {
            host: &player,
            place: &folder(place.path(), "player")?,
            content,
            tracker: &tracker,
            others: &others,
            server: Some(&server.url()?),
            role: Role::Leech,
            caps: Caps::default(),
            over: Over::Tcp,
        };
        let began = Instant::now();
        let mut sessions = [client.start(&job)?];
        let times = wait_for_all(&mut sessions, content, began, Duration::from_secs(600))?;
        let size = content.archive.size as f64;
        let given = |peer: &Peer| peer.deeds.given.load(Ordering::Relaxed) as f64 / size;
        let run = Run {
            seconds: times[0].as_secs_f64(),
            server: server.sent() as f64 / size,
            peers: peers.iter().map(|(peer, _)| given(peer)).sum(),
        };
        if let Some(file) = &sessions[0].file {
            anyhow::ensure!(is_intact(file, &content.archive)?, "{} wrote something else", client.name());
        }
        Ok(run)
    }
}
