//! Where Steam has the Workshop's items of a game. They are a source that is read only (`catalog/sources/workshop`).

use muster_catalog::WorkshopAddress;
use muster_domain::GameId;

use crate::{Engine, EngineError, Key, SourceError, jobs::blocking};

impl Engine {
    /// An address in full: `workshop:<game>` stands for wherever Steam has the game, others are what they are.
    pub(crate) async fn spelled_out(&self, address: &str) -> Result<String, EngineError> {
        let Some(game) = WorkshopAddress::game_alone(address) else { return Ok(address.to_owned()) };
        let found = self.workshop_of(&game).await?;
        Ok(found.ok_or(SourceError::NoWorkshop { game })?.to_string())
    }

    /// The folder of a game's items, where Steam installed the game.
    pub(crate) async fn workshop_of(&self, game: &GameId) -> Result<Option<WorkshopAddress>, EngineError> {
        let engine = self.clone();
        let games = blocking(move || Ok(engine.machine().games())).await?;
        let installations =
            games.iter().filter(|found| found.id == *game).flat_map(|found| &found.installations);
        let mut libraries = installations.filter_map(|found| found.installation.steam_library());
        Ok(libraries.next().map(|(library, app)| WorkshopAddress::new(game.clone(), library, app)))
    }

    /// Refuses what another program brings and takes away.
    pub(crate) async fn refuse_managed<'a>(
        &self,
        keys: impl Iterator<Item = &'a Key>,
    ) -> Result<(), EngineError> {
        for key in keys {
            if let Some(by) = self.catalog().managed_by(&key.source) {
                return Err(SourceError::Managed { title: self.title(key).await, by }.into());
            }
        }
        Ok(())
    }
}
