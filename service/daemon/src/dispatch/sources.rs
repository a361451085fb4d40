//! Sources, and the player's keys for them.

use muster_api::{self as api, Changed, OperationId};
use muster_domain::SourceId;
use muster_engine::{GivenKey, PresetAnswer};

use super::{Call, changed};
use crate::{
    convert::{self, parse},
    server::{App, Failure, Reply},
};

pub(super) async fn sources(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let engine = &app.engine;
    match operation {
        OperationId::LookAtSource => {
            let new: api::NewSource = call.body()?;
            let job = engine.look_at_source(&new.address).await?;
            Reply::json(&Changed { job: job.map(|job| job.to_string()), ..changed(app) })
        }
        OperationId::InspectSource => {
            let new: api::NewSource = call.body()?;
            let offer = engine.inspect_source(&new.address).await?;
            Reply::json(&api::SourceOffer {
                address: offer.address,
                kind: offer.kind,
                root_words: offer.root.as_ref().map(muster_engine::words),
                root: offer.root.map(|root| root.to_string()),
                test_keys: offer.has_test_keys,
                known: offer.is_known,
            })
        }
        OperationId::Presets => {
            let game = call.query.get("game").filter(|id| !id.is_empty());
            let game = game.map(|id| parse("game", id)).transpose()?;
            let presets = engine.presets(game.as_ref()).await?;
            Reply::json(&presets.into_iter().map(convert::preset).collect::<Vec<_>>())
        }
        OperationId::DecidePreset => {
            let decision: api::PresetDecision = call.body()?;
            let answer = if decision.declined { PresetAnswer::TurnDown } else { PresetAnswer::OfferAgain };
            engine.answer_preset(&decision.id, answer).await?;
            Reply::json(&changed(app))
        }
        OperationId::AddSource => {
            let new: api::NewSource = call.body()?;
            let root = new.root.as_deref().map(|root| parse("root", root)).transpose()?;
            let (id, job) = engine.add_source(&new.address, new.alias, root).await?;
            Reply::json(&Changed {
                created: Some(id.to_string()),
                job: Some(job.to_string()),
                ..changed(app)
            })
        }
        OperationId::TakeFileIn => {
            let new: api::NewFile = call.body()?;
            let (at, profile) = convert::new_file(&new)?;
            Reply::json(&convert::wish(&engine.take_file_in(&at, profile).await?))
        }
        OperationId::PatchSource => {
            let patch: api::SourcePatch = call.body()?;
            let place = patch.place.map(|place| place as usize);
            let patch = muster_engine::SourcePatch { enabled: patch.enabled, place };
            let job = engine.patch_source(&call.path::<SourceId>("source")?, patch).await?;
            Reply::json(&Changed { job: job.map(|job| job.to_string()), ..changed(app) })
        }
        OperationId::RemoveSource => {
            engine.remove_source(&call.path::<SourceId>("source")?).await?;
            Reply::json(&changed(app))
        }
        OperationId::SyncSource => {
            let job = engine.sync_source(&call.path::<SourceId>("source")?).await?;
            Reply::json(&Changed { job: Some(job.to_string()), ..changed(app) })
        }
        OperationId::ExamineSource => {
            let answers = engine.examine_source(&call.path::<SourceId>("source")?).await?;
            Reply::json(&answers.into_iter().map(convert::source_answer).collect::<Vec<_>>())
        }
        OperationId::SetSourceKey => {
            let new: api::NewSourceKey = call.secret_body()?;
            set_key(app, call, GivenKey::Typed(new.key)).await
        }
        OperationId::PlaceSourceKey => set_key(app, call, convert::key_at(call.body()?)?).await,
        OperationId::ForgetSourceKey => {
            engine.forget_source_key(&call.path::<SourceId>("source")?).await?;
            Reply::json(&changed(app))
        }
        OperationId::DecideKey => {
            let decision: api::KeyDecision = call.body()?;
            let publisher = parse("publisher", &decision.publisher)?;
            let key = parse("key", &decision.key)?;
            engine.decide_key(&call.path::<SourceId>("source")?, &publisher, &key).await?;
            Reply::json(&changed(app))
        }
        _ => Reply::json(&engine.sources().await?.into_iter().map(convert::source).collect::<Vec<_>>()),
    }
}

async fn set_key(app: &App, call: &Call<'_>, given: GivenKey) -> Result<Reply, Failure> {
    let job = app.engine.set_source_key(&call.path::<SourceId>("source")?, given).await?;
    Reply::json(&Changed { job: job.map(|job| job.to_string()), ..changed(app) })
}
