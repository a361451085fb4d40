//! Complete archives: what is trusted, what is served, what goes.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use muster_cache::{
    BLOCK_SIZE, Cache, Check, Completeness, Error, Evict, Policy, Protection, Reason, Room, Staying,
};
use muster_domain::Sha256;

use crate::common::{at, block_list, bytes, hash, open, put, reopen, writer};

const DAY: i64 = 86_400;

fn path_of(folder: &Path, sha256: &Sha256) -> PathBuf {
    folder.join("archives").join(&sha256.to_string()[..2]).join(sha256.to_string())
}

fn alter(path: &Path) {
    let mut content = fs::read(path).expect("read");
    let middle = content.len() / 2;
    content[middle] ^= 1;
    fs::remove_file(path).expect("removed");
    fs::File::create(path).and_then(|mut file| file.write_all(&content)).expect("written");
}

/// Plans and carries out.
fn evict(cache: &Cache, now: jiff::Timestamp, policy: &Policy) -> Vec<Evict> {
    let plan = cache.plan(now, policy).expect("planned");
    cache.carry_out(&plan).expect("carried out")
}

#[test]
fn after_a_good_end_nothing_is_hashed_again_and_after_any_other_everything_is() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let sha256 = put(&cache, &bytes(1, 300_000), at(0));
    cache.reader(&sha256).expect("reader").served(500, at(77));
    let cache = reopen(cache, folder.path());
    assert!(cache.archives()[0].is_verified);
    cache.flush().expect("flushed");
    drop(cache);
    let cache = open(folder.path());
    let info = &cache.archives()[0];
    assert!(!info.is_verified, "it was not said that that was the end");
    assert_eq!((info.served, info.last_used), (500, at(77)), "what is no claim about bytes is kept");
    assert_eq!((cache.next_unchecked(&BTreeSet::new()), cache.oldest_check()), (Some(sha256), None));
    cache.lease(&sha256, at(5)).expect("hashed and leased");
    assert!(cache.archives()[0].is_verified);
    cache.close().expect("closed");
    fs::remove_file(folder.path().join("index")).expect("removed");
    drop(cache);
    assert!(!open(folder.path()).archives()[0].is_verified, "nothing vouches for it");
}

#[test]
fn what_was_not_checked_yet_is_not_vouched_for_by_a_good_end() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let [first, second] = [1, 2].map(|seed| put(&cache, &bytes(seed, 1000 * seed as usize), at(0)));
    drop(cache);
    let cache = open(folder.path());
    assert_eq!(cache.next_unchecked(&BTreeSet::new()), Some(first), "small ones first");
    assert_eq!(cache.check(&first, &mut |_| ControlFlow::Continue(())).expect("checked"), Check::Whole);
    assert_eq!(cache.next_unchecked(&BTreeSet::new()), Some(second));
    assert_eq!(cache.check(&second, &mut |_| ControlFlow::Break(())).expect("stopped"), Check::Stopped);
    let cache = reopen(cache, folder.path());
    let verified = |sha256| cache.archives().iter().any(|info| info.sha256 == sha256 && info.is_verified);
    assert!(verified(first) && !verified(second));
    cache.verify(&second).expect("whole");
    assert_eq!(cache.next_unchecked(&BTreeSet::new()), None);
    assert_eq!(cache.oldest_check().map(|(sha256, _)| sha256), Some(first));
}

#[test]
fn an_archive_altered_while_nobody_looked_is_never_served_and_its_good_blocks_are_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let content = bytes(1, 5 * BLOCK_SIZE as usize);
    let cache = open(folder.path());
    let sha256 = put(&cache, &content, at(0));
    cache.close().expect("closed");
    drop(cache);
    alter(&path_of(folder.path(), &sha256));
    let cache = open(folder.path());
    let told = Arc::new(AtomicU32::new(0));
    let count = told.clone();
    cache.on_damage(move || count.store(count.load(Ordering::SeqCst) + 1, Ordering::SeqCst));
    let reader = cache.reader(&sha256).expect("reader");
    assert!(matches!(reader.read_at(0, &mut [0; 10]), Err(Error::Corrupt(_))));
    assert!(!cache.contains(&sha256));
    assert_eq!((told.load(Ordering::SeqCst), cache.take_damaged()), (1, vec![sha256]));
    assert_eq!((cache.take_damaged(), cache.unfinished().expect("listed")), (vec![], vec![sha256]));
    assert!(matches!(reader.read_at(0, &mut [0; 10]), Err(Error::Missing(_))));
    let repair = writer(&cache, &content, Some(block_list(&content)));
    assert_eq!(repair.complete_bytes(), 4 * BLOCK_SIZE);
    repair.write_at(0, &content).expect("written");
    repair.finish(at(9)).expect("finished");
    reader.read_at(0, &mut [0; 10]).expect("served again");
}

