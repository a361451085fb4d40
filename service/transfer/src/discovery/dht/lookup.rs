//! One walk towards an info-hash: asks nodes ever closer to it until the closest ones have answered (Kademlia). Pure.
//!
//! | a node is | after |
//! |---|---|
//! | new | somebody named it |
//! | asked | we sent a question |
//! | slow | [`SLOW`] without an answer: others are asked in its place |
//! | answered | its answer came, slow or not |
//! | failed | refused, answered under another name, or silent until the walk ended |
//!
//! The walk ends when the [`CLOSEST`] nodes that are not slow or failed have answered and nobody is awaited, after
//! [`MAX_ASKED`] questions, or at the deadline. Whatever strangers answer, it asks one node per address and stays
//! within these bounds.

use std::{
    collections::{BTreeMap, HashSet},
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use muster_domain::Sha1;

use super::message::{Node, Reply};
use crate::{Reach, discovery::peers};

/// How many nodes hold what is announced (`k` of BEP 5).
pub(super) const CLOSEST: usize = 8;
/// Questions that are waited for at a time (`α` of Kademlia).
const AT_ONCE: usize = 4;
/// Most nodes asked in one walk.
const MAX_ASKED: usize = 100;
/// Most nodes remembered.
const MAX_NODES: usize = 64;
const SLOW: Duration = Duration::from_millis(700);
/// A walk that takes longer is over.
const DEADLINE: Duration = Duration::from_secs(10);

type Distance = [u8; 20];

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    New,
    Asked(Instant),
    Slow,
    Answered(Option<Vec<u8>>),
    Failed,
}

/// One walk.
#[derive(Debug)]
pub(super) struct Lookup {
    target: Sha1,
    reach: Reach,
    /// The ones to begin with, whose names nobody told us.
    entries: Vec<SocketAddr>,
    entries_asked: BTreeMap<SocketAddr, Instant>,
    nodes: BTreeMap<Distance, (Node, State)>,
    seen: HashSet<(IpAddr, u16)>,
    asked: usize,
    deadline: Instant,
    /// How many peers may still be passed on.
    peers_left: usize,
}

impl Lookup {
    /// Begins with known nodes and with addresses that only lead to others.
    pub fn new(target: Sha1, known: Vec<Node>, entries: Vec<SocketAddr>, reach: Reach, now: Instant) -> Self {
        let mut lookup = Self {
            target,
            reach,
            entries,
            entries_asked: BTreeMap::new(),
            nodes: BTreeMap::new(),
            seen: HashSet::new(),
            asked: 0,
            deadline: now + DEADLINE,
            peers_left: peers::MAX_PEERS,
        };
        known.into_iter().for_each(|node| lookup.add(node));
        lookup
    }

    /// Whom to ask now.
    pub fn ask(&mut self, now: Instant) -> Vec<SocketAddr> {
        self.grow_slow(now);
        let mut asked = vec![];
        while self.awaited() < AT_ONCE && self.asked < MAX_ASKED && now < self.deadline {
            let Some(address) = self.ask_entry(now).or_else(|| self.ask_closest(now)) else { break };
            self.asked += 1;
            asked.push(address);
        }
        asked
    }

    /// Somebody answered: takes closer nodes, returns peers that may be dialled.
    pub fn answered(&mut self, from: SocketAddr, reply: Reply) -> Vec<SocketAddr> {
        if self.entries_asked.remove(&from).is_some() {
            // A small network may have no others to hold anything.
            self.insert(Node { id: reply.id, address: from }, State::Answered(reply.token.clone()));
        }
        if let Some((node, state)) = self.nodes.values_mut().find(|(node, _)| node.address == from) {
            *state = if node.id == reply.id { State::Answered(reply.token) } else { State::Failed };
        }
        reply.nodes.into_iter().for_each(|node| self.add(node));
        self.forget_far();
        let mut found = peers::dialable(reply.peers, self.reach);
        found.truncate(self.peers_left);
        self.peers_left -= found.len();
        found
    }

    /// Somebody refused, or could not be asked.
    pub fn failed(&mut self, from: SocketAddr) {
        self.entries_asked.remove(&from);
        if let Some((_, state)) = self.nodes.values_mut().find(|(node, _)| node.address == from) {
            *state = State::Failed;
        }
    }

    pub fn is_done(&mut self, now: Instant) -> bool {
        self.grow_slow(now);
        if now >= self.deadline {
            return true;
        }
        let is_exhausted = self.entries.is_empty() && !self.promising().any(|state| *state == State::New);
        self.awaited() == 0 && (is_exhausted || self.asked >= MAX_ASKED)
    }

    /// When something happens by itself.
    pub fn next(&self) -> Instant {
        let asked = self.nodes.values().filter_map(|(_, state)| match state {
            State::Asked(at) => Some(*at + SLOW),
            _ => None,
        });
        let entries = self.entries_asked.values().map(|at| *at + SLOW);
        asked.chain(entries).fold(self.deadline, Instant::min)
    }

