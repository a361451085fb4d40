//! One run of one transfer: from a claimed place in the cache to a verified archive, or to the reason why not.
//!
//! Servers and the swarm work on the same [`Assembly`] at once; either can end, die or lie without harm to the other.
//! What ends here is really over: no request, connection or open writer outlives [`Run::go`].

mod hints;

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use hints::Hints;
use jiff::Timestamp;
use muster_cache::{ArchiveLease, Cache, Opening, Writer};
use muster_domain::{Archive, Coded, Sha256, Tier};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::{
    Error, Local, Meets, Proof,
    assembly::{Assembly, Counters, Supplier},
    flow::{Flow, Tap},
    local,
    origin::{Origin, Pool, Servers, blocking, dice},
    sources::{self, Blame, Earlier, Facts},
    swarm::{Ask, Drive, Exposure, Hint, Hub, KnownPeers, Metainfo, SwarmPatience},
};

const TICK: Duration = Duration::from_millis(200);
const CHECKPOINT: Duration = Duration::from_secs(5);
/// Servers that failed in a way that may pass are asked again after this, while peers go on.
const ASK_AGAIN: Duration = Duration::from_secs(15);
/// How often a file that was complete may turn out to have wrong blocks.
const MAX_REPAIRS: u32 = 3;
/// How long the cache's claim by an earlier run may take to go away.
const BUSY: Duration = Duration::from_secs(3);

/// What all runs share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub cache: Cache,
    pub servers: Servers,
    pub hub: Arc<Hub>,
    pub flow: Arc<Flow>,
    pub swarm_patience: SwarmPatience,
    /// Peers may become known by themselves.
    pub is_finding: AtomicBool,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) enum End {
    Done(ArchiveLease),
    Stopped,
    Failed(Error),
}

/// What a run tells while it goes.
#[derive(Debug)]
pub(crate) enum Event {
    Verifying(Sha256),
    Fetching(Sha256),
    Ended(Sha256, End),
}

/// Everything about one transfer that its run needs.
#[derive(Debug)]
pub(crate) struct Run {
    pub sha256: Sha256,
    pub size: u64,
    pub proof: Proof,
    pub tier: watch::Receiver<Tier>,
    pub origins: Vec<Origin>,
    pub torrent: Option<Metainfo>,
    pub blocks: Option<Arc<[Sha256]>>,
    pub local: Option<Local>,
    pub meets: Meets,
    pub peers: watch::Receiver<KnownPeers>,
    pub exposure: watch::Receiver<Exposure>,
    pub counters: Arc<Counters>,
    pub events: mpsc::Sender<Event>,
    pub cancel: CancellationToken,
}

type Work<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// One kind of source during a run.
#[derive(Default)]
struct Side<'a> {
    work: Option<Work<'a>>,
    ended: Option<(Error, Instant)>,
}

impl Side<'_> {
    fn is_given_up(&self) -> bool {
        self.ended.is_some()
    }
}

impl Run {
    /// Goes to the end and reports it.
    pub async fn go(self, shared: Arc<Shared>) {
        let end = match self.fetch(&shared).await {
            Ok(Some(lease)) => End::Done(lease),
            Ok(None) => End::Stopped,
            Err(_) if self.cancel.is_cancelled() => End::Stopped,
            Err(error) => End::Failed(error),
        };
        self.tell(Event::Ended(self.sha256, end)).await;
    }

