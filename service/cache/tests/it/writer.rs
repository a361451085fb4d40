//! Writing archives: from many threads, with and without a block list, across restarts.

#![allow(clippy::single_range_in_vec_init)]

use std::{ops::Range, sync::Arc};

use muster_cache::{BLOCK_SIZE, Cache, Error, Opening, Writer};

use crate::common::{at, block_list, bytes, hash, open, writer};

const SIZE: usize = 5 * BLOCK_SIZE as usize + 777;

fn fill(writer: &Writer, content: &[u8], range: Range<usize>) {
    let written = writer.write_at(range.start as u64, &content[range]).expect("written");
    assert!(written.bad_blocks.is_empty());
}

#[test]
fn what_many_threads_write_in_any_order_becomes_one_archive() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let content = bytes(1, SIZE);
    let writer = writer(&cache, &content, Some(block_list(&content)));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (writer, content) = (&writer, &content);
            scope.spawn(move || {
                // Overlapping, unaligned, backwards.
                for start in (0..SIZE).step_by(10_007).rev().filter(|start| start % 4 <= thread) {
                    fill(writer, content, start..(start + 30_000).min(SIZE));
                }
            });
        }
    });
    fill(&writer, &content, 0..SIZE);
    assert!(!cache.contains(&hash(&content)), "not visible before it is proven");
    let lease = writer.finish(at(0)).expect("finished");
    assert_eq!(lease.archive(), muster_domain::Archive { sha256: hash(&content), size: SIZE as u64 });
    assert!(lease.open().expect("opens").metadata().expect("metadata").read_only);
    let mut read = vec![0; SIZE];
    cache.reader(&hash(&content)).expect("reader").read_at(0, &mut read).expect("read");
    assert_eq!(read, content);
    assert_eq!(std::fs::read_dir(folder.path().join("partial")).expect("folder").count(), 0);
}

#[test]
fn hashing_ahead_changes_nothing_but_the_time_it_takes() {
    let content = bytes(3, SIZE);
    // Any order, with looks in between, and a block that is taken back after it was hashed.
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [2, 0, 5, 1, 4, 3]] {
        let folder = tempfile::tempdir().expect("folder");
        let cache = open(folder.path());
        let writer = writer(&cache, &content, Some(block_list(&content)));
        let fill_block = |block: usize| {
            let start = block * BLOCK_SIZE as usize;
            fill(&writer, &content, start..(start + BLOCK_SIZE as usize).min(SIZE));
        };
        for block in order {
            fill_block(block);
            while writer.hash_ahead(10_000).expect("hashed") {}
        }
        writer.forget(0..1).expect("forgotten");
        assert!(matches!(writer.finish(at(0)), Err(Error::Incomplete { .. })));
        assert!(!writer.hash_ahead(u64::MAX).expect("hashed"), "nothing is proven from the start on");
        fill_block(0);
        assert_eq!(writer.finish(at(0)).expect("finished").archive().sha256, hash(&content));
    }
}

#[test]
fn a_list_that_lies_is_found_out_also_where_everything_was_hashed_ahead() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let (wanted, other) = (bytes(4, SIZE), bytes(5, SIZE));
    let writer = writer(&cache, &wanted, Some(block_list(&other)));
    fill(&writer, &other, 0..SIZE);
    assert!(!writer.hash_ahead(u64::MAX).expect("hashed"));
    assert!(matches!(writer.finish(at(0)), Err(Error::WrongHash { .. })));
    assert!(!cache.contains(&hash(&wanted)) && !cache.contains(&hash(&other)));
}

#[test]
fn an_empty_archive_is_an_archive() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let writer = writer(&cache, b"", None);
    assert_eq!(writer.finish(at(0)).expect("finished").size(), 0);
}

#[test]
fn there_is_one_writer_per_archive() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let content = bytes(1, SIZE);
    let first = writer(&cache, &content, None);
    assert!(matches!(cache.write(hash(&content), SIZE as u64, None), Err(Error::Busy(_))));
    drop(first);
    let second = writer(&cache, &content, None);
    fill(&second, &content, 0..SIZE);
    let _lease = second.finish(at(0)).expect("finished");
    assert!(matches!(cache.write(hash(&content), SIZE as u64, None), Ok(Opening::Complete(_))));
    assert!(matches!(second.write_at(0, b"late"), Err(Error::Closed(_))));
}

#[test]
fn a_bad_block_is_named_and_only_it_comes_again() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let content = bytes(1, SIZE);
    let writer = writer(&cache, &content, Some(block_list(&content)));
    let mut poisoned = content.clone();
    poisoned[2 * BLOCK_SIZE as usize + 5] ^= 1;
    let written = writer.write_at(0, &poisoned).expect("written");
    assert_eq!(written.bad_blocks, [2]);
    assert!(matches!(writer.finish(at(0)), Err(Error::Incomplete { missing: BLOCK_SIZE, .. })));
    // Proven blocks cannot be spoiled any more.
    let written = writer.write_at(0, &vec![0; BLOCK_SIZE as usize]).expect("written");
    assert_eq!(written.duplicate, BLOCK_SIZE);
    let block = 2 * BLOCK_SIZE as usize..3 * BLOCK_SIZE as usize;
    fill(&writer, &content, block);
    writer.finish(at(0)).expect("finished");
}

