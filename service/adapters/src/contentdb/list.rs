//! The list of packages, and the pages that say what each needs and brings.

use std::collections::BTreeSet;

use muster_domain::clean_line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Kind, MAX_DOCUMENT, PackageName, name::is_technical};
use crate::{Error, Result, Shape, lenient, web::web};

/// Most names that one package brings or needs; games bring some hundred mods.
const MAX_NAMES: usize = 2_000;

/// A package as the list names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub name: PackageName,
    pub kind: Kind,
    pub title: String,
    pub summary: String,
    /// Number of the newest release.
    pub release: u64,
    pub picture: Option<url::Url>,
}

#[derive(Deserialize, JsonSchema)]
struct RawSummary {
    author: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "lenient::optional")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    short_description: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    release: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional")]
    thumbnail: Option<String>,
}

/// What the list of all packages is expected to be.
pub fn list_shape() -> Shape {
    Shape::of::<Vec<RawSummary>>()
}

/// Reads the list: its packages, and how many entries cannot be used. Those without a release are left out.
///
/// # Errors
/// [`Error::TooLarge`]; [`Error::Syntax`] for what is no list.
pub fn list(bytes: &[u8]) -> Result<(Vec<Summary>, usize)> {
    let entries: Vec<Value> = json(bytes)?;
    let (mut found, mut refused) = (Vec::with_capacity(entries.len()), 0);
    for entry in entries {
        match serde_json::from_value::<RawSummary>(entry).ok().map(summary) {
            Some(Ok(summary)) => found.extend(summary),
            Some(Err(_)) | None => refused += 1,
        }
    }
    Ok((found, refused))
}

fn summary(raw: RawSummary) -> Result<Option<Summary>, &'static str> {
    let name = PackageName::new(&raw.author, &raw.name)?;
    let kind = Kind::parse(&raw.kind).ok_or("an unknown kind")?;
    let Some(release) = raw.release.filter(|release| *release > 0) else { return Ok(None) };
    let title = clean_line(&raw.title.unwrap_or_default(), 120);
    Ok(Some(Summary {
        title: if title.is_empty() { name.name().to_owned() } else { title },
        summary: clean_line(&raw.short_description.unwrap_or_default(), 300),
        picture: web(raw.thumbnail),
        name,
        kind,
        release,
    }))
}

/// Something that a package needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Need {
    /// A mod, by its technical name, whoever brings it.
    Mod(String),
    /// One package.
    Package(PackageName),
}

/// What a package brings and needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Needs {
    pub name: PackageName,
    pub kind: Kind,
    /// Technical names of the mods in it.
    pub provides: BTreeSet<String>,
    pub depends: BTreeSet<Need>,
    pub optional: BTreeSet<Need>,
}

/// One page of what packages need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DependencyPage {
    /// How many pages there are.
    pub pages: u32,
    pub needs: Vec<Needs>,
    /// Entries that cannot be used.
    pub refused: usize,
}

#[derive(Deserialize, JsonSchema)]
struct RawPage {
    page_count: u32,
    #[schemars(with = "Vec<RawNeeds>")]
    items: Vec<Value>,
}

#[derive(Deserialize, JsonSchema)]
struct RawNeeds {
    #[serde(rename = "type")]
    kind: String,
    author: String,
    name: String,
    provides: Vec<String>,
    depends: Vec<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    optional_depends: Option<Vec<String>>,
}

impl DependencyPage {
    /// What a page is expected to be.
    pub fn shape() -> Shape {
        Shape::of::<RawPage>()
    }

    /// Reads one page.
    ///
    /// # Errors
    /// [`Error::TooLarge`]; [`Error::Syntax`] for what is no page.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let raw: RawPage = json(bytes)?;
        let items = raw.items.len();
        let needs: Vec<Needs> =
            raw.items.into_iter().filter_map(|item| needs(serde_json::from_value(item).ok()?)).collect();
        Ok(Self { pages: raw.page_count, refused: items - needs.len(), needs })
    }
}

/// `None` where something that matters cannot be read: a package must not be installed without one of its needs.
fn needs(raw: RawNeeds) -> Option<Needs> {
    if raw.provides.len() + raw.depends.len() > MAX_NAMES {
        return None;
    }
    let name = PackageName::new(&raw.author, &raw.name).ok()?;
    let optional = raw.optional_depends.unwrap_or_default();
    Some(Needs {
        kind: Kind::parse(&raw.kind)?,
        provides: raw.provides.into_iter().filter(|name| is_technical(name)).collect(),
        depends: raw.depends.iter().map(|text| need(text)).collect::<Option<_>>()?,
        // A package without what it can do without is still the package.
        optional: optional.iter().take(MAX_NAMES).filter_map(|text| need(text)).collect(),
        name,
    })
}

fn need(text: &str) -> Option<Need> {
    match text.contains('/') {
        true => text.parse().ok().map(Need::Package),
        false => is_technical(text).then(|| Need::Mod(text.to_owned())),
    }
}

/// An answer as a value of this type.
pub(super) fn json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if bytes.len() > MAX_DOCUMENT {
        return Err(Error::TooLarge { limit: MAX_DOCUMENT });
    }
    serde_json::from_slice(bytes).map_err(|error| Error::Syntax { why: clean_line(&error.to_string(), 200) })
}
