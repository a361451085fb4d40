//! An archive that several sources are putting together at once.
//!
//! Owns the cache's writer of one archive and the map of its 64 KiB blocks. Servers claim runs of blocks, so that two
//! of them never fetch the same; the swarm does not claim, it goes ascending by itself while claims then go backwards.
//! Invariants: only whole blocks are written; a block that is here is never written again, whoever sends it (a peer's
//! late or poisoned copy cannot spoil it); either kind of source alone can complete the file.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use muster_cache::{BLOCK_SIZE, Writer, block_count};
use tokio::sync::watch;

/// Beside a swarm one claim is at most this part of what is missing …
const SHARES: u64 = 24;
/// … but not less than these bytes.
const LEAST_SHARE: u64 = 256 * 1024;

/// Who brought bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Supplier {
    /// By its place in the list of origins.
    Origin(usize),
    Peers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Missing,
    /// A server is fetching it.
    Claimed,
    Here,
}

#[derive(Debug)]
struct Map {
    blocks: Vec<Block>,
    suppliers: BTreeMap<Supplier, u64>,
}

/// Bytes by where they came from, readable at any time.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Already on this disk when it began.
    pub here: AtomicU64,
    pub servers: AtomicU64,
    pub peers: AtomicU64,
    /// Connected peers.
    pub connected: AtomicU64,
}

impl Counters {
    /// A new run begins.
    pub fn reset(&self) {
        for counter in [&self.here, &self.servers, &self.peers, &self.connected] {
            counter.store(0, Ordering::Relaxed);
        }
    }
}

/// The archive under construction.
#[derive(Debug)]
pub(crate) struct Assembly {
    writer: Arc<Writer>,
    size: u64,
    has_list: bool,
    map: Mutex<Map>,
    /// Without a block list the cache takes what comes last: then blocks are written one at a time.
    unproven: Mutex<()>,
    missing: watch::Sender<u64>,
    /// The swarm takes pieces from the start, so servers take them from the end.
    pub is_swarming: AtomicBool,
    has_unsaved: AtomicBool,
}

/// A run of blocks that one server fetches; given back when dropped.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    assembly: &'a Assembly,
    blocks: Range<usize>,
}

impl Claim<'_> {
    /// The bytes to fetch.
    pub fn bytes(&self) -> Range<u64> {
        let start = self.blocks.start as u64 * BLOCK_SIZE;
        start..(self.blocks.end as u64 * BLOCK_SIZE).min(self.assembly.size)
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut map = self.assembly.lock();
        for block in &mut map.blocks[self.blocks.clone()] {
            if *block == Block::Claimed {
                *block = Block::Missing;
            }
        }
        drop(map);
        self.assembly.missing.send_modify(|_| {});
    }
}

/// What became of stored bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Bytes that were missing before.
    pub fresh: u64,
    /// Blocks that are not what was signed; they are still missing.
    pub bad: u32,
}

impl Assembly {
    /// Takes over a writer with what it already has.
    pub fn new(writer: Arc<Writer>, has_list: bool, counters: &Counters) -> Self {
        let size = writer.size();
        let mut blocks = vec![Block::Missing; block_count(size) as usize];
        for range in writer.have() {
            let first = range.start.div_ceil(BLOCK_SIZE) as usize;
            let end = if range.end == size { blocks.len() } else { (range.end / BLOCK_SIZE) as usize };
            if first < end {
                blocks[first..end].fill(Block::Here);
            }
        }
        let map = Map { blocks, suppliers: BTreeMap::new() };
        let missing = map.missing(size);
        counters.here.store(size - missing, Ordering::Relaxed);
        Self {
            writer,
            size,
            has_list,
            map: Mutex::new(map),
            unproven: Mutex::new(()),
            missing: watch::Sender::new(missing),
            is_swarming: AtomicBool::new(false),
            has_unsaved: AtomicBool::new(false),
        }
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    pub fn is_complete(&self) -> bool {
        *self.missing.borrow() == 0
    }

    /// Announces every change: missing bytes, or a claim that was given back.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.missing.subscribe()
    }

    /// Ends when nothing is missing.
    pub async fn completed(&self) {
        let mut missing = self.watch();
        // The sender lives as long as `self`.
        let _ = missing.wait_for(|missing| *missing == 0).await;
    }

