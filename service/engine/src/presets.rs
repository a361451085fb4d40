//! Sources that fit the games of the player: named by the definitions of games, offered until they are there or turned down.
//!
//! Nobody is asked over the network for any of this.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_catalog::ForeignAddress;
use muster_domain::{GameId, SourceId};

use crate::{Engine, EngineError, FoundGame, Signal, SourceError, jobs::blocking};

/// Key in the settings table: what was turned down.
const KEY: &str = "declined-presets";

/// What the player says to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresetAnswer {
    /// It is not offered any more.
    TurnDown,
    /// It is offered as before.
    OfferAgain,
}

/// A source that a game's definition names, or that was found beside a game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresetView {
    /// As a source is added by it.
    pub id: String,
    /// As [`crate::SourceView::kind`].
    pub kind: &'static str,
    /// The host that is asked once it is added; `None` for what is on this machine.
    pub host: Option<String>,
    /// The games that it fits, those that were found first.
    pub games: Vec<PresetGame>,
    /// It is the one to begin with for a game.
    pub is_first: bool,
    /// The player has it.
    pub is_known: bool,
    pub is_declined: bool,
}

/// A game that a source fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresetGame {
    pub id: GameId,
    pub title: String,
    pub is_found: bool,
}

impl PresetView {
    /// Whether the player is to be asked about it: for a game that is here, while it is neither there nor turned down.
    pub fn is_offered(&self) -> bool {
        !self.is_known && !self.is_declined && self.games.iter().any(|game| game.is_found)
    }
}

/// What a game names: its addresses, the one to begin with first.
struct Named {
    game: PresetGame,
    addresses: Vec<String>,
}

/// Each source once, with all of its games: those for games that are here first, then in the order in which they are named.
fn merge(named: Vec<Named>, known: &BTreeSet<SourceId>, declined: &BTreeSet<String>) -> Vec<PresetView> {
    let mut found: BTreeMap<String, PresetView> = BTreeMap::new();
    let mut order = Vec::new();
    for Named { game, addresses } in named {
        for (place, id) in addresses.into_iter().enumerate() {
            // A definition can come from anybody.
            let Ok(Some(address)) = ForeignAddress::parse(&id) else { continue };
            let preset = found.entry(id.clone()).or_insert_with(|| {
                order.push(id.clone());
                PresetView {
                    kind: address.kind(),
                    host: address.host(),
                    games: Vec::new(),
                    is_first: false,
                    is_known: known.contains(&address.source_id()),
                    is_declined: declined.contains(&id),
                    id,
                }
            });
            preset.is_first |= place == 0;
            preset.games.push(game.clone());
        }
    }
    let mut presets: Vec<PresetView> = order.iter().filter_map(|id| found.remove(id)).collect();
    for preset in &mut presets {
        preset.games.sort_by_key(|game| !game.is_found);
    }
    presets.sort_by_key(|preset| !preset.games.iter().any(|game| game.is_found));
    presets
}

impl Engine {
    /// The sources that fit games: those of one game, or of all.
    ///
    /// # Errors
    /// Where there is no such game.
    pub async fn presets(&self, game: Option<&GameId>) -> Result<Vec<PresetView>, EngineError> {
        if let Some(game) = game {
            self.machine().definition(game)?;
        }
        let engine = self.clone();
        let games = blocking(move || Ok(engine.machine().games())).await?;
        let mut named = Vec::new();
        for found in games.into_iter().filter(|found| game.is_none_or(|game| found.id == *game)) {
            named.push(self.named_by(found)?);
        }
        let known = self.state().sources().all().await?.into_iter().map(|source| source.id).collect();
        Ok(merge(named, &known, &self.declined_presets().await?))
    }

    fn named_by(&self, found: FoundGame) -> Result<Named, EngineError> {
        let mut addresses = self.machine().definition(&found.id)?.sources.clone();
        addresses.extend(self.workshop_with_items(&found).map(|address| address.to_string()));
        let is_found = !found.installations.is_empty();
        Ok(Named { game: PresetGame { id: found.id, title: found.title, is_found }, addresses })
    }

