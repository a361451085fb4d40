//! Lobbies: opened here, looked at, joined and left.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Job, PlanPreview, Problem, SharedSource};

/// A lobby to open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HostLobby {
    /// The one that is shown first otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile: Option<String>,
    /// For people; the profile's name otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// `ADDRESS:PORT` at which others reach this machine; found out otherwise.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// 1 to 168.
    pub hours: u32,
}

/// A lobby that is open here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct HostedLobby {
    pub name: String,
    pub profile: String,
    /// Leads others here.
    pub link: String,
    /// The ticket itself, for those who cannot reach this machine.
    pub ticket: String,
    pub expires: String,
    pub packages: u64,
    /// Titles of packages that others cannot get.
    pub left_out: Vec<String>,
    /// Whether others can fetch the ticket from here right now.
    pub offered: bool,
}

/// A lobby to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LobbyRequest {
    /// The players whom it names are asked for its ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub link: Option<String>,
    /// The ticket itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ticket: Option<String>,
}

/// What joining would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LobbyOffer {
    pub name: String,
    pub game: String,
    pub expires: String,
    /// Players whom the ticket names.
    pub peers: u64,
    pub packages: u64,
    pub sources: Vec<SharedSource>,
    /// Names the very ticket that was looked at.
    pub digest: String,
    /// The profile that comes back afterwards.
    pub own_profile: String,
    pub own_name: String,
    /// Absent where sources are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub plan: Option<PlanPreview>,
}

/// Joins a lobby as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinLobby {
    pub lobby: LobbyRequest,
    /// Of the offer.
    pub digest: String,
    /// The digest of the offer's plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub agreed: Option<String>,
}

/// How far a guest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LobbyPhase {
    /// The lobby's mods arrive; the own profile is in place.
    Bringing,
    /// They take the place of the player's.
    Placing,
    /// They are in the game.
    Ready,
    /// The game runs with them.
    Playing,
    /// The own profile takes its place again.
    Returning,
}

/// The lobby that was joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct JoinedLobby {
    pub name: String,
    pub game: String,
    pub phase: LobbyPhase,
    /// The lobby's own profile.
    pub profile: String,
    /// The name of the profile that comes back; absent where none was in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub own_name: Option<String>,
    /// What is under way for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub job: Option<Job>,
    /// Why the last step did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Problem>,
}

/// Lobbies that are open here, and the one that was joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Lobbies {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hosted: Option<HostedLobby>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub joined: Option<JoinedLobby>,
}
