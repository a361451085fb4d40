//! Sources: looking at an address, trusting it, refreshing it, forgetting it.

use std::collections::BTreeMap;

use futures::StreamExt as _;
use jiff::Timestamp;
use muster_catalog::{Address, Catalog, Field, ForeignAddress, Health, Status};
use muster_domain::{JobId, Sha256, SourceId};
use muster_store::state::NewSource;

use crate::{
    Engine, EngineError, Fault, KeyView, PresetAnswer, Problem, Reason, Signal, SourceError,
    jobs::{JobRequest, look, submit},
    short_name::short_name,
};

/// Roots of registries whose keys lie in this repository for everybody to use. They are accepted from a folder only:
/// a registry that comes over a network and is signed with public keys is signed by nobody.
const TEST_ROOTS: &[&str] = &[include_str!("test-root.txt")];
/// The kind of sources that are signed.
const REGISTRY: &str = "registry";
/// Longest first root, in bytes.
const MAX_ROOT: u64 = 512 * 1024;

/// What an address offers, before it is trusted.
#[derive(Clone, Debug)]
pub struct SourceOffer {
    pub address: String,
    /// As [`SourceView::kind`].
    pub kind: String,
    /// Fingerprint that the player compares; only registries have one.
    pub root: Option<Sha256>,
    pub has_test_keys: bool,
    pub is_known: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceStatus {
    New,
    Fresh,
    Stale,
    Failed,
    Off,
}

/// What a service answered, held against what reads it.
#[derive(Clone, Debug)]
pub struct SourceAnswer {
    /// What was asked for, below the service's address.
    pub asked: String,
    /// Every field, the worst first; or why there is no answer.
    pub outcome: Result<Vec<Field>, Problem>,
}

/// What to change about a source; absent things stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourcePatch {
    pub enabled: Option<bool>,
    /// Place in the player's order, from 0.
    pub place: Option<usize>,
}

/// A source that the player has.
#[derive(Clone, Debug)]
pub struct SourceView {
    pub id: SourceId,
    pub alias: String,
    pub kind: String,
    pub address: String,
    pub priority: i64,
    pub is_enabled: bool,
    pub status: SourceStatus,
    pub packages: u64,
    pub synced: Option<Timestamp>,
    /// Until when it is left alone after failing several times.
    pub resting: Option<Timestamp>,
    pub problem: Option<Problem>,
    pub root: Option<Sha256>,
    pub has_test_keys: bool,
    /// Where it can be asked with a key of the player's.
    pub key: Option<KeyView>,
}

fn has_test_keys(root: &Sha256) -> bool {
    TEST_ROOTS.iter().any(|known| known.trim() == root.to_string())
}

async fn first_root(catalog: &Catalog, address: &Address) -> Result<Vec<u8>, EngineError> {
    let found = catalog.first_root(address, MAX_ROOT).await?;
    found.ok_or_else(|| SourceError::Address { address: address.to_string() }.into())
}

fn check_alias(alias: &str) -> Result<(), EngineError> {
    match alias.parse::<muster_domain::Publisher>() {
        Ok(_) => Ok(()),
        Err(_) => Err(SourceError::Alias { alias: alias.to_owned() }.into()),
    }
}

impl Engine {
    /// Reads what is at an address: the fingerprint of a registry, the kind of another service. Trusts and keeps nothing.
    pub async fn inspect_source(&self, address: &str) -> Result<SourceOffer, EngineError> {
        let address = &self.spelled_out(address).await?;
        if let Some(foreign) = ForeignAddress::parse(address)? {
            let is_known = self.state().sources().get(&foreign.source_id()).await?.is_some();
            let (address, kind) = (foreign.to_string(), foreign.kind().to_owned());
            return Ok(SourceOffer { address, kind, root: None, has_test_keys: false, is_known });
        }
        let address = Address::parse(address)?;
        self.may_look_at(&address)?;
        let root = muster_registry::sha256(&first_root(self.catalog(), &address).await?);
        let is_known = self.state().sources().get(&SourceId::registry(&root)).await?.is_some();
        Ok(SourceOffer {
            address: address.to_string(),
            kind: REGISTRY.to_owned(),
            has_test_keys: has_test_keys(&root),
            root: Some(root),
            is_known,
        })
    }

