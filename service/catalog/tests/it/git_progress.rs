//! How far the fetch of a large repository is, while it runs; and what is left of one that nobody waits for any more.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{sync::Arc, time::Duration};

use muster_catalog::{Address, GitStage, GitStep, GitTransport};

use crate::support::{
    git::{GitHost, GitRepository, Mood},
    git_home::{Home, noise, registry},
};

/// A repository with a few hundred objects, on a host in this mood, and a home that knows nothing of it.
async fn large(mood: Mood) -> (GitRepository, GitHost, Home, Address) {
    let repository = GitRepository::new();
    // No two alike, so that none is sent as a difference from another.
    for (number, piece) in noise(300_000).chunks(1_000).enumerate() {
        repository.write(&format!("targets/file-{number}.bin"), piece);
    }
    repository.commit(&registry(), "");
    let host = GitHost::start(repository.parent()).await;
    host.set_mood(mood);
    let address = Address::parse(&host.address()).expect("an address");
    (repository, host, Home::new().await, address)
}

async fn until(transport: &GitTransport, fits: impl Fn(Option<GitStep>) -> bool) -> Option<GitStep> {
    for _ in 0..1_000 {
        let step = transport.step();
        if fits(step) {
            return step;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to that: {:?}", transport.step());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetch_says_how_many_objects_and_bytes_came() {
    let (_repository, _host, home, address) = large(Mood::Drips).await;
    let transport = home.catalog.repository(&address).expect("opens").expect("a repository");
    assert_eq!(transport.step(), None, "nothing runs");
    let looking = home.catalog.first_root(&address, 100_000);
    let watching = async {
        let receiving = |step: Option<GitStep>| step.is_some_and(|step| step.stage == GitStage::Receiving);
        let first = until(&transport, receiving).await.expect("a step");
        let grown = |step: Option<GitStep>| step.is_none_or(|step| step.bytes > first.bytes + 20_000);
        let later = until(&transport, grown).await.expect("still running");
        assert!(later.of > 300 && later.of == first.of, "{later:?}");
        assert!(later.objects > first.objects && later.objects <= later.of, "{first:?} {later:?}");
    };
    let (found, ()) = tokio::join!(looking, watching);
    assert!(found.expect("read").is_some());
    assert_eq!(transport.step(), None, "nothing runs any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetch_that_nobody_waits_for_ends_and_the_next_one_is_not_kept_from_its_turn() {
    let (_repository, host, home, address) = large(Mood::Stalls).await;
    let transport = home.catalog.repository(&address).expect("opens").expect("a repository");
    let catalog = Arc::new(home.catalog);
    let looking = tokio::spawn({
        let (catalog, address) = (catalog.clone(), address.clone());
        async move { catalog.first_root(&address, 100_000).await }
    });
    until(&transport, |step| step.is_some_and(|step| step.bytes > 50_000)).await;
    looking.abort();
    until(&transport, |step| step.is_none()).await;
    host.set_mood(Mood::Well);
    let again = tokio::time::timeout(Duration::from_secs(10), catalog.first_root(&address, 100_000)).await;
    assert!(again.expect("its turn came").expect("read").is_some());
}
