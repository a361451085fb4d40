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
mod hosts;
mod own_keys;
mod record;
mod report;
mod steps;
mod ticket;

use jiff::Timestamp;
use muster_domain::{
    GameId, InlineTicket, JobId, JoinLink, Lock, PackageId, ProfileId, Sha256, SourceId, clean_line,
};
use muster_registry::{MAX_GUEST_NAME, PublicKey, RollEntry, SignedTicket, Ticket};
use muster_store::state::Profile;
use uuid::Uuid;

use crate::{
    ChangeRequest, Engine, EngineError, JobView, Key, NeededSource, Others, PlanView, Problem, Urgent,
    jobs::{JobRequest, submit},
    profiles::Binding,
    shared,
};

pub use error::{LOBBY_CODES, LobbyError};
pub use host::{HostRequest, HostedView};
use host::{Seed, new_seed};
pub use hosts::KnownHost;
use hosts::publisher;
pub(crate) use own_keys::OwnKeys;
use own_keys::Role;
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
    /// The link has it in it.
    Inline(InlineTicket),
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
    /// What may be left out of it.
    pub optional: Vec<OptionalView>,
    /// The page to go back to afterwards.
    pub back: Option<String>,
    /// The key by which the host can be known again, and whether its lobbies are joined without asking.
    pub by: Option<(PublicKey, bool)>,
    /// Something in it has to be decided by the player, whoever the host is.
    pub asks: bool,
    /// Absent where sources are missing, or where the lobby plays without mods.
    pub plan: Option<PlanView>,
}

/// A package that a guest may leave out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionalView {
    pub key: Key,
    pub title: String,
    pub is_verified: bool,
    pub is_left_out: bool,
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
    /// The page to go back to.
    pub back: Option<String>,
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
    /// What is left out; the plan that was agreed to is without it.
    pub without: Vec<Key>,
    /// Later lobbies of this host are joined without asking.
    pub remembers_host: bool,
    /// What the player is called there; the others see it. The one of last time otherwise.
    pub name: Option<String>,
}

/// Lobbies that are open here, and the one that was joined.
#[derive(Clone, Debug, Default)]
pub struct LobbiesView {
    pub hosted: Option<HostedView>,
    pub joined: Option<GuestView>,
    /// Hosts whose lobbies are joined without asking.
    pub hosts: Vec<KnownHost>,
}

impl Engine {
    /// What joining would do without some packages; where nobody said which, without the optional ones that are not
    /// verified. Brings the ticket, where a link names it, and changes nothing else.
    pub async fn inspect_lobby(
        &self,
        at: &LobbyAt,
        without: Option<Vec<Key>>,
    ) -> Result<LobbyView, EngineError> {
        let SignedTicket { ticket, digest } = self.read_ticket(at).await?;
        let own = self.own_profile(&ticket.profile.game).await?;
        let sources = self.needed_sources(&ticket.profile).await?;
        let optional = self.optional(&ticket, without.as_deref()).await?;
        let left_out = optional.iter().filter(|one| one.is_left_out).map(|one| one.key.clone()).collect();
        let change = lobby_change(&ticket, left_out)?;
        let plan = match change.is_empty() || !sources.iter().all(|source| source.is_here) {
            true => None,
            false => Some(self.plan_on(&without_mods(own.clone()), &change).await?),
        };
        let hosts = self.known_hosts().await?;
        let is_known = |key: &PublicKey| hosts.iter().any(|host| host.key == *key);
        Ok(LobbyView {
            optional,
            back: ticket.back,
            by: ticket.by.map(|key| (key, is_known(&key))),
            asks: self.joining_asks(plan.as_ref()).await?,
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
        let mut change = lobby_change(&ticket, request.without)?;
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
        self.keep_lobby_key(Role::Guest, digest, Seed(new_seed()?)).await?;
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
            back: ticket.back,
        };
        // Written down before it is made: whatever happens in between, the profile is one that a lobby is known for.
        self.write_guest(Some(guest.clone())).await?;
        if let Err(error) = self.create_beside(&own, (profile, &name)).await {
            self.write_guest(None).await?;
            return Err(error);
        }
        guest.step = Step::Bringing { job: submit(self, Some(profile), job).await? };
        self.write_guest(Some(guest.clone())).await?;
        if let Some(key) = ticket.by.filter(|_| request.remembers_host) {
            self.remember_host(key, &guest.name).await?;
        }
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
        Ok(LobbiesView { hosted: self.hosted_view().await?, joined, hosts: self.known_hosts().await? })
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
            back: guest.back,
        })
    }

    /// What may be left out, and what is.
    async fn optional(
        &self,
        ticket: &Ticket,
        without: Option<&[Key]>,
    ) -> Result<Vec<OptionalView>, EngineError> {
        let mut optional = Vec::new();
        for package in &ticket.optional {
            let key = Key { source: package.source.clone(), id: package.id.clone() };
            let is_verified = match publisher(&key) {
                Some((source, publisher)) => self.is_admitted(&source, &publisher).await,
                None => false,
            };
            let is_left_out = without.map_or(!is_verified, |without| without.contains(&key));
            optional.push(OptionalView { title: self.title(&key).await, key, is_verified, is_left_out });
        }
        let needed = |key: &&Key| !optional.iter().any(|one| one.key == **key);
        match without.and_then(|without| without.iter().find(needed)) {
            Some(key) => Err(LobbyError::Needed { package: key.id.to_string() }.into()),
            None => Ok(optional),
        }
    }

    /// To whom a guest reports, and under which name.
    async fn reports(&self, ticket: &Ticket, name: Option<String>) -> Result<Reports, EngineError> {
        let name = match name {
            Some(name) => clean_line(&name, MAX_GUEST_NAME),
            None => self.lobby_name().await?,
        };
        self.remember_lobby_name(&name).await?;
        Ok(Reports { host: ticket.host, seed: None, peers: ticket.peers.clone(), name })
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

/// What the ticket asks of a profile without mods, but for what may be left out and is.
fn lobby_change(ticket: &Ticket, without: Vec<Key>) -> Result<ChangeRequest, EngineError> {
    if let Some(key) = without.iter().find(|key| !ticket.may_be_left_out(&key.source, &key.id)) {
        return Err(LobbyError::Needed { package: key.id.to_string() }.into());
    }
    let mut profile = ticket.profile.clone();
    let is_left_out =
        |source: &SourceId, id: &PackageId| without.iter().any(|key| key.source == *source && key.id == *id);
    profile.packages.retain(|package| !is_left_out(&package.source, &package.id));
    let mut change = shared::request(&profile, &Lock::default(), Others::Go);
    change.urgent = Some(Urgent { peers: ticket.peers.clone() });
    Ok(change)
}

/// The same profile, before anything was in it.
fn without_mods(profile: Profile) -> Profile {
    Profile { lock: Lock::default(), active: false, generation: 0, overlay: serde_json::json!({}), ..profile }
}
