//! Archives from peers: two programs in one process, with and without servers.
#![allow(clippy::unwrap_used)]

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use muster_domain::Coded;
use muster_transfer::{Config, Meets, Phase, RateLimits, SeedSpec, SharingPolicy, Via, Want};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Manner, Node, Server, config, content, sha256, torrent, want};

pub const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A node that shares these bytes, and where it can be reached.
pub async fn seeder(bytes: &[u8]) -> (Node, SocketAddr) {
    let node = Node::start().await;
    let name = node.put(bytes);
    let address = node.transfers.set_sharing(SharingPolicy::On { listen: ANY }).await.unwrap().unwrap();
    let spec = SeedSpec { size: bytes.len() as u64, torrent: Some(torrent(bytes)), trackers: Vec::new() };
    node.transfers.seed(&name, spec).await.unwrap();
    node.wait_until("offered", |s| s.sharing.seeds.iter().any(|seed| seed.is_offered)).await;
    (node, address)
}

pub fn by_torrent(bytes: &[u8], peers: &[SocketAddr]) -> Want {
    Want { torrent: Some(torrent(bytes)), peers: peers.to_vec(), ..want(bytes) }
}

pub async fn outcome(node: &Node, want: Want) -> Result<Vec<u8>, &'static str> {
    let name = want.sha256;
    let mut handle = node.transfers.want(want).await.unwrap();
    let outcome =
        tokio::time::timeout(Duration::from_secs(40), handle.outcome()).await.expect("ends in time");
    outcome.map(|_| node.read(&name)).map_err(|error| error.code())
}

async fn accepts(address: SocketAddr) -> bool {
    TcpStream::connect(address).await.is_ok()
}

#[tokio::test]
async fn two_programs_exchange_an_archive_without_any_server() {
    let bytes = content(1, 20_000_000);
    let (giver, address) = seeder(&bytes).await;
    let taker = Node::start().await;
    let started = Instant::now();
    assert!(outcome(&taker, by_torrent(&bytes, &[address])).await.unwrap() == bytes);
    println!("20 MB from a peer in {:?}", started.elapsed());
    taker
        .wait_until("from peers", |s| {
            s.transfers.iter().any(|t| t.phase == Phase::Done && t.split.peers == bytes.len() as u64)
        })
        .await;
    giver.wait_until("counted", |s| s.sharing.seeds[0].uploaded >= bytes.len() as u64).await;
    assert_eq!(taker.transfers.snapshot().borrow().sharing.listen, None, "taking opens no port");
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
    assert!(!accepts(address).await);
}

#[tokio::test]
async fn nothing_listens_and_nothing_is_offered_before_sharing_is_on() {
    let bytes = content(2, 3_000_000);
    let giver = Node::start().await;
    let name = giver.put(&bytes);
    let spec = || SeedSpec { size: bytes.len() as u64, torrent: Some(torrent(&bytes)), trackers: Vec::new() };
    giver.transfers.seed(&name, spec()).await.unwrap();
    giver.wait_until("known", |s| s.sharing.seeds.len() == 1).await;
    {
        let snapshot = giver.transfers.snapshot();
        let view = snapshot.borrow();
        assert_eq!((view.sharing.listen, view.sharing.seeds[0].is_offered), (None, false));
    }
    let on = SharingPolicy::On { listen: ANY };
    let address = giver.transfers.set_sharing(on).await.unwrap().unwrap();
    giver.wait_until("offered", |s| s.sharing.seeds[0].is_offered).await;
    assert!(accepts(address).await);

    giver.transfers.pause_all().await;
    giver.wait_until("paused", |s| s.sharing.listen.is_none() && !s.sharing.seeds[0].is_offered).await;
    assert!(!accepts(address).await, "a pause closes the port");
    giver.transfers.resume_all().await;
    giver.wait_until("offered again", |s| s.sharing.seeds[0].is_offered).await;

    giver.transfers.unseed(&name).await.unwrap();
    giver.wait_until("not offered", |s| s.sharing.seeds.is_empty()).await;
    let address = giver.transfers.snapshot().borrow().sharing.listen.unwrap();
    let taker = Node::start().await;
    let refused = outcome(&taker, by_torrent(&bytes, &[address])).await;
    assert_eq!(refused, Err("transfer-stalled"), "what is not given to seed is not given away");

    assert_eq!(giver.transfers.set_sharing(SharingPolicy::Off).await.unwrap(), None);
    assert!(!accepts(address).await);
    let taken = TcpListener::bind(ANY).await.unwrap();
    let busy = SharingPolicy::On { listen: taken.local_addr().unwrap() };
    assert_eq!(giver.transfers.set_sharing(busy).await.unwrap_err().code(), "transfer-swarm");
    let bad = SeedSpec { size: 5, torrent: Some(torrent(&bytes)), trackers: Vec::new() };
    assert_eq!(giver.transfers.seed(&name, bad).await.unwrap_err().code(), "transfer-torrent");
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
}

