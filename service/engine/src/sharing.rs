//! What may be offered to others, and where an archive can be had.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;
use muster_catalog::{ArchiveAt, Fact};
use muster_domain::{LockedPackage, Release, Sha256};
use muster_package::BlockList;
use muster_registry::layout::Sibling;
use muster_store::state::Seed;
use muster_transfer::{Local, Origin, Reach, SeedSpec, TorrentSpec, queue::Move};

use crate::{Engine, EngineError, Reason, Signal, manners::PauseWish, rights::may_pass_on};

/// Largest block list, entry map or torrent file, in bytes: a map of as many entries as there may be, with long names.
const MAX_SIBLING: u64 = 16 * 1024 * 1024;

/// Everything that helps to get one archive.
pub(crate) struct Manifestation {
    pub origins: Vec<Origin>,
    pub torrent: Option<TorrentSpec>,
    pub blocks: Option<Arc<[Sha256]>>,
    pub local: Option<Local>,
}

/// An archive that is kept.
#[derive(Clone, Debug)]
pub struct SeedView {
    pub sha256: Sha256,
    pub name: String,
    pub size: u64,
    pub is_offered: bool,
    pub reason: Option<Reason>,
    pub given: u64,
    pub peers: u32,
    pub is_pinned: bool,
}

impl Engine {
    /// The signed release behind a locked package, also when its source cannot be reached.
    pub(crate) async fn fact_of(&self, package: &LockedPackage) -> Result<Fact, EngineError> {
        Ok(self.facts_of(package).await?.0)
    }

    /// The same, and all releases that its source has of the package.
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
        Ok(Manifestation { origins: origins(&fact), torrent, blocks, local })
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
        let target = signed.sibling(kind, artifact);
        let source = &fact.release.source;
        let fetched = self.catalog().small_file(source, &target, MAX_SIBLING, Timestamp::now()).await;
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
        let _turn = self.inner.offers.lock().await;
        let wanted = if self.settings().sharing.offers() { self.offerable().await? } else { BTreeMap::new() };
        let offered: Vec<Sha256> =
            self.transfers().snapshot().borrow().sharing.seeds.iter().map(|seed| seed.sha256).collect();
        for sha256 in offered.iter().filter(|sha256| !wanted.contains_key(sha256)) {
            self.transfers().unseed(sha256).await?;
        }
        for (sha256, spec) in wanted.into_iter().filter(|(sha256, _)| !offered.contains(sha256)) {
            // The player may have said no meanwhile.
            if !self.settings().sharing.offers() {
                return Ok(());
            }
            self.transfers().seed(&sha256, spec).await?;
        }
        Ok(())
    }

    /// Archives of installed packages that are here whole and may be passed on.
    async fn offerable(&self) -> Result<BTreeMap<Sha256, SeedSpec>, EngineError> {
        let mut offerable = BTreeMap::new();
        for package in self.installed_packages().await? {
            let sha256 = package.archive.sha256;
            if offerable.contains_key(&sha256) || !self.cache().contains(&sha256) {
                continue;
            }
            let Ok(fact) = self.fact_of(&package).await else { continue };
            let release: &Release = &fact.release;
            if !may_pass_on(release.redistribute, release.license.as_deref()) || release.yanked.is_some() {
                continue;
            }
            if let Some(torrent) = self.torrent(&fact).await {
                offerable.insert(
                    sha256,
                    SeedSpec { size: package.archive.size, torrent: Some(torrent), trackers: Vec::new() },
                );
            }
        }
        Ok(offerable)
    }

    /// Archives that are kept, and whether each is offered.
    pub async fn seeds(&self) -> Result<Vec<SeedView>, EngineError> {
        let snapshot = self.transfers().snapshot().borrow().clone();
        let stored: BTreeMap<Sha256, Seed> =
            self.state().seeds().all().await?.into_iter().map(|seed| (seed.sha256, seed)).collect();
        let reason = self.limits().verdict.why_not_shared();
        let mut views = BTreeMap::new();
        for package in self.installed_packages().await? {
            let sha256 = package.archive.sha256;
            if !self.cache().contains(&sha256) {
                continue;
            }
            let seed = snapshot.sharing.seeds.iter().find(|seed| seed.sha256 == sha256);
            let is_offered = seed.is_some_and(|seed| seed.is_offered);
            // Where sharing goes on and this is not part of it, its author has not allowed it.
            let reason = (!is_offered).then(|| Reason::new(reason.unwrap_or("sharing-not-allowed")));
            let before = stored.get(&sha256).map_or(0, |seed| seed.uploaded);
            let view = SeedView {
                sha256,
                name: format!("{} {}", package.id, package.version),
                size: package.archive.size,
                is_offered,
                reason,
                given: before + seed.map_or(0, |seed| seed.uploaded),
                peers: seed.map_or(0, |seed| seed.peers),
                is_pinned: stored.get(&sha256).is_some_and(|seed| seed.pinned),
            };
            views.insert(sha256, view);
        }
        Ok(views.into_values().collect())
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

    /// Names peers that have an archive.
    pub async fn add_peers(&self, sha256: Sha256, peers: Vec<SocketAddr>) -> Result<(), EngineError> {
        Ok(self.transfers().add_peers(&sha256, peers).await?)
    }
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
