//! The life of a job: written down, run under its profile's turn, ended with an outcome, taken up after a crash.

use std::{pin::Pin, sync::Arc};

use futures::future::{MaybeDone, maybe_done};
use jiff::Timestamp;
use muster_domain::{Coded as _, GenerationNumber, JobId, LockedPackage, ProfileId, Sha256, SourceId};
use muster_store::state::{Job as StoredJob, NewJob, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    board::{JobKind, JobView, Phase, Settled},
    change,
    look::watched,
};
use crate::{
    ChangeRequest, Decision, Engine, EngineError, Problem, Signal, adopt::Adoption, versions::Wanted,
};

/// What a job is asked to do; enough to start over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(crate) enum JobRequest {
    Change {
        request: Box<ChangeRequest>,
        subjects: Vec<String>,
    },
    GoBack {
        generation: GenerationNumber,
    },
    /// Makes the profile the one that is deployed at its place.
    Activate,
    /// Takes everything of Muster out of the game's folders; the profile keeps its packages.
    Vanilla,
    /// The same, and takes the profile away.
    Remove,
    /// Makes the folders equal to what the books say.
    Repair,
    /// Reads everything and puts right what is damaged, in the store and in the folders.
    Mend,
    /// Makes the folders equal to what the player decided about files that were changed by hand.
    Decide {
        decision: Decision,
    },
    /// Brings versions of files back that were set aside.
    Bring {
        wanted: Vec<Wanted>,
    },
    /// Takes what lies in the folders into the profile, where it lies.
    Adopt {
        adoption: Adoption,
    },
    Sync {
        source: SourceId,
    },
}

impl JobRequest {
    fn kind(&self) -> JobKind {
        match self {
            Self::Change { .. } | Self::Adopt { .. } => JobKind::Change,
            Self::GoBack { .. } | Self::Vanilla => JobKind::GoBack,
            Self::Activate
            | Self::Remove
            | Self::Repair
            | Self::Mend
            | Self::Decide { .. }
            | Self::Bring { .. } => JobKind::Repair,
            Self::Sync { .. } => JobKind::Sync,
        }
    }

    fn subjects(&self) -> Vec<String> {
        match self {
            Self::Change { subjects, .. } => subjects.clone(),
            _ => Vec::new(),
        }
    }
}

/// How the end of a job that was carried out gets into the books.
pub(super) enum Ended {
    /// It is there already, in one transaction with the change.
    Recorded(Option<GenerationNumber>),
    /// It has to be written.
    Open,
}

/// What is kept with a job besides its request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Progress {
    pub settled: Option<Settled>,
    /// Number that the deployment's books have once the change is committed there.
    pub sequence: Option<u64>,
}

/// The packages that an unfinished job brings in place, as far as it has settled on them.
pub(crate) fn needs(job: &StoredJob) -> Vec<LockedPackage> {
    let progress: Progress = serde_json::from_value(job.progress.clone()).unwrap_or_default();
    let packages = progress.settled.into_iter().flat_map(|settled| settled.lock.packages);
    packages.filter(|package| package.enabled && !package.kind.is_collection()).collect()
}

/// The versions of files that an unfinished job refers to.
pub(crate) fn versions(job: &StoredJob) -> Vec<Sha256> {
    let progress: Progress = serde_json::from_value(job.progress.clone()).unwrap_or_default();
    progress.settled.map(|settled| settled.versions()).unwrap_or_default()
}

/// One running job.
pub(crate) struct Run {
    pub engine: Engine,
    pub id: JobId,
    pub profile: Option<ProfileId>,
    pub cancel: CancellationToken,
}

impl Run {
    /// Moves to a phase: durably first, then visibly.
    pub async fn enter(&self, phase: Phase, progress: &Progress) -> Result<(), EngineError> {
        if self.cancel.is_cancelled() && phase.can_cancel() {
            return Err(self.ended_early());
        }
        let value =
            serde_json::to_value(progress).map_err(|_| EngineError::Internal("progress is not JSON"))?;
        let now = Timestamp::now();
        self.engine.state().jobs().advance(self.id, phase.as_str(), value, now).await?;
        self.show(|view| view.phase = phase);
        Ok(())
    }

