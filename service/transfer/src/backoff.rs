//! How long to wait before trying again: pure, the dice are an argument.

use std::time::Duration;

/// Exponential waits with jitter and an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Wait after the first failure.
    pub first: Duration,
    /// Longest wait.
    pub longest: Duration,
    /// How many failures in a row are followed by another try.
    pub attempts: u32,
}

impl Backoff {
    /// The wait after the `failures`-th failure in a row (from 1), or `None` when it is enough.
    ///
    /// `dice` in 0..=65535 moves the wait between half of it and all of it, so that many clients do not come back at
    /// the same moment.
    pub fn wait(&self, failures: u32, dice: u16) -> Option<Duration> {
        if failures > self.attempts {
            return None;
        }
        let doublings = failures.saturating_sub(1).min(20);
        let full = self.first.saturating_mul(1 << doublings).min(self.longest);
        let half = full / 2;
        Some(half + half * u32::from(dice) / u32::from(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn waits_grow_stay_bounded_and_end(failures in 1u32..200, dice: u16) {
            let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60), attempts: 100 };
            match backoff.wait(failures, dice) {
                None => prop_assert!(failures > 100),
                Some(wait) => {
                    prop_assert!(wait >= Duration::from_millis(500) && wait <= Duration::from_secs(60));
                    let next = backoff.wait(failures + 1, dice).unwrap_or(Duration::MAX);
                    prop_assert!(next >= wait);
                }
            }
        }
    }
}
