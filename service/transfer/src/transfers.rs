//! The way in: a cheap handle whose calls are commands to the one task that owns the queue.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use muster_cache::Cache;
use muster_domain::{Sha1, Sha256, Tier};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use crate::{
    Conditions, Config, Error, Finding, NoteReader, Outcome, PeerView, RateLimits, SeedSpec, SharingPolicy,
    Snapshot, Want, WantHandle,
    actor::{Actor, Finder},
    flow::Flow,
    origin::{Servers, blocking},
    queue::{Move, Queue, QueueStore, WantId},
    run::Shared,
    swarm::{self, Hub},
};

/// Longest time that [`Transfers::shutdown`] takes.
const SHUTDOWN: Duration = Duration::from_secs(9);
const COMMANDS: usize = 64;

pub(crate) type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// Everything that can be asked of the owner of the queue.
#[derive(Debug)]
pub(crate) enum Command {
    Want(Box<Want>, Reply<WantHandle>),
    Change(Sha256, Change, Reply<()>),
    PauseAll(bool),
    AddPeers(Sha256, Vec<SocketAddr>, Reply<()>),
    Seed(Sha256, Box<SeedSpec>, Reply<()>),
    Unseed(Sha256, Reply<()>),
    Share(SharingPolicy, Reply<Option<SocketAddr>>),
    SetLimits(RateLimits),
    Find(Finding),
    SetConditions(Conditions),
    ForgetUnclaimed,
    ClearFinished,
    Outcome(Sha256, oneshot::Sender<Option<Outcome>>),
    Shutdown(oneshot::Sender<()>),
}

/// A change of one entry.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    Pause,
    Resume,
    Cancel,
    SetTier(Tier),
    Move(Move),
}

