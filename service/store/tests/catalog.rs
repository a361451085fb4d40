//! `catalog.db`, on real files.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use jiff::Timestamp;
use muster_domain::{Kind, PackageId, Provided, Release, Sha256, SourceId};
use muster_store::{
    CatalogDb,
    catalog::{Listing, Shard, ShardRef, Words},
};
use serde_json::json;
use tempfile::TempDir;

fn open() -> (TempDir, CatalogDb) {
    let folder = tempfile::tempdir().expect("temp dir");
    let database = CatalogDb::open(&folder.path().join("catalog.db")).expect("created");
    (folder, database)
}

fn source() -> SourceId {
    SourceId::registry(&Sha256([1; 32]))
}

fn id(text: &str) -> PackageId {
    text.parse().expect("id")
}

fn release(package: &str, version: &str) -> Release {
    serde_json::from_value(json!({
        "source": source(), "id": package, "version": version, "kind": "mod",
        "archive": {"sha256": "ab".repeat(32), "size": 10},
    }))
    .expect("release")
}

fn listing(package: &str, title: &str, summary: &str) -> Listing {
    let (publisher, name) = package.split_once('/').expect("published");
    Listing {
        id: id(package),
        publisher: publisher.into(),
        name: name.into(),
        title: title.into(),
        summary: summary.into(),
        kind: Kind(Kind::MOD.into()),
        license: Some("MIT".into()),
        version: "1.0.0".into(),
        channel: "stable".into(),
        side: "both".into(),
        size: 10,
        updated: None,
        published: Some(Timestamp::UNIX_EPOCH + std::time::Duration::from_secs(9)),
        downloads: None,
        games: vec!["minetest".into()],
        tags: vec!["hud".into()],
        detail: json!({"homepage": "https://a.example/"}),
        facets: vec![("game".into(), "minetest".into()), ("tag".into(), "hud".into())],
        words: Words {
            name: format!("{} {name}", title.to_lowercase()),
            tags: "hud".into(),
            summary: summary.to_lowercase(),
            title_key: title.to_lowercase(),
            name_key: name.into(),
        },
        releases: vec![release(package, "1.1.0"), release(package, "1.0.0")],
    }
}

fn put(database: &CatalogDb, path: &str, listings: Vec<Listing>) {
    let shard = ShardRef { source: source(), path: path.into(), sha256: Sha256([path.len() as u8; 32]) };
    database.replace_shard(Shard { shard, listings }, Timestamp::UNIX_EPOCH).wait().expect("replaced");
}

fn names(database: &CatalogDb, word: &str) -> Vec<String> {
    let matches = database.word_matches(vec![word.into()]).wait().expect("matches").remove(0);
    let mut rows: Vec<i64> = [matches.name, matches.tags, matches.summary].concat();
    rows.sort_unstable();
    rows.dedup();
    database.rows(rows).wait().expect("rows").into_iter().map(|row| row.id.to_string()).collect()
}

#[test]
fn a_shard_replaces_all_that_came_from_it_and_nothing_else() {
    let (_folder, database) = open();
    put(&database, "a", vec![listing("aa/one", "Storm", "x"), listing("aa/two", "Storms", "x")]);
    put(&database, "bb", vec![listing("bb/other", "Stormy", "x")]);
    assert_eq!(names(&database, "storm"), ["aa/one", "aa/two", "bb/other"]);
    put(&database, "a", vec![listing("aa/one", "Calm", "x")]);
    assert_eq!(names(&database, "storm"), ["bb/other"]);
    assert_eq!(names(&database, "calm"), ["aa/one"]);
    put(&database, "bb", vec![listing("bb/other", "Stormy", "x"), listing("aa/one", "Moved", "x")]);
    put(&database, "a", vec![]);
    assert_eq!(
        names(&database, "moved"),
        ["aa/one"],
        "a package that moved is not removed with its old shard"
    );
    let shards = database.shards(&source()).wait().expect("shards");
    assert_eq!(
        shards.into_iter().collect::<Vec<_>>(),
        [("a".to_owned(), Sha256([1; 32])), ("bb".to_owned(), Sha256([2; 32]))]
    );
    database.remove_shards(&source(), vec!["bb".into()]).wait().expect("removed");
    assert!(database.counts().wait().expect("counts").is_empty());
    assert!(names(&database, "moved").is_empty());
}

