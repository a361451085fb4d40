//! Unpacked packages while they are worked with: what they say, and their files in each store that serves a place of the
//! game. Blocks on the disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use muster_cache::{ArchiveLease, StoreId, TreeLease};
use muster_deploy::{PlacedPackage, Trees};
use muster_domain::{LockedPackage, Sha256};
use muster_fsx::Dir;
use muster_package::PAYLOAD_FOLDER;
use muster_store::state::Profile;

use crate::{
    Engine, EngineError,
    homes::Homes,
    placing::switched_on,
    tree::{TreeList, unpack_into},
};

/// Unpacked packages, held while they are in use.
#[derive(Default)]
pub(crate) struct Payloads {
    lists: BTreeMap<Sha256, Arc<TreeList>>,
    /// In whichever store.
    trees: BTreeMap<Sha256, Payload>,
    /// In the stores that serve places.
    near: BTreeMap<(StoreId, Sha256), Payload>,
    homes: Homes,
    /// Versions of files, each under its hash.
    kept: Option<Dir>,
}

/// The files of an unpacked package, which stay as long as this is there. Their folder is opened when it is first needed:
/// of hundreds of packages a change touches the files of a few.
struct Payload {
    lease: TreeLease,
    folder: OnceLock<Dir>,
}

impl Payload {
    fn new(lease: TreeLease) -> Self {
        Self { lease, folder: OnceLock::new() }
    }

    fn folder(&self) -> Result<&Dir, EngineError> {
        if let Some(folder) = self.folder.get() {
            return Ok(folder);
        }
        let folder = self.lease.dir()?.open_dir(PAYLOAD_FOLDER)?;
        Ok(self.folder.get_or_init(|| folder))
    }
}

impl Payloads {
    /// Adds a package, unpacking its archive into a store where its tree is in none yet.
    pub fn add(
        &mut self,
        engine: &Engine,
        (package, archive): (&LockedPackage, Option<&ArchiveLease>),
        store: &StoreId,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), EngineError> {
        let sha256 = package.archive.sha256;
        let lease = match (engine.stores().lease(&sha256), archive) {
            (Err(_), Some(archive)) => {
                // What was unpacked for one recipe is not what another makes of the same archive.
                engine.inner.unpacked.forget_tree(&sha256);
                engine.stores().ensure_tree::<EngineError>(store, &sha256, |staging| {
                    unpack_into(staging, package, archive, cancelled)
                })
            }
            (found, _) => found.map_err(EngineError::from),
        };
        // An archive that rotted after it was verified goes out of sight, so that the next try fetches it again.
        if let (Err(EngineError::Package(_)), Some(archive)) = (&lease, archive)
            && let Err(error) = engine.cache().verify(&archive.sha256())
        {
            return Err(error.into());
        }
        let lease = lease?;
        let list = engine.inner.unpacked.list(&sha256, || TreeList::read(&lease.dir()?))?;
        self.lists.insert(sha256, list);
        self.trees.insert(sha256, Payload::new(lease));
        Ok(())
    }

    /// Sees to it that each package is in the stores of the places where files of it go.
    pub fn bring(
        &mut self,
        engine: &Engine,
        homes: &Homes,
        placed: &[PlacedPackage],
    ) -> Result<(), EngineError> {
        for package in placed {
            let places: BTreeSet<&str> =
                package.placed.placements.iter().map(|file| file.place.as_str()).collect();
            for place in places {
                let key = (homes.store(place).clone(), package.tree);
                if self.near.contains_key(&key) {
                    continue;
                }
                let missing = |_: &Dir| Err(EngineError::Internal("a tree vanished while it was needed"));
                let lease = engine.stores().ensure_tree::<EngineError>(&key.0, &key.1, missing)?;
                self.near.insert(key, Payload::new(lease));
            }
        }
        self.homes = homes.clone();
        Ok(())
    }

    /// Names the folder of versions of files, each under its hash.
    pub fn set_kept(&mut self, folder: Dir) {
        self.kept = Some(folder);
    }

    /// What the tree of a package holds.
    pub fn list(&self, archive: &Sha256) -> Option<&TreeList> {
        self.lists.get(archive).map(Arc::as_ref)
    }

    /// The files of a package.
    pub fn folder(&self, archive: &Sha256) -> Result<&Dir, EngineError> {
        let payload = self.trees.get(archive);
        // Placing less than the lock says would look like success.
        payload.ok_or(EngineError::Internal("a package of the profile was not unpacked"))?.folder()
    }
}

impl Trees for Payloads {
    fn tree(&self, place: &str, archive: &Sha256) -> Option<&Dir> {
        let payload = self.near.get(&(self.homes.store(place).clone(), *archive))?;
        let opened = payload.folder();
        if let Err(error) = &opened {
            tracing::warn!(archive = %archive.short(), %error, "an unpacked package cannot be opened");
        }
        opened.ok()
    }

    fn kept(&self) -> Option<&Dir> {
        self.kept.as_ref()
    }

    fn is_linked(&self, place: &str) -> Option<bool> {
        self.homes.is_linked(place)
    }
}

/// The trees of everything that is switched on in a profile, which must be here.
pub(crate) fn payloads(engine: &Engine, profile: &Profile) -> Result<Payloads, EngineError> {
    let mut payloads = Payloads::default();
    for package in switched_on(&profile.lock) {
        payloads.add(engine, (package, None), &StoreId::Main, &|| engine.is_closing())?;
    }
    Ok(payloads)
}
