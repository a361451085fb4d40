//! What updates change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::PackageKey;

/// What one version says is new in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VersionChanges {
    pub version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub published: Option<String>,
    /// Markdown, without what cannot be seen; absent where the version says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// The same as HTML that is safe to place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub html: Option<String>,
}

/// What lies between two versions of a package, joined over those that an update skips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Changes {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    /// The version that is there, not part of it; absent where nothing is installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<String>,
    pub to: String,
    /// Newest first.
    pub versions: Vec<VersionChanges>,
    /// How many older ones are left out.
    pub more: u32,
    /// Whether the source says such things at all.
    pub told: bool,
}
