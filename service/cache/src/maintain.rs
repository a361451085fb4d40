//! Leases, pins, numbers and eviction: everything that decides what stays.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_domain::Sha256;

use crate::{
    Cache, Completeness, Error, Evict, Fact, Policy, Protection, Room, RoomPlan,
    cache::Inner,
    index::{Remembered, nanoseconds},
    layout::{self, PartialName},
    partial, plan_eviction, plan_room,
    resume::ResumeMap,
    state::lock,
};

/// What is known about one complete archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveInfo {
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    pub last_used: Timestamp,
    /// Bytes given to others.
    pub served: u64,
    pub protection: Protection,
    /// Whether it was hashed by this or an earlier run, and has not changed since.
    pub is_verified: bool,
    /// Something has it in its hands right now.
    pub is_held: bool,
    /// Other complete copies known in the swarm, if anybody asked.
    pub other_seeders: Option<u32>,
}

/// How much space is used by what, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub archives: u64,
    pub archive_bytes: u64,
    /// Of these: in use right now.
    pub held_bytes: u64,
    /// Of these: leased, pinned or last copies.
    pub protected_bytes: u64,
    pub partials: u64,
    /// What has safely arrived of unfinished downloads.
    pub partial_bytes: u64,
    /// Given to others since the archives came, as far as they are still here.
    pub served_bytes: u64,
}

impl Cache {
    /// Declares every durable lease: owner (a profile) and archive. Replaces all earlier ones; what no longer has any
    /// counts as used until now.
    ///
    /// Until this was called once, nothing is evicted.
    pub fn declare_leases(&self, leases: impl IntoIterator<Item = (String, Sha256)>, now: Timestamp) {
        let mut declared: BTreeMap<String, BTreeSet<Sha256>> = BTreeMap::new();
        for (owner, sha256) in leases {
            declared.entry(owner).or_default().insert(sha256);
        }
        let mut state = lock(&self.inner.state);
        let before = state.leases.replace(declared).unwrap_or_default();
        for sha256 in before.into_values().flatten() {
            if !state.is_leased(&sha256) {
                state.touch(&sha256, now);
            }
        }
    }

    /// Declares what unfinished jobs wait for: it does not go whatever happens. Replaces the earlier declaration.
    pub fn set_needed(&self, archives: impl IntoIterator<Item = Sha256>) {
        lock(&self.inner.state).needed = archives.into_iter().collect();
    }

    /// Whether a profile or a job refers to an archive, here or not.
    pub fn is_wanted(&self, sha256: &Sha256) -> bool {
        let state = lock(&self.inner.state);
        state.is_leased(sha256) || state.needed.contains(sha256)
    }

    /// Archives that are here in part.
    pub fn unfinished(&self) -> Result<Vec<Sha256>, Error> {
        Ok(self.inner.partial_facts()?.into_iter().map(|fact| fact.sha256).collect())
    }

    /// Declares what the player pinned.
    pub fn set_pins(&self, archives: impl IntoIterator<Item = Sha256>) {
        lock(&self.inner.state).pins = archives.into_iter().collect();
    }

    /// How many other complete copies the swarm has, as far as known; `None` if nobody knows any more.
    pub fn set_other_seeders(&self, sha256: Sha256, seeders: Option<u32>) {
        let mut state = lock(&self.inner.state);
        match seeders {
            Some(seeders) => state.other_seeders.insert(sha256, seeders),
            None => state.other_seeders.remove(&sha256),
        };
    }

    /// Counts as a use now (a game runs with it).
    pub fn touch(&self, archives: impl IntoIterator<Item = Sha256>, now: Timestamp) {
        let mut state = lock(&self.inner.state);
        archives.into_iter().for_each(|sha256| state.touch(&sha256, now));
    }

    /// Every complete archive, by hash.
    pub fn archives(&self) -> Vec<ArchiveInfo> {
        let state = lock(&self.inner.state);
        let info = |(sha256, entry): (&Sha256, &Remembered)| ArchiveInfo {
            sha256: *sha256,
            size: entry.size,
            last_used: entry.last_used,
            served: entry.served,
            protection: state.protection(sha256),
            is_verified: entry.checked.is_some(),
            is_held: state.is_held(sha256),
            other_seeders: state.other_seeders.get(sha256).copied(),
        };
        state.archives.iter().map(info).collect()
    }

