//! Searching: words, filters, counts and order by sets in memory; only the rows that are shown come from the database.
//!
//! Invariants: what one search gives belongs to one state of the catalogue. The index is replaced as a
//! whole; a search that runs keeps the one it began with.

mod bits;
mod filter;
mod image;
mod index;
mod lexicon;
mod postings;
mod rank;
mod strings;
mod words;

use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::Timestamp;
use muster_domain::{PackageId, SourceId};
use muster_store::{CatalogDb, catalog::PackageRow};

pub use filter::FacetCount;
pub use words::Correction;

use crate::{
    Error, Result,
    query::{Facet, Query, Sort, Test},
};
use bits::Bits;
use filter::{Facts, Filtered};
use index::Index;
use rank::TextMatch;

/// Most rows of one page.
pub const MAX_PAGE: usize = 500;

/// No revision.
const NEVER: i64 = -1;

/// What a search needs to know from outside the catalogue.
#[derive(Clone, Debug, Default)]
pub struct SearchContext {
    pub now: Timestamp,
    /// For `is:installed`.
    pub installed: Vec<(SourceId, PackageId)>,
    /// For `is:updatable`.
    pub updatable: Vec<(SourceId, PackageId)>,
    /// For `is:featured`, in the order in which they are shown.
    pub featured: Vec<(SourceId, PackageId)>,
    /// For `sort:trending`, the most notable first.
    pub trending: Vec<(SourceId, PackageId)>,
}

/// What the player decided about sources, as far as a search is concerned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preference {
    /// Switched off: what is of them is not there.
    pub hidden: BTreeSet<SourceId>,
    /// The player's order: where several offer the same archive, the first shows it.
    pub order: Vec<SourceId>,
}

/// Some rows of a result.
#[derive(Clone, Debug)]
pub struct Page {
    /// Packages that were found.
    pub total: usize,
    /// Packages in the catalogue.
    pub all: usize,
    pub offset: usize,
    pub rows: Vec<PackageRow>,
    /// For each row: other sources that offer the same archive.
    pub also_in: Vec<Vec<SourceId>>,
}

/// A result: its rows, the counts, and what was understood.
#[derive(Clone, Debug)]
pub struct SearchResult {
    pub page: Page,
    /// The sort that was used.
    pub sort: Sort,
    /// Per facet its values, those that the query names first, then the most frequent.
    pub facets: Vec<(Facet, Vec<FacetCount>)>,
    /// Words that were found only as others.
    pub corrections: Vec<Correction>,
}

/// What words and conditions let through.
struct Sifted {
    text: Option<TextMatch>,
    corrections: Vec<Correction>,
    filtered: Filtered,
    featured: Vec<u32>,
}

/// The searchable catalogue.
pub(crate) struct Searcher {
    database: Arc<CatalogDb>,
    index: RwLock<Arc<Index>>,
    /// The revision whose index is kept for the next start.
    kept_revision: AtomicI64,
}

impl Searcher {
    /// Takes up the index that was kept of what the database holds now, or builds it.
    pub async fn open(database: Arc<CatalogDb>) -> Result<Self> {
        let known = kept(&database).await?;
        let kept_revision = AtomicI64::new(known.as_ref().map_or(NEVER, |index| index.revision));
        let index = match known {
            Some(index) => index,
            None => build(&database).await?,
        };
        let searcher = Self { database, index: RwLock::new(index), kept_revision };
        searcher.keep_index().await;
        Ok(searcher)
    }

    /// Keeps the index for the next start, if it is not kept already. What cannot be kept is built then.
    pub async fn keep_index(&self) {
        let index = self.index();
        let revision = index.revision;
        if self.kept_revision.swap(revision, Ordering::Relaxed) == revision {
            return;
        }
        let written = tokio::task::spawn_blocking(move || image::write(&index)).await;
        let Ok(Some(bytes)) = written else {
            tracing::warn!("the search index cannot be written down and is built at the next start");
            return;
        };
        if let Err(error) = self.database.put_search_image(revision, bytes).await {
            tracing::warn!(%error, "the search index is not kept and is built at the next start");
        }
    }

    /// Whether searches see everything that is in the database.
    pub async fn is_current(&self) -> Result<bool> {
        Ok(self.index().revision == self.database.revision().await?)
    }

    /// Takes a changed catalogue over.
    pub async fn refresh(&self) -> Result<()> {
        if self.is_current().await? {
            return Ok(());
        }
        let index = build(&self.database).await?;
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = index;
        Ok(())
    }

    fn index(&self) -> Arc<Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Searches and gives some of the rows.
    ///
    /// One archive in several sources is one result, unless the query names sources: from the source that it was
    /// installed from, else from the first in the player's order.
    pub async fn search(
        &self,
        query: &Query,
        context: SearchContext,
        preference: &Preference,
        rows: Range<usize>,
    ) -> Result<SearchResult> {
        let index = self.index();
        let trending = context.trending.clone();
        let Sifted { text, corrections, filtered, featured } =
            self.sift(&index, query, context, preference).await?;
        let sort = query.sort.unwrap_or(if text.is_some() { Sort::Best } else { Sort::Downloads });
        let facets = filtered.counts(&index, query);
        let lead = match (query.sort, &text) {
            (Some(Sort::Trending), _) => self.positions_of(&index, trending, true).await?,
            (None, None) => featured,
            _ => Vec::new(),
        };
        let positions = rank::order(&index, &filtered.passing, &lead, text.as_ref(), sort);
        let page = self.rows(&index, &positions, rows).await?;
        Ok(SearchResult { page, sort, facets, corrections })
    }

