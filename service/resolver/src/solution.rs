//! A solution as the caller wants it: without what nothing needs, and compared with the lock.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use muster_domain::{FeatureId, Needed, Release, Version};
use pubgrub::VersionSet as _;

use crate::{
    PackageKey,
    problem::{Alternatives, Problem},
    solve::Selected,
};

/// One package of a [`Resolution`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedPackage {
    pub release: Arc<Release>,
    /// Whether the player asked for it.
    pub wished: bool,
    /// The packages of the resolution that fulfil its dependencies, sorted.
    pub needs: Vec<PackageKey>,
    /// Those of `needs` that only features of it bring, which are on.
    pub for_features: BTreeMap<PackageKey, BTreeSet<FeatureId>>,
}

impl ResolvedPackage {
    pub fn key(&self) -> PackageKey {
        PackageKey { source: self.release.source.clone(), id: self.release.id.clone() }
    }
}

/// What happens to one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Keep {
        version: Version,
    },
    Add {
        version: Version,
    },
    /// To another version, newer or older.
    Update {
        from: Version,
        to: Version,
    },
    /// The same version with other bytes; only where versions are not immutable.
    Replace {
        version: Version,
    },
    Remove {
        version: Version,
    },
}

/// What happens to one package, compared with the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub package: PackageKey,
    pub kind: ChangeKind,
}

/// The exact set of packages, both lists sorted by source and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    pub packages: Vec<ResolvedPackage>,
    pub changes: Vec<Change>,
}

impl Resolution {
    /// The package with this identity.
    pub fn get(&self, key: &PackageKey) -> Option<&ResolvedPackage> {
        self.packages.iter().find(|package| package.key() == *key)
    }

    /// Whether nothing changes.
    pub fn is_unchanged(&self) -> bool {
        self.changes.iter().all(|change| matches!(change.kind, ChangeKind::Keep { .. }))
    }
}

/// A solution without what nothing needs.
pub(crate) fn finish(problem: &Problem<'_>, selected: &Selected) -> Resolution {
    let mut needed = prune(problem, selected);
    // What was kept before something better was may be needed by nothing now.
    let reached = reached(problem, &needed);
    needed.retain(|package, _| reached.contains(package));
    whole(problem, &needed)
}

/// A solution of which everything stays.
pub(crate) fn whole(problem: &Problem<'_>, selected: &Selected) -> Resolution {
    let key = |package: u32| problem.universe.package(package).key().clone();
    let mut packages: Vec<ResolvedPackage> = selected
        .iter()
        .map(|(package, version)| ResolvedPackage {
            release: problem.universe.package(*package).release(*version).clone(),
            wished: problem.is_wished(*package),
            needs: needs(problem, selected, *package)
                .into_iter()
                .map(key)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            for_features: for_features(problem, selected, *package),
        })
        .collect();
    packages.sort_by_key(ResolvedPackage::key);
    let changes = changes(problem, &packages);
    Resolution { packages, changes }
}

/// Everything that the wishes lead to by [`needs`].
pub(crate) fn reached(problem: &Problem<'_>, selected: &Selected) -> BTreeSet<u32> {
    let mut waiting: VecDeque<u32> = problem.wished().collect();
    let mut reached = BTreeSet::new();
    while let Some(package) = waiting.pop_front() {
        if reached.insert(package) {
            waiting.extend(needs(problem, selected, package));
        }
    }
    reached
}

/// Keeps what a wish leads to. A dependency that something kept already fulfils keeps nothing else.
fn prune(problem: &Problem<'_>, selected: &Selected) -> Selected {
    let mut needed = Selected::new();
    let mut waiting: VecDeque<u32> = VecDeque::new();
    for package in problem.wished() {
        keep(package, selected, &mut needed, &mut waiting);
    }
    let mut open: Vec<Alternatives> = Vec::new();
    loop {
        while let Some(package) = waiting.pop_front() {
            open.extend(problem.all_alternatives(package, needed[&package]));
        }
        // What leaves least choice is kept first: it may fulfil the others too.
        let Some(next) = (0..open.len()).min_by_key(|at| open[*at].len()) else { return needed };
        let alternatives = open.remove(next);
        if fulfilled_by(&alternatives, &needed).next().is_none()
            && let Some(package) = preferred(problem, &alternatives, selected)
        {
            keep(package, selected, &mut needed, &mut waiting);
        }
    }
}

