//! What one publisher, or the online key, can do to the others: nothing (T-01 to T-04, T-10, T-11, T-16).
#![allow(clippy::unwrap_used)]

use muster_registry::{Trust, layout};
use serde_json::{Value, json};

use crate::support::{World, code, days, key, name};

/// Two publishers that share no shard, so that a damaged one is alone in its shard, and one that shares alice's.
fn path_of(publisher: &str, package: &str) -> String {
    let version = muster_domain::Version::semver("1.0.0").unwrap();
    layout::archive_path(&name(&format!("{publisher}/{package}")), &version)
}

async fn only_alice_fails(world: &World, expected: &str) {
    let client = world.fresh_client().await;
    client.refresh(world.now).await.unwrap();
    assert_eq!(code(client.releases(world.now, &name("alice/trees")).await), expected);
    let others = client.releases(world.now, &name("bobby/trees")).await.unwrap();
    assert_eq!(others.len(), 1);
    assert_eq!(others[0].trust, Trust::Admitted);
}

#[tokio::test]
async fn releases_come_from_the_publishers_own_role() {
    let world = World::usual();
    let client = world.client().await;
    let refreshed = client.refresh(world.now).await.unwrap();
    assert!(refreshed.changed && refreshed.single_maintainer);
    let releases = client.releases(world.now, &name("alice/trees")).await.unwrap();
    let release = &releases[0].release;
    assert_eq!((release.id.as_str(), release.version.to_string().as_str()), ("alice/trees", "1.0.0"));
    assert_eq!(release.source, client.source_id());
    assert_eq!(releases[0].custom.display.title, "The title of alice/trees");
    let manifest = releases[0].sibling(layout::Sibling::Manifest, &releases[0].custom.manifest);
    assert_eq!(client.fetch(&manifest, 1000).await.unwrap(), b"name: alice/trees\n");
    assert_eq!(client.target(world.now, &manifest.path).await.unwrap(), manifest);
    assert_eq!(code(client.releases(world.now, &name("alice/rocks")).await), "registry-not-found");
    assert_eq!(code(client.releases(world.now, &name("carol/rocks")).await), "registry-not-found");
    assert!(!client.refresh(world.now).await.unwrap().changed);
}

#[tokio::test]
async fn t01_a_broken_publisher_hurts_nobody_else() {
    let world = World::usual();
    world.forge("1.pub.alice.json", "2.pub.alice.json", &[&key(11)], |signed| {
        signed["version"] = 2.into();
        signed["expires"] = "2026-10-01T00:00:00Z".into();
    });
    world.sign_online(|meta| meta["pub.alice.json"]["version"] = 2.into());
    only_alice_fails(&world, "registry-expired").await;

    let world = World::usual();
    world.forge("1.pub.alice.json", "2.pub.alice.json", &[&key(99)], |signed| signed["version"] = 2.into());
    world.sign_online(|meta| meta["pub.alice.json"]["version"] = 2.into());
    only_alice_fails(&world, "registry-signature").await;

    let world = World::usual();
    world.sign_online(|meta| drop(meta.as_object_mut().unwrap().remove("pub.alice.json")));
    only_alice_fails(&world, "registry-delegated-missing").await;

    let world = World::usual();
    world.repository.remove_metadata("1.pub.alice.json");
    only_alice_fails(&world, "registry-missing-file").await;

    let world = World::usual();
    world.repository.fail(".pub.alice.json");
    only_alice_fails(&world, "registry-transport").await;

    let world = World::usual();
    world.repository.put_metadata("1.pub.alice.json", b"{\"signed\":{\"version\":1,\"version\":2}}".to_vec());
    only_alice_fails(&world, "registry-malformed").await;
}

#[tokio::test]
async fn t01_three_hundred_publishers_and_every_third_is_broken() {
    let world = World::new();
    for number in 0..300u32 {
        let key = muster_registry::SigningKey::from_seed(muster_registry::sha256(&number.to_le_bytes()).0);
        world.admit(&format!("pub{number}"), &key);
        world.publish(&format!("pub{number}/trees"), "1.0.0", &key);
    }
    assert!(world.refresh().problems.is_empty());
    t24_cost_of_the_first_and_the_next_look_up(&world).await;
    for number in (0..300).step_by(3) {
        match number % 2 {
            0 => world.repository.remove_metadata(&format!("1.pub.pub{number}.json")),
            _ => world.repository.put_metadata(&format!("1.pub.pub{number}.json"), b"{}".to_vec()),
        }
    }
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    for number in 0..300 {
        let releases = client.releases(world.now, &name(&format!("pub{number}/trees"))).await;
        assert_eq!(releases.is_ok(), number % 3 != 0, "publisher {number}");
    }
}

