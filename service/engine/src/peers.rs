//! Who is connected, archive by archive. The one place where the transfers' view of peers becomes the engine's.
//!
//! The transfers count connections and do not name them yet: rows are empty and `connected` says how many there are.
//! Where they come to be named, [`rows`] is what changes.

use std::{collections::BTreeMap, net::SocketAddr};

use muster_domain::Sha256;
use muster_transfer::{Phase, Snapshot};

use crate::Engine;

/// How a peer became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// Named by the player, a lobby or a ticket.
    Named,
    Lan,
    Tracker,
    Dht,
    Pex,
    /// It connected to us.
    Incoming,
}

/// What a connection does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerState {
    Connecting,
    /// Connected, nothing flows.
    Idle,
    Taking,
    Giving,
    Both,
    /// Left alone for a while.
    Snubbed,
}

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerView {
    pub address: SocketAddr,
    pub via: Via,
    /// What the peer calls its program; foreign text.
    pub client: Option<String>,
    /// It has the whole archive.
    pub is_seed: bool,
    /// Bytes that came from it and went to it.
    pub down: u64,
    pub up: u64,
    /// Bytes per second.
    pub down_rate: u64,
    pub up_rate: u64,
    /// Blocks of it that were not what was signed.
    pub wrong_blocks: u32,
    pub state: PeerState,
}

/// The connections of one archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivePeers {
    pub sha256: Sha256,
    pub name: String,
    /// How many are connected; more than there are rows where they are not named.
    pub connected: u32,
    pub peers: Vec<PeerView>,
}

impl ArchivePeers {
    /// Other complete copies that are known; `None` if nobody was asked.
    pub(crate) fn other_seeders(&self) -> Option<u32> {
        let seeds = self.peers.iter().filter(|peer| peer.is_seed).count();
        (!self.peers.is_empty()).then_some(seeds as u32)
    }
}

/// The connections of every archive that is fetched or offered, by hash.
pub(crate) fn rows(snapshot: &Snapshot) -> Vec<ArchivePeers> {
    let mut found: BTreeMap<Sha256, ArchivePeers> = BTreeMap::new();
    let mut add = |sha256: Sha256, name: &str, connected: u32| {
        let row = found.entry(sha256).or_insert_with(|| ArchivePeers {
            sha256,
            name: name.to_owned(),
            connected: 0,
            peers: Vec::new(),
        });
        row.connected += connected;
    };
    for transfer in snapshot.transfers.iter().filter(|transfer| transfer.phase != Phase::Done) {
        add(transfer.sha256, &transfer.name, transfer.peers);
    }
    for seed in snapshot.sharing.seeds.iter().filter(|seed| seed.is_offered) {
        add(seed.sha256, "", seed.peers);
    }
    found.into_values().collect()
}

impl Engine {
    /// Who is connected, of every archive that has anybody.
    pub async fn peers(&self) -> Vec<ArchivePeers> {
        let mut rows = rows(&self.transfer_snapshot());
        rows.retain(|row| row.connected > 0 || !row.peers.is_empty());
        for row in rows.iter_mut().filter(|row| row.name.is_empty()) {
            row.name = self.kept_name(&row.sha256).await;
        }
        rows
    }
}
