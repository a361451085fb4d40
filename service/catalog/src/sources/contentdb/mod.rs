//! ContentDB as a source: the list of everything for Luanti, and a closer look at what somebody wants to have.
//!
//! The list says which packages there are, the newest release of each, and what they bring and need. Sizes, licences and
//! older releases are on each package's own page; they are fetched when it is looked at or may become part of an answer
//! ([`Source::look_closer`]), and kept with the row. Releases are known by the bytes that come first (decision 0027).

mod listing;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use muster_adapters::contentdb::{self, DependencyPage, Details, Needs, PackageName};
use muster_domain::{GameId, PackageId, SourceId};
use muster_store::CatalogDb;

use super::{
    foreign::{SourceAddress, Surroundings},
    rows::facts_of,
    service::{ServiceAddress, ServiceKind},
    shelf::put_rows,
};
use crate::{
    Error, Examined, Fact, FetchError, Result, Source, Synced,
    transport::{Fresh, ServiceClient, host_of},
};

static KIND: ServiceKind =
    ServiceKind { name: "contentdb", official: "https://content.luanti.org/", parts: None };
/// The game that everything here is for.
const GAME: &str = "minetest";
/// Longest list, in bytes.
const MAX_LIST: u64 = 64 * 1024 * 1024;
/// Longest answer about one package, in bytes.
const MAX_ANSWER: u64 = 8 * 1024 * 1024;
/// The list of all packages.
const LIST: &str = "api/packages/?fmt=short";
/// Most pages of needs; the service has about a dozen.
const MAX_PAGES: u32 = 500;
/// Packages on one page of needs: the most that the service gives.
const PAGE: u32 = 300;
/// How long what a closer look found counts, unless the list names another release.
const FRESH_FOR: SignedDuration = SignedDuration::from_hours(1);
/// Under which the mark of the list that is loaded is kept, beside the rows that came from it.
const MARK: &str = "list-mark";

/// Reads `contentdb`, or `contentdb+` before the address of another host of the same program.
pub(super) fn parse(text: &str) -> Result<Option<ContentDbAddress>> {
    Ok(ServiceAddress::parse(&KIND, text)?.map(ContentDbAddress))
}

/// Where a ContentDB is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ContentDbAddress(ServiceAddress);

impl std::fmt::Display for ContentDbAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One page of what packages need, counted from 1.
fn needs_path(page: u32) -> String {
    format!("api/dependencies/?page={page}&num={PAGE}")
}

impl SourceAddress for ContentDbAddress {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn source_id(&self) -> SourceId {
        self.0.source_id()
    }

    fn host(&self) -> Option<String> {
        Some(host_of(self.0.base()))
    }

    fn open(&self, surroundings: Surroundings) -> Result<Arc<dyn Source>> {
        let credentials = surroundings.credentials(self);
        let client = ServiceClient::open(self.0.base().clone(), surroundings.offline, credentials)?;
        let refuse = |_| Error::Address { address: self.to_string(), why: "no game for it" };
        Ok(Arc::new(ContentDbSource {
            id: self.0.source_id(),
            address: self.0.clone(),
            game: GAME.parse().map_err(refuse)?,
            catalog: surroundings.catalog,
            client,
        }))
    }
}

/// The packages of one ContentDB.
pub(super) struct ContentDbSource {
    id: SourceId,
    address: ServiceAddress,
    client: ServiceClient,
    catalog: Arc<CatalogDb>,
    game: GameId,
}

impl ContentDbSource {
    fn unreachable(&self, error: FetchError) -> Error {
        Error::Unreachable { source_id: self.id.clone(), error }
    }

    fn damaged(&self, error: impl ToString) -> Error {
        Error::Index { source_id: self.id.clone(), why: error.to_string() }
    }

    fn unknown(&self, id: &PackageId) -> Error {
        Error::UnknownPackage { source_id: self.id.clone(), id: id.clone() }
    }

    /// What all packages bring and need. A page that cannot be had is missing to all of them.
    async fn needs(&self) -> Result<Vec<Needs>> {
        let (mut all, mut page, mut refused) = (Vec::new(), 1, 0);
        loop {
            let bytes = self
                .client
                .read(&needs_path(page), MAX_ANSWER)
                .await
                .map_err(|error| self.unreachable(error))?;
            let found = DependencyPage::parse(&bytes).map_err(|error| self.damaged(error))?;
            refused += found.refused;
            all.extend(found.needs);
            if page >= found.pages {
                break;
            }
            if page == MAX_PAGES {
                return Err(self.damaged("it has too many pages"));
            }
            page += 1;
        }
        if refused > 0 {
            tracing::warn!(source = %self.id, refused, "what some packages need cannot be read; they are left out");
        }
        Ok(all)
    }

