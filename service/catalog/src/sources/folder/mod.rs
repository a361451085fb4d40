//! A folder of the player's own as a source: packages of ours, plain archives and files that games open themselves become
//! packages by lying there.
//!
//! Each file is hashed once, and again when its size or time changes. Its SHA-256 is what everything goes by from then on,
//! so that a file that is exchanged is another version and never passes for the old one. What lies there is the player's:
//! it is never offered to others.

mod address;
pub(super) mod name;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::UNIX_EPOCH,
};

use async_trait::async_trait;
use jiff::Timestamp;
use muster_domain::{
    Archive, Channel, GameId, GameSupport, Kind, ListedVersion, PackageId, Recipe, Redistribution, Release,
    Sha256, Side, SourceId, Version, VersionRange, Vouched, clean_line,
};
use muster_fsx::{Dir, File};
use muster_package::{Limits, Manifest, validate};
use muster_store::{CatalogDb, catalog::Listing};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Digest as _;

pub use address::FolderAddress;

use self::name::{Form, form, name_and_version};
use super::{
    foreign::{SourceAddress, Surroundings},
    shelf::{ShelfRow, put_rows},
};
use crate::{
    ArchiveAt, Error, Fact, FetchError, Result, Source, Synced,
    normalize::{distinct, placed, text_of, words},
    query::Facet,
};

/// The package that a file of this name becomes; `None` for one that says itself what it is, and for no package.
pub fn file_package(name: &str) -> Option<PackageId> {
    match form(name)? {
        Form::Package => None,
        Form::Archive | Form::Whole => name_and_version(name).0.parse().ok(),
    }
}

/// Whether a file of this name becomes a package by lying in a folder.
pub fn is_package_file(name: &str) -> bool {
    form(name).is_some()
}

/// Names of the recipes of plain archives (nothing more is said of them), and of files that stay whole (their name).
pub const ARCHIVE_RECIPE: &str = "archive";
pub const FILE_RECIPE: &str = "file";
/// Most files that are looked at.
const MAX_FILES: usize = 5_000;
/// Bytes that are hashed at once.
const AT_ONCE: u64 = 1024 * 1024;
/// What rows say of a file; counted up so that files that did not change get new rows when they say more.
const ROWS: u32 = 2;
/// Under which the hashes of files are kept, beside the rows.
const HASHES: &str = "hashes";

impl SourceAddress for FolderAddress {
    fn kind(&self) -> &'static str {
        FolderAddress::kind(self)
    }

    fn source_id(&self) -> SourceId {
        FolderAddress::source_id(self)
    }

    fn host(&self) -> Option<String> {
        None
    }

    fn open(&self, surroundings: Surroundings) -> Result<Arc<dyn Source>> {
        let id = FolderAddress::source_id(self);
        Ok(Arc::new(FolderSource { id, address: self.clone(), catalog: surroundings.catalog }))
    }
}

/// The packages in one folder.
struct FolderSource {
    id: SourceId,
    address: FolderAddress,
    catalog: Arc<CatalogDb>,
}

/// A file, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    size: u64,
    /// Nanoseconds since 1970, as the volume keeps them.
    modified: u64,
    sha256: Sha256,
}

type Hashes = BTreeMap<String, Known>;

impl FolderSource {
    /// Reads the folder; files whose size and time are known are not read again.
    fn read(&self, known: &Hashes, now: Timestamp) -> Result<(Vec<ShelfRow>, Hashes), FetchError> {
        let path = self.address.path();
        let failed = |error: muster_fsx::Error| FetchError::File {
            file: path.display().to_string(),
            why: error.to_string(),
        };
        let folder = Dir::open_ambient(path).map_err(failed)?;
        let (mut rows, mut hashes) = (BTreeMap::<PackageId, Vec<Found>>::new(), Hashes::new());
        let mut entries = folder.entries().map_err(failed)?;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        for entry in entries.iter().filter(|entry| entry.metadata.is_file()).take(MAX_FILES) {
            let Some((name, form)) = entry.name_str().and_then(|name| Some((name, form(name)?))) else {
                continue;
            };
            let metadata = &entry.metadata;
            let since = metadata.modified.duration_since(UNIX_EPOCH).unwrap_or_default();
            let modified = u64::try_from(since.as_nanos()).unwrap_or(0);
            let same = known.get(name).filter(|old| old.size == metadata.size && old.modified == modified);
            // A file that cannot be read now, or is no package, costs itself only.
            let found = folder.open(name).map_err(|error| error.to_string()).and_then(|file| {
                let sha256 = match same {
                    Some(old) => old.sha256,
                    None => hash(&file).map_err(|error| error.to_string())?,
                };
                let known = Known { size: metadata.size, modified, sha256 };
                Ok((self.found((name, form), &file, &known, now)?, known))
            });
            match found {
                Ok((found, known)) => {
                    hashes.insert(name.to_owned(), known);
                    rows.entry(found.release.id.clone()).or_default().push(found);
                }
                Err(why) => tracing::info!(source = %self.id, file = name, why, "a file is no package"),
            }
        }
        Ok((
            rows.into_values().filter_map(|found| row(&self.id, self.address.game(), found)).collect(),
            hashes,
        ))
    }

