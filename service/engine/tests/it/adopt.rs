//! Mods that lay in a folder before Muster came: taken over where they lie, and given back.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use muster_domain::ProfileId;
use muster_engine::{AdoptionRequest, AdoptionView, ChangeRequest, Engine, EngineError, KeptWhy, Yours};

use crate::support::{World, carry_out, outcome};

fn mods(world: &World) -> PathBuf {
    world.folder.path().join("game/mods")
}

fn write(world: &World, path: &str, text: &str) {
    let path = mods(world).join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Content, inode and time of every file: what was moved or written anew shows.
fn look(world: &World) -> BTreeMap<PathBuf, (Vec<u8>, u64, i64)> {
    fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, (Vec<u8>, u64, i64)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let metadata = fs::symlink_metadata(&path).expect("there");
            match metadata.is_dir() {
                true => collect(&path, found),
                false => drop(found.insert(
                    path.clone(),
                    (fs::read(&path).unwrap_or_default(), metadata.ino(), metadata.mtime_nsec()),
                )),
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(&mods(world), &mut found);
    found
}

/// What the player unpacked by hand: a mod that a source has, one that only says its name, and others.
async fn by_hand() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    write(&world, "lamp/mod.conf", "name = lamp\n");
    write(&world, "lamp/init.lua", "-- 1.0.0\n");
    write(&world, "lamp/notes.txt", "mine");
    write(&world, "handmade/mod.conf", "name = handmade\ntitle = By Hand\nversion = 2.1\n");
    write(&world, "handmade/init.lua", "-- by hand\n");
    write(&world, "handmade/textures/a.png", "png");
    write(&world, "nameless/init.lua", "-- who knows\n");
    write(&world, "linked/mod.conf", "name = linked\n");
    std::os::unix::fs::symlink("/etc/hostname", mods(&world).join("linked/init.lua")).expect("a link");
    write(&world, "mods_here.txt", "the game's own");
    let (engine, profile) = world.engine().await;
    (world, engine, profile)
}

/// The archive of a package lies beside the mods.
fn lay_archive(world: &World) {
    let targets = world.folder.path().join("registry/targets");
    let mut open = vec![targets];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".muster") && path.to_string_lossy().contains("lamp") {
                fs::copy(&path, mods(world).join("downloaded.muster")).expect("copied");
                return;
            }
        }
    }
    panic!("no archive");
}

/// Names, with whether an archive is known; and what stays the player's.
type Brief<'v> = (Vec<(&'v str, bool)>, Vec<(&'v str, Yours)>);

fn brief(view: &AdoptionView) -> Brief<'_> {
    let adopted = view.adopted.iter().map(|found| (found.name.as_str(), found.package.is_some()));
    (adopted.collect(), view.yours.iter().map(|found| (found.name.as_str(), found.why)).collect())
}

async fn adopt(engine: &Engine, profile: ProfileId) -> String {
    let mut request = AdoptionRequest { profile: Some(profile), ..AdoptionRequest::default() };
    request.agreed = Some(engine.plan_adoption(&request).await.expect("a preview").digest);
    let (_, job, undo) = engine.adopt(request).await.expect("asked");
    assert!(undo.is_some());
    outcome(engine, job).await
}

