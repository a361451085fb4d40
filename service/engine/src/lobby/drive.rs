//! The one task that leads a guest on, and looks after an open lobby.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use muster_domain::{Coded as _, JobId};
use tokio::sync::broadcast::error::RecvError;

use super::{
    own_keys::Role,
    record::Guest,
    steps::{Act, JobState, Seen, Step, next},
};
use crate::{
    Engine, EngineError, Phase, ProfilePatch, Signal,
    jobs::{JobRequest, blocking, submit},
    profiles::Binding,
};

/// How often running programs are looked at while a lobby's mods are in the game.
const GAMES_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked who has become silent of those who joined here.
const GUESTS_EVERY: Duration = Duration::from_secs(5);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(30);

impl Engine {
    /// Leads on until the engine closes.
    pub(crate) async fn follow_lobbies(&self) {
        let mut signals = self.subscribe();
        let mut again = None;
        loop {
            let look_again = match self.lead_on(&mut again).await {
                Ok(look_again) => look_again,
                Err(EngineError::Closed) => return,
                Err(error) => {
                    tracing::warn!(code = error.code(), %error, "a lobby cannot be led on");
                    Some(AGAIN)
                }
            };
            tokio::select! {
                () = self.closing().cancelled() => return,
                () = self.inner.lobbies.stirred.notified() => {}
                () = job_signal(&mut signals) => {}
                () = sleep(look_again) => {}
            }
        }
    }

    /// Does what is next; what failed is not tried before `again`. Gives when to look again without being told.
    async fn lead_on(&self, again: &mut Option<Instant>) -> Result<Option<Duration>, EngineError> {
        let until = self.look_after_hosted().await?.map(|at| {
            let left = Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default();
            // A clock may be set.
            left.clamp(Duration::from_secs(1), Duration::from_secs(300))
        });
        let has_guests = self.desk().is_some_and(|desk| desk.tend(Timestamp::now()));
        let until = if has_guests { Some(GUESTS_EVERY) } else { until };
        let _turn = self.inner.lobbies.turn.lock().await;
        let Some(mut guest) = self.guest().await? else { return Ok(until) };
        let seen = self.see(&guest).await?;
        let act = next(guest.step, &seen);
        if act == Act::Wait {
            let is_watching = seen.job != JobState::Runs;
            return Ok(if is_watching { Some(GAMES_EVERY) } else { until });
        }
        let is_repeated = matches!(
            (act, guest.step),
            (Act::PlaceOwn, Step::Returning { .. }) | (Act::End, Step::Over { .. })
        );
        if let (true, Some(wait)) =
            (is_repeated, again.map(|at| at.saturating_duration_since(Instant::now())))
            && !wait.is_zero()
        {
            return Ok(Some(wait));
        }
        if matches!(act, Act::PlaceOwn | Act::End) {
            *again = Some(Instant::now() + AGAIN);
        }
        if let (Act::Cancel, Step::Bringing { job }) = (act, guest.step) {
            // It may just have ended by itself; its end is what leads on, not asking again and again.
            let _ = self.cancel_job(job);
            return Ok(Some(AGAIN));
        }
        tracing::info!(lobby = guest.name, step = ?guest.step, act = ?act, "a lobby goes on");
        match self.act(&mut guest, act).await {
            Ok(true) => {
                guest.reached = self.inner.lobbies.started();
                self.write_guest(Some(guest)).await?;
                Ok(Some(Duration::ZERO))
            }
            Ok(false) => {
                self.write_guest(None).await?;
                self.sweep_lobby_keys(Role::Guest, None).await?;
                Ok(until)
            }
            Err(error) => {
                guest.problem = Some(crate::Problem::of(&error));
                self.write_guest(Some(guest)).await?;
                Err(error)
            }
        }
    }

