//! Registries in git repositories: made by git itself, read from folders and from a host that serves them as forges do.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use muster_catalog::ArchiveAt;

use crate::support::{
    at,
    git::{GitHost, GitRepository},
    git_home::{Home, committed, hosted, noise, registry, titled},
    id,
};

#[tokio::test]
async fn a_repository_in_a_folder_is_synced_and_nothing_of_it_is_copied() {
    let (mut registry, repository) = committed();
    let home = Home::new().await;
    let source = home.add(&registry, &repository.address()).await;
    assert_eq!(home.sync(&source, 5).await.expect("synced").replaced, 1);
    assert_eq!(home.found("weath").await, ["alice/weather"]);
    assert!(!home.sync(&source, 6).await.expect("synced").changed(), "nothing changed");

    registry.publish("alice/weather", "1.1.0", 7, titled("Weather and Storms"));
    registry.write_to(&repository.path());
    assert!(!home.sync(&source, 8).await.expect("synced").changed(), "what is not committed does not count");
    repository.commit_all();
    assert!(home.sync(&source, 9).await.expect("synced").changed());
    let facts = home.catalog.facts(&source, &id("alice/weather"), at(10)).await.expect("facts");
    assert_eq!(facts.len(), 2);
    assert!(home.kept().is_empty(), "it is read where it is");
}

#[tokio::test]
async fn only_what_is_missing_is_fetched_and_nothing_where_nothing_changed() {
    let (mut registry, repository) = committed();
    // History that nobody needs, and a file that stays as it is.
    repository.write("targets/large.bin", &noise(300_000));
    repository.commit_all();
    let host = GitHost::start(repository.parent()).await;
    let home = Home::new().await;
    let source = home.add(&registry, &host.address()).await;
    assert_eq!(home.sync(&source, 5).await.expect("synced").replaced, 1);
    let first = host.take_asked();
    assert_eq!((first.greetings, first.lists, first.fetches), (1, 1, 1), "one fetch for a whole sync");
    assert!(first.bytes > 300_000);
    let named = |head: &String| head.to_ascii_lowercase().contains("user-agent: git/2.0 (muster/");
    assert!(first.heads.iter().all(named), "{:?}", first.heads);
    assert!(!first.heads.iter().any(|head| head.to_ascii_lowercase().contains("authorization")));

    assert!(!home.sync(&source, 6).await.expect("synced").changed());
    let second = host.take_asked();
    assert_eq!((second.greetings, second.lists, second.fetches), (1, 1, 0), "the branch did not move");

    registry.publish("alice/weather", "1.1.0", 7, titled("Weather and Storms"));
    repository.commit(&registry, "");
    assert!(home.sync(&source, 8).await.expect("synced").changed());
    let third = host.take_asked();
    assert_eq!((third.greetings, third.lists, third.fetches), (1, 1, 1));
    assert!(third.bytes < 60_000, "only what changed came: {}", third.bytes);
    assert_eq!(home.catalog.facts(&source, &id("alice/weather"), at(8)).await.expect("facts").len(), 2);
    assert_eq!(home.found("weath").await, ["alice/weather"]);

    // Also after a restart, and without asking anybody.
    let home = home.again().await;
    home.catalog.set_offline(true);
    let facts = home.catalog.stored_facts(&source, &id("alice/weather")).await.expect("facts");
    assert_eq!(facts.len(), 2);
    assert_eq!(home.code(&source, 9).await, "catalog-switched-off");
    assert_eq!(host.take_asked().greetings, 0);
    home.catalog.set_offline(false);
    assert!(!home.sync(&source, 10).await.expect("synced").changed());
    assert_eq!(host.take_asked().fetches, 0, "what was fetched before the restart is here");
    assert_eq!(home.kept().len(), 1);
}

#[tokio::test]
async fn everything_of_a_refresh_is_of_one_commit() {
    let (registry, repository, host) = hosted().await;
    let home = Home::new().await;
    let source = home.add(&registry, &host.address()).await;
    home.sync(&source, 5).await.expect("synced");
    host.take_asked();
    // A push that leaves half of the registry out.
    repository.git(&["rm", "-rq", "metadata"]);
    repository.commit_all();
    let facts = home.catalog.facts(&source, &id("bobby/rocks"), at(6)).await.expect("facts");
    assert_eq!(facts.len(), 1, "read from the commit of the refresh");
    assert_eq!(host.take_asked().greetings, 0);
    assert!(home.sync(&source, 7).await.is_err());
    assert_eq!(home.found("rocks").await, ["bobby/rocks"], "last good data is served");
}

