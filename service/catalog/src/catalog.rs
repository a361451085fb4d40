//! The merged view of all sources, and the only way to it.
//!
//! Invariants: every source is synced by itself, with its own limit of time and its own breaker; what it said last
//! stays searchable when it fails. Searching never waits for a sync.

mod health;
mod means;
mod preferences;
mod prospects;
mod suggest;
mod sync;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use muster_domain::{PackageId, Release, SourceId, Vouched};
use muster_registry::Target;
use muster_store::{
    CatalogDb, StateDb,
    catalog::{PackageDetail, PackageRow},
    state,
};

pub use health::{Health, Status};
pub use means::Means;
use preferences::Preferences;

use crate::{
    Address, AdviceBook, Error, Fact, Result, Source, Trending,
    breaker::{Breaker, BreakerPolicy},
    query::Query,
    search::{SearchContext, SearchResult, Searcher},
    snapshot::{self, Snapshot},
    sources::{
        foreign::{ForeignAddress, Surroundings},
        registry::RegistrySource,
    },
    transport::{self, FetchError, GitAddress, Opened},
};

/// How often a search begins anew because packages came while it ran.
const STALE: usize = 3;

/// How patient the catalogue is with its sources.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Longest sync of one source.
    pub whole: Duration,
    /// Tries of one sync; only failures that may pass are tried again.
    pub tries: u32,
    /// Wait before the second try; doubles after it.
    pub first_wait: SignedDuration,
    pub breaker: BreakerPolicy,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            whole: Duration::from_secs(300),
            tries: 3,
            first_wait: SignedDuration::from_millis(500),
            breaker: BreakerPolicy::default(),
        }
    }
}

struct Member {
    source: Arc<dyn Source>,
    registry: Option<Arc<RegistrySource>>,
    breaker: Mutex<Breaker>,
    /// One sync at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Member {
    fn timed_out(&self) -> Error {
        let source_id = self.source.id().clone();
        let address = self.registry.as_ref().map(|registry| registry.address().to_string());
        let host = address.unwrap_or_else(|| source_id.to_string());
        Error::Unreachable { source_id, error: FetchError::Timeout { host } }
    }
}

/// All sources and what they offer.
pub struct Catalog {
    database: Arc<CatalogDb>,
    state: Arc<StateDb>,
    searcher: Searcher,
    members: RwLock<BTreeMap<SourceId, Arc<Member>>>,
    advice: RwLock<Arc<AdviceBook>>,
    /// Held while the book is made, so that an older one is never put in place of a newer one.
    advising: tokio::sync::Mutex<()>,
    preferences: Preferences,
    /// What trends, until a sync brings other counts.
    trends: tokio::sync::Mutex<Option<Arc<Vec<Trending>>>>,
    patience: Patience,
    means: Means,
}

impl Catalog {
    /// Opens the catalogue with the sources of `state` that are enabled; no network. A source that cannot be opened is
    /// left out and logged; registries in git repositories are, because they have no folder.
    pub async fn open(database: Arc<CatalogDb>, state: Arc<StateDb>, patience: Patience) -> Result<Self> {
        Self::open_with(database, state, Means::default(), patience).await
    }

    /// The same with a folder for git repositories and with keys.
    pub async fn open_with(
        database: Arc<CatalogDb>,
        state: Arc<StateDb>,
        means: Means,
        patience: Patience,
    ) -> Result<Self> {
        let searcher = Searcher::open(database.clone()).await?;
        let catalog = Self {
            database,
            state,
            searcher,
            members: RwLock::default(),
            advice: RwLock::default(),
            advising: tokio::sync::Mutex::default(),
            preferences: Preferences::default(),
            trends: tokio::sync::Mutex::default(),
            patience,
            means,
        };
        catalog.read_order().await?;
        let sources = catalog.state.sources().all().await?;
        let in_git = sources.iter().filter_map(|source| GitAddress::parse(&source.address).ok().flatten());
        catalog.means.repositories.keep_only(in_git.collect()).await;
        for source in sources {
            if !source.enabled {
                catalog.preferences.hide(source.id);
                continue;
            }
            if let Err(error) = catalog.open_member(&source).await {
                tracing::warn!(source = %source.id, %error, "a source cannot be opened");
            }
        }
        catalog.read_advice().await;
        Ok(catalog)
    }

