//! Which tracker is told what, and when: pure; time and dice are arguments.
//!
//! One entry per info-hash and tracker:
//!
//! | entry | told next | then |
//! |---|---|---|
//! | new | `started`; at once if sought, else within ten seconds | listed |
//! | listed | nothing new, when the tracker wants to hear it (1 min to 1 h) | listed |
//! | listed, nothing left to fetch any more | `completed`, at once | listed |
//! | listed, we do not listen | `stopped`, at once; `started` again next time | new |
//! | withdrawn while listed | `stopped`, at once | gone |
//!
//! A *visit* tells one tracker several things in a row, and ends at the first failure that concerns the tracker as a
//! whole; then the tracker rests, longer each time. Invariants: one announcement of an entry at a time; at most
//! [`MAX_VISITS`] visits, one per tracker and one more for what is sought.

mod entry;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use muster_domain::Sha1;

use super::announce::{Announce, Answer, Failure};
use crate::{
    Backoff,
    discovery::{Role, Tracker, schedule::Dice},
};
use entry::{Entry, Stance};

/// Visits under way at the same time.
const MAX_VISITS: usize = 8;
/// Announcements of one visit.
const MAX_JOBS: usize = 20;
/// Trackers of one interest.
const MAX_TRACKERS: usize = 8;
/// Pause between visits for what is only offered.
const PAUSE: Duration = Duration::from_secs(2);
/// Rest of a tracker that can not be reached.
const REST: Backoff =
    Backoff { first: Duration::from_secs(30), longest: Duration::from_secs(1_800), attempts: u32::MAX };

/// What one tracker is told now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    pub tracker: Tracker,
    pub jobs: Vec<Announce>,
    /// Something is sought: it does not wait for a visit that only says what is offered.
    pub is_urgent: bool,
}

/// How a visit went: each job that was done, with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    pub visit: Visit,
    pub results: Vec<(Announce, Result<Answer, Failure>)>,
}

#[derive(Debug)]
struct Place {
    entries: BTreeMap<Sha1, Entry>,
    visits: usize,
    urgent_visits: usize,
    failures: u32,
    rests_until: Instant,
    offers_from: Instant,
}

impl Place {
    fn new(now: Instant) -> Self {
        Self {
            entries: BTreeMap::new(),
            visits: 0,
            urgent_visits: 0,
            failures: 0,
            rests_until: now,
            offers_from: now,
        }
    }

    /// From when on a visit may begin; `None` while one of its kind is under way.
    fn open_from(&self, is_urgent: bool) -> Option<Instant> {
        match is_urgent {
            true => (self.urgent_visits == 0).then_some(self.rests_until),
            false => (self.visits == 0).then_some(self.rests_until.max(self.offers_from)),
        }
    }
}

/// All trackers.
#[derive(Debug, Default)]
pub(super) struct Book {
    places: BTreeMap<Tracker, Place>,
    port: Option<u16>,
}

impl Book {
    /// Replaces what is told; `stances` are the info-hashes with their trackers.
    pub fn set<'a>(
        &mut self,
        stances: impl Iterator<Item = (Sha1, Role, u64, &'a [Tracker])>,
        port: Option<u16>,
        now: Instant,
        dice: Dice<'_>,
    ) {
        let is_moved = std::mem::replace(&mut self.port, port) != port;
        let mut wanted: BTreeMap<&Tracker, BTreeMap<Sha1, Stance>> = BTreeMap::new();
        for (info_hash, role, left, trackers) in stances {
            let stance = Stance { seeks: role != Role::Offer, left };
            for tracker in trackers.iter().filter(|tracker| may_visit(tracker)).take(MAX_TRACKERS) {
                wanted.entry(tracker).or_default().insert(info_hash, stance);
            }
        }
        for (tracker, stances) in &wanted {
            let place = self.places.entry((*tracker).clone()).or_insert_with(|| Place::new(now));
            for (info_hash, stance) in stances {
                place.entries.entry(*info_hash).or_default().adopt(*stance, is_moved, now, dice);
            }
        }
        for (tracker, place) in &mut self.places {
            let stances = wanted.get(tracker);
            for (info_hash, entry) in &mut place.entries {
                if !stances.is_some_and(|stances| stances.contains_key(info_hash)) {
                    entry.withdraw(now);
                }
            }
        }
        self.forget();
    }

    /// Asks for peers ahead of time; trackers decide how soon that may be.
    pub fn seek_again(&mut self, info_hash: &Sha1, now: Instant) {
        for entry in self.places.values_mut().filter_map(|place| place.entries.get_mut(info_hash)) {
            entry.seek_again(now);
        }
    }

