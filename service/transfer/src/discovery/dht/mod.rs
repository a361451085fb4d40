//! Peers in the DHT of BitTorrent, as a client only (BEP 5, 32, 43): we ask and announce, and answer nobody.
//!
//! A small client of our own; decision record 0010 says why. Nothing runs between walks: no routing table to look after,
//! no socket. Invariants: only interests with the scope of everybody come here; nodes and peers inside are never asked
//! ([`Reach`]); at most [`MAX_WALKS`] walks at a time.

mod lookup;
mod message;
mod network;
mod pool;

use std::{
    collections::BTreeMap,
    future::pending,
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use futures::future::join_all;
use muster_domain::Sha1;
use tokio::net::{UdpSocket, lookup_host};

use super::{
    Inputs, Via,
    pace::Rate,
    peers,
    schedule::{Due, Rhythm, Schedule, Task},
    send_now,
};
use crate::{Backoff, Reach, origin::dice};
use network::{Event, Network, Outcome};

/// Walks at a time; each has four questions out.
const MAX_WALKS: usize = 8;
/// Longest wait for the addresses of the entries, and how long they are good.
const RESOLVE: Duration = Duration::from_secs(5);
const RESOLVE_AGAIN: Duration = Duration::from_secs(60);
/// Addresses of entries that are used.
const MAX_ENTRIES: usize = 16;
/// Larger than every answer that is valid.
const DATAGRAM: usize = 2_048;

const RHYTHM: Rhythm = Rhythm {
    // The rate spreads what is offered when the program starts.
    first_by: Duration::from_millis(500),
    // Nodes forget after half an hour or more.
    after: Duration::from_secs(20 * 60),
    by: Duration::from_secs(28 * 60),
    seek: Backoff { first: Duration::from_secs(15), longest: Duration::from_secs(600), attempts: u32::MAX },
    seek_again: Duration::from_secs(10),
    retry_by: Duration::from_secs(240),
    // A walk is some 30 datagrams to as many places: routers at home have to remember them all.
    rate: Rate { every: Duration::from_secs(2), burst: 16 },
    reserve: 12,
    batch: 1,
};

/// How the DHT is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DhtConfig {
    /// Where to begin: `host:port` of nodes that know many others.
    pub entries: Vec<String>,
    /// How far inside nodes and peers may lie; tests run a DHT on this machine.
    pub reach: Reach,
}

impl Default for DhtConfig {
    fn default() -> Self {
        let entries = [
            "dht.libtorrent.org:25401",
            "dht.transmissionbt.com:6881",
            "router.bittorrent.com:6881",
            "router.utorrent.com:6881",
        ];
        Self { entries: entries.map(str::to_owned).to_vec(), reach: Reach::Public }
    }
}

/// Looks after the DHT until everything ends.
pub(super) async fn run(config: DhtConfig, mut inputs: Inputs) {
    let mut dht = Dht::new(config);
    while inputs.wait_until(|plan| !plan.tasks(Via::Dht).is_empty()).await {
        tracing::debug!("looking for peers in the DHT");
        dht.work(&mut inputs).await;
        dht.rest();
        tracing::debug!("not looking for peers in the DHT any more");
    }
}

/// IPv4 or IPv6.
struct Family {
    network: Network,
    local: SocketAddr,
    /// Open while a walk is under way.
    socket: Option<UdpSocket>,
}

/// What one info-hash has under way, in both families together.
#[derive(Clone, Copy, Debug)]
struct Walk {
    /// Families that have not ended.
    left: usize,
    announces: bool,
    outcome: Outcome,
}

struct Dht {
    config: DhtConfig,
    families: [Family; 2],
    schedule: Schedule,
    tasks: BTreeMap<Sha1, Task>,
    walks: BTreeMap<Sha1, Walk>,
    /// When the addresses of the entries were asked for.
    resolved: Option<Instant>,
}

