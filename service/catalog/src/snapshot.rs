//! What the resolver may look at: everything that can be reached from some packages, at one moment.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use muster_domain::{Dependency, PackageId, Release, SourceId};
use muster_store::{CatalogDb, catalog::Around};

use crate::Result;

/// Most packages of one snapshot; a resolution that reaches more sees the rest as missing.
const MAX_PACKAGES: usize = 50_000;
/// Most packages that are only suggested; the rest is not offered.
const MAX_SUGGESTED: usize = 2_000;

type Key = (SourceId, PackageId);

/// Releases of packages, who provides them, and who else has them. Hints until replaced by facts.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    releases: HashMap<Key, Vec<Arc<Release>>>,
    providers: HashMap<Key, Vec<PackageId>>,
    elsewhere: HashMap<Key, Vec<SourceId>>,
    unreachable: BTreeSet<SourceId>,
}

impl Snapshot {
    /// Every release of a package; empty if there is no such package.
    pub fn releases(&self, source: &SourceId, id: &PackageId) -> Vec<Arc<Release>> {
        self.releases.get(&(source.clone(), id.clone())).cloned().unwrap_or_default()
    }

    /// Packages of the same source that say they provide `id`.
    pub fn providers(&self, source: &SourceId, id: &PackageId) -> Vec<PackageId> {
        self.providers.get(&(source.clone(), id.clone())).cloned().unwrap_or_default()
    }

    /// Other sources that have a package of this id.
    pub fn elsewhere(&self, source: &SourceId, id: &PackageId) -> Vec<SourceId> {
        self.elsewhere.get(&(source.clone(), id.clone())).cloned().unwrap_or_default()
    }

    /// Whether the source was never read, so that an empty answer proves nothing.
    pub fn is_unreachable(&self, source: &SourceId) -> bool {
        self.unreachable.contains(source)
    }

    /// Replaces what is said about a package, by the publisher's own statements or by what is stored.
    pub fn replace(&mut self, source: &SourceId, id: &PackageId, releases: Vec<Release>) {
        self.releases.insert((source.clone(), id.clone()), releases.into_iter().map(Arc::new).collect());
    }

    /// Reads packages of a source, who provides them, and who else has them; gives their releases.
    async fn take_in(
        &mut self,
        database: &CatalogDb,
        source: &SourceId,
        ids: &[PackageId],
    ) -> Result<Vec<Arc<Release>>> {
        let mut taken = Vec::new();
        for (id, releases) in database.releases(source, ids.to_vec()).await? {
            self.replace(source, &id, releases);
            taken.extend(self.releases(source, &id));
        }
        let around = database.around(source, ids.to_vec()).await?;
        for (id, Around { providers, mut sources }) in ids.iter().zip(around) {
            let key = (source.clone(), id.clone());
            sources.retain(|other| other != source);
            self.providers.insert(key.clone(), providers);
            self.elsewhere.insert(key, sources);
        }
        Ok(taken)
    }

    /// The packages that have releases here.
    pub fn packages(&self) -> impl Iterator<Item = &(SourceId, PackageId)> {
        self.releases.keys()
    }
}

/// Collects everything that can be reached from `roots`.
pub(crate) async fn collect(
    database: &CatalogDb,
    roots: Vec<Key>,
    unreachable: BTreeSet<SourceId>,
) -> Result<Snapshot> {
    let mut snapshot = Snapshot { unreachable, ..Snapshot::default() };
    let mut seen: BTreeSet<Key> = BTreeSet::new();
    // Only suggested: looked at, but not for what they lead to.
    let mut suggested: BTreeSet<Key> = BTreeSet::new();
    let mut next: BTreeSet<Key> = roots.into_iter().collect();
    while !next.is_empty() && seen.len() < MAX_PACKAGES {
        let mut by_source: BTreeMap<SourceId, Vec<PackageId>> = BTreeMap::new();
        for (source, id) in &next {
            by_source.entry(source.clone()).or_default().push(id.clone());
        }
        seen.append(&mut next);
        for (source, ids) in by_source {
            for release in snapshot.take_in(database, &source, &ids).await? {
                next.extend(wanted(&release, release.depends.iter().chain(&release.recommends)));
                suggested.extend(wanted(&release, release.suggests.iter()));
            }
            for id in ids {
                let providers = snapshot.providers(&source, &id).into_iter();
                next.extend(providers.map(|provider| (source.clone(), provider)));
            }
        }
        next.retain(|key| !seen.contains(key));
    }
    let mut by_source: BTreeMap<SourceId, Vec<PackageId>> = BTreeMap::new();
    for (source, id) in suggested.difference(&seen).take(MAX_SUGGESTED) {
        by_source.entry(source.clone()).or_default().push(id.clone());
    }
    for (source, ids) in by_source {
        snapshot.take_in(database, &source, &ids).await?;
    }
    Ok(snapshot)
}

/// The packages that some of a release's dependencies name: inside its own source, unless they name another one.
fn wanted<'a>(
    release: &'a Release,
    dependencies: impl Iterator<Item = &'a Dependency> + 'a,
) -> impl Iterator<Item = Key> + 'a {
    dependencies.flat_map(Dependency::alternatives).map(|wanted| {
        (wanted.source.clone().unwrap_or_else(|| release.source.clone()), wanted.package.clone())
    })
}
