//! Modrinth as a source: the mods for one loader of Minecraft, with resource packs and shaders.
//!
//! Nobody can list the service whole: its searches are paged, and requests are counted. The most wanted projects are
//! listed, and from then on what changed since; a project that is not among them is known from the moment somebody names
//! it. Versions come with a closer look ([`Source::look_closer`]). Their files have a SHA-512 and no SHA-256: they are
//! known by the bytes that come first (decision 0027), which have to fit the SHA-512.

mod listing;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use muster_adapters::modrinth::{self, About, Project, ProjectId, SearchPage, version_list, versions_shape};
use muster_domain::{GameId, PackageId, Sha256, SourceId};
use muster_store::{CatalogDb, catalog::PackageChange};
use serde_json::json;
use url::form_urlencoded;

use super::{
    foreign::{SourceAddress, Surroundings},
    rows::facts_of,
    service::{ServiceAddress, ServiceKind},
    shelf::{ShelfRow, put_rows, shard_of},
};
use crate::{
    Error, Examined, Fact, FetchError, Result, Source, Synced,
    transport::{ServiceClient, host_of},
};

static KIND: ServiceKind = ServiceKind {
    name: "modrinth",
    official: "https://api.modrinth.com/v2/",
    parts: Some(&["fabric", "forge", "neoforge", "quilt"]),
};
/// The game that everything here is for.
const GAME: &str = "minecraft";
/// Longest page of a search, and longest answer about one project, in bytes.
const MAX_PAGE: u64 = 8 * 1024 * 1024;
const MAX_ANSWER: u64 = 64 * 1024 * 1024;
/// Projects on one page: the most that the service gives.
const PAGE: usize = 100;
/// Pages of the first list, most wanted first, of mods and of what needs no loader. The service allows 300 requests a
/// minute.
const MOD_PAGES: usize = 100;
const OTHER_PAGES: usize = 20;
/// Pages of what changed since the last sync, before everything is listed anew.
const CHANGED_PAGES: usize = 30;
/// Files that are asked for at once by their hashes.
const FILES_AT_ONCE: usize = 200;
/// How long changes are added before everything is listed anew: who is gone is seen only then.
const WHOLE_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long what a closer look found counts.
const FRESH_FOR: SignedDuration = SignedDuration::from_hours(1);
/// Under which is kept, beside the rows, when everything was listed, and the last change that was seen.
const WHOLE_AT: &str = "whole-at";
const SEEN: &str = "seen";

/// Reads `modrinth:<loader>`, or `modrinth+` before the address of another host, which ends in the loader.
pub(super) fn parse(text: &str) -> Result<Option<ModrinthAddress>> {
    Ok(ServiceAddress::parse(&KIND, text)?.map(ModrinthAddress))
}

/// Where a Modrinth is, and for which loader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ModrinthAddress(ServiceAddress);

impl std::fmt::Display for ModrinthAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl SourceAddress for ModrinthAddress {
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
        let refuse = |_| Error::Address { address: self.to_string(), why: "no game for it" };
        Ok(Arc::new(ModrinthSource {
            id: self.0.source_id(),
            client: ServiceClient::open(self.0.base().clone(), surroundings.offline, credentials)?,
            loader: self.0.part(),
            game: GAME.parse().map_err(refuse)?,
            catalog: surroundings.catalog,
        }))
    }
}

/// The projects of one loader.
pub(super) struct ModrinthSource {
    id: SourceId,
    loader: &'static str,
    client: ServiceClient,
    catalog: Arc<CatalogDb>,
    game: GameId,
}

/// Which projects are listed, as the service's searches name them: any of a group, all groups.
type Groups<'a> = [Vec<String>; 2];

impl ModrinthSource {
    fn unreachable(&self, error: FetchError) -> Error {
        Error::Unreachable { source_id: self.id.clone(), error }
    }

    fn damaged(&self, error: impl ToString) -> Error {
        Error::Index { source_id: self.id.clone(), why: error.to_string() }
    }

    fn unknown(&self, id: &PackageId) -> Error {
        Error::UnknownPackage { source_id: self.id.clone(), id: id.clone() }
    }