/// T-24 in small: what is fetched does not grow with the number of publishers, but for the snapshot's 30 bytes each.
async fn t24_cost_of_the_first_and_the_next_look_up(world: &World) {
    let client = world.client().await;
    world.repository.take_requests();
    client.refresh(world.now).await.unwrap();
    client.releases(world.now, &name("pub7/trees")).await.unwrap();
    let first = world.repository.take_requests();
    let bytes: u64 = first.iter().map(|(_, bytes)| bytes).sum();
    assert!(first.len() <= 8 && bytes < 200_000, "{bytes} bytes in {first:?}");
    let restarted = world.client().await;
    restarted.refresh(world.now).await.unwrap();
    restarted.releases(world.now, &name("pub7/trees")).await.unwrap();
    let next = world.repository.take_requests();
    let bytes: u64 = next.iter().map(|(_, bytes)| bytes).sum();
    assert!(next.len() <= 2 && bytes <= 5000, "{bytes} bytes in {next:?}");
}

#[tokio::test]
async fn t02_a_publisher_cannot_speak_for_another() {
    let world = World::usual();
    let foreign = path_of("bobby", "rocks");
    let own = path_of("alice", "trees");
    world.forge("1.pub.alice.json", "2.pub.alice.json", &[&key(11)], |signed| {
        signed["version"] = 2.into();
        let entry = signed["targets"][&own].clone();
        signed["targets"][&foreign] = entry;
    });
    world.sign_online(|meta| meta["pub.alice.json"]["version"] = 2.into());
    let client = world.fresh_client().await;
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.releases(world.now, &name("alice/trees")).await.unwrap().len(), 1);
    assert_eq!(code(client.releases(world.now, &name("bobby/rocks")).await), "registry-not-found");
    assert_eq!(code(client.target(world.now, &foreign).await), "registry-not-found");
}

/// The online key delegates `alice` to the attacker in `new-xx` and signs a forged role of that name.
fn hijack(world: &World, rename: impl FnOnce(&mut Value)) {
    let attacker = key(66);
    let shard = layout::shard_of(&"alice".parse().unwrap());
    world.forge(
        &format!("1.shard-{shard}.json"),
        &format!("1.new-{shard}.json"),
        &[&world.online],
        |signed| {
            let id = attacker.public().key_id();
            let public = attacker.public().to_hex();
            signed["delegations"]["keys"] =
                json!({ &id: { "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": public } } });
            for role in signed["delegations"]["roles"].as_array_mut().unwrap() {
                role["keyids"] = json!([id]);
            }
        },
    );
    world.forge("1.pub.alice.json", "2.pub.alice.json", &[&attacker], |signed| signed["version"] = 2.into());
    world.sign_online(|meta| {
        meta["pub.alice.json"]["version"] = 2.into();
        meta[format!("new-{shard}.json")] = json!({ "version": 1 });
        rename(meta);
    });
}

#[tokio::test]
async fn t03_the_online_key_cannot_override_an_admitted_publisher() {
    let world = World::usual();
    hijack(&world, |_| {});
    only_alice_fails(&world, "registry-signature").await;
}

#[tokio::test]
async fn t04_leaving_the_shard_out_does_not_hand_its_publishers_to_the_online_key() {
    let world = World::usual();
    let shard = layout::shard_role(&"alice".parse().unwrap());
    hijack(&world, |meta| drop(meta.as_object_mut().unwrap().remove(&format!("{shard}.json"))));
    only_alice_fails(&world, "registry-delegated-missing").await;

    let world = World::usual();
    hijack(&world, |meta| drop(meta.as_object_mut().unwrap().remove("pub.alice.json")));
    only_alice_fails(&world, "registry-delegated-missing").await;
}

#[tokio::test]
async fn t04_altered_archives_and_older_versions_are_refused() {
    let world = World::usual();
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    let release = client.releases(world.now, &name("alice/trees")).await.unwrap().remove(0);
    world.repository.put_target(&release.target.file, b"altered archive bytes".to_vec());
    assert_eq!(code(client.fetch(&release.target, 1000).await), "registry-transport", "longer than signed");
    let mut altered = crate::support::archive_bytes("alice/trees", "1.0.0", b"");
    altered[0] ^= 1;
    world.repository.put_target(&release.target.file, altered);
    assert_eq!(code(client.fetch(&release.target, 1000).await), "registry-hash-mismatch");

    world.publish("alice/trees", "1.1.0", &key(11));
    world.refresh();
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.releases(world.now, &name("alice/trees")).await.unwrap().len(), 2);
    world.sign_online(|meta| meta["pub.alice.json"]["version"] = 1.into());
    assert_eq!(code(client.refresh(world.now).await), "registry-rollback");
    assert_eq!(
        client.releases(world.now, &name("alice/trees")).await.unwrap().len(),
        2,
        "the old state stays"
    );
}

