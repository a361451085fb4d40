//! What a source says about one version of one package.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Feature, GameId, PackageId, Sha1, Sha256, SourceId, Version, VersionRange};

/// What a package is. Kinds that Muster does not know yet are kept as they are: no category is hard-coded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Kind(pub String);

impl Kind {
    pub const MOD: &str = "mod";
    pub const COLLECTION: &str = "collection";
    pub const MODPACK: &str = "modpack";
    pub const LOADER: &str = "loader";
    pub const GAME_DEFINITION: &str = "game-definition";

    /// Whether the package is a list of other packages.
    pub fn is_collection(&self) -> bool {
        self.0 == Self::COLLECTION || self.0 == Self::MODPACK
    }
}

/// How ripe a release is; promotion is a new signature of the publisher.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    Dev,
    Beta,
    #[default]
    Stable,
}

/// Where a package is needed when a game is played over a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Client,
    Server,
    #[default]
    Both,
}

impl Side {
    /// Stable text form, as stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Both => "both",
        }
    }

    /// Whether something that is needed on `self` is needed where a game is played as `other`.
    pub fn is_needed_on(self, other: Self) -> bool {
        self == other || self == Self::Both || other == Self::Both
    }

    /// Whether it says nothing.
    pub fn is_both(&self) -> bool {
        *self == Self::Both
    }

    /// What a profile is for unless the player says otherwise.
    pub(crate) fn client() -> Self {
        Self::Client
    }

    pub(crate) fn is_client(&self) -> bool {
        *self == Self::Client
    }
}

/// What programs run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    Linux,
    Windows,
    Macos,
}

impl Platform {
    pub const ALL: [Self; 3] = [Self::Linux, Self::Windows, Self::Macos];

    /// Stable text form, as packages write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::Macos => "macos",
        }
    }

    /// Its name for people: the same in every language.
    pub fn title(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
            Self::Macos => "macOS",
        }
    }

    /// The platform of that name; packages may name others, which this program does not run on.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.as_str() == text)
    }

    /// What this program was built for.
    pub fn of_this_machine() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Macos
        } else {
            Self::Linux
        }
    }
}

/// Whether the archive may be passed on to other players.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Redistribution {
    /// The publisher signed that it may.
    Yes,
    /// The publisher signed that it may not.
    No,
    /// Nothing was said: the licence decides, and where that is unknown too, it may not.
    #[default]
    ByLicense,
}

/// One package and the versions of it that are acceptable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub package: PackageId,
    #[serde(default)]
    pub version: VersionRange,
    /// Only where a collection mixes sources; absent means the depending package's own source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
}

/// One requirement, or several of which any one is enough.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Dependency {
    AnyOf {
        #[serde(rename = "any-of")]
        any_of: Vec<Requirement>,
    },
    One(Requirement),
}

impl Dependency {
    /// The alternatives, in the author's order of preference.
    pub fn alternatives(&self) -> &[Requirement] {
        match self {
            Self::AnyOf { any_of } => any_of,
            Self::One(requirement) => std::slice::from_ref(requirement),
        }
    }
}

/// A package that this one can stand in for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provided {
    pub package: PackageId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
}

/// A game that a package is made for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GameSupport {
    pub game: GameId,
    #[serde(default)]
    pub version: VersionRange,
}

/// An archive: the package file, by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Archive {
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
}

impl Archive {
    /// Stands for the archive of a version whose source gives no hash, until its bytes are here.
    ///
    /// The same for everybody who asks, so that one transfer serves all of them and goes on after a restart; the hash of
    /// no file, because nobody can find bytes that have it. What carries it says so ([`Vouched::Awaited`]).
    pub fn awaited(source: &SourceId, id: &PackageId, version: &Version, size: u64) -> Self {
        use sha2::Digest as _;
        let mut hasher = sha2::Sha256::new();
        hasher.update(b"muster: an archive that nobody has seen yet");
        for text in [source.to_string(), id.to_string(), version.to_string(), size.to_string()] {
            hasher.update([0]);
            hasher.update(text);
        }
        Self { sha256: Sha256(hasher.finalize().into()), size }
    }
}

/// Who says which bytes an archive has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vouched {
    /// Its source, by their SHA-256.
    #[default]
    Source,
    /// This machine: they are the bytes that its source sent first, and no others are taken any more.
    FirstSeen,
    /// Nobody yet, because they have not come: the hash is that of [`Archive::awaited`].
    Awaited,
}

impl Vouched {
    /// Whether it is the source, so that everybody's copy of the archive can be told from a wrong one.
    pub fn is_source(&self) -> bool {
        *self == Self::Source
    }
}

/// How the files of another service's archive are placed, in that service's own words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recipe {
    /// Who reads the rules: the name of an adapter.
    pub by: String,
    /// The rules, as that adapter writes them.
    pub rules: String,
}

/// A sibling file of an archive (entry map, block list, manifest), by content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ArtifactRef {
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
}

/// How the archive is named in BitTorrent v1 (BEP 3). Name and pieces follow from the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Torrent {
    pub info_hash: Sha1,
    /// Bytes, a power of two.
    pub piece_length: u32,
}

/// One version of one package, as its source describes it.
///
/// The same shape serves for hints (browse catalogue) and for facts (publisher role); which of the two it is, is said
/// where it is obtained, and only facts are ever installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Release {
    pub source: SourceId,
    pub id: PackageId,
    pub version: Version,
    pub kind: Kind,
    pub archive: Archive,
    #[serde(default, skip_serializing_if = "Vouched::is_source")]
    pub vouched: Vouched,
    /// Bytes after unpacking, as the manifest says; 0 where unknown.
    #[serde(default)]
    pub unpacked_size: u64,
    #[serde(default)]
    pub channel: Channel,
    /// The publisher's reason for withdrawing the version, if it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yanked: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub games: Vec<GameSupport>,
    /// Words like those of [`Platform`]; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    #[serde(default, skip_serializing_if = "Side::is_both")]
    pub side: Side,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends: Vec<Dependency>,
    /// Which entries of `depends` are only needed where the player wants them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recommends: Vec<Dependency>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggests: Vec<Dependency>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Requirement>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provides: Vec<Provided>,
    /// SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    #[serde(default)]
    pub redistribute: Redistribution,
    /// HTTP(S) addresses that hold the archive, best first. Never taken from a link.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub torrent: Option<Torrent>,
    /// SHA-256 of every 64 KiB block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_list: Option<ArtifactRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_map: Option<ArtifactRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<jiff::Timestamp>,
    /// Only archives of other services have one; packages of ours say themselves where their files go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
}

impl Release {
    /// Whether it runs on a platform: on all, where it names none.
    pub fn runs_on(&self, platform: Platform) -> bool {
        self.platforms.is_empty() || self.platforms.iter().any(|name| name == platform.as_str())
    }
}
