//! Which mods the files of a folder are: a known archive by its bytes, else what a manifest names, else the player's.
//! Pure; what has to be read is asked for.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{PortablePath, Sha256};

use super::manifests::{ListedMod, Named};

/// A plain file below a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    pub place: String,
    pub path: PortablePath,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
}

/// Files that come and go together: a folder or a file directly below a place, or all of what a manager lists as one mod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub place: String,
    /// Name of the folder or file.
    pub name: String,
    pub files: Vec<Listed>,
    /// Links, devices, or names that packages cannot have are among it.
    pub is_odd: bool,
    /// Index in the manager's list.
    pub listed: Option<usize>,
}

/// An archive whose content is known, with where its files go.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub sha256: Sha256,
    pub files: Vec<(String, PortablePath, u64, Sha256)>,
}

/// Why something stays the player's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yours {
    /// Nothing says what it is, or the game does not take it for a mod.
    Unknown,
    /// The manager that it comes from has it switched off.
    Off,
    /// There are links or special files among it.
    Odd,
}

/// What a unit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    Archive(Sha256),
    Manifest(Named),
    Yours(Yours),
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub place: String,
    pub name: String,
    pub identity: Identity,
    /// What is adopted of it, or all of it where it stays the player's.
    pub files: Vec<Listed>,
}

/// What is asked of the disk and of the game's rules.
pub(crate) trait Facts {
    fn hash(&self, file: &Listed) -> Option<Sha256>;
    /// What a manifest among the files says.
    fn named(&self, unit: &Unit) -> Option<Named>;
    /// The files that the game's rules leave where they are.
    fn in_place(&self, unit: &Unit) -> Vec<Listed>;
}

/// Sorts files into units. `odd` are entries that are no plain files or folders, by place and path.
pub(crate) fn units(files: Vec<Listed>, odd: &[(String, String)], list: &[ListedMod]) -> Vec<Unit> {
    let folders: BTreeMap<&str, usize> =
        list.iter().enumerate().map(|(index, listed)| (listed.folder.as_str(), index)).collect();
    let owner = |path: &str| {
        let above = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        above.split('/').find_map(|part| folders.get(part).copied())
    };
    let top = |path: &str| path.split('/').next().unwrap_or(path).to_owned();
    let id = |place: &str, path: &str| match owner(path) {
        Some(index) => (String::new(), list[index].folder.clone(), Some(index)),
        None => (place.to_owned(), top(path), None),
    };
    let mut units: BTreeMap<(String, String, Option<usize>), Unit> = BTreeMap::new();
    let unit = |place: &str, path: &str| {
        let key = id(place, path);
        let unit = Unit {
            place: place.to_owned(),
            name: key.1.clone(),
            files: Vec::new(),
            is_odd: false,
            listed: key.2,
        };
        (key, unit)
    };
    for file in files {
        let (key, new) = unit(&file.place, file.path.as_str());
        units.entry(key).or_insert(new).files.push(file);
    }
    for (place, path) in odd {
        let (key, new) = unit(place, path);
        units.entry(key).or_insert(new).is_odd = true;
    }
    units.into_values().collect()
}

/// Says what each unit is. An archive counts only where all of its files are there, byte for byte; the one that
/// accounts for most files counts first.
pub(crate) fn identify(
    units: Vec<Unit>,
    known: &[Known],
    list: &[ListedMod],
    facts: &dyn Facts,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut at: BTreeMap<(&str, &str), (usize, &Listed)> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate().filter(|(_, unit)| stays(unit, list).is_none()) {
        at.extend(unit.files.iter().map(|file| ((file.place.as_str(), file.path.as_str()), (index, file))));
    }
    let mut known: Vec<&Known> = known.iter().filter(|known| !known.files.is_empty()).collect();
    known.sort_by_key(|known| (std::cmp::Reverse(known.files.len()), known.sha256));
    for archive in known {
        let Some(found) = all_there(archive, &at, &taken, facts) else { continue };
        let whose: BTreeSet<usize> = found.iter().map(|(index, _)| *index).collect();
        let Some(first) = whose.first() else { continue };
        findings.push(Finding {
            place: units[*first].place.clone(),
            name: units[*first].name.clone(),
            identity: Identity::Archive(archive.sha256),
            files: found.into_iter().map(|(_, file)| file.clone()).collect(),
        });
        taken.extend(whose);
    }
    for (index, unit) in units.iter().enumerate().filter(|(index, _)| !taken.contains(index)) {
        findings.push(by_manifest(unit, list, facts).unwrap_or_else(|why| Finding {
            place: unit.place.clone(),
            name: unit.name.clone(),
            identity: Identity::Yours(why),
            files: units[index].files.clone(),
        }));
    }
    findings.sort_by(|a, b| (&a.place, &a.name).cmp(&(&b.place, &b.name)));
    findings
}

/// Why a unit is the player's whatever its bytes are.
fn stays(unit: &Unit, list: &[ListedMod]) -> Option<Yours> {
    let is_off = unit.listed.and_then(|index| list.get(index)).is_some_and(|listed| !listed.is_on);
    match (unit.is_odd, is_off) {
        (true, _) => Some(Yours::Odd),
        (false, true) => Some(Yours::Off),
        (false, false) => None,
    }
}

fn all_there<'u>(
    archive: &Known,
    at: &BTreeMap<(&str, &str), (usize, &'u Listed)>,
    taken: &BTreeSet<usize>,
    facts: &dyn Facts,
) -> Option<Vec<(usize, &'u Listed)>> {
    let mut found = Vec::new();
    for (place, path, size, _) in &archive.files {
        let (index, file) = at.get(&(place.as_str(), path.as_str()))?;
        if taken.contains(index) || file.size != *size {
            return None;
        }
        found.push((*index, *file));
    }
    // Sizes are cheap; only what can still be the archive is read.
    let mut pairs = archive.files.iter().zip(&found);
    pairs.all(|((.., sha256), (_, file))| facts.hash(file) == Some(*sha256)).then_some(found)
}

fn by_manifest(unit: &Unit, list: &[ListedMod], facts: &dyn Facts) -> Result<Finding, Yours> {
    if let Some(why) = stays(unit, list) {
        return Err(why);
    }
    let listed = unit.listed.and_then(|index| list.get(index));
    let (named, files) = match listed {
        Some(listed) => (listed.named.clone(), unit.files.clone()),
        None => (facts.named(unit).ok_or(Yours::Unknown)?, facts.in_place(unit)),
    };
    if files.is_empty() {
        return Err(Yours::Unknown);
    }
    let (place, name) = (unit.place.clone(), unit.name.clone());
    Ok(Finding { place, name, identity: Identity::Manifest(named), files })
}

#[cfg(test)]
mod tests;
