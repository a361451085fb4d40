//! What the player's line carries upwards, told from giving alone. Pure; time is an argument.
//!
//! While several strangers would take more than goes out, and what goes out is clearly less than our cap allows, the line
//! is in the way. One slow stranger says nothing, and neither does a time in which the cap was nearly reached. A figure is forgotten after a while:
//! lines change, and under a cap that follows from it no new one can be had.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    time::{Duration, Instant},
};

/// What goes out is looked at over this time.
const WINDOW: Duration = Duration::from_secs(5);
/// Strangers who must wait for the line at the same time.
const STRANGERS: usize = 3;
/// Share of the window for which each of them must have waited.
const WAITS: f64 = 0.5;
/// Share of the cap above which it may have been the cap: what goes out comes in bursts, which it flattens earlier.
const NEAR_CAP: f64 = 0.8;
/// How long a figure is good.
const GOOD: Duration = Duration::from_secs(3_600);

/// A part of an archive that has gone to a stranger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    pub bytes: u64,
    /// It waited so long for the line.
    pub waited: Duration,
}

/// The gauge.
#[derive(Debug, Default)]
pub(crate) struct Uplink {
    window: Option<Window>,
    measured: Option<(u64, Instant)>,
}

#[derive(Debug)]
struct Window {
    began: Instant,
    bytes: u64,
    /// The lowest cap there was, in bytes a second.
    cap: Option<u64>,
    waited: BTreeMap<IpAddr, Duration>,
}

impl Uplink {
    /// Takes in what has just gone under a cap in bytes a second.
    pub fn note(&mut self, to: IpAddr, sent: Sent, cap: Option<u64>, now: Instant) {
        let window = self.window.get_or_insert_with(|| Window::new(now));
        window.bytes += sent.bytes;
        window.cap = window.cap.into_iter().chain(cap).min();
        *window.waited.entry(to).or_default() += sent.waited;
        let length = now.saturating_duration_since(window.began);
        if length < WINDOW {
            return;
        }
        // A long silence is no measurement.
        let figure = window.figure(length).filter(|_| length < 2 * WINDOW);
        self.window = Some(Window::new(now));
        if let Some(figure) = figure {
            let best = self.measured(now).unwrap_or(0).max(figure);
            self.measured = Some((best, now));
        }
    }

    /// Bytes of payload a second, if that was seen lately.
    pub fn measured(&self, now: Instant) -> Option<u64> {
        self.measured.filter(|(_, at)| now.saturating_duration_since(*at) < GOOD).map(|(rate, _)| rate)
    }
}

impl Window {
    fn new(began: Instant) -> Self {
        Self { began, bytes: 0, cap: None, waited: BTreeMap::new() }
    }

    fn figure(&self, length: Duration) -> Option<u64> {
        let waiting = self.waited.values().filter(|waited| **waited >= length.mul_f64(WAITS)).count();
        let rate = self.bytes as f64 / length.as_secs_f64();
        let is_cap = self.cap.is_some_and(|cap| rate > cap as f64 * NEAR_CAP);
        (waiting >= STRANGERS && !is_cap).then_some(rate as u64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TICK: Duration = Duration::from_millis(100);

    /// So many strangers who each wait for the line for a part of each tick, and take together so much of it.
    fn give(
        uplink: &mut Uplink,
        began: Instant,
        (strangers, waited): (u8, f64),
        rate: u64,
        cap: u64,
    ) -> Instant {
        let mut now = began;
        for _ in 0..120 {
            now += TICK;
            for stranger in 0..strangers {
                let sent = Sent { bytes: rate / 10 / u64::from(strangers), waited: TICK.mul_f64(waited) };
                uplink.note(IpAddr::from([203, 0, 113, stranger]), sent, Some(cap), now);
            }
        }
        now
    }

    #[test]
    fn a_line_that_holds_several_back_is_measured_and_forgotten_in_time() {
        let mut uplink = Uplink::default();
        let now = give(&mut uplink, Instant::now(), (4, 0.9), 500_000, 1_000_000);
        let measured = uplink.measured(now).unwrap();
        assert!((480_000..=520_000).contains(&measured), "{measured}");
        assert_eq!(uplink.measured(now + GOOD), None);
    }

    #[test]
    fn the_best_of_what_was_seen_counts() {
        let mut uplink = Uplink::default();
        let now = give(&mut uplink, Instant::now(), (4, 0.9), 900_000, 2_000_000);
        let now = give(&mut uplink, now, (4, 0.9), 300_000, 2_000_000);
        assert!(uplink.measured(now).unwrap() > 850_000);
    }

    #[test]
    fn silence_between_two_parts_is_no_measurement() {
        let mut uplink = Uplink::default();
        let began = Instant::now();
        for stranger in 0..4 {
            let sent = Sent { bytes: 1_000, waited: Duration::from_secs(60) };
            for now in [began, began + Duration::from_secs(60)] {
                uplink.note(IpAddr::from([203, 0, 113, stranger]), sent, None, now);
            }
        }
        assert_eq!(uplink.measured(began + Duration::from_secs(60)), None);
    }

    proptest! {
        #[test]
        fn who_is_slow_alone_or_held_by_us_says_nothing(
            strangers in 1u8..8, rate in 10_000u64..10_000_000, waited in 0.0f64..1.0, cap in 10_000u64..10_000_000,
        ) {
            let mut uplink = Uplink::default();
            let now = give(&mut uplink, Instant::now(), (strangers, waited), rate, cap);
            let (is_many, of_cap) = (strangers as usize >= STRANGERS, rate as f64 / cap as f64);
            let measured = uplink.measured(now);
            prop_assert!(!(is_many && waited > 0.55 && of_cap < 0.75) || measured.is_some());
            prop_assert!(!(!is_many || waited < 0.45 || of_cap > 0.85) || measured.is_none());
        }
    }
}
