//! Packs that other managers made: of Modrinth, and profiles of r2modman and Gale.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PackageKey, PlanPreview};

/// A pack to look at, and the profile that it is for. One of path, address and code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackRequest {
    /// Absent: it is only looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile: Option<String>,
    /// Absolute path of a file on this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub path: Option<String>,
    /// A web address that gives the file itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub address: Option<String>,
    /// A code under which Thunderstore keeps a profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<String>,
    /// The game of a profile whose list does not say it, where no profile is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub game: Option<String>,
    /// Packages that it does not have stay; otherwise they go.
    #[serde(default)]
    pub keep_others: bool,
}

/// Who made a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PackForm {
    Modrinth,
    /// r2modman, the Thunderstore Mod Manager or Gale.
    Export,
}

/// How a mod of a pack can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PackState {
    /// A source has exactly this one.
    Found,
    /// A source has the mod, and not in this version; it is not installed.
    OtherVersion,
    /// No source has it: it is fetched from an address that the pack names, and known by its hash.
    ByAddress,
    /// Nobody here has it; it is not installed.
    Unknown,
    /// It is not installed.
    Refused,
}

/// Why something of a pack stays behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PackRefusal {
    /// It is a program, or an archive with one, and no package of a source.
    Program,
    /// It would lie outside of the folders for mods and their settings.
    Outside,
    /// No package may touch such a file.
    Protected,
    /// Its name or its description cannot be used.
    Name,
    /// The pack names no address for it that may be asked.
    Address,
}

/// One mod of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PackMod {
    /// As the pack names it.
    pub name: String,
    /// Empty where the pack does not say it.
    pub version: String,
    /// Bytes; 0 where the pack does not say it.
    pub size: u64,
    pub enabled: bool,
    pub state: PackState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub package: Option<PackageKey>,
    /// The newest version that a source has, where it does not have this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub newest: Option<String>,
    /// The host that it is fetched from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub host: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub why: Option<PackRefusal>,
}

/// One of the files that a pack brings itself: settings, pictures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PackFile {
    /// Below the folder of the game.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Why it stays behind; absent where it comes along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub why: Option<PackRefusal>,
}

/// Something that a pack needs and Muster does not install: a version of the game, or of its loader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PackNeed {
    pub what: String,
    pub version: String,
}

/// A pack, and what it would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct PackOffer {
    pub name: String,
    /// Empty where the pack does not say it.
    pub version: String,
    pub form: PackForm,
    pub game: String,
    pub needs: Vec<PackNeed>,
    pub mods: Vec<PackMod>,
    pub files: Vec<PackFile>,
    /// Sources that would have its mods, by the word that adds them; the player adds them or not.
    pub missing_sources: Vec<String>,
    /// Names what was looked at and found.
    pub digest: String,
    /// What would become of the packages that sources have. What is made of the pack's own files is not in it. Absent
    /// where the profile has them already, is of another game, or was not named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub plan: Option<PlanPreview>,
}

/// Makes packages of the player's own of what a pack brings itself, as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakePack {
    pub pack: PackRequest,
    /// Of the offer.
    pub digest: String,
}
