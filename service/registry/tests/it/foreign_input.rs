//! Whatever a host, a file or a peer sends: a typed refusal or the truth, never a panic, never somebody else's wait.
#![allow(clippy::unwrap_used)]

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use muster_registry::{
    Client, Fetched, KeyFile, KeySet, MemoryRepository, MemoryStore, PublicKey, ReleaseCustom, Repository,
    SignedRelease, TransportError, decode_shard, encode_shard, pin::Record, verify_envelope,
};
use proptest::prelude::*;

use crate::support::{World, key, name};

/// What a client sees through a host whose file `victim` has one byte changed.
async fn through_damage(
    world: &World,
    victim: &str,
    place: usize,
    byte: u8,
) -> muster_registry::Result<Vec<SignedRelease>> {
    let repository = Arc::new(MemoryRepository::default());
    for (file, mut bytes) in world.files.all().0 {
        if file == victim {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        repository.put_metadata(&file, bytes);
    }
    let client = Client::open(&world.root(), repository, Arc::new(MemoryStore::default())).await?;
    client.refresh(world.now).await?;
    client.releases(world.now, &name("alice/trees")).await
}

#[test]
fn a_changed_byte_anywhere_is_refused_or_changes_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let world = World::usual();
    let shard = muster_registry::layout::shard_role(&"alice".parse().unwrap());
    let snapshot =
        world.files.all().0.keys().filter(|file| file.ends_with(".snapshot.json")).max().unwrap().clone();
    let victims = ["timestamp.json".into(), snapshot, "1.pub.alice.json".into(), format!("1.{shard}.json")];
    let truth = runtime.block_on(through_damage(&world, "none", 0, 0)).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    let damage = (proptest::sample::select(victims.to_vec()), any::<usize>(), any::<u8>());
    let outcome = runner.run(&damage, |(victim, place, byte)| {
        if let Ok(seen) = runtime.block_on(through_damage(&world, &victim, place, byte)) {
            prop_assert_eq!(&seen, &truth);
        }
        Ok(())
    });
    outcome.unwrap();
}

/// Never answers for one publisher.
struct Hanging(Arc<MemoryRepository>);

#[async_trait]
impl Repository for Hanging {
    async fn metadata(&self, name: &str, max_length: u64) -> Result<Fetched, TransportError> {
        if name.ends_with(".pub.alice.json") {
            std::future::pending::<()>().await;
        }
        self.0.metadata(name, max_length).await
    }

    async fn target(&self, path: &str, max_length: u64) -> Result<Fetched, TransportError> {
        self.0.target(path, max_length).await
    }
}

#[tokio::test]
async fn a_publisher_that_never_answers_keeps_nobody_waiting() {
    let world = World::usual();
    let repository = Arc::new(Hanging(world.repository.clone()));
    let client = Client::open(&world.root(), repository, Arc::new(MemoryStore::default())).await.unwrap();
    client.refresh(world.now).await.unwrap();
    let (alice, bobby) = (name("alice/trees"), name("bobby/trees"));
    let hanging = client.releases(world.now, &alice);
    let others = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let releases = client.releases(world.now, &bobby).await.unwrap();
        client.refresh(world.now).await.unwrap();
        releases
    };
    tokio::select! {
        biased;
        _ = hanging => panic!("it never answers"),
        releases = others => assert_eq!(releases.len(), 1),
        () = tokio::time::sleep(Duration::from_secs(20)) => panic!("bobby had to wait for alice"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn parsers_never_panic_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let keys = KeySet::single(key(1).public());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = KeyFile::parse(&bytes);
        let _ = Record::parse_file(&bytes);
        let _ = decode_shard(&bytes);
        let _ = verify_envelope(&bytes, "note", 1, &keys);
        let _ = text.parse::<PublicKey>();
        if let Ok(value) = serde_json::from_slice(&bytes) {
            let _ = ReleaseCustom::from_custom(&text, Some(&value));
        }
    }

    #[test]
    fn parsers_never_panic_on_nearly_right_bytes(place in any::<usize>(), byte in any::<u8>(), cut in any::<usize>()) {
        let one = KeySet::single(key(1).public());
        let record = Record::sign(&one, None, 1, &[&key(1)]).unwrap();
        let documents = [
            KeyFile::test_key(&key(1)).to_bytes(),
            Record::to_file(&[record]).unwrap(),
            encode_shard(&[]).unwrap(),
        ];
        for mut document in documents {
            let (length, place) = (document.len(), place % document.len());
            document[place] = byte;
            document.truncate(length - cut % 3);
            if let Ok(file) = KeyFile::parse(&document) {
                prop_assert!(file.open(None).is_err() || file.public == key(1).public());
            }
            let _ = (Record::parse_file(&document), decode_shard(&document));
        }
    }
}
