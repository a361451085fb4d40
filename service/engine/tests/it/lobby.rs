//! Lobbies of one player: opened, joined, played and left, with a game that the test starts and ends.
#![allow(clippy::disallowed_methods, reason = "test files are written plainly")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use jiff::Timestamp;
use muster_domain::{ProfileId, Sha256};
use muster_engine::{
    Engine, EngineError, HostRequest, JoinRequest, LobbyAt, LobbyError, LobbyPhase, Process, Senses,
};
use muster_registry::SigningKey;
use muster_store::StateDb;

use crate::support::{World, carry_out, wait};

/// Whether the game runs.
#[derive(Clone, Default)]
struct Game(Arc<AtomicBool>);

impl Game {
    fn runs(&self, runs: bool) {
        self.0.store(runs, Ordering::Relaxed);
    }

    fn senses(&self) -> Senses {
        let plays = self.0.clone();
        let processes = move || match plays.load(Ordering::Relaxed) {
            true => vec![Process { id: 7, program: "/usr/bin/minetest".into() }],
            false => Vec::new(),
        };
        Senses { processes: Arc::new(processes), ..Senses::blind() }
    }
}

/// The player has a lamp; the ticket is of a host who plays with the tide alone.
async fn invited(game: &Game) -> (World, Engine, ProfileId, LobbyAt) {
    let mut world = World::new();
    world.registry.publish("alice/lamp", "1.0.0", &[]);
    world.registry.publish("alice/tide", "1.0.0", &[]);
    let (engine, own) = world.engine_on(game.senses()).await;
    let host = engine.clone_profile(own, "host").await.expect("cloned");
    assert_eq!(carry_out(&engine, host, world.install("alice/tide")).await, "done");
    assert_eq!(carry_out(&engine, own, world.install("alice/lamp")).await, "done");
    let request = HostRequest {
        profile: Some(host),
        name: Some("Tide night".into()),
        addresses: vec!["192.0.2.7:6881".parse().expect("an address")],
        hours: 4,
        ..HostRequest::default()
    };
    let hosted = engine.host_lobby(request).await.expect("opened");
    engine.close_lobby().await.expect("closed");
    (world, engine, own, LobbyAt::Text(hosted.ticket))
}

async fn join(engine: &Engine, at: &LobbyAt) -> ProfileId {
    let offer = engine.inspect_lobby(at, None).await.expect("looked at");
    let agreed = offer.plan.map(|plan| plan.digest);
    engine.join_lobby(at, asked(offer.digest, agreed)).await.expect("joined")
}

fn asked(digest: Sha256, agreed: Option<String>) -> JoinRequest {
    JoinRequest { digest, agreed, name: None, without: vec![], remembers_host: false }
}

async fn reached(engine: &Engine, phase: Option<LobbyPhase>) {
    wait("the lobby's phase", async || {
        let joined = engine.lobbies().await.expect("asked").joined;
        (joined.map(|joined| joined.phase) == phase).then_some(())
    })
    .await;
}

fn lamp_and_tide(world: &World) -> (bool, bool) {
    (world.placed("lamp").is_some(), world.placed("tide").is_some())
}

#[tokio::test]
async fn the_own_mods_are_back_when_the_game_ends() {
    let game = Game::default();
    let (world, engine, own, ticket) = invited(&game).await;
    let guest = join(&engine, &ticket).await;
    reached(&engine, Some(LobbyPhase::Ready)).await;
    assert_eq!(lamp_and_tide(&world), (false, true));
    assert_eq!(
        engine.current_profile().await.expect("asked"),
        Some(guest),
        "what is launched is the lobby's"
    );
    let again = engine.inspect_lobby(&ticket, None).await.expect("looked at");
    let refused = engine.join_lobby(&ticket, asked(again.digest, again.plan.map(|plan| plan.digest))).await;
    assert!(matches!(refused, Err(EngineError::Lobby(LobbyError::Already { .. }))), "one lobby at a time");

    game.runs(true);
    reached(&engine, Some(LobbyPhase::Playing)).await;
    engine.leave_lobby().await.expect("asked");
    assert_eq!(lamp_and_tide(&world), (false, true), "nothing is changed under a running game");
    game.runs(false);
    reached(&engine, None).await;
    let profiles = engine.profiles().await.expect("asked");
    assert!(!profiles.iter().any(|profile| profile.id == guest), "a lobby is over when its profile is gone");
    assert_eq!(lamp_and_tide(&world), (true, false));
    assert_eq!(engine.current_profile().await.expect("asked"), Some(own));
    engine.close().await;
}

