//! Everything that publishers signed about the packages that may be part of an answer (decision 0001).
//!
//! Gathered breadth first along dependencies before the resolver runs; the resolver sees nothing else.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use futures::{StreamExt, stream};
use jiff::Timestamp;
use muster_catalog::{Catalog, Fact, Snapshot};
use muster_domain::{PackageId, Release, SourceId};
use muster_resolver::{PackageKey, Provider};

use crate::EngineError;

/// Most packages that one question may lead to.
const MAX_PACKAGES: usize = 2_000;
/// Packages asked for at the same time.
const CONCURRENT: usize = 16;

/// Signed releases by package, and why some are missing.
#[derive(Default)]
pub(crate) struct FactBook {
    releases: HashMap<PackageKey, Vec<(Arc<Release>, Fact)>>,
    /// Who says to provide a name, and who else has it: hints, and used as such.
    hints: Snapshot,
    /// The first error per package: its releases are unknown, not absent.
    pub failures: BTreeMap<PackageKey, EngineError>,
}

impl FactBook {
    /// Reads the facts of `roots` and of everything they may lead to.
    pub async fn gather(
        catalog: &Catalog,
        roots: impl IntoIterator<Item = PackageKey>,
    ) -> Result<Self, EngineError> {
        let mut open: Vec<PackageKey> = roots.into_iter().collect();
        let pairs = open.iter().map(|key| (key.source.clone(), key.id.clone())).collect();
        let mut book = Self { hints: catalog.snapshot(pairs).await?, ..Self::default() };
        let mut known: BTreeSet<PackageKey> = BTreeSet::new();
        while !open.is_empty() {
            open.sort();
            open.dedup();
            open.retain(|key| known.insert(key.clone()));
            if known.len() > MAX_PACKAGES {
                return Err(EngineError::Internal("a package leads to more than 2,000 others"));
            }
            let answers: Vec<_> = stream::iter(std::mem::take(&mut open))
                .map(|key| async move { (read(catalog, &key).await, key) })
                .buffer_unordered(CONCURRENT)
                .collect()
                .await;
            for (answer, key) in answers {
                open.extend(book.note(key, answer));
            }
        }
        Ok(book)
    }

    /// Keeps an answer and gives the packages that it leads to.
    fn note(&mut self, key: PackageKey, answer: Result<Vec<Fact>, EngineError>) -> Vec<PackageKey> {
        let facts = answer.unwrap_or_else(|error| {
            tracing::warn!(package = %key.id, %error, "the facts of a package cannot be read");
            self.failures.insert(key.clone(), error);
            Vec::new()
        });
        let mut next = Vec::new();
        for fact in &facts {
            let alternatives = fact.release.depends.iter().flat_map(|dependency| dependency.alternatives());
            next.extend(alternatives.map(|requirement| PackageKey {
                source: requirement.source.clone().unwrap_or_else(|| key.source.clone()),
                id: requirement.package.clone(),
            }));
        }
        let providers = self.hints.providers(&key.source, &key.id).into_iter();
        next.extend(providers.map(|id| PackageKey { source: key.source.clone(), id }));
        let releases = facts.into_iter().map(|fact| (Arc::new(fact.release.clone()), fact));
        self.releases.insert(key, releases.collect());
        next
    }

    /// The fact behind a release that the resolver chose.
    pub fn fact(&self, release: &Release) -> Option<&Fact> {
        let key = PackageKey { source: release.source.clone(), id: release.id.clone() };
        let (_, fact) = self.releases.get(&key)?.iter().find(|(known, _)| **known == *release)?;
        Some(fact)
    }
}

/// Not there is an answer; anything else is not.
async fn read(catalog: &Catalog, key: &PackageKey) -> Result<Vec<Fact>, EngineError> {
    match catalog.facts(&key.source, &key.id, Timestamp::now()).await {
        Ok(facts) => Ok(facts),
        Err(muster_catalog::Error::UnknownPackage { .. } | muster_catalog::Error::UnknownSource { .. }) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}

impl Provider for FactBook {
    fn releases(&self, source: &SourceId, id: &PackageId) -> Vec<Arc<Release>> {
        let key = PackageKey { source: source.clone(), id: id.clone() };
        let known = self.releases.get(&key).into_iter().flatten();
        known.map(|(release, _)| release.clone()).collect()
    }

    fn providers(&self, source: &SourceId, id: &PackageId) -> Vec<PackageId> {
        self.hints.providers(source, id)
    }

    fn elsewhere(&self, source: &SourceId, id: &PackageId) -> Vec<SourceId> {
        self.hints.elsewhere(source, id)
    }

    fn is_unreachable(&self, source: &SourceId) -> bool {
        self.failures.keys().any(|key| key.source == *source)
    }
}
