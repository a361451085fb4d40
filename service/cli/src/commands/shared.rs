//! Profiles that are handed on: written, compared, applied, followed.

use std::path::Path;

use muster_api::{
    ApplyShared, Changed, Followed, NewProfile, OperationId, Profile, SharedOffer, SharedRequest, SharedText,
};
use muster_client::{Client, Request};
use muster_fsx::{Dir, ErrorKind, File};
use muster_registry::{KeySet, PublicKey, SharedProfile, SignedProfile, SigningKey};

use super::{
    change::{Consent, agreed, show},
    role,
};
use crate::{
    arguments::{ShareArguments, SharedArguments},
    author::keys::{Passphrases, open, public},
    context::Context,
    failure::Failure,
    output, progress, target,
};

/// Longest shared profile, in bytes.
const MAX_FILE: u64 = 8 * 1024 * 1024;

async fn text_of(client: &Client, profile: &Profile) -> Result<SharedText, Failure> {
    Ok(client.ask(Request::new(OperationId::ShareProfile).path("profile", &profile.id)).await?)
}

/// Writes a profile for others, signed by its owners.
pub async fn share(context: &Context, client: &Client, arguments: ShareArguments) -> Result<(), Failure> {
    let profile = target::profile(client, arguments.profile.profile.as_deref()).await?;
    let SharedText { text, left_out, .. } = text_of(client, &profile).await?;
    let unreadable = |error: serde_json::Error| Failure::new(1, "api-internal", error.to_string());
    let mut shared: SharedProfile = serde_json::from_str(&text).map_err(unreadable)?;
    let path = std::path::absolute(&arguments.file).map_err(Failure::io)?;
    let passphrases = Passphrases::new(&context.words, arguments.passphrase_file.as_deref())?;
    let keys: Vec<SigningKey> =
        arguments.keys.iter().map(|key| open(key, &passphrases)).collect::<Result<_, _>>()?;
    let before = before(&path)?;
    shared.owners = owners(before.as_ref(), &keys, &arguments.owners)?;
    shared.note = arguments.note;
    if let Some(SignedProfile { profile: before, .. }) = &before {
        shared.version = before.version.saturating_add(1);
        if !before.owners.is_empty() && !keys.iter().any(|key| before.owners.contains(&key.public())) {
            // Nobody who follows would take it.
            let failure = Failure::new(2, "cli-share-owner", "no key of an owner was given");
            return Err(failure.with("file", path.display()));
        }
    }
    muster_fsx::write_atomic(&path, &shared.sign(&keys.iter().collect::<Vec<_>>())?)?;
    if context.json {
        return output::json(&shared);
    }
    let words = &context.words;
    let facts = [
        ("file", path.display().to_string()),
        ("count", shared.packages.len().to_string()),
        ("version", shared.version.to_string()),
    ];
    output::line(&words.text("cli-share-written", &facts))?;
    for package in left_out {
        context.note(words.text("cli-share-left-out", &[("package", package)]));
    }
    if keys.is_empty() {
        context.note(words.text("cli-share-unsigned", &[]));
    }
    Ok(())
}

