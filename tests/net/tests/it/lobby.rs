//! S6–S9: hosts that leave, peers that lie or dawdle, players behind routers.
#![allow(clippy::unwrap_used)]

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use anyhow::Result;
use muster_domain::Tier;
use muster_net_lab::{
    Access, Capture, Host, Lab, Node, NodeOptions, Realm,
    capture::Depth,
    clients::PORT,
    node::Fetch,
    origin::{Fault, OriginServer},
    peer::{Manner, Peer},
};

use crate::support::{Consent, PATIENCE, Scene, program};

const MIB: u64 = 1 << 20;

/// Every player knows all the others and the host.
fn players(
    scene: &Scene,
    count: usize,
    fetch: impl Fn(Fetch) -> Fetch,
    host: &Host,
) -> Result<Vec<(Host, Node)>> {
    let places: Vec<Host> = (1..=count)
        .map(|number| scene.host(&format!("player{number}"), Access::mbit(20, 100)))
        .collect::<Result<_>>()?;
    let addresses: Vec<_> = places.iter().chain([host]).map(|place| place.at(PORT)).collect();
    let mut players = Vec::new();
    for place in places {
        let others = addresses.iter().copied().filter(|address| address.ip() != place.address);
        let node = scene.fetcher(&place, fetch(scene.with_peers(others)), Consent::Given)?;
        players.push((place, node));
    }
    Ok(players)
}

#[test]
fn when_the_host_leaves_half_way_a_server_gives_only_what_is_missing() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(8 * MIB)?;
    let size = scene.content.archive.size;
    let host = scene.host("host", Access::mbit(20, 100))?;
    let mut seed = scene.seeder(&host)?;
    let web = scene.host("web", Access::mbit(50, 50))?;
    let server = OriginServer::start(&web, &scene.content, Fault::Nothing, None)?;
    let url = server.url()?;
    // What can wait gives peers a head start; so the host is what everybody takes from.
    let in_background = |fetch: Fetch| Fetch { tier: Tier::Background, origins: vec![url.clone()], ..fetch };
    let mut players = players(&scene, 3, in_background, &host)?;
    let sha256 = scene.content.archive.sha256;
    for (_, node) in &mut players {
        node.reaches(&sha256, size / 2, PATIENCE)?;
    }
    seed.program.kill();
    let here: u64 = players
        .iter_mut()
        .map(|(_, node)| {
            node.listen_for(Duration::from_millis(300));
            node.bytes_here(&sha256)
        })
        .sum();
    let missing = 3 * size - here;
    let mut from_peers = 0;
    for (_, node) in &mut players {
        let split = scene.done(node)?;
        from_peers += split.peers;
    }
    println!(
        "missing when the host left: {:.2} files; from the server {:.2} files, from peers {:.2} files",
        missing as f64 / size as f64,
        server.sent() as f64 / size as f64,
        from_peers as f64 / size as f64,
    );
    // Nothing that somebody had is fetched again; some blocks were on their way, some come from two sides at once.
    assert!(server.sent() <= missing + size / 5, "{} of {missing} missing", server.sent());
    Ok(())
}

/// A player with two honest peers and one that is not; returns bytes that came over its wire, and the bad peer's deeds.
fn with_a_bad_peer(manner: Manner) -> Result<(f64, std::sync::Arc<muster_net_lab::peer::Deeds>)> {
    let scene = Scene::new(8 * MIB)?;
    let mut peers = Vec::new();
    for (label, manner) in [("good1", Manner::Honest), ("good2", Manner::Honest), ("bad", manner)] {
        let host = scene.host(label, Access::mbit(20, 100))?;
        peers.push((Peer::start(&host, &scene.content, manner)?, host));
    }
    let player = scene.host("player", Access::mbit(20, 100))?;
    let capture = Capture::start(&player, Depth::Headers)?;
    let fetch = scene.with_peers(peers.iter().map(|(peer, _)| peer.address));
    let mut node = scene.fetcher(&player, fetch, Consent::Withheld)?;
    scene.done(&mut node)?;
    let came = capture.finish()?.to(player.address).payload();
    let deeds = peers[2].0.deeds.clone();
    let copies = came as f64 / scene.content.archive.size as f64;
    println!(
        "{manner:?}: {copies:.3} files came; of the bad peer {} connections, {} bytes, {} of them wrong",
        deeds.connections.load(Ordering::Relaxed),
        deeds.given.load(Ordering::Relaxed),
        deeds.wrong.load(Ordering::Relaxed),
    );
    Ok((copies, deeds))
}

#[test]
fn a_peer_that_sends_noise_costs_little_and_is_left() -> Result<()> {
    needs_lab!();
    let (copies, deeds) = with_a_bad_peer(Manner::Garbage)?;
    assert!(deeds.wrong.load(Ordering::Relaxed) > 0, "it was asked");
    assert!(copies <= 1.1, "{copies} files for one");
    assert!(deeds.connections.load(Ordering::Relaxed) <= 2, "once banned, nobody comes back");
    Ok(())
}

