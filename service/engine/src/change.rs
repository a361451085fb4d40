//! Changes of a profile as values: what is asked, and what it amounts to.

use std::net::SocketAddr;

use jiff::Timestamp;
use muster_domain::{
    Channel, FeatureId, Lock, LockedPackage, Mapping, PackageId, Platform, Sha256, Side, SourceId, Tier,
    VersionRange,
};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// Identity of a package across sources.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    pub source: SourceId,
    pub id: PackageId,
}

impl Key {
    pub fn of(package: &LockedPackage) -> Self {
        Self { source: package.source.clone(), id: package.id.clone() }
    }
}

/// A package that the player asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    #[serde(flatten)]
    pub key: Key,
    #[serde(default)]
    pub range: VersionRange,
    /// Archive hash that the player saw; another one stops the job.
    #[serde(default)]
    pub sha256: Option<Sha256>,
}

/// A package that the player keeps at its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    #[serde(flatten)]
    pub key: Key,
    /// Why, in the player's words; empty where none were given.
    #[serde(default)]
    pub reason: String,
}

/// The least ripe releases that the player wants of a package; none means those of the profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    pub key: Key,
    #[serde(default)]
    pub channel: Option<Channel>,
}

/// Whether the player wants a feature of a package; none means as its author says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseFeature {
    #[serde(flatten)]
    pub key: Key,
    pub feature: FeatureId,
    #[serde(default)]
    pub on: Option<bool>,
}

/// What the game of a profile runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunsOn {
    /// What the installation runs on, as far as this machine can tell.
    Automatic,
    Platform(Platform),
}

/// What makes a change urgent: a lobby waits for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Urgent {
    /// Players who have what it brings.
    pub peers: Vec<SocketAddr>,
}

/// An update that nobody asked for: only what is on offer for long enough may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unattended {
    /// What comes was seen by this machine then, or before.
    pub seen_before: Timestamp,
}

/// A change of a profile, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeRequest {
    pub install: Vec<Wish>,
    pub remove: Vec<Key>,
    pub update: Vec<Key>,
    pub update_all: bool,
    pub enable: Vec<Key>,
    pub disable: Vec<Key>,
    /// Switched off because somebody advises against them.
    pub quarantine: Vec<Key>,
    /// Kept at the version that they have after the change.
    pub hold: Vec<Hold>,
    /// Held no more.
    pub unhold: Vec<Key>,
    /// Packages that get a channel of their own, or lose it.
    pub channels: Vec<Follow>,
    /// Features of packages that the player wants or does without from now on.
    pub features: Vec<ChooseFeature>,
    /// The profile's channel, where it shall be another one.
    pub channel: Option<Channel>,
    /// What the profile is for, where it shall be something else: what is installed has to fit then.
    pub side: Option<Side>,
    /// What its game runs on, where the player says something else than before.
    pub platform: Option<RunsOn>,
    /// Where needed packages come from, other than their sources would say.
    pub map: Vec<Mapping>,
    /// The load order that the player wants, the first to load first; packages that it does not name come behind. None
    /// leaves it as it is.
    pub order: Option<Vec<Key>>,
    /// Those of `install` that are there because others need them: they go when nothing needs them any more.
    pub needed: Vec<Key>,
    /// Packages of collections that come with this change and are not wanted.
    pub without: Vec<Key>,
    /// The name of the profile of others that this follows, for the timeline.
    pub shared: Option<String>,
    /// Somebody waits for it: its downloads go before all others.
    pub urgent: Option<Urgent>,
    /// Nobody waits for it: its downloads go behind all others.
    pub unattended: Option<Unattended>,
    /// Digest of the preview that was agreed to; a different plan is refused.
    pub agreed: Option<String>,
}

