//! A Muster registry as a source: TUF below, catalogue shards above.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use muster_domain::{PackageId, Sha256, SourceId};
use muster_registry::{
    Advisory, Changes, Client, MAX_ADVISORIES_FILE, MAX_FEATURED_FILE, MetadataStore, Pick, Repository,
    SignedRelease, StoreError, Target, catalogue_state, decode_changes, decode_shard, layout,
    parse_advisories, parse_featured, shard_path_of,
};
use muster_store::{
    CatalogDb, StateDb,
    catalog::{PackageChange, Shard, ShardRef},
};

use crate::{
    Address, ArchiveAt, Error, Fact, GitTransport, Repositories, Result, Source, Synced, normalize, transport,
};

/// Longest compressed shard, in bytes.
const MAX_SHARD: u64 = 16 * 1024 * 1024;
/// Shards that are fetched at the same time.
const AT_ONCE: usize = 6;
/// Shards in a row that the host fails to send before the sync ends.
const MAX_FAILURES: u32 = 3;

/// Under which the list of advisories is kept, beside the metadata that it was verified by: losing the catalogue must
/// not lose a warning. No role's file can have a slash in its name.
const ADVISORIES: &str = "muster/advisories";
/// The same for what the registry features.
const FEATURED: &str = "muster/featured";

/// A registry that the player trusts by its root.
pub struct RegistrySource {
    id: SourceId,
    address: Address,
    /// Where it is read from, if that is a git repository.
    git: Option<Arc<GitTransport>>,
    client: Client,
    state: Arc<StateDb>,
}

impl RegistrySource {
    /// Opens a registry by its first trusted root, with what `state` holds of it; no network.
    pub async fn open(root: &[u8], address: Address, state: Arc<StateDb>) -> Result<Self> {
        let repository = transport::open(&address, &Repositories::default())?.files;
        Self::open_with(root, address, repository, state).await
    }

    /// The same over another transport.
    pub async fn open_with(
        root: &[u8],
        address: Address,
        repository: Arc<dyn Repository>,
        state: Arc<StateDb>,
    ) -> Result<Self> {
        let id = SourceId::registry(&muster_registry::sha256(root));
        let store = Arc::new(StoredMetadata { source: id.clone(), state: state.clone() });
        let client =
            Client::open(root, repository, store).await.map_err(|error| Error::registry(&id, error))?;
        Ok(Self { id, address, git: None, client, state })
    }

    /// The same with the repository that it is read from, for the archives in that.
    pub(crate) fn out_of(self, git: Option<Arc<GitTransport>>) -> Self {
        Self { git, ..self }
    }

    /// Lays the archive of a release out that lies in the registry's git repository.
    pub(crate) async fn lay_out(&self, fact: &Fact) -> Result<Option<PathBuf>> {
        let (Some(git), Some(signed)) = (&self.git, &fact.signed) else { return Ok(None) };
        let laid_out = git.lay_out(&signed.target.file, fact.release.archive).await;
        laid_out.map_err(|error| Error::Unreachable { source_id: self.id.clone(), error })
    }

    /// The verified registry, for what only registries have: publishers, key rotations, sibling files.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Where it is read from.
    pub fn address(&self) -> &Address {
        &self.address
    }

    fn fact(&self, signed: SignedRelease) -> Fact {
        let file = &signed.target.file;
        let archive_at = match &self.address {
            Address::Folder(root) => Some(ArchiveAt::Folder(root.join("targets").join(file))),
            Address::Web(url) => url.join(&format!("targets/{file}")).ok().map(ArchiveAt::Web),
            Address::Git(repository) => Some(ArchiveAt::Repository(repository.url().clone())),
        };
        Fact { release: signed.release.clone(), archive_at, signed: Some(Box::new(signed)) }
    }

    fn facts_of(
        &self,
        id: &PackageId,
        found: muster_registry::Result<Vec<SignedRelease>>,
    ) -> Result<Vec<Fact>> {
        match found {
            Ok(releases) => Ok(releases.into_iter().map(|signed| self.fact(signed)).collect()),
            Err(muster_registry::Error::NotFound { .. }) => Err(self.unknown(id)),
            Err(error) => Err(Error::registry(&self.id, error)),
        }
    }

    fn unknown(&self, id: &PackageId) -> Error {
        Error::UnknownPackage { source_id: self.id.clone(), id: id.clone() }
    }

