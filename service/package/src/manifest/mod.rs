//! `manifest.yaml`: what a package says about itself. The public description is `docs/formats/package.md`.

mod check;
mod files;
mod yaml;

use muster_domain::{
    Dependency, Feature, GameSupport, Kind, PackageId, PortablePath, Provided, PublishedName, Redistribution,
    Requirement, Sha256, Side, SourceId, Version, VersionRange,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{Error, ManifestProblem, Result, limits::MAX_MANIFEST_HEAD};

/// The format that this program writes, and the newest that it reads.
pub const MANIFEST_FORMAT: u64 = 1;

/// What a package says about itself.
///
/// Unknown fields are ignored when a package is read, so that later formats can add some, and refused when one is
/// packed or published, so that a misspelt field is noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Manifest {
    /// 1.
    pub format: u64,
    /// `publisher/name`.
    #[schemars(with = "String")]
    pub name: PublishedName,
    /// Semantic Versioning 2.0.0.
    pub version: Version,
    /// One line for people; at most 200 characters.
    pub title: String,
    /// One line for lists; at most 500 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Markdown (CommonMark); at most 100,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What is new since the version before, in Markdown (CommonMark); at most 20,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub changes: String,
    /// `mod`, `asset-pack`, `map`, `modpack`, `collection`, `loader`, `game-definition`, or any other word.
    pub kind: Kind,
    /// Games that the package is made for, with the versions of the game.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub games: Vec<GameSupport>,
    /// `linux`, `windows`, `macos`; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// Where the package is needed when a game is played over a network.
    #[serde(default)]
    pub side: Side,
    /// SPDX licence expression. Required for publishing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Whether players may pass the archive on; absent means that the licence decides.
    #[serde(default)]
    pub redistribute: Redistribution,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Packages without which this one does not work.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "dependencies")]
    pub depends: Vec<Dependency>,
    /// Parts that the player may do without: entries of `depends` that are needed only where such a part is on. At most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// Installed too, unless the player says no.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "dependencies")]
    pub recommends: Vec<Dependency>,
    /// Offered, not installed.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "dependencies")]
    pub suggests: Vec<Dependency>,
    /// Packages that must not be in the same profile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Requirement>,
    /// Packages that this one can stand in for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provides: Vec<Provided>,
    /// Where files go; without rules the game definition decides. The first rule that fits a file counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub install: Vec<InstallRule>,
    /// Files that the player may edit: copied instead of linked, and kept on update.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub config: Vec<Glob>,
    /// Load after these, where they are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub load_after: Vec<PackageId>,
    /// Load before these, where they are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub load_before: Vec<PackageId>,
    /// Pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gallery: Vec<GalleryImage>,
    /// HTTP(S) address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// HTTP(S) address of the source code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// HTTP(S) addresses where the author can be thanked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tip: Vec<String>,
    /// `ai-content`, `telemetry`, `flashing-lights`, or any other word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disclosures: Vec<String>,
    /// Collections and modpacks only: what they consist of, in load order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<CollectionEntry>,
    /// Every file of the payload, in byte order of the paths. Written by the packer, never by the author; always the
    /// last field.
    #[serde(default)]
    pub files: Vec<FileEntry>,
}

/// Files that go to one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct InstallRule {
    /// Which files, by their path below `files/`.
    pub files: Glob,
    /// A place that the game definition names.
    pub to: String,
    /// How many leading folders are left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub strip: u8,
    /// A folder inside the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<PortablePath>,
}

fn is_zero(number: &u8) -> bool {
    *number == 0
}

/// A pattern over paths: `*` and `?` inside a part, `**` over parts, `{a,b}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Glob(String);

impl Glob {
    /// Checks that the pattern can not mean anything outside the payload.
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty()
            && text.chars().count() <= 180
            && text.split('/').all(|part| !matches!(part, "" | "." | ".."))
            && !text.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '"' | '<' | '>' | '|'));
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Glob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| D::Error::custom("not a relative pattern with / between its parts"))
    }
}

/// A picture for the package's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GalleryImage {
    /// HTTP(S) address.
    pub url: String,
    /// One line, also for those who do not see the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

/// One package of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CollectionEntry {
    pub package: PackageId,
    #[serde(default)]
    pub version: VersionRange,
    /// Where it comes from; absent means the collection's own source. It is followed nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// Of the archive; then exactly these bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256>,
    /// Not selected unless the player says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// One file of the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FileEntry {
    /// Below `files/`.
    pub path: PortablePath,
    /// Bytes.
    pub size: u64,
    pub sha256: Sha256,
}

