//! T-24: 20,000 publishers. Bounds on what is fetched are asserted; times are printed, because machines differ.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, time::Instant};

use muster_registry::{SigningKey, author::Change, layout, sha256};
use serde_json::{Value, json};

use crate::support::{World, name, seal};

const PUBLISHERS: u32 = 20_000;

fn key_of(number: u32) -> SigningKey {
    SigningKey::from_seed(sha256(&number.to_le_bytes()).0)
}

/// All shards with all delegations, signed as `admit` signs them, and a snapshot that lists every role. Only one
/// publisher has a file: the others are never asked for.
fn fill(world: &World) {
    let mut shards: BTreeMap<String, (Value, Vec<Value>)> = BTreeMap::new();
    let mut listed = BTreeMap::new();
    for number in 0..PUBLISHERS {
        let publisher = format!("publisher{number}").parse().unwrap();
        let (shard, role) = (layout::shard_of(&publisher), layout::publisher_role(&publisher));
        let public = key_of(number).public();
        let (keys, roles) = shards.entry(shard.clone()).or_insert_with(|| (json!({}), Vec::new()));
        keys[public.key_id()] =
            json!({ "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": public.to_hex() } });
        roles.push(json!({
            "name": role, "keyids": [public.key_id()], "threshold": 1, "terminating": true,
            "paths": [format!("p/{shard}/{publisher}/*/*")],
        }));
        listed.insert(format!("{role}.json"), json!({ "version": 1 }));
    }
    let offline = world.offline.public().key_id();
    let mut delegated = Vec::new();
    for (shard, (keys, roles)) in shards {
        let role = format!("shard-{shard}");
        let signed = json!({
            "_type": "targets", "spec_version": "1.0.34", "version": 1, "expires": "2027-11-01T00:00:00Z",
            "targets": {}, "delegations": { "keys": keys, "roles": roles },
        });
        let metadata = vec![(format!("1.{role}.json"), seal(&signed, &[&world.offline]))];
        world.apply(&Change { targets: Vec::new(), metadata });
        delegated.push(json!({
            "name": role, "keyids": [offline], "threshold": 1, "terminating": false, "paths": [format!("p/{shard}/*/*/*")],
        }));
        listed.insert(format!("{role}.json"), json!({ "version": 1 }));
    }
    world.forge("1.targets.json", "2.targets.json", &[&world.offline], |signed| {
        signed["version"] = 2.into();
        signed["delegations"]["keys"][&offline] = json!({
            "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": world.offline.public().to_hex() }
        });
        delegated.extend(signed["delegations"]["roles"].as_array().unwrap().iter().cloned());
        signed["delegations"]["roles"] = delegated.into();
    });
    world.publish("publisher77/trees", "1.0.0", &key_of(77));
    world.sign_online(|meta| {
        meta["targets.json"]["version"] = 2.into();
        meta.as_object_mut().unwrap().extend(listed);
    });
}

#[tokio::test]
async fn t24_twenty_thousand_publishers_cost_one_look_up_little() {
    let world = World::new();
    fill(&world);
    let client = world.client().await;
    world.repository.take_requests();
    let began = Instant::now();
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.releases(world.now, &name("publisher77/trees")).await.unwrap().len(), 1);
    println!("first look-up: {:?}", began.elapsed());
    let first = world.repository.take_requests();
    let bytes: u64 = first.iter().map(|(_, bytes)| bytes).sum();
    assert!(first.len() <= 8 && bytes <= 1_000_000, "{bytes} bytes in {first:?}");

    let restarted = world.client().await;
    let began = Instant::now();
    restarted.refresh(world.now).await.unwrap();
    restarted.releases(world.now, &name("publisher77/trees")).await.unwrap();
    println!("next look-up: {:?}", began.elapsed());
    let next: u64 = world.repository.take_requests().iter().map(|(_, bytes)| bytes).sum();
    assert!(next <= 5000, "{next} bytes");
}