    async fn stored_list(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.state.metadata().get(&self.id, name).await?)
    }

    /// Takes over what the registry advises against. Before the catalogue, so that no broken shard keeps it away.
    async fn sync_advisories(&self, now: Timestamp) -> Result<()> {
        let listed = self.client.advisories(now).await.map_err(|error| Error::registry(&self.id, error))?;
        self.sync_list(
            ADVISORIES,
            listed,
            MAX_ADVISORIES_FILE,
            |bytes| parse_advisories(bytes).map(drop),
            now,
        )
        .await
    }

    /// Takes over what the registry features.
    async fn sync_featured(&self, now: Timestamp) -> Result<()> {
        let listed = self.client.featured(now).await.map_err(|error| Error::registry(&self.id, error))?;
        self.sync_list(FEATURED, listed, MAX_FEATURED_FILE, |bytes| parse_featured(bytes).map(drop), now)
            .await
    }

    /// Keeps a list as it is signed now, if it can be read; the one before stays where it cannot.
    async fn sync_list(
        &self,
        name: &str,
        listed: Option<Target>,
        limit: u64,
        check: fn(&[u8]) -> muster_registry::Result<()>,
        now: Timestamp,
    ) -> Result<()> {
        let refused = |error| Error::registry(&self.id, error);
        let known = self.stored_list(name).await?;
        let Some(target) = listed else {
            if known.is_some() {
                self.state.metadata().remove(&self.id, name).await?;
            }
            return Ok(());
        };
        if known.is_some_and(|bytes| muster_registry::sha256(&bytes) == target.sha256) {
            return Ok(());
        }
        let bytes = self.client.fetch(&target, limit).await.map_err(refused)?;
        check(&bytes).map_err(refused)?;
        Ok(self.state.metadata().put(&self.id, vec![(name.to_owned(), bytes)], now).await?)
    }

    /// Takes over what changed since the state that is loaded, where the registry serves that and it is less than the
    /// shards that changed. False where it has to be done by shards; they say the same.
    async fn apply_changes(
        &self,
        catalog: &CatalogDb,
        (loaded, listed): (&BTreeMap<String, Sha256>, &[Target]),
        now: Timestamp,
        synced: &mut Synced,
    ) -> Result<bool> {
        let is_same_split = loaded.keys().eq(listed.iter().map(|target| &target.path));
        let other = listed.iter().filter(|target| loaded.get(&target.path) != Some(&target.sha256));
        let by_shards: u64 = other.map(|target| target.size).sum();
        if loaded.is_empty() || !is_same_split || by_shards == 0 {
            return Ok(false);
        }
        let state = catalogue_state(loaded.iter().map(|(path, hash)| (path.as_str(), hash)));
        let target = match self.client.catalogue_changes(now, &state).await {
            Ok(Some(target)) if target.size < by_shards => target,
            Ok(_) => return Ok(false),
            Err(error) => {
                tracing::info!(source = %self.id, %error, "the catalogue is fetched by its shards");
                return Ok(false);
            }
        };
        match self.fetch_changes(&target, listed).await {
            Ok(change) => {
                synced.replaced += listed.len().min(change.listings.len());
                synced.removed += change.gone.len();
                catalog.change_packages(change, now).await?;
                Ok(true)
            }
            Err(error) => {
                tracing::warn!(source = %self.id, %error, "changes cannot be used; the catalogue is fetched by its shards");
                Ok(false)
            }
        }
    }

    async fn fetch_changes(&self, target: &Target, listed: &[Target]) -> Result<PackageChange> {
        let refused = |error| Error::registry(&self.id, error);
        let bytes = self.client.fetch(target, MAX_SHARD).await.map_err(refused)?;
        let (source, count) = (self.id.clone(), listed.len());
        let shards = listed.iter().map(|target| (target.path.clone(), target.sha256)).collect();
        let read = tokio::task::spawn_blocking(move || {
            let Changes { entries, gone } = decode_changes(&bytes)?;
            let mut change =
                PackageChange { shards, listings: Vec::new(), gone: Vec::new(), source: source.clone() };
            for entry in &entries {
                match normalize::registry_entry(&source, entry) {
                    Some(listing) => change.listings.push((shard_path_of(&entry.id, count), listing)),
                    None => change.gone.push(entry.id.clone().into()),
                }
            }
            change.gone.extend(gone.into_iter().map(PackageId::from));
            Ok(change)
        });
        let read = read.await.map_err(|_| Error::Shards { source_id: self.id.clone(), shards: 1 })?;
        read.map_err(|error: muster_registry::Error| Error::registry(&self.id, error))
    }

    /// Fetches and reads a shard; the error is about this shard alone.
    async fn fetch_shard(&self, target: &Target) -> Result<Shard> {
        let bytes =
            self.client.fetch(target, MAX_SHARD).await.map_err(|error| Error::registry(&self.id, error))?;
        let source = self.id.clone();
        let listings = tokio::task::spawn_blocking(move || {
            let entries = decode_shard(&bytes)?;
            Ok(entries.iter().filter_map(|entry| normalize::registry_entry(&source, entry)).collect())
        });
        let listings = listings.await.map_err(|_| Error::Shards { source_id: self.id.clone(), shards: 1 })?;
        let listings = listings.map_err(|error| Error::registry(&self.id, error))?;
        let shard = ShardRef { source: self.id.clone(), path: target.path.clone(), sha256: target.sha256 };
        Ok(Shard { shard, listings })
    }

    /// Puts the shards in that are not loaded yet, each as soon as it is here.
    async fn load(
        &self,
        catalog: &CatalogDb,
        wanted: Vec<Target>,
        now: Timestamp,
        synced: &mut Synced,
    ) -> Result<()> {
        let fetches = wanted.into_iter().map(|target| async move {
            let fetched = self.fetch_shard(&target).await;
            (target, fetched)
        });
        let mut fetches = stream::iter(fetches).buffered(AT_ONCE);
        let mut failures = 0;
        while let Some((target, fetched)) = fetches.next().await {
            match fetched {
                Ok(shard) => {
                    catalog.replace_shard(shard, now).await?;
                    synced.replaced += 1;
                    failures = 0;
                }
                Err(error) => {
                    failures += u32::from(error.is_temporary());
                    if failures >= MAX_FAILURES {
                        return Err(error);
                    }
                    tracing::warn!(source = %self.id, shard = target.path, %error, "a catalogue shard is left out");
                    synced.broken.insert(target.path);
                }
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Source for RegistrySource {
    fn id(&self) -> &SourceId {
        &self.id
    }

    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let refused = |error| Error::registry(&self.id, error);
        let refreshed = self.client.refresh(now).await.map_err(refused)?;
        let mut synced = Synced { expires: Some(refreshed.expires), ..Synced::default() };
        if let Err(error) = self.sync_advisories(now).await {
            tracing::warn!(source = %self.id, %error, "what is advised against stays as it was");
            synced.broken.insert(layout::ADVISORIES_PATH.to_owned());
        }
        if let Err(error) = self.sync_featured(now).await {
            // For looking only: a source is not late because of it.
            tracing::warn!(source = %self.id, %error, "what is featured stays as it was");
        }
        let listed = self.client.catalogue(now).await.map_err(refused)?;
        let loaded: BTreeMap<String, Sha256> = catalog.shards(&self.id).await?;
        if self.apply_changes(catalog, (&loaded, &listed), now, &mut synced).await? {
            return Ok(synced);
        }
        let is_new = |target: &&Target| loaded.get(&target.path) != Some(&target.sha256);
        self.load(catalog, listed.iter().filter(is_new).cloned().collect(), now, &mut synced).await?;
        // Packages move between shards when their number changes: nothing old goes before all that is new is there.
        if synced.broken.is_empty() {
            let listed: BTreeMap<&String, &Target> =
                listed.iter().map(|target| (&target.path, target)).collect();
            let gone: Vec<String> = loaded.into_keys().filter(|path| !listed.contains_key(path)).collect();
            synced.removed = gone.len();
            if !gone.is_empty() {
                catalog.remove_shards(&self.id, gone).await?;
            }
        }
        Ok(synced)
    }

    async fn facts(&self, id: &PackageId, now: Timestamp) -> Result<Vec<Fact>> {
        let name = id.published().map_err(|_| self.unknown(id))?;
        self.facts_of(id, self.client.releases(now, &name).await)
    }

    async fn stored_facts(&self, id: &PackageId) -> Result<Vec<Fact>> {
        let name = id.published().map_err(|_| self.unknown(id))?;
        self.facts_of(id, self.client.stored_releases(&name).await)
    }

    fn is_local(&self) -> bool {
        self.address.is_folder()
    }

    async fn advisories(&self) -> Result<Vec<Advisory>> {
        match self.stored_list(ADVISORIES).await? {
            Some(bytes) => parse_advisories(&bytes).map_err(|error| Error::registry(&self.id, error)),
            None => Ok(Vec::new()),
        }
    }

    async fn featured(&self) -> Result<Vec<Pick>> {
        match self.stored_list(FEATURED).await? {
            Some(bytes) => parse_featured(&bytes).map_err(|error| Error::registry(&self.id, error)),
            None => Ok(Vec::new()),
        }
    }
}

/// Verified metadata in `state.db`: what a rollback is measured against must not be lost with a cache.
struct StoredMetadata {
    source: SourceId,
    state: Arc<StateDb>,
}

#[async_trait]
impl MetadataStore for StoredMetadata {
    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.state.metadata().get(&self.source, name).await.map_err(stored)
    }

    async fn commit(&self, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.state.metadata().put(&self.source, files.to_vec(), Timestamp::now()).await.map_err(stored)
    }
}

fn stored(error: muster_store::Error) -> StoreError {
    StoreError { message: error.to_string(), source: Some(Box::new(error)) }
}
