//! What Muster takes on the disks, and how files get to the places of a game.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Reason;

/// How files of packages get to one place of a game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PlaceStorage {
    pub place: String,
    pub folder: String,
    /// `reflink`: shared blocks, each file one of its own; `hard-link`: one file with two names; `copy`. Configuration
    /// files are always copied.
    pub method: String,
    /// Why not in a better way.
    pub reason: Reason,
    /// Folder where its packages are unpacked; absent where that is Muster's data folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub store: Option<String>,
}

/// What a store of unpacked packages takes, in bytes. The parts add up to all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StoreSpace {
    pub folder: String,
    /// Its disk is not there: nothing can be said.
    pub away: bool,
    pub packages: u64,
    /// Of packages that one profile has.
    pub unique: u64,
    /// Of packages that several profiles have, each counted once.
    pub shared: u64,
    /// What only earlier states, and profiles that can come back, need.
    pub history: u64,
    /// What nothing needs; it goes by itself.
    pub reclaimable: u64,
}

/// What the archives take, in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ArchiveSpace {
    pub folder: String,
    pub archives: u64,
    pub size: u64,
    /// Of unfinished downloads.
    pub unfinished: u64,
    /// What can be let go, unfinished downloads included.
    pub reclaimable: u64,
}

/// What Muster takes on the disks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DiskUsage {
    /// The one in the data folder first.
    pub stores: Vec<StoreSpace>,
    pub archives: ArchiveSpace,
}
