//! What one fetch may cost, and how it is ended early.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use super::gauge::Gauge;
use crate::transport::FetchError;

/// How much one fetch may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GitLimits {
    /// Bytes that a repository's answers may have in all.
    pub bytes: u64,
    /// Bytes of one file in a repository; git hands files out whole, so that one of them is in memory.
    pub file: u64,
    /// For everything.
    pub time: Duration,
    /// Without a byte.
    pub idle: Duration,
}

impl Default for GitLimits {
    fn default() -> Self {
        Self {
            bytes: 512 * 1024 * 1024,
            file: 100 * 1024 * 1024,
            time: Duration::from_secs(280),
            idle: Duration::from_secs(30),
        }
    }
}

/// The limits of a fetch that runs, and why it failed. The libraries below pass on what they are told as text only, so
/// that the first failure of ours is kept here.
pub(super) struct Budget {
    pub limits: GitLimits,
    /// When it has to be done.
    pub deadline: Instant,
    /// Looked at by everything that takes long.
    pub stop: AtomicBool,
    /// How far it is.
    pub gauge: Arc<Gauge>,
    stopped: watch::Sender<bool>,
    left: AtomicU64,
    failure: Mutex<Option<FetchError>>,
}

impl Budget {
    pub fn new(limits: GitLimits) -> Self {
        Self {
            limits,
            deadline: Instant::now() + limits.time,
            stop: AtomicBool::new(false),
            gauge: Arc::default(),
            stopped: watch::Sender::new(false),
            left: AtomicU64::new(limits.bytes),
            failure: Mutex::default(),
        }
    }

    /// Takes bytes that came; false when there are more than may come.
    pub fn take(&self, bytes: u64) -> bool {
        let taken =
            self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(bytes));
        self.gauge.add(bytes);
        taken.is_ok()
    }

    /// Keeps why it fails, and gives the error that ends the libraries' work.
    pub fn fail(&self, error: FetchError) -> io::Error {
        let said = io::Error::other(error.to_string());
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        said
    }

    /// The first failure of ours.
    pub fn failure(&self) -> Option<FetchError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the fetch, wherever it is.
    pub fn end(&self) {
        self.stop.store(true, Ordering::SeqCst);
        self.stopped.send_replace(true);
    }

    /// Returns when the fetch is to end.
    pub async fn ended(&self) {
        let mut stopped = self.stopped.subscribe();
        // The sender lives as long as this does.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }
}
