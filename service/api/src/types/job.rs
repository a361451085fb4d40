//! Work that takes time.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::{PackageKey, Problem};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JobKind {
    /// Change the packages of a profile.
    Change,
    /// Go back to an earlier state of a profile.
    GoBack,
    /// Put missing or changed files right.
    Repair,
    /// Refresh a source.
    Sync,
    /// Read what is at an address, before it is a source.
    Look,
}

/// What the fetch of a repository is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FetchStage {
    /// The host is asked what there is, and puts together what is missing here.
    Asking,
    /// Objects come.
    Receiving,
    /// What came is put together.
    Joining,
}

/// How far the fetch of a repository is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FetchStep {
    pub stage: FetchStage,
    /// Bytes that came.
    pub bytes: u64,
    /// Objects (files and folders) that the stage is through with, and how many it has; 0 where it counts none.
    pub objects: u64,
    pub objects_total: u64,
}

/// Where a job is. In this order; the last three are ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    Waiting,
    Resolving,
    Planning,
    Fetching,
    Unpacking,
    Deploying,
    Committing,
    Done,
    Failed,
    Cancelled,
}

impl Phase {
    /// Whether nothing more will happen.
    pub fn is_end(self) -> bool {
        self >= Self::Done
    }
}

/// A job, complete: a newer one with the same id replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Job {
    pub id: String,
    pub kind: JobKind,
    pub phase: Phase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub profile: Option<String>,
    /// What the player asked for, by title.
    pub subjects: Vec<String>,
    pub members: Vec<JobMember>,
    /// Bytes fetched and to fetch, over all members.
    pub done: u64,
    pub total: u64,
    /// How far the repository is that is being fetched for a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub step: Option<FetchStep>,
    pub created: String,
    pub updated: String,
    pub can_cancel: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub problem: Option<Problem>,
    /// The generation that it made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub generation: Option<u64>,
}

/// A job as it is now, for those who were told of it before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct JobChange {
    #[serde(flatten)]
    pub job: Job,
    /// What it is about (subjects and members) is what this connection was told last, and is left out here.
    pub is_as_before: bool,
}

/// One package of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct JobMember {
    #[serde(flatten)]
    pub key: PackageKey,
    pub title: String,
    /// Version after the job; absent for removals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
    pub size: u64,
    /// The transfer that brings it, where it is not here already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sha256: Option<String>,
}
