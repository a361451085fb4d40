//! CKAN as a source: one archive with the metadata of every mod, fetched again only when it changed.
//!
//! Nobody signs what is in it. Its rows are the strongest statement that there is, so facts and hints are the same; who
//! holds the address decides what it says. Shards are made here, so that a sync writes what changed and no more.

mod address;
mod index;
mod listing;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use muster_adapters::ckan::Module;
use muster_domain::{GameId, PackageId, Sha256, SourceId};
use muster_store::{
    CatalogDb,
    catalog::{Shard, ShardRef},
};

pub use address::IndexAddress;

use super::{
    foreign::{SourceAddress, Surroundings},
    rows::facts_of,
};
use crate::{
    DocumentAddress, Error, Examined, Fact, Result, Source, Synced,
    examine::ENTRIES,
    transport::{Fresh, host_of},
};

/// Longest index as it is sent, in bytes; CKAN's has about 15 MB.
const MAX_INDEX: u64 = 128 * 1024 * 1024;
/// Under which the mark of the index that is loaded is kept, beside the rows that came from it.
const MARK: &str = "index-mark";
/// The only game that CKAN's stanzas are known for here.
const GAME: &str = "ksp";

impl SourceAddress for IndexAddress {
    fn kind(&self) -> &'static str {
        "ckan"
    }

    fn source_id(&self) -> SourceId {
        IndexAddress::source_id(self)
    }

    fn host(&self) -> Option<String> {
        match self.document() {
            DocumentAddress::Web(url) => Some(host_of(url)),
            DocumentAddress::File(_) => None,
        }
    }

    fn open(&self, surroundings: Surroundings) -> Result<Arc<dyn Source>> {
        Ok(Arc::new(CkanSource::open(self.clone(), surroundings.catalog)?))
    }
}

/// The mods of one CKAN index.
pub struct CkanSource {
    id: SourceId,
    address: IndexAddress,
    catalog: Arc<CatalogDb>,
    game: GameId,
}

impl CkanSource {
    /// Opens a source; no network.
    ///
    /// # Errors
    /// None; the game's name is checked by the tests of this crate.
    pub fn open(address: IndexAddress, catalog: Arc<CatalogDb>) -> Result<Self> {
        let refuse = |_| Error::Address { address: address.to_string(), why: "no game for it" };
        let game = GAME.parse().map_err(refuse)?;
        Ok(Self { id: address.source_id(), address, catalog, game })
    }

    fn unreachable(&self, error: crate::FetchError) -> Error {
        Error::Unreachable { source_id: self.id.clone(), error }
    }

    /// The mark counts only as long as the rows are there.
    async fn mark(&self, catalog: &CatalogDb, loaded: &BTreeMap<String, Sha256>) -> Result<Option<String>> {
        if loaded.is_empty() {
            return Ok(None);
        }
        let mark = catalog.file(&self.id, MARK).await?;
        Ok(mark.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    async fn take_over(
        &self,
        catalog: &CatalogDb,
        shards: Vec<index::IndexShard>,
        now: Timestamp,
        synced: &mut Synced,
    ) -> Result<()> {
        for shard in shards {
            let (source, game) = (self.id.clone(), self.game.clone());
            let made = tokio::task::spawn_blocking(move || {
                let mods = shard.modules.into_values();
                let listings = mods.filter_map(|modules| listing::listing(&source, &game, modules)).collect();
                let shard = ShardRef { source, path: shard.path, sha256: shard.sha256 };
                Shard { shard, listings }
            });
            let made = made.await.map_err(|_| self.damaged("a worker ended"))?;
            catalog.replace_shard(made, now).await?;
            synced.replaced += 1;
        }
        Ok(())
    }

    fn damaged(&self, why: impl Into<String>) -> Error {
        Error::Index { source_id: self.id.clone(), why: why.into() }
    }
}

#[async_trait]
impl Source for CkanSource {
    fn id(&self) -> &SourceId {
        &self.id
    }

    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let loaded: BTreeMap<String, Sha256> = catalog.shards(&self.id).await?;
        let mark = self.mark(catalog, &loaded).await?;
        let fetched = self.address.document().fetch_changed(mark.as_deref(), MAX_INDEX).await;
        let Fresh::New { bytes, mark } = fetched.map_err(|error| self.unreachable(error))? else {
            return Ok(Synced::default());
        };
        let read = tokio::task::spawn_blocking(move || index::read(&bytes)).await;
        let index = read.map_err(|_| self.damaged("a worker ended"))?.map_err(|why| self.damaged(why))?;
        if index.refused > 0 {
            tracing::warn!(source = %self.id, refused = index.refused, "descriptions of mods cannot be used");
        }
        let mut synced = Synced::default();
        let listed: Vec<String> = index.shards.iter().map(|shard| shard.path.clone()).collect();
        let is_new = |shard: &index::IndexShard| loaded.get(&shard.path) != Some(&shard.sha256);
        let changed = index.shards.into_iter().filter(is_new).collect();
        self.take_over(catalog, changed, now, &mut synced).await?;
        let gone: Vec<String> = loaded.into_keys().filter(|path| !listed.contains(path)).collect();
        synced.removed = gone.len();
        if !gone.is_empty() {
            catalog.remove_shards(&self.id, gone).await?;
        }
        // Last: a sync that ended before is done again.
        if let Some(mark) = mark {
            catalog.put_file(&self.id, MARK, mark.into_bytes(), now).await?;
        }
        Ok(synced)
    }

    async fn examine(&self) -> Vec<Examined> {
        let some = match self.address.document().fetch_changed(None, MAX_INDEX).await {
            Ok(Fresh::New { bytes, .. }) => {
                let some = tokio::task::spawn_blocking(move || some_of(&bytes)).await;
                some.unwrap_or_else(|_| Err("a worker ended".into())).map_err(|why| self.damaged(why))
            }
            Ok(Fresh::Same) => Err(self.damaged("it says that nothing changed, and nobody asked")),
            Err(error) => Err(self.unreachable(error)),
        };
        vec![Examined::of(&self.id, self.address.to_string(), &Module::list_shape(), some)]
    }

    fn is_local(&self) -> bool {
        self.address.is_local()
    }

    async fn facts(&self, id: &PackageId, _now: Timestamp) -> Result<Vec<Fact>> {
        self.stored_facts(id).await
    }

    async fn stored_facts(&self, id: &PackageId) -> Result<Vec<Fact>> {
        facts_of(&self.catalog, &self.id, id, self.address.is_local()).await
    }
}

/// Some descriptions from all over an index, as one list.
fn some_of(index: &[u8]) -> std::result::Result<Vec<u8>, String> {
    let mut count = 0_usize;
    index::documents(index, &mut |_| count += 1)?;
    let step = count.div_ceil(ENTRIES).max(1);
    let (mut number, mut list) = (0, vec![b'[']);
    index::documents(index, &mut |document| {
        if number % step == 0 {
            list.extend((list.len() > 1).then_some(b','));
            list.extend(document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document));
        }
        number += 1;
    })?;
    list.push(b']');
    Ok(list)
}
