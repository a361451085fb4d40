//! Collections: those of a profile, and what would become of one.

use muster_api::{self as api, OperationId};

use super::Call;
use crate::{
    convert,
    server::{App, Failure, Reply},
};

pub(super) async fn collections(
    app: &App,
    operation: OperationId,
    call: &Call<'_>,
) -> Result<Reply, Failure> {
    if operation == OperationId::Collections {
        let found = app.engine.collections(call.path("profile")?).await?;
        return Reply::json(&found.into_iter().map(convert::collection).collect::<Vec<_>>());
    }
    let request: api::CollectionRequest = call.body()?;
    let offer = app.engine.inspect_collection(&convert::collection_request(&request)?).await?;
    Reply::json(&convert::collection_offer(offer, &request.profile))
}
