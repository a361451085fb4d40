//! Features: what a registry signs of them, what plans say, what profiles keep and hand on.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use muster_domain::ProfileId;
use muster_engine::{Action, ChangeRequest, ChooseFeature, Engine, PlanView, WhyStep};

use crate::support::{World, carry_out};

const TOWN: &str = "alice/town";

/// A town with voices unless somebody says no, and maps if somebody says so.
async fn world() -> (World, Engine, ProfileId) {
    let mut world = World::new();
    for name in ["base", "voices", "maps"] {
        world.registry.publish(&format!("alice/{name}"), "1.0.0", &[]);
    }
    let needs = ["alice/base", "alice/voices?speech!", "alice/maps?atlas"];
    world.registry.publish(TOWN, "1.0.0", &needs);
    let (engine, profile) = world.engine().await;
    (world, engine, profile)
}

fn choose(world: &World, id: &str, choices: &[(&str, Option<bool>)]) -> ChangeRequest {
    let choose = |(feature, on): &(&str, Option<bool>)| ChooseFeature {
        key: world.registry.key(id),
        feature: feature.parse().expect("a feature"),
        on: *on,
    };
    ChangeRequest { features: choices.iter().map(choose).collect(), ..ChangeRequest::default() }
}

async fn names(engine: &Engine, profile: ProfileId) -> Vec<String> {
    let detail = engine.profile_detail(profile).await.expect("a profile");
    let id = |text: String| text.trim_start_matches("alice/").to_owned();
    let mut names: Vec<String> =
        detail.entries.iter().map(|entry| id(entry.package.id.to_string())).collect();
    names.sort();
    names
}

/// `id on` or `id off` of the town's features in a plan.
fn shown(plan: &PlanView) -> Vec<String> {
    let of = plan.features.iter().find(|of| of.key.id.as_str() == TOWN).expect("the town's");
    let state = |on: bool| if on { "on" } else { "off" };
    of.features.iter().map(|feature| format!("{} {}", feature.id, state(feature.on))).collect()
}

/// The engine opened again, after the folder of its registry went.
async fn without_its_source(world: &World, engine: Engine) -> Engine {
    engine.close().await;
    drop(engine);
    let home = world.folder.path();
    std::fs::rename(home.join("registry"), home.join("elsewhere")).expect("moved");
    let engine = world.open().await;
    engine.start().await;
    engine
}

#[tokio::test]
async fn a_plan_says_what_is_for_which_feature_and_a_choice_is_kept() {
    let (mut world, engine, profile) = world().await;
    let plan = engine.plan(Some(profile), &world.install(TOWN)).await.expect("a plan");
    assert_eq!(shown(&plan), ["speech on", "atlas off"]);
    let item = |plan: &PlanView, id: &str| plan.items.iter().find(|item| item.key.id.as_str() == id).cloned();
    let voices = item(&plan, "alice/voices").expect("comes");
    assert_eq!(voices.for_features, [(TOWN.to_owned(), "The speech".to_owned())]);
    assert!(item(&plan, "alice/base").expect("comes").for_features.is_empty());
    assert!(item(&plan, "alice/maps").is_none());
    assert_eq!(carry_out(&engine, profile, world.install(TOWN)).await, "done");

    let change = choose(&world, TOWN, &[("speech", Some(false)), ("atlas", Some(true))]);
    let plan = engine.plan(Some(profile), &change).await.expect("a plan");
    assert_eq!(item(&plan, "alice/voices").expect("goes").action, Action::Remove);
    assert_eq!(item(&plan, "alice/maps").expect("comes").action, Action::Add);
    let agreed = ChangeRequest { agreed: Some(plan.digest), ..change };
    assert_eq!(carry_out(&engine, profile, agreed).await, "done");
    assert_eq!(names(&engine, profile).await, ["base", "maps", "town"]);

    // What is on by itself in a new version is new; what the player said stays said; what is gone is told.
    world.registry.publish("alice/songs", "1.0.0", &[]);
    world.registry.publish(TOWN, "1.1.0", &["alice/base", "alice/voices?speech!", "alice/songs?choir!"]);
    world.sync(&engine).await;
    let update = ChangeRequest { update_all: true, ..ChangeRequest::default() };
    let plan = engine.plan(Some(profile), &update).await.expect("a plan");
    assert_eq!(shown(&plan), ["speech off", "choir on"]);
    assert_eq!(plan.features[0].features.iter().map(|one| one.is_new).collect::<Vec<_>>(), [false, true]);
    let codes: Vec<&str> = plan.notices.iter().map(|(reason, _)| reason.code.as_str()).collect();
    assert!(codes.contains(&"feature-gone"), "{codes:?}");
    assert_eq!(carry_out(&engine, profile, update).await, "done");
    assert_eq!(names(&engine, profile).await, ["base", "songs", "town"]);
    engine.close().await;
}

#[tokio::test]
async fn choices_for_what_is_not_there_are_refused_by_name() {
    let (world, engine, profile) = world().await;
    let refused = async |request: &ChangeRequest| {
        let error = engine.plan(Some(profile), request).await.expect_err("cannot be");
        muster_domain::Coded::code(&error)
    };
    assert_eq!(refused(&choose(&world, TOWN, &[("speech", None)])).await, "package-not-installed");
    let install = ChangeRequest {
        install: world.install(TOWN).install,
        ..choose(&world, TOWN, &[("garden", Some(true))])
    };
    assert_eq!(refused(&install).await, "feature-unknown");
    // What comes as a need can be chosen of, too.
    let mut registry_world = world;
    registry_world.registry.publish("alice/land", "1.0.0", &[TOWN]);
    registry_world.sync(&engine).await;
    let land = ChangeRequest {
        install: registry_world.install("alice/land").install,
        ..choose(&registry_world, TOWN, &[("speech", Some(false))])
    };
    assert_eq!(carry_out(&engine, profile, land).await, "done");
    assert_eq!(names(&engine, profile).await, ["base", "land", "town"]);
    engine.close().await;
}

