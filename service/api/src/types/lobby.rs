//! Lobbies: opened here, looked at, joined and left.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Job, PackageKey, PlanPreview, Problem, SharedSource};

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
    /// Packages of the profile that guests may leave out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PackageKey>>")]
    pub optional: Vec<PackageKey>,
    /// The page (`https://…`) to go back to once the lobby was joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub back: Option<String>,
    /// Sign with a key that stays from lobby to lobby, too: guests can know the host again, and so can others.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub known: bool,
}

/// A lobby that is open here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct HostedLobby {
    pub name: String,
    pub game: String,
    pub profile: String,
    /// Leads others here.
    pub link: String,
    /// The same with the ticket in it, where that is small: nobody has to be asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub full_link: Option<String>,
    /// The ticket itself, for those who cannot reach this machine.
    pub ticket: String,
    pub since: String,
    /// Until when others can join.
    pub expires: String,
    pub packages: u64,
    /// How many of them guests may leave out.
    pub optional: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub back: Option<String>,
    /// Words of the key by which guests know the host again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub host_words: Option<String>,
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
    /// What is left out; those that are optional and not verified, where it is absent. Joining takes it as it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub without: Option<Vec<PackageKey>>,
}

/// A package that a guest may leave out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LobbyOptional {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    pub verified: bool,
    pub left_out: bool,
}

/// The host of a lobby, by a key that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LobbyHost {
    pub key: String,
    pub words: String,
    /// Its lobbies are joined without asking.
    pub allowed: bool,
}

/// A host whose lobbies are joined without asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct KnownHost {
    pub key: String,
    pub words: String,
    /// What the lobby was called in which that was said.
    pub lobby: String,
    pub since: String,
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
    /// What may be left out, and what is.
    pub optional: Vec<LobbyOptional>,
    /// The page to go back to afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub back: Option<String>,
    /// Absent where the host cannot be known again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub host: Option<LobbyHost>,
    /// Something in it has to be decided, whoever the host is: it is not verified, of a new publisher, or there is a notice.
    pub asks: bool,
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
    /// Later lobbies of this host are joined without asking, where nothing in them has to be decided.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub remember_host: bool,
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
    /// The page to go back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub back: Option<String>,
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
    /// Hosts whose lobbies are joined without asking.
    #[serde(default)]
    pub hosts: Vec<KnownHost>,
}
