//! Looking at packages: search and the package page. Everything here is a hint (`docs/decisions/0001`).

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use muster_catalog::{
    FacetCount, Query, SearchContext,
    query::{Condition, Facet, Mode, Sort, Test},
};
use muster_domain::{
    Dependency, GameId, JobId, LockedPackage, PackageId, ProfileId, Release, SourceId, Version,
};
use muster_package::Manifest;
use muster_registry::layout::Sibling;
use muster_store::{
    catalog::{PackageDetail, PackageRow},
    state::Profile,
};

use crate::{
    AdviceView, Engine, EngineError, FeatureView, Key, TrendView, TrustView, prose,
    suggest::{names_game, whole_of},
};

/// Longest manifest that is fetched for a package page, in bytes.
const MAX_MANIFEST: u64 = 16 * 1024 * 1024;
/// How long a package page waits for what a source's list leaves out.
const CLOSER_LOOK: Duration = Duration::from_secs(8);
/// Most rows of one page.
const MAX_ROWS: usize = 200;

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct SearchQuery {
    /// Words and facets.
    pub text: String,
    /// The profile that states refer to; its game limits the results.
    pub profile: Option<ProfileId>,
    pub sort: Option<Sort>,
    pub offset: usize,
    pub limit: usize,
}

/// A package in relation to a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageStatus {
    Absent,
    On {
        version: Version,
    },
    Off {
        version: Version,
    },
    Update {
        version: Version,
        available: Version,
    },
    Busy {
        job: JobId,
    },
    Incompatible {
        game: GameId,
    },
    /// Another program brings it and takes it away.
    Managed {
        by: &'static str,
    },
}

/// One row of a list.
#[derive(Clone, Debug)]
pub struct Row {
    pub package: PackageRow,
    pub source_name: String,
    pub is_admitted: bool,
    pub status: PackageStatus,
    /// What sources say against the version that is shown, the worst first.
    pub advice: Vec<AdviceView>,
    /// Names of other sources that offer the same archive.
    pub also_in: Vec<String>,
    /// What its source says of it where it features it, in searches for that; may be empty.
    pub featured: Option<String>,
    /// What it gained lately, in searches in order of that.
    pub trend: Option<TrendView>,
}

/// A page of results.
#[derive(Clone, Debug)]
pub struct Found {
    pub total: usize,
    /// Packages for the games that the query is about; without one, for the profile's.
    pub all: usize,
    pub rows: Vec<Row>,
    pub facets: Vec<(Facet, Vec<FacetCount>)>,
    pub did_you_mean: Option<String>,
}

/// Everything about one package.
#[derive(Clone, Debug)]
pub struct Detail {
    pub row: Row,
    /// Newest first.
    pub releases: Vec<Release>,
    /// What sources say against each of the releases, in the same order.
    pub advice: Vec<Vec<AdviceView>>,
    /// Versions that fit the profile's game.
    pub fitting: Vec<Version>,
    pub installed: Option<Version>,
    pub description_html: String,
    pub authors: Vec<String>,
    pub homepage: Option<String>,
    pub source_code: Option<String>,
    pub tips: Vec<String>,
    pub disclosures: Vec<String>,
    /// Of the version in the profile, else of the newest.
    pub features: Vec<FeatureView>,
    /// Titles of packages that relations name, and whether they are in the profile.
    pub related: BTreeMap<PackageId, (String, bool)>,
    pub trust: TrustView,
}

impl Engine {
    /// Searches; the profile's game is added to the conditions unless the text names one.
    pub async fn search(&self, query: SearchQuery) -> Result<Found, EngineError> {
        let profile = self.profile_or_current(query.profile).await?;
        let mut parsed = Query::parse(&query.text);
        if let (Some(profile), false) = (&profile, names_game(&parsed)) {
            let test = Test::Facet(Facet::Game, profile.game.to_string());
            parsed.conditions.push(Condition { mode: Mode::Include, test });
        }
        parsed.sort = query.sort.or(parsed.sort);
        let now = Timestamp::now();
        let suggestions = self.suggestions_for(&parsed, now).await?;
        let lock = profile.iter().flat_map(|profile| &profile.lock.packages);
        let installed = lock.map(|package| (package.source.clone(), package.id.clone())).collect();
        let asks = parsed.conditions.iter().any(|condition| condition.test == Test::Updatable);
        let updatable = if asks { self.updatable(profile.as_ref()).await } else { Vec::new() };
        let context = SearchContext {
            now,
            installed,
            updatable,
            featured: suggestions.featured.clone(),
            trending: suggestions.trending.clone(),
        };
        let limit = query.limit.clamp(1, MAX_ROWS);
        let shown = query.offset..query.offset.saturating_add(limit);
        let result = self.catalog().search(&parsed, context, shown).await?;
        let page = result.page;
        let names = self.source_names().await;
        let mut rows = self.rows(page.rows, &names, profile.as_ref()).await;
        for (row, others) in rows.iter_mut().zip(page.also_in) {
            row.featured = suggestions.sentence(&row.package.source, &row.package.id);
            row.trend = suggestions.trend(&row.package.source, &row.package.id);
            row.also_in = others.iter().map(|other| name_in(&names, other)).collect();
        }
        let did_you_mean = result.corrections.into_iter().next().map(|correction| correction.taken_for);
        let all = match names_game(&parsed) {
            true => self.count(&whole_of(&parsed)).await?,
            false => page.all,
        };
        Ok(Found { total: page.total, all, rows, facets: result.facets, did_you_mean })
    }

