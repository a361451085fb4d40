//! What runs now, what does not, and why not.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;
use muster_domain::{Sha256, Tier};

use super::{Entry, Queue, State};

/// How many run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    pub lobby_urgent: usize,
    pub user: usize,
    pub background: usize,
    /// User transfers that go on beside a lobby.
    pub user_beside_lobby: usize,
}

impl Default for Slots {
    fn default() -> Self {
        Self { lobby_urgent: 8, user: 4, background: 2, user_beside_lobby: 1 }
    }
}

/// What the queue does not know by itself.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub slots: Slots,
    /// The player paused everything.
    pub is_all_paused: bool,
    /// A game runs and the player did not allow background transfers beside it.
    pub is_background_held: bool,
    /// Bytes that may still be written to the cache's volume; `None` if not known.
    pub free_bytes: Option<u64>,
    /// Entries that have neither an origin nor a torrent with a peer.
    pub without_source: BTreeSet<Sha256>,
    /// Bytes already here, where known; they need no more room.
    pub here: BTreeMap<Sha256, u64>,
}

/// What has to be done to make the world equal the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Start(Sha256),
    Stop(Sha256),
}

/// Why an entry does not run now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Something more urgent runs.
    Tier,
    /// Others of the same tier are before it.
    Order,
    /// The player paused it.
    Paused,
    /// The player paused everything.
    AllPaused,
    /// It failed and is tried again then.
    Retry { at: Timestamp },
    /// It failed for good.
    Failed,
    /// Nobody is known who has it.
    NoSource,
    /// The volume has too little room.
    Disk,
    /// A game runs.
    Game,
    /// It was loaded from disk and no job has asked for it again yet.
    Claim,
    /// It is ending its last run.
    Stopping,
}

impl Wait {
    /// Stable code; the sentence is looked up by it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tier => "waiting-tier",
            Self::Order => "waiting-order",
            Self::Paused => "waiting-paused",
            Self::AllPaused => "waiting-all-paused",
            Self::Retry { .. } => "waiting-retry",
            Self::Failed => "waiting-failed",
            Self::NoSource => "waiting-no-source",
            Self::Disk => "waiting-disk",
            Self::Game => "waiting-game",
            Self::Claim => "waiting-claim",
            Self::Stopping => "waiting-stopping",
        }
    }

    /// Every code.
    pub const CODES: &[&str] = &[
        "waiting-tier",
        "waiting-order",
        "waiting-paused",
        "waiting-all-paused",
        "waiting-retry",
        "waiting-failed",
        "waiting-no-source",
        "waiting-disk",
        "waiting-game",
        "waiting-claim",
        "waiting-stopping",
    ];
}

/// The result of [`Queue::decide`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Stops before starts.
    pub actions: Vec<Action>,
    /// One reason for every entry that is neither chosen to run nor done.
    pub waits: BTreeMap<Sha256, Wait>,
    /// When to decide again, if nothing happens before.
    pub wake_at: Option<Timestamp>,
}

impl Decision {
    /// How long until it is worth deciding again, if nothing happens; at most an hour.
    pub fn wake_in(&self, now: Timestamp) -> Duration {
        let far = Duration::from_secs(3_600);
        self.wake_at.map_or(far, |at| Duration::try_from(at.duration_since(now)).unwrap_or_default().min(far))
    }
}

