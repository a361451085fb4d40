//! How an entry is written down.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use muster_domain::{Sha256, Tier};
use serde::{Deserialize, Serialize};

use super::{Entry, Failure, State};

/// What of an entry survives a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct QueueRow {
    pub sha256: Sha256,
    pub size: u64,
    pub name: String,
    pub tier: Tier,
    pub position: i64,
    pub failures: u32,
    pub state: RowState,
}

/// The three states that an entry can be in on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowState {
    Queued,
    Paused,
    Failed { code: String, retry_at: Option<Timestamp> },
}

impl QueueRow {
    /// `None` for what need not be remembered: an entry that is done.
    pub fn of(entry: &Entry) -> Option<Self> {
        let state = match &entry.state {
            State::Done => return None,
            _ if entry.is_paused() => RowState::Paused,
            State::Failed(failure) => {
                RowState::Failed { code: failure.code.clone(), retry_at: failure.retry_at }
            }
            State::Queued | State::Active | State::Verifying | State::Stopping | State::Paused => {
                RowState::Queued
            }
        };
        Some(Self {
            sha256: entry.sha256,
            size: entry.size,
            name: entry.name.clone(),
            tier: entry.tier(),
            position: entry.position,
            failures: entry.failures,
            state,
        })
    }

    pub(super) fn into_entry(self) -> Entry {
        let state = match self.state {
            RowState::Queued => State::Queued,
            RowState::Paused => State::Paused,
            RowState::Failed { code, retry_at } => State::Failed(Failure { code, retry_at }),
        };
        Entry {
            sha256: self.sha256,
            size: self.size,
            name: self.name,
            state,
            position: self.position,
            failures: self.failures,
            wants: BTreeMap::new(),
            loaded_tier: self.tier,
            pause_after_stop: false,
        }
    }
}

/// Where the queue is kept. Called from a blocking thread, one call at a time, in order.
pub trait QueueStore: Send + Sync + 'static {
    /// All rows.
    ///
    /// # Errors
    /// A text for the log; the queue then starts empty.
    fn load(&self) -> Result<Vec<QueueRow>, String>;

    /// Inserts or replaces `changed` and removes `removed`, in one step.
    ///
    /// # Errors
    /// A text for the log; the next change is saved together with what failed now.
    fn save(&self, changed: &[QueueRow], removed: &[Sha256]) -> Result<(), String>;
}

/// A store that forgets with the process; for tests and for a read-only home.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<HashMap<Sha256, QueueRow>>);

impl QueueStore for MemoryStore {
    fn load(&self) -> Result<Vec<QueueRow>, String> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect())
    }

    fn save(&self, changed: &[QueueRow], removed: &[Sha256]) -> Result<(), String> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for row in changed {
            rows.insert(row.sha256, row.clone());
        }
        for sha256 in removed {
            rows.remove(sha256);
        }
        Ok(())
    }
}
