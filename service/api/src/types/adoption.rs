//! Taking over mods that lie in a folder.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::PackageKey;

/// What to adopt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AdoptionRequest {
    /// Absent: the profile whose folders the path means, else the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile: Option<String>,
    /// With a path that no profile means: makes a profile of this game for that folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub game: Option<String>,
    /// One mod, a folder of mods, or the folder of another manager's profile; absolute. Absent: all of the profile's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub path: Option<String>,
    /// The digest of the preview that the player agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub agreed: Option<String>,
}

/// What would be adopted as what, and what stays the player's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AdoptionPlan {
    /// Absent where one will be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile: Option<String>,
    pub game: String,
    pub digest: String,
    pub adopted: Vec<AdoptedMod>,
    /// Never moved and never deleted.
    pub yours: Vec<YoursEntry>,
    /// Things that belong to the profile already.
    pub managed: u64,
    /// They lie in the folder of another manager's profile: the game gets files of its own, and that folder stays as it is.
    pub copied: bool,
}

/// A profile that another manager keeps of a game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ManagedProfile {
    pub manager: Manager,
    pub game: String,
    pub game_title: String,
    /// Whether the game was found on this machine, or a profile of it is here.
    pub game_found: bool,
    pub name: String,
    /// Its folder, absolute.
    pub path: String,
    /// Mods that it lists.
    pub mods: u64,
}

/// Another program that manages mods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Manager {
    R2modman,
    ThunderstoreModManager,
    Gale,
}

/// Something that is adopted where it lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AdoptedMod {
    pub place: String,
    /// Of its folder or file.
    pub name: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
    /// The package whose archive it is, byte for byte; absent where only a manifest names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub package: Option<PackageKey>,
    /// The package of a source that has this name and version; nothing proves that it is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub known_as: Option<PackageKey>,
    pub files: u64,
    /// Bytes.
    pub size: u64,
}

/// Something that stays the player's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct YoursEntry {
    pub place: String,
    pub name: String,
    pub files: u64,
    /// Bytes.
    pub size: u64,
    pub why: YoursReason,
}

/// Why it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum YoursReason {
    /// Nothing says what it is, or the game does not take it for a mod.
    Unknown,
    /// The manager that it comes from has it switched off.
    Off,
    /// There are links or special files among it.
    Odd,
}
