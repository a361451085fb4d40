//! How soon a small archive is there, and how fast a fast line is used.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use clap::Args;
use jiff::Timestamp;
use muster_cache::{Cache, Opening};

use super::{
    Settings,
    table::{Table, median},
};
use crate::{
    Access, Content, DelayLine, Host, Lab, Line, Namespace, Node, NodeOptions, Realm, Stretch,
    clients::PORT,
    delay::Ends,
    node::Fetch,
    origin::{Fault, OriginServer},
};

const PATIENCE: Duration = Duration::from_secs(120);
const SMALL: u64 = 1_000_000;
const LARGE: u64 = 500_000_000;

#[derive(Args, Clone, Debug)]
pub struct Reach;

impl Reach {
    pub fn run(&self, settings: &Settings) -> Result<()> {
        println!(
            "reach: small archives over 20 Mbit/s and 30 ms there and back, large ones over a line of 1 Gbit/s"
        );
        let mut table = Table::new(&["what", "median", "unit"]);
        let mut measure = |what: &str, unit: &str, once: &dyn Fn() -> Result<f64>| {
            let mut runs = Vec::new();
            for _ in 0..settings.runs {
                match once() {
                    Ok(value) => runs.push(value),
                    Err(error) => println!("{what}: {error:#}"),
                }
            }
            table.row([what.to_owned(), format!("{:.2}", median(&runs)), unit.to_owned()]);
        };
        measure("1 MB from a server", "s", &|| far_away(settings, Source::Server));
        measure("1 MB from a peer", "s", &|| far_away(settings, Source::Peer));
        measure("1 Gbit/s line, from a server", "Mbit/s", &|| fast_line(settings, Source::Server));
        measure("1 Gbit/s line, from a peer", "Mbit/s", &|| fast_line(settings, Source::Peer));
        measure("1 MB from a neighbour nobody named", "s", &|| neighbour(settings));
        measure("a wrong block is found after", "ms", &|| wrong_block(settings));
        table.print();
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Server,
    Peer,
}

/// Seconds until a node on one host has what another offers; its start is not counted.
fn fetch(settings: &Settings, content: &Content, hosts: (&Host, &Host), source: Source) -> Result<f64> {
    let (giver, taker) = hosts;
    let place = tempfile::tempdir_in(settings.place())?;
    let mut wanted = Fetch::of(content);
    let (mut _server, mut _seed) = (None, None);
    match source {
        Source::Server => {
            let server = OriginServer::start(giver, content, Fault::Nothing, None)?;
            wanted.origins = vec![server.url()?];
            _server = Some(server);
        }
        Source::Peer => {
            let options = NodeOptions {
                listen: Some(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), PORT)),
                seeds: vec![content.file.clone()],
                ..NodeOptions::default()
            };
            _seed = Some(Node::start(&settings.program, giver, place.path(), &options)?);
            wanted.peers = vec![giver.at(PORT)];
        }
    }
    let mut node = Node::start(&settings.program, taker, place.path(), &NodeOptions::default())?;
    let began = Instant::now();
    node.fetch(&wanted)?;
    node.done(&content.archive.sha256, PATIENCE)?;
    Ok(began.elapsed().as_secs_f64())
}

fn far_away(settings: &Settings, source: Source) -> Result<f64> {
    let content = Content::make(settings.place(), SMALL, 3)?;
    let (left, right) = (Namespace::new("far")?, Namespace::new("home")?);
    let ends = Ends { left: Ipv4Addr::new(11, 8, 0, 1), right: Ipv4Addr::new(11, 8, 0, 2) };
    let stretch = Stretch::mbit(20, 15);
    let line = DelayLine::connect((&left, &right), "far0", ends, (stretch, stretch))?;
    let (giver, taker) = (Host::outside(left, ends.left), Host::outside(right, ends.right));
    let seconds = fetch(settings, &content, (&giver, &taker), source)?;
    drop(line);
    Ok(seconds)
}

fn fast_line(settings: &Settings, source: Source) -> Result<f64> {
    let content = Content::make(settings.place(), LARGE, 4)?;
    let lab = Lab::new(Realm::Home)?;
    let line = Some(Line::mbit(1_000));
    let access = Access { up: line, down: line };
    let (giver, taker) = (lab.host("giver", access)?, lab.host("taker", access)?);
    let seconds = fetch(settings, &content, (&giver, &taker), source)?;
    Ok(LARGE as f64 * 8.0 / 1e6 / seconds)
}

/// Seconds until a node has what somebody in the same network has, found by asking around.
fn neighbour(settings: &Settings) -> Result<f64> {
    let content = Content::make(settings.place(), SMALL, 3)?;
    let place = tempfile::tempdir_in(settings.place())?;
    let lab = Lab::new(Realm::Home)?;
    let (giver, taker) = (lab.host("giver", Access::FAST)?, lab.host("taker", Access::FAST)?);
    let options = NodeOptions {
        listen: Some(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), PORT)),
        seeds: vec![content.file.clone()],
        ..NodeOptions::default()
    };
    let mut seed = Node::start(&settings.program, &giver, place.path(), &options)?;
    seed.order("find lan")?;
    let mut node = Node::start(&settings.program, &taker, place.path(), &NodeOptions::default())?;
    node.order("find lan")?;
    let began = Instant::now();
    node.fetch(&Fetch::of(&content))?;
    node.done(&content.archive.sha256, PATIENCE)?;
    Ok(began.elapsed().as_secs_f64())
}

/// Milliseconds from the last byte of a block to knowing that it is wrong.
fn wrong_block(settings: &Settings) -> Result<f64> {
    let content = Content::make(settings.place(), SMALL, 3)?;
    let place = tempfile::tempdir_in(settings.place())?;
    let cache = Cache::open(place.path(), Timestamp::now())?;
    let blocks: Arc<[_]> = content.blocks.blocks().into();
    let Opening::Writer(writer) = cache.write(content.archive.sha256, SMALL, Some(blocks))? else {
        anyhow::bail!("an empty cache has nothing");
    };
    let mut bytes = content.bytes()?;
    bytes[70_000] ^= 1;
    writer.write_at(65_536, &bytes[65_536..131_071])?;
    let began = Instant::now();
    let written = writer.write_at(131_071, &bytes[131_071..131_072])?;
    let took = began.elapsed();
    ensure!(written.bad_blocks == [1], "{written:?}");
    Ok(took.as_secs_f64() * 1e3)
}
