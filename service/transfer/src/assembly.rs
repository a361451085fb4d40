//! An archive that several sources are putting together at once.
//!
//! Owns the cache's writer of one archive and the map of its 64 KiB blocks, from which servers and peers claim what they
//! fetch: nobody fetches what another does, but for the last few, which two may race for. Invariants: only whole blocks are
//! written; a block that is here is never written again, whoever sends it (a peer's late or poisoned copy cannot spoil it);
//! any kind of source alone can complete the file.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    ops::Range,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use muster_cache::{BLOCK_SIZE, Writer, block_count};
use tokio::sync::watch;

use crate::{
    blocks::BlockMap,
    origin::blocking,
    parts::{Parts, Stretch},
};

/// Beside a swarm one claim is at most this part of what is missing …
const SHARES: u64 = 24;
/// … but not less than these bytes.
const LEAST_SHARE: u64 = 256 * 1024;
/// Progress is told this often.
const TELL_EVERY_MS: u64 = 20;
/// What has arrived from the start on is hashed this often …
const HASHED_EVERY: Duration = Duration::from_millis(100);
/// … so many bytes at once.
const HASHED_AT_ONCE: u64 = 16 * 1024 * 1024;
/// Bytes left at which a second server may be asked for what another is already sending.
const ENDGAME: u64 = 4 * 1024 * 1024;

/// Who brought bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Supplier {
    /// By its place in the list of origins.
    Origin(usize),
    Peers,
    /// Other archives and trees on this disk.
    Local,
}

#[derive(Debug)]
struct Inside {
    map: BlockMap,
    parts: Parts,
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
    inside: Mutex<Inside>,
    /// Without a block list the cache takes what comes last: then blocks are written one at a time.
    unproven: Mutex<()>,
    missing: watch::Sender<u64>,
    /// Peers work on it too: servers take smaller parts, from a place of their own.
    pub is_swarming: AtomicBool,
    /// Where servers begin, as a block: different for everybody, so that a crowd asks them for different parts.
    begin: AtomicUsize,
    has_unsaved: AtomicBool,
    began_at: Instant,
    /// Milliseconds since then.
    told_at: AtomicU64,
}

/// A run of blocks that one source fetches; given back when dropped.
#[derive(Debug)]
pub(crate) struct Claim {
    assembly: Arc<Assembly>,
    blocks: Range<usize>,
}

impl Claim {
    /// The bytes to fetch.
    pub fn bytes(&self) -> Range<u64> {
        self.assembly.lock().map.bytes(&self.blocks)
    }

    pub fn blocks(&self) -> Range<usize> {
        self.blocks.clone()
    }

    /// Whether others have brought all of it.
    pub fn is_over(&self) -> bool {
        self.assembly.lock().map.all_here(self.blocks.clone())
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let is_freed = self.assembly.lock().map.release(self.blocks.clone());
        if is_freed {
            self.assembly.missing.send_modify(|_| {});
        }
    }
}

/// Whether a source may race another for the last blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Race {
    No,
    Yes,
}

/// What became of stored bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Bytes that were missing before.
    pub fresh: u64,
    /// Blocks that are not what was signed, as bytes of the archive; they are still missing.
    pub bad: Vec<Range<u64>>,
}