/// A dependency as it is written. Read field by field, because a scalar inside an undecided shape would already have
/// been taken for a number (`version: 1.2`).
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WrittenDependency {
    any_of: Option<Vec<Requirement>>,
    package: Option<PackageId>,
    version: Option<VersionRange>,
    source: Option<SourceId>,
}

fn dependencies<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Vec<Dependency>, D::Error> {
    let written = Vec::<WrittenDependency>::deserialize(deserializer)?;
    written.into_iter().map(|one| one.into_dependency().map_err(D::Error::custom)).collect()
}

impl WrittenDependency {
    fn into_dependency(self) -> std::result::Result<Dependency, &'static str> {
        match self {
            Self { any_of: Some(any_of), package: None, version: None, source: None }
                if !any_of.is_empty() =>
            {
                Ok(Dependency::AnyOf { any_of })
            }
            Self { any_of: None, package: Some(package), version, source } => {
                Ok(Dependency::One(Requirement { package, version: version.unwrap_or_default(), source }))
            }
            _ => Err("a dependency has either `package` or a list `any-of`"),
        }
    }
}

impl Manifest {
    /// What a collection consists of, as a resolver knows it: its packages are needed, optional ones suggested.
    pub fn members(&self) -> (Vec<Dependency>, Vec<Dependency>) {
        let (optional, needed): (Vec<_>, Vec<_>) = self.packages.iter().partition(|entry| entry.optional);
        let dependency = |entry: &CollectionEntry| {
            Dependency::One(Requirement {
                package: entry.package.clone(),
                version: entry.version.clone(),
                source: entry.source.clone(),
            })
        };
        (needed.into_iter().map(dependency).collect(), optional.into_iter().map(dependency).collect())
    }

    /// Reads the manifest of a package, ignoring unknown fields.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Ok(Self::parse_noting(bytes)?.0)
    }

    /// Reads a manifest for packing or publishing: unknown fields, a missing licence and lists that make no sense are
    /// refused.
    pub fn parse_strict(bytes: &[u8]) -> Result<Self> {
        let (manifest, unknown) = Self::parse_noting(bytes)?;
        if let Some(field) = unknown {
            return Err(ManifestProblem::UnknownField { field }.into());
        }
        manifest.check_strict()?;
        Ok(manifest)
    }

    /// Reads what an author wrote: strict, and without the list of files.
    pub fn parse_authored(bytes: &[u8]) -> Result<Self> {
        match files::split(bytes) {
            (_, None) => Self::parse_strict(bytes),
            (_, Some(_)) => Err(ManifestProblem::FilesByAuthor.into()),
        }
    }

    fn parse_noting(bytes: &[u8]) -> Result<(Self, Option<String>)> {
        let (head, tail) = files::split(bytes);
        if head.len() as u64 > MAX_MANIFEST_HEAD {
            return Err(ManifestProblem::TooLarge.into());
        }
        let (mut manifest, unknown) = yaml::read(head)?;
        if manifest.format != MANIFEST_FORMAT {
            return Err(ManifestProblem::Format { found: manifest.format }.into());
        }
        manifest.files = tail.map(files::parse).transpose()?.unwrap_or_default();
        manifest.check()?;
        manifest.clean();
        Ok((manifest, unknown))
    }

    /// Bytes of all files together.
    pub fn unpacked_size(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// `publisher-name-1.2.3.muster`, for people: names of files are never read for meaning.
    pub fn file_name(&self) -> String {
        let PublishedName { publisher, package } = &self.name;
        format!("{publisher}-{package}-{}.{}", self.version, crate::EXTENSION)
    }
}

/// The author's text with the list of files, as it goes into the package, and what it says.
///
/// The text stays byte for byte, so that comments survive and no YAML writer's taste gets into signed bytes.
pub(crate) fn with_files(authored: &[u8], files: &[FileEntry]) -> Result<(Vec<u8>, Manifest)> {
    let mut text = authored.to_vec();
    if !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(files::write(files).as_bytes());
    let manifest = Manifest::parse(&text)?;
    // Other programs read all of it as YAML and must see the same list.
    match yaml::read_files(&text) {
        Some(read) if read == files && manifest.files == files => Ok((text, manifest)),
        _ => Err(Error::field("manifest.yaml", "write it as plain block mapping without a document end")),
    }
}

/// JSON Schema (2020-12) of the manifest, generated from the types.
pub fn manifest_schema() -> String {
    let schema = schemars::schema_for!(Manifest);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}
