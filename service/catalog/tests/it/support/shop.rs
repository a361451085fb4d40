//! A catalogue with one source of another service.

use std::{path::Path, sync::Arc};

use muster_catalog::{Catalog, ForeignAddress, Patience, Query, Result, SearchContext, Synced};
use muster_domain::{Release, SourceId};
use muster_store::{CatalogDb, StateDb, state::NewSource};
use tempfile::TempDir;

use super::{at, id};

/// A service's catalogue with a source that a player added.
pub struct Shop {
    pub folder: TempDir,
    pub database: Arc<CatalogDb>,
    pub state: Arc<StateDb>,
    pub catalog: Catalog,
    pub source: SourceId,
}

impl Shop {
    /// With the source at an address; nothing is asked twice.
    pub async fn open(address: &str) -> Self {
        Self::in_folder(|_| address.to_owned()).await
    }

    /// The same where the source lies in the shop's own folder.
    pub async fn in_folder(address: impl FnOnce(&Path) -> String) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let database = Arc::new(CatalogDb::open(&folder.path().join("catalog.db")).expect("opens"));
        let state = Arc::new(StateDb::open(&folder.path().join("state.db")).expect("opens"));
        let patience = Patience { tries: 1, ..Patience::default() };
        let catalog = Catalog::open(database.clone(), state.clone(), patience).await.expect("opens");
        let address = address(folder.path());
        let foreign = ForeignAddress::parse(&address).expect("reads").expect("of a service");
        let source = foreign.source_id();
        let new =
            NewSource { id: source.clone(), kind: foreign.kind().into(), address, alias: None, root: None };
        state.sources().add(new, at(0)).await.expect("added");
        let stored = state.sources().get(&source).await.expect("reads").expect("there");
        catalog.open_source(&stored).await.expect("opens");
        Self { folder, database, state, catalog, source }
    }

    pub async fn sync(&self, second: i64) -> Result<Synced> {
        self.catalog.sync(&self.source, at(second), 0.5).await
    }

    /// Ids of what a search finds, best first.
    pub async fn found(&self, text: &str) -> Vec<String> {
        let context = SearchContext { now: at(1), ..SearchContext::default() };
        let result = self.catalog.search(&Query::parse(text), context, 0..50).await;
        result.expect("searches").page.rows.into_iter().map(|row| row.id.to_string()).collect()
    }

    pub async fn releases(&self, name: &str, second: i64) -> Vec<Release> {
        let facts = self.catalog.facts(&self.source, &id(name), at(second)).await.expect("facts");
        facts.into_iter().map(|fact| fact.release).collect()
    }
}
