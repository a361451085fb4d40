//! What may be offered to others, and where an archive can be had.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, MutexGuard, PoisonError},
};

use bytes::Bytes;
use jiff::Timestamp;
use muster_catalog::{ArchiveAt, Fact};
use muster_domain::{LockedPackage, Redistribution, Sha256, SourceId};
use muster_package::BlockList;
use muster_registry::{Target, layout::Sibling};
use muster_store::state::{NewSeed, Seed};
use muster_transfer::{
    Conditions, Origin, RateLimits, Reach, SeedSpec, SharingPolicy, TorrentSpec, queue::Move,
};

use crate::{Engine, EngineError, Settings, Signal, rights::Right};

/// Largest block list or torrent file, in bytes: 32 bytes for each 64 KiB of 8 GB, with room.
const MAX_SIBLING: u64 = 8 * 1024 * 1024;

/// Everything that helps to get one archive.
pub(crate) struct Manifestation {
    pub origins: Vec<Origin>,
    pub torrent: Option<TorrentSpec>,
    pub blocks: Option<Arc<[Sha256]>>,
}

/// Licences under which anybody may pass a package on, by SPDX identifier. Everything else is not passed on, unknown
/// included.
const FREE_LICENSES: &[&str] = &[
    "0BSD",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "EUPL-1.2",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Unlicense",
    "WTFPL",
    "Zlib",
];

/// Whether a release may be passed on (`product.md` §6): the publisher said so, or the licence does.
pub(crate) fn may_pass_on(redistribute: Redistribution, license: Option<&str>) -> bool {
    match redistribute {
        Redistribution::Yes => true,
        Redistribution::No => false,
        Redistribution::ByLicense => license.is_some_and(is_free),
    }
}

/// An SPDX expression all of whose parts, or one of whose alternatives, are free. Exceptions only add permissions.
fn is_free(expression: &str) -> bool {
    let plain = |text: &str| {
        let name =
            text.trim().trim_matches(['(', ')']).split(" WITH ").next().unwrap_or_default().trim().to_owned();
        FREE_LICENSES.contains(&name.as_str())
    };
    // Mixed expressions need parentheses to be read rightly; they are taken as "all of them".
    match (expression.contains(" AND "), expression.contains(" OR ")) {
        (false, true) => expression.split(" OR ").any(plain),
        _ => expression.split(" AND ").flat_map(|part| part.split(" OR ")).all(plain),
    }
}

impl Engine {
    /// The signed release behind a locked package, also when its source cannot be reached.
    pub(crate) async fn fact_of(&self, package: &LockedPackage) -> Result<Fact, EngineError> {
        let facts = match self.catalog().facts(&package.source, &package.id, Timestamp::now()).await {
            Ok(facts) => facts,
            Err(error) => {
                tracing::info!(package = %package.id, %error, "taking the facts that are stored");
                self.catalog().stored_facts(&package.source, &package.id).await?
            }
        };
        let same = |fact: &Fact| fact.release.version == package.version;
        let fact =
            facts.into_iter().find(same).ok_or(EngineError::UnknownPackage { id: package.id.clone() })?;
        match fact.release.archive == package.archive {
            true => Ok(fact),
            false => Err(EngineError::ReleaseDiffers { id: package.id.clone(), what: "sha256".into() }),
        }
    }

    /// Where the archive of a package can be had.
    pub(crate) async fn manifestation(&self, package: &LockedPackage) -> Result<Manifestation, EngineError> {
        let fact = self.fact_of(package).await?;
        let blocks = self.sibling(&fact, Sibling::BlockList).await.and_then(|bytes| {
            let list = BlockList::parse(&bytes, package.archive.size).ok()?;
            Some(Arc::from(list.blocks()))
        });
        Ok(Manifestation { origins: origins(&fact), torrent: self.torrent(&fact).await, blocks })
    }

    /// A signed sibling file; what cannot be had costs comfort, not correctness.
    async fn sibling(&self, fact: &Fact, kind: Sibling) -> Option<Vec<u8>> {
        let signed = fact.signed.as_deref()?;
        let artifact = match kind {
            Sibling::BlockList => signed.custom.block_list.as_ref()?,
            Sibling::TorrentFile => signed.custom.torrent_file.as_ref()?,
            _ => return None,
        };
        self.small_file(&fact.release.source, &signed.sibling(kind, artifact)).await
    }

    pub(crate) async fn small_file(&self, source: &SourceId, target: &Target) -> Option<Vec<u8>> {
        let fetched = self.catalog().small_file(source, target, MAX_SIBLING, Timestamp::now()).await;
        fetched.inspect_err(|error| tracing::info!(%error, file = target.path, "going on without it")).ok()
    }

