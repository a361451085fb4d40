//! All servers of one archive, working on it at once.
//!
//! A few workers each take the best server, claim a run of blocks and fetch it. A server is left out for the rest of
//! the run after a final error or too many failures in a row; the pool ends when the archive is complete or every
//! server is out. Dropping the future stops every byte.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use muster_cache::BLOCK_SIZE;
use tokio::time::timeout;

use super::{
    Origin, Reach, Servers, dice, folder,
    request::{Answer, Question, ask},
    speed::Speed,
};
use crate::{
    Error, OriginError,
    assembly::{Assembly, Claim, Counters, Race, Supplier},
    breaker::Resting,
    flow::{Distance, Tap},
};

/// Bytes fetched by one request.
const SPAN: u64 = 4 * 1024 * 1024;
/// Bytes gathered before they are hashed and written …
const BATCH: usize = 4 * BLOCK_SIZE as usize;
/// … or less after this time, so that progress on a slow line is seen, and kept.
const BATCH_TIME: Duration = Duration::from_millis(400);
/// Requests under way for one archive.
const WORKERS: u64 = 4;
/// Interrupted answers in all, before a server that always makes a little progress is left out too.
const MAX_INTERRUPTIONS: u32 = 40;
/// Wrong blocks that are put down to the way, not to the server.
const FORGIVEN_BLOCKS: u32 = 1;
/// A server that asks for a longer pause than this is left out of the run.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// Without a byte from anybody for this long, the last blocks are asked of a second server.
const STANDSTILL: Duration = Duration::from_millis(700);
/// A host that rests longer than this is left out of the run; the queue tries again later.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// Which servers a run may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// All of them.
    All,
    /// Only this one: an earlier file that several had put together was wrong, and no list says who was.
    Only(usize),
    /// None of them.
    Nobody,
}

#[derive(Debug, Default)]
struct State {
    in_use: u32,
    /// Answers the whole file, whatever range is asked for.
    ignores_ranges: bool,
    failures: u32,
    interruptions: u32,
    bad_blocks: u32,
    ready_at: Option<Instant>,
    out: Option<OriginError>,
    validator: Option<String>,
}

/// The servers of one archive.
pub(crate) struct Pool<'a> {
    servers: &'a Servers,
    origins: &'a [Origin],
    assembly: &'a Arc<Assembly>,
    counters: &'a Arc<Counters>,
    tap: Tap,
    states: Mutex<Vec<State>>,
}

enum Pick {
    Use(usize),
    WaitUntil(Instant),
    /// All are out, or the only one left is busy with the whole file.
    Nothing,
}

/// Bytes that arrive in order, written in whole blocks.
struct Pour {
    position: u64,
    end: u64,
    buffer: Vec<u8>,
    fresh: u64,
}

impl<'a> Pool<'a> {
    pub fn new(
        servers: &'a Servers,
        origins: &'a [Origin],
        trust: Trust,
        (assembly, counters): (&'a Arc<Assembly>, &'a Arc<Counters>),
        tap: Tap,
    ) -> Self {
        let states = (0..origins.len()).map(|index| {
            let is_trusted = trust == Trust::All || trust == Trust::Only(index);
            let out = (!is_trusted).then(|| OriginError::WrongBytes { host: origins[index].host() });
            State { out, ..State::default() }
        });
        Self { servers, origins, assembly, counters, tap, states: Mutex::new(states.collect()) }
    }

    /// Fetches until nothing is missing; an error says that no server is left. May be run again: servers whose failure
    /// may have passed are then asked again.
    pub async fn run(&self) -> Result<(), Error> {
        for state in self.lock().iter_mut() {
            if state.out.as_ref().is_some_and(|error| !error.is_final()) {
                *state = State { validator: state.validator.take(), ..State::default() };
            }
        }
        let spans = self.assembly.size().div_ceil(SPAN);
        let workers = (0..spans.clamp(1, WORKERS)).map(|_| self.work());
        let results = futures::future::join_all(workers).await;
        if self.assembly.is_complete() {
            return Ok(());
        }
        if let Some(error) = results.into_iter().find_map(Result::err) {
            return Err(error);
        }
        Err(self.verdict())
    }

