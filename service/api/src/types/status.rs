//! The service itself, and the games it found.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PauseState, Reason};

/// Which API versions the service speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VersionInfo {
    pub min: u32,
    pub max: u32,
    /// Program version.
    pub program: String,
    /// Changes with every build; another build means that the service should be restarted.
    pub build: String,
}

/// What the tray shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceState {
    Idle,
    Working,
    Sharing,
    Paused,
    /// A job waits for an answer or failed.
    Attention,
}

/// The service at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Status {
    pub version: VersionInfo,
    pub pid: u32,
    pub started: String,
    pub state: ServiceState,
    /// Why something is held back, most important first.
    pub reasons: Vec<Reason>,
    /// Jobs that are not finished.
    pub jobs: u32,
    /// Transfers that are not finished.
    pub transfers: u32,
    /// Bytes per second, now.
    pub down: u64,
    pub up: u64,
    /// Packages in the catalog.
    pub packages: u64,
    /// Bytes of archives kept, and the most that may be kept.
    pub cache_used: u64,
    pub cache_quota: u64,
    /// Archives offered to others right now.
    pub shared: u32,
    /// The profile that the window should show first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub active_profile: Option<String>,
    /// The pause of everything, while there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pause: Option<PauseState>,
    /// Address other Muster services can reach this one at, while sharing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub peer_address: Option<String>,
}
