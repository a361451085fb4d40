//! Which operation does what: one exhaustive match over the operation table.

mod collections;
mod lobby;
mod packs;
mod profiles;
mod shared;
mod sources;

use std::{collections::BTreeMap, net::SocketAddr};

use muster_api::{self as api, Changed, OperationId};
use muster_domain::Sha256;
use muster_engine::{Pin, SettingsPatch, Taken};
use serde::de::DeserializeOwned;

use crate::{
    convert::{self, parse},
    metrics,
    server::{App, Failure, Reply},
};

/// One request, taken apart.
pub(crate) struct Call<'a> {
    pub path: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    pub body: &'a [u8],
}

impl Call<'_> {
    fn path<T: std::str::FromStr>(&self, name: &str) -> Result<T, Failure> {
        parse(name, self.path.get(name).map(String::as_str).unwrap_or_default())
    }

    fn body<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        // A list would be read as the fields in their order, and an empty one as all defaults.
        if self.body.trim_ascii_start().first() != Some(&b'{') {
            return Err(Failure::new(400, "api-bad-body", "not an object").with("detail", "not an object"));
        }
        serde_json::from_slice(self.body)
            .map_err(|error| Failure::new(400, "api-bad-body", &error.to_string()).with("detail", error))
    }

    /// The same of a body that must not be repeated, as an error of its parser would.
    fn secret_body<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let refused = "not of the form that it should be";
        serde_json::from_slice(self.body)
            .map_err(|_| Failure::new(400, "api-bad-body", refused).with("detail", refused))
    }
}

