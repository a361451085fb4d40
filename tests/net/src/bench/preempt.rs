//! Something urgent arrives during background transfers: how long until the line is its own.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use muster_domain::Tier;

use super::{
    Settings,
    table::{Table, each, median},
};
use crate::{
    Access, Capture, Lab, Line, Realm,
    capture::{self, Depth},
    content::Content,
    node::{Fetch, Node, NodeOptions},
    origin::{Fault, OriginServer},
    peer::{Manner, Peer},
};

const PATIENCE: Duration = Duration::from_secs(120);
/// In which the share of the line is measured.
const WINDOW: Duration = Duration::from_millis(100);
const STEP: Duration = Duration::from_millis(10);

#[derive(Args, Clone, Debug)]
pub struct Preempt {
    /// Mbit/s into the house.
    #[arg(long, value_delimiter = ',', default_values_t = [20, 100])]
    down: Vec<u64>,
}

impl Preempt {
    pub fn run(&self, settings: &Settings) -> Result<()> {
        println!(
            "preempt: from asking for something urgent until it has 95 % of the line for {} ms, while two files \
             arrive in the background; other programs have no tiers",
            WINDOW.as_millis()
        );
        let mut table = Table::new(&["line Mbit/s", "from", "median ms", "all runs ms"]);
        for down in &self.down {
            for (name, from) in [("a server", From::Server), ("a peer", From::Peer)] {
                let mut runs = Vec::new();
                for _ in 0..settings.runs {
                    match once(settings, *down, from) {
                        Ok(time) => runs.push(time.as_secs_f64() * 1e3),
                        Err(error) => println!("{down} Mbit/s, {name}: {error:#}"),
                    }
                }
                table.row([down.to_string(), name.to_owned(), format!("{:.0}", median(&runs)), each(&runs)]);
            }
        }
        table.print();
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Server,
    Peer,
}

fn once(settings: &Settings, down: u64, from: From) -> Result<Duration> {
    let lab = Lab::new(Realm::Internet)?;
    let place = tempfile::tempdir_in(settings.place())?;
    let line = Line::mbit(down);
    let player = lab.host("player", Access { up: None, down: Some(line) })?;
    let mut node = Node::start(&settings.program, &player, place.path(), &NodeOptions::default())?;
    let mut servers = Vec::new();
    for number in 1..=2 {
        let content = Content::make(place.path(), line.rate / 8 * 30, number)?;
        let host = lab.host(&format!("web{number}"), Access::FAST)?;
        let server = OriginServer::start(&host, &content, Fault::Nothing, None)?;
        let fetch = Fetch {
            tier: Tier::Background,
            torrent: None,
            origins: vec![server.url()?],
            ..Fetch::of(&content)
        };
        node.fetch(&fetch)?;
        servers.push((server, host, content));
    }
    for (_, _, content) in &servers {
        node.reaches(&content.archive.sha256, line.rate / 8 / 4, PATIENCE)?;
    }
    let urgent = Content::make(place.path(), line.rate / 8 * 2, 9)?;
    let lobby = lab.host("lobby", Access::FAST)?;
    let mut fetch = Fetch { tier: Tier::LobbyUrgent, ..Fetch::of(&urgent) };
    let (mut _server, mut _peer) = (None, None);
    match from {
        From::Server => {
            let server = OriginServer::start(&lobby, &urgent, Fault::Nothing, None)?;
            fetch.origins = vec![server.url()?];
            _server = Some(server);
        }
        From::Peer => {
            let peer = Peer::start(&lobby, &urgent, Manner::Honest)?;
            fetch.peers = vec![peer.address];
            _peer = Some(peer);
        }
    }
    let capture = Capture::start(&player, Depth::Headers)?;
    let asked = capture::now();
    node.fetch(&fetch)?;
    node.done(&urgent.archive.sha256, PATIENCE)?;
    let came = capture.finish()?.to(player.address).from(lobby.address);
    let needed = 0.95 * line.payload_rate() * WINDOW.as_secs_f64();
    let has_line = |begin: &Duration| {
        let inside = came.within(*begin, WINDOW);
        inside.iter().map(|packet| packet.payload).sum::<u64>() as f64 >= needed
    };
    let first = (0..3_000).map(|step| asked + STEP * step).find(has_line);
    first.map(|begin| begin - asked).context("it never had the line for itself")
}
