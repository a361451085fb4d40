//! Profiles that are handed on and followed.

use muster_api::{self as api, Changed, OperationId};

use super::{Call, changed};
use crate::{
    convert::{self, parse},
    server::{App, Failure, Reply},
};

pub(super) async fn shared(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let engine = &app.engine;
    match operation {
        OperationId::ShareProfile => {
            Reply::json(&convert::shared_text(engine.share_profile(call.path("profile")?).await?)?)
        }
        OperationId::InspectShared => {
            let request = convert::shared_request(call.body()?)?;
            Reply::json(&convert::shared_offer(engine.inspect_shared(&request).await?))
        }
        OperationId::ApplyShared => {
            let request: api::ApplyShared = call.body()?;
            let (digest, follow) = (parse("digest", &request.digest)?, request.follow);
            let shared = convert::shared_request(request.shared)?;
            let (job, undo) = engine.apply_shared(shared, (digest, request.agreed), follow).await?;
            Reply::json(&Changed { job: job.map(|job| job.to_string()), undo, ..changed(app) })
        }
        OperationId::Unfollow => {
            engine.unfollow(call.path("profile")?).await?;
            Reply::json(&changed(app))
        }
        _ => {
            let followed = engine.followed_profiles(operation == OperationId::LookForNews).await?;
            Reply::json(&followed.into_iter().map(convert::followed).collect::<Vec<_>>())
        }
    }
}