    /// What a file is as a package.
    fn found(
        &self,
        (name, form): (&str, Form),
        file: &File,
        known: &Known,
        now: Timestamp,
    ) -> Result<Found, String> {
        let archive = Archive { sha256: known.sha256, size: known.size };
        let manifest = match form {
            Form::Package => {
                let valid = validate(file, &Limits::default()).map_err(|error| error.to_string())?;
                Some(valid.manifest().clone())
            }
            Form::Archive | Form::Whole => None,
        };
        let seconds = known.modified / 1_000_000_000;
        let published = i64::try_from(seconds).ok().and_then(|s| Timestamp::from_second(s).ok());
        let release = match &manifest {
            Some(manifest) => self.of_package(manifest, archive),
            None => self.of_file((name, form), archive, seconds)?,
        };
        let release = Release { published: published.or(Some(now)), ..release };
        let title = manifest.as_ref().map(|manifest| manifest.title.clone());
        Ok(Found {
            title: title.unwrap_or_else(|| name_and_version(name).0.replace('_', " ")),
            summary: manifest.map(|manifest| manifest.summary).unwrap_or_default(),
            file: name.to_owned(),
            release,
        })
    }

    fn of_package(&self, manifest: &Manifest, archive: Archive) -> Release {
        let (members, extras) = manifest.members();
        let plain = Release {
            source: self.id.clone(),
            id: manifest.name.clone().into(),
            version: manifest.version.clone(),
            kind: manifest.kind.clone(),
            archive,
            vouched: Vouched::Source,
            unpacked_size: manifest.unpacked_size(),
            channel: Channel::Stable,
            yanked: None,
            games: manifest.games.clone(),
            platforms: manifest.platforms.clone(),
            side: manifest.side,
            depends: manifest.depends.iter().cloned().chain(members).collect(),
            recommends: manifest.recommends.clone(),
            features: manifest.features.clone(),
            suggests: manifest.suggests.iter().cloned().chain(extras).collect(),
            conflicts: manifest.conflicts.clone(),
            provides: manifest.provides.clone(),
            license: manifest.license.clone(),
            // What lies in a folder of the player's is the player's.
            redistribute: Redistribution::No,
            origins: Vec::new(),
            torrent: None,
            block_list: None,
            entry_map: None,
            published: None,
            recipe: None,
        };
        match plain.games.is_empty() {
            true => Release { games: self.games(), ..plain },
            false => plain,
        }
    }

    fn of_file(&self, (name, form): (&str, Form), archive: Archive, seconds: u64) -> Result<Release, String> {
        let (id, version) = name_and_version(name);
        let recipe = match form {
            Form::Whole => Recipe { by: FILE_RECIPE.into(), rules: name.to_owned() },
            Form::Archive | Form::Package => Recipe { by: ARCHIVE_RECIPE.into(), rules: String::new() },
        };
        Ok(Release {
            source: self.id.clone(),
            id: id.parse().map_err(|error: muster_domain::IdError| error.to_string())?,
            version: Version::Listed(ListedVersion::new(seconds, &version)),
            kind: Kind(Kind::MOD.into()),
            archive,
            vouched: Vouched::Source,
            unpacked_size: 0,
            channel: Channel::Stable,
            yanked: None,
            games: self.games(),
            platforms: Vec::new(),
            side: Side::default(),
            depends: Vec::new(),
            recommends: Vec::new(),
            features: Vec::new(),
            suggests: Vec::new(),
            conflicts: Vec::new(),
            provides: Vec::new(),
            license: None,
            redistribute: Redistribution::No,
            origins: Vec::new(),
            torrent: None,
            block_list: None,
            entry_map: None,
            published: None,
            recipe: Some(recipe),
        })
    }

    fn games(&self) -> Vec<GameSupport> {
        vec![GameSupport { game: self.address.game().clone(), version: VersionRange::any() }]
    }

    async fn hashes(&self, catalog: &CatalogDb) -> Result<Hashes> {
        let kept = catalog.file(&self.id, HASHES).await?;
        Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }
}

/// One file as a version of a package.
struct Found {
    title: String,
    summary: String,
    file: String,
    release: Release,
}

