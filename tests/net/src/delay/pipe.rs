//! What becomes of each packet: a queue before a line of some rate, the length of the line, and chance.

use std::{collections::VecDeque, time::Duration};

use super::Stretch;
use crate::content::Noise;

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives then.
    Arrives(Duration),
    /// The queue was full.
    Dropped,
    /// It was lost on the way.
    Lost,
}

/// One direction. Times are counted from any fixed moment and never go backwards.
#[derive(Clone, Debug)]
pub struct Pipe {
    stretch: Stretch,
    noise: Noise,
    /// When the line will have sent all that was taken.
    free_at: Duration,
    last_arrival: Duration,
    /// When each packet that was taken leaves the queue, and its bytes.
    waiting: VecDeque<(Duration, u64)>,
    queued: u64,
}

impl Pipe {
    pub fn new(stretch: Stretch) -> Self {
        Self {
            noise: Noise::new(stretch.seed),
            stretch,
            free_at: Duration::ZERO,
            last_arrival: Duration::ZERO,
            waiting: VecDeque::new(),
            queued: 0,
        }
    }

    /// A packet of so many bytes comes to the line.
    pub fn offer(&mut self, bytes: u64, now: Duration) -> Fate {
        while self.waiting.front().is_some_and(|(leaves, _)| *leaves <= now) {
            self.queued -= self.waiting.pop_front().map_or(0, |(_, bytes)| bytes);
        }
        // A line that idles takes any packet.
        if self.queued > 0 && self.queued + bytes > self.stretch.queue {
            return Fate::Dropped;
        }
        if let Some(rate) = self.stretch.rate {
            let sending = Duration::from_secs_f64(bytes as f64 * 8.0 / rate.max(1) as f64);
            self.free_at = self.free_at.max(now) + sending;
            self.waiting.push_back((self.free_at, bytes));
            self.queued += bytes;
        } else {
            self.free_at = now;
        }
        // A packet is lost on its way, so it has used the line.
        if self.noise.fraction() < self.stretch.loss {
            return Fate::Lost;
        }
        let jitter = self.stretch.jitter.mul_f64(self.noise.fraction());
        self.last_arrival = self.last_arrival.max(self.free_at + self.stretch.delay + jitter);
        Fate::Arrives(self.last_arrival)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stretch() -> impl Strategy<Value = Stretch> {
        let rate = prop_oneof![Just(None), (100_000_u64..100_000_000).prop_map(Some)];
        (rate, 0_u64..100, 0_u64..50, 1_500_u64..400_000, 0.0..0.3, any::<u64>()).prop_map(
            |(rate, delay, jitter, queue, loss, seed)| Stretch {
                rate,
                delay: Duration::from_millis(delay),
                jitter: Duration::from_millis(jitter),
                queue,
                loss,
                seed,
            },
        )
    }

    /// Packets as gaps in microseconds and bytes.
    fn packets() -> impl Strategy<Value = Vec<(u64, u64)>> {
        prop::collection::vec((0_u64..2_000, 40_u64..1_500), 1..400)
    }

    fn run(stretch: Stretch, packets: &[(u64, u64)]) -> Vec<(Duration, u64, Fate)> {
        let mut pipe = Pipe::new(stretch);
        let mut now = Duration::ZERO;
        let mut fates = Vec::new();
        for (gap, bytes) in packets {
            now += Duration::from_micros(*gap);
            fates.push((now, *bytes, pipe.offer(*bytes, now)));
        }
        fates
    }

    proptest! {
        #[test]
        fn packets_keep_their_order_and_take_at_least_as_long_as_the_line_is(stretch in stretch(), packets in packets()) {
            let mut last = Duration::ZERO;
            for (sent, _, fate) in run(stretch, &packets) {
                let Fate::Arrives(at) = fate else { continue };
                prop_assert!(at >= sent + stretch.delay && at >= last);
                last = at;
            }
        }

        #[test]
        fn never_more_than_the_rate_and_never_more_waiting_than_the_queue(stretch in stretch(), packets in packets()) {
            let Some(rate) = stretch.rate else { return Ok(()) };
            let fates = run(Stretch { jitter: Duration::ZERO, loss: 0.0, ..stretch }, &packets);
            let longest_wait = Duration::from_secs_f64((stretch.queue + 1_500) as f64 * 8.0 / rate as f64);
            let (mut first, mut sum) = (None, 0);
            for (sent, bytes, fate) in fates {
                let Fate::Arrives(at) = fate else { continue };
                prop_assert!(at <= sent + stretch.delay + longest_wait + Duration::from_micros(1));
                let first = *first.get_or_insert(at);
                prop_assert!(sum as f64 * 8.0 <= rate as f64 * (at - first).as_secs_f64() + 12_000.0);
                sum += bytes;
            }
        }

        #[test]
        fn the_same_seed_loses_the_same_packets(stretch in stretch(), packets in packets()) {
            prop_assert_eq!(run(stretch, &packets), run(stretch, &packets));
        }
    }

    #[test]
    fn about_as_many_are_lost_as_was_said() {
        let stretch = Stretch { rate: None, loss: 0.02, ..Stretch::mbit(1, 10) };
        let fates = run(stretch, &[(1_000, 1_000); 20_000]);
        let lost = fates.iter().filter(|(_, _, fate)| *fate == Fate::Lost).count();
        assert!((300..500).contains(&lost), "{lost} of 20000");
    }
}
