//! What a profile puts into the game: the order of packages, and files that several of them hold.

use muster_api::{ChangeRequest, Changed, Conflicts, LoadOrder, OperationId, Profile};
use muster_client::{Client, Request};

use crate::{arguments::ProfileArgument, context::Context, failure::Failure, output, progress, target};

/// Shows the load order, or chooses it first.
pub async fn order(context: &Context, packages: &[String], argument: ProfileArgument) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    if !packages.is_empty() {
        let order = target::installed(&client, &profile, packages).await?;
        choose(context, &client, &profile, order).await?;
    }
    show(context, &client, &profile).await
}

/// Forgets what was chosen.
pub async fn clear(context: &Context, argument: ProfileArgument) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    choose(context, &client, &profile, Vec::new()).await?;
    show(context, &client, &profile).await
}

async fn choose(
    context: &Context,
    client: &Client,
    profile: &Profile,
    order: Vec<muster_api::PackageKey>,
) -> Result<(), Failure> {
    let request =
        ChangeRequest { profile: Some(profile.id.clone()), order: Some(order), ..ChangeRequest::default() };
    let changed: Changed = client.ask(Request::new(OperationId::Change).body(&request)?).await?;
    progress::follow(context, client, &changed).await.map(|_| ())
}

async fn show(context: &Context, client: &Client, profile: &Profile) -> Result<(), Failure> {
    let request = Request::new(OperationId::LoadOrder).path("profile", &profile.id);
    let order: LoadOrder = client.ask(request).await?;
    if context.json {
        return output::json(&order);
    }
    let words = &context.words;
    let rows = order.packages.iter().filter(|package| package.enabled).enumerate().map(|(at, package)| {
        let chosen = if package.chosen { words.text("cli-order-chosen", &[]) } else { String::new() };
        vec![(at + 1).to_string(), package.key.id.clone(), package.title.clone(), chosen]
    });
    output::table(&rows.collect::<Vec<_>>())?;
    for cycle in &order.cycles {
        output::line(&words.text("cli-order-cycle", &[]))?;
        for step in cycle {
            let values = [("earlier", step.earlier.id.clone()), ("later", step.later.id.clone())];
            output::line(&format!("  {}", words.text(&step.reason, &values)))?;
        }
    }
    Ok(())
}

/// Files that several packages hold, one line for each that is not used.
pub async fn conflicts(
    context: &Context,
    (offset, limit): (u32, u32),
    argument: ProfileArgument,
) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, argument.profile.as_deref()).await?;
    let request = Request::new(OperationId::Conflicts)
        .path("profile", &profile.id)
        .query("offset", offset.to_string())
        .query("limit", limit.to_string());
    let found: Conflicts = client.ask(request).await?;
    if context.json {
        return output::json(&found);
    }
    let words = &context.words;
    let mut rows = Vec::new();
    for file in &found.files {
        for loser in &file.losers {
            let values = [("winner", file.winner.id.clone()), ("loser", loser.key.id.clone())];
            let same = if loser.same_content { words.text("cli-conflict-same", &[]) } else { String::new() };
            rows.push(vec![format!("{}/{}", file.place, file.path), words.text(&loser.why, &values), same]);
        }
    }
    output::table(&rows)?;
    context.note(words.text("cli-conflict-count", &[("count", found.total.to_string())]));
    Ok(())
}
