//! A Muster registry as a source: TUF below, catalogue shards above.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use muster_domain::{PackageId, Sha256, SourceId};
use muster_registry::{Client, MetadataStore, Repository, SignedRelease, StoreError, Target, decode_shard};
use muster_store::{
    CatalogDb, StateDb,
    catalog::{Shard, ShardRef},
};

use crate::{Address, ArchiveAt, Error, Fact, Result, Source, Synced, normalize, transport};

/// Longest compressed shard, in bytes.
const MAX_SHARD: u64 = 16 * 1024 * 1024;
/// Shards that are fetched at the same time.
const AT_ONCE: usize = 6;
/// Shards in a row that the host fails to send before the sync ends.
const MAX_FAILURES: u32 = 3;

/// A registry that the player trusts by its root.
pub struct RegistrySource {
    id: SourceId,
    address: Address,
    client: Client,
}

impl RegistrySource {
    /// Opens a registry by its first trusted root, with what `state` holds of it; no network.
    pub async fn open(root: &[u8], address: Address, state: Arc<StateDb>) -> Result<Self> {
        let repository = transport::open(&address)?;
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
        let store = Arc::new(StoredMetadata { source: id.clone(), state });
        let client =
            Client::open(root, repository, store).await.map_err(|error| Error::registry(&id, error))?;
        Ok(Self { id, address, client })
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
        let listed = self.client.catalogue(now).await.map_err(refused)?;
        let loaded: BTreeMap<String, Sha256> = catalog.shards(&self.id).await?;
        let mut synced = Synced { expires: Some(refreshed.expires), ..Synced::default() };
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
