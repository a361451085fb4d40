//! What a search shows of what sources feature and of what trends. Suggestions of others: they order and explain rows, and
//! decide nothing (`docs/decisions/0047`).

use std::collections::HashMap;

use jiff::Timestamp;
use muster_catalog::{
    Pick, Query, Trending,
    query::{Condition, Facet, Mode, Sort, Test},
};
use muster_domain::{PackageId, SourceId};

use crate::{Engine, EngineError};

/// Most packages of one source that are shown as featured: whoever features everything features nothing.
const MAX_FEATURED: usize = 24;

/// What a package gained lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendView {
    /// Downloads, by the word of its source.
    pub gain: u64,
    pub since: Timestamp,
}

/// What a query needs to know of suggestions, and what its rows say of them.
#[derive(Debug, Default)]
pub(crate) struct Suggestions {
    /// In the order in which they are shown.
    pub featured: Vec<(SourceId, PackageId)>,
    /// The most notable first.
    pub trending: Vec<(SourceId, PackageId)>,
    sentences: HashMap<(SourceId, PackageId), String>,
    trends: HashMap<(SourceId, PackageId), TrendView>,
}

impl Suggestions {
    /// The sentence of the source that features a package; empty where it has none.
    pub fn sentence(&self, source: &SourceId, id: &PackageId) -> Option<String> {
        self.sentences.get(&(source.clone(), id.clone())).cloned()
    }

    /// What a package gained.
    pub fn trend(&self, source: &SourceId, id: &PackageId) -> Option<TrendView> {
        self.trends.get(&(source.clone(), id.clone())).cloned()
    }

    /// Takes over what one source features: its own packages that hold now for one of the games (or for any, where none
    /// is named), each once, in its order.
    fn feature(&mut self, source: &SourceId, picks: Vec<Pick>, games: &[&str], now: Timestamp) {
        let holds = |pick: &Pick| match games {
            [] => pick.holds(now, None),
            games => games.iter().any(|game| pick.holds(now, Some(game))),
        };
        let mut shown = 0;
        for pick in picks.into_iter().filter(holds) {
            let key = (source.clone(), PackageId::from(pick.package));
            if shown < MAX_FEATURED && !self.sentences.contains_key(&key) {
                shown += 1;
                self.featured.push(key.clone());
                self.sentences.insert(key, pick.text);
            }
        }
    }

    fn trend_of(&mut self, found: &[Trending]) {
        for one in found {
            let key = (one.source.clone(), one.id.clone());
            self.trending.push(key.clone());
            self.trends.insert(key, TrendView { gain: one.gain, since: one.since });
        }
    }
}

/// The games that a query is about.
fn games(query: &Query) -> Vec<&str> {
    let named = query.conditions.iter().filter_map(|condition| match (&condition.test, condition.mode) {
        (Test::Facet(Facet::Game, game), Mode::Include) => Some(game.as_str()),
        _ => None,
    });
    named.collect()
}

/// Whether a query says anything about games.
pub(crate) fn names_game(query: &Query) -> bool {
    query.conditions.iter().any(is_about_games)
}

fn is_about_games(condition: &Condition) -> bool {
    matches!(condition.test, Test::Facet(Facet::Game, _))
}

/// Everything that the results of a query are a part of: the packages for the games that it is about.
pub(crate) fn whole_of(query: &Query) -> Query {
    let conditions = query.conditions.iter().filter(|condition| is_about_games(condition)).cloned();
    Query { conditions: conditions.collect(), ..Query::default() }
}

impl Engine {
    /// What a query needs to know of suggestions; nothing where it asks for none.
    pub(crate) async fn suggestions_for(
        &self,
        query: &Query,
        now: Timestamp,
    ) -> Result<Suggestions, EngineError> {
        let mut suggestions = Suggestions::default();
        if query.conditions.iter().any(|condition| condition.test == Test::Featured) {
            for (source, picks) in self.catalog().featured().await {
                suggestions.feature(&source, picks, &games(query), now);
            }
        }
        if query.sort == Some(Sort::Trending) {
            suggestions.trend_of(&self.catalog().trending().await?);
        }
        Ok(suggestions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-28T12:00:00Z".parse().unwrap()
    }

    fn pick(package: &str, game: Option<&str>) -> Pick {
        let game = game.map(|game| game.parse().unwrap());
        Pick { package: package.parse().unwrap(), text: format!("{package}!"), game, until: None }
    }

    fn shown(picks: Vec<Pick>, games: &[&str]) -> Vec<String> {
        let mut suggestions = Suggestions::default();
        suggestions.feature(&"reg".parse().unwrap(), picks, games, now());
        suggestions.featured.iter().map(|(_, id)| id.to_string()).collect()
    }

    #[test]
    fn a_source_features_for_games_until_an_end_and_not_everything() {
        let picks = vec![
            pick("alice/old", None),
            pick("alice/trees", Some("minetest")),
            pick("alice/sails", Some("saltmere")),
            pick("alice/trees", None),
        ];
        let mut picks = picks;
        picks[0].until = Some(now());
        assert_eq!(shown(picks.clone(), &["minetest"]), ["alice/trees"]);
        assert_eq!(shown(picks.clone(), &["minetest", "saltmere"]), ["alice/trees", "alice/sails"]);
        assert_eq!(shown(picks, &[]), ["alice/trees", "alice/sails"]);
        let everything = (0..200).map(|n| pick(&format!("alice/p{n}"), None)).collect();
        assert_eq!(shown(everything, &["minetest"]).len(), MAX_FEATURED);
    }

    #[test]
    fn results_are_a_part_of_the_packages_for_the_games_that_are_named() {
        for (text, whole) in [
            ("game:saltmere tag:hud storm", "game:saltmere"),
            ("lamp -game:minetest is:featured sort:name", "-game:minetest"),
            ("lamp kind:mod", ""),
            ("GAME:Saltmere game:\"iron orchard\"", "game:Saltmere game:\"iron orchard\""),
        ] {
            let query = Query::parse(text);
            assert_eq!(whole_of(&query).to_string(), whole, "{text}");
            assert_eq!(names_game(&query), !whole.is_empty(), "{text}");
        }
        assert_eq!(games(&Query::parse("-game:a game:b game:c tag:d")), ["b", "c"]);
    }
}
