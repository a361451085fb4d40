//! What every test of this crate needs.

use std::{path::Path, sync::Arc};

use jiff::Timestamp;
use muster_cache::{BLOCK_SIZE, Cache, Opening, Writer};
use muster_domain::Sha256;
use sha2::Digest;

/// Some seconds after an arbitrary moment.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).expect("in range")
}

pub fn open(path: &Path) -> Cache {
    Cache::open(path, at(0)).expect("opens")
}

pub fn hash(content: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(content).into())
}

/// Bytes that look random and depend on `seed` only.
pub fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

pub fn block_list(content: &[u8]) -> Arc<[Sha256]> {
    content.chunks(BLOCK_SIZE as usize).map(hash).collect()
}

pub fn writer(cache: &Cache, content: &[u8], blocks: Option<Arc<[Sha256]>>) -> Arc<Writer> {
    match cache.write(hash(content), content.len() as u64, blocks).expect("opens") {
        Opening::Writer(writer) => writer,
        Opening::Complete(_) => panic!("it is there already"),
    }
}

/// Puts an archive into the cache.
pub fn put(cache: &Cache, content: &[u8], now: Timestamp) -> Sha256 {
    let writer = writer(cache, content, None);
    writer.write_at(0, content).expect("written");
    writer.finish(now).expect("finished").sha256()
}

/// Ends a run as it should end, and starts the next one.
pub fn reopen(cache: Cache, path: &Path) -> Cache {
    cache.close().expect("closed");
    drop(cache);
    open(path)
}
