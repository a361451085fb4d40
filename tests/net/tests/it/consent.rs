//! S14, T-116: what left the machine, seen on its wire.
#![allow(clippy::unwrap_used)]

use std::{net::TcpStream, time::Duration};

use anyhow::Result;
use muster_net_lab::{
    Access, Capture, Event, Host, Node, NodeOptions,
    capture::{self, Depth, Kind},
    clients::PORT,
    node::Fetch,
    origin::{Fault, OriginServer},
    peer::{Manner, Peer},
};

use crate::support::{Consent, PATIENCE, Scene, program};

const MIB: u64 = 1 << 20;
/// Within this time the last byte has left.
const STOP: Duration = Duration::from_secs(1);

#[test]
fn without_consent_no_byte_of_a_file_leaves_also_while_it_is_fetched() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(8 * MIB)?;
    let mut peers = Vec::new();
    for (label, manner) in [("asks", Manner::Asks), ("demands", Manner::Demands)] {
        let host = scene.host(label, Access::mbit(20, 20))?;
        peers.push((Peer::start(&host, &scene.content, manner)?, host));
    }
    let player = scene.host("player", Access::mbit(20, 100))?;
    let other = scene.host("other", Access::mbit(20, 100))?;
    let capture = Capture::start(&player, Depth::Contents)?;
    let known: Vec<_> = peers.iter().map(|(peer, _)| peer.address).collect();
    let mut node = scene.fetcher(&player, scene.with_peers(known.clone()), Consent::Withheld)?;
    // Somebody else wants it from the player.
    let asker = scene.fetcher(&other, scene.with_peers([player.at(PORT)]), Consent::Withheld)?;
    scene.done(&mut node)?;
    node.listen_for(Duration::from_secs(1));

    let sent = capture.finish()?.from(player.address);
    assert_eq!(sent.given(), 0, "{:#?}", sent.spoken());
    assert!(sent.spoken().iter().any(|spoken| spoken.bytes > 1_000), "it was fetched under these eyes");
    assert_eq!(sent.datagrams().payload(), 0, "nothing is announced");
    let dialled: Vec<_> = sent.dialled().into_iter().map(std::net::SocketAddr::V4).collect();
    assert_eq!(dialled, known, "nobody else is asked");
    assert_eq!(asker.bytes_here(&scene.content.archive.sha256), 0);
    Ok(())
}

#[test]
fn with_consent_the_same_capture_sees_what_is_given() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(2 * MIB)?;
    let seed = scene.host("seed", Access::FAST)?;
    let peer = Peer::start(&seed, &scene.content, Manner::Honest)?;
    let player = scene.host("player", Access::FAST)?;
    let other = scene.host("other", Access::FAST)?;
    let capture = Capture::start(&player, Depth::Contents)?;
    let mut node = scene.fetcher(&player, scene.with_peers([peer.address]), Consent::Given)?;
    scene.done(&mut node)?;
    let mut asker = scene.fetcher(&other, scene.with_peers([player.at(PORT)]), Consent::Withheld)?;
    scene.done(&mut asker)?;
    let sent = capture.finish()?.from(player.address);
    assert!(sent.given() >= scene.content.archive.size, "{:#?}", sent.spoken());
    Ok(())
}

#[test]
fn an_idle_program_without_consent_says_nothing_and_listens_nowhere() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(MIB)?;
    let player = scene.host("player", Access::FAST)?;
    let capture = Capture::start(&player, Depth::Contents)?;
    let options = NodeOptions { seeds: vec![scene.content.file.clone()], ..NodeOptions::default() };
    let mut node = Node::start(program(), &player, scene.place.path(), &options)?;
    node.listen_for(Duration::from_secs(3));
    let sockets = String::from_utf8(player.space.command("ss").args(["-Hlntu"]).output()?.stdout)?;
    assert_eq!(sockets, "");
    // The system itself tells of the groups it is in (IGMP), about the interface, not for a program.
    let seen = capture.finish()?.filter(|packet| packet.kind != Kind::Other(2));
    assert_eq!(seen.0, []);
    Ok(())
}

