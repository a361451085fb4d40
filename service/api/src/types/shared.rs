//! Profiles that players hand on and follow.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PlanPreview, Platform, Problem, Side};

/// What a profile says to others, not signed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SharedText {
    /// The document as `docs/formats/profile.md` describes it, without owners and signatures.
    pub text: String,
    pub packages: u64,
    /// Titles of packages that others cannot get: they lie on this machine only.
    pub left_out: Vec<String>,
}

/// A shared profile to look at, and the profile that it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedRequest {
    pub profile: String,
    /// A web address, or an absolute path of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub address: Option<String>,
    /// Its text. Without address and text: where the profile follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// Packages that it does not have stay; otherwise they go.
    #[serde(default)]
    pub keep_others: bool,
}

/// An owner of a shared profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SharedOwner {
    pub fingerprint: String,
    /// The same in words.
    pub words: String,
    pub signed: bool,
}

/// A source that a shared profile needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SharedSource {
    pub id: String,
    /// Where its writer has it from. A hint: to be added by the player, or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub address: Option<String>,
    /// Whether the player has it.
    pub here: bool,
}

/// What applying a shared profile would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct SharedOffer {
    pub name: String,
    pub game: String,
    pub version: u64,
    pub written: String,
    /// What changed, in its owners' words.
    pub note: String,
    /// What its writer's profile is for, where that is said; the player's own stays what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub side: Option<Side>,
    /// What its writer chose that the game runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub platform: Option<Platform>,
    /// Packages that stay out because the player's profile is for the other side of a network game.
    #[serde(default)]
    #[ts(optional, as = "Option<u64>")]
    pub other_side: u64,
    pub owners: Vec<SharedOwner>,
    pub packages: u64,
    pub sources: Vec<SharedSource>,
    /// Names the very text that was looked at.
    pub digest: String,
    /// Absent where nothing is to be done, or where sources are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub plan: Option<PlanPreview>,
}

/// Applies a shared profile as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyShared {
    pub shared: SharedRequest,
    /// Of the offer.
    pub digest: String,
    /// The digest of the offer's plan, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub agreed: Option<String>,
    /// Look for its next versions at the same address.
    #[serde(default)]
    pub follow: bool,
}

/// A profile of others that one of the player's follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct Followed {
    pub profile: String,
    /// The name of the player's own profile.
    pub profile_name: String,
    pub address: String,
    /// The name that its owners gave it.
    pub name: String,
    /// The version that the player agreed to last.
    pub version: u64,
    /// The newest version that was seen; more than `version` is news.
    pub seen: u64,
    pub keep_others: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub checked: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Problem>,
}
