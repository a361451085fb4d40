//! Packs of other managers: looked at, and taken in.

use muster_api::{self as api, OperationId};

use super::Call;
use crate::{
    convert::{self, parse},
    server::{App, Failure, Reply},
};

pub(super) async fn packs(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    if operation == OperationId::InspectPack {
        let wanted = convert::pack_request(call.body()?)?;
        return Reply::json(&convert::pack_offer(app.engine.inspect_pack(&wanted).await?));
    }
    let api::TakePack { pack, digest } = call.body()?;
    let profile = pack.profile.clone().unwrap_or_default();
    let wanted = convert::pack_request(pack)?;
    let change = app.engine.take_pack_in(&wanted, parse("digest", &digest)?).await?;
    Reply::json(&convert::api_change(&change, &profile))
}
