//! Finding peers for info-hashes, and being found: on the local network, in the DHT, at trackers.
//!
//! One task per way, each asleep until its [`schedule`] says that something is due; all of them read the same [`Plan`].
//! Invariants: nothing is opened or sent before [`Discovery::set_ways`] opens a way and [`Discovery::set_interests`]
//! gives it something to do, and a way that is closed has no socket; [`Scope::Nearby`] never leaves the local network;
//! without a port to be reached at nothing is announced; what others say is bounded and only ever leads to an address
//! that somebody may dial, never to a decision.

mod bencode;
mod dht;
mod lan;
mod pace;
mod peers;
mod port_mapping;
mod random;
mod schedule;
#[cfg(test)]
mod tests;
mod trackers;

use std::{collections::BTreeMap, fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use muster_domain::Sha1;
use socket2::SockRef;
use tokio::{
    net::UdpSocket,
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use dht::DhtConfig;
pub use lan::LanConfig;
pub use port_mapping::MappingConfig;
pub use trackers::TrackersConfig;

use crate::{Error, Reach};
use schedule::Task;

/// Requests for another search that may wait per way; more are dropped, they would be merged anyway.
const AGAIN: usize = 64;
/// Longest time to say goodbye to trackers and the router.
const END: Duration = Duration::from_secs(5);

/// Whether we look for others, want to be found, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Seek,
    Offer,
    Both,
}

/// Who may learn of an interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The local network only.
    Nearby,
    Everybody,
}

/// Where peers of an info-hash meet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tracker {
    /// `http`, `https` or `udp`.
    pub url: Url,
    /// How far inside it may lie, and the peers it names: that of the source which named it.
    pub reach: Reach,
}

/// Addresses of private trackers hold the key of their user.
impl fmt::Debug for Tracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Tracker({}://{}, {:?})",
            self.url.scheme(),
            self.url.host_str().unwrap_or_default(),
            self.reach
        )
    }
}

/// What we want to be found for, or whom we look for; one per info-hash (a rendezvous hash, the first 20 bytes of an
/// archive's SHA-256, is the same to us).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interest {
    pub role: Role,
    pub scope: Scope,
    pub trackers: Vec<Tracker>,
    /// Bytes that we still need; trackers are told.
    pub left: u64,
}

/// How a peer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    Lan,
    Dht,
    Tracker,
}

/// Peers of one info-hash; the same ones may come again, and some may be ourselves.
///
/// For what is only offered they come from the local network alone, when somebody there looks for it: who can not be
/// dialled can be served all the same by dialling the one who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub info_hash: Sha1,
    pub peers: Vec<SocketAddr>,
    pub via: Via,
}

/// Which ways are open, and the port at which others reach us (`None`: we do not listen, so nothing is announced, only
/// sought).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ways {
    pub lan: bool,
    pub dht: bool,
    pub trackers: bool,
    pub port_mapping: bool,
    pub port: Option<u16>,
}

/// What stays the same while the program runs.
#[derive(Clone, Debug, Default)]
pub struct DiscoveryConfig {
    pub lan: LanConfig,
    pub dht: DhtConfig,
    pub trackers: TrackersConfig,
    pub port_mapping: MappingConfig,
}

/// Everything that the ways are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Plan {
    ways: Ways,
    interests: Arc<BTreeMap<Sha1, Interest>>,
}

impl Plan {
    /// What is to be done on the local network or in the DHT; nothing if that way is closed.
    fn tasks(&self, via: Via) -> BTreeMap<Sha1, Task> {
        let is_open = match via {
            Via::Lan => self.ways.lan,
            Via::Dht => self.ways.dht,
            Via::Tracker => self.ways.trackers,
        };
        let interests = self.interests.iter().filter(|(_, interest)| is_open && interest.is_told(via));
        let task = |interest: &Interest| Task {
            seek: interest.role != Role::Offer,
            offer: interest.role != Role::Seek && self.ways.port.is_some(),
        };
        interests
            .map(|(info_hash, interest)| (*info_hash, task(interest)))
            .filter(|(_, task)| !task.is_nothing())
            .collect()
    }

    /// Whether somebody from outside should be able to reach us.
    fn wants_mapping(&self) -> bool {
        let is_offered =
            |interest: &Interest| interest.role != Role::Seek && interest.scope == Scope::Everybody;
        self.ways.port_mapping && self.ways.port.is_some() && self.interests.values().any(is_offered)
    }
}

impl Interest {
    fn is_told(&self, via: Via) -> bool {
        via == Via::Lan || self.scope == Scope::Everybody
    }
}

/// What the task of each way is given.
struct Inputs {
    plan: watch::Receiver<Plan>,
    /// Searches that are wanted ahead of their time.
    again: mpsc::Receiver<Sha1>,
    found: Finder,
    /// The port that the router leads to us, if it is another one.
    outside_port: watch::Receiver<Option<u16>>,
    end: CancellationToken,
}

