//! Which store serves a place: tried out, because numbers of volumes say too little (subvolumes, layers).

use std::path::{Path, PathBuf};

use muster_fsx::{Dir, LinkPreference};
use serde::{Deserialize, Serialize};

use super::{Known, StoreId, Stores};
use crate::{
    Error, Trees, Way,
    probe::{candidates, probe},
    state::lock,
};

/// Why files of a place get there as they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Shared blocks work, and nothing is better.
    Best,
    /// The volume has no shared blocks.
    NoClones,
    /// The volume can share nothing between two files.
    CannotLink,
    /// The place is on another volume than the data folder, and no folder for a store can be made there.
    NoFolder,
    /// The game's definition wants it.
    Definition,
    /// The place could not be tried out.
    Untried,
}

impl Why {
    /// Stable text form, as stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::NoClones => "no-clones",
            Self::CannotLink => "cannot-link",
            Self::NoFolder => "no-folder",
            Self::Definition => "definition",
            Self::Untried => "untried",
        }
    }
}

/// Which store serves a place, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub store: StoreId,
    pub way: Way,
    pub why: Why,
}

/// What may be chosen from.
pub struct Rules<'a> {
    /// What the game's definition allows.
    pub preference: LinkPreference,
    /// Folders that games read: no store is made inside of them. Asked only if one has to be made.
    pub read_by_games: &'a dyn Fn() -> Vec<PathBuf>,
}

/// A folder that is tried out for a place.
struct Trial<'a> {
    folder: Dir,
    name: String,
    rules: &'a Rules<'a>,
}

impl Trial<'_> {
    /// How files get there from a store, if that is any better than copying.
    fn link(&self, trees: &Trees) -> Option<Way> {
        self.way(trees).filter(|way| *way != Way::Copy)
    }

    fn way(&self, trees: &Trees) -> Option<Way> {
        let tried = probe(trees.staging(), &self.folder, &self.name, self.rules.preference);
        tried.inspect_err(|error| tracing::debug!(%error, "a folder could not be tried out")).ok()
    }

    fn choice(&self, store: StoreId, way: Way) -> Choice {
        let why = match (way, self.rules.preference) {
            (Way::Reflink, _) => Why::Best,
            (Way::HardLink, LinkPreference::HardLink) => Why::Definition,
            (Way::HardLink, _) => Why::NoClones,
            (Way::Copy, _) => Why::CannotLink,
        };
        Choice { store, way, why }
    }
}

impl Stores {
    /// The store of each of some places, in their order. A place is tried out once in a run; nothing stays there.
    ///
    /// # Errors
    /// [`Error::StoreGone`] if the store that a place used is not there, and neither is anything else of their disk.
    pub fn choose(&self, places: &[PathBuf], rules: &Rules<'_>) -> Result<Vec<Choice>, Error> {
        let mut known = lock(&self.shared.known);
        let mut new = Vec::new();
        for place in places.iter().filter(|place| is_text(place)) {
            if let Some(StoreId::At(path)) = known.book.choice(place).map(|choice| &choice.store)
                && !path.is_dir()
            {
                if is_away(place, path) {
                    return Err(Error::StoreGone { path: path.clone() });
                }
                known.tried.retain(|(tried, _)| tried != place);
            }
            if !known.tried.contains(&(place.clone(), rules.preference)) && !new.contains(place) {
                new.push(place.clone());
            }
        }
        if !new.is_empty() {
            self.try_out(&mut known, &new, rules)?;
        }
        let choice = |place: &PathBuf| known.book.choice(place).cloned();
        let untried = || Choice { store: StoreId::Main, way: Way::Copy, why: Why::Untried };
        Ok(places.iter().map(|place| choice(place).unwrap_or_else(untried)).collect())
    }

