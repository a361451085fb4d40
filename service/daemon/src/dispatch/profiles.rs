//! Profiles, their history, and what is in a game's folders.

use muster_api::{self as api, Changed, OperationId};
use muster_domain::{JobId, ProfileId};
use muster_engine::{NewProfile, ProfilePatch};

use super::{Call, changed};
use crate::{
    convert::{self, parse},
    server::{App, Failure, Reply},
};

/// The answer to a change that a job carries out.
fn working(app: &App, job: Option<JobId>, undo: Option<String>) -> Result<Reply, Failure> {
    Reply::json(&Changed { job: job.map(|job| job.to_string()), undo, ..changed(app) })
}

pub(super) async fn profiles(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let engine = &app.engine;
    match operation {
        OperationId::CreateProfile => {
            let new: api::NewProfile = call.body()?;
            let game = parse("game", &new.game)?;
            let folder = new.folder.map(std::path::PathBuf::from);
            let new = NewProfile { name: new.name, game, installation: new.installation, folder };
            let id = engine.create_profile(new).await?;
            Reply::json(&Changed { created: Some(id.to_string()), ..changed(app) })
        }
        OperationId::CloneProfile => {
            let request: api::CloneRequest = call.body()?;
            let id = engine.clone_profile(call.path("profile")?, &request.name).await?;
            Reply::json(&Changed { created: Some(id.to_string()), ..changed(app) })
        }
        OperationId::Profile => {
            Reply::json(&convert::profile_detail(engine.profile_detail(call.path("profile")?).await?))
        }
        OperationId::PatchProfile => {
            let profile = call.path("profile")?;
            let patch: api::ProfilePatch = call.body()?;
            let activate = patch.active == Some(true);
            let undo = if activate { engine.switch_token(profile).await? } else { None };
            let patch = ProfilePatch { name: patch.name, activate, world: patch.world };
            let job = engine.patch_profile(profile, patch).await?;
            working(app, job, undo)
        }
        OperationId::RemoveProfile => {
            let (job, undo) = engine.remove_profile(call.path("profile")?).await?;
            working(app, Some(job), Some(undo))
        }
        OperationId::RemovedProfiles => Reply::json(
            &engine.removed_profiles().await?.into_iter().map(convert::removed_profile).collect::<Vec<_>>(),
        ),
        OperationId::RestoreProfile => {
            let request: api::RestoreRequest = call.body()?;
            let job = engine.restore_profile(call.path("profile")?, request.name).await?;
            working(app, job, None)
        }
        _ => Reply::json(&engine.profiles().await?.into_iter().map(convert::profile).collect::<Vec<_>>()),
    }
}

pub(super) async fn upkeep(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    if operation == OperationId::SetUpkeep {
        let patch = convert::upkeep_patch(call.body()?)?;
        app.engine.set_upkeep(call.path("profile")?, patch).await?;
        return Reply::json(&changed(app));
    }
    Reply::json(&app.engine.upkeep().await?.into_iter().map(convert::upkeep).collect::<Vec<_>>())
}

pub(super) async fn history(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let engine = &app.engine;
    if operation == OperationId::Undo {
        let job = engine.undo(&call.path::<String>("token")?).await?;
        return working(app, job, None);
    }
    let profile: ProfileId = call.path("profile")?;
    match operation {
        OperationId::Difference => {
            let (from, to) = (call.path("generation")?, call.path("other")?);
            Reply::json(&convert::difference(engine.difference(profile, from, to).await?))
        }
        OperationId::NameGeneration => {
            let patch: api::GenerationPatch = call.body()?;
            engine.name_generation(profile, call.path("generation")?, &patch.name).await?;
            Reply::json(&changed(app))
        }
        OperationId::Prune => {
            let request: api::PruneRequest = call.body()?;
            let forgotten = engine.prune(profile, convert::policy(&request)).await?;
            Reply::json(&api::PruneReport { forgotten })
        }
        OperationId::UndoLast => {
            let undo = engine.undo_token(Some(profile)).await?;
            let job = engine.undo_last(profile).await?;
            working(app, Some(job), undo)
        }
        _ => {
            let undo = engine.undo_token(Some(profile)).await?;
            let job = engine.go_back(profile, call.path("generation")?).await?;
            working(app, Some(job), undo)
        }
    }
}

pub(super) async fn folders(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let (engine, profile): (_, ProfileId) = (&app.engine, call.path("profile")?);
    match operation {
        OperationId::Repair => {
            let undo = engine.undo_token(Some(profile)).await?;
            working(app, Some(engine.mend(profile).await?), undo)
        }
        OperationId::Kept => Reply::json(&convert::kept(engine.kept(profile).await?)),
        OperationId::RestoreKept => {
            let undo = engine.undo_token(Some(profile)).await?;
            let request = convert::kept_restore(call.body()?);
            working(app, Some(engine.restore_kept(profile, request).await?), undo)
        }
        OperationId::FreeKept => {
            let request: api::KeptFree = call.body()?;
            Reply::json(&convert::freed(engine.free_kept(profile, request.ids).await?))
        }
        OperationId::Drift => Reply::json(&convert::drift(engine.drift(profile).await?)),
        OperationId::CompareTexts => {
            let spot = convert::spot(call.body()?);
            Reply::json(&convert::file_texts(engine.file_texts(profile, spot).await?))
        }
        OperationId::DecideDrift => {
            let decision = convert::decision(call.body()?);
            let undo = engine.undo_token(Some(profile)).await?;
            working(app, Some(engine.decide_drift(profile, decision).await?), undo)
        }
        OperationId::Vanilla => {
            let (job, undo) = engine.vanilla(profile).await?.unzip();
            working(app, job, undo)
        }
        OperationId::VanillaProof => Reply::json(&convert::vanilla(engine.prove_vanilla(profile).await?)),
        OperationId::ReadOriginals => Reply::json(&convert::vanilla(engine.read_originals(profile).await?)),
        OperationId::Launch => {
            let request: api::LaunchRequest = call.body()?;
            let report =
                if request.prove { engine.prove(profile).await? } else { engine.play(profile).await? };
            Reply::json(&convert::launch(report))
        }
        _ => Reply::json(&convert::verify(&profile.to_string(), engine.verify(profile).await?)),
    }
}

pub(super) async fn saves(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let (engine, profile): (_, ProfileId) = (&app.engine, call.path("profile")?);
    let made = |number: Option<u64>| {
        Reply::json(&Changed { created: number.map(|number| number.to_string()), ..changed(app) })
    };
    match operation {
        OperationId::SetSavesRules => {
            engine.set_saves_rules(profile, convert::saves_patch(&call.body()?)).await?;
            made(None)
        }
        OperationId::SnapshotSaves => made(Some(engine.snapshot_saves(profile).await?)),
        OperationId::RestoreSaves => {
            let request: api::SavesRestore = call.body()?;
            made(engine.restore_saves(profile, call.path("snapshot")?, request.saves).await?)
        }
        OperationId::FreeSaves => {
            engine.free_snapshot(profile, call.path("snapshot")?).await?;
            made(None)
        }
        _ => Reply::json(&convert::saves(engine.saves(profile).await?)),
    }
}

pub(super) async fn adoption(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let request = convert::adoption_request(call.body()?)?;
    if operation == OperationId::PlanAdoption {
        return Reply::json(&convert::adoption(app.engine.plan_adoption(&request).await?));
    }
    let (profile, job, undo) = app.engine.adopt(request).await?;
    let job = Some(job.to_string());
    Reply::json(&Changed { job, undo, created: Some(profile.to_string()), ..changed(app) })
}
