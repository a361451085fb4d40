//! What the player decides.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// With whom archives are shared. Nothing is uploaded before the player chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// All settings, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct Settings {
    pub sharing: Sharing,
    /// Bytes per second; 0 means no limit.
    pub download_limit: u64,
    /// Bytes per second; 0 means nothing is uploaded.
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
    /// Address that peers connect to while sharing (`address:port`; port 0 lets the system choose).
    pub listen: String,
    /// Language tag, or empty to follow the system.
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
            listen: "0.0.0.0:0".into(),
            language: String::new(),
            theme: Theme::System,
        }
    }
}

/// The settings to change; absent ones stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sharing: Option<Sharing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub download_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub upload_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub cache_quota: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub archive_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub unfinished_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub evict_protected: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seeding_paused: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub listen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theme: Option<Theme>,
}