    /// `None`: it was stopped.
    async fn fetch(&self, shared: &Arc<Shared>) -> Result<Option<ArchiveLease>, Error> {
        let has_torrent = self.torrent.is_some() || self.meets == Meets::ByHash;
        let mut blame = Blame::new(self.origins.len(), has_torrent);
        let mut hints = Hints::default();
        let mut repairs = 0;
        // Blocks that are here can only be told from wrong ones by the list.
        let mut here = self.local.as_ref().filter(|_| self.blocks.is_some());
        loop {
            let writer = match self.open(shared).await? {
                Opening::Complete(lease) => return Ok(Some(lease)),
                Opening::Writer(writer) => writer,
            };
            // What a peer will say has to follow the rule.
            let ruled =
                (self.meets == Meets::ByHash).then(|| muster_package::torrent::piece_length(self.size));
            let piece_length = self.torrent.as_ref().map(|torrent| torrent.piece_length).or(ruled);
            let has_list = self.blocks.is_some();
            let assembly = Arc::new(Assembly::new(writer, has_list, piece_length, dice(), &self.counters));
            if let Some(here) = here.take() {
                let place = (&assembly, &self.counters);
                let tier = *self.tier.borrow();
                local::take(here, &shared.cache, place, tier, &self.cancel).await?;
            }
            let earlier =
                if self.counters.here.load(Ordering::Relaxed) > 0 { Earlier::Some } else { Earlier::None };
            loop {
                let gathered = self.gather(shared, &assembly, &blame, &hints).await;
                self.save(&assembly).await;
                if !gathered? {
                    return Ok(None);
                }
                self.tell(Event::Verifying(self.sha256)).await;
                let finishing = assembly.clone();
                let finished = blocking(move || finishing.writer().finish(Timestamp::now())).await;
                if finished.is_err() {
                    // Peers may have been told that it is whole.
                    self.withdraw(shared, &hints);
                }
                match finished {
                    Ok(lease) => return Ok(Some(lease)),
                    Err(muster_cache::Error::BadBlocks { blocks, .. }) if repairs < MAX_REPAIRS => {
                        repairs += 1;
                        assembly.take_back(&blocks);
                        self.tell(Event::Fetching(self.sha256)).await;
                    }
                    Err(muster_cache::Error::WrongHash { .. }) => break,
                    Err(error) => return Err(error.into()),
                }
            }
            let suppliers: Vec<Supplier> = assembly.suppliers().into_keys().collect();
            tracing::warn!(transfer = %self.sha256.short(), suppliers = suppliers.len(), "a complete file was wrong");
            if suppliers.contains(&Supplier::Peers) && hints.refuse() {
                // The torrent was a peer's word, and may be what was wrong.
                blame = Blame::new(self.origins.len(), has_torrent);
            } else if !blame.wrong_file(&suppliers, earlier) {
                return Err(Error::WrongBytes);
            }
            self.counters.servers.store(0, Ordering::Relaxed);
            self.counters.peers.store(0, Ordering::Relaxed);
            self.tell(Event::Fetching(self.sha256)).await;
        }
    }

    /// Claims the archive's place; a run that has just been stopped may still hold it for a moment.
    async fn open(&self, shared: &Arc<Shared>) -> Result<Opening, Error> {
        let deadline = Instant::now() + BUSY;
        loop {
            let (cache, blocks) = (shared.cache.clone(), self.blocks.clone());
            let (sha256, size, proof) = (self.sha256, self.size, self.proof);
            let open = move || match proof {
                Proof::Hash => cache.write(sha256, size, blocks),
                Proof::FirstSeen => cache.write_unseen(sha256, size).map(Opening::Writer),
            };
            match blocking(open).await {
                Err(muster_cache::Error::Busy(_)) if Instant::now() < deadline => {
                    tokio::time::sleep(TICK / 4).await
                }
                other => return Ok(other?),
            }
        }
    }

