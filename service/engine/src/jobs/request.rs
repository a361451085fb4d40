//! What a request of a job amounts to: the lock that shall be, and in which way the folders get there.

use std::collections::BTreeSet;

use muster_domain::{GenerationNumber, Lock, ProfileId};
use muster_store::state::Profile;

use super::{
    board::{Settled, Way},
    change::members,
    run::{JobRequest, Progress, Run},
};
use crate::{
    EngineError, Key, Phase, Reason,
    change::difference,
    settle::settle,
    versions::{self, Exchange},
};

/// Names that a sentence lists.
const FEW: usize = 3;

/// Plans what a request asks for. Changes nothing.
pub(super) async fn settle_request(
    run: &Run,
    profile: &Profile,
    request: JobRequest,
    progress: &Progress,
) -> Result<Settled, EngineError> {
    run.enter(Phase::Resolving, progress).await?;
    let way = match &request {
        // The first state is the one before anything was placed.
        JobRequest::Vanilla | JobRequest::Remove | JobRequest::GoBack { generation: 0 } => Way::Vanilla,
        JobRequest::GoBack { generation } => way_back(run, profile.id, *generation).await?,
        JobRequest::Activate => way_in(run, profile).await?,
        JobRequest::Bring { wanted } => Way::Bring(wanted.clone()),
        JobRequest::Mend => Way::Mend,
        JobRequest::Adopt { adoption } if !adoption.is_copied => Way::Adopt,
        JobRequest::Decide { decision } => Way::Decide(decision.clone()),
        _ => Way::Usual,
    };
    let mut pins = Vec::new();
    let (lock, cause) = match request {
        JobRequest::Change { request, subjects } => {
            let settlement = settle(&run.engine, profile, &request).await?;
            run.enter(Phase::Planning, progress).await?;
            if request.agreed.as_ref().is_some_and(|agreed| *agreed != settlement.digest) {
                return Err(EngineError::PlanChanged);
            }
            if let (true, Some(id)) = (request.is_unattended_update(), settlement.stranger) {
                return Err(EngineError::UnknownPublisher { id });
            }
            pins = settlement.pins;
            let cause = Reason::new(request.cause()).with("titles", few(&subjects));
            (settlement.after, cause)
        }
        JobRequest::GoBack { generation } => {
            let found = run.engine.state().profiles().generation_lock(profile.id, generation).await?;
            let lock = match (found, generation) {
                (Some(lock), _) => lock,
                (None, 0) => Lock::default(),
                (None, _) => return Err(EngineError::UnknownGeneration(generation)),
            };
            (lock, Reason::new("undo").with("generation", generation))
        }
        JobRequest::Activate => {
            let before = run.engine.active_at(&profile.place).await?.filter(|before| before.id != profile.id);
            let cause = Reason::new("activate");
            let cause = match before {
                Some(before) => cause.with("before", before.id).with("profile", before.name),
                None => cause,
            };
            (profile.lock.clone(), cause)
        }
        JobRequest::Vanilla | JobRequest::Remove => (profile.lock.clone(), Reason::new("vanilla")),
        JobRequest::Adopt { adoption } => {
            let (lock, titles) = run.engine.settle_adoption(profile, &adoption).await?;
            (lock, Reason::new("adopt").with("titles", few(&titles)))
        }
        JobRequest::Decide { decision } => (profile.lock.clone(), Reason::new(decision.cause())),
        JobRequest::Bring { wanted } => {
            let names: Vec<&str> = wanted.iter().map(|file| file.path.file_name()).collect();
            (profile.lock.clone(), Reason::new("bring-back").with("files", few(&names)))
        }
        JobRequest::Repair | JobRequest::Mend | JobRequest::Sync { .. } => {
            (profile.lock.clone(), Reason::new("repair"))
        }
    };
    let items = difference(&profile.lock, &lock);
    let members = members(run, &items).await;
    let (own, exchanges) = (None, Vec::new());
    Ok(Settled { based_on: profile.generation, lock, way, cause, members, pins, own, exchanges })
}

/// Going back takes back what the changes since then did to versions of files, and gives what was there before the
/// packages that came since.
async fn way_back(run: &Run, id: ProfileId, generation: GenerationNumber) -> Result<Way, EngineError> {
    let profiles = run.engine.state().profiles();
    let changes = profiles.exchanges_after(id, generation).await?;
    let changes: Vec<Vec<Exchange>> = changes.into_iter().map(versions::read).collect::<Result<_, _>>()?;
    let exchanges = versions::joined(changes);
    let (until, after) = profiles.locks_around(id, generation).await?;
    let keys = |locks: Vec<Lock>| -> BTreeSet<Key> {
        locks.iter().flat_map(|lock| &lock.packages).map(Key::of).collect()
    };
    let released: Vec<Key> = keys(after).difference(&keys(until)).cloned().collect();
    Ok(match exchanges.is_empty() && released.is_empty() {
        true => Way::Usual,
        false => Way::Back { exchanges, released },
    })
}

/// A profile that made room for the original game comes back with what its loaders had written.
async fn way_in(run: &Run, profile: &Profile) -> Result<Way, EngineError> {
    let timeline = run.engine.state().profiles().generations(profile.id).await?;
    let now = timeline.iter().find(|generation| generation.number == profile.generation);
    if now.is_none_or(|generation| generation.cause != "vanilla") {
        return Ok(Way::Usual);
    }
    let before = profile.generation.saturating_sub(1);
    let changes = run.engine.state().profiles().exchanges_after(profile.id, before).await?;
    let changes: Vec<Vec<Exchange>> = changes.into_iter().map(versions::read).collect::<Result<_, _>>()?;
    let exchanges = versions::joined(changes);
    Ok(match exchanges.is_empty() {
        true => Way::Usual,
        false => Way::Back { exchanges, released: Vec::new() },
    })
}

/// The first names of a list, and how many more there are, for a sentence in any language.
fn few(names: &[impl AsRef<str>]) -> String {
    let shown = names.iter().take(FEW).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(FEW) {
        0 => shown,
        more => format!("{shown}, … (+{more})"),
    }
}