    /// Begins to fetch what is at an address, where that can take long: a job that shows how far it is and can be
    /// cancelled. Trusts and keeps nothing; once it is done, [`Self::inspect_source`] and [`Self::add_source`] answer soon.
    /// `None` where they do that anyway.
    ///
    /// # Errors
    /// [`SourceError`] for addresses that cannot be read; [`EngineError::Offline`]. What fails later is the job's.
    pub async fn look_at_source(&self, address: &str) -> Result<Option<JobId>, EngineError> {
        let address = &self.spelled_out(address).await?;
        if ForeignAddress::parse(address)?.is_some() {
            return Ok(None);
        }
        let address = Address::parse(address)?;
        self.may_look_at(&address)?;
        let Some(repository) = self.catalog().repository(&address)? else { return Ok(None) };
        let (engine, looked_at) = (self.clone(), address.clone());
        let work = async move { first_root(engine.catalog(), &looked_at).await.map(drop) };
        Ok(Some(look(self, address.to_string(), repository, work)))
    }

    /// Adds a registry whose first root has the fingerprint that the player gave, and refreshes it; or a source of
    /// another service, which has none, because nobody signs what is there.
    pub async fn add_source(
        &self,
        address: &str,
        alias: Option<String>,
        expected: Option<Sha256>,
    ) -> Result<(SourceId, JobId), EngineError> {
        if let Some(alias) = &alias {
            check_alias(alias)?;
        }
        let address = &self.spelled_out(address).await?;
        if let Some(foreign) = ForeignAddress::parse(address)? {
            // Whoever gives one expects that something is signed.
            if expected.is_some() {
                return Err(SourceError::Unsigned.into());
            }
            let (id, kind, address) = (foreign.source_id(), foreign.kind().to_owned(), foreign.to_string());
            return self.take_up(NewSource { id, kind, address, alias, root: None }).await;
        }
        let expected = expected.ok_or(SourceError::NeedsRoot)?;
        let parsed = Address::parse(address)?;
        self.may_look_at(&parsed)?;
        let root = first_root(self.catalog(), &parsed).await?;
        let found = muster_registry::sha256(&root);
        if found != expected {
            let (expected, found) = (expected.to_string(), found.to_string());
            return Err(SourceError::RootDiffers { expected, found }.into());
        }
        if has_test_keys(&found) && !parsed.is_folder() {
            return Err(SourceError::TestRoot.into());
        }
        let (id, address) = (SourceId::registry(&found), parsed.to_string());
        self.take_up(NewSource { id, kind: REGISTRY.into(), address, alias, root: Some(root) }).await
    }