#[test]
fn an_archive_altered_under_a_running_cache_is_found_when_it_is_opened() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let sha256 = put(&cache, &bytes(1, 300_000), at(0));
    let reader = cache.reader(&sha256).expect("reader");
    alter(&path_of(folder.path(), &sha256));
    assert!(matches!(reader.read_at(0, &mut [0; 10]), Err(Error::Corrupt(_))));
    assert_eq!(cache.take_damaged(), [sha256]);
}

#[test]
fn a_file_that_only_looks_changed_is_served_after_it_was_checked() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let content = bytes(1, 3000);
    let sha256 = put(&cache, &content, at(0));
    let path = path_of(folder.path(), &sha256);
    fs::remove_file(&path).expect("removed");
    fs::File::create(&path).and_then(|mut file| file.write_all(&content)).expect("restored from elsewhere");
    let mut read = [0; 3000];
    cache.reader(&sha256).expect("reader").read_at(0, &mut read).expect("served");
    assert_eq!(read[..], content);
    assert!(cache.archives()[0].is_verified);
}

#[test]
fn damage_found_by_verifying_takes_the_archive_out_of_sight() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let sha256 = put(&cache, &bytes(1, 300_000), at(0));
    cache.verify(&sha256).expect("whole");
    alter(&path_of(folder.path(), &sha256));
    assert!(matches!(cache.verify(&sha256), Err(Error::Corrupt(_))));
    assert!(matches!(cache.lease(&sha256, at(0)), Err(Error::Missing(_))));
}

#[test]
fn a_file_cut_short_is_found_when_it_is_read() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let sha256 = put(&cache, &bytes(1, 300_000), at(0));
    let path = path_of(folder.path(), &sha256);
    let short = fs::read(&path).expect("read")[..1000].to_vec();
    fs::remove_file(&path).expect("removed");
    fs::File::create(&path).and_then(|mut file| file.write_all(&short)).expect("written");
    let reader = cache.reader(&sha256).expect("reader");
    assert!(matches!(reader.read_at(2000, &mut [0; 10]), Err(Error::Corrupt(_))));
    assert!(!cache.contains(&sha256));
}

#[test]
fn names_that_are_not_ours_are_left_alone_and_never_served() {
    let folder = tempfile::tempdir().expect("folder");
    drop(open(folder.path()));
    let content = bytes(1, 1000);
    let sha256 = hash(&content);
    let wrong_shard = folder.path().join("archives/zz");
    fs::create_dir(&wrong_shard).expect("created");
    fs::File::create(wrong_shard.join(sha256.to_string())).expect("created");
    fs::File::create(folder.path().join("archives/note.txt")).expect("created");
    let cache = open(folder.path());
    assert_eq!(cache.archives(), []);
    assert!(wrong_shard.join(sha256.to_string()).exists());
}

#[test]
fn nothing_is_evicted_before_leases_are_declared_and_held_things_never() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let [a, b, c] = [1, 2, 3].map(|seed| put(&cache, &bytes(seed, 100_000), at(0)));
    let policy = Policy { quota: 0, ..Policy::default() };
    assert!(matches!(cache.plan(at(DAY), &policy), Err(Error::NotReady)));
    assert!(matches!(cache.plan_room(at(DAY), &Room::All), Err(Error::NotReady)));
    cache.declare_leases([("profile:1".to_owned(), b)], at(0));
    assert_eq!(evict(&cache, at(60), &policy), [], "everything stays for half an hour");
    let lease = cache.lease(&a, at(0)).expect("leased");
    let policy = Policy { quota: 250_000, ..policy };
    let gone: Vec<_> = evict(&cache, at(DAY), &policy).iter().map(|evict| evict.sha256).collect();
    assert_eq!(gone, [c], "leased ones go last, held ones never");
    assert!(!path_of(folder.path(), &c).exists());
    assert_eq!(
        evict(&cache, at(90 * DAY), &Policy::default()),
        [],
        "what a profile refers to does not expire"
    );
    drop(lease);
    cache.declare_leases([], at(95 * DAY));
    let policy = Policy::default();
    assert_eq!(evict(&cache, at(96 * DAY), &policy)[0].sha256, a);
    assert_eq!(evict(&cache, at(96 * DAY), &policy), [], "the end of a lease counts as a use");
    assert_eq!(evict(&cache, at(126 * DAY), &policy)[0].reason, Reason::Expired);
}