    async fn count(&self, query: &Query) -> Result<usize, EngineError> {
        let context = SearchContext { now: Timestamp::now(), ..SearchContext::default() };
        Ok(self.catalog().count(query, context).await?)
    }

    async fn updatable(&self, profile: Option<&Profile>) -> Vec<(SourceId, PackageId)> {
        let mut updatable = Vec::new();
        let Some(profile) = profile else { return updatable };
        self.get_to_know(profile.lock.packages.iter()).await;
        for package in profile.lock.packages.iter().filter(|package| package.held.is_none()) {
            if self.update_of(profile, package).await.is_some() {
                updatable.push((package.source.clone(), package.id.clone()));
            }
        }
        updatable
    }

    pub(crate) async fn profile_or_current(
        &self,
        id: Option<ProfileId>,
    ) -> Result<Option<Profile>, EngineError> {
        match id {
            Some(id) => self.profile(id).await.map(Some),
            None => match self.current_profile().await? {
                Some(id) => self.profile(id).await.map(Some),
                None => Ok(None),
            },
        }
    }

    /// Packages as lists show them, for a profile. Whatever is asked of a database is asked once for all of them.
    async fn rows(
        &self,
        packages: Vec<PackageRow>,
        names: &BTreeMap<SourceId, String>,
        profile: Option<&Profile>,
    ) -> Vec<Row> {
        if let Some(profile) = profile {
            let locked = packages.iter().filter_map(|row| profile.lock.get(&row.source, &row.id));
            self.get_to_know(locked).await;
        }
        let mut advised = self.advised_among(&packages).await;
        let mut rows = Vec::with_capacity(packages.len());
        for package in packages {
            let key = Key { source: package.source.clone(), id: package.id.clone() };
            rows.push(Row {
                source_name: name_in(names, &package.source),
                is_admitted: package.is_admitted,
                status: self.status_of(&package, profile).await,
                advice: advised.remove(&key).unwrap_or_default(),
                package,
                also_in: Vec::new(),
                featured: None,
                trend: None,
            });
        }
        rows
    }

    pub(crate) async fn row(&self, package: PackageRow, profile: Option<&Profile>) -> Row {
        let mut rows = self.rows(vec![package], &self.source_names().await, profile).await;
        rows.remove(0)
    }

