//! The durable queue: one entry per archive hash, however many jobs want it. Pure; time is an argument.
//!
//! | state     | meaning                                | leaves to                                                       |
//! |-----------|----------------------------------------|-----------------------------------------------------------------|
//! | Queued    | waits; [`Wait`] says for what          | Active, Paused, Done (found here)                               |
//! | Active    | bytes flow                             | Verifying, Stopping, Failed                                     |
//! | Verifying | all bytes are here, being checked      | Done, Active (something was wrong), Failed                      |
//! | Stopping  | was told to stop, has not yet          | Queued                                                          |
//! | Paused    | the player said wait                   | Queued                                                          |
//! | Failed    | gave up, until `retry_at` or for good  | Active (when `retry_at` has come), Queued (asked, new source)   |
//! | Done      | verified and in the cache; final       | —                                                               |
//!
//! Invariants: an entry exists once per hash; its tier is the most urgent of its wants; only what is wanted by somebody
//! is ever started; on disk an entry is Queued, Paused or Failed, so a crash loses nothing but time. Decisions are in
//! [`decide`](Queue::decide), effects elsewhere.

mod decide;
mod row;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_domain::{Sha256, Tier};

pub use decide::{Action, Decision, Facts, Slots, Wait};
pub use row::{MemoryStore, QueueRow, QueueStore, RowState};

use crate::Error;

/// One reason why an archive is in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WantId(pub u64);

/// Where an entry stands; see the table above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Queued,
    Active,
    Verifying,
    Stopping,
    Paused,
    Failed(Failure),
    Done,
}

/// Why an entry failed, and whether that may pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: String,
    /// `None`: only the player, or a new source, starts it again.
    pub retry_at: Option<Timestamp>,
}

/// One archive on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// What the player sees.
    pub name: String,
    pub state: State,
    /// Place inside the tier: smaller goes first. No two entries share one.
    pub position: i64,
    /// Failures in a row.
    pub failures: u32,
    wants: BTreeMap<WantId, Tier>,
    /// The tier while nobody has claimed a loaded entry.
    loaded_tier: Tier,
    /// The player paused it while it was running.
    pause_after_stop: bool,
}

impl Entry {
    /// The most urgent tier anybody asks for.
    pub fn tier(&self) -> Tier {
        self.wants.values().min().copied().unwrap_or(self.loaded_tier)
    }

    /// How many ask for it.
    pub fn wants(&self) -> usize {
        self.wants.len()
    }

    /// Whether the player paused it.
    pub fn is_paused(&self) -> bool {
        self.state == State::Paused || self.pause_after_stop
    }
}

/// Where to put an entry among those of its tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    First,
    Last,
    Before(Sha256),
    After(Sha256),
}

/// What came of asking for an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// A new entry.
    Added,
    /// Somebody asked before; the entry is shared.
    Shared,
}

/// All entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    entries: BTreeMap<Sha256, Entry>,
}

impl Queue {
    /// Takes over what was saved. A retry lies at most an hour ahead, whatever the clock said when it was saved.
    pub fn from_rows(rows: Vec<QueueRow>, now: Timestamp) -> Self {
        let mut queue = Self::default();
        let latest_retry = now + jiff::SignedDuration::from_hours(1);
        let mut rows = rows;
        rows.sort_by_key(|row| (row.position, row.sha256));
        for row in rows {
            let mut entry = row.into_entry();
            if let State::Failed(failure) = &mut entry.state {
                failure.retry_at = failure.retry_at.map(|at| at.min(latest_retry));
            }
            entry.position = queue.next_position();
            queue.entries.insert(entry.sha256, entry);
        }
        queue
    }

