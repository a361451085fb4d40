//! Lutris: what its files say about single games. Its database is not needed for that.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{
    Installation, InstallationKind, Packaging,
    launched::{Launched, describe, launcher, sandboxed},
};
use crate::{Definition, Environment, Platform, System};

const APPLICATION: &str = "net.lutris.Lutris";
/// Largest file of Lutris that is read, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// `games/<slug>-<number>.yml`; fields that say nothing about places are not looked at.
#[derive(Deserialize)]
struct GameFile {
    #[serde(default)]
    game_slug: Option<String>,
    #[serde(default)]
    game: GameSection,
}

#[derive(Default, Deserialize)]
struct GameSection {
    #[serde(default)]
    exe: Option<String>,
    #[serde(default)]
    prefix: Option<PathBuf>,
    #[serde(default)]
    working_dir: Option<PathBuf>,
}

pub(super) fn detect(
    platform: &dyn Platform,
    environment: &Environment,
    definition: &Definition,
) -> Vec<Installation> {
    if definition.stores.lutris.is_empty() || environment.system != System::Linux {
        return Vec::new();
    }
    let mut found: Vec<Installation> = Vec::new();
    for (folder, packaging, inside) in homes(environment) {
        for (slug, game) in games(platform, &folder) {
            let Some(game_folder) = game_folder(&game) else { continue };
            if !definition.stores.lutris.contains(&slug) {
                continue;
            }
            let program = launcher(platform, environment, ("lutris", APPLICATION), packaging);
            let launched = Launched {
                kind: InstallationKind::Lutris { slug: slug.clone(), packaging },
                folder: game_folder,
                prefix: game.prefix.filter(|prefix| platform.is_dir(&prefix.join("drive_c"))),
                launcher: program.map(|mut program| {
                    program.args.push(format!("lutris:rungame/{slug}"));
                    program
                }),
                version: None,
            };
            let installation = describe(platform, &inside, definition, launched);
            // Newer versions leave the older file where it was.
            let is_new = |new: &Installation| !found.iter().any(|known| known.folder == new.folder);
            found.extend(installation.filter(is_new));
        }
    }
    found
}

/// Where Lutris keeps a file for each game: newer versions with their data, older ones with their settings.
fn homes(environment: &Environment) -> Vec<(PathBuf, Packaging, Environment)> {
    let games = |base: &Option<PathBuf>| base.as_ref().map(|base| base.join("lutris/games"));
    let own = [games(&environment.data), games(&environment.config)].into_iter().flatten();
    let mut homes: Vec<_> = own.map(|folder| (folder, Packaging::System, environment.clone())).collect();
    if let Some(home) = &environment.home {
        let home = home.join(".var/app").join(APPLICATION);
        let inside = sandboxed(environment, home.clone());
        let folders = ["data", "config"].map(|base| home.join(base).join("lutris/games"));
        homes.extend(folders.map(|folder| (folder, Packaging::Flatpak, inside.clone())));
    }
    homes
}

fn games(platform: &dyn Platform, folder: &Path) -> Vec<(String, GameSection)> {
    let read = |name: String| {
        let slug = slug(&name)?.to_owned();
        let file = parse(&platform.read(&folder.join(&name), MAX_FILE)?)?;
        Some((file.game_slug.unwrap_or(slug), file.game))
    };
    platform.entries(folder).into_iter().filter_map(read).collect()
}

/// `<slug>-<number>.yml`
fn slug(name: &str) -> Option<&str> {
    let (slug, number) = name.strip_suffix(".yml")?.rsplit_once('-')?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some(slug)
}

fn parse(bytes: &[u8]) -> Option<GameFile> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_documents: 1,
            max_depth: 32,
            max_events: 50_000,
            max_nodes: 20_000,
            max_aliases: 0,
            max_anchors: 0,
            max_merge_keys: 0,
        },
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(std::str::from_utf8(bytes).ok()?, options).ok()
}

/// The folder of the program; a relative program lies below the prefix.
fn game_folder(game: &GameSection) -> Option<PathBuf> {
    if let Some(folder) = game.working_dir.clone().filter(|folder| folder.is_absolute()) {
        return Some(folder);
    }
    let program = Path::new(game.exe.as_deref()?);
    let program = match program.is_absolute() {
        true => program.to_owned(),
        false => game.prefix.as_ref()?.join(program),
    };
    Some(program.parent()?.to_owned())
}
