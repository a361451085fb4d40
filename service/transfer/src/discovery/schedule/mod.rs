//! When which info-hash is sought and announced on one way: pure; time and dice are arguments.
//!
//! One *start* is what goes out at once: a datagram with many info-hashes (LAN) or one walk through the network (DHT).
//!
//! | | due | then |
//! |---|---|---|
//! | sought | at once, before everything that is announced | again after waits that double up to the longest |
//! | announced | within `first_by` | again between `after` and `by`; a start takes along what is due soon |
//!
//! Invariants: starts keep to the rate whatever is asked for, so what is due waits; with so much to announce that the
//! rate would not do, the rate grows just enough that everything is announced once per `after`.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use muster_domain::Sha1;

use super::pace::{Pace, Rate};
use crate::Backoff;

/// The times of one way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rhythm {
    /// A new offer is announced within this.
    pub first_by: Duration,
    /// An offer is announced again no sooner than this …
    pub after: Duration,
    /// … and by this at the latest, as far as the rate allows.
    pub by: Duration,
    /// Waits between searches; they never end.
    pub seek: Backoff,
    /// A search that somebody asked for comes no sooner than this after the last one.
    pub seek_again: Duration,
    /// After a start that reached nobody, an offer is tried again within this.
    pub retry_by: Duration,
    pub rate: Rate,
    /// How many starts of the burst are kept for searches.
    pub reserve: u32,
    /// How many info-hashes one start carries.
    pub batch: usize,
}

/// What is to be done about one info-hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Task {
    pub seek: bool,
    pub offer: bool,
}

impl Task {
    pub fn is_nothing(self) -> bool {
        !self.seek && !self.offer
    }
}

/// Something that goes out now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub info_hash: Sha1,
    pub seek: bool,
    pub offer: bool,
}

#[derive(Clone, Copy, Debug)]
struct Seek {
    due: Instant,
    made: u32,
    last: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Offer {
    /// May be taken along from here.
    after: Instant,
    /// Asks for a start from here.
    by: Instant,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    seek: Option<Seek>,
    offer: Option<Offer>,
}

/// Dice: 0..=65535, evenly.
pub(super) type Dice<'a> = &'a mut dyn FnMut() -> u16;

/// All info-hashes of one way.
#[derive(Debug)]
pub(super) struct Schedule {
    rhythm: Rhythm,
    pace: Pace,
    entries: BTreeMap<Sha1, Entry>,
    offers: usize,
}

impl Schedule {
    pub fn new(rhythm: Rhythm, now: Instant) -> Self {
        Self { rhythm, pace: Pace::new(now), entries: BTreeMap::new(), offers: 0 }
    }

    /// Replaces what is to be done; what stays keeps its times.
    pub fn set(&mut self, tasks: &BTreeMap<Sha1, Task>, now: Instant, dice: Dice<'_>) {
        self.entries.retain(|info_hash, _| tasks.get(info_hash).is_some_and(|task| !task.is_nothing()));
        for (info_hash, task) in tasks.iter().filter(|(_, task)| !task.is_nothing()) {
            let entry = self.entries.entry(*info_hash).or_default();
            let new_seek = Seek { due: now, made: 0, last: None };
            entry.seek = task.seek.then(|| entry.seek.unwrap_or(new_seek));
            entry.offer = task.offer.then(|| {
                entry
                    .offer
                    .unwrap_or_else(|| Offer { after: now, by: now + part(self.rhythm.first_by, dice()) })
            });
        }
        self.offers = self.entries.values().filter(|entry| entry.offer.is_some()).count();
    }

    /// Asks for a search ahead of its time.
    pub fn seek_again(&mut self, info_hash: &Sha1, now: Instant) {
        if let Some(seek) = self.entries.get_mut(info_hash).and_then(|entry| entry.seek.as_mut()) {
            let earliest = seek.last.map_or(now, |last| last + self.rhythm.seek_again);
            seek.due = seek.due.min(earliest.max(now));
        }
    }

