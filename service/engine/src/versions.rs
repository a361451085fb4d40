//! Versions of files that changes exchange. Each state of a profile says of which files its change put another version,
//! and which one was there before, so that going back over it takes that back too.
//!
//! This is about what the player decided or asked for: deciding whose version stands, repairing, bringing a kept version
//! back, and going back itself. What the player changes in configuration files between two states stays as it is
//! (decision 0016).
//!
//! A version that comes back where a package has a file is the profile's own from then on, like one that the player
//! decided to keep.

use std::collections::{BTreeMap, BTreeSet};

use muster_deploy::{
    AppliedFile, Brought, Changed, Deployment, Desired, Held, Keep, Key as FileKey, Own, Plan, Room, Source,
    Take, Version,
};
use muster_domain::{PortablePath, Sha256};
use muster_fsx::Dir;
use serde::{Deserialize, Serialize};

use crate::{
    Decision, Engine, EngineError, Keeping,
    overlay::{OwnFiles, has, own_of, take_in},
};

/// What a change did to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Exchange {
    pub place: String,
    pub path: PortablePath,
    pub before: Before,
}

/// What was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "was")]
pub(crate) enum Before {
    /// The package's.
    Packaged,
    /// The profile's own, or one that would have been if it had been asked for.
    Own { own: Own },
    /// A file of no package, or nothing; `after` is what is there since.
    Loose { sha256: Option<Sha256>, after: Option<Sha256> },
}

impl Exchange {
    pub fn key(&self) -> FileKey {
        FileKey::new(&self.place, &self.path)
    }
}

/// A kept version that the player wants back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub held: Held,
    pub place: String,
    pub path: PortablePath,
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
}

/// Exchanges as a state has them.
pub(crate) fn read(value: serde_json::Value) -> Result<Vec<Exchange>, EngineError> {
    serde_json::from_value(value).map_err(|_| EngineError::Internal("a state's versions cannot be read"))
}

/// The versions that an own file refers to.
pub(crate) fn of_own(own: &Own) -> [Sha256; 2] {
    [own.base, own.mine]
}

/// The versions that going back may need.
pub(crate) fn referred(exchanges: &[Exchange]) -> Vec<Sha256> {
    let own = |exchange: &Exchange| match &exchange.before {
        Before::Own { own } => of_own(own).to_vec(),
        Before::Packaged | Before::Loose { .. } => Vec::new(),
    };
    exchanges.iter().flat_map(own).collect()
}

/// What going back over some changes takes back of each file: it becomes as it was before the first of them. `changes`
/// come newest first.
pub(crate) fn joined(changes: impl IntoIterator<Item = Vec<Exchange>>) -> Vec<Exchange> {
    let mut all: BTreeMap<FileKey, Exchange> = BTreeMap::new();
    for mut exchange in changes.into_iter().flatten() {
        let newer = all.remove(&exchange.key());
        // What is there now is what the newest change left.
        if let (
            Before::Loose { after, .. },
            Some(Exchange { before: Before::Loose { after: newest, .. }, .. }),
        ) = (&mut exchange.before, newer)
        {
            *after = newest;
        }
        all.insert(exchange.key(), exchange);
    }
    all.into_values().collect()
}

/// What a change means to do with versions of files.
#[derive(Default)]
pub(crate) struct Versions {
    /// The profile's own from now on.
    pub own: OwnFiles,
    /// Files whose present version is kept, so that something else may take their place.
    pub replace: BTreeSet<FileKey>,
    brought: BTreeMap<FileKey, Brought>,
    exchanges: BTreeMap<FileKey, Exchange>,
}

/// Where versions are looked for.
#[derive(Clone, Copy)]
pub(crate) struct Shelves<'a> {
    pub engine: &'a Engine,
    pub texts: &'a Dir,
    pub deployment: &'a Deployment,
}

