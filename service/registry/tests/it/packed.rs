//! Packed copies of large metadata files: fetched instead of them, never believed instead of them.
#![allow(clippy::unwrap_used)]

use muster_registry::decode_shard;

use crate::support::{World, key};

/// A registry whose snapshot is large enough to be packed, and the name of the snapshot.
fn crowded() -> (World, String) {
    let world = World::usual();
    for number in 0..120 {
        world.admit(&format!("maker{number}"), &key(20));
        world.publish(&format!("maker{number}/stone"), "1.0.0", &key(20));
    }
    assert!(world.refresh().problems.is_empty());
    let names = world.files.all().0;
    let packed: Vec<&String> = names.keys().filter(|name| name.ends_with(".snapshot.json.zst")).collect();
    assert_eq!(packed.len(), 1, "small snapshots before it were not worth a copy");
    let plain = packed[0].trim_end_matches(".zst").to_owned();
    assert!(names[packed[0]].len() * 2 < names[&plain].len());
    (world, plain)
}

/// Files that a new client asks for until it has the whole catalogue.
async fn asked(world: &World) -> Vec<String> {
    world.repository.take_requests();
    let client = world.fresh_client().await;
    client.refresh(world.now).await.unwrap();
    let shards = client.catalogue(world.now).await.unwrap();
    let mut packages = 0;
    for shard in &shards {
        packages += decode_shard(&client.fetch(shard, 1 << 24).await.unwrap()).unwrap().len();
    }
    assert_eq!(packages, 122);
    world.repository.take_requests().into_iter().map(|(name, _)| name).collect()
}

#[tokio::test]
async fn the_packed_copy_is_fetched_and_the_file_itself_is_not() {
    let (world, plain) = crowded();
    let asked = asked(&world).await;
    assert!(asked.iter().any(|name| name.ends_with(&format!("{plain}.zst"))), "{asked:?}");
    assert!(!asked.iter().any(|name| name.ends_with(&plain)), "{asked:?}");
}

#[tokio::test]
async fn a_copy_that_is_damaged_or_says_something_else_costs_a_request_only() {
    let (world, plain) = crowded();
    let other = String::from_utf8(world.served(&plain)).unwrap().replace("maker7.", "maker8.");
    let packed = format!("{plain}.zst");
    for copy in [
        b"not zstd".to_vec(),
        zstd::bulk::compress(b"not json", 3).unwrap(),
        zstd::bulk::compress(&vec![b' '; 9 << 20], 3).unwrap(),
        zstd::bulk::compress(other.as_bytes(), 3).unwrap(),
    ] {
        world.repository.put_metadata(&packed, copy);
        let asked = asked(&world).await;
        assert!(asked.iter().any(|name| name.ends_with(&plain)), "{asked:?}");
    }
}
