//! What a publisher signs about a package file: everything it says itself, proved on the way.

use std::{collections::BTreeMap, path::Path};

use muster_domain::ArtifactRef;
use muster_fsx::File;
use muster_package::{Description, Limits, Manifest, Validated, describe, validate, verify};
use muster_registry::{
    Display, Error, ReleaseCustom, SigningKey,
    author::{Files, Moment, Publication, amend},
    layout::Sibling,
};

use crate::failure::Failure;

fn never() -> bool {
    false
}

/// Validates a package file, proves every content, and describes it.
pub fn of_file(path: &Path, moment: Moment) -> Result<(File, Publication), Failure> {
    let file = File::open_ambient(&std::path::absolute(path).map_err(Failure::io)?)?;
    let package = validate(&file, &Limits::default())?;
    verify(&file, &package, &never)?;
    // Readers ignore what they do not know; whoever publishes shall notice a misspelt field.
    Manifest::parse_strict(package.manifest_bytes())?;
    let description = describe(&file, &package, &never)?;
    let publication = Publication {
        description: custom(&package, &description, moment),
        archive: description.archive,
        siblings: siblings(&package, &description),
    };
    Ok((file, publication))
}

fn custom(package: &Validated, description: &Description, moment: Moment) -> ReleaseCustom {
    let manifest = package.manifest().clone();
    let size = package.manifest_bytes().len() as u64;
    let artifact = ArtifactRef { sha256: package.manifest_sha256(), size };
    let (members, extras) = manifest.members();
    ReleaseCustom {
        torrent: Some(description.torrent.torrent()),
        unpacked_size: manifest.unpacked_size(),
        games: manifest.games,
        platforms: manifest.platforms,
        side: manifest.side,
        depends: manifest.depends.into_iter().chain(members).collect(),
        features: manifest.features,
        recommends: manifest.recommends,
        suggests: manifest.suggests.into_iter().chain(extras).collect(),
        conflicts: manifest.conflicts,
        provides: manifest.provides,
        license: manifest.license,
        redistribute: manifest.redistribute,
        published: Some(moment.now),
        display: Display {
            title: manifest.title,
            summary: manifest.summary,
            authors: manifest.authors,
            tags: manifest.tags,
            homepage: manifest.homepage,
            icon: None,
        },
        ..ReleaseCustom::new(manifest.name, manifest.version, manifest.kind, artifact)
    }
}

fn siblings(package: &Validated, description: &Description) -> BTreeMap<Sibling, Vec<u8>> {
    let mut siblings = BTreeMap::from([
        (Sibling::Manifest, package.manifest_bytes().to_vec()),
        (Sibling::BlockList, description.block_list.to_bytes()),
        (Sibling::TorrentFile, description.torrent.metainfo()),
    ]);
    if let Some(map) = &description.entry_map {
        siblings.insert(Sibling::EntryMap, map.to_bytes());
    }
    siblings
}

/// Keeps what was signed about this version apart from its contents: date, channel, withdrawal, further origins.
pub fn keep_decisions(
    files: &dyn Files,
    description: &mut ReleaseCustom,
    key: &SigningKey,
    moment: Moment,
) -> Result<(), Error> {
    let mut before = None;
    let release = (&description.package, &description.version);
    // Only what the publisher's key signed is seen here; the change itself is not wanted.
    match amend(files, release, |signed| before = Some(signed.clone()), &[key], moment) {
        Ok(_) => {}
        Err(Error::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(error),
    }
    if let Some(before) = before {
        description.published = before.published.or(description.published);
        description.channel = before.channel;
        description.yanked = before.yanked;
        description.origins = before.origins;
    }
    Ok(())
}
