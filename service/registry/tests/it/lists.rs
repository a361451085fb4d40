//! The lists beside the catalogue: what a registry advises against, and what it features.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use muster_registry::{
    Advisory, MAX_ADVISORIES_FILE, MAX_FEATURED_FILE, Pick, Severity, Subject,
    author::{self, AsRepository},
    layout, parse_advisories, parse_featured, write_featured,
};

use crate::support::{World, code, key, name};

async fn problems(world: &World) -> Vec<String> {
    let repository = Arc::new(AsRepository(world.files.clone()));
    let found = author::verify(repository, &world.files, world.now).await.unwrap();
    found.iter().map(ToString::to_string).collect()
}

fn advisory(id: &str, subject: Subject) -> Advisory {
    Advisory {
        id: id.into(),
        severity: Severity::Malware,
        text: "Sends saves to a stranger.".into(),
        published: crate::support::start(),
        fixed_in: None,
        more: None,
        affects: vec![subject],
    }
}

async fn advised(world: &World) -> Vec<String> {
    let client = world.fresh_client().await;
    client.refresh(world.now).await.unwrap();
    let Some(target) = client.advisories(world.now).await.unwrap() else { return Vec::new() };
    let bytes = client.fetch(&target, MAX_ADVISORIES_FILE).await.unwrap();
    parse_advisories(&bytes).unwrap().into_iter().map(|advisory| advisory.id).collect()
}

#[tokio::test]
async fn what_is_advised_against_is_signed_kept_and_withdrawn() {
    let world = World::usual();
    assert_eq!(advised(&world).await, Vec::<String>::new());
    let say = |id: &str| {
        let alice = Subject::Publisher { publisher: "alice".parse().unwrap() };
        let edit = |list: &mut Vec<Advisory>| {
            list.push(advisory(id, alice));
            Ok(())
        };
        let said = author::advise(&world.files, edit, &world.online, world.moment()).unwrap();
        world.apply(&said.change);
    };
    say("2026-2");
    say("2026-1");
    assert_eq!(advised(&world).await, ["2026-1", "2026-2"]);
    world.publish("alice/trees", "1.1.0", &key(11));
    assert!(world.refresh().problems.is_empty());
    assert_eq!(advised(&world).await, ["2026-1", "2026-2"], "a refresh keeps it");
    assert_eq!(problems(&world).await, Vec::<String>::new());
    let withdraw = |list: &mut Vec<Advisory>| {
        list.retain(|advisory| advisory.id != "2026-1");
        Ok(())
    };
    world.apply(&author::advise(&world.files, withdraw, &world.online, world.moment()).unwrap().change);
    assert_eq!(advised(&world).await, ["2026-2"]);
    let other = author::advise(&world.files, |_| Ok(()), &key(3), world.moment());
    assert_eq!(code(other), "registry-wrong-key");
}

#[tokio::test]
async fn whoever_holds_the_folder_cannot_take_an_advisory_back() {
    let world = World::usual();
    let edit = |list: &mut Vec<Advisory>| {
        list.push(advisory("2026-1", Subject::Publisher { publisher: "alice".parse().unwrap() }));
        Ok(())
    };
    world.apply(&author::advise(&world.files, edit, &world.online, world.moment()).unwrap().change);
    let (metadata, _) = world.files.all();
    let newest = metadata.keys().filter(|name| name.ends_with(".catalog.json")).max().unwrap();
    world.forge(newest, "9.catalog.json", &[&key(3)], |signed| {
        signed["version"] = 9.into();
        signed["targets"] = serde_json::json!({});
    });
    world.refresh();
    assert_eq!(advised(&world).await, ["2026-1"]);
    let list = world.files.all().1.into_keys().find(|file| file.ends_with("advisories.json")).unwrap();
    world.files.put_target(&list, b"{}".to_vec());
    let again = author::advise(&world.files, |_| Ok(()), &world.online, world.moment());
    assert_eq!(code(again), "registry-hash-mismatch");
    let found = problems(&world).await;
    assert!(found.iter().any(|problem| problem.ends_with("not the signed bytes")), "{found:?}");
}

async fn featured(world: &World) -> Vec<String> {
    let client = world.fresh_client().await;
    client.refresh(world.now).await.unwrap();
    let Some(target) = client.featured(world.now).await.unwrap() else { return Vec::new() };
    let bytes = client.fetch(&target, MAX_FEATURED_FILE).await.unwrap();
    parse_featured(&bytes).unwrap().into_iter().map(|pick| pick.package.to_string()).collect()
}

#[tokio::test]
async fn what_is_featured_keeps_its_order_and_goes_beside_what_is_advised_against() {
    let world = World::usual();
    assert_eq!(featured(&world).await, Vec::<String>::new());
    let edit = |list: &mut Vec<Advisory>| {
        list.push(advisory("2026-1", Subject::Publisher { publisher: "bobby".parse().unwrap() }));
        Ok(())
    };
    world.apply(&author::advise(&world.files, edit, &world.online, world.moment()).unwrap().change);
    let pick = |package: &str| Pick { package: name(package), text: String::new(), game: None, until: None };
    let edit = |list: &mut Vec<Pick>| {
        list.extend([pick("bobby/trees"), pick("alice/trees")]);
        Ok(())
    };
    world.apply(&author::feature(&world.files, edit, &world.online, world.moment()).unwrap().change);
    world.publish("alice/trees", "1.1.0", &key(11));
    assert!(world.refresh().problems.is_empty());
    assert_eq!(featured(&world).await, ["bobby/trees", "alice/trees"], "a refresh keeps it");
    assert_eq!(advised(&world).await, ["2026-1"], "one list leaves the other as it was");
    assert_eq!(author::featured(&world.files).unwrap().len(), 2);
    let edit = |list: &mut Vec<Pick>| {
        list.push(pick("carol/elsewhere"));
        Ok(())
    };
    let told = author::feature(&world.files, edit, &world.online, world.moment()).unwrap().problems;
    assert_eq!(told.len(), 1, "what the registry does not have is told: {told:?}");
    assert_eq!(problems(&world).await, Vec::<String>::new());
    let edit = |list: &mut Vec<Pick>| {
        list.clear();
        Ok(())
    };
    world.apply(&author::feature(&world.files, edit, &world.online, world.moment()).unwrap().change);
    assert_eq!(featured(&world).await, Vec::<String>::new());
    assert_eq!(
        code(author::feature(&world.files, |_| Ok(()), &key(3), world.moment())),
        "registry-wrong-key"
    );
}

#[tokio::test]
async fn whoever_holds_the_folder_cannot_feature_anything() {
    let world = World::usual();
    let list = write_featured(&[Pick {
        package: name("alice/trees"),
        text: "Mine.".into(),
        game: None,
        until: None,
    }]);
    let list = list.unwrap();
    let hash = muster_registry::sha256(&list);
    world.files.put_target(&layout::file_path(layout::FEATURED_PATH, &hash), list.clone());
    let (metadata, _) = world.files.all();
    let newest = metadata.keys().filter(|name| name.ends_with(".catalog.json")).max().unwrap();
    world.forge(newest, "9.catalog.json", &[&key(3)], |signed| {
        signed["version"] = 9.into();
        signed["targets"]["catalog/featured.json"] =
            serde_json::json!({ "length": list.len(), "hashes": { "sha256": hash.to_string() } });
    });
    let told: Vec<String> = world.refresh().problems.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|problem| problem.contains("say it again")), "{told:?}");
    assert_eq!(featured(&world).await, Vec::<String>::new());
}