/// The version of the file that is there.
fn before(path: &Path) -> Result<Option<SignedProfile>, Failure> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Ok(None);
    };
    match Dir::open_ambient(folder)?.read(name, MAX_FILE) {
        Ok(bytes) => Ok(Some(SharedProfile::read(&bytes, &[])?)),
        Err(error) if error.kind() == ErrorKind::Missing => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Those of before, those who sign, and those who are named.
fn owners(
    before: Option<&SignedProfile>,
    keys: &[SigningKey],
    named: &[std::path::PathBuf],
) -> Result<Vec<PublicKey>, Failure> {
    let named: Vec<KeySet> = named.iter().map(|path| public(path)).collect::<Result<_, _>>()?;
    let before = before.into_iter().flat_map(|before| before.profile.owners.iter().copied());
    let named = named.iter().flat_map(KeySet::keys).copied();
    let mut owners: Vec<PublicKey> = Vec::new();
    for owner in before.chain(keys.iter().map(SigningKey::public)).chain(named) {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    Ok(owners)
}

/// Whether a shared profile is followed from now on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    Once,
    FromNowOn,
}

/// Shows what a shared profile would change, and changes it where that is agreed to.
pub async fn apply(
    context: &Context,
    client: &Client,
    arguments: SharedArguments,
    (consent, follow): (Consent, Follow),
) -> Result<(), Failure> {
    let (address, text) = what(client, &arguments.shared).await?;
    let profile = match &arguments.new {
        Some(name) => made(client, name, address.as_deref(), text.as_deref(), &arguments).await?,
        None => target::profile(client, arguments.profile.profile.as_deref()).await?,
    };
    let request =
        SharedRequest { profile: profile.id.clone(), address, text, keep_others: arguments.keep_others };
    carry_out(context, client, &profile, request, (consent, follow)).await
}

/// Where a word leads: to an address, to a file, or to another profile's own text.
async fn what(client: &Client, word: &str) -> Result<(Option<String>, Option<String>), Failure> {
    if word.contains("://") {
        return Ok((Some(word.to_owned()), None));
    }
    let path = std::path::absolute(word).map_err(Failure::io)?;
    if File::open_ambient(&path).is_ok() {
        return Ok((Some(path.to_string_lossy().into_owned()), None));
    }
    let other = target::profile(client, Some(word)).await?;
    let body: SharedProfile = serde_json::from_str(&text_of(client, &other).await?.text)
        .map_err(|error| Failure::new(1, "api-internal", error.to_string()))?;
    let signed = body.sign(&[])?;
    Ok((None, Some(String::from_utf8_lossy(&signed).into_owned())))
}

/// A new profile for a shared one, at the place of the profile that is meant otherwise.
async fn made(
    client: &Client,
    name: &str,
    address: Option<&str>,
    text: Option<&str>,
    arguments: &SharedArguments,
) -> Result<Profile, Failure> {
    // Which game it is for says the document; any profile may look at it.
    let any = target::profile(client, None).await?;
    let request = SharedRequest {
        profile: any.id,
        address: address.map(str::to_owned),
        text: text.map(str::to_owned),
        keep_others: arguments.keep_others,
    };
    let offer: SharedOffer = client.ask(Request::new(OperationId::InspectShared).body(&request)?).await?;
    let new = NewProfile { name: name.to_owned(), game: offer.game, installation: None, folder: None };
    let created: Changed = client.ask(Request::new(OperationId::CreateProfile).body(&new)?).await?;
    target::profile(client, created.created.as_deref()).await
}

/// Applies what is new in the profile that is followed.
pub async fn pull(
    context: &Context,
    client: &Client,
    word: Option<&str>,
    consent: Consent,
) -> Result<(), Failure> {
    let profile = target::profile(client, word).await?;
    let all: Vec<Followed> = client.ask(Request::new(OperationId::Followed)).await?;
    let keep_others = all.iter().any(|followed| followed.profile == profile.id && followed.keep_others);
    let request = SharedRequest { profile: profile.id.clone(), keep_others, ..SharedRequest::default() };
    carry_out(context, client, &profile, request, (consent, Follow::Once)).await
}

async fn carry_out(
    context: &Context,
    client: &Client,
    profile: &Profile,
    request: SharedRequest,
    (consent, follow): (Consent, Follow),
) -> Result<(), Failure> {
    let offer: SharedOffer = client.ask(Request::new(OperationId::InspectShared).body(&request)?).await?;
    if consent == Consent::DryRun && context.json {
        return output::json(&offer);
    }
    tell(context, &offer, profile)?;
    match &offer.plan {
        Some(plan) => show(context, profile, (plan, &[]))?,
        None if offer.sources.iter().all(|source| source.here) && offer.game == profile.game => {
            context.note(context.words.text("cli-shared-same", &[("profile", profile.name.clone())]));
        }
        None => {}
    }
    if consent == Consent::DryRun {
        return Ok(());
    }
    if offer.plan.is_some() && consent == Consent::Ask && !agreed(context)? {
        return Err(Failure::new(6, "cli-not-agreed", "nothing was changed"));
    }
    let body = ApplyShared {
        shared: request,
        digest: offer.digest,
        agreed: offer.plan.map(|plan| plan.digest),
        follow: follow == Follow::FromNowOn,
    };
    let changed: Changed = client.ask(Request::new(OperationId::ApplyShared).body(&body)?).await?;
    let job = progress::follow(context, client, &changed).await?;
    if context.json {
        return output::json(&job);
    }
    if follow == Follow::FromNowOn {
        context.note(context.words.text("cli-shared-followed", &[("name", offer.name)]));
    }
    if job.is_some() {
        context.note(context.words.text("cli-change-done", &[]));
    }
    Ok(())
}

/// Whose it is, what its owners say, and which sources it needs.
fn tell(context: &Context, offer: &SharedOffer, profile: &Profile) -> Result<(), Failure> {
    if context.json || context.quiet {
        return Ok(());
    }
    let words = &context.words;
    let facts = [
        ("name", offer.name.clone()),
        ("version", offer.version.to_string()),
        ("count", offer.packages.to_string()),
        ("time", offer.written.chars().take(10).collect()),
    ];
    output::line(&words.text("cli-shared-what", &facts))?;
    for owner in &offer.owners {
        let id = if owner.signed { "cli-shared-signed" } else { "cli-shared-owner" };
        output::line(&words.text(id, &[("words", owner.words.clone())]))?;
    }
    if !offer.owners.iter().any(|owner| owner.signed) {
        output::line(&words.text("cli-shared-unsigned", &[]))?;
    }
    if !offer.note.is_empty() {
        output::line(&offer.note)?;
    }
    if let Some(side) = offer.side.filter(|side| *side != profile.side) {
        output::line(&words.text("cli-shared-side", &[("side", role::side(words, side))]))?;
    }
    if let Some(platform) = offer.platform.filter(|platform| Some(*platform) != profile.platform) {
        output::line(&words.text("cli-shared-platform", &[("platform", role::title(platform).to_owned())]))?;
    }
    if offer.other_side > 0 {
        let facts = [("count", offer.other_side.to_string()), ("profile", profile.name.clone())];
        context.note(words.text("cli-shared-other-side", &facts));
    }
    for source in offer.sources.iter().filter(|source| !source.here) {
        let name = source.address.clone().unwrap_or_else(|| source.id.clone());
        context.note(words.text("cli-shared-source", &[("source", name)]));
    }
    Ok(())
}

/// Everything that is followed, asked for news.
pub async fn followed(context: &Context, client: &Client) -> Result<(), Failure> {
    let all: Vec<Followed> = client.ask(Request::new(OperationId::LookForNews)).await?;
    if context.json {
        return output::json(&all);
    }
    let words = &context.words;
    let row = |followed: &Followed| {
        let state = match &followed.problem {
            Some(problem) => words.error_text(&problem.code, &problem.context, &problem.title),
            None if followed.seen > followed.version => {
                words.text("cli-followed-news", &[("version", followed.seen.to_string())])
            }
            None => words.text("cli-followed-same", &[]),
        };
        vec![
            followed.profile_name.clone(),
            followed.name.clone(),
            followed.version.to_string(),
            state,
            followed.address.clone(),
        ]
    };
    if all.is_empty() {
        context.note(words.text("cli-followed-none", &[]));
    }
    output::table(&all.iter().map(row).collect::<Vec<_>>())
}

pub async fn unfollow(context: &Context, client: &Client, word: Option<&str>) -> Result<(), Failure> {
    let profile = target::profile(client, word).await?;
    let changed: Changed =
        client.ask(Request::new(OperationId::Unfollow).path("profile", &profile.id)).await?;
    if context.json { output::json(&changed) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn owners_stay_and_are_joined_by_those_who_sign_and_are_named() {
        let key = |seed| SigningKey::from_seed([seed; 32]);
        let (a, c) = (key(1), key(3));
        let folder = tempfile::tempdir().expect("a folder");
        let named = folder.path().join("c.pub");
        muster_fsx::write_atomic(&named, c.public().to_string().as_bytes()).expect("written");
        let profile = SharedProfile {
            name: "crew".into(),
            game: "minetest".parse().expect("a game"),
            version: 1,
            written: Timestamp::UNIX_EPOCH,
            note: String::new(),
            side: None,
            platform: None,
            owners: vec![a.public()],
            sources: vec![],
            packages: vec![],
        };
        let before = SharedProfile::read(&profile.sign(&[&a]).expect("signs"), &[]).expect("reads");
        let found = owners(Some(&before), &[key(1), key(2)], &[named]).expect("owners");
        assert_eq!(found, [1, 2, 3].map(|seed| key(seed).public()));
    }
}
