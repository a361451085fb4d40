//! Getting and giving bytes by hash; knows nothing of profiles, sources or SQL, and of packages only their entry maps.
//!
//! [`Transfers`] is the way in. Layers, top down: `transfers` (handle) → `actor` (owns the queue) → [`queue`] (what runs, pure)
//! · `run` (one transfer) → `local` (what is here) → `sources` (who works, pure) → `origin` (servers, folders) and `swarm`
//! (BitTorrent), all writing into one `assembly` · `sharing` (what is offered). Invariants: an archive is there only after
//! the cache has found its whole hash; sources are never believed; sharing is off until [`Transfers::set_sharing`], and then
//! only what was given to [`Transfers::seed`] is offered.

mod actor;
mod assembly;
mod backoff;
mod blocking;
mod blocks;
mod breaker;
mod bucket;
mod config;
#[cfg_attr(not(test), expect(dead_code, reason = "wired by the swarm"))]
mod discovery;
mod error;
mod flow;
mod local;
mod meter;
mod origin;
mod parts;
mod persist;
pub mod queue;
mod receive_buffer;
mod run;
mod sharing;
mod sources;
mod swarm;
mod transfer;
mod transfers;
mod uplink;
mod view;
mod want;

pub use backoff::Backoff;
pub use config::Config;
pub use discovery::{DhtConfig, DiscoveryConfig, LanConfig, MappingConfig, Tracker, TrackersConfig};
pub use error::{CODES, Error, OriginError, TorrentRefusal};
pub use local::{Holder, Local};
pub use origin::{Origin, Patience, Reach};
pub use swarm::{Bounds, MAX_ANSWER, MAX_NOTE, Metainfo, NoteReader, Scope, SwarmPatience, TorrentSpec, Via};
pub use transfers::Transfers;
pub use view::{PeerView, Phase, SeedView, SharingView, Snapshot, SourceSplit, TransferView};
pub use want::{
    Conditions, Finding, Meets, Outcome, Proof, RateLimits, SeedSpec, SharingPolicy, Want, WantHandle,
};
