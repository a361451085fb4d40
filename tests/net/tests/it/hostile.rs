//! T-110…T-115: torrents, peers and floods that want to do harm.
#![allow(clippy::unwrap_used)]

use std::{
    net::SocketAddr,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use anyhow::Result;
use muster_net_lab::{
    Access, Capture, Content, Host,
    capture::{Depth, Kind},
    clients::PORT,
    content::info_hash,
    node::{End, Fetch},
    origin::{Fault, OriginServer},
    peer::{Attack, Flood, GOSSIP, Manner, Peer},
};

use crate::support::{Consent, PATIENCE, Scene};

const MIB: u64 = 1 << 20;
/// A program that is attacked may use this much more than one that is not.
const ROOM: u64 = 64 << 20;

/// The scene's content under its own name, with a torrent of other bytes whose pieces all fit.
fn forged(scene: &Scene) -> Result<Content> {
    let other = Content::make(&scene.place.path().join("other"), scene.content.archive.size, 77)?;
    let (name, real) = (other.archive.sha256.to_string(), scene.content.archive.sha256.to_string());
    let mut torrent = other.torrent.clone();
    let at = torrent.windows(name.len()).position(|part| part == name.as_bytes()).unwrap();
    torrent[at..at + name.len()].copy_from_slice(real.as_bytes());
    Ok(Content { info_hash: info_hash(&torrent).unwrap(), torrent, ..other })
}

fn write(scene: &Scene, torrent: &[u8]) -> Result<std::path::PathBuf> {
    let file = scene.place.path().join("forged.torrent");
    muster_fsx::write_atomic(&file, torrent)?;
    Ok(file)
}

#[test]
fn peers_whose_pieces_fit_a_forged_torrent_never_pass_for_the_file() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(6 * MIB)?;
    let forged = forged(&scene)?;
    let torrent = write(&scene, &forged.torrent)?;
    let host = scene.host("forger", Access::mbit(50, 50))?;
    let peer = Peer::start(&host, &forged, Manner::Honest)?;
    let player = scene.host("player", Access::mbit(50, 50))?;
    let from_forger = Fetch { torrent: Some(torrent), blocks: None, ..scene.with_peers([peer.address]) };
    let mut node = scene.fetcher(&player, from_forger.clone(), Consent::Given)?;
    let end = node.end_of(&scene.content.archive.sha256, PATIENCE)?;
    assert!(matches!(&end, End::Failed { code, .. } if code == "transfer-wrong-bytes"), "{end:?}");
    drop(node);

    let web = scene.host("web", Access::mbit(50, 50))?;
    let server = OriginServer::start(&web, &scene.content, Fault::Nothing, None)?;
    let other = scene.host("other", Access::mbit(50, 50))?;
    let with_server = Fetch { origins: vec![server.url()?], ..from_forger };
    let mut node = scene.fetcher(&other, with_server, Consent::Withheld)?;
    scene.done(&mut node)?;
    Ok(())
}

#[test]
fn a_torrent_that_describes_something_else_is_left_out() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(MIB)?;
    let web = scene.host("web", Access::FAST)?;
    let server = OriginServer::start(&web, &scene.content, Fault::Nothing, None)?;
    let player = scene.host("player", Access::FAST)?;
    let bad: [&[u8]; 4] = [
        b"d4:infod6:lengthi1048576e4:name10:../../evil12:piece lengthi65536e6:pieces0:ee",
        b"d4:infod6:lengthi1048576e4:name1:a12:piece lengthi0e6:pieces20:01234567890123456789ee",
        b"d4:infod6:lengthi1048576e4:name1:a12:piece lengthi2147483648e6:pieces20:01234567890123456789ee",
        b"d4:infod5:filesld6:lengthi1e4:pathl2:..1:aeee4:name1:a12:piece lengthi65536e6:pieces0:ee",
    ];
    for torrent in bad {
        let torrent = Some(write(&scene, torrent)?);
        let alone = Fetch { torrent: torrent.clone(), may_share: false, ..Fetch::of(&scene.content) };
        let mut node = scene.fetcher(
            &player,
            Fetch { origins: vec![server.url()?], ..alone.clone() },
            Consent::Withheld,
        )?;
        assert_eq!(scene.done(&mut node)?.peers, 0);
        drop(node);
        let mut node = scene.fetcher(&player, scene.with_peers([]), Consent::Withheld)?;
        let refused = node.fetch(&Fetch { sha256: muster_domain::Sha256([3; 32]), ..alone });
        assert!(refused.unwrap_err().to_string().contains("torrent"));
    }
    Ok(())
}

#[test]
fn peers_that_send_us_to_inner_addresses_are_not_followed() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(4 * MIB)?;
    let host = scene.host("gossip", Access::mbit(20, 20))?;
    let peer = Peer::start(&host, &scene.content, Manner::Gossips)?;
    let player = scene.host("player", Access::mbit(20, 100))?;
    let (wire, inner) =
        (Capture::start(&player, Depth::Headers)?, Capture::start_on(&player, "lo", Depth::Headers)?);
    let mut node = scene.fetcher(&player, scene.with_peers([peer.address]), Consent::Withheld)?;
    scene.done(&mut node)?;
    node.listen_for(Duration::from_secs(2));
    for tally in [wire.finish()?, inner.finish()?] {
        let dialled = tally.dialled();
        assert!(GOSSIP.iter().all(|address| !dialled.contains(address)), "{dialled:?}");
    }
    Ok(())
}

