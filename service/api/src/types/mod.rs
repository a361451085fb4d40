//! The wire types, one file per area.

mod adoption;
mod advice;
mod catalog;
mod changes;
mod collection;
mod disk;
mod event;
mod folders;
mod game;
mod history;
mod job;
mod kept;
mod limits;
mod lobby;
mod order;
mod pack;
mod plan;
mod problem;
mod profile;
mod saves;
mod seed;
mod settings;
mod shared;
mod source;
mod status;
mod transfer;
mod upkeep;
mod why;

pub use adoption::*;
pub use advice::*;
pub use catalog::*;
pub use changes::*;
pub use collection::*;
pub use disk::*;
pub use event::*;
pub use folders::*;
pub use game::*;
pub use history::*;
pub use job::*;
pub use kept::*;
pub use limits::*;
pub use lobby::*;
pub use order::*;
pub use pack::*;
pub use plan::*;
pub use problem::*;
pub use profile::*;
pub use saves::*;
pub use seed::*;
pub use settings::*;
pub use shared::*;
pub use source::*;
pub use status::*;
pub use transfer::*;
pub use upkeep::*;
pub use why::*;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Identity of a package across sources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
pub struct PackageKey {
    /// Source id, never an alias.
    pub source: String,
    /// `publisher/name` in registries, opaque elsewhere.
    pub id: String,
}

/// Answer to every request that changes something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Changed {
    /// Number of the change; events that show its effect carry a number at least as high.
    pub change: u64,
    /// Hand this to `undo` to put things back, where that is possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub undo: Option<String>,
    /// The job that does the work, where it takes time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub job: Option<String>,
    /// The thing that was made, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub created: Option<String>,
}
