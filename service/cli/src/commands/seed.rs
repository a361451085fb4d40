//! What is kept and shared: list, pin, pause, make room.

use muster_api::{
    Changed, OperationId, RoomItem, RoomMade, RoomPlan, RoomRequest, Seed, SeedAction, SeedCommand as Order,
    Status,
};
use muster_client::{Client, Request};

use crate::{
    amount,
    arguments::{FreeArguments, SeedCommand},
    commands::change::agreed,
    context::Context,
    failure::Failure,
    output, target,
};

pub async fn run(context: &Context, command: Option<SeedCommand>) -> Result<(), Failure> {
    let client = context.service().await?;
    match command.unwrap_or(SeedCommand::List) {
        SeedCommand::List => list(context, &client).await,
        SeedCommand::Pin { archives } => order(context, &client, SeedAction::Pin, &archives).await,
        SeedCommand::Unpin { archives } => order(context, &client, SeedAction::Unpin, &archives).await,
        SeedCommand::Pause { archives } => order(context, &client, SeedAction::Pause, &archives).await,
        SeedCommand::Resume { archives } => order(context, &client, SeedAction::Resume, &archives).await,
        SeedCommand::Free(arguments) => free(context, &client, arguments).await,
    }
}

async fn seeds(client: &Client) -> Result<Vec<Seed>, Failure> {
    Ok(client.ask(Request::new(OperationId::Seeds)).await?)
}

async fn list(context: &Context, client: &Client) -> Result<(), Failure> {
    let seeds = seeds(client).await?;
    if context.json {
        return output::json(&seeds);
    }
    if seeds.is_empty() {
        context.note(context.words.text("cli-seed-empty", &[]));
        return Ok(());
    }
    output::table(&seeds.iter().map(|seed| row(context, seed)).collect::<Vec<_>>())?;
    let status: Status = client.ask(Request::new(OperationId::Status)).await?;
    let words = &context.words;
    let totals = [
        ("count", seeds.len().to_string()),
        ("used", words.size(seeds.iter().map(|seed| seed.size).sum())),
        ("limit", words.size(status.cache_quota)),
        ("offered", seeds.iter().filter(|seed| seed.offered).count().to_string()),
        ("given", words.size(seeds.iter().map(|seed| seed.given).sum())),
    ];
    context.note(words.text("cli-seed-total", &totals));
    Ok(())
}

fn row(context: &Context, seed: &Seed) -> Vec<String> {
    let words = &context.words;
    let shared = match &seed.reason {
        Some(reason) => context.reason(reason),
        None => words.text("cli-seed-offered", &[]),
    };
    let kept: Vec<String> = seed.kept.iter().map(|reason| context.reason(reason)).collect();
    vec![
        if seed.offered { "●".into() } else { "○".into() },
        seed.name.clone(),
        words.size(seed.size),
        words.text("cli-seed-given", &[("given", words.size(seed.given))]),
        shared,
        kept.join("; "),
        seed.sha256.chars().take(target::SHORT_HASH).collect(),
    ]
}

/// Sends one order for each archive; without any, the order is for all.
async fn order(
    context: &Context,
    client: &Client,
    action: SeedAction,
    words: &[String],
) -> Result<(), Failure> {
    let mut targets: Vec<Option<String>> = Vec::new();
    if !words.is_empty() {
        targets.extend(target::kept(client, words).await?.into_iter().map(|seed| Some(seed.sha256)));
    } else {
        targets.push(None);
    }
    let mut changed = Changed::default();
    for sha256 in targets {
        let body = Order { action, sha256 };
        changed = client.ask(Request::new(OperationId::CommandSeeds).body(&body)?).await?;
    }
    if context.json { output::json(&changed) } else { Ok(()) }
}

