//! Archives from servers that behave, and from servers that do not.
#![allow(clippy::unwrap_used)]

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use muster_domain::{Coded, Sha256, Tier};
use muster_transfer::{
    Config, Origin, Phase, Proof, RateLimits, Reach, Want,
    queue::{Move, Slots, Wait},
};
use url::Url;

use crate::support::{Manner, Node, Server, config, content, sha256, want};

const SIZE: usize = 5 * 1024 * 1024 + 12_345;

/// Fetches from these servers; the archive's bytes, or the code of the error.
async fn fetch(node: &Node, bytes: &[u8], servers: &[&Server]) -> Result<Vec<u8>, &'static str> {
    fetch_with(node, Want { origins: servers.iter().map(|server| server.origin()).collect(), ..want(bytes) })
        .await
}

fn first(snapshot: &muster_transfer::Snapshot) -> Option<&muster_transfer::TransferView> {
    snapshot.transfers.first()
}

async fn fetch_with(node: &Node, want: Want) -> Result<Vec<u8>, &'static str> {
    let sha256 = want.sha256;
    let mut handle = node.transfers.want(want).await.unwrap();
    let outcome =
        tokio::time::timeout(Duration::from_secs(30), handle.outcome()).await.expect("ends in time");
    outcome.map(|_| node.read(&sha256)).map_err(|error| error.code())
}

#[tokio::test]
async fn a_good_server_gives_the_archive_by_ranges() {
    let (node, bytes) = (Node::start().await, content(1, SIZE));
    let server = Server::start(&bytes, Manner::Good).await;
    assert!(fetch(&node, &bytes, &[&server]).await.unwrap() == bytes);
    assert_eq!(server.sent.load(Ordering::Relaxed), SIZE as u64, "every byte once");
    node.wait_until("done", |s| {
        first(s).is_some_and(|t| t.phase == Phase::Done && t.split.servers == SIZE as u64)
    })
    .await;
    // Asking again costs nothing.
    assert!(fetch(&node, &bytes, &[&server]).await.unwrap() == bytes);
    assert_eq!(server.sent.load(Ordering::Relaxed), SIZE as u64);
    node.transfers.shutdown().await;
}

