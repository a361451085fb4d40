//! What is written down of lobbies.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use muster_domain::{GameId, ProfileId, Sha256};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::{Mutex, Notify};
use uuid::Uuid;

use super::{
    desk::Desk,
    host::{Hosted, Read},
    report::{Heard, Reports},
    steps::Step,
};
use crate::{Engine, EngineError, Problem, Signal};

/// Keys in the settings table.
const GUEST: &str = "lobby-joined";
const HOSTED: &str = "lobby-hosted";
const NAME: &str = "lobby-name";
pub(super) const HOSTS: &str = "lobby-hosts";
pub(super) const OWN_KEY: &str = "lobby-host-key";

/// A lobby that was joined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Guest {
    pub name: String,
    pub game: GameId,
    /// Of the ticket.
    pub digest: Sha256,
    /// The lobby's own profile.
    pub profile: ProfileId,
    /// The profile that is in place otherwise, if one is.
    pub own: Option<ProfileId>,
    /// The profile that was shown first.
    pub current: Option<ProfileId>,
    pub step: Step,
    #[serde(default)]
    pub wants_back: bool,
    /// The run of the service in which the step was reached.
    pub reached: Uuid,
    /// Why the last step did not succeed.
    #[serde(default)]
    pub problem: Option<Problem>,
    /// When it was joined, and until when its ticket holds.
    #[serde(default)]
    pub since: Option<Timestamp>,
    #[serde(default)]
    pub expires: Option<Timestamp>,
    /// Absent in what an earlier version wrote down.
    #[serde(default)]
    pub reports: Option<Reports>,
    /// The page to go back to.
    #[serde(default)]
    pub back: Option<String>,
}

/// What the engine keeps in memory of lobbies.
#[derive(Debug, Default)]
pub(crate) struct Lobbies {
    /// Held while a record is read and written.
    pub turn: Mutex<()>,
    /// Told when the player asked for something, and when the first guest came.
    pub stirred: Arc<Notify>,
    started: OnceLock<Uuid>,
    /// The ticket that others fetch stays here as long as this is held.
    pub lease: std::sync::Mutex<Option<muster_cache::ArchiveLease>>,
    /// The ticket of the lobby that is open here, as it was read and verified.
    pub read: std::sync::Mutex<Read>,
    /// Where guests report.
    pub desk: std::sync::Mutex<Option<Arc<Desk>>>,
    /// What the host of the lobby that was joined said last.
    pub heard: std::sync::Mutex<Option<Heard>>,
}

impl Lobbies {
    /// Names this run of the service.
    pub fn started(&self) -> Uuid {
        *self.started.get_or_init(Uuid::now_v7)
    }
}

impl Engine {
    /// Whether a profile is what others join, or a lobby's own: its packages stay as they are.
    pub(crate) async fn is_in_lobby(&self, id: ProfileId) -> Result<bool, EngineError> {
        let is_hosted = self.hosted().await?.is_some_and(|hosted| hosted.profile == id);
        Ok(is_hosted || self.guest().await?.is_some_and(|guest| guest.profile == id))
    }

    pub(super) async fn guest(&self) -> Result<Option<Guest>, EngineError> {
        self.record(GUEST).await
    }

    pub(super) async fn hosted(&self) -> Result<Option<Hosted>, EngineError> {
        self.record(HOSTED).await
    }

    pub(super) async fn write_guest(&self, guest: Option<Guest>) -> Result<(), EngineError> {
        self.write_record(GUEST, guest).await
    }

    pub(super) async fn write_hosted(&self, hosted: Option<Hosted>) -> Result<(), EngineError> {
        self.write_record(HOSTED, hosted).await
    }

    /// What the player was called in the last lobby.
    pub(super) async fn lobby_name(&self) -> Result<String, EngineError> {
        let stored = self.state().settings().get(NAME).await?;
        Ok(stored.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default())
    }

    pub(super) async fn remember_lobby_name(&self, name: &str) -> Result<(), EngineError> {
        Ok(self.state().settings().set(NAME, Value::from(name), Timestamp::now()).await?)
    }

    pub(super) async fn record<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, EngineError> {
        let stored = self.state().settings().get(key).await?.filter(|value| !value.is_null());
        let unreadable = |_| EngineError::Internal("what is written down of a lobby cannot be read");
        stored.map(serde_json::from_value).transpose().map_err(unreadable)
    }

    pub(super) async fn write_record<T: Serialize>(
        &self,
        key: &str,
        record: Option<T>,
    ) -> Result<(), EngineError> {
        let value = record.map_or(Ok(Value::Null), serde_json::to_value);
        let value = value.map_err(|_| EngineError::Internal("a lobby is not JSON"))?;
        self.state().settings().set(key, value, Timestamp::now()).await?;
        self.signal(Signal::Lobbies);
        Ok(())
    }
}
