//! Registries as sources: folders and hosts, good and bad ones, through the whole catalogue.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{sync::Arc, time::Duration};

use futures::StreamExt as _;
use jiff::SignedDuration;
use muster_catalog::{
    ArchiveAt, Catalog, Error, Patience, Query, SearchContext, Status, breaker::BreakerPolicy, check_hint,
};
use muster_domain::{Coded, Dependency, Requirement, SourceId, Version, VersionRange};
use muster_store::{CatalogDb, StateDb, state::NewSource};
use tempfile::TempDir;

use crate::support::{Answer, Host, Registry, at, id};

const QUICK: Patience = Patience {
    whole: Duration::from_secs(20),
    tries: 2,
    first_wait: SignedDuration::from_millis(10),
    breaker: BreakerPolicy {
        failures: 2,
        first: SignedDuration::from_secs(30),
        longest: SignedDuration::from_secs(3600),
    },
};

struct Home {
    _folder: TempDir,
    state: Arc<StateDb>,
    database: Arc<CatalogDb>,
    catalog: Catalog,
}

async fn home() -> Home {
    let folder = tempfile::tempdir().expect("temp dir");
    let state = Arc::new(StateDb::open(&folder.path().join("state.db")).expect("state"));
    let database = Arc::new(CatalogDb::open(&folder.path().join("catalog.db")).expect("catalog"));
    let catalog = Catalog::open(database.clone(), state.clone(), QUICK).await.expect("opened");
    Home { _folder: folder, state, database, catalog }
}

impl Home {
    async fn add(&self, registry: &Registry, address: &str) -> SourceId {
        let source = NewSource {
            id: registry.source(),
            kind: "registry".into(),
            address: address.into(),
            alias: None,
            root: Some(registry.root()),
        };
        self.state.sources().add(source, at(0)).await.expect("added");
        let source = self.state.sources().get(&registry.source()).await.expect("read").expect("there");
        self.catalog.open_source(&source).await.expect("opened");
        source.id
    }

    async fn found(&self, text: &str) -> Vec<String> {
        let context = SearchContext { now: at(0), ..SearchContext::default() };
        let result = self.catalog.search(&Query::parse(text), context, 0..50).await.expect("searched");
        result.page.rows.into_iter().map(|row| row.id.to_string()).collect()
    }

    async fn status(&self, source: &SourceId, second: i64) -> Status {
        let health = self.catalog.health(at(second)).await.expect("health");
        health.into_iter().find(|health| health.source.id == *source).expect("there").status
    }
}

fn titled(title: &str) -> impl FnOnce(&mut muster_registry::ReleaseCustom) {
    let title = title.to_owned();
    move |custom| {
        custom.display.title = title;
        custom.games = vec![muster_domain::GameSupport {
            game: "minetest".parse().expect("game"),
            version: VersionRange::any(),
        }];
    }
}

fn requirement(package: &str) -> Dependency {
    Dependency::One(Requirement { package: id(package), version: VersionRange::any(), source: None })
}

