//! Install, remove, update, switch: a preview, a question where one is due, a job.

use std::io::{IsTerminal, Write};

use muster_api::{
    ChangeRequest, Changed, Follow, Job, Mapping, OperationId, PackageKey, PlanAction, PlanItem, PlanPreview,
    Profile, Wish,
};
use muster_client::{Client, Request};
use muster_messages::Messages;

use crate::{
    arguments::{InstallArguments, PackagesArguments, RemoveArguments, UpdateArguments},
    commands::{changes, features, offers},
    context::Context,
    failure::Failure,
    output, progress, target,
};

/// Which way packages are switched.
#[derive(Clone, Copy)]
pub enum Switch {
    On,
    Off,
}

/// How a change is agreed to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Only show it.
    DryRun,
    /// Ask on the terminal.
    Ask,
    /// Agreed beforehand.
    Given,
}

impl Consent {
    pub fn of(dry_run: bool, yes: bool) -> Self {
        match (dry_run, yes) {
            (true, _) => Self::DryRun,
            (false, true) => Self::Given,
            (false, false) => Self::Ask,
        }
    }
}

pub async fn install(context: &Context, arguments: InstallArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let mut request = ChangeRequest::default();
    let mut games = Vec::new();
    let (files, packages): (Vec<&String>, Vec<&String>) =
        arguments.packages.iter().partition(|word| target::is_file(word));
    for word in packages {
        let (wish, made_for) = target::wish(&client, word).await?;
        request.install.push(wish);
        games.extend(made_for);
    }
    for word in &arguments.from {
        let unreadable = || Failure::new(2, "cli-mapping", format!("{word} is not package=source"));
        let (id, from) = word.split_once('=').ok_or_else(|| unreadable().with("text", word))?;
        let from = target::source(&client, from).await?.id;
        for wish in &request.install {
            let key = PackageKey { source: wish.key.source.clone(), id: id.to_owned() };
            if !request.map.iter().any(|known| known.key == key) {
                request.map.push(Mapping { key, from: from.clone() });
            }
        }
    }
    let profile = match arguments.profile.profile.as_deref() {
        Some(word) => target::profile(&client, Some(word)).await?,
        None => target::profile_for(&client, &games).await?,
    };
    for word in files {
        request.install.push(target::file(&client, word, &profile).await?);
    }
    if let Some(word) = arguments.channel {
        let follow = |wish: &Wish| Follow { key: wish.key.clone(), channel: word.channel() };
        request.channels = request.install.iter().map(follow).collect();
    }
    features::choose(&mut request, &arguments.features)?;
    if arguments.recommended {
        offers::take_recommended(context, &client, &profile, &mut request).await?;
    }
    carry_out(context, &client, &profile, request, Consent::of(arguments.dry_run, arguments.yes)).await
}

pub async fn remove(context: &Context, arguments: RemoveArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let remove = target::installed(&client, &profile, &arguments.packages).await?;
    let request = ChangeRequest { remove, ..ChangeRequest::default() };
    // Removing can be undone: nothing to ask.
    carry_out(context, &client, &profile, request, Consent::of(arguments.dry_run, true)).await
}

pub async fn update(context: &Context, arguments: UpdateArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let update = target::installed(&client, &profile, &arguments.packages).await?;
    let mut request = ChangeRequest { update_all: update.is_empty(), update, ..ChangeRequest::default() };
    if arguments.changes && !context.json {
        request.profile = Some(profile.id.clone());
        let plan: PlanPreview = client.ask(Request::new(OperationId::Plan).body(&request)?).await?;
        changes::of_plan(context, &client, &profile, &plan).await?;
    }
    carry_out(context, &client, &profile, request, Consent::of(arguments.dry_run, arguments.yes)).await
}

pub async fn switch(context: &Context, arguments: PackagesArguments, to: Switch) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    let keys = target::installed(&client, &profile, &arguments.packages).await?;
    let request = match to {
        Switch::On => ChangeRequest { enable: keys, ..ChangeRequest::default() },
        Switch::Off => ChangeRequest { disable: keys, ..ChangeRequest::default() },
    };
    carry_out(context, &client, &profile, request, Consent::Given).await
}

