//! The download queue and sharing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Reason;

/// Who waits for a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// Now.
    LobbyUrgent,
    /// Next.
    User,
    /// Idle.
    Background,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransferState {
    Queued,
    Active,
    Checking,
    Paused,
    Done,
    Failed,
}

/// One archive on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Transfer {
    /// Identity: SHA-256 of the archive.
    pub sha256: String,
    pub name: String,
    pub lane: Lane,
    pub position: u32,
    pub state: TransferState,
    /// Why it does not run, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<Reason>,
    pub size: u64,
    /// Bytes that were on this machine already.
    pub here: u64,
    pub from_peers: u64,
    pub from_servers: u64,
    /// Bytes per second.
    pub down: u64,
    pub up: u64,
    pub peers: u32,
    /// Seconds left, where it can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub eta: Option<u64>,
}

/// All transfers that are not finished, and those finished since the service started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Transfers {
    pub transfers: Vec<Transfer>,
    pub paused: bool,
    pub down: u64,
    pub down_peers: u64,
    pub down_servers: u64,
    pub up: u64,
    /// What belongs together: the archives of each unfinished job, oldest first.
    #[serde(default)]
    pub groups: Vec<TransferGroup>,
    /// Everything that is on its way, each archive counted once.
    #[serde(default)]
    pub all: TransferSum,
}

/// What changed of the transfers since this connection was told of them last, and everything that is counted of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TransfersChange {
    /// Each takes the place of the one with the same hash; new ones come behind those that are known.
    pub changed: Vec<Transfer>,
    /// Hashes of those that are not listed any more.
    pub gone: Vec<String>,
    pub paused: bool,
    pub down: u64,
    pub down_peers: u64,
    pub down_servers: u64,
    pub up: u64,
    /// Without their subjects, which are those of their jobs.
    pub groups: Vec<TransferGroup>,
    pub all: TransferSum,
}

/// The archives that one job brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TransferGroup {
    pub job: String,
    /// What the player asked for, by title.
    pub subjects: Vec<String>,
    #[serde(flatten)]
    pub sum: TransferSum,
}

/// How far some archives are together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TransferSum {
    /// Archives, and how many of them are complete.
    pub archives: u32,
    pub complete: u32,
    /// Bytes, those of them that are on this machine, and those that are still to come.
    pub total: u64,
    pub done: u64,
    pub left: u64,
    /// Bytes by where they came from: this machine, peers, servers.
    pub here: u64,
    pub from_peers: u64,
    pub from_servers: u64,
    /// Bytes per second.
    pub down: u64,
    /// Seconds left, where it can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub eta: Option<u64>,
}

/// Change one transfer, or all where `sha256` is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TransferCommand {
    pub action: TransferAction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sha256: Option<String>,
    /// For `move`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub lane: Option<Lane>,
    /// For `move`: place in the lane, first is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub position: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransferAction {
    Pause,
    Resume,
    Move,
    Retry,
    /// Take it out of the queue; a job that cannot do without it is cancelled.
    Cancel,
}

/// Peers handed over by hand (tests, lobbies).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AddPeers {
    /// `address:port`.
    pub peers: Vec<String>,
}
