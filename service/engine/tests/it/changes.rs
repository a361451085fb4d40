//! Changes from a registry to a game's folder and back, without processes.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::fs;

use jiff::SignedDuration;
use muster_engine::{ChangeRequest, Phase, ProfilePatch, SettingsPatch, Sharing};

use crate::support::{World, carry_out, ended, outcome, until};

#[tokio::test]
async fn a_change_is_placed_proven_undone_and_known_after_a_restart() {
    let mut world = World::new();
    world.registry.publish("alice/base", "1.0.0", &[]);
    world.registry.publish("alice/lamp", "1.0.0", &["alice/base"]);
    let (engine, profile) = world.engine().await;
    let plan = engine.plan(Some(profile), &world.install("alice/lamp")).await.expect("a plan");
    assert_eq!((plan.items.len(), plan.notices.len()), (2, 1));
    let agreed = ChangeRequest { agreed: Some(plan.digest), ..world.install("alice/lamp") };
    assert_eq!(carry_out(&engine, profile, agreed.clone()).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    let report = engine.verify(profile).await.expect("verified");
    assert_eq!((report.intact, report.changed.len(), report.missing.len()), (4, 0, 0));
    assert_eq!(carry_out(&engine, profile, agreed).await, "plan-changed", "agreed for another state");
    engine.close().await;
    drop(engine);

    let engine = world.open().await;
    engine.start().await;
    let job = engine.go_back(profile, 0).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!((world.placed("lamp"), world.placed("base")), (None, None));
    let job = engine.go_back(profile, 1).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert_eq!(world.placed("base").as_deref(), Some("-- 1.0.0\n"));
    engine.close().await;
}

/// T-05: what is verified needs nobody's word any more.
#[tokio::test]
async fn a_lost_or_late_source_blocks_what_is_new_and_nothing_else() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("bob/tide", "1.0.0", &[]);
    // Long enough for two installations on a machine that has much else to do.
    world.registry.lifetime = SignedDuration::from_secs(15);
    world.registry.refresh();
    let late = std::time::Instant::now() + std::time::Duration::from_secs(16);
    let (engine, profile) = world.engine().await;
    for id in ["alice/lamp", "bob/tide"] {
        assert_eq!(carry_out(&engine, profile, world.install(id)).await, "done");
    }
    tokio::time::sleep_until(late.into()).await;
    let key = |id| vec![world.registry.key(id)];
    let update = ChangeRequest { update: key("alice/lamp"), ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, update).await, "registry-expired");
    let everything = ChangeRequest { update_all: true, ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, everything).await, "registry-expired");
    let off = ChangeRequest { disable: key("alice/lamp"), ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, off).await, "done");
    assert_eq!(world.placed("lamp"), None);

    engine.remove_source(&world.registry.source()).await.expect("forgotten");
    fs::remove_dir_all(world.folder.path().join("registry")).expect("gone");
    let on = ChangeRequest { enable: key("alice/lamp"), ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, on).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    let remove = ChangeRequest { remove: key("bob/tide"), ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, remove).await, "done");
    assert_eq!((world.placed("tide"), world.placed("lamp").is_some()), (None, true));
    let token = engine.undo_token(Some(profile)).await.expect("a token").expect("a profile");
    let (_, last) = token.split_once('.').expect("two parts");
    let job = engine.go_back(profile, last.parse::<u64>().expect("a number") - 1).await.expect("a job");
    assert_eq!(outcome(&engine, job).await, "done");
    assert!(world.placed("tide").is_some(), "from its tree, without any source");
    let lock = engine.profile_detail(profile).await.expect("a profile").lock;
    assert_eq!(lock.matches("publisher_key").count(), 2, "who signed it stays known: {lock}");
    engine.close().await;
}