#[test]
fn a_peer_that_flips_one_bit_of_every_piece_costs_little_and_is_left() -> Result<()> {
    needs_lab!();
    let (copies, deeds) = with_a_bad_peer(Manner::OneBitPerPiece)?;
    assert!(deeds.wrong.load(Ordering::Relaxed) > 0, "it was asked");
    assert!(copies <= 1.1, "{copies} files for one");
    Ok(())
}

#[test]
fn a_peer_that_sends_right_bytes_under_the_wrong_index_costs_little_and_is_left() -> Result<()> {
    needs_lab!();
    let (copies, deeds) = with_a_bad_peer(Manner::WrongIndex)?;
    assert!(deeds.wrong.load(Ordering::Relaxed) > 0, "it was asked");
    assert!(copies <= 1.1, "{copies} files for one");
    Ok(())
}

/// Seconds until a player has the content from an honest peer and others.
fn time_with(manners: &[Manner]) -> Result<f64> {
    let scene = Scene::new(16 * MIB)?;
    let mut peers = Vec::new();
    for (number, manner) in [Manner::Honest].iter().chain(manners).enumerate() {
        let host = scene.host(&format!("peer{number}"), Access::mbit(20, 100))?;
        peers.push((Peer::start(&host, &scene.content, *manner)?, host));
    }
    let player = scene.host("player", Access::mbit(20, 100))?;
    let began = Instant::now();
    let fetch = scene.with_peers(peers.iter().map(|(peer, _)| peer.address));
    let mut node = scene.fetcher(&player, fetch, Consent::Withheld)?;
    scene.done(&mut node)?;
    Ok(began.elapsed().as_secs_f64())
}

#[test]
fn a_slow_peer_and_one_that_stalls_do_not_hold_up_the_others() -> Result<()> {
    needs_lab!();
    let alone = time_with(&[])?;
    let held_up = time_with(&[Manner::Slow(62_500), Manner::Stalls(3)])?;
    println!("{alone:.1} s alone, {held_up:.1} s with both: {:.2}", held_up / alone);
    assert!(held_up <= alone * 1.25, "{held_up} s instead of {alone} s");
    Ok(())
}

#[test]
fn players_behind_routers_get_it_from_those_who_can_be_reached() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(4 * MIB)?;
    let host = scene.host("host", Access::mbit(20, 100))?;
    let _seed = scene.seeder(&host)?;
    let mut hidden = Vec::new();
    for label in ["hidden1", "hidden2"] {
        hidden.push(scene.lab.host_behind_router(label, Access::mbit(20, 100))?);
    }
    let mut nodes = players(&scene, 2, |fetch| fetch, &host)?;
    for (place, _router) in &hidden {
        // They know everybody, also those who can not be reached.
        let everybody =
            hidden.iter().map(|(other, _)| other).chain(nodes.iter().map(|(other, _)| other)).chain([&host]);
        let others = everybody.filter(|other| other.address != place.address).map(|other| other.at(PORT));
        let node = scene.fetcher(place, scene.with_peers(others), Consent::Withheld)?;
        nodes.push((scene.host("unused", Access::FAST)?, node));
    }
    for (_, node) in &mut nodes {
        scene.done(node)?;
    }
    Ok(())
}

#[test]
fn when_nobody_can_be_reached_the_server_gives_it_all() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(6 * MIB)?;
    let web = scene.host("web", Access::mbit(50, 50))?;
    let server = OriginServer::start(&web, &scene.content, Fault::Nothing, None)?;
    let mut hidden = Vec::new();
    for label in ["hidden1", "hidden2"] {
        hidden.push(scene.lab.host_behind_router(label, Access::mbit(20, 100))?);
    }
    let mut nodes = Vec::new();
    for (place, _router) in &hidden {
        let others =
            hidden.iter().map(|(other, _)| other.at(PORT)).filter(|other| other.ip() != place.address);
        let fetch = Fetch { origins: vec![server.url()?], ..scene.with_peers(others) };
        nodes.push(scene.fetcher(place, fetch, Consent::Withheld)?);
    }
    for node in &mut nodes {
        let split = scene.done(node)?;
        assert_eq!(split.peers, 0);
    }
    Ok(())
}

#[test]
fn neighbours_find_each_other_and_nobody_is_told_who_does_not_look() -> Result<()> {
    needs_lab!();
    let scene = Scene { lab: Lab::new(Realm::Home)?, ..Scene::new(2 * MIB)? };
    let (one, other) = (scene.host("one", Access::FAST)?, scene.host("other", Access::FAST)?);
    let options = NodeOptions {
        listen: Some(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), PORT)),
        seeds: vec![scene.content.file.clone()],
        ..NodeOptions::default()
    };
    let mut seed = Node::start(program(), &one, scene.place.path(), &options)?;
    let mut node = scene.fetcher(&other, scene.with_peers([]), Consent::Withheld)?;
    let capture = Capture::start(&one, Depth::Headers)?;
    seed.listen_for(Duration::from_secs(1));
    assert_eq!(capture.finish()?.datagrams().0, [], "nobody looks, so nobody says anything");
    seed.order("find lan")?;
    node.order("find lan")?;
    assert_eq!(scene.done(&mut node)?.peers, scene.content.archive.size);
    Ok(())
}
