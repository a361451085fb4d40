//! A catalogue with registries in git repositories.

use std::{path::Path, sync::Arc, time::Duration};

use jiff::SignedDuration;
use muster_catalog::{
    Catalog, Error, GitLimits, Means, Patience, Query, Repositories, SearchContext, Synced,
    breaker::BreakerPolicy,
};
use muster_domain::{Coded, SourceId, VersionRange};
use muster_store::{CatalogDb, StateDb, state::NewSource};
use tempfile::TempDir;

use super::{
    Registry, at,
    git::{GitHost, GitRepository},
};

pub const QUICK: Patience = Patience {
    whole: Duration::from_secs(20),
    tries: 1,
    first_wait: SignedDuration::from_millis(10),
    breaker: BreakerPolicy {
        failures: 20,
        first: SignedDuration::from_secs(30),
        longest: SignedDuration::from_secs(3600),
    },
};
pub const LIMITS: GitLimits = GitLimits {
    bytes: 4 * 1024 * 1024,
    file: 1024 * 1024,
    time: Duration::from_secs(15),
    idle: Duration::from_secs(2),
};

/// A service's catalogue with a folder for repositories.
pub struct Home {
    pub folder: TempDir,
    pub state: Arc<StateDb>,
    pub catalog: Catalog,
}

impl Home {
    pub async fn new() -> Self {
        Self::with(tempfile::tempdir().expect("temp dir"), LIMITS, QUICK).await
    }

    pub async fn with(folder: TempDir, limits: GitLimits, patience: Patience) -> Self {
        let state = Arc::new(StateDb::open(&folder.path().join("state.db")).expect("state"));
        let database = Arc::new(CatalogDb::open(&folder.path().join("catalog.db")).expect("catalog"));
        let repositories = Repositories::below(folder.path().join("git")).with_limits(limits);
        let catalog =
            Catalog::open_with(database, state.clone(), Means { repositories, ..Means::default() }, patience)
                .await;
        Self { catalog: catalog.expect("opened"), folder, state }
    }

    /// The same after a restart.
    pub async fn again(self) -> Self {
        let Self { folder, state, catalog } = self;
        drop((state, catalog));
        Self::with(folder, LIMITS, QUICK).await
    }

    pub async fn add(&self, registry: &Registry, address: &str) -> SourceId {
        let source = NewSource {
            id: registry.source(),
            kind: "registry".into(),
            address: address.into(),
            alias: None,
            root: Some(registry.root()),
        };
        self.state.sources().add(source, at(0)).await.expect("added");
        let source = self.state.sources().get(&registry.source()).await.expect("read").expect("there");
        self.catalog.open_source(&source).await.expect("opened");
        source.id
    }

    pub async fn sync(&self, source: &SourceId, second: i64) -> Result<Synced, Error> {
        self.catalog.sync(source, at(second), 0.5).await
    }

    pub async fn code(&self, source: &SourceId, second: i64) -> &'static str {
        self.sync(source, second).await.expect_err("an error").code()
    }

    pub async fn found(&self, text: &str) -> Vec<String> {
        let context = SearchContext { now: at(0), ..SearchContext::default() };
        let result = self.catalog.search(&Query::parse(text), context, 0..50).await.expect("searched");
        result.page.rows.into_iter().map(|row| row.id.to_string()).collect()
    }

    /// The folders of repositories.
    pub fn kept(&self) -> Vec<std::path::PathBuf> {
        let listed = std::fs::read_dir(self.folder.path().join("git")).into_iter().flatten();
        listed.map(|entry| entry.expect("entry").path()).collect()
    }
}

pub fn titled(title: &str) -> impl FnOnce(&mut muster_registry::ReleaseCustom) {
    let title = title.to_owned();
    move |custom| {
        custom.display.title = title;
        custom.games = vec![muster_domain::GameSupport {
            game: "minetest".parse().expect("game"),
            version: VersionRange::any(),
        }];
    }
}

pub fn registry() -> Registry {
    let mut registry = Registry::new(1);
    registry.publish("alice/weather", "1.0.0", 1, titled("Weather and Storms"));
    registry.publish("bobby/rocks", "0.1.0", 2, titled("Größere Rocks"));
    registry
}

/// The registry, and a repository with one commit that has it.
pub fn committed() -> (Registry, GitRepository) {
    let (registry, repository) = (registry(), GitRepository::new());
    repository.commit(&registry, "");
    (registry, repository)
}

/// The same on a host.
pub async fn hosted() -> (Registry, GitRepository, GitHost) {
    let (registry, repository) = committed();
    let host = GitHost::start(repository.parent()).await;
    (registry, repository, host)
}

pub fn packs(folder: &Path) -> usize {
    let listed = std::fs::read_dir(folder.join("objects/pack")).into_iter().flatten();
    listed
        .filter(|entry| entry.as_ref().expect("entry").path().extension().is_some_and(|end| end == "pack"))
        .count()
}

pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}
