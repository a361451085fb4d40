//! Between a profile and what is handed on of it. Pure.

use std::collections::BTreeSet;

use muster_domain::{FeatureId, Lock, LockedSource, SourceId, VersionRange};
use muster_registry::{SharedPackage, SharedProfile, SharedSource};

use crate::{ChangeRequest, ChooseFeature, Key, Wish, adopt::LOCAL};

/// What becomes of packages that the shared profile does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Others {
    /// They go: the profiles shall be equal.
    #[default]
    Go,
    /// They stay.
    Stay,
}

/// Whether others can get a package where its source says: not what lies on this machine only.
fn is_elsewhere(source: &SourceId) -> bool {
    source.as_str() != LOCAL
}

/// The packages of a lock that others can get, with their sources, and those that they cannot.
pub(super) fn shared(lock: &Lock) -> (Vec<SharedPackage>, Vec<SharedSource>, Vec<Key>) {
    let (ours, local): (Vec<_>, Vec<_>) =
        lock.packages.iter().partition(|package| is_elsewhere(&package.source));
    let packages = ours.iter().map(|package| SharedPackage {
        source: package.source.clone(),
        id: package.id.clone(),
        version: package.version.clone(),
        sha256: package.archive.sha256,
        wished: package.wished,
        enabled: package.enabled,
        rank: package.rank,
        features: lock.features_of(&package.source, &package.id),
        side: package.side,
    });
    let used: BTreeSet<&SourceId> = ours.iter().map(|package| &package.source).collect();
    let address =
        |id: &SourceId| lock.sources.iter().find(|source| source.id == *id).and_then(public_address);
    let sources = used.into_iter().map(|id| SharedSource { id: id.clone(), address: address(id) }).collect();
    (packages.collect(), sources, local.into_iter().map(Key::of).collect())
}

/// Folders of this machine say nothing to others, and something about the player.
fn public_address(source: &LockedSource) -> Option<String> {
    source.address.clone().filter(|address| address.contains("https://"))
}

/// Whether a package of a shared profile is of use where a lock is played, or is there already.
fn is_of_use(package: &SharedPackage, lock: &Lock) -> bool {
    package.side.is_needed_on(lock.side) || lock.get(&package.source, &package.id).is_some()
}

/// How many packages of a shared profile stay out because they are for the other side of a network game only.
pub(super) fn for_the_other_side(profile: &SharedProfile, lock: &Lock) -> usize {
    profile.packages.iter().filter(|package| !is_of_use(package, lock)).count()
}

/// The change that makes a lock what the shared profile says, as far as it is of use there. A change without anything
/// asked means that it is so.
pub(crate) fn request(profile: &SharedProfile, lock: &Lock, others: Others) -> ChangeRequest {
    let mut request = ChangeRequest { shared: Some(profile.name.clone()), ..ChangeRequest::default() };
    for package in profile.packages.iter().filter(|package| is_of_use(package, lock)) {
        let key = Key { source: package.source.clone(), id: package.id.clone() };
        let here = lock.get(&key.source, &key.id);
        let is_same = here.is_some_and(|here| {
            here.version == package.version
                && here.archive.sha256 == package.sha256
                // What the player wished for stays wished for where others stay.
                && (here.wished == package.wished || (here.wished && others == Others::Stay))
        });
        if !is_same {
            if !package.wished {
                request.needed.push(key.clone());
            }
            let range = VersionRange::only(&package.version).unwrap_or_default();
            request.install.push(Wish { key: key.clone(), range, sha256: Some(package.sha256) });
        }
        request.features.extend(choices(package, lock, others));
        // What is installed comes switched on.
        match (package.enabled, !is_same || here.is_none_or(|here| here.enabled)) {
            (false, true) => request.disable.push(key),
            (true, false) => request.enable.push(key),
            (true, true) | (false, false) => {}
        }
    }
    if others == Others::Go {
        let named = |key: &Key| {
            profile.packages.iter().any(|package| package.source == key.source && package.id == key.id)
        };
        let here = lock.packages.iter().filter(|package| is_elsewhere(&package.source)).map(Key::of);
        request.remove = here.filter(|key| !named(key)).collect();
    }
    request.order = order(profile, lock);
    request
}