    /// Lets sources work until nothing is missing (`true`) or it was stopped (`false`).
    async fn gather(
        &self,
        shared: &Shared,
        assembly: &Arc<Assembly>,
        blame: &Blame,
        hints: &Hints,
    ) -> Result<bool, Error> {
        let stop_peers = CancellationToken::new();
        let tap = Tap { flow: shared.flow.clone(), tier: self.tier.clone() };
        let pool =
            Pool::new(&shared.servers, &self.origins, blame.servers(), (assembly, &self.counters), tap);
        let (mut servers, mut peers) = (Side::default(), Side::default());
        let sides = (&pool, &mut servers, &mut peers, &stop_peers);
        let result = tokio::select! {
            biased;
            result = self.work(shared, assembly, (blame, hints), sides) => result,
            never = assembly.hash_ahead() => match never {},
        };
        // Dropping the servers' work ends it; peers have to be told and waited for.
        drop(servers);
        stop_peers.cancel();
        if let Some(work) = peers.work {
            let _ = work.await;
        }
        result
    }

    async fn work<'a>(
        &'a self,
        shared: &'a Shared,
        assembly: &'a Arc<Assembly>,
        (blame, hints): (&Blame, &'a Hints),
        (pool, servers, peers, stop_peers): (&'a Pool<'a>, &mut Side<'a>, &mut Side<'a>, &CancellationToken),
    ) -> Result<bool, Error> {
        let started = Instant::now();
        let mut idle = Idle { bytes: 0, since: started };
        let mut saved_at = started;
        let mut named = self.peers.borrow().named;
        let may_use_servers = (0..self.origins.len()).any(|index| blame.allows(Supplier::Origin(index)));
        let allows_peers = blame.allows(Supplier::Peers);
        let mut ask = self.ask(shared, hints).filter(|_| allows_peers);
        loop {
            let torrent = self.torrent.as_ref().or_else(|| hints.torrent()).filter(|_| allows_peers);
            let now_named = self.peers.borrow().named;
            if now_named != named {
                named = now_named;
                peers.ended.take_if(|(error, _)| *error != Error::WrongBytes);
            }
            servers
                .ended
                .take_if(|(error, at)| error.may_pass() && at.elapsed() >= ASK_AGAIN && peers.work.is_some());

            let has_anybody =
                !self.peers.borrow().addresses.is_empty() || *self.exposure.borrow() == Exposure::Shared;
            let is_asking = ask.is_some() && has_anybody && started.elapsed() < shared.swarm_patience.stall;
            let has_peers = torrent.filter(|_| has_anybody && !peers.is_given_up());
            let facts = Facts {
                size: self.size,
                tier: *self.tier.borrow(),
                has_servers: may_use_servers && !servers.is_given_up(),
                has_peers: has_peers.is_some(),
                may_find_peers: (torrent.is_some() || ask.is_some())
                    && shared.is_finding.load(Ordering::Relaxed),
                elapsed: started.elapsed(),
                idle: idle.time(&self.counters),
            };
            if !facts.has_servers && !facts.has_peers && !is_asking && !assembly.is_complete() {
                let has_been_lied_to = !hints.liars.is_empty() && servers.ended.is_none();
                return Err(match has_been_lied_to {
                    true => Error::WrongBytes,
                    false => verdict(servers.ended.take(), peers.ended.take()),
                });
            }
            let working = sources::working(&facts);
            if working.servers && servers.work.is_none() {
                servers.work = Some(Box::pin(pool.run()));
            }
            if let Some(torrent) = has_peers
                && working.peers
                && peers.work.is_none()
            {
                let drive = self.drive(shared, assembly, torrent);
                peers.work = Some(Box::pin(drive.run(stop_peers.clone())));
            }
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Ok(false),
                () = assembly.completed() => return Ok(true),
                result = ended(&mut servers.work) => {
                    servers.work = None;
                    if let Err(error @ Error::Cache { .. }) = result {
                        return Err(error);
                    }
                    servers.ended = result.err().map(|error| (error, Instant::now()));
                }
                result = ended(&mut peers.work) => {
                    peers.work = None;
                    if let Err(error @ Error::Cache { .. }) = result {
                        return Err(error);
                    }
                    peers.ended = result.err().map(|error| (error, Instant::now()));
                }
                hint = told(&mut ask) => {
                    tracing::info!(transfer = %self.sha256.short(), peer = %hint.from, "a peer gave a torrent");
                    ask = None;
                    hints.take(hint);
                }
                () = tokio::time::sleep(TICK) => {
                    if saved_at.elapsed() >= CHECKPOINT {
                        saved_at = Instant::now();
                        self.save(assembly).await;
                    }
                }
            }
        }
    }

    /// Gives to nobody what turned out not to be the archive.
    fn withdraw(&self, shared: &Shared, hints: &Hints) {
        if let Some(torrent) = self.torrent.as_ref().or_else(|| hints.torrent()) {
            shared.hub.remove(&torrent.info_hash);
        }
    }

    /// Asking peers for a torrent, where there is none yet and one may be had.
    fn ask<'a>(&self, shared: &'a Shared, hints: &'a Hints) -> Option<Asking<'a>> {
        let is_needed = self.torrent.is_none() && self.meets == Meets::ByHash && hints.torrent().is_none();
        let archive = Archive { sha256: self.sha256, size: self.size };
        let ask = Ask {
            hub: &shared.hub,
            archive,
            peers: self.peers.clone(),
            refused: &hints.refused,
            liars: &hints.liars,
        };
        is_needed.then(|| Box::pin(ask.run()) as Asking<'a>)
    }

    fn drive<'a>(
        &'a self,
        shared: &'a Shared,
        assembly: &'a Arc<Assembly>,
        torrent: &'a Metainfo,
    ) -> Drive<'a> {
        Drive {
            hub: &shared.hub,
            torrent,
            assembly,
            counters: &self.counters,
            tier: self.tier.clone(),
            peers: self.peers.clone(),
            exposure: self.exposure.clone(),
            patience: shared.swarm_patience,
        }
    }

    async fn save(&self, assembly: &Arc<Assembly>) {
        let assembly = assembly.clone();
        if let Err(error) = blocking(move || assembly.checkpoint()).await {
            tracing::warn!(transfer = %self.sha256.short(), %error, "progress could not be saved");
        }
    }

    async fn tell(&self, event: Event) {
        // Nobody listens only when everything ends.
        let _ = self.events.send(event).await;
    }
}

