//! Writes the queue down behind the actor's back: the newest state wins, in order, one write at a time.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use muster_domain::Sha256;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    origin::blocking,
    queue::{QueueRow, QueueStore},
};

type Rows = BTreeMap<Sha256, QueueRow>;

/// Wait before a failed write is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// Longest time the last write may take.
const LAST_WRITE: Duration = Duration::from_secs(2);

/// The task that writes.
pub(crate) struct Persist {
    wanted: watch::Sender<Arc<Rows>>,
    task: JoinHandle<()>,
}

impl Persist {
    /// `saved` is what the store holds now.
    pub fn start(store: Arc<dyn QueueStore>, saved: Rows) -> Self {
        let (wanted, receiver) = watch::channel(Arc::new(saved.clone()));
        let task = tokio::spawn(write(store, saved, receiver));
        Self { wanted, task }
    }

    /// Has this written soon.
    pub fn save(&self, rows: Rows) {
        self.wanted.send_if_modified(|old| {
            let is_new = **old != rows;
            if is_new {
                *old = Arc::new(rows);
            }
            is_new
        });
    }

    /// Writes the last state and ends.
    pub async fn end(self, rows: Rows) {
        self.save(rows);
        let Self { wanted, task } = self;
        drop(wanted);
        if tokio::time::timeout(LAST_WRITE, task).await.is_err() {
            tracing::error!("the queue could not be written down in time");
        }
    }
}

async fn write(store: Arc<dyn QueueStore>, mut saved: Rows, mut wanted: watch::Receiver<Arc<Rows>>) {
    loop {
        let is_last = wanted.changed().await.is_err();
        loop {
            let rows = wanted.borrow_and_update().clone();
            let changed: Vec<QueueRow> =
                rows.values().filter(|row| saved.get(&row.sha256) != Some(row)).cloned().collect();
            let removed: Vec<Sha256> =
                saved.keys().filter(|sha256| !rows.contains_key(sha256)).copied().collect();
            if changed.is_empty() && removed.is_empty() {
                break;
            }
            let writing = store.clone();
            match blocking(move || writing.save(&changed, &removed)).await {
                Ok(()) => saved = (*rows).clone(),
                Err(error) if is_last => {
                    tracing::error!(%error, "the queue can not be saved");
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, "the queue can not be saved; trying again");
                    // Newer changes, or the end, do not have to wait.
                    let _ = tokio::time::timeout(RETRY, wanted.changed()).await;
                    if wanted.has_changed().is_err() {
                        break;
                    }
                }
            }
        }
        if is_last {
            return;
        }
    }
}
