//! Releases made ready for many questions: in order, with who provides what, which versions every requirement means, and
//! every conflict from both sides. Nothing here depends on what is asked.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use muster_domain::{Dependency, Lock, PackageId, Release, Requirement, SourceId, Version, VersionRange};
use pubgrub::VersionSet as _;

use crate::{Explanation, PackageKey, Provider, Request, Resolution, Solving, set::Set};

/// Most releases of one package that are considered; the newest ones.
const MAX_RELEASES: usize = 2_000;

/// Dependencies that the player maps to another source.
pub(crate) type Mapped = BTreeMap<PackageKey, SourceId>;

/// One package with its releases, oldest first; a version is an index into them.
#[derive(Debug)]
pub(crate) struct Entry {
    pub key: PackageKey,
    pub releases: Vec<Arc<Release>>,
    /// By version and dependency: its alternatives as relations, in the author's order.
    pub depends: Vec<Vec<Vec<u32>>>,
}

impl Entry {
    pub fn count(&self) -> u32 {
        self.releases.len() as u32
    }

    /// The versions in a range, may they be chosen or not.
    pub fn in_range(&self, range: &VersionRange) -> Set {
        let fits = |index: &u32| in_range(range, &self.releases[*index as usize].version);
        (0..self.count()).filter(fits).collect()
    }
}

/// What a requirement means: versions of the package itself, and of those that say to provide it.
#[derive(Debug)]
pub(crate) struct Relation {
    /// Whether every version is meant.
    pub is_any: bool,
    pub named: Option<(u32, Set)>,
    /// By key.
    pub providing: Vec<(u32, Set)>,
}

/// `versions` of `package` cannot be together with `other_versions` of `other`.
#[derive(Debug)]
pub(crate) struct Guard {
    pub package: u32,
    pub versions: Set,
    pub other: u32,
    pub other_versions: Set,
    /// The range as the package states it.
    pub stated: Requirement,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    First,
    Second,
}

/// A version of a package that says to provide a name, and in which version.
type Offer = (u32, u32, Option<Version>);

/// A catalog that stays the same over many questions.
#[derive(Debug, Default)]
pub struct Index {
    pub(crate) entries: Vec<Entry>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) guards: Vec<Guard>,
    by_key: HashMap<PackageKey, u32>,
    by_requirement: HashMap<PackageKey, HashMap<VersionRange, u32>>,
    offers: HashMap<PackageKey, Vec<Offer>>,
    sides: Vec<Vec<(u32, Side)>>,
    mapped: Mapped,
    /// Releases that another one under the same version took the place of.
    dropped: Vec<Arc<Release>>,
}

impl Index {
    /// Of two releases under one version, the smaller hash counts, so that their order does not matter.
    pub fn new(releases: impl IntoIterator<Item = Arc<Release>>) -> Self {
        let mut by_key: BTreeMap<PackageKey, Vec<Arc<Release>>> = BTreeMap::new();
        for release in releases {
            let key = PackageKey { source: release.source.clone(), id: release.id.clone() };
            by_key.entry(key).or_default().push(release);
        }
        Self::build(by_key, &Lock::default(), Mapped::new())
    }

    /// Answers as [`crate::resolve`] does over the same releases.
    ///
    /// # Errors
    /// As [`crate::resolve`].
    pub fn resolve(&self, request: &Request) -> Result<Resolution, Box<Explanation>> {
        Solving::prepared(self).resolve(request)
    }

    /// Whether this index says the same as one made for the request alone.
    pub(crate) fn serves(&self, request: &Request) -> bool {
        self.mapped == request.options.mapped
            && (self.dropped.is_empty() || request.installed.packages.is_empty())
    }

    /// `installed` decides which of two releases under one version counts.
    pub(crate) fn build(
        releases: impl IntoIterator<Item = (PackageKey, Vec<Arc<Release>>)>,
        installed: &Lock,
        mapped: Mapped,
    ) -> Self {
        let mut index = Self { mapped, ..Self::default() };
        for (key, releases) in releases {
            let releases = index.sort(&key, releases, installed);
            index.by_key.insert(key.clone(), index.entries.len() as u32);
            index.entries.push(Entry { key, releases, depends: Vec::new() });
        }
        index.note_offers();
        index.relate_dependencies();
        index.relate_conflicts();
        index
    }

