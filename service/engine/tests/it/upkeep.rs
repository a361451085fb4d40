//! Updates that nobody asks for keep away from a running game and from a lobby, and are undone like any other.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use muster_domain::ProfileId;
use muster_engine::{
    ChangeRequest, Engine, Process, Senses, Skip, Subscription, UpdatePolicy, UpkeepPatch, UpkeepState,
    UpkeepView,
};
use muster_store::{StateDb, state::Offered};

use crate::support::{World, carry_out, wait};

const LAMP: &str = "alice/lamp";

/// A machine on which the game runs when the flag says so.
fn machine(game: &Arc<AtomicBool>) -> Senses {
    let runs = game.clone();
    let processes = move || match runs.load(Ordering::SeqCst) {
        true => vec![Process { id: 7, program: "/games/luanti".into() }],
        false => Vec::new(),
    };
    Senses { processes: Arc::new(processes), ..Senses::blind() }
}

async fn view(engine: &Engine, profile: ProfileId) -> UpkeepView {
    let all = engine.upkeep().await.expect("read");
    all.into_iter().find(|one| one.profile == profile).expect("listed")
}

/// The update of the only package as it is told of, once it is as wanted.
async fn wait_state(engine: &Engine, profile: ProfileId, what: &str, wanted: impl Fn(&UpkeepView) -> bool) {
    wait(what, async || wanted(&view(engine, profile).await).then_some(())).await;
}

async fn set(engine: &Engine, profile: ProfileId, policy: UpdatePolicy) {
    let patch = UpkeepPatch { policy: Some(policy), ..UpkeepPatch::default() };
    engine.set_upkeep(profile, patch).await.expect("set");
}

/// As if the newest version had been seen so many hours ago. Needs a closed engine.
async fn saw_lamp(world: &World, release: &muster_domain::Release, hours: i64) {
    let database = StateDb::open(&world.folder.path().join("state/state.db")).expect("opens");
    let key = world.registry.key(LAMP);
    let offered = Offered {
        source: key.source,
        package: key.id,
        version: release.version.clone(),
        sha256: release.archive.sha256,
    };
    let then = Timestamp::now() - SignedDuration::from_hours(hours);
    assert_eq!(database.sightings().see(vec![offered], then).await.expect("seen").len(), 1);
}

