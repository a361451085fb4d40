//! Everything that publishers signed about the packages that may be part of an answer (decision 0001).
//!
//! Gathered breadth first along dependencies before the resolver runs; the resolver sees nothing else.
//!
//! What is installed was verified when it came, and needs nobody's word to stay: where its source is late, broken or
//! gone, its exact version stays in the book, and no other.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use futures::{StreamExt, stream};
use jiff::Timestamp;
use muster_catalog::{Catalog, Fact, Snapshot};
use muster_domain::{
    Channel, Dependency, Lock, LockedPackage, PackageId, Redistribution, Release, Requirement, Sha256,
    SourceId, Version, VersionRange,
};
use muster_resolver::{PackageKey, Provider, target};

use crate::{EngineError, Key};

/// Parts of the game that are there, with their versions, by the names that packages know them by.
pub(crate) type Extensions = BTreeMap<String, Option<String>>;

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
    /// Reads the facts of what is installed, of `wished`, and of everything they may lead to.
    ///
    /// What `present` names is on the disk already, though no source can install it: nothing needs it any more.
    ///
    /// Where a source cannot be asked, the releases of it whose archives are `here` count as they were signed: nothing of
    /// them has to be fetched.
    pub async fn gather(
        (catalog, here): (&Catalog, &(dyn Fn(&Sha256) -> bool + Sync)),
        installed: &Lock,
        wished: impl IntoIterator<Item = PackageKey>,
        (present, mapped): (&Extensions, &BTreeMap<PackageKey, SourceId>),
    ) -> Result<Self, EngineError> {
        let locked =
            |package: &LockedPackage| PackageKey { source: package.source.clone(), id: package.id.clone() };
        let mut open: Vec<PackageKey> = installed.packages.iter().map(locked).chain(wished).collect();
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
                let is_missing = answer.is_err();
                let mut facts = book.accept(&key, answer);
                if is_missing {
                    facts = catalog.stored_facts(&key.source, &key.id).await.unwrap_or_default();
                    facts.retain(|fact| here(&fact.release.archive.sha256));
                }
                if let Some(locked) = installed.get(&key.source, &key.id) {
                    keep_installed(catalog, installed, locked, &mut facts).await;
                }
                open.extend(book.note(key, facts, present, mapped));
            }
        }
        Ok(book)
    }

    /// The facts of an answer; an error is kept as the reason why there are none.
    fn accept(&mut self, key: &PackageKey, answer: Result<Vec<Fact>, EngineError>) -> Vec<Fact> {
        answer.unwrap_or_else(|error| {
            tracing::warn!(package = %key.id, %error, "the facts of a package cannot be read");
            self.failures.insert(key.clone(), error);
            Vec::new()
        })
    }

    /// Keeps the facts of a package and gives the packages that they lead to.
    fn note(
        &mut self,
        key: PackageKey,
        facts: Vec<Fact>,
        present: &Extensions,
        mapped: &BTreeMap<PackageKey, SourceId>,
    ) -> Vec<PackageKey> {
        let mut next = Vec::new();
        let needing = |fact: Fact| (Arc::new(without(&fact.release, present)), fact);
        let releases: Vec<(Arc<Release>, Fact)> = facts.into_iter().map(needing).collect();
        for (release, _) in &releases {
            let alternatives = release.depends.iter().flat_map(|dependency| dependency.alternatives());
            next.extend(alternatives.map(|requirement| target(mapped, &key.source, requirement)));
        }
        let providers = self.hints.providers(&key.source, &key.id).into_iter();
        next.extend(providers.map(|id| PackageKey { source: key.source.clone(), id }));
        self.releases.insert(key, releases);
        next
    }

    /// Packages that are lists of others, in some version.
    pub fn collections(&self) -> Vec<Key> {
        let is_list = |(key, releases): (&PackageKey, &Vec<(Arc<Release>, Fact)>)| {
            let is_list = releases.iter().any(|(release, _)| release.kind.is_collection());
            is_list.then(|| Key { source: key.source.clone(), id: key.id.clone() })
        };
        self.releases.iter().filter_map(is_list).collect()
    }

    /// What the versions of a list of others need, before anything was taken from them.
    pub fn needs(&self, list: &Key) -> BTreeSet<Key> {
        let depends =
            self.releases.get(&PackageKey::from(list)).into_iter().flatten().flat_map(|(it, _)| &it.depends);
        let needed = depends.flat_map(|dependency| dependency.alternatives());
        let key = |needed: &Requirement| Key {
            source: needed.source.clone().unwrap_or_else(|| list.source.clone()),
            id: needed.package.clone(),
        };
        needed.map(key).collect()
    }

    /// Takes needs from a list of others: those that are waived, and those that nobody can fulfil.
    pub fn soften(&mut self, list: &Key, waived: &dyn Fn(&Key, &VersionRange) -> bool) {
        let can_be_had = |needed: &Requirement| {
            let source = needed.source.clone().unwrap_or_else(|| list.source.clone());
            let key = PackageKey { source, id: needed.package.clone() };
            let is_waived = waived(&Key { source: key.source.clone(), id: key.id.clone() }, &needed.version);
            let fits =
                |fact: &Fact| fact.release.yanked.is_none() && needed.version.matches(&fact.release.version);
            !is_waived && self.facts(&key).any(fits)
        };
        let key = PackageKey::from(list);
        let Some(releases) = self.releases.get(&key) else { return };
        let softened = releases.iter().map(|(release, fact)| {
            let mut release = Release::clone(release);
            release.depends.retain(|dependency| dependency.alternatives().iter().any(can_be_had));
            (Arc::new(release), fact.clone())
        });
        let softened = softened.collect();
        self.releases.insert(key, softened);
    }

    /// Takes releases out.
    pub fn leave_out(&mut self, which: &dyn Fn(&Release) -> bool) {
        self.releases.values_mut().for_each(|releases| releases.retain(|(release, _)| !which(release)));
    }

    /// The fact behind a release that the resolver chose.
    pub fn fact(&self, release: &Release) -> Option<&Fact> {
        let key = PackageKey { source: release.source.clone(), id: release.id.clone() };
        let known = self.releases.get(&key)?;
        known.iter().find(|(shown, _)| **shown == *release).map(|(_, fact)| fact)
    }

    /// What the catalogue says of packages that may not be part of the answer: good enough to offer them.
    pub fn hints(&self) -> Hinted<'_> {
        Hinted(&self.hints)
    }

    /// Everything that is known.
    pub fn all(&self) -> impl Iterator<Item = &Fact> {
        self.releases.values().flatten().map(|(_, fact)| fact)
    }

    /// Everything that is known of a package.
    pub fn facts(&self, key: &PackageKey) -> impl Iterator<Item = &Fact> + use<'_> {
        self.releases.get(key).into_iter().flatten().map(|(_, fact)| fact)
    }
}

