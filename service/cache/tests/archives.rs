//! Complete archives: what is trusted, what is served, what goes.

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use common::{at, block_list, bytes, hash, open, put, writer};
use muster_cache::{BLOCK_SIZE, Completeness, Error, Policy, Protection, Reason};
use muster_domain::Sha256;

const DAY: i64 = 86_400;

fn path_of(folder: &Path, sha256: &Sha256) -> PathBuf {
    folder.join("archives").join(&sha256.to_string()[..2]).join(sha256.to_string())
}

fn alter(path: &Path) {
    let mut content = fs::read(path).expect("read");
    let middle = content.len() / 2;
    content[middle] ^= 1;
    fs::remove_file(path).expect("removed");
    fs::File::create(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &content))
        .expect("written");
}

#[test]
fn what_the_index_vouches_for_is_not_hashed_again_and_everything_else_is() {
    let folder = tempfile::tempdir().expect("folder");
    let sha256 = put(&open(folder.path()), &bytes(1, 300_000), at(0));
    let cache = open(folder.path());
    assert!(cache.archives()[0].is_verified);
    drop(cache);
    fs::remove_file(folder.path().join("index")).expect("removed");
    let cache = open(folder.path());
    assert!(!cache.archives()[0].is_verified);
    cache.lease(&sha256, at(5)).expect("hashed and leased");
    assert!(cache.archives()[0].is_verified);
}

#[test]
fn an_archive_altered_while_nobody_looked_is_never_served_and_its_good_blocks_are_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let content = bytes(1, 5 * BLOCK_SIZE as usize);
    let sha256 = put(&open(folder.path()), &content, at(0));
    alter(&path_of(folder.path(), &sha256));
    let cache = open(folder.path());
    let reader = cache.reader(&sha256).expect("reader");
    assert!(matches!(reader.read_at(0, &mut [0; 10]), Err(Error::Corrupt(_))));
    assert!(!cache.contains(&sha256));
    assert!(matches!(reader.read_at(0, &mut [0; 10]), Err(Error::Missing(_))));
    let repair = writer(&cache, &content, Some(block_list(&content)));
    assert_eq!(repair.complete_bytes(), 4 * BLOCK_SIZE);
    repair.write_at(0, &content).expect("written");
    repair.finish(at(9)).expect("finished");
    reader.read_at(0, &mut [0; 10]).expect("served again");
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
    fs::File::create(&path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &short))
        .expect("written");
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
    assert!(matches!(cache.evict(at(DAY), &policy), Err(Error::NotReady)));
    cache.declare_leases([("profile:1".to_owned(), b)]);
    assert_eq!(cache.evict(at(60), &policy).expect("evicts"), [], "everything stays for half an hour");
    let lease = cache.lease(&a, at(0)).expect("leased");
    let policy = Policy { quota: 250_000, ..policy };
    let gone: Vec<_> =
        cache.evict(at(DAY), &policy).expect("evicts").iter().map(|evict| evict.sha256).collect();
    assert_eq!(gone, [c], "leased ones go last, held ones never");
    assert!(!path_of(folder.path(), &c).exists());
    assert!(matches!(cache.remove(&a), Err(Error::InUse(_))));
    drop(lease);
    assert_eq!(cache.remove(&a).expect("removed").reason, Reason::Asked);
    assert!(matches!(cache.remove(&a), Err(Error::Missing(_))));
    let gone = cache.evict(at(90 * DAY), &Policy::default()).expect("evicts");
    assert_eq!(gone, [], "what a profile refers to does not expire");
    cache.set_leases("profile:1", []);
    assert_eq!(cache.evict(at(90 * DAY), &Policy::default()).expect("evicts")[0].reason, Reason::Expired);
}

#[test]
fn unfinished_downloads_expire_but_not_under_a_writer() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    cache.declare_leases([]);
    let content = bytes(1, 200_000);
    let unfinished = writer(&cache, &content, None);
    unfinished.write_at(0, &content[..100_000]).expect("written");
    unfinished.checkpoint().expect("checkpoint");
    let usage = cache.usage().expect("usage");
    assert_eq!((usage.partials, usage.partial_bytes), (1, BLOCK_SIZE));
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 8);
    assert_eq!(cache.evict(later, &Policy::default()).expect("evicts"), []);
    drop(unfinished);
    let gone = cache.evict(later, &Policy::default()).expect("evicts");
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
        cache.flush().expect("flushed");
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
