//! The releases of a repository on GitHub as a source: each file that can be a package is one, in every release that has it.
//!
//! Newer answers say the SHA-256 of each file; where one does not, its bytes are known by what comes first (decision 0027).
//! Releases marked as not finished are the channel beta. Requests are counted by the service, 60 an hour without an account:
//! one that would change nothing is not counted, because it names what is here (ETag).

mod address;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use muster_adapters::github::{Asset, GithubRelease, Repository, releases, releases_shape};
use muster_domain::{
    Archive, Channel, GameSupport, Kind, ListedVersion, PackageId, Recipe, Redistribution, Release, Side,
    SourceId, Version, VersionRange, Vouched,
};
use muster_store::{CatalogDb, catalog::Listing};
use serde_json::json;

use self::address::RepositoryAddress;
use super::{
    folder::{
        ARCHIVE_RECIPE, FILE_RECIPE,
        name::{Form, form, name_and_version},
    },
    foreign::{SourceAddress, Surroundings},
    rows::facts_of,
    shelf::{ShelfRow, put_rows},
};
use crate::{
    Error, Examined, Fact, FetchError, KeyHeader, KeyUse, Result, Source, Synced,
    normalize::{self, CHANGES, distinct, text_of, words},
    query::Facet,
    transport::{Fresh, ServiceClient, host_of},
};

/// Longest answer, in bytes.
const MAX_ANSWER: u64 = 32 * 1024 * 1024;
/// Releases on one page: the most that the service gives.
const PAGE: usize = 100;
/// Most pages: older releases are left out.
const MAX_PAGES: usize = 5;
/// Under which the mark of the first page is kept, beside the rows that came from it.
const MARK: &str = "releases-mark";

/// Reads `github:<game>+<owner>/<repository>`.
pub(super) fn parse(text: &str) -> Result<Option<impl SourceAddress + use<>>> {
    RepositoryAddress::parse(text)
}

impl SourceAddress for RepositoryAddress {
    fn kind(&self) -> &'static str {
        RepositoryAddress::kind(self)
    }

    fn source_id(&self) -> SourceId {
        RepositoryAddress::source_id(self)
    }

    fn host(&self) -> Option<String> {
        Some(host_of(self.base()))
    }

    /// With a token the service answers 5,000 requests an hour in place of 60.
    fn key_use(&self) -> Option<KeyUse> {
        Some(KeyUse::of(self.base(), KeyHeader::Bearer))
    }

    fn open(&self, surroundings: Surroundings) -> Result<Arc<dyn Source>> {
        let credentials = surroundings.credentials(self);
        Ok(Arc::new(GithubSource {
            id: RepositoryAddress::source_id(self),
            client: ServiceClient::open(self.base().clone(), surroundings.offline, credentials)?,
            catalog: surroundings.catalog,
            address: self.clone(),
        }))
    }
}

/// The releases of one repository.
struct GithubSource {
    id: SourceId,
    address: RepositoryAddress,
    client: ServiceClient,
    catalog: Arc<CatalogDb>,
}

/// A release as it is installed, how often its file was fetched, and what its author says of it.
type Found<'a> = (Release, u64, &'a str);

impl GithubSource {
    fn unreachable(&self, error: FetchError) -> Error {
        Error::Unreachable { source_id: self.id.clone(), error }
    }

    fn damaged(&self, error: impl ToString) -> Error {
        Error::Index { source_id: self.id.clone(), why: error.to_string() }
    }

    /// All releases, the first page only if it changed.
    async fn fetch(&self, mark: Option<&str>) -> Result<Option<(Vec<GithubRelease>, Option<String>)>> {
        let name = self.address.name();
        let path = |page: usize| format!("{name}/releases?per_page={PAGE}&page={page}");
        let first = self.client.get(&path(1), mark, MAX_ANSWER).await;
        let Fresh::New { mut bytes, mark } = first.map_err(|error| self.unreachable(error))? else {
            return Ok(None);
        };
        let mut all = Vec::new();
        for page in 2.. {
            let (found, count) = releases(&bytes).map_err(|error| self.damaged(error))?;
            all.extend(found);
            if count < PAGE || page > MAX_PAGES {
                break;
            }
            bytes =
                self.client.read(&path(page), MAX_ANSWER).await.map_err(|error| self.unreachable(error))?;
        }
        Ok(Some((all, mark)))
    }

    /// Every file that can be a package, by the name that it has without its version.
    fn rows(&self, about: &Repository, found: &[GithubRelease]) -> Vec<ShelfRow> {
        let mut packages: BTreeMap<String, Vec<Found<'_>>> = BTreeMap::new();
        for release in found {
            for asset in &release.assets {
                let Some(form) = form(&asset.name).filter(|form| *form != Form::Package) else { continue };
                let name = name_and_version(&asset.name).0;
                if let Some(made) = self.release(about, (release, asset), (&name, form)) {
                    packages.entry(name).or_default().push((made, asset.downloads, &release.notes));
                }
            }
        }
        packages.into_iter().filter_map(|(name, releases)| self.row(about, &name, releases)).collect()
    }

