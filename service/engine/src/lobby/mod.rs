//! Lobbies: a host says which mods the match is played with, who joins has them for that match and the own ones after it.
//!
//! What the host says is a signed ticket; a link names its bytes by their hash and players who have them. A ticket asks
//! like any shared profile does and decides as little: every package comes from the guest's own source of that name
//! under its publisher's key. The lobby's mods become a profile of their own in the place of the player's
//! ([`steps`], pure), which takes its place again when the game ends, when the player says so, and after a crash.
//!
//! Who joined says how far it is ([`report`]); the host keeps the list of them ([`guests`], pure) and tells it to all.

mod desk;
mod drive;
mod error;
mod guests;
mod host;
mod record;
mod report;
mod steps;
mod ticket;

use jiff::Timestamp;
use muster_domain::{GameId, JobId, JoinLink, Lock, ProfileId, Sha256, clean_line};
use muster_registry::{MAX_GUEST_NAME, RollEntry, SignedTicket, Ticket};
use muster_store::state::Profile;
use uuid::Uuid;

use crate::{
    ChangeRequest, Engine, EngineError, JobView, NeededSource, Others, PlanView, Problem, Urgent,
    jobs::{JobRequest, submit},
    profiles::Binding,
    shared,
};

pub use error::{LOBBY_CODES, LobbyError};
pub use host::{HostRequest, HostedView};
use host::{Seed, new_seed};
use record::Guest;
pub(crate) use record::Lobbies;
use report::Reports;
use steps::Step;

/// Most of a lobby's name that its profile is called by, in characters: the beginning of the ticket's hash comes behind.
const NAME: usize = 48;

/// Where a ticket is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LobbyAt {
    /// The link names its bytes, and who has them.
    Link(JoinLink),
    /// Here is its text.
    Text(String),
}

/// What joining a lobby would do. Nothing was changed.
#[derive(Clone, Debug)]
pub struct LobbyView {
    pub name: String,
    pub game: GameId,
    pub expires: Timestamp,
    /// Players whom the ticket names.
    pub peers: usize,
    pub packages: usize,
    pub sources: Vec<NeededSource>,
    /// Names the very ticket that was looked at.
    pub digest: Sha256,
    /// The profile that comes back afterwards.
    pub own: ProfileId,
    pub own_name: String,
    /// What the player was called in the lobby before; may be empty.
    pub your_name: String,
    /// Absent where sources are missing, or where the lobby plays without mods.
    pub plan: Option<PlanView>,
}

/// How far a guest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LobbyPhase {
    Bringing,
    Placing,
    Ready,
    Playing,
    Returning,
}

impl LobbyPhase {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bringing => "bringing",
            Self::Placing => "placing",
            Self::Ready => "ready",
            Self::Playing => "playing",
            Self::Returning => "returning",
        }
    }
}

/// The lobby that was joined.
#[derive(Clone, Debug)]
pub struct GuestView {
    pub name: String,
    pub game: GameId,
    pub phase: LobbyPhase,
    /// The lobby's own profile.
    pub profile: ProfileId,
    /// The name of the profile that comes back.
    pub own_name: Option<String>,
    /// What is under way for it.
    pub job: Option<JobView>,
    /// Why the last step did not succeed.
    pub problem: Option<Problem>,
    /// When it was joined, and until when others can.
    pub since: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    /// What the host says of everybody who joined.
    pub roll: Option<RollView>,
}

/// What the host of a lobby said last.
#[derive(Clone, Debug)]
pub struct RollView {
    pub guests: Vec<RollEntry>,
    /// The seat of this guest.
    pub you: u32,
    pub at: Timestamp,
}

/// Joining a lobby as it was looked at.
#[derive(Clone, Debug)]
pub struct JoinRequest {
    /// Of the ticket that was looked at.
    pub digest: Sha256,
    /// The digest of the plan that was agreed to.
    pub agreed: Option<String>,
    /// What the player is called there; the others see it. The one of last time otherwise.
    pub name: Option<String>,
}

/// Lobbies that are open here, and the one that was joined.
#[derive(Clone, Debug, Default)]
pub struct LobbiesView {
    pub hosted: Option<HostedView>,
    pub joined: Option<GuestView>,
}

impl Engine {
    /// What joining would do. Brings the ticket, where a link names it, and changes nothing else.
    pub async fn inspect_lobby(&self, at: &LobbyAt) -> Result<LobbyView, EngineError> {
        let SignedTicket { ticket, digest } = self.read_ticket(at).await?;
        let own = self.own_profile(&ticket.profile.game).await?;
        let sources = self.needed_sources(&ticket.profile).await?;
        let change = lobby_change(&ticket);
        let plan = match change.is_empty() || !sources.iter().all(|source| source.is_here) {
            true => None,
            false => Some(self.plan_on(&without_mods(own.clone()), &change).await?),
        };
        Ok(LobbyView {
            name: ticket.name,
            game: ticket.profile.game,
            expires: ticket.expires,
            peers: ticket.peers.len(),
            packages: ticket.profile.packages.len(),
            sources,
            digest,
            own: own.id,
            own_name: own.name,
            your_name: self.lobby_name().await?,
            plan,
        })
    }

