//! The rows of a source that is listed whole: put in by shards that are made here, so that a sync writes what changed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_domain::{PackageId, Sha256, SourceId};
use muster_store::{
    CatalogDb,
    catalog::{Listing, Shard, ShardRef},
};

use crate::{Result, Synced};

/// A row, and the hash over what its source says about it.
pub(super) struct ShelfRow {
    pub about: Sha256,
    pub listing: Listing,
}

/// Makes the rows of a source exactly these. What did not change is not written again.
pub(super) async fn put_rows(
    catalog: &CatalogDb,
    source: &SourceId,
    rows: Vec<ShelfRow>,
    now: Timestamp,
) -> Result<Synced> {
    let loaded: BTreeMap<String, Sha256> = catalog.shards(source).await?;
    let mut shards: BTreeMap<String, BTreeMap<PackageId, ShelfRow>> = BTreeMap::new();
    for row in rows {
        shards.entry(shard_of(&row.listing.id)).or_default().insert(row.listing.id.clone(), row);
    }
    let mut synced = Synced::default();
    let gone: Vec<String> = loaded.keys().filter(|path| !shards.contains_key(*path)).cloned().collect();
    for (path, rows) in shards {
        let text: Vec<u8> = rows.values().flat_map(|row| *row.about.as_bytes()).collect();
        let sha256 = muster_registry::sha256(&text);
        if loaded.get(&path) == Some(&sha256) {
            continue;
        }
        let shard = ShardRef { source: source.clone(), path, sha256 };
        let listings = rows.into_values().map(|row| row.listing).collect();
        catalog.replace_shard(Shard { shard, listings }, now).await?;
        synced.replaced += 1;
    }
    synced.removed = gone.len();
    if !gone.is_empty() {
        catalog.remove_shards(source, gone).await?;
    }
    Ok(synced)
}

/// By the first byte of the hash of its id: a package never moves to another shard.
pub(super) fn shard_of(id: &PackageId) -> String {
    format!("packages/{:02x}", muster_registry::sha256(id.as_str().as_bytes()).as_bytes()[0])
}