#[test]
fn a_page_has_all_versions_and_who_provides_is_found() {
    let (_folder, database) = open();
    let mut stand_in = listing("bb/stand-in", "Stand-in", "x");
    stand_in.releases[0].provides = vec![Provided { package: id("aa/one"), version: None }];
    put(&database, "a", vec![listing("aa/one", "One", "x"), stand_in]);
    let page = database.package(&source(), &id("aa/one")).wait().expect("read").expect("there");
    assert_eq!(page.releases.len(), 2);
    assert_eq!(page.detail["homepage"], "https://a.example/");
    assert_eq!(page.package.published.map(|t| t.as_second()), Some(9));
    assert_eq!(page.package.updated, None);
    assert_eq!(database.providers(&source(), &id("aa/one")).wait().expect("read"), [id("bb/stand-in")]);
    let releases = database.releases(&source(), vec![id("aa/one"), id("no/where")]).wait().expect("releases");
    assert_eq!(releases.keys().collect::<Vec<_>>(), [&id("aa/one")]);
    assert_eq!(database.sources_with(&id("aa/one")).wait().expect("read"), [source()]);
    assert_eq!(database.package(&source(), &id("no/where")).wait().expect("read"), None);
}

#[test]
fn words_are_found_by_their_beginnings_and_by_similar_ones() {
    let (_folder, database) = open();
    put(
        &database,
        "a",
        vec![listing("aa/weather", "Weather", "rain and storm"), listing("aa/feather", "Feather", "light")],
    );
    database.refresh_vocabulary().wait().expect("refreshed");
    assert_eq!(names(&database, "wea"), ["aa/weather"]);
    assert_eq!(names(&database, "sto"), ["aa/weather"]);
    assert_eq!(names(&database, "hud"), ["aa/weather", "aa/feather"]);
    assert!(names(&database, "\"; DROP").is_empty());
    assert!(names(&database, "name : x OR").is_empty());
    let similar = database.similar_words("waether", 5).wait().expect("similar");
    assert!(similar.contains(&"weather".to_owned()), "{similar:?}");
    assert!(database.similar_words("\"*(", 5).wait().expect("total").is_empty());
    assert_eq!(database.titles_from("wea").wait().expect("titles").len(), 1);
}

#[test]
fn the_index_data_is_of_one_revision_that_raises_with_changes() {
    let (_folder, database) = open();
    put(&database, "a", vec![listing("aa/zeta", "Zeta", "x"), listing("aa/alpha", "Alpha", "x")]);
    let data = database.index_data().wait().expect("data");
    assert_eq!(data.revision, database.revision().wait().expect("revision"));
    assert_eq!((data.rows.len(), data.facet_values.len(), data.facets.len()), (2, 2, 4));
    let titles: Vec<_> = database
        .rows(data.rows.iter().map(|row| row.row).collect())
        .wait()
        .expect("rows")
        .into_iter()
        .map(|row| row.title)
        .collect();
    assert_eq!(titles, ["Alpha", "Zeta"]);
    database.forget_source(&source()).wait().expect("forgotten");
    let after = database.index_data().wait().expect("data");
    assert!(after.rows.is_empty() && after.facets.is_empty());
    assert!(after.revision > data.revision);
}

#[test]
fn a_damaged_or_foreign_catalogue_is_thrown_away() {
    let (folder, database) = open();
    put(&database, "a", vec![listing("aa/one", "One", "x")]);
    assert!(!database.was_rebuilt());
    drop(database);
    let path = folder.path().join("catalog.db");
    std::fs::write(&path, [7; 5000]).expect("damaged");
    let database = CatalogDb::open(&path).expect("rebuilt");
    assert!(database.was_rebuilt());
    assert!(database.counts().wait().expect("counts").is_empty());
    drop(database);
    rusqlite::Connection::open(&path).expect("opens").pragma_update(None, "user_version", 99).expect("newer");
    assert!(CatalogDb::open(&path).expect("rebuilt").was_rebuilt());
}

#[test]
fn metadata_files_are_kept_by_name() {
    let (_folder, database) = open();
    database.put_file(&source(), "3.pub.json", b"x".to_vec(), Timestamp::UNIX_EPOCH).wait().expect("kept");
    assert_eq!(database.file(&source(), "3.pub.json").wait().expect("read").as_deref(), Some(&b"x"[..]));
    assert_eq!(database.file(&source(), "4.pub.json").wait().expect("read"), None);
    let later = Timestamp::UNIX_EPOCH + std::time::Duration::from_secs(1);
    assert_eq!(database.forget_files(later).wait().expect("forgotten"), 1);
}