    /// Announces this one again soon: nobody was reached.
    pub fn reached_nobody(&mut self, info_hash: &Sha1, now: Instant, dice: Dice<'_>) {
        if let Some(offer) = self.entries.get_mut(info_hash).and_then(|entry| entry.offer.as_mut()) {
            let half = self.rhythm.retry_by / 2;
            *offer = Offer { after: now + half, by: now + half + part(half, dice()) };
        }
    }

    /// What goes out now in one start; nothing if it is not time.
    pub fn take(&mut self, now: Instant, dice: Dice<'_>) -> Vec<Due> {
        let sought = self.due_seeks(now);
        let is_search = !sought.is_empty();
        let (chosen, reserve) =
            if is_search { (sought, 0) } else { (self.due_offers(now), self.rhythm.reserve) };
        if chosen.is_empty() || !self.pace.may(self.rate(), reserve, now) {
            return vec![];
        }
        self.pace.spend(self.rate(), now);
        chosen.into_iter().filter_map(|info_hash| self.start(info_hash, is_search, now, dice)).collect()
    }

    /// When [`Self::take`] has something again; not before `now`.
    pub fn next(&self, now: Instant) -> Option<Instant> {
        let seek = self.entries.values().filter_map(|entry| entry.seek).map(|seek| seek.due).min();
        let offer = self.entries.values().filter_map(|entry| entry.offer).map(|offer| offer.by).min();
        let seek = seek.map(|due| due.max(self.pace.at(self.rate(), 0, now)));
        let offer = offer.map(|due| due.max(self.pace.at(self.rate(), self.rhythm.reserve, now)));
        seek.into_iter().chain(offer).min()
    }

    /// How many info-hashes there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    fn rate(&self) -> Rate {
        let starts = u32::try_from(self.offers.div_ceil(self.rhythm.batch.max(1))).unwrap_or(u32::MAX);
        let every = self.rhythm.rate.every.min(self.rhythm.after / starts.max(1));
        Rate { every, ..self.rhythm.rate }
    }

    fn due_seeks(&self, now: Instant) -> Vec<Sha1> {
        let due = |(info_hash, entry): (&Sha1, &Entry)| {
            entry.seek.filter(|seek| seek.due <= now).map(|seek| (seek.due, *info_hash))
        };
        self.first(self.entries.iter().filter_map(due).collect())
    }

    fn due_offers(&self, now: Instant) -> Vec<Sha1> {
        let offers = || self.entries.iter().filter_map(|(info_hash, entry)| Some((info_hash, entry.offer?)));
        if !offers().any(|(_, offer)| offer.by <= now) {
            return vec![];
        }
        self.first(
            offers().filter(|(_, offer)| offer.after <= now).map(|(hash, offer)| (offer.by, *hash)).collect(),
        )
    }

    fn first(&self, mut due: Vec<(Instant, Sha1)>) -> Vec<Sha1> {
        due.sort_unstable();
        due.into_iter().take(self.rhythm.batch).map(|(_, info_hash)| info_hash).collect()
    }

    /// Notes that one goes out. What is sought is announced along with it as soon as that may be.
    fn start(&mut self, info_hash: Sha1, is_search: bool, now: Instant, dice: Dice<'_>) -> Option<Due> {
        let rhythm = self.rhythm;
        let entry = self.entries.get_mut(&info_hash)?;
        if let Some(state) = entry.seek.as_mut().filter(|_| is_search) {
            state.made = state.made.saturating_add(1);
            state.last = Some(now);
            state.due = now + rhythm.seek.wait(state.made, dice()).unwrap_or(rhythm.seek.longest);
        }
        let mut offer = false;
        if let Some(state) = entry.offer.as_mut().filter(|offer| offer.after <= now) {
            offer = true;
            let between = rhythm.by.saturating_sub(rhythm.after);
            *state = Offer { after: now + rhythm.after, by: now + rhythm.after + part(between, dice()) };
        }
        Some(Due { info_hash, seek: is_search, offer })
    }
}

/// A random part of a duration.
fn part(whole: Duration, dice: u16) -> Duration {
    whole * u32::from(dice) / u32::from(u16::MAX)
}

#[cfg(test)]
mod tests;
