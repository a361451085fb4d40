//! Peers at trackers, over HTTP and UDP (BEP 3, 7, 15, 23).
//!
//! The [`book`] decides what is told when; visits are carried out beside each other. Invariants: only interests with the
//! scope of everybody come here; a tracker lies no further inside than the source that named it, after its name was
//! resolved and without redirects (`security.md` T-112); its answers are bounded and its peers sorted out.

mod announce;
mod book;
mod http;
mod udp;
mod visit;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{StreamExt, future::pending, stream};
use muster_domain::Sha1;
use tokio::task::JoinSet;

use super::{Inputs, Plan, Role, Tracker, Via, random};
use crate::origin::dice;
use announce::Identity;
use book::{Book, Report, Visit};
use visit::{Desk, visit};

/// Longest time to say goodbye when the way is closed, and when everything ends.
const CLOSE: Duration = Duration::from_millis(700);
const END: Duration = Duration::from_secs(3);
/// Goodbyes at the same time.
const GOODBYES: usize = 16;

/// How trackers are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackersConfig {
    /// How long an answer may take in all.
    pub patience: Duration,
}

impl Default for TrackersConfig {
    fn default() -> Self {
        Self { patience: Duration::from_secs(14) }
    }
}

/// Looks after all trackers until everything ends.
pub(super) async fn run(config: TrackersConfig, peer_id: [u8; 20], mut inputs: Inputs) {
    let identity = Identity { peer_id, key: u32::from_ne_bytes(random::bytes()) };
    while inputs.wait_until(is_open).await {
        tracing::debug!("looking for peers at trackers");
        Trackers::new(Desk::new(identity, config)).work(&mut inputs).await;
        tracing::debug!("not looking for peers at trackers any more");
    }
}

fn is_open(plan: &Plan) -> bool {
    stances(plan).next().is_some()
}

/// What trackers are told about.
fn stances(plan: &Plan) -> impl Iterator<Item = (Sha1, Role, u64, &[Tracker])> {
    plan.tasks(Via::Tracker).into_keys().filter_map(|info_hash| {
        let interest = plan.interests.get(&info_hash).filter(|interest| !interest.trackers.is_empty())?;
        Some((info_hash, interest.role, interest.left, interest.trackers.as_slice()))
    })
}

/// The open way.
struct Trackers {
    desk: Arc<Desk>,
    book: Book,
    visits: JoinSet<Report>,
}

impl Trackers {
    fn new(desk: Desk) -> Self {
        Self { desk: Arc::new(desk), book: Book::default(), visits: JoinSet::new() }
    }

    /// Works until the way is closed or everything ends.
    async fn work(&mut self, inputs: &mut Inputs) {
        self.adopt(inputs);
        loop {
            self.set_out();
            let wake = self.book.next();
            tokio::select! {
                () = inputs.end.cancelled() => return self.say_goodbye(END).await,
                changed = inputs.plan.changed() => {
                    let closes = changed.is_err() || !is_open(&inputs.plan.borrow());
                    if closes {
                        return self.say_goodbye(CLOSE).await;
                    }
                    self.adopt(inputs);
                }
                Ok(()) = inputs.outside_port.changed() => self.adopt(inputs),
                Some(info_hash) = inputs.again.recv() => self.book.seek_again(&info_hash, Instant::now()),
                Some(ended) = self.visits.join_next() => match ended {
                    Ok(report) => self.ended(&report, inputs),
                    Err(error) => tracing::error!(%error, "a visit at a tracker failed"),
                },
                () = sleep_until(wake) => {}
            }
        }
    }

    fn adopt(&mut self, inputs: &mut Inputs) {
        let port = inputs.port();
        let plan = inputs.plan.borrow_and_update();
        self.book.set(stances(&plan), port, Instant::now(), &mut dice);
    }

    fn set_out(&mut self) {
        for taken in self.book.take(Instant::now()) {
            self.visits.spawn(visit(self.desk.clone(), taken));
        }
    }

    fn ended(&mut self, report: &Report, inputs: &Inputs) {
        self.book.visited(report, Instant::now(), &mut dice);
        let plan = inputs.plan.borrow();
        for (job, result) in &report.results {
            let seeks =
                plan.interests.get(&job.info_hash).is_some_and(|interest| interest.role != Role::Offer);
            if let (Ok(answer), true) = (result, seeks) {
                inputs.found.tell(job.info_hash, answer.peers.clone());
            }
        }
    }

    /// Ends what is under way, and takes us off the lists as far as there is time.
    async fn say_goodbye(&mut self, time: Duration) {
        self.visits.shutdown().await;
        let goodbyes: Vec<Visit> = self.book.farewell();
        let all = stream::iter(goodbyes).for_each_concurrent(GOODBYES, |goodbye| async {
            visit(self.desk.clone(), goodbye).await;
        });
        if tokio::time::timeout(time, all).await.is_err() {
            tracing::debug!("not all trackers were told goodbye");
        }
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => pending().await,
    }
}
