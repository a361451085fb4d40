//! Updates that take what older archives and trees hold, and fetch the rest.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "test files are written plainly")]

mod world;

use std::{fs, sync::atomic::Ordering, time::Duration};

use jiff::Timestamp;
use muster_cache::Room;
use muster_domain::Coded;
use muster_package::PAYLOAD_FOLDER;
use muster_transfer::{Holder, Local, Phase, Want};
use world::{Files, Made, Update, is_whole, made, many, packages, put, repacked, text, to_fetch};

use crate::support::{BLOCK, Manner, Server, want};

#[tokio::test]
async fn an_update_fetches_changed_files_and_nothing_else() {
    let (old, new) = packages();
    let size = new.bytes.len() as u64;
    let expected = new.to_fetch(old);
    let changed =
        new.map.entries().iter().filter(|mapped| {
            old.map.entries().iter().all(|other| other.stored_sha256 != mapped.stored_sha256)
        });
    let changed: u64 = changed.map(|mapped| mapped.entry.compressed).sum();
    assert!(expected * 20 < size && expected <= changed + changed / 50, "{expected} for {changed} of {size}");
    for from_tree in [false, true] {
        let update = Update::start(new, Manner::Good).await;
        let holder = if from_tree { update.tree(old) } else { update.archive(old) };
        let want = update.want(new, vec![holder]);
        let local = want.local.clone().unwrap();
        assert_eq!(local.estimate(&update.node.cache, size), size - expected, "what was promised");
        let (split, sent) = update.fetch(new, want).await;
        assert_eq!(
            (sent, split.servers, split.here),
            (expected, expected, size - expected),
            "tree: {from_tree}"
        );
        update.node.transfers.shutdown().await;
    }
}

#[tokio::test]
async fn renamed_files_cost_nothing_but_the_manifest() {
    let files = many();
    let renamed = files.iter().map(|(path, bytes)| (format!("moved/{path}"), bytes.clone())).collect();
    let (old, new) = (made("1.0.0", &files), made("2.0.0", &renamed));
    let update = Update::start(&new, Manner::Good).await;
    let holder = update.archive(&old);
    let (_, sent) = update.fetch(&new, update.want(&new, vec![holder])).await;
    let manifest = &new.map.entries()[0].entry;
    assert_eq!(sent, manifest.compressed);
    update.node.transfers.shutdown().await;
}

#[tokio::test]
async fn what_has_nothing_in_common_is_fetched() {
    let files = many();
    let other =
        files.iter().zip(5_000..).map(|((path, _), seed)| (path.clone(), text(seed, 30_000))).collect();
    let (old, new) = (made("1.0.0", &files), made("2.0.0", &other));
    let update = Update::start(&new, Manner::Good).await;
    let holders = vec![update.archive(&old), update.tree(&old)];
    let (split, sent) = update.fetch(&new, update.want(&new, holders)).await;
    assert_eq!((sent, split.here), (new.bytes.len() as u64, 0));
    update.node.transfers.shutdown().await;
}

