//! What may be offered to others, and where an archive can be had.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, MutexGuard, PoisonError},
};

use bytes::Bytes;
use jiff::Timestamp;
use muster_catalog::{ArchiveAt, Fact};
use muster_domain::{LockedPackage, Sha256, SourceId};
use muster_package::BlockList;
use muster_registry::{Target, layout::Sibling};
use muster_store::state::{NewSeed, Seed};
use muster_transfer::{Local, Meets, Origin, Reach, SeedSpec, TorrentSpec, queue::Move};

use crate::{Engine, EngineError, Settings, Signal, manners::PauseWish, rights::Right};

/// Largest block list, entry map or torrent file, in bytes: a map of as many entries as there may be, with long names.
const MAX_SIBLING: u64 = 16 * 1024 * 1024;

/// Everything that helps to get one archive.
pub(crate) struct Manifestation {
    pub origins: Vec<Origin>,
    pub torrent: Option<TorrentSpec>,
    /// Whether peers may be met by the archive's hash.
    pub meets: Meets,
    pub blocks: Option<Arc<[Sha256]>>,
    pub local: Option<Local>,
}

impl Engine {
    /// The signed release behind a locked package, also when its source cannot be reached, and all releases that its
    /// source has of the package.
    async fn facts_of(&self, package: &LockedPackage) -> Result<(Fact, Vec<Fact>), EngineError> {
        let facts = match self.catalog().facts(&package.source, &package.id, Timestamp::now()).await {
            Ok(facts) => facts,
            Err(error) => {
                tracing::info!(package = %package.id, %error, "taking the facts that are stored");
                self.catalog().stored_facts(&package.source, &package.id).await?
            }
        };
        let same = |fact: &Fact| fact.release.version == package.version;
        let fact = facts.iter().find(|fact| same(fact)).cloned();
        let fact = fact.ok_or(EngineError::UnknownPackage { id: package.id.clone() })?;
        match fact.release.archive == package.archive {
            true => Ok((fact, facts)),
            false => Err(EngineError::ReleaseDiffers { id: package.id.clone(), what: "sha256".into() }),
        }
    }

    /// Where the archive of a package can be had.
    pub(crate) async fn manifestation(&self, package: &LockedPackage) -> Result<Manifestation, EngineError> {
        let (fact, facts) = self.facts_of(package).await?;
        let (blocks, torrent, local) = futures::join!(
            self.sibling(&fact, Sibling::BlockList),
            self.torrent(&fact),
            self.local(&fact, &facts)
        );
        let blocks = blocks.and_then(|bytes| {
            let list = BlockList::parse(&bytes, package.archive.size).ok()?;
            Some(Arc::from(list.blocks()))
        });
        let meets = meets(&fact, torrent.as_ref());
        let laid_out = self.laid_out(&fact).await;
        Ok(Manifestation { origins: origins(&fact, laid_out), torrent, meets, blocks, local })
    }

    /// The archive of a package that lies in a git repository, as a file. What the repository does not have, the servers
    /// that the release names may.
    async fn laid_out(&self, fact: &Fact) -> Option<PathBuf> {
        let laid_out = self.catalog().lay_out(fact).await;
        laid_out
            .inspect_err(|error| tracing::info!(%error, "an archive is not taken out of its repository"))
            .ok()?
    }

