//! Finding installations: by the system's programs, by Flatpak, in the files of launchers, or in a folder that the
//! player names.

mod heroic;
mod launched;
mod lutris;
mod steam;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use muster_domain::GameId;
use serde::{Deserialize, Serialize};

pub use steam::SteamApp;

use crate::{Definition, Environment, GameError, NativeDetection, Platform, System, danger, version};

/// How a game is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum InstallationKind {
    Native,
    Flatpak {
        id: String,
    },
    /// Installed and started by Steam.
    Steam {
        app: u32,
        packaging: Packaging,
    },
    /// Installed by Heroic from `gog` or `epic`.
    Heroic {
        store: String,
        id: String,
        packaging: Packaging,
    },
    /// Kept by Lutris.
    Lutris {
        slug: String,
        packaging: Packaging,
    },
    /// A folder that the player named.
    Manual,
}

/// How a launcher itself is installed: its files lie elsewhere then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Packaging {
    System,
    Flatpak,
    Snap,
}

/// A program and what comes before the game's own arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    pub path: PathBuf,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
}

/// One installation of a game on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installation {
    pub game: GameId,
    #[serde(flatten)]
    pub kind: InstallationKind,
    /// By role: `client`, `server`.
    pub programs: BTreeMap<String, Program>,
    /// The player's folders; they may not exist yet.
    pub roots: BTreeMap<String, PathBuf>,
    /// Where files of packages go; they may not exist yet.
    pub places: BTreeMap<String, PathBuf>,
    pub version: Option<String>,
    /// Parts that are sold by themselves and are there, with their versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, Option<String>>,
    /// The game's own folder, where a launcher or the player names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// The Windows that Proton or Wine makes for the game: the folder with `drive_c` in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<PathBuf>,
}

impl Installation {
    /// The library of Steam that it lies in, and its number there, where Steam installed it.
    pub fn steam_library(&self) -> Option<(&Path, u32)> {
        let InstallationKind::Steam { app, .. } = self.kind else { return None };
        // <library>/steamapps/common/<folder>
        let common = self.folder.as_deref()?.parent()?;
        let library = common.parent().filter(|_| common.ends_with("steamapps/common"))?.parent()?;
        Some((library, app))
    }

    /// What the game runs on: Windows also where Proton or Wine makes one, else what this program was built for.
    pub fn platform(&self) -> muster_domain::Platform {
        match self.prefix {
            Some(_) => muster_domain::Platform::Windows,
            None => muster_domain::Platform::of_this_machine(),
        }
    }

    /// The same game with one of its roots elsewhere: a profile or a trial of its own.
    pub fn with_root(&self, definition: &Definition, root: &str, folder: &Path) -> Self {
        let mut moved = self.clone();
        moved.roots.insert(root.to_owned(), folder.to_owned());
        moved.places = places(definition, &moved.roots);
        moved
    }
}

/// A world of a game that has settings per world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    pub name: String,
    pub path: PathBuf,
}

/// Every installation that can be found without asking the player, the preferred first.
pub fn detect(
    platform: &dyn Platform,
    environment: &Environment,
    definition: &Definition,
) -> Vec<Installation> {
    let mut found: Vec<Installation> = native(platform, environment, definition).into_iter().collect();
    found.extend(flatpaks(platform, environment, definition));
    for installation in &mut found {
        installation.version = version::version(platform, definition, installation);
        installation.extensions = version::extensions(platform, definition, installation);
    }
    found.extend(steam::detect(platform, environment, definition));
    found.extend(heroic::detect(platform, environment, definition));
    found.extend(lutris::detect(platform, environment, definition));
    // A definition may come from anybody.
    let is_safe = |root: &PathBuf| danger::danger(platform, environment, root).is_none();
    found.retain(|installation| installation.roots.values().all(is_safe));
    found
}

