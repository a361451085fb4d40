//! Long lines: a transfer fills them although every answer takes its time, and survives what gets lost.
#![allow(clippy::unwrap_used)]

use std::{net::Ipv4Addr, time::Instant};

use anyhow::Result;
use muster_net_lab::{
    DelayLine, Host, Namespace, Stretch,
    delay::Ends,
    node::Fetch,
    origin::{Fault, OriginServer},
    peer::{Manner, Peer},
};

use crate::support::{Consent, Scene};

const MIB: u64 = 1 << 20;
const ENDS: Ends = Ends { left: Ipv4Addr::new(11, 8, 0, 1), right: Ipv4Addr::new(11, 8, 0, 2) };

/// Two machines with a long line between them.
fn far_apart(stretch: Stretch) -> Result<(Host, Host, DelayLine)> {
    let (left, right) = (Namespace::new("far")?, Namespace::new("home")?);
    let line = DelayLine::connect((&left, &right), "far0", ENDS, (stretch, stretch))?;
    Ok((Host::outside(left, ENDS.left), Host::outside(right, ENDS.right), line))
}

/// Share of the line that a transfer used, its beginning and its end included.
fn share_of(stretch: Stretch, size: u64) -> Result<f64> {
    let scene = Scene::new(size)?;
    let (far, home, line) = far_apart(stretch)?;
    let peer = Peer::start(&far, &scene.content, Manner::Honest)?;
    let mut node = scene.fetcher(&home, scene.with_peers([]), Consent::Withheld)?;
    let began = Instant::now();
    node.order(&format!("peers {} {}", scene.content.archive.sha256, peer.address))?;
    scene.done(&mut node)?;
    let share = size as f64 * 8.0 / stretch.rate.unwrap() as f64 / began.elapsed().as_secs_f64();
    println!("{:.0} % of the line, {} packets lost", share * 100.0, line.lost());
    Ok(share)
}

#[test]
fn a_peer_on_the_other_side_of_the_world_fills_the_line() -> Result<()> {
    needs_lab!();
    // With room for everything that is on its way: what is looked at is how much is asked for ahead of time, not how well
    // the system copes with a full queue.
    let stretch = Stretch { queue: 2 << 20, ..Stretch::mbit(20, 75) };
    let share = share_of(stretch, 16 * MIB)?;
    assert!(share >= 0.6, "{share} of the line");
    Ok(())
}

#[test]
fn what_is_lost_on_the_way_comes_again() -> Result<()> {
    needs_lab!();
    let stretch =
        Stretch { loss: 0.005, jitter: std::time::Duration::from_millis(5), ..Stretch::mbit(20, 10) };
    let scene = Scene::new(2 * MIB)?;
    let (far, home, line) = far_apart(stretch)?;
    let peer = Peer::start(&far, &scene.content, Manner::Honest)?;
    let server = OriginServer::start(&far, &scene.content, Fault::Nothing, None)?;
    let fetch = Fetch { origins: vec![server.url()?], ..scene.with_peers([peer.address]) };
    let mut node = scene.fetcher(&home, fetch, Consent::Withheld)?;
    scene.done(&mut node)?;
    assert!(line.lost() > 0, "nothing was lost");
    Ok(())
}
