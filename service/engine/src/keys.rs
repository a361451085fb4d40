//! The player's keys for services that sources ask: where each one lies, and who may have it.
//!
//! What is written down is where a key lies, never the key: that stays in the keyring, the variable or the file, and, once it was
//! used, for some minutes in memory. A key that cannot be had keeps nobody from asking without: the player is told beside
//! the source.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jiff::Timestamp;
use muster_catalog::{ForeignAddress, Keys};
use muster_domain::{JobId, Secret, SourceId};
use muster_keyring::{Keyring, Place};
use muster_store::StateDb;

use crate::{
    Engine, EngineError, Problem, Signal, SourceError,
    jobs::{JobRequest, submit},
};

/// Key in the settings table: places by service.
const KEY: &str = "source-keys";
/// How long a key that was read is used before it is read again.
const FRESH: Duration = Duration::from_secs(600);
/// The same for one that could not be had, so that every request of a sync does not wait for it anew.
const AGAIN: Duration = Duration::from_secs(60);

type Places = BTreeMap<String, Place>;

/// A key as the player gives it.
pub enum GivenKey {
    /// Itself, for the system's keyring.
    Typed(String),
    /// The name of an environment variable that holds it.
    Variable(String),
    /// The path of a file that holds it.
    File(PathBuf),
}

/// That a source can be asked with a key, and whether there is one. What the key is, is never told.
#[derive(Clone, Debug)]
pub struct KeyView {
    /// The host that is told it: all sources there use the same.
    pub service: String,
    /// Where it lies; none where there is no key.
    pub place: Option<Place>,
    /// Why it could not be had, the last time.
    pub problem: Option<Problem>,
}

/// A key that was read, or why not.
struct Held {
    at: Instant,
    outcome: Result<Secret, Problem>,
}

impl Held {
    fn is_current(&self) -> bool {
        self.at.elapsed() < if self.outcome.is_ok() { FRESH } else { AGAIN }
    }
}

/// Reads keys for those who ask services, and keeps them for a while.
pub(crate) struct Keyholder {
    state: Arc<StateDb>,
    keyring: Keyring,
    /// Held across one read of the keyring, which has an end; nothing else is locked meanwhile.
    held: tokio::sync::Mutex<BTreeMap<String, Held>>,
}

impl Keyholder {
    pub fn new(state: Arc<StateDb>, keyring: Keyring) -> Self {
        Self { state, keyring, held: tokio::sync::Mutex::default() }
    }

    async fn places(&self) -> Result<Places, EngineError> {
        let stored = self.state.settings().get(KEY).await?;
        let unreadable = |_| EngineError::Internal("places of keys cannot be read");
        stored
            .map(|value| serde_json::from_value(value).map_err(unreadable))
            .transpose()
            .map(Option::unwrap_or_default)
    }

    /// Writes down where the key for a service lies, `None` for nowhere, and gives where it lay.
    async fn put(&self, service: &str, place: Option<Place>) -> Result<Option<Place>, EngineError> {
        let mut held = self.held.lock().await;
        let mut places = self.places().await?;
        let before = places.remove(service);
        places.extend(place.map(|place| (service.to_owned(), place)));
        let value =
            serde_json::to_value(places).map_err(|_| EngineError::Internal("places of keys are not JSON"))?;
        self.state.settings().set(KEY, value, Timestamp::now()).await?;
        held.remove(service);
        Ok(before)
    }

    async fn problem(&self, service: &str) -> Option<Problem> {
        // Whoever lists sources does not wait for a keyring.
        let held = self.held.try_lock().ok()?;
        held.get(service)?.outcome.as_ref().err().cloned()
    }
}

#[async_trait]
impl Keys for Keyholder {
    async fn key(&self, service: &str) -> Option<Secret> {
        let place = self.places().await.ok()?.remove(service)?;
        let mut held = self.held.lock().await;
        if let Some(known) = held.get(service).filter(|known| known.is_current()) {
            return known.outcome.as_ref().ok().cloned();
        }
        let read = self.keyring.read_at(&place, service).await;
        if let Err(error) = &read {
            tracing::warn!(service, %error, "the key cannot be had; the service is asked without it");
        }
        let outcome = read.map_err(|error| Problem::of(&error));
        let key = outcome.as_ref().ok().cloned();
        held.insert(service.to_owned(), Held { at: Instant::now(), outcome });
        key
    }
}

