//! What a search finds, in which order, and how its pages behave.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use muster_catalog::{
    Catalog, FacetCount, Patience, Query, SearchContext, SearchResult,
    query::{Facet, Mode, Sort},
    text::fold,
};
use muster_domain::{Kind, Sha256, SourceId};
use muster_store::{
    CatalogDb, StateDb,
    catalog::{Listing, Shard, ShardRef, Words},
};
use tempfile::TempDir;

struct Shop {
    folder: TempDir,
    database: Arc<CatalogDb>,
    catalog: Catalog,
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("time")
}

fn source() -> SourceId {
    SourceId::registry(&Sha256([1; 32]))
}

/// A package: id, title, summary, tags, downloads; its age in days is the number of downloads.
fn listing((id, title, summary, tags, downloads): (&str, &str, &str, &[&str], u64)) -> Listing {
    let (publisher, name) = id.split_once('/').expect("published");
    let kind = if tags.contains(&"list") { Kind::COLLECTION } else { Kind::MOD };
    let mut facets = vec![
        ("kind".to_owned(), kind.to_owned()),
        ("publisher".into(), publisher.into()),
        ("license".into(), if downloads % 2 == 0 { "MIT" } else { "Proprietary" }.into()),
    ];
    facets.extend(tags.iter().map(|tag| ("tag".to_owned(), (*tag).to_owned())));
    let day = i64::try_from(downloads).expect("small");
    Listing {
        id: id.parse().expect("id"),
        words: Words {
            name: format!("{} {}", fold(title), fold(name)),
            tags: format!("{} {}", fold(&tags.join(" ")), fold(publisher)),
            summary: fold(summary),
            title_key: fold(title),
            name_key: fold(name),
        },
        publisher: publisher.into(),
        name: name.into(),
        title: title.into(),
        summary: summary.into(),
        kind: Kind(kind.into()),
        license: Some("MIT".into()),
        version: "1.0.0".into(),
        channel: "stable".into(),
        side: "both".into(),
        size: downloads * 1_000_000,
        updated: Some(now() - SignedDuration::from_hours(24 * day)),
        published: Some(now() - SignedDuration::from_hours(24 * day)),
        downloads: Some(downloads),
        games: vec![],
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        detail: serde_json::Value::Null,
        facets,
        releases: vec![],
    }
}

const PACKAGES: [(&str, &str, &str, &[&str], u64); 7] = [
    ("alice/weather", "Weather", "rain and snow", &["nature"], 10),
    ("alice/weather-plus", "Weather Plus", "more of it", &["nature", "hud"], 40),
    ("bobby/storms", "Big Storms", "needs weather", &["nature"], 90),
    ("carol/clouds", "Clouds", "for every weather", &["sky"], 80),
    ("weatherby/hats", "Hats", "warm", &["clothes"], 70),
    ("dora/pack", "Nature Pack", "a list", &["nature", "list"], 3),
    ("dora/umbrella", "Größter Schirm", "dry", &["clothes", "nature"], 5),
];

async fn shop() -> Shop {
    shop_of(PACKAGES.map(listing).into()).await
}

async fn shop_of(listings: Vec<Listing>) -> Shop {
    let folder = tempfile::tempdir().expect("temp dir");
    let state = Arc::new(StateDb::open(&folder.path().join("state.db")).expect("state"));
    let database = Arc::new(CatalogDb::open(&folder.path().join("catalog.db")).expect("catalog"));
    put(&database, listings).await;
    let catalog = Catalog::open(database.clone(), state, Patience::default()).await.expect("opened");
    Shop { folder, database, catalog }
}

async fn put(database: &CatalogDb, listings: Vec<Listing>) {
    let shard = ShardRef { source: source(), path: "a".into(), sha256: Sha256([0; 32]) };
    database.replace_shard(Shard { shard, listings }, now()).await.expect("put in");
}

impl Shop {
    async fn search(&self, text: &str) -> SearchResult {
        let installed =
            vec![(source(), "dora/pack".parse().expect("id")), (source(), "no/where".parse().expect("id"))];
        let context = SearchContext { now: now(), installed, ..SearchContext::default() };
        self.catalog.search(&Query::parse(text), context, 0..50).await.expect("searched")
    }

    async fn ids(&self, text: &str) -> Vec<String> {
        self.search(text).await.page.rows.into_iter().map(|row| row.id.to_string()).collect()
    }
}

fn count(result: &SearchResult, facet: Facet, value: &str) -> Option<FacetCount> {
    let (_, counts) = result.facets.iter().find(|(of, _)| *of == facet).expect("facet");
    counts.iter().find(|count| count.value == value).cloned()
}

