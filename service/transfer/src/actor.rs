//! The one task that owns the queue: takes commands, carries out what the queue decides, tells everybody.
//!
//! Bytes flow in tasks of their own ([`Run`]), at most one per archive; what is offered to others is looked after by
//! [`Sharing`]. Nothing here waits for the network or the disk.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use muster_domain::{Coded, Sha256};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Conditions, Config, Error, Outcome, RateLimits, Snapshot, Want, WantHandle,
    assembly::Counters,
    origin::{blocking, dice},
    persist::Persist,
    queue::{Action, Decision, Facts, Failure, Joined, Queue, QueueStore, State, Verifying, WantId},
    run::{End, Event, Run, Shared},
    sharing::{Order, Sharing},
    swarm::{Exposure, Metainfo},
    transfer::Transfer,
    transfers::{Change, Command, WantIds},
    view::{Rates, view},
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
    seeds: BTreeSet<Sha256>,
    sharing: Sharing,
    persist: Persist,
    ids: WantIds,
    is_all_paused: bool,
    limits: RateLimits,
    conditions: Conditions,
    decision: Decision,
    rates: Rates,
    views: watch::Sender<Arc<Snapshot>>,
    events: (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    releases: (mpsc::UnboundedSender<WantId>, mpsc::UnboundedReceiver<WantId>),
}