/// The row of a package with all its files, the newest first.
fn row(source: &SourceId, game: &GameId, mut found: Vec<Found>) -> Option<ShelfRow> {
    found.sort_by(|a, b| {
        b.release.version.partial_cmp(&a.release.version).unwrap_or(std::cmp::Ordering::Equal)
    });
    let newest = found.first()?;
    let about: BTreeSet<(&String, &Sha256)> =
        found.iter().map(|found| (&found.file, &found.release.archive.sha256)).collect();
    let about = (ROWS, about);
    let about = muster_registry::sha256(&serde_json::to_vec(&about).unwrap_or_default());
    let (title, summary) = (clean_line(&newest.title, 120), clean_line(&newest.summary, 300));
    let (release, name) = (&newest.release, newest.release.id.to_string());
    let games = distinct(release.games.iter().map(|support| support.game.to_string()));
    let (channel, kind) = (text_of(&release.channel), release.kind.clone());
    let mut facets = vec![
        (Facet::Kind, kind.0.clone()),
        (Facet::Source, source.to_string()),
        (Facet::Channel, channel.clone()),
        (Facet::Game, game.to_string()),
    ];
    facets.extend(release.license.iter().map(|license| (Facet::License, license.clone())));
    facets.extend(placed(&release.platforms, release.side));
    let listing = Listing {
        id: release.id.clone(),
        words: words(&title, &name, "", &[], &summary),
        version: release.version.to_string(),
        side: text_of(&release.side),
        size: release.archive.size,
        updated: found.iter().filter_map(|found| found.release.published).max(),
        published: found.iter().filter_map(|found| found.release.published).min(),
        downloads: None,
        detail: json!({
            "files": found.iter().map(|found| (found.release.archive.sha256.to_string(), &found.file))
                .collect::<BTreeMap<_, _>>(),
        }),
        facets: facets.into_iter().map(|(facet, value)| (facet.as_str().to_owned(), value)).collect(),
        license: release.license.clone(),
        publisher: String::new(),
        releases: found.iter().map(|found| found.release.clone()).collect(),
        tags: Vec::new(),
        games,
        title,
        kind,
        channel,
        name,
        summary,
    };
    Some(ShelfRow { about, listing })
}

fn hash(file: &File) -> Result<Sha256, muster_fsx::Error> {
    let size = file.size()?;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; usize::try_from(AT_ONCE.min(size)).unwrap_or(0)];
    let mut at = 0;
    while at < size {
        let piece = &mut buffer[..usize::try_from(AT_ONCE.min(size - at)).unwrap_or(0)];
        file.read_exact_at(piece, at)?;
        hasher.update(&*piece);
        at += piece.len() as u64;
    }
    Ok(Sha256(hasher.finalize().into()))
}

#[async_trait]
impl Source for FolderSource {
    fn id(&self) -> &SourceId {
        &self.id
    }

    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let known = self.hashes(catalog).await?;
        let reader =
            Self { id: self.id.clone(), address: self.address.clone(), catalog: self.catalog.clone() };
        let old = known.clone();
        let read = tokio::task::spawn_blocking(move || reader.read(&old, now)).await;
        let damaged = || Error::Index { source_id: self.id.clone(), why: "a worker ended".into() };
        let read = read.map_err(|_| damaged())?;
        let (rows, hashes) =
            read.map_err(|error| Error::Unreachable { source_id: self.id.clone(), error })?;
        let synced = put_rows(catalog, &self.id, rows, now).await?;
        if hashes != known {
            let text = serde_json::to_vec(&hashes).unwrap_or_default();
            catalog.put_file(&self.id, HASHES, text, now).await?;
        }
        Ok(synced)
    }

    fn is_local(&self) -> bool {
        true
    }

    fn watched(&self) -> Option<&std::path::Path> {
        Some(self.address.path())
    }

    async fn facts(&self, id: &PackageId, _now: Timestamp) -> Result<Vec<Fact>> {
        self.stored_facts(id).await
    }

    async fn stored_facts(&self, id: &PackageId) -> Result<Vec<Fact>> {
        let unknown = || Error::UnknownPackage { source_id: self.id.clone(), id: id.clone() };
        let detail = self.catalog.package(&self.id, id).await?.ok_or_else(unknown)?;
        let file = |release: &Release| {
            let file = detail.detail["files"][release.archive.sha256.to_string()].as_str()?;
            Some(ArchiveAt::Folder(self.address.path().join(file)))
        };
        let facts = detail.releases.iter();
        Ok(facts
            .map(|release| Fact { archive_at: file(release), release: release.clone(), signed: None })
            .collect())
    }
}