/// A node that gives a file away slowly enough to be interrupted, somebody who takes it, and their machines.
struct Giving {
    scene: Scene,
    giver: (Host, Node),
    taker: (Host, Node),
}

fn giving() -> Result<Giving> {
    let scene = Scene::new(16 * MIB)?;
    let host = scene.host("giver", Access::mbit(20, 100))?;
    let node = scene.seeder(&host)?;
    let other = scene.host("taker", Access::FAST)?;
    let mut taker = scene.fetcher(&other, scene.with_peers([host.at(PORT)]), Consent::Withheld)?;
    taker.reaches(&scene.content.archive.sha256, MIB, PATIENCE)?;
    Ok(Giving { scene, giver: (host, node), taker: (other, taker) })
}

#[test]
fn when_consent_is_taken_back_the_last_byte_leaves_within_a_second() -> Result<()> {
    needs_lab!();
    let Giving { scene, giver: (host, mut giver), taker: (other, taker) } = giving()?;
    let capture = Capture::start(&host, Depth::Headers)?;
    let asked = capture::now();
    giver.order("share off")?;
    giver.listen_for(2 * STOP);
    let sent = capture.finish()?.from(host.address);
    assert_eq!(sent.after(asked + STOP).payload(), 0);
    assert!(taker.bytes_here(&scene.content.archive.sha256) < scene.content.archive.size);
    let to = host.at(PORT);
    assert!(other.space.enter(|| TcpStream::connect_timeout(&to, STOP))?.is_err(), "nobody is let in");
    Ok(())
}

#[test]
fn a_pause_stops_what_is_given_within_a_second_and_what_was_agreed_goes_on_afterwards() -> Result<()> {
    needs_lab!();
    let Giving { scene, giver: (host, mut giver), taker: (_other, mut taker) } = giving()?;
    let capture = Capture::start(&host, Depth::Headers)?;
    let asked = capture::now();
    giver.order("pause")?;
    giver.listen_for(2 * STOP);
    let sent = capture.finish()?.from(host.address);
    assert_eq!(sent.after(asked + STOP).payload(), 0);
    giver.order("resume")?;
    giver.until(PATIENCE, |event| matches!(event, Event::Sharing { listen: Some(_), .. }))?;
    taker.order(&format!("peers {} {}", scene.content.archive.sha256, host.at(PORT)))?;
    scene.done(&mut taker)?;
    Ok(())
}

#[test]
fn a_pause_stops_what_is_fetched_from_everybody_within_a_second() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(16 * MIB)?;
    let web = scene.host("web", Access::mbit(10, 10))?;
    let server = OriginServer::start(&web, &scene.content, Fault::Nothing, None)?;
    let seed = scene.host("seed", Access::mbit(10, 10))?;
    let peer = Peer::start(&seed, &scene.content, Manner::Honest)?;
    let player = scene.host("player", Access::FAST)?;
    let fetch = Fetch { origins: vec![server.url()?], ..scene.with_peers([peer.address]) };
    let sha256 = fetch.sha256;
    let capture = Capture::start(&player, Depth::Headers)?;
    let mut node = scene.fetcher(&player, fetch, Consent::Given)?;
    node.reaches(&sha256, MIB, PATIENCE)?;
    let asked = capture::now();
    node.order("pause")?;
    node.listen_for(2 * STOP);
    assert_eq!(capture.so_far().after(asked + STOP).payload(), 0);
    node.order("resume")?;
    scene.done(&mut node)?;
    let (size, came) = (scene.content.archive.size, capture.finish()?.to(player.address).payload());
    assert!(came <= size + size / 5, "a pause costs little: {came} of {size}");
    Ok(())
}
