//! What all launchers have in common: a folder of the game, perhaps a Windows of its own, and a command that starts it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Installation, InstallationKind, Packaging, Program, installation, programs, roots, sections};
use crate::{Definition, Environment, Platform, System, version};

/// The role that a launcher starts.
const CLIENT: &str = "client";

/// A game as a launcher's files describe it.
pub(super) struct Launched {
    pub kind: InstallationKind,
    /// The game's own folder.
    pub folder: PathBuf,
    /// The folder with `drive_c` in it, where the game runs in a Windows of its own.
    pub prefix: Option<PathBuf>,
    /// Starts the game; absent where the launcher's program was not found.
    pub launcher: Option<Program>,
    /// The version that the launcher names.
    pub version: Option<String>,
}

/// The installation, if the game's folder is there. `outside` are the folders that the launcher lives in.
pub(super) fn describe(
    platform: &dyn Platform,
    outside: &Environment,
    definition: &Definition,
    found: Launched,
) -> Option<Installation> {
    if !found.folder.is_absolute() || !platform.is_dir(&found.folder) {
        return None;
    }
    let inside = match &found.prefix {
        Some(prefix) => windows(platform, outside, prefix),
        None => Environment { search_path: Vec::new(), ..outside.clone() },
    };
    let inside = Environment { game: Some(found.folder.clone()), ..inside };
    let roots = roots(&inside, definition);
    let own = own_programs(platform, &inside, definition);
    let mut installation = installation(definition, found.kind, own, roots);
    installation.folder = Some(found.folder);
    let is_foreign = found.prefix.is_some() && outside.system != System::Windows;
    installation.prefix = found.prefix;
    if is_foreign {
        // They need the Windows that only the launcher makes.
        installation.programs.clear();
    }
    installation.version = version::version(platform, definition, &installation).or(found.version);
    installation.extensions = version::extensions(platform, definition, &installation);
    if let Some(launcher) = found.launcher {
        installation.programs.insert(CLIENT.into(), launcher);
    }
    Some(installation)
}

/// The programs in the game's own folder; those elsewhere are other installations.
pub(super) fn own_programs(
    platform: &dyn Platform,
    inside: &Environment,
    definition: &Definition,
) -> BTreeMap<String, Program> {
    let Some(folder) = &inside.game else { return BTreeMap::new() };
    programs(platform, &sections(inside.system, definition), |section| {
        let folders = section.folders.iter().flat_map(|template| template.resolve(inside));
        folders.filter(|path| path.starts_with(folder)).collect()
    })
}

/// The folders of the one who plays in a prefix.
fn windows(platform: &dyn Platform, outside: &Environment, prefix: &Path) -> Environment {
    let users = prefix.join("drive_c/users");
    let mut names = platform.entries(&users);
    names.retain(|name| !name.eq_ignore_ascii_case("public"));
    let name = match names.iter().any(|name| name == "steamuser") || names.is_empty() {
        true => "steamuser".to_owned(),
        false => names.swap_remove(0),
    };
    let home = users.join(name);
    let below = |path: &str| Some(home.join(path));
    Environment {
        data: below("AppData/Roaming"),
        config: below("AppData/Roaming"),
        local: below("AppData/Local"),
        documents: below("Documents"),
        home: Some(home.clone()),
        root: outside.root.clone(),
        ..Environment::empty(System::Windows)
    }
}

/// The folders of a launcher in a sandbox, which keeps a home of its own.
pub(super) fn sandboxed(environment: &Environment, home: PathBuf) -> Environment {
    Environment {
        data: Some(home.join(".local/share")),
        config: Some(home.join(".config")),
        local: Some(home.join(".local/share")),
        documents: Some(home.join("Documents")),
        home: Some(home),
        variables: BTreeMap::new(),
        ..environment.clone()
    }
}

/// A launcher's program, named for the system and as an application, by how the launcher is installed.
pub(super) fn launcher(
    platform: &dyn Platform,
    environment: &Environment,
    (name, application): (&str, &str),
    packaging: Packaging,
) -> Option<Program> {
    let (program, args) = match packaging {
        Packaging::System => (name, vec![]),
        Packaging::Flatpak => ("flatpak", vec!["run".to_owned(), application.to_owned()]),
        Packaging::Snap => ("snap", vec!["run".to_owned(), name.to_owned()]),
    };
    Some(Program { path: super::system_program(platform, environment, program)?, args })
}
