//! What the machine does decides what is shared and fetched, at once and without anybody asking.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp, Zoned};
use muster_domain::{ProfileId, Tier};
use muster_engine::{
    Engine, Phase, Process, Senses, SettingsPatch, Sharing, Surroundings, Watcher,
    manners::{Hold, PauseWish, Reach},
};
use muster_store::StateDb;
use muster_surroundings::Fake;

use crate::support::{World, carry_out, outcome, until};

const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for something that can be seen; gives how long it took.
async fn eventually(what: &str, is_so: impl Fn() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    began.elapsed()
}

/// Others can connect, and get at least one archive.
fn is_offering(engine: &Engine) -> bool {
    let sharing = &engine.transfer_snapshot().sharing;
    sharing.listen.is_some() && sharing.seeds.iter().any(|seed| seed.is_offered)
}

fn offers_nothing(engine: &Engine) -> bool {
    let sharing = &engine.transfer_snapshot().sharing;
    sharing.listen.is_none() && sharing.seeds.iter().all(|seed| !seed.is_offered)
}

fn everybody() -> SettingsPatch {
    SettingsPatch {
        sharing: Some(Sharing::Everybody),
        listen: Some("127.0.0.1:0".into()),
        ..SettingsPatch::default()
    }
}

/// The machine that a fake plays, without any game.
fn on(watcher: Watcher) -> Senses {
    Senses { watcher: Arc::new(watcher), ..Senses::blind() }
}