#[tokio::test]
async fn a_service_that_comes_back_gives_the_own_mods_back_unless_somebody_plays() {
    let game = Game::default();
    let (world, engine, _, ticket) = invited(&game).await;
    join(&engine, &ticket).await;
    reached(&engine, Some(LobbyPhase::Ready)).await;
    game.runs(true);
    reached(&engine, Some(LobbyPhase::Playing)).await;
    engine.close().await;
    drop(engine);

    let engine = world.open_on(game.senses()).await;
    engine.start().await;
    reached(&engine, Some(LobbyPhase::Playing)).await;
    assert_eq!(lamp_and_tide(&world), (false, true), "the game survived the service");
    engine.close().await;
    drop(engine);

    game.runs(false);
    let engine = world.open_on(game.senses()).await;
    engine.start().await;
    reached(&engine, None).await;
    assert_eq!(lamp_and_tide(&world), (true, false));
    engine.close().await;
}

#[tokio::test]
async fn a_ticket_is_joined_as_it_was_looked_at() {
    let game = Game::default();
    let (world, engine, _, ticket) = invited(&game).await;
    let offer = engine.inspect_lobby(&ticket, None).await.expect("looked at");
    assert_eq!((offer.name.as_str(), offer.packages), ("Tide night", 1));
    assert_eq!(offer.own_name, engine.profile_detail(offer.own).await.expect("there").view.name);
    let agreed = offer.plan.as_ref().map(|plan| plan.digest.clone());
    let refused = engine.join_lobby(&ticket, asked(Sha256([1; 32]), agreed)).await;
    assert!(matches!(refused, Err(EngineError::Lobby(LobbyError::Changed))));
    let refused = engine.join_lobby(&ticket, asked(offer.digest, None)).await;
    assert!(matches!(refused, Err(EngineError::NothingAsked)), "nobody agreed to a plan");
    // Another plan than the one that was shown ends the lobby and leaves everything as it was.
    let not_that = Some("0".repeat(64));
    engine.join_lobby(&ticket, asked(offer.digest, not_that)).await.expect("begun");
    reached(&engine, None).await;
    assert_eq!(lamp_and_tide(&world), (true, false));
    engine.close().await;
}

#[tokio::test]
async fn a_profile_that_is_chosen_by_hand_ends_the_lobby_and_stays() {
    let game = Game::default();
    let (world, engine, own, ticket) = invited(&game).await;
    let third = engine.clone_profile(own, "third").await.expect("cloned");
    assert_eq!(carry_out(&engine, third, world.install("alice/tide")).await, "done");
    join(&engine, &ticket).await;
    reached(&engine, Some(LobbyPhase::Ready)).await;
    let job = engine.switch_to(third).await.expect("asked").expect("a job");
    assert_eq!(crate::support::outcome(&engine, job).await, "done");
    reached(&engine, None).await;
    assert_eq!(lamp_and_tide(&world), (true, true));
    assert_eq!(engine.current_profile().await.expect("asked"), Some(third));
    engine.close().await;
}

/// What the database says under a key of the settings. Needs a closed engine.
async fn setting(world: &World, key: &str) -> serde_json::Value {
    let database = StateDb::open(&world.folder.path().join("state/state.db")).expect("opens");
    database.settings().get(key).await.expect("read").unwrap_or_default()
}

async fn set(world: &World, key: &str, value: serde_json::Value) {
    let database = StateDb::open(&world.folder.path().join("state/state.db")).expect("opens");
    database.settings().set(key, value, Timestamp::now()).await.expect("written");
}

#[tokio::test]
async fn seeds_of_an_earlier_version_leave_the_settings_and_the_host_stays_who_it_was() {
    let (world, engine, own, _) = invited(&Game::default()).await;
    engine.close().await;
    drop(engine);
    set(&world, "lobby-host-key", "07".repeat(32).into()).await;

    let engine = world.open().await;
    engine.start().await;
    let request = HostRequest {
        profile: Some(own),
        addresses: vec!["192.0.2.7:6881".parse().expect("an address")],
        hours: 4,
        is_known: true,
        ..HostRequest::default()
    };
    let hosted = engine.host_lobby(request).await.expect("opened");
    assert_eq!(hosted.by, Some(SigningKey::from_seed([7; 32]).public()));
    engine.close().await;
    drop(engine);
    assert_eq!(setting(&world, "lobby-host-key").await, serde_json::json!({ "in": "file" }));
    let mut open = setting(&world, "lobby-hosted").await;
    assert!(open.get("seed").is_none(), "{open}");
    let keys = world.folder.path().join("state/keys");
    let file = keys.join(format!("lobby-open-{}", open["digest"].as_str().expect("a digest")));
    let seed = std::fs::read_to_string(&file).expect("the lobby's key");
    #[cfg(unix)]
    for path in [&file, &keys.join("lobby-host")] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }

    // As an earlier version left an open lobby behind.
    std::fs::remove_file(&file).expect("removed");
    open["seed"] = seed.trim().into();
    set(&world, "lobby-hosted", open).await;
    let engine = world.open().await;
    engine.start().await;
    assert_eq!(std::fs::read_to_string(&file).expect("moved"), seed);
    engine.close_lobby().await.expect("closed");
    assert!(!file.exists(), "the key of a lobby goes with it");
    assert!(keys.join("lobby-host").exists());
    engine.close().await;
}
