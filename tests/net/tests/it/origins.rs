//! S10: servers that die, lie, dawdle or do not keep to ranges.
#![allow(clippy::unwrap_used)]

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;
use muster_net_lab::{
    Access, Capture, Tally,
    capture::Depth,
    node::{End, Fetch},
    origin::{Fault, OriginServer},
};

use crate::support::{Consent, PATIENCE, Scene};

const MIB: u64 = 1 << 20;

/// What came of a transfer from a bad server and a good one.
struct Came {
    /// Bytes that came from each, headers of answers included.
    bad: u64,
    good: u64,
    size: u64,
    /// Longest time without a byte of payload.
    gap: Duration,
}

/// A player with two servers of 20 Mbit/s, of which one is bad.
fn beside_a_good_server(fault: Fault) -> Result<Came> {
    let scene = Scene::new(8 * MIB)?;
    let mut servers = Vec::new();
    for (label, fault) in [("bad", fault), ("good", Fault::Nothing)] {
        let host = scene.host(label, Access::mbit(20, 20))?;
        servers.push((OriginServer::start(&host, &scene.content, fault, None)?, host));
    }
    let player = scene.host("player", Access::mbit(20, 100))?;
    let capture = Capture::start(&player, Depth::Headers)?;
    let origins = servers.iter().map(|(server, _)| server.url()).collect::<Result<_>>()?;
    let fetch = Fetch { torrent: None, origins, ..Fetch::of(&scene.content) };
    let mut node = scene.fetcher(&player, fetch, Consent::Withheld)?;
    let split = scene.done(&mut node)?;
    let size = scene.content.archive.size;
    assert_eq!(split.servers, size);
    let came = capture.finish()?.to(player.address);
    let came = Came {
        bad: came.from(servers[0].1.address).payload(),
        good: came.from(servers[1].1.address).payload(),
        size,
        gap: longest_gap(&came),
    };
    println!(
        "{fault:?}: {:.3} files from the good one, {:.3} from the bad one, longest pause {:?}",
        came.good as f64 / size as f64,
        came.bad as f64 / size as f64,
        came.gap,
    );
    Ok(came)
}

fn longest_gap(tally: &Tally) -> Duration {
    let moments: Vec<_> =
        tally.0.iter().filter(|packet| packet.payload > 0).map(|packet| packet.at).collect();
    moments.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
}

impl Came {
    /// Nothing that was right came twice, but for what was on its way.
    fn is_not_repeated(&self) {
        let sum = self.bad + self.good;
        assert!(sum <= self.size + self.size / 10, "{sum} bytes for {}", self.size);
    }

    fn goes_on(&self) {
        assert!(self.gap <= Duration::from_secs(2), "nothing came for {:?}", self.gap);
    }
}

#[test]
fn a_server_that_dies_half_way_leaves_the_rest_to_the_other() -> Result<()> {
    needs_lab!();
    let came = beside_a_good_server(Fault::Dies(2 * MIB))?;
    came.is_not_repeated();
    came.goes_on();
    Ok(())
}

#[test]
fn a_server_that_lies_is_found_out_block_by_block() -> Result<()> {
    needs_lab!();
    let came = beside_a_good_server(Fault::Lies(1_000))?;
    assert!(came.good <= came.size + came.size / 10, "what was right came once");
    assert!(came.bad <= came.size / 4, "a liar is not asked for long: {}", came.bad);
    came.goes_on();
    Ok(())
}

#[test]
fn a_server_without_ranges_does_not_make_the_other_start_again() -> Result<()> {
    needs_lab!();
    let came = beside_a_good_server(Fault::IgnoresRanges)?;
    assert!(came.good <= came.size * 3 / 4, "{} of {}", came.good, came.size);
    came.goes_on();
    Ok(())
}

fn is_left_behind(fault: Fault) -> Result<()> {
    needs_lab!();
    let came = beside_a_good_server(fault)?;
    came.is_not_repeated();
    came.goes_on();
    Ok(())
}

