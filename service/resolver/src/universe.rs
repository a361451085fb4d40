//! An [`Index`] in the light of one request: which releases may be chosen at all. Each package is judged when it is first
//! looked at.

use std::{cell::OnceCell, sync::Arc};

use muster_domain::{Channel, LockedPackage, Release, Version, VersionRange};
use pubgrub::VersionSet as _;

use crate::{
    PackageKey, Request,
    index::{Entry, Index, Relation, in_range},
    set::Set,
};

/// Why a release cannot be chosen, whatever the requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fits,
    /// Withdrawn by the publisher, and not what is installed.
    Yanked(String),
    /// Somebody advises against it, for this reason, and it is not what is installed.
    Denied(String),
    /// Made for other games or other versions of this one.
    OtherGame,
    /// What is installed under this version has another hash.
    Replaced,
    /// The player holds the package at another version, for this reason.
    Held(String),
    /// Does not run where the game does.
    OtherPlatform,
    /// Fits in every other respect, and is needed on the other side only.
    OtherSide,
}

#[derive(Debug)]
struct Judged {
    verdicts: Vec<Verdict>,
    installed: Option<u32>,
    /// What a requirement that names no version accepts.
    choosable: Set,
    /// Stable releases with the version of a pre-release: accepted where a range names them.
    by_name: Set,
    fits: Set,
}

/// One package with its releases, oldest first; a version is an index into them.
#[derive(Clone, Copy)]
pub(crate) struct Package<'a> {
    entry: &'a Entry,
    judged: &'a Judged,
}

impl<'a> Package<'a> {
    pub fn key(self) -> &'a PackageKey {
        &self.entry.key
    }

    pub fn count(self) -> u32 {
        self.entry.count()
    }

    pub fn release(self, index: u32) -> &'a Arc<Release> {
        &self.entry.releases[index as usize]
    }

    pub fn version(self, index: u32) -> &'a Version {
        &self.release(index).version
    }

    pub fn ripeness(self, index: u32) -> Channel {
        ripeness(self.release(index))
    }

    pub fn verdict(self, index: u32) -> &'a Verdict {
        &self.judged.verdicts[index as usize]
    }

    pub fn installed(self) -> Option<u32> {
        self.judged.installed
    }

    /// The versions in a range, may they be chosen or not.
    pub fn in_range(self, range: &VersionRange) -> Set {
        self.entry.in_range(range)
    }

    /// The versions that fulfil a wish.
    pub fn accepted(self, range: &VersionRange, pin: Option<&Version>) -> Set {
        let in_range = self.in_range(range);
        match pin {
            Some(pin) => {
                // Whoever names a version may only know what people call it.
                let is_pinned = |index: &u32| {
                    let version = self.version(*index);
                    version == pin || (version.partial_cmp(pin).is_none() && version.label() == pin.label())
                };
                let pinned: Set = (0..self.count()).filter(is_pinned).collect();
                pinned.intersection(&in_range).intersection(&self.judged.fits)
            }
            None => self.choosable(&in_range, range.is_any()),
        }
    }

    /// What may be chosen of the versions in a range.
    fn choosable(self, in_range: &Set, is_any: bool) -> Set {
        let choosable = in_range.intersection(&self.judged.choosable);
        match is_any || self.judged.by_name.is_empty() {
            true => choosable,
            false => choosable.union(&in_range.intersection(&self.judged.by_name)),
        }
    }
}

pub(crate) struct Universe<'a> {
    pub index: &'a Index,
    request: &'a Request,
    judged: Vec<OnceCell<Judged>>,
    /// As if nothing were installed and nothing held.
    anew: Vec<OnceCell<Judged>>,
}

impl<'a> Universe<'a> {
    pub fn new(index: &'a Index, request: &'a Request) -> Self {
        let unjudged = || std::iter::repeat_with(OnceCell::new).take(index.entries.len()).collect();
        Self { index, request, judged: unjudged(), anew: unjudged() }
    }

    pub fn find(&self, key: &PackageKey) -> Option<u32> {
        self.index.find(key)
    }

    pub fn package(&self, index: u32) -> Package<'_> {
        let entry = &self.index.entries[index as usize];
        let judged = self.judged[index as usize].get_or_init(|| {
            let locked = self.request.installed.get(&entry.key.source, &entry.key.id);
            judge(self.request, entry, locked, self.request.options.held.get(&entry.key))
        });
        Package { entry, judged }
    }

    /// A package judged as if nothing were installed and nothing held.
    fn package_anew(&self, index: u32) -> Package<'_> {
        let entry = &self.index.entries[index as usize];
        let judged = self.anew[index as usize].get_or_init(|| judge(self.request, entry, None, None));
        Package { entry, judged }
    }

    /// Whether a need for any of these is one of the other side only, where nothing of what may be chosen fulfils it: some
    /// version would do, were it not for the other side, and none of this side would. What is installed or held has no say
    /// in it: it may be gone after the answer, which has to hold without it.
    pub fn is_met_elsewhere(&self, relations: &[u32]) -> bool {
        let relations = || relations.iter().map(|relation| &self.index.relations[*relation as usize]);
        let is_of_other_side = |(package, versions): &(u32, Set)| {
            let package = self.package_anew(*package);
            versions.members(package.count()).any(|version| *package.verdict(version) == Verdict::OtherSide)
        };
        relations().any(|relation| relation.named.iter().chain(&relation.providing).any(is_of_other_side))
            && !relations()
                .any(|relation| choosable(relation, |package| self.package_anew(package)).next().is_some())
    }

    /// The packages that fulfil a relation, each with the versions that do and may be chosen; the named one first.
    pub fn fulfilling(&self, relation: &'a Relation) -> impl Iterator<Item = (u32, Set)> {
        choosable(relation, |package| self.package(package))
    }
}