impl ChangeRequest {
    /// The code of the generation's cause: the most telling part of the request.
    pub fn cause(&self) -> &'static str {
        match self {
            _ if self.unattended.is_some() => "kept-up",
            _ if self.shared.is_some() => "shared",
            _ if !self.install.is_empty() => "install",
            _ if !self.remove.is_empty() => "remove",
            _ if self.channel.is_some() => "profile-channel",
            _ if self.side.is_some() || self.platform.is_some() => "profile-role",
            _ if !self.channels.is_empty() => "channel",
            _ if !self.features.is_empty() => "features",
            _ if self.update_all || !self.update.is_empty() => "update",
            _ if !self.enable.is_empty() => "enable",
            _ if !self.disable.is_empty() => "disable",
            _ if !self.quarantine.is_empty() => "quarantine",
            _ if !self.hold.is_empty() => "hold",
            _ if !self.unhold.is_empty() => "unhold",
            _ => "order",
        }
    }

    /// When its downloads go.
    pub fn tier(&self) -> Tier {
        match (&self.urgent, &self.unattended) {
            (Some(_), _) => Tier::LobbyUrgent,
            (None, Some(_)) => Tier::Background,
            (None, None) => Tier::User,
        }
    }

    /// Packages that the request names.
    pub fn subjects(&self) -> impl Iterator<Item = &Key> {
        let named = self.install.iter().map(|wish| &wish.key).chain(&self.remove).chain(&self.update);
        let named = named.chain(&self.enable).chain(&self.disable).chain(&self.quarantine);
        let named = named.chain(self.hold.iter().map(|hold| &hold.key)).chain(&self.unhold);
        let named = named.chain(self.channels.iter().map(|follow| &follow.key));
        named.chain(self.features.iter().map(|choose| &choose.key))
    }

    /// Whether the player asks for this package by name: to have it, or to have it newer.
    pub fn asks_for(&self, key: &Key) -> bool {
        self.install.iter().any(|wish| wish.key == *key) || self.update.contains(key)
    }

    /// Whether the request names this package.
    pub fn names(&self, key: &Key) -> bool {
        self.subjects().any(|named| named == key)
    }

    /// An update whose preview nobody agreed to.
    pub fn is_unattended_update(&self) -> bool {
        self.agreed.is_none() && self.install.is_empty() && (self.update_all || !self.update.is_empty())
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        let is_same = self.channel.is_none() && self.side.is_none() && self.platform.is_none();
        !self.update_all && self.order.is_none() && is_same && self.subjects().next().is_none()
    }
}

/// What happens to one package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    Add,
    Change,
    Remove,
    Enable,
    Disable,
}

/// One package before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub action: Action,
    pub before: Option<LockedPackage>,
    pub after: Option<LockedPackage>,
}

impl Item {
    /// The package as it will be, or as it was where it goes.
    pub fn package(&self) -> &LockedPackage {
        self.after.as_ref().or(self.before.as_ref()).expect("an item has a before or an after")
    }

    /// Whether the archive must be here for the change.
    pub fn brings_bytes(&self) -> bool {
        matches!(self.action, Action::Add | Action::Change | Action::Enable)
    }
}

/// What turns one lock into another, in the order in which people read it: additions first.
pub fn difference(before: &Lock, after: &Lock) -> Vec<Item> {
    let mut items = Vec::new();
    for package in &after.packages {
        let old = before.get(&package.source, &package.id);
        let action = match old {
            None => Action::Add,
            Some(old) if old.archive.sha256 != package.archive.sha256 || old.recipe != package.recipe => {
                Action::Change
            }
            Some(old) if !old.enabled && package.enabled => Action::Enable,
            Some(old) if old.enabled && !package.enabled => Action::Disable,
            Some(_) => continue,
        };
        items.push(Item { action, before: old.cloned(), after: Some(package.clone()) });
    }
    for package in &before.packages {
        if after.get(&package.source, &package.id).is_none() {
            items.push(Item { action: Action::Remove, before: Some(package.clone()), after: None });
        }
    }
    items.sort_by(|a, b| (a.action, Key::of(a.package())).cmp(&(b.action, Key::of(b.package()))));
    items
}