#[tokio::test]
async fn beginnings_of_names_come_before_names_before_publishers_before_summaries() {
    let shop = shop().await;
    let expected = ["alice/weather-plus", "alice/weather", "weatherby/hats", "bobby/storms", "carol/clouds"];
    assert_eq!(shop.ids("weather").await, expected);
    assert_eq!(shop.ids("WEA").await, expected, "a beginning is enough");
    assert_eq!(shop.ids("plus weather").await, ["alice/weather-plus"], "in any order");
    assert_eq!(shop.ids("w").await, ["alice/weather-plus", "alice/weather"], "one letter means titles");
    assert_eq!(shop.ids("grosster").await, ["dora/umbrella"]);
    assert_eq!(shop.ids("GRÖSSTER").await, ["dora/umbrella"]);
}

#[tokio::test]
async fn what_names_no_platform_runs_on_all_and_what_names_no_side_is_needed_on_both() {
    let mut listings: Vec<Listing> = PACKAGES.map(listing).into();
    let mut say =
        |at: usize, facet: &str, value: &str| listings[at].facets.push((facet.into(), value.into()));
    say(0, "platform", "windows");
    say(1, "platform", "linux");
    say(1, "side", "server");
    say(2, "side", "client");
    let shop = shop_of(listings).await;
    let all = PACKAGES.len();
    assert_eq!(shop.ids("side:server").await, ["alice/weather-plus"]);
    assert!(!shop.ids("-side:client").await.contains(&"bobby/storms".to_owned()));
    assert_eq!(shop.search("side:both").await.page.total, all - 2);
    assert!(!shop.ids("platform:Linux").await.contains(&"alice/weather".to_owned()));
    assert_eq!(shop.search("platform:macos").await.page.total, all - 2, "nothing is made for it alone");
    assert_eq!(shop.search("platform:plan9").await.page.total, 0, "silence is about what is known");
    assert_eq!(shop.ids("-platform:linux").await, ["alice/weather"]);
    for facet in [Facet::Platform, Facet::Side] {
        let shown = shop.search("").await;
        let (_, counts) = shown.facets.iter().find(|(of, _)| *of == facet).expect("facet");
        assert!(!counts.is_empty());
        for one in counts {
            let found = shop.search(&format!("{}:{}", facet.as_str(), one.value)).await;
            assert_eq!(found.page.total, one.count, "{}", one.value);
        }
    }
}

#[tokio::test]
async fn slips_of_the_finger_are_forgiven_and_named() {
    let shop = shop().await;
    for typo in ["wether", "waether", "weatther", "weathr plus"] {
        let result = shop.search(typo).await;
        let first = result.page.rows.first().map(|row| row.id.to_string());
        assert!(first.as_deref().is_some_and(|id| id.starts_with("alice/weather")), "{typo}: {first:?}");
        assert!(
            result.corrections.iter().any(|correction| correction.taken_for.starts_with("weather")),
            "{typo}"
        );
    }
    assert!(shop.search("weather").await.corrections.is_empty());
    let nothing = shop.search("xylophone").await;
    assert_eq!((nothing.page.total, nothing.corrections.len()), (0, 0));
    assert!(shop.ids("weather xylophone").await.is_empty(), "every word counts");
}

#[tokio::test]
async fn sorts_never_ignore_the_text() {
    let shop = shop().await;
    assert_eq!(shop.search("weather").await.sort, Sort::Best);
    assert_eq!(shop.search("").await.sort, Sort::Downloads);
    let by_name = ["alice/weather", "alice/weather-plus"];
    assert_eq!(shop.ids("publisher:alice sort:name").await, by_name);
    assert_eq!(shop.ids("weather sort:downloads").await[0], "bobby/storms");
    assert_eq!(shop.ids("weather sort:updated").await[0], "alice/weather");
    assert_eq!(shop.ids("sort:new").await[0], "dora/pack");
    assert_eq!(shop.ids("sort:name").await.len(), PACKAGES.len());
}

#[tokio::test]
async fn facets_include_exclude_and_count_with_the_other_filters() {
    let shop = shop().await;
    assert_eq!(shop.ids("tag:nature tag:hud").await, ["alice/weather-plus"], "tags must all be there");
    assert_eq!(shop.ids("publisher:alice publisher:carol").await.len(), 3, "one publisher is enough");
    assert_eq!(shop.ids("tag:nature -license:proprietary -publisher:alice").await, ["bobby/storms"]);
    assert_eq!(shop.ids("kind:collection").await, ["dora/pack"]);
    assert!(shop.ids("tag:unheard-of").await.is_empty());

    let result = shop.search("tag:Nature publisher:alice -tag:sky").await;
    let alice = count(&result, Facet::Publisher, "alice").expect("alice");
    assert_eq!((alice.count, alice.mode), (2, Some(Mode::Include)));
    assert_eq!(
        count(&result, Facet::Publisher, "dora").map(|dora| dora.count),
        Some(2),
        "what choosing her would add"
    );
    assert_eq!(count(&result, Facet::Tag, "hud").map(|hud| hud.count), Some(1));
    assert_eq!(
        count(&result, Facet::Tag, "sky").map(|sky| (sky.count, sky.mode)),
        Some((0, Some(Mode::Exclude)))
    );
    assert_eq!(count(&result, Facet::Tag, "clothes"), None, "nothing of it is left");
    assert_eq!((result.page.total, result.page.all), (2, PACKAGES.len()));
}