#[tokio::test]
async fn a_folder_is_synced_searched_and_vouched_for() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather and Storms"));
    registry.publish("alice/weather", "1.1.0", 2, titled("Weather and Storms"));
    registry.publish("bobby/rocks", "0.1.0", 3, titled("Größere Rocks"));
    let folder = tempfile::tempdir().expect("temp dir");
    registry.write_to(folder.path());
    let home = home().await;
    let source = home.add(&registry, &folder.path().display().to_string()).await;
    assert_eq!(home.status(&source, 5).await, Status::New);

    let synced = home.catalog.sync(&source, at(5), 0.5).await.expect("synced");
    assert_eq!((synced.replaced, synced.removed), (1, 0));
    assert_eq!(home.found("weath").await, ["alice/weather"]);
    assert_eq!(home.found("grossere").await, ["bobby/rocks"]);
    assert_eq!(home.found("game:minetest wether").await, ["alice/weather"], "one letter is missing");
    assert_eq!(home.status(&source, 6).await, Status::Fresh);

    let page = home.catalog.package(&source, &id("alice/weather")).await.expect("page");
    assert_eq!((page.package.version.as_str(), page.releases.len()), ("1.1.0", 2));
    let facts = home.catalog.facts(&source, &id("alice/weather"), at(7)).await.expect("facts");
    assert_eq!(facts.len(), 2);
    for fact in &facts {
        check_hint(&page, fact).expect("the hint is what the publisher signed");
        let Some(ArchiveAt::Folder(path)) = &fact.archive_at else { panic!("in the folder") };
        assert!(path.starts_with(folder.path().join("targets")), "{path:?}");
    }
    let again = home.catalog.sync(&source, at(8), 0.5).await.expect("synced");
    assert!(!again.changed(), "nothing changed");

    drop(folder);
    let stored = home.catalog.stored_facts(&source, &id("alice/weather")).await.expect("stored");
    assert_eq!(stored.len(), 2, "what was looked at is there without the source");
    assert!(home.catalog.sync(&source, at(9), 0.5).await.is_err());
    assert_eq!(home.status(&source, 9).await, Status::Failed);
    assert_eq!(home.found("weather").await, ["alice/weather"], "last good data is served");
}

#[tokio::test]
async fn only_changed_shards_are_fetched() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather"));
    let host = Host::start().await;
    host.serve(&registry);
    let home = home().await;
    let source = home.add(&registry, &host.address()).await;
    home.catalog.sync(&source, at(5), 0.5).await.expect("synced");
    host.take_requests();

    registry.refresh(6);
    host.serve(&registry);
    let unchanged = home.catalog.sync(&source, at(7), 0.5).await.expect("synced");
    assert!(!unchanged.changed());
    let requests = host.take_requests();
    assert!(!requests.iter().any(|head| head.contains(".zst")), "{requests:?}");

    registry.publish("alice/storm", "1.0.0", 8, titled("Storm"));
    host.serve(&registry);
    let changed = home.catalog.sync(&source, at(9), 0.5).await.expect("synced");
    assert_eq!(changed.replaced, 1);
    assert_eq!(home.found("").await.len(), 2);
}

#[tokio::test]
async fn t20_a_half_copied_host_keeps_what_was_there_and_says_so() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather"));
    let host = Host::start().await;
    host.serve(&registry);
    let home = home().await;
    let source = home.add(&registry, &host.address()).await;
    home.catalog.sync(&source, at(5), 0.5).await.expect("synced");

    registry.publish("alice/storm", "1.0.0", 8, titled("Storm"));
    for (path, bytes) in registry.paths() {
        let is_shard = path.ends_with(".zst");
        host.answer(&path, if is_shard { Answer::Status(404) } else { Answer::Bytes(bytes) });
    }
    let synced = home.catalog.sync(&source, at(9), 0.5).await.expect("the rest is synced");
    assert_eq!((synced.replaced, synced.broken.len()), (0, 1));
    assert_eq!(home.found("").await, ["alice/weather"]);
    assert_eq!(home.status(&source, 9).await, Status::Late);
    for (path, bytes) in registry.paths() {
        let is_shard = path.ends_with(".zst");
        let altered = [&bytes[..], b"more"].concat();
        host.answer(&path, Answer::Bytes(if is_shard { altered } else { bytes }));
    }
    let synced = home.catalog.sync(&source, at(10), 0.5).await.expect("synced");
    assert_eq!(synced.broken.len(), 1, "other bytes than were signed");
    host.serve(&registry);
    home.catalog.sync(&source, at(11), 0.5).await.expect("synced");
    assert_eq!(home.found("").await.len(), 2);
    assert_eq!(home.status(&source, 11).await, Status::Fresh);
}

