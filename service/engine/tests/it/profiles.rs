//! Profiles and their timelines: copied, switched, taken away and brought back; compared, named, pruned.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::SignedDuration;
use muster_domain::ProfileId;
use muster_engine::{Action, ChangeRequest, Engine, EngineError, Policy, Process, Senses};

use crate::support::{World, carry_out, outcome, wait};

/// Lamp and tide are there; the engine has its first profile.
async fn prepared() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    (world, engine, profile)
}

fn trees(world: &World) -> usize {
    let folder = world.folder.path().join("state/store/trees");
    let shards = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    shards.map(|shard| fs::read_dir(shard).expect("a folder").count()).sum()
}

#[tokio::test]
async fn a_clone_goes_its_own_way_and_a_switch_is_undone() {
    let (world, engine, first) = prepared().await;
    let copy = engine.clone_profile(first, "copy").await.expect("cloned");
    assert!(matches!(engine.clone_profile(first, "copy").await, Err(EngineError::ProfileExists { .. })));
    assert_eq!(carry_out(&engine, copy, world.install("alice/tide")).await, "done");
    assert_eq!(world.placed("tide"), None, "a copy is not placed until it is switched to");

    let inode = |name: &str| {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(world.folder.path().join("game/mods").join(name)).expect("there").ino()
    };
    let shared = inode("lamp/init.lua");
    let token = engine.switch_token(copy).await.expect("a token").expect("somebody is there");
    let job = engine.switch_to(copy).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!((world.placed("lamp").is_some(), world.placed("tide").is_some()), (true, true));
    assert_eq!(inode("lamp/init.lua"), shared, "what both have is not touched");

    let job = engine.undo_last(copy).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!((world.placed("lamp").is_some(), world.placed("tide")), (true, None));
    assert_eq!(engine.verify(first).await.expect("verified").intact, 2, "the first one is there again");

    let job = engine.switch_to(copy).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    let job = engine.undo(&token).await.expect("undone").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("tide"), None);
    engine.close().await;
}

#[tokio::test]
async fn a_removed_profile_leaves_the_folder_clean_and_comes_back_whole() {
    let (world, engine, first) = prepared().await;
    let (job, token) = engine.remove_profile(first).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp"), None);
    assert!(engine.profiles().await.expect("profiles").iter().all(|profile| profile.id != first));
    let removed = engine.removed_profiles().await.expect("removed ones");
    assert_eq!((removed[0].name.as_str(), removed[0].packages), ("first", 1));
    assert!(matches!(engine.profile_detail(first).await, Err(EngineError::UnknownProfile(_))));
    // Nothing is asked of anybody to bring it back: not of the source, and not of the cache.
    fs::remove_dir_all(world.folder.path().join("registry")).expect("gone");
    engine.close().await;
    drop(engine);

    let engine = world.open().await;
    engine.start().await;
    let job = engine.undo(&token).await.expect("undone").expect("nobody took its place");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    let detail = engine.profile_detail(first).await.expect("there");
    assert_eq!((detail.view.name.as_str(), detail.view.is_placed), ("first", true));

    let (job, _) = engine.remove_profile(first).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    let other = world.profile(&engine, "first").await;
    let taken = engine.restore_profile(first, None).await;
    assert!(matches!(taken, Err(EngineError::ProfileExists { .. })), "{taken:?}");
    let back = engine.restore_profile(first, Some("again".into())).await.expect("restored");
    assert_eq!(back, None, "another one has its place");
    assert!(engine.profile_detail(other).await.expect("there").view.is_placed);
    engine.close().await;
}

#[tokio::test]
async fn what_is_switched_off_keeps_its_place_in_the_order() {
    let mut world = World::new();
    for (id, needs) in
        [("alice/aa", &[][..]), ("alice/bb", &[]), ("alice/cc", &["alice/aa"]), ("alice/dd", &[])]
    {
        world.registry.publish(id, "1.0.0", needs);
    }
    let (engine, profile) = world.engine().await;
    let keys: Vec<_> =
        ["alice/dd", "alice/bb", "alice/cc", "alice/aa"].map(|id| world.registry.key(id)).into();
    for id in ["alice/bb", "alice/cc", "alice/dd"] {
        assert_eq!(carry_out(&engine, profile, world.install(id)).await, "done");
    }
    let shown = async || {
        let order = engine.load_order(profile).await.expect("an order");
        let names = order
            .packages
            .iter()
            .map(|one| format!("{}{}", one.key.id, if one.is_enabled { "" } else { " off" }));
        (names.collect::<Vec<_>>(), order.wishes)
    };
    let (names, wishes) = shown().await;
    assert_eq!(names, ["alice/aa", "alice/bb", "alice/cc", "alice/dd"]);
    let told: Vec<(&str, &str)> =
        wishes.iter().map(|step| (step.earlier.id.as_str(), step.later.id.as_str())).collect();
    assert_eq!(told, [("alice/aa", "alice/cc")]);

    let planned = engine.plan_order(profile, keys.clone()).await.expect("a plan");
    let wanted = ["alice/dd", "alice/bb", "alice/aa", "alice/cc"];
    assert_eq!(planned.packages.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), wanted);
    assert_eq!(shown().await.0[0], "alice/aa", "a plan changes nothing");
    let order = ChangeRequest { order: Some(keys.clone()), ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, order).await, "done");
    assert_eq!(shown().await.0, wanted);

    let disable = ChangeRequest { disable: vec![keys[1].clone()], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, disable).await, "done");
    assert_eq!(shown().await.0, ["alice/dd", "alice/bb off", "alice/aa", "alice/cc"]);
    let missing = engine.plan_order(profile, vec![world.registry.key("alice/none")]).await;
    assert!(matches!(missing, Err(EngineError::NotInstalled { .. })));
    engine.close().await;
}

