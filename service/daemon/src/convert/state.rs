//! Jobs, problems and settings as the API shows them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_api as api;
use muster_client::{BUILD, VERSION};
use muster_engine::{
    Engine, EngineError, Explanation, GitStage, GitStep, JobKind, JobView, Phase, Problem, Reason, Settings,
    Sharing, Theme, TransferPhase, TransferView,
};

use super::{limits, profiles::profile, sources::source};

pub(crate) fn reason(reason: &Reason) -> api::Reason {
    api::Reason { code: reason.code.clone(), context: reason.context.clone() }
}

pub(crate) fn explanation(tree: &Explanation) -> api::Explanation {
    api::Explanation {
        code: tree.reason.code.clone(),
        context: tree.reason.context.clone(),
        because: tree.because.iter().map(explanation).collect(),
        fixes: tree.fixes.iter().map(reason).collect(),
    }
}

pub(crate) fn problem(problem: &Problem) -> api::Problem {
    api::Problem {
        kind: format!("urn:muster:problem:{}", problem.reason.code),
        status: super::http_status(problem.fault),
        code: problem.reason.code.clone(),
        title: problem.title.clone(),
        context: problem.reason.context.clone(),
        trace: String::new(),
        explanation: problem.explanation.as_ref().map(explanation),
    }
}

pub(super) fn texts(places: BTreeMap<String, std::path::PathBuf>) -> BTreeMap<String, String> {
    places.into_iter().map(|(name, path)| (name, path.display().to_string())).collect()
}

fn phase(phase: Phase) -> api::Phase {
    match phase {
        Phase::Waiting => api::Phase::Waiting,
        Phase::Resolving => api::Phase::Resolving,
        Phase::Planning => api::Phase::Planning,
        Phase::Fetching => api::Phase::Fetching,
        Phase::Unpacking => api::Phase::Unpacking,
        Phase::Deploying => api::Phase::Deploying,
        Phase::Committing => api::Phase::Committing,
        Phase::Done => api::Phase::Done,
        Phase::Failed => api::Phase::Failed,
        Phase::Cancelled => api::Phase::Cancelled,
    }
}

fn step(step: GitStep) -> api::FetchStep {
    api::FetchStep {
        stage: match step.stage {
            GitStage::Asking => api::FetchStage::Asking,
            GitStage::Receiving => api::FetchStage::Receiving,
            GitStage::Joining => api::FetchStage::Joining,
        },
        bytes: step.bytes,
        objects: step.objects,
        objects_total: step.of,
    }
}

pub(crate) fn job(job: JobView) -> api::Job {
    let mut shown = job.problem.as_ref().map(problem);
    if let Some(problem) = &mut shown {
        problem.trace = job.id.to_string();
    }
    api::Job {
        id: job.id.to_string(),
        kind: match job.kind {
            JobKind::Change => api::JobKind::Change,
            JobKind::GoBack => api::JobKind::GoBack,
            JobKind::Repair => api::JobKind::Repair,
            JobKind::Sync => api::JobKind::Sync,
            JobKind::Look => api::JobKind::Look,
        },
        phase: phase(job.phase),
        profile: job.profile.map(|id| id.to_string()),
        subjects: job.subjects,
        members: job
            .members
            .into_iter()
            .map(|member| api::JobMember {
                key: api::PackageKey { source: member.source.to_string(), id: member.id.to_string() },
                title: member.title,
                version: member.version.map(|version| version.label()),
                size: member.size,
                sha256: member.sha256.map(|hash| hash.to_string()),
            })
            .collect(),
        done: job.done,
        total: job.total,
        step: job.step.map(step),
        created: job.created.to_string(),
        updated: job.updated.to_string(),
        can_cancel: job.phase.can_cancel(),
        problem: shown,
        generation: job.generation,
    }
}

