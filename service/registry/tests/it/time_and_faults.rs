//! Clocks, replays, half-written hosts and crashes (T-05 to T-09, T-13, T-18, T-20, T-21).
#![allow(clippy::unwrap_used)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use muster_registry::{Client, Limits, MemoryStore, MetadataStore, StoreError, author::Lifetimes};
use serde_json::json;

use crate::support::{World, code, days, key, name};

#[tokio::test]
async fn t05_an_old_timestamp_is_stale_but_what_is_stored_still_serves() {
    let world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    client.releases(world.now, &name("alice/trees")).await.unwrap();
    let later = world.now + days(15);
    assert_eq!(code(client.refresh(later).await), "registry-expired");
    assert_eq!(code(client.releases(later, &name("alice/trees")).await), "registry-expired");
    assert_eq!(client.stored_releases(&name("alice/trees")).await.unwrap().len(), 1);
    assert_eq!(code(client.stored_releases(&name("bobby/trees")).await), "registry-not-cached");
    // The same after a restart, without any network.
    world.repository.fail("json");
    let restarted = world.client().await;
    assert_eq!(restarted.stored_releases(&name("alice/trees")).await.unwrap().len(), 1);
    assert_eq!(code(restarted.refresh(later).await), "registry-transport");
}

#[tokio::test]
async fn t06_a_snapshot_that_drops_or_lowers_a_publisher_is_refused() {
    let world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let before = client.status().unwrap();
    world.sign_online(|meta| drop(meta.as_object_mut().unwrap().remove("pub.bobby.json")));
    assert_eq!(code(client.refresh(world.now).await), "registry-rollback");
    assert_eq!(client.status().unwrap(), before);
    // Also after a restart: the floor is in the store.
    let restarted = world.client().await;
    assert_eq!(code(restarted.refresh(world.now).await), "registry-rollback");
    assert_eq!(restarted.releases(world.now, &name("bobby/trees")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn t07_clients_recover_from_a_fast_forward_when_the_online_key_is_replaced() {
    let mut world = World::usual();
    let client = world.client().await;
    let huge = i64::MAX as u64;
    world.forge("timestamp.json", "timestamp.json", &[&world.online], |signed| {
        signed["version"] = huge.into();
        signed["meta"]["snapshot.json"]["version"] = huge.into();
    });
    let snapshot =
        world.files.all().0.keys().filter(|name| name.ends_with(".snapshot.json")).max().unwrap().clone();
    world.forge(&snapshot, &format!("{huge}.snapshot.json"), &[&world.online], |signed| {
        signed["version"] = huge.into();
    });
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.status().unwrap().snapshot_version, huge);
    let fresh = key(22);
    let old = world.online.public().key_id();
    rotate(&world, 2, |signed| {
        let id = fresh.public().key_id();
        signed["keys"][&id] = json!({
            "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": fresh.public().to_hex() }
        });
        signed["keys"].as_object_mut().unwrap().remove(&old);
        for role in ["snapshot", "timestamp"] {
            signed["roles"][role]["keyids"] = json!([id]);
        }
    });
    world.online = fresh;
    world.forge(&snapshot, "7.snapshot.json", &[&world.online], |signed| signed["version"] = 7.into());
    world.forge("timestamp.json", "timestamp.json", &[&world.online], |signed| {
        signed["version"] = 7.into();
        signed["meta"]["snapshot.json"]["version"] = 7.into();
    });
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.status().unwrap().snapshot_version, 7);
    assert_eq!(world.client().await.status().unwrap().snapshot_version, 7);
}

/// Writes root `version` from the one before it.
fn rotate(world: &World, version: u64, edit: impl FnOnce(&mut serde_json::Value)) {
    let before = format!("{}.root.json", version - 1);
    world.forge(&before, &format!("{version}.root.json"), &[&world.offline], |signed| {
        signed["version"] = version.into();
        edit(signed);
    });
}

#[tokio::test]
async fn t08_long_root_chains_are_followed_up_to_the_limit() {
    let world = World::usual();
    for version in 2..=40 {
        rotate(&world, version, |_| {});
    }
    let client = world.client().await;
    assert_eq!(client.refresh(world.now).await.unwrap().root_version, 40);
    let limits = Limits { root_rotations: 16, ..Limits::default() };
    let store = Arc::new(MemoryStore::default());
    let bounded = Client::open_with(&world.root(), world.repository.clone(), store, limits).await.unwrap();
    assert_eq!(code(bounded.refresh(world.now).await), "registry-root-chain");
    assert_eq!(code(bounded.refresh(world.now).await), "registry-root-chain");
    assert_eq!(bounded.refresh(world.now).await.unwrap().root_version, 40, "what was followed is kept");
}

