//! Which store serves each place of an installation, and how its files get there. Blocks on the disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use muster_cache::{Choice, Rules, StoreId, Way};
use muster_fsx::LinkPreference;
use muster_games::{Definition, Installation, LinkChoice};

use crate::{Engine, EngineError, profiles::Binding};

/// The stores of an installation's places.
#[derive(Clone, Debug, Default)]
pub(crate) struct Homes(BTreeMap<String, Choice>);

impl Homes {
    /// Chooses them, which tries out what has not been tried out in this run.
    pub fn of(
        engine: &Engine,
        definition: &Definition,
        installation: &Installation,
    ) -> Result<Self, EngineError> {
        let folders: Vec<PathBuf> = installation.places.values().cloned().collect();
        let read_by_games = || read_by_games(engine, installation);
        let rules = Rules { preference: preference(&definition.links), read_by_games: &read_by_games };
        let choices = engine.stores().choose(&folders, &rules)?;
        Ok(Self(installation.places.keys().cloned().zip(choices).collect()))
    }

    /// The store of a place.
    pub fn store(&self, place: &str) -> &StoreId {
        self.0.get(place).map_or(&StoreId::Main, |choice| &choice.store)
    }

    /// Whether files get to a place without taking space.
    pub fn is_linked(&self, place: &str) -> Option<bool> {
        self.0.get(place).map(|choice| choice.way != Way::Copy)
    }

    /// The store where most of what is unpacked will be needed.
    pub fn usual(&self) -> StoreId {
        let mut counted: BTreeMap<&StoreId, usize> = BTreeMap::new();
        for choice in self.0.values() {
            *counted.entry(&choice.store).or_default() += 1;
        }
        // Of equals the data folder's.
        let best = counted.into_iter().rev().max_by_key(|(_, count)| *count);
        best.map_or(StoreId::Main, |(store, _)| store.clone())
    }
}

/// The ways that a definition allows, as one.
fn preference(links: &[LinkChoice]) -> LinkPreference {
    let may = |choice| links.contains(&choice);
    match (may(LinkChoice::Reflink), may(LinkChoice::HardLink)) {
        (true, true) => LinkPreference::Share,
        (true, false) => LinkPreference::Own,
        (false, true) => LinkPreference::HardLink,
        (false, false) => LinkPreference::Copy,
    }
}

/// Every folder that a game of this machine reads, as it is and with its links resolved.
fn read_by_games(engine: &Engine, installation: &Installation) -> Vec<PathBuf> {
    let found = engine.machine().games();
    let found = found.iter().flat_map(|game| &game.installations).map(|found| found.installation.clone());
    let profiles = engine.state().profiles().all().wait().unwrap_or_default();
    let bound = profiles.iter().filter_map(|profile| Some(Binding::of(profile).ok()?.installation));
    let mut folders = BTreeSet::new();
    for installation in found.chain(bound).chain([installation.clone()]) {
        let own = installation.folder.iter().chain(&installation.prefix);
        for folder in installation.places.values().chain(installation.roots.values()).chain(own) {
            folders.extend(folder.canonicalize());
            folders.insert(folder.clone());
        }
    }
    folders.into_iter().filter(|folder| folder != Path::new("/")).collect()
}

#[cfg(test)]
mod tests {
    use muster_cache::Why;

    use super::*;

    #[test]
    fn what_is_unpacked_goes_where_most_of_it_is_needed() {
        let choice =
            |store: &StoreId| Choice { store: store.clone(), way: Way::HardLink, why: Why::NoClones };
        let there = StoreId::At("/disk/store".into());
        let homes = |stores: &[&StoreId]| {
            let named = stores.iter().enumerate().map(|(at, store)| (at.to_string(), choice(store)));
            Homes(named.collect())
        };
        assert_eq!(Homes::default().usual(), StoreId::Main);
        assert_eq!(homes(&[&StoreId::Main, &there, &there]).usual(), there);
        assert_eq!(homes(&[&there, &StoreId::Main]).usual(), StoreId::Main);
    }
}
