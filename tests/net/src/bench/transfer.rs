//! One seeder, one leecher, no limits: what the program itself costs.

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::{
    Settings, Swarm,
    table::{Table, each, median},
};
use crate::{
    Access,
    clients::{Client, Over, wait_for_all},
    content::Content,
};

#[derive(Args, Clone, Debug)]
pub struct Transfer {
    /// Bytes of the file.
    #[arg(long, default_value_t = 1_000_000_000)]
    size: u64,
}

/// One run.
struct Run {
    seconds: f64,
    /// Seconds of processor time of the seeder while it gave, and of the leecher.
    cpu: (f64, f64),
    /// Largest memory of both, in bytes.
    memory: (u64, u64),
}

impl Transfer {
    pub fn run(&self, settings: &Settings) -> Result<()> {
        let content = Content::make(settings.place(), self.size, 1)?;
        println!(
            "transfer: 1 seeder to 1 leecher, {} MB in pieces of {} KiB, veth without limits, TCP only, from the start of the \
             leecher",
            self.size / 1_000_000,
            content.piece_length >> 10,
        );
        let clients = settings.clients();
        let mut rows = Vec::new();
        for client in &clients {
            let mut runs = Vec::new();
            for _ in 0..settings.runs {
                match self.once(settings, client.as_ref(), &content) {
                    Ok(run) => runs.push(run),
                    Err(error) => println!("{}: {error:#}", client.name()),
                }
            }
            rows.push((client.name(), runs));
        }
        let of = |runs: &[Run], value: fn(&Run) -> f64| runs.iter().map(value).collect::<Vec<f64>>();
        let others = rows.iter().filter(|(name, runs)| *name != "muster" && !runs.is_empty());
        let fastest =
            others.map(|(_, runs)| median(&of(runs, |run| run.seconds))).fold(f64::INFINITY, f64::min);
        let mut table = Table::new(&[
            "program",
            "median s",
            "MB/s",
            "x fastest other",
            "all runs s",
            "cpu s/GB seed",
            "leech",
            "both",
            "peak MB seed",
            "leech",
        ]);
        let giga = self.size as f64 / 1e9;
        for (name, runs) in &rows {
            let seconds = of(runs, |run| run.seconds);
            table.row([
                (*name).to_owned(),
                format!("{:.2}", median(&seconds)),
                format!("{:.0}", self.size as f64 / 1e6 / median(&seconds)),
                format!("{:.2}", median(&seconds) / fastest),
                each(&seconds),
                format!("{:.2}", median(&of(runs, |run| run.cpu.0)) / giga),
                format!("{:.2}", median(&of(runs, |run| run.cpu.1)) / giga),
                format!("{:.2}", median(&of(runs, |run| run.cpu.0 + run.cpu.1)) / giga),
                format!("{:.0}", median(&of(runs, |run| run.memory.0 as f64 / 1e6))),
                format!("{:.0}", median(&of(runs, |run| run.memory.1 as f64 / 1e6))),
            ]);
        }
        table.print();
        Ok(())
    }

    fn once(&self, settings: &Settings, client: &dyn Client, content: &Content) -> Result<Run> {
        let mut swarm = Swarm::new(settings, client, content, 1, (Access::FAST, Over::Tcp))?;
        let before = swarm.seed.program().cpu()?;
        let (began, mut leechers) = swarm.start_others()?;
        let times = wait_for_all(&mut leechers, content, began, Duration::from_secs(600))?;
        let leecher = leechers[0].program();
        let (cpu, memory) = (leecher.cpu()?, leecher.peak_memory()?);
        let seeder = swarm.seed.program();
        let run = Run {
            seconds: times[0].as_secs_f64(),
            cpu: (seeder.cpu()? - before, cpu),
            memory: (seeder.peak_memory()?, memory),
        };
        swarm.check(&leechers)?;
        for session in leechers.iter_mut().chain([&mut swarm.seed]) {
            session.program().end();
        }
        Ok(run)
    }
}