/// So many more addresses of a host.
fn crowd(host: &Host, count: u8) -> Result<Vec<SocketAddr>> {
    (1..=count)
        .map(|number| {
            host.space.ip(&format!("addr add 11.7.9.{number}/32 dev eth0"))?;
            Ok(SocketAddr::new([11, 7, 9, number].into(), PORT))
        })
        .collect()
}

#[test]
fn two_hundred_peers_that_give_nothing_do_not_keep_a_file_from_arriving() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(8 * MIB)?;
    let host = scene.host("crowd", Access::FAST)?;
    let addresses = crowd(&host, 200)?;
    let peers = Peer::start(&host, &scene.content, Manner::Chokes)?;
    let web = scene.host("web", Access::mbit(20, 20))?;
    let server = OriginServer::start(&web, &scene.content, Fault::Nothing, None)?;
    let player = scene.host("player", Access::mbit(20, 100))?;
    let fetch = Fetch { origins: vec![server.url()?], ..scene.with_peers(addresses) };
    let capture = Capture::start(&player, Depth::Headers)?;
    let mut node = scene.fetcher(&player, fetch, Consent::Given)?;
    let mut most = 0;
    while node.peek_end(&scene.content.archive.sha256).is_none() {
        most = most.max(node.program.descriptors()?);
        node.listen_for(Duration::from_millis(50));
    }
    scene.done(&mut node)?;
    let (taken, memory) = (peers.deeds.connections.load(Ordering::Relaxed), node.program.peak_memory()?);
    let dials = capture.finish()?.filter(|packet| {
        packet.to.port() == PORT && matches!(packet.kind, Kind::Tcp { is_opening: true, .. })
    });
    let busiest = dials.0.iter().map(|dial| dials.within(dial.at, Duration::from_secs(1)).len()).max();
    println!(
        "{taken} connections in all, {busiest:?} in the busiest second, {most} descriptors at most, {} MB",
        memory >> 20
    );
    assert!(busiest.unwrap_or(0) <= 9, "{busiest:?} dials in a second make routers fall over");
    assert!(most <= 120, "{most} descriptors");
    assert!(memory <= 2 * ROOM, "{memory} bytes");
    Ok(())
}

#[test]
fn attackers_are_cut_off_and_honest_players_are_served_meanwhile() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(8 * MIB)?;
    let host = scene.host("victim", Access::mbit(50, 100))?;
    let mut victim = scene.seeder(&host)?;
    let before = victim.program.memory()?;
    let attackers = scene.host("attackers", Access::FAST)?;
    let info_hash = scene.content.info_hash;
    let floods: Vec<(Attack, Flood)> = Attack::ALL
        .iter()
        .map(|attack| Ok((*attack, Flood::start(&attackers, host.at(PORT), info_hash, (*attack, 5))?)))
        .collect::<Result<_>>()?;
    let other = scene.host("player", Access::mbit(50, 100))?;
    let mut player = scene.fetcher(&other, scene.with_peers([host.at(PORT)]), Consent::Withheld)?;
    let (mut most, began) = (0, Instant::now());
    while player.peek_end(&scene.content.archive.sha256).is_none() {
        most = most.max(victim.program.descriptors()?);
        player.listen_for(Duration::from_millis(100));
    }
    scene.done(&mut player)?;
    for (attack, flood) in &floods {
        let of = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
        println!(
            "{attack:?}: {} taken, {} closed, {} refused",
            of(&flood.toll.taken),
            of(&flood.toll.closed),
            of(&flood.toll.refused)
        );
    }
    victim.listen_for(Duration::from_millis(500));
    let memory = victim.program.peak_memory()?;
    println!(
        "served in {:.1?}; {most} descriptors at most, {} MB before, {} MB at most",
        began.elapsed(),
        before >> 20,
        memory >> 20,
    );
    assert!(victim.program.is_running());
    assert!(most <= 300, "{most} descriptors");
    assert!(memory <= before + ROOM, "{memory} bytes, {before} before");
    Ok(())
}

#[test]
fn a_peer_with_impossible_metadata_does_no_harm() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(2 * MIB)?;
    let good = scene.host("good", Access::mbit(20, 20))?;
    let honest = Peer::start(&good, &scene.content, Manner::Honest)?;
    for size in [0, 1, 2_147_483_648, u32::MAX] {
        let bad = scene.host("bad", Access::mbit(20, 20))?;
        let peer = Peer::start(&bad, &scene.content, Manner::Metadata(size))?;
        let player = scene.host("player", Access::mbit(50, 50))?;
        let fetch = scene.with_peers([peer.address, honest.address]);
        let mut node = scene.fetcher(&player, fetch, Consent::Withheld)?;
        scene.done(&mut node)?;
        assert!(peer.deeds.connections.load(Ordering::Relaxed) > 0, "it was met");
        assert!(node.program.peak_memory()? <= 2 * ROOM);
    }
    Ok(())
}
