//! One package with all its versions, as an entry of the list describes it.

use muster_domain::{Version, clean_line};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{FullName, Needed, name::version_number};
use crate::{Error, Result, Shape, lenient, web::web};

/// Largest entry, in bytes; the largest have some thousand versions.
pub const MAX_DOCUMENT: usize = 16 * 1024 * 1024;
/// Most dependencies of a version; packs of the real lists have about 500.
const MAX_NEEDS: usize = 2_000;
/// Most categories.
const MAX_CATEGORIES: usize = 64;

/// One entry of a list.
///
/// Written as JSON it says what it is about, without what changes all the time (downloads, ratings).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Package {
    pub name: FullName,
    /// Its page at the service.
    pub page: Option<Url>,
    /// Where its author may be thanked.
    pub donation: Option<Url>,
    /// Listed first by those who keep the community.
    pub is_pinned: bool,
    /// Its author advises against it.
    pub is_deprecated: bool,
    /// Not meant for everybody's eyes.
    pub has_nsfw_content: bool,
    pub categories: Vec<String>,
    /// ISO 8601, as written.
    pub updated: Option<String>,
    /// The service's own count of likes.
    #[serde(skip)]
    pub rating: u64,
    /// As listed: the newest first.
    pub versions: Vec<PackageVersion>,
    /// Versions that cannot be used.
    #[serde(skip)]
    pub refused: usize,
}

/// One version of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackageVersion {
    pub number: Version,
    pub summary: String,
    pub icon: Option<Url>,
    pub website: Option<Url>,
    pub download: Url,
    /// Bytes of the archive; lists of the first years do not say it.
    pub size: Option<u64>,
    #[serde(skip)]
    pub downloads: u64,
    pub needs: Vec<Needed>,
    /// ISO 8601, as written.
    pub released: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct RawPackage {
    full_name: String,
    #[serde(default, deserialize_with = "lenient::optional")]
    package_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    donation_link: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    date_updated: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    rating_score: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional")]
    is_pinned: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional")]
    is_deprecated: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional")]
    has_nsfw_content: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional")]
    categories: Option<Vec<String>>,
    #[serde(deserialize_with = "lenient::entries")]
    versions: Vec<Option<RawVersion>>,
}

#[derive(Deserialize, JsonSchema)]
struct RawVersion {
    version_number: String,
    download_url: String,
    dependencies: Vec<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    description: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    icon: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    website_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    date_created: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    downloads: Option<u64>,
    #[serde(default, deserialize_with = "lenient::optional")]
    file_size: Option<u64>,
    /// Absent means yes.
    #[serde(default, deserialize_with = "lenient::optional")]
    is_active: Option<bool>,
}

impl Package {
    /// What a list of packages is expected to be.
    pub fn list_shape() -> Shape {
        Shape::of::<Vec<RawPackage>>()
    }

    /// Reads one entry. A version that cannot be used is left out and counted; one that was withdrawn is left out.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Syntax`] for other types than the service's where they matter, and [`Error::Field`]
    /// for a name that is none.
    pub fn parse(entry: &[u8]) -> Result<Self> {
        if entry.len() > MAX_DOCUMENT {
            return Err(Error::TooLarge { limit: MAX_DOCUMENT });
        }
        let raw: RawPackage = serde_json::from_slice(entry)
            .map_err(|error| Error::Syntax { why: clean_line(&error.to_string(), 200) })?;
        let name = raw.full_name.parse().map_err(|why: &str| Error::Field {
            package: clean_line(&raw.full_name, 80),
            field: "full_name",
            why: why.to_owned(),
        })?;
        let (mut versions, mut refused) = (Vec::new(), 0);
        for raw in raw.versions {
            let is_withdrawn = |raw: &RawVersion| raw.is_active == Some(false);
            match raw {
                Some(raw) if is_withdrawn(&raw) => {}
                Some(raw) => match version(raw) {
                    Some(version) => versions.push(version),
                    None => refused += 1,
                },
                None => refused += 1,
            }
        }
        let categories = raw.categories.unwrap_or_default().into_iter().take(MAX_CATEGORIES);
        Ok(Self {
            name,
            page: web(raw.package_url),
            donation: web(raw.donation_link),
            is_pinned: raw.is_pinned.unwrap_or(false),
            is_deprecated: raw.is_deprecated.unwrap_or(false),
            has_nsfw_content: raw.has_nsfw_content.unwrap_or(false),
            categories: categories
                .map(|category| clean_line(&category, 40))
                .filter(|c| !c.is_empty())
                .collect(),
            updated: raw.date_updated,
            rating: raw.rating_score.unwrap_or(0),
            versions,
            refused,
        })
    }

    /// How often all its versions were fetched.
    pub fn downloads(&self) -> u64 {
        self.versions.iter().fold(0, |sum, version| sum.saturating_add(version.downloads))
    }
}

/// `None` where something that matters is missing: a version must not be installed without one of its needs.
fn version(raw: RawVersion) -> Option<PackageVersion> {
    if raw.dependencies.len() > MAX_NEEDS {
        return None;
    }
    let needs = raw.dependencies.iter().map(|text| text.parse().ok()).collect::<Option<Vec<Needed>>>()?;
    Some(PackageVersion {
        number: version_number(&raw.version_number)?,
        summary: clean_line(&raw.description.unwrap_or_default(), 300),
        icon: web(raw.icon),
        website: web(raw.website_url),
        download: web(Some(raw.download_url))?,
        size: raw.file_size.filter(|size| *size > 0),
        downloads: raw.downloads.unwrap_or(0),
        needs,
        released: raw.date_created,
    })
}
