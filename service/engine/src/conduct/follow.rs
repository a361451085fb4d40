//! The one task that waits for whatever may change the verdict.
//!
//! | waits for                                   | and then                                             |
//! |---------------------------------------------|------------------------------------------------------|
//! | facts about the machine                     | decides again                                        |
//! | a verb that changed what the player decided | decides again, and what to wait for                  |
//! | numbers of the transfers                    | counts; decides again where that changes something   |
//! | a game that starts or ends, while it matters | decides again; looks every [`GAMES_EVERY`]          |
//! | the time of the next change                 | decides again; also every [`AT_LEAST_EVERY`], for clocks that are set |

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use muster_transfer::Snapshot;
use tokio::{sync::watch, time::sleep};

use crate::Engine;

/// How often running programs are looked at.
const GAMES_EVERY: Duration = Duration::from_secs(3);
const AT_LEAST_EVERY: Duration = Duration::from_secs(300);
/// Sharing that could not be switched is tried again.
const AGAIN: Duration = Duration::from_secs(30);
/// A clock that runs a little behind must not make us ask it all the time.
const SHORTEST: Duration = Duration::from_millis(20);

impl Engine {
    /// Keeps what is in force equal to what should be, until the engine closes.
    pub(crate) async fn follow_manners(&self) {
        let mut facts = self.conduct().watcher.facts();
        let mut snapshots = self.transfers().snapshot();
        loop {
            facts.mark_unchanged();
            self.enforce().await;
            tokio::select! {
                () = self.closing().cancelled() => return,
                () = changed(&mut facts) => {}
                () = self.conduct().stirred.notified() => {}
                () = self.numbers_matter(&mut snapshots) => {}
                () = self.games_change() => {}
                () = sleep(self.next_look()) => {}
            }
        }
    }

    async fn numbers_matter(&self, snapshots: &mut watch::Receiver<Arc<Snapshot>>) {
        loop {
            changed(snapshots).await;
            let snapshot = snapshots.borrow_and_update().clone();
            if self.take_in(&snapshot) {
                return;
            }
        }
    }

    async fn games_change(&self) {
        // Whether it matters changes only by something that ends this wait.
        if !self.does_playing_matter() {
            std::future::pending::<()>().await;
        }
        loop {
            sleep(GAMES_EVERY).await;
            if self.look_again().await {
                return;
            }
        }
    }

    /// Until time alone may change something.
    fn next_look(&self) -> Duration {
        let longest = if self.conduct().memory().applied.is_refused() { AGAIN } else { AT_LEAST_EVERY };
        let Some(at) = self.conduct().verdict().next_change else { return longest };
        let left = at.duration_since(Timestamp::now());
        Duration::try_from(left).unwrap_or_default().clamp(SHORTEST, longest)
    }
}

/// Waits for a change; for ever where nobody is left to make one.
async fn changed<T>(receiver: &mut watch::Receiver<T>) {
    if receiver.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
