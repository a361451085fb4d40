//! Our own transfers as a program: what it says, what it can be told, and a handle on one that runs.

mod handle;
mod program;

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use muster_domain::{Sha256, Tier};
use serde::{Deserialize, Serialize};
use url::Url;

pub use handle::End;
pub use handle::{Node, NodeOptions};
pub use program::{Start, run};

/// One line of what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// All it was given to seed is offered, and it listens if it may.
    Ready { listen: Option<SocketAddr>, seconds: f64 },
    /// A transfer has changed.
    Progress {
        sha256: Sha256,
        phase: String,
        /// Why it does not run.
        wait: Option<String>,
        size: u64,
        done: u64,
        #[serde(flatten)]
        split: Split,
        /// Bytes per second.
        rate: u64,
        /// Connected peers.
        connected: u32,
    },
    /// Bytes given to others so far, and to how many peers at the moment.
    Sharing {
        listen: Option<SocketAddr>,
        uploaded: u64,
        connected: u32,
        /// What the line was seen to carry, in bytes per second.
        uplink: Option<u64>,
    },
    /// An archive is here and verified.
    Done {
        sha256: Sha256,
        /// Since it was asked for.
        seconds: f64,
        /// Of processor time since the program started.
        cpu: f64,
        /// Bytes.
        peak_memory: u64,
        #[serde(flatten)]
        split: Split,
    },
    /// An archive can not be had.
    Failed { sha256: Sha256, code: String, seconds: f64 },
    /// An order has been carried out.
    Obeyed { order: String, listen: Option<SocketAddr> },
    /// An order could not be carried out.
    Refused { order: String, reason: String },
}

/// Bytes by where they came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    pub here: u64,
    pub servers: u64,
    pub peers: u64,
}

/// An archive to fetch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fetch {
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    pub tier: Tier,
    pub torrent: Option<PathBuf>,
    pub blocks: Option<PathBuf>,
    pub peers: Vec<SocketAddr>,
    pub origins: Vec<Url>,
    /// Where peers meet.
    pub trackers: Vec<Url>,
    /// It may be passed on as it arrives, if there is consent at all.
    pub may_share: bool,
}

/// What it can be told, one line each.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// Cap of what comes in, in bytes per second.
    LimitDown(Option<u64>),
    /// Cap of what goes out, in bytes per second.
    LimitUp(Option<u64>),
    Share(Option<SocketAddr>),
    Seed(PathBuf),
    Fetch(Box<Fetch>),
    Peers(Sha256, Vec<SocketAddr>),
    /// Look for peers, and be found, in these ways only.
    Find(Vec<Way>),
    Pause,
    Resume,
    /// A game runs, or has ended.
    Hold(Hold),
    Quit,
}

/// How peers are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Way {
    /// In the own network.
    Lan,
    /// At trackers.
    Tracker,
    /// In the DHT, from the entries that it was started with.
    Dht,
}

/// Whether background transfers wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    Held,
    Free,
}

impl FromStr for Order {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> Result<Self> {
        let (verb, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let cap = |text: &str| match text {
            "off" => Ok(None),
            number => number.parse().map(Some).context("bytes per second, or off"),
        };
        Ok(match (verb, rest) {
            ("limit", rest) => match rest.split_once(' ') {
                Some(("down", value)) => Self::LimitDown(cap(value)?),
                Some(("up", value)) => Self::LimitUp(cap(value)?),
                _ => bail!("limit down|up N|off"),
            },
            ("share", "off") => Self::Share(None),
            ("share", listen) => Self::Share(Some(listen.parse().context("an address, or off")?)),
            ("seed", file) => Self::Seed(file.into()),
            ("fetch", json) => Self::Fetch(serde_json::from_str(json)?),
            ("peers", rest) => {
                let mut words = rest.split_whitespace();
                let sha256 = words.next().context("peers SHA256 ADDRESS…")?.parse()?;
                Self::Peers(sha256, words.map(str::parse).collect::<Result<_, _>>()?)
            }
            ("find", "off") => Self::Find(Vec::new()),
            ("find", ways) => {
                let way = |word| Way::from_str(word, false).map_err(anyhow::Error::msg);
                Self::Find(ways.split_whitespace().map(way).collect::<Result<_>>()?)
            }
            ("pause", "") => Self::Pause,
            ("resume", "") => Self::Resume,
            ("hold", "") => Self::Hold(Hold::Held),
            ("release", "") => Self::Hold(Hold::Free),
            ("quit", "") => Self::Quit,
            _ => bail!("no such order"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_nonsense_is_refused() -> Result<()> {
        let order = |line: &str| line.parse::<Order>();
        assert_eq!(order("limit down 65536")?, Order::LimitDown(Some(65_536)));
        assert_eq!(order("limit up off")?, Order::LimitUp(None));
        assert_eq!(order("find lan dht tracker")?, Order::Find(vec![Way::Lan, Way::Dht, Way::Tracker]));
        assert_eq!(order("share off")?, Order::Share(None));
        assert_eq!(order("share 11.7.0.1:7000")?, Order::Share(Some("11.7.0.1:7000".parse()?)));
        assert_eq!(order(" quit\n")?, Order::Quit);
        for line in [
            "",
            "limit",
            "limit down",
            "limit sideways 5",
            "pause now",
            "share",
            "find dowsing",
            "fetch {}",
            "peers x",
        ] {
            assert!(order(line).is_err(), "{line}");
        }
        Ok(())
    }

    #[test]
    fn an_event_is_one_line_that_reads_back() -> Result<()> {
        let split = Split { here: 1, servers: 2, peers: 3 };
        let event =
            Event::Done { sha256: Sha256([7; 32]), seconds: 1.5, cpu: 0.5, peak_memory: 1_000, split };
        let line = serde_json::to_string(&event)?;
        assert!(line.starts_with(r#"{"event":"done""#) && !line.contains('\n'), "{line}");
        assert_eq!(serde_json::from_str::<Event>(&line)?, event);
        Ok(())
    }
}