impl Queue {
    /// Says what starts and stops, and why everything else waits.
    pub fn decide(&self, facts: &Facts, now: Timestamp) -> Decision {
        let mut decision = Decision::default();
        let mut chosen = BTreeSet::new();
        let mut runnable: Vec<&Entry> = Vec::new();
        let mut free = facts.free_bytes;
        for entry in self.entries() {
            match blocked(entry, facts, now) {
                None => runnable.push(entry),
                Some(None) => {}
                Some(Some(wait)) => {
                    if let Wait::Retry { at } = wait {
                        decision.wake_at = Some(decision.wake_at.map_or(at, |earlier| earlier.min(at)));
                    }
                    decision.waits.insert(entry.sha256, wait);
                }
            }
        }

        // A failed one that is tried again does not push out what runs.
        runnable.sort_by_key(|entry| matches!(entry.state, State::Failed(_)));
        let count = |tier| runnable.iter().filter(|entry| entry.tier() == tier).count();
        let (urgent, user) = (count(Tier::LobbyUrgent), count(Tier::User));
        for tier in [Tier::LobbyUrgent, Tier::User, Tier::Background] {
            let mut slots = match tier {
                Tier::LobbyUrgent => facts.slots.lobby_urgent,
                Tier::User if urgent > 0 => facts.slots.user_beside_lobby,
                Tier::User => facts.slots.user,
                Tier::Background if urgent + user > 0 => 0,
                Tier::Background => facts.slots.background,
            };
            let is_preempted = match tier {
                Tier::LobbyUrgent => false,
                Tier::User => urgent > 0,
                Tier::Background => urgent + user > 0,
            };
            for entry in runnable.iter().filter(|entry| entry.tier() == tier) {
                if slots == 0 {
                    let wait = if is_preempted { Wait::Tier } else { Wait::Order };
                    decision.waits.insert(entry.sha256, wait);
                } else if !take_room(&mut free, entry, facts) {
                    decision.waits.insert(entry.sha256, Wait::Disk);
                } else {
                    slots -= 1;
                    chosen.insert(entry.sha256);
                }
            }
        }
        decision.actions = self.actions(&chosen);
        decision
    }

    fn actions(&self, chosen: &BTreeSet<Sha256>) -> Vec<Action> {
        let entries = self.entries();
        let stops = entries
            .iter()
            .filter(|entry| entry.state == State::Active && !chosen.contains(&entry.sha256))
            .map(|entry| Action::Stop(entry.sha256));
        let starts = entries
            .iter()
            .filter(|entry| !matches!(entry.state, State::Active | State::Verifying))
            .filter(|entry| chosen.contains(&entry.sha256))
            .map(|entry| Action::Start(entry.sha256));
        stops.chain(starts).collect()
    }
}

/// `None`: may run. `Some(None)`: needs no decision. `Some(Some(_))`: waits, whatever the others do.
fn blocked(entry: &Entry, facts: &Facts, now: Timestamp) -> Option<Option<Wait>> {
    match &entry.state {
        State::Done => return Some(None),
        State::Stopping => return Some(Some(Wait::Stopping)),
        // What is complete is checked to the end, whoever wants to run: it takes no network.
        State::Verifying => return Some(None),
        State::Queued | State::Active | State::Paused | State::Failed(_) => {}
    }
    if entry.wants() == 0 {
        return Some(Some(Wait::Claim));
    }
    if entry.is_paused() {
        return Some(Some(Wait::Paused));
    }
    if let State::Failed(failure) = &entry.state {
        match failure.retry_at {
            None => return Some(Some(Wait::Failed)),
            Some(at) if at > now => return Some(Some(Wait::Retry { at })),
            Some(_) => {}
        }
    }
    if facts.is_all_paused {
        return Some(Some(Wait::AllPaused));
    }
    if facts.is_background_held && entry.tier() == Tier::Background {
        return Some(Some(Wait::Game));
    }
    if facts.without_source.contains(&entry.sha256) {
        return Some(Some(Wait::NoSource));
    }
    None
}

/// Whether an entry fits; what runs already has its room.
fn take_room(free: &mut Option<u64>, entry: &Entry, facts: &Facts) -> bool {
    let Some(left) = free else {
        return true;
    };
    let here = facts.here.get(&entry.sha256).copied().unwrap_or(0);
    let needed = entry.size.saturating_sub(here);
    if needed <= *left {
        *left -= needed;
        return true;
    }
    entry.state == State::Active
}