impl Inputs {
    /// Waits until the plan satisfies `is_open`; `false` when everything ends.
    async fn wait_until(&mut self, is_open: impl FnMut(&Plan) -> bool) -> bool {
        tokio::select! {
            () = self.end.cancelled() => false,
            found = self.plan.wait_for(is_open) => found.is_ok(),
        }
    }

    /// The port that others are told.
    fn port(&self) -> Option<u16> {
        self.plan.borrow().ways.port.map(|port| self.outside_port.borrow().unwrap_or(port))
    }
}

/// Where found peers go.
#[derive(Clone, Debug)]
struct Finder {
    to: mpsc::Sender<Found>,
    via: Via,
}

impl Finder {
    /// Passes peers on. If they are not taken quickly enough they are lost: those who say them say them again.
    fn tell(&self, info_hash: Sha1, peers: Vec<SocketAddr>) {
        if peers.is_empty() {
            return;
        }
        tracing::trace!(%info_hash, ?peers, via = ?self.via, "found peers");
        if self.to.try_send(Found { info_hash, peers, via: self.via }).is_err() {
            tracing::debug!(hash = info_hash.short(), via = ?self.via, "found peers are not taken");
        }
    }
}

/// Finds peers, and lets us be found.
#[derive(Debug)]
pub(crate) struct Discovery {
    plan: watch::Sender<Plan>,
    again: Vec<mpsc::Sender<Sha1>>,
    end: CancellationToken,
    tasks: JoinSet<()>,
}

impl Discovery {
    /// Makes everything ready; nothing is opened or sent yet.
    ///
    /// `peer_id` is the name that we give ourselves to peers (BEP 20); trackers are told the same.
    ///
    /// # Errors
    /// Outside of a Tokio runtime.
    pub fn start(
        config: DiscoveryConfig,
        peer_id: [u8; 20],
        found: mpsc::Sender<Found>,
    ) -> Result<Self, Error> {
        let runtime = Handle::try_current().map_err(|error| Error::Start { detail: error.to_string() })?;
        let (plan, plans) = watch::channel(Plan::default());
        let (outside_port, outside_ports) = watch::channel(None);
        let end = CancellationToken::new();
        let mut again = vec![];
        let mut inputs = |via| {
            let (sender, receiver) = mpsc::channel(AGAIN);
            again.push(sender);
            Inputs {
                plan: plans.clone(),
                again: receiver,
                found: Finder { to: found.clone(), via },
                outside_port: outside_ports.clone(),
                end: end.clone(),
            }
        };
        let mut tasks = JoinSet::new();
        tasks.spawn_on(lan::run(config.lan, inputs(Via::Lan)), &runtime);
        tasks.spawn_on(dht::run(config.dht, inputs(Via::Dht)), &runtime);
        tasks.spawn_on(trackers::run(config.trackers, peer_id, inputs(Via::Tracker)), &runtime);
        tasks.spawn_on(port_mapping::run(config.port_mapping, plans, outside_port, end.clone()), &runtime);
        Ok(Self { plan, again, end, tasks })
    }

    /// Opens and closes ways; effective within a second. A way that closes closes its sockets.
    pub fn set_ways(&self, ways: Ways) {
        self.plan.send_if_modified(|plan| {
            let is_new = plan.ways != ways;
            plan.ways = ways;
            is_new
        });
    }

    /// Replaces all interests. What is newly sought is looked up at once; what stays keeps its times.
    pub fn set_interests(&self, interests: BTreeMap<Sha1, Interest>) {
        self.plan.send_if_modified(|plan| {
            let is_new = *plan.interests != interests;
            if is_new {
                plan.interests = Arc::new(interests);
            }
            is_new
        });
    }

    /// Looks for peers of something sought ahead of time, on every way as soon as that way allows it again.
    pub fn seek_again(&self, info_hash: Sha1) {
        for again in &self.again {
            // A full queue means that the same was asked many times already.
            let _ = again.try_send(info_hash);
        }
    }

    /// Says goodbye to trackers and the router, closes everything; takes at most a few seconds.
    pub async fn end(mut self) {
        self.end.cancel();
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(END, all).await.is_err() {
            tracing::debug!("not all ways of finding peers ended in time");
        }
        self.tasks.shutdown().await;
    }
}

/// Sends a datagram without waiting; one that does not fit into the system's buffer is lost, as others are on the way.
/// Tokio's own `try_send_to` refuses until it has seen a new socket ready.
fn send_now(socket: &UdpSocket, datagram: &[u8], to: SocketAddr) -> io::Result<()> {
    SockRef::from(socket).send_to(datagram, &to.into()).map(|_| ())
}
