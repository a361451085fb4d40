//! Caps that change while everything runs: how exact they are, and how even.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::Args;

use super::{Settings, folder, table::Table};
use crate::{
    Access, Capture, Host, Lab, Realm, Tally,
    capture::{self, Depth},
    clients::{Caps, Client, Job, Muster, Over, PORT, Role, Session},
    content::Content,
    node::{Fetch, Node, NodeOptions},
    origin::{Fault, OriginServer},
    tracker::Tracker,
};

/// A cap is judged after the first second.
const SETTLE: Duration = Duration::from_secs(1);
const WINDOW: Duration = Duration::from_millis(100);
/// From the start of a program that is capped from its start.
const WARM_UP: Duration = Duration::from_secs(20);

#[derive(Args, Clone, Debug)]
pub struct Limits {
    /// Bytes per second, in their order.
    #[arg(long, value_delimiter = ',', default_values_t = [65_536, 1_000_000, 10_000_000, 50_000_000])]
    caps: Vec<u64>,
    /// For programs whose caps are set when they start; each needs a run of its own.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000_000, 10_000_000])]
    caps_of_others: Vec<u64>,
    /// Over which the rate is measured.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// What is capped, and where bytes come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    DownFromPeer,
    DownFromServer,
    DownFromBoth,
    Up,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::DownFromPeer => "down, a peer",
            Self::DownFromServer => "down, a server",
            Self::DownFromBoth => "down, both",
            Self::Up => "up",
        }
    }
}

impl Limits {
    pub fn run(&self, settings: &Settings) -> Result<()> {
        let most: u64 = self.caps.iter().chain(&self.caps_of_others).sum();
        let content = Content::make(settings.place(), most * (self.seconds + 4), 1)?;
        println!(
            "limits: over {} s and in the worst 100 ms, after the first second; ours changed while running, others set \
             at the start",
            self.seconds
        );
        let mut table = Table::new(&["program", "cap kB/s", "what", "rate kB/s", "error", "worst 100 ms"]);
        for client in settings.clients() {
            if client.name() == "muster" {
                for way in [Way::DownFromPeer, Way::DownFromServer, Way::DownFromBoth, Way::Up] {
                    self.ours(settings, &content, way, &mut table)
                        .unwrap_or_else(|error| println!("muster, {}: {error:#}", way.name()));
                }
                continue;
            }
            for cap in &self.caps_of_others {
                for way in [Way::DownFromPeer, Way::Up] {
                    match self.another(settings, &content, client.as_ref(), (*cap, way)) {
                        Ok(tally) => self.row(&mut table, client.name(), (*cap, way), &tally),
                        Err(error) => println!("{}, {}: {error:#}", client.name(), way.name()),
                    }
                }
            }
        }
        table.print();
        Ok(())
    }

    fn row(&self, table: &mut Table, name: &str, (cap, way): (u64, Way), tally: &Tally) {
        let rate = tally.payload() as f64 / self.seconds as f64;
        let worst = tally.worst_window(WINDOW) as f64 / WINDOW.as_secs_f64();
        table.row([
            name.to_owned(),
            format!("{:.0}", cap as f64 / 1e3),
            way.name().to_owned(),
            format!("{:.0}", rate / 1e3),
            format!("{:+.1} %", (rate / cap as f64 - 1.0) * 100.0),
            format!("{:.2} x", worst / cap as f64),
        ]);
    }

    /// What arrives during the measured time after something has begun or changed.
    fn measure(&self, capture: &Capture, of: &Host) -> Tally {
        let begin = capture::now() + SETTLE;
        std::thread::sleep(SETTLE + Duration::from_secs(self.seconds));
        let end = begin + Duration::from_secs(self.seconds);
        capture.so_far().to(of.address).filter(|packet| packet.at >= begin && packet.at < end)
    }

