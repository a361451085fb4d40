//! What the catalogue says of single packages, remembered until it changes.
//!
//! A profile of five hundred packages asks for the title and the newest version of each whenever it is shown, and so does
//! every search, which marks what is installed. Asked one by one, each is a way to the database and back.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use muster_domain::{Channel, LockedPackage, Platform, Publisher, Release, Side, SourceId, Version};
use muster_store::state::Profile;

use crate::{Engine, Key};

/// Most that is remembered of each kind; with more, all is forgotten.
const MOST: usize = 20_000;

/// A package as far as lists need it.
#[derive(Debug)]
pub(crate) struct Head {
    pub title: String,
    /// What may be offered: not yanked, not advised against.
    offered: Vec<Offered>,
}

#[derive(Debug)]
struct Offered {
    version: Version,
    channel: Channel,
    side: Side,
    /// None is on all.
    platforms: Option<Vec<Platform>>,
}

/// What the player wants of newer versions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub channel: Channel,
    pub side: Side,
    pub platform: Platform,
}

#[derive(Debug, Default)]
struct Memory {
    /// How often everything was forgotten.
    age: u64,
    heads: HashMap<Key, Option<Arc<Head>>>,
    admitted: HashMap<(SourceId, Publisher), bool>,
}

/// The memory.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Memory>);

impl Known {
    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The catalogue is another one now.
    pub fn forget(&self) {
        let mut memory = self.memory();
        *memory = Memory { age: memory.age + 1, ..Memory::default() };
    }

    /// Writes something down, unless the catalogue changed since it was asked.
    fn learn(&self, age: u64, write: impl FnOnce(&mut Memory)) {
        let mut memory = self.memory();
        if memory.age == age {
            if memory.heads.len() > MOST || memory.admitted.len() > MOST {
                *memory = Memory { age, ..Memory::default() };
            }
            write(&mut memory);
        }
    }
}

impl Head {
    /// The newest version of a channel or a steadier one that is for this side and platform, where it is newer than this
    /// one.
    pub fn newer_than(&self, version: &Version, wanted: Wanted) -> Option<&Version> {
        let fits = |offered: &&Offered| {
            offered.channel >= wanted.channel
                && (wanted.channel < Channel::Stable || !offered.version.is_prerelease())
                && offered.side.is_needed_on(wanted.side)
                && offered.platforms.as_ref().is_none_or(|on| on.contains(&wanted.platform))
        };
        let newer = self.offered.iter().filter(fits).map(|offered| &offered.version);
        newer.filter(|offered| *offered > version).reduce(|best, next| if next > best { next } else { best })
    }
}

impl Engine {
    fn head_of(&self, title: String, releases: &[Release]) -> Head {
        let offered = releases
            .iter()
            .filter(|release| release.yanked.is_none() && !self.is_released_despite_advice(release))
            .map(|release| Offered {
                version: release.version.clone(),
                channel: release.channel,
                side: release.side,
                platforms: (!release.platforms.is_empty())
                    .then(|| Platform::ALL.into_iter().filter(|on| release.runs_on(*on)).collect()),
            })
            .collect();
        Head { title, offered }
    }

    /// Asks for all of these at once, so that each of them is known afterwards.
    pub(crate) async fn get_to_know(&self, packages: impl Iterator<Item = &LockedPackage>) {
        let known = &self.inner.known;
        let (age, unknown) = {
            let memory = known.memory();
            let keys: BTreeSet<Key> = packages.map(Key::of).collect();
            let unknown = keys.into_iter().filter(|key| !memory.heads.contains_key(key));
            (memory.age, unknown.collect::<Vec<Key>>())
        };
        // One is asked for when it is needed.
        if unknown.len() < 2 {
            return;
        }
        let asked = unknown.iter().map(|key| (key.source.clone(), key.id.clone())).collect();
        let found = match self.catalog().heads(asked).await {
            Ok(found) => found,
            Err(error) => return tracing::warn!(%error, "packages could not be looked up"),
        };
        let mut heads: HashMap<Key, Option<Arc<Head>>> = unknown.into_iter().map(|key| (key, None)).collect();
        for (package, releases) in found {
            let key = Key { source: package.source, id: package.id };
            heads.insert(key, Some(Arc::new(self.head_of(package.title, &releases))));
        }
        known.learn(age, |memory| memory.heads.extend(heads));
    }

    /// What the catalogue says of a package; a hint, as all there.
    pub(crate) async fn head(&self, key: &Key) -> Option<Arc<Head>> {
        let known = &self.inner.known;
        let age = {
            let memory = known.memory();
            if let Some(head) = memory.heads.get(key) {
                return head.clone();
            }
            memory.age
        };
        let found = self.catalog().heads(vec![(key.source.clone(), key.id.clone())]).await.ok()?;
        let head = found.into_iter().next();
        let head = head.map(|(package, releases)| Arc::new(self.head_of(package.title, &releases)));
        known.learn(age, |memory| drop(memory.heads.insert(key.clone(), head.clone())));
        head
    }

