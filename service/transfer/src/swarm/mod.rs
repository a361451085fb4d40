//! Bytes from and to peers over BitTorrent.
//!
//! The protocol's formats are librqbit's crates; who talks to whom, about what, in which order and how fast is ours
//! (decision 0008). Layers, top down: `drive` (one download) → `hub` (everything) → `exchange` (one archive) → `converse`
//! (one peer: `talk` listens and asks, `give` speaks) → `wire`. Pure: `picker`, `choke`, `book`, `budget`, `score`, `gossip`.
//! Invariants: a torrent is validated before it is added (`metainfo`); a download passes nothing on and listens nowhere
//! unless its archive was given to [`Hub::seed`] while sharing is on; without sharing there is no listener at all, and so no
//! `notes` are read either.

mod bits;
mod book;
mod budget;
mod care;
mod choke;
mod converse;
mod door;
mod drive;
mod exchange;
mod fetch;
mod give;
mod gossip;
mod hub;
mod member;
mod metainfo;
mod notes;
mod outbox;
mod picker;
mod rendezvous;
mod score;
mod talk;
mod wire;

pub use book::Via;
pub use budget::Bounds;
pub use drive::SwarmPatience;
pub(crate) use drive::{Drive, KnownPeers};
pub(crate) use hub::Hub;
pub use hub::Scope;
pub use metainfo::{Metainfo, TorrentSpec};
pub(crate) use notes::send as send_note;
pub use notes::{MAX_ANSWER, MAX_NOTE, NoteReader};
pub(crate) use rendezvous::{Ask, Hint, place};

/// Whether a download may pass on what it already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exposure {
    /// Nothing is offered, nobody can connect to it.
    TakeOnly,
    /// The player shares, and this archive may be passed on.
    Shared,
}
