//! Projects, as a search lists them.

use std::{fmt, str::FromStr};

use muster_domain::clean_line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use url::Url;

use super::json;
use crate::{Result, Shape, lenient, web::web};

/// Most words of one list.
const MAX_WORDS: usize = 64;

/// The identity of a project or a version: eight characters of base 62.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectId(String);

impl ProjectId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProjectId {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let fits = (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err("an id has letters and digits only") }
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProjectId({self})")
    }
}

impl Serialize for ProjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Whether a project works on one side of a game over a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Support {
    Required,
    Optional,
    Unsupported,
    /// Nobody said, or something that this program does not know.
    #[default]
    Unknown,
}

impl Support {
    pub(super) fn parse(text: Option<&str>) -> Self {
        match text {
            Some("required") => Self::Required,
            Some("optional") => Self::Optional,
            Some("unsupported") => Self::Unsupported,
            _ => Self::Unknown,
        }
    }
}

/// A project as a search lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Project {
    pub id: ProjectId,
    /// What its page is called; can change.
    pub slug: String,
    /// `mod`, `modpack`, `resourcepack`, `shader`, …
    pub kind: String,
    pub title: String,
    pub summary: String,
    pub author: String,
    /// Categories and loaders.
    pub categories: Vec<String>,
    pub icon: Option<Url>,
    #[serde(skip)]
    pub downloads: u64,
    /// ISO 8601, as written.
    pub published: Option<String>,
    pub updated: Option<String>,
    /// As the service names it: mostly as SPDX does.
    pub license: Option<String>,
    pub client: Support,
    pub server: Support,
}

#[derive(Deserialize, JsonSchema)]
struct RawProject {
    project_id: String,
    project_type: String,
    #[serde(default, deserialize_with = "lenient::optional")]
    slug: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    description: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    author: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    categories: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    icon_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    downloads: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional")]
    date_created: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    date_modified: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    license: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    client_side: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    server_side: Option<String>,
}

/// One page of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPage {
    pub projects: Vec<Project>,
    /// Hits on the page, also those that cannot be used.
    pub hits: usize,
    /// Hits in all.
    pub total: u64,
}

#[derive(Deserialize, JsonSchema)]
struct RawPage {
    #[schemars(with = "Vec<RawProject>")]
    hits: Vec<Value>,
    total_hits: u64,
}

impl SearchPage {
    /// What a page of a search is expected to be.
    pub fn shape() -> Shape {
        Shape::of::<RawPage>()
    }

    /// Reads one page; hits that cannot be used are left out.
    ///
    /// # Errors
    /// [`crate::Error::TooLarge`]; [`crate::Error::Syntax`] for what is no page.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let raw: RawPage = json(bytes)?;
        let hits = raw.hits.len();
        let projects =
            raw.hits.into_iter().filter_map(|hit| project(serde_json::from_value(hit).ok()?)).collect();
        Ok(Self { projects, hits, total: raw.total_hits })
    }
}

fn project(raw: RawProject) -> Option<Project> {
    let line = |text: Option<String>, limit| clean_line(&text.unwrap_or_default(), limit);
    let id: ProjectId = raw.project_id.parse().ok()?;
    let title = line(raw.title, 120);
    let slug = line(raw.slug, 64);
    Some(Project {
        title: if title.is_empty() { id.to_string() } else { title },
        slug: if slug.is_empty() { id.to_string() } else { slug },
        kind: Some(clean_line(&raw.project_type, 40)).filter(|kind| !kind.is_empty())?,
        summary: line(raw.description, 300),
        author: line(raw.author, 80),
        categories: raw
            .categories
            .unwrap_or_default()
            .iter()
            .take(MAX_WORDS)
            .map(|word| clean_line(word, 40))
            .filter(|word| !word.is_empty())
            .collect(),
        icon: web(raw.icon_url),
        downloads: raw.downloads.unwrap_or(0),
        published: raw.date_created,
        updated: raw.date_modified,
        license: Some(line(raw.license, 80)).filter(|license| !license.is_empty()),
        client: Support::parse(raw.client_side.as_deref()),
        server: Support::parse(raw.server_side.as_deref()),
        id,
    })
}

/// A project, as its own page has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Without an author: pages of projects name a team.
    pub project: Project,
    /// Markdown, with some HTML.
    pub description: String,
    pub homepage: Option<Url>,
    pub source_code: Option<Url>,
    pub donations: Vec<Url>,
}

/// Longest text of a project, in characters.
const MAX_TEXT: usize = 100_000;

#[derive(Deserialize, JsonSchema)]
struct RawAbout {
    id: String,
    project_type: String,
    #[serde(default, deserialize_with = "lenient::optional")]
    slug: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    description: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    body: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    categories: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    loaders: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    icon_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    downloads: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional")]
    published: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    updated: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    license: Option<RawLicense>,
    #[serde(default, deserialize_with = "lenient::optional")]
    client_side: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    server_side: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    wiki_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    source_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    donation_urls: Option<Vec<RawDonation>>,
}

#[derive(Deserialize, JsonSchema)]
struct RawLicense {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
struct RawDonation {
    url: String,
}

impl About {
    /// What a project's page is expected to be.
    pub fn shape() -> Shape {
        Shape::of::<RawAbout>()
    }

    /// Reads the answer about one project. Fields of other types are as good as absent.
    ///
    /// # Errors
    /// [`crate::Error::TooLarge`]; [`crate::Error::Syntax`] for what is no project.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let raw: RawAbout = json(bytes)?;
        let categories = raw.categories.into_iter().chain(raw.loaders).flatten().collect();
        let listed = RawProject {
            project_id: raw.id,
            project_type: raw.project_type,
            slug: raw.slug,
            title: raw.title,
            description: raw.description,
            author: None,
            categories: Some(categories),
            icon_url: raw.icon_url,
            downloads: raw.downloads,
            date_created: raw.published,
            date_modified: raw.updated,
            license: raw.license.map(|license| license.id),
            client_side: raw.client_side,
            server_side: raw.server_side,
        };
        let refuse = || crate::Error::Syntax { why: "it is no project".into() };
        let donations = raw.donation_urls.unwrap_or_default().into_iter().take(MAX_WORDS);
        Ok(Self {
            project: project(listed).ok_or_else(refuse)?,
            description: raw.body.unwrap_or_default().chars().take(MAX_TEXT).collect(),
            homepage: web(raw.wiki_url),
            source_code: web(raw.source_url),
            donations: donations.filter_map(|donation| web(Some(donation.url))).collect(),
        })
    }
}