#[tokio::test]
async fn a_peer_that_becomes_known_later_is_used() {
    let bytes = content(3, 4_000_000);
    let (giver, address) = seeder(&bytes).await;
    let taker = Node::start().await;
    let nobody = TcpListener::bind(ANY).await.unwrap();
    let silent = nobody.local_addr().unwrap();
    let mut handle = taker.transfers.want(by_torrent(&bytes, &[])).await.unwrap();
    taker
        .wait_until("waits for a source", |s| {
            s.transfers.iter().any(|t| t.wait.is_some_and(|wait| wait.code() == "waiting-no-source"))
        })
        .await;
    taker.transfers.add_peers(&handle.sha256(), vec![silent]).await.unwrap();
    taker.wait_until("tries", |s| s.transfers[0].phase == Phase::Fetching).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    taker.transfers.add_peers(&handle.sha256(), vec![address]).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), handle.outcome()).await.expect("in time").unwrap();
    assert!(taker.read(&handle.sha256()) == bytes);
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
}

#[tokio::test]
async fn a_server_that_dies_is_replaced_by_peers_and_the_other_way_round() {
    let bytes = content(4, 20_000_000);
    let (giver, address) = seeder(&bytes).await;
    let taker = Node::start().await;
    let dying = Server::start(&bytes, Manner::Dies(4_000_000)).await;
    let both = Want { origins: vec![dying.origin()], ..by_torrent(&bytes, &[address]) };
    assert!(outcome(&taker, both).await.unwrap() == bytes);
    taker.transfers.shutdown().await;

    // The peer goes away in the middle; the server has to be slower than it for that to happen.
    let taker = Node::start().await;
    giver.transfers.set_limits(RateLimits { down: None, up: Some(3_000_000), ..RateLimits::default() }).await;
    let slow = Server::start(&bytes, Manner::Slow(1_500_000)).await;
    let both = Want { origins: vec![slow.origin()], ..by_torrent(&bytes, &[address]) };
    let mut handle = taker.transfers.want(both).await.unwrap();
    taker
        .wait_until("both", |s| s.transfers.iter().any(|t| t.split.peers > 1_000_000 && t.split.servers > 0))
        .await;
    giver.transfers.shutdown().await;
    tokio::time::timeout(Duration::from_secs(30), handle.outcome()).await.expect("in time").unwrap();
    assert!(taker.read(&handle.sha256()) == bytes);
    taker.wait_until("done", |s| s.transfers[0].phase == Phase::Done).await;
    let split = taker.transfers.snapshot().borrow().transfers[0].split;
    assert_eq!(split.peers + split.servers, bytes.len() as u64, "no byte counted twice: {split:?}");
    taker.transfers.shutdown().await;
}

