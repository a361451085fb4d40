//! T-114: everybody whom a player can find is the same liar.
#![allow(clippy::unwrap_used)]

use std::{
    net::{SocketAddr, SocketAddrV4},
    sync::atomic::Ordering,
    time::Duration,
};

use anyhow::Result;
use muster_domain::Tier;
use muster_net_lab::{
    Access, Capture, Host, Node, NodeOptions,
    capture::{Depth, Kind},
    clients::PORT,
    dht::Sybils,
    node::Fetch,
    origin::{Fault, OriginServer},
    peer::{Manner, Peer},
};

use crate::support::{Scene, program};

const MIB: u64 = 1 << 20;
const LIARS: u8 = 200;
/// What waits in the background gives peers up to a minute before it asks a server; small files it asks at once.
const PATIENCE: Duration = Duration::from_secs(120);
/// Questions of one walk through the DHT, and of its announcement.
const WALK: usize = 110;
/// Walks until the file is here.
const WALKS: usize = 12;

/// So many more addresses of a host.
fn crowd(host: &Host) -> Result<Vec<SocketAddrV4>> {
    (1..=LIARS)
        .map(|number| {
            host.space.ip(&format!("addr add 11.7.9.{number}/32 dev eth0"))?;
            Ok(SocketAddrV4::new([11, 7, 9, number].into(), PORT))
        })
        .collect()
}

#[test]
fn a_file_arrives_although_every_node_and_every_peer_is_one_liar() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(8 * MIB)?;
    let host = scene.host("liar", Access::FAST)?;
    let liars = crowd(&host)?;
    let (nodes, peers) = (Sybils::start(&host, &liars)?, Peer::start(&host, &scene.content, Manner::Chokes)?);
    let web = scene.host("web", Access::mbit(20, 20))?;
    let server = OriginServer::start(&web, &scene.content, Fault::Nothing, None)?;
    let player = scene.host("player", Access::mbit(20, 100))?;
    let wire = Capture::start(&player, Depth::Headers)?;
    let dht = liars.iter().take(4).map(|address| SocketAddr::V4(*address)).collect();
    let options = NodeOptions { listen: Some(player.at(PORT)), dht, ..NodeOptions::default() };
    let mut node = Node::start(program(), &player, scene.place.path(), &options)?;
    node.order("find dht")?;
    let fetch = Fetch { tier: Tier::Background, origins: vec![server.url()?], ..Fetch::of(&scene.content) };
    node.fetch(&fetch)?;
    let mut most = 0;
    while node.peek_end(&scene.content.archive.sha256).is_none() {
        most = most.max(node.program.descriptors()?);
        node.listen_for(Duration::from_millis(50));
    }
    let split = node.done(&scene.content.archive.sha256, PATIENCE)?;
    let (memory, sent) = (node.program.peak_memory()?, wire.finish()?.from(player.address));
    let questions = sent.datagrams().0.len();
    let dials = sent.filter(|packet| matches!(packet.kind, Kind::Tcp { is_opening: true, .. })).0.len();
    println!(
        "{questions} questions, {} answered, {dials} dials, {} connections, {most} descriptors, {} MB",
        nodes.asked.load(Ordering::Relaxed),
        peers.deeds.connections.load(Ordering::Relaxed),
        memory >> 20
    );
    assert!(nodes.asked.load(Ordering::Relaxed) > 0, "nobody was fooled");
    assert!(peers.deeds.connections.load(Ordering::Relaxed) > 0, "nobody was met");
    assert_eq!((split.peers, split.servers), (0, 8 * MIB));
    assert!(questions <= WALKS * WALK, "{questions} datagrams");
    assert!(most <= 120, "{most} descriptors");
    assert!(memory <= 128 * MIB, "{memory} bytes");
    Ok(())
}
