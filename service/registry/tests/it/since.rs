//! What changed since an earlier state of the catalogue, through a whole registry.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use muster_registry::{Client, catalogue_state, decode_changes, decode_shard};

use crate::support::{World, key};

const LIMIT: u64 = 1 << 24;

/// Every line of the catalogue by name, and the name of its state.
async fn read(client: &Client, world: &World) -> (BTreeMap<String, String>, String) {
    client.refresh(world.now).await.unwrap();
    let shards = client.catalogue(world.now).await.unwrap();
    let mut lines = BTreeMap::new();
    for shard in &shards {
        for entry in decode_shard(&client.fetch(shard, LIMIT).await.unwrap()).unwrap() {
            lines.insert(entry.id.to_string(), serde_json::to_string(&entry).unwrap());
        }
    }
    (lines, catalogue_state(shards.iter().map(|shard| (shard.path.as_str(), &shard.sha256))))
}

#[tokio::test]
async fn changes_from_any_recent_state_give_the_state_of_now() {
    let world = World::new();
    for publisher in ["alice", "bobby"] {
        world.admit(publisher, &key(if publisher == "alice" { 11 } else { 12 }));
    }
    for number in 0..40 {
        world.publish(&format!("alice/p{number:02}"), "1.0.0", &key(11));
    }
    world.publish("bobby/rocks", "1.0.0", &key(12));
    world.refresh();
    let client = world.fresh_client().await;
    let mut states = vec![read(&client, &world).await];
    for day in 1..5 {
        world.publish(&format!("alice/p{day:02}"), "1.1.0", &key(11));
        world.publish(&format!("alice/new{day}"), "1.0.0", &key(11));
        assert!(world.refresh().problems.is_empty());
        states.push(read(&client, &world).await);
        // Signed again without a change: every state is still served.
        world.refresh();
    }
    let (now, newest) = read(&client, &world).await;
    assert!(client.catalogue_changes(world.now, &newest).await.unwrap().is_none());
    assert!(client.catalogue_changes(world.now, "0123").await.unwrap().is_none());
    for (age, (before, state)) in states[..4].iter().enumerate() {
        let target = client.catalogue_changes(world.now, state).await.unwrap().expect("served");
        let changes = decode_changes(&client.fetch(&target, LIMIT).await.unwrap()).unwrap();
        assert_eq!(changes.entries.len(), 2 * (4 - age), "only what changed");
        let mut after = before.clone();
        for entry in changes.entries {
            after.insert(entry.id.to_string(), serde_json::to_string(&entry).unwrap());
        }
        changes.gone.iter().for_each(|id| drop(after.remove(&id.to_string())));
        assert_eq!(after, now, "from state {age}");
    }
}

#[tokio::test]
async fn a_damaged_shard_in_the_folder_costs_the_changes_and_nothing_else() {
    let world = World::usual();
    for number in 0..20 {
        world.publish(&format!("alice/p{number:02}"), "1.0.0", &key(11));
    }
    world.refresh();
    let client = world.fresh_client().await;
    let (_, state) = read(&client, &world).await;
    let shard = world.files.all().1.into_keys().filter(|file| file.ends_with(".shard.zst"));
    shard.for_each(|file| world.files.put_target(&file, b"damaged".to_vec()));
    world.publish("alice/new", "1.0.0", &key(11));
    world.refresh();
    assert!(read(&client, &world).await.0.contains_key("alice/new"));
    assert!(client.catalogue_changes(world.now, &state).await.unwrap().is_none());
}