/// What others are told of the choices for the town.
async fn handed_on(engine: &Engine, profile: ProfileId) -> Vec<(String, bool)> {
    let shared = engine.share_profile(profile).await.expect("shared").profile;
    let town = shared.packages.iter().find(|package| package.id.as_str() == TOWN).expect("named");
    town.features.iter().map(|(name, on)| (name.to_string(), *on)).collect()
}

#[tokio::test]
async fn a_choice_outlives_its_source_and_is_handed_on() {
    let (world, engine, profile) = world().await;
    let install = ChangeRequest {
        install: world.install(TOWN).install,
        ..choose(&world, TOWN, &[("speech", Some(false))])
    };
    assert_eq!(carry_out(&engine, profile, install).await, "done");
    let said = vec![("speech".to_owned(), false)];
    assert_eq!(handed_on(&engine, profile).await, said);

    // The choice is there after a restart, and where the source is gone.
    let engine = without_its_source(&world, engine).await;
    let off = ChangeRequest { disable: vec![world.registry.key(TOWN)], ..ChangeRequest::default() };
    assert_eq!(carry_out(&engine, profile, off).await, "done");
    assert_eq!(handed_on(&engine, profile).await, said);
    assert_eq!(names(&engine, profile).await, ["base", "town"]);
    engine.close().await;
}

/// The ways to a package: `land → town (The speech) → voices`.
async fn ways(world: &World, engine: &Engine, profile: ProfileId, id: &str) -> Vec<String> {
    let why = engine.why(profile, &world.registry.key(id)).await.expect("in the profile");
    let step = |step: &WhyStep| match step.for_features.is_empty() {
        true => step.key.id.to_string(),
        false => format!("{} ({})", step.key.id, step.for_features.join(", ")),
    };
    let chains = why.chains.iter();
    let way = |chain: &Vec<WhyStep>| chain.iter().map(step).collect::<Vec<_>>().join(" → ");
    chains.map(|chain| way(chain).replace("alice/", "")).collect()
}

#[tokio::test]
async fn why_something_is_there_names_the_features_without_which_it_would_not_be() {
    let (mut world, engine, profile) = world().await;
    world.registry.publish("alice/land", "1.0.0", &[TOWN]);
    world.registry.publish("alice/choir", "1.0.0", &["alice/voices"]);
    world.registry.publish("alice/opera", "1.0.0", &["alice/voices?song!", "alice/choir?crowd"]);
    world.sync(&engine).await;
    let missing = engine.why(profile, &world.registry.key(TOWN)).await.expect_err("not there");
    assert_eq!(muster_domain::Coded::code(&missing), "package-not-installed");

    assert_eq!(carry_out(&engine, profile, world.install("alice/land")).await, "done");
    assert_eq!(ways(&world, &engine, profile, "alice/voices").await, ["land → town (The speech) → voices"]);
    assert_eq!(ways(&world, &engine, profile, "alice/base").await, ["land → town → base"]);
    assert!(ways(&world, &engine, profile, "alice/land").await.is_empty());

    // What needs it in any case says so, beside what does not.
    assert_eq!(carry_out(&engine, profile, world.install("alice/choir")).await, "done");
    assert_eq!(carry_out(&engine, profile, world.install("alice/opera")).await, "done");
    let told = ["choir → voices", "opera (The song) → voices", "land → town (The speech) → voices"];
    assert_eq!(ways(&world, &engine, profile, "alice/voices").await, told);
    // What is switched off is no reason any more, and what is switched on is one.
    let change = choose(&world, "alice/opera", &[("song", Some(false)), ("crowd", Some(true))]);
    assert_eq!(carry_out(&engine, profile, change).await, "done");
    let told = ["choir → voices", "land → town (The speech) → voices", "opera (The crowd) → choir → voices"];
    assert_eq!(ways(&world, &engine, profile, "alice/voices").await, told);
    assert_eq!(ways(&world, &engine, profile, "alice/choir").await, ["opera (The crowd) → choir"]);

    // What is known of it outlives its source.
    let engine = without_its_source(&world, engine).await;
    assert_eq!(ways(&world, &engine, profile, "alice/choir").await, ["opera (The crowd) → choir"]);
    engine.close().await;
}

#[tokio::test]
async fn what_a_wish_needs_in_any_case_is_told_before_what_a_feature_of_it_brings() {
    let (mut world, engine, profile) = world().await;
    world.registry.publish("alice/village", "1.0.0", &["alice/base", "alice/voices?speech!"]);
    world.registry.publish("alice/harbour", "1.0.0", &["alice/village?ships!", "alice/voices"]);
    world.sync(&engine).await;
    assert_eq!(carry_out(&engine, profile, world.install("alice/harbour")).await, "done");
    assert_eq!(
        ways(&world, &engine, profile, "alice/voices").await,
        ["harbour → voices"],
        "a need in any case"
    );
    assert_eq!(ways(&world, &engine, profile, "alice/base").await, ["harbour (The ships) → village → base"]);
    engine.close().await;
}
