//! The download queue.

use muster_api::{
    AddPeers, Changed, Lane, OperationId, Transfer, TransferAction, TransferCommand, TransferState,
    TransferSum, Transfers,
};
use muster_client::{Client, Request};

use crate::{
    arguments::{LaneArgument, QueueCommand},
    context::Context,
    failure::Failure,
    output, target,
};

/// Place behind all others.
const LAST: u32 = u32::MAX;

pub async fn run(context: &Context, command: Option<QueueCommand>) -> Result<(), Failure> {
    let client = context.service().await?;
    let order = |action, sha256| TransferCommand { action, sha256, lane: None, position: None };
    let to_place = |sha256, position| TransferCommand {
        position: Some(position),
        ..order(TransferAction::Move, Some(sha256))
    };
    let named = async |word: String| target::transfer(&client, &word).await;
    let command = match command.unwrap_or(QueueCommand::List) {
        QueueCommand::List => return list(context, &client).await,
        QueueCommand::Peers { transfer, peers } => {
            let sha256 = named(transfer).await?;
            return add_peers(context, &client, sha256, peers).await;
        }
        QueueCommand::Pause { transfer: None } => order(TransferAction::Pause, None),
        QueueCommand::Resume { transfer: None } => order(TransferAction::Resume, None),
        QueueCommand::Pause { transfer: Some(transfer) } => {
            order(TransferAction::Pause, Some(named(transfer).await?))
        }
        QueueCommand::Resume { transfer: Some(transfer) } => {
            order(TransferAction::Resume, Some(named(transfer).await?))
        }
        QueueCommand::Retry { transfer } => order(TransferAction::Retry, Some(named(transfer).await?)),
        QueueCommand::Cancel { transfer } => order(TransferAction::Cancel, Some(named(transfer).await?)),
        QueueCommand::First { transfer } => to_place(named(transfer).await?, 0),
        QueueCommand::Last { transfer } => to_place(named(transfer).await?, LAST),
        QueueCommand::Move { transfer, place } => to_place(named(transfer).await?, place.saturating_sub(1)),
        QueueCommand::Tier { transfer, tier } => {
            let lane = Some(match tier {
                LaneArgument::Now => Lane::LobbyUrgent,
                LaneArgument::Next => Lane::User,
                LaneArgument::Idle => Lane::Background,
            });
            TransferCommand { lane, ..order(TransferAction::Move, Some(named(transfer).await?)) }
        }
    };
    let request = Request::new(OperationId::CommandTransfers).body(&command)?;
    let changed: Changed = client.ask(request).await?;
    if context.json { output::json(&changed) } else { Ok(()) }
}

async fn add_peers(
    context: &Context,
    client: &Client,
    sha256: String,
    peers: Vec<String>,
) -> Result<(), Failure> {
    let request = Request::new(OperationId::AddPeers).path("sha256", sha256).body(&AddPeers { peers })?;
    let changed: Changed = client.ask(request).await?;
    if context.json { output::json(&changed) } else { Ok(()) }
}

async fn list(context: &Context, client: &Client) -> Result<(), Failure> {
    let transfers: Transfers = client.ask(Request::new(OperationId::Transfers)).await?;
    if context.json {
        return output::json(&transfers);
    }
    if transfers.transfers.is_empty() {
        context.note(context.words.text("cli-queue-empty", &[]));
        return Ok(());
    }
    if transfers.paused {
        context.note(context.words.text("reason-waiting-all-paused", &[]));
    }
    output::table(&transfers.transfers.iter().map(|transfer| row(context, transfer)).collect::<Vec<_>>())?;
    for group in transfers.groups.iter().filter(|_| transfers.transfers.len() > 1) {
        context.note(sum(context, &group.subjects.join(", "), &group.sum));
    }
    if transfers.groups.len() != 1 && transfers.all.archives > 1 {
        context.note(sum(context, &context.words.text("cli-queue-all", &[]), &transfers.all));
    }
    Ok(())
}

fn row(context: &Context, transfer: &Transfer) -> Vec<String> {
    let words = &context.words;
    let lane = match transfer.lane {
        Lane::LobbyUrgent => "cli-lane-now",
        Lane::User => "cli-lane-next",
        Lane::Background => "cli-lane-idle",
    };
    let done = (transfer.here + transfer.from_peers + transfer.from_servers).min(transfer.size);
    let state = match (&transfer.reason, transfer.state) {
        (Some(reason), _) => context.reason(reason),
        (None, TransferState::Checking) => words.text("cli-queue-checking", &[]),
        (None, TransferState::Done) => words.text("cli-queue-done", &[]),
        (None, _) => match transfer.eta {
            Some(seconds) => format!("{}, {}", words.rate(transfer.down), words.time_left(seconds)),
            None => words.rate(transfer.down),
        },
    };
    let split = [
        ("here", words.size(transfer.here)),
        ("peers", words.size(transfer.from_peers)),
        ("servers", words.size(transfer.from_servers)),
    ];
    vec![
        (u64::from(transfer.position) + 1).to_string(),
        words.text(lane, &[]),
        transfer.name.clone(),
        format!("{} / {}", words.size(done), words.size(transfer.size)),
        state,
        words.text("cli-queue-split", &split),
        transfer.sha256.chars().take(target::SHORT_HASH).collect(),
    ]
}

fn sum(context: &Context, name: &str, sum: &TransferSum) -> String {
    let words = &context.words;
    let mut values = vec![
        ("name", name.to_owned()),
        ("complete", sum.complete.to_string()),
        ("archives", sum.archives.to_string()),
        ("done", words.size(sum.done)),
        ("total", words.size(sum.total)),
        ("left", words.size(sum.left)),
        ("rate", words.rate(sum.down)),
    ];
    match sum.eta {
        Some(seconds) => {
            values.push(("time", words.time_left(seconds)));
            words.text("cli-queue-group-time", &values)
        }
        None => words.text("cli-queue-group", &values),
    }
}
