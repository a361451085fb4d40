//! What is asked, and what answers questions about the catalog.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::Arc,
};

use muster_domain::{
    Channel, FeatureChoice, GameId, Lock, PackageId, Platform, Release, Side, SourceId, Version, VersionRange,
};
use serde::Serialize;

/// A package: source and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PackageKey {
    pub source: SourceId,
    pub id: PackageId,
}

impl fmt::Display for PackageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)
    }
}

/// A package that the player asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub package: PackageKey,
    pub range: VersionRange,
    /// Exactly this version, however ripe.
    pub pin: Option<Version>,
}

impl Wish {
    /// Any version of a package.
    pub fn any(source: SourceId, id: PackageId) -> Self {
        Self { package: PackageKey { source, id }, range: VersionRange::any(), pin: None }
    }
}

/// The game that the packages are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameTarget {
    pub id: GameId,
    /// A release fits if it fits any of these; empty if it could not be found out, and then every version fits.
    pub versions: Vec<Version>,
}

/// Which installed packages may move to newer versions without need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Update {
    /// None: what is installed stays wherever it can.
    #[default]
    Nothing,
    Everything,
    Only(BTreeSet<PackageKey>),
}

impl Update {
    pub(crate) fn covers(&self, package: &PackageKey) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Only(packages) => packages.contains(package),
        }
    }
}

/// What the packages are for: which part of the game, on which kind of machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Packages of the other side only are not chosen, and needs of them count as met.
    pub side: Side,
    /// Packages that do not run there are not chosen. None: not known, and every package fits.
    pub platform: Option<Platform>,
    /// Whether it was another one until now. What is installed has to fit then as well; else it stays.
    pub is_new: bool,
}

/// How to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub update: Update,
    /// Least ripe channel that is taken although a riper release exists. A semver pre-release counts as beta.
    pub channel: Channel,
    /// The same for packages that have one of their own.
    pub channels: BTreeMap<PackageKey, Channel>,
    /// Installed packages that the player holds at their version, and why; no other version of them is taken.
    pub held: BTreeMap<PackageKey, String>,
    /// Versions that somebody advises against, and why: not chosen, and left where they are installed.
    pub denied: BTreeMap<PackageKey, Vec<(Version, String)>>,
    /// What the player said about features of packages: which of their dependencies are needed.
    pub features: BTreeMap<PackageKey, FeatureChoice>,
    /// Dependencies that the player maps to another source.
    pub mapped: BTreeMap<PackageKey, SourceId>,
    pub role: Role,
}

impl Options {
    /// Least ripe channel that the player wants of a package.
    pub fn channel_of(&self, package: &PackageKey) -> Channel {
        self.channels.get(package).copied().unwrap_or(self.channel)
    }
}

/// A question to [`crate::resolve`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Everything that is wished, installed or not: what is neither here nor needed is removed.
    pub wished: Vec<Wish>,
    pub installed: Lock,
    pub game: Option<GameTarget>,
    pub options: Options,
}

/// The catalog, as far as resolving needs it. Answers must not change during one resolution.
pub trait Provider {
    /// Every release of a package, also withdrawn and unripe ones, in any order. Empty if there is no such package.
    fn releases(&self, source: &SourceId, id: &PackageId) -> Vec<Arc<Release>>;

    /// Packages of the same source that say they provide `id` in some release.
    fn providers(&self, source: &SourceId, id: &PackageId) -> Vec<PackageId>;

    /// Other sources that have a package of this id. Only for explanations: nothing is taken from there.
    fn elsewhere(&self, source: &SourceId, id: &PackageId) -> Vec<SourceId>;

    /// Whether the source could not be read, so that an empty answer proves nothing.
    fn is_unreachable(&self, _source: &SourceId) -> bool {
        false
    }
}

/// Asks the real provider once per package.
pub(crate) struct Memo<'a> {
    provider: &'a dyn Provider,
    releases: RefCell<HashMap<PackageKey, Vec<Arc<Release>>>>,
    providers: RefCell<HashMap<PackageKey, Vec<PackageId>>>,
}

impl<'a> Memo<'a> {
    pub fn new(provider: &'a dyn Provider) -> Self {
        Self { provider, releases: RefCell::default(), providers: RefCell::default() }
    }

    pub fn releases(&self, key: &PackageKey) -> Vec<Arc<Release>> {
        let ask = || self.provider.releases(&key.source, &key.id);
        self.releases.borrow_mut().entry(key.clone()).or_insert_with(ask).clone()
    }

    pub fn providers(&self, key: &PackageKey) -> Vec<PackageId> {
        let ask = || {
            let mut providers = self.provider.providers(&key.source, &key.id);
            providers.sort();
            providers.dedup();
            providers
        };
        self.providers.borrow_mut().entry(key.clone()).or_insert_with(ask).clone()
    }

    pub fn elsewhere(&self, key: &PackageKey) -> Vec<SourceId> {
        let mut sources = self.provider.elsewhere(&key.source, &key.id);
        sources.retain(|source| *source != key.source);
        sources.sort();
        sources.dedup();
        sources
    }

    pub fn is_unreachable(&self, source: &SourceId) -> bool {
        self.provider.is_unreachable(source)
    }
}
