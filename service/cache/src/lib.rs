//! Archives and unpacked trees by SHA-256: writers, leases, pins, quota, eviction, repair.
//!
//! Invariants:
//! - Bytes become an archive only through a [`Writer`] whose [`Writer::finish`] found the whole file's hash; nothing
//!   is visible before. An archive on disk that the index does not vouch for is hashed before its first use, and the
//!   index vouches for nothing after a run that did not end with [`Cache::close`].
//! - A resume map never claims bytes that were not synced (`resume.rs`).
//! - What is found damaged is out of sight before the call that found it returns; getting it back is a new fetch that
//!   keeps the good blocks.
//! - A tree is there completely or not at all; its files are read-only.
//! - Losing any of this costs time, never a profile: leases and pins are declared by their owner at every start, and
//!   nothing is evicted before that.
//!
//! Every call may block on the disk: call from a blocking thread.

mod ahead;
mod cache;
mod error;
mod eviction;
mod free;
mod handles;
mod hashing;
mod index;
mod layout;
mod lease;
mod maintain;
mod partial;
mod probe;
mod progress;
mod reader;
mod resume;
mod state;
mod stores;
mod trees;
mod trust;
mod writer;

pub use cache::{Cache, Opening};
pub use error::Error;
pub use eviction::{Completeness, Evict, Fact, Policy, Protection, Reason, plan_eviction};
pub use free::{Room, RoomPlan, Staying, plan_room};
pub use lease::ArchiveLease;
pub use maintain::{ArchiveInfo, Usage};
pub use probe::Way;
pub use reader::Reader;
pub use resume::{BLOCK_SIZE, MAX_ARCHIVE, block_count};
pub use stores::{Choice, Rules, StoreId, Stores, Why};
pub use trees::{TreeLease, Trees};
pub use trust::Check;
pub use writer::{Writer, Written};