    /// An answer about one package, which the service may no longer have.
    async fn answer(&self, id: &PackageId, path: &str) -> Result<Vec<u8>> {
        match self.client.read(path, MAX_ANSWER).await {
            Ok(bytes) => Ok(bytes),
            Err(FetchError::ServerError { status: 404 | 410, .. }) => Err(self.unknown(id)),
            Err(error) => Err(self.unreachable(error)),
        }
    }
}

#[async_trait]
impl Source for ContentDbSource {
    fn id(&self) -> &SourceId {
        &self.id
    }

    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let mark = match catalog.shards(&self.id).await?.is_empty() {
            true => None,
            false => catalog.file(&self.id, MARK).await?.and_then(|mark| String::from_utf8(mark).ok()),
        };
        let fetched = self.client.get(LIST, mark.as_deref(), MAX_LIST).await;
        let Fresh::New { bytes, mark } = fetched.map_err(|error| self.unreachable(error))? else {
            return Ok(Synced::default());
        };
        let (listed, refused) = contentdb::list(&bytes).map_err(|error| self.damaged(error))?;
        if listed.is_empty() {
            return Err(self.damaged("it names no package"));
        }
        if refused > 0 {
            tracing::warn!(source = %self.id, refused, "entries of the list cannot be used");
        }
        let needs = self.needs().await?;
        let (source, game, base) = (self.id.clone(), self.game.clone(), self.address.base().clone());
        let made = tokio::task::spawn_blocking(move || listing::rows((&source, &game, &base), listed, needs));
        let rows = made.await.map_err(|_| self.damaged("a worker ended"))?;
        let synced = put_rows(catalog, &self.id, rows, now).await?;
        // Last: a sync that ended before is done again.
        catalog.put_file(&self.id, MARK, mark.unwrap_or_default().into_bytes(), now).await?;
        Ok(synced)
    }

    async fn look_closer(&self, id: &PackageId, now: Timestamp) -> Result<()> {
        let name: PackageName = id.as_str().parse().map_err(|_| self.unknown(id))?;
        let known = self.catalog.package(&self.id, id).await?.ok_or_else(|| self.unknown(id))?;
        if listing::looked_at(&known).is_some_and(|then| now.duration_since(then) < FRESH_FOR) {
            return Ok(());
        }
        let details = self.answer(id, &format!("api/packages/{name}/")).await?;
        let releases = self.answer(id, &format!("api/packages/{name}/releases/")).await?;
        let details = Details::parse(&details).map_err(|error| self.damaged(error))?;
        let (releases, refused) = contentdb::release_list(&releases).map_err(|error| self.damaged(error))?;
        if refused > 0 {
            tracing::warn!(source = %self.id, package = %id, refused, "releases cannot be used");
        }
        let base = self.address.base();
        let closer = listing::closer((&self.id, base), &known, &details, &releases, now);
        Ok(self.catalog.describe_package(&self.id, id, closer).await?)
    }

    async fn examine(&self) -> Vec<Examined> {
        let list = self.client.read(LIST, MAX_LIST).await.map_err(|error| self.unreachable(error));
        let first = list.as_ref().ok().and_then(|bytes| contentdb::list(bytes).ok());
        let first = first.and_then(|(listed, _)| listed.into_iter().next());
        let mut examined = vec![Examined::of(&self.id, LIST.to_owned(), &contentdb::list_shape(), list)];
        let mut asked = vec![(needs_path(1), DependencyPage::shape())];
        if let Some(package) = first {
            asked.push((format!("api/packages/{}/", package.name), Details::shape()));
            asked.push((format!("api/packages/{}/releases/", package.name), contentdb::releases_shape()));
        }
        for (path, shape) in asked {
            let answer = self.client.read(&path, MAX_ANSWER).await.map_err(|error| self.unreachable(error));
            examined.push(Examined::of(&self.id, path, &shape, answer));
        }
        examined
    }

    fn is_local(&self) -> bool {
        self.client.is_local()
    }

    async fn facts(&self, id: &PackageId, now: Timestamp) -> Result<Vec<Fact>> {
        self.look_closer(id, now).await?;
        self.stored_facts(id).await
    }

    async fn stored_facts(&self, id: &PackageId) -> Result<Vec<Fact>> {
        let mut facts = facts_of(&self.catalog, &self.id, id, self.is_local()).await?;
        // What only the list says is enough to be found, not to be installed.
        facts.retain(|fact| fact.release.archive.size > 0);
        Ok(facts)
    }
}
