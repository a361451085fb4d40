//! What the disk holds for profiles: deployments by place, trees and archives by hash, which of them must stay, and what
//! they are called.

use std::{collections::BTreeSet, path::PathBuf, sync::PoisonError};

use jiff::Timestamp;
use muster_cache::StoreId;
use muster_domain::{Lock, LockedPackage, Sha256};
use muster_games::Installation;
use muster_store::state::{NewSeed, Profile};
use sha2::Digest as _;

use crate::{
    Engine, EngineError, Key,
    jobs::{self, blocking},
    machine::place_of,
    placing,
    profiles::Binding,
};

/// The archives of everything that a profile holds.
fn archives_of(lock: &Lock) -> impl Iterator<Item = Sha256> + '_ {
    lock.packages.iter().map(|package| package.archive.sha256)
}

impl Engine {
    /// The journal and the backups of everything that is deployed to an installation's folders.
    pub(crate) fn deployment_folder(&self, installation: &Installation) -> PathBuf {
        let digest = sha2::Sha256::digest(place_of(installation));
        let name: String = muster_domain::Sha256(digest.into()).to_string().chars().take(16).collect();
        self.inner.places.state.join("deployments").join(name)
    }

    pub(crate) fn has_deployment(&self, installation: &Installation) -> bool {
        self.deployment_folder(installation).is_dir()
    }

    /// Whether the profile's folders hold a committed change of at least this number, and exactly the packages of
    /// `lock`: the number alone could be another job's. A "no" by mistake (a package that places nothing) is harmless:
    /// the deployment is planned again and finds nothing to do.
    pub(crate) async fn has_applied(
        &self,
        profile: &Profile,
        lock: &Lock,
        sequence: u64,
    ) -> Result<bool, EngineError> {
        let (engine, installation) = (self.clone(), self.installation(profile)?);
        let switched_on = placing::switched_on(lock);
        let trees: BTreeSet<Sha256> = switched_on.map(|package| package.archive.sha256).collect();
        blocking(move || {
            if !engine.has_deployment(&installation) {
                return Ok(false);
            }
            let deployment = placing::open(&engine, &installation)?;
            let applied = deployment.applied();
            let found: BTreeSet<Sha256> = applied.files.values().map(|file| file.tree).collect();
            Ok(applied.sequence >= sequence && found == trees)
        })
        .await
    }

    pub(crate) fn has_tree(&self, package: &LockedPackage) -> bool {
        self.stores().lease(&package.archive.sha256).is_ok()
    }

    /// Every package of every profile.
    pub(crate) async fn installed_packages(&self) -> Result<Vec<LockedPackage>, EngineError> {
        let profiles = self.state().profiles().all().await?;
        Ok(profiles.into_iter().flat_map(|profile| profile.lock.packages).collect())
    }

    /// What a profile needs, as leases of its owner in the stores that serve its places.
    fn trees_of(&self, profile: &Profile, needed: &BTreeSet<Sha256>) -> Vec<(String, StoreId, Sha256)> {
        // An installation that cannot be read is served by nothing in particular.
        let places = Binding::of(profile).map(|binding| binding.installation.places).unwrap_or_default();
        let stores = self.stores().of(places.values().map(PathBuf::as_path));
        let owner = profile.id.to_string();
        let lease = |store: &StoreId| {
            let store = store.clone();
            let owner = owner.clone();
            needed.iter().map(move |sha256| (owner.clone(), store.clone(), *sha256)).collect::<Vec<_>>()
        };
        stores.iter().flat_map(lease).collect()
    }

    /// Tells the cache what must stay: archives that profiles use and unfinished jobs wait for, and the trees of every
    /// state that can be gone back to.
    pub(crate) async fn declare_leases(&self) -> Result<(), EngineError> {
        let engine = self.clone();
        blocking(move || {
            // Read and told in one go: of two changes at once, the later one must not be told first.
            let _leases = engine.inner.leases.lock().unwrap_or_else(PoisonError::into_inner);
            let needed = engine.state().jobs().unfinished().wait()?;
            let needed: Vec<Sha256> = needed.iter().flat_map(jobs::needs).map(|p| p.archive.sha256).collect();
            let (mut archives, mut trees) = (Vec::new(), Vec::new());
            for profile in engine.state().profiles().all().wait()? {
                let enabled = profile.lock.packages.iter().filter(|package| package.enabled);
                archives.extend(enabled.map(|package| (profile.id.to_string(), package.archive.sha256)));
            }
            // A profile that may come back comes back without asking anybody for anything.
            for profile in engine.state().profiles().all_and_removed().wait()? {
                let mut needed: BTreeSet<Sha256> = archives_of(&profile.lock).collect();
                let states = engine.state().profiles().generation_archives(profile.id).wait()?;
                needed.extend(states.iter().flat_map(|state| state.iter().copied()));
                trees.extend(engine.trees_of(&profile, &needed));
            }
            engine.cache().set_needed(needed);
            engine.cache().declare_leases(archives, Timestamp::now());
            engine.stores().declare_leases(trees);
            Ok(())
        })
        .await
    }

    /// Tells the cache what the player pinned.
    pub(crate) async fn declare_pins(&self) -> Result<(), EngineError> {
        let seeds = self.state().seeds().all().await?;
        let pinned = seeds.into_iter().filter(|seed| seed.is_pinned);
        self.cache().set_pins(pinned.map(|seed| seed.archive.sha256));
        Ok(())
    }

    /// A game runs with a profile: what it uses counts as used now.
    pub(crate) fn touch(&self, profile: &Profile) {
        let used = profile.lock.packages.iter().filter(|package| package.enabled);
        self.cache().touch(used.map(|package| package.archive.sha256), Timestamp::now());
    }

    /// Writes down which packages the archives in the cache are, as long as anything still says so (profiles, their
    /// history, unfinished jobs), and forgets those that went.
    pub(crate) async fn remember_kept(&self) -> Result<(), EngineError> {
        let known = self.state().seeds().all().await?;
        let known: BTreeSet<Sha256> = known.into_iter().map(|seed| seed.archive.sha256).collect();
        let kept: BTreeSet<Sha256> = self.cache().archives().into_iter().map(|info| info.sha256).collect();
        let gone: Vec<Sha256> = known.difference(&kept).copied().collect();
        if !gone.is_empty() {
            self.state().seeds().forget(gone).await?;
        }
        let mut unnamed: BTreeSet<Sha256> = kept.difference(&known).copied().collect();
        if unnamed.is_empty() {
            return Ok(());
        }
        let mut packages = self.installed_packages().await?;
        packages.extend(self.state().jobs().unfinished().await?.iter().flat_map(jobs::needs));
        for profile in self.state().profiles().all().await? {
            let locks = self.state().profiles().generation_locks(profile.id).await?;
            packages.extend(locks.into_iter().flat_map(|lock| lock.packages));
        }
        packages.retain(|package| unnamed.remove(&package.archive.sha256));
        self.remember(&packages).await
    }

    /// Writes down which packages some archives are.
    pub(crate) async fn remember(&self, packages: &[LockedPackage]) -> Result<(), EngineError> {
        let mut archives = Vec::new();
        for package in packages {
            archives.push(NewSeed {
                sha256: package.archive.sha256,
                source: package.source.clone(),
                package: package.id.clone(),
                version: package.version.clone(),
                title: self.title(&Key::of(package)).await,
                size: package.archive.size,
            });
        }
        Ok(self.state().seeds().remember(archives, Timestamp::now()).await?)
    }
}
