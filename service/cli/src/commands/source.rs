//! Sources: list, add, remove, sync.

use std::{io::IsTerminal, path::Path};

use muster_api::{
    Changed, KeyDecision, NewSource, OperationId, Source, SourceOffer, SourcePatch, SourceState,
};
use muster_client::{Client, Request};

use super::{presets, source_key};
use crate::{arguments::SourceCommand, context::Context, failure::Failure, output, progress, target};

pub async fn run(context: &Context, command: SourceCommand) -> Result<(), Failure> {
    let client = context.service().await?;
    match command {
        SourceCommand::List => list(context, &client).await,
        SourceCommand::Add { address, preset, alias, root } => {
            let address = match preset {
                Some(preset) => presets::named(&client, &preset).await?,
                None => address.unwrap_or_default(),
            };
            add(context, &client, &address, alias, root).await
        }
        SourceCommand::Presets { game, decline: None, offer: None } => {
            presets::list(context, &client, game.as_deref()).await
        }
        SourceCommand::Presets { decline: Some(preset), .. } => {
            presets::decide(context, &client, &preset, true).await
        }
        SourceCommand::Presets { offer: Some(preset), .. } => {
            presets::decide(context, &client, &preset, false).await
        }
        SourceCommand::Remove { source } => {
            let source = target::source(&client, &source).await?;
            let request = Request::new(OperationId::RemoveSource).path("source", &source.id);
            report(context, &client.ask(request).await?)
        }
        SourceCommand::Enable { source } => {
            patch(context, &client, &source, SourcePatch { enabled: Some(true), place: None }).await
        }
        SourceCommand::Disable { source } => {
            patch(context, &client, &source, SourcePatch { enabled: Some(false), place: None }).await
        }
        SourceCommand::Move { source, place } => {
            patch(context, &client, &source, SourcePatch { enabled: None, place: Some(place - 1) }).await
        }
        SourceCommand::Key { source, action } => source_key::run(context, &client, &source, action).await,
        SourceCommand::Sync { source } => sync(context, &client, source.as_deref()).await,
        SourceCommand::TrustKey { source, publisher, key } => {
            let source = target::source(&client, &source).await?;
            let body = KeyDecision { publisher, key };
            let request = Request::new(OperationId::DecideKey).path("source", &source.id).body(&body)?;
            report(context, &client.ask(request).await?)
        }
    }
}

fn report(context: &Context, changed: &Changed) -> Result<(), Failure> {
    if context.json { output::json(changed) } else { Ok(()) }
}

async fn patch(context: &Context, client: &Client, word: &str, patch: SourcePatch) -> Result<(), Failure> {
    let source = target::source(client, word).await?;
    let request = Request::new(OperationId::PatchSource).path("source", &source.id).body(&patch)?;
    let changed: Changed = client.ask(request).await?;
    // What is known of a source shows at once, whether it can be refreshed now or not.
    if let Err(failure) = progress::follow(context, client, &changed).await {
        context.note(context.words.error_text(
            &failure.problem.code,
            &failure.problem.context,
            &failure.problem.title,
        ));
    }
    report(context, &changed)
}

async fn list(context: &Context, client: &Client) -> Result<(), Failure> {
    let sources: Vec<Source> = client.ask(Request::new(OperationId::Sources)).await?;
    if context.json {
        return output::json(&sources);
    }
    let rows: Vec<Vec<String>> = sources
        .into_iter()
        .map(|source| {
            let state = match source.state {
                SourceState::New => "cli-source-new",
                SourceState::Fresh => "cli-source-fresh",
                SourceState::Stale => "cli-source-stale",
                SourceState::Failed => "cli-source-failed",
                SourceState::Off => "cli-source-off",
            };
            let words = source.root_words.unwrap_or_default();
            let state = context.words.text(state, &[]);
            // To the minute: when it last said something.
            let synced = source.synced.map(|time| time.chars().take(16).collect()).unwrap_or_default();
            vec![source.alias, source.packages.to_string(), state, synced, words, source.address]
        })
        .collect();
    output::table(&rows)
}

