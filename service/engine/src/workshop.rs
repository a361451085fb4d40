//! Where Steam has the Workshop's items of a game. They are a source that is read only (`catalog/sources/workshop`).

use muster_catalog::WorkshopAddress;
use muster_domain::GameId;
use muster_fsx::Dir;

use crate::{Engine, EngineError, FoundGame, Key, SourceError, jobs::blocking};

impl Engine {
    /// An address in full: `workshop:<game>` stands for wherever Steam has the game, others are what they are.
    pub(crate) async fn spelled_out(&self, address: &str) -> Result<String, EngineError> {
        let Some(game) = WorkshopAddress::game_alone(address) else { return Ok(address.to_owned()) };
        let found = self.workshop_of(&game).await?;
        Ok(found.ok_or(SourceError::NoWorkshop { game })?.to_string())
    }

    /// The folder of a game's items, where Steam installed the game.
    async fn workshop_of(&self, game: &GameId) -> Result<Option<WorkshopAddress>, EngineError> {
        let engine = self.clone();
        let games = blocking(move || Ok(engine.machine().games())).await?;
        Ok(games.iter().find(|found| found.id == *game).and_then(workshop))
    }

    /// The same where items are in it.
    pub(crate) fn workshop_with_items(&self, found: &FoundGame) -> Option<WorkshopAddress> {
        let address = workshop(found)?;
        let items = Dir::open_ambient(address.folder()).ok()?;
        items.open_dir(format!("content/{}", address.app()).as_str()).ok()?;
        Some(address)
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

fn workshop(found: &FoundGame) -> Option<WorkshopAddress> {
    let mut libraries = found.installations.iter().filter_map(|found| found.installation.steam_library());
    libraries.next().map(|(library, app)| WorkshopAddress::new(found.id.clone(), library, app))
}
