//! Makes a folder equal a profile: rules, plan, journal, apply, roll back, prove.
//!
//! The way of a deployment: [`place_files`] (package → places, pure) → [`merge`] (packages in order → [`Desired`],
//! pure) → [`Deployment::observe`] (what is on the disk) → [`plan`] (pure, shown as a dry run) →
//! [`Deployment::apply`] (journal, then files, then commit record).
//!
//! Invariants:
//! - Every change of a place is in the journal, durably, before it happens. Killed at any instant, the next
//!   [`Deployment::open`] brings the places to exactly the old or exactly the new state.
//! - A file that is not known to be ours is never deleted and never overwritten without a copy in the state folder.
//! - Everything below a place is reached through a directory handle; links there are never followed.
//! - What was in the places is written down before the first write ([`Baseline`]), so that the way back can be proved.
//! - One deployment at a time per state folder (a file lock), and one thread in it.
//!
//! What is not restored: the modification times of folders that files were put into and taken out of again.

mod apply;
mod baseline;
mod changed;
mod commit;
mod conflicts;
mod copies;
mod deployment;
mod edits;
mod error;
mod facts;
mod faults;
mod journal;
mod kept;
mod left;
mod merge;
mod model;
mod observe;
mod order;
mod overlay;
mod plan;
mod preflight;
mod proof;
mod record;
mod rollback;
mod rules;
mod text;
mod traces;
mod verify;
mod work;

#[cfg(test)]
mod tests;

pub use apply::{Outcome, Progress, Trees, Watch};
pub use baseline::{Baseline, Kind, Original};
pub use changed::{Changed, Drifted};
pub use conflicts::{Conflict, Handover, Loser, Reasons, WinReason, conflicts, handovers};
pub use deployment::{Deployment, Recovery};
pub use error::DeployError;
pub use facts::{Found, Obstacle, OnDisk, Stamp};
pub use journal::Books;
pub use kept::{Aside, KeptFile};
pub use left::Left;
pub use merge::{
    Brought, Desired, DesiredEdit, DesiredFile, Instead, Overridden, PlacedPackage, Room, Source, Version,
    merge,
};
pub use model::{Applied, AppliedEdit, AppliedFile, Displaced, Held, Hidden, Key, PackageKey, Saved, Spot};
pub use order::{Order, OrderCycle, OrderReason, OrderStep, OrderedPackage, order, steps};
pub use overlay::{Keep, Laid, Own, Sides, lay};
pub use plan::{Action, Blocked, Choices, Drift, DriftKind, Plan, Put, Release, Step, Summary, Take, plan};
pub use proof::{Departure, Proof};
pub use rules::{AuthorRule, PackageFiles, Placed, Placement, Target, TreeFile, place_files, place_targets};
pub use text::{Clash, merge_text};
pub use traces::Trace;
pub use verify::{FileState, Report, Verified};

/// Every code of [`DeployError`].
pub const CODES: &[&str] = DeployError::CODES;
