//! `muster.lock`: exactly which bytes a profile consists of.

use serde::{Deserialize, Serialize};

use crate::{
    Archive, Channel, FeatureChoice, Kind, PackageFeature, PackageId, Platform, PublishedName, Recipe,
    Sha256, Side, SourceId, Version, Vouched,
};

/// The format that this program writes; readers refuse newer ones.
pub const LOCK_FORMAT: u32 = 1;

/// Why a lock file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    #[error("the lock file cannot be read: {0}")]
    Syntax(String),
    #[error("the lock file has format {0}, this program reads up to {LOCK_FORMAT}")]
    Format(u32),
    #[error("{0} is locked twice")]
    Duplicate(PackageId),
}

impl LockError {
    pub const CODES: &[&str] = &["lock-syntax", "lock-format", "lock-duplicate"];
}

impl crate::Coded for LockError {
    fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "lock-syntax",
            Self::Format(_) => "lock-format",
            Self::Duplicate(_) => "lock-duplicate",
        }
    }
}

/// The exact set of packages of a profile, sorted by source and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub format: u32,
    /// The least ripe releases that the player wants of its packages.
    #[serde(default, skip_serializing_if = "is_stable")]
    pub channel: Channel,
    /// What the profile is for when the game is played over a network: its packages are those that are needed there.
    #[serde(default = "Side::client", skip_serializing_if = "Side::is_client")]
    pub side: Side,
    /// What the game runs on, where the player says so; else it is what the installation runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    #[serde(default, rename = "source", skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<LockedSource>,
    #[serde(default, rename = "package", skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<LockedPackage>,
    /// Where the player said that a needed package comes from, other than its source would say.
    #[serde(default, rename = "mapping", skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<Mapping>,
    /// Packages that have a channel of their own.
    #[serde(default, rename = "package-channel", skip_serializing_if = "Vec::is_empty")]
    pub package_channels: Vec<PackageChannel>,
    /// Features of packages that the player switched on or off; others are as their authors say.
    #[serde(default, rename = "package-feature", skip_serializing_if = "Vec::is_empty")]
    pub package_features: Vec<PackageFeature>,
    /// What the player did not want of the collections that are there.
    #[serde(default, rename = "left-out", skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

fn is_stable(channel: &Channel) -> bool {
    *channel == Channel::Stable
}

/// The least ripe releases that the player wants of one package, whatever the profile's channel is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageChannel {
    pub source: SourceId,
    pub id: PackageId,
    pub channel: Channel,
}

/// The player's answer to "which source has this?": a package that is asked for there is taken from here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mapping {
    /// Where it would be looked for.
    pub source: SourceId,
    pub id: PackageId,
    /// Where it is taken from.
    pub from: SourceId,
}

/// A package that a collection lists and the player did not want: it is not asked for again with the collection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LeftOut {
    /// The collection.
    #[serde(rename = "list-source")]
    pub list_source: SourceId,
    pub list: PackageId,
    /// What it lists.
    pub source: SourceId,
    pub id: PackageId,
}

/// A source that a lock refers to, with what identifies it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LockedSource {
    pub id: SourceId,
    /// Where it was read from; a hint, never trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// One package of a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedPackage {
    pub source: SourceId,
    pub id: PackageId,
    pub version: Version,
    pub kind: Kind,
    #[serde(flatten)]
    pub archive: Archive,
    /// A lock that is kept never says [`Vouched::Awaited`].
    #[serde(default, skip_serializing_if = "Vouched::is_source")]
    pub vouched: Vouched,
    /// Fingerprint of the publisher's key set that signed the release, where the source has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher_key: Option<Sha256>,
    /// Whether the player asked for it, as opposed to something else needing it.
    #[serde(default)]
    pub wished: bool,
    /// Turned off packages keep their place and are not deployed.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Its place in the load order that the player chose; packages without one come behind those that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// The player keeps it at this version, for this reason (empty if none was given).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// Ids of the locked packages (same source) that this one needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<PackageId>,
    /// Where it is needed when the game is played over a network.
    #[serde(default, skip_serializing_if = "Side::is_both")]
    pub side: Side,
    /// How its files are placed, where the archive is another service's: kept, so that no source is asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
}

fn yes() -> bool {
    true
}

impl LockedPackage {
    /// Publisher and name, where it comes from a registry: what other services call alike is nobody's signed name.
    pub fn published(&self) -> Option<PublishedName> {
        self.source.registry_root().and_then(|_| self.id.published().ok())
    }
}