impl Shelves<'_> {
    /// Sees to it that a version is in the folder of versions; false where it is nowhere any more.
    fn fetch(&self, sha256: &Sha256) -> Result<bool, EngineError> {
        if has(self.texts, sha256)? {
            return Ok(true);
        }
        for kept in self.deployment.kept()?.iter().filter(|kept| kept.sha256 == *sha256) {
            if take_in(self.texts, self.deployment.open_kept(&kept.held)?, sha256)? {
                return Ok(true);
            }
        }
        tracing::warn!(version = %sha256.short(), "a version of a file is not kept any more");
        Ok(false)
    }

    fn find_held(&self, sha256: &Sha256) -> Result<Option<Version>, EngineError> {
        let found = self.deployment.kept()?.into_iter().find(|kept| kept.sha256 == *sha256);
        Ok(found.map(|kept| Version {
            source: Source::Held(kept.held),
            sha256: kept.sha256,
            size: kept.metadata.size,
        }))
    }

    fn changed(&self, which: &dyn Fn(&FileKey) -> bool) -> Result<Vec<Changed>, EngineError> {
        Ok(self.deployment.find_changed(&|key: &FileKey, _: &AppliedFile| which(key))?)
    }
}

/// An entry for a changed file about which nothing was decided. Its bytes are kept when they are replaced.
fn undecided(changed: &Changed) -> Own {
    Own {
        place: changed.file.place.clone(),
        path: changed.file.path.clone(),
        base: changed.file.sha256,
        mine: changed.sha256,
        keep: Keep::Mine,
        is_conflict: false,
    }
}

impl Versions {
    pub fn new(own: OwnFiles, replace: BTreeSet<FileKey>) -> Self {
        Self { own, replace, ..Self::default() }
    }

    /// What was there, for the entry of a change.
    fn before(&self, key: &FileKey, changed: Option<&Changed>) -> Before {
        match (self.own.get(key), changed) {
            (Some(own), _) => Before::Own { own: own.clone() },
            (None, Some(changed)) => Before::Own { own: undecided(changed) },
            (None, None) => Before::Packaged,
        }
    }

    fn note(&mut self, (place, path): (&str, &PortablePath), before: Before) {
        let exchange = Exchange { place: place.to_owned(), path: path.clone(), before };
        self.exchanges.insert(exchange.key(), exchange);
    }

    /// Carries out what the player decided about changed files. What belongs to the profile was taken up before.
    pub fn decide(&mut self, shelves: Shelves<'_>, decision: &Decision) -> Result<(), EngineError> {
        let decided = decision.keys()?;
        // A decision that names no file is about all of them.
        let is_decided = |key: &FileKey| decided.is_empty() || decided.contains(key);
        for changed in shelves.changed(&is_decided)? {
            let key = changed.key.clone();
            let before = self.before(&key, Some(&changed));
            self.replace.insert(key.clone());
            let keep = match decision.keep {
                Keeping::Theirs => {
                    self.own.remove(&key);
                    self.note((&changed.file.place, &changed.file.path), before);
                    continue;
                }
                Keeping::Mine => Keep::Mine,
                Keeping::Both => Keep::Both,
            };
            let place = (shelves.deployment, shelves.texts);
            match own_of(shelves.engine, place, &changed, keep)? {
                Some(own) => {
                    if before != (Before::Own { own: own.clone() }) {
                        self.note((&changed.file.place, &changed.file.path), before);
                    }
                    self.own.insert(key, own);
                }
                None => drop(self.own.remove(&key)),
            }
        }
        if decision.keep == Keeping::Theirs {
            let forgotten: Vec<FileKey> = self.own.keys().filter(|key| is_decided(key)).cloned().collect();
            for key in forgotten {
                let Some(own) = self.own.remove(&key) else { continue };
                self.replace.insert(key);
                self.note((&own.place.clone(), &own.path.clone()), Before::Own { own });
            }
        }
        Ok(())
    }

    /// Takes exchanges back: files of packages that are placed, and files beside them.
    pub fn take_back(&mut self, shelves: Shelves<'_>, exchanges: &[Exchange]) -> Result<(), EngineError> {
        let keys: BTreeSet<FileKey> = exchanges.iter().map(Exchange::key).collect();
        let changed = shelves.changed(&|key| keys.contains(key))?;
        for exchange in exchanges {
            let key = exchange.key();
            let changed = changed.iter().find(|changed| changed.key == key);
            if let Before::Loose { sha256, after } = exchange.before {
                let version = match sha256.map(|sha256| shelves.find_held(&sha256)) {
                    Some(found) => match found? {
                        Some(version) => Some(version),
                        None => continue,
                    },
                    None => None,
                };
                let (place, path) = (exchange.place.clone(), exchange.path.clone());
                self.brought.insert(key, Brought { place, path, version, room: Room::Only(after) });
                continue;
            }
            let before = self.before(&key, changed);
            if before == exchange.before || !self.put_back(shelves, exchange)? {
                continue;
            }
            self.replace.insert(key);
            self.note((&exchange.place, &exchange.path), before);
        }
        Ok(())
    }

