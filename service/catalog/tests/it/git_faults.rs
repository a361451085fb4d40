//! Git repositories and hosts that are broken, hostile or not there.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::time::Duration;

use muster_catalog::{Error, FetchError, GitLimits};

use crate::support::{
    Registry, at,
    git::{GitHost, GitRepository, Mood},
    git_home::{Home, LIMITS, QUICK, committed, hosted, noise, packs, registry, titled},
    id,
};

#[tokio::test]
async fn t20_a_history_that_is_rewound_is_refused_as_a_rollback() {
    let (mut registry, repository) = committed();
    registry.publish("alice/weather", "1.1.0", 3, titled("Weather"));
    repository.commit(&registry, "");
    let host = GitHost::start(repository.parent()).await;
    for address in [repository.address(), host.address()] {
        let home = Home::new().await;
        let source = home.add(&registry, &address).await;
        home.sync(&source, 5).await.expect("synced");
        repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
        assert_eq!(home.code(&source, 6).await, "registry-rollback", "{address}");
        let facts = home.catalog.facts(&source, &id("alice/weather"), at(7)).await.expect("facts");
        assert_eq!(facts.len(), 2, "what was trusted stays in use");
        repository.git(&["reset", "-q", "--hard", "ORIG_HEAD"]);
        home.sync(&source, 8).await.expect("and again");
    }
}

