//! Saves of a game: list, snapshot, bring back, let go, and when Muster does it by itself.

use muster_api::{
    Changed, OperationId, Profile, Saves, SavesRestore, SavesRulesPatch, SavesSnapshot, SavesWhen,
};
use muster_client::{Client, Request};

use crate::{
    amount,
    arguments::{ProfileArgument, SavesCommand, WhenArgument},
    context::Context,
    failure::Failure,
    output, target,
};

/// Names of saves that a row shows.
const SHOWN: usize = 4;

pub async fn run(context: &Context, command: SavesCommand) -> Result<(), Failure> {
    let client = context.service().await?;
    match command {
        SavesCommand::List { profile } => list(context, &client, &named(&client, &profile).await?).await,
        SavesCommand::Snapshot { profile } => {
            let request = Request::new(OperationId::SnapshotSaves);
            let request = request.path("profile", &named(&client, &profile).await?.id);
            let changed: Changed = client.ask(request).await?;
            told(context, &changed, "cli-saves-taken")
        }
        SavesCommand::Restore { snapshot, saves, profile } => {
            let request = Request::new(OperationId::RestoreSaves).path("snapshot", snapshot);
            let request = request.path("profile", &named(&client, &profile).await?.id);
            let changed: Changed = client.ask(request.body(&SavesRestore { saves })?).await?;
            let id = if changed.created.is_some() { "cli-saves-restored" } else { "cli-saves-restored-anew" };
            told(context, &changed, id)
        }
        SavesCommand::Free { snapshot, profile } => {
            let request = Request::new(OperationId::FreeSaves).path("snapshot", snapshot);
            let request = request.path("profile", &named(&client, &profile).await?.id);
            let changed: Changed = client.ask(request).await?;
            told(context, &changed, "cli-saves-freed")
        }
        SavesCommand::When { when, quota, keep, profile } => {
            let profile = named(&client, &profile).await?;
            let unknown = |text: String| {
                Failure::new(2, "cli-amount", format!("{text} is no amount")).with("text", text)
            };
            let quota = quota.map(|text| amount::parse(&text).ok_or_else(|| unknown(text))).transpose()?;
            let when = when.map(|when| match when {
                WhenArgument::Off => SavesWhen::Off,
                WhenArgument::BeforeLarge => SavesWhen::BeforeLarge,
            });
            let body = SavesRulesPatch { when, quota, keep };
            let request =
                Request::new(OperationId::SetSavesRules).path("profile", &profile.id).body(&body)?;
            let changed: Changed = client.ask(request).await?;
            if context.json {
                return output::json(&changed);
            }
            rules(context, &saves(&client, &profile).await?);
            Ok(())
        }
    }
}

async fn named(client: &Client, profile: &ProfileArgument) -> Result<Profile, Failure> {
    target::profile(client, profile.profile.as_deref()).await
}

async fn saves(client: &Client, profile: &Profile) -> Result<Saves, Failure> {
    Ok(client.ask(Request::new(OperationId::Saves).path("profile", &profile.id)).await?)
}

fn told(context: &Context, changed: &Changed, id: &str) -> Result<(), Failure> {
    if context.json {
        return output::json(changed);
    }
    let number = changed.created.clone().unwrap_or_default();
    context.note(context.words.text(id, &[("number", number)]));
    Ok(())
}

async fn list(context: &Context, client: &Client, profile: &Profile) -> Result<(), Failure> {
    let saves = saves(client, profile).await?;
    if context.json {
        return output::json(&saves);
    }
    if saves.folders.is_empty() {
        context.note(context.words.text("cli-saves-unknown", &[]));
        return Ok(());
    }
    output::table(&saves.snapshots.iter().map(|snapshot| row(context, snapshot)).collect::<Vec<_>>())?;
    rules(context, &saves);
    Ok(())
}

fn row(context: &Context, snapshot: &SavesSnapshot) -> Vec<String> {
    let words = &context.words;
    let names: Vec<&str> = snapshot.saves.iter().take(SHOWN).map(|save| save.name.as_str()).collect();
    let more = if snapshot.saves.len() > SHOWN { ", …" } else { "" };
    let values: Vec<(&str, String)> =
        snapshot.why.context.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let why = match snapshot.why.code.as_str() {
        "by-hand" => words.text("cause-by-hand", &[]),
        "before-restore" => words.text("cause-before-restore", &values),
        code => {
            let cause = format!("cause-{}", code.strip_prefix("before-").unwrap_or(code));
            words.text("cli-saves-before", &[("cause", words.text(&cause, &values))])
        }
    };
    let left_out = match snapshot.left_out {
        0 => String::new(),
        count => words.text("cli-saves-left-out", &[("count", count.to_string())]),
    };
    vec![
        snapshot.number.to_string(),
        snapshot.at.chars().take(19).collect(),
        words.size(snapshot.size),
        format!("{}{more}", names.join(", ")),
        why,
        left_out,
    ]
}

fn rules(context: &Context, saves: &Saves) {
    let words = &context.words;
    let id = match saves.when {
        SavesWhen::Off => "cli-saves-off",
        SavesWhen::BeforeLarge => "cli-saves-on",
    };
    context.note(words.text(id, &[]));
    let limits = [
        ("used", words.size(saves.used)),
        ("quota", words.size(saves.quota)),
        ("count", saves.snapshots.len().to_string()),
        ("keep", saves.keep.to_string()),
    ];
    context.note(words.text("cli-saves-limits", &limits));
}