pub(crate) fn settings(settings: &Settings) -> api::Settings {
    let shown = api::Settings {
        sharing: match settings.sharing {
            Sharing::Unset => api::Sharing::Unset,
            Sharing::Everybody => api::Sharing::Everybody,
            Sharing::Nearby => api::Sharing::Nearby,
            Sharing::Nobody => api::Sharing::Nobody,
        },
        download_limit: settings.download_limit,
        upload_limit: settings.upload_limit,
        cache_quota: settings.cache_quota,
        archive_days: settings.archive_days,
        unfinished_days: settings.unfinished_days,
        evict_protected: settings.evict_protected,
        seeding_paused: settings.seeding_paused,
        offline: settings.offline,
        listen: settings.listen.to_string(),
        language: settings.language.clone(),
        theme: match settings.theme {
            Theme::System => api::Theme::System,
            Theme::Light => api::Theme::Light,
            Theme::Dark => api::Theme::Dark,
        },
        ..api::Settings::default()
    };
    limits::with_rules(shown, settings)
}

pub(crate) async fn status(engine: &Engine, started: Timestamp) -> api::Status {
    let snapshot = engine.transfer_snapshot();
    let jobs = engine.jobs().iter().filter(|job| !job.phase.is_end()).count();
    let moving = |view: &&TransferView| !matches!(view.phase, TransferPhase::Done | TransferPhase::Failed);
    let waiting = snapshot.transfers.iter().filter(moving).count();
    let failed = engine.jobs().first().is_some_and(|job| job.phase == Phase::Failed);
    let offered = snapshot.sharing.seeds.iter().filter(|seed| seed.is_offered).count();
    let limits = engine.limits();
    let advised = engine.advised_packages().await;
    let state = match () {
        () if limits.verdict.is_paused => api::ServiceState::Paused,
        () if jobs > 0 || waiting > 0 => api::ServiceState::Working,
        () if failed || advised > 0 => api::ServiceState::Attention,
        () if offered > 0 => api::ServiceState::Sharing,
        () => api::ServiceState::Idle,
    };
    let paused = match (engine.settings().offline, limits.verdict.is_paused) {
        (true, _) => Some("offline"),
        (false, paused) => paused.then_some("waiting-all-paused"),
    };
    let mut reasons = limits::reasons(paused);
    reasons.extend(limits::status_reasons(&limits));
    reasons.extend(limits::reasons(snapshot.sharing.failure.as_deref()));
    reasons.extend(engine.cache_notice().as_ref().map(reason));
    let advised = (advised > 0).then(|| Reason::new("advised-installed").with("count", advised));
    reasons.extend(advised.as_ref().map(reason));
    reasons.extend(limits::reasons(failed.then_some("last-failed")));
    let usage = engine.usage().await;
    api::Status {
        version: version(),
        pid: std::process::id(),
        started: started.to_string(),
        state,
        reasons,
        jobs: jobs as u32,
        transfers: waiting as u32,
        down: snapshot.down_rate,
        up: snapshot.up_rate,
        packages: usage.packages,
        cache_used: usage.cache_used,
        cache_quota: engine.settings().cache_quota,
        shared: offered as u32,
        active_profile: engine.current_profile().await.ok().flatten().map(|id| id.to_string()),
        pause: limits.pause.map(limits::pause),
        peer_address: snapshot.sharing.listen.map(|address| address.to_string()),
    }
}

pub(crate) fn version() -> api::VersionInfo {
    api::VersionInfo {
        min: api::API_VERSION,
        max: api::API_VERSION,
        program: VERSION.to_owned(),
        build: BUILD.to_owned(),
    }
}

pub(crate) async fn snapshot(engine: &Engine, started: Timestamp) -> Result<api::Snapshot, EngineError> {
    Ok(api::Snapshot {
        status: status(engine, started).await,
        jobs: engine.jobs().into_iter().map(job).collect(),
        transfers: super::transfers(engine),
        profiles: engine.profiles().await?.into_iter().map(profile).collect(),
        sources: engine.sources().await?.into_iter().map(source).collect(),
        settings: settings(&engine.settings()),
        lobbies: super::lobbies(engine.lobbies().await?),
    })
}