#[tokio::test]
async fn several_holders_add_up() {
    let files = many();
    let half = |is_first: bool| -> Files {
        files
            .clone()
            .into_iter()
            .enumerate()
            .filter(|(n, _)| (n % 2 == 0) == is_first)
            .map(|(_, f)| f)
            .collect()
    };
    let (one, other) = (made("1.0.0", &half(true)), made("0.9.0", &half(false)));
    let new = made("1.1.0", &files);
    let update = Update::start(&new, Manner::Good).await;
    let holders = vec![update.archive(&one), update.tree(&other)];
    let (_, sent) = update.fetch(&new, update.want(&new, holders)).await;
    let manifest = &new.map.entries()[0].entry;
    assert_eq!(sent, manifest.compressed);
    update.node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_damaged_archive_costs_its_damage_and_is_not_trusted_again() {
    let (old, new) = packages();
    let update = Update::start(new, Manner::Good).await;
    let holder = update.archive(old);
    let mut damaged = old.bytes.clone();
    // In the contents: the directory still says what it said.
    let directory = old.bytes.len() * 9 / 10;
    for number in 0..10 {
        damaged[(number * 2 + 1) * directory / 20] ^= 1 << (number % 8);
    }
    put(&update.archive_path(&old.sha256()), &damaged);
    let (split, sent) = update.fetch(new, update.want(new, vec![holder])).await;
    let least = new.to_fetch(old);
    assert!(sent >= least && sent <= least + 20 * BLOCK as u64, "{least} + ten damaged blocks: {sent}");
    assert_eq!(split.here + split.servers, new.bytes.len() as u64);
    let cache = &update.node.cache;
    assert!(cache.archives().iter().any(|archive| archive.sha256 == old.sha256() && !archive.is_verified));
    assert!(cache.lease(&old.sha256(), Timestamp::now()).is_err(), "it is found out");
    update.node.transfers.shutdown().await;
}

#[tokio::test]
async fn archives_that_lie_cost_what_they_promised() {
    let (old, new) = packages();
    for lie in [0, 1, 2] {
        let update = Update::start(new, Manner::Good).await;
        let holder = update.archive(old);
        let mut forged = old.bytes.clone();
        match lie {
            // Every content is another one under the same checksums and sizes.
            0 => old.map.entries().iter().for_each(|mapped| {
                let start = mapped.entry.data_offset as usize;
                forged[start..start + mapped.entry.compressed as usize].fill(7);
            }),
            // No archive at all.
            1 => forged.fill(0),
            _ => forged.truncate(1_000),
        }
        put(&update.archive_path(&old.sha256()), &forged);
        let (split, sent) = update.fetch(new, update.want(new, vec![holder])).await;
        // Headers and directory follow from the map, whoever lies.
        let expected = if lie == 0 { to_fetch(&new.known(None)) } else { new.bytes.len() as u64 };
        assert_eq!((sent, split.here), (expected, new.bytes.len() as u64 - expected), "{lie}");
        update.node.transfers.shutdown().await;
    }
}

#[tokio::test]
async fn a_tree_that_was_changed_costs_its_changes() {
    let (old, new) = packages();
    let update = Update::start(new, Manner::Good).await;
    let holder = update.tree(old);
    let payload = update.tree_path(&old.sha256()).join(PAYLOAD_FOLDER);
    let file = |number: u32| payload.join(format!("folder{}/{number:03}.bin", number % 7));
    let mut same_size = fs::read(file(12)).unwrap();
    same_size[500] ^= 1;
    put(&file(12), &same_size);
    put(&file(50), b"short");
    fs::remove_file(file(77)).unwrap();
    let (_, sent) = update.fetch(new, update.want(new, vec![holder])).await;
    let least = new.to_fetch(old);
    assert!(sent > least && sent <= least + 3 * 3 * BLOCK as u64, "{least}: {sent}");
    update.node.transfers.shutdown().await;
}

#[tokio::test]
async fn packages_of_other_packers_are_updated_too_from_trees_as_far_as_that_goes() {
    let (old, new) = packages();
    let (old, new) = (&repacked(old), &repacked(new));
    let size = new.bytes.len() as u64;
    let update = Update::start(new, Manner::Good).await;
    let want = update.want(new, vec![update.tree(old)]);
    let promised = want.local.as_ref().unwrap().estimate(&update.node.cache, size);
    let (split, sent) = update.fetch(new, want).await;
    assert_eq!(split.here, promised, "no more is promised than is taken");
    assert!(split.here > 0 && split.here < size / 2, "only what is stored as it is: {split:?}");
    assert_eq!(sent, size - split.here);
    update.node.transfers.shutdown().await;

    let update = Update::start(new, Manner::Good).await;
    let archive = update.archive(old);
    let (_, sent) = update.fetch(new, update.want(new, vec![archive])).await;
    assert_eq!(sent, new.to_fetch(old));
    update.node.transfers.shutdown().await;
}

#[tokio::test]
async fn headers_of_another_packer_are_not_blamed_on_the_server() {
    let (old, new) = packages();
    let mut bytes = new.bytes.clone();
    for (offset, frame) in new.map.frame().unwrap() {
        // The date of a local header: readers do not care.
        if frame.starts_with(b"PK\x03\x04") {
            bytes[offset as usize + 12] ^= 1;
        }
    }
    let dated = Made { bytes, map: new.map.clone() };
    let update = Update::start(&dated, Manner::Good).await;
    let want = update.want(&dated, vec![update.archive(old)]);
    let (split, sent) = update.fetch(&dated, want).await;
    let (size, least) = (dated.bytes.len() as u64, dated.to_fetch(old));
    assert!(sent > least && sent <= size + 2 * BLOCK as u64, "{least}: {sent} of {size}");
    assert_eq!(split.here + split.servers, size);
    update.node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_server_that_lies_is_found_out_beside_what_is_here() {
    let (old, new) = packages();
    let update = Update::start(new, Manner::WrongBytes).await;
    let good = Server::start(&new.bytes, Manner::Good).await;
    let holder = update.archive(old);
    let mut want = update.want(new, vec![holder]);
    want.origins.push(good.origin());
    let (split, _) = update.fetch(new, want).await;
    assert_eq!(split.here + split.servers, new.bytes.len() as u64);
    update.node.transfers.shutdown().await;

    let alone = Update::start(new, Manner::WrongBytes).await;
    let want = alone.want(new, vec![alone.archive(old)]);
    let mut handle = alone.node.transfers.want(want).await.unwrap();
    let outcome =
        tokio::time::timeout(Duration::from_secs(60), handle.outcome()).await.expect("ends in time");
    assert_eq!(outcome.unwrap_err().code(), "transfer-wrong-bytes");
    alone.node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_server_without_ranges_sends_everything_once() {
    let (old, new) = packages();
    let update = Update::start(new, Manner::IgnoresRanges).await;
    let (_, sent) = update.fetch(new, update.want(new, vec![update.archive(old)])).await;
    assert!(sent <= 2 * new.bytes.len() as u64, "the first answer shows it: {sent}");
    update.node.transfers.shutdown().await;
}

#[tokio::test]
async fn holders_that_are_gone_and_maps_of_other_archives_are_as_good_as_none() {
    let (old, new) = packages();
    let size = new.bytes.len() as u64;
    for case in 0..3 {
        let update = Update::start(new, Manner::Good).await;
        let gone = vec![Holder::Archive(old.sha256()), Holder::Tree(update.trees.clone(), old.sha256())];
        let want = match case {
            0 => update.want(new, gone),
            1 => {
                let local = Some(Local { map: old.map.clone(), holders: vec![update.archive(old)] });
                Want { local, ..update.want(new, Vec::new()) }
            }
            // Nothing could tell wrong blocks from right ones.
            _ => Want { blocks: None, ..update.want(new, vec![update.archive(old)]) },
        };
        let (split, sent) = update.fetch(new, want).await;
        assert_eq!((sent, split.here), (size, 0), "{case}");
        update.node.transfers.shutdown().await;
    }
}

#[tokio::test]
async fn what_was_taken_stays_when_the_holder_goes_and_the_program_ends() {
    let (old, new) = packages();
    let known = new.known(Some(old));
    let missing: u64 =
        known.chunks(BLOCK).filter(|block| !is_whole(block)).map(|block| block.len() as u64).sum();
    let Update { node, server, .. } = Update::start(new, Manner::Stalls).await;
    let holders = vec![Holder::Archive(node.put(&old.bytes))];
    let local = Some(Local { map: new.map.clone(), holders });
    let first = Want { origins: vec![server.origin()], local, ..want(&new.bytes) };
    let handle = node.transfers.want(first).await.unwrap();
    let here = new.bytes.len() as u64 - missing;
    node.wait_until("taken", |s| s.get(&new.sha256()).is_some_and(|t| t.split.here == here)).await;
    let node = node.restart().await;
    drop(handle);
    node.cache.declare_leases([], Timestamp::now());
    let room = Room::Archives([old.sha256()].into());
    let plan = node.cache.plan_room(Timestamp::now(), &room).unwrap();
    assert_eq!(node.cache.carry_out(&plan.goes).unwrap().len(), 1);
    let server = Server::start(&new.bytes, Manner::Good).await;
    let again = Want { origins: vec![server.origin()], ..want(&new.bytes) };
    let mut handle = node.transfers.want(again).await.unwrap();
    tokio::time::timeout(Duration::from_secs(30), handle.outcome()).await.unwrap().unwrap();
    assert!(node.read(&new.sha256()) == new.bytes);
    assert_eq!(server.sent.load(Ordering::Relaxed), missing, "what is here is not asked for again");
    node.transfers.shutdown().await;
}

#[tokio::test]
async fn a_pause_ends_the_taking_too() {
    let (old, new) = packages();
    let update = Update::start(new, Manner::Good).await;
    let want = update.want(new, vec![update.tree(old)]);
    let handle = update.node.transfers.want(want.clone()).await.unwrap();
    update
        .node
        .wait_until("begun", |s| s.get(&new.sha256()).is_some_and(|t| t.phase == Phase::Fetching))
        .await;
    update.node.transfers.pause(&new.sha256()).await.unwrap();
    update
        .node
        .wait_until("paused", |s| s.get(&new.sha256()).is_some_and(|t| t.phase == Phase::Paused))
        .await;
    update.node.transfers.resume(&new.sha256()).await.unwrap();
    let (_, sent) = update.fetch(new, want).await;
    assert!(sent <= new.to_fetch(old));
    drop(handle);
    update.node.transfers.shutdown().await;
}