#[tokio::test]
async fn newcomers_are_marked_and_give_way_to_an_admission() {
    let world = World::usual();
    world.introduce("carol", &key(13));
    world.publish("carol/trees", "1.0.0", &key(13));
    assert!(world.refresh().problems.is_empty());
    let client = world.client().await;
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.releases(world.now, &name("carol/trees")).await.unwrap()[0].trust, Trust::New);
    world.admit("carol", &key(13));
    world.refresh();
    client.refresh(world.now).await.unwrap();
    assert_eq!(client.releases(world.now, &name("carol/trees")).await.unwrap()[0].trust, Trust::Admitted);
    let all = client.publishers(world.now).await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|(_, trust)| *trust == Trust::Admitted));
}

/// Replaces alice's delegation in her shard by an offline-signed one of the test's making.
fn delegate(world: &World, edit: impl FnOnce(&mut Value)) {
    let shard = layout::shard_role(&"alice".parse().unwrap());
    world.forge(&format!("1.{shard}.json"), &format!("2.{shard}.json"), &[&world.offline], |signed| {
        signed["version"] = 2.into();
        edit(&mut signed["delegations"]);
    });
    world.sign_online(|meta| meta[format!("{shard}.json")]["version"] = 2.into());
}

#[tokio::test]
async fn t10_one_public_key_under_two_ids_is_one_key() {
    let world = World::usual();
    let alice = key(11);
    delegate(&world, |delegations| {
        let first = alice.public().key_id();
        let second = "0".repeat(64);
        delegations["keys"][&second] = delegations["keys"][&first].clone();
        delegations["roles"][0]["keyids"] = json!([first, second]);
        delegations["roles"][0]["threshold"] = 2.into();
    });
    let mut file: Value = serde_json::from_slice(&world.served("1.pub.alice.json")).unwrap();
    let mut twice = file["signatures"][0].clone();
    twice["keyid"] = "0".repeat(64).into();
    file["signatures"].as_array_mut().unwrap().push(twice);
    world.repository.put_metadata("1.pub.alice.json", serde_json::to_vec(&file).unwrap());
    only_alice_fails(&world, "registry-layout").await;
}

#[tokio::test]
async fn t11_a_small_order_key_signs_nothing() {
    let world = World::usual();
    let mut identity = [0u8; 32];
    identity[0] = 1;
    let id = "1".repeat(64);
    delegate(&world, |delegations| {
        let public = hex::encode(identity);
        delegations["keys"][&id] =
            json!({ "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": public } });
        delegations["roles"][0]["keyids"] = json!([id]);
    });
    let mut file: Value = serde_json::from_slice(&world.served("1.pub.alice.json")).unwrap();
    // R = identity, s = 0: valid for every message under a lenient verifier.
    let constant = hex::encode([identity, [0; 32]].concat());
    file["signatures"] = json!([{ "keyid": id, "sig": constant }]);
    world.repository.put_metadata("1.pub.alice.json", serde_json::to_vec(&file).unwrap());
    only_alice_fails(&world, "registry-signature").await;
}

#[tokio::test]
async fn t12_odd_signatures_are_invalid_and_never_a_panic() {
    let good = World::usual();
    let file: Value = serde_json::from_slice(&good.served("1.pub.alice.json")).unwrap();
    let signature = file["signatures"][0]["sig"].as_str().unwrap().to_owned();
    let odd = [&signature[..126], &format!("{signature}00"), "", "zz", &"f".repeat(128), &signature[..127]];
    for text in odd {
        let world = World::usual();
        let mut file = file.clone();
        file["signatures"][0]["sig"] = text.into();
        world.repository.put_metadata("1.pub.alice.json", serde_json::to_vec(&file).unwrap());
        only_alice_fails(&world, "registry-signature").await;
    }
}

#[tokio::test]
async fn t16_odd_role_names_are_never_asked_for() {
    for role in ["../../x", "CON", "a/b", "", &"x".repeat(300), "root", "pub.Alice", "shard-zz"] {
        let world = World::usual();
        delegate(&world, |delegations| {
            let mut odd = delegations["roles"][0].clone();
            odd["name"] = role.into();
            delegations["roles"].as_array_mut().unwrap().insert(0, odd);
        });
        world.sign_online(|meta| meta[format!("{role}.json")] = json!({ "version": 1 }));
        let client = world.client().await;
        // `root` may not even be listed as a targets role by a hostile snapshot; that is its publishers' failure alone.
        client.refresh(world.now).await.unwrap();
        world.repository.take_requests();
        let outcome = client.releases(world.now, &name("alice/trees")).await;
        assert!(role == "root" || outcome.is_err(), "{role:?}");
        let asked = world.repository.take_requests();
        assert!(
            asked.iter().all(|(name, _)| !name.contains("CON") && !name.contains("..") && name.len() < 200)
        );
        let odd_file = |name: &String| name.contains("..") || name.contains("CON") || name.len() > 200;
        assert!(!world.store.names().iter().any(odd_file), "{role:?}");
        assert!(client.releases(world.now + days(0), &name("bobby/trees")).await.is_ok());
    }
}