#[tokio::test]
async fn t08_roots_need_the_old_and_the_new_keys_and_no_gap() {
    let other = key(77);
    let with_other_key = |signed: &mut serde_json::Value| {
        let id = other.public().key_id();
        signed["version"] = 2.into();
        signed["keys"][&id] = json!({
            "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": other.public().to_hex() }
        });
        signed["roles"]["root"]["keyids"] = json!([id]);
    };
    for (only_new, expected) in [(true, "registry-signature"), (false, "registry-signature")] {
        let world = World::usual();
        let signer = if only_new { &other } else { &world.offline };
        world.forge("1.root.json", "2.root.json", &[signer], with_other_key);
        assert_eq!(code(world.client().await.refresh(world.now).await), expected);
    }
    let world = World::usual();
    world.forge("1.root.json", "2.root.json", &[&other, &world.offline], with_other_key);
    assert_eq!(world.client().await.refresh(world.now).await.unwrap().root_version, 2);
    let world = World::usual();
    world.forge("1.root.json", "2.root.json", &[&world.offline], |signed| signed["version"] = 3.into());
    assert_eq!(code(world.client().await.refresh(world.now).await), "registry-root-chain");
}

#[tokio::test]
async fn t09_an_unreachable_next_root_is_not_the_end_of_the_chain() {
    let world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    world.repository.fail("2.root.json");
    assert_eq!(code(client.refresh(world.now).await), "registry-transport");
    world.repository.recover();
    client.refresh(world.now).await.unwrap();
}

#[tokio::test]
async fn t13_metadata_with_ambiguous_json_is_refused() {
    let world = World::usual();
    let good = String::from_utf8(world.served("timestamp.json")).unwrap();
    let cases = [
        good.replacen("\"version\":", "\"version\":1,\"version\":", 1),
        format!("\u{feff}{good}"),
        good.replacen("\"version\":", "\"x\":1e400,\"version\":", 1),
        good.replacen("\"version\":", "\"x\":1.5,\"version\":", 1),
        good.replacen("\"version\":", "\"x\":NaN,\"version\":", 1),
        good.replacen("\"version\":", "\"x\":\"\\ud800\",\"version\":", 1),
        good.replacen(
            "\"version\":",
            &format!("\"x\":{}{},\"version\":", "[".repeat(200), "]".repeat(200)),
            1,
        ),
    ];
    for case in cases {
        world.repository.put_metadata("timestamp.json", case.clone().into_bytes());
        assert_eq!(code(world.fresh_client().await.refresh(world.now).await), "registry-malformed", "{case}");
    }
    let long =
        good.replacen("\"version\":", &format!("\"x\":\"{}\",\"version\":", "x".repeat(10_000_000)), 1);
    world.repository.put_metadata("timestamp.json", long.into_bytes());
    assert_eq!(code(world.fresh_client().await.refresh(world.now).await), "registry-transport");
}

#[tokio::test]
async fn t18_a_wrong_clock_never_locks_out_for_good() {
    let world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let year_ahead = world.now + days(365);
    assert_eq!(code(client.refresh(year_ahead).await), "registry-clock");
    for wrong in
        [world.now - days(1), world.now - days(3650), world.now - jiff::SignedDuration::from_hours(9)]
    {
        client.refresh(wrong).await.unwrap();
        assert_eq!(client.releases(wrong, &name("alice/trees")).await.unwrap().len(), 1);
    }
    client.refresh(world.now + days(1)).await.unwrap();
    // A clock set back after expiry does not revive what is expired.
    assert_eq!(code(client.releases(world.now + days(20), &name("alice/trees")).await), "registry-expired");
}

#[tokio::test]
async fn t20_a_half_written_host_changes_nothing() {
    let world = World::usual();
    let client = world.client().await;
    let before = client.refresh(world.now).await.unwrap();
    world.publish("alice/trees", "1.1.0", &key(11));
    let change = world.refresh().change;
    let snapshot = change.metadata.iter().find(|(name, _)| name.ends_with(".snapshot.json")).unwrap().clone();
    world.repository.remove_metadata(&snapshot.0);
    let error = client.refresh(world.now).await.unwrap_err();
    assert!(error.is_temporary(), "{error}");
    assert_eq!(client.releases(world.now, &name("alice/trees")).await.unwrap().len(), 1);
    assert_eq!(client.status().unwrap().snapshot_version, before.snapshot_version);
    world.repository.put_metadata(&snapshot.0, snapshot.1);
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.releases(world.now, &name("alice/trees")).await.unwrap().len(), 2);
}

/// Loses power at the n-th commit: nothing of that batch or of any later one is kept.
struct DyingStore {
    kept: Arc<MemoryStore>,
    left: AtomicUsize,
}

#[async_trait]
impl MetadataStore for DyingStore {
    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept.load(name).await
    }

    async fn commit(&self, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map_err(|_| StoreError::new("the power went"))?;
        self.kept.commit(files).await
    }
}