#[tokio::test]
async fn t15_a_failing_source_hides_nobody_and_rests_after_a_while() {
    let (mut good, mut bad) = (Registry::new(1), Registry::new(50));
    good.publish("alice/weather", "1.0.0", 1, titled("Weather"));
    bad.publish("bobby/rocks", "1.0.0", 1, titled("Rocks"));
    let (first, second) = (Host::start().await, Host::start().await);
    first.serve(&good);
    second.serve(&bad);
    let home = home().await;
    let good_id = home.add(&good, &first.address()).await;
    let bad_id = home.add(&bad, &second.address()).await;
    for (_, outcome) in home.catalog.sync_all(at(2), || 0.5).collect::<Vec<_>>().await {
        outcome.expect("synced");
    }
    assert_eq!(home.found("").await.len(), 2);

    second.answer("metadata/timestamp.json", Answer::Status(500));
    for round in 0..2 {
        let outcomes = home.catalog.sync_all(at(10 + round), || 1.0).collect::<Vec<_>>().await;
        for (id, outcome) in outcomes {
            if id == good_id {
                outcome.expect("the good one goes on");
            } else {
                let error = outcome.expect_err("failed");
                assert_eq!(error.code(), "catalog-server-error", "{error}");
            }
        }
    }
    let outcomes = home.catalog.sync_all(at(12), || 1.0).collect::<Vec<_>>().await;
    let (_, resting) = outcomes.into_iter().find(|(id, _)| *id == bad_id).expect("there");
    assert_eq!(resting.expect_err("resting").code(), "catalog-resting");
    let health = home.catalog.health(at(12)).await.expect("health");
    let bad_health = health.iter().find(|health| health.source.id == bad_id).expect("there");
    assert_eq!(
        (bad_health.status, bad_health.resting_until, bad_health.packages),
        (Status::Failed, Some(at(41)), 1)
    );
    assert_eq!(bad_health.source.problem.as_ref().map(|p| p.code.as_str()), Some("catalog-server-error"));
    assert_eq!(bad_health.age, Some(SignedDuration::from_secs(10)));
    assert_eq!(home.found("").await.len(), 2, "both are still found");

    second.serve(&bad);
    for (_, outcome) in home.catalog.sync_all(at(42), || 1.0).collect::<Vec<_>>().await {
        outcome.expect("back again");
    }
    assert_eq!(home.status(&bad_id, 42).await, Status::Fresh);
}

#[tokio::test]
async fn t05_an_expired_registry_is_late_and_stays_searchable() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather"));
    let folder = tempfile::tempdir().expect("temp dir");
    registry.write_to(folder.path());
    let home = home().await;
    let source = home.add(&registry, &folder.path().display().to_string()).await;
    home.catalog.sync(&source, at(5), 0.5).await.expect("synced");
    home.catalog.facts(&source, &id("alice/weather"), at(6)).await.expect("facts");

    let later = 11 * 86_400;
    assert_eq!(home.status(&source, later).await, Status::Late, "by its date alone");
    let error = home.catalog.sync(&source, at(later), 0.5).await.expect_err("expired");
    assert_eq!(error.code(), "registry-expired", "{error}");
    assert_eq!(home.status(&source, later).await, Status::Late);
    assert!(home.catalog.facts(&source, &id("alice/weather"), at(later)).await.is_err(), "nothing new");
    home.catalog.stored_facts(&source, &id("alice/weather")).await.expect("but what is here");
    assert_eq!(home.found("weather").await, ["alice/weather"]);
}

#[tokio::test]
async fn t09_an_error_for_the_next_root_fails_the_refresh() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather"));
    let host = Host::start().await;
    host.serve(&registry);
    host.answer("metadata/2.root.json", Answer::Status(503));
    let home = home().await;
    let source = home.add(&registry, &host.address()).await;
    let error = home.catalog.sync(&source, at(5), 0.5).await.expect_err("refused");
    assert_eq!(error.code(), "catalog-server-error", "{error}");
    assert!(home.found("").await.is_empty());
}

