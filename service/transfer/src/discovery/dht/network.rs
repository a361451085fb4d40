//! Everything that goes on in the DHT over one family of addresses: which walks are under way, whose answer belongs to
//! which question. Pure but for the names of questions, which are random so that nobody can answer them unasked.

use std::{
    collections::{BTreeMap, HashMap, hash_map},
    net::SocketAddr,
    time::{Duration, Instant},
};

use muster_domain::Sha1;

use super::{
    lookup::{CLOSEST, Lookup},
    message::{self, Reply, Transaction},
    pool::Pool,
};
use crate::{Reach, discovery::random};

/// An answer that comes later is not taken.
const PATIENCE: Duration = Duration::from_secs(3);
/// With fewer known nodes a walk also begins at the entries.
const ENOUGH_KNOWN: usize = 4;

/// What happened, or is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Send(SocketAddr, Vec<u8>),
    Found(Sha1, Vec<SocketAddr>),
    Done(Sha1, Outcome),
}

/// How a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Nodes that answered.
    pub answered: usize,
    /// Nodes that hold our announcement; 0 if none was to be made.
    pub stored: usize,
}

#[derive(Debug)]
struct Walk {
    lookup: Lookup,
    /// The port to announce in the end.
    port: Option<u16>,
    /// How many announcements are out, once they are, and how many were taken.
    announcing: Option<usize>,
    stored: usize,
}

#[derive(Debug)]
struct Question {
    info_hash: Sha1,
    to: SocketAddr,
    at: Instant,
    is_announcement: bool,
}

/// One family's part of the DHT.
#[derive(Debug)]
pub(super) struct Network {
    /// Our name; nobody remembers it.
    id: [u8; 20],
    reach: Reach,
    /// Where to begin when few nodes are known.
    pub entries: Vec<SocketAddr>,
    pool: Pool,
    walks: BTreeMap<Sha1, Walk>,
    questions: HashMap<Transaction, Question>,
}

impl Network {
    pub fn new(reach: Reach) -> Self {
        Self {
            id: random::bytes(),
            reach,
            entries: vec![],
            pool: Pool::default(),
            walks: BTreeMap::new(),
            questions: HashMap::new(),
        }
    }

    /// Whether a walk would have to begin at the entries.
    pub fn needs_entries(&self, now: Instant) -> bool {
        self.pool.closest(&Sha1([0; 20]), ENOUGH_KNOWN, now).len() < ENOUGH_KNOWN
    }

    /// Begins a walk to an info-hash, and announces `port` at its end. One that is under way goes on.
    pub fn walk(&mut self, info_hash: Sha1, port: Option<u16>, now: Instant) -> Vec<Event> {
        let known = self.pool.closest(&info_hash, CLOSEST * 2, now);
        let entries = if known.len() < ENOUGH_KNOWN { self.entries.clone() } else { vec![] };
        let reach = self.reach;
        let walk = self.walks.entry(info_hash).or_insert_with(|| Walk {
            lookup: Lookup::new(info_hash, known, entries, reach, now),
            port: None,
            announcing: None,
            stored: 0,
        });
        walk.port = port.or(walk.port);
        self.go_on(info_hash, now)
    }

    /// Takes a datagram from anybody.
    pub fn receive(&mut self, from: SocketAddr, datagram: &[u8], now: Instant) -> Vec<Event> {
        let Some((transaction, reply)) = message::parse(datagram) else { return vec![] };
        if self.questions.get(&transaction).is_none_or(|question| question.to != from) {
            return vec![];
        }
        let Some(question) = self.questions.remove(&transaction) else { return vec![] };
        let info_hash = question.info_hash;
        let mut events = self.take_answer(&question, reply);
        events.extend(self.go_on(info_hash, now));
        events
    }

