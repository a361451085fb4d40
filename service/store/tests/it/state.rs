//! The areas of `state.db`, on real files.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_domain::{
    Archive, JobId, Kind, Lock, LockedPackage, ProfileId, Sha256, SourceId, Tier, Version, Vouched,
};
use muster_store::{
    Error, StateDb,
    state::{
        Commit, Consent, JobFilter, KeyEventKind, NewJob, NewProfile, NewSeed, NewSource, Offered, Outcome,
        Pin, PinCandidate, Problem, Sighting, SyncMark, SyncOutcome, Transfer,
    },
};
use serde_json::json;
use tempfile::TempDir;

fn open() -> (TempDir, StateDb) {
    let folder = tempfile::tempdir().expect("temp dir");
    let database = StateDb::open(&folder.path().join("state.db")).expect("created");
    (folder, database)
}

fn reopen(folder: &TempDir, database: StateDb) -> StateDb {
    drop(database);
    StateDb::open(&folder.path().join("state.db")).expect("reopened")
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("time")
}

fn source(byte: u8) -> SourceId {
    SourceId::registry(&Sha256([byte; 32]))
}

fn new_source(byte: u8, alias: Option<&str>) -> NewSource {
    NewSource {
        id: source(byte),
        kind: "registry".into(),
        address: format!("https://{byte}.example/"),
        alias: alias.map(str::to_owned),
        root: Some(vec![byte; 3]),
    }
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
        enabled: true,
        rank: None,
        held: None,
        side: muster_domain::Side::Both,
        needs: vec![],
        recipe: None,
    };
    Lock { packages: vec![package], ..Lock::default() }
}

