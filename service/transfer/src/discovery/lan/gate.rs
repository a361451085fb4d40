//! Whose messages are listened to, and how often. Pure.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use super::interfaces::Interface;
use crate::discovery::pace::{Pace, Rate};

/// Messages of one sender: 500 seeds announced at once are 21 datagrams.
const SENDER: Rate = Rate { every: Duration::from_millis(100), burst: 32 };
/// Messages of all senders together.
const ALL: Rate = Rate { every: Duration::from_millis(5), burst: 200 };
/// Senders that are remembered.
const MAX_SENDERS: usize = 256;

/// Counts what everybody says.
#[derive(Debug)]
pub(super) struct Gate {
    all: Pace,
    senders: HashMap<IpAddr, Pace>,
}

impl Gate {
    pub fn new(now: Instant) -> Self {
        Self { all: Pace::new(now), senders: HashMap::new() }
    }

    /// Whether a message is read: its sender is on one of our networks and does not say too much.
    pub fn admits(&mut self, sender: SocketAddr, interfaces: &[Interface], now: Instant) -> bool {
        if !interfaces.iter().any(|interface| interface.is_neighbour(sender)) {
            return false;
        }
        let ip = sender.ip();
        if !self.senders.contains_key(&ip) && self.senders.len() >= MAX_SENDERS {
            self.senders.retain(|_, pace| !pace.is_rested(now));
            if self.senders.len() >= MAX_SENDERS {
                return false;
            }
        }
        let sender = self.senders.entry(ip).or_insert_with(|| Pace::new(now));
        sender.try_spend(SENDER, now) && self.all.try_spend(ALL, now)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn network() -> Vec<Interface> {
        vec![Interface {
            v4: vec![(Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(255, 0, 0, 0))],
            ..Interface::default()
        }]
    }

    #[test]
    fn one_loud_sender_is_cut_and_does_not_silence_others() {
        let now = Instant::now();
        let mut gate = Gate::new(now);
        let (loud, quiet) =
            ("10.0.0.2:6771".parse().expect("valid"), "10.0.0.3:6771".parse().expect("valid"));
        let heard = (0..1_000).filter(|_| gate.admits(loud, &network(), now)).count();
        assert_eq!(heard, 32);
        assert!(gate.admits(quiet, &network(), now));
        assert!(gate.admits(loud, &network(), now + Duration::from_millis(100)));
    }

    #[test]
    fn many_senders_cost_bounded_memory_and_time() {
        let start = Instant::now();
        let mut gate = Gate::new(start);
        let mut heard = 0;
        for number in 0..100_000u32 {
            let now = start + Duration::from_micros(u64::from(number) * 100);
            let sender = SocketAddr::from((Ipv4Addr::from(0x0a00_0000 + number % 50_000), 6771));
            heard += usize::from(gate.admits(sender, &network(), now));
        }
        assert!(gate.senders.len() <= MAX_SENDERS);
        assert!(heard <= 200 + 200 * 10 + 1, "{heard}");
    }

    #[test]
    fn strangers_are_not_heard() {
        let now = Instant::now();
        let mut gate = Gate::new(now);
        assert!(!gate.admits("192.168.0.1:6771".parse().expect("valid"), &network(), now));
        assert!(gate.senders.is_empty());
    }
}