#[tokio::test]
async fn servers_and_peers_share_the_work_and_little_comes_twice() {
    let bytes = content(5, 20_000_000);
    let (giver, address) = seeder(&bytes).await;
    giver.transfers.set_limits(RateLimits { down: None, up: Some(6_000_000), ..RateLimits::default() }).await;
    let server = Server::start(&bytes, Manner::Slow(1_500_000)).await;
    let taker = Node::start().await;
    let both = Want { origins: vec![server.origin()], ..by_torrent(&bytes, &[address]) };
    assert!(outcome(&taker, both).await.unwrap() == bytes);
    taker.wait_until("done", |s| s.transfers[0].phase == Phase::Done).await;
    let split = taker.transfers.snapshot().borrow().transfers[0].split;
    assert!(split.peers > 2_000_000 && split.servers > 2_000_000, "{split:?}");
    giver.wait_until("counted", |s| s.sharing.seeds[0].uploaded >= split.peers).await;
    let sent =
        giver.transfers.snapshot().borrow().sharing.seeds[0].uploaded + server.sent.load(Ordering::Relaxed);
    let twice = sent - bytes.len() as u64;
    println!(
        "{split:?}, {twice} bytes came twice, {} of them from the server",
        server.sent.load(Ordering::Relaxed) - split.servers
    );
    // Where they meet, both have something under way; that does not grow with the archive.
    assert!(twice < 6_000_000, "{twice} bytes came twice");
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
}

#[tokio::test]
async fn a_download_passes_nothing_on_unless_it_was_given_to_seed() {
    let bytes = content(11, 12_000_000);
    let (giver, address) = seeder(&bytes).await;
    giver.transfers.set_limits(RateLimits { down: None, up: Some(2_000_000), ..RateLimits::default() }).await;
    // Shares, but not this archive.
    let taker = Node::start().await;
    let other_address =
        taker.transfers.set_sharing(SharingPolicy::On { listen: ANY }).await.unwrap().unwrap();
    let _taking = taker.transfers.want(by_torrent(&bytes, &[address])).await.unwrap();
    taker.wait_until("has something", |s| s.transfers.iter().any(|t| t.split.peers > 2_000_000)).await;
    let retry = muster_transfer::Backoff { attempts: 0, ..config().retry };
    let leech = Node::with(Config { retry, ..config() }).await;
    assert_eq!(outcome(&leech, by_torrent(&bytes, &[other_address])).await, Err("transfer-stalled"));
    let spec = SeedSpec { size: bytes.len() as u64, torrent: Some(torrent(&bytes)), trackers: Vec::new() };
    taker.transfers.seed(&sha256(&bytes), spec).await.unwrap();
    let other_leech = Node::start().await;
    assert!(outcome(&other_leech, by_torrent(&bytes, &[other_address])).await.unwrap() == bytes);
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown(), leech.transfers.shutdown());
    other_leech.transfers.shutdown().await;
}

#[tokio::test]
async fn a_restart_keeps_what_peers_gave() {
    let bytes = content(12, 12_000_000);
    let (giver, address) = seeder(&bytes).await;
    giver.transfers.set_limits(RateLimits { down: None, up: Some(2_000_000), ..RateLimits::default() }).await;
    let taker = Node::start().await;
    let handle = taker.transfers.want(by_torrent(&bytes, &[address])).await.unwrap();
    taker.wait_until("some", |s| s.transfers.iter().any(|t| t.done > 4_000_000)).await;
    let taker = taker.restart().await;
    drop(handle);
    giver.transfers.set_limits(RateLimits::default()).await;
    assert!(outcome(&taker, by_torrent(&bytes, &[address])).await.unwrap() == bytes);
    taker
        .wait_until("kept", |s| {
            s.transfers.iter().any(|t| t.split.here > 3_000_000 && t.phase == Phase::Done)
        })
        .await;
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
}

#[tokio::test]
async fn the_end_closes_every_connection_and_port_in_time() {
    let bytes = content(13, 12_000_000);
    let (giver, address) = seeder(&bytes).await;
    giver.transfers.set_limits(RateLimits { down: None, up: Some(1_000_000), ..RateLimits::default() }).await;
    let taker = Node::start().await;
    let mut handle = taker.transfers.want(by_torrent(&bytes, &[address])).await.unwrap();
    taker.wait_until("flows", |s| s.transfers.iter().any(|t| t.peers > 0 && t.split.peers > 0)).await;
    let started = Instant::now();
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
    assert!(started.elapsed() < Duration::from_secs(9), "{:?}", started.elapsed());
    assert_eq!(handle.outcome().await.unwrap_err().code(), "transfer-closed");
    assert!(!accepts(address).await);
}

