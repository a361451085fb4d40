//! The peers known for one archive: whom to dial next, and when again. Pure; time is an argument.
//!
//! | standing   | leaves to                                                              |
//! |------------|------------------------------------------------------------------------|
//! | Candidate  | Dialling                                                               |
//! | Dialling   | Connected; Resting (unreachable)                                       |
//! | Connected  | Resting (lost, useless); Banned (wrong bytes)                          |
//! | Resting    | Candidate, when the time has come or somebody names it again           |
//! | Banned     | —                                                                      |
//!
//! Unreachable peers rest from 30 s, doubling to 15 min; useless ones five minutes; those that sent wrong bytes are out for
//! as long as the program runs.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use super::score::{Standing, Weights, score};

/// Addresses remembered for one archive.
const MAX_KNOWN: usize = 400;
const FIRST_REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);
/// After a connection that had been of use.
const LOST_REST: Duration = Duration::from_secs(2);
const USELESS_REST: Duration = Duration::from_secs(5 * 60);

/// How a peer became known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// A lobby, a ticket or the player named it.
    Named,
    /// Found in the own network.
    Lan,
    Tracker,
    Dht,
    /// Another peer told.
    Exchange,
    /// It connected to us.
    Incoming,
}

impl Via {
    /// Stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Lan => "lan",
            Self::Tracker => "tracker",
            Self::Dht => "dht",
            Self::Exchange => "pex",
            Self::Incoming => "incoming",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Candidate,
    Dialling,
    Connected,
    Resting { until: Instant },
    Banned,
}

#[derive(Clone, Debug)]
struct Known {
    via: Via,
    state: State,
    failures: u32,
    standing: Standing,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Farewell {
    /// No connection, or none that spoke.
    Unreachable,
    /// It ended after something useful.
    Lost,
    /// Nothing useful for too long, or nothing to give to each other.
    Useless,
    /// It sent wrong bytes.
    Wrong,
    /// We ended it.
    Ours,
}

/// The peers known for one archive.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    known: BTreeMap<SocketAddr, Known>,
}

impl Book {
    /// A peer may have the archive. Naming it again ends its rest; only the player's naming ends that of a useless one.
    pub fn learn(&mut self, address: SocketAddr, via: Via) -> bool {
        if address.port() == 0 || address.ip().is_unspecified() || address.ip().is_multicast() {
            return false;
        }
        if let Some(known) = self.known.get_mut(&address) {
            known.via = known.via.min(via);
            if via == Via::Named && matches!(known.state, State::Resting { .. }) {
                known.state = State::Candidate;
                known.failures = 0;
            }
            return false;
        }
        if self.known.len() >= MAX_KNOWN && !self.make_room(via) {
            return false;
        }
        let standing = Standing {
            locality: if crate::flow::is_near(address.ip()) { 1.0 } else { 0.0 },
            is_lobby: via == Via::Named,
            ..Standing::default()
        };
        self.known.insert(address, Known { via, state: State::Candidate, failures: 0, standing });
        true
    }

    /// Peers to dial now, best first.
    pub fn candidates(&self, now: Instant, count: usize) -> Vec<(SocketAddr, Via)> {
        let weights = Weights::default();
        let mut ready: Vec<(&SocketAddr, &Known)> = self
            .known
            .iter()
            .filter(|(_, known)| match known.state {
                State::Candidate => true,
                State::Resting { until } => until <= now,
                State::Dialling | State::Connected | State::Banned => false,
            })
            .collect();
        ready.sort_by(|(_, a), (_, b)| {
            a.failures
                .cmp(&b.failures)
                .then(score(&b.standing, &weights).total_cmp(&score(&a.standing, &weights)))
        });
        ready.into_iter().take(count).map(|(address, known)| (*address, known.via)).collect()
    }

    /// When the next rest ends, if nobody can be dialled now.
    pub fn next_candidate(&self) -> Option<Instant> {
        let rests = self.known.values().filter_map(|known| match known.state {
            State::Resting { until } => Some(until),
            _ => None,
        });
        rests.min()
    }

    pub fn dialling(&mut self, address: &SocketAddr) {
        self.set(address, State::Dialling);
    }

    pub fn connected(&mut self, address: &SocketAddr) {
        self.set(address, State::Connected);
    }

