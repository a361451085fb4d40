//! What the player decided about limits and manners, beside whom to share with.

use serde::{Deserialize, Serialize};

use super::Schedule;

/// The second set of limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turtle {
    Off,
    On,
    /// While somebody plays, and in its hours.
    #[default]
    Auto,
}

/// What a fact about the machine does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consider {
    /// Holds back where it is known to be so.
    #[default]
    Pause,
    /// Holds back unless it is known not to be so.
    PauseUnlessKnown,
    /// Does nothing.
    Allow,
}

impl Consider {
    /// Whether a fact holds back.
    pub(super) fn holds(self, fact: Option<bool>) -> bool {
        match self {
            Self::Pause => fact == Some(true),
            Self::PauseUnlessKnown => fact != Some(false),
            Self::Allow => false,
        }
    }
}

/// All rules; the defaults are the careful ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// The upload limit is lowered to half of the measured uplink where that is less.
    pub upload_auto: bool,
    pub turtle: Turtle,
    /// Bytes per second; 0 means no limit.
    pub turtle_download_limit: u64,
    /// Bytes per second; 0 means that nothing is uploaded.
    pub turtle_upload_limit: u64,
    /// When the second set is in force by itself; none if empty.
    pub turtle_hours: Schedule,
    /// When sharing is allowed; always if empty.
    pub share_hours: Schedule,
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
    /// Connections to peers, all together.
    pub connections: u32,
    /// Percent of the download limit that is left to downloads the player asked for beside those of a lobby.
    pub user_share: u8,
    /// Percent of the download limit that background downloads may take.
    pub background_share: u8,
    pub upload_while_playing: bool,
    pub background_while_playing: bool,
    pub on_battery: Consider,
    pub on_metered: Consider,
    pub on_vpn: Consider,
    /// Share only while it is known that nobody is there.
    pub share_when_away: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            upload_auto: true,
            turtle: Turtle::Auto,
            turtle_download_limit: 0,
            turtle_upload_limit: 100_000,
            turtle_hours: Schedule::default(),
            share_hours: Schedule::default(),
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
