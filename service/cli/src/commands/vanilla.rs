//! The way back to the original game, with the proof.

use std::process::ExitCode;

use muster_api::{Changed, Departure, OperationId, PlaceFile, VanillaProof};
use muster_client::Request;

use crate::{arguments::VanillaArguments, context::Context, failure::Failure, output, progress, target};

/// Names of a list that are printed.
const SHOWN: usize = 20;

/// Exit code 1 where mods are still in place: what the game itself wrote since is no failure.
pub async fn run(context: &Context, arguments: VanillaArguments) -> Result<ExitCode, Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.as_deref()).await?;
    if !arguments.check {
        let request = Request::new(OperationId::Vanilla).path("profile", &profile.id);
        let changed: Changed = client.ask(request).await?;
        progress::follow(context, &client, &changed).await?;
    }
    let operation = if arguments.read_all { OperationId::ReadOriginals } else { OperationId::VanillaProof };
    let proof: VanillaProof = client.ask(Request::new(operation).path("profile", &profile.id)).await?;
    let exit = if proof.ours == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) };
    match context.json {
        true => output::json(&proof)?,
        false => show(context, &proof)?,
    }
    Ok(exit)
}

fn show(context: &Context, proof: &VanillaProof) -> Result<(), Failure> {
    let words = &context.words;
    if !proof.recorded {
        return output::line(&words.text("cli-vanilla-nothing", &[]));
    }
    let counts = &proof.counts;
    let row = |id: &str, count: u64| vec![words.text(id, &[]), count.to_string()];
    output::table(&[
        row("cli-vanilla-equal", counts.equal),
        row("cli-vanilla-unchanged", counts.unchanged),
        row("cli-vanilla-departed", counts.departed),
        row("cli-vanilla-modded", counts.modded),
        row("cli-vanilla-ours", proof.ours),
    ])?;
    let name = |file: &PlaceFile| format!("{}/{}", file.place, file.path);
    let departed = proof.departed.iter().take(SHOWN).map(|departed| {
        let id = match departed.how {
            Departure::Changed => "cli-vanilla-changed",
            Departure::Gone => "cli-vanilla-gone",
            Departure::New => "cli-vanilla-new",
        };
        vec![words.text(id, &[]), name(&departed.file)]
    });
    let modded =
        proof.modded.iter().take(SHOWN).map(|modded| {
            vec![words.text("cli-vanilla-from", &[("of", modded.of.clone())]), name(&modded.file)]
        });
    output::table(&departed.chain(modded).collect::<Vec<_>>())?;
    let more = counts.departed.max(counts.modded) > SHOWN as u64;
    if more {
        context.note(words.text("cli-vanilla-more", &[]));
    }
    if proof.late {
        context.note(words.text("cli-vanilla-late", &[]));
    }
    let verdict = match (proof.original, proof.ours) {
        (true, _) => "cli-vanilla-original",
        (false, 0) => "cli-vanilla-departed-verdict",
        (false, _) => "cli-vanilla-ours-verdict",
    };
    output::line(&words.text(verdict, &[]))
}
