//! What is known of one archive beside its place in the queue: where to get it, how far it is, who waits.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
};

use muster_domain::{Sha256, Tier};
use tokio::sync::watch;

use crate::{
    Error, Local, Meets, Origin, Outcome, Proof, Tracker,
    assembly::Counters,
    queue::WantId,
    swarm::{Exposure, KnownPeers, Metainfo, Via},
};

/// Peers remembered for one archive.
const MAX_PEERS: usize = 200;

/// What is known of an archive beside its place in the queue.
pub(crate) struct Transfer {
    pub proof: Proof,
    pub origins: Vec<Origin>,
    pub torrent: Option<Metainfo>,
    pub blocks: Option<Arc<[Sha256]>>,
    pub local: Option<Local>,
    pub meets: Meets,
    pub trackers: Vec<Tracker>,
    pub peers: watch::Sender<KnownPeers>,
    pub exposure: watch::Sender<Exposure>,
    pub tier: watch::Sender<Tier>,
    pub counters: Arc<Counters>,
    pub waiting: HashMap<WantId, watch::Sender<Option<Outcome>>>,
    /// The last error that ended it for good.
    pub error: Option<Error>,
}

impl Transfer {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self {
            proof: Proof::Hash,
            origins: Vec::new(),
            torrent: None,
            blocks: None,
            local: None,
            meets: Meets::No,
            trackers: Vec::new(),
            peers: watch::Sender::new(KnownPeers::default()),
            exposure: watch::Sender::new(Exposure::TakeOnly),
            tier: watch::Sender::new(Tier::Background),
            counters: Arc::default(),
            waiting: HashMap::new(),
            error: None,
        }
    }

    /// Takes over what one more want says.
    pub fn learn(&mut self, origins: Vec<Origin>, torrent: Option<Metainfo>, blocks: Option<Arc<[Sha256]>>) {
        for origin in origins {
            if !self.origins.contains(&origin) {
                self.origins.push(origin);
            }
        }
        self.torrent = self.torrent.take().or(torrent);
        self.blocks = self.blocks.take().or(blocks);
        self.error = None;
    }

    /// Somebody has, or may have, the archive.
    pub fn name_peers(&self, peers: &[SocketAddr], via: Via) {
        if peers.is_empty() {
            return;
        }
        self.peers.send_modify(|known| {
            // Hearsay is no reason to try those again who had nothing.
            known.named += u64::from(via == Via::Named);
            for peer in peers.iter().filter(|peer| peer.port() != 0 && !peer.ip().is_unspecified()) {
                if known.addresses.len() < MAX_PEERS {
                    known.addresses.entry(*peer).and_modify(|known| *known = via.min(*known)).or_insert(via);
                }
            }
        });
    }

    /// Whether there is anybody to ask.
    pub fn has_source(&self) -> bool {
        let has_peers =
            !self.peers.borrow().addresses.is_empty() || *self.exposure.borrow() == Exposure::Shared;
        !self.origins.is_empty() || ((self.torrent.is_some() || self.meets == Meets::ByHash) && has_peers)
    }

    /// Bytes that are here, as far as the last run knows.
    pub fn done(&self) -> u64 {
        let counters = &self.counters;
        [&counters.here, &counters.servers, &counters.peers].iter().map(|c| c.load(Ordering::Relaxed)).sum()
    }

    /// Tells everybody who waits.
    pub fn tell(&self, outcome: &Outcome) {
        for waiting in self.waiting.values() {
            waiting.send_replace(Some(outcome.clone()));
        }
    }
}