pub(crate) async fn dispatch(app: &App, operation: OperationId, call: Call<'_>) -> Result<Reply, Failure> {
    match operation {
        OperationId::Version | OperationId::Status | OperationId::Shutdown | OperationId::Metrics => {
            service(app, operation).await
        }
        // Streams are answered by the server itself.
        OperationId::Events => Err(Failure::new(500, "api-internal", "events are a stream")),
        OperationId::Games | OperationId::Game | OperationId::AddGame | OperationId::RemoveGame => {
            games(app, operation, &call).await
        }
        OperationId::Search | OperationId::Package | OperationId::Changes => {
            catalog(app, operation, &call).await
        }
        OperationId::Audit => {
            let profile = call.query.get("profile").filter(|id| !id.is_empty());
            let profile = profile.map(|id| parse("profile", id)).transpose()?;
            Reply::json(&convert::audit(app.engine.audit(profile).await?))
        }
        OperationId::Plan | OperationId::Change | OperationId::InspectLink => {
            change(app, operation, &call).await
        }
        OperationId::Jobs | OperationId::Job | OperationId::CancelJob => jobs(app, operation, &call).await,
        OperationId::Profiles
        | OperationId::CreateProfile
        | OperationId::CloneProfile
        | OperationId::Profile
        | OperationId::PatchProfile
        | OperationId::RemoveProfile
        | OperationId::RemovedProfiles
        | OperationId::RestoreProfile => profiles::profiles(app, operation, &call).await,
        OperationId::Difference
        | OperationId::NameGeneration
        | OperationId::Prune
        | OperationId::UndoLast
        | OperationId::GoBack
        | OperationId::Undo => profiles::history(app, operation, &call).await,
        OperationId::Verify
        | OperationId::Repair
        | OperationId::Drift
        | OperationId::CompareTexts
        | OperationId::DecideDrift
        | OperationId::Vanilla
        | OperationId::VanillaProof
        | OperationId::ReadOriginals
        | OperationId::Kept
        | OperationId::RestoreKept
        | OperationId::FreeKept
        | OperationId::Launch => profiles::folders(app, operation, &call).await,
        OperationId::Saves
        | OperationId::SetSavesRules
        | OperationId::SnapshotSaves
        | OperationId::RestoreSaves
        | OperationId::FreeSaves => profiles::saves(app, operation, &call).await,
        OperationId::ManagedProfiles => {
            let found = app.engine.managed_profiles().await?;
            Reply::json(&found.into_iter().map(convert::managed_profile).collect::<Vec<_>>())
        }
        OperationId::PlanAdoption | OperationId::Adopt => profiles::adoption(app, operation, &call).await,
        OperationId::ShareProfile
        | OperationId::InspectShared
        | OperationId::ApplyShared
        | OperationId::Followed
        | OperationId::LookForNews
        | OperationId::Unfollow => shared::shared(app, operation, &call).await,
        OperationId::Collections | OperationId::InspectCollection => {
            collections::collections(app, operation, &call).await
        }
        OperationId::Upkeep | OperationId::SetUpkeep => profiles::upkeep(app, operation, &call).await,
        OperationId::InspectPack | OperationId::TakePackIn => packs::packs(app, operation, &call).await,
        OperationId::Lobbies
        | OperationId::HostLobby
        | OperationId::CloseLobby
        | OperationId::InspectLobby
        | OperationId::JoinLobby
        | OperationId::ForgetHost
        | OperationId::LeaveLobby => lobby::lobby(app, operation, &call).await,
        OperationId::Why => {
            let key = muster_engine::Key { source: call.path("source")?, id: call.path("id")? };
            Reply::json(&convert::why(app.engine.why(call.path("profile")?, &key).await?))
        }
        OperationId::LoadOrder | OperationId::PlanOrder | OperationId::Conflicts => {
            contents(app, operation, &call).await
        }
        OperationId::Transfers
        | OperationId::CommandTransfers
        | OperationId::AddPeers
        | OperationId::Peers => transfers(app, operation, &call).await,
        OperationId::Limits | OperationId::Pause | OperationId::Resume => limits(app, operation, &call).await,
        OperationId::Disk => Reply::json(&convert::disk(app.engine.disk().await?)),
        OperationId::Seeds | OperationId::CommandSeeds | OperationId::PlanRoom | OperationId::MakeRoom => {
            seeds(app, operation, &call).await
        }
        OperationId::Sources
        | OperationId::Presets
        | OperationId::DecidePreset
        | OperationId::LookAtSource
        | OperationId::InspectSource
        | OperationId::AddSource
        | OperationId::TakeFileIn
        | OperationId::PatchSource
        | OperationId::RemoveSource
        | OperationId::SyncSource
        | OperationId::ExamineSource
        | OperationId::SetSourceKey
        | OperationId::PlaceSourceKey
        | OperationId::ForgetSourceKey
        | OperationId::DecideKey => sources::sources(app, operation, &call).await,
        OperationId::Settings => Reply::json(&convert::settings(&app.engine.settings())),
        OperationId::PatchSettings => {
            let patch: SettingsPatch = convert::patch(call.body()?);
            let change = app.engine.next_change();
            app.engine.patch_settings(patch).await?;
            Reply::json(&Changed { change, ..Changed::default() })
        }
    }
}

fn changed(app: &App) -> Changed {
    Changed { change: app.engine.next_change(), ..Changed::default() }
}

async fn service(app: &App, operation: OperationId) -> Result<Reply, Failure> {
    match operation {
        OperationId::Version => Reply::json(&convert::version()),
        OperationId::Metrics => Ok(Reply::Metrics(metrics::text(&app.engine.figures().await?, app.started))),
        OperationId::Shutdown => {
            tracing::info!("asked to end");
            app.shutdown.cancel();
            Reply::json(&changed(app))
        }
        _ => Reply::json(&convert::status(&app.engine, app.started).await),
    }
}

async fn games(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    match operation {
        OperationId::Game => {
            let game = app.engine.game(&call.path("game")?).await?;
            Reply::json(&convert::game_detail(game))
        }
        OperationId::AddGame => {
            let new: api::NewGame = call.body()?;
            let taken = if new.replace { Taken::Replace } else { Taken::Refuse };
            let change = app.engine.next_change();
            let game = app.engine.add_game(new.definition, taken).await?;
            Reply::json(&Changed { change, created: Some(game.to_string()), ..Changed::default() })
        }
        OperationId::RemoveGame => {
            let change = app.engine.next_change();
            app.engine.remove_game(&call.path("game")?).await?;
            Reply::json(&Changed { change, ..Changed::default() })
        }
        _ => {
            let games = app.engine.games().await?;
            Reply::json(&games.into_iter().map(convert::game).collect::<Vec<_>>())
        }
    }
}

