//! Who is connected, archive by archive. The one place where the transfers' view of peers becomes the engine's.

use std::{collections::BTreeMap, net::SocketAddr};

use muster_domain::Sha256;
use muster_transfer::{PeerView as Connected, Snapshot};

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

/// What a connection does at the moment, seen from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerState {
    /// Nothing flows.
    Idle,
    Taking,
    Giving,
    Both,
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
    /// How many are connected.
    pub connected: u32,
    pub peers: Vec<PeerView>,
}

impl ArchivePeers {
    /// Other complete copies among those who are connected; `None` if nobody is.
    pub(crate) fn other_seeders(&self) -> Option<u32> {
        let seeds = self.peers.iter().filter(|peer| peer.is_seed).count();
        (!self.peers.is_empty()).then_some(seeds as u32)
    }
}

/// Connections by archive, named as the queue names them.
pub(crate) fn rows(snapshot: &Snapshot, connected: Vec<Connected>) -> Vec<ArchivePeers> {
    let mut found: BTreeMap<Sha256, ArchivePeers> = BTreeMap::new();
    for peer in connected {
        let sha256 = peer.sha256;
        let row = found.entry(sha256).or_insert_with(|| ArchivePeers {
            sha256,
            name: snapshot.get(&sha256).map(|transfer| transfer.name.clone()).unwrap_or_default(),
            connected: 0,
            peers: Vec::new(),
        });
        row.connected += 1;
        row.peers.push(peer_view(peer));
    }
    found.into_values().collect()
}

fn peer_view(peer: Connected) -> PeerView {
    PeerView {
        address: peer.address,
        via: match peer.via {
            muster_transfer::Via::Named => Via::Named,
            muster_transfer::Via::Lan => Via::Lan,
            muster_transfer::Via::Tracker => Via::Tracker,
            muster_transfer::Via::Dht => Via::Dht,
            muster_transfer::Via::Exchange => Via::Pex,
            muster_transfer::Via::Incoming => Via::Incoming,
        },
        client: peer.client,
        is_seed: peer.is_seed,
        down: peer.down,
        up: peer.up,
        down_rate: peer.down_rate,
        up_rate: peer.up_rate,
        wrong_blocks: peer.wrong,
        state: match (peer.serves_us, peer.is_served) {
            (true, true) => PeerState::Both,
            (true, false) => PeerState::Taking,
            (false, true) => PeerState::Giving,
            (false, false) => PeerState::Idle,
        },
    }
}

impl Engine {
    /// Who is connected, of every archive that has anybody.
    pub async fn peers(&self) -> Vec<ArchivePeers> {
        let mut rows = rows(&self.transfer_snapshot(), self.transfers().peers());
        for row in rows.iter_mut().filter(|row| row.name.is_empty()) {
            row.name = self.kept_name(&row.sha256).await;
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connected(archive: u8, port: u16, is_seed: bool) -> Connected {
        Connected {
            sha256: Sha256([archive; 32]),
            address: SocketAddr::from(([10, 0, 0, 1], port)),
            via: muster_transfer::Via::Exchange,
            client: None,
            is_seed,
            is_served: true,
            serves_us: is_seed,
            down: 1,
            up: 2,
            down_rate: 3,
            up_rate: 4,
            wrong: 5,
        }
    }

    #[test]
    fn peers_are_gathered_by_archive_and_tell_how_rare_it_is() {
        let all = vec![connected(2, 1, true), connected(1, 2, false), connected(2, 3, false)];
        let rows = rows(&Snapshot::default(), all);
        let seen: Vec<_> = rows.iter().map(|row| (row.connected, row.other_seeders())).collect();
        assert_eq!(seen, [(1, Some(0)), (2, Some(1))]);
        let peer = &rows[1].peers[0];
        assert_eq!((peer.via, peer.state, peer.wrong_blocks), (Via::Pex, PeerState::Both, 5));
        assert_eq!(rows[0].peers[0].state, PeerState::Giving);
    }
}