async fn free(context: &Context, client: &Client, arguments: FreeArguments) -> Result<(), Failure> {
    let request = room_request(client, &arguments).await?;
    let plan: RoomPlan = client.ask(Request::new(OperationId::PlanRoom).body(&request)?).await?;
    if context.json && arguments.dry_run {
        return output::json(&plan);
    }
    show(context, &plan, request.bytes)?;
    if plan.goes.is_empty() {
        return Err(Failure::new(5, "cli-nothing-freed", "nothing may go"));
    }
    if arguments.dry_run {
        return Ok(());
    }
    if !arguments.yes && !agreed(context)? {
        return Err(Failure::new(6, "cli-not-agreed", "nothing was changed"));
    }
    // Exactly what was shown, whatever has come meanwhile.
    let archives = plan.goes.iter().map(|item| item.sha256.clone()).collect();
    let request = RoomRequest { archives, ..RoomRequest::default() };
    let made: RoomMade = client.ask(Request::new(OperationId::MakeRoom).body(&request)?).await?;
    if context.json {
        return output::json(&made);
    }
    let rows: Vec<_> = made.room.stays.iter().map(|item| item_row(context, "cli-free-stays", item)).collect();
    output::table(&rows)?;
    let freed = context.words.size(made.room.freed);
    context.note(context.words.text("cli-free-done", &[("freed", freed)]));
    Ok(())
}

async fn room_request(client: &Client, arguments: &FreeArguments) -> Result<RoomRequest, Failure> {
    if arguments.all {
        return Ok(RoomRequest { all: true, ..RoomRequest::default() });
    }
    if let [text] = arguments.what.as_slice()
        && let Some(bytes) = amount::parse(text)
    {
        return Ok(RoomRequest { bytes: Some(bytes), ..RoomRequest::default() });
    }
    // "2 GB" in two words.
    if let Some(bytes) = amount::parse(&arguments.what.concat()) {
        return Ok(RoomRequest { bytes: Some(bytes), ..RoomRequest::default() });
    }
    if let Some(text) = arguments.what.iter().find(|text| text.starts_with(|c: char| c.is_ascii_digit()))
        && !text.contains('/')
        && !target::is_hash(text)
    {
        return Err(Failure::new(2, "cli-amount", format!("{text} is not an amount")).with("text", text));
    }
    let kept = target::kept(client, &arguments.what).await?;
    let archives = kept.into_iter().map(|seed| seed.sha256).collect();
    Ok(RoomRequest { archives, ..RoomRequest::default() })
}

fn show(context: &Context, plan: &RoomPlan, wanted: Option<u64>) -> Result<(), Failure> {
    if context.json || context.quiet {
        return Ok(());
    }
    let words = &context.words;
    let is_other = |item: &&RoomItem| item.reasons.iter().any(|reason| reason.code == "stays-enough");
    let goes = plan.goes.iter().map(|item| item_row(context, "cli-free-goes", item));
    let stays = plan.stays.iter().filter(|item| !is_other(item));
    let stays = stays.map(|item| item_row(context, "cli-free-stays", item));
    output::table(&goes.chain(stays).collect::<Vec<_>>())?;
    let others = plan.stays.iter().filter(is_other).count();
    if others > 0 {
        context.note(words.text("cli-free-others", &[("count", others.to_string())]));
    }
    if plan.goes.is_empty() {
        return Ok(());
    }
    let freed = words.size(plan.freed);
    if let Some(wanted) = wanted.filter(|wanted| *wanted > plan.freed) {
        let amounts = [("wanted", words.size(wanted)), ("freed", freed.clone())];
        context.note(words.text("cli-free-less", &amounts));
    }
    context.note(words.text("cli-free-amount", &[("freed", freed)]));
    Ok(())
}

fn item_row(context: &Context, id: &str, item: &RoomItem) -> Vec<String> {
    let mut why: Vec<String> = item.reasons.iter().map(|reason| context.reason(reason)).collect();
    if item.unfinished {
        why.insert(0, context.words.text("cli-free-unfinished", &[]));
    }
    let short = item.sha256.chars().take(target::SHORT_HASH).collect();
    vec![context.words.text(id, &[]), item.name.clone(), context.words.size(item.size), why.join("; "), short]
}
