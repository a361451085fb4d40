//! What is kept, what goes, what is offered, and what the player can say about it.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{collections::BTreeSet, fs};

use jiff::{SignedDuration, Timestamp};
use muster_domain::{ProfileId, Sha256};
use muster_engine::{
    ChangeRequest, Engine, EngineError, JobKind, Phase, Pin, RoomRequest, SeedView, SettingsPatch, Sharing,
};
use serde_json::json;

use crate::support::{World, carry_out, ended, until, wait};

/// A lamp and a tide are installed; what the tests call them.
const LAMP: &str = "alice/lamp 1.0.0";
const TIDE: &str = "alice/tide 1.0.0";

async fn two_mods() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish_sized("alice/tide", "1.0.0", &[], 300_000);
    let (engine, profile) = world.engine().await;
    for id in ["alice/lamp", "alice/tide"] {
        assert_eq!(carry_out(&engine, profile, world.install(id)).await, "done");
    }
    (world, engine, profile)
}

fn remove(world: &World, id: &str) -> ChangeRequest {
    ChangeRequest { remove: vec![world.registry.key(id)], ..ChangeRequest::default() }
}

async fn share(engine: &Engine, sharing: Sharing) {
    let patch = SettingsPatch {
        sharing: Some(sharing),
        listen: Some("127.0.0.1:0".into()),
        ..SettingsPatch::default()
    };
    engine.patch_settings(patch).await.expect("patched");
}

async fn seed(engine: &Engine, name: &str) -> Option<SeedView> {
    engine.seeds().await.expect("seeds").into_iter().find(|seed| seed.name == name)
}

async fn kept(engine: &Engine, name: &str) -> SeedView {
    seed(engine, name).await.unwrap_or_else(|| panic!("{name} is kept"))
}

fn codes(seed: &SeedView) -> Vec<&str> {
    seed.kept.iter().map(|reason| reason.code.as_str()).collect()
}

async fn why_not(engine: &Engine, name: &str) -> String {
    kept(engine, name).await.reason.map(|reason| reason.code).unwrap_or_default()
}

async fn wait_offered(engine: &Engine, name: &str) {
    wait("the offer", async || seed(engine, name).await.filter(|seed| seed.is_offered)).await;
}

async fn reopen(world: &World, engine: Engine) -> Engine {
    engine.close().await;
    drop(engine);
    world.open().await
}

/// The cache as it is after the keeper's next pass.
async fn settled(engine: &Engine, what: &str, is_so: impl Fn(&[SeedView]) -> bool) {
    wait(what, async || is_so(&engine.seeds().await.expect("seeds")).then_some(())).await;
}

#[tokio::test]
async fn what_profiles_use_is_kept_by_name_and_what_nothing_needs_has_a_day_to_go() {
    let (world, engine, profile) = two_mods().await;
    assert_eq!(codes(&kept(&engine, LAMP).await), ["kept-installed"]);
    assert_eq!(kept(&engine, LAMP).await.kept[0].context["profiles"], "first");
    assert_eq!(kept(&engine, LAMP).await.expires, None);
    assert_eq!(carry_out(&engine, profile, remove(&world, "alice/lamp")).await, "done");
    let lamp = kept(&engine, LAMP).await;
    assert_eq!(codes(&lamp), ["kept-for-now"]);
    assert_eq!(lamp.kept[0].context["days"], "30", "from now on, whenever it came");
    assert_eq!(
        (lamp.key, lamp.version.map(|v| v.to_string())),
        (Some(world.registry.key("alice/lamp")), Some("1.0.0".into()))
    );

    let engine = reopen(&world, engine).await;
    assert_eq!(codes(&kept(&engine, LAMP).await), ["kept-for-now"], "also after a restart");
    engine.close().await;
    drop(engine);
    world.nothing_used_for(SignedDuration::from_hours(24 * 31));
    let engine = world.open().await;
    engine.start().await;
    settled(&engine, "the lamp to go", |seeds| seeds.iter().all(|seed| seed.name != LAMP)).await;
    assert_eq!(codes(&kept(&engine, TIDE).await), ["kept-installed"], "what a profile uses does not expire");
    // It is counted a moment after it has gone.
    let counted = wait("the count", async || {
        engine.figures().await.expect("figures").totals.evicted.get("expired").map(|(archives, _)| *archives)
    });
    assert_eq!(counted.await, 1);
    assert_eq!(engine.verify(profile).await.expect("verified").intact, 3);
    engine.close().await;
}

