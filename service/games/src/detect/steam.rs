//! Steam: its own folders, those of its Flatpak and Snap, every library, and the prefixes of Proton.

use std::path::{Path, PathBuf};

use super::{
    Installation, InstallationKind, Packaging, Program,
    launched::{Launched, describe, launcher, own_programs, sandboxed},
};
use crate::{Definition, Environment, Platform, System};

const APPLICATION: &str = "com.valvesoftware.Steam";

/// A game in a library of Steam.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SteamApp {
    pub app: u32,
    /// The game's own folder.
    pub folder: PathBuf,
    /// Where Proton keeps the game's Windows, if it has made one.
    pub compatibility: PathBuf,
}

pub(super) fn detect(
    platform: &dyn Platform,
    environment: &Environment,
    definition: &Definition,
) -> Vec<Installation> {
    let apps = &definition.stores.steam;
    if apps.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Installation> = Vec::new();
    for (steam, packaging, outside) in homes(platform, environment) {
        for app in platform.steam_apps(&steam, apps) {
            let launched = Launched {
                kind: InstallationKind::Steam { app: app.app, packaging },
                prefix: prefix(platform, &outside, definition, &app),
                folder: app.folder,
                launcher: starter(platform, environment, &steam, packaging).map(|mut program| {
                    program.args.extend(["-applaunch".to_owned(), app.app.to_string()]);
                    program
                }),
                version: None,
            };
            let installation = describe(platform, &outside, definition, launched);
            // A library can belong to two Steams.
            let is_new = |new: &Installation| !found.iter().any(|known| known.folder == new.folder);
            found.extend(installation.filter(is_new));
        }
    }
    found
}

/// The game's Windows. One may be left from before: a game with a program for this system runs without it.
fn prefix(
    platform: &dyn Platform,
    outside: &Environment,
    definition: &Definition,
    app: &SteamApp,
) -> Option<PathBuf> {
    let prefix = app.compatibility.join("pfx");
    let inside = Environment { game: Some(app.folder.clone()), search_path: Vec::new(), ..outside.clone() };
    let is_used = outside.system == System::Linux
        && platform.is_dir(&prefix.join("drive_c"))
        && own_programs(platform, &inside, definition).is_empty();
    is_used.then_some(prefix)
}

fn starter(
    platform: &dyn Platform,
    environment: &Environment,
    steam: &Path,
    packaging: Packaging,
) -> Option<Program> {
    let beside = match environment.system {
        System::Windows => steam.join("steam.exe"),
        System::Macos => steam.join("Steam.AppBundle/Steam/Contents/MacOS/steam_osx"),
        System::Linux => return launcher(platform, environment, ("steam", APPLICATION), packaging),
    };
    platform.is_file(&beside).then(|| Program { path: beside, args: Vec::new() })
}

/// Folders of Steam that are there, each once, with the folders that games in them see.
fn homes(platform: &dyn Platform, environment: &Environment) -> Vec<(PathBuf, Packaging, Environment)> {
    let mut candidates: Vec<(PathBuf, Packaging, Environment)> = Vec::new();
    let mut add = |folder: Option<PathBuf>, packaging, outside: &Environment| {
        candidates.extend(folder.map(|folder| (folder, packaging, outside.clone())));
    };
    let below = |base: &Option<PathBuf>, path: &str| base.as_ref().map(|base| base.join(path));
    match environment.system {
        System::Linux => {
            add(below(&environment.data, "Steam"), Packaging::System, environment);
            for path in [".steam/steam", ".steam/root", ".steam/debian-installation"] {
                add(below(&environment.home, path), Packaging::System, environment);
            }
            let sandboxes = [
                (Packaging::Flatpak, format!(".var/app/{APPLICATION}")),
                (Packaging::Snap, "snap/steam/common".to_owned()),
            ];
            for (packaging, path) in sandboxes {
                let Some(home) = below(&environment.home, &path) else { continue };
                let inside = sandboxed(environment, home.clone());
                for path in [".local/share/Steam", ".steam/steam", ".steam/root"] {
                    add(Some(home.join(path)), packaging, &inside);
                }
            }
        }
        System::Windows => {
            for name in ["PROGRAMFILES(X86)", "PROGRAMFILES"] {
                let base = environment.variables.get(name).map(PathBuf::from);
                add(below(&base, "Steam"), Packaging::System, environment);
            }
        }
        System::Macos => add(below(&environment.data, "Steam"), Packaging::System, environment),
    }
    let mut seen: Vec<PathBuf> = Vec::new();
    candidates.retain(|(folder, ..)| {
        // Most of them are links to the first.
        let real = platform.canonical(folder).filter(|real| platform.is_dir(&real.join("steamapps")));
        let is_new = real.as_ref().is_some_and(|real| !seen.contains(real));
        seen.extend(real);
        is_new
    });
    candidates
}