impl Default for Lock {
    fn default() -> Self {
        Self {
            format: LOCK_FORMAT,
            channel: Channel::default(),
            side: Side::client(),
            platform: None,
            sources: Vec::new(),
            packages: Vec::new(),
            mappings: Vec::new(),
            package_channels: Vec::new(),
            package_features: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

impl Lock {
    /// Puts sources and packages in their canonical order.
    pub fn sorted(mut self) -> Self {
        self.sources.sort();
        self.sources.dedup();
        self.mappings.sort();
        self.mappings.dedup();
        self.package_channels.sort();
        self.package_channels.dedup_by(|one, other| one.source == other.source && one.id == other.id);
        self.package_features.sort();
        let name = |of: &PackageFeature| (of.source.clone(), of.id.clone(), of.feature.clone());
        self.package_features.dedup_by(|one, other| name(one) == name(other));
        self.left_out.sort();
        self.left_out.dedup();
        self.packages.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
        self
    }

    /// The package with this identity.
    pub fn get(&self, source: &SourceId, id: &PackageId) -> Option<&LockedPackage> {
        // Names differ sooner than sources.
        self.packages.iter().find(|p| p.id == *id && p.source == *source)
    }

    /// What the player did not want of a collection.
    pub fn left_out_of(
        &self,
        source: &SourceId,
        list: &PackageId,
    ) -> impl Iterator<Item = (&SourceId, &PackageId)> {
        let of_it = self.left_out.iter().filter(move |out| out.list_source == *source && out.list == *list);
        of_it.map(|out| (&out.source, &out.id))
    }

    /// The channel of a package's own, if it has one.
    pub fn own_channel(&self, source: &SourceId, id: &PackageId) -> Option<Channel> {
        self.package_channels.iter().find(|of| of.source == *source && of.id == *id).map(|of| of.channel)
    }

    /// The least ripe releases that the player wants of a package.
    pub fn channel_of(&self, source: &SourceId, id: &PackageId) -> Channel {
        self.own_channel(source, id).unwrap_or(self.channel)
    }

    /// What the player said about the features of a package.
    pub fn features_of(&self, source: &SourceId, id: &PackageId) -> FeatureChoice {
        let own = self.package_features.iter().filter(|of| of.source == *source && of.id == *id);
        own.map(|of| (of.feature.clone(), of.on)).collect()
    }

    /// Text of the file; equal locks give equal text.
    pub fn to_text(&self) -> String {
        let body = toml::to_string(&self.clone().sorted()).unwrap_or_default();
        format!("# Written by Muster. Equal locks mean equal bytes; do not edit by hand.\n{body}")
    }

    /// Reads the text of a lock file.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        #[derive(Deserialize)]
        struct Header {
            format: u32,
        }
        let syntax = |error: toml::de::Error| LockError::Syntax(error.message().to_owned());
        let lock: Self = match toml::from_str(text) {
            Ok(lock) => lock,
            // What a newer program wrote need not look like what this one knows.
            Err(error) => match toml::from_str::<Header>(text) {
                Ok(header) if header.format > LOCK_FORMAT => return Err(LockError::Format(header.format)),
                _ => return Err(syntax(error)),
            },
        };
        if lock.format > LOCK_FORMAT {
            return Err(LockError::Format(lock.format));
        }
        let lock = lock.sorted();
        let twice = lock
            .packages
            .windows(2)
            .find(|pair| pair[0].source == pair[1].source && pair[0].id == pair[1].id);
        match twice {
            Some(pair) => Err(LockError::Duplicate(pair[0].id.clone())),
            None => Ok(lock),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(id: &str) -> LockedPackage {
        LockedPackage {
            source: SourceId::registry(&Sha256([7; 32])),
            id: id.parse().expect("id"),
            version: Version::semver("1.2.3").expect("version"),
            kind: Kind(Kind::MOD.into()),
            archive: Archive { sha256: Sha256([1; 32]), size: 12 },
            vouched: Vouched::Source,
            publisher_key: Some(Sha256([2; 32])),
            wished: true,
            enabled: true,
            rank: None,
            held: None,
            side: Side::Both,
            needs: vec![],
            recipe: None,
        }
    }

    #[test]
    fn equal_locks_give_equal_text_and_read_back() {
        let one = Lock { packages: vec![package("b/bb"), package("a/aa")], ..Lock::default() };
        let other = Lock { packages: vec![package("a/aa"), package("b/bb")], ..Lock::default() };
        assert_eq!(one.to_text(), other.to_text());
        assert_eq!(Lock::parse(&one.to_text()).expect("reads"), other);
        assert!(one.to_text().contains("[[package]]"), "{}", one.to_text());
    }

    #[test]
    fn channels_of_the_profile_and_of_packages_are_kept() {
        let plain = Lock { packages: vec![package("a/aa"), package("b/bb")], ..Lock::default() };
        assert!(!plain.to_text().contains("channel"), "what nobody chose is not written");
        let (source, id) = (plain.packages[0].source.clone(), plain.packages[0].id.clone());
        let own = PackageChannel { source: source.clone(), id: id.clone(), channel: Channel::Stable };
        let lock = Lock { channel: Channel::Beta, package_channels: vec![own], ..plain };
        let read = Lock::parse(&lock.to_text()).expect("reads");
        assert_eq!(read, lock);
        assert_eq!(read.channel_of(&source, &id), Channel::Stable);
        assert_eq!(read.channel_of(&source, &lock.packages[1].id), Channel::Beta);
    }

    #[test]
    fn choices_of_features_are_kept_once_each_and_what_nobody_chose_is_not_written() {
        let plain = Lock { packages: vec![package("a/aa"), package("b/bb")], ..Lock::default() };
        assert!(!plain.to_text().contains("feature"));
        let (source, id) = (plain.packages[0].source.clone(), plain.packages[0].id.clone());
        let chosen = |feature: &str, on: bool| PackageFeature {
            source: source.clone(),
            id: id.clone(),
            feature: feature.parse().expect("a feature"),
            on,
        };
        let package_features = vec![chosen("voices", true), chosen("maps", false), chosen("voices", true)];
        let lock = Lock { package_features, ..plain };
        let read = Lock::parse(&lock.to_text()).expect("reads");
        assert_eq!(read.package_features, [chosen("maps", false), chosen("voices", true)]);
        let choice = read.features_of(&source, &id);
        assert_eq!(
            choice.into_iter().map(|(feature, on)| (feature.to_string(), on)).collect::<Vec<_>>(),
            [("maps".to_owned(), false), ("voices".to_owned(), true)]
        );
        assert!(read.features_of(&source, &lock.packages[1].id).is_empty());
    }

    #[test]
    fn what_was_left_out_of_a_collection_is_kept_under_its_collection() {
        let plain = Lock { packages: vec![package("a/crew"), package("a/other")], ..Lock::default() };
        assert!(!plain.to_text().contains("left-out"), "what nobody said is not written");
        let source = plain.packages[0].source.clone();
        let out = |list: &str, id: &str| LeftOut {
            list_source: source.clone(),
            list: list.parse().expect("id"),
            source: "ckan".parse().expect("id"),
            id: id.parse().expect("id"),
        };
        let left_out = vec![out("a/crew", "b"), out("a/crew", "a"), out("a/other", "c"), out("a/crew", "b")];
        let lock = Lock { left_out, ..plain };
        let read = Lock::parse(&lock.to_text()).expect("reads");
        assert_eq!(read, lock.sorted());
        let crew = "a/crew".parse().expect("id");
        let names = read.left_out_of(&source, &crew);
        assert_eq!(names.map(|(_, id)| id.to_string()).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_the_profile_is_for_is_kept_and_the_usual_is_not_written() {
        let plain = Lock { packages: vec![package("a/aa")], ..Lock::default() };
        assert_eq!(plain.side, Side::Client);
        assert!(!plain.to_text().contains("side") && !plain.to_text().contains("platform"));
        assert_eq!(Lock::parse(&plain.to_text()).expect("reads").side, Side::Client);
        for side in [Side::Client, Side::Server, Side::Both] {
            for platform in Platform::ALL {
                let lock = Lock { side, platform: Some(platform), ..plain.clone() };
                assert_eq!(Lock::parse(&lock.to_text()), Ok(lock));
            }
        }
    }

    #[test]
    fn refuses_newer_formats_duplicates_and_noise() {
        assert_eq!(Lock::parse("format = 2"), Err(LockError::Format(2)));
        let twice = Lock { packages: vec![package("a/aa"), package("a/aa")], ..Lock::default() };
        assert!(matches!(Lock::parse(&twice.to_text()), Err(LockError::Duplicate(_))));
        assert!(matches!(Lock::parse("\u{0}"), Err(LockError::Syntax(_))));
    }
}
