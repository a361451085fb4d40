//! When saves are snapshotted, and which snapshots go. Pure.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{Lock, PackageId, Sha256, SourceId, Version};
use serde::{Deserialize, Serialize};

use crate::placing::switched_on;

/// So many packages at once are a large change, whatever happens to them.
const MANY: usize = 10;

/// When saves are snapshotted by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SavesWhen {
    #[default]
    Off,
    /// Before changes that old saves may not survive: see [`is_large`].
    BeforeLarge,
}

/// What the player wants for the saves of one game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavesRules {
    pub when: SavesWhen,
    /// Most bytes that all snapshots take together; what is in several counts once.
    pub quota: u64,
    /// Most snapshots.
    pub keep: u32,
}

impl Default for SavesRules {
    fn default() -> Self {
        Self { when: SavesWhen::Off, quota: 1_000_000_000, keep: 10 }
    }
}

type Packages = BTreeMap<(SourceId, PackageId), Version>;

fn packages(lock: &Lock) -> Packages {
    let key = |package: &muster_domain::LockedPackage| (package.source.clone(), package.id.clone());
    switched_on(lock).map(|package| (key(package), package.version.clone())).collect()
}

/// The part of a version that changes when things stop working together: the first number, and the second one while the
/// first is zero.
fn generation(version: &Version) -> String {
    let text = version.to_string();
    let mut numbers = text.split(['.', '-', '+']);
    match (numbers.next().unwrap_or_default(), numbers.next()) {
        ("0", Some(second)) => format!("0.{second}"),
        (first, _) => first.to_owned(),
    }
}

/// Whether old saves may not survive a change: a package goes, or comes in an older version or another generation, or
/// many change at once. What is only added does saves no harm.
pub(crate) fn is_large(before: &Lock, after: &Lock) -> bool {
    let (before, after) = (packages(before), packages(after));
    let breaks = |(key, old): (&(SourceId, PackageId), &Version)| match after.get(key) {
        Some(new) => new < old || generation(new) != generation(old),
        None => true,
    };
    let added = after.keys().filter(|key| !before.contains_key(key)).count();
    let changed = before.iter().filter(|(key, old)| after.get(key) != Some(old)).count();
    before.iter().any(breaks) || !before.is_empty() && added + changed >= MANY
}

/// What a policy looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub number: u64,
    /// Bytes by hash.
    pub files: BTreeMap<Sha256, u64>,
}

/// Bytes of some snapshots together.
pub(crate) fn used<'m>(marks: impl IntoIterator<Item = &'m Mark>) -> u64 {
    let files: BTreeMap<&Sha256, u64> =
        marks.into_iter().flat_map(|mark| mark.files.iter().map(|(sha256, size)| (sha256, *size))).collect();
    files.into_values().sum()
}

