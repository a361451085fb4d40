//! S13: what sharing costs a player who plays meanwhile.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use anyhow::Result;
use muster_net_lab::{Access, Line, Node, clients::PORT, game::GameServer, node::Fetch};

use crate::support::{Consent, PATIENCE, Scene};

const MIB: u64 = 1 << 20;
/// Of the uplink, in Mbit/s.
const UPLINK: u64 = 20;
/// The product's default, in bytes per second.
const CAP: u64 = 1_000_000;
const IDLE: Duration = Duration::from_secs(4);
const PLAYED: Duration = Duration::from_secs(6);
const SETTLE: Duration = Duration::from_secs(1);
/// Looks at the same thing; the best of them counts, as everything else on the machine only ever adds to a ping.
const LOOKS: usize = 3;
const BEARABLE: Duration = Duration::from_millis(10);

/// A line whose router holds 400 ms of it.
fn deep(mbit: u64) -> Line {
    Line::mbit(mbit).with_queue(mbit * 1_000_000 / 8 * 4 / 10)
}

/// What the slowest hundredth of a game's packets waits for because the player shares, under a cap.
fn added(cap: Option<u64>) -> Result<Duration> {
    let scene = Scene::new(96 * MIB)?;
    let home = scene.host("home", Access { up: Some(deep(UPLINK)), down: Some(deep(5 * UPLINK)) })?;
    let server = GameServer::start(&scene.host("server", Access::FAST)?)?;
    let mut seed = scene.seeder(&home)?;
    seed.order(&cap.map_or("limit up off".to_owned(), |cap| format!("limit up {cap}")))?;
    let idle = server.play(&home, IDLE)?.quantile(0.99);
    let fetch = Fetch { peers: vec![home.at(PORT)], ..Fetch::of(&scene.content) };
    let (one, two) = (scene.host("one", Access::FAST)?, scene.host("two", Access::FAST)?);
    let mut takers: Vec<Node> = [&one, &two]
        .into_iter()
        .map(|host| scene.fetcher(host, fetch.clone(), Consent::Withheld))
        .collect::<Result<_>>()?;
    for taker in &mut takers {
        taker.reaches(&scene.content.archive.sha256, 1, PATIENCE)?;
    }
    std::thread::sleep(SETTLE);
    seed.listen_for(Duration::from_millis(300));
    let before = seed.uploaded;
    let played = server.play(&home, PLAYED)?;
    seed.listen_for(Duration::from_millis(300));
    let rate = (seed.uploaded - before) as f64 / PLAYED.as_secs_f64();
    println!(
        "cap {cap:?}: p99 {idle:.1?} alone, p50 {:.1?} p99 {:.1?} while {:.2} MB/s went out, {} lost",
        played.quantile(0.5),
        played.quantile(0.99),
        rate / 1e6,
        played.lost
    );
    assert!(rate > CAP as f64 / 2.0, "nobody took anything");
    Ok(played.quantile(0.99).saturating_sub(idle))
}

#[test]
fn a_game_does_not_notice_that_its_player_shares() -> Result<()> {
    needs_lab!();
    let mut least = Duration::MAX;
    for _ in 0..LOOKS {
        least = least.min(added(Some(CAP))?);
        if least <= BEARABLE {
            break;
        }
    }
    assert!(least <= BEARABLE, "{least:?} more than alone");
    Ok(())
}

/// What the test above would see if caps did nothing: the router's buffer fills.
#[test]
fn without_a_cap_the_line_itself_is_in_the_way() -> Result<()> {
    needs_lab!();
    assert!(added(None)? > 5 * BEARABLE);
    Ok(())
}