    /// Takes over the player's order of sources from `state`.
    pub async fn read_order(&self) -> Result<()> {
        let sources = self.state.sources().all().await?.into_iter().map(|source| source.id).collect();
        self.preferences.put_in_order(sources);
        Ok(())
    }

    /// Whether nobody on another machine may be asked.
    pub fn set_offline(&self, is_offline: bool) {
        self.preferences.offline.set(is_offline);
    }

    /// Takes up a source that was added to `state` or enabled there, and shows what is known of it.
    pub async fn open_source(&self, source: &state::Source) -> Result<()> {
        self.open_member(source).await?;
        self.preferences.show(&source.id);
        self.forget_trends().await;
        self.read_order().await?;
        self.read_advice().await;
        Ok(())
    }

    /// Lets go of a source that was disabled in `state`: it is neither asked nor shown, and nothing it said is lost.
    pub async fn close_source(&self, id: &SourceId) {
        self.preferences.hide(id.clone());
        self.members.write().unwrap_or_else(PoisonError::into_inner).remove(id);
        self.read_advice().await;
    }

    async fn open_member(&self, source: &state::Source) -> Result<()> {
        if let Some(address) = ForeignAddress::parse(&source.address)?.filter(|a| a.kind() == source.kind) {
            let surroundings = Surroundings {
                catalog: self.database.clone(),
                offline: self.preferences.offline.clone(),
                keys: self.means.keys.clone(),
            };
            self.add(address.open(surroundings)?);
            return Ok(());
        }
        let address = Address::parse(&source.address)?;
        let Some(root) = source.root.as_deref().filter(|_| source.kind == "registry") else {
            return Err(Error::UnknownSource { source_id: source.id.clone() });
        };
        let Opened { mut files, git } = transport::open(&address, &self.means.repositories)?;
        if !address.is_folder() {
            files = self.preferences.offline.before(files, address.host());
        }
        let registry = RegistrySource::open_with(root, address, files, self.state.clone()).await?;
        self.add_registry(Arc::new(registry.out_of(git)));
        Ok(())
    }

    /// Takes up a registry that is open already.
    pub fn add_registry(&self, registry: Arc<RegistrySource>) {
        self.add_member(registry.clone(), Some(registry));
    }

    /// Takes up a source of any kind.
    pub fn add(&self, source: Arc<dyn Source>) {
        self.add_member(source, None);
    }

    fn add_member(&self, source: Arc<dyn Source>, registry: Option<Arc<RegistrySource>>) {
        let id = source.id().clone();
        let breaker = Mutex::new(Breaker::new(self.patience.breaker));
        let member = Arc::new(Member { source, registry, breaker, turn: tokio::sync::Mutex::default() });
        self.members.write().unwrap_or_else(PoisonError::into_inner).insert(id, member);
    }

    /// Lets go of a source and removes its packages from the catalogue. Its row in `state` is the caller's.
    pub async fn forget(&self, id: &SourceId) -> Result<()> {
        let member = self.members.write().unwrap_or_else(PoisonError::into_inner).remove(id);
        self.preferences.show(id);
        let stored = self.state.sources().get(id).await?;
        if let Some(address) = stored.and_then(|source| GitAddress::parse(&source.address).ok().flatten()) {
            self.means.repositories.forget(&address).await;
        }
        if let Some(member) = member {
            let _turn = member.turn.lock().await;
            self.database.forget_source(id).await?;
        } else {
            self.database.forget_source(id).await?;
        }
        self.read_advice().await;
        self.take_over().await
    }

