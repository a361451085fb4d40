//! Fetching one archive from peers: keeps it supplied with connections, and knows when to give up.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use muster_domain::Tier;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{
    Exposure, Hub, Metainfo,
    book::Via,
    exchange::{Content, Exchange},
    picker::Proof,
};
use crate::{
    Error,
    assembly::{Assembly, Counters},
};

const TICK: Duration = Duration::from_millis(100);
/// Wrong units after which all peers of this archive are given up.
const MAX_WRONG: u32 = 64;

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
    pub addresses: std::collections::BTreeMap<SocketAddr, Via>,
    /// Counts every time somebody named peers, also known ones: a reason to dial them again.
    pub named: u64,
}

/// One download.
pub(crate) struct Drive<'a> {
    pub hub: &'a Arc<Hub>,
    pub torrent: &'a Metainfo,
    pub assembly: &'a Arc<Assembly>,
    pub counters: &'a Arc<Counters>,
    pub tier: watch::Receiver<Tier>,
    pub peers: watch::Receiver<KnownPeers>,
    pub exposure: watch::Receiver<Exposure>,
    pub patience: SwarmPatience,
}

impl Drive<'_> {
    /// Ends when nothing is missing, when it is cancelled, or with the reason why peers do not help. Nothing of it runs
    /// afterwards, but that a whole archive which may be passed on goes on being passed on.
    pub async fn run(mut self, cancel: CancellationToken) -> Result<(), Error> {
        let proof = if self.assembly.has_list() { Proof::Blocks } else { Proof::Pieces };
        let content =
            Content::Arriving { assembly: self.assembly.clone(), counters: self.counters.clone(), proof };
        let exposure = *self.exposure.borrow_and_update();
        let exchange = self.hub.fetch(self.torrent, content, exposure);
        exchange.announce_new();
        self.assembly.is_swarming.store(true, Ordering::Relaxed);
        let result = self.watch(&exchange, &cancel).await;
        self.assembly.is_swarming.store(false, Ordering::Relaxed);
        self.counters.connected.store(0, Ordering::Relaxed);
        let passes_on =
            result.is_ok() && self.assembly.is_complete() && exchange.exposure() == Exposure::Shared;
        if passes_on {
            exchange.announce_new();
        } else {
            self.hub.remove_exchange(&exchange);
        }
        result
    }

    async fn watch(&mut self, exchange: &Arc<Exchange>, cancel: &CancellationToken) -> Result<(), Error> {
        let mut progress = Progress::new(self.counters);
        let mut named = None;
        let mut seen = 0;
        let mut missing = self.assembly.watch();
        let mut dial_at: Option<Instant> = None;
        loop {
            let known = self.peers.borrow_and_update().clone();
            let is_named = named != Some(known.named);
            if is_named {
                named = Some(known.named);
                progress.reset();
            }
            if is_named || known.addresses.len() != seen {
                seen = known.addresses.len();
                let learn = |(peer, via)| {
                    if is_named || via != Via::Named {
                        exchange.learn([peer], via)
                    }
                };
                known.addresses.into_iter().for_each(learn);
                dial_at = None;
            }
            exchange.set_tier(*self.tier.borrow_and_update());
            exchange.set_exposure(*self.exposure.borrow_and_update());
            if dial_at.is_none_or(|at| at <= Instant::now()) {
                dial_at = self.hub.dial(exchange);
            }
            exchange.announce_new();
            exchange.point_servers();
            self.counters.connected.store(u64::from(exchange.status().peers), Ordering::Relaxed);
            self.verdict(exchange, &mut progress)?;
            let mut woken = false;
            tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                () = self.assembly.completed() => return Ok(()),
                _ = self.peers.changed() => {}
                _ = missing.changed() => woken = true,
                () = tokio::time::sleep(TICK) => dial_at = None,
            }
            if woken {
                // Something came, or was given back: whoever has nothing to do may have now.
                exchange.members(|member| member.wake.notify_one());
                // Many blocks a second come in; what follows them can wait for a moment.
                tokio::select! {
                    () = cancel.cancelled() => return Ok(()),
                    () = self.assembly.completed() => return Ok(()),
                    () = tokio::time::sleep(TICK / 5) => {}
                }
            }
        }
    }

    /// The reason to give up, if there is one.
    fn verdict(&self, exchange: &Exchange, progress: &mut Progress) -> Result<(), Error> {
        if let Some(error) = exchange.failure() {
            return Err(error);
        }
        let (is_all_banned, is_empty) = exchange.with_book(|book| (book.is_all_banned(), book.is_empty()));
        let may_come = exchange.exposure() == Exposure::Shared || exchange.status().peers > 0;
        if exchange.wrong_units() >= MAX_WRONG || (is_all_banned && !may_come) {
            return Err(Error::WrongBytes);
        }
        if is_empty && !may_come {
            return Err(Error::NoSource { last: "none" });
        }
        if progress.stalled_for(self.counters) >= self.patience.stall {
            return Err(Error::Stalled { seconds: self.patience.stall.as_secs() });
        }
        Ok(())
    }
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
