//! Finding installations: by the system's programs, by Flatpak, or in a folder that the player names.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use muster_domain::GameId;
use serde::{Deserialize, Serialize};

use crate::{Definition, Environment, GameError, NativeDetection, Platform, System, danger, version};

/// How a game is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum InstallationKind {
    Native,
    Flatpak {
        id: String,
    },
    /// A folder that the player named.
    Manual,
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
}

impl Installation {
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
    }
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
    let own_programs = vec![folder.join("bin"), folder.clone()];
    let sections = sections(environment, definition);
    let own = programs(platform, &sections, |_| own_programs.clone());
    let programs = match own.is_empty() {
        true => native(platform, environment, definition).map(|native| native.programs).unwrap_or_default(),
        false => own,
    };
    let roots = definition.roots.keys().map(|root| (root.clone(), folder.clone())).collect();
    let mut installation = installation(definition, InstallationKind::Manual, programs, roots);
    installation.version = version::version(platform, definition, &installation);
    Ok(installation)
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
    Installation { game: definition.id.clone(), kind, programs, roots, places, version: None }
}

fn places(definition: &Definition, roots: &BTreeMap<String, PathBuf>) -> BTreeMap<String, PathBuf> {
    let resolve = |place: &crate::Place| {
        let root = roots.get(&place.root)?;
        Some(place.path.as_ref().map_or_else(|| root.clone(), |path| root.join(path.as_str())))
    };
    definition.places.iter().filter_map(|(name, place)| Some((name.clone(), resolve(place)?))).collect()
}

fn sections<'d>(environment: &Environment, definition: &'d Definition) -> Vec<&'d NativeDetection> {
    definition.native.iter().filter(|native| native.systems.contains(&environment.system)).collect()
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
    let sections = sections(environment, definition);
    let programs = programs(platform, &sections, |section| {
        section.folders.iter().flat_map(|folder| folder.resolve(environment)).collect()
    });
    if programs.is_empty() {
        return None;
    }
    let first = |templates: &BTreeMap<System, Vec<crate::PathTemplate>>| {
        templates
            .get(&environment.system)?
            .iter()
            .find_map(|template| template.resolve(environment).into_iter().next())
    };
    let roots =
        definition.roots.iter().filter_map(|(root, templates)| Some((root.clone(), first(templates)?)));
    Some(installation(definition, InstallationKind::Native, programs, roots.collect()))
}

/// Applications of Flatpak, for this user or for all; their roots lie in the application's own home.
fn flatpaks(
    platform: &dyn Platform,
    environment: &Environment,
    definition: &Definition,
) -> Vec<Installation> {
    let (System::Linux, Some(home)) = (environment.system, &environment.home) else { return Vec::new() };
    let fixed = ["/usr/bin", "/bin"].map(|folder| environment.rooted(folder));
    let mut runners = environment.search_path.iter().chain(&fixed).map(|folder| folder.join("flatpak"));
    let Some(runner) = runners.find(|path| platform.is_file(path)) else { return Vec::new() };
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
        let first = |templates: &BTreeMap<System, Vec<crate::PathTemplate>>| {
            templates
                .get(&System::Linux)?
                .iter()
                .find_map(|template| template.resolve(&inside).into_iter().next())
        };
        let roots =
            definition.roots.iter().filter_map(|(root, templates)| Some((root.clone(), first(templates)?)));
        let program = Program { path: runner.clone(), args: vec!["run".into(), id.clone()] };
        let programs = roles().map(|role| (role.clone(), program.clone())).collect();
        installation(definition, InstallationKind::Flatpak { id: id.clone() }, programs, roots.collect())
    });
    found.collect()
}