    /// The error that tells most: one that may pass if there is one, else that nobody has the file.
    fn verdict(&self) -> Error {
        let states = self.lock();
        let errors: Vec<&OriginError> = states.iter().filter_map(|state| state.out.as_ref()).collect();
        if let Some(passing) = errors.iter().find(|error| !error.is_final()) {
            return Error::Origin((*passing).clone());
        }
        if !errors.is_empty() && errors.iter().all(|error| matches!(error, OriginError::WrongBytes { .. })) {
            return Error::WrongBytes;
        }
        match errors.last() {
            Some(only) if errors.len() == 1 => Error::Origin((*only).clone()),
            last => Error::NoSource { last: last.map_or("none", |error| muster_domain::Coded::code(*error)) },
        }
    }

    /// Ends when the archive is complete or no server is left; an error is one of the disk.
    async fn work(&self) -> Result<(), Error> {
        let mut changes = self.assembly.watch();
        // Only where nothing moves are others raced.
        let mut race = Race::No;
        loop {
            changes.mark_unchanged();
            if self.assembly.is_complete() {
                return Ok(());
            }
            let index = match self.pick(Instant::now()) {
                Pick::Use(index) => index,
                Pick::WaitUntil(at) => {
                    tokio::time::sleep_until(at.into()).await;
                    continue;
                }
                Pick::Nothing if self.is_exhausted() => return Ok(()),
                Pick::Nothing => {
                    let _ = timeout(Duration::from_millis(500), changes.changed()).await;
                    continue;
                }
            };
            let in_use = InUse { pool: self, index };
            let Some(claim) = self.assembly.claim(SPAN, race) else {
                drop(in_use);
                // Everything is being fetched by others: if one of them gives up, its blocks come back.
                let waited = timeout(STANDSTILL, changes.changed()).await;
                race = if waited.is_err() { Race::Yes } else { Race::No };
                continue;
            };
            race = Race::No;
            let result = self.fetch(index, claim).await;
            // Before the server is given back: only then does a probe of a resting host count.
            self.judge(index, result)?;
            drop(in_use);
        }
    }

    fn pick(&self, now: Instant) -> Pick {
        let mut states = self.lock();
        let mut order: Vec<usize> = (0..states.len()).filter(|index| states[*index].out.is_none()).collect();
        order.retain(|index| !(states[*index].ignores_ranges && states[*index].in_use > 0));
        order.sort_by_key(|index| {
            let state = &states[*index];
            (state.ignores_ranges, state.failures, state.in_use, *index)
        });
        let mut earliest: Option<Instant> = None;
        for index in order {
            let mut wait_until =
                |at: Instant| earliest = Some(earliest.map_or(at, |earlier: Instant| earlier.min(at)));
            if let Some(at) = states[index].ready_at.filter(|at| *at > now) {
                wait_until(at);
                continue;
            }
            match self.servers.breakers().admit(&self.origins[index].breaker(), now) {
                Ok(()) => {
                    states[index].in_use += 1;
                    return Pick::Use(index);
                }
                Err(Resting { until, cause: Some(cause) }) if until > now + LONGEST_REST => {
                    states[index].out = Some(cause);
                }
                Err(Resting { until, .. }) => wait_until(until),
            }
        }
        earliest.map_or(Pick::Nothing, Pick::WaitUntil)
    }

    fn distance(&self, index: usize) -> Distance {
        if self.origins[index].reach == Reach::Public { Distance::Far } else { Distance::Near }
    }

    fn is_exhausted(&self) -> bool {
        self.lock().iter().all(|state| state.out.is_some())
    }

