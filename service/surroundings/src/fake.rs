//! A machine that does what a test says.

use tokio::sync::watch;

use crate::{Surroundings, Watcher};

/// Sets the facts that its [`Watcher`] reports.
#[derive(Debug)]
pub struct Fake(watch::Sender<Surroundings>);

impl Fake {
    /// A machine about which nothing is known but that somebody has looked.
    pub fn new() -> (Self, Watcher) {
        let (sender, facts) = watch::channel(Surroundings { has_looked: true, ..Surroundings::default() });
        (Self(sender), Watcher::from_facts(facts))
    }

    /// Changes the facts; listeners hear of it at once.
    pub fn change(&self, change: impl FnOnce(&mut Surroundings)) {
        self.0.send_modify(change);
    }
}