    /// What the sources advise against, as of their last syncs.
    pub fn advice(&self) -> Arc<AdviceBook> {
        self.advice.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over what the sources advise against. Where a list cannot be read, what was known of it counts on.
    async fn read_advice(&self) {
        let _turn = self.advising.lock().await;
        let before = self.advice();
        let mut lists = Vec::new();
        for member in self.members() {
            let id = member.source.id().clone();
            let list = member.source.advisories().await.unwrap_or_else(|error| {
                tracing::error!(source = %id, %error, "what is advised against cannot be read; what was known counts");
                before.of(&id)
            });
            lists.push((id, list));
        }
        *self.advice.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(AdviceBook::new(lists));
    }

    fn members(&self) -> Vec<Arc<Member>> {
        self.members.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn member(&self, id: &SourceId) -> Result<Arc<Member>> {
        let members = self.members.read().unwrap_or_else(PoisonError::into_inner);
        members.get(id).cloned().ok_or_else(|| Error::UnknownSource { source_id: id.clone() })
    }

    /// A registry among the sources, for what only registries have.
    pub fn registry(&self, id: &SourceId) -> Result<Arc<RegistrySource>> {
        self.member(id)?.registry.clone().ok_or_else(|| Error::UnknownSource { source_id: id.clone() })
    }

    /// The folders that are sources, which change whenever files in them do.
    pub fn watched(&self) -> Vec<(SourceId, PathBuf)> {
        let members = self.members.read().unwrap_or_else(PoisonError::into_inner);
        let watched =
            |(id, member): (&SourceId, &Arc<Member>)| Some((id.clone(), member.source.watched()?.to_owned()));
        members.iter().filter_map(watched).collect()
    }

    /// Which other program brings the packages of a source, if one does.
    pub fn managed_by(&self, id: &SourceId) -> Option<&'static str> {
        self.member(id).ok()?.source.managed_by()
    }

    /// The sources that are taken up.
    pub fn sources(&self) -> Vec<SourceId> {
        self.members.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Searches what is known now.
    pub async fn search(
        &self,
        query: &Query,
        context: SearchContext,
        rows: Range<usize>,
    ) -> Result<SearchResult> {
        let preference = self.preferences.of_searches();
        for _ in 0..STALE {
            match self.searcher.search(query, context.clone(), &preference, rows.clone()).await {
                // A sync is putting packages in: what is there by now is taken over before its end.
                Err(Error::ResultGone) => self.searcher.refresh().await?,
                other => return other,
            }
        }
        self.searcher.search(query, context, &preference, rows).await
    }

    /// How many packages a search finds.
    pub async fn count(&self, query: &Query, context: SearchContext) -> Result<usize> {
        self.searcher.count(query, context, &self.preferences.of_searches()).await
    }

    /// Several packages with all their versions, as the catalogue shows them: hints.
    pub async fn heads(&self, keys: Vec<(SourceId, PackageId)>) -> Result<Vec<(PackageRow, Vec<Release>)>> {
        let mut found = self.database.heads(keys).await?;
        for (package, releases) in &mut found {
            self.recognise((&package.source, &package.id), releases.iter_mut()).await?;
        }
        Ok(found)
    }

    /// One package with all its versions, as the catalogue shows it: hints.
    pub async fn package(&self, source: &SourceId, id: &PackageId) -> Result<PackageDetail> {
        let found = self.database.package(source, id).await?;
        let unknown = || Error::UnknownPackage { source_id: source.clone(), id: id.clone() };
        let mut detail = found.ok_or_else(unknown)?;
        self.recognise((source, id), detail.releases.iter_mut()).await?;
        Ok(detail)
    }

    /// Fetches what the list of a source leaves out of a package, where it leaves something out, and keeps it.
    ///
    /// # Errors
    /// Whatever keeps the source from saying it; what is known of the package stays.
    pub async fn look_closer(&self, source: &SourceId, id: &PackageId, now: Timestamp) -> Result<()> {
        self.member(source)?.source.look_closer(id, now).await
    }

    /// Which packages of a source files are of that are known by their SHA-512, each looked at closely.
    ///
    /// # Errors
    /// Whatever keeps the source from saying it.
    pub async fn find_files(
        &self,
        source: &SourceId,
        sha512: &[String],
        now: Timestamp,
    ) -> Result<BTreeMap<String, PackageId>> {
        self.member(source)?.source.find_files(sha512, now).await
    }

    /// What somebody left at the service of a source under a code.
    ///
    /// # Errors
    /// Whatever keeps the source from giving it.
    pub async fn left_under(&self, source: &SourceId, code: &str) -> Result<Option<Vec<u8>>> {
        self.member(source)?.source.left_under(code).await
    }

    /// All releases of a package as their source vouches for them: what may be installed.
    pub async fn facts(&self, source: &SourceId, id: &PackageId, now: Timestamp) -> Result<Vec<Fact>> {
        let mut facts = self.member(source)?.source.facts(id, now).await?;
        self.recognise((source, id), facts.iter_mut().map(|fact| &mut fact.release)).await?;
        Ok(facts)
    }

    /// Lays an archive out that lies in the git repository of its registry; `None` where it does not lie in one. It stays
    /// for an hour at least. Nobody is asked.
    ///
    /// # Errors
    /// Whatever keeps it from being read or written.
    pub async fn lay_out(&self, fact: &Fact) -> Result<Option<PathBuf>> {
        match self.registry(&fact.release.source) {
            Ok(registry) => registry.lay_out(fact).await,
            Err(_) => Ok(None),
        }
    }

    /// Gives archives that their source has no hash for the one with which they were first seen here.
    async fn recognise(
        &self,
        (source, id): (&SourceId, &PackageId),
        releases: impl Iterator<Item = &mut Release>,
    ) -> Result<()> {
        let awaited: Vec<&mut Release> =
            releases.filter(|release| release.vouched == Vouched::Awaited).collect();
        if awaited.is_empty() {
            return Ok(());
        }
        let seen = self.state.first_seen().of_package(source, id).await?;
        for release in awaited {
            if let Some(sha256) = seen.get(&release.version.to_string()) {
                release.archive.sha256 = *sha256;
                release.vouched = Vouched::FirstSeen;
            }
        }
        Ok(())
    }

    /// The same from what is stored here, also when the source is late or gone: for reinstalling.
    pub async fn stored_facts(&self, source: &SourceId, id: &PackageId) -> Result<Vec<Fact>> {
        let mut facts = self.member(source)?.source.stored_facts(id).await?;
        self.recognise((source, id), facts.iter_mut().map(|fact| &mut fact.release)).await?;
        Ok(facts)
    }

    /// The bytes of a small signed file of a registry (icon, manifest, block list): from here, else fetched and kept.
    pub async fn small_file(
        &self,
        id: &SourceId,
        target: &Target,
        limit: u64,
        now: Timestamp,
    ) -> Result<Vec<u8>> {
        let registry = self.registry(id)?;
        if let Some(bytes) = self.database.file(id, &target.file).await?
            && muster_registry::sha256(&bytes) == target.sha256
        {
            return Ok(bytes);
        }
        let bytes =
            registry.client().fetch(target, limit).await.map_err(|error| Error::registry(id, error))?;
        self.database.put_file(id, &target.file, bytes.clone(), now).await?;
        Ok(bytes)
    }

    /// What the resolver may look at, starting from these packages.
    pub async fn snapshot(&self, roots: Vec<(SourceId, PackageId)>) -> Result<Snapshot> {
        let counts = self.database.counts().await?;
        let sources = self.sources();
        let unread: BTreeSet<SourceId> = sources.into_iter().filter(|id| !counts.contains_key(id)).collect();
        snapshot::collect(&self.database, roots, unread).await
    }
}