#[tokio::test]
async fn what_a_profile_uses_goes_a_day_after_that_was_announced_and_the_mods_stay_placed() {
    let (world, engine, profile) = two_mods().await;
    engine.close().await;
    drop(engine);
    world.nothing_used_for(SignedDuration::from_hours(2));
    world.set("settings", json!({ "cache_quota": 1 })).await;
    let engine = world.open().await;
    engine.start().await;
    let notice = wait("the notice", async || engine.cache_notice()).await;
    assert_eq!((notice.code.as_str(), notice.context["count"].as_str()), ("cache-full-soon", "2"));
    assert_eq!(notice.context["hours"], "24");
    assert_eq!(engine.seeds().await.expect("seeds").len(), 2);

    let engine = reopen(&world, engine).await;
    engine.close().await;
    drop(engine);
    world.set("cache-notice", json!(Timestamp::now() - SignedDuration::from_hours(25))).await;
    world.set("settings", json!({ "cache_quota": 1, "evict_protected": false })).await;
    let engine = world.open().await;
    engine.start().await;
    let notice = wait("the notice", async || engine.cache_notice()).await;
    assert_eq!(notice.code, "cache-full-kept", "not without the player's word");
    let patch =
        SettingsPatch { evict_protected: Some(true), cache_quota: Some(50_000_000), ..Default::default() };
    engine.patch_settings(patch).await.expect("patched");
    wait("the end of the notice", async || engine.cache_notice().is_none().then_some(())).await;
    assert_eq!(engine.seeds().await.expect("seeds").len(), 2, "there is room again");
    engine.close().await;
    drop(engine);

    world.set("cache-notice", json!(Timestamp::now() - SignedDuration::from_hours(25))).await;
    world.set("settings", json!({ "cache_quota": 1 })).await;
    let engine = world.open().await;
    engine.start().await;
    settled(&engine, "everything to go", |seeds| seeds.is_empty()).await;
    let report = engine.verify(profile).await.expect("verified");
    assert_eq!((report.intact, report.missing.len()), (5, 0), "what is placed needs no archive");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    engine.close().await;
}

#[tokio::test]
async fn what_an_unfinished_change_waits_for_outlives_any_quota() {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &["alice/lamp"]);
    let (engine, profile) = world.engine().await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    assert_eq!(carry_out(&engine, profile, remove(&world, "alice/lamp")).await, "done");
    engine.pause_transfers(None).await.expect("paused");
    let (_, job) = engine.change(Some(profile), world.install("alice/tide")).await.expect("asked");
    until(&engine, job, |view| view.phase == Phase::Fetching).await;
    let room = engine.plan_room(RoomRequest::All).await.expect("planned");
    let stays: Vec<_> =
        room.stays.iter().map(|item| (item.name.as_str(), item.reasons[0].code.as_str())).collect();
    assert_eq!((room.goes.len(), stays), (0, vec![(LAMP, "stays-needed")]));
    engine.close().await;
    drop(engine);

    world.nothing_used_for(SignedDuration::from_hours(24 * 365));
    world.set("settings", json!({ "cache_quota": 1 })).await;
    let engine = world.open().await;
    assert_eq!(codes(&kept(&engine, LAMP).await), ["kept-needed"]);
    engine.start().await;
    // A pause outlives the service.
    engine.resume_transfers(None).await.expect("resumed");
    assert_eq!(ended(&engine, job).await.phase, Phase::Done);
    assert_eq!(engine.figures().await.expect("figures").totals.jobs[&(JobKind::Change, Phase::Done)], 1);
    engine.close().await;
}

