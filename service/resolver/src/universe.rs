//! Everything that can matter to a request: the packages reachable from the wishes, their releases in order, and
//! which of them may be chosen at all.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use muster_domain::{Channel, LockedPackage, Release, Requirement, SourceId, Version, VersionRange};

use crate::{PackageKey, Request, request::Memo, set::Set};

/// Most packages that one resolution considers.
const MAX_PACKAGES: usize = 20_000;
/// Most releases of one package that are considered; the newest ones.
const MAX_RELEASES: usize = 2_000;

/// Why a release cannot be chosen, whatever the requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fits,
    /// Withdrawn by the publisher, and not what is installed.
    Yanked(String),
    /// Made for other games or other versions of this one.
    OtherGame,
    /// What is installed under this version has another hash.
    Replaced,
}

#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub release: Arc<Release>,
    pub verdict: Verdict,
    pub ripeness: Channel,
}

/// One package with its releases, oldest first; a version is an index into them.
#[derive(Debug)]
pub(crate) struct Package {
    pub key: PackageKey,
    pub candidates: Vec<Candidate>,
    pub installed: Option<u32>,
    /// Least ripe channel that is eligible: the one asked for, or the ripest there is.
    floor: Channel,
}

impl Package {
    pub fn count(&self) -> u32 {
        self.candidates.len() as u32
    }

    /// The versions that fulfil a range.
    pub fn accepted(&self, range: &VersionRange, pin: Option<&Version>) -> Set {
        (0..self.count()).filter(|index| self.accepts(*index, range, pin)).collect()
    }

    pub fn accepts(&self, index: u32, range: &VersionRange, pin: Option<&Version>) -> bool {
        let candidate = &self.candidates[index as usize];
        let version = &candidate.release.version;
        if candidate.verdict != Verdict::Fits || pin.is_some_and(|pin| pin != version) {
            return false;
        }
        let is_named = version.is_prerelease()
            && candidate.release.channel == Channel::Stable
            && !range.is_any()
            && range.matches(version);
        let is_ripe =
            candidate.ripeness >= self.floor || self.installed == Some(index) || pin.is_some() || is_named;
        is_ripe && in_range(range, version)
    }

    /// The versions in a range, may they be chosen or not.
    pub fn in_range(&self, range: &VersionRange) -> Set {
        let fits = |index: &u32| in_range(range, &self.candidates[*index as usize].release.version);
        (0..self.count()).filter(fits).collect()
    }

    /// The versions that provide `id` in a version of the range.
    pub fn providing(&self, requirement: &Requirement) -> Set {
        let provides = |index: &u32| {
            let release = &self.candidates[*index as usize].release;
            release.provides.iter().filter(|provided| provided.package == requirement.package).any(
                |provided| match &provided.version {
                    Some(version) => in_range(&requirement.version, version),
                    None => requirement.version.accepts_unversioned(),
                },
            )
        };
        (0..self.count()).filter(provides).collect()
    }
}

/// `*` is every version; else semver decides, for which a pre-release is in a range only if the range names it.
fn in_range(range: &VersionRange, version: &Version) -> bool {
    range.is_any() || range.matches(version)
}

#[derive(Debug, Default)]
pub(crate) struct Universe {
    pub packages: Vec<Package>,
    index: HashMap<PackageKey, u32>,
    /// By provided package: those of the same source that say they provide it, sorted.
    providers: BTreeMap<PackageKey, Vec<u32>>,
}

/// More than a resolution may consider.
#[derive(Debug)]
pub(crate) struct TooLarge;

impl Universe {
    pub fn load(request: &Request, provider: &Memo<'_>) -> Result<Self, TooLarge> {
        let mut universe = Self::default();
        let mut waiting: VecDeque<PackageKey> = VecDeque::new();
        let mut wished: Vec<PackageKey> = request.wished.iter().map(|wish| wish.package.clone()).collect();
        wished.sort();
        waiting.extend(wished);
        while let Some(key) = waiting.pop_front() {
            if universe.index.contains_key(&key) {
                continue;
            }
            if universe.packages.len() >= MAX_PACKAGES {
                return Err(TooLarge);
            }
            let package = judge(request, &key, provider.releases(&key));
            for candidate in &package.candidates {
                for requirement in candidate.release.depends.iter().flat_map(|depends| depends.alternatives())
                {
                    let target = target(request, &key.source, requirement);
                    if universe.providers.contains_key(&target) {
                        continue;
                    }
                    let providing = provider.providers(&target).into_iter();
                    waiting.extend(providing.map(|id| PackageKey { source: target.source.clone(), id }));
                    waiting.push_back(target.clone());
                    universe.providers.insert(target, Vec::new());
                }
            }
            universe.index.insert(key, universe.packages.len() as u32);
            universe.packages.push(package);
        }
        universe.link_providers();
        Ok(universe)
    }

