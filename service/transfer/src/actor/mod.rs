//! The one task that owns the queue: takes commands, carries out what the queue decides, tells everybody.
//!
//! Bytes flow in tasks of their own ([`Run`]), at most one per archive; what is offered to others is looked after by
//! [`Sharing`]. Nothing here waits for the network or the disk.

mod effects;
mod finding;
mod publish;

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use muster_domain::{Coded, Sha256};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

pub(crate) use finding::Finder;

use crate::{
    Conditions, Config, Error, Meets, Outcome, Proof, RateLimits, Snapshot, Tracker, Want, WantHandle,
    flow::Shares,
    meter::Meter,
    origin::{blocking, dice},
    persist::Persist,
    queue::{Decision, Failure, Joined, Queue, QueueStore, State, Verifying, WantId},
    run::{End, Event, Shared},
    sharing::{Order, Sharing},
    swarm::{Metainfo, Via},
    transfer::Transfer,
    transfers::{Change, Command, WantIds},
    view::Rates,
};

/// The snapshot is renewed at most this often.
const RENEWAL: Duration = Duration::from_millis(250);
/// Finished entries that stay in view.
const MAX_DONE: usize = 50;
const EVENTS: usize = 64;
/// Longest time that runs get to end.
const RUNS_END: Duration = Duration::from_secs(4);

struct Running {
    cancel: CancellationToken,
    task: JoinHandle<()>,
}

