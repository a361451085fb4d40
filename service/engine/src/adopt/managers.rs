//! Profiles that other managers keep of games: where they are, and which mods they list. Changes nothing of theirs.
//!
//! r2modman and the Thunderstore Mod Manager keep `<game>/profiles/<name>/mods.yml` below their own folder; Gale keeps its
//! lists in a database (`data.sqlite3`), which is read from a copy.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use muster_domain::GameId;
use muster_fsx::Dir;
use muster_games::{Definition, Environment, System};
use muster_store::foreign::gale_profiles;
use uuid::Uuid;

use super::{
    keep::WORK,
    manifests::{LIST, ListedMod, MAX_TEXT, gale_list, list},
};
use crate::{Engine, EngineError, jobs::blocking};

/// Largest database that is read, in bytes.
const MAX_DATABASE: u64 = 256 * 1024 * 1024;
const DATABASE: &str = "data.sqlite3";
const LOG: &str = "data.sqlite3-wal";
/// Folder of a game's profiles.
const PROFILES: &str = "profiles";
/// Most profiles of one game that are shown.
const MAX_PROFILES: usize = 200;

/// Whose profile it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manager {
    R2modman,
    ThunderstoreModManager,
    Gale,
}

/// A profile of another manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedProfile {
    pub manager: Manager,
    pub game: GameId,
    pub name: String,
    pub folder: PathBuf,
    /// Mods that it lists.
    pub mods: usize,
}

/// A profile of another manager, with what is known here of its game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedProfileView {
    pub profile: ManagedProfile,
    pub game_title: String,
    /// On this machine, or as a profile of ours.
    pub is_game_found: bool,
}

/// A profile with its list.
pub(crate) struct Listing {
    pub profile: ManagedProfile,
    pub list: Vec<ListedMod>,
}

impl Engine {
    /// Profiles of other managers on this machine, of games that are known here. What cannot be read is left out.
    pub async fn managed_profiles(&self) -> Result<Vec<ManagedProfileView>, EngineError> {
        let engine = self.clone();
        let (listings, mut found) = blocking(move || {
            let games = engine.machine().games().into_iter().filter(|game| !game.installations.is_empty());
            Ok((listings(&engine), games.map(|game| game.id).collect::<BTreeSet<GameId>>()))
        })
        .await?;
        found.extend(self.state().profiles().all().await?.into_iter().map(|profile| profile.game));
        let view = |Listing { profile, .. }: Listing| {
            let game_title = self.machine().definition(&profile.game)?.title.clone();
            let is_game_found = found.contains(&profile.game);
            Ok(ManagedProfileView { profile, game_title, is_game_found })
        };
        listings.into_iter().map(view).collect()
    }

    /// The profile of another manager in a folder, as one of `game` where its place does not say whose it is.
    pub(super) fn listing_at(&self, folder: &Path, game: Option<&GameId>) -> Option<Listing> {
        let found = listings(self).into_iter().find(|listing| listing.profile.folder == folder);
        found.or_else(|| {
            let list = read_list(folder);
            let name = folder.file_name()?.to_str()?.to_owned();
            let of_place = folder.parent().and_then(Path::parent).and_then(Path::file_name);
            let of_place = of_place.and_then(|name| name.to_str()).and_then(|name| self.game_called(name));
            let game = game.cloned().or(of_place).filter(|game| self.is_managed(game))?;
            let (manager, folder, mods) = (Manager::R2modman, folder.to_owned(), list.len());
            let profile = ManagedProfile { manager, game, name, folder, mods };
            (!list.is_empty()).then_some(Listing { profile, list })
        })
    }

    /// Whether other managers keep profiles of a game apart from its folder.
    fn is_managed(&self, game: &GameId) -> bool {
        self.machine().definition(game).is_ok_and(|definition| !definition.managers.r2modman.is_empty())
    }

    fn game_called(&self, folder: &str) -> Option<GameId> {
        let is_it = |definition: &&std::sync::Arc<Definition>| {
            definition.managers.r2modman.iter().any(|name| name == folder)
        };
        self.machine().definitions().iter().find(is_it).map(|definition| definition.id.clone())
    }
}

