//! What the player decides, kept as one value in `state.db`.

use std::{net::SocketAddr, sync::PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Engine, EngineError, Signal,
    manners::{Consider, Rules, Schedule, Turtle},
};

/// Key in the settings table.
pub(crate) const KEY: &str = "settings";
/// Smallest limit that the transfer engines keep to, in bytes per second.
pub(crate) const MIN_LIMIT: u64 = 32 * 1024;
/// Fewer cannot make a swarm, more are too much for many routers.
const CONNECTIONS: std::ops::RangeInclusive<u32> = 4..=500;
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
    /// Whether anything is offered to anybody.
    pub fn offers(self) -> bool {
        matches!(self, Self::Everybody | Self::Nearby)
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
    /// Nobody on another machine is asked for anything; what is known and here is used.
    pub offline: bool,
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
            archive_days: 30,
            unfinished_days: 7,
            evict_protected: true,
            seeding_paused: false,
            offline: false,
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
    pub archive_days: Option<u32>,
    pub unfinished_days: Option<u32>,
    pub evict_protected: Option<bool>,
    pub seeding_paused: Option<bool>,
    pub offline: Option<bool>,
    pub listen: Option<String>,
    pub language: Option<String>,
    pub theme: Option<Theme>,
    pub rules: RulesPatch,
}

/// The rules to change; absent ones stay. Hours are texts ([`crate::manners::Schedule`]).
#[derive(Clone, Debug, Default)]
pub struct RulesPatch {
    pub upload_auto: Option<bool>,
    pub turtle: Option<Turtle>,
    pub turtle_download_limit: Option<u64>,
    pub turtle_upload_limit: Option<u64>,
    pub turtle_hours: Option<String>,
    pub share_hours: Option<String>,
    pub monthly_upload: Option<u64>,
    pub lan_exempt: Option<bool>,
    pub find_nearby: Option<bool>,
    pub find_public: Option<bool>,
    pub open_port: Option<bool>,
    pub connections: Option<u32>,
    pub user_share: Option<u8>,
    pub background_share: Option<u8>,
    pub upload_while_playing: Option<bool>,
    pub background_while_playing: Option<bool>,
    pub on_battery: Option<Consider>,
    pub on_metered: Option<Consider>,
    pub on_vpn: Option<Consider>,
    pub share_when_away: Option<bool>,
}

fn invalid(name: &'static str) -> EngineError {
    EngineError::InvalidSetting { name }
}

/// A limit that is nothing, or enough for something to work.
fn limit(name: &'static str, value: Option<u64>, current: u64) -> Result<u64, EngineError> {
    match value {
        Some(value) if value != 0 && value < MIN_LIMIT => Err(invalid(name)),
        value => Ok(value.unwrap_or(current)),
    }
}

fn hours(name: &'static str, text: Option<String>, current: &Schedule) -> Result<Schedule, EngineError> {
    let Some(text) = text else { return Ok(current.clone()) };
    text.parse().map_err(|why| EngineError::InvalidSchedule { name, why })
}

fn percent(name: &'static str, value: Option<u8>, current: u8) -> Result<u8, EngineError> {
    let value = value.unwrap_or(current);
    if (1..=100).contains(&value) { Ok(value) } else { Err(invalid(name)) }
}