#[tokio::test]
async fn sizes_ages_and_what_is_installed_are_filters() {
    let shop = shop().await;
    assert_eq!(shop.ids("size:<5mb").await, ["dora/pack"]);
    assert_eq!(shop.ids("size:>80mb").await, ["bobby/storms"]);
    assert_eq!(shop.ids("updated:<4d").await, ["dora/pack"]);
    assert_eq!(shop.ids("updated:>12w").await, ["bobby/storms"]);
    assert_eq!(shop.ids("is:installed").await, ["dora/pack"]);
    assert_eq!(shop.ids("-is:installed").await.len(), PACKAGES.len() - 1);
    assert!(shop.ids("is:updatable").await.is_empty());
}

#[tokio::test]
async fn pages_together_are_the_whole_result_and_a_count_is_its_size() {
    let shop = shop().await;
    let context = SearchContext { now: now(), ..SearchContext::default() };
    for text in ["", "weather", "tag:nature", "-tag:nature sort:name", "xylophone"] {
        let query = Query::parse(text);
        let whole = shop.ids(text).await;
        let mut pages = Vec::new();
        for offset in [0, 3, 6, 9, usize::MAX - 3] {
            let found = shop.catalog.search(&query, context.clone(), offset..offset + 3).await;
            let page = found.expect("searched").page;
            assert_eq!((page.total, page.offset), (whole.len(), offset), "{text}");
            pages.extend(page.rows.iter().map(|row| row.id.to_string()));
        }
        assert_eq!(pages, whole, "{text}");
        assert_eq!(
            shop.catalog.count(&query, context.clone()).await.expect("counted"),
            whole.len(),
            "{text}"
        );
    }
}

#[tokio::test]
async fn nothing_that_is_typed_breaks_a_search() {
    let shop = shop().await;
    for text in [
        "\"",
        "'",
        "*",
        "name:x OR",
        "a\u{0}b",
        "-",
        ":",
        "(",
        "NEAR(a b)",
        "💥",
        "ß",
        "^weather$",
        "%_",
        "天気",
    ] {
        shop.search(text).await;
    }
}

#[tokio::test]
async fn a_start_takes_up_the_kept_index_and_believes_no_damaged_one() {
    let shop = shop().await;
    let expected = shop.ids("weather").await;
    let image = shop.database.search_image().await.expect("read").expect("kept when it was built");
    let revision = shop.database.revision().await.expect("revision");
    for damage in [0, 9, 40, image.len() / 2, image.len() - 1] {
        let mut bytes = image.clone();
        bytes[damage] ^= 0x55;
        shop.database.put_search_image(revision, bytes).await.expect("put");
        let state = Arc::new(StateDb::open(&shop.folder.path().join("state.db")).expect("state"));
        let catalog =
            Catalog::open(shop.database.clone(), state, Patience::default()).await.expect("opened anyway");
        let context = SearchContext { now: now(), ..SearchContext::default() };
        let found = catalog.search(&Query::parse("weather"), context, 0..50).await.expect("searched");
        let ids: Vec<String> = found.page.rows.iter().map(|row| row.id.to_string()).collect();
        assert_eq!(ids, expected);
        let mended = shop.database.search_image().await.expect("read");
        assert_eq!(mended.as_ref(), Some(&image), "it was built anew and kept");
    }
}

#[tokio::test]
async fn one_letter_is_found_where_it_is_a_word() {
    let things = [
        ("erin/thing-7", "Thing 7", "heavy", &[] as &[&str], 1),
        ("erin/thing-70", "Thing 70", "heavier", &[], 2),
        ("erin/seven", "Seven things", "there are 7 of them", &[], 3),
    ];
    let shop = shop_of(things.map(listing).into()).await;
    assert_eq!(shop.ids("thing-7").await, ["erin/thing-7", "erin/seven"]);
    assert_eq!(shop.ids("thing 70").await, ["erin/thing-70"]);
    assert_eq!(shop.ids("7").await, ["erin/thing-7", "erin/seven"]);
    assert!(shop.ids("thing x").await.is_empty());
}
