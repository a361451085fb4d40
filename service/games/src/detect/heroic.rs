//! Heroic: what it installed from GOG and Epic, by its own files.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    Installation, InstallationKind, Packaging,
    launched::{Launched, describe, launcher, sandboxed},
};
use crate::{Definition, Environment, Platform, System};

const APPLICATION: &str = "com.heroicgameslauncher.hgl";
/// Largest file of Heroic that is read, in bytes.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// `gog_store/installed.json`
#[derive(Deserialize)]
struct GogList {
    #[serde(default)]
    installed: Vec<GogGame>,
}

#[derive(Deserialize)]
struct GogGame {
    #[serde(rename = "appName")]
    id: String,
    #[serde(flatten)]
    game: Game,
}

/// What both lists say about a game; Epic's is a map by id.
#[derive(Deserialize)]
struct Game {
    install_path: PathBuf,
    #[serde(default)]
    platform: String,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    is_dlc: bool,
}

/// The part of `GamesConfig/<id>.json` that says where the game's Windows is.
#[derive(Deserialize)]
struct GameConfig {
    #[serde(default, rename = "winePrefix")]
    prefix: Option<PathBuf>,
}

/// A home of Heroic.
struct Home {
    config: PathBuf,
    /// Where the program for Epic keeps its files if Heroic did not give it a place of its own.
    legendary: PathBuf,
    packaging: Packaging,
    /// What games see.
    inside: Environment,
}

pub(super) fn detect(
    platform: &dyn Platform,
    environment: &Environment,
    definition: &Definition,
) -> Vec<Installation> {
    let stores = &definition.stores;
    if stores.gog.is_empty() && stores.epic.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for home in homes(environment) {
        let gog = gog(platform, &home).into_iter().filter(|(id, _)| stores.gog.contains(id));
        let epic = epic(platform, &home).into_iter().filter(|(id, _)| stores.epic.contains(id));
        let all = gog.map(|game| ("gog", game)).chain(epic.map(|game| ("epic", game)));
        for (store, (id, game)) in all.filter(|(_, (_, game))| !game.is_dlc) {
            let Some(launched) = launched(platform, environment, &home, (store, id, game)) else { continue };
            found.extend(describe(platform, &home.inside, definition, launched));
        }
    }
    found
}

fn launched(
    platform: &dyn Platform,
    environment: &Environment,
    home: &Home,
    (store, id, game): (&str, String, Game),
) -> Option<Launched> {
    let for_windows = game.platform.to_lowercase().starts_with("win") || game.platform.is_empty();
    let prefix = match for_windows && environment.system != System::Windows {
        // Without one it was never started: nobody knows where its Windows will be.
        true => Some(prefix(platform, &home.config, &id)?),
        false => None,
    };
    let runner = if store == "epic" { "legendary" } else { store };
    let address = format!("heroic://launch?appName={id}&runner={runner}");
    let program = launcher(platform, environment, ("heroic", APPLICATION), home.packaging);
    Some(Launched {
        kind: InstallationKind::Heroic { store: store.to_owned(), id, packaging: home.packaging },
        folder: game.install_path,
        prefix,
        launcher: program.map(|mut program| {
            program.args.extend(["--no-gui".to_owned(), address]);
            program
        }),
        version: game.version.filter(|version| !version.is_empty() && version.len() <= 64),
    })
}

fn homes(environment: &Environment) -> Vec<Home> {
    let home = |config: &Path, packaging, inside| Home {
        config: config.join("heroic"),
        legendary: config.join("legendary"),
        packaging,
        inside,
    };
    let mut homes = Vec::new();
    if let Some(config) = &environment.config {
        homes.push(home(config, Packaging::System, environment.clone()));
    }
    if let (System::Linux, Some(folder)) = (environment.system, &environment.home) {
        let own = folder.join(".var/app").join(APPLICATION);
        let config = own.join("config");
        let inside = Environment {
            data: Some(own.join("data")),
            config: Some(config.clone()),
            ..sandboxed(environment, own)
        };
        homes.push(home(&config, Packaging::Flatpak, inside));
    }
    homes
}

fn read<T: for<'de> Deserialize<'de>>(platform: &dyn Platform, path: &Path) -> Option<T> {
    serde_json::from_slice(&platform.read(path, MAX_FILE)?).ok()
}

fn gog(platform: &dyn Platform, home: &Home) -> Vec<(String, Game)> {
    let list: Option<GogList> = read(platform, &home.config.join("gog_store/installed.json"));
    list.map(|list| list.installed).unwrap_or_default().into_iter().map(|g| (g.id, g.game)).collect()
}

fn epic(platform: &dyn Platform, home: &Home) -> BTreeMap<String, Game> {
    let own = home.config.join("legendaryConfig/legendary/installed.json");
    let found = read(platform, &own).or_else(|| read(platform, &home.legendary.join("installed.json")));
    found.unwrap_or_default()
}

/// The folder with `drive_c` in it: Proton puts it one folder deeper than Wine.
fn prefix(platform: &dyn Platform, config: &Path, id: &str) -> Option<PathBuf> {
    let file = config.join("GamesConfig").join(format!("{id}.json"));
    let mut games: BTreeMap<String, serde_json::Value> = read(platform, &file)?;
    let game: GameConfig = serde_json::from_value(games.remove(id)?).ok()?;
    let prefix = game.prefix.filter(|prefix| prefix.is_absolute())?;
    [prefix.join("pfx"), prefix].into_iter().find(|prefix| platform.is_dir(&prefix.join("drive_c")))
}