#[test]
fn what_an_unfinished_job_needs_stays_whatever_happens() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    cache.declare_leases([], at(0));
    let complete = put(&cache, &bytes(1, 1000), at(0));
    let content = bytes(2, 2000);
    writer(&cache, &content, None).checkpoint().expect("an unfinished one");
    let unfinished = hash(&content);
    let everything = Policy { quota: 0, ..Policy::default() };
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 400);
    let plan = cache.plan(later, &everything).expect("planned");
    assert_eq!(plan.len(), 2);
    cache.set_needed([complete, unfinished]);
    assert_eq!(cache.carry_out(&plan).expect("carried out"), [], "also after it was planned");
    assert_eq!(evict(&cache, later, &everything), []);
    let room = cache.plan_room(later, &Room::All).expect("planned");
    assert_eq!((room.goes.len(), room.stays.len()), (0, 2));
    assert!(room.stays.iter().all(|(_, _, why)| *why == Staying::Needed));
    cache.set_needed([]);
    assert_eq!(evict(&cache, later, &everything).len(), 2);
}

#[test]
fn the_player_gets_room_but_not_what_is_in_use_or_pinned_meanwhile() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let [a, b, c] = [1, 2, 3].map(|seed| put(&cache, &bytes(seed, 100_000), at(0)));
    cache.declare_leases([("profile:1".to_owned(), b)], at(0));
    let lease = cache.lease(&a, at(0)).expect("leased");
    let plan = cache.plan_room(at(1), &Room::All).expect("planned");
    assert_eq!(plan.goes.iter().map(|evict| evict.sha256).collect::<Vec<_>>(), [c, b]);
    assert_eq!(plan.stays, [(a, 100_000, Staying::Held)]);
    cache.set_pins([c]);
    let gone = cache.carry_out(&plan.goes).expect("carried out");
    assert_eq!(gone.iter().map(|evict| evict.sha256).collect::<Vec<_>>(), [b]);
    assert_eq!(gone[0].reason, Reason::Asked);
    drop(lease);
}

#[test]
fn whoever_reads_an_archive_while_it_goes_reads_what_it_was() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    cache.declare_leases([], at(0));
    let content = bytes(1, 40 * BLOCK_SIZE as usize);
    let sha256 = put(&cache, &content, at(0));
    let ends = AtomicBool::new(false);
    let served = AtomicU32::new(0);
    let deadline = Instant::now() + Duration::from_secs(60);
    std::thread::scope(|scope| {
        for start in 0..3 {
            let (reader, content, ends, served) =
                (cache.reader(&sha256).expect("reader"), &content, &ends, &served);
            scope.spawn(move || {
                let mut block = start;
                let mut read = vec![0; BLOCK_SIZE as usize];
                while !ends.load(Ordering::SeqCst) && Instant::now() < deadline {
                    let offset = block % 40 * BLOCK_SIZE;
                    match reader.read_at(offset, &mut read) {
                        Ok(()) => {
                            assert_eq!(read, content[offset as usize..][..read.len()], "never anything else");
                            served.fetch_add(1, Ordering::SeqCst);
                        }
                        Err(Error::Missing(_)) => {}
                        Err(other) => panic!("{other}"),
                    }
                    block += 1;
                }
            });
        }
        for _ in 0..20 {
            let before = served.load(Ordering::SeqCst);
            while served.load(Ordering::SeqCst) < before + 5 {
                assert!(Instant::now() < deadline, "readers read");
                std::thread::yield_now();
            }
            let plan = cache.plan_room(at(1), &Room::All).expect("planned");
            assert_eq!(cache.carry_out(&plan.goes).expect("carried out").len(), 1, "readers do not hold it");
            assert!(!cache.contains(&sha256));
            put(&cache, &content, at(0));
        }
        ends.store(true, Ordering::SeqCst);
    });
    let plan = cache.plan_room(at(1), &Room::All).expect("planned");
    cache.carry_out(&plan.goes).expect("carried out");
    assert_eq!(open_but_removed(folder.path()), 0, "no handle keeps the room of what is gone");
}