impl Rules {
    /// The rules after the patch, or which value cannot be.
    fn patched(&self, patch: RulesPatch) -> Result<Self, EngineError> {
        let connections = patch.connections.unwrap_or(self.connections);
        if !CONNECTIONS.contains(&connections) {
            return Err(invalid("connections"));
        }
        let (down, up) = (patch.turtle_download_limit, patch.turtle_upload_limit);
        Ok(Self {
            upload_auto: patch.upload_auto.unwrap_or(self.upload_auto),
            turtle: patch.turtle.unwrap_or(self.turtle),
            turtle_download_limit: limit("turtle-download-limit", down, self.turtle_download_limit)?,
            turtle_upload_limit: limit("turtle-upload-limit", up, self.turtle_upload_limit)?,
            turtle_hours: hours("turtle-hours", patch.turtle_hours, &self.turtle_hours)?,
            share_hours: hours("share-hours", patch.share_hours, &self.share_hours)?,
            monthly_upload: patch.monthly_upload.unwrap_or(self.monthly_upload),
            lan_exempt: patch.lan_exempt.unwrap_or(self.lan_exempt),
            find_nearby: patch.find_nearby.unwrap_or(self.find_nearby),
            find_public: patch.find_public.unwrap_or(self.find_public),
            open_port: patch.open_port.unwrap_or(self.open_port),
            connections,
            user_share: percent("user-share", patch.user_share, self.user_share)?,
            background_share: percent("background-share", patch.background_share, self.background_share)?,
            upload_while_playing: patch.upload_while_playing.unwrap_or(self.upload_while_playing),
            background_while_playing: patch.background_while_playing.unwrap_or(self.background_while_playing),
            on_battery: patch.on_battery.unwrap_or(self.on_battery),
            on_metered: patch.on_metered.unwrap_or(self.on_metered),
            on_vpn: patch.on_vpn.unwrap_or(self.on_vpn),
            share_when_away: patch.share_when_away.unwrap_or(self.share_when_away),
        })
    }
}

impl Settings {
    /// The settings after the patch, or which value cannot be.
    pub fn patched(&self, patch: SettingsPatch) -> Result<Self, EngineError> {
        // A limit that the player names is meant as it is.
        let mut rules = patch.rules;
        if patch.upload_limit.is_some() {
            rules.upload_auto.get_or_insert(false);
        }
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
            offline: patch.offline.unwrap_or(self.offline),
            listen,
            language,
            theme: patch.theme.unwrap_or(self.theme),
            rules: self.rules.patched(rules)?,
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
        let settings = {
            let _turn = self.inner.policy.lock().await;
            let settings = self.settings().patched(patch)?;
            let value = serde_json::to_value(&settings)
                .map_err(|_| EngineError::Internal("settings are not JSON"))?;
            self.state().settings().set(KEY, value, Timestamp::now()).await?;
            *self.inner.settings.write().unwrap_or_else(PoisonError::into_inner) = settings.clone();
            self.catalog().set_offline(settings.offline);
            settings
        };
        self.refresh_sharing().await;
        self.keep_soon();
        self.signal(Signal::Settings);
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(change: impl FnOnce(&mut RulesPatch)) -> SettingsPatch {
        let mut patch = SettingsPatch::default();
        change(&mut patch.rules);
        patch
    }

    #[test]
    fn an_upload_limit_that_the_player_names_is_not_lowered_by_itself() {
        let settings = Settings::default();
        assert!(settings.rules.upload_auto);
        let named = SettingsPatch { upload_limit: Some(50_000_000), ..SettingsPatch::default() };
        assert!(!settings.patched(named.clone()).unwrap().rules.upload_auto);
        let mut both = named;
        both.rules.upload_auto = Some(true);
        assert!(settings.patched(both).unwrap().rules.upload_auto);
    }

    /// Settings that an earlier version saved.
    #[test]
    fn older_settings_get_the_careful_rules() {
        let old = serde_json::json!({"sharing": "everybody", "upload_limit": 1_000_000});
        let read: Settings = serde_json::from_value(old).unwrap();
        assert_eq!((read.sharing, read.rules), (Sharing::Everybody, Rules::default()));
    }

    #[test]
    fn refuses_values_that_would_stall_or_break_something() {
        let settings = Settings::default();
        for patch in [
            SettingsPatch { download_limit: Some(1000), ..Default::default() },
            SettingsPatch { listen: Some("somewhere".into()), ..Default::default() },
            SettingsPatch { language: Some("../de".into()), ..Default::default() },
            SettingsPatch { cache_quota: Some(1), ..Default::default() },
            rules(|rules| rules.turtle_upload_limit = Some(1)),
            rules(|rules| rules.turtle_download_limit = Some(MIN_LIMIT - 1)),
            rules(|rules| rules.share_hours = Some("sometimes".into())),
            rules(|rules| rules.turtle_hours = Some("mon".into())),
            rules(|rules| rules.connections = Some(3)),
            rules(|rules| rules.user_share = Some(0)),
            rules(|rules| rules.background_share = Some(101)),
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
