//! Bytes from and to peers over BitTorrent.
//!
//! librqbit is one person's and young: it is used through the narrow [`Swarm`] trait, and only `rqbit` and `storage` name
//! it. Invariants: a torrent is validated before it is added (`metainfo`); a download passes nothing on and listens nowhere
//! unless its archive was given to [`Swarm::seed`] while sharing is on; without sharing there is no listener at all.

mod drive;
mod metainfo;
mod pieces;
mod rqbit;
mod storage;

use std::{fmt::Debug, net::SocketAddr, sync::Arc};

use futures::future::BoxFuture;
use muster_cache::Reader;
use muster_domain::Sha1;

pub use drive::SwarmPatience;
pub(crate) use drive::{Drive, KnownPeers};
pub use metainfo::{Metainfo, TorrentSpec};
pub(crate) use pieces::Pieces;
pub(crate) use rqbit::Rqbit;

use crate::Error;

/// Whether a download may pass on what it already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exposure {
    /// Nothing is offered, nobody can connect to it.
    TakeOnly,
    /// The player shares, and this archive may be passed on.
    Shared,
}

/// What is known about one torrent right now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    /// Connected peers.
    pub peers: u32,
    /// Bytes passed on since it was added.
    pub uploaded: u64,
    /// Peers that sent bytes, had errors and completed nothing.
    pub suspects: Vec<SocketAddr>,
    /// It has ended by itself.
    pub error: Option<String>,
}

/// All of BitTorrent that the rest needs.
pub(crate) trait Swarm: Send + Sync + Debug {
    /// Starts, or starts again, downloading from exactly these peers (and those they name).
    fn fetch(
        &self,
        torrent: &Metainfo,
        pieces: Arc<Pieces>,
        peers: Vec<SocketAddr>,
        exposure: Exposure,
    ) -> BoxFuture<'_, Result<(), Error>>;

    /// Offers a complete archive. Ends when it was checked; fails if sharing is off.
    fn seed(&self, torrent: &Metainfo, reader: Reader) -> BoxFuture<'_, Result<(), Error>>;

    /// Stops a download or a seed, and cuts its connections.
    fn remove(&self, info_hash: Sha1) -> BoxFuture<'_, ()>;

    /// `None` if it is not there.
    fn status(&self, info_hash: &Sha1) -> Option<Status>;

    /// Listens at an address for peers, or nowhere; ends everything shared when it changes. Returns where it listens.
    fn share(&self, listen: Option<SocketAddr>) -> BoxFuture<'_, Result<Option<SocketAddr>, Error>>;

    /// Caps in bytes per second.
    fn set_limits(&self, down: Option<u64>, up: Option<u64>);

    /// Ends everything; nothing runs afterwards.
    fn shutdown(&self) -> BoxFuture<'_, ()>;
}