    /// Where to announce: the closest nodes that answered, with their tokens.
    pub fn closest(&self) -> Vec<(SocketAddr, Vec<u8>)> {
        let answered = self.nodes.values().filter_map(|(node, state)| match state {
            State::Answered(Some(token)) => Some((node.address, token.clone())),
            _ => None,
        });
        answered.take(CLOSEST).collect()
    }

    /// Nodes that answered, and nodes that did not.
    pub fn outcome(&self) -> (Vec<Node>, Vec<SocketAddr>) {
        let answered = self.nodes.values().filter(|(_, state)| matches!(state, State::Answered(_)));
        let silent = self
            .nodes
            .values()
            .filter(|(_, state)| matches!(state, State::Asked(_) | State::Slow | State::Failed));
        (answered.map(|(node, _)| *node).collect(), silent.map(|(node, _)| node.address).collect())
    }

    fn add(&mut self, node: Node) {
        self.insert(Node { address: peers::plain(node.address), ..node }, State::New);
    }

    fn insert(&mut self, node: Node, state: State) {
        let ip = node.address.ip();
        // In the world one address is one node, however many names it has. On one machine it is the port.
        let port = if self.reach == Reach::Host { node.address.port() } else { 0 };
        if peers::is_dialable(node.address, self.reach) && self.seen.insert((ip, port)) {
            self.nodes.entry(distance(&node.id, &self.target)).or_insert((node, state));
        }
    }

    fn ask_entry(&mut self, now: Instant) -> Option<SocketAddr> {
        let address = self.entries.pop()?;
        self.entries_asked.insert(address, now);
        Some(address)
    }

    fn ask_closest(&mut self, now: Instant) -> Option<SocketAddr> {
        let distance = self
            .nodes
            .iter()
            .filter(|(_, (_, state))| is_promising(state))
            .take(CLOSEST)
            .find(|(_, (_, state))| *state == State::New)
            .map(|(distance, _)| *distance)?;
        let (node, state) = self.nodes.get_mut(&distance)?;
        *state = State::Asked(now);
        Some(node.address)
    }

    /// The closest nodes that have answered or may yet.
    fn promising(&self) -> impl Iterator<Item = &State> {
        self.nodes.values().map(|(_, state)| state).filter(|state| is_promising(state)).take(CLOSEST)
    }

    fn awaited(&self) -> usize {
        let asked = self.nodes.values().filter(|(_, state)| matches!(state, State::Asked(_)));
        self.entries_asked.len() + asked.count()
    }

    fn grow_slow(&mut self, now: Instant) {
        self.entries_asked.retain(|_, at| now < *at + SLOW);
        for (_, state) in self.nodes.values_mut() {
            if matches!(state, State::Asked(at) if now >= *at + SLOW) {
                *state = State::Slow;
            }
        }
    }

    fn forget_far(&mut self) {
        while self.nodes.len() > MAX_NODES {
            self.nodes.pop_last();
        }
    }
}

fn is_promising(state: &State) -> bool {
    matches!(state, State::New | State::Asked(_) | State::Answered(_))
}

