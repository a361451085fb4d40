//! What can be seen of all transfers: an immutable snapshot, renewed at most four times a second.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use muster_domain::{Sha1, Sha256, Tier};

use crate::{
    RateLimits, Scope, Via,
    assembly::Counters,
    queue::{Entry, State, Wait},
};

/// Time over which a rate is measured.
const WINDOW: Duration = Duration::from_secs(5);
/// Rates change too fast to promise more than this.
const LONGEST_ETA: u64 = 30 * 86_400;

/// All transfers at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// By tier and order.
    pub transfers: Vec<TransferView>,
    pub is_all_paused: bool,
    pub limits: RateLimits,
    pub sharing: SharingView,
    /// Bytes per second of all transfers together.
    pub down_rate: u64,
    /// Bytes per second given to peers.
    pub up_rate: u64,
    /// Payload given to peers since the program started, in bytes.
    pub given: u64,
    /// The part of it that went where the upload limit holds: not to the own network while that is exempt.
    pub charged: u64,
    /// What the line carries upwards, in bytes of payload a second, where several strangers had to wait for it lately.
    pub uplink: Option<u64>,
    /// Connections to peers that are open or being made.
    pub connections: usize,
}

impl Snapshot {
    pub fn get(&self, sha256: &Sha256) -> Option<&TransferView> {
        self.transfers.iter().find(|transfer| transfer.sha256 == *sha256)
    }
}

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Waiting,
    Fetching,
    Verifying,
    Paused,
    Failed,
    Done,
}

impl Phase {
    /// Stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Fetching => "fetching",
            Self::Verifying => "verifying",
            Self::Paused => "paused",
            Self::Failed => "failed",
            Self::Done => "done",
        }
    }
}

/// Bytes by where they came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceSplit {
    /// Already on this disk.
    pub here: u64,
    pub servers: u64,
    pub peers: u64,
}

/// One transfer at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferView {
    pub sha256: Sha256,
    pub name: String,
    pub tier: Tier,
    /// Place in the queue, from 0, over all tiers.
    pub place: usize,
    pub phase: Phase,
    /// Why it does not run, if it does not.
    pub wait: Option<Wait>,
    /// Bytes.
    pub size: u64,
    /// Bytes that are here.
    pub done: u64,
    pub split: SourceSplit,
    /// Bytes per second.
    pub rate: u64,
    /// Seconds, if bytes flow.
    pub eta: Option<u64>,
    /// Connected peers.
    pub peers: u32,
    /// The code of the last failure.
    pub failure: Option<String>,
    /// How many ask for it.
    pub wants: usize,
}

/// One connected peer at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerView {
    pub sha256: Sha256,
    pub address: SocketAddr,
    pub via: Via,
    /// What its program calls itself.
    pub client: Option<String>,
    /// It has everything.
    pub is_seed: bool,
    /// We give to it.
    pub is_served: bool,
    /// It gives to us.
    pub serves_us: bool,
    /// Bytes from it, and to it.
    pub down: u64,
    pub up: u64,
    /// Bytes per second.
    pub down_rate: u64,
    pub up_rate: u64,
    /// Blocks that were not what was signed.
    pub wrong: u32,
}

/// What is offered to others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharingView {
    /// Where peers can connect; `None` while sharing is off.
    pub listen: Option<SocketAddr>,
    /// With whom.
    pub scope: Option<Scope>,
    /// Why sharing is not on although it should be.
    pub failure: Option<String>,
    pub seeds: Vec<SeedView>,
}

/// One archive that may be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedView {
    pub sha256: Sha256,
    /// Its torrent's; `None` while that has not been computed.
    pub info_hash: Option<Sha1>,
    /// It is offered right now.
    pub is_offered: bool,
    pub peers: u32,
    /// Bytes passed on since the program started.
    pub uploaded: u64,
}

/// Measures rates from counters that only grow.
#[derive(Debug, Default)]
pub(crate) struct Rates(BTreeMap<Sha256, VecDeque<(Instant, u64)>>);

impl Rates {
    /// Bytes per second over the last seconds.
    pub fn measure(&mut self, sha256: Sha256, fetched: u64, now: Instant) -> u64 {
        let samples = self.0.entry(sha256).or_default();
        if samples.back().is_some_and(|(_, last)| *last > fetched) {
            samples.clear();
        }
        samples.push_back((now, fetched));
        while samples.len() > 2 && samples.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            samples.pop_front();
        }
        let Some((since, before)) = samples.front() else { return 0 };
        let elapsed = now.duration_since(*since).as_secs_f64();
        if elapsed < 0.1 { 0 } else { ((fetched - before) as f64 / elapsed) as u64 }
    }

    pub fn forget(&mut self, sha256: &Sha256) {
        self.0.remove(sha256);
    }
}

/// Builds the view of one entry.
pub(crate) fn view(
    entry: &Entry,
    place: usize,
    wait: Option<Wait>,
    counters: &Counters,
    rate: u64,
) -> TransferView {
    let load = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    let split = SourceSplit {
        here: load(&counters.here),
        servers: load(&counters.servers),
        peers: load(&counters.peers),
    };
    let done = match entry.state {
        State::Done | State::Verifying => entry.size,
        _ => (split.here + split.servers + split.peers).min(entry.size),
    };
    let (phase, failure) = match &entry.state {
        State::Queued | State::Stopping => (Phase::Waiting, None),
        State::Active => (Phase::Fetching, None),
        State::Verifying => (Phase::Verifying, None),
        State::Paused => (Phase::Paused, None),
        State::Failed(failure) => (Phase::Failed, Some(failure.code.clone())),
        State::Done => (Phase::Done, None),
    };
    let is_flowing = phase == Phase::Fetching && rate > 0;
    TransferView {
        sha256: entry.sha256,
        name: entry.name.clone(),
        tier: entry.tier(),
        place,
        phase,
        wait,
        size: entry.size,
        done,
        split,
        rate: if phase == Phase::Fetching { rate } else { 0 },
        eta: is_flowing.then(|| ((entry.size - done).div_ceil(rate)).min(LONGEST_ETA)),
        peers: load(&counters.connected) as u32,
        failure,
        wants: entry.wants(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_that_of_the_last_seconds() {
        let (mut rates, start) = (Rates::default(), Instant::now());
        let sha256 = Sha256([1; 32]);
        assert_eq!(rates.measure(sha256, 0, start), 0);
        for tick in 1..=80u64 {
            let fetched = if tick <= 40 { tick * 1_000 } else { 40_000 };
            let rate = rates.measure(sha256, fetched, start + Duration::from_millis(tick * 250));
            match tick {
                20..=40 => assert!((3_900..=4_100).contains(&rate), "{tick}: {rate}"),
                70.. => assert_eq!(rate, 0),
                _ => {}
            }
        }
        assert!(rates.0[&sha256].len() < 30, "memory is bounded");
        assert_eq!(
            rates.measure(sha256, 5, start + Duration::from_secs(60)),
            0,
            "a new beginning is no negative rate"
        );
    }
}
