//! What the player decides, kept as one value in `state.db`.

use std::{net::SocketAddr, sync::PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Engine, EngineError, Signal};

/// Key in the settings table.
pub(crate) const KEY: &str = "settings";
/// Smallest limit that the transfer engines keep to, in bytes per second.
const MIN_LIMIT: u64 = 32 * 1024;
/// Smallest cache that can hold one ordinary archive.
const MIN_QUOTA: u64 = 50_000_000;

/// Longest time to live of an archive, in days: ten years are for ever.
const MAX_DAYS: u32 = 3_650;

/// With whom archives are shared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    /// Not asked yet: nothing is shared.
    #[default]
    Unset,
    Everybody,
    /// The local network and accepted lobbies.
    Nearby,
    Nobody,
}

impl Sharing {
    /// Whether anything is offered. Who is near cannot be told from who is not yet (that comes with the gatekeeper of
    /// the transfers), so a yes to those nearby offers nothing rather than too much.
    pub fn offers(self) -> bool {
        matches!(self, Self::Everybody)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub sharing: Sharing,
    /// Bytes per second; 0 means no limit.
    pub download_limit: u64,
    /// Bytes per second; 0 means that nothing is uploaded.
    pub upload_limit: u64,
    /// Bytes of archives to keep.
    pub cache_quota: u64,
    /// Days after its last use until an archive goes that nothing needs.
    pub archive_days: u32,
    /// Days until an unfinished download goes that nothing needs.
    pub unfinished_days: u32,
    /// Whether what profiles use, pinned archives and last copies may go too, a day after that was announced, where
    /// they alone exceed the quota.
    pub evict_protected: bool,
    /// Nothing is offered until the player resumes it; downloads go on.
    pub seeding_paused: bool,
    /// Where peers connect to while sharing; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Language tag; empty follows the system.
    pub language: String,
    pub theme: Theme,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sharing: Sharing::Unset,
            download_limit: 0,
            upload_limit: 1_000_000,
            cache_quota: 2_000_000_000,
            archive_days: 30,
            unfinished_days: 7,
            evict_protected: true,
            seeding_paused: false,
            listen: SocketAddr::from(([0, 0, 0, 0], 0)),
            language: String::new(),
            theme: Theme::System,
        }
    }
}

/// The settings to change; absent ones stay.
#[derive(Clone, Debug, Default)]
pub struct SettingsPatch {
    pub sharing: Option<Sharing>,
    pub download_limit: Option<u64>,
    pub upload_limit: Option<u64>,
    pub cache_quota: Option<u64>,
    pub archive_days: Option<u32>,
    pub unfinished_days: Option<u32>,
    pub evict_protected: Option<bool>,
    pub seeding_paused: Option<bool>,
    pub listen: Option<String>,
    pub language: Option<String>,
    pub theme: Option<Theme>,
}

impl Settings {
    /// The settings after the patch, or which value cannot be.
    pub fn patched(&self, patch: SettingsPatch) -> Result<Self, EngineError> {
        let invalid = |name: &'static str| EngineError::InvalidSetting { name };
        let limit = |name, value: Option<u64>, current| match value {
            Some(value) if value != 0 && value < MIN_LIMIT => Err(invalid(name)),
            value => Ok(value.unwrap_or(current)),
        };
        let days = |name, value: Option<u32>, current| match value {
            Some(value) if value == 0 || value > MAX_DAYS => Err(invalid(name)),
            value => Ok(value.unwrap_or(current)),
        };
        let listen = match patch.listen {
            Some(text) => text.parse().map_err(|_| invalid("listen"))?,
            None => self.listen,
        };
        let language = patch.language.unwrap_or_else(|| self.language.clone());
        if language.len() > 16 || !language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(invalid("language"));
        }
        let cache_quota = patch.cache_quota.unwrap_or(self.cache_quota);
        if cache_quota < MIN_QUOTA {
            return Err(invalid("cache-quota"));
        }
        Ok(Self {
            sharing: patch.sharing.unwrap_or(self.sharing),
            download_limit: limit("download-limit", patch.download_limit, self.download_limit)?,
            upload_limit: limit("upload-limit", patch.upload_limit, self.upload_limit)?,
            cache_quota,
            archive_days: days("archive-days", patch.archive_days, self.archive_days)?,
            unfinished_days: days("unfinished-days", patch.unfinished_days, self.unfinished_days)?,
            evict_protected: patch.evict_protected.unwrap_or(self.evict_protected),
            seeding_paused: patch.seeding_paused.unwrap_or(self.seeding_paused),
            listen,
            language,
            theme: patch.theme.unwrap_or(self.theme),
        })
    }
}

impl Engine {
    /// The settings as they are.
    pub fn settings(&self) -> Settings {
        self.inner.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn set_seeding_paused(&self, paused: bool) -> Result<(), EngineError> {
        let patch = SettingsPatch { seeding_paused: Some(paused), ..SettingsPatch::default() };
        self.patch_settings(patch).await.map(drop)
    }

    /// Changes settings; they are durable and in force when this returns.
    pub async fn patch_settings(&self, patch: SettingsPatch) -> Result<Settings, EngineError> {
        let policy = self.inner.policy.lock().await;
        let settings = self.settings().patched(patch)?;
        let value =
            serde_json::to_value(&settings).map_err(|_| EngineError::Internal("settings are not JSON"))?;
        self.state().settings().set(KEY, value, Timestamp::now()).await?;
        *self.inner.settings.write().unwrap_or_else(PoisonError::into_inner) = settings.clone();
        self.apply_settings().await;
        drop(policy);
        self.refresh_sharing().await;
        self.keep_soon();
        self.signal(Signal::Settings);
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_values_that_would_stall_or_break_something() {
        let settings = Settings::default();
        for patch in [
            SettingsPatch { download_limit: Some(1000), ..Default::default() },
            SettingsPatch { listen: Some("somewhere".into()), ..Default::default() },
            SettingsPatch { language: Some("../de".into()), ..Default::default() },
            SettingsPatch { cache_quota: Some(1), ..Default::default() },
            SettingsPatch { archive_days: Some(0), ..Default::default() },
            SettingsPatch { unfinished_days: Some(MAX_DAYS + 1), ..Default::default() },
        ] {
            assert!(settings.patched(patch).is_err());
        }
        let patch =
            SettingsPatch { upload_limit: Some(0), sharing: Some(Sharing::Nearby), ..Default::default() };
        let changed = settings.patched(patch).unwrap();
        assert_eq!((changed.upload_limit, changed.sharing), (0, Sharing::Nearby));
    }
}
