//! GitHub releases (REST API): what a repository released, and the files of each release.

use muster_domain::{Sha256, clean_line};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::{Error, Result, Shape, lenient, web::web};

/// Largest answer that is read, in bytes.
const MAX_DOCUMENT: usize = 32 * 1024 * 1024;
/// Most files of one release.
const MAX_ASSETS: usize = 200;
/// Longest text about a release, in characters.
const MAX_TEXT: usize = 20_000;

/// A repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    pub summary: String,
    /// As SPDX names it; none where nobody could tell.
    pub license: Option<String>,
    pub homepage: Option<Url>,
    pub page: Option<Url>,
    pub topics: Vec<String>,
}

/// One release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubRelease {
    pub tag: String,
    pub is_prerelease: bool,
    /// ISO 8601, as written.
    pub published: String,
    /// Markdown.
    pub notes: String,
    pub assets: Vec<Asset>,
}

/// One file of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    pub name: String,
    /// Bytes.
    pub size: u64,
    pub download: Url,
    /// Newer answers say it.
    pub sha256: Option<Sha256>,
    pub downloads: u64,
}

#[derive(Deserialize, JsonSchema)]
struct RawRepository {
    #[serde(default, deserialize_with = "lenient::optional")]
    description: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    license: Option<RawLicense>,
    #[serde(default, deserialize_with = "lenient::optional")]
    homepage: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    html_url: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    topics: Option<Vec<String>>,
}

#[derive(Deserialize, JsonSchema)]
struct RawLicense {
    #[serde(default, deserialize_with = "lenient::optional")]
    spdx_id: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct RawRelease {
    tag_name: String,
    #[schemars(with = "Vec<RawAsset>")]
    assets: Vec<Value>,
    #[serde(default, deserialize_with = "lenient::optional")]
    draft: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional")]
    prerelease: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional")]
    published_at: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    created_at: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    body: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct RawAsset {
    name: String,
    size: u64,
    browser_download_url: String,
    /// Files that are still being uploaded have another one.
    #[serde(default, deserialize_with = "lenient::optional")]
    state: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    digest: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    download_count: Option<u64>,
}

impl Repository {
    /// What the answer about a repository is expected to be.
    pub fn shape() -> Shape {
        Shape::of::<RawRepository>()
    }

    /// Reads the answer about a repository. Fields of other types are as good as absent.
    ///
    /// # Errors
    /// [`Error::TooLarge`]; [`Error::Syntax`] for what is no object.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let raw: RawRepository = json(bytes)?;
        let license = raw.license.and_then(|license| license.spdx_id);
        Ok(Self {
            summary: clean_line(&raw.description.unwrap_or_default(), 300),
            license: license.map(|id| clean_line(&id, 80)).filter(|id| !id.is_empty() && id != "NOASSERTION"),
            homepage: web(raw.homepage),
            page: web(raw.html_url),
            topics: raw
                .topics
                .unwrap_or_default()
                .iter()
                .take(32)
                .map(|topic| clean_line(topic, 40))
                .collect(),
        })
    }
}

/// What a page of releases is expected to be.
pub fn releases_shape() -> Shape {
    Shape::of::<Vec<RawRelease>>()
}

/// Reads one page of releases, and how many entries it has, also drafts and those that cannot be used.
///
/// # Errors
/// [`Error::TooLarge`]; [`Error::Syntax`] for what is no list.
pub fn releases(bytes: &[u8]) -> Result<(Vec<GithubRelease>, usize)> {
    let entries: Vec<Value> = json(bytes)?;
    let count = entries.len();
    let found = entries.into_iter().filter_map(|entry| release(serde_json::from_value(entry).ok()?));
    Ok((found.collect(), count))
}

fn release(raw: RawRelease) -> Option<GithubRelease> {
    if raw.draft == Some(true) {
        return None;
    }
    let tag = clean_line(&raw.tag_name, 100);
    let assets = raw.assets.into_iter().take(MAX_ASSETS);
    Some(GithubRelease {
        published: raw.published_at.or(raw.created_at)?,
        is_prerelease: raw.prerelease.unwrap_or(false),
        notes: raw.body.unwrap_or_default().chars().take(MAX_TEXT).collect(),
        assets: assets.filter_map(|asset| self::asset(serde_json::from_value(asset).ok()?)).collect(),
        tag: Some(tag).filter(|tag| !tag.is_empty())?,
    })
}

fn asset(raw: RawAsset) -> Option<Asset> {
    if raw.state.is_some_and(|state| state != "uploaded") {
        return None;
    }
    Some(Asset {
        name: raw.name,
        size: Some(raw.size).filter(|size| *size > 0)?,
        download: web(Some(raw.browser_download_url))?,
        sha256: raw.digest.as_deref().and_then(|digest| digest.strip_prefix("sha256:")?.parse().ok()),
        downloads: raw.download_count.unwrap_or(0),
    })
}

fn json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if bytes.len() > MAX_DOCUMENT {
        return Err(Error::TooLarge { limit: MAX_DOCUMENT });
    }
    serde_json::from_slice(bytes).map_err(|error| Error::Syntax { why: clean_line(&error.to_string(), 200) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn releases_are_read_and_drafts_and_half_files_are_not() {
        let asset = |name: &str, state: &str, digest: Value| {
            json!({"name": name, "size": 5, "state": state, "digest": digest, "download_count": 3,
                "browser_download_url": "https://a.example/d"})
        };
        let list = json!([
            {"tag_name": "v1", "draft": false, "prerelease": true, "published_at": "2026-01-01T00:00:00Z", "assets": [
                asset("a.zip", "uploaded", json!(format!("sha256:{}", "ab".repeat(32)))),
                asset("b.zip", "uploaded", Value::Null), asset("c.zip", "starter", Value::Null), json!(7)]},
            {"tag_name": "v2", "draft": true, "published_at": null, "created_at": "2026-01-01T00:00:00Z", "assets": []},
            {"tag_name": 5},
        ]);
        let (found, count) = releases(list.to_string().as_bytes()).expect("reads");
        assert_eq!((found.len(), count), (1, 3));
        assert!(found[0].is_prerelease);
        let names: Vec<_> =
            found[0].assets.iter().map(|asset| (asset.name.as_str(), asset.sha256.is_some())).collect();
        assert_eq!(names, [("a.zip", true), ("b.zip", false)]);
        assert!(releases(b"{\"message\": \"Not Found\"}").is_err());
    }

    #[test]
    fn a_repository_without_a_known_licence_has_none() {
        let read = |license: Value| {
            Repository::parse(json!({"license": license, "description": 5}).to_string().as_bytes())
                .expect("reads")
        };
        assert_eq!(read(json!({"spdx_id": "MIT"})).license.as_deref(), Some("MIT"));
        for unknown in [json!({"spdx_id": "NOASSERTION"}), Value::Null, json!("MIT")] {
            assert_eq!(read(unknown).license, None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = releases(&bytes);
            let _ = Repository::parse(&bytes);
        }
    }
}
