//! All ways with real sockets, on this machine only.

mod dht;
mod lan;
mod mapping;
mod trackers;

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use muster_domain::Sha1;
use tokio::{sync::mpsc, time::timeout};

use super::*;

/// Deadline of what should take a moment.
const SOON: Duration = Duration::from_secs(20);
/// Long enough to see that something does not happen.
const A_WHILE: Duration = Duration::from_millis(700);

/// One of us, with what it found.
struct Peer {
    discovery: Discovery,
    found: mpsc::Receiver<Found>,
}

impl Peer {
    fn new(config: DiscoveryConfig) -> Self {
        let (sender, found) = mpsc::channel(1_000);
        Self {
            discovery: Discovery::start(config, *b"-MU0010-abcdefghijkl", sender).expect("a runtime"),
            found,
        }
    }

    /// Opens ways and gives them one thing to do.
    fn interested(config: DiscoveryConfig, ways: Ways, info_hash: Sha1, interest: Interest) -> Self {
        let peer = Self::new(config);
        peer.discovery.set_interests(BTreeMap::from([(info_hash, interest)]));
        peer.discovery.set_ways(ways);
        peer
    }

    /// Waits until a peer of an info-hash with this port was found.
    async fn finds(&mut self, info_hash: Sha1, port: u16) -> Found {
        let looked = timeout(SOON, async {
            loop {
                let found = self.found.recv().await.expect("still looking");
                if found.info_hash == info_hash && found.peers.iter().any(|peer| peer.port() == port) {
                    return found;
                }
            }
        });
        looked.await.expect("nothing was found")
    }

    async fn finds_nothing(&mut self) {
        let found = timeout(A_WHILE, self.found.recv()).await;
        assert!(found.is_err(), "{found:?}");
    }
}

fn interest(role: Role, scope: Scope) -> Interest {
    Interest { role, scope, trackers: vec![], left: if role == Role::Offer { 0 } else { 1_000 } }
}

fn hash(number: u8) -> Sha1 {
    Sha1([number; 20])
}

/// A config in which no way leaves this machine: the local network at a port of its own, the DHT with no entries.
fn config() -> DiscoveryConfig {
    DiscoveryConfig {
        lan: LanConfig { port: free_port(), only_loopback: true },
        dht: DhtConfig { entries: vec![], reach: Reach::Host },
        port_mapping: MappingConfig { search: ([127, 0, 0, 1], free_port()).into(), on_this_machine: true },
        ..DiscoveryConfig::default()
    }
}

fn free_port() -> u16 {
    let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    socket.local_addr().expect("bound").port()
}

/// Something that hears whether anything is sent to it.
struct Ear(UdpSocket);

impl Ear {
    async fn new() -> Self {
        Self(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a socket"))
    }

    fn address(&self) -> SocketAddr {
        self.0.local_addr().expect("bound")
    }

    async fn hears_nothing(&self) {
        let heard = timeout(A_WHILE, self.0.recv_from(&mut [0; 100])).await;
        assert!(heard.is_err(), "{heard:?}");
    }
}

#[tokio::test]
async fn what_is_for_neighbours_is_told_to_nobody_else() {
    let (node, tracker) = (Ear::new().await, Ear::new().await);
    let mut config = config();
    config.dht.entries = vec![node.address().to_string()];
    let url = Url::parse(&format!("udp://{}", tracker.address())).expect("valid");
    let trackers = vec![Tracker { url, reach: Reach::Host }];
    let ways = Ways { lan: true, dht: true, trackers: true, port_mapping: true, port: Some(6_000) };
    let nearby = Interest { trackers: trackers.clone(), ..interest(Role::Both, Scope::Nearby) };
    let peer = Peer::interested(config, ways, hash(1), nearby);
    tokio::join!(node.hears_nothing(), tracker.hears_nothing());

    let everybody = Interest { trackers, ..interest(Role::Both, Scope::Everybody) };
    peer.discovery.set_interests(BTreeMap::from([(hash(1), everybody)]));
    for ear in [&node, &tracker] {
        timeout(SOON, ear.0.recv_from(&mut [0; 100])).await.expect("something").expect("a datagram");
    }
    peer.discovery.end().await;
}

#[tokio::test]
async fn closed_ways_say_nothing_and_an_end_is_quick() {
    let (node, tracker) = (Ear::new().await, Ear::new().await);
    let mut config = config();
    config.dht.entries = vec![node.address().to_string()];
    let url = Url::parse(&format!("udp://{}", tracker.address())).expect("valid");
    let wanted = Interest {
        trackers: vec![Tracker { url, reach: Reach::Host }],
        ..interest(Role::Both, Scope::Everybody)
    };
    let all = Ways { lan: true, dht: true, trackers: true, port_mapping: false, port: Some(6_000) };

    let peer = Peer::interested(config, Ways { port: Some(6_000), ..Ways::default() }, hash(1), wanted);
    tokio::join!(node.hears_nothing(), tracker.hears_nothing());
    peer.discovery.set_ways(all);
    timeout(SOON, node.0.recv_from(&mut [0; 100])).await.expect("something").expect("a datagram");
    peer.discovery.set_ways(Ways::default());
    tokio::time::sleep(Duration::from_secs(1)).await;
    for ear in [&node, &tracker] {
        while ear.0.try_recv(&mut [0; 100]).is_ok() {}
    }
    tokio::join!(node.hears_nothing(), tracker.hears_nothing());

    peer.discovery.set_ways(all);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    peer.discovery.end().await;
    assert!(started.elapsed() < END + Duration::from_secs(2));
}
