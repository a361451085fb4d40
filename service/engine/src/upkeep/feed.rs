//! Profiles of others that a profile follows, as part of keeping it up to date (decision 0046).
//!
//! A version of theirs that was seen for two days is turned into the change that the player would be shown, and goes the way
//! of every update: judged, fetched ahead, made where it is free to go. Which versions of its packages come is for its owners
//! to say; all else of the profile is updated as ever.

use jiff::Timestamp;
use muster_domain::{Lock, LockedPackage};
use muster_store::state::{Offered, Profile};

use super::{
    Report, Unripe, UpdatePolicy, WAIT,
    decide::{Scope, is_ripe},
    drive::Look,
};
use crate::{
    ChangeRequest, Engine, EngineError, Item, Key,
    change::Unattended,
    settle::settle,
    shared::{self, Followed, SharedAt, SharedRequest},
};

/// What is updated of a profile by the word of its sources alone: nothing that the followed profile has.
pub(super) fn without_followed(scope: Scope, lock: &Lock, followed: &Followed) -> Option<Scope> {
    let keys = match scope {
        Scope::Everything => lock.packages.iter().map(Key::of).collect(),
        Scope::Only(keys) => keys,
    };
    let keys: Vec<Key> = keys.into_iter().filter(|key| !followed.packages.contains(key)).collect();
    (!keys.is_empty()).then_some(Scope::Only(keys))
}

impl Engine {
    /// Looks at what a profile follows, where something new was seen of it; whether a job was made.
    pub(super) async fn look_at_feed(
        &self,
        (profile, followed): (&Profile, &Followed),
        policy: UpdatePolicy,
        (look, report): (&mut Look, &mut Report),
    ) -> Result<bool, EngineError> {
        if policy == UpdatePolicy::Off || followed.seen <= followed.trusted.version {
            return Ok(false);
        }
        let others = followed.others();
        let at = SharedRequest { at: SharedAt::Followed, profile: profile.id, others };
        let (found, _) = self.read_shared(&at, profile).await?;
        self.check_applies(&found.profile, profile).await?;
        if found.profile.version != followed.seen || followed.seen_at.is_none() {
            self.note_seen(profile.id, followed, found.profile.version).await?;
        }
        let seen_at = followed.seen_at.filter(|_| found.profile.version == followed.seen).unwrap_or(look.now);
        let change = shared::request(&found.profile, &profile.lock, others);
        let agreed = Followed::new(followed.address.clone(), &found, others);
        let seen_before = look.now.saturating_sub(WAIT).unwrap_or(Timestamp::MIN);
        if change.is_empty() {
            // It is so already: the next version is the news.
            self.follow(profile.id, agreed).await?;
            return Ok(false);
        }
        let young = self.young(&settle(self, profile, &change).await?.items, seen_at, seen_before).await?;
        if !young.is_empty() || !is_ripe(seen_at, seen_before) {
            self.add_waiting(profile, &young, report).await;
            return Ok(false);
        }
        let request = ChangeRequest { unattended: Some(Unattended { seen_before }), ..change };
        let settlement = settle(self, profile, &request).await?;
        let is_made = self.go_on(profile, (policy, request), settlement, look, report).await?;
        if is_made {
            self.follow(profile.id, agreed).await?;
        }
        Ok(is_made)
    }

    /// What has to wait of what a followed profile brings: no longer than it and the package were seen here.
    async fn young(
        &self,
        items: &[Item],
        seen_at: Timestamp,
        seen_before: Timestamp,
    ) -> Result<Vec<Unripe>, EngineError> {
        let is_new = |item: &&Item| item.brings_bytes();
        let new: Vec<&LockedPackage> =
            items.iter().filter(is_new).filter_map(|item| item.after.as_ref()).collect();
        let offered = |package: &&LockedPackage| Offered {
            source: package.source.clone(),
            package: package.id.clone(),
            version: package.version.clone(),
            sha256: package.archive.sha256,
        };
        let seen = self.state().sightings().see(new.iter().map(offered).collect(), Timestamp::now()).await?;
        let waits = new.into_iter().zip(seen).map(|(package, seen)| Unripe {
            key: Key::of(package),
            version: package.version.clone(),
            sha256: package.archive.sha256,
            seen: seen.max(seen_at),
        });
        Ok(waits.filter(|one| !is_ripe(one.seen, seen_before)).collect())
    }
}

#[cfg(test)]
mod tests {
    use muster_registry::Trusted;

    use super::*;

    fn key(name: &str) -> Key {
        Key { source: "ckan".parse().expect("id"), id: name.parse().expect("id") }
    }

    #[test]
    fn what_the_owners_decide_is_not_updated_by_itself() {
        let followed = Followed {
            address: "https://example.org/crew.json".into(),
            name: "Crew".into(),
            trusted: Trusted { owners: Vec::new(), version: 1, digest: muster_domain::Sha256([0; 32]) },
            keeps_others: true,
            checked: None,
            seen: 0,
            seen_at: None,
            packages: vec![key("lamp"), key("tide")],
        };
        let of = |keys: &[&str]| {
            let keys = keys.iter().map(|name| key(name)).collect();
            without_followed(Scope::Only(keys), &Lock::default(), &followed)
        };
        assert_eq!(of(&["lamp", "own"]), Some(Scope::Only(vec![key("own")])));
        assert_eq!(of(&["lamp", "tide"]), None);
        assert_eq!(without_followed(Scope::Everything, &Lock::default(), &followed), None);
    }
}