fn job(number: u128) -> NewJob {
    NewJob {
        id: JobId(uuid::Uuid::from_u128(number)),
        kind: "install".into(),
        profile: None,
        request: json!({"package": "ab/cd"}),
        phase: "resolving".into(),
    }
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
fn settings_survive_and_give_their_values_before() {
    let (folder, database) = open();
    database.settings().set("rate.up", json!(100), at(0)).wait().expect("set");
    let changes = BTreeMap::from([("rate.up".to_owned(), None), ("theme".to_owned(), Some(json!("dark")))]);
    let before = database.settings().change(changes, at(1)).wait().expect("changed");
    assert_eq!(before, BTreeMap::from([("rate.up".into(), Some(json!(100))), ("theme".into(), None)]));
    let database = reopen(&folder, database);
    assert_eq!(
        database.settings().all().wait().expect("all"),
        BTreeMap::from([("theme".into(), json!("dark"))])
    );
    assert_eq!(database.settings().get("rate.up").wait().expect("get"), None);
}

#[test]
fn consents_are_open_until_given_and_after_withdrawal() {
    let (_folder, database) = open();
    assert_eq!(database.consents().get("sharing").wait().expect("get"), None);
    let yes = Consent { subject: "sharing".into(), answer: "everybody".into(), wording: 1, given_at: at(0) };
    database.consents().give(yes.clone()).wait().expect("given");
    assert_eq!(database.consents().all().wait().expect("all"), [yes]);
    database.consents().withdraw("sharing").wait().expect("withdrawn");
    assert_eq!(database.consents().get("sharing").wait().expect("get"), None);
}

#[test]
fn sources_keep_their_order_and_refuse_a_second_alias() {
    let (_folder, database) = open();
    let sources = database.sources();
    sources.add(new_source(1, Some("home")), at(0)).wait().expect("added");
    sources.add(new_source(2, None), at(0)).wait().expect("added");
    sources.add(new_source(3, None), at(0)).wait().expect("added");
    assert!(matches!(sources.add(new_source(4, Some("home")), at(0)).wait(), Err(Error::Conflict { .. })));
    assert!(matches!(sources.add(new_source(1, None), at(0)).wait(), Err(Error::Conflict { .. })));
    sources.arrange(vec![source(3), source(1)]).wait().expect("arranged");
    let ids: Vec<_> = sources.all().wait().expect("all").into_iter().map(|s| s.id).collect();
    assert_eq!(ids, [source(3), source(1), source(2)]);
    assert!(matches!(sources.arrange(vec![source(9)]).wait(), Err(Error::Missing { what: "source", .. })));
    sources.disable(&source(1)).wait().expect("disabled");
    let home = sources.by_alias("home").wait().expect("read").expect("there");
    assert!(!home.enabled);
    assert_eq!(home.root, Some(vec![1; 3]));
}

#[test]
fn syncs_leave_marks_and_failures_are_counted_until_the_next_good_one() {
    let (_folder, database) = open();
    let sources = database.sources();
    sources.add(new_source(1, None), at(0)).wait().expect("added");
    let problem = Problem { code: "catalog-timeout".into(), context: vec![("seconds".into(), "9".into())] };
    for second in 0..20 {
        let outcome = SyncOutcome { mark: SyncMark::Failed, at: at(second), problem: Some(problem.clone()) };
        sources.record_sync(&source(1), outcome).wait().expect("recorded");
    }
    let failing = sources.get(&source(1)).wait().expect("read").expect("there");
    assert_eq!((failing.failures, failing.marks.len(), failing.succeeded_at), (20, 14, None));
    assert_eq!(failing.problem, Some(problem));
    let outcome = SyncOutcome { mark: SyncMark::Done, at: at(99), problem: None };
    sources.record_sync(&source(1), outcome).wait().expect("recorded");
    let good = sources.get(&source(1)).wait().expect("read").expect("there");
    assert_eq!((good.failures, good.problem, good.succeeded_at), (0, None, Some(at(99))));
    assert_eq!(good.marks.last(), Some(&SyncMark::Done));
}

#[test]
fn pins_and_metadata_outlive_the_removal_of_their_source() {
    let (_folder, database) = open();
    database.sources().add(new_source(1, None), at(0)).wait().expect("added");
    let publisher = "marlow".parse().expect("publisher");
    let pin = Pin {
        source: source(1),
        publisher: "marlow".parse().expect("publisher"),
        fingerprint: Sha256([5; 32]),
        keys: json!(["k"]),
        threshold: 1,
        first_seen: at(0),
        changed_at: at(0),
        candidate: None,
    };
    database.pins().pin(pin.clone()).wait().expect("pinned");
    database
        .metadata()
        .put(&source(1), vec![("timestamp.json".into(), b"t1".to_vec())], at(0))
        .wait()
        .expect("kept");
    database.sources().remove(&source(1)).wait().expect("removed");
    assert_eq!(database.pins().get(&source(1), &publisher).wait().expect("read"), Some(pin.clone()));
    let kept = database.metadata().get(&source(1), "timestamp.json").wait().expect("read");
    assert_eq!(kept.as_deref(), Some(&b"t1"[..]));

    let other = Pin { fingerprint: Sha256([6; 32]), ..pin.clone() };
    assert!(
        matches!(database.pins().pin(other).wait(), Err(Error::Conflict { .. })),
        "a pin is never overwritten"
    );
    let candidate =
        PinCandidate { fingerprint: Sha256([6; 32]), keys: json!(["n"]), threshold: 2, seen_at: at(5) };
    for _ in 0..2 {
        database.pins().block(&source(1), &publisher, Some(candidate.clone())).wait().expect("blocked");
    }
    let blocked = database.pins().get(&source(1), &publisher).wait().expect("read").expect("there");
    assert_eq!((blocked.fingerprint, blocked.candidate), (Sha256([5; 32]), Some(candidate.clone())));
    let missing = "ab".parse().expect("publisher");
    let nobody =
        database.pins().rotate(&source(1), &missing, candidate.clone(), KeyEventKind::Decided).wait();
    assert!(nobody.is_err() && database.pins().events(&source(1), &missing).wait().expect("read").is_empty());
    database.pins().rotate(&source(1), &publisher, candidate, KeyEventKind::Decided).wait().expect("rotated");
    let events = database.pins().events(&source(1), &publisher).wait().expect("read");
    let told: Vec<_> = events.iter().map(|event| (event.kind.as_str(), event.fingerprint.0[0])).collect();
    assert_eq!(
        told,
        [("pinned", 5), ("shown", 6), ("decided", 6)],
        "what is shown again and again is told once"
    );
    let rotated = &database.pins().all().wait().expect("all")[0];
    assert_eq!((rotated.fingerprint, rotated.threshold, &rotated.candidate), (Sha256([6; 32]), 2, &None));
    assert_eq!((rotated.first_seen, rotated.changed_at), (at(0), at(5)));
}

#[test]
fn withdrawn_keys_are_remembered_for_every_source() {
    let (_folder, database) = open();
    database.pins().revoke(&source(1), vec!["k2".into(), "k1".into()], at(0)).wait().expect("revoked");
    database.pins().revoke(&source(2), vec!["k1".into()], at(1)).wait().expect("again");
    assert_eq!(database.pins().revoked().wait().expect("read"), ["k1", "k2"]);
}

#[test]
fn the_same_version_with_other_bytes_is_an_alarm() {
    let (_folder, database) = open();
    let (id, version) = ("ab/cd".parse().expect("id"), Version::semver("1.0.0").expect("version"));
    let source = source(1);
    let observe = |byte: u8, second: i64| {
        database
            .first_seen()
            .observe((&source, &id, &version), Sha256([byte; 32]), at(second))
            .wait()
            .expect("seen")
    };
    assert_eq!(observe(1, 0), Sighting::New);
    assert_eq!(observe(1, 5), Sighting::Same { since: at(0) });
    let altered = Sighting::Altered { first: Sha256([1; 32]), since: at(0) };
    assert_eq!(observe(2, 6), altered);
    assert_eq!(observe(2, 7), altered, "the first bytes stay the recorded ones");
    let seen = database.first_seen().of_package(&source, &id).wait().expect("read");
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [("1.0.0".to_owned(), Sha256([1; 32]))]);
}

