//! A catalog in memory, written as text.

use std::{collections::BTreeMap, sync::Arc};

use muster_domain::{
    Archive, Channel, Dependency, Feature, GameSupport, Kind, Lock, LockedPackage, PackageId, Provided,
    Redistribution, Release, Requirement, Sha256, Side, SourceId, Version, Vouched,
};
use muster_resolver::{Explanation, Fact, PackageKey, Provider, Request, Resolution, Wish};

pub fn source(name: &str) -> SourceId {
    match name {
        "main" => SourceId::registry(&Sha256([1; 32])),
        other => other.parse().expect("source"),
    }
}

pub fn id(text: &str) -> PackageId {
    text.parse().expect("id")
}

pub fn key(text: &str) -> PackageKey {
    PackageKey { source: source("main"), id: id(text) }
}

pub fn version(text: &str) -> Version {
    text.parse().expect("version")
}

/// `name` or `name range`.
pub fn requirement(text: &str) -> Requirement {
    let (name, range) = text.split_once(' ').unwrap_or((text, "*"));
    Requirement { package: id(name), version: range.parse().expect("range"), source: None }
}

/// A release named `name version`, refined by the methods of [`Build`].
pub fn release(text: &str) -> Release {
    let (name, number) = text.split_once(' ').expect("name and version");
    let number = version(number);
    let mut hash = [0; 32];
    for (at, byte) in text.bytes().enumerate() {
        hash[at % 32] ^= byte.rotate_left(at as u32 / 32);
    }
    Release {
        source: source("main"),
        id: id(name),
        version: number,
        kind: Kind(Kind::MOD.into()),
        archive: Archive { sha256: Sha256(hash), size: 1 },
        vouched: Vouched::Source,
        unpacked_size: 0,
        channel: Channel::Stable,
        yanked: None,
        games: vec![],
        platforms: vec![],
        side: Side::Both,
        depends: vec![],
        recommends: vec![],
        features: vec![],
        suggests: vec![],
        conflicts: vec![],
        provides: vec![],
        license: None,
        redistribute: Redistribution::ByLicense,
        origins: vec![],
        torrent: None,
        block_list: None,
        entry_map: None,
        published: None,
        recipe: None,
    }
}

pub trait Build: Sized {
    /// Alternatives separated by `|`.
    fn needs(self, text: &str) -> Self;
    /// A part of it that may be done without: off unless its name ends in `!`; with the packages that it brings.
    fn feature(self, name: &str, brings: &[&str]) -> Self;
    fn conflicts(self, text: &str) -> Self;
    fn provides(self, text: &str) -> Self;
    fn channel(self, channel: Channel) -> Self;
    fn yanked(self, reason: &str) -> Self;
    fn game(self, text: &str) -> Self;
    /// Runs there only.
    fn on(self, platform: &str) -> Self;
    fn side(self, side: Side) -> Self;
    fn from(self, source: &str) -> Self;
}

impl Build for Release {
    fn needs(mut self, text: &str) -> Self {
        let mut any_of: Vec<Requirement> = text.split('|').map(|one| requirement(one.trim())).collect();
        self.depends.push(match any_of.len() {
            1 => Dependency::One(any_of.remove(0)),
            _ => Dependency::AnyOf { any_of },
        });
        self
    }

    fn feature(mut self, name: &str, brings: &[&str]) -> Self {
        let plain = name.trim_end_matches('!');
        self.features.push(Feature {
            id: plain.parse().expect("a feature"),
            title: format!("The {plain}"),
            summary: String::new(),
            default: plain != name,
            depends: brings.iter().map(|package| id(package)).collect(),
        });
        self
    }

    fn conflicts(mut self, text: &str) -> Self {
        self.conflicts.push(requirement(text));
        self
    }

    fn provides(mut self, text: &str) -> Self {
        let (name, number) = text.split_once(' ').map_or((text, None), |(name, number)| (name, Some(number)));
        self.provides.push(Provided { package: id(name), version: number.map(version) });
        self
    }