/// Shows the plan, gets consent, follows the job.
pub async fn carry_out(
    context: &Context,
    client: &Client,
    profile: &Profile,
    mut request: ChangeRequest,
    consent: Consent,
) -> Result<(), Failure> {
    request.profile = Some(profile.id.clone());
    let plan: PlanPreview = client.ask(Request::new(OperationId::Plan).body(&request)?).await?;
    if consent == Consent::DryRun && context.json {
        return output::json(&plan);
    }
    show(context, profile, (&plan, &request.without))?;
    // A choice is remembered also where no package moves.
    let moves = !plan.items.is_empty();
    let is_idle = !moves && !plan.remembers;
    if is_idle && context.json {
        return output::json(&None::<Job>);
    }
    if is_idle || consent == Consent::DryRun {
        return Ok(());
    }
    if moves && consent == Consent::Ask && !agreed(context)? {
        return Err(Failure::new(6, "cli-not-agreed", "nothing was changed"));
    }
    request.agreed = Some(plan.digest);
    let changed: Changed = client.ask(Request::new(OperationId::Change).body(&request)?).await?;
    let job = progress::follow(context, client, &changed).await?;
    if context.json {
        return output::json(&job);
    }
    context.note(context.words.text("cli-change-done", &[]));
    Ok(())
}

/// What a change does, and what it leaves out of collections.
pub fn show(
    context: &Context,
    profile: &Profile,
    (plan, without): (&PlanPreview, &[PackageKey]),
) -> Result<(), Failure> {
    if context.json || context.quiet {
        return Ok(());
    }
    let words = &context.words;
    let rows: Vec<Vec<String>> = plan.items.iter().map(|item| row(context, item)).collect();
    output::table(&rows)?;
    for notice in &plan.notices {
        context.note(words.text(&format!("notice-{}", notice.reason.code), &pairs(&notice.reason.context)));
    }
    features::show(context, &plan.features);
    offers::show(context, &plan.offers);
    if plan.items.is_empty() {
        context.note(nothing_moves(words, &profile.name, plan.remembers, without));
        return Ok(());
    }
    let amounts = [("download", context.words.size(plan.download)), ("here", context.words.size(plan.here))];
    context.note(words.text("cli-change-amount", &amounts));
    Ok(())
}

/// That no package comes, goes or moves; a choice is remembered all the same.
fn nothing_moves(words: &Messages, profile: &str, remembers: bool, without: &[PackageKey]) -> String {
    let profile = ("profile", profile.to_owned());
    if without.is_empty() {
        let id = if remembers { "cli-change-remembered" } else { "cli-change-nothing" };
        return words.text(id, &[profile]);
    }
    let packages = without.iter().map(|key| key.id.as_str()).collect::<Vec<_>>().join(", ");
    words.text("cli-change-left-out", &[profile, ("packages", packages)])
}

fn pairs(context: &std::collections::BTreeMap<String, String>) -> Vec<(&str, String)> {
    context.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
}

fn row(context: &Context, item: &PlanItem) -> Vec<String> {
    let versions = match (&item.from, &item.to) {
        (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
        (_, Some(version)) | (Some(version), None) => version.clone(),
        (None, None) => String::new(),
    };
    let size = if item.size == 0 { String::new() } else { context.words.size(item.size) };
    let why = match item.needed_by.is_empty() {
        true => String::new(),
        false => features::needed_by(context, item),
    };
    vec![context.words.text(action(item.action), &[]), item.key.id.clone(), versions, size, why]
}

/// Message id of what happens to a package.
pub fn action(action: PlanAction) -> &'static str {
    match action {
        PlanAction::Add => "cli-plan-add",
        PlanAction::Change => "cli-plan-change",
        PlanAction::Remove => "cli-plan-remove",
        PlanAction::Enable => "cli-plan-enable",
        PlanAction::Disable => "cli-plan-disable",
    }
}

/// Asks for consent on the terminal.
pub fn agreed(context: &Context) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(2, "cli-needs-yes", "not a terminal: add --yes to agree"));
    }
    eprint!("{} ", context.words.text("cli-change-ask", &[]));
    std::io::stderr().flush().map_err(Failure::io)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(Failure::io)?;
    let yes = context.words.text("cli-change-ask-yes", &[]);
    Ok(answer
        .trim()
        .to_lowercase()
        .chars()
        .next()
        .is_some_and(|first| yes.chars().any(|letter| letter == first)))
}

#[cfg(test)]
mod tests {
    use muster_messages::Language;

    use super::*;

    #[test]
    fn what_is_only_left_out_is_said_where_no_package_moves() {
        let words = Messages::new(Language::English);
        let out = |id: &str| PackageKey { source: "ckan".into(), id: id.into() };
        assert_eq!(nothing_moves(&words, "Standard", false, &[]), "Nothing to change in Standard.");
        let remembered = "No package moves in Standard; only your choice is new.";
        assert_eq!(nothing_moves(&words, "Standard", true, &[]), remembered);
        assert_eq!(
            nothing_moves(&words, "Standard", true, &[out("bob/glow"), out("bob/tide")]),
            "No package moves in Standard. Left out of the collection from now on: bob/glow, bob/tide."
        );
    }
}