#[tokio::test]
async fn states_are_compared_named_and_gone_back_to() {
    let (world, engine, first) = prepared().await;
    assert_eq!(carry_out(&engine, first, world.install("alice/tide")).await, "done");
    let remove = ChangeRequest { remove: vec![world.registry.key("alice/lamp")], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, first, remove).await, "done");

    let between = async |from, to| {
        let found = engine.difference(first, from, to).await.expect("compared");
        found.items.into_iter().map(|(item, title)| (item.action, title)).collect::<Vec<_>>()
    };
    let tide = (Action::Add, "alice/tide".to_owned());
    assert_eq!(between(1, 3).await, [tide.clone(), (Action::Remove, "alice/lamp".to_owned())]);
    assert_eq!(between(3, 1).await, [(Action::Add, "alice/lamp".to_owned()), (Action::Remove, tide.1)]);
    assert_eq!(between(2, 2).await, []);
    assert!(matches!(engine.difference(first, 1, 9).await, Err(EngineError::UnknownGeneration(9))));

    engine.name_generation(first, 1, "before the\u{202e} event").await.expect("named");
    assert!(engine.name_generation(first, 9, "x").await.is_err());
    let detail = engine.profile_detail(first).await.expect("there");
    let named = detail.generations.iter().find(|generation| generation.number == 1).expect("there");
    assert_eq!(named.name.as_deref(), Some("before the event"));

    let job = engine.go_back(first, 1).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!((world.placed("lamp").is_some(), world.placed("tide")), (true, None));
    let job = engine.undo_last(first).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!((world.placed("lamp"), world.placed("tide").is_some()), (None, true), "undone again");
    engine.close().await;
}

#[tokio::test]
async fn content_that_no_kept_state_needs_goes() {
    let (world, engine, first) = prepared().await;
    let remove = ChangeRequest { remove: vec![world.registry.key("alice/lamp")], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, first, remove).await, "done");
    assert_eq!(carry_out(&engine, first, world.install("alice/tide")).await, "done");
    engine.name_generation(first, 1, "lamp").await.expect("named");
    let nothing = Policy { newest: 0, younger: SignedDuration::ZERO };
    assert_eq!(engine.prune(first, nothing).await.expect("pruned"), [2]);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(trees(&world), 2, "a state with a name keeps its content");

    engine.name_generation(first, 1, "").await.expect("no name any more");
    assert_eq!(engine.prune(first, nothing).await.expect("pruned"), [1]);
    wait("the tree to go", async || (trees(&world) == 1).then_some(())).await;
    assert!(engine.go_back(first, 1).await.is_err(), "that state is gone");
    let job = engine.go_back(first, 0).await.expect("the first state always is there");
    assert_eq!(outcome(&engine, job).await, "done");
    engine.close().await;
}

#[tokio::test]
async fn the_original_game_comes_back_with_a_proof_and_the_mods_with_an_undo() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    let mods = world.folder.path().join("game/mods");
    fs::create_dir_all(mods.join("lamp")).expect("a folder");
    fs::write(mods.join("lamp/init.lua"), "-- the player's own").expect("a file");
    fs::create_dir_all(mods.join("other")).expect("a folder");
    fs::write(mods.join("other/init.lua"), "-- never touched").expect("a file");
    let (engine, profile) = world.engine().await;
    assert!(engine.prove_vanilla(profile).await.expect("asked").proof.is_none(), "nothing was ever placed");
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    fs::write(mods.join("other/new.lua"), "-- somebody else's").expect("a file");
    let during = engine.prove_vanilla(profile).await.expect("asked");
    assert_eq!((during.placed, during.proof.expect("a proof").ours), (Some(profile), 2));

    let (job, undo) = engine.vanilla(profile).await.expect("asked").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- the player's own"));
    let after = engine.prove_vanilla(profile).await.expect("asked");
    let proof = after.proof.expect("a proof");
    assert!(after.placed.is_none() && proof.is_original());
    let names = |spots: &[muster_engine::Spot]| spots.iter().map(|spot| spot.at.clone()).collect::<Vec<_>>();
    assert_eq!(names(&proof.equal), ["lamp/init.lua"]);
    assert_eq!(names(&proof.unchanged), ["other/init.lua"]);
    assert_eq!(
        proof.departed.iter().map(|(spot, _)| spot.at.as_str()).collect::<Vec<_>>(),
        ["other/new.lua"]
    );
    assert!(engine.vanilla(profile).await.expect("asked").is_none(), "there is nothing to take out");

    let detail = engine.profile_detail(profile).await.expect("there");
    assert_eq!((detail.view.on, detail.view.is_placed), (1, false), "the profile keeps its packages");
    assert_eq!(detail.generations[0].cause.code, "vanilla");
    let job = engine.undo(&undo).await.expect("undone").expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    let job = engine.undo_last(profile).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- the player's own"));
    let job = engine.undo_last(profile).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    engine.close().await;
}

