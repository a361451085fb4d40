//! What changed: small notices for whoever shows state. They carry names, never commands and never the state itself.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use muster_domain::{JobId, ProfileId, SourceId};
use tokio::sync::broadcast;

/// How many notices a slow listener may fall behind before it has to start over with a snapshot.
const BACKLOG: usize = 1024;

/// Something to look at again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    Status,
    Job(JobId),
    Transfers,
    Profiles,
    ProfileChanged(ProfileId),
    Sources,
    Catalog(SourceId),
    Settings,
    Lobbies,
}

/// Sends notices and numbers changes.
#[derive(Clone, Debug)]
pub(crate) struct Signals {
    sender: broadcast::Sender<Signal>,
    change: Arc<AtomicU64>,
}

impl Signals {
    pub fn new() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0, change: Arc::default() }
    }

    /// Tells everybody; nobody listening is fine.
    pub fn send(&self, signal: Signal) {
        let _ = self.sender.send(signal);
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.sender.subscribe()
    }

    /// A new change number. It is taken before the change is made visible, so that an event which shows the change
    /// never carries a smaller number.
    pub fn next_change(&self) -> u64 {
        self.change.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The highest change number given so far.
    pub fn last_change(&self) -> u64 {
        self.change.load(Ordering::SeqCst)
    }
}
