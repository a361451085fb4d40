//! Asking for an archive, and holding on to the answer.

use std::{net::SocketAddr, sync::Arc};

use muster_cache::ArchiveLease;
use muster_domain::{Sha256, Tier};
use tokio::sync::{mpsc, watch};

use crate::{Error, Local, Origin, TorrentSpec, Tracker, queue::WantId};

/// What tells the right bytes of an archive from wrong ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proof {
    /// Its hash.
    #[default]
    Hash,
    /// Nothing yet: its source gives no hash. It comes from its first origin and from nowhere else, so that nobody else's
    /// word counts and no two servers' bytes are mixed; the hash is found out at the end ([`Outcome`]).
    FirstSeen,
}

/// An archive that somebody needs.
#[derive(Clone, Debug)]
pub struct Want {
    /// The archive's hash; without a proof what stands for it, the same for everybody who wants the same archive.
    pub sha256: Sha256,
    pub proof: Proof,
    /// The signed size in bytes; without a proof what the source says, and no other size is taken.
    pub size: u64,
    pub tier: Tier,
    /// What the player sees in the list.
    pub name: String,
    /// Servers, best first.
    pub origins: Vec<Origin>,
    /// The signed torrent, if there is one; a bad one is left out (or is the answer, if there are no servers).
    pub torrent: Option<TorrentSpec>,
    /// The signed SHA-256 of every 64 KiB block, if there is a list.
    pub blocks: Option<Arc<[Sha256]>>,
    /// Peers that are known to have it.
    pub peers: Vec<SocketAddr>,
    /// Without a signed torrent: peers may be met by the archive's own hash, and asked for its torrent.
    pub meets: Meets,
    /// Where its source says that peers meet.
    pub trackers: Vec<Tracker>,
    /// Where parts of it may lie on this disk; used where there is a block list to prove them by.
    pub local: Option<Local>,
}

/// Whether peers are met by an archive's own hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meets {
    #[default]
    No,
    /// It may be passed on, and its hash is a strong one of its source.
    ByHash,
}

/// The verified archive, held in the cache as long as a clone of this lives, or why it could not be had.
pub type Outcome = Result<ArchiveLease, Error>;

/// A want that is being looked after; dropping it takes it back.
#[derive(Debug)]
pub struct WantHandle {
    pub(crate) id: WantId,
    pub(crate) sha256: Sha256,
    pub(crate) outcome: watch::Receiver<Option<Outcome>>,
    pub(crate) releases: mpsc::UnboundedSender<WantId>,
}

impl WantHandle {
    /// As in the [`Want`]; the lease of the outcome says what it really is.
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// Waits for the end: the archive, or an error that needs somebody to act. Failures that may pass are tried again
    /// before this says so; a paused transfer just takes longer.
    pub async fn outcome(&mut self) -> Outcome {
        match self.outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(Error::Closed)),
            Err(_) => Err(Error::Closed),
        }
    }
}

impl Drop for WantHandle {
    fn drop(&mut self) {
        // Nobody listens only when everything ends.
        let _ = self.releases.send(self.id);
    }
}

/// What may be offered to others.
#[derive(Clone, Debug)]
pub struct SeedSpec {
    /// The signed size in bytes.
    pub size: u64,
    /// The signed torrent; without one it is computed from the archive's bytes when it is offered first.
    pub torrent: Option<TorrentSpec>,
    /// Where its source says that peers meet.
    pub trackers: Vec<Tracker>,
}

/// Which ways of finding peers are open. What is fetched is looked for; only what is shared is announced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// In the own network (BEP 14).
    pub lan: bool,
    /// In the distributed table (BEP 5).
    pub dht: bool,
    /// At the trackers that the source of an archive names.
    pub trackers: bool,
    /// The router may be asked to let others in.
    pub port_mapping: bool,
}

/// Whether, and where, others may connect. Which archives they get is decided one by one with `seed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SharingPolicy {
    /// Nothing listens and nothing is offered.
    #[default]
    Off,
    /// Listens at this address; port 0 takes any free one.
    On { listen: SocketAddr },
    /// As `On`, but only for those who come from the own network.
    Nearby { listen: SocketAddr },
}

/// Caps of all transfers together, in bytes per second; `None` is unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    pub down: Option<u64>,
    pub up: Option<u64>,
    /// Nothing to or from the own network counts.
    pub spares_network: bool,
    /// Connections to peers in all; `None` is the program's own number.
    pub connections: Option<usize>,
    /// Percent of the line that the player's own transfers keep beside those of a lobby.
    pub user_share: u8,
    /// Percent of the cap that background transfers may take.
    pub background_share: u8,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            down: None,
            up: None,
            spares_network: false,
            connections: None,
            user_share: 10,
            background_share: 100,
        }
    }
}

/// What the world around allows at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// A game runs, and background transfers wait for its end.
    pub is_background_held: bool,
    /// Bytes that may still be written to the cache's volume, if known.
    pub free_bytes: Option<u64>,
}