    /// How much space is used by what.
    pub fn usage(&self) -> Result<Usage, Error> {
        let mut usage = Usage::default();
        {
            let state = lock(&self.inner.state);
            for fact in state.facts() {
                usage.archives += 1;
                usage.archive_bytes += fact.size;
                usage.held_bytes += if fact.is_held { fact.size } else { 0 };
                usage.protected_bytes += if fact.protection > Protection::None { fact.size } else { 0 };
            }
            usage.served_bytes = state.archives.values().map(|entry| entry.served).sum();
        }
        for fact in self.inner.partial_facts()? {
            usage.partials += 1;
            usage.partial_bytes += fact.size;
        }
        Ok(usage)
    }

    /// Says what has to go; nothing is removed yet.
    ///
    /// # Errors
    /// [`Error::NotReady`] before [`Cache::declare_leases`].
    pub fn plan(&self, now: Timestamp, policy: &Policy) -> Result<Vec<Evict>, Error> {
        Ok(plan_eviction(&self.facts()?, now, policy))
    }

    /// Says what goes to make the room that the player asks for; nothing is removed yet.
    ///
    /// # Errors
    /// [`Error::NotReady`] before [`Cache::declare_leases`].
    pub fn plan_room(&self, now: Timestamp, room: &Room) -> Result<RoomPlan, Error> {
        Ok(plan_room(&self.facts()?, now, room))
    }

    /// Carries out a plan, and says what went. What is in use by now, or better protected than when it was planned,
    /// stays.
    pub fn carry_out(&self, plan: &[Evict]) -> Result<Vec<Evict>, Error> {
        let mut gone = Vec::new();
        for evict in plan {
            let went = match evict.completeness {
                Completeness::Complete => self.inner.remove_archive(&evict.sha256, evict.protection)?,
                Completeness::Partial => self.inner.remove_partial(&evict.sha256)?,
            };
            if went {
                gone.push(*evict);
            }
        }
        self.flush()?;
        Ok(gone)
    }

    fn facts(&self) -> Result<Vec<Fact>, Error> {
        let mut facts = self.inner.partial_facts()?;
        let state = lock(&self.inner.state);
        if state.leases.is_none() {
            return Err(Error::NotReady);
        }
        facts.extend(state.facts());
        Ok(facts)
    }
}

impl Inner {
    /// Facts about unfinished archives; what has arrived is what their maps claim.
    fn partial_facts(&self) -> Result<Vec<Fact>, Error> {
        let mut facts = Vec::new();
        for entry in self.partial.entries()?.iter().filter(|entry| entry.metadata.is_file()) {
            let Some(PartialName::Part(sha256)) = entry.name_str().and_then(layout::parse_partial) else {
                continue;
            };
            let length = entry.metadata.size;
            let map = self.partial.read_if_exists(&layout::map_name(&sha256), ResumeMap::file_limit(length));
            let map = map.ok().flatten().and_then(|bytes| ResumeMap::parse(&bytes, &sha256, length));
            let modified = i128::from(nanoseconds(entry.metadata.modified));
            let state = lock(&self.state);
            facts.push(Fact {
                sha256,
                size: map.map_or(0, |map| map.claimed_bytes(length)),
                completeness: Completeness::Partial,
                last_used: Timestamp::from_nanosecond(modified).unwrap_or_default(),
                is_held: state.is_held(&sha256),
                protection: match state.protection(&sha256) {
                    protection @ (Protection::Leased | Protection::Needed) => protection,
                    _ => Protection::None,
                },
                other_seeders: None,
            });
        }
        Ok(facts)
    }

    /// Removes an unfinished archive, unless somebody writes it or a job waits for it; says whether it did.
    fn remove_partial(&self, sha256: &Sha256) -> Result<bool, Error> {
        {
            let mut state = lock(&self.state);
            if state.needed.contains(sha256) || !state.writers.insert(*sha256) {
                return Ok(false);
            }
        }
        let removed = partial::remove(&self.partial, sha256);
        lock(&self.state).writers.remove(sha256);
        removed.map(|()| true)
    }
}