#[tokio::test]
async fn what_lies_there_is_identified_and_adopted_where_it_lies() {
    let (world, engine, profile) = by_hand().await;
    lay_archive(&world);
    let before = look(&world);
    let request = AdoptionRequest { profile: Some(profile), ..AdoptionRequest::default() };
    let view = engine.plan_adoption(&request).await.expect("a preview");
    assert_eq!(
        brief(&view),
        (
            vec![("handmade", false), ("lamp", true)],
            vec![("downloaded.muster", Yours::Unknown), ("linked", Yours::Odd), ("nameless", Yours::Unknown)],
        )
    );
    assert_eq!((view.managed, view.adopted[0].title.as_str()), (0, "By Hand"));
    assert_eq!(
        engine.profile_detail(profile).await.expect("there").entries.len(),
        0,
        "a preview changes nothing"
    );

    assert_eq!(adopt(&engine, profile).await, "done");
    assert_eq!(look(&world), before, "nothing was moved, written or deleted");
    let detail = engine.profile_detail(profile).await.expect("there");
    let entries: Vec<_> = detail
        .entries
        .iter()
        .map(|entry| (entry.package.id.to_string(), entry.package.version.to_string(), entry.title.clone()))
        .collect();
    let entry = |id: &str, version: &str, title: &str| (id.to_owned(), version.to_owned(), title.to_owned());
    assert_eq!(
        entries,
        [entry("local/handmade", "2.1.0", "By Hand"), entry("alice/lamp", "1.0.0", "alice/lamp")]
    );
    assert_eq!(detail.entries[1].package.source, world.registry.source());
    assert_eq!((detail.generations.len(), detail.generations[0].cause.code.as_str()), (2, "adopt"));
    assert_eq!(engine.verify(profile).await.expect("verified").intact, 5);
    assert!(engine.transfer_snapshot().transfers.is_empty(), "nothing was fetched");
    let again = engine.plan_adoption(&request).await.expect("a preview");
    assert_eq!((again.adopted.len(), again.managed), (0, 2));

    let job = engine.undo_last(profile).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(look(&world), before);
    assert!(engine.profile_detail(profile).await.expect("there").entries.is_empty());
    engine.close().await;
}

#[tokio::test]
async fn adopted_mods_are_updated_and_the_players_own_come_back() {
    let (mut world, engine, profile) = by_hand().await;
    lay_archive(&world);
    let before = look(&world);
    assert_eq!(adopt(&engine, profile).await, "done");
    // Other changes go on beside what nobody but this machine has.
    assert_eq!(carry_out(&engine, profile, world.install("alice/tide")).await, "done");
    world.registry.publish("alice/lamp", "1.1.0", &[]);
    world.sync(&engine).await;
    let update = ChangeRequest { update_all: true, ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, update).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.1.0\n"));
    engine.close().await;
    drop(engine);

    let engine = world.open().await;
    engine.start().await;
    let (job, _) = engine.vanilla(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(look(&world), before, "the player's own, with their times");
    let proof = engine.prove_vanilla(profile).await.expect("a proof").proof.expect("recorded");
    assert!(proof.is_original(), "{:?}", proof.departed);
    engine.close().await;
}

#[tokio::test]
async fn what_was_agreed_to_is_what_happens() {
    let (world, engine, profile) = by_hand().await;
    let mut request = AdoptionRequest { profile: Some(profile), ..AdoptionRequest::default() };
    request.agreed = Some(engine.plan_adoption(&request).await.expect("a preview").digest);
    write(&world, "handmade/init.lua", "-- changed since\n");
    let before = look(&world);
    let (_, job, _) = engine.adopt(request).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "plan-changed");
    assert_eq!(look(&world), before);
    engine.close().await;
}

#[tokio::test]
async fn a_path_says_what_is_meant() {
    let (world, engine, profile) = by_hand().await;
    let at = |path: PathBuf| AdoptionRequest { path: Some(path), ..AdoptionRequest::default() };
    let view = engine.plan_adoption(&at(mods(&world).join("handmade"))).await.expect("one mod");
    assert_eq!((view.profile, brief(&view)), (Some(profile), (vec![("handmade", false)], vec![])));
    let view = engine.plan_adoption(&at(world.folder.path().join("game"))).await.expect("the game's folder");
    assert_eq!((view.adopted.len(), view.yours.len()), (2, 2));
    for path in [world.folder.path().join("elsewhere"), "relative".into()] {
        let refused = engine.plan_adoption(&at(path)).await;
        assert!(matches!(refused, Err(EngineError::NoModFolder { .. })), "{refused:?}");
    }
    // Nothing of the player's was made a package by looking.
    let nothing = AdoptionRequest {
        path: Some(mods(&world).join("nameless")),
        agreed: Some(String::new()),
        ..AdoptionRequest::default()
    };
    let (_, job, _) = engine.adopt(nothing).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "plan-changed");
    engine.close().await;
}

