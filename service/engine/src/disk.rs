//! What Muster's own files take on each disk and how much of it could go; how files get to the places of a game.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use jiff::Timestamp;
use muster_cache::{Choice, Room, StoreId, Way, Why};
use muster_domain::Sha256;
use muster_games::Installation;

use crate::{Engine, EngineError, Reason, jobs::blocking};

/// How files of packages get to one place of a game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceStorage {
    pub place: String,
    pub folder: PathBuf,
    pub way: Way,
    /// Why not in a better way.
    pub why: Reason,
    /// Where the packages are unpacked, if not in the data folder.
    pub store: Option<PathBuf>,
}

/// What a store of unpacked packages takes. The parts add up to all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreSpace {
    pub folder: PathBuf,
    /// Its disk is not there: nothing can be said.
    pub is_away: bool,
    pub packages: usize,
    /// Bytes of packages that one profile has.
    pub unique: u64,
    /// Bytes of packages that several profiles have, each counted once.
    pub shared: u64,
    /// Bytes that only earlier states, and profiles that can come back, need.
    pub history: u64,
    /// Bytes that nothing needs; they go by themselves.
    pub reclaimable: u64,
}

/// What the archives take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveSpace {
    pub folder: PathBuf,
    pub archives: u64,
    /// Bytes of complete archives.
    pub size: u64,
    /// Bytes of unfinished downloads.
    pub unfinished: u64,
    /// Bytes that the player can let go, unfinished ones included.
    pub reclaimable: u64,
}

/// What Muster takes on the disks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskView {
    /// The one in the data folder first.
    pub stores: Vec<StoreSpace>,
    pub archives: ArchiveSpace,
}

/// Who needs which packages.
#[derive(Clone, Debug, Default)]
struct Needs {
    /// By how many profiles, as they are now.
    profiles: BTreeMap<Sha256, usize>,
    /// By what can be gone back to.
    history: BTreeSet<Sha256>,
}

impl StoreSpace {
    fn of(folder: PathBuf, sizes: &BTreeMap<Sha256, u64>, needs: &Needs) -> Self {
        let mut space = Self { folder, packages: sizes.len(), ..Self::default() };
        for (sha256, size) in sizes {
            let part = match needs.profiles.get(sha256) {
                Some(0) | None if needs.history.contains(sha256) => &mut space.history,
                Some(0) | None => &mut space.reclaimable,
                Some(1) => &mut space.unique,
                Some(_) => &mut space.shared,
            };
            *part += size;
        }
        space
    }
}

/// The code of why files get to a place as they do.
fn code(choice: &Choice) -> &'static str {
    match (choice.why, choice.way) {
        (Why::Best, _) => "stored-clones",
        (Why::NoClones, _) => "stored-no-clones",
        (Why::Definition, Way::Copy) => "stored-copies-wanted",
        (Why::Definition, _) => "stored-links-wanted",
        (Why::CannotLink, _) => "stored-cannot-link",
        (Why::NoFolder, _) => "stored-no-folder",
        (Why::Untried, _) => "stored-untried",
    }
}

impl Engine {
    /// How files get to the places of an installation, as far as that was tried out: at the first change.
    pub(crate) fn storage(&self, installation: &Installation) -> Vec<PlaceStorage> {
        let storage = |(place, folder): (&String, &PathBuf)| {
            let choice = self.stores().chosen(folder)?;
            let why = Reason::new(code(&choice));
            let store = match choice.store {
                StoreId::Main => None,
                StoreId::At(path) => Some(path),
            };
            let (place, folder) = (place.clone(), folder.clone());
            Some(PlaceStorage { place, folder, way: choice.way, why, store })
        };
        installation.places.iter().filter_map(storage).collect()
    }

    /// What Muster takes on the disks. Reads the folders of every store.
    pub async fn disk(&self) -> Result<DiskView, EngineError> {
        self.declare_leases().await?;
        let engine = self.clone();
        blocking(move || {
            let needs = engine.needs()?;
            let mut view = DiskView { archives: engine.archive_space()?, ..DiskView::default() };
            for id in engine.stores().all() {
                let folder = match &id {
                    StoreId::Main => engine.inner.places.state.join("store"),
                    StoreId::At(path) => path.clone(),
                };
                view.stores.push(match engine.stores().store(&id).and_then(|trees| trees.sizes()) {
                    Ok(sizes) => StoreSpace::of(folder, &sizes, &needs),
                    Err(muster_cache::Error::StoreGone { .. }) => {
                        StoreSpace { folder, is_away: true, ..StoreSpace::default() }
                    }
                    Err(error) => return Err(error.into()),
                });
            }
            Ok(view)
        })
        .await
    }

    fn archive_space(&self) -> Result<ArchiveSpace, EngineError> {
        let usage = self.cache().usage()?;
        Ok(ArchiveSpace {
            folder: self.inner.places.cache.join("packages"),
            archives: usage.archives,
            size: usage.archive_bytes,
            unfinished: usage.partial_bytes,
            reclaimable: self.cache().plan_room(Timestamp::now(), &Room::All)?.freed(),
        })
    }

    fn needs(&self) -> Result<Needs, EngineError> {
        let mut needs = Needs::default();
        let profiles = self.state().profiles();
        let (all, removed) = (profiles.all().wait()?, profiles.removed().wait()?);
        for profile in &all {
            let has: BTreeSet<Sha256> = profile.lock.packages.iter().map(|p| p.archive.sha256).collect();
            for sha256 in has {
                *needs.profiles.entry(sha256).or_default() += 1;
            }
        }
        let ids = all.iter().map(|profile| profile.id).chain(removed.iter().map(|it| it.profile.id));
        for id in ids {
            let locks = profiles.generation_locks(id).wait()?;
            let packages = locks.iter().flat_map(|lock| &lock.packages);
            needs.history.extend(packages.map(|package| package.archive.sha256));
        }
        Ok(needs)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hash(number: u8) -> Sha256 {
        Sha256([number; 32])
    }

    #[test]
    fn a_package_counts_once_however_many_profiles_have_it() {
        let sizes = [(hash(1), 10), (hash(2), 20), (hash(3), 40), (hash(4), 80)].into();
        let needs = Needs {
            profiles: [(hash(1), 1), (hash(2), 5), (hash(9), 1)].into(),
            history: [hash(1), hash(3)].into(),
        };
        let space = StoreSpace::of("store".into(), &sizes, &needs);
        assert_eq!((space.unique, space.shared, space.history, space.reclaimable), (10, 20, 40, 80));
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_whole(
            sizes in proptest::collection::btree_map(0u8..8, 0u64..1000, 0..8),
            profiles in proptest::collection::btree_map(0u8..8, 0usize..3, 0..8),
            history in proptest::collection::btree_set(0u8..8, 0..8),
        ) {
            let sizes: BTreeMap<Sha256, u64> = sizes.into_iter().map(|(n, size)| (hash(n), size)).collect();
            let needs = Needs {
                profiles: profiles.into_iter().map(|(n, count)| (hash(n), count)).collect(),
                history: history.into_iter().map(hash).collect(),
            };
            let space = StoreSpace::of("store".into(), &sizes, &needs);
            let parts = space.unique + space.shared + space.history + space.reclaimable;
            prop_assert_eq!(parts, sizes.values().sum::<u64>());
        }
    }
}