impl Dht {
    fn new(config: DhtConfig) -> Self {
        let family = |local: SocketAddr| Family { network: Network::new(config.reach), local, socket: None };
        Self {
            families: [family((Ipv4Addr::UNSPECIFIED, 0).into()), family((Ipv6Addr::UNSPECIFIED, 0).into())],
            config,
            schedule: Schedule::new(RHYTHM, Instant::now()),
            tasks: BTreeMap::new(),
            walks: BTreeMap::new(),
            resolved: None,
        }
    }

    /// Forgets what was to be done; what is known about the DHT is good for the next time.
    fn rest(&mut self) {
        self.tasks.clear();
        self.schedule.set(&self.tasks, Instant::now(), &mut dice);
        self.forget_walks();
        self.close_if_idle();
    }

    /// Works until the way is closed or everything ends.
    async fn work(&mut self, inputs: &mut Inputs) {
        let (mut v4, mut v6) = ([0; DATAGRAM], [0; DATAGRAM]);
        self.adopt(inputs);
        while !self.tasks.is_empty() {
            let wake = self.wake();
            let needs_entries = self.needs_entries();
            tokio::select! {
                () = inputs.end.cancelled() => return,
                changed = inputs.plan.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    self.adopt(inputs);
                }
                Some(info_hash) = inputs.again.recv() => self.schedule.seek_again(&info_hash, Instant::now()),
                entries = resolve(&self.config), if needs_entries => self.enter(&entries),
                (family, received) = receive(&self.families, &mut v4, &mut v6) => match received {
                    Ok((datagram, from)) => {
                        let events = self.families[family].network.receive(from, datagram, Instant::now());
                        self.carry_out(family, events, inputs);
                    }
                    Err(error) => tracing::debug!(%error, "a socket of the DHT failed"),
                },
                () = sleep_until(wake), if !needs_entries => self.go_on(inputs).await,
            }
            self.close_if_idle();
        }
    }

    fn adopt(&mut self, inputs: &mut Inputs) {
        self.tasks = inputs.plan.borrow_and_update().tasks(Via::Dht);
        self.schedule.set(&self.tasks, Instant::now(), &mut dice);
        self.forget_walks();
    }

    /// Ends walks for what is not wanted any more: nothing may be announced that was withdrawn.
    fn forget_walks(&mut self) {
        let tasks = &self.tasks;
        let is_wanted = |info_hash: &Sha1, announces: bool| {
            tasks.get(info_hash).is_some_and(|task| task.offer || (task.seek && !announces))
        };
        self.walks.retain(|info_hash, walk| is_wanted(info_hash, walk.announces));
        for family in &mut self.families {
            family.network.keep(is_wanted);
        }
    }

    /// Whether something is due and nobody is known who could be asked.
    fn needs_entries(&self) -> bool {
        let now = Instant::now();
        let is_due = self.schedule.next(now).is_some_and(|next| next <= now);
        let is_old = self.resolved.is_none_or(|at| now.saturating_duration_since(at) >= RESOLVE_AGAIN);
        is_due && is_old && self.families.iter().all(|family| family.network.needs_entries(now))
    }

    fn enter(&mut self, entries: &[SocketAddr]) {
        self.resolved = Some(Instant::now());
        for family in &mut self.families {
            let own = entries.iter().filter(|entry| entry.is_ipv4() == family.local.is_ipv4());
            family.network.entries = own.copied().collect();
        }
    }

    fn wake(&self) -> Option<Instant> {
        let now = Instant::now();
        let next = self.schedule.next(now).filter(|_| self.walks.len() < MAX_WALKS);
        self.families.iter().filter_map(|family| family.network.next()).chain(next).min()
    }

    /// Lets time pass, then begins walks that are due.
    async fn go_on(&mut self, inputs: &Inputs) {
        for family in 0..self.families.len() {
            let events = self.families[family].network.tick(Instant::now());
            self.carry_out(family, events, inputs);
        }
        while self.walks.len() < MAX_WALKS && !self.needs_entries() {
            let due = self.schedule.take(Instant::now(), &mut dice);
            if due.is_empty() {
                return;
            }
            self.open().await;
            due.into_iter().for_each(|due| self.walk(due, inputs));
        }
    }

    fn walk(&mut self, due: Due, inputs: &Inputs) {
        let port = inputs.port().filter(|_| due.offer);
        let outcome = Outcome { answered: 0, stored: 0 };
        let left = self.families.len();
        self.walks.insert(due.info_hash, Walk { left, announces: port.is_some(), outcome });
        for family in 0..left {
            let events = self.families[family].network.walk(due.info_hash, port, Instant::now());
            self.carry_out(family, events, inputs);
        }
    }

    fn carry_out(&mut self, family: usize, events: Vec<Event>, inputs: &Inputs) {
        for event in events {
            match event {
                Event::Send(to, datagram) => {
                    let Family { network, socket, .. } = &mut self.families[family];
                    let sent = socket.as_ref().is_some_and(|socket| send_now(socket, &datagram, to).is_ok());
                    if !sent {
                        network.unsent(to);
                    }
                }
                Event::Found(info_hash, peers) => {
                    if self.tasks.get(&info_hash).is_some_and(|task| task.seek) {
                        inputs.found.tell(info_hash, peers);
                    }
                }
                Event::Done(info_hash, outcome) => self.done(info_hash, outcome),
            }
        }
    }

    /// A family has ended a walk.
    fn done(&mut self, info_hash: Sha1, outcome: Outcome) {
        let Some(walk) = self.walks.get_mut(&info_hash) else { return };
        walk.left = walk.left.saturating_sub(1);
        walk.outcome.answered += outcome.answered;
        walk.outcome.stored += outcome.stored;
        let Walk { left, announces, outcome } = *walk;
        if left > 0 {
            return;
        }
        self.walks.remove(&info_hash);
        tracing::debug!(hash = info_hash.short(), ?outcome, announces, "a walk through the DHT has ended");
        if announces && outcome.stored == 0 {
            self.schedule.reached_nobody(&info_hash, Instant::now(), &mut dice);
        }
    }

    async fn open(&mut self) {
        for family in self.families.iter_mut().filter(|family| family.socket.is_none()) {
            let opened = UdpSocket::bind(family.local).await;
            family.socket = opened.inspect_err(|error| tracing::debug!(%error, "no socket for the DHT")).ok();
        }
    }

    fn close_if_idle(&mut self) {
        if self.walks.is_empty() {
            self.families.iter_mut().for_each(|family| family.socket = None);
        }
    }
}

type Received<'b> = (usize, io::Result<(&'b [u8], SocketAddr)>);

/// The next datagram, and the family it came in.
async fn receive<'b>(families: &[Family; 2], v4: &'b mut [u8], v6: &'b mut [u8]) -> Received<'b> {
    let from = async |family: &Family, buffer: &mut [u8]| match &family.socket {
        Some(socket) => socket.recv_from(buffer).await,
        None => pending().await,
    };
    tokio::select! {
        received = from(&families[0], v4) => (0, received.map(|(length, from)| (&v4[..length], from))),
        received = from(&families[1], v6) => (1, received.map(|(length, from)| (&v6[..length], from))),
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => pending().await,
    }
}

/// The addresses to begin with; those that lie inside are left out.
async fn resolve(config: &DhtConfig) -> Vec<SocketAddr> {
    let found = join_all(config.entries.iter().map(|entry| async move {
        let found = tokio::time::timeout(RESOLVE, lookup_host(entry)).await;
        found.ok().and_then(Result::ok).map(Iterator::collect::<Vec<_>>).unwrap_or_default()
    }));
    let mut entries = peers::dialable(found.await.into_iter().flatten(), config.reach);
    entries.truncate(MAX_ENTRIES);
    entries
}