    /// All entries, by tier and position.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by_key(|entry| (entry.tier(), entry.position));
        entries
    }

    /// What of it survives a restart.
    pub fn rows(&self) -> BTreeMap<Sha256, QueueRow> {
        self.entries.values().filter_map(QueueRow::of).map(|row| (row.sha256, row)).collect()
    }

    pub fn get(&self, sha256: &Sha256) -> Option<&Entry> {
        self.entries.get(sha256)
    }

    /// Somebody asks for an archive. A failed entry is tried again at once.
    pub fn want(
        &mut self,
        id: WantId,
        (sha256, size): (Sha256, u64),
        tier: Tier,
        name: &str,
    ) -> Result<Joined, Error> {
        let position = self.next_position();
        if let Some(entry) = self.entries.get_mut(&sha256) {
            if entry.size != size {
                return Err(Error::SizeConflict { sha256, known: entry.size, asked: size });
            }
            entry.wants.insert(id, tier);
            if matches!(entry.state, State::Failed(_) | State::Done) {
                entry.state = State::Queued;
                entry.failures = 0;
            }
            return Ok(Joined::Shared);
        }
        let entry = Entry {
            sha256,
            size,
            name: name.to_owned(),
            state: State::Queued,
            position,
            failures: 0,
            wants: BTreeMap::from([(id, tier)]),
            loaded_tier: tier,
            pause_after_stop: false,
        };
        self.entries.insert(sha256, entry);
        Ok(Joined::Added)
    }

    /// Somebody no longer asks. Returns the entry's hash if nobody is left who does.
    pub fn release(&mut self, id: WantId) -> Option<Sha256> {
        let entry = self.entries.values_mut().find(|entry| entry.wants.contains_key(&id))?;
        entry.wants.remove(&id);
        entry.wants.is_empty().then_some(entry.sha256)
    }

    /// Takes an entry out, with the wants it had.
    pub fn remove(&mut self, sha256: &Sha256) -> Option<(Entry, Vec<WantId>)> {
        let entry = self.entries.remove(sha256)?;
        let wants = entry.wants.keys().copied().collect();
        Some((entry, wants))
    }

    /// The player says wait. A running entry is paused once it has stopped.
    pub fn pause(&mut self, sha256: &Sha256) -> Result<(), Error> {
        let entry = self.entry_mut(sha256)?;
        match entry.state {
            State::Queued | State::Failed(_) => entry.state = State::Paused,
            State::Active | State::Verifying | State::Stopping => entry.pause_after_stop = true,
            State::Paused | State::Done => {}
        }
        Ok(())
    }

    /// The player says go on; also how a failed entry is tried again by hand.
    pub fn resume(&mut self, sha256: &Sha256) -> Result<(), Error> {
        let entry = self.entry_mut(sha256)?;
        entry.pause_after_stop = false;
        if matches!(entry.state, State::Paused | State::Failed(_)) {
            entry.state = State::Queued;
            entry.failures = 0;
        }
        Ok(())
    }

    /// A new place to get the bytes from became known: no reason to wait for the retry.
    pub fn source_added(&mut self, sha256: &Sha256) {
        if let Some(entry) = self.entries.get_mut(sha256)
            && matches!(entry.state, State::Failed(_))
        {
            entry.state = State::Queued;
            entry.failures = 0;
        }
    }

    /// Changes how urgent an entry is, for everybody who asks for it.
    pub fn set_tier(&mut self, sha256: &Sha256, tier: Tier) -> Result<(), Error> {
        let entry = self.entry_mut(sha256)?;
        entry.loaded_tier = tier;
        entry.wants.values_mut().for_each(|asked| *asked = tier);
        Ok(())
    }

    /// Changes the order inside the tier. Naming an entry of another tier is the same as last (or first).
    pub fn reorder(&mut self, sha256: &Sha256, to: Move) -> Result<(), Error> {
        let tier = self.entry_mut(sha256)?.tier();
        let mut order: Vec<Sha256> = self.entries().iter().map(|entry| entry.sha256).collect();
        order.retain(|other| other != sha256);
        let in_tier = |other: &Sha256| self.entries.get(other).is_some_and(|entry| entry.tier() == tier);
        let place = |wanted: Sha256| order.iter().position(|other| *other == wanted && in_tier(other));
        let first = order.iter().position(in_tier).unwrap_or(0);
        let last = order.iter().rposition(in_tier).map_or(first, |index| index + 1);
        let index = match to {
            Move::First => first,
            Move::Last => last,
            Move::Before(other) => place(other).unwrap_or(first),
            Move::After(other) => place(other).map_or(last, |index| index + 1),
        };
        order.insert(index, *sha256);
        for (position, sha256) in order.iter().enumerate() {
            if let Some(entry) = self.entries.get_mut(sha256) {
                entry.position = position as i64;
            }
        }
        Ok(())
    }

    /// The effect of [`Action::Start`] has begun.
    pub fn started(&mut self, sha256: &Sha256) {
        self.set(sha256, State::Active);
    }

    /// All bytes are here and are being checked, or bytes flow again because some were wrong.
    pub fn verifying(&mut self, sha256: &Sha256, is_verifying: Verifying) {
        let state = match is_verifying {
            Verifying::Yes => State::Verifying,
            Verifying::No => State::Active,
        };
        if self.entries.get(sha256).is_some_and(|e| matches!(e.state, State::Active | State::Verifying)) {
            self.set(sha256, state);
        }
    }

    /// The effect of [`Action::Stop`] has begun.
    pub fn stopping(&mut self, sha256: &Sha256) {
        self.set(sha256, State::Stopping);
    }

    /// It no longer runs.
    pub fn stopped(&mut self, sha256: &Sha256) {
        if let Some(entry) = self.entries.get_mut(sha256)
            && matches!(entry.state, State::Active | State::Verifying | State::Stopping)
        {
            entry.state =
                if std::mem::take(&mut entry.pause_after_stop) { State::Paused } else { State::Queued };
        }
    }

    /// The archive is verified and in the cache.
    pub fn done(&mut self, sha256: &Sha256) {
        if let Some(entry) = self.entries.get_mut(sha256) {
            entry.state = State::Done;
            entry.failures = 0;
            entry.pause_after_stop = false;
        }
    }

    /// It no longer runs because of an error.
    pub fn failed(&mut self, sha256: &Sha256, failure: Failure) {
        if let Some(entry) = self.entries.get_mut(sha256) {
            entry.failures += 1;
            let is_paused = std::mem::take(&mut entry.pause_after_stop);
            entry.state = if is_paused { State::Paused } else { State::Failed(failure) };
        }
    }

    fn set(&mut self, sha256: &Sha256, state: State) {
        if let Some(entry) = self.entries.get_mut(sha256) {
            entry.state = state;
        }
    }

    fn entry_mut(&mut self, sha256: &Sha256) -> Result<&mut Entry, Error> {
        self.entries.get_mut(sha256).ok_or(Error::Unknown(*sha256))
    }

    fn next_position(&self) -> i64 {
        self.entries.values().map(|entry| entry.position).max().map_or(0, |last| last + 1)
    }
}

/// Whether the bytes of an entry are being checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verifying {
    Yes,
    No,
}
