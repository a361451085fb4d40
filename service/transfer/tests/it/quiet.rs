//! Without sharing nothing listens, and after the end nothing is left (T-116). Alone in its process: it looks at every
//! socket and thread of it.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    time::{Duration, Instant},
};

use muster_transfer::{RateLimits, SeedSpec, SharingPolicy, Want};

use crate::support::{Node, content, torrent, want};

#[derive(Debug, Default, PartialEq, Eq)]
struct Sockets {
    listening: usize,
    connected: usize,
    udp: usize,
}

/// The IP sockets of this process, from the kernel's own tables.
fn sockets() -> Sockets {
    let links =
        fs::read_dir("/proc/self/fd").unwrap().flatten().filter_map(|fd| fs::read_link(fd.path()).ok());
    let own: BTreeSet<String> = links
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let mut sockets = Sockets::default();
    for table in ["tcp", "tcp6", "udp", "udp6"] {
        let rows = fs::read_to_string(format!("/proc/self/net/{table}")).unwrap_or_default();
        for row in rows.lines().skip(1) {
            let columns: Vec<&str> = row.split_whitespace().collect();
            match (own.contains(columns[9]), table.starts_with("udp"), columns[3]) {
                (false, ..) => {}
                (_, true, _) => sockets.udp += 1,
                (_, _, "0A") => sockets.listening += 1,
                _ => sockets.connected += 1,
            }
        }
    }
    sockets
}

#[tokio::test]
async fn only_sharing_listens_and_the_end_leaves_nothing() {
    let bytes = content(1, 8_000_000);
    let giver = Node::start().await;
    let taker = Node::start().await;
    assert_eq!(sockets(), Sockets::default(), "starting opens no socket");

    let name = giver.put(&bytes);
    let spec = SeedSpec { size: bytes.len() as u64, torrent: Some(torrent(&bytes)), trackers: Vec::new() };
    giver.transfers.seed(&name, spec).await.unwrap();
    giver.wait_until("known", |s| s.sharing.seeds.len() == 1).await;
    assert_eq!(sockets(), Sockets::default(), "seeds without sharing open no socket");

    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let address = giver.transfers.set_sharing(SharingPolicy::On { listen: any }).await.unwrap().unwrap();
    giver.wait_until("offered", |s| s.sharing.seeds[0].is_offered).await;
    assert_eq!(sockets(), Sockets { listening: 1, connected: 0, udp: 0 }, "one port, no discovery");

    giver.transfers.set_limits(RateLimits { down: None, up: Some(1_000_000), ..RateLimits::default() }).await;
    let wanted = Want { torrent: Some(torrent(&bytes)), peers: vec![address], ..want(&bytes) };
    let handle = taker.transfers.want(wanted).await.unwrap();
    taker.wait_until("flows", |s| s.transfers.iter().any(|t| t.split.peers > 0)).await;
    let during = sockets();
    assert_eq!((during.listening, during.udp), (1, 0), "a download listens nowhere");
    assert!(during.connected >= 2);

    let paused_at = Instant::now();
    taker.transfers.pause(&name).await.unwrap();
    while sockets().connected > 0 {
        assert!(paused_at.elapsed() < Duration::from_secs(3), "{:?}", sockets());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("a pause cut every connection in {:?}", paused_at.elapsed());
    taker.transfers.resume(&name).await.unwrap();
    taker.wait_until("flows again", |s| s.transfers.iter().any(|t| t.peers > 0)).await;
    giver.transfers.set_sharing(SharingPolicy::Off).await.unwrap();
    assert_eq!(sockets().listening, 0);

    tokio::join!(giver.transfers.shutdown(), taker.transfers.shutdown());
    drop(handle);
    assert_eq!(sockets(), Sockets::default());
}