#[tokio::test]
async fn t21_a_crash_at_any_commit_leaves_a_state_that_only_moves_forward() {
    for survives in 0..4 {
        let world = World::usual();
        let kept = Arc::new(MemoryStore::default());
        let first = Client::open(&world.root(), world.repository.clone(), kept.clone()).await.unwrap();
        let before = first.refresh(world.now).await.unwrap();
        rotate(&world, 2, |_| {});
        world.publish("alice/trees", "1.1.0", &key(11));
        world.refresh();
        let dying = Arc::new(DyingStore { kept: kept.clone(), left: AtomicUsize::new(survives) });
        let second = Client::open(&world.root(), world.repository.clone(), dying).await.unwrap();
        let outcome = second.refresh(world.now).await;
        assert_eq!(outcome.is_ok(), survives > 0);
        let _ = second.releases(world.now, &name("alice/trees")).await;
        // The next start: stored state verifies, is not older, and a rollback is still refused.
        let third = Client::open(&world.root(), world.repository.clone(), kept).await.unwrap();
        assert!(third.status().unwrap().snapshot_version >= before.snapshot_version);
        third.refresh(world.now).await.unwrap();
        assert_eq!(third.releases(world.now, &name("alice/trees")).await.unwrap().len(), 2);
        world.sign_online(|meta| meta["pub.alice.json"]["version"] = 1.into());
        assert_eq!(code(third.refresh(world.now).await), "registry-rollback");
    }
}

#[tokio::test]
async fn damaged_caches_cost_a_download_and_nothing_else() {
    let world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    client.releases(world.now, &name("alice/trees")).await.unwrap();
    let names = world.store.names();
    assert!(names.iter().any(|name| name == "pub.alice.json"), "{names:?}");
    for damaged in names {
        let good = world.store.load(&damaged).await.unwrap().unwrap();
        let mut text = String::from_utf8(good.clone()).unwrap();
        text = text.replacen("\"sig\":\"", "\"sig\":\"00", 1);
        for bytes in [text.into_bytes(), b"{}".to_vec(), Vec::new()] {
            world.store.put(&damaged, bytes);
            let restarted = world.client().await;
            restarted.refresh(world.now).await.unwrap();
            assert_eq!(
                restarted.releases(world.now, &name("alice/trees")).await.unwrap().len(),
                1,
                "{damaged}"
            );
        }
        world.store.put(&damaged, good);
    }
}

#[tokio::test]
async fn a_publisher_role_is_fetched_once_and_then_only_when_it_changes() {
    let world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    client.releases(world.now, &name("alice/trees")).await.unwrap();
    world.repository.take_requests();
    let restarted = world.client().await;
    restarted.refresh(world.now).await.unwrap();
    restarted.releases(world.now, &name("alice/trees")).await.unwrap();
    let asked: Vec<String> = world.repository.take_requests().into_iter().map(|(name, _)| name).collect();
    assert_eq!(asked, ["2.root.json", "timestamp.json"]);
}

/// What was verified once is not verified again, and is not believed for longer either.
#[tokio::test]
async fn asking_again_says_what_a_client_says_that_never_asked() {
    let lifetimes = Lifetimes {
        publisher: days(9),
        newcomers: days(6),
        targets: days(12),
        online: days(15),
        ..Lifetimes::default()
    };
    let world = World::with(lifetimes);
    for (publisher, seed) in [("alice", 11), ("bobby", 12)] {
        world.admit(publisher, &key(seed));
    }
    world.introduce("carol", &key(13));
    for (publisher, seed) in [("alice", 11), ("bobby", 12), ("carol", 13)] {
        for package in ["trees", "lamps", "rivers"] {
            for version in ["1.0.0", "1.1.0"] {
                world.publish(&format!("{publisher}/{package}"), version, &key(seed));
            }
        }
    }
    assert!(world.refresh().problems.is_empty());
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let names = ["alice/trees", "carol/rivers", "bobby/lamps", "alice/lamps", "alice/none", "nobody/trees"];
    let mut refusals = std::collections::BTreeSet::new();
    for day in [0, 0, 5, 7, 10, 13, 16, 1, 0] {
        let later = world.now + days(day);
        for wanted in names {
            let fresh = world.fresh_client().await;
            fresh.refresh(world.now).await.unwrap();
            let (again, first) =
                (client.releases(later, &name(wanted)).await, fresh.releases(later, &name(wanted)).await);
            match (again, first) {
                (Ok(again), Ok(first)) => assert_eq!(again, first, "{wanted} on day {day}"),
                (again, first) => {
                    let code = code(again);
                    assert_eq!(code, crate::support::code(first), "{wanted} on day {day}");
                    refusals.insert((code, wanted, day));
                }
            }
        }
    }
    let expired = |wanted, day| refusals.contains(&("registry-expired", wanted, day));
    assert!(expired("carol/rivers", 7) && !expired("alice/trees", 7));
    assert!(expired("alice/trees", 10) && expired("bobby/lamps", 13) && expired("alice/trees", 16));
}