#[tokio::test]
async fn a_branch_and_a_folder_are_read_where_they_are_named() {
    let registry = registry();
    let repository = GitRepository::new();
    repository.write("README.md", b"# Mods\n");
    repository.commit_all();
    repository.git(&["checkout", "-q", "-b", "stable/1.x"]);
    repository.commit(&registry, "data/registry");
    repository.git(&["checkout", "-q", "main"]);
    let host = GitHost::start(repository.parent()).await;
    for address in [repository.address(), host.address()] {
        let home = Home::new().await;
        let source = home.add(&registry, &format!("{address}#stable/1.x:data/registry")).await;
        assert_eq!(home.sync(&source, 5).await.expect("synced").replaced, 1, "{address}");
        let other = Home::new().await;
        let source = other.add(&registry, &format!("{address}#unstable")).await;
        assert_eq!(other.code(&source, 5).await, "catalog-no-branch", "{address}");
        let main = Home::new().await;
        let source = main.add(&registry, &address).await;
        assert!(main.sync(&source, 5).await.is_err(), "{address}: the registry is not on this branch");
    }
}

#[tokio::test]
async fn a_repository_that_moved_is_followed_on_allowed_ground() {
    let (registry, repository) = committed();
    let (old, new) = (GitHost::start(repository.parent()).await, GitHost::start(repository.parent()).await);
    let target = new.address().trim_start_matches("git+").to_owned();
    let moved = format!(
        "HTTP/1.1 301 x\r\nlocation: {target}/info/refs?service=git-upload-pack\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    );
    old.answer("/mods.git/info/refs", moved);
    let home = Home::new().await;
    let source = home.add(&registry, &old.address()).await;
    home.sync(&source, 5).await.expect("synced");
    assert_eq!((old.take_asked().fetches, new.take_asked().fetches), (0, 1));
}

#[tokio::test]
async fn archives_in_the_repository_are_laid_out_whole() {
    let (registry, repository, host) = hosted().await;
    for address in [repository.address(), host.address()] {
        let home = Home::new().await;
        let source = home.add(&registry, &address).await;
        home.sync(&source, 5).await.expect("synced");
        let facts = home.catalog.facts(&source, &id("alice/weather"), at(6)).await.expect("facts");
        let fact = &facts[0];
        let near = address.trim_start_matches("git+").parse().expect("url");
        assert_eq!(fact.archive_at, Some(ArchiveAt::Repository(near)));
        assert_eq!(home.catalog.lay_out(fact).await.expect("looked"), None, "it is not in there");
        let file = format!("targets/{}", fact.signed.as_ref().expect("signed").target.file);
        repository.write(&file, &[b'x'; 999]);
        repository.commit_all();
        home.sync(&source, 7).await.expect("synced");
        assert_eq!(home.catalog.lay_out(fact).await.expect("looked"), None, "not as long as was signed");
        repository.write(&file, &[b'x'; 1000]);
        repository.commit_all();
        home.sync(&source, 8).await.expect("synced");
        let path = home.catalog.lay_out(fact).await.expect("looked").expect("there");
        assert_eq!(std::fs::read(&path).expect("read"), [b'x'; 1000]);
        assert!(path.starts_with(home.folder.path().join("git")));
        repository.git(&["rm", "-q", &file]);
        repository.commit_all();
    }
}

#[tokio::test]
async fn what_is_forgotten_leaves_nothing_behind() {
    let (registry, _repository, host) = hosted().await;
    let home = Home::new().await;
    let source = home.add(&registry, &host.address()).await;
    home.sync(&source, 5).await.expect("synced");
    // One that was looked at and never added.
    let looked = format!("{}#main", host.address());
    let looked = muster_catalog::Address::parse(&looked).expect("an address");
    assert_eq!(home.catalog.first_root(&looked, 10_000).await.expect("read"), Some(registry.root()));
    assert_eq!(home.kept().len(), 2);
    let home = home.again().await;
    assert_eq!(home.kept().len(), 1, "only sources' repositories are kept over a start");
    home.catalog.forget(&source).await.expect("forgotten");
    assert!(home.kept().is_empty());
}