    /// Joins a lobby as it was looked at: another ticket or another outcome is refused. Gives the lobby's profile.
    pub async fn join_lobby(&self, at: &LobbyAt, request: JoinRequest) -> Result<ProfileId, EngineError> {
        let SignedTicket { ticket, digest } = self.read_ticket(at).await?;
        if request.digest != digest {
            return Err(LobbyError::Changed.into());
        }
        let own = self.own_profile(&ticket.profile.game).await?;
        self.check_sources(&ticket.profile).await?;
        let mut change = lobby_change(&ticket);
        if change.is_empty() {
            return Err(LobbyError::Empty.into());
        }
        change.agreed = Some(request.agreed.ok_or(EngineError::NothingAsked)?);
        let _turn = self.inner.lobbies.turn.lock().await;
        if let Some(guest) = self.guest().await? {
            return Err(LobbyError::Already { name: guest.name }.into());
        }
        // A profile of an earlier lobby of this name may still be on its way out.
        let name = format!("{} · {}", clean_line(&ticket.name, NAME), &digest.to_string()[..6]);
        let profile = ProfileId(Uuid::now_v7());
        let reports = self.reports(&ticket, request.name).await?;
        let job = JobRequest::Change { request: Box::new(change), subjects: vec![ticket.name.clone()] };
        let current = self.current_profile().await?;
        let mut guest = Guest {
            name: ticket.name,
            game: ticket.profile.game,
            digest,
            profile,
            own: own.active.then_some(own.id),
            current,
            // No job of this number ever ends: after a crash right here there is nothing to wait for, and the profile goes.
            step: Step::Bringing { job: JobId(Uuid::nil()) },
            wants_back: false,
            reached: self.inner.lobbies.started(),
            problem: None,
            since: Some(Timestamp::now()),
            expires: Some(ticket.expires),
            reports: Some(reports),
        };
        // Written down before it is made: whatever happens in between, the profile is one that a lobby is known for.
        self.write_guest(Some(guest.clone())).await?;
        if let Err(error) = self.create_beside(&own, (profile, &name)).await {
            self.write_guest(None).await?;
            return Err(error);
        }
        guest.step = Step::Bringing { job: submit(self, Some(profile), job).await? };
        self.write_guest(Some(guest)).await?;
        self.inner.lobbies.stirred.notify_one();
        Ok(profile)
    }

    /// Ends the lobby that was joined: the player's own profile comes back, as soon as nobody plays with the other one.
    pub async fn leave_lobby(&self) -> Result<(), EngineError> {
        let _turn = self.inner.lobbies.turn.lock().await;
        let mut guest = self.guest().await?.ok_or(LobbyError::NoLobby)?;
        guest.wants_back = true;
        self.write_guest(Some(guest)).await?;
        self.inner.lobbies.stirred.notify_one();
        Ok(())
    }

    /// What is open here, and what was joined.
    pub async fn lobbies(&self) -> Result<LobbiesView, EngineError> {
        let joined = match self.guest().await? {
            Some(guest) => Some(self.guest_view(guest).await?),
            None => None,
        };
        Ok(LobbiesView { hosted: self.hosted_view().await?, joined })
    }

    async fn guest_view(&self, guest: Guest) -> Result<GuestView, EngineError> {
        let (phase, job) = match guest.step {
            Step::Bringing { job } => (LobbyPhase::Bringing, Some(job)),
            Step::Placing { job } => (LobbyPhase::Placing, job),
            Step::Ready => (LobbyPhase::Ready, None),
            Step::Playing => (LobbyPhase::Playing, None),
            Step::Returning { job } | Step::Over { job } => (LobbyPhase::Returning, job),
        };
        let roll = self.heard(&guest.digest).map(|heard| RollView {
            guests: heard.roll.guests,
            you: heard.roll.you,
            at: heard.at,
        });
        let own = match guest.own {
            Some(own) => self.state().profiles().get(own).await?,
            None => None,
        };
        Ok(GuestView {
            name: guest.name,
            game: guest.game,
            phase,
            profile: guest.profile,
            own_name: own.map(|own| own.name),
            job: job.and_then(|job| self.board().get(job)),
            problem: guest.problem,
            since: guest.since,
            expires: guest.expires,
            roll,
        })
    }

    /// To whom a guest reports, and under which name.
    async fn reports(&self, ticket: &Ticket, name: Option<String>) -> Result<Reports, EngineError> {
        let name = match name {
            Some(name) => clean_line(&name, MAX_GUEST_NAME),
            None => self.lobby_name().await?,
        };
        self.remember_lobby_name(&name).await?;
        let seed = Seed(new_seed()?);
        Ok(Reports { host: ticket.host, seed, peers: ticket.peers.clone(), name })
    }

    /// The profile in whose place a lobby's is put: the one that is in place, else any of the game.
    async fn own_profile(&self, game: &GameId) -> Result<Profile, EngineError> {
        let profiles = self.state().profiles().all().await?;
        let current = self.current_profile().await?;
        let guest = self.guest().await?.map(|guest| guest.profile);
        let of_game =
            profiles.into_iter().filter(|profile| profile.game == *game && Some(profile.id) != guest);
        let best = of_game.max_by_key(|profile| (Some(profile.id) == current, profile.active));
        let best = best.ok_or_else(|| EngineError::GameNotFound { game: game.clone() })?;
        match self.active_at(&best.place).await? {
            Some(active) if Some(active.id) != guest => Ok(active),
            _ => Ok(best),
        }
    }

    /// A new profile at the place of another one.
    async fn create_beside(&self, own: &Profile, (id, name): (ProfileId, &str)) -> Result<(), EngineError> {
        let installation = Binding::of(own)?.installation;
        self.create_profile_as(id, (name, &own.game), installation).await
    }
}

/// What the ticket asks of a profile without mods.
fn lobby_change(ticket: &muster_registry::Ticket) -> ChangeRequest {
    let mut change = shared::request(&ticket.profile, &Lock::default(), Others::Go);
    change.urgent = Some(Urgent { peers: ticket.peers.clone() });
    change
}

/// The same profile, before anything was in it.
fn without_mods(profile: Profile) -> Profile {
    Profile { lock: Lock::default(), active: false, generation: 0, overlay: serde_json::json!({}), ..profile }
}
