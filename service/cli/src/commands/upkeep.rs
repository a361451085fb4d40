//! Updates without anybody asking: policies, subscriptions, and what comes of them.

use muster_api::{
    Changed, OperationId, PackageKey, Profile, Subscription, UpdatePolicy, Upkeep, UpkeepItem, UpkeepPatch,
    UpkeepState,
};
use muster_client::{Client, Request};

use crate::{
    arguments::{PackagesArguments, PolicyArgument, ProfileArgument, SubscribeArguments},
    context::Context,
    failure::Failure,
    output, target,
};

/// Says how far the updates of a profile go by themselves.
pub async fn policy(
    context: &Context,
    client: &Client,
    word: &str,
    policy: PolicyArgument,
) -> Result<(), Failure> {
    let profile = target::profile(client, Some(word)).await?;
    let policy = match policy {
        PolicyArgument::Off => UpdatePolicy::Off,
        PolicyArgument::Fetch => UpdatePolicy::Fetch,
        PolicyArgument::Apply => UpdatePolicy::Apply,
    };
    let patch = UpkeepPatch { policy: Some(policy), ..UpkeepPatch::default() };
    change(context, client, &profile, patch, said(policy)).await
}

/// Keeps packages up to date, whatever their profile does otherwise.
pub async fn subscribe(context: &Context, arguments: SubscribeArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let keys = target::installed(&client, &profile, &arguments.packages).await?;
    let policy = if arguments.fetch { UpdatePolicy::Fetch } else { UpdatePolicy::Apply };
    change(context, &client, &profile, patch(keys, policy), "cli-subscribed").await
}

/// Ends subscriptions, also of packages that are gone.
pub async fn unsubscribe(context: &Context, arguments: PackagesArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let all = all(&client).await?;
    let here = all.into_iter().find(|upkeep| upkeep.profile == profile.id);
    let subscribed = here.map(|upkeep| upkeep.subscriptions).unwrap_or_default();
    let mut keys = Vec::new();
    for word in &arguments.packages {
        let wanted = target::PackageWord::parse(word);
        let source = match wanted.source {
            Some(name) => Some(target::source(&client, name).await?.id),
            None => None,
        };
        let fits = |key: &PackageKey| {
            key.id == wanted.id && source.as_ref().is_none_or(|source| *source == key.source)
        };
        let found = subscribed.iter().find(|one| fits(&one.key));
        let unknown = || {
            Failure::new(4, "cli-not-subscribed", format!("{word} is not subscribed to"))
                .with("package", word)
                .with("profile", &profile.name)
        };
        keys.push(found.ok_or_else(unknown)?.key.clone());
    }
    change(context, &client, &profile, patch(keys, UpdatePolicy::Off), "cli-unsubscribed").await
}

fn patch(keys: Vec<PackageKey>, policy: UpdatePolicy) -> UpkeepPatch {
    let subscribe = keys.into_iter().map(|key| Subscription { key, policy });
    UpkeepPatch { subscribe: subscribe.collect(), ..UpkeepPatch::default() }
}

async fn change(
    context: &Context,
    client: &Client,
    profile: &Profile,
    patch: UpkeepPatch,
    said: &str,
) -> Result<(), Failure> {
    let request = Request::new(OperationId::SetUpkeep).path("profile", &profile.id).body(&patch)?;
    let changed: Changed = client.ask(request).await?;
    if context.json {
        return output::json(&changed);
    }
    context.note(context.words.text(said, &[("profile", profile.name.clone())]));
    Ok(())
}

async fn all(client: &Client) -> Result<Vec<Upkeep>, Failure> {
    Ok(client.ask(Request::new(OperationId::Upkeep)).await?)
}

/// What is kept up to date, and how far the updates have got; of all profiles where none is named.
pub async fn show(context: &Context, argument: ProfileArgument) -> Result<(), Failure> {
    let client = context.service().await?;
    let mut all = all(&client).await?;
    match argument.profile.as_deref() {
        Some(word) => {
            let profile = target::profile(&client, Some(word)).await?;
            all.retain(|upkeep| upkeep.profile == profile.id);
        }
        None => all.retain(|upkeep| upkeep.policy != UpdatePolicy::Off || !upkeep.subscriptions.is_empty()),
    }
    if context.json {
        return output::json(&all);
    }
    let words = &context.words;
    if all.is_empty() {
        context.note(words.text("cli-upkeep-none", &[]));
    }
    for upkeep in &all {
        output::line(&words.text(said(upkeep.policy), &[("profile", upkeep.profile_name.clone())]))?;
        let subscription = |one: &muster_api::SubscriptionEntry| {
            let id = match (one.installed, one.policy) {
                (false, _) => "cli-upkeep-subscribed-gone",
                (true, UpdatePolicy::Fetch) => "cli-upkeep-subscribed-fetch",
                (true, _) => "cli-upkeep-subscribed-apply",
            };
            vec![format!("  {}", one.key.id), words.text(id, &[])]
        };
        output::table(&upkeep.subscriptions.iter().map(subscription).collect::<Vec<_>>())?;
        let item = |item: &UpkeepItem| {
            let from = item.from.clone().unwrap_or_default();
            vec![
                format!("  {}", item.key.id),
                format!("{from} → {}", item.to).trim().to_owned(),
                state(context, item),
            ]
        };
        output::table(&upkeep.items.iter().map(item).collect::<Vec<_>>())?;
        for reason in &upkeep.reasons {
            let values: Vec<(&str, String)> =
                reason.context.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            output::line(&format!("  {}", words.text(&format!("notice-{}", reason.code), &values)))?;
        }
        if let Some(problem) = &upkeep.problem {
            let problem = words.error_text(&problem.code, &problem.context, &problem.title);
            context.note(words.text("cli-upkeep-problem", &[("problem", problem)]));
        }
    }
    Ok(())
}

fn said(policy: UpdatePolicy) -> &'static str {
    match policy {
        UpdatePolicy::Off => "cli-upkeep-off",
        UpdatePolicy::Fetch => "cli-upkeep-fetch",
        UpdatePolicy::Apply => "cli-upkeep-apply",
    }
}

fn state(context: &Context, item: &UpkeepItem) -> String {
    let id = match item.state {
        UpkeepState::Waits => "cli-upkeep-waits",
        UpkeepState::Comes => "cli-upkeep-comes",
        UpkeepState::Ready => "cli-upkeep-ready",
        UpkeepState::Asks => "cli-upkeep-asks",
    };
    let time = item.until.as_deref().unwrap_or_default();
    // To the minute: "2026-11-30 12:05".
    let time = time.get(..16).unwrap_or(time).replace('T', " ");
    context.words.text(id, &[("time", time)])
}