    pub fn find(&self, key: &PackageKey) -> Option<u32> {
        self.index.get(key).copied()
    }

    pub fn package(&self, index: u32) -> &Package {
        &self.packages[index as usize]
    }

    /// Packages that provide the one with this key in some release.
    pub fn providers(&self, key: &PackageKey) -> &[u32] {
        self.providers.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every loaded package that provides something is found under what it provides, also where only a conflict asks.
    fn link_providers(&mut self) {
        let mut by_key: Vec<u32> = (0..self.packages.len() as u32).collect();
        by_key.sort_by(|a, b| self.package(*a).key.cmp(&self.package(*b).key));
        for index in by_key {
            let package = &self.packages[index as usize];
            let provided = package.candidates.iter().flat_map(|candidate| &candidate.release.provides);
            let mut ids: Vec<_> = provided.map(|provided| provided.package.clone()).collect();
            ids.sort();
            ids.dedup();
            let source = package.key.source.clone();
            for id in ids {
                self.providers.entry(PackageKey { source: source.clone(), id }).or_default().push(index);
            }
        }
    }
}

/// The package that a requirement means: in the source it names, else where the player mapped it, else in the
/// depending package's own.
pub(crate) fn target(request: &Request, own: &SourceId, requirement: &Requirement) -> PackageKey {
    let source = requirement.source.clone().unwrap_or_else(|| own.clone());
    let key = PackageKey { source, id: requirement.package.clone() };
    match request.options.mapped.get(&key) {
        Some(source) => PackageKey { source: source.clone(), ..key },
        None => key,
    }
}

fn judge(request: &Request, key: &PackageKey, mut releases: Vec<Arc<Release>>) -> Package {
    let locked = request.installed.get(&key.source, &key.id);
    // Of two releases under one version, the installed one; else the smaller hash, so that order does not matter.
    let is_installed = |release: &Release| locked.is_some_and(|locked| locked.archive == release.archive);
    releases.sort_by(|a, b| {
        order(a, b)
            .then_with(|| is_installed(b).cmp(&is_installed(a)))
            .then_with(|| a.archive.sha256.cmp(&b.archive.sha256))
    });
    releases.dedup_by(|b, a| a.version == b.version);
    if releases.len() > MAX_RELEASES {
        releases.drain(..releases.len() - MAX_RELEASES);
    }
    let candidates: Vec<Candidate> = releases
        .into_iter()
        .map(|release| Candidate {
            verdict: verdict(request, &release, locked),
            ripeness: ripeness(&release),
            release,
        })
        .collect();
    let installed = locked.and_then(|locked| {
        candidates
            .iter()
            .position(|candidate| candidate.release.version == locked.version)
            .map(|at| at as u32)
    });
    let ripest = candidates.iter().filter(|c| c.verdict == Verdict::Fits).map(|c| c.ripeness).max();
    let floor = request.options.channel.min(ripest.unwrap_or_default());
    Package { key: key.clone(), candidates, installed, floor }
}

/// Oldest first. Versions that cannot be compared go by their date, then by their text.
fn order(a: &Release, b: &Release) -> std::cmp::Ordering {
    let scheme = |release: &Release| match release.version {
        Version::Opaque(_) => 0,
        Version::Ckan(_) => 1,
        Version::Semver(_) => 2,
    };
    a.version.partial_cmp(&b.version).unwrap_or_else(|| {
        let date = |release: &Release| (release.published, release.version.to_string());
        scheme(a).cmp(&scheme(b)).then_with(|| date(a).cmp(&date(b)))
    })
}

fn ripeness(release: &Release) -> Channel {
    if release.version.is_prerelease() { release.channel.min(Channel::Beta) } else { release.channel }
}

fn verdict(request: &Request, release: &Release, locked: Option<&LockedPackage>) -> Verdict {
    let locked = locked.filter(|locked| locked.version == release.version);
    // Versions of a registry are immutable; folders of the user's own are not.
    let is_immutable = release.source.registry_root().is_some();
    if is_immutable && locked.is_some_and(|locked| locked.archive != release.archive) {
        return Verdict::Replaced;
    }
    if let (Some(reason), None) = (&release.yanked, locked) {
        return Verdict::Yanked(reason.clone());
    }
    if fits_game(request, release) { Verdict::Fits } else { Verdict::OtherGame }
}

fn fits_game(request: &Request, release: &Release) -> bool {
    let Some(game) = &request.game else { return true };
    release.games.is_empty()
        || release.games.iter().any(|support| {
            support.game == game.id
                && game.version.as_ref().is_none_or(|version| in_range(&support.version, version))
        })
}
