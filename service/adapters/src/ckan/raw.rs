//! The fields as they are written: in a `.ckan` file, or in a row with neutral names.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Either {
    One(String),
    More(Vec<String>),
}

/// A text or a list of texts.
fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    Ok(Option::<Either>::deserialize(deserializer)?.map(|either| match either {
        Either::One(text) => vec![text],
        Either::More(texts) => texts,
    }))
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct RawModule {
    #[serde(alias = "id")]
    #[schemars(extend("aliases" = ["id"]))]
    pub identifier: String,
    pub version: String,
    pub name: Option<String>,
    pub r#abstract: Option<String>,
    pub description: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    #[schemars(with = "Option<Either>")]
    pub author: Option<Vec<String>>,
    #[serde(default, deserialize_with = "one_or_more")]
    #[schemars(with = "Option<Either>")]
    pub license: Option<Vec<String>>,
    pub kind: Option<String>,
    pub release_status: Option<String>,
    pub release_date: Option<String>,
    #[serde(alias = "game_version")]
    #[schemars(extend("aliases" = ["game_version"]))]
    pub ksp_version: Option<String>,
    #[serde(alias = "game_version_min")]
    #[schemars(extend("aliases" = ["game_version_min"]))]
    pub ksp_version_min: Option<String>,
    #[serde(alias = "game_version_max")]
    #[schemars(extend("aliases" = ["game_version_max"]))]
    pub ksp_version_max: Option<String>,
    pub depends: Option<Vec<RawRelation>>,
    pub recommends: Option<Vec<RawRelation>>,
    pub suggests: Option<Vec<RawRelation>>,
    pub supports: Option<Vec<RawRelation>>,
    pub conflicts: Option<Vec<RawRelation>>,
    pub provides: Option<Vec<String>>,
    pub replaced_by: Option<RawRelation>,
    pub tags: Option<Vec<String>>,
    pub localizations: Option<Vec<String>>,
    #[serde(default, deserialize_with = "one_or_more")]
    #[schemars(with = "Option<Either>")]
    pub download: Option<Vec<String>>,
    pub download_size: Option<u64>,
    pub install_size: Option<u64>,
    pub download_content_type: Option<String>,
    pub download_hash: Option<RawHashes>,
    pub sha256: Option<String>,
    pub install: Option<Vec<RawStanza>>,
    pub resources: Option<BTreeMap<String, serde_json::Value>>,
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct RawHashes {
    pub sha256: Option<String>,
    pub sha1: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct RawRelation {
    pub name: Option<String>,
    pub version: Option<String>,
    pub min_version: Option<String>,
    pub max_version: Option<String>,
    pub any_of: Option<Vec<RawRelation>>,
    pub choice_help_text: Option<String>,
    #[serde(default)]
    pub suppress_recommendations: bool,
}

#[derive(Deserialize, JsonSchema)]
pub(super) struct RawStanza {
    pub file: Option<String>,
    pub find: Option<String>,
    pub find_regexp: Option<String>,
    /// The misspelt form stands in 52 stanzas of the real index.
    #[serde(default, alias = "find_matches_file")]
    #[schemars(extend("aliases" = ["find_matches_file"]))]
    pub find_matches_files: bool,
    pub install_to: Option<String>,
    pub r#as: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    #[schemars(with = "Option<Either>")]
    pub filter: Option<Vec<String>>,
    #[serde(default, deserialize_with = "one_or_more")]
    #[schemars(with = "Option<Either>")]
    pub filter_regexp: Option<Vec<String>>,
    #[serde(default, deserialize_with = "one_or_more")]
    #[schemars(with = "Option<Either>")]
    pub include_only: Option<Vec<String>>,
    #[serde(default, deserialize_with = "one_or_more")]
    #[schemars(with = "Option<Either>")]
    pub include_only_regexp: Option<Vec<String>>,
}