#[test]
fn a_release_is_on_offer_since_it_was_seen_first_and_other_bytes_are_another_release() {
    let (folder, database) = open();
    let offered = |byte: u8| Offered {
        source: source(1),
        package: "ab/cd".parse().expect("id"),
        version: Version::semver("1.0.0").expect("version"),
        sha256: Sha256([byte; 32]),
    };
    let see = |database: &StateDb, bytes: &[u8], second: i64| {
        let all = bytes.iter().map(|byte| offered(*byte)).collect();
        database.sightings().see(all, at(second)).wait().expect("seen")
    };
    assert_eq!(see(&database, &[1], 10), [at(10)]);
    assert_eq!(see(&database, &[2, 1], 20), [at(20), at(10)]);
    let database = reopen(&folder, database);
    assert_eq!(see(&database, &[1, 2, 1], 30), [at(10), at(20), at(10)]);
    assert_eq!(see(&database, &[1], 5), [at(5)], "the clock went back");
    assert_eq!(see(&database, &[1], 30), [at(5)]);
}

#[test]
fn a_commit_moves_lock_generation_and_job_together_or_not_at_all() {
    let (folder, database) = open();
    let id = ProfileId(uuid::Uuid::from_u128(1));
    database.profiles().create(profile(1, "/games/a"), at(0)).wait().expect("created");
    database.jobs().add(job(7), at(0)).wait().expect("job");
    let outcome = Outcome { code: "done".into(), context: json!({}) };
    let commit = Commit {
        profile: id,
        based_on: 0,
        lock: lock("1.0.0"),
        cause: "install".into(),
        params: json!({"package": "ab/cd"}),
        exchanges: json!([]),
        overlay: None,
        job: Some((job(7).id, outcome.clone())),
    };
    assert_eq!(database.profiles().commit(commit.clone(), at(1)).wait().expect("committed"), 1);
    assert!(database.jobs().unfinished().wait().expect("jobs").is_empty());
    assert!(matches!(database.profiles().commit(commit.clone(), at(2)).wait(), Err(Error::Conflict { .. })));

    let ended = Commit { based_on: 1, lock: lock("2.0.0"), ..commit };
    assert!(
        matches!(database.profiles().commit(ended, at(3)).wait(), Err(Error::Missing { .. })),
        "job has ended"
    );
    let database = reopen(&folder, database);
    let profile = database.profiles().get(id).wait().expect("read").expect("there");
    assert_eq!((profile.generation, profile.lock), (1, lock("1.0.0")));
    let timeline = database.profiles().generations(id).wait().expect("timeline");
    let numbers: Vec<_> = timeline.iter().map(|g| (g.number, g.cause.as_str())).collect();
    assert_eq!(numbers, [(1, "install"), (0, "created")]);
    assert_eq!(database.jobs().get(job(7).id).wait().expect("read").expect("there").outcome, Some(outcome));
}