    /// How many packages a search finds, without putting them in order or keeping them.
    pub async fn count(
        &self,
        query: &Query,
        context: SearchContext,
        preference: &Preference,
    ) -> Result<usize> {
        let sifted = self.sift(&self.index(), query, context, preference).await?;
        Ok(sifted.filtered.passing.count())
    }

    async fn sift(
        &self,
        index: &Index,
        query: &Query,
        context: SearchContext,
        preference: &Preference,
    ) -> Result<Sifted> {
        let (text, corrections) = words::find(index, &query.text)
            .map_or((None, Vec::new()), |found| (Some(found.text), found.corrections));
        let uses = |test: &Test| query.conditions.iter().any(|condition| condition.test == *test);
        let names_source =
            query.conditions.iter().any(|condition| matches!(condition.test, Test::Facet(Facet::Source, _)));
        let merges = !index.twins.is_empty() && !names_source;
        let installed = uses(&Test::Installed) || merges;
        let installed = self.set_of(index, context.installed, installed).await?;
        let updatable = self.set_of(index, context.updatable, uses(&Test::Updatable)).await?;
        let featured = self.positions_of(index, context.featured, uses(&Test::Featured)).await?;
        let featured_set = index.set_at(&featured);
        let facts = Facts {
            now: context.now.as_millisecond(),
            installed: &installed,
            updatable: &updatable,
            featured: &featured_set,
        };
        let mut found = text.as_ref().map_or_else(|| Bits::all(index.len()), |text| text.found.clone());
        for source in &preference.hidden {
            found.and_not(&index.having(Facet::Source, source.as_str()));
        }
        if merges {
            index.twins.iter().for_each(|twins| keep_one(&mut found, twins, &installed, &preference.order));
        }
        let filtered = filter::filter(index, &found, query, &facts);
        Ok(Sifted { text, corrections, filtered, featured })
    }

    async fn set_of(
        &self,
        index: &Index,
        packages: Vec<(SourceId, PackageId)>,
        needed: bool,
    ) -> Result<Bits> {
        Ok(index.set_at(&self.positions_of(index, packages, needed).await?))
    }

    /// In the order of the packages; those that are not in the catalogue are left out.
    async fn positions_of(
        &self,
        index: &Index,
        packages: Vec<(SourceId, PackageId)>,
        needed: bool,
    ) -> Result<Vec<u32>> {
        let rows = if needed { self.database.rows_of(packages).await? } else { Vec::new() };
        Ok(rows.into_iter().filter_map(|row| index.position(row)).collect())
    }

    async fn rows(&self, index: &Index, positions: &[u32], rows: Range<usize>) -> Result<Page> {
        let offset = rows.start;
        let shown = || positions.iter().skip(offset).take(rows.len().min(MAX_PAGE));
        let wanted: Vec<i64> = shown().map(|position| index.rows[*position as usize]).collect();
        let expected = wanted.len();
        let rows = self.database.rows(wanted).await?;
        if rows.len() < expected {
            return Err(Error::ResultGone);
        }
        let also_in = shown().map(|position| index.others(*position)).collect();
        Ok(Page { total: positions.len(), all: index.len(), offset, rows, also_in })
    }
}

/// Leaves one of the packages that offer the same archive.
fn keep_one(found: &mut Bits, twins: &[(u32, SourceId)], installed: &Bits, order: &[SourceId]) {
    let place = |source: &SourceId| order.iter().position(|known| known == source).unwrap_or(usize::MAX);
    let here = twins.iter().filter(|(position, _)| found.has(*position));
    let shown = here.min_by_key(|(position, source)| (!installed.has(*position), place(source), *position));
    let Some((shown, _)) = shown else { return };
    twins.iter().filter(|(position, _)| position != shown).for_each(|(position, _)| found.remove(*position));
}

/// The index that was kept of the catalogue as it is now, if it is whole.
async fn kept(database: &CatalogDb) -> Result<Option<Arc<Index>>> {
    let Some(bytes) = database.search_image().await? else { return Ok(None) };
    let read = tokio::task::spawn_blocking(move || image::read(&bytes)).await;
    let index = read.ok().flatten();
    if index.is_none() {
        tracing::info!("the kept search index is of another version or damaged; it is built anew");
    }
    Ok(index.map(Arc::new))
}

async fn build(database: &CatalogDb) -> Result<Arc<Index>> {
    let data = database.index_data().await?;
    let built = tokio::task::spawn_blocking(|| Index::build(data)).await;
    built.map(Arc::new).map_err(|_| Error::ResultGone)
}