/// The installation that a folder named by the player holds, with the programs in it or else those of the system.
///
/// # Errors
/// [`GameError::Dangerous`] for folders that are never a game's (T-80), [`GameError::NotRecognised`] if none of the
/// definition's anchors is there.
pub fn manual(
    platform: &dyn Platform,
    environment: &Environment,
    definition: &Definition,
    folder: &Path,
) -> Result<Installation, GameError> {
    let folder = danger::refuse_dangerous_root(platform, environment, folder)?;
    let is_there = |path: &Path| platform.is_file(path) || platform.is_dir(path);
    if !definition.anchors.iter().any(|anchor| is_there(&folder.join(anchor.as_str()))) {
        let folder = folder.display().to_string();
        return Err(GameError::NotRecognised { game: definition.id.clone(), folder });
    }
    let usual = [folder.join("bin"), folder.clone()];
    let sections = sections(environment.system, definition);
    let inside = Environment { game: Some(folder.clone()), search_path: Vec::new(), ..environment.clone() };
    let own = programs(platform, &sections, |section| {
        let named = section.folders.iter().flat_map(|template| template.resolve(&inside));
        usual.iter().cloned().chain(named.filter(|path| path.starts_with(&folder))).collect()
    });
    let programs = match own.is_empty() {
        true => native(platform, environment, definition).map(|native| native.programs).unwrap_or_default(),
        false => own,
    };
    let roots = roots_by_hand(&inside, definition, &folder);
    for root in roots.values() {
        if let Some(danger) = danger::danger(platform, environment, root) {
            return Err(GameError::Dangerous { folder: root.display().to_string(), danger });
        }
    }
    let mut installation = installation(definition, InstallationKind::Manual, programs, roots);
    installation.folder = Some(folder);
    installation.version = version::version(platform, definition, &installation);
    installation.extensions = version::extensions(platform, definition, &installation);
    Ok(installation)
}

/// The roots of a folder that the player named. Where a definition tells the game's own folder from others, it is that
/// one and the others are where they always are; else the folder stands for all of them.
fn roots_by_hand(inside: &Environment, definition: &Definition, folder: &Path) -> BTreeMap<String, PathBuf> {
    let is_for = |system| definition.roots.values().any(|templates| templates.contains_key(&system));
    let found = match is_for(inside.system) {
        true => roots(inside, definition),
        // A game for Windows: nobody knows yet where its other folders are.
        false => roots(
            &Environment { game: inside.game.clone(), ..Environment::empty(System::Windows) },
            definition,
        ),
    };
    match found.values().any(|root| root.starts_with(folder)) {
        true => found,
        false => definition.roots.keys().map(|root| (root.clone(), folder.to_owned())).collect(),
    }
}

/// The worlds of an installation, by name.
pub fn worlds(platform: &dyn Platform, definition: &Definition, installation: &Installation) -> Vec<World> {
    let Some(settings) = &definition.world_settings else { return Vec::new() };
    let Some(folder) = installation.places.get(&settings.place) else { return Vec::new() };
    let world = |name: String| World { path: folder.join(&name), name };
    let has_settings = |world: &World| platform.is_file(&world.path.join(settings.file.as_str()));
    platform.entries(folder).into_iter().map(world).filter(has_settings).collect()
}

fn installation(
    definition: &Definition,
    kind: InstallationKind,
    programs: BTreeMap<String, Program>,
    roots: BTreeMap<String, PathBuf>,
) -> Installation {
    let places = places(definition, &roots);
    let game = definition.id.clone();
    Installation {
        game,
        kind,
        programs,
        roots,
        places,
        version: None,
        extensions: BTreeMap::new(),
        folder: None,
        prefix: None,
    }
}

fn places(definition: &Definition, roots: &BTreeMap<String, PathBuf>) -> BTreeMap<String, PathBuf> {
    let resolve = |place: &crate::Place| {
        let root = roots.get(&place.root)?;
        Some(place.path.as_ref().map_or_else(|| root.clone(), |path| root.join(path.as_str())))
    };
    definition.places.iter().filter_map(|(name, place)| Some((name.clone(), resolve(place)?))).collect()
}

