//! How fast somebody is: exponentially decaying averages over a short and a long time. Pure; time is an argument.

use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_secs(3);
const LONG: Duration = Duration::from_secs(30);
/// Bytes are gathered this long before they change the averages.
const STEP: Duration = Duration::from_millis(100);

/// Bytes per second of one flow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meter {
    gathered: u64,
    since: Instant,
    began: Instant,
    short: f64,
    long: f64,
}

impl Meter {
    pub fn new(now: Instant) -> Self {
        Self { gathered: 0, since: now, began: now, short: 0.0, long: 0.0 }
    }

    /// Bytes have come.
    pub fn add(&mut self, bytes: u64, now: Instant) {
        self.gathered += bytes;
        self.roll(now);
    }

    /// Over the last seconds, in bytes per second.
    pub fn short(&mut self, now: Instant) -> u64 {
        self.roll(now);
        self.short as u64
    }

    /// Over the last half minute, in bytes per second.
    pub fn long(&mut self, now: Instant) -> u64 {
        self.roll(now);
        self.long as u64
    }

    fn roll(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.since);
        if elapsed < STEP {
            return;
        }
        let rate = self.gathered as f64 / elapsed.as_secs_f64();
        let age = now.saturating_duration_since(self.began);
        self.short = decay(self.short, rate, elapsed, SHORT.min(age));
        self.long = decay(self.long, rate, elapsed, LONG.min(age));
        self.gathered = 0;
        self.since = now;
    }
}

/// A young average follows faster: its memory is not longer than its life.
fn decay(old: f64, new: f64, elapsed: Duration, memory: Duration) -> f64 {
    let keep = (-elapsed.as_secs_f64() / memory.as_secs_f64().max(0.001)).exp();
    old * keep + new * (1.0 - keep)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_a_change_soon_and_a_trend_slowly() {
        let start = Instant::now();
        let mut meter = Meter::new(start);
        let at = |tick: u64| start + Duration::from_millis(tick * 100);
        (1..=300).for_each(|tick| meter.add(100_000, at(tick)));
        let (short, long) = (meter.short(at(300)), meter.long(at(300)));
        assert!(
            (950_000..=1_050_000).contains(&short) && (900_000..=1_050_000).contains(&long),
            "{short} {long}"
        );
        assert!(meter.short(at(400)) < 100_000, "silence is seen within ten seconds");
        assert!(meter.long(at(400)) > 500_000);
        let mut young = Meter::new(start);
        young.add(100_000, at(1));
        assert!(young.short(at(1)) > 500_000, "the first bytes count at once");
    }
}
