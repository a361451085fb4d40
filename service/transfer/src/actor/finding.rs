//! Who is looked for, and what we are found for: keeps discovery equal to the queue and to what is shared.

use std::collections::BTreeMap;

use muster_domain::{Sha1, Sha256};
use tokio::sync::mpsc;

use super::Actor;
use crate::{
    DiscoveryConfig, Error, Finding, Meets, Scope, Via,
    discovery::{self, Discovery, Found, Interest, Role, Ways},
    queue::{State, Wait},
    swarm::{Exposure, place},
    transfer::Transfer,
};

/// Announcements of peers that wait to be taken; more are lost, and come again.
const WAITING: usize = 256;

/// Discovery, and what comes from it.
pub(crate) struct Finder {
    discovery: Discovery,
    found: mpsc::Receiver<Found>,
    ways: Finding,
    /// Whose archive a hash is about.
    about: BTreeMap<Sha1, Sha256>,
}

impl Finder {
    /// Nothing is opened yet.
    pub fn start(config: DiscoveryConfig, peer_id: [u8; 20]) -> Result<Self, Error> {
        let (sender, found) = mpsc::channel(WAITING);
        let discovery = Discovery::start(config, peer_id, sender)?;
        Ok(Self { discovery, found, ways: Finding::default(), about: BTreeMap::new() })
    }

    /// The next peers that were found.
    pub async fn next(&mut self) -> Found {
        match self.found.recv().await {
            Some(found) => found,
            None => std::future::pending().await,
        }
    }

    /// Closes every way.
    pub async fn end(self) {
        self.discovery.end().await;
    }
}

impl Actor {
    /// Opens and closes ways of finding peers.
    pub(super) fn find(&mut self, ways: Finding) {
        self.finder.ways = ways;
        let is_finding = ways.lan || ways.dht || ways.trackers;
        self.shared.is_finding.store(is_finding, std::sync::atomic::Ordering::Relaxed);
        self.seek();
    }

    /// Tells discovery what is wanted and what is offered now.
    pub(super) fn seek(&mut self) {
        let sharing = self.sharing.view();
        let Finding { lan, dht, trackers, port_mapping } = self.finder.ways;
        let port = sharing.listen.map(|address| address.port());
        self.finder.discovery.set_ways(Ways { lan, dht, trackers, port_mapping, port });

        let mut interests = BTreeMap::new();
        self.finder.about.clear();
        let scope = told(sharing.scope.unwrap_or(Scope::Nearby));
        for seed in sharing.seeds.iter().filter(|seed| seed.is_offered) {
            let trackers = self.seeds.get(&seed.sha256).cloned().unwrap_or_default();
            let interest = Interest { role: Role::Offer, scope, trackers, left: 0 };
            let hashes = [Some(place(&seed.sha256)), seed.info_hash];
            interests.extend(hashes.into_iter().flatten().map(|hash| (hash, interest.clone())));
        }
        for entry in self.queue.entries() {
            let is_wanted = match entry.state {
                State::Active => true,
                State::Queued => self.decision.waits.get(&entry.sha256) == Some(&Wait::NoSource),
                _ => false,
            };
            let Some(transfer) = self.transfers.get(&entry.sha256).filter(|_| is_wanted) else { continue };
            let is_announced =
                *transfer.exposure.borrow() == Exposure::Shared && sharing.scope == Some(Scope::Everybody);
            // What is fetched may be looked for everywhere; announced is only what everybody may have.
            let role = if is_announced { Role::Both } else { Role::Seek };
            let scope = discovery::Scope::Everybody;
            let interest = Interest { role, scope, trackers: transfer.trackers.clone(), left: entry.size };
            for hash in hashes(&entry.sha256, transfer) {
                interests.insert(hash, interest.clone());
                self.finder.about.insert(hash, entry.sha256);
            }
        }
        self.finder.discovery.set_interests(interests);
    }

    /// Peers were found.
    pub(super) fn found(&mut self, found: &Found) {
        let Some(sha256) = self.finder.about.get(&found.info_hash) else { return };
        let via = match found.via {
            discovery::Via::Lan => Via::Lan,
            discovery::Via::Dht => Via::Dht,
            discovery::Via::Tracker => Via::Tracker,
        };
        if let Some(transfer) = self.transfers.get(sha256) {
            transfer.name_peers(&found.peers, via);
            self.queue.source_added(sha256);
        }
    }
}

/// Under which hashes the peers of a transfer meet.
fn hashes(sha256: &Sha256, transfer: &Transfer) -> Vec<Sha1> {
    let by_hash = (transfer.meets == Meets::ByHash).then(|| place(sha256));
    let by_torrent = transfer.torrent.as_ref().map(|torrent| torrent.info_hash);
    by_hash.into_iter().chain(by_torrent).collect()
}

fn told(scope: Scope) -> discovery::Scope {
    match scope {
        Scope::Everybody => discovery::Scope::Everybody,
        Scope::Nearby => discovery::Scope::Nearby,
    }
}
