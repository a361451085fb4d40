//! What is known in memory about archives: trust, use, leases, pins.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use muster_domain::Sha256;

use crate::{
    eviction::{Completeness, Fact, Protection},
    index::Remembered,
};

#[derive(Debug, Default)]
pub(crate) struct State {
    pub archives: BTreeMap<Sha256, Remembered>,
    pub writers: HashSet<Sha256>,
    held: HashMap<Sha256, u32>,
    /// Durable leases by owner; `None` until they are declared.
    pub leases: Option<BTreeMap<String, BTreeSet<Sha256>>>,
    /// What unfinished jobs wait for.
    pub needed: BTreeSet<Sha256>,
    pub pins: BTreeSet<Sha256>,
    pub other_seeders: HashMap<Sha256, u32>,
    /// Found damaged, and nobody was told yet.
    pub damaged: BTreeSet<Sha256>,
    /// The index on disk is older than this.
    pub is_dirty: bool,
    /// The last word was written; what changes afterwards is found at the next start.
    pub is_closed: bool,
}

impl State {
    pub fn hold(&mut self, sha256: Sha256) {
        *self.held.entry(sha256).or_default() += 1;
    }

    pub fn release(&mut self, sha256: &Sha256) {
        if let Some(count) = self.held.get_mut(sha256) {
            *count -= 1;
            if *count == 0 {
                self.held.remove(sha256);
            }
        }
    }

    pub fn is_held(&self, sha256: &Sha256) -> bool {
        self.held.contains_key(sha256) || self.writers.contains(sha256)
    }

    pub fn touch(&mut self, sha256: &Sha256, now: Timestamp) {
        if let Some(entry) = self.archives.get_mut(sha256)
            && entry.last_used < now
        {
            entry.last_used = now;
            self.is_dirty = true;
        }
    }

    /// Takes a complete archive off the books; says whether it was there.
    pub fn forget(&mut self, sha256: &Sha256) -> bool {
        self.other_seeders.remove(sha256);
        let was_there = self.archives.remove(sha256).is_some();
        self.is_dirty |= was_there;
        was_there
    }

    pub fn is_leased(&self, sha256: &Sha256) -> bool {
        self.leases.iter().flatten().any(|(_, leased)| leased.contains(sha256))
    }

    pub fn protection(&self, sha256: &Sha256) -> Protection {
        if self.needed.contains(sha256) {
            return Protection::Needed;
        }
        if self.pins.contains(sha256) {
            return Protection::Pinned;
        }
        if self.is_leased(sha256) {
            return Protection::Leased;
        }
        match self.other_seeders.get(sha256) {
            Some(0..2) => Protection::LastCopy,
            _ => Protection::None,
        }
    }

    /// Facts about complete archives.
    pub fn facts(&self) -> Vec<Fact> {
        let fact = |(sha256, entry): (&Sha256, &Remembered)| Fact {
            sha256: *sha256,
            size: entry.size,
            completeness: Completeness::Complete,
            last_used: entry.last_used,
            is_held: self.is_held(sha256),
            protection: self.protection(sha256),
            other_seeders: self.other_seeders.get(sha256).copied(),
        };
        self.archives.iter().map(fact).collect()
    }
}

/// A lock that stays usable after a panic elsewhere: every change below it is complete in itself.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
