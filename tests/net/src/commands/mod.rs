//! The command line.

mod serve;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use muster_domain::{Sha256, Tier};
use muster_net_lab::{
    Content, bench,
    node::{self, Fetch},
};
use muster_transfer::RateLimits;
use url::Url;

#[derive(Parser)]
#[command(about = "Parts of the network lab, and the transfer benchmarks")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a random file with its torrent and block list, and print what they are.
    Make(Make),
    /// Run transfers with a cache of their own; orders on the input, events on the output.
    Node(Box<NodeArguments>),
    /// Serve one swarm as a tracker, until it is killed.
    Tracker {
        /// Where others reach it.
        listen: SocketAddr,
    },
    /// Serve a file made by `make` over HTTP, with something wrong, until it is killed.
    Origin {
        /// Where others reach it.
        listen: SocketAddr,
        file: PathBuf,
        #[command(flatten)]
        fault: serve::OriginFault,
    },
    /// Serve a file made by `make` as a BitTorrent peer with bad manners, until it is killed.
    Peer {
        /// Where others reach it.
        listen: SocketAddr,
        file: PathBuf,
        #[command(flatten)]
        manner: serve::PeerManner,
    },
    /// Measure, with other programs beside ours.
    Bench(Bench),
}

#[derive(Args)]
struct Make {
    /// Bytes.
    size: u64,
    #[arg(long, default_value = ".")]
    folder: PathBuf,
    /// The same number gives the same bytes.
    #[arg(long, default_value_t = 1)]
    number: u64,
    /// Put this tracker into the torrent.
    #[arg(long)]
    tracker: Option<Url>,
}

#[derive(Args)]
struct NodeArguments {
    /// Where its files are.
    #[arg(long)]
    home: PathBuf,
    /// Share, and let others connect here.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// A file made by `make`, to be offered.
    #[arg(long)]
    seed: Vec<PathBuf>,
    /// Bytes per second.
    #[arg(long)]
    down: Option<u64>,
    /// Bytes per second.
    #[arg(long)]
    up: Option<u64>,
    /// What to fetch, as JSON.
    #[arg(long, conflicts_with = "fetch")]
    fetch_as: Option<String>,
    /// What to fetch.
    #[arg(long, requires = "size")]
    fetch: Option<Sha256>,
    /// Its bytes.
    #[arg(long)]
    size: Option<u64>,
    #[arg(long)]
    torrent: Option<PathBuf>,
    /// Its block list.
    #[arg(long)]
    blocks: Option<PathBuf>,
    #[arg(long)]
    peer: Vec<SocketAddr>,
    #[arg(long)]
    origin: Vec<Url>,
    #[arg(long)]
    tracker: Vec<Url>,
    /// A node of the DHT to begin with, as host:port.
    #[arg(long)]
    dht_entry: Vec<String>,
    /// lobby-urgent, user or background.
    #[arg(long, default_value = "user")]
    tier: String,
}

#[derive(Args)]
struct Bench {
    #[command(subcommand)]
    what: bench::What,
    /// Runs that are counted.
    #[arg(long, default_value_t = 3, global = true)]
    runs: usize,
    /// Only programs with these names.
    #[arg(long, global = true)]
    only: Vec<String>,
    /// Where files are kept while it runs.
    #[arg(long, global = true)]
    place: Option<PathBuf>,
}

pub fn run() -> Result<()> {
    match Arguments::parse().command {
        Command::Make(make) => self::make(&make),
        Command::Node(arguments) => {
            let filter = tracing_subscriber::EnvFilter::from_default_env();
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
            tokio::runtime::Runtime::new()?.block_on(node::run(start(*arguments)?))
        }
        Command::Tracker { listen } => serve::tracker(listen),
        Command::Origin { listen, file, fault } => serve::origin(listen, &file, &fault),
        Command::Peer { listen, file, manner } => serve::peer(listen, &file, &manner),
        Command::Bench(Bench { what, runs, only, place }) => {
            bench::run(&what, &bench::Settings::new(runs, only, place)?)
        }
    }
}

fn make(make: &Make) -> Result<()> {
    let content = Content::make(&make.folder, make.size, make.number)?;
    if let Some(tracker) = &make.tracker {
        let torrent = content.file.with_extension("torrent");
        muster_fsx::write_atomic(&torrent, &content.torrent_with(tracker, None))?;
    }
    let description = serde_json::json!({
        "file": content.file,
        "sha256": content.archive.sha256,
        "size": content.archive.size,
        "info_hash": content.info_hash.to_string(),
        "piece_length": content.piece_length,
    });
    println!("{description}");
    Ok(())
}

fn start(arguments: NodeArguments) -> Result<node::Start> {
    let fetch = match (&arguments.fetch_as, arguments.fetch) {
        (Some(json), _) => Some(serde_json::from_str(json)?),
        (None, Some(sha256)) => Some(Fetch {
            sha256,
            size: arguments.size.context("--size is needed")?,
            tier: tier(&arguments.tier)?,
            torrent: arguments.torrent,
            blocks: arguments.blocks,
            peers: arguments.peer,
            origins: arguments.origin,
            trackers: arguments.tracker,
            may_share: true,
        }),
        (None, None) => None,
    };
    Ok(node::Start {
        home: arguments.home,
        listen: arguments.listen,
        seeds: arguments.seed,
        limits: RateLimits { down: arguments.down, up: arguments.up, ..RateLimits::default() },
        fetch,
        dht: arguments.dht_entry,
    })
}

fn tier(text: &str) -> Result<Tier> {
    [Tier::LobbyUrgent, Tier::User, Tier::Background]
        .into_iter()
        .find(|tier| tier.as_str() == text)
        .context("a tier is lobby-urgent, user or background")
}
