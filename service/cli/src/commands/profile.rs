//! Profiles: list, make, copy, switch, take away; verify, launch.

use std::process::ExitCode;

use muster_api::{
    Changed, CloneRequest, FileFinding, LaunchReport, LaunchRequest, NewProfile, OperationId, Profile,
    ProfileDetail, ProfilePatch, RemovedProfile, RestoreRequest, VerifyReport,
};
use muster_client::{Client, Request};

use super::{
    change::Consent,
    pack, role,
    shared::{self, Follow},
    upkeep,
};
use crate::{
    arguments::{LaunchArguments, ProfileArgument, ProfileCommand},
    context::Context,
    failure::Failure,
    output, progress, target,
};

/// A profile with packages and history.
pub async fn detail(client: &Client, profile: &Profile) -> Result<ProfileDetail, Failure> {
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
            let held = entry.held.as_ref().map(|reason| super::hold::sentence(context, reason));
            let why = match (entry.wished, entry.needed_by.is_empty()) {
                (false, false) => {
                    words.text("cli-plan-needed-by", &[("packages", entry.needed_by.join(", "))])
                }
                _ => String::new(),
            };
            let channel = entry.channel.map(|channel| super::channel::sentence(context, channel));
            let why = [held.unwrap_or_default(), channel.unwrap_or_default(), why];
            let why = why.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
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

/// Compares; exit code 1 where something is damaged.
pub async fn verify(context: &Context, argument: ProfileArgument) -> Result<ExitCode, Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    report(context, &verified(&client, &profile).await?)
}

/// Compares, puts right what is damaged, and compares again.
pub async fn repair(context: &Context, argument: ProfileArgument) -> Result<ExitCode, Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let found = verified(&client, &profile).await?;
    if is_good(&found) {
        return report(context, &found);
    }
    if !context.json {
        report(context, &found)?;
    }
    let changed: Changed = client.ask(Request::new(OperationId::Repair).path("profile", &profile.id)).await?;
    progress::follow(context, &client, &changed).await?;
    context.note(context.words.text("cli-verify-repaired", &[]));
    report(context, &verified(&client, &profile).await?)
}

async fn verified(client: &Client, profile: &Profile) -> Result<VerifyReport, Failure> {
    Ok(client.ask(Request::new(OperationId::Verify).path("profile", &profile.id)).await?)
}

fn is_good(report: &VerifyReport) -> bool {
    report.changed.is_empty() && report.missing.is_empty() && report.damaged_archives.is_empty()
}

fn report(context: &Context, report: &VerifyReport) -> Result<ExitCode, Failure> {
    let exit = if is_good(report) { ExitCode::SUCCESS } else { ExitCode::from(1) };
    if context.json {
        output::json(report)?;
        return Ok(exit);
    }
    let words = &context.words;
    let row = |id: &str, finding: &FileFinding| {
        vec![words.text(id, &[]), format!("{}/{}", finding.place, finding.path), finding.package.clone()]
    };
    let changed = report.changed.iter().map(|finding| row("cli-verify-changed", finding));
    let missing = report.missing.iter().map(|finding| row("cli-verify-missing", finding));
    let edited = report.edited.iter().map(|finding| row("cli-verify-edited", finding));
    output::table(&changed.chain(missing).chain(edited).collect::<Vec<_>>())?;
    for archive in &report.damaged_archives {
        output::line(&words.text("cli-verify-damaged", &[("archive", archive.clone())]))?;
    }
    output::line(&words.text("cli-verify-intact", &[("count", report.intact.to_string())]))?;
    Ok(exit)
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
        ProfileCommand::List { deleted: false } => profiles(context, &client).await,
        ProfileCommand::List { deleted: true } => deleted(context, &client).await,
        ProfileCommand::Create { name, game, installation, folder } => {
            let folder = folder.map(|folder| std::path::absolute(folder).map_err(Failure::io)).transpose()?;
            let folder = folder.map(|folder| folder.to_string_lossy().into_owned());
            let body = NewProfile { name, game, installation, folder };
            created(context, client.ask(Request::new(OperationId::CreateProfile).body(&body)?).await?)
        }
        ProfileCommand::Clone { profile, name } => {
            let profile = target::profile(&client, Some(&profile)).await?;
            let request = Request::new(OperationId::CloneProfile).path("profile", &profile.id);
            created(context, client.ask(request.body(&CloneRequest { name })?).await?)
        }
        ProfileCommand::Switch { profile } => {
            patch(context, &client, &profile, ProfilePatch { active: Some(true), ..Default::default() }).await
        }
        ProfileCommand::Rename { profile, name } => {
            let patched = ProfilePatch { name: Some(name), ..Default::default() };
            patch(context, &client, &profile, patched).await
        }
        ProfileCommand::Delete { profile } => delete(context, &client, &profile).await,
        ProfileCommand::Restore { profile, name } => restore(context, &client, &profile, name).await,
        ProfileCommand::Show { profile } => show(context, &client, profile.as_deref()).await,
        ProfileCommand::Set(arguments) => role::set(context, &client, arguments).await,
        ProfileCommand::World { profile, world } => {
            let world = Some(world.unwrap_or_default());
            patch(context, &client, &profile, ProfilePatch { world, ..Default::default() }).await
        }
        ProfileCommand::Share(arguments) => shared::share(context, &client, arguments).await,
        ProfileCommand::Diff { shared } => {
            shared::apply(context, &client, shared, (Consent::DryRun, Follow::Once)).await
        }
        ProfileCommand::Apply { shared, yes } => {
            shared::apply(context, &client, shared, (Consent::of(false, yes), Follow::Once)).await
        }
        ProfileCommand::Follow { shared, yes } => {
            shared::apply(context, &client, shared, (Consent::of(false, yes), Follow::FromNowOn)).await
        }
        ProfileCommand::Policy { profile, policy } => {
            upkeep::policy(context, &client, &profile, policy).await
        }
        ProfileCommand::Import(arguments) => pack::import(context, &client, arguments).await,
        ProfileCommand::Followed => shared::followed(context, &client).await,
        ProfileCommand::Pull { profile, yes } => {
            shared::pull(context, &client, profile.profile.as_deref(), Consent::of(false, yes)).await
        }
        ProfileCommand::Unfollow { profile } => {
            shared::unfollow(context, &client, profile.profile.as_deref()).await
        }
        ProfileCommand::Lock { profile } => {
            let profile = target::profile(&client, profile.profile.as_deref()).await?;
            output::line(detail(&client, &profile).await?.lock.trim_end())
        }
    }
}