    /// A signed sibling file; what cannot be had costs comfort, not correctness.
    pub(crate) async fn sibling(&self, fact: &Fact, kind: Sibling) -> Option<Vec<u8>> {
        let signed = fact.signed.as_deref()?;
        let artifact = match kind {
            Sibling::BlockList => signed.custom.block_list.as_ref()?,
            Sibling::EntryMap => signed.custom.entry_map.as_ref()?,
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

    /// Brings what may be done, and what is offered to others, up to date.
    pub(crate) async fn refresh_sharing(&self) {
        self.carry_out().await;
        if let Err(error) = self.refresh_offers().await {
            tracing::warn!(%error, "what is offered could not be brought up to date");
        }
        self.signal(Signal::Status);
    }

    /// Registers exactly what the player, the licences and the cache allow. Whether any of it is really offered now is
    /// decided by the manners, at once and without this: here signed facts are read, which may take a while.
    async fn refresh_offers(&self) -> Result<(), EngineError> {
        let _turn = self.inner.offering.lock().await;
        self.judge(&self.state().seeds().all().await?).await?;
        for archive in self.bring_in_line().await? {
            self.offer(&archive).await?;
        }
        Ok(())
    }

    /// Withdraws what may no longer be offered, and gives what is to be offered and is not yet, the rarest first.
    async fn bring_in_line(&self) -> Result<Vec<NewSeed>, EngineError> {
        // One at a time, with settings read inside: an older "yes" must not be carried out after a newer "no".
        let _policy = self.inner.policy.lock().await;
        let settings = self.settings();
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
        let spec = SeedSpec { size: archive.size, torrent, trackers: Vec::new() };
        match self.transfers().seed(&archive.sha256, spec).await {
            Ok(()) => drop(self.offers().insert(archive.sha256)),
            Err(error @ muster_transfer::Error::Torrent { .. }) => {
                tracing::warn!(package = %archive.package, %error, "an archive cannot be offered");
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Whether an archive is here whole and checked, may be passed on, was not paused, and nobody advises against it.
    fn may_offer(&self, seed: &Seed) -> bool {
        let sha256 = &seed.archive.sha256;
        let is_wanted = !seed.is_paused && !self.is_kept_despite_advice(&seed.archive);
        is_wanted && self.cache().is_verified(sha256) && self.inner.rights.get(sha256).is_granted()
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

    /// The newest numbers of all transfers.
    pub fn transfer_snapshot(&self) -> Arc<muster_transfer::Snapshot> {
        self.transfers().snapshot().borrow().clone()
    }

    /// Pauses one transfer, or everything.
    pub async fn pause_transfers(&self, sha256: Option<Sha256>) -> Result<(), EngineError> {
        match sha256 {
            Some(sha256) => self.transfers().pause(&sha256).await?,
            None => self.pause(PauseWish::UntilResumed).await?,
        }
        self.signal(Signal::Status);
        Ok(())
    }

    /// Goes on with one transfer, or everything. A failed one is tried again.
    pub async fn resume_transfers(&self, sha256: Option<Sha256>) -> Result<(), EngineError> {
        match sha256 {
            Some(sha256) => self.transfers().resume(&sha256).await?,
            None => self.resume().await?,
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
    settings.sharing.offers() && !settings.seeding_paused
}

/// Peers are met by the hash of an archive that may be passed on, where no signed torrent says where else they are:
/// its source has none, or it cannot be had now. What may not be passed on is not asked of peers either.
fn meets(fact: &Fact, torrent: Option<&TorrentSpec>) -> Meets {
    match torrent.is_none() && Right::of(fact).is_granted() {
        true => Meets::ByHash,
        false => Meets::No,
    }
}

/// Servers of an archive: its own source first, then those that the publisher signed.
fn origins(fact: &Fact, laid_out: Option<PathBuf>) -> Vec<Origin> {
    let source = match &fact.archive_at {
        Some(ArchiveAt::Web(url) | ArchiveAt::Repository(url)) => Some(url.clone()),
        Some(ArchiveAt::Folder(path)) => url::Url::from_file_path(path).ok(),
        None => None,
    };
    // A source on this machine may lead to this machine; any other only to the internet.
    let reach = source.as_ref().map_or(Reach::Public, Reach::of_source);
    let own = match &fact.archive_at {
        // A file of ours, wherever its repository is.
        Some(ArchiveAt::Repository(_)) => {
            let file = laid_out.and_then(|path| url::Url::from_file_path(path).ok());
            file.map(|url| Origin { url, reach: Reach::Host })
        }
        _ => source.map(|url| Origin { url, reach }),
    };
    let named = fact.release.origins.iter().filter_map(|text| url::Url::parse(text).ok());
    own.into_iter().chain(named.map(|url| Origin { url, reach })).collect()
}
