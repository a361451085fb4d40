//! Offering archives to others: one task that keeps the swarm equal to what the player allows.
//!
//! | wished                         | listener | offered                                                    |
//! |--------------------------------|----------|------------------------------------------------------------|
//! | off, or everything is paused   | none     | nothing                                                    |
//! | on, or nearby                  | one      | every archive given to `seed` that is complete in the cache |

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use muster_cache::{Cache, Reader};
use muster_domain::{Coded, Sha256};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use crate::{
    Error, SeedView, SharingPolicy, SharingView,
    origin::blocking,
    swarm::{Hub, Metainfo, Scope},
    transfers::Reply,
};

const COUNT_EVERY: Duration = Duration::from_secs(1);
/// An archive that could not be offered is tried again after this.
const TRY_AGAIN: Duration = Duration::from_secs(60);
const LONGEST_END: Duration = Duration::from_secs(3);

/// What the task is told.
#[derive(Debug)]
pub(crate) enum Order {
    Share(SharingPolicy, Reply<Option<SocketAddr>>),
    Seed(Sha256, Option<Metainfo>),
    Unseed(Sha256),
    Pause(bool),
    /// A download has ended: if it is complete now, it can be offered.
    Fetched(Sha256),
}

/// The way to the task.
pub(crate) struct Sharing {
    orders: mpsc::UnboundedSender<Order>,
    views: watch::Receiver<SharingView>,
    task: JoinHandle<()>,
}

impl Sharing {
    pub fn start(cache: Cache, hub: Arc<Hub>) -> Self {
        let (orders, receiver) = mpsc::unbounded_channel();
        let (sender, views) = watch::channel(SharingView::default());
        let state = State {
            cache,
            hub,
            policy: SharingPolicy::Off,
            is_paused: false,
            listening: None,
            failure: None,
            seeds: BTreeMap::new(),
            views: sender,
        };
        Self { orders, views, task: tokio::spawn(state.run(receiver)) }
    }

    /// Orders are few: they come from commands, whose channel is bounded.
    pub fn order(&self, order: Order) {
        // After the end there is nothing to order.
        let _ = self.orders.send(order);
    }

    pub fn is_listening(&self) -> bool {
        self.views.borrow().listen.is_some()
    }

    pub fn view(&self) -> SharingView {
        self.views.borrow().clone()
    }

