//! All servers of one archive, working on it at once.
//!
//! A few workers each take the best server, claim a run of blocks and fetch it. A server is left out for the rest of
//! the run after a final error or too many failures in a row; the pool ends when the archive is complete or every
//! server is out. Dropping the future stops every byte.

use std::{
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use muster_cache::BLOCK_SIZE;
use tokio::time::timeout;

use super::{
    Origin, Patience, Reach, Servers, blocking, dice, folder,
    pour::{Failed, Pour, Verdict},
    request::{Answer, Question, ask},
    speed::Speed,
    web,
};
use crate::{
    Error, OriginError,
    assembly::{Assembly, Claim, Counters, Race, Supplier},
    breaker::Resting,
    flow::{Distance, Tap},
    parts::Stretch,
};

/// Bytes fetched by one request.
const SPAN: u64 = 4 * 1024 * 1024;
/// Bytes gathered before they are hashed and written …
const BATCH: usize = 4 * BLOCK_SIZE as usize;
/// … or less after this time, so that progress on a slow line is seen, and kept.
const BATCH_TIME: Duration = Duration::from_millis(400);
/// Requests under way for one archive.
const WORKERS: u64 = 4;
/// Bytes per second of a cap that one request has for itself, before another joins it.
const RATE_OF_WORKER: u64 = 250_000;
/// Requests that may share a cap while none of them counts as slow.
const CROWD: u64 = 64;
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
        let workers = (0..spans.clamp(1, WORKERS)).map(|place| self.work(place));
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
    async fn work(&self, place: u64) -> Result<(), Error> {
        let mut changes = self.assembly.watch();
        // Only where nothing moves are others raced.
        let mut race = Race::No;
        loop {
            changes.mark_unchanged();
            if self.assembly.is_complete() {
                return Ok(());
            }
            if place >= self.crew() && !self.is_exhausted() {
                let _ = timeout(STANDSTILL, changes.changed()).await;
                continue;
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

    /// How long to wait for a server, which is not to blame for what the player's own cap holds back.
    fn patience(&self, index: usize) -> Patience {
        let patience = self.servers.patience;
        let cap = self.tap.flow.down_rate(self.distance(index)).unwrap_or(u64::MAX);
        Patience { floor_rate: patience.floor_rate.min(cap / CROWD), ..patience }
    }

    /// Requests that make sense at once: under a low cap each would get little, and hold a buffer.
    fn crew(&self) -> u64 {
        let rate = self.tap.flow.down_rate(Distance::Far);
        rate.map_or(WORKERS, |rate| (rate / RATE_OF_WORKER).clamp(1, WORKERS))
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

    /// Fetches a run of blocks but for what is known of them, or, from a server that ignores ranges, everything that is
    /// still missing.
    async fn fetch(&self, index: usize, claim: Claim) -> Result<u64, Failed> {
        if self.origins[index].url.scheme() == "file" {
            return self.fetch_from_folder(index, claim).await;
        }
        if self.lock()[index].ignores_ranges {
            let answer = self.ask(index, None).await.map_err(|error| Failed::Server(error, 0))?;
            drop(claim);
            return self.take_whole(index, answer).await;
        }
        let mut pour = self.pour(index, claim.bytes());
        for stretch in self.assembly.stretches(claim.bytes()) {
            let missing = match stretch {
                Stretch::Known(known) => {
                    pour.add_known(known).await?;
                    continue;
                }
                Stretch::Missing(missing) => missing,
            };
            let asked = self.ask(index, Some(missing.clone())).await;
            let answer = asked.map_err(|error| Failed::Server(error, pour.fresh))?;
            if answer.range != missing {
                self.lock()[index].ignores_ranges = true;
                // The others may have the claimed blocks: this answer begins at the first byte, wherever those are.
                drop(claim);
                return self.take_whole(index, answer).await;
            }
            self.take(index, &mut pour, answer).await?;
            if pour.is_overtaken() {
                return Ok(pour.fresh);
            }
        }
        self.write_out(index, &mut pour).await?;
        drop(claim);
        Ok(pour.fresh)
    }

    fn pour(&self, index: usize, range: Range<u64>) -> Pour<'a> {
        Pour::new((self.assembly, self.counters), Supplier::Origin(index), range)
    }

    async fn ask(&self, index: usize, range: Option<Range<u64>>) -> Result<Answer, OriginError> {
        let origin = &self.origins[index];
        let validator = self.lock()[index].validator.clone();
        let size = self.assembly.size();
        let question = Question { origin, range, size, validator: validator.as_deref() };
        let answer = ask(self.servers.web(origin.reach), &question, &self.servers.patience).await?;
        self.lock()[index].validator.clone_from(&answer.validator);
        Ok(answer)
    }

    async fn take_whole(&self, index: usize, answer: Answer) -> Result<u64, Failed> {
        let mut pour = self.pour(index, answer.range.clone());
        self.take(index, &mut pour, answer).await?;
        self.write_out(index, &mut pour).await?;
        Ok(pour.fresh)
    }

    /// Takes the bytes of an answer until its end, or until others have brought what it is for.
    async fn take(&self, index: usize, pour: &mut Pour<'_>, answer: Answer) -> Result<(), Failed> {
        let patience = self.patience(index);
        let host = || self.origins[index].host();
        let (end, mut body) = (answer.range.end, answer.body);
        let mut speed = Speed::default();
        let mut written_at = Instant::now();
        let failure = loop {
            let asked_at = Instant::now();
            let next = timeout(patience.idle, web::next(&mut body)).await;
            match next {
                Err(_) => break OriginError::Slow { host: host() },
                Ok(Err(_)) => break OriginError::Protocol { host: host() },
                Ok(Ok(None)) if pour.received() < end => break OriginError::Protocol { host: host() },
                Ok(Ok(None)) => return Ok(()),
                Ok(Ok(Some(chunk))) => {
                    if pour.received() + chunk.len() as u64 > end {
                        break OriginError::Protocol { host: host() };
                    }
                    if speed.is_below(chunk.len() as u64, asked_at.elapsed(), &patience) {
                        break OriginError::Slow { host: host() };
                    }
                    self.tap.came(chunk.len() as u64).await;
                    pour.add(&chunk);
                    if pour.waiting() >= BATCH || written_at.elapsed() >= BATCH_TIME {
                        self.write_out(index, pour).await?;
                        written_at = Instant::now();
                    }
                    // Peers, or another server, were faster.
                    if pour.is_overtaken() {
                        return Ok(());
                    }
                }
            }
        };
        self.write_out(index, pour).await?;
        Err(Failed::Server(failure, pour.fresh))
    }

    async fn fetch_from_folder(&self, index: usize, claim: Claim) -> Result<u64, Failed> {
        let (url, size) = (self.origins[index].url.clone(), self.assembly.size());
        let may = super::address::may_ask(&url, self.origins[index].reach);
        if !may {
            return Err(Failed::Server(OriginError::Refused { host: self.origins[index].host() }, 0));
        }
        let failed = |fresh| move |error| Failed::Server(error, fresh);
        let file = Arc::new(blocking(move || folder::open(&url, size)).await.map_err(failed(0))?);
        let mut pour = self.pour(index, claim.bytes());
        for stretch in self.assembly.stretches(claim.bytes()) {
            let missing = match stretch {
                Stretch::Known(known) => {
                    pour.add_known(known).await?;
                    continue;
                }
                Stretch::Missing(missing) => missing,
            };
            while pour.received() < missing.end {
                let (file, rest) = (file.clone(), pour.received()..missing.end);
                let bytes = blocking(move || folder::read(&file, &rest)).await.map_err(failed(pour.fresh))?;
                pour.add(&bytes);
                self.write_out(index, &mut pour).await?;
            }
        }
        self.write_out(index, &mut pour).await?;
        drop(claim);
        Ok(pour.fresh)
    }

    async fn write_out(&self, index: usize, pour: &mut Pour<'_>) -> Result<(), Failed> {
        match pour.write_out().await? {
            Verdict::Right => Ok(()),
            Verdict::Wrong => {
                let host = self.origins[index].host();
                Err(Failed::Server(OriginError::WrongBytes { host }, pour.fresh))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