    /// Visits that begin now.
    pub fn take(&mut self, now: Instant) -> Vec<Visit> {
        let mut under_way = self.under_way();
        let mut visits = vec![];
        for is_urgent in [true, false] {
            for (tracker, place) in &mut self.places {
                let is_open = place.open_from(is_urgent).is_some_and(|from| from <= now);
                if !is_open || under_way >= MAX_VISITS {
                    continue;
                }
                let jobs = take_jobs(place, is_urgent, self.port, now);
                if !jobs.is_empty() {
                    *if is_urgent { &mut place.urgent_visits } else { &mut place.visits } += 1;
                    under_way += 1;
                    visits.push(Visit { tracker: tracker.clone(), jobs, is_urgent });
                }
            }
        }
        visits
    }

    /// When [`Self::take`] has something again, as far as no visit must end first.
    pub fn next(&self) -> Option<Instant> {
        if self.under_way() >= MAX_VISITS {
            return None;
        }
        let next = |place: &Place, is_urgent: bool| {
            let from = place.open_from(is_urgent)?;
            let due = place.entries.values().filter(|entry| entry.is_urgent() == is_urgent);
            due.filter_map(Entry::due).min().map(|due| due.max(from))
        };
        self.places.values().flat_map(|place| [next(place, true), next(place, false)]).flatten().min()
    }

    /// Takes what came of a visit.
    pub fn visited(&mut self, report: &Report, now: Instant, dice: Dice<'_>) {
        let Report { visit, results } = report;
        let Some(place) = self.places.get_mut(&visit.tracker) else { return };
        let under_way = if visit.is_urgent { &mut place.urgent_visits } else { &mut place.visits };
        *under_way = under_way.saturating_sub(1);
        place.offers_from = now + PAUSE;
        for job in &visit.jobs {
            let result =
                results.iter().find(|(done, _)| done.info_hash == job.info_hash).map(|(_, result)| result);
            if let Some(entry) = place.entries.get_mut(&job.info_hash) {
                entry.told(job, result, now, dice);
            }
        }
        if results.iter().any(|(_, result)| result.as_ref().is_err_and(Failure::is_general)) {
            place.failures = place.failures.saturating_add(1);
            place.rests_until = now + REST.wait(place.failures, dice()).unwrap_or(REST.longest);
        } else if !results.is_empty() {
            place.failures = 0;
            place.rests_until = now;
        }
        self.forget();
    }

    /// Goodbyes to every tracker that still lists us; nothing is told afterwards.
    pub fn farewell(&mut self) -> Vec<Visit> {
        let port = self.port;
        let places = std::mem::take(&mut self.places).into_iter();
        let visits = places.filter(|(_, place)| place.failures == 0).map(|(tracker, place)| {
            let listed =
                place.entries.iter().filter_map(|(info_hash, entry)| entry.goodbye(*info_hash, port));
            Visit { tracker, jobs: listed.collect(), is_urgent: false }
        });
        visits.filter(|visit| !visit.jobs.is_empty()).collect()
    }

    fn under_way(&self) -> usize {
        self.places.values().map(|place| place.visits + place.urgent_visits).sum()
    }

    fn forget(&mut self) {
        for place in self.places.values_mut() {
            place.entries.retain(|_, entry| !entry.is_gone());
        }
        self.places.retain(|_, place| !place.entries.is_empty() || place.visits + place.urgent_visits > 0);
    }
}

fn take_jobs(place: &mut Place, is_urgent: bool, port: Option<u16>, now: Instant) -> Vec<Announce> {
    let of_kind = |entry: &&Entry| entry.is_urgent() == is_urgent;
    if !place.entries.values().filter(of_kind).filter_map(Entry::due).any(|due| due <= now) {
        return vec![];
    }
    let soon =
        |(info_hash, entry): (&Sha1, &Entry)| Some((entry.soon().filter(|soon| *soon <= now)?, *info_hash));
    let mut due: Vec<(Instant, Sha1)> =
        place.entries.iter().filter(|(_, entry)| of_kind(entry)).filter_map(soon).collect();
    due.sort_unstable();
    due.truncate(MAX_JOBS);
    let mut job =
        |info_hash: Sha1| place.entries.get_mut(&info_hash).map(|entry| entry.tell(info_hash, port, now));
    due.into_iter().filter_map(|(_, info_hash)| job(info_hash)).collect()
}

/// Whether an address is a tracker's at all; where it lies is checked when its name is resolved.
fn may_visit(tracker: &Tracker) -> bool {
    let url = &tracker.url;
    let is_named = url.host_str().is_some_and(|host| !host.is_empty());
    match url.scheme() {
        "http" | "https" => crate::origin::may_ask(url, tracker.reach),
        "udp" => is_named && url.port().is_some() && url.username().is_empty() && url.password().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