/// Every profile that can be read, by manager, game and name.
fn listings(engine: &Engine) -> Vec<Listing> {
    let environment = &engine.machine().environment;
    let mut found = gale(engine, environment);
    for (manager, base) in r2modman_folders(environment) {
        for definition in engine.machine().definitions() {
            for name in &definition.managers.r2modman {
                let folder = base.join(name).join(PROFILES);
                found.extend(profiles_below(&folder).into_iter().filter_map(|folder| {
                    let list = read_list(&folder);
                    let name = folder.file_name()?.to_str()?.to_owned();
                    let (game, mods) = (definition.id.clone(), list.len());
                    let profile = ManagedProfile { manager, game, name, folder, mods };
                    (!list.is_empty()).then_some(Listing { profile, list })
                }));
            }
        }
    }
    found.sort_by(|a, b| {
        let key = |one: &Listing| (one.profile.manager, one.profile.game.clone(), one.profile.name.clone());
        key(a).cmp(&key(b))
    });
    found
}

/// r2modman keeps its folder among the settings on Linux, among the data elsewhere.
fn r2modman_folders(environment: &Environment) -> Vec<(Manager, PathBuf)> {
    let base = match environment.system {
        System::Linux => &environment.config,
        System::Windows | System::Macos => &environment.data,
    };
    let Some(base) = base else { return Vec::new() };
    vec![
        (Manager::R2modman, base.join("r2modmanPlus-local")),
        (Manager::ThunderstoreModManager, base.join("Thunderstore Mod Manager/DataFolder")),
    ]
}

fn profiles_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = Dir::open_ambient(folder).and_then(|dir| dir.entries()) else { return Vec::new() };
    let names = entries.iter().filter(|entry| entry.metadata.is_dir()).filter_map(|entry| entry.name_str());
    names.take(MAX_PROFILES).map(|name| folder.join(name)).collect()
}

fn read_list(folder: &Path) -> Vec<ListedMod> {
    let read = Dir::open_ambient(folder).and_then(|dir| dir.read_if_exists(LIST, MAX_TEXT));
    read.ok().flatten().map(|bytes| list(&bytes)).unwrap_or_default()
}

/// Gale's profiles, of games that are known here.
fn gale(engine: &Engine, environment: &Environment) -> Vec<Listing> {
    let Some(folder) = environment.data.as_ref().map(|data| data.join("com.kesomannen.gale")) else {
        return Vec::new();
    };
    let rows = match gale_rows(engine, &folder) {
        Ok(rows) => rows,
        Err(error) => {
            tracing::info!(%error, "the profiles of another manager cannot be read");
            return Vec::new();
        }
    };
    let definitions = engine.machine().definitions();
    let listing = |row: muster_store::foreign::GaleProfile| {
        let is_it = |definition: &&std::sync::Arc<Definition>| definition.managers.gale.contains(&row.game);
        let game = definitions.iter().find(is_it)?.id.clone();
        let list = gale_list(row.mods.as_bytes());
        let folder = row.folder.is_absolute().then_some(row.folder)?;
        let name = muster_domain::clean_line(&row.name, 100);
        let profile = ManagedProfile { manager: Manager::Gale, game, name, folder, mods: list.len() };
        (!list.is_empty()).then_some(Listing { profile, list })
    };
    rows.into_iter().filter_map(listing).collect()
}

/// The rows of a copy, so that nothing is written beside the database of a program that may be running.
fn gale_rows(engine: &Engine, folder: &Path) -> Result<Vec<muster_store::foreign::GaleProfile>, EngineError> {
    let theirs = match Dir::open_ambient(folder) {
        Ok(theirs) => theirs,
        Err(error) if error.is_missing() => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let Some(database) = theirs.read_if_exists(DATABASE, MAX_DATABASE)? else { return Ok(Vec::new()) };
    let path = engine.inner.places.cache.join(WORK);
    let work = Dir::create_ambient_private(&path)?;
    let name = Uuid::now_v7().simple().to_string();
    let copy = work.create_dir_new(name.as_str())?;
    let read = || {
        copy.write_atomic(DATABASE, &database)?;
        if let Some(log) = theirs.read_if_exists(LOG, MAX_DATABASE)? {
            copy.write_atomic(LOG, &log)?;
        }
        Ok(gale_profiles(&path.join(&name).join(DATABASE))?)
    };
    let rows = read();
    // What cannot be removed is in the cache, which may be deleted at any time.
    let _ = work.remove_tree(name.as_str());
    rows
}