/// A world whose profile has the lamp, with a newer one on offer.
async fn outdated(game: &Arc<AtomicBool>) -> (World, ProfileId, muster_domain::Release) {
    let mut world = World::new();
    world.registry.publish(LAMP, "1.0.0", &[]);
    let (engine, profile) = world.engine_on(machine(game)).await;
    assert_eq!(carry_out(&engine, profile, world.install(LAMP)).await, "done");
    world.registry.publish(LAMP, "1.1.0", &[]);
    world.sync(&engine).await;
    let detail = engine.package(&world.registry.key(LAMP), Some(profile)).await.expect("known");
    let newest = detail.releases.first().expect("a release").clone();
    engine.close().await;
    (world, profile, newest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_waits_for_the_game_and_comes_when_it_ends() {
    let game = Arc::new(AtomicBool::new(false));
    let (world, profile, newest) = outdated(&game).await;
    game.store(true, Ordering::SeqCst);
    let engine = world.open_on(machine(&game)).await;
    engine.start().await;
    set(&engine, profile, UpdatePolicy::Apply).await;
    let waits = |view: &UpkeepView| matches!(view.items.first(), Some(item) if matches!(item.state, UpkeepState::Waits { .. }));
    wait_state(&engine, profile, "the new version", waits).await;
    engine.close().await;
    drop(engine);

    saw_lamp(&world, &newest, 49).await;
    let engine = world.open_on(machine(&game)).await;
    engine.start().await;
    let is_told = |view: &UpkeepView| view.reasons.iter().any(|reason| reason.code == "upkeep-game");
    wait_state(&engine, profile, "word of the game", is_told).await;
    assert!(!world.cached(&newest.archive.sha256).exists(), "nothing is fetched while a game runs");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));

    game.store(false, Ordering::SeqCst);
    wait("the update", async || (world.placed("lamp")? == "-- 1.1.0\n").then_some(())).await;
    wait_state(&engine, profile, "rest", |view| view.items.is_empty() && view.reasons.is_empty()).await;
    let detail = engine.profile_detail(profile).await.expect("a profile");
    assert_eq!(detail.generations[0].cause.code, "kept-up");
    let job = engine.undo_last(profile).await.expect("a job");
    assert_eq!(crate::support::outcome(&engine, job).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.0.0\n"));
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_is_of_a_package_that_is_there_and_survives_a_restart() {
    let game = Arc::new(AtomicBool::new(false));
    let (world, profile, _) = outdated(&game).await;
    let engine = world.open_on(machine(&game)).await;
    engine.start().await;
    let subscribe = |id: &str, policy: UpdatePolicy| {
        let subscribe = vec![Subscription { key: world.registry.key(id), policy }];
        engine.set_upkeep(profile, UpkeepPatch { subscribe, ..UpkeepPatch::default() })
    };
    let error = subscribe("alice/none", UpdatePolicy::Apply).await.expect_err("not there");
    assert_eq!(muster_domain::Coded::code(&error), "package-not-installed");
    subscribe(LAMP, UpdatePolicy::Fetch).await.expect("subscribed");
    engine.close().await;
    drop(engine);
    let engine = world.open_on(machine(&game)).await;
    let found = view(&engine, profile).await;
    assert_eq!(found.policy, UpdatePolicy::Off);
    let shown: Vec<_> =
        found.subscriptions.iter().map(|one| (&one.key, one.policy, one.is_installed)).collect();
    assert_eq!(shown, [(&world.registry.key(LAMP), UpdatePolicy::Fetch, true)]);
    let clone = engine.clone_profile(profile, "copy").await.expect("a copy");
    assert!(view(&engine, clone).await.subscriptions.is_empty(), "a copy starts on its own");
    engine.close().await;
}

#[tokio::test]
async fn a_skipped_version_is_not_offered_until_something_newer_is_and_comes_to_whoever_asks() {
    let mut world = World::new();
    world.registry.publish(LAMP, "1.0.0", &[]);
    world.registry.publish("bob/tide", "1.0.0", &[]);
    let (engine, profile) = world.engine().await;
    for id in [LAMP, "bob/tide"] {
        assert_eq!(carry_out(&engine, profile, world.install(id)).await, "done");
    }
    world.registry.publish(LAMP, "1.1.0", &[]);
    world.registry.publish("bob/tide", "1.1.0", &[]);
    world.sync(&engine).await;
    let key = world.registry.key(LAMP);
    let skip = async |version: Option<&str>| {
        let skip = vec![Skip { key: key.clone(), version: version.map(str::to_owned) }];
        engine.set_upkeep(profile, UpkeepPatch { skip, ..UpkeepPatch::default() }).await
    };
    let told = async || {
        let detail = engine.profile_detail(profile).await.expect("a profile");
        let entry = detail.entries.iter().find(|entry| entry.package.id == key.id).expect("there");
        let label = |version: &Option<muster_domain::Version>| version.as_ref().map(|one| one.label());
        (detail.view.updates, label(&entry.update), label(&entry.skipped))
    };
    let newer = |label: &str| Some(label.to_owned());

    let error = skip(Some("1.2.0")).await.expect_err("not on offer");
    assert_eq!(muster_domain::Coded::code(&error), "plan-changed");
    skip(Some("1.1.0")).await.expect("skipped");
    assert_eq!(told().await, (1, None, newer("1.1.0")));
    let everything = ChangeRequest { update_all: true, ..ChangeRequest::default() };
    let plan = engine.plan(Some(profile), &everything).await.expect("a plan");
    let moved: Vec<_> = plan.items.iter().map(|item| item.key.id.to_string()).collect();
    assert_eq!(moved, ["bob/tide"]);
    skip(None).await.expect("offered again");
    assert_eq!(told().await, (2, newer("1.1.0"), None));

    skip(Some("1.1.0")).await.expect("skipped");
    world.registry.publish(LAMP, "1.2.0", &[]);
    world.sync(&engine).await;
    assert_eq!(told().await, (2, newer("1.2.0"), None), "something newer is another matter");
    skip(Some("1.2.0")).await.expect("skipped");
    let by_name = ChangeRequest { update: vec![key.clone()], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, by_name).await, "done");
    assert_eq!(world.placed("lamp").as_deref(), Some("-- 1.2.0\n"), "nothing is forbidden");
    engine.close().await;
}
