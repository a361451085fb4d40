//! Jobs, profiles, transfers, sources and settings as the API shows them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_api as api;
use muster_client::{BUILD, VERSION};
use muster_domain::Tier;
use muster_engine::{
    Engine, EngineError, Explanation, FoundGame, JobKind, JobView, LaunchReport, Phase, Problem,
    ProfileDetail, ProfileView, Reason, SeedView, Settings, Sharing, SourceStatus, SourceView, Theme,
    TransferPhase, TransferSnapshot, TransferView, TransferWait, VerifyReport, manners::Verdict, words,
};

use super::limits;

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

pub(crate) fn game(game: FoundGame) -> api::Game {
    let installations = game.installations.into_iter().map(|found| api::Installation {
        id: found.name,
        kind: serde_json::to_value(&found.installation.kind)
            .ok()
            .and_then(|kind| kind["kind"].as_str().map(str::to_owned))
            .unwrap_or_default(),
        version: found.installation.version,
        places: texts(found.installation.places),
        worlds: found.worlds,
    });
    api::Game { id: game.id.to_string(), title: game.title, installations: installations.collect() }
}

fn texts(places: BTreeMap<String, std::path::PathBuf>) -> BTreeMap<String, String> {
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
                version: member.version.map(|version| version.to_string()),
                size: member.size,
                sha256: member.sha256.map(|hash| hash.to_string()),
            })
            .collect(),
        done: job.done,
        total: job.total,
        created: job.created.to_string(),
        updated: job.updated.to_string(),
        can_cancel: job.phase.can_cancel(),
        problem: shown,
        generation: job.generation,
    }
}

pub(crate) fn profile(view: ProfileView) -> api::Profile {
    api::Profile {
        id: view.id.to_string(),
        name: view.name,
        game: view.game.to_string(),
        game_title: view.game_title,
        installation: view.installation,
        active: view.is_current,
        generation: view.generation,
        on: view.on as u32,
        off: view.off as u32,
        updates: view.updates as u32,
        problems: view.problems as u32,
        world: view.world,
    }
}

pub(crate) fn profile_detail(detail: ProfileDetail) -> api::ProfileDetail {
    let entries = detail.entries.into_iter().map(|entry| api::ProfileEntry {
        key: api::PackageKey { source: entry.package.source.to_string(), id: entry.package.id.to_string() },
        title: entry.title,
        publisher: entry.publisher,
        seal: if entry.is_admitted { api::Seal::Verified } else { api::Seal::Unverified },
        kind: entry.package.kind.0,
        version: entry.package.version.to_string(),
        size: entry.package.archive.size,
        enabled: entry.package.enabled,
        wished: entry.package.wished,
        needed_by: entry.needed_by,
        update: entry.update.map(|version| version.to_string()),
        problem: entry.problem.as_ref().map(reason),
    });
    api::ProfileDetail {
        entries: entries.collect(),
        generations: detail
            .generations
            .into_iter()
            .map(|generation| api::Generation {
                number: generation.number,
                at: generation.at.to_string(),
                cause: reason(&generation.cause),
                name: generation.name,
                current: generation.is_current,
            })
            .collect(),
        places: texts(detail.places),
        lock: detail.lock,
        profile: profile(detail.view),
    }
}

fn transfer(view: &TransferView, position: u32, held: Option<&str>) -> api::Transfer {
    let why = view.wait.as_ref().map(|wait| {
        // The transfers know that background downloads are held back; the manners know why.
        let code = match wait {
            TransferWait::Game => held.unwrap_or(wait.code()),
            _ => wait.code(),
        };
        let mut why = api::Reason { code: code.to_owned(), context: BTreeMap::new() };
        if let Some(failure) = &view.failure {
            why.context.insert("failure".into(), failure.clone());
        }
        why
    });
    api::Transfer {
        sha256: view.sha256.to_string(),
        name: view.name.clone(),
        lane: match view.tier {
            Tier::LobbyUrgent => api::Lane::LobbyUrgent,
            Tier::User => api::Lane::User,
            Tier::Background => api::Lane::Background,
        },
        position,
        state: match view.phase {
            TransferPhase::Waiting => api::TransferState::Queued,
            TransferPhase::Fetching => api::TransferState::Active,
            TransferPhase::Verifying => api::TransferState::Checking,
            TransferPhase::Paused => api::TransferState::Paused,
            TransferPhase::Failed => api::TransferState::Failed,
            TransferPhase::Done => api::TransferState::Done,
        },
        reason: why,
        size: view.size,
        here: view.split.here,
        from_peers: view.split.peers,
        from_servers: view.split.servers,
        down: view.rate,
        up: 0,
        peers: view.peers,
        eta: view.eta,
    }
}