async fn catalog(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    if operation == OperationId::Package {
        let key = muster_engine::Key { source: call.path("source")?, id: call.path("id")? };
        let profile = call.query.get("profile").map(|id| parse("profile", id)).transpose()?;
        return Reply::json(&convert::detail(app.engine.package(&key, profile).await?));
    }
    if operation == OperationId::Changes {
        let key = muster_engine::Key { source: call.path("source")?, id: call.path("id")? };
        let named = |name: &str| call.query.get(name).filter(|text| !text.is_empty());
        let profile = named("profile").map(|id| parse("profile", id)).transpose()?;
        let ends = (named("from").map(String::as_str), named("to").map(String::as_str));
        return Reply::json(&convert::changes(app.engine.changes(&key, profile, ends).await?));
    }
    let request: api::SearchRequest = {
        let number = |name: &str| -> Result<u32, Failure> {
            call.query.get(name).filter(|text| !text.is_empty()).map_or(Ok(0), |text| parse(name, text))
        };
        let sort = call.query.get("sort").filter(|text| !text.is_empty());
        let sort = sort.map(|sort| serde_json::from_value(serde_json::Value::from(sort.as_str())));
        let sort =
            sort.transpose().map_err(|_| Failure::new(400, "api-bad-value", "sort").with("name", "sort"))?;
        api::SearchRequest {
            q: call.query.get("q").cloned().unwrap_or_default(),
            profile: call.query.get("profile").filter(|id| !id.is_empty()).cloned(),
            sort: sort.unwrap_or_default(),
            offset: number("offset")?,
            limit: number("limit")?,
        }
    };
    Reply::json(&convert::found(app.engine.search(convert::search_query(&request)?).await?))
}

async fn change(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    if operation == OperationId::InspectLink {
        let request: api::LinkRequest = call.body()?;
        // A link that cannot be followed is an answer, not an error of the request.
        let shown = match app.engine.inspect_link(&request.link).await {
            Ok(view) => convert::link(view),
            Err(error) => convert::refused_link(error.into()),
        };
        return Reply::json(&shown);
    }
    let request: api::ChangeRequest = call.body()?;
    let profile = request.profile.as_deref().map(|id| parse("profile", id)).transpose()?;
    let wanted = convert::change_request(&request)?;
    if operation == OperationId::Plan {
        return Reply::json(&convert::plan(app.engine.plan(profile, &wanted).await?));
    }
    let undo = app.engine.undo_token(profile).await?;
    let (_, job) = app.engine.change(profile, wanted).await?;
    Reply::json(&Changed { job: Some(job.to_string()), undo, ..changed(app) })
}

async fn jobs(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    match operation {
        OperationId::Job => Reply::json(&convert::job(app.engine.job(call.path("job")?)?)),
        OperationId::CancelJob => {
            app.engine.cancel_job(call.path("job")?)?;
            Reply::json(&changed(app))
        }
        _ => Reply::json(&app.engine.jobs().into_iter().map(convert::job).collect::<Vec<_>>()),
    }
}

async fn contents(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let profile: muster_domain::ProfileId = call.path("profile")?;
    if operation == OperationId::LoadOrder {
        return Reply::json(&convert::load_order(app.engine.load_order(profile).await?));
    }
    if operation == OperationId::PlanOrder {
        let request: api::OrderRequest = call.body()?;
        let order = convert::keys(&request.order)?;
        return Reply::json(&convert::order_plan(app.engine.plan_order(profile, order).await?));
    }
    let number = |name: &str, otherwise: usize| -> Result<usize, Failure> {
        let text = call.query.get(name).filter(|text| !text.is_empty());
        text.map_or(Ok(otherwise), |text| parse(name, text))
    };
    let (offset, limit) = (number("offset", 0)?, number("limit", 1000)?);
    Reply::json(&convert::conflicts(app.engine.conflicts(profile, offset, limit.min(10_000)).await?))
}

