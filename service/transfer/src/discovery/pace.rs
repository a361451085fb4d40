//! How often something may happen: a token bucket over events, by virtual scheduling (GCRA, ITU-T I.371). Pure.

use std::time::{Duration, Instant};

/// One event every `every` on average, and at most `burst` at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    pub every: Duration,
    /// At least 1.
    pub burst: u32,
}

/// What has been used of a rate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// When everything that happened so far is paid for.
    paid_until: Instant,
}

impl Pace {
    /// Nothing used yet.
    pub fn new(now: Instant) -> Self {
        Self { paid_until: now }
    }

    /// When the next event may happen if `reserve` of the burst are kept for others; not before `now`.
    pub fn at(&self, rate: Rate, reserve: u32, now: Instant) -> Instant {
        let depth = rate.every * rate.burst.saturating_sub(1).saturating_sub(reserve);
        now + self.paid_until.saturating_duration_since(now).saturating_sub(depth)
    }

    /// Whether an event may happen now.
    pub fn may(&self, rate: Rate, reserve: u32, now: Instant) -> bool {
        self.at(rate, reserve, now) <= now
    }

    /// Counts an event.
    pub fn spend(&mut self, rate: Rate, now: Instant) {
        self.paid_until = self.paid_until.max(now) + rate.every;
    }

    /// Counts an event if it may happen now.
    pub fn try_spend(&mut self, rate: Rate, now: Instant) -> bool {
        let may = self.may(rate, 0, now);
        if may {
            self.spend(rate, now);
        }
        may
    }

    /// Whether nothing is owed: as good as new.
    pub fn is_rested(&self, now: Instant) -> bool {
        self.paid_until <= now
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_window_holds_more_than_the_burst_and_the_rate(
            every in 1u64..2_000, burst in 1u32..20, waits in prop::collection::vec(0u64..500, 1..300),
        ) {
            let rate = Rate { every: Duration::from_millis(every), burst };
            let mut now = Instant::now();
            let mut pace = Pace::new(now);
            let mut happened: Vec<Instant> = vec![];
            for wait in waits {
                now += Duration::from_millis(wait);
                if pace.try_spend(rate, now) {
                    happened.push(now);
                }
            }
            for (first, start) in happened.iter().enumerate() {
                let in_window = happened[first..].iter().filter(|at| **at - *start < Duration::from_secs(1)).count();
                prop_assert!(in_window as u64 <= u64::from(burst) + 1_000 / every + 1);
            }
        }

        #[test]
        fn the_next_event_may_happen_when_it_was_promised(every in 1u64..2_000, burst in 1u32..9, reserve in 0u32..9) {
            let rate = Rate { every: Duration::from_millis(every), burst };
            let now = Instant::now();
            let mut pace = Pace::new(now);
            for _ in 0..burst * 2 {
                pace.spend(rate, now);
            }
            let at = pace.at(rate, reserve, now);
            prop_assert!(at > now && pace.may(rate, reserve, at));
            prop_assert!(!pace.may(rate, reserve, at - Duration::from_micros(1)));
        }
    }
}