    /// A name from an address that no source has yet.
    async fn free_name(&self, address: &str) -> Result<Option<String>, EngineError> {
        let Some(name) = short_name(address) else { return Ok(None) };
        let numbered = (2..=99).map(|number| format!("{name}-{number}"));
        for name in std::iter::once(name.clone()).chain(numbered) {
            if self.state().sources().by_alias(&name).await?.is_none() {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    fn may_look_at(&self, address: &Address) -> Result<(), EngineError> {
        match self.settings().offline && !address.is_folder() {
            true => Err(EngineError::Offline),
            false => Ok(()),
        }
    }

    /// Writes a source down, opens it, and refreshes it.
    pub(crate) async fn take_up(&self, mut new: NewSource) -> Result<(SourceId, JobId), EngineError> {
        let id = new.id.clone();
        // What has no key of its own has an id that people can read.
        if new.alias.is_none() && new.root.is_some() {
            new.alias = self.free_name(&new.address).await?;
        }
        match self.state().sources().add(new, Timestamp::now()).await {
            Err(muster_store::Error::Conflict { .. }) => return Err(SourceError::Exists { id }.into()),
            result => result?,
        }
        let stored = self.state().sources().get(&id).await?.ok_or(EngineError::UnknownSource(id.clone()))?;
        if let Err(error) = self.catalog().open_source(&stored).await {
            self.state().sources().remove(&id).await?;
            return Err(error.into());
        }
        self.note_source(&stored.address, PresetAnswer::OfferAgain).await?;
        self.signal(Signal::Sources);
        let job = submit(self, None, JobRequest::Sync { source: id.clone() }).await?;
        Ok((id, job))
    }

    /// Forgets a source. What was installed from it stays and can be switched, verified and removed.
    pub async fn remove_source(&self, id: &SourceId) -> Result<(), EngineError> {
        let stored = self.state().sources().get(id).await?.ok_or(EngineError::UnknownSource(id.clone()))?;
        let advice = self.catalog().advice();
        self.catalog().forget(id).await?;
        self.state().sources().remove(id).await?;
        self.note_source(&stored.address, PresetAnswer::TurnDown).await?;
        self.follow_advice(&advice).await;
        self.signal(Signal::Sources);
        self.signal(Signal::Catalog(id.clone()));
        Ok(())
    }

    /// Switches a source on or off, renames it, or gives it another place in the player's order. What it said stays
    /// known while it is off: switched on again without a network, it is as it was.
    ///
    /// Gives the job that refreshes it, where it was switched on.
    pub async fn patch_source(
        &self,
        id: &SourceId,
        patch: SourcePatch,
    ) -> Result<Option<JobId>, EngineError> {
        let stored = self.state().sources().get(id).await?.ok_or(EngineError::UnknownSource(id.clone()))?;
        if let Some(place) = patch.place {
            self.state().sources().arrange(self.order_with(id, place).await?).await?;
            self.catalog().read_order().await?;
        }
        let job = match patch.enabled {
            Some(true) if !stored.enabled => Some(self.switch_on(id).await?),
            Some(false) if stored.enabled => {
                self.state().sources().disable(id).await?;
                let advice = self.catalog().advice();
                self.catalog().close_source(id).await;
                self.follow_advice(&advice).await;
                None
            }
            _ => None,
        };
        self.signal(Signal::Sources);
        self.signal(Signal::Catalog(id.clone()));
        self.signal(Signal::Profiles);
        Ok(job)
    }

    async fn switch_on(&self, id: &SourceId) -> Result<JobId, EngineError> {
        self.state().sources().enable(id).await?;
        let stored = self.state().sources().get(id).await?.ok_or(EngineError::UnknownSource(id.clone()))?;
        let advice = self.catalog().advice();
        if let Err(error) = self.catalog().open_source(&stored).await {
            self.state().sources().disable(id).await?;
            return Err(error.into());
        }
        self.follow_advice(&advice).await;
        submit(self, None, JobRequest::Sync { source: id.clone() }).await
    }

    /// The player's order with one source at another place, counted from 0.
    async fn order_with(&self, id: &SourceId, place: usize) -> Result<Vec<SourceId>, EngineError> {
        let sources = self.state().sources().all().await?.into_iter().map(|source| source.id);
        let mut order: Vec<SourceId> = sources.filter(|source| source != id).collect();
        order.insert(place.min(order.len()), id.clone());
        Ok(order)
    }

    async fn known_source(&self, id: &SourceId) -> Result<(), EngineError> {
        match self.state().sources().get(id).await? {
            Some(_) => Ok(()),
            None => Err(EngineError::UnknownSource(id.clone())),
        }
    }

    /// Refreshes one source, as a job.
    pub async fn sync_source(&self, id: &SourceId) -> Result<JobId, EngineError> {
        self.known_source(id).await?;
        submit(self, None, JobRequest::Sync { source: id.clone() }).await
    }

    /// Asks the service of a source, and says of every field where its answers are not as they are read here.
    ///
    /// # Errors
    /// [`EngineError::UnknownSource`]; a source that is off is not asked.
    pub async fn examine_source(&self, id: &SourceId) -> Result<Vec<SourceAnswer>, EngineError> {
        self.known_source(id).await?;
        let examined = self.catalog().examine(id).await?.into_iter();
        let told = |answer: muster_catalog::Examined| SourceAnswer {
            asked: answer.asked,
            outcome: answer.outcome.map_err(|error| Problem::of(&error)),
        };
        Ok(examined.map(told).collect())
    }

    pub(crate) async fn sync_now(&self, id: &SourceId) -> Result<(), EngineError> {
        let advice = self.catalog().advice();
        let result = self.catalog().sync(id, Timestamp::now(), jitter()).await;
        // Before anything else, and also where the rest of it failed.
        self.follow_advice(&advice).await;
        self.signal(Signal::Sources);
        if result.as_ref().is_ok_and(muster_catalog::Synced::changed) {
            self.rights_changed(id).await;
            self.signal(Signal::Catalog(id.clone()));
            self.signal(Signal::Profiles);
            self.keep_up_soon();
        }
        result?;
        Ok(())
    }

    /// Refreshes every source that is not resting after failures.
    pub(crate) async fn sync_all(&self) {
        let mut advice = self.catalog().advice();
        let mut syncs = self.catalog().sync_all(Timestamp::now(), jitter);
        while let Some((id, result)) = syncs.next().await {
            self.follow_advice(&advice).await;
            advice = self.catalog().advice();
            match result {
                Ok(synced) if synced.changed() => {
                    self.rights_changed(&id).await;
                    self.signal(Signal::Catalog(id));
                }
                Ok(_) => {}
                Err(error) => tracing::info!(source = %id, %error, "a source could not be refreshed"),
            }
            self.signal(Signal::Sources);
        }
    }

    /// All sources with how they are doing.
    pub async fn sources(&self) -> Result<Vec<SourceView>, EngineError> {
        let health = self.catalog().health(Timestamp::now()).await?;
        let addresses: Vec<String> = health.iter().map(|health| health.source.address.clone()).collect();
        let keys = self.keys_of(&addresses).await?;
        Ok(health.into_iter().zip(keys).map(|(health, key)| view(health, key)).collect())
    }

    /// The alias of a source, or its id.
    pub(crate) async fn source_name(&self, id: &SourceId) -> String {
        let stored = self.state().sources().get(id).await.ok().flatten();
        stored.and_then(|source| source.alias).unwrap_or_else(|| id.to_string())
    }

    /// The same for all sources at once.
    pub(crate) async fn source_names(&self) -> BTreeMap<SourceId, String> {
        let sources = self.state().sources().all().await.unwrap_or_default();
        sources.into_iter().filter_map(|source| Some((source.id, source.alias?))).collect()
    }

    pub(crate) async fn source_address(&self, id: &SourceId) -> Option<String> {
        Some(self.state().sources().get(id).await.ok()??.address)
    }
}

fn view(health: Health, key: Option<KeyView>) -> SourceView {
    let source = health.source;
    let root = source.id.registry_root();
    let status = match health.status {
        _ if !source.enabled => SourceStatus::Off,
        Status::New => SourceStatus::New,
        Status::Fresh => SourceStatus::Fresh,
        Status::Late => SourceStatus::Stale,
        Status::Failed => SourceStatus::Failed,
    };
    let problem = source.problem.map(|problem| Problem {
        title: problem.code.clone(),
        reason: Reason { code: problem.code, context: problem.context.into_iter().collect() },
        explanation: None,
        fault: Fault::Failed,
    });
    SourceView {
        alias: source.alias.unwrap_or_else(|| source.id.to_string()),
        id: source.id,
        kind: source.kind,
        address: source.address,
        priority: source.priority,
        is_enabled: source.enabled,
        status,
        packages: health.packages,
        synced: source.succeeded_at,
        resting: health.resting_until,
        problem,
        has_test_keys: root.as_ref().is_some_and(has_test_keys),
        root,
        key,
    }
}

/// A number from 0 to 1, so that many machines do not come at once.
fn jitter() -> f64 {
    let nanoseconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    f64::from(nanoseconds.subsec_nanos() % 1_000_000) / 1_000_000.0
}
