//! Collections: shown, applied, updated, left. What would be done is shown first and made like any change.

use muster_api::{
    Collection, CollectionAim, CollectionMember, CollectionOffer, CollectionRequest, MemberState,
    OperationId, PackageKey, Profile,
};
use muster_client::{Client, Request};

use super::change::{Consent, carry_out, show};
use crate::{
    arguments::{CollectionArguments, CollectionCommand},
    context::Context,
    failure::Failure,
    output,
    target::{self, PackageWord},
};

pub async fn run(context: &Context, command: CollectionCommand) -> Result<(), Failure> {
    let client = context.service().await?;
    match command {
        CollectionCommand::List { profile } => list(context, &client, profile.profile.as_deref()).await,
        CollectionCommand::Show(arguments) => have(context, &client, arguments, Consent::DryRun).await,
        CollectionCommand::Apply { collection, dry_run, yes }
        | CollectionCommand::Update { collection, dry_run, yes } => {
            have(context, &client, collection, Consent::of(dry_run, yes)).await
        }
        CollectionCommand::Leave { collection, keep, dry_run, profile } => {
            let profile = target::profile(&client, profile.profile.as_deref()).await?;
            let key = one(
                target::installed(&client, &profile, std::slice::from_ref(&collection)).await?,
                &collection,
            )?;
            let aim = if keep { CollectionAim::LeaveAlone } else { CollectionAim::Leave };
            let request = request(&profile, key, aim);
            // Taking out can be undone: nothing to ask.
            carry(context, &client, (&profile, request), Consent::of(dry_run, true)).await
        }
    }
}

fn one(keys: Vec<PackageKey>, word: &str) -> Result<PackageKey, Failure> {
    let unknown = || Failure::new(4, "package-unknown", format!("no package {word}")).with("package", word);
    keys.into_iter().next().ok_or_else(unknown)
}

fn request(profile: &Profile, collection: PackageKey, aim: CollectionAim) -> CollectionRequest {
    let (with, without) = (Vec::new(), Vec::new());
    CollectionRequest { profile: profile.id.clone(), collection, aim, range: None, with, without }
}

async fn list(context: &Context, client: &Client, profile: Option<&str>) -> Result<(), Failure> {
    let profile = target::profile(client, profile).await?;
    let request = Request::new(OperationId::Collections).path("profile", &profile.id);
    let all: Vec<Collection> = client.ask(request).await?;
    if context.json {
        return output::json(&all);
    }
    let words = &context.words;
    let row = |one: &Collection| {
        let update = one.update.as_ref().map(|version| format!("→ {version}")).unwrap_or_default();
        let counts = one
            .members
            .iter()
            .map(|count| format!("{} {}", count.count, words.text(state(count.state), &[])));
        vec![one.key.id.clone(), one.version.clone(), update, counts.collect::<Vec<_>>().join(", ")]
    };
    if all.is_empty() {
        context.note(words.text("cli-collection-none", &[("profile", profile.name)]));
    }
    output::table(&all.iter().map(row).collect::<Vec<_>>())
}

/// Shows and makes what it takes for the profile to have a collection.
async fn have(
    context: &Context,
    client: &Client,
    arguments: CollectionArguments,
    consent: Consent,
) -> Result<(), Failure> {
    let (wish, games) = target::wish(client, &arguments.collection).await?;
    let profile = match arguments.profile.profile.as_deref() {
        Some(word) => target::profile(client, Some(word)).await?,
        None => target::profile_for(client, &games).await?,
    };
    let mut request = request(&profile, wish.key, CollectionAim::Have);
    request.range = wish.range;
    let offer: CollectionOffer = inspect(client, &request).await?;
    request.with = chosen(&offer, &arguments.with)?;
    request.without = chosen(&offer, &arguments.without)?;
    carry(context, client, (&profile, request), consent).await
}

/// Packages of a collection that words mean.
fn chosen(offer: &CollectionOffer, words: &[String]) -> Result<Vec<PackageKey>, Failure> {
    let find = |word: &String| {
        let wanted = PackageWord::parse(word);
        let found =
            offer.members.iter().find(|member| member.key.id == wanted.id).map(|member| member.key.clone());
        let unknown = || {
            Failure::new(4, "package-unknown", format!("no package {word}")).with("package", word.as_str())
        };
        found.ok_or_else(unknown)
    };
    words.iter().map(find).collect()
}

async fn inspect(client: &Client, request: &CollectionRequest) -> Result<CollectionOffer, Failure> {
    Ok(client.ask(Request::new(OperationId::InspectCollection).body(request)?).await?)
}

async fn carry(
    context: &Context,
    client: &Client,
    (profile, request): (&Profile, CollectionRequest),
    consent: Consent,
) -> Result<(), Failure> {
    let offer = inspect(client, &request).await?;
    if consent == Consent::DryRun {
        if context.json {
            return output::json(&offer);
        }
        tell(context, &offer)?;
        let without = &offer.change.without;
        return offer.plan.as_ref().map_or(Ok(()), |plan| show(context, profile, (plan, without)));
    }
    tell(context, &offer)?;
    if offer.plan.is_none() {
        if context.json {
            return output::json(&None::<muster_api::Job>);
        }
        context.note(context.words.text("cli-change-nothing", &[("profile", profile.name.clone())]));
        return Ok(());
    }
    carry_out(context, client, profile, offer.change, consent).await
}

/// The collection, and each of its packages with what becomes of it.
fn tell(context: &Context, offer: &CollectionOffer) -> Result<(), Failure> {
    if context.json || context.quiet {
        return Ok(());
    }
    let words = &context.words;
    let versions = match (&offer.from, &offer.to) {
        (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
        (from, to) => to.as_ref().or(from.as_ref()).cloned().unwrap_or_default(),
    };
    output::line(format!("{} {versions}", offer.title).trim_end())?;
    let row = |member: &CollectionMember| {
        let version = member.version.clone().unwrap_or_default();
        let mut said = words.text(state(member.state), &[]);
        if member.state == MemberState::Missing && !member.source_here {
            said = words.text("cli-collection-no-source", &[("source", member.key.source.clone())]);
        }
        vec![format!("  {}", member.key.id), member.range.clone(), version, said]
    };
    output::table(&offer.members.iter().map(row).collect::<Vec<_>>())
}

/// Message id of what becomes of a package.
fn state(state: MemberState) -> &'static str {
    match state {
        MemberState::Here => "cli-collection-here",
        MemberState::Comes => "cli-collection-comes",
        MemberState::Goes => "cli-collection-goes",
        MemberState::Yours => "cli-collection-yours",
        MemberState::TakenOut => "cli-collection-taken-out",
        MemberState::LeftOut => "cli-collection-left-out",
        MemberState::NotChosen => "cli-collection-not-chosen",
        MemberState::OtherSide => "cli-collection-other-side",
        MemberState::Missing => "cli-collection-missing",
    }
}