/// What makes the features of a package those that its writer has: where others stay, what the reader chose besides.
fn choices(package: &SharedPackage, lock: &Lock, others: Others) -> Vec<ChooseFeature> {
    let key = Key { source: package.source.clone(), id: package.id.clone() };
    let here = lock.features_of(&key.source, &key.id);
    let is_other = |feature: &&FeatureId| others == Others::Go && !package.features.contains_key(*feature);
    let back = here.keys().filter(is_other).map(|feature| (feature, None));
    let chosen = package.features.iter().filter(|(feature, on)| here.get(*feature) != Some(*on));
    let choices = chosen.map(|(feature, on)| (feature, Some(*on))).chain(back);
    choices.map(|(feature, on)| ChooseFeature { key: key.clone(), feature: feature.clone(), on }).collect()
}

/// The load order that the writer chose, where it is not the one that is here.
fn order(profile: &SharedProfile, lock: &Lock) -> Option<Vec<Key>> {
    let mut ranked: Vec<(u32, Key)> = profile
        .packages
        .iter()
        .filter(|package| is_of_use(package, lock))
        .filter_map(|package| {
            Some((package.rank?, Key { source: package.source.clone(), id: package.id.clone() }))
        })
        .collect();
    ranked.sort();
    let mut here: Vec<(u32, Key)> =
        lock.packages.iter().filter_map(|package| Some((package.rank?, Key::of(package)))).collect();
    here.sort();
    let keys = |list: Vec<(u32, Key)>| list.into_iter().map(|(_, key)| key).collect::<Vec<Key>>();
    let (wanted, here) = (keys(ranked), keys(here));
    (!wanted.is_empty() && wanted != here).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use muster_domain::{Archive, Kind, LockedPackage, PackageFeature, Sha256, Side, Version, Vouched};
    use proptest::prelude::*;

    use super::*;

    fn package(name: u8, archive: u8, wished: bool, enabled: bool, rank: Option<u32>) -> LockedPackage {
        LockedPackage {
            source: "ckan".parse().unwrap(),
            id: format!("mod-{name}").parse().unwrap(),
            version: Version::semver(&format!("1.0.{archive}")).unwrap(),
            kind: Kind(Kind::MOD.into()),
            archive: Archive { sha256: Sha256([archive; 32]), size: 1 },
            publisher_key: None,
            wished,
            enabled,
            rank,
            side: muster_domain::Side::Both,
            needs: vec![],
            recipe: None,
            vouched: Vouched::Source,
            held: None,
        }
    }

    fn locks() -> impl Strategy<Value = Lock> {
        let one = (0u8..3, any::<bool>(), any::<bool>(), proptest::option::of(0u32..9));
        prop::collection::btree_map(0u8..6, one, 0..6).prop_map(|packages| {
            let packages = packages.into_iter().map(|(name, (archive, wished, enabled, rank))| {
                package(name, archive, wished, enabled, rank)
            });
            Lock { packages: packages.collect(), ..Lock::default() }.sorted()
        })
    }

    /// The same with choices of features of its packages.
    fn chosen_locks() -> impl Strategy<Value = Lock> {
        let choices = prop::collection::vec((0u8..6, 0u8..3, any::<bool>()), 0..8);
        (locks(), choices).prop_map(|(lock, choices)| {
            let chosen = choices.into_iter().map(|(name, feature, on)| PackageFeature {
                source: "ckan".parse().unwrap(),
                id: format!("mod-{name}").parse().unwrap(),
                feature: format!("f-{feature}").parse().unwrap(),
                on,
            });
            let chosen = chosen.filter(|of| lock.get(&of.source, &of.id).is_some()).collect();
            Lock { package_features: chosen, ..lock.clone() }.sorted()
        })
    }

    /// What the engine makes of the choices of a request.
    fn choices_after(lock: &Lock, request: &ChangeRequest, after: &Lock) -> Vec<PackageFeature> {
        let mut choices = crate::features::choices(lock, request);
        choices.retain(|of| after.get(&of.source, &of.id).is_some());
        Lock { package_features: choices, ..Lock::default() }.sorted().package_features
    }

    fn profile(lock: &Lock) -> SharedProfile {
        let (packages, sources, _) = shared(lock);
        SharedProfile {
            name: "crew".into(),
            game: "minetest".parse().unwrap(),
            version: 1,
            written: Timestamp::UNIX_EPOCH,
            note: String::new(),
            side: None,
            platform: None,
            owners: vec![],
            sources,
            packages,
        }
    }

    /// What the engine makes of a request, where every exact wish is fulfilled.
    fn carried_out(lock: &Lock, request: &ChangeRequest, from: &Lock) -> Lock {
        let mut packages: Vec<LockedPackage> = lock.packages.clone();
        packages.retain(|package| !request.remove.contains(&Key::of(package)));
        for wish in &request.install {
            let mut new = from.get(&wish.key.source, &wish.key.id).expect("named").clone();
            new.wished = !request.needed.contains(&wish.key);
            new.enabled = true;
            packages.retain(|package| Key::of(package) != wish.key);
            packages.push(new);
        }
        for package in &mut packages {
            let key = Key::of(package);
            package.enabled = match (request.enable.contains(&key), request.disable.contains(&key)) {
                (true, _) => true,
                (_, true) => false,
                _ => package.enabled,
            };
        }
        Lock { packages, ..Lock::default() }.sorted()
    }

    fn without_ranks(lock: &Lock) -> Lock {
        let packages = lock.packages.iter().cloned();
        let packages = packages.map(|package| LockedPackage { rank: None, ..package });
        Lock { packages: packages.collect(), ..Lock::default() }.sorted()
    }

    #[test]
    fn what_is_for_the_other_side_only_stays_out_and_what_is_there_is_not_taken_for_it() {
        let of_side = |name, side| LockedPackage { side, ..package(name, 1, true, true, Some(name.into())) };
        let wanted = Lock {
            packages: vec![of_side(1, Side::Both), of_side(2, Side::Server), of_side(3, Side::Client)],
            side: Side::Both,
            ..Lock::default()
        };
        let document = profile(&wanted);
        let asked = |lock: &Lock| -> Vec<String> {
            let request = request(&document, lock, Others::Go);
            assert!(request.remove.is_empty());
            let ordered = request.order.into_iter().flatten().map(|key| key.id.to_string());
            let installed = request.install.iter().map(|wish| wish.key.id.to_string());
            installed.chain(ordered).collect()
        };
        let player = Lock::default();
        assert_eq!(asked(&player), ["mod-1", "mod-3", "mod-1", "mod-3"], "an order names what comes only");
        assert_eq!(for_the_other_side(&document, &player), 1);
        let host = Lock { side: Side::Server, ..Lock::default() };
        assert_eq!(asked(&host), ["mod-1", "mod-2", "mod-1", "mod-2"]);
        let both = Lock { side: Side::Both, ..Lock::default() };
        assert_eq!((asked(&both).len(), for_the_other_side(&document, &both)), (6, 0));
        let here = Lock { packages: vec![of_side(2, Side::Server)], ..Lock::default() };
        assert_eq!(for_the_other_side(&document, &here), 0, "what is installed stays");
    }

    proptest! {
        #[test]
        fn a_profile_that_was_handed_on_makes_another_one_equal(before in chosen_locks(), wanted in chosen_locks()) {
            let request = request(&profile(&wanted), &before, Others::Go);
            let after = carried_out(&before, &request, &wanted);
            prop_assert_eq!(without_ranks(&after), without_ranks(&wanted));
            prop_assert_eq!(choices_after(&before, &request, &after), wanted.package_features);
        }

        #[test]
        fn an_equal_profile_asks_for_nothing(lock in chosen_locks()) {
            prop_assert!(request(&profile(&lock), &lock, Others::Go).is_empty());
        }

        #[test]
        fn where_others_stay_nothing_goes(before in chosen_locks(), wanted in chosen_locks()) {
            let request = request(&profile(&wanted), &before, Others::Stay);
            prop_assert!(request.remove.is_empty());
            let after = carried_out(&before, &request, &wanted);
            for package in &before.packages {
                prop_assert!(after.get(&package.source, &package.id).is_some());
            }
            let chosen = choices_after(&before, &request, &after);
            for of in &before.package_features {
                let same = |other: &&PackageFeature| other.id == of.id && other.feature == of.feature;
                let theirs = wanted.package_features.iter().find(same);
                prop_assert_eq!(chosen.iter().find(same), theirs.or(Some(of)));
            }
        }
    }

    #[test]
    fn what_is_on_this_machine_only_is_left_out_and_said_so_and_stays() {
        let mut lock = Lock::default();
        let mut own = package(1, 1, true, true, None);
        own.source = LOCAL.parse().unwrap();
        lock.packages = vec![own.clone(), package(2, 1, true, true, None)];
        lock.sources =
            vec![LockedSource { id: "ckan".parse().unwrap(), address: Some("/home/me/index".into()) }];
        let (packages, sources, left_out) = shared(&lock);
        assert_eq!((packages.len(), left_out), (1, vec![Key::of(&own)]));
        assert_eq!(sources[0].address, None, "a folder of this machine says nothing to others");
        assert!(
            request(&profile(&Lock::default()), &lock, Others::Go)
                .remove
                .iter()
                .all(|key| *key != Key::of(&own))
        );
    }
}