    pub(crate) fn find(&self, key: &PackageKey) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// The conflicts that a package is part of, and on which side.
    pub(crate) fn sides(&self, package: u32) -> impl Iterator<Item = (&Guard, u32, Side)> {
        self.sides[package as usize]
            .iter()
            .map(|(guard, side)| (&self.guards[*guard as usize], *guard, *side))
    }

    /// The relations of a dependency's alternatives, if a package of this source states it in some release.
    pub(crate) fn relations_of(&self, own: &SourceId, dependency: &Dependency) -> Vec<u32> {
        let relation = |one: &Requirement| {
            self.by_requirement.get(&target(&self.mapped, own, one))?.get(&one.version).copied()
        };
        dependency.alternatives().iter().filter_map(relation).collect()
    }

    /// Oldest first, one per version.
    fn sort(
        &mut self,
        key: &PackageKey,
        mut releases: Vec<Arc<Release>>,
        installed: &Lock,
    ) -> Vec<Arc<Release>> {
        let locked = installed.get(&key.source, &key.id);
        let is_installed = |release: &Release| locked.is_some_and(|locked| locked.archive == release.archive);
        releases.sort_by(|a, b| {
            order(a, b)
                .then_with(|| is_installed(b).cmp(&is_installed(a)))
                .then_with(|| a.archive.sha256.cmp(&b.archive.sha256))
        });
        let dropped = &mut self.dropped;
        releases.dedup_by(|b, a| {
            let is_same = a.version == b.version;
            if is_same {
                dropped.push(b.clone());
            }
            is_same
        });
        if releases.len() > MAX_RELEASES {
            releases.drain(..releases.len() - MAX_RELEASES);
        }
        releases
    }

    fn note_offers(&mut self) {
        let mut by_key: Vec<u32> = (0..self.entries.len() as u32).collect();
        by_key.sort_by(|a, b| self.entries[*a as usize].key.cmp(&self.entries[*b as usize].key));
        for package in by_key {
            let entry = &self.entries[package as usize];
            for (version, release) in (0u32..).zip(&entry.releases) {
                for provided in &release.provides {
                    let key = PackageKey { source: entry.key.source.clone(), id: provided.package.clone() };
                    let offer = (package, version, provided.version.clone());
                    self.offers.entry(key).or_default().push(offer);
                }
            }
        }
    }

    fn relate_dependencies(&mut self) {
        for package in 0..self.entries.len() {
            let source = self.entries[package].key.source.clone();
            let mut of_package = Vec::with_capacity(self.entries[package].releases.len());
            for version in 0..self.entries[package].releases.len() {
                let release = self.entries[package].releases[version].clone();
                let mut of_release = Vec::with_capacity(release.depends.len());
                for dependency in &release.depends {
                    let alternatives = dependency.alternatives().iter();
                    of_release.push(alternatives.map(|one| self.relate(&source, one)).collect());
                }
                of_package.push(of_release);
            }
            self.entries[package].depends = of_package;
        }
    }

    /// The relation of a requirement, made where it is new.
    fn relate(&mut self, own: &SourceId, requirement: &Requirement) -> u32 {
        let target = target(&self.mapped, own, requirement);
        let known = self.by_requirement.get(&target).and_then(|by_range| by_range.get(&requirement.version));
        if let Some(known) = known {
            return *known;
        }
        let named = self.find(&target);
        let relation = Relation {
            is_any: requirement.version.is_any(),
            named: named
                .map(|package| (package, self.entries[package as usize].in_range(&requirement.version))),
            providing: self.providing(&target, named, &requirement.version),
        };
        let number = self.relations.len() as u32;
        self.relations.push(relation);
        self.by_requirement.entry(target).or_default().insert(requirement.version.clone(), number);
        number
    }

    /// The versions that say to provide a package in a version of the range. Without a version, nobody but another
    /// package provides it: what carries the name has versions.
    fn providing(&self, target: &PackageKey, named: Option<u32>, range: &VersionRange) -> Vec<(u32, Set)> {
        let mut providing: Vec<(u32, Set)> = Vec::new();
        for (package, version, offered) in self.offers.get(target).into_iter().flatten() {
            let is_meant = match offered {
                Some(offered) => in_range(range, offered),
                None => range.accepts_unversioned() && named != Some(*package),
            };
            match providing.last_mut() {
                Some((last, versions)) if last == package && is_meant => versions.insert(*version),
                _ if is_meant => providing.push((*package, Set::singleton(*version))),
                _ => {}
            }
        }
        providing
    }