    /// Draws the conclusions from one request.
    fn judge(&self, index: usize, result: Result<u64, Failed>) -> Result<(), Error> {
        let breaker = self.origins[index].breaker();
        let mut states = self.lock();
        let state = &mut states[index];
        let (error, fresh) = match result {
            Ok(_) => {
                state.failures = 0;
                self.servers.breakers().succeeded(&breaker);
                return Ok(());
            }
            Err(Failed::Disk(error)) => return Err(error.into()),
            Err(Failed::Server(error, fresh)) => (error, fresh),
        };
        let now = Instant::now();
        tracing::debug!(host = self.origins[index].host(), %error, fresh, "a server failed");
        if fresh > 0 {
            self.servers.breakers().succeeded(&breaker);
        } else if error.blames_host() {
            self.servers.breakers().failed(&breaker, &error, now);
        } else {
            self.servers.breakers().abandoned(&breaker, now);
        }
        state.interruptions += 1;
        state.failures = if fresh > 0 { 1 } else { state.failures + 1 };
        let is_final = match &error {
            OriginError::WrongBytes { .. } => {
                state.bad_blocks += 1;
                state.bad_blocks > FORGIVEN_BLOCKS
            }
            other => other.is_final(),
        };
        let asked = match &error {
            OriginError::Status { retry_after, .. } => retry_after.map(Duration::from_secs),
            _ => None,
        };
        let wait = self.servers.patience.backoff.wait(state.failures, dice());
        match wait.map(|wait| asked.unwrap_or(wait).max(wait)) {
            Some(wait) if !is_final && wait <= LONGEST_PAUSE && state.interruptions <= MAX_INTERRUPTIONS => {
                state.ready_at = Some(now + wait);
            }
            _ => state.out = Some(error),
        }
        Ok(())
    }

    /// Fetches a run of blocks, or, from a server that ignores ranges, everything that is still missing.
    async fn fetch(&self, index: usize, claim: Claim) -> Result<u64, Failed> {
        let origin = &self.origins[index];
        if origin.url.scheme() == "file" {
            return self.fetch_from_folder(index, claim).await;
        }
        let (validator, ignores_ranges) = {
            let states = self.lock();
            (states[index].validator.clone(), states[index].ignores_ranges)
        };
        let question = Question {
            origin,
            range: (!ignores_ranges).then(|| claim.bytes()),
            size: self.assembly.size(),
            validator: validator.as_deref(),
        };
        let client = self.servers.client(origin.reach);
        let answer =
            ask(client, &question, &self.servers.patience).await.map_err(|error| Failed::Server(error, 0))?;
        let is_whole = answer.range != claim.bytes();
        {
            let mut states = self.lock();
            states[index].validator.clone_from(&answer.validator);
            states[index].ignores_ranges |= is_whole;
        }
        if is_whole {
            // The others may have the claimed blocks: this answer begins at the first byte, wherever those are.
            drop(claim);
            return self.pour(index, answer).await;
        }
        let result = self.pour(index, answer).await;
        drop(claim);
        result
    }

