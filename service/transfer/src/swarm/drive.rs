//! Downloading one archive from peers: keeps the session supplied with peers, and knows when to give up.
//!
//! librqbit has no call to add a peer, to ban one or to check again; the one way that works in every state is to remove
//! the torrent (what is here stays here) and to add it again with the peers of the moment. New peers are gathered for a
//! moment first, so that a lobby that fills up does not restart the session for everyone.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Exposure, Metainfo, Pieces, Swarm};
use crate::{
    Error,
    assembly::{Assembly, Counters},
    bucket::Bucket,
};

const TICK: Duration = Duration::from_millis(200);
/// New peers are gathered this long before the session is started again for them.
const GATHER: Duration = Duration::from_millis(400);
/// Wrong pieces after which the whole swarm of this archive is given up.
const MAX_WRONG_PIECES: u32 = 64;

/// How long peers may keep us waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwarmPatience {
    /// Without a new byte, before the swarm counts as dead.
    pub stall: Duration,
}

impl Default for SwarmPatience {
    fn default() -> Self {
        Self { stall: Duration::from_secs(30) }
    }
}

/// Peers known for an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KnownPeers {
    pub addresses: BTreeSet<SocketAddr>,
    /// Counts every time somebody named peers, also known ones: a reason to dial them again.
    pub named: u64,
}

/// One download.
pub(crate) struct Drive<'a> {
    pub swarm: &'a dyn Swarm,
    pub torrent: &'a Metainfo,
    pub assembly: &'a Arc<Assembly>,
    pub counters: &'a Arc<Counters>,
    pub down: &'a Arc<Bucket>,
    pub peers: watch::Receiver<KnownPeers>,
    pub exposure: watch::Receiver<Exposure>,
    pub patience: SwarmPatience,
}

struct Round {
    pieces: Arc<Pieces>,
    named: u64,
    exposure: Exposure,
}

impl Drive<'_> {
    /// Ends when nothing is missing, when it is cancelled, or with the reason why peers do not help. Nothing of it runs
    /// afterwards.
    pub async fn run(mut self, cancel: CancellationToken) -> Result<(), Error> {
        self.assembly.is_swarming.store(true, Ordering::Relaxed);
        let result = self.rounds(&cancel).await;
        self.assembly.is_swarming.store(false, Ordering::Relaxed);
        self.counters.connected.store(0, Ordering::Relaxed);
        self.swarm.remove(self.torrent.info_hash).await;
        result
    }

    async fn rounds(&mut self, cancel: &CancellationToken) -> Result<(), Error> {
        let mut banned = BTreeSet::new();
        let mut wrong_pieces = 0;
        let mut progress = Progress::new(self.counters);
        loop {
            let Some(round) = self.begin(&banned).await? else {
                return Err(if banned.is_empty() {
                    Error::NoSource { last: "none" }
                } else {
                    Error::WrongBytes
                });
            };
            let ended = self.watch(&round, &mut progress, cancel).await;
            round.pieces.close();
            match ended? {
                Ended::Complete | Ended::Cancelled => return Ok(()),
                Ended::Renew => {}
                Ended::Wrong { pieces, suspects } => {
                    wrong_pieces += pieces;
                    tracing::info!(wrong_pieces, suspects = suspects.len(), "peers sent wrong pieces");
                    banned.extend(suspects);
                    if wrong_pieces >= MAX_WRONG_PIECES {
                        return Err(Error::WrongBytes);
                    }
                }
            }
        }
    }

    /// `None` if there is nobody to ask.
    async fn begin(&mut self, banned: &BTreeSet<SocketAddr>) -> Result<Option<Round>, Error> {
        let known = self.peers.borrow_and_update().clone();
        let exposure = *self.exposure.borrow_and_update();
        let peers: Vec<SocketAddr> = known.addresses.difference(banned).copied().collect();
        // While sharing, others may connect by themselves.
        if peers.is_empty() && exposure == Exposure::TakeOnly {
            return Ok(None);
        }
        let pieces = Arc::new(Pieces::new(
            self.torrent.piece_length,
            self.assembly.clone(),
            self.counters.clone(),
            self.down.clone(),
        ));
        let started = self.swarm.fetch(self.torrent, pieces.clone(), peers.clone(), exposure).await;
        let exposure = match started {
            Ok(()) => exposure,
            // Sharing was switched off a moment ago.
            Err(_) if exposure == Exposure::Shared => {
                self.swarm.fetch(self.torrent, pieces.clone(), peers, Exposure::TakeOnly).await?;
                Exposure::TakeOnly
            }
            Err(error) => return Err(error),
        };
        Ok(Some(Round { pieces, named: known.named, exposure }))
    }

    async fn watch(
        &mut self,
        round: &Round,
        progress: &mut Progress,
        cancel: &CancellationToken,
    ) -> Result<Ended, Error> {
        let mut renew_at: Option<Instant> = None;
        let mut wrong_at: Option<Instant> = None;
        loop {
            tokio::select! {
                () = cancel.cancelled() => return Ok(Ended::Cancelled),
                () = self.assembly.completed() => return Ok(Ended::Complete),
                () = tokio::time::sleep(TICK) => {}
            }
            if let Some(error) = round.pieces.disk_error() {
                return Err(error);
            }
            if round.pieces.contradicts_blocks() {
                return Err(Error::WrongBytes);
            }
            let Some(status) = self.swarm.status(&self.torrent.info_hash) else {
                return Ok(Ended::Renew);
            };
            if let Some(detail) = status.error {
                return Err(Error::Swarm { detail });
            }
            self.counters.connected.store(u64::from(status.peers), Ordering::Relaxed);

            let wrong = round.pieces.wrong_pieces();
            if wrong > 0 {
                // The peer's own record follows its last byte by a moment.
                let since = *wrong_at.get_or_insert_with(Instant::now);
                if !status.suspects.is_empty() && since.elapsed() >= TICK || wrong >= MAX_WRONG_PIECES {
                    return Ok(Ended::Wrong { pieces: wrong, suspects: status.suspects });
                }
            }
            let is_news =
                self.peers.borrow().named != round.named || *self.exposure.borrow() != round.exposure;
            if is_news && *renew_at.get_or_insert_with(|| Instant::now() + GATHER) <= Instant::now() {
                progress.reset();
                return Ok(Ended::Renew);
            }
            if progress.stalled_for(self.counters) >= self.patience.stall {
                return Err(Error::Stalled { seconds: self.patience.stall.as_secs() });
            }
        }
    }
}

enum Ended {
    Complete,
    Cancelled,
    /// Start again with the peers known now.
    Renew,
    Wrong {
        pieces: u32,
        suspects: Vec<SocketAddr>,
    },
}

struct Progress {
    bytes: u64,
    since: Instant,
}

impl Progress {
    fn new(counters: &Counters) -> Self {
        Self { bytes: counters.peers.load(Ordering::Relaxed), since: Instant::now() }
    }

    fn reset(&mut self) {
        self.since = Instant::now();
    }

    fn stalled_for(&mut self, counters: &Counters) -> Duration {
        let bytes = counters.peers.load(Ordering::Relaxed);
        if bytes != self.bytes {
            *self = Self { bytes, since: Instant::now() };
        }
        self.since.elapsed()
    }
}