    /// The newest version in the catalogue that is as ripe as the player wants it and is for what the profile is for, where
    /// it is newer than the installed one.
    pub(crate) async fn newest_of(&self, profile: &Profile, package: &LockedPackage) -> Option<Version> {
        let wanted = Wanted {
            channel: profile.lock.channel_of(&package.source, &package.id),
            side: profile.lock.side,
            platform: self.platform(profile),
        };
        self.head(&Key::of(package)).await?.newer_than(&package.version, wanted).cloned()
    }

    /// What the game of a profile runs on: what the player says, else what its installation runs on.
    pub(crate) fn platform(&self, profile: &Profile) -> Platform {
        let here = || self.installation(profile).map(|installation| installation.platform());
        profile.lock.platform.unwrap_or_else(|| here().unwrap_or_else(|_| Platform::of_this_machine()))
    }

    /// A package's title for people, or its id where the catalogue does not know it.
    pub(crate) async fn title(&self, key: &Key) -> String {
        match self.head(key).await {
            Some(head) => head.title.clone(),
            None if key.source.as_str() == crate::adopt::LOCAL => self.local_title(key).await,
            None => key.id.to_string(),
        }
    }

    /// Whether a source lets a publisher in, by what is known of it now.
    pub(crate) async fn is_admitted(&self, source: &SourceId, publisher: &Publisher) -> bool {
        let known = &self.inner.known;
        let key = (source.clone(), publisher.clone());
        let age = {
            let memory = known.memory();
            if let Some(is_admitted) = memory.admitted.get(&key) {
                return *is_admitted;
            }
            memory.age
        };
        let is_admitted = self.trust_view(source, publisher).await.is_admitted;
        known.learn(age, |memory| {
            memory.admitted.insert(key, is_admitted);
        });
        is_admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(text: &str, channel: Channel) -> Offered {
        let version = Version::Semver(text.parse().expect("a version"));
        Offered { version, channel, side: Side::Both, platforms: None }
    }

    fn newest(head: &Head, from: &str, wanted: Wanted) -> Option<String> {
        let from = Version::Semver(from.parse().expect("a version"));
        head.newer_than(&from, wanted).map(ToString::to_string)
    }

    const PLAYER: Wanted = Wanted { channel: Channel::Stable, side: Side::Client, platform: Platform::Linux };

    #[test]
    fn the_newest_of_the_channel_or_a_steadier_one_counts() {
        let offered = [
            offered("1.0.0", Channel::Stable),
            offered("1.2.0", Channel::Stable),
            offered("1.3.0", Channel::Beta),
            offered("1.4.0", Channel::Dev),
            offered("2.0.0-rc.1", Channel::Stable),
        ];
        let head = Head { title: "Lamp".into(), offered: offered.into() };
        assert_eq!(newest(&head, "1.0.0", PLAYER).as_deref(), Some("1.2.0"));
        assert_eq!(newest(&head, "1.2.0", PLAYER), None);
        assert_eq!(newest(&head, "1.5.0", PLAYER), None, "nothing older is an update");
        let beta = Wanted { channel: Channel::Beta, ..PLAYER };
        assert_eq!(newest(&head, "1.0.0", beta).as_deref(), Some("2.0.0-rc.1"));
    }

    #[test]
    fn what_is_for_another_side_or_platform_is_no_update() {
        let windows = Some(vec![Platform::Windows]);
        let offered = vec![
            offered("1.1.0", Channel::Stable),
            Offered { side: Side::Server, ..offered("1.2.0", Channel::Stable) },
            Offered { platforms: windows, ..offered("1.3.0", Channel::Stable) },
            Offered { platforms: Some(Vec::new()), ..offered("1.4.0", Channel::Stable) },
        ];
        let head = Head { title: "Lamp".into(), offered };
        assert_eq!(newest(&head, "1.0.0", PLAYER).as_deref(), Some("1.1.0"));
        let host = Wanted { side: Side::Server, ..PLAYER };
        assert_eq!(newest(&head, "1.0.0", host).as_deref(), Some("1.2.0"));
        let wine = Wanted { platform: Platform::Windows, ..PLAYER };
        assert_eq!(newest(&head, "1.0.0", wine).as_deref(), Some("1.3.0"));
    }

    #[test]
    fn what_was_asked_before_a_change_is_not_remembered_after_it() {
        let known = Known::default();
        let source = SourceId::registry(&muster_domain::Sha256([7; 32]));
        let key = Key { source, id: "alice/lamp".parse().expect("an id") };
        let age = known.memory().age;
        known.forget();
        known.learn(age, |memory| drop(memory.heads.insert(key.clone(), None)));
        assert!(known.memory().heads.is_empty());
        let age = known.memory().age;
        known.learn(age, |memory| drop(memory.heads.insert(key, None)));
        assert_eq!(known.memory().heads.len(), 1);
    }
}