    /// What is said about the versions that rows show. Mostly nobody says anything about anything.
    async fn advised_among(&self, packages: &[PackageRow]) -> BTreeMap<Key, Vec<AdviceView>> {
        let mut advised = BTreeMap::new();
        if self.catalog().advice().is_empty() {
            return advised;
        }
        let keys = packages.iter().map(|package| (package.source.clone(), package.id.clone())).collect();
        let found = self.catalog().heads(keys).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is said about packages cannot be looked up");
            Vec::new()
        });
        for (package, releases) in found {
            let shown = releases.iter().find(|release| release.version.to_string() == package.version);
            if let Some(release) = shown {
                let advice = self.advice_about(release).await;
                advised.insert(Key { source: package.source, id: package.id }, advice);
            }
        }
        advised
    }

    async fn status_of(&self, package: &PackageRow, profile: Option<&Profile>) -> PackageStatus {
        if let Some(by) = self.catalog().managed_by(&package.source) {
            return PackageStatus::Managed { by };
        }
        let Some(profile) = profile else { return PackageStatus::Absent };
        if let Some(job) = self.board().busy_with(profile.id, &package.source, &package.id) {
            return PackageStatus::Busy { job };
        }
        let Some(locked) = profile.lock.get(&package.source, &package.id) else {
            let fits =
                package.games.is_empty() || package.games.iter().any(|game| *game == profile.game.as_str());
            return match fits {
                true => PackageStatus::Absent,
                false => PackageStatus::Incompatible { game: profile.game.clone() },
            };
        };
        let version = locked.version.clone();
        let update = if locked.held.is_none() { self.update_of(profile, locked).await } else { None };
        match (locked.enabled, update) {
            (true, Some(available)) => PackageStatus::Update { version, available },
            (true, None) => PackageStatus::On { version },
            (false, _) => PackageStatus::Off { version },
        }
    }

    /// One package with its versions, as its source shows it.
    pub async fn package(&self, key: &Key, profile: Option<ProfileId>) -> Result<Detail, EngineError> {
        let profile = self.profile_or_current(profile).await?;
        // The page shows what is known where the source does not say more in time.
        let closer = self.catalog().look_closer(&key.source, &key.id, Timestamp::now());
        match tokio::time::timeout(CLOSER_LOOK, closer).await {
            Ok(Ok(())) | Err(_) => {}
            Ok(Err(error)) => {
                tracing::debug!(package = %key.id, %error, "a package is shown as its list has it")
            }
        }
        let found = self.catalog().package(&key.source, &key.id).await?;
        let row = self.row(found.package.clone(), profile.as_ref()).await;
        let manifest = match found.releases.first() {
            Some(release) => self.manifest_of(release).await,
            None => None,
        };
        let name = key.source.registry_root().and_then(|_| key.id.published().ok());
        let trust = match name {
            Some(name) => self.trust_view(&key.source, &name.publisher).await,
            None => TrustView::default(),
        };
        let mut advice = Vec::with_capacity(found.releases.len());
        for release in &found.releases {
            advice.push(self.advice_about(release).await);
        }
        let fits = |release: &&Release| match &profile {
            Some(profile) => self.fits(release, profile),
            None => true,
        };
        let locked = profile.as_ref().and_then(|profile| profile.lock.get(&key.source, &key.id));
        let web = |address: Option<String>| address.filter(|address| address.starts_with("https://"));
        let said = |field: &str| found.detail[field].as_str().map(str::to_owned);
        Ok(Detail {
            row,
            fitting: found.releases.iter().filter(fits).map(|release| release.version.clone()).collect(),
            installed: locked.map(|package: &LockedPackage| package.version.clone()),
            description_html: match &manifest {
                Some(manifest) => prose::markdown(&manifest.description),
                None => said("description").map(|text| prose::markdown(&text)).unwrap_or_default(),
            },
            authors: texts(&found, "authors"),
            homepage: web(match &manifest {
                Some(manifest) => manifest.homepage.clone(),
                None => said("homepage"),
            }),
            source_code: web(match &manifest {
                Some(manifest) => manifest.source.clone(),
                None => said("source"),
            }),
            tips: manifest
                .as_ref()
                .map_or_else(|| texts(&found, "tips"), |manifest| manifest.tip.clone())
                .into_iter()
                .filter(|t| t.starts_with("https://"))
                .collect(),
            disclosures: manifest
                .as_ref()
                .map_or_else(|| texts(&found, "disclosures"), |manifest| manifest.disclosures.clone()),
            features: self.page_features(&found.releases, locked, profile.as_ref()).await,
            related: self.related(&found, profile.as_ref()).await,
            trust,
            advice,
            releases: found.releases,
        })
    }

    fn fits(&self, release: &Release, profile: &Profile) -> bool {
        let version = self.installation(profile).ok().and_then(|installation| installation.version);
        let version = version.and_then(|version| Version::semver(&version).ok());
        let is_for_it = release.games.is_empty()
            || release.games.iter().any(|support| {
                support.game == profile.game
                    && version.as_ref().is_none_or(|version| support.version.matches(version))
            });
        is_for_it && release.side.is_needed_on(profile.lock.side) && release.runs_on(self.platform(profile))
    }

    /// The signed manifest of a release; without it the page has less to say.
    async fn manifest_of(&self, hint: &Release) -> Option<Manifest> {
        let now = Timestamp::now();
        let facts = match self.catalog().facts(&hint.source, &hint.id, now).await {
            Ok(facts) => facts,
            Err(_) => self.catalog().stored_facts(&hint.source, &hint.id).await.ok()?,
        };
        let fact = facts.into_iter().find(|fact| fact.release.version == hint.version)?;
        let signed = fact.signed.as_deref()?;
        let target = signed.sibling(Sibling::Manifest, &signed.custom.manifest);
        let bytes = self.catalog().small_file(&hint.source, &target, MAX_MANIFEST, now).await.ok()?;
        Manifest::parse(&bytes).ok()
    }

    async fn related(
        &self,
        found: &PackageDetail,
        profile: Option<&Profile>,
    ) -> BTreeMap<PackageId, (String, bool)> {
        let mut related = BTreeMap::new();
        let Some(release) = found.releases.first() else { return related };
        let lists = [&release.depends, &release.recommends, &release.suggests];
        let named = lists.into_iter().flatten().flat_map(Dependency::alternatives).chain(&release.conflicts);
        for requirement in named {
            let source = requirement.source.clone().unwrap_or_else(|| release.source.clone());
            let key = Key { source, id: requirement.package.clone() };
            let is_here = profile.is_some_and(|profile| profile.lock.get(&key.source, &key.id).is_some());
            related.insert(key.id.clone(), (self.title(&key).await, is_here));
        }
        related
    }
}

fn name_in(names: &BTreeMap<SourceId, String>, id: &SourceId) -> String {
    names.get(id).cloned().unwrap_or_else(|| id.to_string())
}

fn texts(detail: &PackageDetail, name: &str) -> Vec<String> {
    let list = detail.detail[name].as_array();
    list.into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}