    async fn torrent(&self, fact: &Fact) -> Option<TorrentSpec> {
        let info_hash = fact.release.torrent?.info_hash;
        let metainfo = self.sibling(fact, Sibling::TorrentFile).await?;
        Some(TorrentSpec { metainfo: Bytes::from(metainfo), info_hash })
    }

    /// Offers exactly what the settings, the licences and the cache allow.
    pub(crate) async fn refresh_sharing(&self) {
        if let Err(error) = self.try_refresh_sharing().await {
            tracing::warn!(%error, "sharing could not be brought up to date");
        }
        self.signal(Signal::Status);
    }

    async fn try_refresh_sharing(&self) -> Result<(), EngineError> {
        self.judge(&self.state().seeds().all().await?).await?;
        for archive in self.bring_in_line().await? {
            self.offer(&archive).await?;
        }
        Ok(())
    }

    /// Switches sharing as the settings say, withdraws what may no longer be offered, and gives what is to be offered
    /// and is not yet, the rarest first.
    async fn bring_in_line(&self) -> Result<Vec<NewSeed>, EngineError> {
        // One at a time, with settings read inside: an older "yes" must not be carried out after a newer "no".
        let _policy = self.inner.policy.lock().await;
        let settings = self.settings();
        let policy = match offers(&settings) {
            true => SharingPolicy::On { listen: settings.listen },
            false => SharingPolicy::Off,
        };
        self.transfers().set_sharing(policy).await?;
        let mut wanted = if offers(&settings) { self.offerable().await? } else { Vec::new() };
        let keep: BTreeSet<Sha256> = wanted.iter().map(|archive| archive.sha256).collect();
        let gone: Vec<Sha256> = self.offers().difference(&keep).copied().collect();
        self.unseed(&gone).await?;
        wanted.retain(|archive| !self.offers().contains(&archive.sha256));
        Ok(wanted)
    }