/// The release without the needs that are on the disk already.
fn without(release: &Release, present: &Extensions) -> Release {
    let mut release = release.clone();
    release
        .depends
        .retain(|dependency| !dependency.alternatives().iter().any(|one| is_present(one, present)));
    release
}

/// A version that nothing on the disk names is good enough: the game knows better than a list.
fn is_present(requirement: &Requirement, present: &Extensions) -> bool {
    let Some(version) = present.get(requirement.package.as_str()) else { return false };
    version.as_deref().is_none_or(|text| {
        let ckan = text.parse().ok().map(Version::Ckan);
        let versions = [ckan, Version::semver(text).ok()];
        requirement.version.is_any() || versions.iter().flatten().any(|v| requirement.version.matches(v))
    })
}

/// Makes sure that the installed release is among the facts: as it was signed, if that is still stored, else as the
/// lock describes it.
async fn keep_installed(catalog: &Catalog, lock: &Lock, locked: &LockedPackage, facts: &mut Vec<Fact>) {
    let is_it =
        |fact: &Fact| fact.release.version == locked.version && fact.release.archive == locked.archive;
    if facts.iter().any(is_it) {
        return;
    }
    let stored = catalog.stored_facts(&locked.source, &locked.id).await.unwrap_or_default();
    let stored = stored.into_iter().find(is_it);
    facts.push(stored.unwrap_or_else(|| Fact {
        release: release_of(lock, locked),
        archive_at: None,
        signed: None,
    }));
}

/// What a lock knows of a release: enough to keep it, with what it needs, beside others.
fn release_of(lock: &Lock, locked: &LockedPackage) -> Release {
    let needed = |id: &PackageId| {
        let same_source = lock.get(&locked.source, id);
        let found = same_source.or_else(|| lock.packages.iter().find(|other| other.id == *id));
        Dependency::One(Requirement {
            package: id.clone(),
            version: VersionRange::any(),
            source: found.map(|found| found.source.clone()),
        })
    };
    Release {
        source: locked.source.clone(),
        id: locked.id.clone(),
        version: locked.version.clone(),
        kind: locked.kind.clone(),
        archive: locked.archive,
        vouched: locked.vouched,
        unpacked_size: 0,
        channel: Channel::default(),
        yanked: None,
        games: Vec::new(),
        platforms: Vec::new(),
        side: locked.side,
        depends: locked.needs.iter().map(needed).collect(),
        recommends: Vec::new(),
        features: Vec::new(),
        suggests: Vec::new(),
        conflicts: Vec::new(),
        provides: Vec::new(),
        license: None,
        redistribute: Redistribution::default(),
        origins: Vec::new(),
        torrent: None,
        block_list: None,
        entry_map: None,
        published: None,
        recipe: locked.recipe.clone(),
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

/// The catalogue's word alone.
pub(crate) struct Hinted<'a>(&'a Snapshot);

impl Provider for Hinted<'_> {
    fn releases(&self, source: &SourceId, id: &PackageId) -> Vec<Arc<Release>> {
        self.0.releases(source, id)
    }

    fn providers(&self, source: &SourceId, id: &PackageId) -> Vec<PackageId> {
        self.0.providers(source, id)
    }

    fn elsewhere(&self, source: &SourceId, id: &PackageId) -> Vec<SourceId> {
        self.0.elsewhere(source, id)
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