    fn try_out(&self, known: &mut Known, places: &[PathBuf], rules: &Rules<'_>) -> Result<(), Error> {
        let folders: Vec<(&PathBuf, Option<PathBuf>)> =
            places.iter().map(|place| (place, existing(place).filter(|folder| is_text(folder)))).collect();
        let name = known.book.probe_name();
        if rules.preference != LinkPreference::Copy {
            let probes = folders.iter().filter_map(|(_, folder)| Some(folder.as_ref()?.join(&name)));
            known.book.probes.extend(probes);
            known.book.save(&self.shared.root)?;
        }
        for (place, folder) in folders {
            let opened = folder.as_ref().and_then(|folder| Dir::open_ambient(folder).ok());
            let choice = match opened {
                _ if rules.preference == LinkPreference::Copy => {
                    Choice { store: StoreId::Main, way: Way::Copy, why: Why::Definition }
                }
                Some(folder) => self.choose_one(known, &Trial { folder, name: name.clone(), rules })?,
                None => Choice { store: StoreId::Main, way: Way::Copy, why: Why::Untried },
            };
            known.book.choose(place, choice);
            known.tried.insert((place.clone(), rules.preference));
        }
        // One that could not be removed is found at the next start.
        known.book.probes.retain(|probe| probe.is_file());
        known.book.save(&self.shared.root)
    }

    fn choose_one(&self, known: &mut Known, trial: &Trial<'_>) -> Result<Choice, Error> {
        let from_main = trial.way(&self.shared.main);
        if let Some(way) = from_main.filter(|way| *way != Way::Copy) {
            return Ok(trial.choice(StoreId::Main, way));
        }
        for path in known.book.stores.clone() {
            // One that is away serves nobody now.
            let Ok(trees) = self.open_other(known, &path) else { continue };
            if let Some(way) = trial.link(&trees) {
                return Ok(trial.choice(StoreId::At(path), way));
            }
        }
        // What cannot even be copied to says so itself when it is written to.
        let Some(way) = from_main else {
            return Ok(Choice { store: StoreId::Main, way: Way::Copy, why: Why::Untried });
        };
        let mut why = Why::NoFolder;
        for folder in candidates(&volumes(trial.folder.path()), &(trial.rules.read_by_games)()) {
            let path = folder.join(known.book.folder_name());
            match self.try_new(known, &path, trial)? {
                Some(way) if way != Way::Copy => return Ok(trial.choice(StoreId::At(path), way)),
                // What one folder of a volume cannot do, no other can.
                Some(_) => {
                    why = Why::CannotLink;
                    break;
                }
                None => {}
            }
        }
        Ok(Choice { store: StoreId::Main, way, why })
    }

    /// Makes a store and tries it out; it stays if it is any better than copying.
    fn try_new(&self, known: &mut Known, path: &Path, trial: &Trial<'_>) -> Result<Option<Way>, Error> {
        known.book.stores.insert(path.to_owned());
        known.book.save(&self.shared.root)?;
        let way = match Dir::create_ambient_private(path) {
            Ok(_) => self.open_other(known, path).ok().and_then(|trees| trial.way(&trees)),
            Err(_) => None,
        };
        if way.is_none_or(|way| way == Way::Copy) {
            self.remove_store(known, path)?;
        }
        Ok(way)
    }
}

/// Whether the disk of a place is away, whose store is not there. A place may be missing because it is empty; what is
/// left of a disk that was taken away is the folder where it was mounted, in which the store lay.
fn is_away(place: &Path, store: &Path) -> bool {
    let mounted = store.parent().unwrap_or(store);
    !place.is_dir() && existing(place).is_none_or(|folder| folder == mounted || !folder.starts_with(mounted))
}

/// The folder of a place, or the next one above it that exists; links resolved.
fn existing(place: &Path) -> Option<PathBuf> {
    place.ancestors().find(|folder| folder.is_dir())?.canonicalize().ok()
}

/// Whether a path can be written into the book.
fn is_text(path: &Path) -> bool {
    path.to_str().is_some()
}

/// A folder and those above it, innermost first, with the numbers of their volumes.
fn volumes(folder: &Path) -> Vec<(PathBuf, u64)> {
    let volume = |folder: &Path| Some(Dir::open_ambient(folder).ok()?.own_metadata().ok()?.volume);
    folder.ancestors().map_while(|folder| Some((folder.to_owned(), volume(folder)?))).collect()
}
