//! All of BitTorrent in one place: which archives are exchanged, who may connect, how many connections there are.
//!
//! Nothing listens until [`Hub::share`]; nobody is given anything that was not given to [`Hub::seed`], or to
//! [`Hub::fetch`] with leave to pass it on. An archive that nobody asks for costs one entry of a table: no task, no open
//! file, no socket.

use std::{
    collections::{BTreeSet, HashMap},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use muster_cache::Reader;
use muster_domain::{Sha1, Tier};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Exposure, Metainfo,
    book::Farewell,
    budget::{Bounds, Budget, NoRoom},
    converse, door,
    exchange::{Content, Exchange, Status},
    member::Member,
    notes::NoteReader,
    picker::mix,
    rendezvous,
};
use crate::{
    Error, PeerView,
    flow::{Distance, Flow, is_near},
    origin::dice,
};

const SHUTDOWN: Duration = Duration::from_secs(3);

/// What a hash stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    Torrent,
    Archive,
}

/// With whom archives are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Everybody,
    /// Only those who come from the own network.
    Nearby,
}

/// All of BitTorrent.
#[derive(Debug)]
pub(crate) struct Hub {
    pub flow: Arc<Flow>,
    /// New each time the program starts (BEP 20: Azureus style).
    pub peer_id: [u8; 20],
    inside: Mutex<Inside>,
    ids: AtomicU64,
    pub tasks: TaskTracker,
    pub cancel: CancellationToken,
}

#[derive(Debug)]
pub(super) struct Inside {
    pub exchanges: HashMap<Sha1, Arc<Exchange>>,
    /// Where those meet who know an archive's hash only, and its info-hash.
    meeting: HashMap<Sha1, Sha1>,
    /// Places to which notes are written.
    readers: HashMap<Sha1, Arc<dyn NoteReader>>,
    budget: Budget,
    per_address: HashMap<IpAddr, usize>,
    banned: BTreeSet<IpAddr>,
    banned_ids: BTreeSet<[u8; 20]>,
    door: Option<Door>,
    pub tick: Option<CancellationToken>,
}

#[derive(Debug)]
struct Door {
    scope: Scope,
    address: SocketAddr,
    cancel: CancellationToken,
}

impl Hub {
    pub fn new(flow: Arc<Flow>, bounds: Bounds) -> Self {
        let mut peer_id = *b"-MU0100-............";
        for (index, byte) in peer_id[8..].iter_mut().enumerate() {
            *byte = b'a' + (mix(u64::from(dice()) + index as u64) % 26) as u8;
        }
        let inside = Inside {
            exchanges: HashMap::new(),
            meeting: HashMap::new(),
            readers: HashMap::new(),
            budget: Budget::new(bounds),
            per_address: HashMap::new(),
            banned: BTreeSet::new(),
            banned_ids: BTreeSet::new(),
            door: None,
            tick: None,
        };
        Self {
            flow,
            peer_id,
            inside: Mutex::new(inside),
            ids: AtomicU64::new(0),
            tasks: TaskTracker::new(),
            cancel: CancellationToken::new(),
        }
    }

    // Archives

    /// Begins to fetch an archive, or goes on with it.
    pub fn fetch(&self, metainfo: &Metainfo, content: Content, exposure: Exposure) -> Arc<Exchange> {
        let seed = u64::from(dice()) << 16 | u64::from(dice());
        let exchange = Arc::new(Exchange::new(metainfo.clone(), content, exposure, seed));
        let old = self.lock().exchanges.insert(metainfo.info_hash, exchange.clone());
        if let Some(old) = old {
            old.close();
        }
        exchange
    }

    /// Offers a complete archive. Peers that are connected already stay.
    pub fn seed(&self, metainfo: &Metainfo, reader: Reader) -> Result<(), Error> {
        let mut inside = self.lock();
        if inside.door.is_none() {
            return Err(Error::Swarm { detail: "sharing is off".to_owned() });
        }
        inside.meeting.insert(rendezvous::place(&metainfo.sha256), metainfo.info_hash);
        match inside.exchanges.get(&metainfo.info_hash) {
            Some(exchange) => {
                exchange.set_tier(Tier::Background);
                exchange.complete(reader);
            }
            None => {
                let exchange =
                    Exchange::new(metainfo.clone(), Content::Complete(reader), Exposure::Shared, 0);
                inside.exchanges.insert(metainfo.info_hash, Arc::new(exchange));
            }
        }
        Ok(())
    }

