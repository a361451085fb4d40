//! Fetching a repository is shown while it runs, and stops when the player says so: for a source that is refreshed, and for
//! an address that is only looked at. The latter is not written down, because nobody waits for it after a start.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use muster_catalog::GitTransport;
use muster_domain::JobId;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    board::{JobKind, JobView, Phase},
    run::Run,
};
use crate::{Engine, EngineError, Problem, Signal};

/// How often what is shown is brought up to date.
const SHOWN_EVERY: Duration = Duration::from_millis(250);

/// Does work of a job, and shows meanwhile how far a repository is.
pub(super) async fn watched<T>(
    run: &Run,
    repository: Option<Arc<GitTransport>>,
    work: impl Future<Output = T>,
) -> T {
    let Some(repository) = repository else { return work.await };
    let mut work = std::pin::pin!(work);
    let mut ticks = interval(SHOWN_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shown = None;
    loop {
        tokio::select! {
            done = &mut work => {
                if shown.is_some() {
                    run.show(|view| view.step = None);
                }
                return done;
            }
            _ = ticks.tick() => {
                let step = repository.step();
                if step != shown {
                    shown = step;
                    run.show(|view| view.step = step);
                }
            }
        }
    }
}

/// Begins a job that does `work` about an address, with what fetches it.
pub(crate) fn look(
    engine: &Engine,
    address: String,
    repository: Arc<GitTransport>,
    work: impl Future<Output = Result<(), EngineError>> + Send + 'static,
) -> JobId {
    let (id, now) = (JobId(Uuid::now_v7()), Timestamp::now());
    let view = JobView {
        id,
        kind: JobKind::Look,
        profile: None,
        phase: Phase::Fetching,
        subjects: vec![address],
        members: Vec::new(),
        done: 0,
        total: 0,
        step: repository.step(),
        created: now,
        updated: now,
        problem: None,
        generation: None,
    };
    let cancel: CancellationToken = engine.board().add(view, engine.closing());
    engine.signal(Signal::Job(id));
    let run = Run { engine: engine.clone(), id, profile: None, cancel };
    engine.spawn(async move {
        let result = tokio::select! {
            result = watched(&run, Some(repository), work) => result,
            () = run.cancel.cancelled() => Err(EngineError::Cancelled),
        };
        let (phase, problem) = match result {
            Ok(()) => (Phase::Done, None),
            Err(EngineError::Cancelled) => (Phase::Cancelled, None),
            Err(error) => (Phase::Failed, Some(Problem { fault: error.fault(), ..Problem::of(&error) })),
        };
        run.show(|view| (view.phase, view.problem, view.step) = (phase, problem, None));
        run.engine.inner.meter.ended(JobKind::Look, phase);
        run.engine.signal(Signal::Status);
    });
    id
}