type Asking<'a> = Pin<Box<dyn Future<Output = Hint> + Send + 'a>>;

/// Waits for a torrent that somebody gives.
async fn told(ask: &mut Option<Asking<'_>>) -> Hint {
    match ask {
        Some(ask) => ask.await,
        None => std::future::pending().await,
    }
}

/// Waits for a side that works; one that does not never ends.
async fn ended(work: &mut Option<Work<'_>>) -> Result<(), Error> {
    match work {
        Some(work) => work.await,
        None => std::future::pending().await,
    }
}

/// The error that tells most when nobody is left.
fn verdict(servers: Option<(Error, Instant)>, peers: Option<(Error, Instant)>) -> Error {
    match (servers.map(|(error, _)| error), peers.map(|(error, _)| error)) {
        (None, None) => Error::NoSource { last: "none" },
        (Some(only), None) | (None, Some(only)) => only,
        (Some(servers), Some(peers)) => match (servers.may_pass(), peers.may_pass()) {
            (true, _) => servers,
            (false, true) => peers,
            (false, false) if peers == Error::WrongBytes => peers,
            (false, false) => Error::NoSource { last: servers.code() },
        },
    }
}

/// When bytes last came.
struct Idle {
    bytes: u64,
    since: Instant,
}

impl Idle {
    fn time(&mut self, counters: &Counters) -> Duration {
        let bytes = counters.servers.load(Ordering::Relaxed) + counters.peers.load(Ordering::Relaxed);
        if bytes != self.bytes {
            *self = Self { bytes, since: Instant::now() };
        }
        self.since.elapsed()
    }
}

// The cache's writer is used by reference from several threads.
const _: fn() = || {
    fn is_shareable<T: Send + Sync>() {}
    is_shareable::<Writer>();
};