impl Engine {
    fn keys(&self) -> &Keyholder {
        &self.inner.keys
    }

    /// Gives a source's service a key, in place of one that it had, and refreshes the source with it where it is on. All sources
    /// at the same service use it.
    ///
    /// # Errors
    /// [`SourceError::TakesNoKey`], [`SourceError::NotAKey`], and whatever keeps the key from being kept or read where it is
    /// said to be; the one before stays in force then.
    pub async fn set_source_key(&self, id: &SourceId, given: GivenKey) -> Result<Option<JobId>, EngineError> {
        let service = self.service_of(id).await?;
        let place = match given {
            GivenKey::Typed(text) => {
                let text = zeroize::Zeroizing::new(text);
                let secret = Secret::parse(&text).ok_or(SourceError::NotAKey)?;
                self.keys().keyring.write(&service, &secret).await?;
                Place::Keyring
            }
            GivenKey::Variable(name) => Place::variable(&name).ok_or(SourceError::NotAKey)?,
            GivenKey::File(path) => Place::file(path).ok_or(SourceError::NotAKey)?,
        };
        if place != Place::Keyring {
            self.keys().keyring.read_at(&place, &service).await?;
        }
        let before = self.keys().put(&service, Some(place.clone())).await?;
        if before == Some(Place::Keyring)
            && place != Place::Keyring
            && let Err(error) = self.keys().keyring.forget(&service).await
        {
            tracing::warn!(service, %error, "a key that is used no more could not be taken out of the keyring");
        }
        self.signal(Signal::Sources);
        let stored = self.state().sources().get(id).await?;
        match stored.is_some_and(|source| source.enabled) {
            true => Ok(Some(submit(self, None, JobRequest::Sync { source: id.clone() }).await?)),
            false => Ok(None),
        }
    }

    /// Lets the key for a source's service go, also out of the keyring. A variable or a file of the player's stays.
    ///
    /// # Errors
    /// [`SourceError::TakesNoKey`]; a keyring that is locked or does not answer: the key stays known then, so that it can
    /// be tried again. Where there is no keyring any more, nothing is left to be forgotten.
    pub async fn forget_source_key(&self, id: &SourceId) -> Result<(), EngineError> {
        let service = self.service_of(id).await?;
        if self.keys().places().await?.get(&service) == Some(&Place::Keyring) {
            match self.keys().keyring.forget(&service).await {
                Ok(()) | Err(muster_keyring::Error::Absent) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.keys().put(&service, None).await?;
        self.signal(Signal::Sources);
        Ok(())
    }

    /// By address: that a source can be asked with a key, and whether there is one.
    pub(crate) async fn keys_of(&self, addresses: &[String]) -> Result<Vec<Option<KeyView>>, EngineError> {
        let places = self.keys().places().await?;
        let mut views = Vec::new();
        for address in addresses {
            let Some(service) = service_at(address) else {
                views.push(None);
                continue;
            };
            let place = places.get(&service).cloned();
            let problem = match &place {
                Some(_) => self.keys().problem(&service).await,
                None => None,
            };
            let shown = service.split_once("://").map_or(service.as_str(), |(_, host)| host).to_owned();
            views.push(Some(KeyView { service: shown, place, problem }));
        }
        Ok(views)
    }

    async fn service_of(&self, id: &SourceId) -> Result<String, EngineError> {
        let stored = self.state().sources().get(id).await?;
        let stored = stored.ok_or_else(|| EngineError::UnknownSource(id.clone()))?;
        Ok(service_at(&stored.address).ok_or_else(|| SourceError::TakesNoKey { id: id.clone() })?)
    }
}

/// The service that the source at an address is asked with a key at, if it can be.
fn service_at(address: &str) -> Option<String> {
    Some(ForeignAddress::parse(address).ok()??.key_use()?.service)
}