    /// The same for a profile whose files are not in the folders.
    pub fn take_back_unplaced(
        &mut self,
        shelves: Shelves<'_>,
        exchanges: &[Exchange],
    ) -> Result<(), EngineError> {
        for exchange in exchanges {
            let before = self.before(&exchange.key(), None);
            let is_loose = matches!(exchange.before, Before::Loose { .. });
            if !is_loose && before != exchange.before && self.put_back(shelves, exchange)? {
                self.note((&exchange.place, &exchange.path), before);
            }
        }
        Ok(())
    }

    /// Makes the profile's own of a file what it was; false where that version is gone.
    fn put_back(&mut self, shelves: Shelves<'_>, exchange: &Exchange) -> Result<bool, EngineError> {
        match &exchange.before {
            Before::Own { own } if shelves.fetch(&own.mine)? => {
                self.own.insert(exchange.key(), own.clone());
                Ok(true)
            }
            Before::Packaged => {
                self.own.remove(&exchange.key());
                Ok(true)
            }
            Before::Own { .. } | Before::Loose { .. } => Ok(false),
        }
    }

    /// Brings kept versions back. Where a package has a file, the version becomes the profile's own.
    pub fn bring(
        &mut self,
        shelves: Shelves<'_>,
        wanted: &[Wanted],
        desired: &Desired,
    ) -> Result<(), EngineError> {
        let keys: BTreeSet<FileKey> =
            wanted.iter().map(|file| FileKey::new(&file.place, &file.path)).collect();
        let changed = shelves.changed(&|key| keys.contains(key))?;
        for file in wanted {
            let key = FileKey::new(&file.place, &file.path);
            let applied = shelves.deployment.applied();
            if desired.edits.contains_key(&key) || applied.edits.contains_key(&key) {
                return Err(EngineError::KeptInUse { path: format!("{}/{}", file.place, file.path) });
            }
            let Some(packaged) = desired.files.get(&key) else {
                let version = Some(Version {
                    source: Source::Held(file.held.clone()),
                    sha256: file.sha256,
                    size: file.size,
                });
                let (place, path) = (file.place.clone(), file.path.clone());
                self.brought.insert(key, Brought { place, path, version, room: Room::Any });
                continue;
            };
            if !take_in(shelves.texts, shelves.deployment.open_kept(&file.held)?, &file.sha256)? {
                return Err(EngineError::KeptDamaged { path: format!("{}/{}", file.place, file.path) });
            }
            let before = self.before(&key, changed.iter().find(|changed| changed.key == key));
            let own = Own {
                place: packaged.place.clone(),
                path: packaged.path.clone(),
                base: packaged.sha256,
                mine: file.sha256,
                keep: Keep::Mine,
                is_conflict: false,
            };
            self.note((&packaged.place, &packaged.path), before);
            self.own.insert(key.clone(), own);
            self.replace.insert(key);
        }
        Ok(())
    }

    /// Gives the files beside packages to the plan.
    pub fn ask_for(&mut self, desired: &mut Desired) {
        desired.brought.append(&mut self.brought);
    }

    /// Adds what only the plan knows: what files beside packages take the place of.
    pub fn add_brought(&mut self, plan: &Plan, desired: &Desired) {
        for step in &plan.steps {
            if desired.brought.contains_key(&FileKey::new(&step.place, &step.path)) {
                let sha256 = step.expected.map(|expected| expected.sha256);
                let after = step.content.map(|(sha256, _)| sha256);
                self.note((&step.place, &step.path), Before::Loose { sha256, after });
            }
        }
    }

    /// Adds the files that a repair takes the place of.
    pub fn add_repaired(&mut self, plan: &Plan, desired: &Desired) {
        for step in plan.steps.iter().filter(|step| step.take == Some(Take::Saved)) {
            let key = FileKey::new(&step.place, &step.path);
            let (Some(packaged), Some(expected)) = (desired.files.get(&key), step.expected) else { continue };
            if self.own.contains_key(&key) || self.exchanges.contains_key(&key) {
                continue;
            }
            let own = Own {
                place: packaged.place.clone(),
                path: packaged.path.clone(),
                base: packaged.sha256,
                mine: expected.sha256,
                keep: Keep::Mine,
                is_conflict: false,
            };
            self.note((&step.place, &step.path), Before::Own { own });
        }
    }

    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