    /// Lets time pass.
    pub fn tick(&mut self, now: Instant) -> Vec<Event> {
        let late = |question: &Question| now >= question.at + PATIENCE;
        for question in self.questions.values().filter(|question| late(question)) {
            if let Some(walk) = self.walks.get_mut(&question.info_hash) {
                match question.is_announcement {
                    true => walk.announcing = walk.announcing.map(|left| left.saturating_sub(1)),
                    false => walk.lookup.failed(question.to),
                }
            }
        }
        self.questions.retain(|_, question| !late(question));
        let under_way: Vec<Sha1> = self.walks.keys().copied().collect();
        under_way.into_iter().flat_map(|info_hash| self.go_on(info_hash, now)).collect()
    }

    /// When [`Self::tick`] is due.
    pub fn next(&self) -> Option<Instant> {
        let questions = self.questions.values().map(|question| question.at + PATIENCE);
        let walks =
            self.walks.values().filter(|walk| walk.announcing.is_none()).map(|walk| walk.lookup.next());
        questions.chain(walks).min()
    }

    /// Ends walks that are not wanted any more, without a word; it is told of each whether it would announce.
    pub fn keep(&mut self, is_wanted: impl Fn(&Sha1, bool) -> bool) {
        self.walks.retain(|info_hash, walk| is_wanted(info_hash, walk.port.is_some()));
        self.questions.retain(|_, question| self.walks.contains_key(&question.info_hash));
    }

    /// Walks under way.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.walks.len()
    }

    /// A question could not be sent.
    pub fn unsent(&mut self, to: SocketAddr) {
        for question in self.questions.values_mut().filter(|question| question.to == to) {
            // It is late at the next tick.
            question.at = question.at.checked_sub(PATIENCE).unwrap_or(question.at);
        }
    }

    fn take_answer(&mut self, question: &Question, reply: Option<Reply>) -> Vec<Event> {
        let Some(walk) = self.walks.get_mut(&question.info_hash) else { return vec![] };
        if question.is_announcement {
            walk.stored += usize::from(reply.is_some());
            walk.announcing = walk.announcing.map(|left| left.saturating_sub(1));
            return vec![];
        }
        let Some(reply) = reply else {
            walk.lookup.failed(question.to);
            return vec![];
        };
        let peers = walk.lookup.answered(question.to, reply);
        if peers.is_empty() { vec![] } else { vec![Event::Found(question.info_hash, peers)] }
    }

    /// Asks, announces, or ends.
    fn go_on(&mut self, info_hash: Sha1, now: Instant) -> Vec<Event> {
        let Some(walk) = self.walks.get_mut(&info_hash) else { return vec![] };
        let mut events = vec![];
        if walk.announcing.is_none() {
            let to = walk.lookup.ask(now);
            events.extend(to.into_iter().map(|to| {
                let transaction = note(&mut self.questions, info_hash, to, now, false);
                Event::Send(to, message::get_peers(transaction, &self.id, &info_hash))
            }));
            if walk.lookup.is_done(now) {
                let holders = if walk.port.is_some() { walk.lookup.closest() } else { vec![] };
                walk.announcing = Some(holders.len());
                for (to, token) in holders {
                    let transaction = note(&mut self.questions, info_hash, to, now, true);
                    let port = walk.port.unwrap_or_default();
                    let question = message::announce_peer(transaction, &self.id, &info_hash, port, &token);
                    events.push(Event::Send(to, question));
                }
            }
        }
        if walk.announcing == Some(0) {
            let (answered, silent) = walk.lookup.outcome();
            let outcome = Outcome { answered: answered.len(), stored: walk.stored };
            self.pool.learn(&answered, &silent, now);
            self.walks.remove(&info_hash);
            self.questions.retain(|_, question| question.info_hash != info_hash);
            events.push(Event::Done(info_hash, outcome));
        }
        events
    }
}