impl Assembly {
    /// Takes over a writer with what it already has. `piece_length` is that of the torrent, if there is one; `dice` is any
    /// number.
    pub fn new(
        writer: Arc<Writer>,
        has_list: bool,
        piece_length: Option<u32>,
        dice: u16,
        counters: &Counters,
    ) -> Self {
        let size = writer.size();
        let mut map = BlockMap::new(size, piece_length);
        for range in writer.have() {
            let first = range.start.div_ceil(BLOCK_SIZE) as usize;
            let end = if range.end == size { map.len() } else { (range.end / BLOCK_SIZE) as usize };
            for block in first..end {
                map.arrived(block);
            }
        }
        let missing = map.missing_bytes();
        counters.here.store(size - missing, Ordering::Relaxed);
        let begin = map.len() * usize::from(dice) / (usize::from(u16::MAX) + 1);
        Self {
            writer,
            size,
            has_list,
            inside: Mutex::new(Inside { map, parts: Parts::default(), suppliers: BTreeMap::new() }),
            unproven: Mutex::new(()),
            missing: watch::Sender::new(missing),
            is_swarming: AtomicBool::new(false),
            begin: AtomicUsize::new(begin),
            has_unsaved: AtomicBool::new(false),
            began_at: Instant::now(),
            told_at: AtomicU64::new(0),
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

    /// Announces changes: the end and a claim that was given back at once, missing bytes by and by.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.missing.subscribe()
    }

    /// Ends when nothing is missing.
    pub async fn completed(&self) {
        let mut missing = self.watch();
        // The sender lives as long as `self`.
        let _ = missing.wait_for(|missing| *missing == 0).await;
    }

    /// Hashes from the start on while bytes arrive, for as long as it is awaited.
    pub async fn hash_ahead(self: &Arc<Self>) -> Infallible {
        loop {
            let assembly = self.clone();
            // What fails here fails again at the end, where it is reported.
            let has_more = blocking(move || assembly.writer.hash_ahead(HASHED_AT_ONCE)).await;
            if !has_more.unwrap_or(false) {
                tokio::time::sleep(HASHED_EVERY).await;
            }
        }
    }

    /// Reserves missing blocks that nobody else fetches for a server: up to `limit` bytes, and less beside a swarm.
    pub fn claim(self: &Arc<Self>, limit: u64, race: Race) -> Option<Claim> {
        let is_swarming = self.is_swarming.load(Ordering::Relaxed);
        let share = *self.missing.borrow() / SHARES;
        let limit = if is_swarming { limit.min(share.max(LEAST_SHARE)) } else { limit };
        let limit = (limit / BLOCK_SIZE).max(1) as usize;
        let begin = if is_swarming { self.begin.load(Ordering::Relaxed) } else { 0 };
        self.claim_with(|map| {
            map.run_from(begin, limit).or_else(|| {
                let may_race = race == Race::Yes && map.missing_bytes() <= ENDGAME;
                may_race.then(|| map.run_of_claimed(limit)).flatten()
            })
        })
    }

    /// Reserves the blocks that `pick` names.
    pub fn claim_with(
        self: &Arc<Self>,
        pick: impl FnOnce(&BlockMap) -> Option<Range<usize>>,
    ) -> Option<Claim> {
        let mut inside = self.lock();
        let blocks = pick(&inside.map)?;
        inside.map.claim(blocks.clone());
        drop(inside);
        Some(Claim { assembly: self.clone(), blocks })
    }

    /// Where servers begin from now on, as a block.
    pub fn begin_at(&self, block: usize) {
        self.begin.store(block, Ordering::Relaxed);
    }

    /// Looks at the map of blocks.
    pub fn with_map<T>(&self, look: impl FnOnce(&BlockMap) -> T) -> T {
        look(&self.lock().map)
    }

    /// Whether all of these bytes are here.
    pub fn has(&self, range: Range<u64>) -> bool {
        let blocks = self.block_range(range);
        self.lock().map.all_here(blocks)
    }

    /// Whether a signed list of blocks tells right from wrong.
    pub fn has_list(&self) -> bool {
        self.has_list
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
        self.store_with_known(offset, bytes, (supplier, 0), counters)
    }

    /// The same for bytes of which so many did not come from the supplier, because they were known.
    pub fn store_with_known(
        &self,
        offset: u64,
        bytes: &[u8],
        (supplier, known): (Supplier, u64),
        counters: &Counters,
    ) -> Result<Stored, muster_cache::Error> {
        debug_assert!(offset.is_multiple_of(BLOCK_SIZE));
        let mut stored = Stored::default();
        for (index, part) in bytes.chunks(BLOCK_SIZE as usize).enumerate() {
            let at = offset + index as u64 * BLOCK_SIZE;
            match self.store_block(at, part, supplier)? {
                Fate::Fresh => stored.fresh += part.len() as u64,
                Fate::Duplicate => {}
                Fate::Bad => stored.bad.push(at..at + part.len() as u64),
            }
        }
        if stored.fresh > 0 {
            let counter = match supplier {
                Supplier::Origin(_) => &counters.servers,
                Supplier::Peers => &counters.peers,
                Supplier::Local => &counters.here,
            };
            let known = known.min(stored.fresh);
            counters.here.fetch_add(known, Ordering::Relaxed);
            counter.fetch_add(stored.fresh - known, Ordering::Relaxed);
            self.has_unsaved.store(true, Ordering::Relaxed);
            let is_time = self.is_time_to_tell();
            self.missing.send_if_modified(|missing| {
                *missing -= stored.fresh;
                *missing == 0 || is_time
            });
        }
        Ok(stored)
    }

    /// Whether those who watch are due to hear of progress: they act on it a few times a second at most, and each hearing
    /// costs a wake-up.
    fn is_time_to_tell(&self) -> bool {
        let now = self.began_at.elapsed().as_millis() as u64;
        let told = self.told_at.load(Ordering::Relaxed);
        let is_due = now >= told + TELL_EVERY_MS;
        is_due && self.told_at.compare_exchange(told, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn store_block(&self, at: u64, bytes: &[u8], supplier: Supplier) -> Result<Fate, muster_cache::Error> {
        let one_at_a_time = (!self.has_list).then(|| lock(&self.unproven));
        let index = (at / BLOCK_SIZE) as usize;
        if self.lock().map.is_here(index) {
            return Ok(Fate::Duplicate);
        }
        let written = self.writer.write_at(at, bytes)?;
        drop(one_at_a_time);
        let mut inside = self.lock();
        if !written.bad_blocks.is_empty() {
            inside.parts.forget(at..at + bytes.len() as u64);
            // Another source may have brought the right one meanwhile; then it stays.
            return Ok(if inside.map.is_here(index) { Fate::Duplicate } else { Fate::Bad });
        }
        if !inside.map.arrived(index) {
            return Ok(Fate::Duplicate);
        }
        *inside.suppliers.entry(supplier).or_default() += bytes.len() as u64;
        Ok(Fate::Fresh)
    }

    /// Keeps bytes of a block that is not whole; they count for nothing. Blocks on the disk.
    pub fn keep(&self, offset: u64, bytes: &[u8]) -> Result<(), muster_cache::Error> {
        self.writer.write_at(offset, bytes).map(|_| ())
    }

    /// Says that bytes which were kept or stored are what they should be.
    pub fn note(&self, range: Range<u64>) {
        self.lock().parts.note(range);
    }

    /// What of a range has to be fetched, and what is known of it.
    pub fn stretches(&self, range: Range<u64>) -> Vec<Stretch> {
        self.lock().parts.stretches(range)
    }

    /// Reads bytes that are here, or known.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<(), muster_cache::Error> {
        self.writer.read_at(offset, buffer)
    }

    /// Marks these blocks as missing again: the finished file was wrong there.
    pub fn take_back(&self, bad: &[u32]) {
        let mut inside = self.lock();
        for block in bad {
            inside.map.lost(*block as usize);
            let start = u64::from(*block) * BLOCK_SIZE;
            inside.parts.forget(start..start + BLOCK_SIZE);
        }
        let missing = inside.map.missing_bytes();
        drop(inside);
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

    fn lock(&self) -> MutexGuard<'_, Inside> {
        lock(&self.inside)
    }
}

enum Fate {
    Fresh,
    Duplicate,
    Bad,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