async fn transfers(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let engine = &app.engine;
    match operation {
        OperationId::CommandTransfers => {
            let command: api::TransferCommand = call.body()?;
            command_transfer(app, command).await?;
            Reply::json(&changed(app))
        }
        OperationId::AddPeers => {
            let body: api::AddPeers = call.body()?;
            let peers: Result<Vec<SocketAddr>, Failure> =
                body.peers.iter().map(|peer| parse("peers", peer)).collect();
            engine.add_peers(call.path::<Sha256>("sha256")?, peers?).await?;
            Reply::json(&changed(app))
        }
        OperationId::Peers => {
            Reply::json(&engine.peers().await.into_iter().map(convert::peers).collect::<Vec<_>>())
        }
        _ => Reply::json(&convert::transfers(engine)),
    }
}

async fn limits(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    match operation {
        OperationId::Pause => {
            let request: api::PauseRequest = call.body()?;
            app.engine.pause(convert::pause_wish(&request)?).await?;
            Reply::json(&changed(app))
        }
        OperationId::Resume => {
            app.engine.resume().await?;
            Reply::json(&changed(app))
        }
        _ => Reply::json(&convert::limits(&app.engine.limits())),
    }
}

async fn seeds(app: &App, operation: OperationId, call: &Call<'_>) -> Result<Reply, Failure> {
    let engine = &app.engine;
    match operation {
        OperationId::CommandSeeds => {
            command_seed(app, call.body()?).await?;
            Reply::json(&changed(app))
        }
        OperationId::PlanRoom => {
            let request = convert::room_request(&call.body()?)?;
            Reply::json(&convert::room(engine.plan_room(request).await?))
        }
        OperationId::MakeRoom => {
            let request = convert::room_request(&call.body()?)?;
            let room = convert::room(engine.make_room(request).await?);
            Reply::json(&api::RoomMade { change: engine.next_change(), room })
        }
        _ => Reply::json(&engine.seeds().await?.into_iter().map(convert::seed).collect::<Vec<_>>()),
    }
}

async fn command_seed(app: &App, command: api::SeedCommand) -> Result<(), Failure> {
    let sha256 = command.sha256.as_deref().map(|hash| parse::<Sha256>("sha256", hash)).transpose()?;
    match command.action {
        api::SeedAction::Pin => app.engine.pin_seed(named(sha256)?, Pin::Keep).await?,
        api::SeedAction::Unpin => app.engine.pin_seed(named(sha256)?, Pin::LetGo).await?,
        api::SeedAction::Pause => app.engine.pause_seeds(sha256).await?,
        api::SeedAction::Resume => app.engine.resume_seeds(sha256).await?,
    }
    Ok(())
}

/// The archive that a command is about, where it cannot be about all of them.
fn named(sha256: Option<Sha256>) -> Result<Sha256, Failure> {
    sha256.ok_or_else(|| Failure::new(400, "api-bad-value", "sha256 is missing").with("name", "sha256"))
}

async fn command_transfer(app: &App, command: api::TransferCommand) -> Result<(), Failure> {
    let sha256 = command.sha256.as_deref().map(|hash| parse::<Sha256>("sha256", hash)).transpose()?;
    match command.action {
        api::TransferAction::Pause => app.engine.pause_transfers(sha256).await?,
        api::TransferAction::Resume => app.engine.resume_transfers(sha256).await?,
        api::TransferAction::Retry => app.engine.resume_transfers(Some(named(sha256)?)).await?,
        api::TransferAction::Cancel => app.engine.cancel_transfer(named(sha256)?).await?,
        api::TransferAction::Move => {
            let tier = command.lane.map(|lane| match lane {
                api::Lane::LobbyUrgent => muster_domain::Tier::LobbyUrgent,
                api::Lane::User => muster_domain::Tier::User,
                api::Lane::Background => muster_domain::Tier::Background,
            });
            app.engine.move_transfer(named(sha256)?, tier, command.position).await?;
        }
    }
    Ok(())
}