    fn ours(&self, settings: &Settings, content: &Content, way: Way, table: &mut Table) -> Result<()> {
        let lab = Lab::new(Realm::Internet)?;
        let place = tempfile::tempdir_in(settings.place())?;
        let (giver, taker) = (lab.host("giver", Access::FAST)?, lab.host("taker", Access::FAST)?);
        let web = lab.host("web", Access::FAST)?;
        let server = OriginServer::start(&web, content, Fault::Nothing, None)?;
        let mut seed = Node::start(
            &settings.program,
            &giver,
            place.path(),
            &NodeOptions {
                listen: Some(giver.at(PORT)),
                seeds: vec![content.file.clone()],
                ..NodeOptions::default()
            },
        )?;
        let first = *self.caps.first().context("there is a cap")?;
        let peers: Vec<SocketAddr> = match way {
            Way::DownFromServer => Vec::new(),
            Way::DownFromPeer | Way::DownFromBoth | Way::Up => vec![giver.at(PORT)],
        };
        let origins = match way {
            Way::DownFromServer | Way::DownFromBoth => vec![server.url()?],
            Way::DownFromPeer | Way::Up => Vec::new(),
        };
        let mut options = NodeOptions {
            fetch: Some(Fetch { peers, origins, ..Fetch::of(content) }),
            ..NodeOptions::default()
        };
        if way == Way::Up {
            seed.order(&format!("limit up {first}"))?;
        } else {
            options.down = Some(first);
        }
        let capture = Capture::start(&taker, Depth::Headers)?;
        let mut leech = Node::start(&settings.program, &taker, place.path(), &options)?;
        leech.reaches(&content.archive.sha256, 1, WARM_UP)?;
        for cap in &self.caps {
            let (node, verb) = if way == Way::Up { (&mut seed, "up") } else { (&mut leech, "down") };
            node.order(&format!("limit {verb} {cap}"))?;
            let tally = self.measure(&capture, &taker);
            self.row(table, "muster", (*cap, way), &tally);
            leech.listen_for(Duration::from_millis(1));
            anyhow::ensure!(leech.peek_end(&content.archive.sha256).is_none(), "the file was too small");
        }
        Ok(())
    }

    fn another(
        &self,
        settings: &Settings,
        content: &Content,
        client: &dyn Client,
        (cap, way): (u64, Way),
    ) -> Result<Tally> {
        let lab = Lab::new(Realm::Internet)?;
        let place = tempfile::tempdir_in(settings.place())?;
        let meeting = lab.host("tracker", Access::FAST)?;
        let tracker = Tracker::start(&meeting)?;
        let (giver, taker) = (lab.host("giver", Access::FAST)?, lab.host("taker", Access::FAST)?);
        let others = [giver.at(PORT)];
        let (down, up) = if way == Way::Up { (None, Some(cap)) } else { (Some(cap), None) };
        let job = |host, folder, role| -> Job<'_> {
            let caps = if role == Role::Seed { Caps { up, down: None } } else { Caps { down, up: None } };
            let others: &[SocketAddr] = if role == Role::Seed { &[] } else { &others };
            Job {
                host,
                place: folder,
                content,
                tracker: &tracker,
                others,
                server: None,
                role,
                caps,
                over: Over::Tcp,
            }
        };
        // The other side is the program that is fast: ours.
        let ours = Muster { program: settings.program.clone() };
        let (seeding, leeching): (&dyn Client, &dyn Client) =
            if way == Way::Up { (client, &ours) } else { (&ours, client) };
        let (seed_folder, leech_folder) = (folder(place.path(), "giver")?, folder(place.path(), "taker")?);
        let mut seed = seeding.start(&job(&giver, &seed_folder, Role::Seed))?;
        seed.offers(&tracker, Duration::from_secs(120))?;
        tracker.introduce(giver.at(PORT), 0);
        let capture = Capture::start(&taker, Depth::Headers)?;
        let _leech: Session = leeching.start(&job(&taker, &leech_folder, Role::Leech))?;
        let began = Instant::now();
        while capture.so_far().to(taker.address).payload() < 100_000 {
            anyhow::ensure!(began.elapsed() < WARM_UP, "nothing came");
        }
        Ok(self.measure(&capture, &taker))
    }
}
