//! How fast bytes may flow: a token bucket that is 10 ms deep, so that a cap is a cap and not a row of bursts.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Depth in time; see `transfer-notes.md`: a bucket of one second lets line-rate bursts through.
const DEPTH: Duration = Duration::from_millis(10);
/// Two packets are always let through at once.
const FLOOR_BYTES: u64 = 3_000;
/// Bytes moved at once where nothing limits.
const LARGEST_SLICE: usize = 512 * 1024;

/// The arithmetic, without a clock: virtual scheduling (GCRA, ITU-T I.371).
#[derive(Clone, Copy, Debug, Default)]
struct Schedule {
    /// Bytes per second; `None` is unlimited.
    rate: Option<u64>,
    /// When everything granted so far will have flowed at this rate.
    paid_until: Option<Instant>,
}

impl Schedule {
    /// Grants `bytes` and says how long the caller waits before it asks for more.
    fn reserve(&mut self, bytes: u64, now: Instant) -> Duration {
        let Some(rate) = self.rate else {
            return Duration::ZERO;
        };
        let depth = DEPTH.max(time_of(FLOOR_BYTES, rate));
        let start = self.paid_until.filter(|until| *until > now).unwrap_or(now);
        let paid_until = start + time_of(bytes, rate);
        self.paid_until = Some(paid_until);
        paid_until.saturating_duration_since(now).saturating_sub(depth)
    }

    /// Changes the rate; what is owed keeps its size in bytes.
    fn set_rate(&mut self, rate: Option<u64>, now: Instant) {
        let rate = rate.map(|rate| rate.max(1));
        if rate == self.rate {
            return;
        }
        self.paid_until = match (self.rate, rate, self.paid_until) {
            (Some(old), Some(new), Some(until)) => {
                let owed = until.saturating_duration_since(now).as_secs_f64() * old as f64;
                Some(now + Duration::from_secs_f64((owed / new as f64).min(3_600.0)))
            }
            _ => None,
        };
        self.rate = rate;
    }
}

fn time_of(bytes: u64, rate: u64) -> Duration {
    Duration::from_secs_f64((bytes as f64 / rate.max(1) as f64).min(3_600.0))
}

/// One direction's cap, shared by everything that flows in it.
#[derive(Debug, Default)]
pub(crate) struct Bucket(Mutex<Schedule>);

impl Bucket {
    /// Reserves `bytes` and says how long to wait until they are paid for.
    pub fn reserve(&self, bytes: u64) -> Duration {
        self.lock().reserve(bytes, Instant::now())
    }

    /// Bytes that flow at once without being a burst: what 10 ms bring, at least two packets.
    pub fn slice(&self) -> usize {
        match self.lock().rate {
            None => LARGEST_SLICE,
            Some(rate) => {
                ((rate as f64 * DEPTH.as_secs_f64()) as usize).clamp(FLOOR_BYTES as usize, LARGEST_SLICE)
            }
        }
    }

    /// Bytes per second; `None` is unlimited. Does not refill anything.
    pub fn set_rate(&self, rate: Option<u64>) {
        self.lock().set_rate(rate, Instant::now());
    }

    pub fn rate(&self) -> Option<u64> {
        self.lock().rate
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Schedule> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn never_more_than_the_rate_and_one_depth(
            rate in 10_000u64..100_000_000, sizes in prop::collection::vec(1u64..65_536, 1..200), churn: bool,
        ) {
            let start = Instant::now();
            let mut schedule = Schedule::default();
            schedule.set_rate(Some(rate), start);
            let (mut now, mut sent, mut last) = (start, 0u64, 0u64);
            for size in sizes {
                if churn {
                    schedule.set_rate(Some(rate), now);
                }
                now += schedule.reserve(size, now);
                sent += size;
                last = size;
            }
            let elapsed = (now - start).as_secs_f64();
            let allowed = rate as f64 * (elapsed + DEPTH.as_secs_f64()) + (FLOOR_BYTES + last) as f64;
            prop_assert!(sent as f64 <= allowed * 1.001 + 1.0, "{sent} > {allowed}");
        }
    }

    #[test]
    fn a_slower_rate_applies_to_what_is_already_owed() {
        let now = Instant::now();
        let mut schedule = Schedule::default();
        schedule.set_rate(Some(1_000_000), now);
        schedule.reserve(1_000_000, now);
        schedule.set_rate(Some(500_000), now);
        assert!(schedule.reserve(0, now) > Duration::from_millis(1_900));
        schedule.set_rate(None, now);
        assert_eq!(schedule.reserve(1 << 30, now), Duration::ZERO);
    }
}