    fn mods(&self) -> Groups<'_> {
        [vec!["project_type:mod".into()], vec![format!("categories:{}", self.loader)]]
    }

    fn others() -> Groups<'static> {
        [vec!["project_type:resourcepack".into(), "project_type:shader".into()], Vec::new()]
    }

    /// Projects page by page, until there are no more, enough, or `is_old` says so of a page's last one.
    async fn search(
        &self,
        groups: &Groups<'_>,
        (order, pages): (&str, usize),
        is_old: impl Fn(&Project) -> bool,
    ) -> Result<Vec<Project>> {
        let mut found = Vec::new();
        for page in 0..pages {
            let bytes = self.client.read(&search_path(groups, order, page), MAX_PAGE).await;
            let bytes = bytes.map_err(|error| self.unreachable(error))?;
            let page = SearchPage::parse(&bytes).map_err(|error| self.damaged(error))?;
            let is_end = page.hits < PAGE || page.projects.last().is_some_and(&is_old);
            found.extend(page.projects);
            if is_end {
                break;
            }
        }
        Ok(found)
    }

    async fn text(&self, catalog: &CatalogDb, name: &str) -> Result<Option<String>> {
        Ok(catalog.file(&self.id, name).await?.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// Lists everything that is wanted most.
    async fn sync_whole(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let mut projects = self.search(&self.mods(), ("downloads", MOD_PAGES), |_| false).await?;
        projects.extend(self.search(&Self::others(), ("downloads", OTHER_PAGES), |_| false).await?);
        if projects.is_empty() {
            return Err(self.damaged("it names no project"));
        }
        let seen = newest(&projects);
        let rows = listing::rows((&self.id, &self.game), projects);
        let synced = put_rows(catalog, &self.id, rows, now).await?;
        // Last: a sync that ended before is done again.
        catalog.put_file(&self.id, SEEN, seen.into_bytes(), now).await?;
        catalog.put_file(&self.id, WHOLE_AT, now.to_string().into_bytes(), now).await?;
        Ok(synced)
    }

    /// Adds what changed since `seen`. `None` where that is too much to be told from here.
    async fn sync_changes(
        &self,
        catalog: &CatalogDb,
        (seen, now): (&str, Timestamp),
        shards: BTreeMap<String, Sha256>,
    ) -> Result<Option<Synced>> {
        let is_old = |project: &Project| project.updated.as_deref().unwrap_or_default() <= seen;
        let mut changed = Vec::new();
        for groups in [self.mods(), Self::others()] {
            let found = self.search(&groups, ("updated", CHANGED_PAGES), is_old).await?;
            if found.len() >= CHANGED_PAGES * PAGE {
                return Ok(None);
            }
            changed.extend(found);
        }
        changed.retain(|project| !is_old(project));
        if changed.is_empty() {
            return Ok(Some(Synced::default()));
        }
        let latest = newest(&changed);
        let rows = listing::rows((&self.id, &self.game), changed);
        let synced = Synced { replaced: self.add(catalog, rows, shards, now).await?, ..Synced::default() };
        catalog.put_file(&self.id, SEEN, latest.into_bytes(), now).await?;
        Ok(Some(synced))
    }

    /// Puts rows in beside those that are there, and gives in how many shards they are. These no longer are what a whole
    /// list made of them, so that the next one makes them anew.
    async fn add(
        &self,
        catalog: &CatalogDb,
        rows: Vec<ShelfRow>,
        mut shards: BTreeMap<String, Sha256>,
        now: Timestamp,
    ) -> Result<usize> {
        let listings: Vec<_> = rows.into_iter().map(|row| (shard_of(&row.listing.id), row.listing)).collect();
        let touched: BTreeSet<String> = listings.iter().map(|(shard, _)| shard.clone()).collect();
        let count = touched.len();
        shards.retain(|shard, _| touched.contains(shard));
        shards.values_mut().for_each(|hash| *hash = Sha256([0; 32]));
        let change = PackageChange { source: self.id.clone(), shards, listings, gone: Vec::new() };
        catalog.change_packages(change, now).await?;
        Ok(count)
    }

    /// An answer about one project, which the service may no longer have.
    async fn answer(&self, id: &PackageId, path: &str) -> Result<Vec<u8>> {
        match self.client.read(path, MAX_ANSWER).await {
            Ok(bytes) => Ok(bytes),
            Err(FetchError::ServerError { status: 404 | 410, .. }) => Err(self.unknown(id)),
            Err(error) => Err(self.unreachable(error)),
        }
    }
}

/// Where one page of a search is, counted from 0.
fn search_path(groups: &Groups<'_>, order: &str, page: usize) -> String {
    let facets: Vec<&Vec<String>> = groups.iter().filter(|group| !group.is_empty()).collect();
    let facets = serde_json::to_string(&facets).unwrap_or_default();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("limit", &PAGE.to_string())
        .append_pair("offset", &(page * PAGE).to_string())
        .append_pair("index", order)
        .append_pair("facets", &facets)
        .finish();
    format!("search?{query}")
}

/// The last change of all of these: in ISO 8601 of one form, texts sort as their moments.
fn newest(projects: &[Project]) -> String {
    projects.iter().filter_map(|project| project.updated.clone()).max().unwrap_or_default()
}

#[async_trait]
impl Source for ModrinthSource {
    fn id(&self) -> &SourceId {
        &self.id
    }

    async fn sync(&self, catalog: &CatalogDb, now: Timestamp) -> Result<Synced> {
        let shards = catalog.shards(&self.id).await?;
        let whole_at: Option<Timestamp> =
            self.text(catalog, WHOLE_AT).await?.and_then(|text| text.parse().ok());
        let seen = self.text(catalog, SEEN).await?.filter(|seen| !seen.is_empty());
        let is_recent = whole_at.is_some_and(|then| now.duration_since(then) < WHOLE_EVERY);
        if let (Some(seen), true, false) = (seen, is_recent, shards.is_empty())
            && let Some(synced) = self.sync_changes(catalog, (&seen, now), shards).await?
        {
            return Ok(synced);
        }
        self.sync_whole(catalog, now).await
    }

    async fn look_closer(&self, id: &PackageId, now: Timestamp) -> Result<()> {
        let project: ProjectId = id.as_str().parse().map_err(|_| self.unknown(id))?;
        let known = self.catalog.package(&self.id, id).await?;
        let then = known.as_ref().and_then(listing::looked_at);
        if then.is_some_and(|then| now.duration_since(then) < FRESH_FOR) {
            return Ok(());
        }
        let about = self.answer(id, &format!("project/{project}")).await?;
        let about = About::parse(&about).map_err(|error| self.damaged(error))?;
        if about.project.id != project {
            return Err(self.damaged("it answers about another project than the one that was asked for"));
        }
        let versions = self.answer(id, &format!("project/{project}/version")).await?;
        let (versions, refused) = version_list(&versions).map_err(|error| self.damaged(error))?;
        if refused > 0 {
            tracing::warn!(source = %self.id, package = %id, refused, "versions cannot be used");
        }
        if known.is_none() {
            let rows = listing::rows((&self.id, &self.game), vec![about.project.clone()]);
            let shards = self.catalog.shards(&self.id).await?;
            self.add(&self.catalog, rows, shards, now).await?;
        }
        let known = self.catalog.package(&self.id, id).await?.ok_or_else(|| self.unknown(id))?;
        let closer = listing::closer((&self.id, &self.game), self.loader, (&known, &about, &versions), now);
        Ok(self.catalog.describe_package(&self.id, id, closer).await?)
    }

    async fn find_files(&self, sha512: &[String], now: Timestamp) -> Result<BTreeMap<String, PackageId>> {
        let mut found = BTreeMap::new();
        for some in sha512.chunks(FILES_AT_ONCE) {
            let body = json!({"hashes": some, "algorithm": "sha512"}).to_string().into_bytes();
            let answer = self.client.post("version_files", body, MAX_ANSWER).await;
            let answer = answer.map_err(|error| self.unreachable(error))?;
            let projects = modrinth::files_found(&answer).map_err(|error| self.damaged(error))?;
            // What nobody asked for says nothing.
            let asked = projects.into_iter().filter(|(hash, _)| some.contains(hash));
            found.extend(asked.filter_map(|(hash, project)| Some((hash, project.as_str().parse().ok()?))));
        }
        let projects: BTreeSet<&PackageId> = found.values().collect();
        let mut gone = BTreeSet::new();
        for id in projects {
            match self.look_closer(id, now).await {
                // A project may be hidden while its files are still known.
                Err(Error::UnknownPackage { .. }) => drop(gone.insert(id.clone())),
                looked => looked?,
            }
        }
        found.retain(|_, id| !gone.contains(id));
        Ok(found)
    }

    async fn examine(&self) -> Vec<Examined> {
        let path = search_path(&self.mods(), "downloads", 0);
        let page = self.client.read(&path, MAX_PAGE).await.map_err(|error| self.unreachable(error));
        let first = page.as_ref().ok().and_then(|bytes| SearchPage::parse(bytes).ok());
        let first = first.and_then(|page| page.projects.into_iter().next());
        let mut examined = vec![Examined::of(&self.id, path, &SearchPage::shape(), page)];
        let Some(project) = first else { return examined };
        let asked = [
            (format!("project/{}", project.id), About::shape()),
            (format!("project/{}/version", project.id), versions_shape()),
        ];
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
        facts_of(&self.catalog, &self.id, id, self.is_local()).await
    }
}