/// All transfers of this process. Clones share them; they end with [`Transfers::shutdown`], or when the last clone
/// is gone.
#[derive(Clone, Debug)]
pub struct Transfers {
    commands: mpsc::Sender<Command>,
    snapshot: watch::Receiver<Arc<Snapshot>>,
    hub: Arc<Hub>,
    task: Arc<std::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Transfers {
    /// Loads the queue and starts. Nothing flows before somebody wants it; nothing listens before sharing is on.
    ///
    /// # Errors
    /// [`Error::Start`] if threads or an HTTP client cannot be made. A queue that cannot be read is logged and empty.
    pub async fn start(config: Config, cache: Cache, store: Arc<dyn QueueStore>) -> Result<Self, Error> {
        let flow = Arc::new(Flow::default());
        let servers = Servers::new(config.patience, &flow)?;
        let hub = Arc::new(Hub::new(flow.clone(), config.bounds));
        let swarm_patience = config.swarm_patience;
        let is_finding = AtomicBool::new(false);
        let shared = Arc::new(Shared { cache, servers, hub: hub.clone(), flow, swarm_patience, is_finding });
        let finder = Finder::start(config.discovery.clone(), hub.peer_id)?;
        let loading = store.clone();
        let rows = blocking(move || loading.load()).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the queue can not be read; it starts empty");
            Vec::new()
        });
        let queue = Queue::from_rows(rows, jiff::Timestamp::now());
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let (views, snapshot) = watch::channel(Arc::new(Snapshot::default()));
        let actor = Actor::new(config, queue, store, (shared, finder), views);
        let task = tokio::spawn(actor.run(receiver));
        Ok(Self { commands, snapshot, hub, task: Arc::new(std::sync::Mutex::new(Some(task))) })
    }

    /// Every connected peer, at this moment.
    pub fn peers(&self) -> Vec<PeerView> {
        self.hub.peers()
    }

    /// Payload given to peers since the start, at this moment, in bytes. A [`Snapshot`] is as old as its last change.
    pub fn given(&self) -> u64 {
        self.hub.flow.given()
    }

    /// Asks for an archive. Comes back at once; the handle waits for the end, and dropping it takes the want back.
    ///
    /// # Errors
    /// [`Error::SizeConflict`]; [`Error::Torrent`] if a bad torrent is the only source.
    pub async fn want(&self, want: Want) -> Result<WantHandle, Error> {
        self.ask(|reply| Command::Want(Box::new(want), reply)).await
    }

    /// How a transfer of the queue ended, if it has.
    pub async fn outcome(&self, sha256: &Sha256) -> Option<Outcome> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Outcome(*sha256, reply)).await.ok()?;
        answer.await.ok()?
    }

    /// Stops every byte of one transfer until it is resumed.
    pub async fn pause(&self, sha256: &Sha256) -> Result<(), Error> {
        self.change(sha256, Change::Pause).await
    }

    /// Goes on, or tries a failed one again.
    pub async fn resume(&self, sha256: &Sha256) -> Result<(), Error> {
        self.change(sha256, Change::Resume).await
    }

    /// Takes it out of the queue; everybody who waits for it gets [`Error::Cancelled`]. What is here stays for later.
    pub async fn cancel(&self, sha256: &Sha256) -> Result<(), Error> {
        self.change(sha256, Change::Cancel).await
    }

    /// Changes how urgent it is.
    pub async fn set_tier(&self, sha256: &Sha256, tier: Tier) -> Result<(), Error> {
        self.change(sha256, Change::SetTier(tier)).await
    }

    /// Changes its place among those of its tier.
    pub async fn reorder(&self, sha256: &Sha256, to: Move) -> Result<(), Error> {
        self.change(sha256, Change::Move(to)).await
    }

    /// Stops every byte, also those given to others.
    pub async fn pause_all(&self) {
        self.tell(Command::PauseAll(true)).await;
    }

    /// Takes [`Transfers::pause_all`] back.
    pub async fn resume_all(&self) {
        self.tell(Command::PauseAll(false)).await;
    }

    /// Names peers that have an archive of the queue; also known ones are dialled again.
    ///
    /// # Errors
    /// [`Error::Unknown`] if nobody wants it.
    pub async fn add_peers(&self, sha256: &Sha256, peers: Vec<SocketAddr>) -> Result<(), Error> {
        self.ask(|reply| Command::AddPeers(*sha256, peers, reply)).await
    }

    /// Allows an archive to be passed on while sharing is on: now if it is here, else as its parts arrive.
    ///
    /// # Errors
    /// [`Error::Torrent`].
    pub async fn seed(&self, sha256: &Sha256, spec: SeedSpec) -> Result<(), Error> {
        self.ask(|reply| Command::Seed(*sha256, Box::new(spec), reply)).await
    }

    /// Takes [`Transfers::seed`] back.
    pub async fn unseed(&self, sha256: &Sha256) -> Result<(), Error> {
        self.ask(|reply| Command::Unseed(*sha256, reply)).await
    }

    /// Notes that come to a place are read by somebody, while sharing is on; `None` ends that.
    pub fn read_notes(&self, place: Sha1, reader: Option<Arc<dyn NoteReader>>) {
        self.hub.read_notes(place, reader);
    }

    /// Writes a note to a place at a peer and gives the answer: at most [`MAX_NOTE`](crate::MAX_NOTE) bytes there, at
    /// most [`MAX_ANSWER`](crate::MAX_ANSWER) back, in ten seconds. Who may be written to is for the caller to know.
    ///
    /// # Errors
    /// [`Error::Swarm`] if nobody reads notes there, [`Error::Closed`].
    pub async fn send_note(&self, to: SocketAddr, place: Sha1, note: &[u8]) -> Result<Vec<u8>, Error> {
        swarm::send_note(&self.hub, to, place, note).await
    }

    /// Switches sharing on or off and says where it listens. While everything is paused it listens when that ends.
    ///
    /// # Errors
    /// [`Error::Swarm`] if the address is taken; sharing is off then.
    pub async fn set_sharing(&self, policy: SharingPolicy) -> Result<Option<SocketAddr>, Error> {
        self.ask(|reply| Command::Share(policy, reply)).await
    }

    /// Sets the caps; applies at once to what runs.
    pub async fn set_limits(&self, limits: RateLimits) {
        self.tell(Command::SetLimits(limits)).await;
    }

    /// Opens and closes ways of finding peers; takes effect within a second.
    pub async fn set_finding(&self, finding: Finding) {
        self.tell(Command::Find(finding)).await;
    }

    /// Says what the world around allows.
    pub async fn set_conditions(&self, conditions: Conditions) {
        self.tell(Command::SetConditions(conditions)).await;
    }

    /// Drops entries of an earlier process that no job has asked for again. Call when all jobs are resumed.
    pub async fn forget_unclaimed(&self) {
        self.tell(Command::ForgetUnclaimed).await;
    }

    /// Drops entries that are done and nobody waits for.
    pub async fn clear_finished(&self) {
        self.tell(Command::ClearFinished).await;
    }

    /// The state of everything, renewed at most four times a second.
    pub fn snapshot(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshot.clone()
    }

    /// Ends everything within ten seconds; nothing runs or listens afterwards. The queue goes on at the next start.
    pub async fn shutdown(&self) {
        let (done, ended) = oneshot::channel();
        self.tell(Command::Shutdown(done)).await;
        let _ = tokio::time::timeout(SHUTDOWN, ended).await;
        let task = self.task.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(task) = task {
            let abort = task.abort_handle();
            if tokio::time::timeout(Duration::from_millis(500), task).await.is_err() {
                abort.abort();
            }
        }
    }

    async fn change(&self, sha256: &Sha256, change: Change) -> Result<(), Error> {
        self.ask(|reply| Command::Change(*sha256, change, reply)).await
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    async fn tell(&self, command: Command) {
        // After the end there is nobody to tell, and nothing to change.
        let _ = self.commands.send(command).await;
    }
}

/// Ids of wants in this process.
#[derive(Debug, Default)]
pub(crate) struct WantIds(u64);

impl WantIds {
    pub fn next(&mut self) -> WantId {
        self.0 += 1;
        WantId(self.0)
    }
}