    async fn see(&self, guest: &Guest) -> Result<Seen, EngineError> {
        let profile = self.state().profiles().get(guest.profile).await?;
        let is_guest_placed = profile.as_ref().is_some_and(|profile| profile.active);
        let is_gone = profile.is_none();
        let has_mods = profile.as_ref().is_some_and(|profile| !profile.lock.packages.is_empty());
        let job = match guest.step {
            Step::Bringing { job } => Some(job),
            Step::Placing { job } | Step::Returning { job } | Step::Over { job } => job,
            Step::Ready | Step::Playing => None,
        };
        // A job that nobody remembers ended before the service did; what it was to do is there, or not.
        let is_done = match guest.step {
            Step::Bringing { .. } => has_mods,
            Step::Returning { .. } => !is_guest_placed,
            Step::Over { .. } => is_gone,
            _ => is_guest_placed,
        };
        let by_outcome = if is_done { JobState::Succeeded } else { JobState::Failed };
        let job = job.and_then(|job| self.job_state(job)).unwrap_or(by_outcome);
        let is_playing = match profile {
            Some(profile) if is_guest_placed => self.is_played(&profile).await?,
            _ => false,
        };
        let is_after_start = guest.reached != self.inner.lobbies.started();
        let wants_back = guest.wants_back;
        Ok(Seen { job, is_guest_placed, is_gone, is_playing, wants_back, is_after_start })
    }

    fn job_state(&self, job: JobId) -> Option<JobState> {
        Some(match self.board().get(job)?.phase {
            Phase::Done => JobState::Succeeded,
            Phase::Failed | Phase::Cancelled => JobState::Failed,
            _ => JobState::Runs,
        })
    }

    pub(crate) async fn is_played(
        &self,
        profile: &muster_store::state::Profile,
    ) -> Result<bool, EngineError> {
        let (engine, profile) = (self.clone(), profile.clone());
        blocking(move || {
            let definition = engine.machine().definition(&profile.game)?;
            Ok(engine.machine().is_played(&definition, &Binding::of(&profile)?.installation))
        })
        .await
    }

    /// Whether there is still a lobby afterwards.
    async fn act(&self, guest: &mut Guest, act: Act) -> Result<bool, EngineError> {
        guest.problem = None;
        match act {
            // These change nothing that is written down.
            Act::Wait | Act::Cancel => {}
            Act::Go(step) => guest.step = step,
            Act::PlaceGuest => {
                let patch = ProfilePatch { activate: true, ..ProfilePatch::default() };
                guest.step = Step::Placing { job: self.patch_profile(guest.profile, patch).await? };
            }
            Act::PlaceOwn => guest.step = Step::Returning { job: self.place_own(guest).await? },
            Act::End => {
                self.show_first(guest).await?;
                let job = match self.state().profiles().get(guest.profile).await? {
                    Some(_) => Some(submit(self, Some(guest.profile), JobRequest::Remove).await?),
                    None => None,
                };
                guest.step = Step::Over { job };
            }
            Act::Forget => return Ok(false),
        }
        Ok(true)
    }

    /// The player's profile takes its place again; where none was in place, the lobby's files go.
    async fn place_own(&self, guest: &Guest) -> Result<Option<JobId>, EngineError> {
        let own = match guest.own {
            Some(own) => self.state().profiles().get(own).await?,
            None => None,
        };
        match own {
            Some(own) => {
                let patch = ProfilePatch { activate: true, ..ProfilePatch::default() };
                self.patch_profile(own.id, patch).await
            }
            None => submit(self, Some(guest.profile), JobRequest::Vanilla).await.map(Some),
        }
    }

    /// The profile that was shown first is so again.
    async fn show_first(&self, guest: &Guest) -> Result<(), EngineError> {
        let now = self.current_profile().await?;
        // Placing the own one made it the first; what the player chose meanwhile stands.
        let is_ours = now == Some(guest.profile) || (now == guest.own && guest.own != guest.current);
        if is_ours { self.set_current_profile(guest.current).await } else { Ok(()) }
    }
}

/// Waits until a job went on.
async fn job_signal(signals: &mut tokio::sync::broadcast::Receiver<Signal>) {
    loop {
        match signals.recv().await {
            Ok(Signal::Job(_)) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(RecvError::Closed) => std::future::pending::<()>().await,
        }
    }
}

/// For ever, where there is nothing to wait for.
async fn sleep(longest: Option<Duration>) {
    match longest {
        Some(longest) => tokio::time::sleep(longest).await,
        None => std::future::pending().await,
    }
}
