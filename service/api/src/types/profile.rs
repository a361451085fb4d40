//! Profiles, their packages and their history.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Advice, PackageKey, PlaceStorage, Platform, Reason, ReleaseChannel, Seal, Side};

/// A game's set of packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Profile {
    pub id: String,
    pub name: String,
    pub game: String,
    pub game_title: String,
    /// Installation it is deployed to.
    pub installation: String,
    /// Meant where no profile is named.
    pub active: bool,
    /// Its files are in the game's folders.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub placed: bool,
    pub generation: u64,
    pub on: u32,
    pub off: u32,
    pub updates: u32,
    pub problems: u32,
    /// What the profile is for when the game is played over a network.
    #[serde(default)]
    #[ts(optional, as = "Option<Side>")]
    pub side: Side,
    /// What the player says that the game runs on; absent where it is found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub platform: Option<Platform>,
    /// What the game runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub runs_on: Option<Platform>,
    /// World that the packages are switched on in, where the game has worlds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub world: Option<String>,
    /// The least ripe releases that the player wants of its packages; absent means finished ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub channel: Option<ReleaseChannel>,
}

/// A profile with everything in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ProfileDetail {
    #[serde(flatten)]
    pub profile: Profile,
    pub entries: Vec<ProfileEntry>,
    /// Newest first.
    pub generations: Vec<Generation>,
    /// Folders that belong to the profile, by name of the place.
    pub places: BTreeMap<String, String>,
    /// How files get there, as far as that was tried out: at the first change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PlaceStorage>>")]
    pub storage: Vec<PlaceStorage>,
    /// Text of `muster.lock`.
    pub lock: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ProfileEntry {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    pub publisher: String,
    pub seal: Seal,
    pub kind: String,
    pub version: String,
    pub size: u64,
    pub enabled: bool,
    /// Whether the player asked for it.
    pub wished: bool,
    /// Kept at this version, for this reason (empty if none was given).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub held: Option<String>,
    /// The least ripe releases that the player wants of it, where that is not the profile's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub channel: Option<ReleaseChannel>,
    /// Titles of what needs it.
    pub needed_by: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub update: Option<String>,
    /// A newer version that the player does not want.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub skipped: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Reason>,
    /// What sources say against this version, the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Advice>>")]
    pub advice: Vec<Advice>,
}

/// One state of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Generation {
    pub number: u64,
    pub at: String,
    /// `cause-<code>` in the message files, with titles as values.
    pub cause: Reason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    pub current: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct NewProfile {
    pub name: String,
    pub game: String,
    /// Absent means the first installation found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub installation: Option<String>,
    /// Folder that holds the game's data, for an installation that was not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub folder: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct ProfilePatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub active: Option<bool>,
    /// Name of a world of the installation; an empty text unbinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub world: Option<String>,
}

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VerifyReport {
    pub profile: String,
    /// Files exactly as they were placed.
    pub intact: u64,
    /// Configuration files that the player changed, and files of the game with lines of Muster: nothing is wrong.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<FileFinding>>")]
    pub edited: Vec<FileFinding>,
    pub changed: Vec<FileFinding>,
    pub missing: Vec<FileFinding>,
    /// Archives whose bytes no longer match.
    pub damaged_archives: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FileFinding {
    pub place: String,
    pub path: String,
    pub package: String,
}

/// Starts the game, or its server without players as a judge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct LaunchRequest {
    /// Start the game's own server on a world made for the test, read its log and stop it.
    pub prove: bool,
}

/// What the game itself said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LaunchReport {
    /// Process of the started game; 0 after a proof.
    pub pid: u32,
    /// Program and arguments.
    pub command: Vec<String>,
    /// Names that the game's log reports as loaded.
    pub loaded: Vec<String>,
    /// Names that should have been loaded and were not.
    pub not_loaded: Vec<String>,
    /// Lines of the log that show it.
    pub evidence: Vec<String>,
    /// Lines of the log that report errors.
    pub errors: Vec<String>,
}