/// Files below a folder that this process has open and that have no name any more.
fn open_but_removed(folder: &Path) -> usize {
    let Ok(handles) = fs::read_dir("/proc/self/fd") else { return 0 };
    let links = handles.flatten().filter_map(|handle| fs::read_link(handle.path()).ok());
    links.filter(|link| link.starts_with(folder) && link.to_string_lossy().ends_with("(deleted)")).count()
}

#[test]
fn unfinished_downloads_expire_but_not_under_a_writer() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    cache.declare_leases([], at(0));
    let content = bytes(1, 200_000);
    let unfinished = writer(&cache, &content, None);
    unfinished.write_at(0, &content[..100_000]).expect("written");
    unfinished.checkpoint().expect("checkpoint");
    let usage = cache.usage().expect("usage");
    assert_eq!((usage.partials, usage.partial_bytes), (1, BLOCK_SIZE));
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 8);
    assert_eq!(evict(&cache, later, &Policy::default()), []);
    drop(unfinished);
    let gone = evict(&cache, later, &Policy::default());
    assert_eq!(gone[0].completeness, Completeness::Partial);
    assert_eq!(fs::read_dir(folder.path().join("partial")).expect("folder").count(), 0);
}

#[test]
fn use_and_service_are_remembered() {
    let folder = tempfile::tempdir().expect("folder");
    let sha256 = {
        let cache = open(folder.path());
        let sha256 = put(&cache, &bytes(1, 1000), at(0));
        cache.reader(&sha256).expect("reader").served(500, at(77));
        cache.close().expect("closed");
        sha256
    };
    let cache = open(folder.path());
    cache.set_pins([sha256]);
    let info = &cache.archives()[0];
    assert_eq!((info.served, info.last_used, info.protection), (500, at(77), Protection::Pinned));
    assert_eq!(cache.usage().expect("usage").protected_bytes, 1000);
}

#[test]
fn hundreds_of_seeds_share_few_open_files() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let seeds: Vec<Sha256> = (0..150).map(|seed| put(&cache, &bytes(seed, 100), at(0))).collect();
    let before = fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or(0);
    for _ in 0..2 {
        for (seed, sha256) in (0u64..).zip(&seeds) {
            let mut read = [0; 100];
            cache.reader(sha256).expect("reader").read_at(0, &mut read).expect("read");
            assert_eq!(read[..], bytes(seed, 100));
        }
    }
    let after = fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or(0);
    assert!(after <= before + 70, "{before} → {after}");
}

#[test]
fn every_code_has_a_sentence_and_a_hint() {
    for language in [muster_messages::Language::English, muster_messages::Language::German] {
        let words = muster_messages::Messages::new(language);
        for code in Error::CODES {
            assert!(
                words.has(&format!("error-{code}")) && words.has(&format!("error-{code}-hint")),
                "{code}"
            );
        }
    }
}

#[test]
fn an_archive_in_doubt_is_hashed_before_it_is_used_again_and_can_be_looked_at_without() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let (good, bad) = (put(&cache, &bytes(1, 300_000), at(0)), put(&cache, &bytes(2, 300_000), at(0)));
    alter(&path_of(folder.path(), &bad));
    for sha256 in [&good, &bad] {
        cache.doubt(sha256);
        assert_eq!(cache.open_unproven(sha256).expect("opened").size().expect("size"), 300_000);
    }
    assert!(cache.archives().iter().all(|archive| !archive.is_verified));
    cache.lease(&good, at(1)).expect("whole");
    assert!(matches!(cache.lease(&bad, at(1)), Err(Error::Corrupt(_))));
    assert!(matches!(cache.open_unproven(&bad), Err(Error::Missing(_))));
    cache.doubt(&bad);
}
