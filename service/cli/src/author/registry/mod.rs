//! `muster registry init|admit|publish|refresh|advise|feature|verify`: a folder of static files, made and kept without a service.

mod advise;
mod draft;
mod feature;
mod folder;
mod publication;
mod report;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use muster_domain::{IdError, Publisher, Sha256};
use muster_registry::{
    KeySet,
    author::{self, Admission, AsRepository, Founding, Lifetimes, Moment},
};

use super::{
    Style,
    keys::{self, Passphrases},
};
use crate::{
    arguments::{RegistryCommand, SignArguments},
    failure::Failure,
};
use draft::Draft;
use folder::{ArchiveFile, Folder};

/// Runs one verb.
pub async fn run(style: &Style, command: RegistryCommand) -> Result<ExitCode, Failure> {
    match command {
        RegistryCommand::Init { sign, offline_key, online_key } => {
            report::root(style, &init(style, &sign, [offline_key, online_key])?)?;
        }
        RegistryCommand::Admit { sign, publisher, publisher_key, offline_key } => {
            admit(style, &sign, &publisher, [publisher_key, offline_key])?;
        }
        RegistryCommand::Publish { sign, key, packages } => publish(style, &sign, key, &packages)?,
        RegistryCommand::Refresh { sign, online_key } => refresh(style, &sign, online_key)?,
        RegistryCommand::Advise(arguments) => advise::advise(style, &arguments)?,
        RegistryCommand::Feature(arguments) => feature::feature(style, &arguments)?,
        RegistryCommand::Verify { registry, now } => {
            return verify(style, &registry, now.unwrap_or_else(Timestamp::now)).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// When and for how long a verb signs.
fn moment(sign: &SignArguments) -> Result<Moment, Failure> {
    let now = sign.now.unwrap_or_else(Timestamp::now);
    let lifetimes = match sign.valid_years {
        None => Lifetimes::default(),
        Some(years) => Lifetimes::all(years_from(now, years)?),
    };
    Ok(Moment { now, lifetimes })
}

/// Whole calendar years.
fn years_from(now: Timestamp, years: u8) -> Result<SignedDuration, Failure> {
    let start = now.to_zoned(TimeZone::UTC);
    let end = start.checked_add(i64::from(years).years());
    let end = end.map_err(|error| Failure::new(2, "cli-date", error.to_string()).with("detail", error))?;
    Ok(end.duration_since(&start))
}

fn init(style: &Style, sign: &SignArguments, [offline, online]: [PathBuf; 2]) -> Result<Sha256, Failure> {
    let moment = moment(sign)?;
    let passphrases = Passphrases::new(&style.words, sign.passphrase_file.as_deref())?;
    let (offline, online) = (keys::open(&offline, &passphrases)?, keys::open(&online, &passphrases)?);
    let maintainers = KeySet::single(offline.public());
    let founding = Founding {
        root: &maintainers,
        targets: &maintainers,
        offline: &[&offline],
        online: &online,
        newcomers: false,
    };
    let change = author::found(&founding, moment)?;
    let folder = Folder::create(&sign.registry)?;
    folder.write(&change, &[])?;
    folder.root()
}

fn admit(
    style: &Style,
    sign: &SignArguments,
    publisher: &str,
    [publisher_key, offline_key]: [PathBuf; 2],
) -> Result<(), Failure> {
    let publisher: Publisher = publisher.parse().map_err(|error: IdError| {
        Failure::new(2, "cli-publisher-name", error.to_string()).with("publisher", publisher)
    })?;
    let folder = Folder::open(&sign.registry)?;
    let moment = moment(sign)?;
    let keys = keys::public(&publisher_key)?;
    let offline =
        keys::open(&offline_key, &Passphrases::new(&style.words, sign.passphrase_file.as_deref())?)?;
    let change = author::admit(&folder, (&publisher, &keys), Admission::First, &[&offline], moment)?;
    folder.write(&change, &[])?;
    report::admitted(style, &publisher, &keys)
}

/// All packages are proved and signed before the first file is written: one that is refused leaves nothing behind.
fn publish(style: &Style, sign: &SignArguments, key: PathBuf, packages: &[PathBuf]) -> Result<(), Failure> {
    let folder = Folder::open(&sign.registry)?;
    let moment = moment(sign)?;
    let key = keys::open(&key, &Passphrases::new(&style.words, sign.passphrase_file.as_deref())?)?;
    let mut draft = Draft::new(&folder);
    let mut archives = Vec::new();
    let mut published = Vec::new();
    for path in packages {
        let (source, mut publication) = publication::of_file(path, moment)?;
        publication::keep_decisions(&draft, &mut publication.description, &key, moment)?;
        let (description, archive) = (publication.description.clone(), publication.archive);
        let signed = author::publish(&draft, publication, &[&key], moment)?;
        draft.add(signed.change);
        archives.push(ArchiveFile { source, archive, path: signed.archive_file });
        published.push((description, archive));
    }
    let change = draft.into_change();
    folder.write(&change, &archives)?;
    report::published(style, &published)
}

fn refresh(style: &Style, sign: &SignArguments, online_key: PathBuf) -> Result<(), Failure> {
    let folder = Folder::open(&sign.registry)?;
    let moment = moment(sign)?;
    let online = keys::open(&online_key, &Passphrases::new(&style.words, sign.passphrase_file.as_deref())?)?;
    let refresh = author::refresh(&folder, &online, moment)?;
    folder.write(&refresh.change, &[])?;
    let until = moment.now.checked_add(moment.lifetimes.online).unwrap_or(moment.now);
    report::refreshed(style, until, &refresh.problems)
}

async fn verify(style: &Style, registry: &std::path::Path, now: Timestamp) -> Result<ExitCode, Failure> {
    let folder = Arc::new(Folder::open(registry)?);
    let repository = Arc::new(AsRepository(folder.clone()));
    let problems = author::verify(repository, &folder, now).await?;
    report::verified(style, &folder.root()?, &problems)?;
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
