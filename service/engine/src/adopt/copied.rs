//! The folder in which another manager keeps a profile of a game apart from the game's own: which of its files would lie
//! where in the game, and which mod each belongs to. Nothing in it is moved or written.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use muster_adapters::thunderstore::loader_folder;
use muster_domain::PortablePath;
use muster_fsx::{Dir, EntryKind};
use muster_games::{Definition, Installation, PathGlobs};

use super::{
    identify::{Finding, Identity, Listed, Unit, Yours},
    manifests::{LIST, ListedMod, Named},
    scan::{Scan, nanoseconds},
};
use crate::{
    EngineError,
    recipe::{GAME_FOLDER, innermost},
};

/// What managers and loaders write down for themselves, at the top of a profile's folder.
const THEIRS: [&str; 6] =
    [LIST, "_state/**", "BepInEx/cache/**", "BepInEx/LogOutput.log*", "profile.json", "export.r2x"];
/// The place of the files that mods keep their settings in.
const SETTINGS: &str = "config";
/// The places whose loose files belong to the loader.
const LOADERS: [&str; 2] = [GAME_FOLDER, "core"];

/// The installation as it would be if the profile's folder were the game's.
pub(super) fn as_if(definition: &Definition, installation: &Installation, folder: &Path) -> Installation {
    let root = definition.places.get(GAME_FOLDER).map_or("game", |place| place.root.as_str());
    installation.with_root(definition, root, folder)
}

/// Lists the folder.
pub(super) fn scan(
    definition: &Definition,
    as_if: &Installation,
    folder: &Path,
    list: Vec<ListedMod>,
) -> Result<Scan, EngineError> {
    let unreadable = |_| EngineError::Internal("a definition's globs cannot be read");
    let protected = PathGlobs::new(&definition.protected).map_err(unreadable)?;
    let theirs = PathGlobs::new(&THEIRS.map(str::to_owned)).map_err(unreadable)?;
    let mut scan = Scan { roots: BTreeMap::new(), files: Vec::new(), odd: Vec::new(), list };
    for entry in Dir::open_ambient(folder)?.tree()? {
        let path = entry.path.parse::<PortablePath>().ok().filter(|_| entry.nameable);
        match (entry.metadata.kind, path) {
            (EntryKind::Dir, Some(_)) => {}
            (EntryKind::File, Some(path)) if theirs.matches(&path) => {}
            (EntryKind::File, Some(path)) => {
                let (place, path) = innermost(definition, path);
                if !protected.matches_in(&place, &path) {
                    let (size, modified) = (entry.metadata.size, nanoseconds(&entry.metadata));
                    scan.files.push(Listed { place, path, size, modified });
                }
            }
            _ => scan.odd.push((GAME_FOLDER.to_owned(), entry.path)),
        }
    }
    let places: BTreeSet<&String> = scan.files.iter().map(|file| &file.place).collect();
    for place in places {
        if let Some(path) = as_if.places.get(place) {
            scan.roots.insert(place.clone(), Dir::open_ambient(path)?);
        }
    }
    Ok(scan)
}

/// Gives loose files to whom they belong: those of the loader to the loader that is listed, settings to one unit of them.
pub(super) fn gathered(units: Vec<Unit>, list: &[ListedMod]) -> Vec<Unit> {
    let loader = list.iter().position(|listed| loader_folder(&listed.folder).is_some());
    let mut kept = Vec::new();
    let mut together: BTreeMap<(String, Option<usize>), Unit> = BTreeMap::new();
    for unit in units {
        let (name, listed) = match unit.listed {
            None if unit.is_odd => (None, None),
            None if unit.place == SETTINGS => (Some(SETTINGS.to_owned()), None),
            None if LOADERS.contains(&unit.place.as_str()) => match loader {
                Some(index) => (Some(list[index].folder.clone()), loader),
                None => (None, None),
            },
            Some(index) if loader == Some(index) => (Some(unit.name.clone()), loader),
            _ => (None, None),
        };
        let Some(name) = name else {
            kept.push(unit);
            continue;
        };
        let key = (name.clone(), listed);
        match together.get_mut(&key) {
            Some(one) => one.files.extend(unit.files),
            None => drop(together.insert(key, Unit { name, listed, ..unit })),
        }
    }
    kept.extend(together.into_values());
    kept
}

/// The settings of a profile come along as a package of their own, called like the profile.
pub(super) fn with_settings(mut findings: Vec<Finding>, profile: &str) -> Vec<Finding> {
    for finding in &mut findings {
        let is_settings = finding.place == SETTINGS && finding.name == SETTINGS;
        if is_settings && finding.identity == Identity::Yours(Yours::Unknown) {
            let (name, title) = (format!("{profile}-{SETTINGS}"), format!("{profile} ({SETTINGS})"));
            let named = Named { name, title, version: None, authors: Vec::new(), summary: String::new() };
            finding.identity = Identity::Manifest(named);
        }
    }
    findings
}