    async fn pour(&self, index: usize, answer: Answer) -> Result<u64, Failed> {
        let patience = &self.servers.patience;
        let host = || self.origins[index].host();
        let mut pour =
            Pour { position: answer.range.start, end: answer.range.end, buffer: Vec::new(), fresh: 0 };
        let mut response = answer.response;
        let mut speed = Speed::default();
        let mut written_at = Instant::now();
        let failure = loop {
            let asked_at = Instant::now();
            let next = timeout(patience.idle, response.chunk()).await;
            match next {
                Err(_) => break OriginError::Slow { host: host() },
                Ok(Err(_)) => break OriginError::Protocol { host: host() },
                Ok(Ok(None)) if pour.received() < pour.end => break OriginError::Protocol { host: host() },
                Ok(Ok(None)) => {
                    self.write_out(index, &mut pour).await?;
                    return Ok(pour.fresh);
                }
                Ok(Ok(Some(chunk))) => {
                    if pour.received() + chunk.len() as u64 > pour.end {
                        break OriginError::Protocol { host: host() };
                    }
                    if speed.is_below(chunk.len() as u64, asked_at.elapsed(), patience) {
                        break OriginError::Slow { host: host() };
                    }
                    self.tap.came(self.distance(index), chunk.len() as u64).await;
                    pour.buffer.extend_from_slice(&chunk);
                    if pour.buffer.len() >= BATCH || written_at.elapsed() >= BATCH_TIME {
                        self.write_out(index, &mut pour).await?;
                        written_at = Instant::now();
                    }
                    // Peers, or another server, were faster.
                    if self.assembly.has(pour.position..pour.end) {
                        return Ok(pour.fresh);
                    }
                }
            }
        };
        self.write_out(index, &mut pour).await?;
        Err(Failed::Server(failure, pour.fresh))
    }

    async fn fetch_from_folder(&self, index: usize, claim: Claim) -> Result<u64, Failed> {
        let range = claim.bytes();
        let (url, size) = (self.origins[index].url.clone(), self.assembly.size());
        let may = super::address::may_ask(&url, self.origins[index].reach);
        if !may {
            return Err(Failed::Server(OriginError::Refused { host: self.origins[index].host() }, 0));
        }
        let failed = |fresh| move |error| Failed::Server(error, fresh);
        let file = Arc::new(blocking(move || folder::open(&url, size)).await.map_err(failed(0))?);
        let mut pour = Pour { position: range.start, end: range.end, buffer: Vec::new(), fresh: 0 };
        while pour.received() < pour.end {
            let (file, rest) = (file.clone(), pour.received()..pour.end);
            let bytes = blocking(move || folder::read(&file, &rest)).await.map_err(failed(pour.fresh))?;
            pour.buffer.extend_from_slice(&bytes);
            self.write_out(index, &mut pour).await?;
        }
        drop(claim);
        Ok(pour.fresh)
    }

    /// Writes what is whole blocks, and keeps the rest.
    async fn write_out(&self, index: usize, pour: &mut Pour) -> Result<(), Failed> {
        let length = if pour.received() == pour.end {
            pour.buffer.len()
        } else {
            pour.buffer.len() / BLOCK_SIZE as usize * BLOCK_SIZE as usize
        };
        if length == 0 {
            return Ok(());
        }
        let rest = pour.buffer.split_off(length);
        let bytes = std::mem::replace(&mut pour.buffer, rest);
        let position = pour.position;
        pour.position += length as u64;
        let (assembly, counters) = (self.assembly.clone(), self.counters.clone());
        let stored = blocking(move || assembly.store(position, &bytes, Supplier::Origin(index), &counters))
            .await
            .map_err(Failed::Disk)?;
        pour.fresh += stored.fresh;
        if stored.bad > 0 {
            return Err(Failed::Server(
                OriginError::WrongBytes { host: self.origins[index].host() },
                pour.fresh,
            ));
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pour {
    fn received(&self) -> u64 {
        self.position + self.buffer.len() as u64
    }
}

enum Failed {
    /// The server's fault, after this many useful bytes.
    Server(OriginError, u64),
    /// Our disk's fault: no other server helps.
    Disk(muster_cache::Error),
}

/// Gives the server back when the request ends, also when it is cancelled.
struct InUse<'p, 'a> {
    pool: &'p Pool<'a>,
    index: usize,
}

impl Drop for InUse<'_, '_> {
    fn drop(&mut self) {
        self.pool.lock()[self.index].in_use -= 1;
        let breaker = self.pool.origins[self.index].breaker();
        self.pool.servers.breakers().abandoned(&breaker, Instant::now());
    }
}

/// Runs something that blocks on the disk.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going away, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}