fn note(
    questions: &mut HashMap<Transaction, Question>,
    info_hash: Sha1,
    to: SocketAddr,
    at: Instant,
    is_announcement: bool,
) -> Transaction {
    loop {
        let transaction: Transaction = random::bytes();
        if let hash_map::Entry::Vacant(vacant) = questions.entry(transaction) {
            vacant.insert(Question { info_hash, to, at, is_announcement });
            return transaction;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::message::tests::answer, *};

    /// The transaction of a question.
    fn transaction(question: &[u8]) -> Vec<u8> {
        let at = question
            .windows(6)
            .position(|part| part == b"1:t4:\0" || part.starts_with(b"1:t4:"))
            .expect("a name");
        question[at + 5..at + 9].to_vec()
    }

    fn sent(events: &[Event]) -> Vec<(SocketAddr, Vec<u8>)> {
        let send = |event: &Event| match event {
            Event::Send(to, question) => Some((*to, question.clone())),
            Event::Found(..) | Event::Done(..) => None,
        };
        events.iter().filter_map(send).collect()
    }

    fn network() -> (Network, SocketAddr) {
        let entry = SocketAddr::from(([9, 9, 9, 9], 1));
        let mut network = Network::new(Reach::Public);
        network.entries = vec![entry];
        (network, entry)
    }

    const HASH: Sha1 = Sha1([7; 20]);

    #[test]
    fn a_walk_finds_announces_and_ends() {
        let (mut network, entry) = network();
        let now = Instant::now();
        let first = sent(&network.walk(HASH, Some(5), now));
        assert_eq!(first.len(), 1);
        let node = message::Node { id: [7; 20], address: SocketAddr::from(([8, 8, 8, 8], 2)) };
        let reply = Reply { id: [1; 20], nodes: vec![node], ..Reply::default() };
        let second = sent(&network.receive(entry, &answer(&transaction(&first[0].1), &reply), now));
        assert_eq!(second[0].0, node.address);

        let peer = SocketAddr::from(([1, 1, 1, 1], 9));
        let reply = Reply { id: [7; 20], token: Some(b"t".to_vec()), nodes: vec![], peers: vec![peer] };
        let events = network.receive(node.address, &answer(&transaction(&second[0].1), &reply), now);
        assert_eq!(events[0], Event::Found(HASH, vec![peer]));
        let third = sent(&events);
        assert!(third[0].1.windows(13).any(|part| part == b"announce_peer"));
        let reply = Reply { id: [7; 20], ..Reply::default() };
        let events = network.receive(node.address, &answer(&transaction(&third[0].1), &reply), now);
        assert_eq!(events, [Event::Done(HASH, Outcome { answered: 2, stored: 1 })]);
        assert_eq!((network.len(), network.next()), (0, None));
        // The next walk begins where this one ended, as soon as enough is known.
        assert!(network.needs_entries(now));
    }

    #[test]
    fn answers_of_others_and_to_nothing_are_ignored() {
        let (mut network, entry) = network();
        let now = Instant::now();
        let first = sent(&network.walk(HASH, None, now));
        let reply =
            Reply { id: [1; 20], peers: vec![SocketAddr::from(([1, 1, 1, 1], 9))], ..Reply::default() };
        let right = answer(&transaction(&first[0].1), &reply);
        assert!(network.receive(SocketAddr::from(([9, 9, 9, 9], 2)), &right, now).is_empty());
        assert!(network.receive(entry, &answer(b"nope", &reply), now).is_empty());
        assert!(
            network
                .receive(entry, &b"d1:z".iter().chain(&[b'l'; 2_000]).copied().collect::<Vec<_>>(), now)
                .is_empty()
        );
        assert!(!network.receive(entry, &right, now).is_empty());
        assert!(network.receive(entry, &right, now).is_empty(), "the same answer twice");
    }

    #[test]
    fn silence_ends() {
        let (mut network, _) = network();
        let mut now = Instant::now();
        network.walk(HASH, Some(1), now);
        let mut done = vec![];
        for _ in 0..20 {
            let Some(next) = network.next() else { break };
            now = now.max(next);
            done.extend(network.tick(now));
        }
        assert_eq!(done, [Event::Done(HASH, Outcome { answered: 0, stored: 0 })]);
        assert!(network.questions.is_empty());
    }
}