/// Known by its hash alone, as the package of another service is.
pub fn by_hash(bytes: &[u8], peers: &[SocketAddr]) -> Want {
    Want { torrent: None, blocks: None, meets: Meets::ByHash, peers: peers.to_vec(), ..want(bytes) }
}

#[tokio::test]
async fn an_archive_known_by_its_hash_alone_is_met_there_and_fetched_from_peers() {
    let bytes = content(14, 5_000_001);
    let giver = Node::start().await;
    let name = giver.put(&bytes);
    let address = giver.transfers.set_sharing(SharingPolicy::On { listen: ANY }).await.unwrap().unwrap();
    giver
        .transfers
        .seed(&name, SeedSpec { size: bytes.len() as u64, torrent: None, trackers: Vec::new() })
        .await
        .unwrap();
    giver.wait_until("offered", |s| s.sharing.seeds.iter().any(|seed| seed.is_offered)).await;

    let taker = Node::start().await;
    let off = Server::start(&bytes, Manner::Status(503)).await;
    let with_its_origin_off = Want { origins: vec![off.origin()], ..by_hash(&bytes, &[address]) };
    assert!(outcome(&taker, with_its_origin_off).await.unwrap() == bytes);
    taker.wait_until("from peers", |s| s.transfers[0].split.peers == bytes.len() as u64).await;
    let without_leave = Node::start().await;
    let refused = Want { meets: Meets::No, ..by_hash(&bytes, &[address]) };
    let handle = without_leave.transfers.want(refused).await.unwrap();
    without_leave
        .wait_until("waits for a source", |s| {
            s.transfers.iter().any(|t| t.wait == Some(muster_transfer::queue::Wait::NoSource))
        })
        .await;
    drop(handle);
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown(), without_leave.transfers.shutdown());
}

#[tokio::test]
async fn connected_peers_can_be_seen_and_what_was_given_is_counted() {
    let bytes = content(17, 6_000_000);
    let (giver, address) = seeder(&bytes).await;
    giver.transfers.set_limits(RateLimits { up: Some(3_000_000), ..RateLimits::default() }).await;
    let taker = Node::start().await;
    let mut handle = taker.transfers.want(by_torrent(&bytes, &[address])).await.unwrap();
    taker.wait_until("flows", |s| s.transfers.iter().any(|t| t.split.peers > 1_000_000)).await;
    let (theirs, ours) = (taker.transfers.peers(), giver.transfers.peers());
    assert_eq!((theirs.len(), ours.len()), (1, 1));
    assert_eq!((theirs[0].address, theirs[0].via, theirs[0].is_seed), (address, Via::Named, true));
    assert!(
        theirs[0].serves_us && theirs[0].down > 0 && theirs[0].client.as_ref().unwrap().starts_with("Muster")
    );
    assert_eq!((ours[0].via, ours[0].is_served), (Via::Incoming, true));
    handle.outcome().await.unwrap();
    giver.wait_until("counted", |s| s.given == bytes.len() as u64 && s.connections == 0).await;
    assert!(giver.transfers.peers().is_empty());
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
}

#[tokio::test]
async fn nearby_gives_to_the_own_network() {
    let bytes = content(18, 500_000);
    let giver = Node::start().await;
    let name = giver.put(&bytes);
    let address = giver.transfers.set_sharing(SharingPolicy::Nearby { listen: ANY }).await.unwrap().unwrap();
    let spec = SeedSpec { size: bytes.len() as u64, torrent: Some(torrent(&bytes)), trackers: Vec::new() };
    giver.transfers.seed(&name, spec).await.unwrap();
    giver.wait_until("offered", |s| s.sharing.seeds.iter().any(|seed| seed.is_offered)).await;
    let taker = Node::start().await;
    assert!(outcome(&taker, by_torrent(&bytes, &[address])).await.unwrap() == bytes);
    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
}