    /// Writes progress within a phase down. Blocks on the disk.
    pub fn write_down(&self, phase: Phase, progress: &Progress) -> Result<(), EngineError> {
        let value =
            serde_json::to_value(progress).map_err(|_| EngineError::Internal("progress is not JSON"))?;
        Ok(self.engine.state().jobs().advance(self.id, phase.as_str(), value, Timestamp::now()).wait()?)
    }

    /// Takes the job past the point up to which it can be cancelled, unless it was.
    pub fn pass(&self, phase: Phase) -> Result<(), EngineError> {
        match self.engine.board().pass(self.id, phase) {
            true => Ok(()),
            false => Err(self.ended_early()),
        }
    }

    /// Changes what is shown of the job.
    pub fn show(&self, change: impl FnOnce(&mut JobView)) {
        self.engine.board().update(self.id, Timestamp::now(), change);
        self.engine.signal(Signal::Job(self.id));
    }

    /// A cancelled job is cancelled by the player, or stopped by the end of the service; the latter goes on later.
    pub fn ended_early(&self) -> EngineError {
        if self.engine.is_closing() { EngineError::Closed } else { EngineError::Cancelled }
    }
}

/// Writes a job down and starts it. Returns when it is durable.
pub(crate) async fn submit(
    engine: &Engine,
    profile: Option<ProfileId>,
    request: JobRequest,
) -> Result<JobId, EngineError> {
    let id = JobId(Uuid::now_v7());
    let now = Timestamp::now();
    let text = serde_json::to_value(&request).map_err(|_| EngineError::Internal("a request is not JSON"))?;
    let kind = serde_json::to_value(request.kind()).ok().and_then(|kind| Some(kind.as_str()?.to_owned()));
    let job = NewJob {
        id,
        kind: kind.unwrap_or_default(),
        profile,
        request: text,
        phase: Phase::Waiting.as_str().into(),
    };
    engine.state().jobs().add(job, now).await?;
    start(engine, id, profile, request, Progress::default()).await;
    Ok(id)
}

/// Takes up every job that a crash or the end of the service interrupted, oldest first. When this returns, each has its
/// place in the queue of its turn, before everything that is asked for from now on.
pub(crate) async fn resume_unfinished(engine: &Engine) -> Result<Vec<JobId>, EngineError> {
    let mut readable = Vec::new();
    for job in engine.state().jobs().unfinished().await? {
        let StoredJob { id, profile, request, progress, phase, .. } = job;
        match serde_json::from_value::<JobRequest>(request) {
            Ok(request) => {
                tracing::info!(job = %id, phase, "an interrupted job goes on");
                let progress: Progress = serde_json::from_value(progress).unwrap_or_default();
                readable.push((id, profile, request, progress));
            }
            // A request that this build cannot read was written by another one; it ends here rather than never.
            Err(error) => {
                tracing::warn!(job = %id, %error, "an interrupted job cannot be read");
                let outcome = Outcome { code: "engine-internal".into(), context: json!({}) };
                engine.state().jobs().finish(id, outcome, Timestamp::now()).await?;
            }
        }
    }
    // One that was writing a folder comes first: only it can tell whose the folder's newest state is.
    readable.sort_by_key(|(.., progress)| progress.sequence.is_none());
    let ids = readable.iter().map(|(id, ..)| *id).collect();
    for (id, profile, request, progress) in readable {
        start(engine, id, profile, request, progress).await;
    }
    Ok(ids)
}

/// A place in the queue of everything that changes one place's folders.
type Turn = Pin<Box<MaybeDone<Pin<Box<dyn Future<Output = OwnedMutexGuard<()>> + Send>>>>>;

/// Queues for the turn of a profile's place; `None` where there is nothing to wait for. The mutex is fair: who queues
/// first is first.
async fn queue_up(engine: &Engine, profile: Option<ProfileId>) -> Option<Turn> {
    let place = engine.profile(profile?).await.ok()?.place;
    let waiting: Pin<Box<dyn Future<Output = OwnedMutexGuard<()>> + Send>> =
        Box::pin(engine.turn(&place).lock_owned());
    let mut turn = Box::pin(maybe_done(waiting));
    let _ = futures::poll!(turn.as_mut());
    Some(turn)
}

