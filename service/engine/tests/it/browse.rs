//! Looking around: what a search counts, and what it shows of suggestions.
#![allow(clippy::disallowed_methods, reason = "test folders are made plainly")]

use muster_engine::{NewProfile, SearchQuery, Sort};

use crate::support::World;

#[tokio::test]
async fn results_are_counted_among_the_packages_for_the_games_that_the_query_names() {
    let mut world = World::new();
    world.registry.publish("alice/trees", "1.0.0", &[]);
    world.registry.publish("alice/lamps", "1.0.0", &[]);
    let (engine, ours) = world.engine().await;
    let folder = world.folder.path().join("openttd");
    std::fs::create_dir_all(folder.join("newgrf")).unwrap();
    let other = NewProfile {
        name: "elsewhere".into(),
        game: "openttd".parse().unwrap(),
        installation: None,
        folder: Some(folder),
    };
    let other = engine.create_profile(other).await.unwrap();
    let counts = async |profile, text: &str| {
        let query =
            SearchQuery { text: text.into(), profile: Some(profile), limit: 10, ..SearchQuery::default() };
        let found = engine.search(query).await.unwrap();
        (found.total, found.all)
    };
    assert_eq!(counts(ours, "").await, (2, 2));
    assert_eq!(counts(ours, "lamps").await, (1, 2));
    assert_eq!(counts(other, "").await, (0, 0), "nothing is for its game");
    assert_eq!(counts(other, "game:minetest").await, (2, 2));
    assert_eq!(counts(other, "GAME:minetest lamps").await, (1, 2));
    assert_eq!(counts(ours, "-game:minetest").await, (0, 0));
    assert_eq!(counts(other, "-game:openttd lamps").await, (1, 2));
}

#[tokio::test]
async fn nothing_is_suggested_where_nobody_suggests_anything() {
    let mut world = World::new();
    world.registry.publish("alice/trees", "1.0.0", &[]);
    let (engine, _) = world.engine().await;
    let query =
        |text: &str, sort| SearchQuery { text: text.into(), sort, limit: 10, ..SearchQuery::default() };
    let featured = engine.search(query("is:featured", None)).await.unwrap();
    assert_eq!((featured.total, featured.all), (0, 1));
    let trending = engine.search(query("", Some(Sort::Trending))).await.unwrap();
    assert_eq!(trending.rows.len(), 1, "an order leaves nothing out");
    assert!(trending.rows.iter().all(|row| row.trend.is_none() && row.featured.is_none()));
}
