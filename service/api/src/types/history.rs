//! What was and can be again: states of a profile, profiles that were removed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PackageKey, PlanAction};

/// A copy of a profile to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CloneRequest {
    pub name: String,
}

/// A profile that was removed and can come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RemovedProfile {
    pub id: String,
    pub name: String,
    pub game: String,
    pub packages: u32,
    pub removed: String,
    /// When it is forgotten for good.
    pub forgotten: String,
}

/// Brings a removed profile back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct RestoreRequest {
    /// Another name, where its own is taken meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
}

/// A name for a state; a state with a name is kept. An empty text takes it away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct GenerationPatch {
    pub name: String,
}

/// What turns one state of a profile into another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct GenerationDifference {
    pub from: u64,
    pub to: u64,
    pub items: Vec<DifferenceItem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DifferenceItem {
    pub action: PlanAction,
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    /// Version before; absent for additions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<String>,
    /// Version after; absent for removals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<String>,
}

/// Which states are kept though they have no name; the first and the current one always are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PruneRequest {
    /// So many of the newest.
    pub keep: u64,
    /// All that are at most so many days old.
    pub days: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PruneReport {
    /// Numbers of the states that went, in their order.
    pub forgotten: Vec<u64>,
}
