//! When a source that fails is tried again. Pure: time and randomness are arguments.
//!
//! | state | may try | good try | failed try |
//! |---|---|---|---|
//! | closed | yes | closed, 0 failures | closed, one failure more; at the limit: open |
//! | open | no, until its time is over; then half-open | – | – |
//! | half-open | one try; another one only after the longest wait (the first was given up) | closed | open for twice as long, up to the longest |

use jiff::{SignedDuration, Timestamp};

/// Numbers of the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerPolicy {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it is open at first.
    pub first: SignedDuration,
    /// How long it is open at most.
    pub longest: SignedDuration,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self { failures: 3, first: SignedDuration::from_secs(30), longest: SignedDuration::from_hours(1) }
    }
}

/// Whether a source may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    Closed {
        failures: u32,
    },
    Open {
        until: Timestamp,
    },
    /// One try is on its way.
    HalfOpen {
        since: Timestamp,
    },
}

/// The breaker of one source.
#[derive(Clone, Debug)]
pub struct Breaker {
    policy: BreakerPolicy,
    state: BreakerState,
    /// How often it was opened since the last good try.
    opened: u32,
}

impl Breaker {
    /// A closed one.
    pub fn new(policy: BreakerPolicy) -> Self {
        Self { policy, state: BreakerState::Closed { failures: 0 }, opened: 0 }
    }

    /// The state now.
    pub fn state(&self) -> BreakerState {
        self.state
    }

    /// Whether the source may be asked now. In half-open state only the first caller gets yes.
    pub fn try_pass(&mut self, now: Timestamp) -> bool {
        // A clock that was set back must not lock a source out for longer than the policy says.
        let longest = self.policy.longest;
        let passes = match self.state {
            BreakerState::Closed { .. } => return true,
            BreakerState::Open { until } => now >= until || until.duration_since(now) > longest,
            BreakerState::HalfOpen { since } => now < since || now.duration_since(since) >= longest,
        };
        if passes {
            self.state = BreakerState::HalfOpen { since: now };
        }
        passes
    }

    /// The try was good.
    pub fn succeed(&mut self) {
        self.state = BreakerState::Closed { failures: 0 };
        self.opened = 0;
    }

    /// The source asked to be left alone until then: it is, and nothing is held against it.
    pub fn rest(&mut self, until: Timestamp) {
        self.state = BreakerState::Open { until };
    }

    /// The try failed. `jitter` from 0 to 1 spreads the next tries of many clients over the second half of the wait.
    pub fn fail(&mut self, now: Timestamp, jitter: f64) {
        let failures = match self.state {
            BreakerState::Closed { failures } => failures + 1,
            BreakerState::Open { .. } | BreakerState::HalfOpen { .. } => self.policy.failures,
        };
        if failures < self.policy.failures {
            self.state = BreakerState::Closed { failures };
            return;
        }
        let wait = backoff(self.policy.first, self.policy.longest, self.opened, jitter);
        self.opened = self.opened.saturating_add(1);
        self.state = BreakerState::Open { until: now.saturating_add(wait).unwrap_or(now) };
    }
}

/// How long to wait after the `attempt`-th failure (from 0): doubling, at most `longest`, and of that between half and
/// all by `jitter` from 0 to 1.
pub fn backoff(first: SignedDuration, longest: SignedDuration, attempt: u32, jitter: f64) -> SignedDuration {
    let factor = 2_i32.saturating_pow(attempt.min(30));
    let wait = first.checked_mul(factor).unwrap_or(longest).min(longest);
    let share = 0.5 + jitter.clamp(0.0, 1.0) / 2.0;
    SignedDuration::try_from_secs_f64(wait.as_secs_f64() * share).unwrap_or(wait)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("time")
    }

    #[test]
    fn opens_after_three_failures_and_lets_one_try_through() {
        let mut breaker = Breaker::new(BreakerPolicy::default());
        for second in 0..3 {
            assert!(breaker.try_pass(at(second)));
            breaker.fail(at(second), 1.0);
        }
        assert_eq!(breaker.state(), BreakerState::Open { until: at(32) });
        assert!(!breaker.try_pass(at(31)));
        assert!(breaker.try_pass(at(32)), "the half-open try");
        assert!(!breaker.try_pass(at(32)), "and no second one");
        assert!(breaker.clone().try_pass(at(32 + 3600)), "unless the first was given up");
        breaker.fail(at(33), 1.0);
        assert_eq!(breaker.state(), BreakerState::Open { until: at(93) }, "twice as long");
        assert!(breaker.try_pass(at(93)));
        breaker.succeed();
        assert_eq!(breaker.state(), BreakerState::Closed { failures: 0 });
    }

    #[test]
    fn a_clock_set_back_does_not_lock_out() {
        let mut breaker = Breaker::new(BreakerPolicy::default());
        for _ in 0..3 {
            breaker.fail(at(86_400 * 365), 1.0);
        }
        assert!(breaker.try_pass(at(0)));
    }

    #[test]
    fn a_source_that_asks_for_it_is_left_alone() {
        let mut breaker = Breaker::new(BreakerPolicy::default());
        breaker.rest(at(600));
        assert!(!breaker.try_pass(at(599)) && breaker.try_pass(at(600)));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Wait(i64),
        Pass,
        Succeed,
        Fail(f64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0i64..5000).prop_map(Step::Wait),
            Just(Step::Pass),
            Just(Step::Succeed),
            (0.0f64..1.0).prop_map(Step::Fail)
        ]
    }

    proptest! {
        #[test]
        fn the_table_of_states_holds(steps in proptest::collection::vec(step(), 0..60)) {
            let policy = BreakerPolicy::default();
            let mut breaker = Breaker::new(policy);
            let mut now = at(0);
            for step in steps {
                let before = breaker.state();
                match step {
                    Step::Wait(seconds) => now += SignedDuration::from_secs(seconds),
                    Step::Pass => {
                        let passed = breaker.try_pass(now);
                        match before {
                            BreakerState::Closed { .. } => prop_assert!(passed && breaker.state() == before),
                            BreakerState::Open { until } => {
                                prop_assert_eq!(passed, now >= until);
                                let after = if passed { BreakerState::HalfOpen { since: now } } else { before };
                                prop_assert_eq!(breaker.state(), after);
                            }
                            BreakerState::HalfOpen { since } => {
                                prop_assert_eq!(passed, now.duration_since(since) >= policy.longest);
                            }
                        }
                    }
                    Step::Succeed => {
                        breaker.succeed();
                        prop_assert_eq!(breaker.state(), BreakerState::Closed { failures: 0 });
                    }
                    Step::Fail(jitter) => {
                        breaker.fail(now, jitter);
                        match (before, breaker.state()) {
                            (BreakerState::Closed { failures }, BreakerState::Closed { failures: after }) => {
                                prop_assert!(after == failures + 1 && after < policy.failures);
                            }
                            (_, BreakerState::Open { until }) => {
                                let wait = until.duration_since(now);
                                prop_assert!(wait >= SignedDuration::from_secs(15) && wait <= policy.longest);
                            }
                            (before, after) => prop_assert!(false, "{before:?} → {after:?}"),
                        }
                    }
                }
            }
        }
    }
}