/// An engine with one archive that may be passed on, and a yes to that.
async fn sharing(world: &mut World, senses: Senses) -> (Engine, ProfileId) {
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    let (engine, profile) = world.engine_on(senses).await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done");
    assert!(offers_nothing(&engine), "nobody was asked yet");
    assert_eq!(engine.limits().verdict.sharing_holds.first(), Some(&Hold::NotChosen));
    engine.patch_settings(everybody()).await.expect("set");
    (engine, profile)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_machine_does_takes_offers_back_and_gives_them_again() {
    let (mut world, (fake, watcher)) = (World::new(), Fake::new());
    let (engine, _) = sharing(&mut world, on(watcher)).await;
    eventually("an offer", || is_offering(&engine)).await;
    type Change = fn(&mut Surroundings, bool);
    let changes: [(Hold, Change); 6] = [
        (Hold::Battery, |around, is_so| around.on_battery = Some(is_so)),
        (Hold::Metered, |around, is_so| around.is_metered = Some(is_so)),
        (Hold::Vpn, |around, is_so| around.over_vpn = Some(is_so)),
        (Hold::FullScreen, |around, is_so| around.full_screen = Some(is_so)),
        (Hold::Sleep, |around, is_so| around.is_sleeping = Some(is_so)),
        (Hold::Disk, |around, is_so| around.free_bytes = Some(if is_so { 0 } else { u64::MAX })),
    ];
    for (hold, change) in changes {
        fake.change(|around| change(around, true));
        let gone = eventually("nothing offered", || offers_nothing(&engine)).await;
        assert_eq!(engine.limits().verdict.sharing_holds, [hold]);
        let seeds = engine.seeds().await.expect("seeds");
        assert_eq!(seeds[0].reason.as_ref().map(|reason| reason.code.as_str()), Some(hold.sharing_code()));
        fake.change(|around| change(around, false));
        let back = eventually("an offer", || is_offering(&engine)).await;
        assert_eq!(engine.limits().verdict.sharing_holds, []);
        println!("{hold:?}: gone after {gone:?}, back after {back:?}");
    }
    let near = SettingsPatch { sharing: Some(Sharing::Nearby), ..SettingsPatch::default() };
    engine.patch_settings(near).await.expect("set");
    eventually("an offer to those nearby", || is_offering(&engine)).await;
    assert_eq!(engine.limits().verdict.reach, Reach::Nearby);
    let no = SettingsPatch { sharing: Some(Sharing::Nobody), ..SettingsPatch::default() };
    engine.patch_settings(no).await.expect("set");
    assert_eq!(engine.limits().verdict.reach, Reach::Nobody, "a no is in force when it comes back");
    eventually("nothing offered", || offers_nothing(&engine)).await;
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_offered_before_the_machine_was_looked_at() {
    let (mut world, (fake, watcher)) = (World::new(), Fake::new());
    fake.change(|around| around.has_looked = false);
    let (engine, _) = sharing(&mut world, on(watcher)).await;
    assert!(offers_nothing(&engine));
    assert_eq!(engine.limits().verdict.sharing_holds, [Hold::Looking]);
    fake.change(|around| around.has_looked = true);
    eventually("an offer", || is_offering(&engine)).await;
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_stops_everything_and_outlives_the_service() {
    let mut world = World::new();
    let (engine, profile) = sharing(&mut world, Senses::blind()).await;
    eventually("an offer", || is_offering(&engine)).await;
    engine.pause(PauseWish::For(SignedDuration::from_hours(1))).await.expect("paused");
    assert!(engine.limits().verdict.is_paused);
    eventually("everything to stop", || offers_nothing(&engine) && engine.transfer_snapshot().is_all_paused)
        .await;
    world.registry.publish("alice/tide", "1.0.0", &[]);
    world.sync(&engine).await;
    let (_, job) = engine.change(Some(profile), world.install("alice/tide")).await.expect("asked");
    until(&engine, job, |view| view.phase == Phase::Fetching).await;
    assert!(engine.pause(PauseWish::For(SignedDuration::ZERO)).await.is_err());
    engine.close().await;
    drop(engine);

    let engine = world.open().await;
    engine.start().await;
    let limits = engine.limits();
    assert!(limits.verdict.is_paused && limits.pause.and_then(|pause| pause.ends_at()).is_some());
    assert!(offers_nothing(&engine));
    engine.resume().await.expect("resumed");
    assert_eq!(outcome(&engine, job).await, "done");
    eventually("an offer", || is_offering(&engine)).await;
    engine.close().await;
    drop(engine);

    let engine = world.open().await;
    engine.start().await;
    assert_eq!(engine.limits().pause, None, "its end outlives the service, too");
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_ends_by_itself() {
    let mut world = World::new();
    let (engine, _) = sharing(&mut world, Senses::blind()).await;
    eventually("an offer", || is_offering(&engine)).await;
    engine.pause(PauseWish::For(SignedDuration::from_millis(1_500))).await.expect("paused");
    eventually("everything to stop", || offers_nothing(&engine)).await;
    eventually("an offer", || is_offering(&engine)).await;
    assert_eq!(engine.limits().pause, None);
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_downloads_wait_where_bytes_cost_and_others_do_not() {
    let (mut world, (fake, watcher)) = (World::new(), Fake::new());
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, profile) = world.engine_on(on(watcher)).await;
    fake.change(|around| around.is_metered = Some(true));
    engine.pause(PauseWish::UntilResumed).await.expect("paused");
    let (_, job) = engine.change(Some(profile), world.install("alice/tide")).await.expect("asked");
    until(&engine, job, |view| view.phase == Phase::Fetching).await;
    eventually("a transfer", || !engine.transfer_snapshot().transfers.is_empty()).await;
    let sha256 = engine.transfer_snapshot().transfers[0].sha256;
    engine.move_transfer(sha256, Some(Tier::Background), None).await.expect("moved");
    engine.resume().await.expect("resumed");
    eventually("it to wait", || {
        let snapshot = engine.transfer_snapshot();
        snapshot
            .get(&sha256)
            .and_then(|transfer| transfer.wait)
            .is_some_and(|wait| wait.code() == "waiting-game")
    })
    .await;
    assert_eq!(engine.limits().verdict.why_background_waits(), Some("waiting-metered"));
    fake.change(|around| around.is_metered = Some(false));
    assert_eq!(outcome(&engine, job).await, "done");
    fake.change(|around| around.is_metered = Some(true));
    assert_eq!(carry_out(&engine, profile, world.install("alice/lamp")).await, "done", "this was asked for");
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_months_uploads_are_remembered_and_stop_what_is_too_much() {
    let mut world = World::new();
    let (engine, _) = sharing(&mut world, Senses::blind()).await;
    engine.close().await;
    drop(engine);
    {
        let database = StateDb::open(&world.folder.path().join("state/state.db")).expect("opens");
        let month = Zoned::now().strftime("%Y-%m").to_string();
        let ledger = serde_json::json!({"current": month, "months": {month.clone(): 5_000_000_000_u64}});
        database.settings().set("manners.uploads", ledger, Timestamp::now()).await.expect("written");
    }
    let engine = world.open().await;
    engine.start().await;
    eventually("an offer", || is_offering(&engine)).await;
    assert_eq!(engine.limits().uploaded, 5_000_000_000);
    let mut less = SettingsPatch::default();
    less.rules.monthly_upload = Some(5_000_000_000);
    engine.patch_settings(less.clone()).await.expect("set");
    let verdict = engine.limits().verdict;
    assert_eq!((verdict.reach, &verdict.sharing_holds[..]), (Reach::Nearby, &[Hold::Month][..]));
    less.rules.lan_exempt = Some(false);
    engine.patch_settings(less.clone()).await.expect("set");
    eventually("nothing offered", || offers_nothing(&engine)).await;
    assert_eq!(engine.limits().verdict.reach, Reach::Nobody);
    less.rules.monthly_upload = Some(0);
    engine.patch_settings(less).await.expect("set");
    eventually("an offer", || is_offering(&engine)).await;
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_offered_while_a_game_runs() {
    let (mut world, game) = (World::new(), Arc::new(AtomicBool::new(false)));
    let (runs, looks) = (game.clone(), Arc::new(AtomicUsize::new(0)));
    let looked = looks.clone();
    let processes = move || {
        looked.fetch_add(1, Ordering::SeqCst);
        let program = if runs.load(Ordering::SeqCst) { "/games/luanti" } else { "/games/minetestserver" };
        vec![Process { id: 7, program: program.into() }]
    };
    let senses = Senses { processes: Arc::new(processes), ..Senses::blind() };
    let (engine, _) = sharing(&mut world, senses).await;
    eventually("an offer", || is_offering(&engine)).await;
    game.store(true, Ordering::SeqCst);
    eventually("nothing offered", || offers_nothing(&engine)).await;
    assert_eq!(engine.limits().verdict.sharing_holds, [Hold::Game]);
    // A pause for the game ends with it.
    engine.pause(PauseWish::WhilePlaying).await.expect("paused");
    game.store(false, Ordering::SeqCst);
    eventually("an offer", || is_offering(&engine)).await;
    assert_eq!(engine.limits().pause, None);
    // Nobody looks while it makes no difference.
    let no = SettingsPatch { sharing: Some(Sharing::Nobody), ..SettingsPatch::default() };
    engine.patch_settings(no).await.expect("set");
    assert_eq!(engine.limits().playing, None);
    let before = looks.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(looks.load(Ordering::SeqCst), before);
    engine.close().await;
}