/// Whether the player chose otherwise in one than in the other: what was asked for, held or left out, how ripe, which
/// features, from where, in which order. That alone moves no package.
pub fn chooses_otherwise(before: &Lock, after: &Lock) -> bool {
    // What packages are, and where they come from, is nobody's choice.
    let choices = |lock: &Lock| {
        let mut lock = lock.clone().sorted();
        lock.sources.clear();
        let packages = std::mem::take(&mut lock.packages).into_iter();
        let chosen = |of: LockedPackage| (of.source, of.id, of.wished, of.enabled, of.held, of.rank);
        (lock, packages.map(chosen).collect::<Vec<_>>())
    };
    choices(before) != choices(after)
}

/// What a player agrees to: the exact result, from the exact state it was shown for.
pub fn digest(before: &Lock, after: &Lock) -> String {
    let mut hasher = sha2::Sha256::new();
    hasher.update(before.to_text());
    hasher.update([0]);
    hasher.update(after.to_text());
    Sha256(hasher.finalize().into()).to_string()
}

#[cfg(test)]
mod tests {
    use muster_domain::{Archive, Kind, Version, Vouched};
    use proptest::prelude::*;

    use super::*;

    fn package(name: u8, archive: u8, enabled: bool) -> LockedPackage {
        LockedPackage {
            source: "ckan".parse().unwrap(),
            id: format!("mod-{name}").parse().unwrap(),
            version: Version::semver(&format!("1.0.{archive}")).unwrap(),
            kind: Kind(Kind::MOD.into()),
            archive: Archive { sha256: Sha256([archive; 32]), size: 1 },
            vouched: Vouched::Source,
            publisher_key: None,
            wished: true,
            enabled,
            rank: None,
            held: None,
            side: muster_domain::Side::Both,
            needs: vec![],
            recipe: None,
        }
    }

    fn locks() -> impl Strategy<Value = Lock> {
        prop::collection::btree_map(0u8..6, (0u8..3, any::<bool>()), 0..6).prop_map(|packages| {
            let packages =
                packages.into_iter().map(|(name, (archive, enabled))| package(name, archive, enabled));
            Lock { packages: packages.collect(), ..Lock::default() }.sorted()
        })
    }

    #[test]
    fn a_choice_is_what_the_player_says_and_not_what_a_package_is() {
        let with = |change: fn(&mut LockedPackage)| {
            let mut package = package(1, 1, true);
            change(&mut package);
            Lock { packages: vec![package], ..Lock::default() }
        };
        let before = with(|_| ());
        let facts: [fn(&mut LockedPackage); 3] = [
            |package| package.archive.size = 2,
            |package| package.needs = vec!["mod-2".parse().unwrap()],
            |package| package.version = Version::semver("2.0.0").unwrap(),
        ];
        assert!(facts.into_iter().all(|fact| !chooses_otherwise(&before, &with(fact))));
        let choices: [fn(&mut LockedPackage); 4] = [
            |package| package.wished = false,
            |package| package.enabled = false,
            |package| package.held = Some(String::new()),
            |package| package.rank = Some(1),
        ];
        assert!(choices.into_iter().all(|choice| chooses_otherwise(&before, &with(choice))));
        let beta = Lock { channel: muster_domain::Channel::Beta, ..before.clone() };
        assert!(chooses_otherwise(&before, &beta) && chooses_otherwise(&before, &Lock::default()));
    }

    proptest! {
        #[test]
        fn a_difference_applied_to_the_old_lock_gives_the_new_one(before in locks(), after in locks()) {
            let mut packages = before.packages.clone();
            for item in difference(&before, &after) {
                packages.retain(|package| Key::of(package) != Key::of(item.package()));
                packages.extend(item.after);
            }
            let result = Lock { packages, ..Lock::default() }.sorted();
            prop_assert_eq!(result, after.clone());
            prop_assert_eq!(digest(&before, &after) == digest(&before, &before), before == after);
        }
    }
}