/// Folders are sent as absolute paths; the fingerprint of a registry is shown and asked about where none was given.
async fn add(
    context: &Context,
    client: &Client,
    address: &str,
    alias: Option<String>,
    root: Option<String>,
) -> Result<(), Failure> {
    let address = match is_path(address) {
        true => {
            std::fs::canonicalize(Path::new(address)).map_err(Failure::io)?.to_string_lossy().into_owned()
        }
        false => address.to_owned(),
    };
    let mut new = NewSource { address, alias, root };
    // A large repository takes minutes: a job shows how far it is, and Ctrl+C stops it.
    let looked: Changed = client.ask(Request::new(OperationId::LookAtSource).body(&new)?).await?;
    progress::follow_or_cancel(context, client, &looked).await?;
    if new.root.is_none() {
        let offer: SourceOffer = client.ask(Request::new(OperationId::InspectSource).body(&new)?).await?;
        if let (Some(root), Some(words)) = (offer.root, offer.root_words) {
            confirm(context, &root, &words)?;
            new.root = Some(root);
        } else {
            let word = if offer.kind == "workshop" { "cli-source-workshop" } else { "cli-source-unsigned" };
            context.note(context.words.text(word, &[("address", offer.address)]));
        }
    }
    let changed: Changed = client.ask(Request::new(OperationId::AddSource).body(&new)?).await?;
    progress::follow(context, client, &changed).await?;
    report(context, &changed)
}

/// Whether a word is a folder rather than an address: the names of services are plain words with `:` or `+` behind them.
fn is_path(word: &str) -> bool {
    let service = word.split([':', '+']).next().unwrap_or_default();
    let is_service = service.len() > 1 && service.bytes().all(|byte| byte.is_ascii_lowercase());
    !is_service || word == service && Path::new(word).exists()
}

/// Asks whether it is the fingerprint that the source's people published.
fn confirm(context: &Context, root: &str, words: &str) -> Result<(), Failure> {
    let facts = [("words", words.to_owned()), ("root", root.to_owned())];
    eprintln!("{}", context.words.text("cli-source-offer", &facts));
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(2, "cli-needs-root", "compare the fingerprint and pass it with --root"));
    }
    let mut answer = String::new();
    eprint!("{} ", context.words.text("cli-source-ask", &[]));
    std::io::stdin().read_line(&mut answer).map_err(Failure::io)?;
    match answer.trim() {
        "trust" => Ok(()),
        _ => Err(Failure::new(6, "cli-not-agreed", "nothing was changed")),
    }
}

async fn sync(context: &Context, client: &Client, word: Option<&str>) -> Result<(), Failure> {
    let sources: Vec<Source> = match word {
        Some(word) => vec![target::source(client, word).await?],
        None => client.ask(Request::new(OperationId::Sources)).await?,
    };
    let (mut first_failure, mut jobs) = (None, Vec::new());
    for source in sources.iter().filter(|source| source.enabled) {
        let request = Request::new(OperationId::SyncSource).path("source", &source.id);
        let changed: Changed = client.ask(request).await?;
        // One source that fails does not keep the others from being refreshed.
        match progress::follow(context, client, &changed).await {
            Ok(job) => jobs.extend(job),
            Err(failure) => {
                first_failure.get_or_insert(failure);
            }
        }
    }
    match first_failure {
        Some(failure) => Err(failure),
        None if context.json => output::json(&jobs),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn services_are_told_from_folders() {
        for address in [
            "contentdb",
            "thunderstore:x",
            "ckan+/srv/index.tar.gz",
            "git+file:///srv/mods.git",
            "https://a.example",
            "file:///srv",
        ] {
            assert!(!is_path(address), "{address}");
        }
        for folder in ["/srv/mods", "./mods", "C:\\mods", "src", "Mods", "my-mods"] {
            assert!(is_path(folder), "{folder}");
        }
    }
}
