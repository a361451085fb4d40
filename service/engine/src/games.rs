//! Games as the player sees them, and definitions of the player's own.
//!
//! A definition of the player's own is a file in the settings folder, named by the game. It wins over one that came
//! with Muster; one that cannot be read is left alone, and the one below it stays in force.

use std::sync::Arc;

use muster_domain::{GameId, ProfileId};
use muster_fsx::Dir;
use muster_games::{Definition, Origin, parse_definition};

use uuid::Uuid;

use crate::{Engine, EngineError, FoundGame, Signal, jobs::blocking};

/// Folder of the player's own definitions, below the settings.
const FOLDER: &str = "games";
/// Name of the profile that a game starts with: one word in every language of the window, and never the game's own.
const FIRST_PROFILE: &str = "Standard";
/// Largest definition, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// What happens to the definition that a game has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Refuse,
    Replace,
}

/// A game with what its definition says.
#[derive(Clone, Debug)]
pub struct GameView {
    pub found: FoundGame,
    pub definition: Arc<Definition>,
    /// Who wrote definitions of it; the last one is in force.
    pub origins: Vec<Origin>,
}

impl Engine {
    /// Where mods can go on this machine. Blocks while programs are asked for their version.
    pub async fn games(&self) -> Result<Vec<FoundGame>, EngineError> {
        let engine = self.clone();
        blocking(move || {
            let mut games = engine.machine().games();
            for found in games.iter_mut().flat_map(|game| &mut game.installations) {
                found.storage = engine.storage(&found.installation);
            }
            Ok(games)
        })
        .await
    }

    /// A profile for every game that was found and has none, so that a newcomer has somewhere to install to.
    pub(crate) async fn ensure_profiles(&self) -> Result<(), EngineError> {
        let existing = self.state().profiles().all().await?;
        for game in self.games().await? {
            let has_one = existing.iter().any(|profile| profile.game == game.id);
            if let (false, Some(found)) = (has_one, game.installations.first()) {
                let id = ProfileId(Uuid::now_v7());
                self.store_profile(id, (FIRST_PROFILE, &game.id), found.installation.clone()).await?;
            }
        }
        Ok(())
    }

    /// As [`Engine::ensure_profiles`]. Where each game that is there has a profile, as at nearly every start, no program of a game
    /// is started for it.
    pub(crate) async fn ensure_profiles_at_start(&self) -> Result<(), EngineError> {
        let engine = self.clone();
        let seen = blocking(move || Ok(engine.machine().glance())).await?;
        let existing = self.state().profiles().all().await?;
        let is_served = |game: &FoundGame| {
            game.installations.is_empty() || existing.iter().any(|profile| profile.game == game.id)
        };
        if seen.iter().all(is_served) { Ok(()) } else { self.ensure_profiles().await }
    }

    /// One game, found or not.
    pub async fn game(&self, game: &GameId) -> Result<GameView, EngineError> {
        let definition = self.machine().definition(game)?;
        let origins = self.machine().origins(game);
        let found = self.games().await?.into_iter().find(|found| found.id == *game);
        let found = found.ok_or_else(|| EngineError::GameNotFound { game: game.clone() })?;
        Ok(GameView { found, definition, origins })
    }

    /// Checks a definition, keeps it and puts it in force. Where the game has one already it stays, unless another may
    /// take its place.
    pub async fn add_game(&self, text: String, taken: Taken) -> Result<GameId, EngineError> {
        let game = parse_definition("", &text)?.id;
        let (engine, id) = (self.clone(), game.clone());
        blocking(move || {
            if taken == Taken::Refuse && !engine.machine().origins(&id).is_empty() {
                return Err(EngineError::GameTaken { game: id });
            }
            let folder = Dir::create_ambient_private(&engine.own_games())?;
            folder.write_atomic(file_name(&id).as_str(), text.as_bytes())?;
            engine.machine().change(|library| library.add(Origin::User, id.as_str(), &text))?;
            Ok(())
        })
        .await?;
        self.ensure_profiles().await?;
        self.signal(Signal::Status);
        self.signal(Signal::Profiles);
        Ok(game)
    }

    /// Forgets a definition of the player's own. One that came with Muster is in force again.
    pub async fn remove_game(&self, game: &GameId) -> Result<(), EngineError> {
        let origins = self.machine().origins(game);
        if origins.last() != Some(&Origin::User) {
            self.machine().definition(game)?;
            return Err(EngineError::GameNotOwn { game: game.clone() });
        }
        let profiles = self.state().profiles().all().await?;
        if origins.len() == 1 && profiles.iter().any(|profile| profile.game == *game) {
            return Err(EngineError::GameInUse { game: game.clone() });
        }
        let (engine, id) = (self.clone(), game.clone());
        blocking(move || {
            Dir::open_ambient(&engine.own_games())?.remove_file(file_name(&id).as_str())?;
            engine.machine().change(|library| library.remove(&id, Origin::User));
            Ok(())
        })
        .await?;
        self.signal(Signal::Status);
        Ok(())
    }

    fn own_games(&self) -> std::path::PathBuf {
        self.inner.places.config.join(FOLDER)
    }

    /// Takes up the definitions that the player added before.
    pub(crate) async fn load_own_games(&self) -> Result<(), EngineError> {
        let engine = self.clone();
        blocking(move || {
            let Ok(folder) = Dir::open_ambient(&engine.own_games()) else { return Ok(()) };
            for entry in folder.entries()? {
                let Some(name) = entry.name_str().filter(|name| name.ends_with(".yaml")) else { continue };
                let text =
                    folder.read(name, MAX_FILE).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                let added = text.map_err(EngineError::from).and_then(|text| {
                    let add = |library: &mut muster_games::Library| library.add(Origin::User, name, &text);
                    Ok(engine.machine().change(add)?)
                });
                if let Err(error) = added {
                    tracing::warn!(%error, name, "a game definition of the player's own is left out");
                }
            }
            Ok(())
        })
        .await
    }
}

fn file_name(game: &GameId) -> String {
    format!("{game}.yaml")
}