#[test]
fn unfinished_jobs_are_found_after_a_restart() {
    let (folder, database) = open();
    for number in 1..=3 {
        database.jobs().add(job(number), at(number as i64)).wait().expect("added");
    }
    database.jobs().advance(job(2).id, "fetching", json!({"bytes": 5}), at(9)).wait().expect("advanced");
    let failed = Outcome { code: "resolver-conflict".into(), context: json!({"package": "x"}) };
    database.jobs().finish(job(1).id, failed, at(10)).wait().expect("finished");
    let database = reopen(&folder, database);
    let unfinished = database.jobs().unfinished().wait().expect("jobs");
    let phases: Vec<_> = unfinished.iter().map(|j| (j.id, j.phase.as_str())).collect();
    assert_eq!(phases, [(job(2).id, "fetching"), (job(3).id, "resolving")]);
    assert_eq!(unfinished[0].progress, json!({"bytes": 5}));
    assert!(matches!(
        database.jobs().advance(job(1).id, "late", json!(null), at(11)).wait(),
        Err(Error::Missing { .. })
    ));
    let listed = database.jobs().list(JobFilter { profile: None, offset: 1, limit: 1 }).wait().expect("list");
    assert_eq!(listed[0].id, job(2).id);
    assert_eq!(database.jobs().forget_finished(at(11)).wait().expect("forgotten"), 1);
}

#[test]
fn transfers_come_back_in_order_of_tier_and_position() {
    let (folder, database) = open();
    let transfer = |byte: u8, tier: Tier, position: i64| Transfer {
        sha256: Sha256([byte; 32]),
        size: 1 << 40,
        tier,
        position,
        state: "queued".into(),
        spec: json!({"origins": ["http://a/"]}),
        added_at: at(0),
        problem: None,
    };
    let queued = vec![
        transfer(1, Tier::Background, 0),
        transfer(2, Tier::User, 5),
        transfer(3, Tier::User, -5),
        transfer(4, Tier::LobbyUrgent, 9),
    ];
    database.transfers().put(queued).wait().expect("put");
    let problem = Problem { code: "transfer-no-source".into(), context: vec![] };
    database.transfers().set_state(Sha256([2; 32]), "failed", Some(problem.clone())).wait().expect("set");
    database.transfers().remove(vec![Sha256([1; 32]), Sha256([99; 32])]).wait().expect("removed");
    let database = reopen(&folder, database);
    let order: Vec<u8> =
        database.transfers().all().wait().expect("all").iter().map(|t| t.sha256.as_bytes()[0]).collect();
    assert_eq!(order, [4, 3, 2]);
    let failed = database.transfers().get(Sha256([2; 32])).wait().expect("read").expect("there");
    assert_eq!((failed.state.as_str(), failed.problem, failed.size), ("failed", Some(problem), 1 << 40));
    let missing = database.transfers().set_state(Sha256([99; 32]), "failed", None).wait();
    assert!(matches!(missing, Err(Error::Missing { what: "transfer", .. })));
}

