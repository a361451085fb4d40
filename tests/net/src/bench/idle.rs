//! Many seeded archives and nobody who wants them: what that costs all day.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::{Settings, folder, table::Table};
use crate::{Access, Content, Host, Lab, Node, NodeOptions, Program, Realm, clients::PORT, tracker::Tracker};

/// Until a program has looked at all its files.
const PATIENCE: Duration = Duration::from_secs(300);
/// Between the last thing that was asked for and the measurement.
const SETTLE: Duration = Duration::from_secs(10);

#[derive(Args, Clone, Debug)]
pub struct Idle {
    /// How many archives.
    #[arg(long, default_value_t = 500)]
    archives: u64,
    /// Bytes of each.
    #[arg(long, default_value_t = 256 << 10)]
    size: u64,
    /// How long they are watched.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

impl Idle {
    pub fn run(&self, settings: &Settings) -> Result<()> {
        let shelf = folder(settings.place(), "archives")?;
        let contents: Vec<Content> = (0..self.archives)
            .map(|number| Content::make(&shelf, self.size, number))
            .collect::<Result<_>>()?;
        println!(
            "idle: {} archives of {} KiB offered, no peers, watched for {} s",
            self.archives,
            self.size >> 10,
            self.seconds
        );
        let mut table = Table::new(&[
            "program",
            "archives",
            "memory MB",
            "kB/archive",
            "% of a core",
            "descriptors",
            "wake-ups/s",
            "ready s",
        ]);
        if settings.is_asked_for("muster") {
            for count in [0, contents.len()] {
                self.ours(settings, &contents[..count], &mut table)?;
            }
        }
        if settings.is_asked_for("transmission") {
            for count in [0, contents.len()] {
                self.transmission(settings, &contents[..count], &mut table)?;
            }
        }
        table.print();
        Ok(())
    }

    fn ours(&self, settings: &Settings, contents: &[Content], table: &mut Table) -> Result<()> {
        let lab = Lab::new(Realm::Internet)?;
        let host = lab.host("seeder", Access::FAST)?;
        let place = tempfile::tempdir_in(settings.place())?;
        let options = NodeOptions { listen: Some(host.at(PORT)), ..NodeOptions::default() };
        let mut filling = Node::start(&settings.program, &host, place.path(), &NodeOptions::default())?;
        for content in contents {
            filling.order(&format!("seed {}", content.file.display()))?;
        }
        filling.quit()?;
        // What is measured is a start with a full cache, as every day.
        let options =
            NodeOptions { seeds: contents.iter().map(|content| content.file.clone()).collect(), ..options };
        let began = Instant::now();
        let mut node = Node::launch(&settings.program, &host, place.path(), &options)?;
        node.ready(PATIENCE)?;
        let ready = began.elapsed();
        self.watch("muster", contents.len(), (&node.program, ready), table)
    }

    fn transmission(&self, settings: &Settings, contents: &[Content], table: &mut Table) -> Result<()> {
        let lab = Lab::new(Realm::Internet)?;
        let (meeting, host) = (lab.host("tracker", Access::FAST)?, lab.host("seeder", Access::FAST)?);
        let tracker = Tracker::start(&meeting)?;
        let place = tempfile::tempdir_in(settings.place())?;
        let began = Instant::now();
        let program = start_transmission(&host, place.path(), contents, &tracker)?;
        std::thread::sleep(SETTLE);
        // It tells nobody when it is done: it is when it no longer works.
        while began.elapsed() < PATIENCE {
            let before = program.cpu()?;
            std::thread::sleep(Duration::from_secs(5));
            if program.cpu()? - before < 0.15 {
                break;
            }
        }
        self.watch("transmission", contents.len(), (&program, began.elapsed()), table)
    }

    fn watch(
        &self,
        name: &str,
        count: usize,
        (program, ready): (&Program, Duration),
        table: &mut Table,
    ) -> Result<()> {
        std::thread::sleep(SETTLE);
        let (cpu, wake_ups, began) = (program.cpu()?, program.wake_ups()?, Instant::now());
        std::thread::sleep(Duration::from_secs(self.seconds));
        let seconds = began.elapsed().as_secs_f64();
        let memory = program.memory()? as f64;
        table.row([
            name.to_owned(),
            count.to_string(),
            format!("{:.1}", memory / 1e6),
            if count == 0 { "-".to_owned() } else { format!("{:.1}", memory / 1e3 / count as f64) },
            format!("{:.2}", (program.cpu()? - cpu) / seconds * 100.0),
            program.descriptors()?.to_string(),
            format!("{:.1}", (program.wake_ups()? - wake_ups) as f64 / seconds),
            format!("{:.1}", ready.as_secs_f64()),
        ]);
        Ok(())
    }
}

fn start_transmission(host: &Host, place: &Path, contents: &[Content], tracker: &Tracker) -> Result<Program> {
    let (home, watched, files) = (folder(place, "home")?, folder(place, "watched")?, folder(place, "files")?);
    let settings = json!({
        "dht-enabled": false,
        "lpd-enabled": false,
        "port-forwarding-enabled": false,
        "rpc-enabled": false,
        "peer-port": PORT,
        "download-dir": files,
        "watch-dir": watched,
        "watch-dir-enabled": true,
    });
    muster_fsx::write_atomic(&home.join("settings.json"), settings.to_string().as_bytes())?;
    let target = muster_fsx::Dir::open_ambient(&files)?;
    for content in contents {
        let name = content.archive.sha256.to_string();
        let folder = content.file.parent().unwrap_or(Path::new("."));
        muster_fsx::Dir::open_ambient(folder)?.hard_link(name.as_str(), &target, name.as_str())?;
        let torrent = watched.join(format!("{name}.torrent"));
        muster_fsx::write_atomic(&torrent, &content.torrent_with(&tracker.url()?, None))?;
    }
    let mut command = host.space.command("transmission-daemon");
    command.args(["--foreground", "--log-error"]).arg("--config-dir").arg(&home);
    Program::start(&mut command, &place.join("log"))
}
