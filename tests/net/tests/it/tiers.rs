//! S12: what is urgent goes first.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use anyhow::Result;
use muster_domain::Tier;
use muster_net_lab::{
    Access, Capture, Content, Line, Tally, capture,
    capture::{Depth, Packet},
    node::Fetch,
    origin::{Fault, OriginServer},
};

use crate::support::{Consent, PATIENCE, Scene};

const MIB: u64 = 1 << 20;
/// In which it is looked who has the line.
const WINDOW: Duration = Duration::from_millis(250);

/// Share of all bytes in a window that came from one address.
fn share(tally: &Tally, from: std::net::Ipv4Addr, begin: Duration) -> f64 {
    let sum = |packets: &mut dyn Iterator<Item = &Packet>| packets.map(|packet| packet.payload).sum::<u64>();
    let inside = tally.within(begin, WINDOW);
    let all = sum(&mut inside.iter());
    sum(&mut inside.iter().filter(|packet| *packet.from.ip() == from)) as f64 / all.max(1) as f64
}

#[test]
fn a_lobby_takes_the_line_from_what_can_wait() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(16 * MIB)?;
    let urgent = Content::make(&scene.place.path().join("urgent"), 8 * MIB, 2)?;
    let (host, other) = (scene.host("web", Access::FAST)?, scene.host("lobby", Access::FAST)?);
    let waiting_server = OriginServer::start(&host, &scene.content, Fault::Nothing, None)?;
    let urgent_server = OriginServer::start(&other, &urgent, Fault::Nothing, None)?;
    // The line into the house is what everything has to go through.
    let line = Line::mbit(20);
    let player = scene.host("player", Access { up: None, down: Some(line) })?;
    let background = Fetch {
        tier: Tier::Background,
        torrent: None,
        origins: vec![waiting_server.url()?],
        ..Fetch::of(&scene.content)
    };
    let mut node = scene.fetcher(&player, background, Consent::Withheld)?;
    node.reaches(&scene.content.archive.sha256, MIB, PATIENCE)?;

    let capture = Capture::start(&player, Depth::Headers)?;
    let asked = capture::now();
    let fetch = Fetch {
        tier: Tier::LobbyUrgent,
        torrent: None,
        origins: vec![urgent_server.url()?],
        ..Fetch::of(&urgent)
    };
    node.fetch(&fetch)?;
    node.done(&urgent.archive.sha256, PATIENCE)?;
    scene.done(&mut node)?;

    let came = capture.finish()?.to(player.address);
    let steps = (0..200).map(|step| asked + Duration::from_millis(50) * step);
    let first = steps.clone().find(|begin| share(&came, other.address, *begin) >= 0.95);
    let after = first.map(|begin| begin + WINDOW - asked);
    println!("95 % of the line after {after:?}");
    assert!(after.is_some_and(|after| after <= Duration::from_secs(1)), "{after:?}");
    let urgent_packets = came.from(other.address);
    let (begin, end) = (first.unwrap(), urgent_packets.0.last().unwrap().at);
    let during = came.filter(|packet| packet.at >= begin && packet.at <= end);
    let beside = during.from(host.address).payload() as f64 / during.payload() as f64;
    assert!(beside <= 0.05, "{beside} of the line went to what can wait");
    Ok(())
}
