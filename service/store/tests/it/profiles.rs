//! Profiles and their timelines, on real files.

use jiff::Timestamp;
use muster_domain::{Archive, Kind, Lock, LockedPackage, ProfileId, Sha256, SourceId, Version, Vouched};
use muster_store::{
    Error, StateDb,
    state::{Commit, NewProfile},
};
use serde_json::json;
use tempfile::TempDir;

fn open() -> (TempDir, StateDb) {
    let folder = tempfile::tempdir().expect("temp dir");
    let database = StateDb::open(&folder.path().join("state.db")).expect("created");
    (folder, database)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("time")
}

fn source(byte: u8) -> SourceId {
    SourceId::registry(&Sha256([byte; 32]))
}

fn lock(version: &str) -> Lock {
    let package = LockedPackage {
        source: source(1),
        id: "ab/cd".parse().expect("id"),
        version: Version::semver(version).expect("version"),
        kind: Kind(Kind::MOD.into()),
        archive: Archive { sha256: Sha256([3; 32]), size: 9 },
        vouched: Vouched::Source,
        publisher_key: None,
        wished: true,
        rank: None,
        held: None,
        enabled: true,
        side: muster_domain::Side::Both,
        needs: vec![],
        recipe: None,
    };
    Lock { packages: vec![package], ..Lock::default() }
}

fn profile(number: u128, place: &str) -> NewProfile {
    NewProfile {
        id: ProfileId(uuid::Uuid::from_u128(number)),
        name: format!("profile {number}"),
        game: "minetest".parse().expect("game"),
        place: place.into(),
        installation: json!({"root": place}),
    }
}

#[test]
fn one_profile_is_active_per_place() {
    let (_folder, database) = open();
    for (number, place) in [(1, "/games/a"), (2, "/games/a"), (3, "/games/b")] {
        database.profiles().create(profile(number, place), at(0)).wait().expect("created");
        database.profiles().activate(ProfileId(uuid::Uuid::from_u128(number))).wait().expect("active");
    }
    let active: Vec<bool> = database.profiles().all().wait().expect("all").iter().map(|p| p.active).collect();
    assert_eq!(active, [false, true, true]);
    let same_name = NewProfile { name: "profile 1".into(), ..profile(9, "/games/c") };
    assert!(matches!(database.profiles().create(same_name, at(0)).wait(), Err(Error::Conflict { .. })));
}

#[test]
fn a_removed_profile_comes_back_until_it_is_forgotten() {
    let (_folder, database) = open();
    let id = ProfileId(uuid::Uuid::from_u128(1));
    let profiles = database.profiles();
    profiles.create(profile(1, "/games/a"), at(0)).wait().expect("created");
    profiles.activate(id).wait().expect("active");
    profiles.remove(id, None, at(5)).wait().expect("removed");
    assert!(
        profiles.all().wait().expect("all").is_empty() && profiles.get(id).wait().expect("read").is_none()
    );
    assert!(matches!(profiles.remove(id, None, at(6)).wait(), Err(Error::Missing { .. })));
    let removed = profiles.removed().wait().expect("removed ones");
    assert_eq!((removed[0].name.as_str(), removed[0].removed_at), ("profile 1", at(5)));

    let same_name = NewProfile { name: "profile 1".into(), ..profile(2, "/games/a") };
    profiles.create(same_name, at(7)).wait().expect("the name is free");
    assert!(matches!(profiles.restore(id, None).wait(), Err(Error::Conflict { .. })));
    let here =
        |wanted| profiles.all_and_removed().wait().expect("read").iter().any(|found| found.id == wanted);
    assert!(here(id), "removed, and not forgotten");
    profiles.restore(id, Some("again".into())).wait().expect("restored");
    assert!(here(id), "in one look, whichever it is");
    let back = profiles.get(id).wait().expect("read").expect("there");
    assert_eq!((back.name.as_str(), back.active), ("again", false));

    profiles.remove(id, None, at(8)).wait().expect("removed");
    assert_eq!(profiles.forget_removed(at(8)).wait().expect("forgotten"), 0);
    assert_eq!(profiles.forget_removed(at(9)).wait().expect("forgotten"), 1);
    assert!(profiles.generations(id).wait().expect("read").is_empty(), "the timeline goes with its profile");
}

