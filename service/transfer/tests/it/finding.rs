//! Two programs that nobody introduces: they find each other, and only as far as sharing and settings allow.
#![allow(clippy::unwrap_used)]

use std::{
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use muster_transfer::{
    Config, DhtConfig, DiscoveryConfig, Finding, LanConfig, MappingConfig, Meets, Reach, SeedSpec,
    SharingPolicy, Tracker, Via, Want,
};

use crate::support::{Node, config, content, torrent, want};

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
const EVERYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

fn free_port() -> u16 {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Nothing leaves this machine.
fn here(port: u16, entries: Vec<String>) -> Config {
    let discovery = DiscoveryConfig {
        lan: LanConfig { port, only_loopback: true },
        dht: DhtConfig { entries, reach: Reach::Host },
        port_mapping: MappingConfig { search: ([127, 0, 0, 1], free_port()).into(), on_this_machine: true },
        ..DiscoveryConfig::default()
    };
    Config { discovery, ..config() }
}

/// A node that offers bytes, under their torrent or their hash alone.
async fn offers(node: &Node, bytes: &[u8], policy: SharingPolicy, trackers: Vec<Tracker>) {
    let name = node.put(bytes);
    node.transfers.set_sharing(policy).await.unwrap().unwrap();
    let spec = SeedSpec { size: bytes.len() as u64, torrent: None, trackers };
    node.transfers.seed(&name, spec).await.unwrap();
    node.wait_until("offered", |s| s.sharing.seeds.iter().any(|seed| seed.is_offered)).await;
}

fn by_hash(bytes: &[u8]) -> Want {
    Want { torrent: None, blocks: None, meets: Meets::ByHash, ..want(bytes) }
}

async fn fetch(node: &Node, want: Want, within: Duration) -> Option<Vec<u8>> {
    let name = want.sha256;
    let mut handle = node.transfers.want(want).await.unwrap();
    let outcome = tokio::time::timeout(within, handle.outcome()).await.ok()?;
    outcome.ok().map(|_| node.read(&name))
}

#[tokio::test]
async fn neighbours_find_each_other_and_who_does_not_look_is_not_found() {
    let bytes = content(1, 700_000);
    let port = free_port();
    let (giver, taker) = (Node::with(here(port, vec![])).await, Node::with(here(port, vec![])).await);
    let lan = Finding { lan: true, ..Finding::default() };
    giver.transfers.set_finding(lan).await;
    offers(&giver, &bytes, SharingPolicy::Nearby { listen: EVERYWHERE }, vec![]).await;

    assert!(fetch(&taker, by_hash(&bytes), Duration::from_secs(2)).await.is_none(), "it does not look");
    let began = Instant::now();
    taker.transfers.set_finding(lan).await;
    let Some(fetched) = fetch(&taker, by_hash(&bytes), Duration::from_secs(8)).await else {
        println!("skipped: this machine has no multicast on its loopback interface");
        return;
    };
    println!("found and fetched in the own network in {:?}", began.elapsed());
    assert!(fetched == bytes);
    let by_torrent = Want { torrent: Some(torrent(&bytes)), ..want(&bytes) };
    let other = Node::with(here(port, vec![])).await;
    other.transfers.set_finding(lan).await;
    let mut handle = other.transfers.want(by_torrent).await.unwrap();
    handle.outcome().await.unwrap();
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown(), other.transfers.shutdown());
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_find_each_other_in_the_dht_if_everybody_may_have_it() {
    let testnet =
        tokio::task::spawn_blocking(|| mainline::Testnet::builder(20).build()).await.unwrap().unwrap();
    let entries = testnet.bootstrap[..2].to_vec();
    let node = |entries: &[String]| Node::with(here(free_port(), entries.to_vec()));
    let (public, private, taker) = (node(&entries).await, node(&entries).await, node(&entries).await);
    let dht = Finding { dht: true, ..Finding::default() };
    let (shared, kept) = (content(2, 600_000), content(3, 600_000));
    for (giver, bytes, policy) in [
        (&public, &shared, SharingPolicy::On { listen: ANY }),
        (&private, &kept, SharingPolicy::Nearby { listen: ANY }),
    ] {
        giver.transfers.set_finding(dht).await;
        offers(giver, bytes, policy, vec![]).await;
    }
    taker.transfers.set_finding(dht).await;
    let began = Instant::now();
    assert!(fetch(&taker, by_hash(&shared), Duration::from_secs(30)).await.unwrap() == shared);
    println!("found and fetched through the DHT in {:?}", began.elapsed());
    assert!(
        fetch(&taker, by_hash(&kept), Duration::from_secs(4)).await.is_none(),
        "only neighbours may have it"
    );
    assert!(taker.transfers.peers().iter().all(|peer| peer.via == Via::Dht));
    tokio::join!(public.transfers.shutdown(), private.transfers.shutdown(), taker.transfers.shutdown());
}
