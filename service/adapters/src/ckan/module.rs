//! One version of one mod, as its metadata describes it.

use std::collections::BTreeMap;

use muster_domain::{Sha1, Sha256, clean_line, clean_text};
use url::Url;

use super::{
    GameRange, GameVersion, Identifier, Relation, Stanza,
    raw::{RawHashes, RawModule},
    relation::relations,
    stanza::stanzas,
};
use crate::{Error, Result, Shape};

/// Largest description, in bytes; the largest of the real index has 15 kB.
pub const MAX_DOCUMENT: usize = 1024 * 1024;
/// Longest version text.
const MAX_VERSION: usize = 128;
/// Most words, authors, names or addresses in one list.
const MAX_LIST: usize = 256;

/// One `.ckan` file.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    pub identifier: Identifier,
    /// As written; not semver.
    pub version: String,
    pub name: String,
    pub summary: String,
    pub description: Option<String>,
    pub authors: Vec<String>,
    /// As CKAN names them; the player's choice of them.
    pub licenses: Vec<String>,
    pub kind: ModuleKind,
    pub status: Status,
    /// ISO 8601, as written.
    pub released: Option<String>,
    pub game: GameRange,
    pub depends: Vec<Relation>,
    pub recommends: Vec<Relation>,
    pub suggests: Vec<Relation>,
    pub supports: Vec<Relation>,
    pub conflicts: Vec<Relation>,
    /// Names that this version also stands for.
    pub provides: Vec<Identifier>,
    /// What to have instead.
    pub replaced_by: Option<Relation>,
    pub tags: Vec<String>,
    pub localizations: Vec<String>,
    /// Addresses of the same archive (HTTP or HTTPS), best first. Others than these are left out.
    pub downloads: Vec<Url>,
    /// Bytes of the archive.
    pub download_size: Option<u64>,
    /// Bytes of what is placed.
    pub install_size: Option<u64>,
    pub content_type: Option<String>,
    pub integrity: Integrity,
    /// Empty where the default applies: see [`Module::stanzas`].
    pub install: Vec<Stanza>,
    pub resources: Vec<Resource>,
}

/// What a description stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModuleKind {
    /// An archive.
    Package,
    /// Only relations to others.
    Metapackage,
    /// A paid extension: it can be found on the disk, and nobody can install it.
    Extension,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Development,
    Testing,
    #[default]
    Stable,
}

/// How an archive is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Integrity {
    /// By a hash that nobody can forge.
    Strong(Sha256),
    /// By one that can be forged: it finds accidents only.
    Weak(Sha1),
    /// Not at all.
    None,
}

/// A page about the mod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// `homepage`, `repository`, `bugtracker`, …
    pub kind: String,
    pub address: Url,
}

/// Which mod and which field an error is about.
pub(super) struct Context<'a> {
    package: &'a str,
}

impl<'a> Context<'a> {
    pub(super) fn new(package: &'a str) -> Self {
        Self { package }
    }

    pub(super) fn refuse(&self, field: &'static str, why: impl Into<String>) -> Error {
        Error::Field { package: clean_line(self.package, 80), field, why: why.into() }
    }

    pub(super) fn package(&self) -> String {
        clean_line(self.package, 80)
    }

    pub(super) fn identifier(&self, field: &'static str, text: &str) -> Result<Identifier> {
        text.parse().map_err(|why: &str| self.refuse(field, why))
    }

    /// Any text may be a version, as long as people can read it.
    pub(super) fn version(&self, field: &'static str, text: String) -> Result<String> {
        // White space stays as it is: it is part of the real index's versions.
        let is_readable = clean_text(&text, MAX_VERSION) == text && !text.contains(['\n', '\t']);
        match text.trim().is_empty() || text.len() > MAX_VERSION || !is_readable {
            true => Err(self.refuse(field, "a version is one short readable line")),
            false => Ok(text),
        }
    }

    fn game_version(&self, field: &'static str, text: Option<String>) -> Result<Option<GameVersion>> {
        match text.as_deref().map(str::trim) {
            None | Some("any" | "") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|why: &str| self.refuse(field, why)),
        }
    }

    fn list<T>(&self, field: &'static str, list: Option<Vec<T>>) -> Result<Vec<T>> {
        let list = list.unwrap_or_default();
        if list.len() > MAX_LIST { Err(self.refuse(field, "too many entries")) } else { Ok(list) }
    }

    fn words(&self, field: &'static str, list: Option<Vec<String>>) -> Result<Vec<String>> {
        let list = self.list(field, list)?;
        Ok(list.iter().map(|text| clean_line(text, 200)).filter(|text| !text.is_empty()).collect())
    }
}

impl Module {
    /// What a list of descriptions is expected to be.
    pub fn list_shape() -> Shape {
        Shape::of::<Vec<RawModule>>()
    }

    /// Reads one description.
    ///
    /// # Errors
    /// [`Error::Syntax`] and [`Error::TooLarge`]; [`Error::Field`] or [`Error::Pattern`] for a value that would be
    /// unsafe or mean two things.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_DOCUMENT {
            return Err(Error::TooLarge { limit: MAX_DOCUMENT });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let raw = serde_json::from_slice(bytes)
            .map_err(|error| Error::Syntax { why: clean_line(&error.to_string(), 200) })?;
        read(raw)
    }

    /// How its archive is placed: its own stanzas, or the one that stands for none.
    pub fn stanzas(&self) -> Vec<Stanza> {
        match self.install.is_empty() {
            true => vec![Stanza::default_of(&self.identifier)],
            false => self.install.clone(),
        }
    }

    /// Whether the archive may be passed on to others.
    pub fn may_be_passed_on(&self) -> bool {
        super::may_pass_on(&self.licenses)
    }
}

