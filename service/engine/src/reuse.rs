//! Which of what this disk holds may have parts of an archive: other versions of the package first, as archives or as
//! trees, then whatever else is in the cache.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt, future::BoxFuture, stream};
use muster_catalog::Fact;
use muster_domain::{LockedPackage, Sha256};
use muster_package::EntryMap;
use muster_registry::layout::Sibling;
use muster_resolver::PackageKey;
use muster_transfer::{Holder, Local};
use tokio::time::{Instant, timeout_at};

use crate::{Engine, Item, Key, facts::FactBook, jobs::blocking};

/// Smaller archives are not worth looking for in unrelated ones, in bytes.
const MIN_UNRELATED: u64 = 1_000_000;
/// Most unrelated archives that are looked into.
const MAX_UNRELATED: usize = 32;
/// How long a preview waits for maps that have to be fetched; what is late counts as nothing.
const PREVIEW_PATIENCE: Duration = Duration::from_secs(2);
/// Largest map that is fetched for a preview, in bytes.
const MAX_PREVIEW_MAP: u64 = 1024 * 1024;
/// Maps fetched at the same time.
const CONCURRENT: usize = 8;

impl Engine {
    /// Where parts of a release's archive may lie, for its transfer. `facts` are all releases of its package.
    pub(crate) async fn local(&self, fact: &Fact, facts: &[Fact]) -> Option<Local> {
        let installed = self.installed_packages().await.unwrap_or_default();
        let installed = installed.iter().filter(|package| package.id == fact.release.id);
        let archives = installed.map(|package| package.archive.sha256);
        let mut holders = self.versions(fact, facts.iter().map(archive_of).chain(archives).collect());
        if fact.release.archive.size >= MIN_UNRELATED {
            holders.extend(self.unrelated(fact, &holders));
        }
        if holders.is_empty() {
            return None;
        }
        Some(Local { map: self.entry_map(fact).await?, holders })
    }

    /// Bytes of each archive of a change that parts of other versions save, as far as that is known soon.
    pub(crate) async fn saved(&self, items: &[Item], book: &FactBook) -> BTreeMap<Sha256, u64> {
        let until = Instant::now() + PREVIEW_PATIENCE;
        let is_here = |package: &LockedPackage| {
            self.cache().contains(&package.archive.sha256) || self.has_tree(package)
        };
        let bringing = items.iter().filter(|item| item.brings_bytes() && !is_here(item.package()));
        // Boxed, so that callers need not prove for every lifetime that it can be sent to another thread.
        let question = |item| -> BoxFuture<'_, (Sha256, u64)> {
            Box::pin(async move {
                let item: &Item = item;
                let saved = timeout_at(until, self.saved_of(item, book)).await;
                (item.package().archive.sha256, saved.ok().flatten().unwrap_or(0))
            })
        };
        let questions: Vec<_> = bringing.map(question).collect();
        stream::iter(questions).buffer_unordered(CONCURRENT).collect().await
    }

    async fn saved_of(&self, item: &Item, book: &FactBook) -> Option<u64> {
        let package = item.package();
        let key = PackageKey::from(&Key::of(package));
        let fact = book.facts(&key).find(|fact| fact.release.archive == package.archive)?;
        let known = book.facts(&key).map(archive_of);
        let holders = self
            .versions(fact, known.chain(item.before.iter().map(|before| before.archive.sha256)).collect());
        let size = fact.release.archive.size;
        if holders.is_empty() || fact.release.entry_map.as_ref()?.size > MAX_PREVIEW_MAP {
            return None;
        }
        let local = Local { map: self.entry_map(fact).await?, holders };
        let engine = self.clone();
        blocking(move || Ok(local.estimate(engine.cache(), size))).await.ok()
    }

    /// The archives that are here, else the trees.
    fn versions(&self, fact: &Fact, mut archives: BTreeSet<Sha256>) -> Vec<Holder> {
        archives.remove(&fact.release.archive.sha256);
        let (packed, unpacked): (Vec<_>, Vec<_>) =
            archives.into_iter().partition(|sha256| self.cache().contains(sha256));
        let trees = unpacked.into_iter().filter(|sha256| self.stores().lease(sha256).is_ok());
        let trees = trees.map(|sha256| Holder::Tree(self.stores().clone(), sha256));
        packed.into_iter().map(Holder::Archive).chain(trees).collect()
    }

    /// Archives of the cache that are not among `holders`, the last used ones first.
    fn unrelated(&self, fact: &Fact, holders: &[Holder]) -> Vec<Holder> {
        let is_held = |sha256: &Sha256| {
            holders.iter().any(|holder| matches!(holder, Holder::Archive(held) if held == sha256))
        };
        let mut archives = self.cache().archives();
        archives.retain(|archive| archive.sha256 != archive_of(fact) && !is_held(&archive.sha256));
        archives.sort_by_key(|archive| std::cmp::Reverse(archive.last_used));
        archives.into_iter().take(MAX_UNRELATED).map(|archive| Holder::Archive(archive.sha256)).collect()
    }

    async fn entry_map(&self, fact: &Fact) -> Option<Arc<EntryMap>> {
        let bytes = self.sibling(fact, Sibling::EntryMap).await?;
        let map = EntryMap::parse(&bytes, fact.release.archive.size);
        map.inspect_err(|error| tracing::warn!(%error, package = %fact.release.id, "a map is not used"))
            .ok()
            .map(Arc::new)
    }
}

fn archive_of(fact: &Fact) -> Sha256 {
    fact.release.archive.sha256
}