#[test]
fn a_server_that_does_not_have_it_is_left_behind() -> Result<()> {
    is_left_behind(Fault::Status(404))
}

#[test]
fn a_server_that_is_overloaded_is_left_behind() -> Result<()> {
    is_left_behind(Fault::Status(503))
}

#[test]
fn a_server_that_never_answers_is_left_behind() -> Result<()> {
    is_left_behind(Fault::Silent)
}

#[test]
fn a_server_whose_headers_never_end_is_left_behind() -> Result<()> {
    is_left_behind(Fault::SlowHeaders)
}

#[test]
fn a_server_that_drips_is_left_behind() -> Result<()> {
    is_left_behind(Fault::Drips)
}

#[test]
fn a_lying_server_alone_ends_in_a_refusal_and_nothing_is_there() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(2 * MIB)?;
    let host = scene.host("bad", Access::FAST)?;
    let server = OriginServer::start(&host, &scene.content, Fault::Lies(50_000), None)?;
    let player = scene.host("player", Access::FAST)?;
    let fetch = Fetch { torrent: None, origins: vec![server.url()?], ..Fetch::of(&scene.content) };
    let mut node = scene.fetcher(&player, fetch, Consent::Withheld)?;
    match node.end_of(&scene.content.archive.sha256, PATIENCE)? {
        End::Failed { code, .. } => assert_eq!(code, "transfer-wrong-bytes"),
        end @ End::Done { .. } => panic!("{end:?}"),
    }
    assert!(server.sent() <= 4 * scene.content.archive.size, "it does not ask for ever");
    Ok(())
}

#[test]
fn a_server_of_the_internet_leads_nobody_into_a_home_network() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(MIB)?;
    let host = scene.host("bad", Access::FAST)?;
    let player = scene.host("player", Access::FAST)?;
    // The player's machine has a service that answers nobody but itself and its home network.
    player.space.ip("addr add 192.168.50.1/24 dev eth0")?;
    let inner: SocketAddr = "192.168.50.1:80".parse()?;
    let listener = player.space.enter(|| std::net::TcpListener::bind(inner))??;
    let secret = OriginServer::serve(listener, inner, &scene.content, (Fault::Nothing, None))?;
    let server = OriginServer::start(&host, &scene.content, Fault::Redirects(inner), None)?;
    let fetch = Fetch { torrent: None, origins: vec![server.url()?], ..Fetch::of(&scene.content) };
    let mut node = scene.fetcher(&player, fetch, Consent::Withheld)?;
    assert!(matches!(node.end_of(&scene.content.archive.sha256, PATIENCE)?, End::Failed { .. }));
    assert_eq!(secret.requests(), 0);
    assert!(server.requests() > 0);
    Ok(())
}

#[test]
fn a_transfer_whose_only_server_comes_back_goes_on_where_it_was() -> Result<()> {
    needs_lab!();
    let scene = Scene::new(8 * MIB)?;
    let host = scene.host("web", Access::mbit(20, 20))?;
    let server = OriginServer::start(&host, &scene.content, Fault::Nothing, None)?;
    let player = scene.host("player", Access::mbit(20, 100))?;
    let fetch = Fetch { torrent: None, origins: vec![server.url()?], ..Fetch::of(&scene.content) };
    let sha256 = fetch.sha256;
    let capture = Capture::start(&player, Depth::Headers)?;
    let mut node = scene.fetcher(&player, fetch, Consent::Withheld)?;
    node.reaches(&sha256, 2 * MIB, PATIENCE)?;
    host.space.ip("link set eth0 down")?;
    node.listen_for(Duration::from_secs(2));
    host.space.ip("link set eth0 up")?;
    scene.done(&mut node)?;
    let (size, came) = (scene.content.archive.size, capture.finish()?.to(player.address).payload());
    assert!(came <= size + size / 5, "{came} of {size}");
    Ok(())
}