/// The owner of the queue.
pub(crate) struct Actor {
    config: Config,
    queue: Queue,
    shared: Arc<Shared>,
    transfers: BTreeMap<Sha256, Transfer>,
    running: HashMap<Sha256, Running>,
    /// What may be passed on, and where its peers meet.
    seeds: BTreeMap<Sha256, Vec<Tracker>>,
    sharing: Sharing,
    finder: Finder,
    persist: Persist,
    ids: WantIds,
    is_all_paused: bool,
    limits: RateLimits,
    conditions: Conditions,
    decision: Decision,
    rates: Rates,
    /// What is given to peers: in bytes per second, and in all.
    up: Meter,
    given: u64,
    /// The most that all transfers together ever brought, in bytes per second: what the line can do.
    best_rate: u64,
    shares: Shares,
    views: watch::Sender<Arc<Snapshot>>,
    events: (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    releases: (mpsc::UnboundedSender<WantId>, mpsc::UnboundedReceiver<WantId>),
}

impl Actor {
    pub fn new(
        config: Config,
        queue: Queue,
        store: Arc<dyn QueueStore>,
        (shared, finder): (Arc<Shared>, Finder),
        views: watch::Sender<Arc<Snapshot>>,
    ) -> Self {
        Self {
            config,
            persist: Persist::start(store, queue.rows()),
            sharing: Sharing::start(shared.cache.clone(), shared.hub.clone()),
            queue,
            shared,
            transfers: BTreeMap::new(),
            running: HashMap::new(),
            seeds: BTreeMap::new(),
            finder,
            ids: WantIds::default(),
            is_all_paused: false,
            limits: RateLimits::default(),
            conditions: Conditions::default(),
            decision: Decision::default(),
            rates: Rates::default(),
            up: Meter::new(Instant::now()),
            given: 0,
            best_rate: 0,
            shares: Shares::default(),
            views,
            events: mpsc::channel(EVENTS),
            releases: mpsc::unbounded_channel(),
        }
    }

    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut renewal = tokio::time::interval(RENEWAL);
        renewal.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut has_news = true;
        let finished = loop {
            self.carry_out();
            let wake = self.decision.wake_in(Timestamp::now());
            tokio::select! {
                command = commands.recv() => match command {
                    None => break None,
                    Some(Command::Shutdown(done)) => break Some(done),
                    Some(command) => self.command(command),
                },
                Some(id) = self.releases.1.recv() => self.release(id),
                Some(event) = self.events.1.recv() => self.event(event),
                () = self.sharing.changed() => self.expose(),
                found = self.finder.next() => self.found(&found),
                () = tokio::time::sleep(wake) => {}
                _ = renewal.tick(), if has_news || !self.running.is_empty() => {
                    self.publish();
                    has_news = false;
                    continue;
                }
            }
            has_news = true;
        };
        self.end(finished).await;
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Want(want, reply) => drop(reply.send(self.want(*want))),
            Command::Change(sha256, change, reply) => drop(reply.send(self.change(&sha256, change))),
            Command::PauseAll(is_paused) => {
                self.is_all_paused = is_paused;
                self.sharing.order(Order::Pause(is_paused));
            }
            Command::AddPeers(sha256, peers, reply) => drop(reply.send(self.add_peers(&sha256, &peers))),
            Command::Seed(sha256, spec, reply) => {
                let parsed =
                    spec.torrent.as_ref().map(|torrent| Metainfo::parse(torrent, &sha256, spec.size));
                let result = parsed.transpose().map_err(|reason| Error::Torrent { reason }).map(|metainfo| {
                    self.seeds.insert(sha256, spec.trackers);
                    self.sharing.order(Order::Seed(sha256, metainfo));
                });
                self.expose();
                let _ = reply.send(result);
            }
            Command::Unseed(sha256, reply) => {
                self.seeds.remove(&sha256);
                self.sharing.order(Order::Unseed(sha256));
                self.expose();
                let _ = reply.send(Ok(()));
            }
            Command::Share(policy, reply) => self.sharing.order(Order::Share(policy, reply)),
            Command::SetLimits(limits) => self.set_limits(limits),
            Command::Find(finding) => self.find(finding),
            Command::SetConditions(conditions) => self.conditions = conditions,
            Command::ForgetUnclaimed => {
                self.forget(|state, wants| wants == 0 && !matches!(state, State::Done))
            }
            Command::ClearFinished => self.forget(|state, wants| wants == 0 && matches!(state, State::Done)),
            Command::Outcome(sha256, reply) => self.outcome(sha256, reply),
            // Taken out before.
            Command::Shutdown(_) => {}
        }
    }

    fn want(&mut self, mut want: Want) -> Result<WantHandle, Error> {
        if want.proof == Proof::FirstSeen {
            want.origins.truncate(1);
            (want.torrent, want.blocks, want.meets, want.local) = (None, None, Meets::No, None);
            want.peers.clear();
        }
        let torrent = self.accept_torrent(&want)?;
        let id = self.ids.next();
        let joined = self.queue.want(id, (want.sha256, want.size), want.tier, &want.name)?;
        let (sender, outcome) = watch::channel(None);
        let transfer = self.transfers.entry(want.sha256).or_insert_with(Transfer::new);
        transfer.proof = want.proof;
        transfer.learn(want.origins, torrent, want.blocks);
        transfer.local = want.local.or(transfer.local.take());
        if want.meets == Meets::ByHash {
            transfer.meets = Meets::ByHash;
        }
        for tracker in want.trackers {
            if !transfer.trackers.contains(&tracker) {
                transfer.trackers.push(tracker);
            }
        }
        transfer.waiting.insert(id, sender);
        transfer.name_peers(&want.peers, Via::Named);
        tracing::debug!(transfer = %want.sha256.short(), tier = want.tier.as_str(), shared = joined == Joined::Shared, "wanted");
        self.expose();
        Ok(WantHandle { id, sha256: want.sha256, outcome, releases: self.releases.0.clone() })
    }

    /// A bad torrent is left out where there are servers.
    fn accept_torrent(&self, want: &Want) -> Result<Option<Metainfo>, Error> {
        let Some(spec) = &want.torrent else { return Ok(None) };
        match Metainfo::parse(spec, &want.sha256, want.size) {
            Ok(metainfo) => Ok(Some(metainfo)),
            Err(reason) if want.origins.is_empty() => Err(Error::Torrent { reason }),
            Err(reason) => {
                tracing::warn!(transfer = %want.sha256.short(), %reason, "a torrent was refused");
                Ok(None)
            }
        }
    }

    fn change(&mut self, sha256: &Sha256, change: Change) -> Result<(), Error> {
        match change {
            Change::Pause => {
                self.queue.pause(sha256)?;
                if let Some(running) = self.running.get(sha256) {
                    running.cancel.cancel();
                }
                Ok(())
            }
            Change::Resume => self.queue.resume(sha256),
            Change::SetTier(tier) => self.queue.set_tier(sha256, tier),
            Change::Move(to) => self.queue.reorder(sha256, to),
            Change::Cancel => {
                self.queue.remove(sha256).ok_or(Error::Unknown(*sha256))?;
                self.drop_transfer(sha256, &Err(Error::Cancelled));
                Ok(())
            }
        }
    }

    fn add_peers(&mut self, sha256: &Sha256, peers: &[SocketAddr]) -> Result<(), Error> {
        let transfer = self.transfers.get_mut(sha256).ok_or(Error::Unknown(*sha256))?;
        transfer.name_peers(peers, Via::Named);
        if transfer.torrent.is_some() || transfer.meets == Meets::ByHash {
            self.queue.source_added(sha256);
        }
        Ok(())
    }

    fn set_limits(&mut self, limits: RateLimits) {
        self.limits = limits;
        self.shared.flow.set_limits(&limits);
        self.shared.hub.set_connections(limits.connections.unwrap_or(self.config.bounds.connections));
    }

    fn outcome(&self, sha256: Sha256, reply: oneshot::Sender<Option<Outcome>>) {
        let state = self.queue.get(&sha256).map(|entry| &entry.state);
        if state != Some(&State::Done) {
            let error = self.transfers.get(&sha256).and_then(|transfer| transfer.error.clone());
            let _ = reply.send(error.map(Err));
            return;
        }
        let cache = self.shared.cache.clone();
        tokio::spawn(async move {
            let lease = blocking(move || cache.lease(&sha256, Timestamp::now())).await;
            let _ = reply.send(Some(lease.map_err(Error::from)));
        });
    }

    fn release(&mut self, id: WantId) {
        for transfer in self.transfers.values_mut() {
            transfer.waiting.remove(&id);
        }
        let Some(unwanted) = self.queue.release(id) else { return };
        if self.queue.get(&unwanted).is_some_and(|entry| entry.state != State::Done) {
            self.queue.remove(&unwanted);
            self.drop_transfer(&unwanted, &Err(Error::Cancelled));
        }
    }

    /// Takes entries out that nobody waits for.
    fn forget(&mut self, is_meant: impl Fn(&State, usize) -> bool) {
        let entries = self.queue.entries();
        let meant =
            entries.iter().filter(|entry| is_meant(&entry.state, entry.wants())).map(|entry| entry.sha256);
        for sha256 in meant.collect::<Vec<_>>() {
            self.queue.remove(&sha256);
            self.drop_transfer(&sha256, &Err(Error::Cancelled));
        }
    }

    fn drop_transfer(&mut self, sha256: &Sha256, outcome: &Outcome) {
        if let Some(running) = self.running.get(sha256) {
            running.cancel.cancel();
        }
        if let Some(transfer) = self.transfers.remove(sha256) {
            transfer.tell(outcome);
        }
        self.rates.forget(sha256);
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Verifying(sha256) => self.queue.verifying(&sha256, Verifying::Yes),
            Event::Fetching(sha256) => self.queue.verifying(&sha256, Verifying::No),
            Event::Ended(sha256, end) => {
                self.running.remove(&sha256);
                self.rates.forget(&sha256);
                self.ended(sha256, end);
                self.sharing.order(Order::Fetched(sha256));
            }
        }
    }

    fn ended(&mut self, sha256: Sha256, end: End) {
        let Some(transfer) = self.transfers.get_mut(&sha256) else { return };
        let Some(entry) = self.queue.get(&sha256) else { return };
        let is_current = matches!(entry.state, State::Active | State::Verifying | State::Stopping);
        match end {
            End::Done(lease) => {
                transfer.error = None;
                transfer.tell(&Ok(lease));
                self.queue.done(&sha256);
                self.trim_done();
            }
            End::Stopped if is_current => self.queue.stopped(&sha256),
            End::Failed(error) if is_current => {
                let wait = self.config.retry.wait(entry.failures + 1, dice()).filter(|_| error.may_pass());
                let retry_at = wait.and_then(|wait| Timestamp::now().checked_add(wait).ok());
                tracing::warn!(transfer = %sha256.short(), %error, retry = retry_at.is_some(), "a transfer failed");
                self.queue.failed(&sha256, Failure { code: error.code().to_owned(), retry_at });
                if retry_at.is_none() {
                    transfer.error = Some(error.clone());
                    transfer.tell(&Err(error));
                }
            }
            End::Stopped | End::Failed(_) => {}
        }
    }

    fn trim_done(&mut self) {
        let entries = self.queue.entries();
        let done: Vec<Sha256> =
            entries.iter().filter(|e| e.state == State::Done && e.wants() == 0).map(|e| e.sha256).collect();
        for sha256 in done.iter().take(done.len().saturating_sub(MAX_DONE)) {
            self.queue.remove(sha256);
            self.drop_transfer(sha256, &Err(Error::Cancelled));
        }
    }
}
