//! What goes well with what comes: recommendations and suggestions of new packages that nothing fulfils yet, as choices of
//! the player. Pure; nothing is chosen here.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{Dependency, Release, Requirement};
use serde::Serialize;

use crate::{
    PackageKey, Provider, Request, Resolution,
    index::{in_range, target},
    solution::ChangeKind,
    universe::{Verdict, verdict},
};

/// Most offers of one resolution.
const MAX_OFFERS: usize = 100;
/// Most packages of one offer.
const MAX_OPTIONS: usize = 16;

/// How strongly a package is spoken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    Recommended,
    Suggested,
}

/// Packages of which any one would go well with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub strength: Strength,
    /// In the author's order; a package before those that provide its name. Each has a version that fits the game and
    /// excludes nothing of the resolution; what it needs itself was not looked at.
    pub options: Vec<PackageKey>,
    /// Who speaks for them, sorted.
    pub wanted_by: Vec<PackageKey>,
}

/// The offers of the packages that a resolution adds: recommended ones first, then by their first option.
///
/// `provider` may know less than the resolution was made of: what it does not know is not offered.
pub fn offers(resolution: &Resolution, request: &Request, provider: &dyn Provider) -> Vec<Offer> {
    let offering = Offering { resolution, request, provider };
    let is_new = |kind: &ChangeKind| matches!(kind, ChangeKind::Add { .. });
    let added = resolution.changes.iter().filter(|change| is_new(&change.kind)).map(|change| &change.package);
    let mut found: BTreeMap<Vec<PackageKey>, (Strength, BTreeSet<PackageKey>)> = BTreeMap::new();
    for package in added.filter_map(|key| resolution.get(key)) {
        let release = &package.release;
        let recommended = release.recommends.iter().map(|dependency| (Strength::Recommended, dependency));
        let suggested = release.suggests.iter().map(|dependency| (Strength::Suggested, dependency));
        for (strength, dependency) in recommended.chain(suggested) {
            let options = offering.options(release, dependency);
            if !options.is_empty() {
                let (known, wanted_by) = found.entry(options).or_insert((strength, BTreeSet::new()));
                *known = strength.min(*known);
                wanted_by.insert(package.key());
            }
        }
    }
    let mut offers: Vec<Offer> = found
        .into_iter()
        .map(|(options, (strength, wanted_by))| Offer {
            strength,
            options,
            wanted_by: wanted_by.into_iter().collect(),
        })
        .collect();
    offers.sort_by(|a, b| (a.strength, &a.options).cmp(&(b.strength, &b.options)));
    offers.truncate(MAX_OFFERS);
    offers
}

struct Offering<'a> {
    resolution: &'a Resolution,
    request: &'a Request,
    provider: &'a dyn Provider,
}

impl Offering<'_> {
    /// What would fulfil a dependency; nothing where something does already.
    fn options(&self, own: &Release, dependency: &Dependency) -> Vec<PackageKey> {
        let alternatives = dependency.alternatives();
        let is_fulfilled = |release: &Release| alternatives.iter().any(|one| self.fulfils(own, one, release));
        if self.resolution.packages.iter().any(|package| is_fulfilled(&package.release)) {
            return Vec::new();
        }
        let mut options: Vec<PackageKey> = Vec::new();
        for requirement in alternatives {
            let named = target(&self.request.options.mapped, &own.source, requirement);
            let mut providing = self.provider.providers(&named.source, &named.id);
            providing.sort();
            let source = named.source.clone();
            let providing = providing.into_iter().map(|id| PackageKey { source: source.clone(), id });
            for key in std::iter::once(named).chain(providing) {
                if !options.contains(&key) && self.can_come(own, requirement, &key) {
                    options.push(key);
                }
            }
        }
        options.truncate(MAX_OPTIONS);
        options
    }

    /// Whether the package is not there yet, and has a version that could be.
    fn can_come(&self, own: &Release, requirement: &Requirement, key: &PackageKey) -> bool {
        let releases = self.provider.releases(&key.source, &key.id);
        self.resolution.get(key).is_none()
            && releases.iter().any(|release| {
                self.fulfils(own, requirement, release)
                    && verdict(self.request, release, None) == Verdict::Fits
                    && !self.resolution.packages.iter().any(|other| self.exclude(release, &other.release))
            })
    }

    fn fulfils(&self, own: &Release, requirement: &Requirement, release: &Release) -> bool {
        let wanted = target(&self.request.options.mapped, &own.source, requirement);
        if release.source != wanted.source {
            return false;
        }
        let range = &requirement.version;
        let provides = release.provides.iter().any(|provided| {
            let version = provided.version.as_ref();
            provided.package == wanted.id
                && version.map_or(range.is_any(), |version| in_range(range, version))
        });
        release.id == wanted.id && in_range(range, &release.version) || provides
    }

    /// Whether one of two packages excludes the other. A name excludes only others that have it.
    fn exclude(&self, one: &Release, other: &Release) -> bool {
        let excludes = |own: &Release, other: &Release| {
            let is_other = own.id != other.id || own.source != other.source;
            is_other && own.conflicts.iter().any(|conflict| self.fulfils(own, conflict, other))
        };
        excludes(one, other) || excludes(other, one)
    }
}
