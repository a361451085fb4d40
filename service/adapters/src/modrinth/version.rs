//! Versions of a project, with their files and what they need.

use muster_domain::clean_line;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{ProjectId, json};
use crate::{Result, Shape, hex, lenient, web::web};

/// Most entries of one list.
const MAX_ENTRIES: usize = 2_000;
/// Longest text about a version, in characters.
const MAX_TEXT: usize = 20_000;

/// How ripe its author says a version is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ripeness {
    Release,
    Beta,
    Alpha,
}

/// How a version stands to another project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedKind {
    Required,
    Optional,
    Incompatible,
    /// It is in the file already.
    Embedded,
}

/// Another project that a version needs, or cannot be beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    pub project: ProjectId,
    pub kind: NeedKind,
}

/// The file of a version that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionFile {
    pub name: String,
    pub address: Url,
    /// Bytes.
    pub size: u64,
    /// 128 hexadecimal digits in small letters.
    pub sha512: String,
}

/// One version of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectVersion {
    pub id: ProjectId,
    pub project: ProjectId,
    /// What its author calls it: any text, and not always another one than other versions'.
    pub number: String,
    pub ripeness: Ripeness,
    /// ISO 8601, as written: in this order versions count.
    pub published: String,
    /// Versions of Minecraft.
    pub game_versions: Vec<String>,
    pub loaders: Vec<String>,
    pub needs: Vec<Needed>,
    pub file: VersionFile,
    /// Markdown.
    pub changes: String,
}

#[derive(Deserialize, JsonSchema)]
struct RawVersion {
    id: String,
    project_id: String,
    version_number: String,
    date_published: String,
    #[schemars(with = "Vec<RawFile>")]
    files: Vec<Value>,
    game_versions: Vec<String>,
    loaders: Vec<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    version_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    changelog: Option<String>,
    #[serde(default)]
    dependencies: Vec<RawNeed>,
}

#[derive(Deserialize, JsonSchema)]
struct RawNeed {
    #[serde(default)]
    project_id: Option<String>,
    dependency_type: String,
}

#[derive(Deserialize, JsonSchema)]
struct RawFile {
    hashes: RawHashes,
    url: String,
    filename: String,
    size: u64,
    #[serde(default, deserialize_with = "lenient::optional")]
    primary: Option<bool>,
}

#[derive(Deserialize, JsonSchema)]
struct RawHashes {
    sha512: String,
}

/// What the list of a project's versions is expected to be.
pub fn versions_shape() -> Shape {
    Shape::of::<Vec<RawVersion>>()
}

/// Reads the versions of a project, and how many of them cannot be used.
///
/// # Errors
/// [`crate::Error::TooLarge`]; [`crate::Error::Syntax`] for what is no list.
pub fn version_list(bytes: &[u8]) -> Result<(Vec<ProjectVersion>, usize)> {
    let entries: Vec<Value> = json(bytes)?;
    let count = entries.len();
    let versions: Vec<ProjectVersion> = entries.into_iter().filter_map(ProjectVersion::read).collect();
    let refused = count - versions.len();
    Ok((versions, refused))
}

impl ProjectVersion {
    /// Reads one version; `None` where something that matters is missing: it must not be installed without one of its
    /// needs, or without a hash of its file.
    pub fn read(entry: Value) -> Option<Self> {
        let raw: RawVersion = serde_json::from_value(entry).ok()?;
        if raw.dependencies.len() > MAX_ENTRIES || raw.files.len() > MAX_ENTRIES {
            return None;
        }
        let words = |list: Vec<String>| -> Vec<String> {
            list.iter().take(MAX_ENTRIES).map(|word| clean_line(word, 40)).collect()
        };
        Some(Self {
            id: raw.id.parse().ok()?,
            project: raw.project_id.parse().ok()?,
            number: clean_line(&raw.version_number, 80),
            ripeness: match raw.version_type.as_deref() {
                Some("alpha") => Ripeness::Alpha,
                Some("beta") => Ripeness::Beta,
                _ => Ripeness::Release,
            },
            published: raw.date_published,
            game_versions: words(raw.game_versions),
            loaders: words(raw.loaders),
            needs: needs(raw.dependencies)?,
            file: file(raw.files)?,
            changes: raw.changelog.unwrap_or_default().chars().take(MAX_TEXT).collect(),
        })
    }
}

/// Needs of a kind that nobody knows are as hard as can be; a need that names a file outside of the service cannot be met
/// by it and is left out.
fn needs(raw: Vec<RawNeed>) -> Option<Vec<Needed>> {
    let named = raw.into_iter().filter_map(|raw| Some((raw.project_id?, raw.dependency_type)));
    named
        .map(|(project, kind)| {
            let kind = match kind.as_str() {
                "optional" => NeedKind::Optional,
                "incompatible" => NeedKind::Incompatible,
                "embedded" => NeedKind::Embedded,
                _ => NeedKind::Required,
            };
            Some(Needed { project: project.parse().ok()?, kind })
        })
        .collect()
}

/// The primary file, else the first.
fn file(files: Vec<Value>) -> Option<VersionFile> {
    let mut files: Vec<RawFile> =
        files.into_iter().filter_map(|file| serde_json::from_value(file).ok()).collect();
    let primary = files.iter().position(|file| file.primary == Some(true)).unwrap_or(0);
    (primary < files.len()).then(|| files.swap_remove(primary)).and_then(|file| {
        Some(VersionFile {
            sha512: hex::sha512(&file.hashes.sha512)?,
            address: web(Some(file.url))?,
            size: Some(file.size).filter(|size| *size > 0)?,
            name: file.filename,
        })
    })
}
