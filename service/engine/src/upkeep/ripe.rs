//! What an update that nobody looks at may choose from: releases that were on offer for two days, as this machine saw it,
//! and none that the player went back from.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::{Lock, Release, Sha256, Version};
use muster_resolver::{Request, resolve};
use muster_store::state::{Offered, Profile};

use super::decide::is_ripe;
use crate::{Engine, EngineError, Key, change::Unattended, facts::FactBook};

/// A release that has to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unripe {
    pub key: Key,
    pub version: Version,
    pub sha256: Sha256,
    pub seen: Timestamp,
}

fn identity(release: &Release) -> (Key, Sha256) {
    (Key { source: release.source.clone(), id: release.id.clone() }, release.archive.sha256)
}

fn is_installed(lock: &Lock, release: &Release) -> bool {
    let here = lock.get(&release.source, &release.id);
    here.is_some_and(|here| here.version == release.version && here.archive == release.archive)
}

impl Engine {
    /// Takes out of the book what may not come unattended, so that the newest of the rest is found; gives what has to wait,
    /// each as often as something newer of it does.
    ///
    /// Only what would come is written down as seen: a release that something newer always hid waits from the day on which
    /// it is the newest that is left.
    pub(crate) async fn leave_out_unripe(
        &self,
        profile: &Profile,
        question: &Request,
        book: &mut FactBook,
        unattended: Unattended,
    ) -> Result<Vec<Unripe>, EngineError> {
        let left = self.left_behind(profile).await?;
        book.leave_out(&|release| left.contains(&identity(release)));
        let mut waiting: Vec<Unripe> = Vec::new();
        loop {
            // Why nothing fits is told by whoever asks again.
            let Ok(resolution) = resolve(question, book) else { return Ok(waiting) };
            let chosen = resolution.packages.iter().map(|package| &*package.release);
            let new: Vec<Offered> = chosen
                .filter(|release| !is_installed(&profile.lock, release))
                .map(|release| Offered {
                    source: release.source.clone(),
                    package: release.id.clone(),
                    version: release.version.clone(),
                    sha256: release.archive.sha256,
                })
                .collect();
            if new.is_empty() {
                return Ok(waiting);
            }
            let seen = self.state().sightings().see(new.clone(), Timestamp::now()).await?;
            let young: Vec<Unripe> = new
                .into_iter()
                .zip(seen)
                .filter(|(_, seen)| !is_ripe(*seen, unattended.seen_before))
                .map(|(offered, seen)| Unripe {
                    key: Key { source: offered.source, id: offered.package },
                    version: offered.version,
                    sha256: offered.sha256,
                    seen,
                })
                .collect();
            if young.is_empty() {
                return Ok(waiting);
            }
            let out: BTreeSet<(Key, Sha256)> =
                young.iter().map(|one| (one.key.clone(), one.sha256)).collect();
            book.leave_out(&|release| out.contains(&identity(release)));
            waiting.extend(young);
        }
    }

    /// Other versions that the profile had of what it has: the player went on from them, or back. Neither come by
    /// themselves.
    async fn left_behind(&self, profile: &Profile) -> Result<BTreeSet<(Key, Sha256)>, EngineError> {
        let mut left = BTreeSet::new();
        for package in
            self.state().profiles().generation_locks(profile.id).await?.iter().flat_map(|lock| &lock.packages)
        {
            let here = profile.lock.get(&package.source, &package.id);
            if here.is_some_and(|here| here.archive.sha256 != package.archive.sha256) {
                left.insert((Key::of(package), package.archive.sha256));
            }
        }
        Ok(left)
    }
}
