//! What sources feature and what trends, through the whole catalogue.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::sync::Arc;

use jiff::Timestamp;
use muster_catalog::{
    Catalog, CommunityAddress, Patience, Pick, Query, SearchContext, Source as _, ThunderstoreSource,
};
use muster_domain::{PackageId, SourceId};
use muster_store::{CatalogDb, StateDb, state::NewSource};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Answer, Host, Registry, at, id};

const DAY: i64 = 86_400;

struct Home {
    folder: TempDir,
    catalog: Catalog,
}

impl Home {
    async fn open_in(folder: TempDir) -> Self {
        let patience = Patience { tries: 1, ..Patience::default() };
        let catalog = Catalog::open(database(&folder), state(&folder), patience).await.expect("opened");
        Self { folder, catalog }
    }

    async fn new() -> Self {
        Self::open_in(tempfile::tempdir().expect("temp dir")).await
    }

    /// Everything is closed and opened again.
    async fn again(self) -> Self {
        let folder = self.folder;
        drop(self.catalog);
        Self::open_in(folder).await
    }

    async fn add(&self, registry: &Registry) -> SourceId {
        let place = self.folder.path().join(registry.source().to_string());
        registry.write_to(&place);
        let source = NewSource {
            id: registry.source(),
            kind: "registry".into(),
            address: place.display().to_string(),
            alias: None,
            root: Some(registry.root()),
        };
        let state = state(&self.folder);
        state.sources().add(source, at(0)).await.expect("added");
        let source = state.sources().get(&registry.source()).await.expect("read").expect("there");
        self.catalog.open_source(&source).await.expect("opened");
        source.id
    }

    async fn featured(&self) -> Vec<(SourceId, PackageId)> {
        let lists = self.catalog.featured().await.into_iter();
        lists
            .flat_map(|(source, picks)| {
                picks.into_iter().map(move |pick| (source.clone(), pick.package.into()))
            })
            .collect()
    }

    async fn found(&self, text: &str, context: SearchContext) -> Vec<String> {
        let found = self.catalog.search(&Query::parse(text), context, 0..50).await.expect("searched");
        found.page.rows.into_iter().map(|row| row.id.to_string()).collect()
    }
}

fn state(folder: &TempDir) -> Arc<StateDb> {
    Arc::new(StateDb::open(&folder.path().join("state.db")).expect("state"))
}

fn database(folder: &TempDir) -> Arc<CatalogDb> {
    Arc::new(CatalogDb::open(&folder.path().join("catalog.db")).expect("catalog"))
}

fn pick(package: &str) -> Pick {
    Pick {
        package: package.parse().expect("a name"),
        text: format!("See {package}."),
        game: None,
        until: None,
    }
}

#[tokio::test]
async fn a_registry_features_its_own_packages_in_its_order_and_nobody_elses() {
    let (mut ours, mut theirs) = (Registry::new(1), Registry::new(11));
    for name in ["alice/trees", "alice/lamps", "alice/rocks"] {
        ours.publish(name, "1.0.0", 0, |_| {});
    }
    theirs.publish("bobby/sails", "1.0.0", 0, |_| {});
    ours.feature(1, |picks| picks.extend(["alice/rocks", "bobby/sails", "alice/trees"].map(pick)));
    let home = Home::new().await;
    let source = home.add(&ours).await;
    let other = home.add(&theirs).await;
    for id in [&source, &other] {
        home.catalog.sync(id, at(2), 0.5).await.expect("synced");
    }
    let search = async |home: &Home, text: &str| {
        let featured = home.featured().await;
        home.found(text, SearchContext { now: at(2), featured, ..SearchContext::default() }).await
    };
    assert_eq!(
        search(&home, "is:featured").await,
        ["alice/rocks", "alice/trees"],
        "another's package is not there"
    );
    assert_eq!(search(&home, "-is:featured sort:name").await, ["alice/lamps", "bobby/sails"]);
    assert_eq!(search(&home, "is:featured sort:name").await, ["alice/rocks", "alice/trees"]);
    assert_eq!(search(&home, "is:featured trees").await, ["alice/trees"]);
    let home = home.again().await;
    assert_eq!(home.catalog.featured().await.len(), 1, "it is kept for the next start");
    ours.feature(3, Vec::clear);
    ours.write_to(&home.folder.path().join(source.to_string()));
    home.catalog.sync(&source, at(4), 0.5).await.expect("synced");
    assert!(home.catalog.featured().await.is_empty(), "taken back");
}