/// T-30
#[tokio::test]
async fn a_changed_key_blocks_updates_until_the_player_decides() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    world.registry.admit("alice", 9);
    world.registry.publish("alice/lamp", "1.1.0", &[]);
    world.sync(&engine).await;
    let key = world.registry.key("alice/lamp");
    let update = ChangeRequest { update: vec![key.clone()], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, update.clone()).await, "registry-key-changed");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    // What is installed can still be switched: that takes nothing from the new keys.
    let off = ChangeRequest { disable: vec![key.clone()], ..ChangeRequest::default() };
    let on = ChangeRequest { enable: vec![key.clone()], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, off).await, "done");
    assert_eq!(carry_out(&engine, profile, on).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));

    let shown = engine.package(&key, Some(profile)).await.expect("a page").trust;
    assert!(shown.is_blocked());
    let publisher = "alice".parse().expect("a publisher");
    let wrong = muster_domain::Sha256([7; 32]);
    assert!(engine.decide_key(&key.source, &publisher, &wrong).await.is_err());
    engine.decide_key(&key.source, &publisher, &shown.key.expect("a key")).await.expect("decided");
    assert_eq!(carry_out(&engine, profile, update).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.1.0\n"));
    engine.close().await;
}

/// T-36
#[tokio::test]
async fn an_update_nobody_looked_at_brings_no_new_publisher() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    world.registry.publish("mallory/miner", "1.0.0", &[]);
    world.registry.publish("alice/lamp", "1.1.0", &["mallory/miner"]);
    world.sync(&engine).await;
    let update = ChangeRequest { update_all: true, ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, update.clone()).await, "publisher-unseen");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    let plan = engine.plan(Some(profile), &update).await;
    assert_eq!(plan.map(|plan| plan.items.len()).ok(), Some(2), "the preview shows it");
    engine.close().await;
}

/// T-39
#[tokio::test]
async fn a_version_that_changed_its_bytes_is_refused() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.saw_other_bytes("alice/lamp", "1.0.0").await;
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "registry-hash-changed");
    assert_eq!(world.placed("lamp"), None);
    engine.close().await;
}

/// T-04: the catalogue is signed by the online key alone.
#[tokio::test]
async fn a_catalogue_that_shows_something_else_stops_the_change() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    engine.close().await;
    drop(engine);
    world.lie_about("alice/tide").await;
    let engine = world.open().await;
    engine.start().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/tide")).await, "catalog-hint-differs");
    assert_eq!(world.placed("tide"), None);
    let job = carry_out(&engine, profile, world.install("alice/lamp")).await;
    assert_eq!(job, "done", "the catalogue does not show it, so nobody was told anything else");
    engine.close().await;
}

#[tokio::test]
async fn a_profile_is_active_once_its_files_are_in_place() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, first) = world.engine().await;
    assert_eq!(carry_out(&engine, first, world.install("alice/lamp")).await, "done");
    let second = world.profile(&engine, "second").await;
    assert_eq!(carry_out(&engine, second, world.install("alice/tide")).await, "done");
    assert_eq!(
        (world.placed("lamp").is_some(), world.placed("tide")),
        (true, None),
        "not active, not placed"
    );

    let activate = ProfilePatch { activate: true, ..ProfilePatch::default() };
    let blocker = world.folder.path().join("game/mods/tide");
    fs::write(&blocker, "a file where a folder must go").expect("a file");
    let job = engine.patch_profile(second, activate.clone()).await.expect("patched").expect("a job");
    assert_eq!(ended(&engine, job).await.phase, Phase::Failed);
    assert!(world.placed("lamp").is_some(), "the folder is as it was");
    let report = engine.verify(first).await.expect("verified");
    assert_eq!(report.intact, 2, "and the profile before is still the active one");

    fs::remove_file(&blocker).expect("gone");
    let job = engine.patch_profile(second, activate).await.expect("patched").expect("a job");
    assert_eq!(ended(&engine, job).await.phase, Phase::Done);
    assert_eq!((world.placed("lamp"), world.placed("tide").is_some()), (None, true));
    assert_eq!(engine.verify(second).await.expect("verified").intact, 2);
    let unnamed = ProfilePatch { name: Some(" \u{202e} ".into()), ..ProfilePatch::default() };
    assert!(engine.patch_profile(second, unnamed).await.is_err(), "a name that cannot be seen");
    engine.close().await;
}

