//! What is kept and offered, making room, and who is connected.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PackageKey, Reason};

/// An archive that is kept and may be offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Seed {
    pub sha256: String,
    /// Title and version, or the short hash where nobody knows any more.
    pub name: String,
    /// Which package it is, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub package: Option<PackageKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
    pub size: u64,
    /// Whether it is offered right now, and if not, why.
    pub offered: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<Reason>,
    /// Why it is kept, most important first.
    pub kept: Vec<Reason>,
    pub last_used: String,
    /// When it goes if nothing uses it until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub expires: Option<String>,
    /// Bytes given to others since it came.
    pub given: u64,
    pub peers: u32,
    /// Other complete copies in the swarm, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub other_seeders: Option<u32>,
    pub pinned: bool,
    pub paused: bool,
    /// Its bytes are known to be right; otherwise they are being checked.
    pub checked: bool,
}

/// Change one archive that is kept, or all where `sha256` is absent (pause and resume only).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeedCommand {
    pub action: SeedAction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sha256: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeedAction {
    /// Keep it whatever else has to go.
    Pin,
    Unpin,
    /// Offer it to nobody; downloads go on.
    Pause,
    Resume,
}

/// Make room in the cache: exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RoomRequest {
    /// At least this many bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub bytes: Option<u64>,
    /// These archives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<String>,
    /// As much as there is.
    pub all: bool,
}

/// What goes and what stays when room is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoomPlan {
    pub goes: Vec<RoomItem>,
    /// Of what was asked for.
    pub stays: Vec<RoomItem>,
    /// Bytes that become free.
    pub freed: u64,
}

/// One archive in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoomItem {
    pub sha256: String,
    pub name: String,
    pub size: u64,
    /// Only a part of it is here.
    pub unfinished: bool,
    /// Why it stays; for what goes, why it was kept so far.
    pub reasons: Vec<Reason>,
}

/// Room was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoomMade {
    /// Number of the change.
    pub change: u64,
    /// What went and what stayed.
    #[serde(flatten)]
    pub room: RoomPlan,
}

/// The connections of one archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ArchivePeers {
    pub sha256: String,
    pub name: String,
    /// How many are connected.
    pub connected: u32,
    pub peers: Vec<Peer>,
}

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Peer {
    /// `address:port`. Shown nowhere else.
    pub address: String,
    pub via: PeerVia,
    /// What the peer calls its program; text from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub client: Option<String>,
    /// It has the whole archive.
    pub is_seed: bool,
    /// Bytes that came from it and went to it.
    pub down: u64,
    pub up: u64,
    /// Bytes per second.
    pub down_rate: u64,
    pub up_rate: u64,
    /// Blocks of it that were not what was signed.
    pub wrong_blocks: u32,
    pub state: PeerState,
}

/// How a peer became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeerVia {
    /// By the player, a lobby or a ticket.
    Named,
    Lan,
    Tracker,
    Dht,
    Pex,
    /// It connected to this machine.
    Incoming,
}

/// What a connection does, seen from this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeerState {
    Idle,
    Taking,
    Giving,
    Both,
}
