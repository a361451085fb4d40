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
    pub game: String,
    pub profile: String,
    /// Leads others here.
    pub link: String,
    /// The ticket itself, for those who cannot reach this machine.
    pub ticket: String,
    pub since: String,
    /// Until when others can join.
    pub expires: String,
    pub packages: u64,
    /// Titles of packages that others cannot get.
    pub left_out: Vec<String>,
    /// Whether others can fetch the ticket from here right now.
    pub offered: bool,
    /// Who joined and says so, by seat.
    pub players: Vec<LobbyPlayer>,
}

/// How far somebody is who joined a lobby, as they say themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LobbyStep {
    /// What has to be brought is found out.
    Joining,
    /// The lobby's mods arrive.
    Bringing,
    /// They take the place of the own ones.
    Placing,
    /// They are in the game.
    Ready,
    Playing,
    Left,
}

/// Somebody who joined a lobby. Everything is what they say; nothing follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LobbyPlayer {
    /// Tells those apart who give no name, or the same; counted from 1.
    pub seat: u32,
    /// At most 24 characters; may be empty.
    pub name: String,
    pub step: LobbyStep,
    /// Bytes that are there, of those that the lobby's mods have; zero while it is not known.
    pub done: u64,
    pub total: u64,
    /// When the host heard of them first, and last.
    pub since: String,
    pub heard: String,
    /// They have not been heard of for 40 seconds.
    pub silent: bool,
    /// The player of this service.
    pub you: bool,
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
    /// What the player was called in the lobby before; may be empty.
    pub your_name: String,
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
    /// What the player is called there, for the others; at most 24 characters. The one of last time otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
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
    /// When it was joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub since: Option<String>,
    /// Until when others can join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub expires: Option<String>,
    /// Everybody who joined, as the host says.
    pub players: Vec<LobbyPlayer>,
    /// When the host said so last; absent where it has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub heard: Option<String>,
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