#[tokio::test]
async fn settings_changed_at_once_are_all_kept() {
    let world = World::new();
    let engine = world.open().await;
    engine.start().await;
    let sharing = SettingsPatch { sharing: Some(Sharing::Nobody), ..SettingsPatch::default() };
    let language = SettingsPatch { language: Some("de".into()), ..SettingsPatch::default() };
    let limit = SettingsPatch { upload_limit: Some(50_000), ..SettingsPatch::default() };
    let (a, b, c) = tokio::join!(
        engine.patch_settings(sharing),
        engine.patch_settings(language),
        engine.patch_settings(limit)
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    let settings = engine.settings();
    assert_eq!(
        (settings.sharing, settings.language.as_str(), settings.upload_limit),
        (Sharing::Nobody, "de", 50_000)
    );
    engine.close().await;
}

#[tokio::test]
async fn a_change_that_is_cancelled_while_it_fetches_changes_nothing() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    engine.pause_transfers(None).await.expect("paused");
    let (_, job) = engine.change(Some(profile), world.install("alice/lamp")).await.expect("asked");
    until(&engine, job, |view| view.phase == Phase::Fetching).await;
    engine.cancel_job(job).expect("in time");
    assert_eq!(outcome(&engine, job).await, "cancelled");
    assert_eq!(world.placed("lamp"), None);
    engine.resume_transfers(None).await.expect("resumed");
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    engine.close().await;
}

#[tokio::test]
async fn what_the_end_of_the_service_interrupts_goes_on_before_what_is_asked_then() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    engine.pause_transfers(None).await.expect("paused");
    let (_, interrupted) = engine.change(Some(profile), world.install("alice/lamp")).await.expect("asked");
    let (_, waiting) = engine.change(Some(profile), world.install("alice/tide")).await.expect("asked");
    until(&engine, interrupted, |view| view.phase == Phase::Fetching).await;
    engine.close().await;
    drop(engine);

    let engine = world.open().await;
    engine.start().await;
    assert!(engine.limits().verdict.is_paused, "a pause outlives the service");
    engine.resume_transfers(None).await.expect("resumed");
    let remove = ChangeRequest { remove: vec![world.registry.key("alice/lamp")], ..ChangeRequest::default() };
    assert_eq!(
        carry_out(&engine, profile, remove).await,
        "done",
        "lamp came first, or nothing were to remove"
    );
    assert_eq!(
        (outcome(&engine, interrupted).await, outcome(&engine, waiting).await),
        ("done".into(), "done".into())
    );
    assert_eq!((world.placed("lamp"), world.placed("tide").is_some()), (None, true));
    engine.close().await;
}

/// A number of the folder's books that is somebody else's must not be taken for one's own deployment.
#[tokio::test]
async fn a_job_that_never_deployed_is_not_recorded_as_if_it_had() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    engine.pause_transfers(None).await.expect("paused");
    let (_, job) = engine.change(Some(profile), world.install("alice/tide")).await.expect("asked");
    until(&engine, job, |view| view.phase == Phase::Fetching).await;
    engine.close().await;
    drop(engine);
    world.claim_sequence(job, 1).await;

    let engine = world.open().await;
    engine.start().await;
    engine.resume_transfers(None).await.expect("resumed");
    assert_eq!(outcome(&engine, job).await, "done");
    assert!(world.placed("tide").is_some(), "what the books say is in the folder");
    assert_eq!(engine.verify(profile).await.expect("verified").intact, 4);
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_and_who_changes_at_once_wait_for_each_other() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    let looks: Vec<_> = (0..100)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { engine.drift(profile).await.map(drop) })
        })
        .collect();
    assert_eq!(carry_out(&engine, profile, world.install("alice/tide")).await, "done");
    for look in looks {
        look.await.expect("it ends").expect("nobody is refused");
    }
    engine.close().await;
}