#[test]
fn what_the_player_decided_about_an_archive_outlives_it() {
    let (_folder, database) = open();
    let archive = |number: u8| NewSeed {
        sha256: Sha256([number; 32]),
        source: source(1),
        package: "p/a".parse().expect("an id"),
        version: Version::semver(&format!("1.0.{number}")).expect("a version"),
        title: "A".into(),
        size: 1 << 40,
    };
    let seeds = database.seeds();
    seeds.remember(vec![archive(1), archive(2), archive(3)], at(0)).wait().expect("remembered");
    seeds.pin(archive(1).sha256).wait().expect("pinned");
    seeds.pause(archive(2).sha256).wait().expect("paused");
    let known = NewSeed { title: "another".into(), ..archive(1) };
    seeds.remember(vec![known], at(9)).wait().expect("known already");
    let all = seeds.all().wait().expect("all");
    let decided: Vec<_> = all.iter().map(|seed| (seed.is_pinned, seed.is_paused)).collect();
    assert_eq!(decided, [(true, false), (false, true), (false, false)]);
    assert_eq!((&all[0].archive, all[0].added_at), (&archive(1), at(0)));
    seeds.judge(vec![(archive(2).sha256, json!("yanked"))]).wait().expect("judged");
    let rights =
        || -> Vec<_> { seeds.all().wait().expect("all").into_iter().map(|seed| seed.right).collect() };
    assert_eq!(rights(), [None, Some(json!("yanked")), None]);
    seeds.unjudge(&source(2)).wait().expect("another source");
    assert_eq!(rights().iter().flatten().count(), 1);
    seeds.unjudge(&source(1)).wait().expect("its source");
    assert_eq!(rights().iter().flatten().count(), 0);
    seeds.forget(all.iter().map(|seed| seed.archive.sha256).collect()).wait().expect("forgotten");
    assert_eq!(seeds.all().wait().expect("all").len(), 2);
    seeds.unpin(archive(1).sha256).wait().expect("unpinned");
    seeds.resume(archive(2).sha256).wait().expect("resumed");
    seeds.forget(vec![archive(1).sha256, archive(2).sha256]).wait().expect("forgotten");
    assert_eq!(seeds.all().wait().expect("all"), []);
    let missing = seeds.pin(Sha256([99; 32])).wait();
    assert!(matches!(missing, Err(Error::Missing { what: "seed", .. })));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_file_and_its_log() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, database) = open();
    database.settings().set("a", json!(1), at(0)).wait().expect("set");
    for name in ["state.db", "state.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_missing_folder_is_its_own_error() {
    let folder = tempfile::tempdir().expect("temp dir");
    let refusal = StateDb::open(&folder.path().join("not/there/state.db")).err().expect("refused");
    assert!(matches!(refusal, Error::CannotOpen { file: "state.db", .. }), "{refusal}");
}

#[test]
fn a_value_edited_by_hand_is_an_error_that_names_it() {
    let (folder, database) = open();
    database.sources().add(new_source(1, None), at(0)).wait().expect("added");
    drop(database);
    let connection = rusqlite::Connection::open(folder.path().join("state.db")).expect("opens");
    connection.execute("UPDATE sources SET id = '../etc'", []).expect("edited");
    drop(connection);
    let database = StateDb::open(&folder.path().join("state.db")).expect("opens");
    let refusal = database.sources().all().wait().expect_err("unreadable");
    assert!(matches!(refusal, Error::Value { file: "state.db", column: "id" }), "{refusal}");
}