#[test]
fn a_clone_has_everything_of_its_original_and_a_timeline_of_its_own() {
    let (_folder, database) = open();
    let (id, copy) = (ProfileId(uuid::Uuid::from_u128(1)), ProfileId(uuid::Uuid::from_u128(2)));
    let profiles = database.profiles();
    profiles.create(profile(1, "/games/a"), at(0)).wait().expect("created");
    let (lock, cause) = (lock("1.0.0"), "install".to_owned());
    let commit = Commit {
        profile: id,
        based_on: 0,
        lock: lock.clone(),
        cause,
        params: json!({}),
        exchanges: json!([]),
        overlay: None,
        job: None,
    };
    profiles.commit(commit, at(1)).wait().expect("committed");
    profiles.set_overlay(id, json!([{"path": "a.conf"}])).wait().expect("written");
    profiles.create_clone(id, profile(2, "/games/a"), json!({"profile": "x"}), at(2)).wait().expect("cloned");
    let cloned = profiles.get(copy).wait().expect("read").expect("there");
    assert_eq!((cloned.lock, cloned.generation, cloned.active), (lock, 1, false));
    assert_eq!(cloned.overlay, json!([{"path": "a.conf"}]));
    let causes: Vec<_> =
        profiles.generations(copy).wait().expect("read").into_iter().map(|g| (g.number, g.cause)).collect();
    assert_eq!(causes, [(1, "clone".to_owned()), (0, "created".to_owned())]);
    let unknown = ProfileId(uuid::Uuid::from_u128(9));
    let lost = profiles.create_clone(unknown, profile(3, "/games/a"), json!({}), at(3)).wait();
    assert!(matches!(lost, Err(Error::Missing { .. })));
}

#[test]
fn named_and_current_generations_are_kept_whatever_is_asked() {
    let (_folder, database) = open();
    let id = ProfileId(uuid::Uuid::from_u128(1));
    database.profiles().create(profile(1, "/games/a"), at(0)).wait().expect("created");
    for based_on in 0..6 {
        let commit = Commit {
            profile: id,
            based_on,
            lock: lock("1.0.0"),
            cause: "update".into(),
            params: json!({}),
            exchanges: json!([]),
            overlay: None,
            job: None,
        };
        database.profiles().commit(commit, at(1)).wait().expect("committed");
    }
    database.profiles().name_generation(id, 2, Some("before the event".into())).wait().expect("named");
    let everything = database.profiles().forget_generations(id, (0..9).collect());
    assert_eq!(everything.wait().expect("forgotten"), 4);
    let timeline = database.profiles().generations(id).wait().expect("timeline");
    assert_eq!(timeline.iter().map(|g| g.number).collect::<Vec<_>>(), [6, 2, 0]);
    assert_eq!(timeline[1].name.as_deref(), Some("before the event"));
}

#[test]
fn a_timeline_that_goes_to_and_fro_gives_each_lock_once() {
    let (_folder, database) = open();
    let id = ProfileId(uuid::Uuid::from_u128(1));
    database.profiles().create(profile(1, "/games/a"), at(0)).wait().expect("created");
    for (based_on, version) in ["1.0.0", "1.1.0", "1.0.0", "1.1.0"].into_iter().enumerate() {
        let (based_on, lock, cause) = (based_on as u64, lock(version), "update".to_owned());
        let commit = Commit {
            profile: id,
            based_on,
            lock,
            cause,
            params: json!({}),
            exchanges: json!([]),
            overlay: None,
            job: None,
        };
        database.profiles().commit(commit, at(1)).wait().expect("committed");
    }
    let locks = database.profiles().generation_locks(id).wait().expect("read");
    assert_eq!(locks.len(), 3, "the empty one and two others");
    for wanted in [muster_domain::Lock::default(), lock("1.0.0"), lock("1.1.0")] {
        assert!(locks.contains(&wanted));
    }
    let third = database.profiles().generation_lock(id, 3).wait().expect("read");
    assert_eq!(third, Some(lock("1.0.0")));
    assert_eq!(database.profiles().generation_lock(id, 9).wait().expect("read"), None);
}

#[test]
fn what_changes_did_to_files_is_told_newest_first_and_comes_with_the_profiles_own_versions() {
    let (_folder, database) = open();
    let id = ProfileId(uuid::Uuid::from_u128(1));
    let profiles = database.profiles();
    profiles.create(profile(1, "/games/a"), at(0)).wait().expect("created");
    let exchanges = [json!([{"path": "a"}]), json!([]), json!([{"path": "b"}])];
    for (based_on, exchanges) in exchanges.into_iter().enumerate() {
        let commit = Commit {
            profile: id,
            based_on: based_on as u64,
            lock: lock("1.0.0"),
            cause: "keep-theirs".into(),
            params: json!({}),
            overlay: (based_on == 2).then(|| json!([{"path": "mine"}])),
            exchanges,
            job: None,
        };
        profiles.commit(commit, at(1)).wait().expect("committed");
    }
    let after = |number| profiles.exchanges_after(id, number).wait().expect("read");
    assert_eq!(after(0), [json!([{"path": "b"}]), json!([{"path": "a"}])]);
    assert_eq!(after(1), [json!([{"path": "b"}])]);
    assert!(after(3).is_empty());
    let overlay = profiles.get(id).wait().expect("read").expect("there").overlay;
    assert_eq!(overlay, json!([{"path": "mine"}]));
}
