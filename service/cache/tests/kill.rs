//! A writer that is killed at random moments: what the next start claims is true.
//!
//! The test starts itself again as the process that is killed.

mod common;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
    time::Duration,
};

use common::{at, block_list, bytes, hash, open};
use muster_cache::{BLOCK_SIZE, Opening};

const FOLDER: &str = "MUSTER_TEST_KILL_FOLDER";
const WITH_LIST: &str = "MUSTER_TEST_KILL_LIST";
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
        command.args(["--exact", "child"]).env(FOLDER, folder.path()).stdout(Stdio::piped());
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