    /// A connection, or the attempt, has ended. `brought` is its rate over its life, in bytes per second.
    pub fn ended(&mut self, address: &SocketAddr, farewell: Farewell, brought: Option<u64>, now: Instant) {
        let Some(known) = self.known.get_mut(address) else { return };
        known.standing.capacity = brought.or(known.standing.capacity);
        known.state = match farewell {
            Farewell::Wrong => State::Banned,
            Farewell::Ours => State::Candidate,
            Farewell::Useless => State::Resting { until: now + USELESS_REST },
            Farewell::Lost => {
                known.failures = 0;
                State::Resting { until: now + LOST_REST }
            }
            Farewell::Unreachable => {
                let rest = FIRST_REST * 2u32.saturating_pow(known.failures.min(10));
                known.failures += 1;
                State::Resting { until: now + rest.min(LONGEST_REST) }
            }
        };
    }

    /// It has everything.
    pub fn is_seed(&mut self, address: &SocketAddr) {
        if let Some(known) = self.known.get_mut(address) {
            known.standing.is_seed = true;
        }
    }

    /// Whether everybody who is known was banned, and somebody is known.
    pub fn is_all_banned(&self) -> bool {
        !self.known.is_empty() && self.known.values().all(|known| known.state == State::Banned)
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    fn set(&mut self, address: &SocketAddr, state: State) {
        if let Some(known) = self.known.get_mut(address)
            && known.state != State::Banned
        {
            known.state = state;
        }
    }

    /// Forgets one that rests and is known from a worse source than the new one.
    fn make_room(&mut self, via: Via) -> bool {
        let worst = self
            .known
            .iter()
            .filter(|(_, known)| matches!(known.state, State::Resting { .. } | State::Candidate))
            .max_by_key(|(_, known)| (known.via, known.failures))
            .filter(|(_, known)| known.via > via || known.failures > 2)
            .map(|(address, _)| *address);
        worst.is_some_and(|address| self.known.remove(&address).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(number: u16) -> SocketAddr {
        SocketAddr::from(([203, 0, 113, 1], number))
    }

    #[test]
    fn unreachable_peers_rest_longer_each_time_and_naming_ends_it() {
        let start = Instant::now();
        let mut book = Book::default();
        book.learn(peer(1), Via::Tracker);
        let mut now = start;
        for rest in [30, 60, 120, 240, 480, 900, 900] {
            assert_eq!(book.candidates(now, 5).len(), 1);
            book.dialling(&peer(1));
            assert!(book.candidates(now, 5).is_empty());
            book.ended(&peer(1), Farewell::Unreachable, None, now);
            assert_eq!(book.next_candidate(), Some(now + Duration::from_secs(rest)));
            now += Duration::from_secs(rest);
        }
        book.dialling(&peer(1));
        book.ended(&peer(1), Farewell::Unreachable, None, now);
        book.learn(peer(1), Via::Exchange);
        assert!(book.candidates(now, 5).is_empty(), "hearsay does not end a rest");
        book.learn(peer(1), Via::Named);
        assert_eq!(book.candidates(now, 5), [(peer(1), Via::Named)]);
    }

    #[test]
    fn who_sent_wrong_bytes_is_never_dialled_again() {
        let now = Instant::now();
        let mut book = Book::default();
        book.learn(peer(1), Via::Named);
        book.ended(&peer(1), Farewell::Wrong, None, now);
        book.learn(peer(1), Via::Named);
        book.connected(&peer(1));
        assert!(book.is_all_banned());
        assert!(book.candidates(now + Duration::from_secs(100_000), 5).is_empty());
    }

    #[test]
    fn the_better_known_go_first_and_memory_is_bounded() {
        let now = Instant::now();
        let mut book = Book::default();
        for number in 1..1_000 {
            book.learn(peer(number), Via::Exchange);
        }
        assert_eq!(book.known.len(), MAX_KNOWN);
        let near: SocketAddr = "192.168.0.9:4000".parse().unwrap();
        assert!(book.learn(near, Via::Lan), "a better one takes the place of hearsay");
        assert_eq!(book.known.len(), MAX_KNOWN);
        assert_eq!(book.candidates(now, 1), [(near, Via::Lan)]);
        assert!(!book.learn("0.0.0.0:80".parse().unwrap(), Via::Named));
        assert!(!book.learn("203.0.113.1:0".parse().unwrap(), Via::Named));
    }
}
