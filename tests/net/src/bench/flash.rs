//! A lobby without a server: how close to what the lines allow.

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::{
    Settings, Swarm,
    table::{Table, each, median},
};
use crate::{
    Access, Line,
    clients::{Client, Over, wait_for_all},
    content::Content,
};

#[derive(Args, Clone, Debug)]
pub struct Flash {
    /// Bytes of the file.
    #[arg(long, default_value_t = 64 << 20)]
    size: u64,
    /// Besides the host.
    #[arg(long, default_value_t = 7)]
    players: usize,
    /// Mbit/s of every uplink.
    #[arg(long, default_value_t = 20)]
    up: u64,
    /// Mbit/s of every downlink.
    #[arg(long, default_value_t = 100)]
    down: u64,
    /// Bytes that wait before an uplink.
    #[arg(long, default_value_t = 200_000)]
    queue: u64,
}

/// One run.
struct Run {
    seconds: f64,
    first: f64,
    /// Of the file, that went over the host's wire.
    host_copies: f64,
    /// Mean of the players, in seconds of processor time.
    cpu: f64,
    /// Largest of the players, in bytes.
    memory: u64,
}

impl Flash {
    pub fn run(&self, settings: &Settings) -> Result<()> {
        let content = Content::make(settings.place(), self.size, 1)?;
        let up = self.access().up.map_or(f64::INFINITY, |line| line.rate as f64 / 8.0);
        let bound = self.size as f64 / up;
        println!(
            "flash: host + {}, {} MiB in pieces of {} KiB, up {} Mbit/s ({} kB queue), down {} Mbit/s, no server; \
             bound {bound:.1} s",
            self.players,
            self.size >> 20,
            content.piece_length >> 10,
            self.up,
            self.queue / 1_000,
            self.down,
        );
        let clients = settings.clients();
        let mut table = Table::new(&[
            "program",
            "median s",
            "x bound",
            "all runs s",
            "first done s",
            "host copies",
            "cpu s/player",
            "peak MB",
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
                format!("{:.2}", median(&seconds) / bound),
                each(&seconds),
                format!("{:.1}", median(&of(|run| run.first))),
                format!("{:.2}", median(&of(|run| run.host_copies))),
                format!("{:.2}", median(&of(|run| run.cpu))),
                format!("{:.0}", median(&of(|run| run.memory as f64 / 1e6))),
            ]);
        }
        table.print();
        Ok(())
    }

    fn access(&self) -> Access {
        let access = Access::mbit(self.up, self.down);
        Access { up: access.up.map(|up: Line| up.with_queue(self.queue)), ..access }
    }

    fn once(&self, settings: &Settings, client: &dyn Client, content: &Content) -> Result<Run> {
        let mut swarm = Swarm::new(settings, client, content, self.players, (self.access(), Over::Anything))?;
        let (sent_before, _) = swarm.hosts[0].wire()?;
        let (began, mut players) = swarm.start_others()?;
        let times = wait_for_all(&mut players, content, began, Duration::from_secs(600))?;
        let (sent, _) = swarm.hosts[0].wire()?;
        let mut run = Run {
            seconds: times.iter().map(Duration::as_secs_f64).fold(0.0, f64::max),
            first: times.iter().map(Duration::as_secs_f64).fold(f64::INFINITY, f64::min),
            host_copies: (sent - sent_before) as f64 / content.archive.size as f64,
            cpu: 0.0,
            memory: 0,
        };
        for player in &mut players {
            run.cpu += player.program().cpu()? / self.players as f64;
            run.memory = run.memory.max(player.program().peak_memory()?);
        }
        swarm.check(&players)?;
        for session in players.iter_mut().chain([&mut swarm.seed]) {
            session.program().end();
        }
        Ok(run)
    }
}
