//! Carrying out a change: settle, fetch, unpack, deploy, commit. See the table in `jobs/mod.rs`.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use jiff::Timestamp;
use muster_cache::StoreId;
use muster_deploy::Own;
use muster_domain::{GenerationNumber, LockedPackage, ProfileId, Tier, Version, Vouched};
use muster_store::state::{Commit, Outcome as StoredOutcome, Profile};
use serde_json::json;

use super::{
    board::{JobMember, Phase, Settled, Way},
    fetch, request,
    run::{Ended, JobRequest, Progress, Run},
};
use crate::{
    EngineError, Item, Key, Signal,
    change::difference,
    homes::Homes,
    mend, overlay,
    payloads::Payloads,
    placing::{self, Notice},
    profiles::Binding,
};

/// What becomes of the profile once its folders are as they shall be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// A new state.
    Commit,
    /// A new state, and the place is its.
    Activate,
    /// A new state, and the place is nobody's.
    Vacate,
    /// It goes.
    Remove,
}

impl Ending {
    fn of(request: &JobRequest) -> Self {
        match request {
            JobRequest::Activate => Self::Activate,
            JobRequest::Vanilla => Self::Vacate,
            JobRequest::Remove => Self::Remove,
            _ => Self::Commit,
        }
    }
}

/// Pauses before the books of a deployed change are tried again.
const RECORD_PAUSES: &[Duration] =
    &[Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

pub(super) async fn run(
    run: &Arc<Run>,
    id: ProfileId,
    request: JobRequest,
    mut progress: Progress,
) -> Result<Ended, EngineError> {
    let profile = run.engine.profile(id).await?;
    let ending = Ending::of(&request);
    // What the player goes back to is the player's word; what is new is not taken against a source's.
    let is_new = matches!(request, JobRequest::Change { .. });
    let (tier, urgent) = match &request {
        JobRequest::Change { request, .. } => (request.tier(), request.urgent.clone()),
        _ => (Tier::User, None),
    };
    let peers = urgent.map(|urgent| urgent.peers).unwrap_or_default();
    if let (Some(settled), Some(sequence)) = (&progress.settled, progress.sequence)
        && run.engine.has_applied(&profile, &settled.placed(), sequence).await?
    {
        // The folder was committed before the crash; the books are brought up to it.
        return record(run, &profile, settled, ending).await;
    }
    progress.sequence = None;
    let settled = match progress.settled.take() {
        Some(settled) if settled.based_on == profile.generation => settled,
        Some(_) => return Err(EngineError::ProfileChanged),
        None => request::settle_request(run, &profile, request, &progress).await?,
    };
    progress.settled = Some(settled.clone());
    run.show(|view| view.members = settled.members.clone());
    run.enter(Phase::Fetching, &progress).await?;
    let task = Task { profile, ending, is_new, tier, peers };
    let how = if settled.way == Way::Mend { mend::Look::Bytes } else { mend::Look::New };
    match carry_out(run, &task, settled.clone(), &mut progress, how).await {
        // Nothing was changed, and what was held of it is let go: it can be unpacked anew.
        Err(EngineError::TreeDamaged { .. }) => {
            carry_out(run, &task, settled, &mut progress, mend::Look::Outside).await
        }
        done => done,
    }
}

/// What a job is about, besides its plan.
struct Task {
    profile: Profile,
    ending: Ending,
    /// It brings what was not there before.
    is_new: bool,
    tier: Tier,
    /// Who is asked first for archives.
    peers: Vec<SocketAddr>,
}

/// Fetches, unpacks and deploys what was settled, and writes down what became of the profile.
async fn carry_out(
    run: &Arc<Run>,
    task: &Task,
    settled: Settled,
    progress: &mut Progress,
    how: mend::Look,
) -> Result<Ended, EngineError> {
    let Task { profile, ending, is_new, tier, peers } = task;
    let is_placed = profile.active || *ending == Ending::Activate;
    if is_placed {
        let (run, lock) = (run.clone(), settled.placed());
        blocking(move || mend::discard_damaged(&run.engine, &lock, how).map(drop)).await?;
    }
    let (archives, arrived) = match fetch::fetch(run, &settled.placed(), (*tier, peers)).await {
        Err(EngineError::Cancelled) => {
            return Err(run.engine.why_cancelled(&profile.lock, &settled.lock).await);
        }
        fetched => fetched?,
    };
    let settled = settled.with(&arrived);
    progress.settled = Some(settled.clone());
    run.enter(Phase::Unpacking, progress).await?;
    let store = if is_placed { usual_store(run, profile).await? } else { StoreId::Main };
    let payloads = unpack(run, &archives, store).await?;
    // Only what could be unpacked is the version's for ever.
    run.engine.note_first_seen(&settled.lock).await?;
    if *is_new {
        // A source may have learned something since the plan was made.
        run.engine.refuse_advised(&difference(&profile.lock, &settled.lock)).await?;
    }
    if is_placed {
        run.engine.snapshot_before(profile, &settled.placed(), &settled.cause).await?;
        // Held until the new state is on the books, so that no tree of it is tidied away before.
        let (_held, settled) = deploy(run, profile, payloads, progress).await?;
        return record(run, profile, &settled, *ending).await;
    }
    let settled = take_back_unplaced(run, profile, progress).await?;
    run.pass(Phase::Committing)?;
    conclude(run, profile, &settled, *ending).await
}

pub(super) async fn members(run: &Run, items: &[Item]) -> Vec<JobMember> {
    let mut members = Vec::new();
    run.engine.get_to_know(items.iter().map(Item::package)).await;
    for item in items {
        let package = item.package();
        members.push(JobMember {
            source: package.source.clone(),
            id: package.id.clone(),
            title: run.engine.title(&Key::of(package)).await,
            version: item.after.as_ref().map(|after: &LockedPackage| -> Version { after.version.clone() }),
            size: package.archive.size,
            sha256: item.brings_bytes().then_some(package.archive.sha256),
        });
    }
    members
}

/// The store where most of what is unpacked for a profile will be needed.
async fn usual_store(run: &Run, profile: &Profile) -> Result<StoreId, EngineError> {
    let (engine, profile) = (run.engine.clone(), profile.clone());
    blocking(move || {
        let definition = engine.machine().definition(&profile.game)?;
        Ok(Homes::of(&engine, &definition, &Binding::of(&profile)?.installation)?.usual())
    })
    .await
}

/// Makes sure that every archive has its tree in some store, and gives the folders of the payloads.
async fn unpack(run: &Arc<Run>, archives: &fetch::Archives, store: StoreId) -> Result<Payloads, EngineError> {
    let (run, archives) = (run.clone(), archives.clone());
    blocking(move || {
        let mut payloads = Payloads::default();
        for (package, held) in archives.iter() {
            if run.cancel.is_cancelled() {
                return Err(run.ended_early());
            }
            let what = (package, held.archive());
            payloads.add(&run.engine, what, &store, &|| run.cancel.is_cancelled())?;
        }
        Ok(payloads)
    })
    .await
}

async fn deploy(
    run: &Arc<Run>,
    profile: &Profile,
    mut payloads: Payloads,
    progress: &Progress,
) -> Result<(Payloads, Settled), EngineError> {
    run.pass(Phase::Deploying)?;
    run.enter(Phase::Deploying, progress).await?;
    run.engine.watch_anew();
    let (run, profile, mut progress) = (run.clone(), profile.clone(), progress.clone());
    blocking(move || {
        let settled = settled(&progress)?;
        let aim = match &settled.way {
            Way::Usual => placing::Aim::Lock(&settled.lock),
            Way::Decide(decision) => placing::Aim::Decide(&settled.lock, decision),
            Way::Back { exchanges, released } => placing::Aim::Back(&settled.lock, exchanges, released),
            Way::Bring(wanted) => placing::Aim::Bring(&settled.lock, wanted),
            Way::Mend => placing::Aim::Mend(&settled.lock),
            Way::Adopt => placing::Aim::Adopt(&settled.lock),
            Way::Vanilla => placing::Aim::Vanilla,
        };
        let mut note = |notice: Notice<'_>| note(&run, Phase::Deploying, &mut progress, notice);
        placing::deploy(&run.engine, &profile, aim, &mut payloads, &mut note)?;
        Ok((payloads, self::settled(&progress)?))
    })
    .await
}

fn settled(progress: &Progress) -> Result<Settled, EngineError> {
    progress.settled.clone().ok_or(EngineError::Internal("a job without a plan"))
}

/// Writes down which change of the folders is this job's, and what becomes of versions of files, before it does.
fn note(run: &Run, phase: Phase, progress: &mut Progress, notice: Notice<'_>) -> Result<(), EngineError> {
    let Some(settled) = &mut progress.settled else { return Ok(()) };
    let Notice { sequence, own, exchanges } = notice;
    let own: Vec<Own> = own.values().cloned().collect();
    if progress.sequence == sequence && settled.own.as_ref() == Some(&own) && settled.exchanges == exchanges {
        return Ok(());
    }
    progress.sequence = sequence;
    (settled.own, settled.exchanges) = (Some(own), exchanges);
    run.write_down(phase, progress)
}

/// What going back takes back of a profile whose files are not in the folders.
async fn take_back_unplaced(
    run: &Arc<Run>,
    profile: &Profile,
    progress: &mut Progress,
) -> Result<Settled, EngineError> {
    let settled = settled(progress)?;
    let Way::Back { exchanges, .. } = settled.way.clone() else { return Ok(settled) };
    let (run, profile, mut progress) = (run.clone(), profile.clone(), progress.clone());
    blocking(move || {
        let mut note = |notice: Notice<'_>| note(&run, Phase::Unpacking, &mut progress, notice);
        placing::take_back_unplaced(&run.engine, &profile, &exchanges, &mut note)?;
        self::settled(&progress)
    })
    .await
}

/// Brings the books up to a folder that is in its new state already. Where they cannot be written, the job stays
/// unfinished and does so at the next start: failing it now would leave folder and books apart.
async fn record(
    run: &Run,
    profile: &Profile,
    settled: &Settled,
    ending: Ending,
) -> Result<Ended, EngineError> {
    run.show(|view| view.phase = Phase::Committing);
    let mut pauses = RECORD_PAUSES.iter();
    loop {
        let recorded = conclude(run, profile, settled, ending).await;
        match (recorded, pauses.next()) {
            (Err(EngineError::Store(muster_store::Error::Conflict { .. })), _) => {
                return Err(EngineError::ProfileChanged);
            }
            (Err(EngineError::Store(error)), Some(pause)) => {
                tracing::warn!(job = %run.id, %error, "a change cannot be recorded yet");
                tokio::time::sleep(*pause).await;
            }
            (Err(EngineError::Store(error)), None) => return Err(EngineError::Unrecorded(error)),
            (recorded, _) => return recorded,
        }
    }
}

/// Writes down what became of the profile.
async fn conclude(
    run: &Run,
    profile: &Profile,
    settled: &Settled,
    ending: Ending,
) -> Result<Ended, EngineError> {
    let profiles = run.engine.state().profiles();
    match ending {
        Ending::Remove => {
            let outcome = StoredOutcome { code: "done".into(), context: json!({}) };
            profiles.remove(profile.id, Some((run.id, outcome)), Timestamp::now()).await?;
            after_commit(run).await;
            return Ok(Ended::Recorded(None));
        }
        Ending::Activate => profiles.activate(profile.id).await?,
        Ending::Vacate => profiles.deactivate(profile.id).await?,
        Ending::Commit => {}
    }
    commit(run, profile, settled).await.map(|generation| Ended::Recorded(Some(generation)))
}

/// One transaction for lock, generation and job; then what follows from it and may be repeated.
async fn commit(run: &Run, profile: &Profile, settled: &Settled) -> Result<GenerationNumber, EngineError> {
    if settled.lock.packages.iter().any(|package| package.vouched == Vouched::Awaited) {
        return Err(EngineError::Internal("a lock names an archive that has not come"));
    }
    let outcome = StoredOutcome { code: "done".into(), context: json!({}) };
    let params = serde_json::to_value(&settled.cause.context).unwrap_or_default();
    let commit = Commit {
        profile: profile.id,
        based_on: settled.based_on,
        lock: settled.lock.clone(),
        cause: settled.cause.code.clone(),
        params,
        exchanges: serde_json::to_value(&settled.exchanges).unwrap_or_else(|_| json!([])),
        overlay: settled.own.as_ref().map(overlay::to_value).transpose()?,
        job: Some((run.id, outcome)),
    };
    let generation = run.engine.state().profiles().commit(commit, Timestamp::now()).await?;
    for agreed in &settled.pins {
        if let Err(error) = run.engine.accept_publisher(agreed).await {
            // The next change of this publisher pins it; nothing was installed that the old pin forbade.
            tracing::warn!(publisher = %agreed.publisher, %error, "a publisher's key could not be pinned");
        }
    }
    after_commit(run).await;
    Ok(generation)
}

/// What follows from a new state and may be repeated.
async fn after_commit(run: &Run) {
    if let Err(error) = run.engine.declare_leases().await {
        // What was declared before stays; too much is kept rather than too little, until the next change.
        tracing::warn!(%error, "it could not be said which trees are needed");
    }
    run.engine.refresh_sharing().await;
    run.engine.signal(Signal::Status);
}

/// Runs blocking work on the pool for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(EngineError::Internal("a worker ended")),
    }
}