impl Actor {
    pub fn new(
        config: Config,
        queue: Queue,
        store: Arc<dyn QueueStore>,
        shared: Arc<Shared>,
        views: watch::Sender<Arc<Snapshot>>,
    ) -> Self {
        Self {
            config,
            persist: Persist::start(store, queue.rows()),
            sharing: Sharing::start(shared.cache.clone(), shared.swarm.clone()),
            queue,
            shared,
            transfers: BTreeMap::new(),
            running: HashMap::new(),
            seeds: BTreeSet::new(),
            ids: WantIds::default(),
            is_all_paused: false,
            limits: RateLimits::default(),
            conditions: Conditions::default(),
            decision: Decision::default(),
            rates: Rates::default(),
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
                let parsed = Metainfo::parse(&spec.torrent, &sha256, spec.size);
                let result = parsed.map_err(|reason| Error::Torrent { reason }).map(|metainfo| {
                    self.seeds.insert(sha256);
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

    fn want(&mut self, want: Want) -> Result<WantHandle, Error> {
        let torrent = self.accept_torrent(&want)?;
        let id = self.ids.next();
        let joined = self.queue.want(id, (want.sha256, want.size), want.tier, &want.name)?;
        let (sender, outcome) = watch::channel(None);
        let transfer = self.transfers.entry(want.sha256).or_insert_with(Transfer::new);
        transfer.learn(want.origins, torrent, want.blocks);
        transfer.waiting.insert(id, sender);
        transfer.name_peers(&want.peers);
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
        transfer.name_peers(peers);
        if transfer.torrent.is_some() {
            self.queue.source_added(sha256);
        }
        Ok(())
    }

    fn set_limits(&mut self, limits: RateLimits) {
        self.limits = limits;
        self.shared.servers.down.set_rate(limits.down);
        self.shared.swarm.set_limits(limits.down, limits.up);
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

    /// Tells runs whether what they have may be passed on.
    fn expose(&mut self) {
        let is_listening = self.sharing.is_listening();
        for (sha256, transfer) in &self.transfers {
            let is_shared = is_listening && self.seeds.contains(sha256);
            let exposure = if is_shared { Exposure::Shared } else { Exposure::TakeOnly };
            transfer.exposure.send_if_modified(|old| std::mem::replace(old, exposure) != exposure);
        }
    }

    /// Makes the world equal to what the queue decides.
    fn carry_out(&mut self) {
        self.decision = self.queue.decide(&self.facts(), Timestamp::now());
        for action in self.decision.actions.clone() {
            match action {
                Action::Stop(sha256) => {
                    if let Some(running) = self.running.get(&sha256) {
                        running.cancel.cancel();
                    }
                    self.queue.stopping(&sha256);
                }
                // An earlier run of a removed entry may still be ending; its end brings us here again.
                Action::Start(sha256) if self.running.contains_key(&sha256) => {}
                Action::Start(sha256) => self.start(sha256),
            }
        }
        self.persist.save(self.queue.rows());
    }

    fn facts(&self) -> Facts {
        let without_source = self.transfers.iter().filter(|(_, transfer)| !transfer.has_source());
        let here = self.transfers.iter().map(|(sha256, transfer)| (*sha256, transfer.done()));
        Facts {
            slots: self.config.slots,
            is_all_paused: self.is_all_paused,
            is_background_held: self.conditions.is_background_held,
            free_bytes: self.conditions.free_bytes,
            without_source: without_source
                .map(|(sha256, _)| *sha256)
                .filter(|sha256| !self.shared.cache.contains(sha256))
                .collect(),
            here: here.collect(),
        }
    }

    fn start(&mut self, sha256: Sha256) {
        let (Some(entry), Some(transfer)) = (self.queue.get(&sha256), self.transfers.get(&sha256)) else {
            return;
        };
        let cancel = CancellationToken::new();
        transfer.counters.reset();
        let run = Run {
            sha256,
            size: entry.size,
            tier: entry.tier(),
            origins: transfer.origins.clone(),
            torrent: transfer.torrent.clone(),
            blocks: transfer.blocks.clone(),
            peers: transfer.peers.subscribe(),
            exposure: transfer.exposure.subscribe(),
            counters: transfer.counters.clone(),
            events: self.events.0.clone(),
            cancel: cancel.clone(),
        };
        let task = tokio::spawn(run.go(self.shared.clone()));
        self.running.insert(sha256, Running { cancel, task });
        self.queue.started(&sha256);
    }

    fn publish(&mut self) {
        let now = Instant::now();
        let unknown = Counters::default();
        let mut down_rate = 0;
        let mut transfers = Vec::new();
        for (place, entry) in self.queue.entries().into_iter().enumerate() {
            let counters = self.transfers.get(&entry.sha256).map_or(&unknown, |transfer| &*transfer.counters);
            let fetched = counters.servers.load(Ordering::Relaxed) + counters.peers.load(Ordering::Relaxed);
            let is_running = self.running.contains_key(&entry.sha256);
            let rate = if is_running { self.rates.measure(entry.sha256, fetched, now) } else { 0 };
            down_rate += rate;
            let wait = self.decision.waits.get(&entry.sha256).copied();
            transfers.push(view(entry, place, wait, counters, rate));
        }
        let snapshot = Snapshot {
            transfers,
            is_all_paused: self.is_all_paused,
            limits: self.limits,
            sharing: self.sharing.view(),
            down_rate,
        };
        self.views.send_if_modified(|old| {
            let is_new = **old != snapshot;
            if is_new {
                *old = Arc::new(snapshot);
            }
            is_new
        });
    }

    /// Stops runs, then sharing, then the swarm, then writes the queue down.
    async fn end(mut self, finished: Option<oneshot::Sender<()>>) {
        for running in self.running.values() {
            running.cancel.cancel();
        }
        let mut tasks: Vec<JoinHandle<()>> = self.running.drain().map(|(_, running)| running.task).collect();
        // Runs report their end; without a reader they would wait for ever.
        self.events.1.close();
        let all = futures::future::join_all(&mut tasks);
        if tokio::time::timeout(RUNS_END, all).await.is_err() {
            tasks.iter().for_each(JoinHandle::abort);
        }
        self.sharing.end().await;
        self.shared.swarm.shutdown().await;
        self.persist.end(self.queue.rows()).await;
        for transfer in self.transfers.values() {
            transfer.tell(&Err(Error::Closed));
        }
        if let Some(finished) = finished {
            let _ = finished.send(());
        }
    }
}