#[tokio::test]
async fn of_a_damaged_archive_only_the_bad_block_is_fetched_again() {
    let (world, engine, profile) = two_mods().await;
    share(&engine, Sharing::Everybody).await;
    wait_offered(&engine, TIDE).await;
    let tide = kept(&engine, TIDE).await;
    let before = engine.figures().await.expect("figures").totals;
    world.damage(&tide.sha256);
    assert_eq!(engine.verify(profile).await.expect("verified").damaged_archives, [tide.sha256.to_string()]);
    let totals = wait("the repair", async || {
        let totals = engine.figures().await.expect("figures").totals;
        (totals.repaired == 1 && totals.from_servers > before.from_servers).then_some(totals)
    })
    .await;
    assert_eq!((totals.damaged, totals.from_servers - before.from_servers), (1, 65_536));
    wait_offered(&engine, TIDE).await;
    assert_eq!(engine.verify(profile).await.expect("verified").damaged_archives, Vec::<String>::new());
    engine.close().await;
}

#[tokio::test]
async fn damage_that_nobody_needs_is_not_repaired() {
    let (world, engine, profile) = two_mods().await;
    assert_eq!(carry_out(&engine, profile, remove(&world, "alice/tide")).await, "done");
    let tide = kept(&engine, TIDE).await;
    engine.close().await;
    drop(engine);
    world.damage(&tide.sha256);
    world.was_killed();
    let engine = world.open().await;
    engine.start().await;
    settled(&engine, "the check", |seeds| seeds.iter().all(|seed| seed.is_checked)).await;
    assert!(seed(&engine, TIDE).await.is_none());
    wait("the count", async || {
        let totals = engine.figures().await.expect("figures").totals;
        (totals.damaged == 1).then_some(())
    })
    .await;
    assert!(engine.transfer_snapshot().transfers.is_empty());
    engine.close().await;
}

#[tokio::test]
async fn after_a_kill_nothing_is_offered_before_it_was_checked_and_after_a_good_end_everything_is() {
    let (world, engine, _) = two_mods().await;
    share(&engine, Sharing::Everybody).await;
    let lamp = kept(&engine, LAMP).await.sha256;
    let engine = reopen(&world, engine).await;
    assert!(
        engine.seeds().await.expect("seeds").iter().all(|seed| seed.is_checked),
        "nothing is hashed again"
    );
    engine.start().await;
    for name in [LAMP, TIDE] {
        wait_offered(&engine, name).await;
    }
    engine.close().await;
    drop(engine);

    world.was_killed();
    world.damage(&lamp);
    // The source is away: what was verified once is offered all the same, and what is damaged cannot come again.
    let registry = world.folder.path().join("registry");
    fs::rename(&registry, world.folder.path().join("away")).expect("moved");
    let engine = world.open().await;
    assert!(engine.seeds().await.expect("seeds").iter().all(|seed| !seed.is_checked && !seed.is_offered));
    assert_eq!(why_not(&engine, TIDE).await, "sharing-checking");
    engine.start().await;
    wait_offered(&engine, TIDE).await;
    settled(&engine, "the lamp to be found damaged", |seeds| seeds.iter().all(|s| s.sha256 != lamp)).await;
    assert!(!world.cached(&lamp).exists());
    engine.close().await;
    drop(engine);

    // The repair that was interrupted is taken up again.
    fs::rename(world.folder.path().join("away"), &registry).expect("moved");
    let engine = world.open().await;
    engine.start().await;
    wait_offered(&engine, LAMP).await;
    engine.close().await;
}

