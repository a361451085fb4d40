//! Reads what lies in the places that mods go to. Changes nothing, and follows no link.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::SystemTime,
};

use muster_deploy::{PackageFiles, TreeFile, place_files};
use muster_domain::{PortablePath, Sha256};
use muster_fsx::{Dir, EntryKind, Metadata};
use muster_games::{Definition, InstallRule, Installation, PathGlobs};

use super::{
    identify::{Facts, Listed, Unit},
    manifests::{LIST, ListedMod, MANIFESTS, MAX_TEXT, Named, list, named},
};
use crate::{EngineError, hashing::hash};

/// Most of a file that rules may look into, in bytes.
const MAX_RULE_TEXT: u64 = 64 * 1024;

/// What lies there.
pub(crate) struct Scan {
    pub roots: BTreeMap<String, Dir>,
    pub files: Vec<Listed>,
    /// Links, special files and names that packages cannot have, by place and path.
    pub odd: Vec<(String, String)>,
    /// What another manager wrote down of the folder.
    pub list: Vec<ListedMod>,
}

/// Places that packages of a game go to.
fn mod_places(definition: &Definition) -> BTreeSet<&str> {
    definition.install.iter().flat_map(places_of).collect()
}

fn places_of(rule: &InstallRule) -> Vec<&str> {
    match rule {
        InstallRule::Folder(rule) => vec![&rule.place],
        InstallRule::Files(rule) => vec![&rule.place],
        InstallRule::Routes(routes) => routes.iter().map(|route| route.place.as_str()).collect(),
        InstallRule::Ignore(_) => Vec::new(),
    }
}

/// Whether a folder is in a place, is one, or is around one.
pub(crate) fn concerns(definition: &Definition, installation: &Installation, scope: &Path) -> bool {
    let places = mod_places(definition).into_iter().filter_map(|place| installation.places.get(place));
    places.into_iter().any(|place| scope.starts_with(place) || place.starts_with(scope))
}

pub(crate) fn scan(
    definition: &Definition,
    installation: &Installation,
    scope: Option<&Path>,
) -> Result<Scan, EngineError> {
    let mut scan = Scan { roots: BTreeMap::new(), files: Vec::new(), odd: Vec::new(), list: Vec::new() };
    let protected = PathGlobs::new(&definition.protected)
        .map_err(|_| EngineError::Internal("a definition's globs cannot be read"))?;
    let places: BTreeMap<&str, &PathBuf> = mod_places(definition)
        .into_iter()
        .filter_map(|place| Some((place, installation.places.get(place)?)))
        .collect();
    for (&place, &path) in &places {
        let Some(top) = top_in(path, scope) else { continue };
        let root = match Dir::open_ambient(path) {
            Ok(root) => root,
            Err(error) if error.is_missing() => continue,
            Err(error) => return Err(error.into()),
        };
        let others = places.values().filter(|other| **other != path);
        let inner: Vec<&Path> = others.filter_map(|other| other.strip_prefix(path).ok()).collect();
        let is_others = |at: &str| inner.iter().any(|inner| Path::new(at).starts_with(inner));
        let is_asked = |at: &str| top.as_deref().is_none_or(|top| at.split('/').next() == Some(top));
        for entry in root.tree()? {
            if is_others(&entry.path)
                || !is_asked(&entry.path)
                || entry.path.split('/').any(muster_fsx::is_temporary)
            {
                continue;
            }
            let path = entry.path.parse::<PortablePath>().ok().filter(|_| entry.nameable);
            match (entry.metadata.kind, path) {
                (EntryKind::Dir, Some(_)) => {}
                (EntryKind::File, Some(path)) if protected.matches_in(place, &path) => {}
                (EntryKind::File, Some(path)) => scan.files.push(Listed {
                    place: place.to_owned(),
                    path,
                    size: entry.metadata.size,
                    modified: nanoseconds(&entry.metadata),
                }),
                _ => scan.odd.push((place.to_owned(), entry.path)),
            }
        }
        scan.roots.insert(place.to_owned(), root);
    }
    scan.list = foreign_list(installation, scope);
    Ok(scan)
}

pub(super) fn nanoseconds(metadata: &Metadata) -> i64 {
    let since = metadata.modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Which entry of a place is asked for: `None` if none, `Some(None)` if all.
fn top_in(place: &Path, scope: Option<&Path>) -> Option<Option<String>> {
    let Some(scope) = scope else { return Some(None) };
    if place.starts_with(scope) {
        return Some(None);
    }
    let first = scope.strip_prefix(place).ok()?.components().next()?;
    Some(Some(first.as_os_str().to_str()?.to_owned()))
}

/// The list of another manager, beside the folders that it made.
fn foreign_list(installation: &Installation, scope: Option<&Path>) -> Vec<ListedMod> {
    let folders = scope.into_iter().chain(installation.folder.as_deref());
    let folders = folders.chain(installation.roots.values().map(PathBuf::as_path));
    let read = |folder: &Path| Dir::open_ambient(folder).ok()?.read_if_exists(LIST, MAX_TEXT).ok()?;
    folders.filter_map(read).map(|bytes| list(&bytes)).find(|mods| !mods.is_empty()).unwrap_or_default()
}

/// A path among the files of a package that holds several places: below a folder with the place's name.
pub(crate) fn inside(file: &Listed) -> Option<PortablePath> {
    format!("{}/{}", file.place, file.path).parse().ok()
}

/// What identification asks of the disk and of the game's rules.
pub(crate) struct OnDisk<'a> {
    pub scan: &'a Scan,
    pub definition: &'a Definition,
}

impl Facts for OnDisk<'_> {
    fn hash(&self, file: &Listed) -> Option<Sha256> {
        hash(self.scan.roots.get(&file.place)?, file.path.as_str())
    }

    fn named(&self, unit: &Unit) -> Option<Named> {
        let read = |name: &&str| {
            let is_it = |file: &&Listed| file.path.parts().count() == 2 && file.path.file_name() == *name;
            let file = unit.files.iter().find(is_it)?;
            let bytes = self.scan.roots.get(&file.place)?.read(&file.path, MAX_TEXT).ok()?;
            named(name, &bytes)
        };
        MANIFESTS.iter().find_map(read)
    }

    fn in_place(&self, unit: &Unit) -> Vec<Listed> {
        let inner: BTreeMap<PortablePath, &Listed> =
            unit.files.iter().filter_map(|file| Some((inside(file)?, file))).collect();
        let files: Vec<TreeFile> = inner
            .iter()
            .map(|(path, file)| TreeFile { path: path.clone(), size: file.size, sha256: Sha256([0; 32]) })
            .collect();
        let text = |path: &PortablePath| {
            let file = inner.get(path)?;
            self.scan.roots.get(&file.place)?.read(&file.path, MAX_RULE_TEXT).ok()
        };
        let package = PackageFiles {
            name: &unit.name,
            payload: None,
            files: &files,
            text: &text,
            rules: &[],
            config: &[],
        };
        let Ok(placed) = place_files(self.definition, &package) else { return Vec::new() };
        let stays = placed.placements.into_iter().filter_map(|placement| {
            let file = inner.get(&placement.from)?;
            (file.place == placement.place).then(|| (*file).clone())
        });
        stays.collect()
    }
}
