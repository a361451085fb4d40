//! Founding, admitting, publishing, renewing, looking over (and T-30 to T-32, T-39 through a whole registry).
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, sync::Arc};

use muster_domain::{Channel, Publisher, Version};
use muster_registry::{
    KeySet, SigningKey,
    author::{self, Admission, AsRepository, Files, Lifetimes, Problem, amend, publish, set_rotations},
    decode_shard, layout,
    pin::{Decision, Pin, Record, decide},
};

use crate::support::{World, code, days, key, name, publication};

async fn problems(world: &World) -> Vec<String> {
    let repository = Arc::new(AsRepository(world.files.clone()));
    let found = author::verify(repository, &world.files, world.now).await.unwrap();
    found.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_registry_of_two_publishers_is_small_and_without_problems() {
    let world = World::usual();
    assert_eq!(problems(&world).await, Vec::<String>::new());
    let (metadata, _) = world.files.all();
    let shards = metadata.keys().filter(|name| name.contains("shard-")).count();
    assert_eq!(shards, 2);
    assert!(metadata["1.root.json"].len() < 2000);
}

#[tokio::test]
async fn the_maintainer_sees_what_is_wrong() {
    let world = World::usual();
    let archive = |publisher: &str| {
        let files = world.files.all().1;
        files.keys().find(|file| file.contains(publisher) && file.ends_with(".muster")).unwrap().clone()
    };
    world.files.put_target(&archive("alice"), b"other".to_vec());
    world.admit("alicc", &key(11));
    world.refresh();
    let found = problems(&world).await;
    assert!(found.iter().any(|problem| problem.ends_with("not the signed bytes")), "{found:?}");
    assert!(found.iter().any(|problem| problem.contains("same key")), "{found:?}");
    assert!(found.iter().any(|problem| problem == "alice looks like alicc"), "{found:?}");

    let mut world = World::usual();
    world.now += days(13);
    let found = problems(&world).await;
    assert!(found.iter().any(|problem| problem.starts_with("must be signed again")), "{found:?}");
    world.now += days(13);
    let repository = Arc::new(AsRepository(world.files.clone()));
    let found = author::verify(repository, &world.files, world.now).await.unwrap();
    assert!(found[0].is_error());
}

#[tokio::test]
async fn a_registry_can_hold_for_ten_years_untouched() {
    let world = World::with(Lifetimes::all(days(3653)));
    world.admit("alice", &key(11));
    world.publish("alice/trees", "1.0.0", &key(11));
    world.refresh();
    let client = world.client().await;
    let late = world.now + days(3650);
    client.refresh(late).await.unwrap();
    assert_eq!(client.releases(late, &name("alice/trees")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn t39_published_bytes_never_change() {
    let world = World::usual();
    let again = publish(&world.files, publication("alice/trees", "1.0.0", b""), &[&key(11)], world.moment());
    assert!(again.is_ok(), "the same bytes renew the description");
    let other = publish(&world.files, publication("alice/trees", "1.0.0", b"x"), &[&key(11)], world.moment());
    assert_eq!(code(other), "registry-already-published");
}

#[tokio::test]
async fn only_the_right_keys_sign() {
    let world = World::usual();
    let new = || publication("alice/trees", "2.0.0", b"");
    assert_eq!(code(publish(&world.files, new(), &[&key(12)], world.moment())), "registry-wrong-key");
    assert_eq!(code(publish(&world.files, new(), &[], world.moment())), "registry-wrong-key");
    let stranger = publication("carol/trees", "1.0.0", b"");
    assert_eq!(code(publish(&world.files, stranger, &[&key(13)], world.moment())), "registry-not-admitted");
    let carol: Publisher = "carol".parse().unwrap();
    let keys = KeySet::single(key(13).public());
    let by_online =
        author::admit(&world.files, (&carol, &keys), Admission::First, &[&world.online], world.moment());
    assert_eq!(code(by_online), "registry-wrong-key");
    let alice: Publisher = "alice".parse().unwrap();
    let twice =
        author::admit(&world.files, (&alice, &keys), Admission::First, &[&world.offline], world.moment());
    assert_eq!(code(twice), "registry-already-admitted");
    let beside = author::introduce(&world.files, (&alice, &keys), &world.online, world.moment());
    assert_eq!(code(beside), "registry-already-admitted");
    assert_eq!(code(author::refresh(&world.files, &world.offline, world.moment())), "registry-wrong-key");
}

#[tokio::test]
async fn a_team_signs_together() {
    let world = World::new();
    let (one, two, three) = (key(31), key(32), key(33));
    let team = KeySet::new([one.public(), two.public(), three.public()], 2).unwrap();
    let publisher: Publisher = "team".parse().unwrap();
    let change =
        author::admit(&world.files, (&publisher, &team), Admission::First, &[&world.offline], world.moment())
            .unwrap();
    world.apply(&change);
    let release = || publication("team/trees", "1.0.0", b"");
    assert_eq!(code(publish(&world.files, release(), &[&one], world.moment())), "registry-wrong-key");
    assert_eq!(code(publish(&world.files, release(), &[&one, &one], world.moment())), "registry-wrong-key");
    world.apply(&publish(&world.files, release(), &[&one, &three], world.moment()).unwrap().change);
    world.refresh();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let releases = client.releases(world.now, &name("team/trees")).await.unwrap();
    assert_eq!(releases[0].publisher_key, team.fingerprint());
}

#[tokio::test]
async fn a_withdrawn_version_stays_and_says_why() {
    let world = World::usual();
    let version = Version::semver("1.0.0").unwrap();
    let change = amend(
        &world.files,
        (&name("alice/trees"), &version),
        |description| {
            description.yanked = Some("breaks saves".into());
            description.channel = Channel::Beta;
        },
        &[&key(11)],
        world.moment(),
    );
    world.apply(&change.unwrap());
    world.refresh();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let releases = client.releases(world.now, &name("alice/trees")).await.unwrap();
    assert_eq!(releases[0].release.yanked.as_deref(), Some("breaks saves"));
    assert_eq!(releases[0].release.channel, Channel::Beta);
}

#[tokio::test]
async fn the_refresh_leaves_out_what_does_not_verify_and_never_goes_back() {
    let world = World::usual();
    world.forge("1.pub.alice.json", "2.pub.alice.json", &[&key(99)], |signed| signed["version"] = 2.into());
    world.publish("bobby/trees", "1.1.0", &key(12));
    let refreshed = world.refresh();
    assert!(matches!(&refreshed.problems[..], [Problem::Refused { role, .. }] if role == "pub.alice"));
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.releases(world.now, &name("alice/trees")).await.unwrap().len(), 1);
    assert_eq!(client.releases(world.now, &name("bobby/trees")).await.unwrap().len(), 2);
    // Alice signs on top of what she signed, not of what lies there.
    world.publish("alice/trees", "1.1.0", &key(11));
    assert!(world.files.metadata("3.pub.alice.json").unwrap().is_some());
    assert!(world.refresh().problems.is_empty());
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.releases(world.now, &name("alice/trees")).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_author_never_signs_what_somebody_else_put_into_the_folder() {
    let world = World::usual();
    let own = layout::archive_path(&name("alice/trees"), &Version::semver("1.0.0").unwrap());
    world.forge("1.pub.alice.json", "2.pub.alice.json", &[&key(99)], |signed| {
        signed["version"] = 2.into();
        let entry = signed["targets"][&own].clone();
        signed["targets"][own.replace("1.0.0", "6.6.6")] = entry;
    });
    world.publish("alice/trees", "1.1.0", &key(11));
    let signed = String::from_utf8(world.served("3.pub.alice.json")).unwrap();
    assert!(signed.contains("1.1.0") && !signed.contains("6.6.6"));
    let shard = layout::shard_role(&"alice".parse().unwrap());
    world.forge(&format!("1.{shard}.json"), &format!("2.{shard}.json"), &[&key(99)], |signed| {
        signed["version"] = 2.into();
    });
    let alice: Publisher = "alice".parse().unwrap();
    let keys = KeySet::single(key(13).public());
    let moment = world.moment();
    let refused =
        author::admit(&world.files, (&alice, &keys), Admission::Recovery, &[&world.offline], moment);
    assert_eq!(code(refused), "registry-signature");
}

#[tokio::test]
async fn the_catalogue_lists_every_package_and_unchanged_shards_keep_their_hash() {
    let world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let shards = client.catalogue(world.now).await.unwrap();
    assert_eq!(shards.len(), 1);
    let entries = decode_shard(&client.fetch(&shards[0], 1 << 20).await.unwrap()).unwrap();
    let ids: Vec<String> = entries.iter().map(|entry| entry.id.to_string()).collect();
    assert_eq!(ids, ["alice/trees", "bobby/trees"]);
    assert_eq!(entries[0].display.title, "The title of alice/trees");
    let hint = entries[0].releases(&client.source_id()).next().unwrap();
    let fact = client.releases(world.now, &name("alice/trees")).await.unwrap().remove(0).release;
    assert_eq!(hint, fact, "an honest catalogue hints at the facts");
    let change = world.refresh().change;
    let written: Vec<&String> = change.metadata.iter().map(|(name, _)| name).collect();
    assert_eq!(written, ["timestamp.json"], "nothing else changed");
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.catalogue(world.now).await.unwrap(), shards);
}

#[tokio::test]
async fn daily_renewal_keeps_a_registry_alive() {
    let mut world = World::usual();
    world.introduce("carol", &key(13));
    world.publish("carol/trees", "1.0.0", &key(13));
    world.refresh();
    let client = world.client().await;
    for _ in 0..60 {
        world.now += days(1);
        assert!(world.refresh().problems.is_empty());
        client.refresh(world.now).await.unwrap();
        let shard = client.catalogue(world.now).await.unwrap().remove(0);
        assert_eq!(decode_shard(&client.fetch(&shard, 1 << 20).await.unwrap()).unwrap().len(), 3);
    }
    for package in ["alice/trees", "carol/trees"] {
        assert_eq!(client.releases(world.now, &name(package)).await.unwrap().len(), 1, "{package}");
    }
    assert_eq!(client.catalogue(world.now).await.unwrap().len(), 1);
}

/// Gives alice's name to another key, with the offline key.
fn replace_keys(world: &World, new: &SigningKey) {
    let alice: Publisher = "alice".parse().unwrap();
    let keys = KeySet::single(new.public());
    let change =
        author::admit(&world.files, (&alice, &keys), Admission::Recovery, &[&world.offline], world.moment());
    world.apply(&change.unwrap());
    world.publish("alice/trees", "1.1.0", new);
    world.refresh();
}

#[tokio::test]
async fn t30_t31_pins_see_through_a_change_of_keys() {
    let world = World::usual();
    let alice: Publisher = "alice".parse().unwrap();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let none = BTreeSet::new();
    let seen = client.publisher(world.now, &alice).await.unwrap().keys;
    let Decision::First(pin) = decide(None, &seen, &[], &none) else { panic!("nothing was pinned") };

    let new = key(21);
    replace_keys(&world, &new);
    client.refresh(world.now).await.unwrap();
    let seen = client.publisher(world.now, &alice).await.unwrap().keys;
    let records = client.rotations(world.now, &alice).await.unwrap();
    let decision = decide(Some(&pin), &seen, &records, &none);
    assert_eq!(code(decision.into_result(&alice, Some(pin.clone()))), "registry-key-changed");

    let record = Record::sign(&pin.keys, Some(&seen), 1, &[&key(11)]).unwrap();
    world.apply(&set_rotations(&world.files, &alice, &[record], &[&new], world.moment()).unwrap());
    world.refresh();
    client.refresh(world.now).await.unwrap();
    let records = client.rotations(world.now, &alice).await.unwrap();
    assert_eq!(
        decide(Some(&pin), &seen, &records, &none),
        Decision::Rotated(Pin { keys: seen, sequence: 1 })
    );
}

#[tokio::test]
async fn t32_a_publisher_can_withdraw_its_own_key() {
    let world = World::usual();
    let alice: Publisher = "alice".parse().unwrap();
    let keys = KeySet::single(key(11).public());
    let record = Record::sign(&keys, None, 1, &[&key(11)]).unwrap();
    world.apply(&set_rotations(&world.files, &alice, &[record], &[&key(11)], world.moment()).unwrap());
    world.refresh();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let records = client.rotations(world.now, &alice).await.unwrap();
    let decision = decide(None, &keys, &records, &BTreeSet::new());
    assert_eq!(code(decision.into_result(&alice, None)), "registry-key-revoked");
}

#[tokio::test]
async fn a_registry_lives_on_by_yearly_renewal() {
    let mut world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    for year in 1..=3 {
        world.now += days(350);
        let change = author::renew(&world.files, None, &[&world.offline], world.moment()).unwrap();
        world.apply(&change);
        assert!(world.refresh().problems.is_empty());
        assert_eq!(client.refresh(world.now).await.unwrap().root_version, 1 + year);
        assert_eq!(client.releases(world.now, &name("alice/trees")).await.unwrap().len(), 1);
    }
    assert_eq!(
        code(author::renew(&world.files, None, &[&world.online], world.moment())),
        "registry-wrong-key"
    );
}

#[tokio::test]
async fn maintainers_and_the_online_key_can_be_replaced() {
    let mut world = World::usual();
    world.introduce("carol", &key(13));
    world.publish("carol/trees", "1.0.0", &key(13));
    world.refresh();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let (one, two, online) = (key(41), key(42), key(43));
    let team = KeySet::new([one.public(), two.public()], 2).unwrap();
    let succession = author::Succession {
        root: team.clone(),
        targets: KeySet::single(one.public()),
        online: online.public(),
    };
    let with =
        |signers: &[&SigningKey]| author::renew(&world.files, Some(&succession), signers, world.moment());
    assert_eq!(code(with(&[&one, &two])), "registry-wrong-key", "the old maintainer must agree");
    assert_eq!(code(with(&[&world.offline, &one])), "registry-wrong-key", "so must the new ones");
    let change = with(&[&world.offline, &one, &two]).unwrap();
    world.apply(&change);
    assert_eq!(code(author::refresh(&world.files, &world.online, world.moment())), "registry-wrong-key");
    (world.online, world.offline) = (online, one);
    world.refresh();
    for client in [client, world.fresh_client().await] {
        assert!(!client.refresh(world.now).await.unwrap().single_maintainer);
        assert_eq!(client.releases(world.now, &name("alice/trees")).await.unwrap().len(), 1);
        assert_eq!(client.catalogue(world.now).await.unwrap().len(), 1);
        assert_eq!(code(client.releases(world.now, &name("carol/trees")).await), "registry-not-found");
    }
    world.admit("carol", &key(13));
    assert!(world.refresh().problems.is_empty());
}
