//! Packs that other managers made: shown with what would come of them, taken in, installed as one change.

use muster_api::{
    ChangeRequest, Changed, NewProfile, OperationId, PackFile, PackMod, PackOffer, PackRefusal, PackRequest,
    PackState, Profile, TakePack,
};
use muster_client::{Client, Request};

use super::change::{Consent, carry_out, show};
use crate::{arguments::ImportArguments, context::Context, failure::Failure, output, target};

/// Files that stay behind and are listed by name.
const MAX_SHOWN: usize = 40;

pub async fn import(context: &Context, client: &Client, arguments: ImportArguments) -> Result<(), Failure> {
    let consent = Consent::of(arguments.dry_run, arguments.yes);
    let profile = match &arguments.new {
        Some(_) => None,
        None => Some(target::profile(client, arguments.profile.profile.as_deref()).await?),
    };
    let mut request = pack_request(&arguments)?;
    request.profile = profile.as_ref().map(|profile| profile.id.clone());
    let offer = inspect(client, &request).await?;
    if consent != Consent::DryRun && !offer.missing_sources.is_empty() {
        // Before a profile is made for it.
        tell(context, &offer)?;
        let failure = Failure::new(5, "shared-missing-sources", "the pack needs sources that are not here");
        return Err(failure.with("sources", offer.missing_sources.join(", ")));
    }
    let profile = match (profile, &arguments.new) {
        (None, Some(name)) if consent != Consent::DryRun => {
            let new =
                NewProfile { name: name.clone(), game: offer.game.clone(), installation: None, folder: None };
            let created: Changed = client.ask(Request::new(OperationId::CreateProfile).body(&new)?).await?;
            Some(target::profile(client, created.created.as_deref()).await?)
        }
        (profile, _) => profile,
    };
    if consent == Consent::DryRun {
        if context.json {
            return output::json(&offer);
        }
        tell(context, &offer)?;
        return match (&offer.plan, &profile) {
            (Some(plan), Some(profile)) => show(context, profile, (plan, &[])),
            _ => Ok(()),
        };
    }
    tell(context, &offer)?;
    let Some(profile) = profile else {
        return Err(Failure::new(4, "profile-unknown", "no profile").with("profile", ""));
    };
    request.profile = Some(profile.id.clone());
    install(context, client, (&profile, request, offer), consent).await
}

async fn inspect(client: &Client, request: &PackRequest) -> Result<PackOffer, Failure> {
    Ok(client.ask(Request::new(OperationId::InspectPack).body(request)?).await?)
}

/// Makes packages of what no source has, then goes the way of every change.
async fn install(
    context: &Context,
    client: &Client,
    (profile, pack, offer): (&Profile, PackRequest, PackOffer),
    consent: Consent,
) -> Result<(), Failure> {
    let take = TakePack { pack, digest: offer.digest };
    let change: ChangeRequest = client.ask(Request::new(OperationId::TakePackIn).body(&take)?).await?;
    let asks = !change.install.is_empty() || !change.remove.is_empty();
    if !asks && change.enable.is_empty() && change.disable.is_empty() {
        if context.json {
            return output::json(&None::<muster_api::Job>);
        }
        context.note(context.words.text("cli-shared-same", &[("profile", profile.name.clone())]));
        return Ok(());
    }
    carry_out(context, client, profile, change, consent).await
}

/// What a word means: a code, an address, or a file.
fn pack_request(arguments: &ImportArguments) -> Result<PackRequest, Failure> {
    let word = &arguments.pack;
    let mut request = PackRequest {
        game: arguments.game.clone(),
        keep_others: arguments.keep_others,
        ..PackRequest::default()
    };
    if word.contains("://") {
        request.address = Some(word.clone());
    } else if is_code(word) && !std::path::Path::new(word).exists() {
        request.code = Some(word.clone());
    } else {
        let path = std::fs::canonicalize(word).map_err(Failure::io)?;
        request.path = Some(path.to_string_lossy().into_owned());
    }
    Ok(request)
}

/// A code is a UUID.
fn is_code(word: &str) -> bool {
    word.len() == 36 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// The pack, its mods by how each can be had, and what of its files comes along or stays behind.
fn tell(context: &Context, offer: &PackOffer) -> Result<(), Failure> {
    if context.json || context.quiet {
        return Ok(());
    }
    let words = &context.words;
    let facts = [
        ("name", format!("{} {}", offer.name, offer.version).trim_end().to_owned()),
        ("game", offer.game.clone()),
        ("count", offer.mods.len().to_string()),
    ];
    output::line(&words.text("cli-pack-what", &facts))?;
    for need in &offer.needs {
        let facts = [("what", need.what.clone()), ("version", need.version.clone())];
        output::line(&words.text("cli-pack-need", &facts))?;
    }
    output::table(&offer.mods.iter().map(|one| mod_row(context, one)).collect::<Vec<_>>())?;
    let (stay, come): (Vec<&PackFile>, Vec<&PackFile>) =
        offer.files.iter().partition(|file| file.why.is_some());
    if !come.is_empty() {
        let size = come.iter().map(|file| file.size).sum();
        let facts = [("count", come.len().to_string()), ("size", words.size(size))];
        output::line(&words.text("cli-pack-files", &facts))?;
    }
    if !stay.is_empty() {
        output::line(&words.text("cli-pack-behind", &[("count", stay.len().to_string())]))?;
        let row = |file: &&PackFile| {
            vec![
                format!("  {}", file.path),
                file.why.map(|why| words.text(refusal(why), &[])).unwrap_or_default(),
            ]
        };
        output::table(&stay.iter().take(MAX_SHOWN).map(row).collect::<Vec<_>>())?;
    }
    for source in &offer.missing_sources {
        context.note(words.text("cli-shared-source", &[("source", source.clone())]));
    }
    Ok(())
}

fn mod_row(context: &Context, one: &PackMod) -> Vec<String> {
    let words = &context.words;
    let said = match one.state {
        PackState::Found if one.enabled => words.text("cli-pack-found", &[]),
        PackState::Found => words.text("cli-pack-found-off", &[]),
        PackState::OtherVersion => {
            words.text("cli-pack-other", &[("version", one.newest.clone().unwrap_or_default())])
        }
        PackState::ByAddress => {
            words.text("cli-pack-address", &[("host", one.host.clone().unwrap_or_default())])
        }
        PackState::Unknown => words.text("cli-pack-unknown", &[]),
        PackState::Refused => one.why.map(|why| words.text(refusal(why), &[])).unwrap_or_default(),
    };
    let source = one.package.as_ref().map(|package| package.source.clone()).unwrap_or_default();
    vec![one.name.clone(), one.version.clone(), said, source]
}

/// Message id of why something stays behind.
fn refusal(why: PackRefusal) -> &'static str {
    match why {
        PackRefusal::Program => "cli-pack-refused-program",
        PackRefusal::Outside => "cli-pack-refused-outside",
        PackRefusal::Protected => "cli-pack-refused-protected",
        PackRefusal::Name => "cli-pack-refused-name",
        PackRefusal::Address => "cli-pack-refused-address",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_files() {
        assert!(is_code("018f3d4c-1111-2222-3333-0123456789ab"));
        for word in
            ["crew.r2z", "018f3d4c-1111-2222-3333-0123456789a", "018f3d4c-1111-2222-3333-0123456789a/"]
        {
            assert!(!is_code(word), "{word}");
        }
    }
}
