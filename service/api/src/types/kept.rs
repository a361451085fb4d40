//! Versions of files that were set aside.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::PlaceFile;

/// Why a version was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeptWhy {
    /// Something else took the place of a changed file.
    Replaced,
    /// It was there before Muster, and comes back with the last package that has the file.
    Displaced,
    /// It lay there before its package was in a profile, went with that, and comes back with it or with the original game.
    Hidden,
    /// It was found after a crash, and where it was is not known any more.
    Found,
}

/// A version of a file that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KeptVersion {
    /// Names it in requests.
    pub id: String,
    /// Where it was, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<PlaceFile>,
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// When the file was changed last, RFC 3339.
    pub modified: String,
    pub why: KeptWhy,
    /// The package in whose place, or with which, it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub package: Option<String>,
}

/// Versions to bring back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KeptRestore {
    pub ids: Vec<String>,
    /// Where to, for a single version; where it was otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<PlaceFile>,
}

/// Versions to let go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KeptFree {
    pub ids: Vec<String>,
}

/// What was let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KeptFreed {
    pub versions: u64,
    pub bytes: u64,
}