pub(crate) fn transfers(engine: &Engine) -> api::Transfers {
    shown_transfers(&engine.transfer_snapshot(), &engine.limits().verdict)
}

fn shown_transfers(snapshot: &TransferSnapshot, verdict: &Verdict) -> api::Transfers {
    let mut places: BTreeMap<Tier, u32> = BTreeMap::new();
    let mut list = Vec::new();
    let (mut peers, mut servers) = (0, 0);
    for view in &snapshot.transfers {
        let place = places.entry(view.tier).or_default();
        list.push(transfer(view, *place, verdict.why_background_waits()));
        *place += 1;
        // A transfer's rate is not split by source; its bytes are, and stand for it.
        let fetched = view.split.peers + view.split.servers;
        let from_peers = if fetched == 0 {
            0
        } else {
            u128::from(view.rate) * u128::from(view.split.peers) / u128::from(fetched)
        };
        peers += from_peers as u64;
        servers += view.rate - from_peers as u64;
    }
    api::Transfers {
        transfers: list,
        paused: verdict.is_paused,
        down: snapshot.down_rate,
        down_peers: peers,
        down_servers: servers,
        up: 0,
    }
}

pub(crate) fn seed(view: SeedView) -> api::Seed {
    api::Seed {
        sha256: view.sha256.to_string(),
        name: view.name,
        size: view.size,
        offered: view.is_offered,
        reason: view.reason.as_ref().map(reason),
        given: view.given,
        peers: view.peers,
        pinned: view.is_pinned,
    }
}

pub(crate) fn source(view: SourceView) -> api::Source {
    api::Source {
        id: view.id.to_string(),
        alias: view.alias,
        kind: view.kind,
        address: view.address,
        priority: view.priority.max(0) as u32,
        enabled: view.is_enabled,
        state: match view.status {
            SourceStatus::New => api::SourceState::New,
            SourceStatus::Fresh => api::SourceState::Fresh,
            SourceStatus::Stale => api::SourceState::Stale,
            SourceStatus::Failed => api::SourceState::Failed,
            SourceStatus::Off => api::SourceState::Off,
        },
        packages: view.packages,
        synced: view.synced.map(|time| time.to_string()),
        problem: view.problem.as_ref().map(problem),
        root_words: view.root.as_ref().map(words),
        root: view.root.map(|root| root.to_string()),
        test_keys: view.has_test_keys,
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

pub(crate) fn verify(profile: &str, report: VerifyReport) -> api::VerifyReport {
    let findings = |list: Vec<muster_engine::FileFinding>| {
        list.into_iter()
            .map(|file| api::FileFinding { place: file.place, path: file.path, package: file.package })
            .collect()
    };
    api::VerifyReport {
        profile: profile.to_owned(),
        intact: report.intact as u64,
        changed: findings(report.changed),
        missing: findings(report.missing),
        damaged_archives: report.damaged_archives,
    }
}

pub(crate) fn launch(report: LaunchReport) -> api::LaunchReport {
    api::LaunchReport {
        pid: report.pid,
        command: report.command,
        loaded: report.loaded,
        not_loaded: report.not_loaded,
        evidence: report.evidence,
        errors: report.errors,
    }
}

pub(crate) async fn status(engine: &Engine, started: Timestamp) -> api::Status {
    let snapshot = engine.transfer_snapshot();
    let jobs = engine.jobs().iter().filter(|job| !job.phase.is_end()).count();
    let moving = |view: &&TransferView| !matches!(view.phase, TransferPhase::Done | TransferPhase::Failed);
    let waiting = snapshot.transfers.iter().filter(moving).count();
    let failed = engine.jobs().first().is_some_and(|job| job.phase == Phase::Failed);
    let offered = snapshot.sharing.seeds.iter().filter(|seed| seed.is_offered).count();
    let limits = engine.limits();
    let state = match () {
        () if limits.verdict.is_paused => api::ServiceState::Paused,
        () if jobs > 0 || waiting > 0 => api::ServiceState::Working,
        () if failed => api::ServiceState::Attention,
        () if offered > 0 => api::ServiceState::Sharing,
        () => api::ServiceState::Idle,
    };
    let paused = limits.verdict.is_paused.then_some("waiting-all-paused");
    let mut reasons = limits::reasons(paused);
    reasons.extend(limits::status_reasons(&limits));
    reasons.extend(limits::reasons(snapshot.sharing.failure.as_deref()));
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
        up: 0,
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
        transfers: transfers(engine),
        profiles: engine.profiles().await?.into_iter().map(profile).collect(),
        sources: engine.sources().await?.into_iter().map(source).collect(),
        settings: settings(&engine.settings()),
    })
}