    /// Turns an offer down, or lets it be made again.
    ///
    /// # Errors
    /// [`SourceError::NoPreset`] for what no game names.
    pub async fn answer_preset(&self, id: &str, answer: PresetAnswer) -> Result<(), EngineError> {
        if !self.presets(None).await?.iter().any(|preset| preset.id == id) {
            return Err(SourceError::NoPreset { id: id.to_owned() }.into());
        }
        self.note_preset(id, answer).await?;
        self.signal(Signal::Sources);
        Ok(())
    }

    /// Notes what the player did with a source of this address: who removes one does not want it offered, who adds it, does.
    pub(crate) async fn note_source(&self, address: &str, answer: PresetAnswer) -> Result<(), EngineError> {
        let same = |preset: &String| {
            let parsed = ForeignAddress::parse(preset).ok().flatten();
            parsed.is_some_and(|parsed| parsed.to_string() == address)
        };
        let named = self.machine().definitions();
        let id = named.iter().flat_map(|definition| &definition.sources).find(|preset| same(preset)).cloned();
        match id {
            Some(id) => self.note_preset(&id, answer).await,
            // What was found beside a game goes by its address.
            None if answer == PresetAnswer::OfferAgain
                && !self.declined_presets().await?.contains(address) =>
            {
                Ok(())
            }
            None if ForeignAddress::parse(address)?.is_some_and(|parsed| parsed.kind() == "workshop") => {
                self.note_preset(address, answer).await
            }
            None => Ok(()),
        }
    }

    async fn declined_presets(&self) -> Result<BTreeSet<String>, EngineError> {
        let stored = self.state().settings().get(KEY).await?;
        let unreadable = |_| EngineError::Internal("declined presets cannot be read");
        stored
            .map(|value| serde_json::from_value(value).map_err(unreadable))
            .transpose()
            .map(Option::unwrap_or_default)
    }

    async fn note_preset(&self, id: &str, answer: PresetAnswer) -> Result<(), EngineError> {
        let mut declined = self.declined_presets().await?;
        let is_other = match answer {
            PresetAnswer::TurnDown => declined.insert(id.to_owned()),
            PresetAnswer::OfferAgain => declined.remove(id),
        };
        if is_other {
            let value = serde_json::to_value(declined)
                .map_err(|_| EngineError::Internal("declined presets are not JSON"))?;
            self.state().settings().set(KEY, value, Timestamp::now()).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: &str, is_found: bool, addresses: &[&str]) -> Named {
        let game = PresetGame { id: id.parse().expect("a game"), title: id.to_uppercase(), is_found };
        Named { game, addresses: addresses.iter().map(|address| (*address).to_owned()).collect() }
    }

    fn ids(presets: &[PresetView]) -> Vec<&str> {
        presets.iter().map(|preset| preset.id.as_str()).collect()
    }

    #[test]
    fn each_source_is_offered_once_with_its_games_those_here_first() {
        let all = vec![
            named("orchard", false, &["modrinth:fabric", "modrinth:quilt"]),
            named("rally", true, &["contentdb", "modrinth:quilt", "no address at all", "git+nothing"]),
        ];
        let presets = merge(all, &BTreeSet::new(), &BTreeSet::new());
        assert_eq!(ids(&presets), ["modrinth:quilt", "contentdb", "modrinth:fabric"]);
        assert_eq!(
            presets[0].games.iter().map(|game| game.id.as_str()).collect::<Vec<_>>(),
            ["rally", "orchard"]
        );
        let firsts: Vec<bool> = presets.iter().map(|preset| preset.is_first).collect();
        assert_eq!(firsts, [false, true, true]);
        assert_eq!(presets[1].host.as_deref(), Some("content.luanti.org"));
        let offered: Vec<bool> = presets.iter().map(PresetView::is_offered).collect();
        assert_eq!(offered, [true, true, false], "nothing is offered for a game that is not here");
    }

    #[test]
    fn what_is_there_or_was_turned_down_is_not_offered() {
        let all = || vec![named("rally", true, &["contentdb", "modrinth:quilt"])];
        let known = BTreeSet::from(["contentdb".parse().expect("an id")]);
        let declined = BTreeSet::from(["modrinth:quilt".to_owned()]);
        let presets = merge(all(), &known, &declined);
        assert!(presets[0].is_known && presets[1].is_declined);
        assert!(presets.iter().all(|preset| !preset.is_offered()));
    }
}