#[tokio::test]
async fn a_folder_that_no_profile_has_gets_one() {
    let (world, engine, _) = by_hand().await;
    let other = world.folder.path().join("other");
    fs::create_dir_all(other.join("mods/lamp")).expect("a folder");
    fs::create_dir_all(other.join("worlds")).expect("a folder");
    fs::write(other.join("mods/lamp/mod.conf"), "name = lamp\n").expect("a file");
    let mut request = AdoptionRequest {
        game: Some("minetest".parse().expect("a game")),
        path: Some(other.clone()),
        ..AdoptionRequest::default()
    };
    let view = engine.plan_adoption(&request).await.expect("a preview");
    assert_eq!((view.profile, view.adopted.len()), (None, 1));
    request.agreed = Some(view.digest);
    let (profile, job, _) = engine.adopt(request).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    let detail = engine.profile_detail(profile).await.expect("made");
    assert_eq!((detail.view.name.as_str(), detail.entries.len(), detail.view.is_placed), ("other", 1, true));
    assert_eq!(fs::read_to_string(other.join("mods/lamp/mod.conf")).expect("there"), "name = lamp\n");
    engine.close().await;
}

/// What went is in the game's folders no more, what is left is as it was.
fn without(files: &BTreeMap<PathBuf, (Vec<u8>, u64, i64)>, world: &World, gone: &[&str]) -> Vec<PathBuf> {
    let gone: Vec<PathBuf> = gone.iter().map(|path| mods(world).join(path)).collect();
    files.keys().filter(|path| !gone.contains(path)).cloned().collect()
}

#[tokio::test]
async fn a_removed_mod_is_not_loaded_any_more_and_undo_gives_its_files_back() {
    let (world, engine, profile) = by_hand().await;
    lay_archive(&world);
    let before = look(&world);
    assert_eq!(carry_out(&engine, profile, world.install("alice/tide")).await, "done");
    let with_tide = look(&world);
    assert_eq!(adopt(&engine, profile).await, "done");
    let lamp = world.registry.key("alice/lamp");
    let files = ["lamp/mod.conf", "lamp/init.lua"];
    let remove = ChangeRequest { remove: vec![lamp.clone()], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, remove).await, "done");
    let now = look(&world).into_keys().collect::<Vec<_>>();
    assert_eq!(now, without(&with_tide, &world, &files), "only the mod's own files went");
    let kept = engine.kept(profile).await.expect("listed");
    assert!(
        kept.iter().all(|kept| matches!(kept.why, KeptWhy::Hidden { .. })) && kept.len() == 2,
        "{kept:?}"
    );

    let job = engine.undo_last(profile).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(look(&world), with_tide, "the very files");

    // Switched off, and another profile: the same.
    let disable = ChangeRequest { disable: vec![lamp.clone()], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, disable).await, "done");
    assert_eq!(world.placed("lamp"), None);
    let enable = ChangeRequest { enable: vec![lamp], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, enable).await, "done");
    assert_eq!(look(&world), with_tide);
    let second = world.profile(&engine, "second").await;
    let job = engine.switch_to(second).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!((world.placed("lamp"), world.placed("handmade")), (None, None), "not this profile's");
    let job = engine.switch_to(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(look(&world), with_tide);

    // Going back before they were adopted leaves them, as they lay then.
    let job = engine.go_back(profile, 1).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(look(&world), with_tide);
    assert_eq!(engine.profile_detail(profile).await.expect("there").entries.len(), 1);
    let (job, _) = engine.vanilla(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(look(&world), before);
    engine.close().await;
}

#[tokio::test]
async fn the_original_game_has_what_lay_there_also_after_it_was_removed() {
    let (world, engine, profile) = by_hand().await;
    lay_archive(&world);
    let before = look(&world);
    assert_eq!(adopt(&engine, profile).await, "done");
    let remove = ChangeRequest { remove: vec![world.registry.key("alice/lamp")], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, remove).await, "done");
    let job = engine.go_back(profile, 1).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(look(&world), before);
    let remove = ChangeRequest { remove: vec![world.registry.key("alice/lamp")], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, remove).await, "done");
    let proof = engine.prove_vanilla(profile).await.expect("a proof").proof.expect("recorded");
    assert!(!proof.is_original() && proof.departed.is_empty(), "{:?}", proof.departed);
    let (job, _) = engine.vanilla(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(look(&world), before);
    assert!(engine.prove_vanilla(profile).await.expect("a proof").proof.expect("recorded").is_original());
    engine.close().await;
}