    fn release(
        &self,
        about: &Repository,
        (release, asset): (&GithubRelease, &Asset),
        (name, form): (&str, Form),
    ) -> Option<Release> {
        let published: Timestamp = release.published.parse().ok()?;
        let place = u64::try_from(published.as_second()).ok()?;
        let version = Version::Listed(ListedVersion::new(place, &release.tag));
        let id: PackageId = format!("{}/{name}", self.address.owner()).parse().ok()?;
        let (archive, vouched) = match asset.sha256 {
            Some(sha256) => (Archive { sha256, size: asset.size }, Vouched::Source),
            None => (Archive::awaited(&self.id, &id, &version, asset.size), Vouched::Awaited),
        };
        let recipe = match form {
            Form::Whole => Recipe { by: FILE_RECIPE.into(), rules: asset.name.clone() },
            Form::Archive | Form::Package => Recipe { by: ARCHIVE_RECIPE.into(), rules: String::new() },
        };
        let game = self.address.game().clone();
        Some(Release {
            source: self.id.clone(),
            kind: Kind(Kind::MOD.into()),
            unpacked_size: 0,
            channel: if release.is_prerelease { Channel::Beta } else { Channel::Stable },
            yanked: None,
            games: vec![GameSupport { game, version: VersionRange::any() }],
            platforms: Vec::new(),
            side: Side::default(),
            depends: Vec::new(),
            recommends: Vec::new(),
            features: Vec::new(),
            suggests: Vec::new(),
            conflicts: Vec::new(),
            provides: Vec::new(),
            license: about.license.clone(),
            redistribute: Redistribution::ByLicense,
            origins: vec![asset.download.to_string()],
            torrent: None,
            block_list: None,
            entry_map: None,
            published: Some(published),
            recipe: Some(recipe),
            archive,
            vouched,
            version,
            id,
        })
    }

    fn row(&self, about: &Repository, name: &str, mut found: Vec<Found<'_>>) -> Option<ShelfRow> {
        found.sort_by(|(a, ..), (b, ..)| {
            b.version.partial_cmp(&a.version).unwrap_or(std::cmp::Ordering::Equal)
        });
        // One file of each release: of two with one name, the one that the release names first.
        found.dedup_by(|(later, ..), (first, ..)| later.version == first.version);
        let downloads: u64 = found.iter().map(|(_, downloads, _)| downloads).sum();
        let changes = normalize::changes(found.iter().map(|(release, _, notes)| (&release.version, *notes)));
        let releases: Vec<Release> = found.into_iter().map(|(release, ..)| release).collect();
        let newest =
            releases.iter().find(|release| release.channel == Channel::Stable).or(releases.first())?;
        let about_row = serde_json::to_vec(&(&releases, &changes)).unwrap_or_default();
        let (title, publisher) = (name.replace(['_', '-'], " "), self.address.owner().to_owned());
        let tags = distinct(about.topics.iter().cloned());
        let (channel, kind) = (text_of(&newest.channel), newest.kind.clone());
        let mut facets = vec![
            (Facet::Kind, kind.0.clone()),
            (Facet::Source, self.id.to_string()),
            (Facet::Channel, channel.clone()),
            (Facet::Game, self.address.game().to_string()),
            (Facet::Publisher, publisher.clone()),
        ];
        facets.extend(about.license.iter().map(|license| (Facet::License, license.clone())));
        facets.extend(tags.iter().map(|tag| (Facet::Tag, tag.clone())));
        let listing = Listing {
            id: newest.id.clone(),
            words: words(&title, name, &publisher, &tags, &about.summary),
            version: newest.version.to_string(),
            side: text_of(&Side::default()),
            size: newest.archive.size,
            updated: releases.iter().filter_map(|release| release.published).max(),
            published: releases.iter().filter_map(|release| release.published).min(),
            downloads: Some(downloads),
            detail: json!({
                "authors": [publisher], "homepage": about.homepage, "source": about.page, CHANGES: changes,
            }),
            facets: facets.into_iter().map(|(facet, value)| (facet.as_str().to_owned(), value)).collect(),
            license: about.license.clone(),
            games: vec![self.address.game().to_string()],
            summary: about.summary.clone(),
            name: name.to_owned(),
            releases,
            publisher,
            channel,
            title,
            kind,
            tags,
        };
        Some(ShelfRow { about: muster_registry::sha256(&about_row), listing })
    }
}

#[async_trait]
impl Source for GithubSource {
    fn id(&self) -> &SourceId {
        &self.id
    }

    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let mark = match catalog.shards(&self.id).await?.is_empty() {
            true => None,
            false => catalog.file(&self.id, MARK).await?.and_then(|mark| String::from_utf8(mark).ok()),
        };
        let Some((found, mark)) = self.fetch(mark.as_deref()).await? else { return Ok(Synced::default()) };
        let about = match self.client.read(self.address.name(), MAX_ANSWER).await {
            Ok(bytes) => Repository::parse(&bytes).map_err(|error| self.damaged(error))?,
            Err(error) => return Err(self.unreachable(error)),
        };
        let rows = self.rows(&about, &found);
        if rows.is_empty() {
            return Err(self
                .damaged(format!("no release of {} has a file that can be a package", self.address.name())));
        }
        let synced = put_rows(catalog, &self.id, rows, now).await?;
        // Last: a sync that ended before is done again.
        catalog.put_file(&self.id, MARK, mark.unwrap_or_default().into_bytes(), now).await?;
        Ok(synced)
    }

    async fn examine(&self) -> Vec<Examined> {
        let name = self.address.name();
        let asked = [
            (format!("{name}/releases?per_page={PAGE}&page=1"), releases_shape()),
            (name.to_owned(), Repository::shape()),
        ];
        let mut examined = Vec::new();
        for (path, shape) in asked {
            let answer = self.client.read(&path, MAX_ANSWER).await.map_err(|error| self.unreachable(error));
            examined.push(Examined::of(&self.id, path, &shape, answer));
        }
        examined
    }

    fn is_local(&self) -> bool {
        self.address.is_local()
    }

    async fn facts(&self, id: &PackageId, _now: Timestamp) -> Result<Vec<Fact>> {
        self.stored_facts(id).await
    }

    async fn stored_facts(&self, id: &PackageId) -> Result<Vec<Fact>> {
        facts_of(&self.catalog, &self.id, id, self.is_local()).await
    }
}
