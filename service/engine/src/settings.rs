//! What the player decides, kept as one value in `state.db`.

use std::{net::SocketAddr, sync::PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Engine, EngineError, Signal, manners::Rules};

/// Key in the settings table.
pub(crate) const KEY: &str = "settings";
/// Smallest limit that the transfer engines keep to, in bytes per second.
pub(crate) const MIN_LIMIT: u64 = 32 * 1024;
/// Smallest cache that can hold one ordinary archive.
const MIN_QUOTA: u64 = 50_000_000;

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
    /// Where peers connect to while sharing; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Language tag; empty follows the system.
    pub language: String,
    pub theme: Theme,
    /// Everything else about when and how fast.
    pub rules: Rules,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sharing: Sharing::Unset,
            download_limit: 0,
            upload_limit: 1_000_000,
            cache_quota: 2_000_000_000,
            listen: SocketAddr::from(([0, 0, 0, 0], 0)),
            language: String::new(),
            theme: Theme::System,
            rules: Rules::default(),
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
            listen,
            language,
            theme: patch.theme.unwrap_or(self.theme),
            rules: self.rules.clone(),
        })
    }
}

impl Engine {
    /// The settings as they are.
    pub fn settings(&self) -> Settings {
        self.inner.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
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
        ] {
            assert!(settings.patched(patch).is_err());
        }
        let patch =
            SettingsPatch { upload_limit: Some(0), sharing: Some(Sharing::Nearby), ..Default::default() };
        let changed = settings.patched(patch).unwrap();
        assert_eq!((changed.upload_limit, changed.sharing), (0, Sharing::Nearby));
    }
}