#[tokio::test]
async fn the_player_decides_what_is_offered_and_every_no_has_its_reason() {
    let (world, engine, _) = two_mods().await;
    assert_eq!(why_not(&engine, LAMP).await, "sharing-not-chosen");
    share(&engine, Sharing::Nobody).await;
    assert_eq!(why_not(&engine, LAMP).await, "sharing-off");
    share(&engine, Sharing::Everybody).await;
    for name in [LAMP, TIDE] {
        wait_offered(&engine, name).await;
    }
    let lamp = kept(&engine, LAMP).await.sha256;
    engine.pause_seeds(Some(lamp)).await.expect("paused");
    settled(&engine, "the lamp to be withdrawn", |seeds| {
        seeds.iter().all(|s| s.is_offered != (s.sha256 == lamp))
    })
    .await;
    assert_eq!(why_not(&engine, LAMP).await, "sharing-paused");
    engine.pause_seeds(None).await.expect("paused");
    settled(&engine, "everything to be withdrawn", |seeds| seeds.iter().all(|s| !s.is_offered)).await;
    assert_eq!(why_not(&engine, TIDE).await, "sharing-seeding-paused");
    assert!(engine.transfer_snapshot().sharing.listen.is_none());

    let engine = reopen(&world, engine).await;
    engine.start().await;
    assert_eq!(
        why_not(&engine, TIDE).await,
        "sharing-seeding-paused",
        "a pause lasts until it is taken back"
    );
    engine.resume_seeds(None).await.expect("resumed");
    wait_offered(&engine, TIDE).await;
    assert_eq!(why_not(&engine, LAMP).await, "sharing-paused");
    engine.resume_seeds(Some(lamp)).await.expect("resumed");
    wait_offered(&engine, LAMP).await;
    engine.close().await;
}

#[tokio::test]
async fn room_is_made_as_planned_and_what_is_pinned_stays() {
    let (world, engine, profile) = two_mods().await;
    share(&engine, Sharing::Everybody).await;
    wait_offered(&engine, TIDE).await;
    let (lamp, tide) = (kept(&engine, LAMP).await.sha256, kept(&engine, TIDE).await.sha256);
    engine.pin_seed(lamp, Pin::Keep).await.expect("pinned");
    assert_eq!(codes(&kept(&engine, LAMP).await), ["kept-pinned", "kept-installed"]);
    let plan = engine.plan_room(RoomRequest::All).await.expect("planned");
    assert_eq!(plan.goes.iter().map(|item| item.sha256).collect::<Vec<_>>(), [tide]);
    assert_eq!((plan.stays[0].sha256, plan.stays[0].reasons[0].code.as_str()), (lamp, "stays-pinned"));
    assert_eq!(plan.freed, plan.goes[0].size);
    assert!(world.cached(&tide).exists(), "a plan changes nothing");

    let unknown = RoomRequest::Archives(BTreeSet::from([Sha256([7; 32])]));
    assert!(matches!(engine.plan_room(unknown).await, Err(EngineError::UnknownArchive(_))));
    assert!(matches!(engine.pin_seed(Sha256([7; 32]), Pin::Keep).await, Err(EngineError::UnknownArchive(_))));

    let made = engine.make_room(RoomRequest::Archives(BTreeSet::from([lamp, tide]))).await.expect("made");
    assert_eq!((made.goes.len(), made.stays.len(), made.freed), (1, 1, plan.freed));
    assert!(!world.cached(&tide).exists() && world.cached(&lamp).exists());
    let offered = || engine.transfer_snapshot().sharing.seeds.iter().any(|seed| seed.sha256 == tide);
    wait("the end of the offer", async || (!offered()).then_some(())).await;
    assert_eq!(engine.verify(profile).await.expect("verified").intact, 5);

    let engine = reopen(&world, engine).await;
    assert!(kept(&engine, LAMP).await.is_pinned);
    engine.pin_seed(lamp, Pin::LetGo).await.expect("unpinned");
    let plan = engine.plan_room(RoomRequest::Bytes(1)).await.expect("planned");
    assert_eq!(plan.goes.len(), 1);
    engine.close().await;
}