fn created(context: &Context, changed: Changed) -> Result<(), Failure> {
    if context.json { output::json(&changed) } else { output::line(&changed.created.unwrap_or_default()) }
}

async fn delete(context: &Context, client: &Client, word: &str) -> Result<(), Failure> {
    let profile = target::profile(client, Some(word)).await?;
    let changed: Changed =
        client.ask(Request::new(OperationId::RemoveProfile).path("profile", &profile.id)).await?;
    progress::follow(context, client, &changed).await?;
    if context.json {
        return output::json(&changed);
    }
    context.note(context.words.text("cli-profile-deleted", &[("profile", profile.name)]));
    Ok(())
}

async fn removed(client: &Client) -> Result<Vec<RemovedProfile>, Failure> {
    Ok(client.ask(Request::new(OperationId::RemovedProfiles)).await?)
}

async fn restore(
    context: &Context,
    client: &Client,
    word: &str,
    name: Option<String>,
) -> Result<(), Failure> {
    let found = removed(client).await?.into_iter().find(|removed| removed.id == word || removed.name == word);
    let unknown = || Failure::new(4, "profile-unknown", format!("no profile {word}")).with("profile", word);
    let found = found.ok_or_else(unknown)?;
    let request = Request::new(OperationId::RestoreProfile).path("profile", &found.id);
    let changed: Changed = client.ask(request.body(&RestoreRequest { name })?).await?;
    progress::follow(context, client, &changed).await?;
    if context.json { output::json(&changed) } else { Ok(()) }
}

async fn deleted(context: &Context, client: &Client) -> Result<(), Failure> {
    let removed = removed(client).await?;
    if context.json {
        return output::json(&removed);
    }
    let day = |time: &str| time.chars().take(10).collect::<String>();
    let row = |removed: &RemovedProfile| {
        let until = context.words.text("cli-profile-until", &[("time", day(&removed.forgotten))]);
        vec![
            removed.name.clone(),
            removed.game.clone(),
            removed.packages.to_string(),
            until,
            removed.id.clone(),
        ]
    };
    output::table(&removed.iter().map(row).collect::<Vec<_>>())
}

async fn show(context: &Context, client: &Client, word: Option<&str>) -> Result<(), Failure> {
    let profile = target::profile(client, word).await?;
    let detail = detail(client, &profile).await?;
    if context.json {
        return output::json(&detail);
    }
    let words = &context.words;
    let placed = if profile.placed { "cli-profile-placed" } else { "cli-profile-not-placed" };
    let counts = [("on", profile.on.to_string()), ("off", profile.off.to_string())];
    let row = |id: &str, value: String| vec![words.text(id, &[]), value];
    let mut rows = vec![
        row("cli-profile-name", profile.name.clone()),
        row("cli-profile-game", format!("{} ({})", profile.game_title, profile.installation)),
        row("cli-profile-state", words.text(placed, &[])),
        row("cli-profile-packages", words.text("cli-profile-counts", &counts)),
        row("cli-profile-generation", profile.generation.to_string()),
    ];
    rows.extend(role::rows(context, &profile));
    rows.extend(profile.world.clone().map(|world| row("cli-profile-world", world)));
    rows.extend(detail.places.into_iter().map(|(name, path)| vec![name, path]));
    output::table(&rows)
}

async fn profiles(context: &Context, client: &Client) -> Result<(), Failure> {
    let profiles: Vec<Profile> = client.ask(Request::new(OperationId::Profiles)).await?;
    if context.json {
        return output::json(&profiles);
    }
    let rows: Vec<Vec<String>> = profiles
        .into_iter()
        .map(|profile| {
            let mark = match (profile.active, profile.placed) {
                (true, _) => "●",
                (false, true) => "○",
                (false, false) => "",
            };
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
