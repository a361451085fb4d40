//! When a host is left alone: closed → open → half-open. Pure.
//!
//! | state     | requests           | leaves to                                                    |
//! |-----------|--------------------|--------------------------------------------------------------|
//! | Closed    | all                | Open, after `threshold` failures in a row                    |
//! | Open      | none               | Half-open, when the rest is over                             |
//! | Half-open | one                | Closed, if it succeeds; Open for twice as long, if it fails  |

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use crate::OriginError;

const THRESHOLD: u32 = 5;
const FIRST_REST: Duration = Duration::from_secs(10);
const LONGEST_REST: Duration = Duration::from_secs(300);
/// How long to wait for the result of another's probe.
const PROBE: Duration = Duration::from_millis(500);
/// Hosts remembered; beyond it those that are well are forgotten.
const REMEMBERED: usize = 1_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Open {
        until: Instant,
    },
    HalfOpen,
}

#[derive(Clone, Debug, Default)]
struct Host {
    state: State,
    failures: u32,
    rest: Option<Duration>,
    /// What it did last.
    cause: Option<OriginError>,
}

/// Why a request is not admitted, and when to ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resting {
    pub until: Instant,
    /// What the host did last.
    pub cause: Option<OriginError>,
}

/// The breakers of all hosts.
#[derive(Debug, Default)]
pub(crate) struct Breakers {
    hosts: HashMap<String, Host>,
}

impl Breakers {
    /// Asks for permission of one request.
    pub fn admit(&mut self, host: &str, now: Instant) -> Result<(), Resting> {
        let Some(known) = self.hosts.get_mut(host) else {
            return Ok(());
        };
        match known.state {
            State::Closed => Ok(()),
            State::Open { until } if now < until => Err(Resting { until, cause: known.cause.clone() }),
            State::Open { .. } => {
                known.state = State::HalfOpen;
                Ok(())
            }
            // Another request is finding out.
            State::HalfOpen => Err(Resting { until: now + PROBE, cause: None }),
        }
    }

    /// A request brought something useful.
    pub fn succeeded(&mut self, host: &str) {
        self.hosts.remove(host);
    }

    /// A request ended without a verdict (it was cancelled): a probe may be tried again.
    pub fn abandoned(&mut self, host: &str, now: Instant) {
        if let Some(known) = self.hosts.get_mut(host)
            && known.state == State::HalfOpen
        {
            known.state = State::Open { until: now };
        }
    }

    /// A request failed in a way that speaks against the whole host.
    pub fn failed(&mut self, host: &str, cause: &OriginError, now: Instant) {
        if self.hosts.len() >= REMEMBERED {
            self.hosts.retain(|_, host| host.state != State::Closed);
        }
        let known = self.hosts.entry(host.to_owned()).or_default();
        known.failures += 1;
        known.cause = Some(cause.clone());
        let rest = match known.state {
            State::HalfOpen => known.rest.map_or(FIRST_REST, |rest| (rest * 2).min(LONGEST_REST)),
            State::Closed if known.failures >= THRESHOLD => FIRST_REST,
            State::Closed | State::Open { .. } => return,
        };
        known.rest = Some(rest);
        known.state = State::Open { until: now + rest };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause() -> OriginError {
        OriginError::Unreachable { host: "a".to_owned() }
    }

    fn rests(until: Instant) -> Result<(), Resting> {
        Err(Resting { until, cause: Some(cause()) })
    }

    #[test]
    fn opens_after_failures_probes_once_and_closes_again() {
        let mut breakers = Breakers::default();
        let start = Instant::now();
        for _ in 0..THRESHOLD {
            assert!(breakers.admit("a", start).is_ok());
            breakers.failed("a", &cause(), start);
        }
        assert_eq!(breakers.admit("a", start), rests(start + FIRST_REST));
        assert!(breakers.admit("b", start).is_ok(), "another host is not touched");

        let later = start + FIRST_REST;
        assert!(breakers.admit("a", later).is_ok());
        assert!(breakers.admit("a", later).is_err(), "one probe only");
        breakers.failed("a", &cause(), later);
        assert_eq!(breakers.admit("a", later), rests(later + FIRST_REST * 2));

        let much_later = later + FIRST_REST * 2;
        assert!(breakers.admit("a", much_later).is_ok());
        breakers.abandoned("a", much_later);
        assert!(breakers.admit("a", much_later).is_ok(), "a cancelled probe may be repeated");
        breakers.succeeded("a");
        assert!(breakers.admit("a", much_later).is_ok() && breakers.admit("a", much_later).is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let mut breakers = Breakers::default();
        for n in 0..5 * REMEMBERED {
            breakers.failed(&n.to_string(), &cause(), Instant::now());
        }
        assert!(breakers.hosts.len() <= REMEMBERED);
    }
}