fn read(raw: RawModule) -> Result<Module> {
    let context = &Context::new(&raw.identifier);
    let identifier = context.identifier("identifier", &raw.identifier)?;
    let kind = kind(context, raw.kind.as_deref())?;
    let provides = context.list("provides", raw.provides)?;
    let replaced_by = raw.replaced_by.into_iter().collect();
    Ok(Module {
        version: context.version("version", raw.version)?,
        name: text(raw.name.as_deref(), 200).unwrap_or_else(|| identifier.to_string()),
        summary: text(raw.r#abstract.as_deref(), 1_000).unwrap_or_default(),
        description: raw.description,
        authors: context.words("author", raw.author)?,
        licenses: context.words("license", raw.license)?,
        kind,
        status: status(context, raw.release_status.as_deref())?,
        released: text(raw.release_date.as_deref(), 64),
        game: game(context, raw.ksp_version, raw.ksp_version_min, raw.ksp_version_max)?,
        depends: relations(context, "depends", raw.depends.unwrap_or_default())?,
        recommends: relations(context, "recommends", raw.recommends.unwrap_or_default())?,
        suggests: relations(context, "suggests", raw.suggests.unwrap_or_default())?,
        supports: relations(context, "supports", raw.supports.unwrap_or_default())?,
        conflicts: relations(context, "conflicts", raw.conflicts.unwrap_or_default())?,
        provides: provides.iter().map(|name| context.identifier("provides", name)).collect::<Result<_>>()?,
        replaced_by: relations(context, "replaced_by", replaced_by)?.pop(),
        tags: context.words("tags", raw.tags)?,
        localizations: context.words("localizations", raw.localizations)?,
        downloads: downloads(&context.list("download", raw.download)?),
        download_size: raw.download_size,
        install_size: raw.install_size,
        content_type: text(raw.download_content_type.as_deref(), 100),
        integrity: integrity(context, raw.sha256, raw.download_hash)?,
        install: stanzas(context, raw.install.unwrap_or_default())?,
        resources: resources(raw.resources.unwrap_or_default()),
        identifier,
    })
}

fn text(text: Option<&str>, max: usize) -> Option<String> {
    text.map(|text| clean_line(text, max)).filter(|text| !text.is_empty())
}

/// A kind that is not known could be anything: whoever does not know it cannot install it.
fn kind(context: &Context<'_>, text: Option<&str>) -> Result<ModuleKind> {
    match text {
        None | Some("package") => Ok(ModuleKind::Package),
        Some("metapackage") => Ok(ModuleKind::Metapackage),
        Some("dlc") => Ok(ModuleKind::Extension),
        Some(_) => Err(context.refuse("kind", "not a kind that is known")),
    }
}

fn status(context: &Context<'_>, text: Option<&str>) -> Result<Status> {
    match text {
        None | Some("stable") => Ok(Status::Stable),
        Some("testing") => Ok(Status::Testing),
        Some("development") => Ok(Status::Development),
        Some(_) => Err(context.refuse("release_status", "stable, testing or development")),
    }
}

fn game(
    context: &Context<'_>,
    exact: Option<String>,
    min: Option<String>,
    max: Option<String>,
) -> Result<GameRange> {
    let has_range = min.is_some() || max.is_some();
    match exact {
        Some(_) if has_range => Err(context.refuse("ksp_version", "a version and a range")),
        Some(_) => {
            let version = context.game_version("ksp_version", exact)?;
            Ok(version.map(GameRange::exactly).unwrap_or_default())
        }
        None => Ok(GameRange {
            min: context.game_version("ksp_version_min", min)?,
            max: context.game_version("ksp_version_max", max)?,
        }),
    }
}

/// Addresses that can be asked over the web; a description that names a local file gets none.
fn downloads(texts: &[String]) -> Vec<Url> {
    texts.iter().filter_map(|text| address(text)).collect()
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    let is_plain = url.username().is_empty() && url.password().is_none();
    (is_web && is_plain && text.len() <= 2_048).then_some(url)
}

/// A hash that cannot be read is not the same as none: it would lower what the author asked for.
fn integrity(context: &Context<'_>, sha256: Option<String>, hashes: Option<RawHashes>) -> Result<Integrity> {
    let hashes = hashes.unwrap_or(RawHashes { sha256: None, sha1: None });
    if let Some(text) = sha256.or(hashes.sha256) {
        let hash = text.to_ascii_lowercase().parse();
        return hash.map(Integrity::Strong).map_err(|_| context.refuse("download_hash", "not a SHA-256"));
    }
    let Some(text) = hashes.sha1 else { return Ok(Integrity::None) };
    let hash = text.to_ascii_lowercase().parse();
    hash.map(Integrity::Weak).map_err(|_| context.refuse("download_hash", "not a SHA-1"))
}

/// Pages that people can open; the specification leaves room for values that are no addresses.
fn resources(raw: BTreeMap<String, serde_json::Value>) -> Vec<Resource> {
    let page = |(kind, value): (String, serde_json::Value)| {
        let address = address(value.as_str()?)?;
        Some(Resource { kind: clean_line(&kind, 40), address })
    };
    raw.into_iter().filter_map(page).take(MAX_LIST).collect()
}
