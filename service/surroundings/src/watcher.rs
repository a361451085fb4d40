//! Keeps the facts current until it is dropped.

use futures::future::BoxFuture;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Config, Surroundings,
    board::{Board, FirstLook, FirstLooks},
    disk, platform,
};

/// Something that keeps some of the facts current: runs until it is dropped, and says when it has looked once.
pub(crate) type Source = Box<dyn FnOnce(FirstLook) -> BoxFuture<'static, ()> + Send>;

/// Watches the machine. Dropping it ends that.
#[derive(Debug)]
pub struct Watcher {
    facts: watch::Receiver<Surroundings>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Watcher {
    /// Starts to look; comes back at once. `has_looked` tells when there is something to go by, which is at most
    /// twice [`Config::patience`] later.
    pub fn start(config: &Config) -> Self {
        let (board, facts) = Board::new();
        let mut sources = platform::sources(config, &board);
        sources.push(disk::source(config, board.clone()));
        let looks = FirstLooks::new(board.clone(), sources.len());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        for source in sources {
            let (work, stop) = (source(looks.one()), stop.clone());
            tasks.spawn(async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = work => {}
                }
            });
        }
        let (late, patience, stopped) = (board, config.patience * 2, stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stopped.cancelled() => {}
                () = tokio::time::sleep(patience) => late.update(|facts| facts.has_looked = true),
            }
        });
        Self { facts, stop, tasks }
    }

    /// A watcher that has looked and knows nothing.
    pub fn blind() -> Self {
        let known = Surroundings { has_looked: true, ..Surroundings::default() };
        let (_, facts) = watch::channel(known);
        Self::from_facts(facts)
    }

    pub(crate) fn from_facts(facts: watch::Receiver<Surroundings>) -> Self {
        Self { facts, stop: CancellationToken::new(), tasks: TaskTracker::new() }
    }

    /// The facts, now and as they change. The channel ends with the watcher; what it held last stays readable.
    pub fn facts(&self) -> watch::Receiver<Surroundings> {
        self.facts.clone()
    }

    /// Ends, and waits until nothing of it runs any more.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
