//! Profiles: list, verify, history, undo, launch.

use std::process::ExitCode;

use muster_api::{
    Changed, FileFinding, LaunchReport, LaunchRequest, NewProfile, OperationId, Profile, ProfileDetail,
    ProfilePatch, VerifyReport,
};
use muster_client::{Client, Request};

use crate::{
    arguments::{LaunchArguments, ProfileArgument, ProfileCommand},
    context::Context,
    failure::Failure,
    output, progress, target,
};

async fn detail(client: &Client, profile: &Profile) -> Result<ProfileDetail, Failure> {
    Ok(client.ask(Request::new(OperationId::Profile).path("profile", &profile.id)).await?)
}

pub async fn list(context: &Context, argument: ProfileArgument) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let detail = detail(&client, &profile).await?;
    if context.json {
        return output::json(&detail);
    }
    let words = &context.words;
    let rows: Vec<Vec<String>> = detail
        .entries
        .iter()
        .map(|entry| {
            let mark = if entry.enabled { "●" } else { "○" };
            let update = entry.update.as_ref().map(|version| format!("→ {version}")).unwrap_or_default();
            let why = match (entry.wished, entry.needed_by.is_empty()) {
                (false, false) => {
                    words.text("cli-plan-needed-by", &[("packages", entry.needed_by.join(", "))])
                }
                _ => String::new(),
            };
            vec![
                mark.into(),
                entry.key.id.clone(),
                entry.version.clone(),
                update,
                context.words.size(entry.size),
                why,
            ]
        })
        .collect();
    if rows.is_empty() {
        context.note(words.text("cli-list-empty", &[("profile", profile.name)]));
    }
    output::table(&rows)
}

pub async fn verify(context: &Context, argument: ProfileArgument) -> Result<ExitCode, Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let request = Request::new(OperationId::Verify).path("profile", &profile.id);
    let report: VerifyReport = client.ask(request).await?;
    let good = report.changed.is_empty() && report.missing.is_empty() && report.damaged_archives.is_empty();
    let exit = if good { ExitCode::SUCCESS } else { ExitCode::from(1) };
    if context.json {
        output::json(&report)?;
        return Ok(exit);
    }
    let words = &context.words;
    let row = |id: &str, finding: &FileFinding| {
        vec![words.text(id, &[]), format!("{}/{}", finding.place, finding.path), finding.package.clone()]
    };
    let changed = report.changed.iter().map(|finding| row("cli-verify-changed", finding));
    let missing = report.missing.iter().map(|finding| row("cli-verify-missing", finding));
    output::table(&changed.chain(missing).collect::<Vec<_>>())?;
    for archive in &report.damaged_archives {
        output::line(&words.text("cli-verify-damaged", &[("archive", archive.clone())]))?;
    }
    output::line(&words.text("cli-verify-intact", &[("count", report.intact.to_string())]))?;
    Ok(exit)
}

pub async fn history(context: &Context, argument: ProfileArgument) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let detail = detail(&client, &profile).await?;
    if context.json {
        return output::json(&detail.generations);
    }
    let rows: Vec<Vec<String>> = detail
        .generations
        .iter()
        .map(|generation| {
            let context_values: Vec<(&str, String)> =
                generation.cause.context.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            let mark = if generation.current { "●" } else { "" };
            let cause = context.words.text(&format!("cause-{}", generation.cause.code), &context_values);
            vec![mark.into(), generation.number.to_string(), generation.at.chars().take(19).collect(), cause]
        })
        .collect();
    output::table(&rows)
}

pub async fn undo(context: &Context, argument: ProfileArgument) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let detail = detail(&client, &profile).await?;
    // The state before the current one; what comes after it on the timeline was undone before.
    let before =
        detail.generations.iter().map(|generation| generation.number).find(|n| *n < profile.generation);
    let before = before.ok_or_else(|| Failure::new(4, "undo-nothing", "nothing to undo"))?;
    let request = Request::new(OperationId::GoBack).path("profile", &profile.id).path("generation", before);
    let changed: Changed = client.ask(request).await?;
    let job = progress::follow(context, &client, &changed).await?;
    if context.json {
        return output::json(&job);
    }
    context.note(context.words.text("cli-undo-done", &[("generation", before.to_string())]));
    Ok(())
}

/// Starts the game, or has its server prove the profile; a proof that fails is exit code 1.
pub async fn launch(context: &Context, arguments: LaunchArguments) -> Result<ExitCode, Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let body = LaunchRequest { prove: arguments.prove };
    let request = Request::new(OperationId::Launch).path("profile", &profile.id).body(&body)?;
    let report: LaunchReport = client.ask(request).await?;
    let good = report.not_loaded.is_empty() && report.errors.is_empty();
    let exit = if good { ExitCode::SUCCESS } else { ExitCode::from(1) };
    if context.json {
        output::json(&report)?;
        return Ok(exit);
    }
    for line in report.evidence.iter().chain(&report.errors) {
        output::line(line)?;
    }
    if arguments.prove {
        let counts = [
            ("loaded", report.loaded.len().to_string()),
            ("names", report.loaded.join(", ")),
            ("missing", report.not_loaded.join(", ")),
        ];
        let id = if good { "cli-proof-good" } else { "cli-proof-bad" };
        output::line(&context.words.text(id, &counts))?;
    }
    Ok(exit)
}

pub async fn run(context: &Context, command: ProfileCommand) -> Result<(), Failure> {
    let client = context.service().await?;
    match command {
        ProfileCommand::List => profiles(context, &client).await,
        ProfileCommand::Create { name, game, installation, folder } => {
            let folder = folder.map(|folder| std::path::absolute(folder).map_err(Failure::io)).transpose()?;
            let folder = folder.map(|folder| folder.to_string_lossy().into_owned());
            let body = NewProfile { name, game, installation, folder };
            let changed: Changed = client.ask(Request::new(OperationId::CreateProfile).body(&body)?).await?;
            if context.json {
                output::json(&changed)
            } else {
                output::line(&changed.created.unwrap_or_default())
            }
        }
        ProfileCommand::Activate { profile } => {
            patch(context, &client, &profile, ProfilePatch { active: Some(true), ..Default::default() }).await
        }
        ProfileCommand::World { profile, world } => {
            let world = Some(world.unwrap_or_default());
            patch(context, &client, &profile, ProfilePatch { world, ..Default::default() }).await
        }
        ProfileCommand::Lock { profile } => {
            let profile = target::profile(&client, profile.profile.as_deref()).await?;
            output::line(detail(&client, &profile).await?.lock.trim_end())
        }
    }
}

async fn profiles(context: &Context, client: &Client) -> Result<(), Failure> {
    let profiles: Vec<Profile> = client.ask(Request::new(OperationId::Profiles)).await?;
    if context.json {
        return output::json(&profiles);
    }
    let rows: Vec<Vec<String>> = profiles
        .into_iter()
        .map(|profile| {
            let mark = if profile.active { "●" } else { "" };
            vec![
                mark.into(),
                profile.name,
                profile.game_title,
                profile.installation,
                profile.on.to_string(),
                profile.id,
            ]
        })
        .collect();
    output::table(&rows)
}

async fn patch(context: &Context, client: &Client, word: &str, patch: ProfilePatch) -> Result<(), Failure> {
    let profile = target::profile(client, Some(word)).await?;
    let request = Request::new(OperationId::PatchProfile).path("profile", &profile.id).body(&patch)?;
    let changed: Changed = client.ask(request).await?;
    progress::follow(context, client, &changed).await?;
    if context.json { output::json(&changed) } else { Ok(()) }
}
