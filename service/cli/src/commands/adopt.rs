//! Taking over mods that lie in a folder: a preview, a question, a job.

use muster_api::{
    AdoptedMod, AdoptionPlan, AdoptionRequest, Changed, ManagedProfile, Manager, OperationId, YoursEntry,
    YoursReason,
};
use muster_client::{Client, Request};

use super::change::agreed;
use crate::{arguments::AdoptArguments, context::Context, failure::Failure, output, progress, target};

pub async fn run(context: &Context, arguments: AdoptArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    if arguments.found {
        return found(context, &client).await;
    }
    let profile = match arguments.profile.profile.as_deref() {
        Some(word) => Some(target::profile(&client, Some(word)).await?.id),
        None => None,
    };
    let path = arguments.path.as_deref().map(std::path::absolute).transpose().map_err(Failure::io)?;
    let path = path.map(|path| path.to_string_lossy().into_owned());
    let mut request = AdoptionRequest { profile, game: arguments.game, path, agreed: None };
    let plan: AdoptionPlan = client.ask(Request::new(OperationId::PlanAdoption).body(&request)?).await?;
    if context.json && (arguments.dry_run || plan.adopted.is_empty()) {
        return output::json(&plan);
    }
    show(context, &plan)?;
    if plan.adopted.is_empty() || arguments.dry_run {
        return Ok(());
    }
    if !arguments.yes && !agreed(context)? {
        return Err(Failure::new(6, "cli-not-agreed", "nothing was changed"));
    }
    request.agreed = Some(plan.digest.clone());
    let changed: Changed = client.ask(Request::new(OperationId::Adopt).body(&request)?).await?;
    let job = progress::follow(context, &client, &changed).await?;
    if context.json {
        return output::json(&job);
    }
    let done = if plan.copied { "cli-adopt-copied-done" } else { "cli-adopt-done" };
    context.note(context.words.text(done, &[]));
    Ok(())
}

/// Profiles of other managers, by the folder that `muster adopt` takes.
async fn found(context: &Context, client: &Client) -> Result<(), Failure> {
    let found: Vec<ManagedProfile> = client.ask(Request::new(OperationId::ManagedProfiles)).await?;
    if context.json {
        return output::json(&found);
    }
    let row = |profile: &ManagedProfile| {
        let manager = match profile.manager {
            Manager::R2modman => "r2modman",
            Manager::ThunderstoreModManager => "Thunderstore Mod Manager",
            Manager::Gale => "Gale",
        };
        let mods = context.words.text("cli-adopt-mods", &[("count", profile.mods.to_string())]);
        vec![manager.to_owned(), profile.game_title.clone(), profile.name.clone(), mods, profile.path.clone()]
    };
    output::table(&found.iter().map(row).collect::<Vec<_>>())?;
    if found.is_empty() {
        context.note(context.words.text("cli-adopt-none-found", &[]));
    }
    Ok(())
}

fn show(context: &Context, plan: &AdoptionPlan) -> Result<(), Failure> {
    if context.json || context.quiet {
        return Ok(());
    }
    let words = &context.words;
    let count = |files: u64| words.text("cli-adopt-count", &[("count", files.to_string())]);
    let name =
        |place: &str, name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}/{name}") };
    let adopted = plan.adopted.iter().map(|found: &AdoptedMod| {
        let id = match (&found.package, &found.known_as) {
            (Some(_), _) => "cli-adopt-archive",
            (None, Some(_)) => "cli-adopt-known",
            (None, None) => "cli-adopt-manifest",
        };
        let version = found.version.clone().unwrap_or_default();
        vec![
            words.text(id, &[]),
            name(&found.place, &found.name),
            format!("{} {version}", found.title).trim_end().to_owned(),
            count(found.files),
            words.size(found.size),
        ]
    });
    let yours = plan.yours.iter().map(|found: &YoursEntry| {
        let id = match found.why {
            YoursReason::Unknown => "cli-adopt-unknown",
            YoursReason::Off => "cli-adopt-off",
            YoursReason::Odd => "cli-adopt-odd",
        };
        let name = name(&found.place, &found.name);
        vec![words.text(id, &[]), name, String::new(), count(found.files), words.size(found.size)]
    });
    output::table(&adopted.chain(yours).collect::<Vec<_>>())?;
    if plan.managed > 0 {
        context.note(words.text("cli-adopt-managed", &[("count", plan.managed.to_string())]));
    }
    match plan.adopted.is_empty() {
        true => context.note(words.text("cli-adopt-nothing", &[("game", plan.game.clone())])),
        false if plan.copied => context.note(words.text("cli-adopt-copied", &[])),
        false => context.note(words.text("cli-adopt-how", &[])),
    }
    Ok(())
}
