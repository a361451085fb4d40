//! Lobbies.

use muster_api::{Changed, OperationId};

use super::{Call, changed};
use crate::{
    convert,
    server::{App, Failure, Reply},
};

pub(super) async fn lobby(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let engine = &app.engine;
    match operation {
        OperationId::HostLobby => {
            let request = convert::host_request(call.body()?)?;
            Reply::json(&convert::hosted(engine.host_lobby(request).await?))
        }
        OperationId::CloseLobby => {
            engine.close_lobby().await?;
            Reply::json(&changed(app))
        }
        OperationId::InspectLobby => {
            let (at, without) = convert::lobby_at(call.body()?)?;
            Reply::json(&convert::lobby_offer(engine.inspect_lobby(&at, without).await?))
        }
        OperationId::JoinLobby => {
            let (at, request) = convert::join_request(call.body()?)?;
            let profile = engine.join_lobby(&at, request).await?;
            Reply::json(&Changed { created: Some(profile.to_string()), ..changed(app) })
        }
        OperationId::ForgetHost => {
            engine.forget_host(&call.path("key")?).await?;
            Reply::json(&changed(app))
        }
        OperationId::LeaveLobby => {
            engine.leave_lobby().await?;
            Reply::json(&changed(app))
        }
        _ => Reply::json(&convert::lobbies(engine.lobbies().await?)),
    }
}
