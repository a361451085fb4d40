//! What trackers are told, and what they answer, whatever the protocol.

use std::{net::SocketAddr, time::Duration};

use muster_domain::Sha1;

/// What has changed since the last time (BEP 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Nothing,
    Started,
    Completed,
    Stopped,
}

/// One announcement of one info-hash at one tracker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Announce {
    pub info_hash: Sha1,
    pub event: Event,
    /// Where we listen, if we do.
    pub port: Option<u16>,
    /// Bytes that we still need.
    pub left: u64,
    /// Most peers that we want to hear of.
    pub wanted: u32,
    /// What the tracker calls us; it wants to hear it again.
    pub tracker_id: Option<Vec<u8>>,
}

impl Announce {
    /// Trackers refuse port 0. Who looks without listening says 1, and goodbye at once.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(1)
    }
}

/// Who we are, the same for all trackers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity {
    pub peer_id: [u8; 20],
    /// Proves to a tracker that we are the same when our address has changed.
    pub key: u32,
}

/// What a tracker said. Times are as it said them, peers are already sorted out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub interval: Option<Duration>,
    pub min_interval: Option<Duration>,
    pub tracker_id: Option<Vec<u8>>,
    pub peers: Vec<SocketAddr>,
}

/// Why a tracker was of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// It lies where it must not.
    #[error("the address is not allowed")]
    Refused,
    #[error("no answer")]
    Unreachable,
    /// The answer means nothing, or is too large.
    #[error("the answer is no tracker's")]
    Protocol,
    /// It refused this one, and said why.
    #[error("the tracker said: {0}")]
    Said(String),
}

impl Failure {
    /// Whether it concerns the tracker as a whole, not only one info-hash.
    pub fn is_general(&self) -> bool {
        !matches!(self, Self::Said(_))
    }
}
