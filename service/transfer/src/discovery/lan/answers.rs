//! Who asked for what we offer, and when that is answered: soon, together, and not twice. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use muster_domain::Sha1;

use super::message::{BATCH, Intent};
use crate::discovery::pace::{Pace, Rate};

/// Questions are collected at least this long, and at most three times as long: several who can answer do not speak
/// in the same moment.
const COLLECT: Duration = Duration::from_millis(10);
/// Datagrams with answers.
const RATE: Rate = Rate { every: Duration::from_millis(250), burst: 4 };
/// The same is said again this long after the last time; who asks meanwhile waits for it.
const AGAIN: Duration = Duration::from_millis(250);
/// Other clients do not say whether they ask; they and we must not talk for ever.
const AGAIN_TO_OTHERS: Duration = Duration::from_secs(10);

/// Questions that wait for their answer.
#[derive(Debug)]
pub(super) struct Answers {
    waiting: BTreeSet<Sha1>,
    at: Option<Instant>,
    said: BTreeMap<Sha1, Instant>,
    pace: Pace,
}

impl Answers {
    pub fn new(now: Instant) -> Self {
        Self { waiting: BTreeSet::new(), at: None, said: BTreeMap::new(), pace: Pace::new(now) }
    }

    /// Somebody spoke of something that we offer.
    pub fn asked(&mut self, info_hash: Sha1, intent: Intent, now: Instant, dice: u16) {
        let collected = now + COLLECT + COLLECT * 2 * u32::from(dice) / u32::from(u16::MAX);
        let said = self.said.get(&info_hash).copied();
        let at = match intent {
            Intent::Want => said.map_or(collected, |said| collected.max(said + AGAIN)),
            Intent::Unknown if said.is_none_or(|said| now >= said + AGAIN_TO_OTHERS) => collected,
            Intent::Unknown | Intent::Have => return,
        };
        self.waiting.insert(info_hash);
        self.at = Some(self.at.map_or(at, |before| before.min(at)));
    }

    /// We said that we have this, for whatever reason.
    pub fn said(&mut self, info_hashes: &[Sha1], now: Instant) {
        for info_hash in info_hashes {
            self.waiting.remove(info_hash);
            self.said.insert(*info_hash, now);
        }
        if self.waiting.is_empty() {
            self.at = None;
        }
    }

    /// What is answered now, in one datagram.
    pub fn take(&mut self, now: Instant) -> Vec<Sha1> {
        if self.next(now).is_none_or(|at| at > now) {
            return vec![];
        }
        self.pace.spend(RATE, now);
        let info_hashes: Vec<Sha1> = self.waiting.iter().copied().take(BATCH).collect();
        self.said(&info_hashes, now);
        info_hashes
    }

    /// When there is something to say.
    pub fn next(&self, now: Instant) -> Option<Instant> {
        self.at.map(|at| at.max(self.pace.at(RATE, 0, now)))
    }

    /// Forgets what is not offered any more.
    pub fn keep(&mut self, is_offered: impl Fn(&Sha1) -> bool) {
        self.waiting.retain(&is_offered);
        self.said.retain(|info_hash, _| is_offered(info_hash));
        if self.waiting.is_empty() {
            self.at = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u8) -> Sha1 {
        Sha1([number; 20])
    }

    #[test]
    fn questions_are_answered_together_and_soon() {
        let now = Instant::now();
        let mut answers = Answers::new(now);
        answers.asked(hash(1), Intent::Want, now, 0);
        answers.asked(hash(2), Intent::Want, now + Duration::from_millis(5), u16::MAX);
        let at = answers.next(now).expect("an answer");
        assert!(at <= now + Duration::from_millis(30));
        assert!(answers.take(now).is_empty());
        assert_eq!(answers.take(at), [hash(1), hash(2)]);
        assert_eq!(answers.next(at), None);
    }

    #[test]
    fn the_same_is_not_said_twice_in_a_breath() {
        let now = Instant::now();
        let mut answers = Answers::new(now);
        answers.said(&[hash(1)], now);
        answers.asked(hash(1), Intent::Want, now + Duration::from_millis(1), 0);
        assert_eq!(answers.next(now), Some(now + AGAIN));
    }

    #[test]
    fn answers_are_not_answered_and_other_clients_seldom() {
        let now = Instant::now();
        let mut answers = Answers::new(now);
        answers.said(&[hash(1)], now);
        answers.asked(hash(1), Intent::Unknown, now + AGAIN_TO_OTHERS / 2, 0);
        answers.asked(hash(2), Intent::Have, now, 0);
        assert_eq!(answers.next(now), None);
        answers.asked(hash(1), Intent::Unknown, now + AGAIN_TO_OTHERS, 0);
        assert!(answers.next(now).is_some());
    }

    #[test]
    fn a_flood_of_questions_gets_few_answers() {
        let start = Instant::now();
        let mut answers = Answers::new(start);
        let mut datagrams = 0;
        for step in 0..1_000 {
            let now = start + Duration::from_millis(10) * step;
            for number in 0..=255 {
                answers.asked(hash(number), Intent::Want, now, 0);
            }
            datagrams += usize::from(!answers.take(now).is_empty());
        }
        assert!(datagrams <= 4 + 40 + 1, "{datagrams}");
    }

    #[test]
    fn what_is_not_offered_any_more_is_not_answered() {
        let now = Instant::now();
        let mut answers = Answers::new(now);
        answers.asked(hash(1), Intent::Want, now, 0);
        answers.keep(|_| false);
        assert_eq!(answers.next(now), None);
    }
}
