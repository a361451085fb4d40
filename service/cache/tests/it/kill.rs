//! A writer, or a whole run, that is killed: what the next start claims is true.
//!
//! The test starts itself again as the process that is killed.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
    time::Duration,
};

use muster_cache::{BLOCK_SIZE, Opening};

use crate::common::{at, block_list, bytes, hash, open, put};

const FOLDER: &str = "MUSTER_TEST_KILL_FOLDER";
const WITH_LIST: &str = "MUSTER_TEST_KILL_LIST";
const ENDLESS: &str = "MUSTER_TEST_ENDLESS_FOLDER";
const ARCHIVES: u64 = 6;
const SIZE: usize = 60 * BLOCK_SIZE as usize + 4321;

/// Not a test of its own: what the killed process does.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let content = bytes(7, SIZE);
    let list = std::env::var_os(WITH_LIST).map(|_| block_list(&content));
    let cache = open(folder.as_ref());
    let Opening::Writer(writer) = cache.write(hash(&content), SIZE as u64, list).expect("opens") else {
        return;
    };
    let mut step = 0;
    while !writer.is_complete() {
        for range in missing(&writer.have()) {
            let end = (range.start + 50_000).min(range.end);
            writer.write_at(range.start, &content[range.start as usize..end as usize]).expect("written");
            step += 1;
            // Not a print: those would be captured.
            std::io::stdout().write_all(b"step\n").expect("reported");
            if step % 3 == 0 {
                writer.checkpoint().expect("checkpoint");
            }
        }
    }
    writer.finish(at(0)).expect("finished");
}

fn missing(have: &[std::ops::Range<u64>]) -> Vec<std::ops::Range<u64>> {
    let ends = std::iter::once(0).chain(have.iter().map(|range| range.end));
    let starts = have.iter().map(|range| range.start).chain([SIZE as u64]);
    ends.zip(starts).filter(|(from, to)| from < to).map(|(from, to)| from..to).collect()
}

fn killed_again_and_again(with_list: bool) {
    let folder = tempfile::tempdir().expect("folder");
    let content = bytes(7, SIZE);
    let (mut resumed, mut interrupted) = (0, 0);
    for round in 0..60u64 {
        let mut command = Command::new(std::env::current_exe().expect("own path"));
        command.args(["--exact", "kill::child"]).env(FOLDER, folder.path()).stdout(Stdio::piped());
        if with_list {
            command.env(WITH_LIST, "1");
        }
        let mut child = command.spawn().expect("starts");
        // Some writes later, and then at an instant between two of them.
        let steps = BufReader::new(child.stdout.take().expect("piped")).lines();
        let steps = steps.map_while(Result::ok).filter(|line| line.ends_with("step"));
        let count = steps.take(5 + (round * 5 % 13) as usize).count();
        std::thread::sleep(Duration::from_micros(round * 777 % 4000));
        child.kill().expect("killed");
        child.wait().expect("reaped");
        interrupted += u32::from(count > 0);

        let cache = open(folder.path());
        let list = with_list.then(|| block_list(&content));
        match cache.write(hash(&content), SIZE as u64, list).expect("opens") {
            Opening::Complete(lease) => {
                cache.verify(&lease.sha256()).expect("what is visible is whole");
                assert!(resumed > 2 && interrupted > 2, "it was hardly interrupted: the test proves nothing");
                return;
            }
            Opening::Writer(writer) => {
                for range in writer.have() {
                    resumed += 1;
                    let mut read = vec![0; (range.end - range.start) as usize];
                    writer.read_at(range.start, &mut read).expect("read");
                    assert_eq!(read, content[range.start as usize..range.end as usize], "a false claim");
                }
            }
        }
    }
    panic!("60 rounds were not enough");
}

#[test]
fn a_killed_writer_makes_no_false_claims() {
    if std::env::var_os(FOLDER).is_none() {
        killed_again_and_again(false);
    }
}

#[test]
fn a_killed_writer_with_a_block_list_makes_no_false_claims() {
    if std::env::var_os(FOLDER).is_none() {
        killed_again_and_again(true);
    }
}

/// Not a test of its own: a run that keeps archives and never comes to its end.
#[test]
fn endless_run() {
    let Some(folder) = std::env::var_os(ENDLESS) else { return };
    let cache = open(folder.as_ref());
    for seed in 0..ARCHIVES {
        put(&cache, &bytes(seed, 20_000), at(0));
    }
    cache.flush().expect("flushed");
    std::io::stdout().write_all(b"ready\n").expect("reported");
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn after_a_kill_nothing_is_served_before_it_was_hashed_however_untouched_it_looks() {
    if std::env::var_os(ENDLESS).is_some() {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    drop(open(folder.path()).close());
    let mut command = Command::new(std::env::current_exe().expect("own path"));
    command.args(["--exact", "kill::endless_run"]).env(ENDLESS, folder.path()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    assert!(lines.into_iter().any(|line| line.ends_with("ready")));
    child.kill().expect("killed");
    child.wait().expect("reaped");

    // What a lost write leaves: other bytes under the same size and time.
    let damaged = hash(&bytes(2, 20_000));
    let name = damaged.to_string();
    let path = folder.path().join("archives").join(&name[..2]).join(&name);
    let modified = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
    std::fs::remove_file(&path).expect("removed");
    let mut file = std::fs::File::create(&path).expect("created");
    file.write_all(&vec![0; 20_000]).and_then(|()| file.set_modified(modified)).expect("written");
    drop(file);

    let cache = open(folder.path());
    assert!(cache.archives().iter().all(|info| !info.is_verified));
    assert_eq!(cache.archives().len() as u64, ARCHIVES);
    while let Some(next) = cache.next_unchecked(&BTreeSet::new()) {
        let checked = cache.verify(&next);
        assert_eq!(checked.is_err(), next == damaged, "{checked:?}");
    }
    assert_eq!((cache.archives().len() as u64, cache.take_damaged()), (ARCHIVES - 1, vec![damaged]));
    assert!(cache.archives().iter().all(|info| info.is_verified));
    assert!(cache.reader(&damaged).is_err());
}
