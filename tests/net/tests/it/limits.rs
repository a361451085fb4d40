//! Caps hold, on the wire, and change while everything runs.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use anyhow::Result;
use muster_net_lab::{
    Access, Capture, Event, Line, Node, Tally, capture,
    capture::Depth,
    clients::PORT,
    node::Fetch,
    origin::{Fault, OriginServer},
};

use crate::support::{Consent, PATIENCE, Scene};

const MIB: u64 = 1 << 20;
/// A cap is judged after the first second, over this time.
const SETTLE: Duration = Duration::from_secs(1);
const WHILE: Duration = Duration::from_secs(4);

/// Changes a cap twice and looks each time at what passes a host's wire in one direction.
fn is_held(node: &mut Node, verb: &str, wire: impl Fn() -> Tally) -> Result<()> {
    for cap in [1_000_000_u64, 2_500_000] {
        node.order(&format!("limit {verb} {cap}"))?;
        let begin = capture::now() + SETTLE;
        std::thread::sleep(SETTLE + WHILE);
        let passed = Tally(wire().within(begin, WHILE).to_vec());
        let rate = passed.payload() as f64 / WHILE.as_secs_f64() / cap as f64;
        let worst = passed.worst_window(Duration::from_secs(1)) as f64 / cap as f64;
        println!("{verb} {cap}: {rate:.3} of it, {worst:.3} in the worst second");
        assert!((0.9..=1.05).contains(&rate), "{rate} of the cap");
        assert!(worst <= 1.1, "{worst} of the cap in one second");
    }
    Ok(())
}

#[test]
fn a_cap_of_what_comes_in_holds_over_servers_and_peers_together() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(64 * MIB)?;
    let (web, other) = (scene.host("web", Access::FAST)?, scene.host("giver", Access::FAST)?);
    let server = OriginServer::start(&web, &scene.content, Fault::Nothing, None)?;
    let _seed = scene.seeder(&other)?;
    let player = scene.host("player", Access::FAST)?;
    let capture = Capture::start(&player, Depth::Headers)?;
    let mut node = scene.fetcher(&player, scene.with_peers([]), Consent::Withheld)?;
    node.order("limit down 500000")?;
    node.fetch(&Fetch { origins: vec![server.url()?], ..scene.with_peers([other.at(PORT)]) })?;
    node.reaches(&scene.content.archive.sha256, 1, PATIENCE)?;
    is_held(&mut node, "down", || capture.so_far().to(player.address))
}

#[test]
fn a_cap_of_what_goes_out_holds_over_everybody_who_takes() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(64 * MIB)?;
    let giver = scene.host("giver", Access::FAST)?;
    let mut seed = scene.seeder(&giver)?;
    seed.order("limit up 500000")?;
    let mut takers = Vec::new();
    for label in ["one", "two"] {
        let host = scene.host(label, Access::FAST)?;
        takers.push((scene.fetcher(&host, scene.with_peers([giver.at(PORT)]), Consent::Withheld)?, host));
    }
    for (node, _) in &mut takers {
        node.reaches(&scene.content.archive.sha256, 1, PATIENCE)?;
    }
    let capture = Capture::start(&giver, Depth::Headers)?;
    is_held(&mut seed, "up", || capture.so_far().from(giver.address))
}

#[test]
fn what_the_line_carries_is_told_from_giving() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(64 * MIB)?;
    let line = Line::mbit(4);
    let giver = scene.host("giver", Access { up: Some(line), down: None })?;
    let mut seed = scene.seeder(&giver)?;
    // The product's default, which is twice as much as goes through.
    seed.order("limit up 1000000")?;
    let mut takers = Vec::new();
    for label in ["one", "two", "three", "four"] {
        let host = scene.host(label, Access::FAST)?;
        takers.push((scene.fetcher(&host, scene.with_peers([giver.at(PORT)]), Consent::Withheld)?, host));
    }
    let said = seed.until(PATIENCE, |event| matches!(event, Event::Sharing { uplink: Some(_), .. }))?;
    let Event::Sharing { uplink: Some(measured), .. } = said else { unreachable!("it was waited for") };
    let share = measured as f64 / line.payload_rate();
    println!("{measured} bytes a second, {share:.2} of the line");
    assert!((0.8..=1.15).contains(&share), "{share} of the line");
    Ok(())
}
