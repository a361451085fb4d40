//! Updates fetch what this disk does not hold, and previews say how much that is.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    fs,
    time::{Duration, Instant},
};

use muster_domain::ProfileId;
use muster_engine::{ChangeRequest, Engine, TransferPhase, TransferView};

use crate::support::{World, carry_out};

/// Bytes that do not compress.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

/// Text that does.
fn text(seed: u64, length: usize) -> Vec<u8> {
    noise(seed, length).into_iter().map(|byte| b"minetest, stone and water\n"[byte as usize % 26]).collect()
}

fn files(changed: u64) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a/sea.ogg", noise(1, 900_000)),
        ("b/words.txt", text(2, 700_000)),
        ("c/changed.lua", text(changed, 30_000)),
        ("d/more.txt", text(4, 400_000)),
    ]
}

/// Plans and carries out the update of everything; what was promised, and what its transfer did.
async fn update(engine: &Engine, profile: ProfileId) -> (u64, u64, TransferView) {
    let update = ChangeRequest { update_all: true, ..ChangeRequest::default() };
    let plan = engine.plan(Some(profile), &update).await.expect("a plan");
    assert_eq!(plan.items.len(), 1);
    assert_eq!(plan.download + plan.here, plan.items[0].size);
    assert_eq!(plan.here, plan.items[0].here);
    assert_eq!(carry_out(engine, profile, update).await, "done");
    let version = plan.items[0].to.as_ref().expect("a version").to_string();
    (plan.items[0].size, plan.here, done(engine, &version).await)
}

/// The transfer with this in its name once all is known of it.
async fn done(engine: &Engine, name: &str) -> TransferView {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let snapshot = engine.transfer_snapshot();
        let mut found = snapshot.transfers.iter().filter(|transfer| transfer.name.contains(name));
        if let Some(transfer) = found.find(|transfer| transfer.phase == TransferPhase::Done) {
            return transfer.clone();
        }
        assert!(Instant::now() < deadline, "{snapshot:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_update_takes_what_is_here_from_the_archive_and_without_it_from_the_tree() {
    let mut world = World::new();
    world.registry.publish_with("alice/sea", "1.0.0", &[], &files(10));
    let (engine, profile) = world.engine().await;
    let first = engine.plan(Some(profile), &world.install("alice/sea")).await.expect("a plan");
    assert_eq!(first.here, 0, "nothing of it is here");
    assert_eq!(carry_out(&engine, profile, world.install("alice/sea")).await, "done");

    world.registry.publish_with("alice/sea", "1.0.1", &[], &files(11));
    world.sync(&engine).await;
    let (size, here, transfer) = update(&engine, profile).await;
    assert!(size > 1_000_000 && here > size - 40_000, "{here} of {size}");
    assert_eq!((transfer.split.here, transfer.split.servers), (here, size - here), "no more was promised");
    assert_eq!(world.placed("sea").as_deref(), Some("-- 1.0.1\n"));
    engine.close().await;
    drop(engine);

    // Every archive is gone; the trees of the profile are not.
    fs::remove_dir_all(world.folder.path().join("cache/packages")).expect("removed");
    world.registry.publish_with("alice/sea", "1.0.2", &[], &files(12));
    let engine = world.open().await;
    engine.start().await;
    world.sync(&engine).await;
    let (size, here, transfer) = update(&engine, profile).await;
    assert!(here > size - 40_000, "{here} of {size}");
    assert_eq!((transfer.split.here, transfer.split.servers), (here, size - here));
    assert_eq!(world.placed("sea").as_deref(), Some("-- 1.0.2\n"));
    engine.close().await;
}

#[tokio::test]
async fn an_unrelated_package_with_the_same_files_saves_them_too() {
    let mut world = World::new();
    world.registry.publish_with("alice/sea", "1.0.0", &[], &files(10));
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/sea")).await, "done");
    world.registry.publish_with("bob/ocean", "1.0.0", &[], &files(11));
    world.sync(&engine).await;
    assert_eq!(carry_out(&engine, profile, world.install("bob/ocean")).await, "done");
    let transfer = done(&engine, "bob/ocean").await;
    assert!(transfer.split.here > transfer.size - 40_000, "{transfer:?}");
    engine.close().await;
}
