//! What the player decides.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Consider, Turtle};

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
    /// Nobody on another machine is asked for anything; what is known and here is used.
    #[ts(optional, as = "Option<bool>")]
    pub offline: bool,
    /// Address that peers connect to while sharing (`address:port`; port 0 lets the system choose).
    pub listen: String,
    /// Language tag, or empty to follow the system.
    pub language: String,
    pub theme: Theme,
    /// The upload limit is lowered to half of the measured uplink where that is less. Naming an upload limit switches
    /// this off.
    pub upload_auto: bool,
    /// The second set of limits.
    pub turtle: Turtle,
    /// Bytes per second; 0 means no limit.
    pub turtle_download_limit: u64,
    /// Bytes per second; 0 means nothing is uploaded.
    pub turtle_upload_limit: u64,
    /// When the second set is in force by itself (`mon-fri 18:00-23:00; sat, sun 09:00-24:00`, local time); never if empty.
    pub turtle_hours: String,
    /// When sharing is allowed, written likewise; always if empty.
    pub share_hours: String,
    /// Bytes that may be uploaded in a calendar month; 0 means any number.
    pub monthly_upload: u64,
    /// Limits are for the way to the internet only.
    pub lan_exempt: bool,
    /// Look for peers, and be found, in the own network.
    pub find_nearby: bool,
    /// Look for peers in the distributed table and at trackers, and be found there for what everybody may have.
    pub find_public: bool,
    /// Ask the router to let peers in while everybody may have something.
    pub open_port: bool,
    /// Connections to peers, all together: 4 to 500.
    pub connections: u32,
    /// Percent of the download limit that is left to one's own downloads beside those of a lobby.
    pub user_share: u8,
    /// Percent of the download limit that background downloads may take.
    pub background_share: u8,
    /// Share while a game runs or a program fills the screen.
    pub upload_while_playing: bool,
    /// Let background downloads run then.
    pub background_while_playing: bool,
    pub on_battery: Consider,
    pub on_metered: Consider,
    /// Concerns sharing alone.
    pub on_vpn: Consider,
    /// Share only while it is known that nobody is there.
    pub share_when_away: bool,
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
            listen: "0.0.0.0:0".into(),
            language: String::new(),
            theme: Theme::System,
            upload_auto: true,
            turtle: Turtle::Auto,
            turtle_download_limit: 0,
            turtle_upload_limit: 100_000,
            turtle_hours: String::new(),
            share_hours: String::new(),
            monthly_upload: 20_000_000_000,
            lan_exempt: true,
            find_nearby: true,
            find_public: true,
            open_port: true,
            connections: 50,
            user_share: 10,
            background_share: 100,
            upload_while_playing: false,
            background_while_playing: false,
            on_battery: Consider::Pause,
            on_metered: Consider::Pause,
            on_vpn: Consider::Pause,
            share_when_away: false,
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
    pub offline: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub listen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theme: Option<Theme>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub upload_auto: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub turtle: Option<Turtle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub turtle_download_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub turtle_upload_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub turtle_hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub share_hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub monthly_upload: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub lan_exempt: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub find_nearby: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub find_public: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub open_port: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub connections: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub user_share: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub background_share: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub upload_while_playing: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub background_while_playing: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub on_battery: Option<Consider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub on_metered: Option<Consider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub on_vpn: Option<Consider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub share_when_away: Option<bool>,
}