/// The snapshots that go, the oldest first, until the rest keeps to the rules. The newest one stays, and what is
/// `needed`.
pub(crate) fn to_let_go(marks: &[Mark], needed: &BTreeSet<u64>, rules: &SavesRules) -> Vec<u64> {
    let mut left: BTreeMap<u64, &Mark> = marks.iter().map(|mark| (mark.number, mark)).collect();
    let newest = left.keys().next_back().copied();
    let mut gone = Vec::new();
    for number in left.keys().copied().collect::<Vec<_>>() {
        let fits = left.len() <= rules.keep as usize && used(left.values().copied()) <= rules.quota;
        if fits {
            break;
        }
        if Some(number) != newest && !needed.contains(&number) {
            left.remove(&number);
            gone.push(number);
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use muster_domain::{Archive, Kind, LockedPackage, Vouched};
    use proptest::prelude::*;

    use super::*;

    fn lock(packages: &[(&str, &str, bool)]) -> Lock {
        let package = |(id, version, enabled): &(&str, &str, bool)| LockedPackage {
            source: "local".parse().expect("a source"),
            id: id.parse().expect("an id"),
            version: Version::semver(version).expect("a version"),
            kind: Kind(Kind::MOD.into()),
            archive: Archive { sha256: Sha256([1; 32]), size: 1 },
            publisher_key: None,
            wished: true,
            enabled: *enabled,
            rank: None,
            side: muster_domain::Side::Both,
            needs: Vec::new(),
            recipe: None,
            vouched: Vouched::Source,
            held: None,
        };
        Lock { packages: packages.iter().map(package).collect(), ..Lock::default() }
    }

    #[test]
    fn a_change_is_large_if_old_saves_may_not_survive_it() {
        let before = lock(&[("a/x", "1.2.0", true), ("a/y", "0.3.0", true), ("a/off", "1.0.0", false)]);
        let with = |x: &str, y: &str| lock(&[("a/x", x, true), ("a/y", y, true)]);
        for (after, large) in [
            (with("1.2.0", "0.3.0"), false),
            (with("1.9.1", "0.3.7"), false),
            (with("2.0.0", "0.3.0"), true),
            (with("1.2.0", "0.4.0"), true),
            (with("1.1.9", "0.3.0"), true),
            (lock(&[("a/x", "1.2.0", true)]), true),
            (lock(&[("a/x", "1.2.0", true), ("a/y", "0.3.0", false)]), true),
            (lock(&[("a/x", "1.2.0", true), ("a/y", "0.3.0", true), ("a/z", "1.0.0", true)]), false),
            (Lock::default(), true),
        ] {
            assert_eq!(is_large(&before, &after), large, "{after:?}");
        }
        let ids: Vec<String> = (0..MANY).map(|number| format!("b/m{number}")).collect();
        let many: Vec<_> = ids.iter().map(|id| (id.as_str(), "1.0.0", true)).collect();
        assert!(!is_large(&Lock::default(), &lock(&many)), "a first installation finds no modded saves");
        let kept = [("a/x", "1.2.0", true)];
        assert!(is_large(&lock(&kept), &lock(&[&kept[..], &many[..]].concat())));
    }

    fn marks() -> impl Strategy<Value = Vec<Mark>> {
        let files = prop::collection::btree_map(0u8..12, 1u64..50, 0..6);
        prop::collection::vec(files, 0..8).prop_map(|all| {
            let mark = |(number, files): (usize, BTreeMap<u8, u64>)| Mark {
                number: number as u64,
                // Equal bytes have equal sizes.
                files: files.into_keys().map(|n| (Sha256([n; 32]), u64::from(n) * 7 + 1)).collect(),
            };
            all.into_iter().enumerate().map(mark).collect()
        })
    }

    proptest! {
        #[test]
        fn no_more_goes_than_the_rules_ask_for(
            marks in marks(),
            needed in prop::collection::btree_set(0u64..8, 0..2),
            quota in 0u64..300,
            keep in 0u32..8,
        ) {
            let rules = SavesRules { quota, keep, ..SavesRules::default() };
            let gone = to_let_go(&marks, &needed, &rules);
            let left: Vec<&Mark> = marks.iter().filter(|mark| !gone.contains(&mark.number)).collect();
            let fits = |left: &[&Mark]| {
                left.len() <= keep as usize && used(left.iter().copied()) <= quota
            };
            // The newest and what is needed stay.
            let newest = marks.iter().map(|mark| mark.number).max();
            prop_assert!(gone.iter().all(|number| Some(*number) != newest && !needed.contains(number)));
            let may_go = left.iter().any(|mark| Some(mark.number) != newest && !needed.contains(&mark.number));
            prop_assert!(fits(&left) || !may_go, "{gone:?}");
            // The last one that went had to.
            if let Some(last) = gone.last() {
                let with: Vec<&Mark> =
                    marks.iter().filter(|mark| mark.number == *last || !gone.contains(&mark.number)).collect();
                prop_assert!(!fits(&with));
            }
        }
    }
}