fn choosable<'a>(
    relation: &'a Relation,
    package: impl Fn(u32) -> Package<'a> + Copy,
) -> impl Iterator<Item = (u32, Set)> {
    let named = relation.named.iter();
    let named = named.map(move |(named, set)| (*named, package(*named).choosable(set, relation.is_any)));
    let providing = relation.providing.iter();
    let providing = providing.map(move |(other, set)| (*other, package(*other).choosable(set, true)));
    named.chain(providing).filter(|(_, versions)| !versions.is_empty())
}

fn judge(request: &Request, entry: &Entry, locked: Option<&LockedPackage>, held: Option<&String>) -> Judged {
    let releases = &entry.releases;
    let judge = |release: &Arc<Release>| {
        let moves = held.filter(|_| locked.is_some_and(|locked| locked.version != release.version));
        match (verdict(request, release, locked), moves) {
            // What is not needed here need not move to be so.
            (Verdict::OtherSide, _) => Verdict::OtherSide,
            (_, Some(reason)) => Verdict::Held(reason.clone()),
            (verdict, None) => verdict,
        }
    };
    let verdicts: Vec<Verdict> = releases.iter().map(judge).collect();
    let installed = locked.and_then(|locked| {
        releases.iter().position(|release| release.version == locked.version).map(|at| at as u32)
    });
    let fitting = (0u32..).zip(&verdicts).filter(|(_, verdict)| **verdict == Verdict::Fits);
    let fits: Set = fitting.map(|(index, _)| index).collect();
    let members: Vec<u32> = fits.members(entry.count()).collect();
    let ripeness = |index: u32| ripeness(&releases[index as usize]);
    // Least ripe channel that is eligible: the one asked for, or the ripest there is.
    let ripest = members.iter().map(|index| ripeness(*index)).max();
    let floor = request.options.channel_of(&entry.key).min(ripest.unwrap_or_default());
    let is_choosable = |index: &u32| ripeness(*index) >= floor || installed == Some(*index);
    let is_named = |index: &u32| {
        let release = &releases[*index as usize];
        release.version.is_prerelease() && release.channel == Channel::Stable
    };
    let choosable = members.iter().copied().filter(is_choosable).collect();
    let by_name = members.iter().copied().filter(is_named).collect();
    Judged { verdicts, installed, choosable, by_name, fits }
}

fn ripeness(release: &Release) -> Channel {
    if release.version.is_prerelease() { release.channel.min(Channel::Beta) } else { release.channel }
}

/// Whether a release may be chosen at all.
pub(crate) fn verdict(request: &Request, release: &Release, locked: Option<&LockedPackage>) -> Verdict {
    let locked = locked.filter(|locked| locked.version == release.version);
    // Versions of a registry are immutable; folders of the user's own are not.
    let is_immutable = release.source.registry_root().is_some();
    if is_immutable && locked.is_some_and(|locked| locked.archive != release.archive) {
        return Verdict::Replaced;
    }
    if locked.is_none() {
        if let Some(reason) = &release.yanked {
            return Verdict::Yanked(reason.clone());
        }
        if let Some(reason) = denied(request, release) {
            return Verdict::Denied(reason.clone());
        }
    }
    let role = &request.options.role;
    let is_judged = locked.is_none() || role.is_new;
    match release {
        _ if !fits_game(request, release) => Verdict::OtherGame,
        _ if is_judged && !role.platform.is_none_or(|platform| release.runs_on(platform)) => {
            Verdict::OtherPlatform
        }
        _ if is_judged && !release.side.is_needed_on(role.side) => Verdict::OtherSide,
        _ => Verdict::Fits,
    }
}

fn denied<'a>(request: &'a Request, release: &Release) -> Option<&'a String> {
    if request.options.denied.is_empty() {
        return None;
    }
    let key = PackageKey { source: release.source.clone(), id: release.id.clone() };
    let versions = request.options.denied.get(&key)?;
    versions.iter().find(|(version, _)| *version == release.version).map(|(_, reason)| reason)
}

fn fits_game(request: &Request, release: &Release) -> bool {
    let Some(game) = &request.game else { return true };
    let fits = |range: &VersionRange| {
        game.versions.is_empty() || game.versions.iter().any(|version| in_range(range, version))
    };
    release.games.is_empty()
        || release.games.iter().any(|support| support.game == game.id && fits(&support.version))
}
