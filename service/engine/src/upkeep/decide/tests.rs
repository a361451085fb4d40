use muster_domain::{Archive, Kind, LockedPackage, Sha256, Version};
use proptest::prelude::*;

use super::*;

fn package(name: u8, version: u8) -> LockedPackage {
    LockedPackage {
        source: "ckan".parse().unwrap(),
        id: format!("mod-{name}").parse().unwrap(),
        version: Version::semver(&format!("1.{version}.0")).unwrap(),
        kind: Kind(Kind::MOD.into()),
        archive: Archive { sha256: Sha256([version; 32]), size: 1 },
        vouched: Vouched::Source,
        publisher_key: None,
        wished: true,
        enabled: true,
        rank: None,
        held: None,
        side: muster_domain::Side::Both,
        needs: vec![],
        recipe: None,
    }
}

fn subscription(name: u8, policy: UpdatePolicy) -> Subscription {
    Subscription { key: Key::of(&package(name, 0)), policy }
}

fn lock(names: impl IntoIterator<Item = u8>) -> Lock {
    Lock { packages: names.into_iter().map(|name| package(name, 1)).collect(), ..Lock::default() }
}

fn policies() -> impl Strategy<Value = UpdatePolicy> {
    prop_oneof![Just(UpdatePolicy::Off), Just(UpdatePolicy::Fetch), Just(UpdatePolicy::Apply)]
}

fn upkeeps() -> impl Strategy<Value = Upkeep> {
    let wanted = prop::collection::vec((0u8..6, policies()), 0..8);
    (policies(), wanted).prop_map(|(policy, wanted)| {
        let mut upkeep = Upkeep { policy, ..Upkeep::default() };
        wanted.into_iter().for_each(|(name, policy)| upkeep.subscribe(subscription(name, policy)));
        upkeep
    })
}

fn situations() -> impl Strategy<Value = Situation> {
    let policy = prop_oneof![Just(UpdatePolicy::Fetch), Just(UpdatePolicy::Apply)];
    (policy, 0u64..3, 0u64..3, any::<[bool; 6]>()).prop_map(|(policy, missing, room, flags)| {
        let [is_free, has_awaited, is_playing, is_played, is_busy, is_offline] = flags;
        Situation { policy, is_free, missing, has_awaited, room, is_playing, is_played, is_busy, is_offline }
    })
}

/// How far a scope list takes a package.
fn reach(scopes: &[(UpdatePolicy, Scope)], key: &Key) -> UpdatePolicy {
    let covers = |scope: &Scope| match scope {
        Scope::Everything => true,
        Scope::Only(keys) => keys.contains(key),
    };
    let policies = scopes.iter().filter(|(_, scope)| covers(scope)).map(|(policy, _)| *policy);
    policies.max().unwrap_or_default()
}