#[test]
fn a_wrong_file_without_a_list_is_discarded() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let content = bytes(1, SIZE);
    let writer = writer(&cache, &content, None);
    fill(&writer, &bytes(2, SIZE), 0..SIZE);
    assert!(matches!(writer.finish(at(0)), Err(Error::WrongHash { .. })));
    assert!(!cache.contains(&hash(&content)));
    assert_eq!(std::fs::read_dir(folder.path().join("partial")).expect("folder").count(), 0);
    assert!(matches!(writer.write_at(0, b"x"), Err(Error::Closed(_))));
}

#[test]
fn a_list_that_does_not_fit_the_archive_cannot_prove_it() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let (content, other) = (bytes(1, SIZE), bytes(2, SIZE));
    let writer = writer(&cache, &content, Some(block_list(&other)));
    fill(&writer, &other, 0..SIZE);
    assert!(matches!(writer.finish(at(0)), Err(Error::WrongHash { .. })));
    let short: Arc<[_]> = block_list(&content)[1..].into();
    let refused = cache.write(hash(&other), SIZE as u64, Some(short));
    assert!(matches!(refused, Err(Error::BlockList { expected: 6, found: 5, .. })));
}

#[test]
fn without_a_list_a_piece_found_wrong_outside_can_be_written_again() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let content = bytes(1, SIZE);
    let writer = writer(&cache, &content, None);
    let mut poisoned = content.clone();
    poisoned[100] ^= 1;
    fill(&writer, &poisoned, 0..SIZE);
    writer.checkpoint().expect("checkpoint");
    writer.forget(0..BLOCK_SIZE).expect("forgotten");
    assert_eq!(writer.have(), [BLOCK_SIZE..SIZE as u64]);
    fill(&writer, &content, 0..BLOCK_SIZE as usize);
    writer.finish(at(0)).expect("finished");
}

#[test]
fn a_write_over_claimed_bytes_takes_the_claim_back_first() {
    let folder = tempfile::tempdir().expect("folder");
    let content = bytes(1, SIZE);
    {
        let cache = open(folder.path());
        let writer = writer(&cache, &content, None);
        fill(&writer, &content, 0..SIZE);
        writer.checkpoint().expect("checkpoint");
        fill(&writer, &content, 10..20);
    }
    let cache = open(folder.path());
    let writer = writer(&cache, &content, None);
    assert_eq!(writer.have(), [BLOCK_SIZE..SIZE as u64], "the overwritten block is no longer claimed");
}

#[test]
fn refuses_writes_outside_and_sizes_beyond_reason() {
    let folder = tempfile::tempdir().expect("folder");
    let cache = open(folder.path());
    let content = bytes(1, SIZE);
    let writer = writer(&cache, &content, None);
    assert!(matches!(writer.write_at(SIZE as u64 - 1, b"ab"), Err(Error::Range { .. })));
    assert!(matches!(writer.write_at(u64::MAX, b"ab"), Err(Error::Range { .. })));
    assert!(matches!(writer.read_at(SIZE as u64, &mut [0]), Err(Error::Range { .. })));
    let other = hash(b"other");
    assert!(matches!(cache.write(other, u64::MAX, None), Err(Error::TooLarge { .. })));
    assert!(matches!(cache.write(other, 1 << 40, None), Err(Error::NoSpace { .. })));
    assert_eq!(std::fs::read_dir(folder.path().join("partial")).expect("folder").count(), 1);
}

#[test]
fn only_what_was_checkpointed_is_claimed_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let content = bytes(1, SIZE);
    let list = Some(block_list(&content));
    {
        let cache = open(folder.path());
        let writer = writer(&cache, &content, list.clone());
        fill(&writer, &content, 0..BLOCK_SIZE as usize + 10);
        writer.checkpoint().expect("checkpoint");
        assert_eq!(writer.have(), [0..BLOCK_SIZE + 10]);
    }
    let cache = open(folder.path());
    let first = writer(&cache, &content, list.clone());
    assert_eq!(first.have(), [0..BLOCK_SIZE]);
    fill(&first, &content, 0..SIZE);
    drop((first, cache));
    // Without a map, the list finds what is there.
    let map = folder.path().join("partial").join(format!("{}.map", hash(&content)));
    std::fs::remove_file(map).expect("removed");
    let cache = open(folder.path());
    assert!(writer(&cache, &content, list).is_complete());
}

#[test]
fn a_map_made_without_a_list_proves_nothing_to_a_writer_with_one() {
    let folder = tempfile::tempdir().expect("folder");
    let content = bytes(1, SIZE);
    let mut poisoned = content.clone();
    poisoned[BLOCK_SIZE as usize] ^= 1;
    {
        let cache = open(folder.path());
        let writer = writer(&cache, &content, None);
        fill(&writer, &poisoned, 0..SIZE);
        writer.checkpoint().expect("checkpoint");
    }
    let cache = open(folder.path());
    let with_list = writer(&cache, &content, Some(block_list(&content)));
    assert_eq!(with_list.have(), [0..BLOCK_SIZE, 2 * BLOCK_SIZE..SIZE as u64]);
}

#[test]
fn a_second_process_is_refused() {
    let folder = tempfile::tempdir().expect("folder");
    let _cache = open(folder.path());
    assert!(matches!(Cache::open(folder.path(), at(0)), Err(Error::Locked)));
}