fn sections(system: System, definition: &Definition) -> Vec<&NativeDetection> {
    definition.native.iter().filter(|native| native.systems.contains(&system)).collect()
}

/// The player's folders, each by the first template whose variables have a value.
fn roots(environment: &Environment, definition: &Definition) -> BTreeMap<String, PathBuf> {
    let first = |templates: &BTreeMap<System, Vec<crate::PathTemplate>>| {
        let templates = templates.get(&environment.system)?;
        templates.iter().find_map(|template| template.resolve(environment).into_iter().next())
    };
    definition.roots.iter().filter_map(|(root, templates)| Some((root.clone(), first(templates)?))).collect()
}

/// A program of the system by its file name: in the search path, else where games and programs usually lie.
fn system_program(platform: &dyn Platform, environment: &Environment, name: &str) -> Option<PathBuf> {
    let fixed = ["/usr/bin", "/bin", "/usr/games"].map(|folder| environment.rooted(folder));
    let folders = environment.search_path.iter().chain(&fixed);
    folders.map(|folder| folder.join(name)).find(|path| platform.is_file(path))
}

/// Programs by role; within a role an earlier folder wins, within a folder an earlier name.
fn programs(
    platform: &dyn Platform,
    sections: &[&NativeDetection],
    folders: impl Fn(&NativeDetection) -> Vec<PathBuf>,
) -> BTreeMap<String, Program> {
    let mut found = BTreeMap::new();
    for section in sections {
        let folders = folders(section);
        for (role, names) in &section.programs {
            let mut candidates = folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name)));
            if let Some(path) = candidates.find(|path| platform.is_file(path)) {
                found.entry(role.clone()).or_insert(Program { path, args: Vec::new() });
            }
        }
    }
    found
}

fn native(
    platform: &dyn Platform,
    environment: &Environment,
    definition: &Definition,
) -> Option<Installation> {
    let sections = sections(environment.system, definition);
    let programs = programs(platform, &sections, |section| {
        section.folders.iter().flat_map(|folder| folder.resolve(environment)).collect()
    });
    if programs.is_empty() {
        return None;
    }
    Some(installation(definition, InstallationKind::Native, programs, roots(environment, definition)))
}

/// Applications of Flatpak, for this user or for all; their roots lie in the application's own home.
fn flatpaks(
    platform: &dyn Platform,
    environment: &Environment,
    definition: &Definition,
) -> Vec<Installation> {
    let (System::Linux, Some(home)) = (environment.system, &environment.home) else { return Vec::new() };
    let Some(runner) = system_program(platform, environment, "flatpak") else { return Vec::new() };
    let stores = [
        environment.data.as_ref().map(|data| data.join("flatpak")),
        Some(environment.rooted("/var/lib/flatpak")),
    ];
    let is_installed = |id: &&String| {
        stores
            .iter()
            .flatten()
            .any(|store| platform.is_dir(&store.join("app").join(id.as_str()).join("current")))
    };
    let roles = || {
        definition.native.iter().flat_map(|native| native.programs.keys()).filter(|role| *role == "client")
    };
    let found = definition.flatpak.iter().filter(is_installed).map(|id| {
        let inside = Environment {
            home: Some(home.join(".var/app").join(id)),
            data: Some(home.join(".var/app").join(id).join("data")),
            config: Some(home.join(".var/app").join(id).join("config")),
            variables: BTreeMap::new(),
            ..environment.clone()
        };
        let program = Program { path: runner.clone(), args: vec!["run".into(), id.clone()] };
        let programs = roles().map(|role| (role.clone(), program.clone())).collect();
        let kind = InstallationKind::Flatpak { id: id.clone() };
        installation(definition, kind, programs, roots(&inside, definition))
    });
    found.collect()
}
