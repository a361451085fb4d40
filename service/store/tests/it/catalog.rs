//! `catalog.db`, on real files.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use jiff::Timestamp;
use muster_domain::{Kind, PackageId, Provided, Release, Sha256, SourceId};
use muster_store::{
    CatalogDb,
    catalog::{Around, Listing, Shard, ShardRef, Words},
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

/// Packages with this word in their texts.
fn names(database: &CatalogDb, word: &str) -> Vec<String> {
    let data = database.index_data().wait().expect("data");
    let has = |text: &str| text.split(' ').any(|other| other == word);
    let found = data.rows.iter().filter(|row| has(&row.words.name) || has(&row.words.summary));
    let rows = found.map(|row| row.row).collect();
    database.rows(rows).wait().expect("rows").into_iter().map(|row| row.id.to_string()).collect()
}

#[test]
fn a_shard_replaces_all_that_came_from_it_and_nothing_else() {
    let (_folder, database) = open();
    put(&database, "a", vec![listing("aa/one", "Storm", "x"), listing("aa/two", "Two", "a storm")]);
    put(&database, "bb", vec![listing("bb/other", "Storm", "x")]);
    assert_eq!(names(&database, "storm"), ["aa/one", "aa/two", "bb/other"]);
    put(&database, "a", vec![listing("aa/one", "Calm", "x")]);
    assert_eq!(names(&database, "storm"), ["bb/other"]);
    assert_eq!(names(&database, "calm"), ["aa/one"]);
    put(&database, "bb", vec![listing("bb/other", "Storm", "x"), listing("aa/one", "Moved", "x")]);
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
    let around = database.around(&source(), vec![id("aa/one"), id("no/where")]).wait().expect("read");
    let one = Around { providers: vec![id("bb/stand-in")], sources: vec![source()] };
    assert_eq!(around, [one, Around::default()]);
    let releases = database.releases(&source(), vec![id("aa/one"), id("no/where")]).wait().expect("releases");
    assert_eq!(releases.keys().collect::<Vec<_>>(), [&id("aa/one")]);
    assert_eq!(database.package(&source(), &id("no/where")).wait().expect("read"), None);
}

#[test]
fn the_index_data_is_of_one_revision_that_raises_with_changes() {
    let (_folder, database) = open();
    put(&database, "a", vec![listing("aa/zeta", "Zeta", "x"), listing("aa/alpha", "Alpha", "x")]);
    let data = database.index_data().wait().expect("data");
    assert_eq!(data.revision, database.revision().wait().expect("revision"));
    assert_eq!((data.rows.len(), data.facet_values.len()), (2, 2));
    let numbers: Vec<u32> = data.facet_values.iter().map(|(number, ..)| *number).collect();
    assert!(data.rows.iter().all(|row| row.facets == numbers));
    assert_eq!(data.rows[0].words, listing("aa/zeta", "Zeta", "x").words);
    database.forget_source(&source()).wait().expect("forgotten");
    let after = database.index_data().wait().expect("data");
    assert!(after.rows.is_empty() && after.facet_values.is_empty());
    assert!(after.revision > data.revision);
}

#[test]
fn values_of_other_sources_stay_when_one_is_forgotten() {
    let (_folder, database) = open();
    let other = SourceId::registry(&Sha256([2; 32]));
    let mut marked = listing("aa/one", "One", "x");
    marked.facets.push(("tag".into(), "only here".into()));
    put(&database, "a", vec![marked]);
    let shard = ShardRef { source: other, path: "a".into(), sha256: Sha256([0; 32]) };
    let shard = Shard { shard, listings: vec![listing("aa/one", "One", "x")] };
    database.replace_shard(shard, Timestamp::UNIX_EPOCH).wait().expect("replaced");
    database.forget_source(&source()).wait().expect("forgotten");
    let data = database.index_data().wait().expect("data");
    let values: Vec<&str> = data.facet_values.iter().map(|(.., value)| value.as_str()).collect();
    assert_eq!((data.rows.len(), values), (1, vec!["minetest", "hud"]));
}

#[test]
fn a_kept_index_is_given_for_its_own_revision_only() {
    let (_folder, database) = open();
    let revision = || database.revision().wait().expect("revision");
    let image = || database.search_image().wait().expect("read");
    assert_eq!(image(), None);
    let first = revision();
    database.put_search_image(first, b"first".to_vec()).wait().expect("kept");
    assert_eq!((image(), revision()), (Some(b"first".to_vec()), first), "keeping it changes no package");
    put(&database, "a", vec![listing("aa/one", "One", "x")]);
    assert_eq!(image(), None, "it is of an earlier catalogue");
    database.put_search_image(first, b"late".to_vec()).wait().expect("left alone");
    assert_eq!(image(), None, "whoever was slow keeps nothing");
    database.put_search_image(revision(), b"second".to_vec()).wait().expect("kept");
    assert_eq!(image(), Some(b"second".to_vec()));
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
    rusqlite::Connection::open(&path).expect("opens").pragma_update(None, "user_version", 1).expect("older");
    assert!(CatalogDb::open(&path).expect("rebuilt").was_rebuilt());
    assert!(!CatalogDb::open(&path).expect("opens").was_rebuilt());
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

#[test]
fn counts_are_held_against_a_mark_and_go_with_their_source() {
    let (_folder, database) = open();
    let time = |second: i64| Timestamp::from_second(second).expect("time");
    let counted = |package: &str, downloads: Option<u64>| Listing { downloads, ..listing(package, "T", "S") };
    put(
        &database,
        "a",
        vec![counted("alice/trees", Some(5)), counted("alice/rocks", Some(7)), counted("alice/lamps", None)],
    );
    database.mark_downloads(&source(), Some(time(10)), vec![]).wait().expect("marked");
    put(
        &database,
        "a",
        vec![
            counted("alice/trees", Some(9)),
            counted("alice/rocks", Some(6)),
            counted("alice/sails", Some(3)),
        ],
    );
    let grown = database.grown_since(&source(), time(10)).wait().expect("read");
    let mut said: Vec<_> = grown.iter().map(|one| (one.id.as_str(), one.before, one.now)).collect();
    said.sort_unstable();
    assert_eq!(said, [("alice/sails", None, 3), ("alice/trees", Some(5), 9)]);
    database.mark_downloads(&source(), Some(time(20)), vec![]).wait().expect("marked");
    assert_eq!(database.download_marks(&source()).wait().expect("read"), [time(10), time(20)]);
    database.mark_downloads(&source(), None, vec![time(10)]).wait().expect("let go");
    assert_eq!(database.download_marks(&source()).wait().expect("read"), [time(20)]);
    assert!(database.counted_at(&source()).wait().expect("read").is_some());
    database.forget_source(&source()).wait().expect("forgotten");
    assert_eq!(database.download_marks(&source()).wait().expect("read"), []);
}
