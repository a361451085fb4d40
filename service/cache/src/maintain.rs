//! Leases, pins, numbers and eviction: everything that decides what stays.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_domain::Sha256;

use crate::{
    Cache, Completeness, Error, Evict, Fact, Policy, Protection, Reason,
    cache::Inner,
    index::nanoseconds,
    layout::{self, PartialName},
    partial, plan_eviction,
    resume::ResumeMap,
    state::{Trust, lock},
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
    /// Declares every durable lease: owner (`profile:<id>`, `job:<id>`) and archive. Replaces all earlier ones.
    ///
    /// Until this was called once, nothing is evicted.
    pub fn declare_leases(&self, leases: impl IntoIterator<Item = (String, Sha256)>) {
        let mut declared: BTreeMap<String, BTreeSet<Sha256>> = BTreeMap::new();
        for (owner, sha256) in leases {
            declared.entry(owner).or_default().insert(sha256);
        }
        lock(&self.inner.state).leases = Some(declared);
    }

    /// Replaces the durable leases of one owner; none at all ends them.
    pub fn set_leases(&self, owner: &str, archives: impl IntoIterator<Item = Sha256>) {
        let archives: BTreeSet<Sha256> = archives.into_iter().collect();
        let mut state = lock(&self.inner.state);
        let leases = state.leases.get_or_insert_default();
        if archives.is_empty() {
            leases.remove(owner);
        } else {
            leases.insert(owner.to_owned(), archives);
        }
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
        let info = |(sha256, entry): (&Sha256, &crate::state::Entry)| ArchiveInfo {
            sha256: *sha256,
            size: entry.remembered.size,
            last_used: entry.remembered.last_used,
            served: entry.remembered.served,
            protection: state.protection(sha256),
            is_verified: entry.trust == Trust::Verified,
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
            usage.served_bytes = state.archives.values().map(|entry| entry.remembered.served).sum();
        }
        for fact in self.inner.partial_facts()? {
            usage.partials += 1;
            usage.partial_bytes += fact.size;
        }
        Ok(usage)
    }

    /// Removes what has to go, and says what went.
    ///
    /// # Errors
    /// [`Error::NotReady`] before [`Cache::declare_leases`].
    pub fn evict(&self, now: Timestamp, policy: &Policy) -> Result<Vec<Evict>, Error> {
        let mut facts = self.inner.partial_facts()?;
        {
            let state = lock(&self.inner.state);
            if state.leases.is_none() {
                return Err(Error::NotReady);
            }
            facts.extend(state.facts());
        }
        let mut gone = Vec::new();
        for evict in plan_eviction(&facts, now, policy) {
            let went = match evict.completeness {
                Completeness::Complete => self.inner.remove_archive(&evict.sha256)?,
                Completeness::Partial => self.inner.remove_partial(&evict.sha256)?,
            };
            if went {
                gone.push(evict);
            }
        }
        self.flush()?;
        Ok(gone)
    }

    /// Removes one archive, finished or not, because the player said so; pins and durable leases do not count.
    ///
    /// # Errors
    /// [`Error::InUse`] if something has it in its hands, [`Error::Missing`].
    pub fn remove(&self, sha256: &Sha256) -> Result<Evict, Error> {
        let info = self.archives().into_iter().find(|info| info.sha256 == *sha256);
        let (completeness, size, went) = match info {
            Some(info) => (Completeness::Complete, info.size, self.inner.remove_archive(sha256)?),
            None => {
                let partials = self.inner.partial_facts()?;
                let fact =
                    partials.iter().find(|fact| fact.sha256 == *sha256).ok_or(Error::Missing(*sha256))?;
                (Completeness::Partial, fact.size, self.inner.remove_partial(sha256)?)
            }
        };
        if !went {
            return Err(Error::InUse(*sha256));
        }
        self.flush()?;
        Ok(Evict { sha256: *sha256, completeness, size, reason: Reason::Asked })
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
                    Protection::Leased => Protection::Leased,
                    _ => Protection::None,
                },
                other_seeders: None,
            });
        }
        Ok(facts)
    }

    /// Removes an unfinished archive; says whether nobody was writing it.
    fn remove_partial(&self, sha256: &Sha256) -> Result<bool, Error> {
        if !lock(&self.state).writers.insert(*sha256) {
            return Ok(false);
        }
        let removed = partial::remove(&self.partial, sha256);
        lock(&self.state).writers.remove(sha256);
        removed.map(|()| true)
    }
}
