//! When is shared, how fast, and a pause of everything.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Reason;

/// The second set of limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Turtle {
    Off,
    On,
    /// While somebody plays, and in its hours.
    #[default]
    Auto,
}

/// What a fact about the machine does to sharing and background downloads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Consider {
    /// Holds them back where it is known to be so.
    #[default]
    Pause,
    /// Holds them back unless it is known not to be so.
    PauseUnlessKnown,
    /// Does nothing.
    Allow,
}

/// Who gets something now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    #[default]
    Nobody,
    /// The local network and accepted lobbies.
    Nearby,
    Everybody,
}

/// Which limits are in force, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LimitSet {
    #[default]
    Usual,
    /// The second set, because the player said so.
    Turtle,
    /// The second set, because somebody plays.
    TurtlePlaying,
    /// The second set, by its hours.
    TurtleHours,
}

/// For how long everything is to be paused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PauseLength {
    #[default]
    UntilResumed,
    /// For `seconds`, at most 31 days.
    ForTime,
    /// Until the next morning.
    UntilTomorrow,
    /// Until the game ends that runs or is started soon.
    WhilePlaying,
}

/// Stops every byte, also those given to others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PauseRequest {
    pub length: PauseLength,
    /// For `for-time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seconds: Option<u64>,
}

/// A pause that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PauseState {
    /// `for-time` for every pause that ends at a time.
    pub length: PauseLength,
    /// When it ends by itself, where that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub until: Option<String>,
}

/// What the machine is doing. Absent: cannot be known here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct MachineState {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub battery: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub metered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub vpn: Option<bool>,
    /// Nobody has touched the machine for a while.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub away: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub full_screen: Option<bool>,
    /// A game runs. Looked for only while it makes a difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub playing: Option<bool>,
    /// Bytes that may still be written where archives are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub free: Option<u64>,
}

/// Everything that is in force, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct Limits {
    pub reach: Reach,
    /// Why less is shared than could be, most important first.
    pub sharing_reasons: Vec<Reason>,
    /// Why background downloads wait, most important first; they may run if there is none.
    pub background_reasons: Vec<Reason>,
    pub set: LimitSet,
    /// Bytes per second; 0 means no limit.
    pub download_limit: u64,
    /// Bytes per second; 0 means nothing is uploaded.
    pub upload_limit: u64,
    /// Connections to peers, all together.
    pub connections: u32,
    /// Percent of the download limit for one's own downloads beside those of a lobby.
    pub user_share: u8,
    /// Percent of the download limit for background downloads.
    pub background_share: u8,
    /// Limits are not for the local network.
    pub lan_exempt: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pause: Option<PauseState>,
    /// Bytes uploaded this month, and the most that may be; 0 is any number.
    pub uploaded: u64,
    pub monthly_upload: u64,
    /// What the line can carry upwards, in bytes per second, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub uplink: Option<u64>,
    /// When time alone may change any of this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub next_change: Option<String>,
    pub machine: MachineState,
}
