//! The states of a profile: list, compare, name, prune, go back.

use muster_api::{
    Changed, DifferenceItem, Generation, GenerationDifference, GenerationPatch, OperationId, Profile,
    PruneReport, PruneRequest,
};
use muster_client::{Client, Request};

use super::{change::action, profile::detail};
use crate::{
    arguments::{HistoryArguments, HistoryCommand, ProfileArgument, UndoArguments},
    context::Context,
    failure::Failure,
    output, progress, target,
};

pub async fn run(context: &Context, arguments: HistoryArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    match (arguments.command, arguments.diff.as_deref()) {
        (Some(HistoryCommand::Name { state, name, profile }), _) => {
            let profile = named(&client, &profile).await?;
            let patch = GenerationPatch { name: name.unwrap_or_default() };
            let request = Request::new(OperationId::NameGeneration).path("profile", &profile.id);
            let changed: Changed = client.ask(request.path("generation", state).body(&patch)?).await?;
            if context.json { output::json(&changed) } else { Ok(()) }
        }
        (Some(HistoryCommand::Prune { keep, days, profile }), _) => {
            let profile = named(&client, &profile).await?;
            let request = Request::new(OperationId::Prune).path("profile", &profile.id);
            let report: PruneReport = client.ask(request.body(&PruneRequest { keep, days })?).await?;
            if context.json {
                return output::json(&report);
            }
            let count = [("count", report.forgotten.len().to_string())];
            context.note(context.words.text("cli-history-pruned", &count));
            Ok(())
        }
        (None, Some(&[from, to])) => {
            let profile = named(&client, &arguments.profile).await?;
            difference(context, &client, &profile, (from, to)).await
        }
        (None, _) => list(context, &client, &named(&client, &arguments.profile).await?).await,
    }
}

async fn named(client: &Client, profile: &ProfileArgument) -> Result<Profile, Failure> {
    target::profile(client, profile.profile.as_deref()).await
}

async fn list(context: &Context, client: &Client, profile: &Profile) -> Result<(), Failure> {
    let detail = detail(client, profile).await?;
    if context.json {
        return output::json(&detail.generations);
    }
    let rows: Vec<Vec<String>> = detail
        .generations
        .iter()
        .map(|generation| {
            let mark = if generation.current { "●" } else { "" };
            vec![
                mark.into(),
                generation.number.to_string(),
                generation.at.chars().take(19).collect(),
                cause(context, generation),
                generation.name.clone().unwrap_or_default(),
            ]
        })
        .collect();
    output::table(&rows)
}

/// Why a state was made, in words.
fn cause(context: &Context, generation: &Generation) -> String {
    let values: Vec<(&str, String)> =
        generation.cause.context.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    context.words.text(&format!("cause-{}", generation.cause.code), &values)
}

async fn difference(
    context: &Context,
    client: &Client,
    profile: &Profile,
    (from, to): (u64, u64),
) -> Result<(), Failure> {
    let request = Request::new(OperationId::Difference).path("profile", &profile.id);
    let found: GenerationDifference = client.ask(request.path("generation", from).path("other", to)).await?;
    if context.json {
        return output::json(&found);
    }
    if found.items.is_empty() {
        context.note(context.words.text("cli-history-same", &[]));
    }
    let row = |item: &DifferenceItem| {
        let versions = match (&item.from, &item.to) {
            (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
            (_, Some(version)) | (Some(version), None) => version.clone(),
            (None, None) => String::new(),
        };
        vec![context.words.text(action(item.action), &[]), item.key.id.clone(), versions]
    };
    output::table(&found.items.iter().map(row).collect::<Vec<_>>())
}

/// Goes back: one step, or to the state that was named.
pub async fn undo(context: &Context, arguments: UndoArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = named(&client, &arguments.profile).await?;
    let request = match arguments.to {
        Some(state) => Request::new(OperationId::GoBack).path("generation", state),
        None => Request::new(OperationId::UndoLast),
    };
    let changed: Changed = client.ask(request.path("profile", &profile.id)).await?;
    let job = progress::follow(context, &client, &changed).await?;
    if context.json {
        return output::json(&job);
    }
    // A switch is undone in the profile that was there before.
    let place = job.as_ref().and_then(|job| job.profile.as_deref()).unwrap_or(&profile.id);
    let there = target::profile(&client, Some(place)).await?;
    let generations = detail(&client, &there).await?.generations;
    if let Some(current) = generations.iter().find(|generation| generation.current) {
        let values = [("profile", there.name.clone()), ("cause", cause(context, current))];
        context.note(context.words.text("cli-undo-done", &values));
    }
    Ok(())
}