    /// Ends everything about an archive.
    pub fn remove(&self, info_hash: &Sha1) {
        let mut inside = self.lock();
        let removed = inside.exchanges.remove(info_hash);
        if let Some(exchange) = &removed {
            inside.meeting.remove(&rendezvous::place(&exchange.metainfo.sha256));
        }
        drop(inside);
        if let Some(exchange) = removed {
            exchange.close();
        }
    }

    /// Ends an exchange, unless another has taken its place.
    pub fn remove_exchange(&self, exchange: &Arc<Exchange>) {
        let mut inside = self.lock();
        let hash = exchange.metainfo.info_hash;
        if inside.exchanges.get(&hash).is_some_and(|current| Arc::ptr_eq(current, exchange)) {
            inside.exchanges.remove(&hash);
        }
        drop(inside);
        exchange.close();
    }

    pub fn exchange(&self, info_hash: &Sha1) -> Option<Arc<Exchange>> {
        self.lock().exchanges.get(info_hash).cloned()
    }

    /// What is meant by a hash that somebody from outside names: an info-hash, or an archive's own (see `rendezvous`).
    pub fn find(&self, hash: &Sha1) -> Option<(Arc<Exchange>, Meant)> {
        let inside = self.lock();
        if let Some(exchange) = inside.exchanges.get(hash) {
            return Some((exchange.clone(), Meant::Torrent));
        }
        let info_hash = inside.meeting.get(hash)?;
        inside.exchanges.get(info_hash).map(|exchange| (exchange.clone(), Meant::Archive))
    }

    /// Notes that come to a place are read from now on, while there is a listener; `None` ends that.
    pub fn read_notes(&self, place: Sha1, reader: Option<Arc<dyn NoteReader>>) {
        let mut inside = self.lock();
        match reader {
            Some(reader) => inside.readers.insert(place, reader),
            None => inside.readers.remove(&place),
        };
    }

    pub fn reader_at(&self, place: &Sha1) -> Option<Arc<dyn NoteReader>> {
        self.lock().readers.get(place).cloned()
    }

    /// `None` if it is not there.
    pub fn status(&self, info_hash: &Sha1) -> Option<Status> {
        self.exchange(info_hash).map(|exchange| exchange.status())
    }

    // Sharing

    /// Listens at an address for peers, or nowhere. Returns where it listens.
    pub async fn share(
        self: &Arc<Self>,
        listen: Option<(SocketAddr, Scope)>,
    ) -> Result<Option<SocketAddr>, Error> {
        let old = self.lock().door.take();
        if let Some(door) = old {
            door.cancel.cancel();
            self.stop_giving();
        }
        let Some((address, scope)) = listen else { return Ok(None) };
        if self.cancel.is_cancelled() {
            return Err(Error::Closed);
        }
        let listener = door::bind(address).map_err(|error| Error::Swarm { detail: error.to_string() })?;
        let address = listener.local_addr().map_err(|error| Error::Swarm { detail: error.to_string() })?;
        let cancel = self.cancel.child_token();
        self.lock().door = Some(Door { scope, address, cancel: cancel.clone() });
        self.tasks.spawn(door::open(self.clone(), listener, cancel));
        Ok(Some(address))
    }

    /// Whoever was given something is left.
    fn stop_giving(&self) {
        let mut inside = self.lock();
        let complete: Vec<Sha1> = inside
            .exchanges
            .iter()
            .filter(|(_, e)| e.is_complete() || e.is_over())
            .map(|(h, _)| *h)
            .collect();
        inside.meeting.clear();
        let removed: Vec<Arc<Exchange>> =
            complete.iter().filter_map(|hash| inside.exchanges.remove(hash)).collect();
        let arriving: Vec<Arc<Exchange>> = inside.exchanges.values().cloned().collect();
        drop(inside);
        removed.iter().for_each(|exchange| exchange.close());
        arriving.iter().for_each(|exchange| exchange.set_exposure(Exposure::TakeOnly));
    }

    /// Where peers can connect.
    pub fn port(&self) -> Option<u16> {
        self.lock().door.as_ref().map(|door| door.address.port())
    }

    /// Whether a peer at this distance may be given anything.
    pub fn gives_to(&self, distance: Distance) -> bool {
        match self.lock().door.as_ref().map(|door| door.scope) {
            None => false,
            Some(Scope::Everybody) => true,
            Some(Scope::Nearby) => distance == Distance::Near,
        }
    }

    /// Whether peers may be told of each other.
    pub fn gossips(&self) -> bool {
        self.lock().door.as_ref().is_some_and(|door| door.scope == Scope::Everybody)
    }

    // Connections