    /// Ends when something changed.
    pub async fn changed(&mut self) {
        if self.views.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Ends the task; what is offered ends with the swarm.
    pub async fn end(&mut self) {
        let (closed, _) = mpsc::unbounded_channel();
        self.orders = closed;
        if tokio::time::timeout(LONGEST_END, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

struct Seed {
    /// Computed when it is offered first, where nobody signed one.
    metainfo: Option<Metainfo>,
    reader: Option<Reader>,
    peers: u32,
    /// Of earlier times it was offered.
    uploaded_before: u64,
    uploaded: u64,
    failed_at: Option<Instant>,
}

struct State {
    cache: Cache,
    hub: Arc<Hub>,
    policy: SharingPolicy,
    is_paused: bool,
    /// What was asked for, and where it really listens.
    listening: Option<((SocketAddr, Scope), SocketAddr)>,
    failure: Option<String>,
    seeds: BTreeMap<Sha256, Seed>,
    views: watch::Sender<SharingView>,
}

impl State {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut count = tokio::time::interval(COUNT_EVERY);
        count.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let is_counting = self.listening.is_some() && !self.seeds.is_empty();
            tokio::select! {
                order = orders.recv() => match order {
                    None => return,
                    Some(order) => self.obey(order).await,
                },
                _ = count.tick(), if is_counting => self.count(),
            }
            self.offer().await;
            self.publish();
        }
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Share(policy, reply) => {
                self.policy = policy;
                let result = self.listen().await;
                self.publish();
                let _ = reply.send(result);
            }
            Order::Pause(is_paused) => {
                self.is_paused = is_paused;
                if let Err(error) = self.listen().await {
                    tracing::warn!(%error, "sharing could not be switched");
                }
            }
            Order::Seed(sha256, metainfo) => {
                self.unoffer(&sha256).await;
                let before = self.seeds.get(&sha256).map_or(0, |seed| seed.uploaded_before);
                let seed = Seed {
                    metainfo,
                    reader: None,
                    peers: 0,
                    uploaded_before: before,
                    uploaded: 0,
                    failed_at: None,
                };
                self.seeds.insert(sha256, seed);
            }
            Order::Unseed(sha256) => {
                self.unoffer(&sha256).await;
                self.seeds.remove(&sha256);
            }
            Order::Fetched(sha256) => {
                if let Some(seed) = self.seeds.get_mut(&sha256) {
                    seed.failed_at = None;
                }
            }
        }
    }

    /// Opens or closes the listener as policy and pause say.
    async fn listen(&mut self) -> Result<Option<SocketAddr>, Error> {
        let wanted = match self.policy {
            _ if self.is_paused => None,
            SharingPolicy::On { listen } => Some((listen, Scope::Everybody)),
            SharingPolicy::Nearby { listen } => Some((listen, Scope::Nearby)),
            SharingPolicy::Off => None,
        };
        if self.listening.map(|(asked, _)| asked) == wanted {
            return Ok(self.listening.map(|(_, real)| real));
        }
        for sha256 in self.seeds.keys().copied().collect::<Vec<_>>() {
            self.unoffer(&sha256).await;
        }
        self.listening = None;
        let result = self.hub.share(wanted).await;
        self.failure = result.as_ref().err().map(|error| error.code().to_owned());
        let real = result?;
        self.listening = wanted.zip(real);
        Ok(real)
    }

    /// Offers what can be offered and is not yet.
    async fn offer(&mut self) {
        if self.listening.is_none() {
            return;
        }
        for (sha256, seed) in &mut self.seeds {
            let may_try = seed.failed_at.is_none_or(|at| at.elapsed() >= TRY_AGAIN);
            if seed.reader.is_some() || !may_try || !self.cache.contains(sha256) {
                continue;
            }
            let (cache, wanted) = (self.cache.clone(), *sha256);
            let reader = blocking(move || cache.reader(&wanted)).await;
            let offered = match reader {
                Ok(reader) => offer(&self.hub, seed, reader).await,
                Err(error) => Err(error.into()),
            };
            match offered {
                Ok(reader) => seed.reader = Some(reader),
                Err(error) => {
                    tracing::warn!(archive = %sha256.short(), %error, "an archive can not be offered");
                    seed.failed_at = Some(Instant::now());
                    if let Some(metainfo) = &seed.metainfo {
                        self.hub.remove(&metainfo.info_hash);
                    }
                }
            }
        }
    }

    async fn unoffer(&mut self, sha256: &Sha256) {
        self.count();
        let Some(seed) = self.seeds.get_mut(sha256) else { return };
        seed.uploaded_before += std::mem::take(&mut seed.uploaded);
        seed.peers = 0;
        if seed.reader.take().is_some()
            && let Some(metainfo) = &seed.metainfo
        {
            self.hub.remove(&metainfo.info_hash);
        }
    }

    /// Takes over what was passed on.
    fn count(&mut self) {
        for (sha256, seed) in &mut self.seeds {
            let (Some(reader), Some(metainfo)) = (&seed.reader, &seed.metainfo) else { continue };
            let Some(status) = self.hub.status(&metainfo.info_hash) else { continue };
            seed.peers = status.peers;
            let fresh = status.uploaded.saturating_sub(seed.uploaded);
            if fresh > 0 {
                reader.served(fresh, Timestamp::now());
                seed.uploaded = status.uploaded;
            }
            if status.is_gone {
                tracing::warn!(archive = %sha256.short(), "an archive is no longer offered");
                seed.failed_at = Some(Instant::now());
                seed.uploaded_before += std::mem::take(&mut seed.uploaded);
                seed.reader = None;
            }
        }
    }

    fn publish(&self) {
        let seeds = self.seeds.iter().map(|(sha256, seed)| SeedView {
            sha256: *sha256,
            info_hash: seed.metainfo.as_ref().map(|metainfo| metainfo.info_hash),
            is_offered: seed.reader.is_some(),
            peers: seed.peers,
            uploaded: seed.uploaded_before + seed.uploaded,
        });
        let view = SharingView {
            listen: self.listening.map(|(_, real)| real),
            scope: self.listening.map(|((_, scope), _)| scope),
            failure: self.failure.clone(),
            seeds: seeds.collect(),
        };
        self.views.send_if_modified(|old| {
            let is_new = *old != view;
            if is_new {
                *old = view;
            }
            is_new
        });
    }
}

/// Offers an archive, with the torrent that somebody signed or that follows from its bytes.
async fn offer(hub: &Hub, seed: &mut Seed, reader: Reader) -> Result<Reader, Error> {
    let metainfo = match &seed.metainfo {
        Some(metainfo) => metainfo.clone(),
        None => {
            let read = reader.clone();
            let computed = blocking(move || Metainfo::of_archive(&read)).await?;
            seed.metainfo.insert(computed).clone()
        }
    };
    hub.seed(&metainfo, reader.clone()).map(|()| reader)
}
