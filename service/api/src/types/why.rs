//! Why a package is in a profile.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PackageKey, Side};

/// Who asked for a package of a profile, and what needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Why {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    pub version: String,
    /// Whether the player asked for it.
    pub wished: bool,
    /// Where it is needed when the game is played over a network; absent where that is everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub side: Option<Side>,
    /// One way from each package that the player asked for and that leads here, ends included; shortest first. A way that
    /// holds whatever is switched on goes before a shorter one that does not.
    pub chains: Vec<Vec<WhyStep>>,
}

/// A package on the way to one that it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct WhyStep {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    /// Titles of its features, all of them on, without which it would not need the next package; empty where it does in any
    /// case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub for_features: Vec<String>,
}