    pub fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }

    /// Sets how many connections there may be; those that are open stay.
    pub fn set_connections(&self, connections: usize) {
        self.lock().budget.bounds.connections = connections;
    }

    /// Every connected peer.
    pub fn peers(&self) -> Vec<PeerView> {
        let exchanges: Vec<Arc<Exchange>> = self.lock().exchanges.values().cloned().collect();
        let now = Instant::now();
        exchanges
            .iter()
            .flat_map(|exchange| exchange.members(|member| member.view(exchange.metainfo.sha256, now)))
            .collect()
    }

    /// Connections that are open or being made.
    pub fn connections(&self) -> usize {
        self.lock().budget.total()
    }

    /// Whether somebody at this address is let in.
    pub fn admit(&self, address: IpAddr) -> bool {
        let mut inside = self.lock();
        let is_fetching = inside.exchanges.values().any(|exchange| !exchange.is_complete());
        let limit = inside.budget.bounds.per_address;
        let count = inside.per_address.get(&address).copied().unwrap_or(0);
        let is_welcome = !inside.banned.contains(&address) && (count < limit || address.is_loopback());
        if !is_welcome || !inside.budget.accept(is_fetching) {
            return false;
        }
        *inside.per_address.entry(address).or_default() += 1;
        true
    }

    /// Somebody who was admitted is gone.
    pub fn left(&self, address: IpAddr) {
        let mut inside = self.lock();
        inside.budget.left();
        if let Some(count) = inside.per_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                inside.per_address.remove(&address);
            }
        }
    }

    /// A peer sent wrong bytes: it is not talked to again while the program runs.
    pub fn ban(&self, member: &Member) {
        let mut inside = self.lock();
        inside.banned_ids.insert(member.peer_id);
        if !is_near(member.address.ip()) {
            inside.banned.insert(member.address.ip());
        }
    }

    pub fn is_banned(&self, peer_id: &[u8; 20]) -> bool {
        self.lock().banned_ids.contains(peer_id)
    }

    /// Dials who is worth it, as far as there is room; says when to come again.
    pub fn dial(self: &Arc<Self>, exchange: &Arc<Exchange>) -> Option<Instant> {
        let now = Instant::now();
        let tier = exchange.tier();
        let candidates = exchange.with_book(|book| book.candidates(now, 8));
        for (address, via) in candidates {
            let room = self.lock().budget.dial(tier, now);
            match room {
                Ok(()) => {
                    exchange.with_book(|book| book.dialling(&address));
                    self.tasks.spawn(converse::dial(self.clone(), exchange.clone(), (address, via)));
                }
                Err(NoRoom::Until(at)) => return Some(at),
                Err(NoRoom::Full) => {
                    self.make_room(tier);
                    return None;
                }
            }
        }
        exchange.with_book(|book| book.next_candidate())
    }

    pub fn dialled(&self) {
        self.lock().budget.dialled();
    }

    pub fn closed(&self, tier: Tier) {
        self.lock().budget.closed(tier);
    }

    /// Ends one connection of a less urgent tier.
    fn make_room(&self, tier: Tier) {
        let inside = self.lock();
        let Some(lower) = inside.budget.yields_to(tier) else { return };
        let exchanges: Vec<Arc<Exchange>> =
            inside.exchanges.values().filter(|exchange| exchange.tier() == lower).cloned().collect();
        drop(inside);
        exchanges.iter().any(|exchange| exchange.end_one());
    }

    /// A connection has come to its end.
    pub fn ended(&self, exchange: &Exchange, member: &Member, farewell: Farewell) {
        if farewell == Farewell::Wrong {
            self.ban(member);
        }
        let brought = member.facts.brought(Instant::now());
        let address = member.listens_at().unwrap_or(member.address);
        exchange.ended(&address, farewell, (brought > 0).then_some(brought));
    }

    /// Gives a part of the torrent to somebody who has only its hash (BEP 9).
    pub fn answer_metadata(&self, exchange: &Exchange, member: &Member, part: u32) {
        let is_offered = exchange.offer().is_some() && self.gives_to(member.distance);
        let info = if is_offered { exchange.metainfo.info() } else { &[] };
        member.outbox.send(rendezvous::part_of(info, part));
    }

    /// Ends everything; nothing runs afterwards.
    pub async fn shutdown(&self) {
        self.cancel.cancel();
        let exchanges: Vec<Arc<Exchange>> = self.lock().exchanges.drain().map(|(_, e)| e).collect();
        exchanges.iter().for_each(|exchange| exchange.close());
        self.tasks.close();
        if tokio::time::timeout(SHUTDOWN, self.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "conversations with peers did not end in time");
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
