//! The download queue and what is shared.

use muster_api::{AddPeers, Changed, Lane, OperationId, Seed, TransferAction, TransferCommand, Transfers};
use muster_client::{Client, Request};

use crate::{
    arguments::{LaneArgument, QueueCommand},
    context::Context,
    failure::Failure,
    output,
};

pub async fn run(context: &Context, command: Option<QueueCommand>) -> Result<(), Failure> {
    let client = context.service().await?;
    let order =
        |action, sha256: Option<String>| TransferCommand { action, sha256, lane: None, position: None };
    match command.unwrap_or(QueueCommand::List) {
        QueueCommand::List => list(context, &client).await,
        QueueCommand::Pause { sha256 } => send(context, &client, order(TransferAction::Pause, sha256)).await,
        QueueCommand::Resume { sha256 } => {
            send(context, &client, order(TransferAction::Resume, sha256)).await
        }
        QueueCommand::Retry { sha256 } => {
            send(context, &client, order(TransferAction::Retry, Some(sha256))).await
        }
        QueueCommand::Move { sha256, lane, position } => {
            let lane = Some(match lane {
                LaneArgument::Now => Lane::LobbyUrgent,
                LaneArgument::Next => Lane::User,
                LaneArgument::Idle => Lane::Background,
            });
            let position = Some(position);
            let command =
                TransferCommand { action: TransferAction::Move, sha256: Some(sha256), lane, position };
            send(context, &client, command).await
        }
        QueueCommand::Peers { sha256, peers } => {
            let request =
                Request::new(OperationId::AddPeers).path("sha256", sha256).body(&AddPeers { peers })?;
            let changed: Changed = client.ask(request).await?;
            if context.json { output::json(&changed) } else { Ok(()) }
        }
    }
}

async fn send(context: &Context, client: &Client, command: TransferCommand) -> Result<(), Failure> {
    let request = Request::new(OperationId::CommandTransfers).body(&command)?;
    let changed: Changed = client.ask(request).await?;
    if context.json { output::json(&changed) } else { Ok(()) }
}

async fn list(context: &Context, client: &Client) -> Result<(), Failure> {
    let transfers: Transfers = client.ask(Request::new(OperationId::Transfers)).await?;
    if context.json {
        return output::json(&transfers);
    }
    let rows: Vec<Vec<String>> = transfers
        .transfers
        .into_iter()
        .map(|transfer| {
            let lane = match transfer.lane {
                Lane::LobbyUrgent => "cli-lane-now",
                Lane::User => "cli-lane-next",
                Lane::Background => "cli-lane-idle",
            };
            let done = transfer.here + transfer.from_peers + transfer.from_servers;
            let state = match &transfer.reason {
                Some(reason) => {
                    let values: Vec<(&str, String)> =
                        reason.context.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                    context.words.text(&format!("reason-{}", reason.code), &values)
                }
                None => context.words.rate(transfer.down),
            };
            let amount = format!("{} / {}", context.words.size(done), context.words.size(transfer.size));
            vec![context.words.text(lane, &[]), transfer.name, amount, state, transfer.sha256]
        })
        .collect();
    output::table(&rows)
}

pub async fn seeds(context: &Context) -> Result<(), Failure> {
    let seeds: Vec<Seed> = context.service().await?.ask(Request::new(OperationId::Seeds)).await?;
    if context.json {
        return output::json(&seeds);
    }
    let rows: Vec<Vec<String>> = seeds
        .into_iter()
        .map(|seed| {
            let state = match &seed.reason {
                Some(reason) => context.words.text(&format!("reason-{}", reason.code), &[]),
                None => context.words.text("cli-seed-offered", &[]),
            };
            vec![seed.name, context.words.size(seed.size), context.words.size(seed.given), state, seed.sha256]
        })
        .collect();
    output::table(&rows)
}