    fn channel(mut self, channel: Channel) -> Self {
        self.channel = channel;
        self
    }

    fn yanked(mut self, reason: &str) -> Self {
        self.yanked = Some(reason.to_owned());
        self
    }

    fn game(mut self, text: &str) -> Self {
        let (name, range) = text.split_once(' ').unwrap_or((text, "*"));
        let support =
            GameSupport { game: name.parse().expect("game"), version: range.parse().expect("range") };
        self.games.push(support);
        self
    }

    fn on(mut self, platform: &str) -> Self {
        self.platforms.push(platform.to_owned());
        self
    }

    fn side(mut self, side: Side) -> Self {
        self.side = side;
        self
    }

    fn from(mut self, name: &str) -> Self {
        self.source = source(name);
        self
    }
}

#[derive(Clone, Debug, Default)]
pub struct Catalog(pub Vec<Arc<Release>>);

pub fn catalog(releases: impl IntoIterator<Item = Release>) -> Catalog {
    Catalog(releases.into_iter().map(Arc::new).collect())
}

impl Provider for Catalog {
    fn releases(&self, source: &SourceId, id: &PackageId) -> Vec<Arc<Release>> {
        self.0.iter().filter(|release| release.source == *source && release.id == *id).cloned().collect()
    }

    fn providers(&self, source: &SourceId, id: &PackageId) -> Vec<PackageId> {
        let provides = |release: &&Arc<Release>| {
            release.source == *source && release.provides.iter().any(|provided| provided.package == *id)
        };
        self.0.iter().filter(provides).map(|release| release.id.clone()).collect()
    }

    fn elsewhere(&self, source: &SourceId, id: &PackageId) -> Vec<SourceId> {
        let there = self.0.iter().filter(|release| release.id == *id && release.source != *source);
        there.map(|release| release.source.clone()).collect()
    }

    fn is_unreachable(&self, source: &SourceId) -> bool {
        source.as_str() == "ckan"
    }
}

/// Wishes as `name` or `name range`, in the main source.
pub fn request(wishes: &[&str]) -> Request {
    let wish = |text: &&str| {
        let requirement = requirement(text);
        Wish { range: requirement.version, ..Wish::any(source("main"), requirement.package) }
    };
    Request { wished: wishes.iter().map(wish).collect(), ..Request::default() }
}

/// A lock of `name version` pairs.
pub fn lock(packages: &[&str]) -> Lock {
    let locked = |text: &&str| {
        let release = release(text);
        LockedPackage {
            source: release.source,
            id: release.id,
            version: release.version,
            kind: release.kind,
            archive: release.archive,
            vouched: Vouched::Source,
            publisher_key: None,
            wished: false,
            enabled: true,
            rank: None,
            held: None,
            side: release.side,
            needs: vec![],
            recipe: None,
        }
    };
    Lock { packages: packages.iter().map(locked).collect(), ..Lock::default() }
}

/// `name version` of everything chosen.
pub fn chosen(resolution: &Resolution) -> Vec<String> {
    let text = |p: &muster_resolver::ResolvedPackage| format!("{} {}", p.release.id, p.release.version);
    resolution.packages.iter().map(text).collect()
}

/// An explanation as indented lines.
pub fn outline(explanation: &Explanation) -> String {
    let mut text = String::new();
    write(&explanation.fact, 0, &mut text);
    for fix in &explanation.fixes {
        text.push_str(&format!("fix {}{}\n", fix.code(), params(&fix.params())));
    }
    text
}

fn write(fact: &Fact, depth: usize, text: &mut String) {
    text.push_str(&format!("{}{}{}\n", "  ".repeat(depth), fact.code, params(&fact.params)));
    fact.because.iter().for_each(|below| write(below, depth + 1, text));
}

fn params(params: &[(&'static str, String)]) -> String {
    params.iter().map(|(name, value)| format!(" {name}={value:?}")).collect()
}

pub fn by_key(resolution: &Resolution) -> BTreeMap<PackageKey, &Release> {
    resolution.packages.iter().map(|package| (package.key(), &*package.release)).collect()
}