fn keep(package: u32, selected: &Selected, needed: &mut Selected, waiting: &mut VecDeque<u32>) {
    if let Some(version) = selected.get(&package)
        && needed.insert(package, *version).is_none()
    {
        waiting.push_back(package);
    }
}

fn fulfilled_by<'a>(alternatives: &'a Alternatives, chosen: &'a Selected) -> impl Iterator<Item = u32> + 'a {
    let fits =
        |(package, set): &&(u32, crate::set::Set)| chosen.get(package).is_some_and(|v| set.contains(v));
    alternatives.iter().filter(fits).map(|(package, _)| *package)
}

/// The chosen alternative that is installed already, else the author's first.
fn preferred(problem: &Problem<'_>, alternatives: &Alternatives, selected: &Selected) -> Option<u32> {
    let is_installed = |package: &u32| problem.universe.package(*package).installed().is_some();
    fulfilled_by(alternatives, selected)
        .find(is_installed)
        .or_else(|| fulfilled_by(alternatives, selected).next())
}

/// The package that fulfils each dependency: of several, the one that did before, else the author's first. Nothing is
/// needed for what a package fulfils itself.
fn needs(problem: &Problem<'_>, selected: &Selected, package: u32) -> Vec<u32> {
    let alternatives = problem.all_alternatives(package, selected[&package]);
    alternatives.iter().filter_map(|alternatives| needed(problem, selected, package, alternatives)).collect()
}

/// The package that fulfils a dependency of `package`, unless that does so itself.
fn needed(
    problem: &Problem<'_>,
    selected: &Selected,
    package: u32,
    alternatives: &Alternatives,
) -> Option<u32> {
    let key = |package: u32| problem.universe.package(package).key();
    let locked = problem.request.installed.get(&key(package).source, &key(package).id);
    let did_before = |other: &u32| locked.is_some_and(|locked| locked.needs.contains(&key(*other).id));
    fulfilled_by(alternatives, selected)
        .find(did_before)
        .or_else(|| fulfilled_by(alternatives, selected).next())
        .filter(|needed| *needed != package)
}

/// What of [`needs`] would not be needed without the features that bring it.
fn for_features(
    problem: &Problem<'_>,
    selected: &Selected,
    package: u32,
) -> BTreeMap<PackageKey, BTreeSet<FeatureId>> {
    let version = selected[&package];
    let depends = &problem.universe.package(package).release(version).depends;
    let mut found: BTreeMap<PackageKey, BTreeSet<FeatureId>> = BTreeMap::new();
    let mut always = BTreeSet::new();
    for (at, alternatives) in problem.fulfillable(package, version) {
        let Some(needed) = needed(problem, selected, package, &alternatives) else { continue };
        let key = problem.universe.package(needed).key().clone();
        match problem.needed(package, version, &depends[at]) {
            Needed::For(features) => {
                found.entry(key).or_default().extend(features.into_iter().map(|feature| feature.id.clone()));
            }
            Needed::Always | Needed::Not => {
                always.insert(key);
            }
        }
    }
    found.retain(|key, _| !always.contains(key));
    found
}

fn changes(problem: &Problem<'_>, packages: &[ResolvedPackage]) -> Vec<Change> {
    let installed = &problem.request.installed;
    let mut changes: BTreeMap<PackageKey, ChangeKind> = BTreeMap::new();
    for package in packages {
        let version = package.release.version.clone();
        let kind = match installed.get(&package.release.source, &package.release.id) {
            None => ChangeKind::Add { version },
            Some(locked) if locked.version != version => {
                ChangeKind::Update { from: locked.version.clone(), to: version }
            }
            Some(locked) if locked.archive != package.release.archive => ChangeKind::Replace { version },
            Some(_) => ChangeKind::Keep { version },
        };
        changes.insert(package.key(), kind);
    }
    for locked in &installed.packages {
        let key = PackageKey { source: locked.source.clone(), id: locked.id.clone() };
        changes.entry(key).or_insert_with(|| ChangeKind::Remove { version: locked.version.clone() });
    }
    changes.into_iter().map(|(package, kind)| Change { package, kind }).collect()
}