/// What the source says nothing about is known by its bytes once they are here, and comes from one server only.
#[tokio::test]
async fn an_archive_without_a_hash_is_known_by_what_arrived() {
    let (node, bytes) = (Node::start().await, content(2, SIZE));
    let stand_in = Sha256([9; 32]);
    let (server, other) =
        (Server::start(&bytes, Manner::Good).await, Server::start(&bytes, Manner::Good).await);
    let origins = vec![server.origin(), other.origin()];
    let unseen = Want { sha256: stand_in, proof: Proof::FirstSeen, origins, ..want(&bytes) };
    let mut handle = node.transfers.want(unseen.clone()).await.unwrap();
    let lease = tokio::time::timeout(Duration::from_secs(30), handle.outcome()).await.unwrap().unwrap();
    assert_eq!((lease.sha256(), handle.sha256()), (sha256(&bytes), stand_in));
    assert!(node.read(&sha256(&bytes)) == bytes && !node.cache.contains(&stand_in));
    assert_eq!(other.sent.load(Ordering::Relaxed), 0);
    // Another name for the same bytes ends in the same archive.
    let mut again = node.transfers.want(Want { sha256: Sha256([8; 32]), ..unseen.clone() }).await.unwrap();
    let again = tokio::time::timeout(Duration::from_secs(30), again.outcome()).await.unwrap().unwrap();
    assert_eq!(again.sha256(), lease.sha256());
    // No other size than the one that the source said.
    let shorter = Want { sha256: Sha256([7; 32]), size: unseen.size - 1, ..unseen };
    let mut shorter = node.transfers.want(shorter).await.unwrap();
    assert!(tokio::time::timeout(Duration::from_secs(30), shorter.outcome()).await.unwrap().is_err());
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn odd_sizes_arrive_whole() {
    let node = Node::start().await;
    for size in [0, 1, 65_535, 65_536, 65_537, 262_144, 262_145] {
        let bytes = content(size as u64, size);
        let server = Server::start(&bytes, Manner::Good).await;
        assert!(fetch(&node, &bytes, &[&server]).await.unwrap() == bytes, "{size}");
    }
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn servers_that_only_misbehave_a_little_are_put_up_with() {
    let (node, mut seed) = (Node::start().await, 10);
    for manner in [Manner::IgnoresRanges, Manner::Cuts(700_000), Manner::FailsFirst(2)] {
        seed += 1;
        let bytes = content(seed, SIZE);
        let server = Server::start(&bytes, manner.clone()).await;
        assert!(fetch(&node, &bytes, &[&server]).await.unwrap() == bytes, "{manner:?}");
    }
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_bad_server_alone_ends_in_its_own_error() {
    let node = Node::start().await;
    let cases = [
        (Manner::WrongBytes, "transfer-wrong-bytes"),
        (Manner::OtherLength, "transfer-origin-wrong-size"),
        (Manner::OtherRange, "transfer-origin-protocol"),
        (Manner::TooMuch, "transfer-origin-protocol"),
        (Manner::Compresses, "transfer-origin-protocol"),
        (Manner::Status(404), "transfer-origin-missing"),
        (Manner::Status(403), "transfer-origin-status"),
        (Manner::Status(500), "transfer-origin-status"),
        (Manner::Status(416), "transfer-origin-wrong-size"),
        (Manner::Stalls, "transfer-origin-slow"),
        (Manner::Drips, "transfer-origin-slow"),
        (Manner::Redirects("ftp://127.0.0.1/a".into()), "transfer-origin-refused"),
        (Manner::Redirects("file:///etc/passwd".into()), "transfer-origin-refused"),
        (Manner::Redirects("/a.muster".into()), "transfer-origin-protocol"),
    ];
    let attempts = cases.into_iter().enumerate().map(|(seed, (manner, code))| {
        let node = &node;
        async move {
            let bytes = content(100 + seed as u64, 300_000);
            let server = Server::start(&bytes, manner.clone()).await;
            assert_eq!(fetch(node, &bytes, &[&server]).await, Err(code), "{manner:?}");
            assert!(!node.cache.contains(&sha256(&bytes)));
        }
    });
    futures::future::join_all(attempts).await;
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn whatever_one_server_does_another_finishes() {
    let node = Node::start().await;
    let cases = [
        Manner::WrongBytes,
        Manner::WrongByte(700_000),
        Manner::OtherLength,
        Manner::OtherRange,
        Manner::Status(404),
        Manner::Status(500),
        Manner::Stalls,
        Manner::Drips,
        Manner::Cuts(100_000),
        Manner::Dies(500_000),
        Manner::Redirects("http://127.0.0.1:1/a".into()),
    ];
    let attempts = cases.into_iter().enumerate().map(|(seed, manner)| {
        let node = &node;
        async move {
            let bytes = content(200 + seed as u64, SIZE);
            let bad = Server::start(&bytes, manner.clone()).await;
            let good = Server::start(&bytes, Manner::Good).await;
            assert!(fetch(node, &bytes, &[&bad, &good]).await.unwrap() == bytes, "{manner:?}");
        }
    });
    futures::future::join_all(attempts).await;
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn without_a_block_list_the_whole_file_still_decides() {
    let node = Node::start().await;
    let bytes = content(300, SIZE);
    let bad = Server::start(&bytes, Manner::WrongByte(3_000_000)).await;
    let good = Server::start(&bytes, Manner::Good).await;
    let origins = vec![bad.origin(), good.origin()];
    let only_bad = Want { blocks: None, origins: vec![bad.origin()], ..want(&bytes) };
    assert_eq!(fetch_with(&node, only_bad).await, Err("transfer-wrong-bytes"));
    assert!(!node.cache.contains(&sha256(&bytes)));
    let both = Want { blocks: None, origins, ..want(&bytes) };
    assert!(fetch_with(&node, both).await.unwrap() == bytes);
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn redirects_are_followed_where_the_origin_itself_may_lie() {
    let node = Node::start().await;
    let bytes = content(400, 200_000);
    let good = Server::start(&bytes, Manner::Good).await;
    let redirecting = Server::start(&bytes, Manner::Redirects(good.origin().url.to_string())).await;
    assert!(fetch(&node, &bytes, &[&redirecting]).await.unwrap() == bytes);

    let other = content(401, 1_000);
    let inner = Server::start(&other, Manner::Good).await;
    let public = Origin::public(inner.origin().url);
    let refused = fetch_with(&node, Want { origins: vec![public], ..want(&other) }).await;
    assert_eq!(refused, Err("transfer-origin-refused"));
    assert_eq!(inner.requests.load(Ordering::Relaxed), 0, "not even asked");
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_folder_is_a_source_too() {
    let node = Node::start().await;
    let bytes = content(500, SIZE);
    let path = node.dir.path().join("registry file.muster");
    std::fs::File::create(&path).and_then(|mut file| std::io::Write::write_all(&mut file, &bytes)).unwrap();
    let url = Url::from_file_path(&path).unwrap();
    let from_folder = Want { origins: vec![Origin { url: url.clone(), reach: Reach::Host }], ..want(&bytes) };
    assert!(fetch_with(&node, from_folder).await.unwrap() == bytes);

    let other = content(501, SIZE);
    let wrong = Want { origins: vec![Origin { url: url.clone(), reach: Reach::Host }], ..want(&other) };
    assert_eq!(fetch_with(&node, wrong).await, Err("transfer-wrong-bytes"));
    let shorter = content(502, 10);
    let wrong_size =
        Want { origins: vec![Origin { url: url.clone(), reach: Reach::Host }], ..want(&shorter) };
    assert_eq!(fetch_with(&node, wrong_size).await, Err("transfer-origin-wrong-size"));
    let not_ours = Want { origins: vec![Origin::public(url)], ..want(&content(503, 10)) };
    assert_eq!(fetch_with(&node, not_ours).await, Err("transfer-origin-refused"));
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_restart_goes_on_where_it_was() {
    let node = Node::start().await;
    let bytes = content(600, SIZE);
    let slow = Server::start(&bytes, Manner::Slow(1_000_000)).await;
    let handle = node.transfers.want(Want { origins: vec![slow.origin()], ..want(&bytes) }).await.unwrap();
    node.wait_until("half", |s| s.transfers.first().is_some_and(|t| t.done > SIZE as u64 / 2)).await;
    let node = node.restart().await;
    drop(handle);
    node.wait_until("loaded", |s| s.transfers.first().is_some_and(|t| t.wait == Some(Wait::Claim))).await;

    let good = Server::start(&bytes, Manner::Good).await;
    assert!(fetch(&node, &bytes, &[&good]).await.unwrap() == bytes);
    let again = good.sent.load(Ordering::Relaxed);
    assert!(again < SIZE as u64 / 2 + 300_000, "{again} bytes came again");
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_pause_stops_every_byte_and_a_resume_goes_on() {
    let node = Node::start().await;
    let bytes = content(700, SIZE);
    let server = Server::start(&bytes, Manner::Slow(1_000_000)).await;
    let mut handle =
        node.transfers.want(Want { origins: vec![server.origin()], ..want(&bytes) }).await.unwrap();
    let name = handle.sha256();
    node.wait_until("flows", |s| first(s).is_some_and(|t| t.done > 200_000)).await;
    node.transfers.pause(&name).await.unwrap();
    node.wait_until("paused", |s| first(s).is_some_and(|t| t.phase == Phase::Paused)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let sent = server.sent.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(server.sent.load(Ordering::Relaxed), sent, "a paused transfer takes nothing");

    node.transfers.resume(&name).await.unwrap();
    node.wait_until("flows again", |s| first(s).is_some_and(|t| t.phase == Phase::Fetching)).await;
    node.transfers.pause_all().await;
    node.wait_until("all paused", |s| {
        s.is_all_paused && first(s).is_some_and(|t| t.wait == Some(Wait::AllPaused))
    })
    .await;
    node.transfers.resume_all().await;
    handle.outcome().await.unwrap();
    assert!(node.read(&name) == bytes);
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn one_transfer_serves_everybody_who_wants_it_and_ends_when_nobody_does() {
    let node = Node::start().await;
    let bytes = content(800, SIZE);
    let server = Server::start(&bytes, Manner::Slow(1_500_000)).await;
    let wanted = || Want { origins: vec![server.origin()], ..want(&bytes) };
    let first = node.transfers.want(wanted()).await.unwrap();
    let mut second = node.transfers.want(Want { tier: Tier::Background, ..wanted() }).await.unwrap();
    node.wait_until("shared", |s| s.transfers.len() == 1 && s.transfers[0].wants == 2).await;
    drop(first);
    second.outcome().await.unwrap();
    assert!(server.sent.load(Ordering::Relaxed) <= SIZE as u64 + 500_000, "fetched once");

    let other = content(801, SIZE);
    let slow = Server::start(&other, Manner::Slow(300_000)).await;
    let unwanted = node.transfers.want(Want { origins: vec![slow.origin()], ..want(&other) }).await.unwrap();
    let name = unwanted.sha256();
    node.wait_until("flows", |s| s.get(&name).is_some_and(|t| t.phase == Phase::Fetching)).await;
    drop(unwanted);
    node.wait_until("gone", |s| s.get(&name).is_none()).await;

    let mut cancelled =
        node.transfers.want(Want { origins: vec![slow.origin()], ..want(&other) }).await.unwrap();
    node.transfers.cancel(&name).await.unwrap();
    assert_eq!(cancelled.outcome().await.unwrap_err().code(), "transfer-cancelled");
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn the_urgent_go_first_and_order_is_by_hand() {
    let slots = Slots { lobby_urgent: 1, user: 1, background: 1, user_beside_lobby: 0 };
    let node = Node::with(Config { slots, ..config() }).await;
    let server = |seed| async move {
        let bytes = content(seed, 2_000_000);
        (Server::start(&bytes, Manner::Slow(400_000)).await, bytes)
    };
    let (servers, archives): (Vec<_>, Vec<_>) =
        futures::future::join_all((900..904).map(server)).await.into_iter().unzip();
    let ask = |index: usize, tier| {
        let wanted = Want { tier, origins: vec![servers[index].origin()], ..want(&archives[index]) };
        node.transfers.want(wanted)
    };
    let name = |index: usize| sha256(&archives[index]);
    let phase = |s: &muster_transfer::Snapshot, name: Sha256| s.get(&name).map(|t| (t.phase, t.wait));
    let fetching = Some((Phase::Fetching, None));

    let _background = ask(0, Tier::Background).await.unwrap();
    node.wait_until("alone", |s| phase(s, name(0)) == fetching).await;
    let _first = ask(1, Tier::User).await.unwrap();
    let _second = ask(2, Tier::User).await.unwrap();
    node.wait_until("user goes first", |s| {
        phase(s, name(1)) == fetching
            && phase(s, name(0)) == Some((Phase::Waiting, Some(Wait::Tier)))
            && phase(s, name(2)) == Some((Phase::Waiting, Some(Wait::Order)))
    })
    .await;
    node.transfers.reorder(&name(2), Move::First).await.unwrap();
    node.wait_until("moved up", |s| phase(s, name(2)) == fetching).await;
    let mut urgent = ask(3, Tier::LobbyUrgent).await.unwrap();
    node.wait_until("lobby first", |s| {
        phase(s, name(3)) == fetching && phase(s, name(2)) == Some((Phase::Waiting, Some(Wait::Tier)))
    })
    .await;
    node.transfers.set_limits(RateLimits::default()).await;
    urgent.outcome().await.unwrap();
    node.wait_until("back to user", |s| phase(s, name(2)) == fetching).await;
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_cap_is_kept_within_a_few_percent_and_can_be_changed() {
    let node = Node::start().await;
    let bytes = content(1_000, 2_000_000);
    let server = Server::start(&bytes, Manner::Good).await;
    node.transfers.set_limits(RateLimits { down: Some(1_000_000), up: None, ..RateLimits::default() }).await;
    let started = Instant::now();
    assert!(fetch(&node, &bytes, &[&server]).await.unwrap() == bytes);
    let seconds = started.elapsed().as_secs_f64();
    assert!((1.95..2.5).contains(&seconds), "2 MB at 1 MB/s took {seconds} s");

    let bytes = content(1_001, 2_000_000);
    let server = Server::start(&bytes, Manner::Good).await;
    node.transfers.set_limits(RateLimits { down: Some(100_000), up: None, ..RateLimits::default() }).await;
    let mut handle =
        node.transfers.want(Want { origins: vec![server.origin()], ..want(&bytes) }).await.unwrap();
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!node.cache.contains(&handle.sha256()));
    node.transfers.set_limits(RateLimits::default()).await;
    tokio::time::timeout(Duration::from_secs(2), handle.outcome()).await.expect("no cap, no wait").unwrap();
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn failures_that_may_pass_are_tried_again_before_anybody_is_told() {
    let node = Node::start().await;
    let bytes = content(1_100, 200_000);
    // As many failures as end one run.
    let server = Server::start(&bytes, Manner::FailsFirst(4)).await;
    assert!(fetch(&node, &bytes, &[&server]).await.unwrap() == bytes);
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn the_end_comes_soon_and_leaves_nothing_running() {
    let node = Node::start().await;
    let bytes = content(1_200, SIZE);
    let server = Server::start(&bytes, Manner::Slow(100_000)).await;
    let stalled = Server::start(&bytes, Manner::Stalls).await;
    let origins = vec![server.origin(), stalled.origin()];
    let mut handle = node.transfers.want(Want { origins, ..want(&bytes) }).await.unwrap();
    node.wait_until("flows", |s| first(s).is_some_and(|t| t.phase == Phase::Fetching)).await;
    let started = Instant::now();
    node.transfers.shutdown().await;
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(handle.outcome().await.unwrap_err().code(), "transfer-closed");
    let sent = server.sent.load(Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(server.sent.load(Ordering::Relaxed) <= sent + 5_000);
    assert!(
        matches!(node.transfers.want(want(&bytes)).await, Err(error) if error.code() == "transfer-closed")
    );
}