#[tokio::test]
async fn t04_a_catalogue_that_lies_is_found_out_and_named() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, |custom| {
        titled("Weather")(custom);
        custom.depends = vec![requirement("alice/core")];
        custom.license = Some("LicenseRef-proprietary".into());
    });
    let folder = tempfile::tempdir().expect("temp dir");
    registry.write_to(folder.path());
    let home = home().await;
    let source = home.add(&registry, &folder.path().display().to_string()).await;
    home.catalog.sync(&source, at(5), 0.5).await.expect("synced");
    let fact = home.catalog.facts(&source, &id("alice/weather"), at(6)).await.expect("facts").remove(0);
    let honest = home.catalog.package(&source, &id("alice/weather")).await.expect("page");
    check_hint(&honest, &fact).expect("honest");

    let mut shown = honest.clone();
    shown.releases[0].depends.clear();
    shown.releases[0].archive.size = 1;
    shown.releases[0].license = Some("MIT".into());
    shown.package.title = "Wheather".into();
    let error = check_hint(&shown, &fact).expect_err("found out");
    assert_eq!(error.code(), "catalog-hint-differs");
    let Error::HintDiffers { fields, .. } = &error else { panic!("{error}") };
    assert_eq!(fields, &["size", "depends", "license", "title"]);
    let mut shown = honest;
    shown.releases[0].version = Version::semver("9.0.0").expect("version");
    assert!(check_hint(&shown, &fact).is_err(), "a version that the catalogue did not show");
}

#[tokio::test]
async fn unknown_sources_and_packages_have_their_own_errors() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather"));
    let folder = tempfile::tempdir().expect("temp dir");
    registry.write_to(folder.path());
    let home = home().await;
    let source = home.add(&registry, &folder.path().display().to_string()).await;
    home.catalog.sync(&source, at(5), 0.5).await.expect("synced");
    for missing in ["alice/other", "nobody/here", "Not A Registry Name"] {
        let error = home.catalog.facts(&source, &id(missing), at(6)).await.expect_err("missing");
        assert_eq!(error.code(), "catalog-unknown-package", "{missing}: {error}");
        assert!(home.catalog.package(&source, &id(missing)).await.is_err());
    }
    let stranger = SourceId::registry(&muster_domain::Sha256([9; 32]));
    let error = home.catalog.facts(&stranger, &id("alice/weather"), at(6)).await.expect_err("unknown");
    assert_eq!(error.code(), "catalog-unknown-source");
}

#[tokio::test]
async fn a_source_comes_back_after_a_restart_and_goes_when_forgotten() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather"));
    let folder = tempfile::tempdir().expect("temp dir");
    registry.write_to(folder.path());
    let home = home().await;
    let source = home.add(&registry, &folder.path().display().to_string()).await;
    home.catalog.sync(&source, at(5), 0.5).await.expect("synced");

    let again = Catalog::open(home.database.clone(), home.state.clone(), QUICK).await.expect("opened");
    assert_eq!(again.sources(), std::slice::from_ref(&source));
    again.facts(&source, &id("alice/weather"), at(6)).await.expect("trusted without another sync");
    again.forget(&source).await.expect("forgotten");
    assert!(again.sources().is_empty());
    let context = SearchContext { now: at(7), ..SearchContext::default() };
    assert_eq!(again.search(&Query::default(), context, 0..10).await.expect("searched").page.all, 0);
}

#[tokio::test]
async fn a_snapshot_holds_all_that_can_be_reached() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, |custom| custom.depends = vec![requirement("alice/core")]);
    registry.publish("alice/core", "1.0.0", 2, |custom| {
        custom.depends = vec![Dependency::AnyOf {
            any_of: ["bobby/light", "nobody/here"]
                .map(|name| match requirement(name) {
                    Dependency::One(one) => one,
                    Dependency::AnyOf { .. } => unreachable!(),
                })
                .into(),
        }];
    });
    registry.publish("bobby/light", "1.0.0", 3, |_| {});
    registry.publish("carol/stand-in", "1.0.0", 4, |custom| {
        custom.provides = vec![muster_domain::Provided { package: id("nobody/here"), version: None }];
        custom.recommends = vec![requirement("carol/extra")];
    });
    registry.publish("carol/extra", "1.0.0", 5, |_| {});
    registry.publish("carol/unrelated", "1.0.0", 6, |_| {});
    let folder = tempfile::tempdir().expect("temp dir");
    registry.write_to(folder.path());
    let home = home().await;
    let source = home.add(&registry, &folder.path().display().to_string()).await;
    home.catalog.sync(&source, at(7), 0.5).await.expect("synced");
    let snapshot =
        home.catalog.snapshot(vec![(source.clone(), id("alice/weather"))]).await.expect("snapshot");
    let mut packages: Vec<String> = snapshot.packages().map(|(_, id)| id.to_string()).collect();
    packages.sort();
    assert_eq!(packages, ["alice/core", "alice/weather", "bobby/light", "carol/extra", "carol/stand-in"]);
    assert_eq!(snapshot.providers(&source, &id("nobody/here")), [id("carol/stand-in")]);
    assert!(snapshot.releases(&source, &id("nobody/here")).is_empty());
    assert!(!snapshot.is_unreachable(&source));
}