#[tokio::test]
async fn nothing_is_changed_under_a_running_game() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    let running = Arc::new(AtomicBool::new(true));
    let plays = running.clone();
    let processes = move || match plays.load(Ordering::Relaxed) {
        true => vec![Process { id: 7, program: "/usr/bin/minetest".into() }],
        false => Vec::new(),
    };
    let senses = Senses { processes: Arc::new(processes), ..Senses::blind() };
    let (engine, profile) = world.engine_on(senses).await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "game-running");
    assert_eq!(world.placed("lamp"), None);
    running.store(false, Ordering::Relaxed);
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    engine.close().await;
}

/// What is read-only is written to as a disk may do it.
fn rot(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("permissions");
    fs::write(path, "rotten").expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o444)).expect("permissions");
}

#[tokio::test]
async fn repair_brings_files_trees_and_archives_back() {
    let (world, engine, profile) = prepared().await;
    let mods = world.folder.path().join("game/mods");
    let sha256 = {
        let lock = engine.profile_detail(profile).await.expect("there").entries;
        lock[0].package.archive.sha256
    };
    fs::remove_file(mods.join("lamp/mod.conf")).expect("gone");
    // Whether it is a link or a copy: the tree's file is damaged too.
    let name = sha256.to_string();
    let tree = world.folder.path().join("state/store/trees").join(&name[..2]).join(&name);
    rot(&mods.join("lamp/init.lua"));
    rot(&tree.join("files/lamp/init.lua"));
    let report = engine.verify(profile).await.expect("verified");
    assert_eq!((report.changed.len(), report.missing.len()), (1, 1));
    let job = engine.mend(profile).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"), "from its archive");
    let report = engine.verify(profile).await.expect("verified");
    assert_eq!((report.intact, report.changed.len(), report.missing.len()), (2, 0, 0));

    rot(&tree.join("files/lamp/init.lua"));
    world.damage(&sha256);
    let job = engine.mend(profile).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(fs::read_to_string(tree.join("files/lamp/init.lua")).expect("there"), "-- 1.0.0\n", "fetched");
    assert_eq!(engine.verify(profile).await.expect("verified").intact, 2);

    fs::remove_file(mods.join("lamp/init.lua")).expect("gone");
    fs::write(mods.join("lamp/init.lua"), "-- by hand").expect("written");
    let job = engine.mend(profile).await.expect("asked");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    let deployments = fs::read_dir(world.folder.path().join("state/deployments")).expect("a folder");
    let saved = deployments.flat_map(|entry| {
        fs::read_dir(entry.expect("an entry").path().join("saved")).expect("a folder").collect::<Vec<_>>()
    });
    let mut texts = saved.map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("text"));
    assert!(texts.any(|text| text == "-- by hand"), "what the player wrote is kept");
    engine.close().await;
}

/// Its list is remembered, and nothing is believed for that.
#[tokio::test]
async fn a_tree_that_was_damaged_since_it_was_read_is_unpacked_anew_before_files_of_it_are_placed() {
    let (world, engine, profile) = prepared().await;
    let lamp = world.registry.key("alice/lamp");
    let off = || ChangeRequest { disable: vec![lamp.clone()], ..ChangeRequest::default() };
    let on = || ChangeRequest { enable: vec![lamp.clone()], ..ChangeRequest::default() };
    let sha256 = engine.profile_detail(profile).await.expect("there").entries[0].package.archive.sha256;
    let name = sha256.to_string();
    let tree = world.folder.path().join("state/store/trees").join(&name[..2]).join(&name);
    assert_eq!(carry_out(&engine, profile, off()).await, "done");
    assert_eq!(world.placed("lamp"), None);
    rot(&tree.join("files/lamp/init.lua"));
    assert_eq!(carry_out(&engine, profile, on()).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"), "from its archive");
    assert_eq!(fs::read_to_string(tree.join("files/lamp/init.lua")).expect("there"), "-- 1.0.0\n");

    assert_eq!(carry_out(&engine, profile, off()).await, "done");
    rot(&tree.join("files/lamp/init.lua"));
    world.damage(&sha256);
    assert_eq!(carry_out(&engine, profile, on()).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"), "fetched");
    engine.close().await;
}