/// How far apart two names are: their exclusive or.
pub(super) fn distance(id: &[u8; 20], target: &Sha1) -> Distance {
    let mut distance = *id;
    distance.iter_mut().zip(target.as_bytes()).for_each(|(byte, target)| *byte ^= target);
    distance
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    /// A network in which every node knows some nodes of every distance, as routing tables do.
    struct World {
        nodes: Vec<Node>,
        silent: HashSet<SocketAddr>,
    }

    impl World {
        fn new(ids: &[[u8; 20]], silent_every: usize) -> Self {
            let address =
                |number: usize| SocketAddr::from(([8, 8, (number >> 8) as u8, number as u8], 6_881));
            let nodes: Vec<Node> = ids
                .iter()
                .enumerate()
                .map(|(number, id)| Node { id: *id, address: address(number) })
                .collect();
            let silent = nodes.iter().skip(1).step_by(silent_every.max(2)).map(|node| node.address).collect();
            Self { nodes, silent }
        }

        /// A routing table holds eight nodes of every distance; the eight of them closest to the target are named.
        fn reply(&self, of: &Node, target: &Sha1) -> Reply {
            let mut buckets: HashMap<u32, Vec<Node>> = HashMap::new();
            for node in self.nodes.iter().filter(|node| node.id != of.id) {
                let apart = distance(&node.id, &Sha1(of.id));
                let zeros = apart.iter().take_while(|byte| **byte == 0).count();
                let bucket = zeros as u32 * 8 + apart.get(zeros).map_or(0, |byte| byte.leading_zeros());
                buckets.entry(bucket).or_default().push(*node);
            }
            let mut table: Vec<Node> =
                buckets.into_values().flat_map(|nodes| nodes.into_iter().take(CLOSEST)).collect();
            table.sort_by_key(|node| distance(&node.id, target));
            table.truncate(CLOSEST);
            Reply { id: of.id, token: Some(vec![1]), nodes: table, peers: vec![] }
        }

        fn walk(&self, target: Sha1) -> (Lookup, Duration, usize) {
            let start = Instant::now();
            let mut lookup = Lookup::new(target, vec![], vec![self.nodes[0].address], Reach::Public, start);
            let by_address: HashMap<_, _> = self.nodes.iter().map(|node| (node.address, node)).collect();
            let (mut now, mut asked) = (start, 0);
            while !lookup.is_done(now) {
                let to = lookup.ask(now);
                if to.is_empty() {
                    now = lookup.next();
                }
                asked += to.len();
                for address in to.into_iter().filter(|address| !self.silent.contains(address)) {
                    lookup.answered(address, self.reply(by_address[&address], &target));
                }
            }
            (lookup, now - start, asked)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_closest_nodes_are_found(
            ids in prop::collection::hash_set(any::<[u8; 20]>(), 20..300), target: [u8; 20], silent_every in 4usize..40,
        ) {
            let ids: Vec<_> = ids.into_iter().collect();
            let world = World::new(&ids, silent_every);
            let target = Sha1(target);
            let (lookup, _, asked) = world.walk(target);
            let mut alive: Vec<&Node> =
                world.nodes.iter().filter(|node| !world.silent.contains(&node.address)).collect();
            alive.sort_by_key(|node| distance(&node.id, &target));
            let found = lookup.closest();
            // Tables of nodes that know many silent ones can miss the very closest.
            let close: Vec<_> = alive.iter().take(3).map(|node| node.address).collect();
            prop_assert!(found.first().is_some_and(|(address, _)| close.contains(address)));
            prop_assert!(asked <= MAX_ASKED);
        }

        #[test]
        fn strangers_can_not_make_it_endless(
            replies in prop::collection::vec(
                (any::<[u8; 20]>(), prop::collection::vec(any::<([u8; 20], [u8; 4], u16)>(), 0..20)), 1..40,
            ),
        ) {
            let start = Instant::now();
            let entry = SocketAddr::from(([9, 9, 9, 9], 1));
            let mut lookup = Lookup::new(Sha1([0; 20]), vec![], vec![entry], Reach::Public, start);
            let (mut now, mut asked) = (start, 0);
            for (id, nodes) in replies.into_iter().cycle().take(1_200) {
                let to = lookup.ask(now);
                asked += to.len();
                let nodes = nodes.into_iter().map(|(id, ip, port)| Node { id, address: (ip, port).into() }).collect();
                let from = to.first().copied().unwrap_or(entry);
                lookup.answered(from, Reply { id, token: None, nodes, peers: vec![entry; 100] });
                now += Duration::from_millis(10);
                prop_assert!(lookup.nodes.len() <= MAX_NODES);
            }
            prop_assert!(asked <= MAX_ASKED && lookup.is_done(start + DEADLINE));
        }
    }

    #[test]
    fn nodes_inside_are_never_asked() {
        let now = Instant::now();
        let mut lookup = Lookup::new(Sha1([0; 20]), vec![], vec![], Reach::Public, now);
        for ip in
            [[127, 0, 0, 1], [192, 168, 0, 1], [10, 0, 0, 1], [224, 0, 0, 1], [8, 8, 8, 8], [8, 8, 8, 8]]
        {
            lookup.add(Node { id: [ip[0]; 20], address: (ip, 6_881).into() });
        }
        assert_eq!(lookup.ask(now), [SocketAddr::from(([8, 8, 8, 8], 6_881))]);
    }

    #[test]
    fn who_answers_under_another_name_holds_nothing() {
        let now = Instant::now();
        let node = Node { id: [1; 20], address: ([8, 8, 8, 8], 1).into() };
        let mut lookup = Lookup::new(Sha1([0; 20]), vec![node], vec![], Reach::Public, now);
        assert_eq!(lookup.ask(now), [node.address]);
        lookup.answered(node.address, Reply { id: [2; 20], token: Some(vec![1]), ..Reply::default() });
        assert!(lookup.closest().is_empty() && lookup.is_done(now));
    }

    #[test]
    fn a_silent_world_ends_the_walk_soon() {
        let ids: Vec<_> = (0..50u8).map(|number| [number.wrapping_mul(37); 20]).collect();
        let mut world = World::new(&ids, 2);
        world.silent = world.nodes.iter().map(|node| node.address).collect();
        let (lookup, took, asked) = world.walk(Sha1([9; 20]));
        assert_eq!((lookup.closest().len(), asked), (0, 1));
        assert!(took <= SLOW);
    }
}