#[tokio::test]
async fn a_forged_repository_is_refused_like_a_forged_host() {
    let (registry, mut forged) = (registry(), Registry::new(40));
    forged.publish("alice/weather", "9.0.0", 3, titled("Weather"));
    let repository = GitRepository::new();
    repository.commit(&forged, "");
    let host = GitHost::start(repository.parent()).await;
    for address in [repository.address(), host.address()] {
        let home = Home::new().await;
        let source = home.add(&registry, &address).await;
        assert_eq!(home.code(&source, 5).await, "registry-signature", "{address}");
        assert!(home.found("weather").await.is_empty());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_other_repositories_are_not_followed() {
    let (registry, repository) = committed();
    let whole = repository.git(&["rev-parse", "HEAD"]);
    let host = GitHost::start(repository.parent()).await;
    let outside = repository.parent().join("outside.json");
    std::fs::copy(repository.path().join("metadata/timestamp.json"), &outside).expect("copied");
    for address in [repository.address(), host.address()] {
        let home = Home::new().await;
        let source = home.add(&registry, &address).await;
        let timestamp = repository.path().join("metadata/timestamp.json");
        std::fs::remove_file(&timestamp).expect("removed");
        std::os::unix::fs::symlink(&outside, &timestamp).expect("linked");
        repository.commit_all();
        assert_eq!(home.code(&source, 5).await, "catalog-not-a-file", "{address}: a link");

        repository.git(&["rm", "-q", "--cached", "metadata/timestamp.json"]);
        std::fs::remove_file(&timestamp).expect("removed");
        repository.git(&[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("160000,{whole},metadata/timestamp.json"),
        ]);
        repository.git(&["commit", "-q", "-m", "another repository"]);
        assert_eq!(home.code(&source, 6).await, "catalog-not-a-file", "{address}: another repository");

        repository.git(&["reset", "-q", "--hard", &whole]);
        std::fs::rename(repository.path().join("metadata"), repository.parent().join("metadata"))
            .expect("moved");
        std::os::unix::fs::symlink("../metadata", repository.path().join("metadata")).expect("linked");
        repository.commit_all();
        assert_eq!(home.code(&source, 7).await, "catalog-not-a-file", "{address}: a folder that is a link");
        std::fs::remove_dir_all(repository.parent().join("metadata")).expect("removed");
        repository.git(&["reset", "-q", "--hard", &whole]);
        home.sync(&source, 8).await.expect("synced");
    }
}

#[tokio::test]
async fn t14_what_is_too_long_is_not_read() {
    let (registry, repository, host) = hosted().await;
    repository.write("metadata/timestamp.json", &vec![b' '; 200_000]);
    repository.commit_all();
    for address in [repository.address(), host.address()] {
        let home = Home::new().await;
        let source = home.add(&registry, &address).await;
        assert_eq!(home.code(&source, 5).await, "catalog-too-long", "{address}");
    }
    // A repository with more than may come, and one with a file that inflates to more than may be in memory.
    repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repository.write("targets/large.bin", &noise(300_000));
    repository.commit_all();
    let small = GitLimits { bytes: 100_000, ..LIMITS };
    let home = Home::with(tempfile::tempdir().expect("temp dir"), small, QUICK).await;
    let source = home.add(&registry, &host.address()).await;
    assert_eq!(home.code(&source, 5).await, "catalog-too-long");
    repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repository.write("targets/bomb.bin", &vec![0; 8 * 1024 * 1024]);
    repository.commit_all();
    let home = Home::new().await;
    let source = home.add(&registry, &host.address()).await;
    assert_eq!(home.code(&source, 6).await, "catalog-repository");
    repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
    home.sync(&source, 7).await.expect("and without it");
}

#[tokio::test]
async fn a_fetch_that_breaks_off_costs_nothing_but_itself() {
    let (mut registry, repository, host) = hosted().await;
    let home = Home::new().await;
    let source = home.add(&registry, &host.address()).await;
    host.set_mood(Mood::Cuts);
    let error = home.sync(&source, 5).await.expect_err("cut");
    assert!(matches!(error, Error::Unreachable { error: FetchError::Offline { .. }, .. }), "{error}");
    host.set_mood(Mood::Stalls);
    let error = home.sync(&source, 6).await.expect_err("silent");
    assert!(matches!(error, Error::Unreachable { error: FetchError::Timeout { .. }, .. }), "{error}");
    // Whoever waited is gone in the middle of it, and so is the service.
    let gone = tokio::time::timeout(Duration::from_millis(700), home.sync(&source, 7)).await;
    assert!(gone.is_err());
    let [folder] = &home.kept()[..] else { panic!("one folder") };
    std::fs::write(folder.join("shallow.lock"), b"").expect("left behind");
    std::fs::write(folder.join("objects/pack/.tmpAbCdEf"), b"PACK").expect("left behind");
    std::fs::write(folder.join("objects/pack/pack-1234.pack"), b"PACK").expect("left behind");
    let folder = folder.clone();
    host.set_mood(Mood::Well);
    let home = home.again().await;
    assert_eq!(home.sync(&source, 8).await.expect("synced").replaced, 1);
    assert_eq!(packs(&folder), 1, "what was left behind is gone");

    registry.publish("alice/weather", "1.1.0", 9, titled("Weather"));
    repository.commit(&registry, "");
    host.set_mood(Mood::Cuts);
    assert!(home.sync(&source, 10).await.is_err());
    assert_eq!(home.catalog.facts(&source, &id("bobby/rocks"), at(11)).await.expect("facts").len(), 1);
    host.set_mood(Mood::Well);
    assert!(home.sync(&source, 12).await.expect("synced").changed());
}

#[tokio::test]
async fn a_damaged_folder_is_fetched_anew() {
    let (registry, repository, host) = hosted().await;
    let home = Home::new().await;
    let source = home.add(&registry, &host.address()).await;
    home.sync(&source, 5).await.expect("synced");
    let folder = home.kept().remove(0);
    let in_packs = || -> Vec<std::path::PathBuf> {
        let listed = std::fs::read_dir(folder.join("objects/pack")).expect("listed");
        listed.map(|entry| entry.expect("entry").path()).collect()
    };
    let first = in_packs();
    repository.write("README.md", b"# Mods");
    repository.commit_all();
    home.sync(&source, 6).await.expect("synced");
    assert_eq!(packs(&folder), 2);
    for path in first {
        std::fs::remove_file(path).expect("removed");
    }
    let home = home.again().await;
    assert_eq!(
        home.code(&source, 7).await,
        "catalog-repository",
        "the newest commit is there, its files are not"
    );
    home.sync(&source, 8).await.expect("and again");
    assert_eq!(packs(&folder), 1);
    for path in in_packs() {
        std::fs::remove_file(path).expect("removed");
    }
    let home = home.again().await;
    home.sync(&source, 9).await.expect("nothing at all is like the first time");
    assert_eq!(packs(&folder), 1);
}

#[tokio::test]
async fn what_is_no_repository_is_told_apart() {
    let (registry, _repository, host) = hosted().await;
    let home = Home::new().await;
    let source = home.add(&registry, &host.address()).await;
    let answers = [
        ("HTTP/1.1 404 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", "catalog-no-repository"),
        (
            "HTTP/1.1 401 x\r\nwww-authenticate: Basic\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            "catalog-no-repository",
        ),
        (
            "HTTP/1.1 503 x\r\nretry-after: 9\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            "catalog-busy",
        ),
        (
            "HTTP/1.1 200 x\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: 4\r\n\r\n<p/>",
            "catalog-repository",
        ),
        (
            "HTTP/1.1 200 x\r\ncontent-type: application/x-git-upload-pack-advertisement\r\nconnection: close\r\ncontent-length: 6\r\n\r\nzzzzzz",
            "catalog-repository",
        ),
        (
            "HTTP/1.1 302 x\r\nlocation: http://10.0.0.1/mods.git/info/refs?service=git-upload-pack\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            "catalog-redirect-refused",
        ),
        (
            "HTTP/1.1 302 x\r\nlocation: file:///etc/passwd\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            "catalog-redirect-refused",
        ),
    ];
    for (second, (answer, code)) in answers.into_iter().enumerate() {
        host.answer("/mods.git/info/refs", answer.to_owned());
        let second = i64::try_from(second).expect("few");
        assert_eq!(home.code(&source, 10 + second).await, code, "{answer}");
    }
    let empty = tempfile::tempdir().expect("temp dir");
    let other = Home::new().await;
    let source = other.add(&registry, &format!("git+file://{}/gone.git", empty.path().display())).await;
    assert_eq!(other.code(&source, 5).await, "catalog-no-repository");
    let bare = GitRepository::new();
    let other = Home::new().await;
    let source = other.add(&registry, &bare.address()).await;
    assert_eq!(other.code(&source, 5).await, "catalog-no-branch", "without a commit");
    let home = Home::new().await;
    let host = GitHost::start(bare.parent()).await;
    let source = home.add(&registry, &host.address()).await;
    assert_eq!(home.code(&source, 5).await, "catalog-no-branch", "without a commit");
}