async fn start(
    engine: &Engine,
    id: JobId,
    profile: Option<ProfileId>,
    request: JobRequest,
    progress: Progress,
) {
    let now = Timestamp::now();
    let members = progress.settled.as_ref().map(|settled| settled.members.clone()).unwrap_or_default();
    let view = JobView {
        id,
        kind: request.kind(),
        profile,
        phase: Phase::Waiting,
        subjects: request.subjects(),
        members,
        done: 0,
        total: 0,
        step: None,
        created: now,
        updated: now,
        problem: None,
        generation: None,
    };
    let cancel = engine.board().add(view, engine.closing());
    engine.signal(Signal::Job(id));
    let turn = queue_up(engine, profile).await;
    let run = Arc::new(Run { engine: engine.clone(), id, profile, cancel });
    engine.spawn(async move {
        let result = carry_out(&run, turn, request, progress).await;
        finish(&run, result).await;
    });
}

async fn carry_out(
    run: &Arc<Run>,
    turn: Option<Turn>,
    request: JobRequest,
    progress: Progress,
) -> Result<Ended, EngineError> {
    if let JobRequest::Sync { source } = &request {
        run.enter(Phase::Fetching, &progress).await?;
        let repository = run.engine.catalog().repository_of(source);
        return tokio::select! {
            synced = watched(run, repository, run.engine.sync_now(source)) => synced.map(|()| Ended::Open),
            () = run.cancel.cancelled() => Err(run.ended_early()),
        };
    }
    let profile = run.profile.ok_or(EngineError::Internal("a job without a profile"))?;
    let mut turn = turn.ok_or(EngineError::UnknownProfile(profile))?;
    // One job of a place at a time, in the order in which they were asked for.
    tokio::select! {
        () = turn.as_mut() => {}
        () = run.cancel.cancelled() => return Err(run.ended_early()),
    }
    let _turn = turn.as_mut().take_output();
    let result = change::run(run, profile, request, progress).await;
    run.engine.watch_anew();
    result
}

async fn finish(run: &Run, result: Result<Ended, EngineError>) {
    let is_recorded = matches!(result, Ok(Ended::Recorded(_)));
    let (phase, problem, generation) = match result {
        Ok(Ended::Recorded(generation)) => (Phase::Done, None, generation),
        Ok(Ended::Open) => (Phase::Done, None, None),
        // The job stays unfinished in the file and goes on at the next start.
        Err(EngineError::Closed) => return,
        Err(EngineError::Cancelled) => (Phase::Cancelled, None, None),
        Err(error @ EngineError::Unrecorded(_)) => {
            tracing::error!(job = %run.id, %error, "a change is in place but not recorded; the next start does that");
            run.show(|view| {
                view.phase = Phase::Failed;
                view.problem = Some(Problem { fault: error.fault(), ..Problem::of(&error) });
            });
            return;
        }
        Err(error) => {
            tracing::warn!(job = %run.id, code = error.code(), %error, "a job failed");
            let mut problem = Problem::of(&error);
            problem.explanation = error.explanation().cloned();
            problem.fault = error.fault();
            (Phase::Failed, Some(problem), None)
        }
    };
    if !is_recorded {
        let code = problem.as_ref().map_or(phase.as_str(), |problem| problem.reason.code.as_str()).to_owned();
        let context = json!({ "problem": problem });
        let outcome = Outcome { code, context };
        if let Err(error) = run.engine.state().jobs().finish(run.id, outcome, Timestamp::now()).await {
            tracing::error!(job = %run.id, %error, "the end of a job cannot be written down");
        }
    }
    run.show(|view| {
        view.phase = phase;
        view.problem = problem;
        view.generation = generation;
    });
    if let Some(view) = run.engine.board().get(run.id) {
        run.engine.inner.meter.ended(view.kind, phase);
    }
    run.engine.keep_soon();
    run.engine.keep_up_soon();
    run.engine.signal(Signal::Status);
    if let Some(profile) = run.profile {
        run.engine.signal(Signal::ProfileChanged(profile));
        run.engine.signal(Signal::Profiles);
    }
}
