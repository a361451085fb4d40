//! The event stream: a snapshot first, then numbered changes. A gap in the numbers means: connect again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{Job, JobChange, Lobbies, Profile, Settings, Source, Status, Transfers, TransfersChange};

/// Everything a window needs to start with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Snapshot {
    pub status: Status,
    /// Unfinished jobs and those that ended since the service started, newest first, at most 50; ended ones without their
    /// members.
    pub jobs: Vec<Job>,
    pub transfers: Transfers,
    pub profiles: Vec<Profile>,
    pub sources: Vec<Source>,
    pub settings: Settings,
    pub lobbies: Lobbies,
}

/// One item of the stream. The first has number 0 and is the snapshot; each next one is higher by one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Event {
    /// Per connection.
    pub number: u64,
    /// Highest change that this event already shows.
    pub change: u64,
    #[serde(flatten)]
    pub payload: EventPayload,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "topic", content = "data", rename_all = "kebab-case")]
pub enum EventPayload {
    Snapshot(Box<Snapshot>),
    Status(Status),
    /// Replaces the job with the same id.
    Job(JobChange),
    Transfers(TransfersChange),
    /// Replaces the whole list.
    Profiles(Vec<Profile>),
    /// Packages of this profile changed; ask for them again.
    ProfileChanged {
        profile: String,
    },
    /// Replaces the whole list.
    Sources(Vec<Source>),
    /// Packages of the catalog changed; search again.
    Catalog {
        source: String,
    },
    Settings(Settings),
    /// Replaces what was known of lobbies.
    Lobbies(Box<Lobbies>),
}
