//! Saves of a game, and snapshots of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Reason;

/// When saves are snapshotted by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SavesWhen {
    #[default]
    Off,
    /// Before changes that old saves may not survive.
    BeforeLarge,
}

/// The saves of a profile's game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Saves {
    pub when: SavesWhen,
    /// Most bytes that all snapshots take together.
    pub quota: u64,
    /// Most snapshots.
    pub keep: u32,
    /// Where saves lie; none at all where the game's definition says nothing of saves.
    pub folders: Vec<SavesFolder>,
    /// The newest first.
    pub snapshots: Vec<SavesSnapshot>,
    /// Bytes of all snapshots together; what is in several counts once.
    pub used: u64,
}

/// A folder that holds saves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SavesFolder {
    pub kind: String,
    pub folder: String,
}

/// One save: a file or a folder directly below its kind's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SaveName {
    pub kind: String,
    pub name: String,
}

/// A snapshot of saves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SavesSnapshot {
    pub number: u64,
    /// RFC 3339.
    pub at: String,
    /// `by-hand`, `before-restore`, or `before-` and the cause of the change.
    pub why: Reason,
    pub saves: Vec<SaveName>,
    pub files: u64,
    /// Bytes.
    pub size: u64,
    /// Files that are not in it, because not every system can have their names.
    pub left_out: u64,
}

/// When saves are snapshotted, and how much is kept; absent values stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SavesRulesPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub when: Option<SavesWhen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quota: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub keep: Option<u32>,
}

/// Saves to bring back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SavesRestore {
    /// Names of saves; all of the snapshot where there are none.
    #[serde(default)]
    pub saves: Vec<String>,
}
