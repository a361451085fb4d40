//! Files that were changed by hand: list, and decide whose version stands.

use muster_api::{Changed, Drift, DriftDecision, FileFinding, Keeping, OperationId, OwnFile, PlaceFile};
use muster_client::Request;

use crate::{
    arguments::{DriftArguments, DriftCommand, KeepArgument},
    context::Context,
    failure::Failure,
    output, progress, target,
};

pub async fn run(context: &Context, arguments: DriftArguments) -> Result<(), Failure> {
    match arguments.command {
        Some(DriftCommand::Keep { whose, files, profile }) => {
            let keep = match whose {
                KeepArgument::Mine => Keeping::Mine,
                KeepArgument::Theirs => Keeping::Theirs,
                KeepArgument::Both => Keeping::Both,
            };
            let files = files.iter().map(|word| file(word)).collect::<Result<_, _>>()?;
            decide(context, profile.profile.as_deref(), DriftDecision { keep, files }).await
        }
        None => list(context, arguments.profile.profile.as_deref()).await,
    }
}

/// A file as lists write it.
pub fn file(word: &str) -> Result<PlaceFile, Failure> {
    let Some((place, path)) = word.split_once('/') else {
        return Err(Failure::new(2, "drift-file-unknown", format!("{word} has no place")).with("path", word));
    };
    Ok(PlaceFile { place: place.to_owned(), path: path.to_owned() })
}

async fn decide(context: &Context, profile: Option<&str>, decision: DriftDecision) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, profile).await?;
    let request = Request::new(OperationId::DecideDrift).path("profile", &profile.id).body(&decision)?;
    let changed: Changed = client.ask(request).await?;
    let job = progress::follow(context, &client, &changed).await?;
    if context.json {
        return output::json(&job);
    }
    context.note(context.words.text("cli-change-done", &[]));
    Ok(())
}

async fn list(context: &Context, profile: Option<&str>) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, profile).await?;
    let drift: Drift = client.ask(Request::new(OperationId::Drift).path("profile", &profile.id)).await?;
    if context.json {
        return output::json(&drift);
    }
    let words = &context.words;
    if drift.undecided.is_empty() && drift.own.is_empty() && drift.missing.is_empty() {
        context.note(words.text("cli-drift-none", &[]));
    }
    let found = |id: &str, found: &FileFinding| {
        let name = format!("{}/{}", found.place, found.path);
        vec![words.text(id, &[]), name, found.package.clone()]
    };
    let undecided = drift.undecided.iter().map(|file| found("cli-drift-undecided", file));
    let missing = drift.missing.iter().map(|file| found("cli-verify-missing", file));
    let own = drift.own.iter().map(|own: &OwnFile| {
        let id = match (own.conflict, own.keep) {
            (true, _) => "cli-drift-conflict",
            (false, Keeping::Both) => "cli-drift-both",
            (false, Keeping::Mine | Keeping::Theirs) => "cli-drift-mine",
        };
        vec![words.text(id, &[]), format!("{}/{}", own.file.place, own.file.path), String::new()]
    });
    output::table(&undecided.chain(missing).chain(own).collect::<Vec<_>>())?;
    if !drift.undecided.is_empty() {
        context.note(words.text("cli-drift-decide", &[]));
    }
    if !drift.missing.is_empty() {
        context.note(words.text("cli-drift-repair", &[]));
    }
    Ok(())
}
