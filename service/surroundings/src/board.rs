//! Where those who find something out write it down.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::watch;

use crate::Surroundings;

/// The facts as they are known; clones write to the same.
#[derive(Clone, Debug)]
pub(crate) struct Board(Arc<watch::Sender<Surroundings>>);

impl Board {
    pub fn new() -> (Self, watch::Receiver<Surroundings>) {
        let (sender, receiver) = watch::channel(Surroundings::default());
        (Self(Arc::new(sender)), receiver)
    }

    /// Changes facts; listeners hear of it only if something is different.
    pub fn update(&self, change: impl FnOnce(&mut Surroundings)) {
        self.0.send_if_modified(|facts| {
            let before = *facts;
            change(facts);
            *facts != before
        });
    }
}

/// Counts who still has to look for the first time.
#[derive(Clone, Debug)]
pub(crate) struct FirstLooks {
    board: Board,
    missing: Arc<AtomicUsize>,
}

impl FirstLooks {
    pub fn new(board: Board, missing: usize) -> Self {
        if missing == 0 {
            board.update(|facts| facts.has_looked = true);
        }
        Self { board, missing: Arc::new(AtomicUsize::new(missing)) }
    }

    /// One of those who were missing.
    pub fn one(&self) -> FirstLook {
        FirstLook(Some(self.clone()))
    }
}

/// One first look; it is over with [`FirstLook::done`], or when this is dropped.
#[derive(Debug)]
pub(crate) struct FirstLook(Option<FirstLooks>);

impl FirstLook {
    /// Counts the first time only.
    pub fn done(&mut self) {
        let Some(looks) = self.0.take() else { return };
        if looks.missing.fetch_sub(1, Ordering::AcqRel) == 1 {
            looks.board.update(|facts| facts.has_looked = true);
        }
    }
}

impl Drop for FirstLook {
    fn drop(&mut self) {
        self.done();
    }
}
