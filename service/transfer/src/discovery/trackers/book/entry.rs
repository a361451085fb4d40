//! One info-hash at one tracker.

use std::time::{Duration, Instant};

use muster_domain::Sha1;

use super::super::announce::{Announce, Answer, Event, Failure};
use crate::{Backoff, discovery::schedule::Dice};

/// Bounds of what a tracker may ask for.
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(3_600);
/// When a tracker does not say.
const USUAL: Duration = Duration::from_secs(1_800);
/// What is only offered is first announced within this.
const FIRST_BY: Duration = Duration::from_secs(10);
/// After the tracker refused this info-hash.
const REFUSED: Backoff = Backoff { first: Duration::from_secs(300), longest: LONGEST, attempts: u32::MAX };
/// A goodbye is tried this often.
const GOODBYES: u32 = 2;
const WANTED: u32 = 50;

/// What is wanted of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stance {
    pub seeks: bool,
    pub left: u64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// `None` after it was withdrawn.
    stance: Option<Stance>,
    /// The tracker tells others of us.
    is_listed: bool,
    is_completed: bool,
    /// The next thing said is goodbye.
    says_goodbye: bool,
    is_under_way: bool,
    due: Option<Instant>,
    /// May be told along with others from here.
    soon: Option<Instant>,
    /// Not before this, whoever asks.
    earliest: Option<Instant>,
    /// When we are back after a goodbye.
    back: Option<Instant>,
    failures: u32,
    /// Goodbyes that failed since the tracker last said something.
    goodbyes: u32,
    tracker_id: Option<Vec<u8>>,
}

impl Entry {
    /// Takes what is wanted now.
    pub fn adopt(&mut self, stance: Stance, is_moved: bool, now: Instant, dice: Dice<'_>) {
        let Some(before) = self.stance.replace(stance) else {
            self.says_goodbye = false;
            let wait = if stance.seeks { Duration::ZERO } else { part(FIRST_BY, dice()) };
            self.due = Some((now + wait).max(self.earliest.filter(|_| self.is_listed).unwrap_or(now)));
            return;
        };
        if before.left > 0 && stance.left == 0 && self.is_listed {
            self.is_completed = true;
            self.hurry(now);
        }
        if stance.seeks && !before.seeks {
            self.hurry(self.earliest.unwrap_or(now).max(now));
        }
        if is_moved && self.is_listed {
            self.hurry(self.earliest.unwrap_or(now).max(now + part(FIRST_BY, dice())));
        }
    }

    /// Nothing is wanted any more.
    pub fn withdraw(&mut self, now: Instant) {
        if self.stance.take().is_some() {
            self.failures = 0;
            self.says_goodbye = self.is_listed;
            self.due = self.is_listed.then_some(now);
        }
    }

    pub fn seek_again(&mut self, now: Instant) {
        if self.stance.is_some_and(|stance| stance.seeks) {
            self.hurry(self.earliest.unwrap_or(now).max(now));
        }
    }

    /// When there is something to say.
    pub fn due(&self) -> Option<Instant> {
        self.due.filter(|_| !self.is_under_way)
    }

    /// When it may be said along with others.
    pub fn soon(&self) -> Option<Instant> {
        let due = self.due()?;
        Some(self.soon.map_or(due, |soon| soon.min(due)))
    }

    /// Whether peers are waited for.
    pub fn is_urgent(&self) -> bool {
        !self.says_goodbye && self.stance.is_some_and(|stance| stance.seeks)
    }

    /// Whether there is nothing to say any more.
    pub fn is_gone(&self) -> bool {
        self.stance.is_none() && !self.says_goodbye && !self.is_under_way
    }

    /// What is said now.
    pub fn tell(&mut self, info_hash: Sha1, port: Option<u16>, now: Instant) -> Announce {
        self.is_under_way = true;
        let event = match (self.says_goodbye, self.is_listed, self.is_completed) {
            (true, _, _) => Event::Stopped,
            (false, false, _) => Event::Started,
            (false, true, true) => Event::Completed,
            (false, true, false) => Event::Nothing,
        };
        if event != Event::Stopped {
            self.earliest = Some(now + SHORTEST);
        }
        self.announce(info_hash, event, port)
    }

    /// Takes what the tracker said, or that it was not asked after all.
    pub fn told(
        &mut self,
        job: &Announce,
        result: Option<&Result<Answer, Failure>>,
        now: Instant,
        dice: Dice<'_>,
    ) {
        self.is_under_way = false;
        match result {
            Some(Ok(answer)) => self.succeeded(job, answer, now, dice),
            Some(Err(Failure::Said(_))) => {
                self.failures = self.failures.saturating_add(1);
                self.due = Some(now + REFUSED.wait(self.failures, dice()).unwrap_or(LONGEST));
            }
            // The tracker rests; what was due stays due.
            Some(Err(_)) => self.failures = self.failures.saturating_add(1),
            None => {}
        }
        if job.event == Event::Stopped && result.is_some_and(Result::is_err) {
            self.goodbyes += 1;
            if self.goodbyes >= GOODBYES {
                self.silence();
            }
        }
    }

    /// What is said in the end, if the tracker lists us.
    pub fn goodbye(&self, info_hash: Sha1, port: Option<u16>) -> Option<Announce> {
        // What is under way may list us at any moment.
        (self.is_listed || self.is_under_way).then(|| self.announce(info_hash, Event::Stopped, port))
    }

    fn succeeded(&mut self, job: &Announce, answer: &Answer, now: Instant, dice: Dice<'_>) {
        (self.failures, self.goodbyes) = (0, 0);
        if let Some(tracker_id) = &answer.tracker_id {
            self.tracker_id = Some(tracker_id.clone());
        }
        if job.event == Event::Stopped {
            self.is_listed = false;
            self.silence();
            return;
        }
        self.is_listed = true;
        self.is_completed &= job.event != Event::Completed;
        let bounded = |interval: Duration| interval.clamp(SHORTEST, LONGEST);
        let interval = bounded(answer.interval.unwrap_or(USUAL));
        // A tenth more scatters what would otherwise come together for ever.
        let next = now + interval + part(interval / 10, dice());
        self.soon = Some(now + interval);
        self.earliest = Some(now + bounded(answer.min_interval.unwrap_or(SHORTEST)));
        if self.stance.is_none() || job.port.is_none() {
            self.says_goodbye = true;
            self.due = Some(now);
            self.back = Some(next);
        } else if !self.is_completed {
            self.due = Some(next);
        }
    }

    /// Nothing more is said, until the next search of one who does not listen.
    fn silence(&mut self) {
        self.is_listed = false;
        self.says_goodbye = false;
        (self.failures, self.goodbyes) = (0, 0);
        self.due = self.back.take().or(self.earliest).filter(|_| self.stance.is_some());
    }

    fn hurry(&mut self, to: Instant) {
        if !self.says_goodbye {
            self.due = Some(self.due.map_or(to, |due| due.min(to)));
        }
    }

    fn announce(&self, info_hash: Sha1, event: Event, port: Option<u16>) -> Announce {
        let stance = self.stance.unwrap_or_default();
        let is_asking = stance.seeks && event != Event::Stopped;
        Announce {
            info_hash,
            event,
            port,
            left: stance.left,
            wanted: if is_asking { WANTED } else { 0 },
            tracker_id: self.tracker_id.clone(),
        }
    }
}

fn part(whole: Duration, dice: u16) -> Duration {
    whole * u32::from(dice) / u32::from(u16::MAX)
}
