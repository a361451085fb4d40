//! What a guest tells the host of itself, and hears of the others.
//!
//! A note goes to the players whom the ticket names, whom the guest agreed to ask when it looked at the lobby. It is
//! written when something changed, and otherwise every ten seconds, so that the host knows that the guest is there.

use std::{
    net::SocketAddr,
    sync::PoisonError,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use muster_domain::Sha256;
use muster_registry::{GuestNote, GuestStep, PublicKey, Roll, SigningKey};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;

use super::{desk::place, host::Seed, own_keys::Role, record::Guest, steps::Step};
use crate::{Engine, EngineError, Phase, Signal};

/// Between two notes at least, and at most.
const LEAST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_secs(10);
/// Players who are asked for one note.
const ASKED: usize = 4;

/// To whom a guest reports, and as whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reports {
    /// The lobby's key.
    pub host: PublicKey,
    /// Of the key that was made for this lobby: as an earlier version wrote it down, until it is moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<Seed>,
    pub peers: Vec<SocketAddr>,
    /// What the player is called there; may be empty.
    #[serde(default)]
    pub name: String,
}

/// What the host said last.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub lobby: Sha256,
    pub roll: Roll,
    pub at: Timestamp,
}

/// What was told last, and to whom.
struct Told {
    lobby: Sha256,
    reports: Reports,
    seed: Seed,
    said: Said,
    at: Instant,
    number: u64,
    /// Who answered last is asked first.
    answered: Option<SocketAddr>,
}

/// What is told of the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    step: GuestStep,
    done: u64,
    total: u64,
}

impl Engine {
    /// Reports for as long as the engine runs and a lobby was joined.
    pub(crate) async fn report_to_host(&self) {
        let mut signals = self.subscribe();
        let reporting = async {
            let mut told: Option<Told> = None;
            loop {
                match self.report(&mut told).await {
                    Ok(()) => {}
                    Err(EngineError::Closed) => return,
                    Err(error) => tracing::debug!(%error, "a lobby cannot be told of"),
                }
                match &told {
                    Some(_) => tokio::time::sleep(LEAST).await,
                    None => lobby_signal(&mut signals).await,
                }
            }
        };
        // A conversation that was begun ends with the transfers.
        self.closing().run_until_cancelled(reporting).await;
    }

    /// Tells what is new, if anything is. A lobby that was left is told so once.
    async fn report(&self, told: &mut Option<Told>) -> Result<(), EngineError> {
        let guest = self.guest().await?;
        let now = guest.as_ref().and_then(|guest| Some((guest, guest.reports.as_ref()?, self.said(guest))));
        if let (Some(before), Some((guest, _, said))) = (told.as_mut(), &now)
            && before.lobby == guest.digest
        {
            if *said != before.said || before.at.elapsed() >= MOST {
                before.said = *said;
                self.write_note(before).await;
            }
            return Ok(());
        }
        if let Some(mut before) = told.take() {
            if before.said.step != GuestStep::Left {
                before.said = Said { step: GuestStep::Left, done: 0, total: 0 };
                self.write_note(&mut before).await;
            }
            self.hear(None);
        }
        if let Some((guest, reports, said)) = now {
            let Some(seed) = self.lobby_key(Role::Guest, guest.digest).await? else { return Ok(()) };
            let (at, reports) = (Instant::now(), reports.clone());
            let first = Told { lobby: guest.digest, reports, seed, said, at, number: 0, answered: None };
            self.write_note(told.insert(first)).await;
        }
        Ok(())
    }

    /// How far the guest is.
    fn said(&self, guest: &Guest) -> Said {
        let (step, job) = match guest.step {
            Step::Bringing { job } => (GuestStep::Joining, self.board().get(job)),
            Step::Placing { .. } => (GuestStep::Placing, None),
            Step::Ready => (GuestStep::Ready, None),
            Step::Playing => (GuestStep::Playing, None),
            Step::Returning { .. } | Step::Over { .. } => (GuestStep::Left, None),
        };
        match job.filter(|job| job.phase >= Phase::Fetching && job.total > 0) {
            Some(job) => Said { step: GuestStep::Bringing, done: job.done.min(job.total), total: job.total },
            None => Said { step, done: 0, total: 0 },
        }
    }

    async fn write_note(&self, told: &mut Told) {
        told.at = Instant::now();
        if self.settings().offline || self.transfer_snapshot().is_all_paused {
            return;
        }
        let key = SigningKey::from_seed(told.seed.0);
        let unix = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
        told.number = unix.max(told.number + 1);
        let Said { step, done, total } = told.said;
        let name = told.reports.name.clone();
        let note = GuestNote {
            lobby: told.lobby,
            guest: key.public(),
            number: told.number,
            name,
            step,
            done,
            total,
        };
        let Ok(text) = note.sign(&key) else { return };
        let first = told.answered.take();
        let others = told.reports.peers.iter().copied().filter(|peer| Some(*peer) != first);
        for peer in first.into_iter().chain(others).take(ASKED) {
            let answer = self.transfers().send_note(peer, place(&told.lobby), &text).await;
            match answer.map(|answer| Roll::read(&answer, &told.reports.host, &note)) {
                Ok(Ok(roll)) => {
                    told.answered = Some(peer);
                    self.hear(Some(Heard { lobby: told.lobby, roll, at: Timestamp::now() }));
                    return;
                }
                Ok(Err(error)) => tracing::debug!(%peer, %error, "an answer to a note is not the host's"),
                Err(error) => tracing::debug!(%peer, %error, "a note was not answered"),
            }
        }
    }

    /// Keeps what the host says, and tells of it where it is something new.
    fn hear(&self, heard: Option<Heard>) {
        let mut kept = self.inner.lobbies.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = match (&*kept, &heard) {
            (Some(kept), Some(heard)) => {
                kept.roll.guests != heard.roll.guests || heard.at.duration_since(kept.at).as_secs() >= 5
            }
            (None, None) => false,
            _ => true,
        };
        *kept = heard;
        drop(kept);
        if is_new {
            self.signal(Signal::Lobbies);
        }
    }

    pub(super) fn heard(&self, lobby: &Sha256) -> Option<Heard> {
        let kept = self.inner.lobbies.heard.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone().filter(|heard| heard.lobby == *lobby)
    }
}

/// Waits until something of a lobby changed.
async fn lobby_signal(signals: &mut tokio::sync::broadcast::Receiver<Signal>) {
    loop {
        match signals.recv().await {
            Ok(Signal::Lobbies) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(RecvError::Closed) => std::future::pending::<()>().await,
        }
    }
}

/// 32 bytes as text.
pub(super) mod hex_seed {
    use muster_domain::Sha256;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(seed: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Sha256(*seed))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        Sha256::deserialize(deserializer).map(|hash| hash.0)
    }
}