    fn relate_conflicts(&mut self) {
        self.sides = vec![Vec::new(); self.entries.len()];
        for index in 0..self.entries.len() as u32 {
            let source = self.entries[index as usize].key.source.clone();
            // Releases that state the same conflict share a guard.
            let mut found: BTreeMap<(u32, u32), (Set, Requirement)> = BTreeMap::new();
            for (version, release) in (0u32..).zip(self.entries[index as usize].releases.clone()) {
                for stated in &release.conflicts {
                    let relation = self.relate(&source, stated);
                    for other in self.relations[relation as usize].packages().filter(|other| *other != index)
                    {
                        let entry = found.entry((other, relation));
                        entry.or_insert_with(|| (Set::empty(), stated.clone())).0.insert(version);
                    }
                }
            }
            for ((other, relation), (versions, stated)) in found {
                let other_versions = self.relations[relation as usize].versions_of(other);
                self.sides[index as usize].push((self.guards.len() as u32, Side::First));
                self.sides[other as usize].push((self.guards.len() as u32, Side::Second));
                self.guards.push(Guard { package: index, versions, other, other_versions, stated });
            }
        }
    }
}

impl Relation {
    /// Every package that has a version which is meant.
    fn packages(&self) -> impl Iterator<Item = u32> + use<> {
        let all = self.named.iter().chain(&self.providing).filter(|(_, versions)| !versions.is_empty());
        let all: std::collections::BTreeSet<u32> = all.map(|(package, _)| *package).collect();
        all.into_iter()
    }

    /// The versions of one package that are meant, by its name or by what it provides.
    fn versions_of(&self, package: u32) -> Set {
        let all = self.named.iter().chain(&self.providing).filter(|(other, _)| *other == package);
        all.fold(Set::empty(), |all, (_, versions)| all.union(versions))
    }
}

impl Provider for Index {
    fn releases(&self, source: &SourceId, id: &PackageId) -> Vec<Arc<Release>> {
        let key = PackageKey { source: source.clone(), id: id.clone() };
        let mut releases = self
            .find(&key)
            .map(|package| self.entries[package as usize].releases.clone())
            .unwrap_or_default();
        let is_it = |release: &&Arc<Release>| release.source == *source && release.id == *id;
        releases.extend(self.dropped.iter().filter(is_it).cloned());
        releases
    }

    fn providers(&self, source: &SourceId, id: &PackageId) -> Vec<PackageId> {
        let offers = self.offers.get(&PackageKey { source: source.clone(), id: id.clone() });
        let packages = offers.into_iter().flatten().map(|(package, ..)| *package);
        packages.map(|package| self.entries[package as usize].key.id.clone()).collect()
    }

    fn elsewhere(&self, source: &SourceId, id: &PackageId) -> Vec<SourceId> {
        let keys = self.entries.iter().map(|entry| &entry.key);
        keys.filter(|key| key.id == *id && key.source != *source).map(|key| key.source.clone()).collect()
    }
}

/// The package that a requirement means: in the source it names, else where the player mapped it, else in the
/// depending package's own.
/// The package that a requirement of a package of `own` means.
pub fn target(mapped: &Mapped, own: &SourceId, requirement: &Requirement) -> PackageKey {
    let source = requirement.source.clone().unwrap_or_else(|| own.clone());
    let key = PackageKey { source, id: requirement.package.clone() };
    match mapped.get(&key) {
        Some(source) => PackageKey { source: source.clone(), ..key },
        None => key,
    }
}

/// `*` is every version; else semver decides, for which a pre-release is in a range only if the range names it.
pub(crate) fn in_range(range: &VersionRange, version: &Version) -> bool {
    range.is_any() || range.matches(version)
}

/// Oldest first. Versions that cannot be compared go by their scheme, then by their date, then by their text.
pub(crate) fn order(a: &Release, b: &Release) -> std::cmp::Ordering {
    let scheme = |release: &Release| match release.version {
        Version::Opaque(_) => 0,
        Version::Listed(_) => 1,
        Version::Ckan(_) => 2,
        Version::Semver(_) => 3,
    };
    a.version.partial_cmp(&b.version).unwrap_or_else(|| {
        let date = |release: &Release| (release.published, release.version.to_string());
        scheme(a).cmp(&scheme(b)).then_with(|| date(a).cmp(&date(b)))
    })
}
