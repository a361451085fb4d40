//! Collections: packages that are lists of others.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{ChangeRequest, PackageKey, PlanPreview};

/// What shall become of a collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CollectionAim {
    /// The profile has it: applied where it is new, updated where it is not.
    #[default]
    Have,
    /// It goes, with what only it brought.
    Leave,
    /// It goes, and what it brought stays.
    LeaveAlone,
}

/// A collection to look at, in a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionRequest {
    pub profile: String,
    pub collection: PackageKey,
    #[serde(default)]
    #[ts(optional, as = "Option<CollectionAim>")]
    pub aim: CollectionAim,
    /// Acceptable versions of it; the newest counts. Absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub range: Option<String>,
    /// Packages of it that are left to choice and were chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PackageKey>>")]
    pub with: Vec<PackageKey>,
    /// Packages of it that are not wanted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PackageKey>>")]
    pub without: Vec<PackageKey>,
}

/// What becomes of a package of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MemberState {
    /// The profile has it as the collection wants it.
    Here,
    /// It is installed, or moved to a version that the collection wants.
    Comes,
    /// The collection does not want it any more.
    Goes,
    /// The player has it in another version, or holds it; it stays as it is.
    Yours,
    /// The player took it out; it stays out.
    TakenOut,
    /// The player did not want it when the collection came or was updated; it stays out until it is chosen.
    LeftOut,
    /// It is left to choice, and was not chosen.
    NotChosen,
    /// Of use only on the other side of a network game than the profile is for.
    OtherSide,
    /// No source here has it in a version that the collection wants; the next update asks again.
    Missing,
}

/// A package of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CollectionMember {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    /// Versions that the collection wants, as people write them.
    pub range: String,
    pub optional: bool,
    /// In the profile; absent where it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
    pub state: MemberState,
    /// Whether its source is one of the player's.
    pub source_here: bool,
}

/// What would become of a collection in a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct CollectionOffer {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    /// The version that the profile has; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<String>,
    /// The version that it would have; absent where the collection goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<String>,
    pub members: Vec<CollectionMember>,
    /// What brings it about; to be planned, agreed to and made like any change.
    pub change: ChangeRequest,
    /// Absent where nothing is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub plan: Option<PlanPreview>,
}

/// How many packages of a collection are in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MemberCount {
    pub state: MemberState,
    pub count: u32,
}

/// A collection that a profile has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Collection {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    pub version: String,
    /// The newest version, where it is newer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub update: Option<String>,
    /// Empty where its list cannot be read now.
    pub members: Vec<MemberCount>,
}
