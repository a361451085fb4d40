//! Sources of packages.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceState {
    /// Never read.
    New,
    Fresh,
    /// The last attempt failed; older data is used.
    Stale,
    Failed,
    Off,
}

/// A source that the player has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Source {
    pub id: String,
    /// The player's short name for it.
    pub alias: String,
    /// `registry`, or the name of another service (`ckan`, `contentdb`, …).
    pub kind: String,
    pub address: String,
    pub priority: u32,
    pub enabled: bool,
    pub state: SourceState,
    pub packages: u64,
    /// Last success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub synced: Option<String>,
    /// Until when it is left alone after failing several times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub resting: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Problem>,
    /// Root fingerprint of a registry, in hexadecimal and in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub root: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub root_words: Option<String>,
    /// Signed with keys that everybody has: for trying things out, never for real packages.
    pub test_keys: bool,
    /// Where it can be asked with a key of the player's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<SourceKey>,
}

/// Where the key for a service lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyPlace {
    /// The system's keyring.
    Keyring,
    /// An environment variable of the service.
    Variable,
    /// A file that only the player may read.
    File,
}

/// That a source can be asked with a key, and whether there is one. What the key is, is never told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SourceKey {
    /// The host that is told it: all sources there use the same.
    pub service: String,
    /// None where there is no key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub place: Option<KeyPlace>,
    /// The variable or the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub named: Option<String>,
    /// Why it could not be had, the last time; the service is asked without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Problem>,
}

/// A key for the service of a source, for the system's keyring.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct NewSourceKey {
    pub key: String,
}

/// Without the key.
impl std::fmt::Debug for NewSourceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewSourceKey(…)")
    }
}

/// Where a key for the service of a source lies, in place of the keyring: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SourceKeyAt {
    /// The name of an environment variable that the service is started with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub variable: Option<String>,
    /// The absolute path of a file that only the player may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<String>,
}

/// A source to add. A registry needs `root`; what nobody signs has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct NewSource {
    /// `https://…`, `http://127.0.0.1…` or an absolute folder of a registry, or another service's as `muster source add`
    /// takes it (`ckan`, `contentdb`, `thunderstore:community`).
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub alias: Option<String>,
    /// Fingerprint of the first root that the player trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub root: Option<String>,
}

/// A game that a source fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PresetGame {
    pub id: String,
    pub title: String,
    /// It was found on this machine.
    pub found: bool,
}

/// A source that fits games, by what their definitions say or by what lies beside them. Nobody was asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Preset {
    /// The address to add it by.
    pub id: String,
    /// As `kind` of a source.
    pub kind: String,
    /// The host that is asked once it is added; none for what is on this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub host: Option<String>,
    /// The games that it fits, those that were found first.
    pub games: Vec<PresetGame>,
    /// It is the one to begin with for a game.
    pub first: bool,
    /// It is one of the player's sources.
    pub known: bool,
    /// It was turned down, or removed.
    pub declined: bool,
    /// It is for a game that is here, and neither known nor declined.
    pub offered: bool,
}

/// What the player says to an offered source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PresetDecision {
    pub id: String,
    /// Turned down: not offered again. Otherwise it is offered as before.
    pub declined: bool,
}

/// A file that shall become a package: at a path of this machine, or at a web address that gives the file itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct NewFile {
    /// Absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub address: Option<String>,
    /// For the game of this profile.
    pub profile: String,
}

/// What to change about a source; absent things stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct SourcePatch {
    /// A source that is off is neither asked nor shown; nothing that it said is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub enabled: Option<bool>,
    /// Place in the player's order, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub place: Option<u32>,
}

/// What an address offers, before it is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SourceOffer {
    pub address: String,
    /// `registry`, or the name of another service.
    pub kind: String,
    /// Fingerprint of a registry, in hexadecimal and in words; what nobody signs has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub root: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub root_words: Option<String>,
    pub test_keys: bool,
    pub known: bool,
}

/// A decision about a publisher's changed key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KeyDecision {
    pub publisher: String,
    /// Fingerprint of the key set to trust from now on.
    pub key: String,
}

/// What became of a field of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldFinding {
    /// It must be there and is not: what it belongs to cannot be used.
    Missing,
    /// It must be there and is of another type: what it belongs to cannot be used.
    Broken,
    /// It may be absent and is of another type: what it says is lost.
    Differs,
    /// It may be absent, and no answer that was looked at has it.
    Unseen,
    /// The answer has it and Muster does not read it.
    Unread,
    Same,
}

/// One field of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AnswerField {
    /// Names from the outside in; `[]` stands for every entry of a list; empty for the answer itself.
    pub path: String,
    pub finding: FieldFinding,
    /// Types, as JSON calls them; empty for what is not read.
    pub expected: String,
    pub found: String,
    /// How many values it concerns, of how many that could have the field.
    pub count: u64,
    pub of: u64,
}

/// What a service answered, held against what reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SourceAnswer {
    /// What was asked for, below the service's address.
    pub asked: String,
    /// Every field, the worst first; empty where there is a problem.
    pub fields: Vec<AnswerField>,
    /// Why there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Problem>,
}
