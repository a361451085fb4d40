//! Versions of files that were set aside: list, bring back, let go.

use muster_api::{
    Changed, KeptFree, KeptFreed, KeptRestore, KeptVersion, KeptWhy, OperationId, PlaceFile, Profile,
};
use muster_client::{Client, Request};

use super::drift::file;
use crate::{
    arguments::{KeptCommand, ProfileArgument},
    commands::change::agreed,
    context::Context,
    failure::Failure,
    output, progress, target,
};

pub async fn run(context: &Context, command: KeptCommand) -> Result<(), Failure> {
    let client = context.service().await?;
    match command {
        KeptCommand::List { profile } => list(context, &client, &named(&client, &profile).await?).await,
        KeptCommand::Restore { versions, to, profile } => {
            let profile = named(&client, &profile).await?;
            restore(context, &client, &profile, (&versions, to.as_deref())).await
        }
        KeptCommand::Free { versions, all, yes, profile } => {
            let profile = named(&client, &profile).await?;
            let kept = kept(&client, &profile).await?;
            let goes = if all {
                kept.iter().filter(|kept| may_go(kept)).collect()
            } else {
                meant(&kept, &versions)?
            };
            free(context, &client, &profile, (goes, yes)).await
        }
    }
}

async fn named(client: &Client, profile: &ProfileArgument) -> Result<Profile, Failure> {
    target::profile(client, profile.profile.as_deref()).await
}

async fn kept(client: &Client, profile: &Profile) -> Result<Vec<KeptVersion>, Failure> {
    Ok(client.ask(Request::new(OperationId::Kept).path("profile", &profile.id)).await?)
}

/// What comes back by itself stays until then.
fn may_go(kept: &KeptVersion) -> bool {
    !matches!(kept.why, KeptWhy::Displaced | KeptWhy::Hidden)
}

fn written(file: &PlaceFile) -> String {
    format!("{}/{}", file.place, file.path)
}

fn is_meant(kept: &KeptVersion, word: &str) -> bool {
    let (name, hash) = word.rsplit_once('@').unwrap_or((word, ""));
    let is_file = |name: &str, hash: &str| {
        kept.file.as_ref().is_some_and(|file| written(file) == name) && kept.sha256.starts_with(hash)
    };
    is_file(word, "") || is_file(name, hash) || target::is_hash(word) && kept.sha256.starts_with(word)
}

/// The versions that words mean: a file (with `@` and the beginning of a hash where it has several), or a hash.
fn meant<'k>(kept: &'k [KeptVersion], words: &[String]) -> Result<Vec<&'k KeptVersion>, Failure> {
    let mut found: Vec<&KeptVersion> = Vec::new();
    for word in words {
        let matches: Vec<&KeptVersion> = kept.iter().filter(|kept| is_meant(kept, word)).collect();
        match matches.as_slice() {
            [] => {
                let title = format!("nothing is kept under {word}");
                return Err(Failure::new(4, "kept-unknown", title).with("what", word));
            }
            [one] => found.push(one),
            several => {
                let names: Vec<&str> =
                    several.iter().filter_map(|kept| kept.sha256.get(..target::SHORT_HASH)).collect();
                return Err(Failure::new(5, "cli-several-kept", format!("{word} has several versions"))
                    .with("text", word)
                    .with("names", names.join(", ")));
            }
        }
    }
    Ok(found)
}

async fn list(context: &Context, client: &Client, profile: &Profile) -> Result<(), Failure> {
    let kept = kept(client, profile).await?;
    if context.json {
        return output::json(&kept);
    }
    let words = &context.words;
    if kept.is_empty() {
        context.note(words.text("cli-kept-none", &[]));
        return Ok(());
    }
    let row = |kept: &KeptVersion| {
        let why = match (kept.why, &kept.package) {
            (KeptWhy::Displaced, package) => {
                words.text("cli-kept-displaced", &[("package", package.clone().unwrap_or_default())])
            }
            (KeptWhy::Hidden, package) => {
                words.text("cli-kept-hidden", &[("package", package.clone().unwrap_or_default())])
            }
            (KeptWhy::Replaced, _) => words.text("cli-kept-replaced", &[]),
            (KeptWhy::Found, _) => words.text("cli-kept-found", &[]),
        };
        vec![
            kept.file.as_ref().map_or_else(|| "?".to_owned(), written),
            kept.sha256.chars().take(target::SHORT_HASH).collect(),
            words.size(kept.size),
            kept.modified.chars().take(19).collect(),
            why,
        ]
    };
    output::table(&kept.iter().map(row).collect::<Vec<_>>())?;
    context.note(words.text("cli-kept-how", &[]));
    Ok(())
}

async fn restore(
    context: &Context,
    client: &Client,
    profile: &Profile,
    (versions, to): (&[String], Option<&str>),
) -> Result<(), Failure> {
    let kept = kept(client, profile).await?;
    let ids = meant(&kept, versions)?.into_iter().map(|kept| kept.id.clone()).collect();
    let body = KeptRestore { ids, to: to.map(file).transpose()? };
    let request = Request::new(OperationId::RestoreKept).path("profile", &profile.id).body(&body)?;
    let changed: Changed = client.ask(request).await?;
    let job = progress::follow(context, client, &changed).await?;
    if context.json {
        return output::json(&job);
    }
    context.note(context.words.text("cli-kept-restored", &[]));
    Ok(())
}

async fn free(
    context: &Context,
    client: &Client,
    profile: &Profile,
    (goes, yes): (Vec<&KeptVersion>, bool),
) -> Result<(), Failure> {
    if !yes && !goes.is_empty() {
        let count = [
            ("count", goes.len().to_string()),
            ("size", context.words.size(goes.iter().map(|kept| kept.size).sum())),
        ];
        context.note(context.words.text("cli-kept-goes", &count));
        if !agreed(context)? {
            return Err(Failure::new(6, "cli-not-agreed", "nothing was changed"));
        }
    }
    let body = KeptFree { ids: goes.into_iter().map(|kept| kept.id.clone()).collect() };
    let request = Request::new(OperationId::FreeKept).path("profile", &profile.id).body(&body)?;
    let freed: KeptFreed = client.ask(request).await?;
    if context.json {
        return output::json(&freed);
    }
    let count = [("count", freed.versions.to_string()), ("size", context.words.size(freed.bytes))];
    context.note(context.words.text("cli-kept-freed", &count));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(path: &str, sha256: &str) -> KeptVersion {
        KeptVersion {
            id: sha256.into(),
            file: Some(PlaceFile { place: "mods".into(), path: path.into() }),
            sha256: sha256.into(),
            size: 1,
            modified: String::new(),
            why: KeptWhy::Replaced,
            package: None,
        }
    }

    #[test]
    fn a_version_is_named_by_its_file_or_its_hash() {
        let kept = [version("a/x@2.lua", "0011aabb"), version("b", "22334455"), version("b", "22aa0000")];
        let ids = |word: &str| meant(&kept, &[word.to_owned()]).map(|found| found[0].id.clone());
        assert_eq!(ids("mods/a/x@2.lua").ok().as_deref(), Some("0011aabb"));
        assert_eq!(ids("mods/b@223").ok().as_deref(), Some("22334455"));
        assert_eq!(ids("22aa00").ok().as_deref(), Some("22aa0000"));
        assert!(ids("mods/b").is_err() && ids("mods/c").is_err() && ids("22").is_err());
    }
}