#[tokio::test]
async fn small_files_are_fetched_once_and_verified_each_time() {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather"));
    let host = Host::start().await;
    host.serve(&registry);
    let home = home().await;
    let source = home.add(&registry, &host.address()).await;
    home.catalog.sync(&source, at(5), 0.5).await.expect("synced");
    let fact = home.catalog.facts(&source, &id("alice/weather"), at(6)).await.expect("facts").remove(0);
    let signed = fact.signed.expect("signed");
    let manifest = signed.sibling(muster_registry::layout::Sibling::Manifest, &signed.custom.manifest);
    host.take_requests();
    for _ in 0..2 {
        let bytes = home.catalog.small_file(&source, &manifest, 1000, at(7)).await.expect("fetched");
        assert_eq!(bytes, b"format: 1\n");
    }
    assert_eq!(host.take_requests().len(), 1);
    home.database.put_file(&source, &manifest.file, b"other".to_vec(), at(8)).await.expect("damaged");
    let bytes = home.catalog.small_file(&source, &manifest, 1000, at(9)).await.expect("fetched again");
    assert_eq!(bytes, b"format: 1\n");
}

/// Names of the files that were asked for.
fn asked(host: &Host) -> Vec<String> {
    let paths = host.take_requests().into_iter().filter_map(|head| Some(head.split(' ').nth(1)?.to_owned()));
    paths.filter(|path| path.contains("/targets/")).collect()
}

#[tokio::test]
async fn a_day_of_changes_is_one_small_file_and_gives_what_the_shards_give() {
    let mut registry = Registry::new(40);
    for number in 0..30 {
        let title = format!("Lantern number {number} of the harbour");
        let title = titled(&title);
        registry.publish(&format!("alice/lamp{number:02}"), "1.0.0", number, title);
    }
    let host = Host::start().await;
    host.serve(&registry);
    let home = home().await;
    let source = home.add(&registry, &host.address()).await;
    home.catalog.sync(&source, at(40), 0.0).await.expect("synced");
    registry.publish("alice/lamp03", "1.1.0", 50, titled("Renamed buoy"));
    registry.publish("alice/extra", "1.0.0", 51, titled("Another buoy"));
    host.serve(&registry);
    host.take_requests();
    home.catalog.sync(&source, at(60), 0.0).await.expect("synced");
    let files = asked(&host);
    assert_eq!(files.len(), 1, "{files:?}");
    assert!(files[0].ends_with(".changes.zst"), "{files:?}");
    assert_eq!(home.found("buoy sort:name").await, ["alice/extra", "alice/lamp03"]);
    assert_eq!(home.found("lantern").await.len(), 29);
    // The next sync knows that it has everything.
    home.catalog.sync(&source, at(61), 0.0).await.expect("synced");
    assert_eq!(asked(&host), Vec::<String>::new());

    // A file of changes that is not there costs the shards and nothing else.
    registry.publish("alice/lamp04", "1.1.0", 70, titled("Third buoy"));
    host.serve(&registry);
    let paths = registry.paths();
    paths
        .keys()
        .filter(|path| path.ends_with(".changes.zst"))
        .for_each(|path| host.answer(path, Answer::Status(404)));
    home.catalog.sync(&source, at(80), 0.0).await.expect("synced");
    assert!(asked(&host).iter().any(|file| file.ends_with(".shard.zst")));
    assert_eq!(home.found("buoy").await.len(), 3);
}
