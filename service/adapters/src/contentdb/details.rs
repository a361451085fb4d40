//! What lists leave out of a package: its licences, its text, and its releases with their sizes.

use muster_domain::{VersionRange, clean_line};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::list::json;
use crate::{Result, Shape, lenient, web::web};

/// Longest text of a package, in characters.
const MAX_TEXT: usize = 60_000;
/// Most words of one list.
const MAX_WORDS: usize = 64;

/// A package as its own page has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Licence of its programs, as the service names it: mostly as SPDX does.
    pub license: Option<String>,
    /// Licence of its pictures and sounds.
    pub media_license: Option<String>,
    pub tags: Vec<String>,
    /// What not everybody wants to meet.
    pub warnings: Vec<String>,
    /// `DEPRECATED`, `WIP`, …
    pub state: Option<String>,
    /// Markdown.
    pub description: String,
    pub maintainers: Vec<String>,
    pub homepage: Option<Url>,
    pub source_code: Option<Url>,
    pub donation: Option<Url>,
    pub downloads: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
struct RawDetails {
    #[serde(default, deserialize_with = "lenient::optional")]
    license: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    media_license: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    tags: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    content_warnings: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    dev_state: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    long_description: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    maintainers: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    website: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    repo: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    donate_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    downloads: Option<u64>,
}

impl Details {
    /// What a package's page is expected to be.
    pub fn shape() -> Shape {
        Shape::of::<RawDetails>()
    }

    /// Reads the answer of one package. Fields of other types are as good as absent.
    ///
    /// # Errors
    /// [`crate::Error::TooLarge`]; [`crate::Error::Syntax`] for what is no object.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let raw: RawDetails = json(bytes)?;
        let words = |list: Option<Vec<String>>| -> Vec<String> {
            let list = list.unwrap_or_default().into_iter().take(MAX_WORDS);
            list.map(|word| clean_line(&word, 40)).filter(|word| !word.is_empty()).collect()
        };
        let line = |text: Option<String>| text.map(|t| clean_line(&t, 80)).filter(|t| !t.is_empty());
        Ok(Self {
            license: line(raw.license),
            media_license: line(raw.media_license),
            tags: words(raw.tags),
            warnings: words(raw.content_warnings),
            state: line(raw.dev_state),
            description: raw.long_description.unwrap_or_default().chars().take(MAX_TEXT).collect(),
            maintainers: words(raw.maintainers),
            homepage: web(raw.website),
            source_code: web(raw.repo),
            donation: web(raw.donate_url),
            downloads: raw.downloads,
        })
    }

    /// Both licences as one expression: whoever passes the archive on passes both parts on.
    pub fn license_expression(&self) -> Option<String> {
        match (&self.license, &self.media_license) {
            (Some(code), Some(media)) if code != media => Some(format!("{code} AND {media}")),
            (Some(one), _) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        }
    }
}

/// One release of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseEntry {
    /// Grows with every release of the whole service.
    pub id: u64,
    /// What people know it by.
    pub title: String,
    pub notes: Option<String>,
    /// ISO 8601, as written.
    pub released: Option<String>,
    /// Versions of Luanti that it works with.
    pub engine: VersionRange,
    /// Bytes of the archive; unknown for some old ones.
    pub size: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
struct RawRelease {
    id: u64,
    #[serde(default, deserialize_with = "lenient::optional")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    release_notes: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    release_date: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    size: Option<u64>,
    #[serde(default, alias = "min_luanti_version", deserialize_with = "lenient::optional")]
    #[schemars(extend("aliases" = ["min_luanti_version"]))]
    min_minetest_version: Option<RawEngine>,
    #[serde(default, alias = "max_luanti_version", deserialize_with = "lenient::optional")]
    #[schemars(extend("aliases" = ["max_luanti_version"]))]
    max_minetest_version: Option<RawEngine>,
}

#[derive(Deserialize, JsonSchema)]
struct RawEngine {
    name: String,
}

/// What the list of a package's releases is expected to be.
pub fn releases_shape() -> Shape {
    Shape::of::<Vec<RawRelease>>()
}

/// Reads the releases of a package, and how many of them cannot be used.
///
/// # Errors
/// [`crate::Error::TooLarge`]; [`crate::Error::Syntax`] for what is no list.
pub fn release_list(bytes: &[u8]) -> Result<(Vec<ReleaseEntry>, usize)> {
    let entries: Vec<Value> = json(bytes)?;
    let count = entries.len();
    let releases: Vec<ReleaseEntry> =
        entries.into_iter().filter_map(|entry| Some(release(serde_json::from_value(entry).ok()?))).collect();
    let refused = count - releases.len();
    Ok((releases, refused))
}

fn release(raw: RawRelease) -> ReleaseEntry {
    let title = [raw.title, raw.name].into_iter().flatten().map(|text| clean_line(&text, 60));
    ReleaseEntry {
        id: raw.id,
        title: title.into_iter().find(|title| !title.is_empty()).unwrap_or_default(),
        notes: raw.release_notes.map(|notes| notes.chars().take(MAX_TEXT).collect()),
        released: raw.release_date,
        engine: engine(raw.min_minetest_version.as_ref(), raw.max_minetest_version.as_ref()),
        size: raw.size.filter(|size| *size > 0),
    }
}

/// Bounds whose numbers cannot be read bound nothing: the game says itself what it cannot load.
fn engine(min: Option<&RawEngine>, max: Option<&RawEngine>) -> VersionRange {
    let numbers = |engine: &RawEngine| {
        let end = engine.name.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(engine.name.len());
        let text = engine.name[..end].trim_matches('.');
        (!text.is_empty()).then(|| text.to_owned())
    };
    let bound = |sign: &str, engine: Option<&RawEngine>| Some(format!("{sign}{}", numbers(engine?)?));
    let bounds: Vec<String> = [bound(">=", min), bound("<=", max)].into_iter().flatten().collect();
    bounds.join(", ").parse().unwrap_or_default()
}