    /// What the transfers were told to offer.
    fn offers(&self) -> MutexGuard<'_, BTreeSet<Sha256>> {
        self.inner.offers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn offer(&self, archive: &NewSeed) -> Result<(), EngineError> {
        let Right::Granted(at) = self.inner.rights.get(&archive.sha256) else { return Ok(()) };
        // Its source may have to be asked for it: nobody's "no" waits for that.
        let torrent = match &at {
            Some(at) => self.torrent_of(archive, at).await,
            None => None,
        };
        let _policy = self.inner.policy.lock().await;
        let seed = self.state().seeds().get(archive.sha256).await?;
        if !offers(&self.settings()) || !seed.is_some_and(|seed| self.may_offer(&seed)) {
            return Ok(());
        }
        let spec = SeedSpec { size: archive.size, torrent };
        match self.transfers().seed(&archive.sha256, spec).await {
            Ok(()) => drop(self.offers().insert(archive.sha256)),
            Err(error @ muster_transfer::Error::Torrent { .. }) => {
                tracing::warn!(package = %archive.package, %error, "an archive cannot be offered");
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Whether an archive is here whole and checked, may be passed on, and was not paused.
    fn may_offer(&self, seed: &Seed) -> bool {
        let sha256 = &seed.archive.sha256;
        !seed.is_paused && self.cache().is_verified(sha256) && self.inner.rights.get(sha256).is_granted()
    }

    async fn unseed(&self, archives: &[Sha256]) -> Result<(), EngineError> {
        for sha256 in archives {
            self.transfers().unseed(sha256).await?;
            self.offers().remove(sha256);
        }
        Ok(())
    }

    /// Offers these archives no more; the next refresh offers those again that are still here and may be.
    pub(crate) async fn withdraw(&self, archives: &[Sha256]) -> Result<(), EngineError> {
        if archives.is_empty() {
            return Ok(());
        }
        let _policy = self.inner.policy.lock().await;
        self.unseed(archives).await
    }

    async fn offerable(&self) -> Result<Vec<NewSeed>, EngineError> {
        let others: BTreeMap<Sha256, Option<u32>> =
            self.cache().archives().into_iter().map(|info| (info.sha256, info.other_seeders)).collect();
        let seeds = self.state().seeds().all().await?;
        let mut offerable: Vec<NewSeed> =
            seeds.into_iter().filter(|seed| self.may_offer(seed)).map(|seed| seed.archive).collect();
        offerable.sort_by_key(|archive| {
            (others.get(&archive.sha256).copied().flatten().unwrap_or(u32::MAX), archive.sha256)
        });
        Ok(offerable)
    }

    /// Hands the settings on to the transfers.
    pub(crate) async fn apply_settings(&self) {
        let settings = self.settings();
        let limit = |value: u64| (value > 0).then_some(value);
        let limits = RateLimits {
            down: limit(settings.download_limit),
            up: limit(settings.upload_limit),
            ..RateLimits::default()
        };
        self.transfers().set_limits(limits).await;
        self.transfers().set_conditions(Conditions::default()).await;
    }

    /// The newest numbers of all transfers.
    pub fn transfer_snapshot(&self) -> Arc<muster_transfer::Snapshot> {
        self.transfers().snapshot().borrow().clone()
    }

    /// Pauses one transfer, or everything.
    pub async fn pause_transfers(&self, sha256: Option<Sha256>) -> Result<(), EngineError> {
        match sha256 {
            Some(sha256) => self.transfers().pause(&sha256).await?,
            None => self.transfers().pause_all().await,
        }
        self.signal(Signal::Status);
        Ok(())
    }

    /// Goes on with one transfer, or everything. A failed one is tried again.
    pub async fn resume_transfers(&self, sha256: Option<Sha256>) -> Result<(), EngineError> {
        match sha256 {
            Some(sha256) => self.transfers().resume(&sha256).await?,
            None => self.transfers().resume_all().await,
        }
        self.signal(Signal::Status);
        Ok(())
    }

    /// Moves a transfer to a tier and to a place in it.
    pub async fn move_transfer(
        &self,
        sha256: Sha256,
        tier: Option<muster_domain::Tier>,
        position: Option<u32>,
    ) -> Result<(), EngineError> {
        if let Some(tier) = tier {
            self.transfers().set_tier(&sha256, tier).await?;
        }
        let Some(position) = position else { return Ok(()) };
        let snapshot = self.transfer_snapshot();
        let moved = snapshot.get(&sha256).ok_or(EngineError::UnknownTransfer(sha256))?;
        let tier = tier.unwrap_or(moved.tier);
        let mut others =
            snapshot.transfers.iter().filter(|transfer| transfer.tier == tier && transfer.sha256 != sha256);
        let to = others.nth(position as usize).map_or(Move::Last, |other| Move::Before(other.sha256));
        Ok(self.transfers().reorder(&sha256, to).await?)
    }

    /// Takes an archive out of the queue. Jobs that cannot do without it are cancelled; what has arrived is kept for as
    /// long as unfinished downloads are.
    pub async fn cancel_transfer(&self, sha256: Sha256) -> Result<(), EngineError> {
        let needs = |job: &crate::JobView| {
            !job.phase.is_end() && job.members.iter().any(|member| member.sha256 == Some(sha256))
        };
        let jobs: Vec<_> = self.jobs().into_iter().filter(needs).map(|job| job.id).collect();
        if jobs.is_empty() && self.transfer_snapshot().get(&sha256).is_none() {
            return Err(EngineError::UnknownTransfer(sha256));
        }
        for job in jobs {
            self.cancel_job(job)?;
        }
        match self.transfers().cancel(&sha256).await {
            // The jobs took it out when they ended.
            Err(muster_transfer::Error::Unknown(_)) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Names peers that have an archive.
    pub async fn add_peers(&self, sha256: Sha256, peers: Vec<SocketAddr>) -> Result<(), EngineError> {
        Ok(self.transfers().add_peers(&sha256, peers).await?)
    }
}

/// Whether the settings allow anything to be offered.
fn offers(settings: &Settings) -> bool {
    settings.sharing.offers() && settings.upload_limit > 0 && !settings.seeding_paused
}

/// Servers of an archive: its own source first, then those that the publisher signed.
fn origins(fact: &Fact) -> Vec<Origin> {
    let own = match &fact.archive_at {
        Some(ArchiveAt::Web(url)) => Some(url.clone()),
        Some(ArchiveAt::Folder(path)) => url::Url::from_file_path(path).ok(),
        None => None,
    };
    // A source on this machine may lead to this machine; any other only to the internet.
    let reach = own.as_ref().map_or(Reach::Public, Reach::of_source);
    let named = fact.release.origins.iter().filter_map(|text| url::Url::parse(text).ok());
    own.into_iter().chain(named).map(|url| Origin { url, reach }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_somebody_allowed_is_passed_on() {
        use Redistribution::{ByLicense, No, Yes};
        for (redistribute, license, allowed) in [
            (Yes, None, true),
            (No, Some("MIT"), false),
            (ByLicense, None, false),
            (ByLicense, Some("MIT"), true),
            (ByLicense, Some("LicenseRef-mine"), false),
            (ByLicense, Some("MIT OR LicenseRef-mine"), true),
            (ByLicense, Some("MIT AND LicenseRef-mine"), false),
            (ByLicense, Some("MIT AND CC-BY-SA-4.0"), true),
            (ByLicense, Some("GPL-3.0-or-later WITH Font-exception-2.0"), true),
            (ByLicense, Some("MIT AND (Apache-2.0 OR LicenseRef-mine)"), false),
            (ByLicense, Some("CC-BY-NC-4.0"), false),
            (ByLicense, Some(""), false),
        ] {
            assert_eq!(may_pass_on(redistribute, license), allowed, "{redistribute:?} {license:?}");
        }
    }
}
