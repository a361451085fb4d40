//! How long searches take over a synthetic catalogue of 100,000 packages.
//!
//! `cargo run --release -p muster-catalog --example bench_search [packages]`

use std::{sync::Arc, time::Instant};

use jiff::Timestamp;
use muster_catalog::{Catalog, Patience, Query, SearchContext, text::fold};
use muster_domain::{Kind, Sha256, SourceId};
use muster_store::{
    CatalogDb, StateDb,
    catalog::{Listing, Shard, ShardRef, Words},
};

const WORDS: [&str; 40] = [
    "weather", "storm", "compass", "rose", "hud", "lighting", "tide", "water", "deep", "storage", "market",
    "night", "quiet", "gulls", "harbor", "sail", "stone", "brick", "forge", "crystal", "ember", "frost",
    "meadow", "willow", "lantern", "mirror", "shadow", "signal", "tower", "bridge", "garden", "orchard",
    "raven", "falcon", "river", "canyon", "desert", "glacier", "engine", "circuit",
];
const QUERIES: [&str; 24] = [
    "s",
    "st",
    "sto",
    "stor",
    "storm",
    "storm com",
    "compass rose",
    "weather",
    "wether",
    "lanten",
    "deep storage",
    "game:game-3 storm",
    "tag:tag-7 -license:MIT water",
    "sort:new storm",
    "sort:name",
    "size:<5mb night",
    "kind:map",
    "publisher:publisher-77",
    "co",
    "gl",
    "quiet gulls harbor",
    "updated:<30d",
    "storm sort:updated",
    "zzzz",
];

/// A small generator, so that every run measures the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % below
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| WORDS[self.next(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }
}

fn listing(number: usize, numbers: &mut Numbers) -> Listing {
    let publisher = format!("publisher-{}", numbers.next(20_000));
    let name = format!("package-{number}");
    let title = format!("{} {number}", numbers.words(2));
    let summary = numbers.words(12);
    let tags: Vec<String> = (0..3).map(|_| format!("tag-{}", numbers.next(300))).collect();
    let license = ["MIT", "GPL-3.0-only", "CC0-1.0", "LicenseRef-proprietary"][numbers.next(4)];
    let game = format!("game-{}", numbers.next(30));
    let kind = ["mod", "map", "asset-pack", "collection"][numbers.next(4)];
    let mut facets = vec![
        ("kind".to_owned(), kind.to_owned()),
        ("license".to_owned(), license.to_owned()),
        ("game".to_owned(), game.clone()),
        ("publisher".to_owned(), publisher.clone()),
    ];
    facets.extend(tags.iter().map(|tag| ("tag".to_owned(), tag.clone())));
    Listing {
        id: format!("{publisher}/{name}").parse().expect("id"),
        words: Words {
            name: format!("{} {}", fold(&title), fold(&name)),
            tags: format!("{} {}", fold(&tags.join(" ")), fold(&publisher)),
            summary: fold(&summary),
            title_key: fold(&title),
            name_key: fold(&name),
        },
        publisher,
        name,
        title,
        summary,
        kind: Kind(kind.into()),
        license: Some(license.into()),
        version: "1.0.0".into(),
        channel: "stable".into(),
        side: "both".into(),
        size: numbers.next(50_000_000) as u64,
        updated: Timestamp::from_second(1_790_000_000 + numbers.next(10_000_000) as i64).ok(),
        published: Timestamp::from_second(1_700_000_000 + numbers.next(90_000_000) as i64).ok(),
        downloads: Some(numbers.next(1_000_000) as u64),
        games: vec![game],
        tags,
        detail: serde_json::Value::Null,
        facets,
        releases: vec![],
    }
}

#[tokio::main]
async fn main() {
    let packages: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("temp dir");
    let state = Arc::new(StateDb::open(&folder.path().join("state.db")).expect("state"));
    let database = Arc::new(CatalogDb::open(&folder.path().join("catalog.db")).expect("catalog"));
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let source = SourceId::registry(&Sha256([1; 32]));
    let now = Timestamp::from_second(1_800_000_000).expect("time");
    let started = Instant::now();
    for (shard, first) in (0..packages).step_by(2_000).enumerate() {
        let listings =
            (first..packages.min(first + 2_000)).map(|number| listing(number, &mut numbers)).collect();
        let path = format!("catalog/{shard}");
        let shard = ShardRef { source: source.clone(), path, sha256: Sha256([0; 32]) };
        database.replace_shard(Shard { shard, listings }, now).await.expect("put in");
    }
    println!("{packages} packages put in: {:?}", started.elapsed());
    let started = Instant::now();
    database.refresh_vocabulary().await.expect("vocabulary");
    println!("vocabulary: {:?}", started.elapsed());
    let started = Instant::now();
    let catalog = Catalog::open(database, state, Patience::default()).await.expect("opened");
    println!("index in memory: {:?}", started.elapsed());

    let (mut times, mut firsts) = (Vec::new(), Vec::new());
    for text in QUERIES {
        let query = Query::parse(text);
        let mut own = Vec::new();
        let mut total = 0;
        for _ in 0..10 {
            let context = SearchContext { now, installed: vec![], updatable: vec![] };
            let started = Instant::now();
            let result = catalog.search(&query, context, 50).await.expect("searched");
            own.push(started.elapsed());
            total = result.page.total;
        }
        println!("{text:34} {total:>7} found, first {:>9.3?}, again {:>9.3?}", own[0], own[5]);
        firsts.push(own[0]);
        times.extend(own);
    }
    for (name, times) in [("first time", &mut firsts), ("all", &mut times)] {
        times.sort();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        println!("{name}: p50 {:?}, p95 {:?}, p99 {:?}", at(50), at(95), at(99));
    }
}