#[tokio::test]
async fn a_list_that_cannot_be_read_stays_as_it_was_and_makes_no_source_late() {
    let mut registry = Registry::new(1);
    registry.publish("alice/trees", "1.0.0", 0, |_| {});
    registry.feature(1, |picks| picks.push(pick("alice/trees")));
    let home = Home::new().await;
    let source = home.add(&registry).await;
    home.catalog.sync(&source, at(2), 0.5).await.expect("synced");
    registry.feature(3, |picks| picks.insert(0, pick("alice/lamps")));
    let folder = home.folder.path().join(source.to_string());
    registry.write_to(&folder);
    let lists = std::fs::read_dir(folder.join("targets/catalog")).expect("folder");
    for file in lists.map(|file| file.expect("file").path()) {
        if file.to_string_lossy().ends_with("featured.json") {
            std::fs::write(file, b"{}").expect("written");
        }
    }
    let synced = home.catalog.sync(&source, at(4), 0.5).await.expect("synced");
    assert!(synced.broken.is_empty(), "{synced:?}");
    assert_eq!(home.featured().await, [(source, id("alice/trees"))]);
}

/// A community whose packages were downloaded so often by then.
fn community(host: &Host, counts: &[(&str, u64)]) {
    let package = |(name, downloads): &(&str, u64)| {
        json!({
            "full_name": format!("Ada-{name}"), "categories": [], "is_deprecated": false,
            "versions": [{"version_number": "1.0.0", "download_url": format!("https://a.example/{name}/"),
                "file_size": 5, "dependencies": [], "downloads": downloads, "description": "what it does"}],
        })
    };
    let list: Vec<Value> = counts.iter().map(package).collect();
    host.answer("c/toy/api/v1/package/", Answer::Bytes(Value::from(list).to_string().into_bytes()));
}

#[tokio::test]
async fn what_is_downloaded_more_than_a_week_ago_trends_with_how_much_and_since_when() {
    let host = Host::start().await;
    community(&host, &[("Large", 90_000), ("Rising", 300), ("Still", 4_000)]);
    let home = Home::new().await;
    let address = CommunityAddress::parse(&format!("thunderstore+{}c/toy/", host.address()));
    let open = |home: &Home| {
        let address = address.as_ref().expect("an address").clone().expect("of Thunderstore");
        let source = ThunderstoreSource::open(address, database(&home.folder));
        let id = source.id().clone();
        home.catalog.add(Arc::new(source));
        id
    };
    let source = open(&home);
    let sync = async |home: &Home, day: i64| {
        home.catalog.sync(&source, at(day * DAY), 0.5).await.expect("synced");
        let trending = home.catalog.trending().await.expect("worked out");
        let said = |one: &muster_catalog::Trending| (one.id.to_string(), one.gain, one.since);
        trending.iter().map(said).collect::<Vec<_>>()
    };
    let none: Vec<(String, u64, Timestamp)> = Vec::new();
    assert_eq!(sync(&home, 0).await, none, "nothing to compare with yet");
    community(&host, &[("Large", 90_100), ("Rising", 900), ("Still", 4_000), ("New", 700)]);
    let risen = ("Ada-Rising".to_owned(), 600, at(0));
    // A count is taken over when it grew by a fifth, or with what else changed; nobody said when "New" came out.
    assert_eq!(sync(&home, 4).await[0], risen);
    let home = home.again().await;
    open(&home);
    assert_eq!(home.catalog.trending().await.expect("worked out")[0].gain, 600, "marks are kept");
    community(&host, &[("Large", 140_000), ("Rising", 900), ("Still", 4_000), ("New", 2_000)]);
    let later = sync(&home, 9).await;
    assert_eq!(later[0], ("Ada-Large".to_owned(), 50_000, at(0)));
    assert!(later.iter().all(|(id, ..)| id != "Ada-Still" && id != "Ada-New"), "{later:?}");
    let trending = home.catalog.trending().await.expect("worked out");
    let trending = trending.iter().map(|one| (one.source.clone(), one.id.clone())).collect();
    let context = SearchContext { now: at(9 * DAY), trending, ..SearchContext::default() };
    let found = home.found("sort:trending", context).await;
    assert_eq!(found, ["Ada-Large", "Ada-Rising", "Ada-Still", "Ada-New"], "the others follow by downloads");
    home.catalog.forget(&source).await.expect("forgotten");
    assert!(home.catalog.trending().await.expect("worked out").is_empty());
}