    /// Reserves missing blocks that nobody else fetches: up to `limit` bytes, and less beside a swarm, which comes
    /// towards them from the other end.
    pub fn claim(&self, limit: u64) -> Option<Claim<'_>> {
        let is_swarming = self.is_swarming.load(Ordering::Relaxed);
        let share = *self.missing.borrow() / SHARES;
        let limit = if is_swarming { limit.min(share.max(LEAST_SHARE)) } else { limit };
        let limit = (limit / BLOCK_SIZE).max(1) as usize;
        let mut map = self.lock();
        let is_missing = |block: &Block| *block == Block::Missing;
        let blocks = if is_swarming {
            let last = map.blocks.iter().rposition(is_missing)?;
            let run =
                map.blocks[..=last].iter().rev().take(limit).take_while(|block| is_missing(block)).count();
            last + 1 - run..last + 1
        } else {
            let first = map.blocks.iter().position(is_missing)?;
            let run = map.blocks[first..].iter().take(limit).take_while(|block| is_missing(block)).count();
            first..first + run
        };
        map.blocks[blocks.clone()].fill(Block::Claimed);
        Some(Claim { assembly: self, blocks })
    }

    /// Whether all of these bytes are here.
    pub fn has(&self, range: Range<u64>) -> bool {
        let blocks = self.block_range(range);
        self.lock().blocks[blocks].iter().all(|block| *block == Block::Here)
    }

    /// Whether nothing at or after this byte is here.
    pub fn is_empty_from(&self, offset: u64) -> bool {
        let blocks = self.block_range(offset..self.size);
        self.lock().blocks[blocks].iter().all(|block| *block != Block::Here)
    }

    /// Writes whole blocks, beginning at the start of one; blocks that are here already are left alone.
    ///
    /// Blocks on the disk: call from a blocking thread.
    pub fn store(
        &self,
        offset: u64,
        bytes: &[u8],
        supplier: Supplier,
        counters: &Counters,
    ) -> Result<Stored, muster_cache::Error> {
        debug_assert!(offset.is_multiple_of(BLOCK_SIZE));
        let mut stored = Stored::default();
        for (index, part) in bytes.chunks(BLOCK_SIZE as usize).enumerate() {
            let at = offset + index as u64 * BLOCK_SIZE;
            match self.store_block(at, part, supplier)? {
                Fate::Fresh => stored.fresh += part.len() as u64,
                Fate::Duplicate => {}
                Fate::Bad => stored.bad += 1,
            }
        }
        if stored.fresh > 0 {
            let counter = match supplier {
                Supplier::Origin(_) => &counters.servers,
                Supplier::Peers => &counters.peers,
            };
            counter.fetch_add(stored.fresh, Ordering::Relaxed);
            self.has_unsaved.store(true, Ordering::Relaxed);
            self.missing.send_modify(|missing| *missing -= stored.fresh);
        }
        Ok(stored)
    }

    fn store_block(&self, at: u64, bytes: &[u8], supplier: Supplier) -> Result<Fate, muster_cache::Error> {
        let one_at_a_time = (!self.has_list).then(|| lock(&self.unproven));
        let index = (at / BLOCK_SIZE) as usize;
        if self.lock().blocks[index] == Block::Here {
            return Ok(Fate::Duplicate);
        }
        let written = self.writer.write_at(at, bytes)?;
        drop(one_at_a_time);
        let mut map = self.lock();
        if !written.bad_blocks.is_empty() {
            // Another source may have brought the right one meanwhile; then it stays.
            return Ok(if map.blocks[index] == Block::Here { Fate::Duplicate } else { Fate::Bad });
        }
        if map.blocks[index] == Block::Here {
            return Ok(Fate::Duplicate);
        }
        map.blocks[index] = Block::Here;
        *map.suppliers.entry(supplier).or_default() += bytes.len() as u64;
        Ok(Fate::Fresh)
    }

    /// Reads bytes that are here.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<(), muster_cache::Error> {
        self.writer.read_at(offset, buffer)
    }

    /// Marks these blocks as missing again: the finished file was wrong there.
    pub fn take_back(&self, bad: &[u32]) {
        let mut map = self.lock();
        for index in bad {
            if let Some(block) = map.blocks.get_mut(*index as usize) {
                *block = Block::Missing;
            }
        }
        let missing = map.missing(self.size);
        drop(map);
        self.missing.send_replace(missing);
    }

    /// Who brought how much in this run.
    pub fn suppliers(&self) -> BTreeMap<Supplier, u64> {
        self.lock().suppliers.clone()
    }

    /// Makes what arrived since the last call survive a crash. Blocks on the disk.
    pub fn checkpoint(&self) -> Result<(), muster_cache::Error> {
        if self.has_unsaved.swap(false, Ordering::Relaxed) { self.writer.checkpoint() } else { Ok(()) }
    }

    fn block_range(&self, range: Range<u64>) -> Range<usize> {
        let count = block_count(self.size) as usize;
        let end = (range.end.div_ceil(BLOCK_SIZE) as usize).min(count);
        ((range.start / BLOCK_SIZE) as usize).min(end)..end
    }

    fn lock(&self) -> MutexGuard<'_, Map> {
        lock(&self.map)
    }
}

enum Fate {
    Fresh,
    Duplicate,
    Bad,
}

impl Map {
    fn missing(&self, size: u64) -> u64 {
        let count = self.blocks.iter().filter(|block| **block != Block::Here).count() as u64;
        let is_last_missing = self.blocks.last().is_some_and(|block| *block != Block::Here);
        let short = if is_last_missing { self.blocks.len() as u64 * BLOCK_SIZE - size } else { 0 };
        count * BLOCK_SIZE - short
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
