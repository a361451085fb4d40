//! Nodes that answered lately: where the next walk begins. Pure.

use std::{
    collections::HashMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use muster_domain::Sha1;

use super::{lookup::distance, message::Node};

/// The eight closest to each of 500 seeds: what was announced there is announced again without a long walk.
const MAX_NODES: usize = 4_096;
/// Nodes that have been silent for longer are probably gone.
const FRESH: Duration = Duration::from_secs(45 * 60);

/// The nodes we know.
#[derive(Debug, Default)]
pub(super) struct Pool {
    nodes: HashMap<SocketAddr, ([u8; 20], Instant)>,
}

impl Pool {
    /// Remembers who answered, and forgets who did not.
    pub fn learn(&mut self, answered: &[Node], silent: &[SocketAddr], now: Instant) {
        for address in silent {
            self.nodes.remove(address);
        }
        for node in answered {
            self.nodes.insert(node.address, (node.id, now));
        }
        while self.nodes.len() > MAX_NODES {
            let Some(oldest) =
                self.nodes.iter().min_by_key(|(_, (_, seen))| *seen).map(|(address, _)| *address)
            else {
                return;
            };
            self.nodes.remove(&oldest);
        }
    }

    /// The known nodes closest to a target.
    pub fn closest(&self, target: &Sha1, count: usize, now: Instant) -> Vec<Node> {
        let fresh = self.nodes.iter().filter(|(_, (_, seen))| now.saturating_duration_since(*seen) < FRESH);
        let mut nodes: Vec<Node> =
            fresh.map(|(address, (id, _))| Node { id: *id, address: *address }).collect();
        nodes.sort_unstable_by_key(|node| distance(&node.id, target));
        nodes.truncate(count);
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(number: u16) -> Node {
        let mut id = [0; 20];
        id[..2].copy_from_slice(&number.to_be_bytes());
        Node { id, address: ([8, 8, 8, 8], number).into() }
    }

    #[test]
    fn the_closest_that_answered_lately_are_known() {
        let now = Instant::now();
        let mut pool = Pool::default();
        pool.learn(&[node(1), node(2), node(300)], &[], now);
        assert_eq!(pool.closest(&Sha1([0; 20]), 2, now), [node(1), node(2)]);
        pool.learn(&[], &[node(1).address], now);
        assert_eq!(pool.closest(&Sha1([0; 20]), 1, now), [node(2)]);
        assert!(pool.closest(&Sha1([0; 20]), 9, now + FRESH).is_empty());
    }

    #[test]
    fn the_oldest_go_when_there_are_many() {
        let now = Instant::now();
        let mut pool = Pool::default();
        for number in 1..5_000 {
            pool.learn(&[node(number)], &[], now + Duration::from_secs(u64::from(number)));
        }
        assert_eq!(pool.nodes.len(), MAX_NODES);
        assert!(!pool.nodes.contains_key(&node(1).address));
    }
}
