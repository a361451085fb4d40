//! Search, facets and the package page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};

use super::{Advice, PackageKey, Side};

/// Order of search results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    #[default]
    Relevance,
    Downloads,
    Newest,
    Updated,
    Name,
    /// What was downloaded more lately by the word of the sources, then the others.
    Trending,
}

/// What to search for. Facets are written in the text (`tag:weather -license:proprietary storm`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SearchRequest {
    /// Text with facets; empty lists everything.
    pub q: String,
    /// Profile that states and compatibility refer to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile: Option<String>,
    pub sort: Sort,
    pub offset: u32,
    /// At most 200; 0 means 50.
    pub limit: u32,
}

/// One page of results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SearchPage {
    /// Results of the query.
    pub total: u64,
    /// Packages in the catalog for the games that the query names, else for this profile's.
    pub all: u64,
    pub rows: Vec<PackageRow>,
    pub facets: Vec<Facet>,
    /// A word that would have matched, where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub did_you_mean: Option<String>,
}

/// Values of one property and how many results have each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Facet {
    /// `tag`, `kind`, `license`, …
    pub key: String,
    pub values: Vec<FacetValue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FacetValue {
    pub value: String,
    pub count: u64,
    /// Whether the query includes (`true`) or excludes (`false`) it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub selected: Option<bool>,
}

/// How well the publisher is known to the source; about identity, not about safety.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Seal {
    #[default]
    Unverified,
    Verified,
    Trusted,
    Featured,
}

/// Whether the bytes are known to be the author's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// Signed by the publisher's own key.
    Author,
    /// Checked against the source's own hash.
    SourceHash,
    None,
    /// The key changed by a rotation that the old key signed.
    Rotated,
    /// The key changed without the old key's consent: nothing can be installed until the player decides.
    KeyChanged,
    Broken,
    Revoked,
    /// Withdrawn by its source.
    Removed,
}

/// A package in relation to a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum PackageState {
    /// Not in the profile.
    Absent,
    On {
        version: String,
    },
    Off {
        version: String,
    },
    /// In the profile, and a newer version fits.
    Update {
        version: String,
        available: String,
    },
    /// A job works on it.
    Busy {
        job: String,
    },
    /// Not for this game or this game version.
    Incompatible {
        game: String,
    },
    /// Another program brings it, keeps it up to date and takes it away (`steam`).
    Managed {
        by: String,
    },
}

/// What a package gained lately, by the word of its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Trend {
    /// Downloads.
    pub gain: u64,
    /// Since when.
    pub since: String,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PackageRow {
    #[serde(flatten)]
    pub key: PackageKey,
    /// The player's short name of the source.
    pub source_name: String,
    /// Publisher's name; empty where the source has none.
    pub publisher: String,
    pub name: String,
    pub title: String,
    pub summary: String,
    /// `mod`, `collection`, …
    pub kind: String,
    pub version: String,
    /// Archive size of that version.
    pub size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub downloads: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub updated: Option<String>,
    pub tags: Vec<String>,
    pub games: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub license: Option<String>,
    pub seal: Seal,
    pub signature: Signature,
    pub status: PackageState,
    /// Short names of other sources that offer the same archive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub also_in: Vec<String>,
    /// What sources say against this version, the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Advice>>")]
    pub advice: Vec<Advice>,
    /// The sentence of the source that features it, in searches for `is:featured`; may be empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub featured: Option<String>,
    /// In searches in the order `trending`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub trend: Option<Trend>,
}

/// Everything the package page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PackageDetail {
    #[serde(flatten)]
    pub row: PackageRow,
    /// Sanitised: safe to place as it is.
    pub description_html: String,
    pub authors: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub homepage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source_code: Option<String>,
    /// Pages where the author takes tips.
    pub tips: Vec<String>,
    /// AI content, telemetry, flashing lights, …
    pub disclosures: Vec<String>,
    /// Newest first.
    pub versions: Vec<PackageVersion>,
    /// What the newest fitting version needs.
    pub needs: Vec<Need>,
    /// Features of the version in the profile, else of the newest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<super::Feature>>")]
    pub features: Vec<super::Feature>,
    pub trust: Trust,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PackageVersion {
    pub version: String,
    pub size: u64,
    /// SHA-256 of the archive; absent where the source says none, until the bytes are here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub published: Option<String>,
    /// `stable`, `beta` or `dev`.
    pub channel: String,
    /// Game → range.
    pub games: BTreeMap<String, String>,
    /// Names of what it runs on (`linux`, `windows`, `macos`, …); empty means everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub platforms: Vec<String>,
    /// Where it is needed when the game is played over a network; absent where that is everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub side: Option<Side>,
    /// Reason, where it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub yanked: Option<String>,
    /// What sources say against this version, the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Advice>>")]
    pub advice: Vec<Advice>,
    pub installed: bool,
    pub fits: bool,
    /// What changed, Markdown turned into safe HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub changes_html: Option<String>,
}

/// A relation to another package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Need {
    /// `depends`, `recommends`, `suggests` or `conflicts`.
    pub relation: String,
    /// Any one of these is enough.
    pub any_of: Vec<NeedOption>,
    /// Titles of the features that bring it; empty where it is needed in any case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub for_features: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct NeedOption {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    /// Acceptable versions.
    pub range: String,
    /// In the profile already.
    pub present: bool,
}

/// One key set of a publisher, as this machine saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KeyPeriod {
    /// SHA-256 of the key set.
    pub key: String,
    /// The same fingerprint in words.
    pub key_words: String,
    /// `pinned` (the first that was accepted), `handed-over` (the one before signed it), `decided` (by the player),
    /// `changed` (not written down how) or `shown` (by the source, and not accepted).
    pub how: String,
    pub since: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub until: Option<String>,
    /// In words, what came in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub replaced_by: Option<String>,
    /// When this machine learned that its owner withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub withdrawn: Option<String>,
}

/// Who signed, since when, and what else is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Trust {
    pub signature: Signature,
    /// SHA-256 of the publisher's key set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// The same fingerprint in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key_words: Option<String>,
    /// When this machine first accepted the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pinned: Option<String>,
    /// The key that the source shows now, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub presented_key: Option<String>,
    /// The keys that this machine saw, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<KeyPeriod>>")]
    pub history: Vec<KeyPeriod>,
}