proptest! {
    #[test]
    fn a_package_goes_as_far_as_the_profile_or_its_subscription_says(upkeep in upkeeps(), names in prop::collection::btree_set(0u8..6, 0..6)) {
        let lock = lock(names);
        let scopes = upkeep.scopes(&lock);
        prop_assert!(!upkeep.is_off() || scopes.is_empty());
        for package in &lock.packages {
            let key = Key::of(package);
            let own = upkeep.subscriptions.iter().find(|one| one.key == key).map(|one| one.policy);
            prop_assert_eq!(reach(&scopes, &key), own.unwrap_or_default().max(upkeep.policy));
        }
        for (_, scope) in &scopes {
            if let Scope::Only(keys) = scope {
                prop_assert!(!keys.is_empty() && keys.iter().all(|key| lock.get(&key.source, &key.id).is_some()));
            }
        }
    }

    #[test]
    fn the_last_word_about_a_package_counts(mut upkeep in upkeeps(), name in 0u8..6, policy in policies()) {
        let new = subscription(name, policy);
        upkeep.subscribe(new.clone());
        let found: Vec<_> = upkeep.subscriptions.iter().filter(|one| one.key == new.key).collect();
        prop_assert_eq!(found, if policy == UpdatePolicy::Off { vec![] } else { vec![&new] });
        let text = serde_json::to_value(&upkeep).unwrap();
        prop_assert_eq!(serde_json::from_value::<Upkeep>(text).unwrap(), upkeep);
    }

    #[test]
    fn nothing_moves_while_somebody_plays_or_against_the_player(now in situations()) {
        let step = next(&now);
        prop_assert_eq!(step == Step::Tell, !now.is_free, "whatever needs a word is told, and nothing else is done");
        if step == Step::Fetch {
            prop_assert!(!now.is_playing && !now.is_offline && now.missing > 0 && now.missing <= now.room);
        }
        if step == Step::Apply {
            prop_assert!(now.policy == UpdatePolicy::Apply && now.missing == 0);
            prop_assert!(!now.is_played && !now.is_busy);
            prop_assert!(!now.has_awaited || (!now.is_playing && !now.is_offline));
        }
        if step == Step::Ready {
            prop_assert!(now.policy == UpdatePolicy::Fetch && now.missing == 0);
        }
    }

    #[test]
    fn a_quiet_machine_with_room_gets_there(now in situations()) {
        let quiet = Situation { is_free: true, is_playing: false, is_played: false, is_busy: false, is_offline: false, room: 9, ..now };
        let first = next(&quiet);
        prop_assert_eq!(first == Step::Fetch, quiet.missing > 0);
        let then = next(&Situation { missing: 0, ..quiet });
        prop_assert_eq!(then, if quiet.policy == UpdatePolicy::Apply { Step::Apply } else { Step::Ready });
    }
}

#[test]
fn a_release_is_ripe_after_two_days_to_the_second() {
    let seen = Timestamp::from_second(1_800_000_000).unwrap();
    let at = |hours: i64, seconds: i64| seen + SignedDuration::from_secs(hours * 3600 + seconds) - WAIT;
    assert!(!is_ripe(seen, at(0, 0)) && !is_ripe(seen, at(47, 3599)));
    assert!(is_ripe(seen, at(48, 0)) && is_ripe(seen, at(480, 0)));
}

fn item(action: Action, before: Option<LockedPackage>, after: Option<LockedPackage>) -> Item {
    Item { action, before, after }
}

#[test]
fn a_plain_update_is_free_and_everything_else_is_the_players_to_decide() {
    let update = item(Action::Change, Some(package(1, 1)), Some(package(1, 2)));
    let addition = item(Action::Add, None, Some(package(2, 1)));
    let codes =
        |items: &[Item], stranger: Option<&PackageId>, notices: &[(Reason, bool)], files: &[String]| {
            let reasons = objections(items, stranger, notices, files);
            reasons.into_iter().map(|reason| reason.code).collect::<Vec<_>>()
        };
    let held = (Reason::new("held"), false);
    assert!(codes(&[update.clone(), addition], None, &[held], &[]).is_empty());
    let removal = item(Action::Remove, Some(package(3, 1)), None);
    assert_eq!(codes(&[update.clone(), removal], None, &[], &[]), ["upkeep-removes"]);
    let older = item(Action::Change, Some(package(1, 2)), Some(package(1, 1)));
    assert_eq!(codes(&[older], None, &[], &[]), ["upkeep-older"]);
    let name: PackageId = "mod-9".parse().unwrap();
    assert_eq!(codes(std::slice::from_ref(&update), Some(&name), &[], &[]), ["upkeep-stranger"]);
    let publisher = (Reason::new("new-publisher"), false);
    assert_eq!(codes(std::slice::from_ref(&update), Some(&name), &[publisher], &[]), ["new-publisher"]);
    let blocking = (Reason::new("publisher-key-changed"), true);
    assert_eq!(codes(std::slice::from_ref(&update), None, &[blocking], &[]), ["publisher-key-changed"]);
    assert_eq!(codes(&[update], None, &[], &["mods/a".to_owned()]), ["changed-by-hand"]);
}
