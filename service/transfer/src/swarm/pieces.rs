//! Pieces on their way from peers into the archive.
//!
//! BitTorrent hands over 16 KiB at a time and proves a piece only when it is complete. Until then a piece lives in
//! memory: nothing that a peer sent touches the disk unproven, and nothing that is already here is overwritten. A proven
//! piece goes into the [`Assembly`], where the signed block list has the last word.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    Error,
    assembly::{Assembly, Counters, Supplier},
    bucket::Bucket,
};

/// Bytes of unproven pieces kept in memory for one archive.
const MAX_BUFFERED: u64 = 64 * 1024 * 1024;
/// A good piece is taken over this soon after it was hashed.
const VERDICT: Duration = Duration::from_millis(500);

/// The place to which one download session writes; closed when the session ends.
#[derive(Debug)]
pub(crate) struct Pieces {
    size: u64,
    piece_length: u64,
    target: Mutex<Option<Target>>,
    buffers: Mutex<Buffers>,
    wrong_pieces: AtomicU32,
    contradicts_blocks: AtomicBool,
    disk_error: Mutex<Option<Error>>,
}

#[derive(Clone, Debug)]
struct Target {
    assembly: Arc<Assembly>,
    counters: Arc<Counters>,
    down: Arc<Bucket>,
}

#[derive(Debug, Default)]
struct Buffers {
    pieces: HashMap<u64, Buffer>,
    clock: u64,
}

#[derive(Debug)]
struct Buffer {
    bytes: Vec<u8>,
    /// When it was read to its end, that is, hashed. If it is still here a moment later, the hash was wrong.
    hashed_at: Option<Instant>,
    touched: u64,
}

/// A read that cannot be answered.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum ReadRefusal {
    #[error("nothing of the rest is here")]
    NothingBehind,
    #[error("the download has ended")]
    Closed,
    #[error("the archive can not be read")]
    Disk,
}

impl Pieces {
    pub fn new(
        piece_length: u32,
        assembly: Arc<Assembly>,
        counters: Arc<Counters>,
        down: Arc<Bucket>,
    ) -> Self {
        Self {
            size: assembly.size(),
            piece_length: u64::from(piece_length),
            target: Mutex::new(Some(Target { assembly, counters, down })),
            buffers: Mutex::default(),
            wrong_pieces: AtomicU32::new(0),
            contradicts_blocks: AtomicBool::new(false),
            disk_error: Mutex::new(None),
        }
    }

    /// Peers to connect to at most: each may fill a piece of its own.
    pub fn peer_limit(&self) -> usize {
        (MAX_BUFFERED / self.piece_length).clamp(8, 24) as usize
    }

    /// Lets go of the archive; what still comes is dropped.
    pub fn close(&self) {
        *lock(&self.target) = None;
        lock(&self.buffers).pieces.clear();
    }

    /// Pieces that peers sent completely and wrong.
    pub fn wrong_pieces(&self) -> u32 {
        let is_wrong = |buffer: &&Buffer| buffer.hashed_at.is_some_and(|at| at.elapsed() >= VERDICT);
        let waiting = lock(&self.buffers).pieces.values().filter(is_wrong).count();
        self.wrong_pieces.load(Ordering::Relaxed) + waiting as u32
    }

    /// A piece that matches the torrent does not match the signed block list: the torrent itself is wrong.
    pub fn contradicts_blocks(&self) -> bool {
        self.contradicts_blocks.load(Ordering::Relaxed)
    }

    /// The disk failed; no peer can help.
    pub fn disk_error(&self) -> Option<Error> {
        lock(&self.disk_error).clone()
    }

    /// Takes bytes from a peer.
    pub fn write(&self, mut offset: u64, mut bytes: &[u8]) {
        let Some(target) = self.target() else { return };
        target.down.charge(bytes.len() as u64);
        while !bytes.is_empty() && offset < self.size {
            let piece = offset / self.piece_length;
            let range = self.range(piece);
            let length = ((range.end - offset) as usize).min(bytes.len());
            if !target.assembly.has(range.clone()) {
                self.write_piece(piece, (offset - range.start) as usize, &bytes[..length]);
            }
            offset += length as u64;
            bytes = &bytes[length..];
        }
    }

    fn write_piece(&self, piece: u64, at: usize, bytes: &[u8]) {
        let range = self.range(piece);
        let mut buffers = lock(&self.buffers);
        buffers.make_room((MAX_BUFFERED / self.piece_length).max(8) as usize, piece);
        let clock = buffers.tick();
        let buffer = buffers.pieces.entry(piece).or_insert_with(|| Buffer {
            bytes: vec![0; (range.end - range.start) as usize],
            hashed_at: None,
            touched: clock,
        });
        buffer.touched = clock;
        if buffer.hashed_at.take().is_some() {
            self.wrong_pieces.fetch_add(1, Ordering::Relaxed);
        }
        // Inside the piece: the caller cut it to size.
        buffer.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Reads for hashing, and for passing on: what is in the archive, else what is in memory, else zeros.
    pub fn read(&self, mut offset: u64, mut out: &mut [u8]) -> Result<(), ReadRefusal> {
        let target = self.target().ok_or(ReadRefusal::Closed)?;
        while !out.is_empty() {
            if offset >= self.size {
                return Err(ReadRefusal::NothingBehind);
            }
            let piece = offset / self.piece_length;
            let range = self.range(piece);
            let length = ((range.end - offset) as usize).min(out.len());
            let (part, rest) = out.split_at_mut(length);
            if target.assembly.has(range.clone()) {
                target.assembly.read(offset, part).map_err(|error| {
                    *lock(&self.disk_error) = Some(error.into());
                    ReadRefusal::Disk
                })?;
            } else if !self.read_buffer(piece, (offset - range.start) as usize, part) {
                // Spares hashing gigabytes of zeros when a download begins.
                if target.assembly.is_empty_from(range.start) {
                    return Err(ReadRefusal::NothingBehind);
                }
                part.fill(0);
            }
            offset += length as u64;
            out = rest;
        }
        Ok(())
    }

    fn read_buffer(&self, piece: u64, at: usize, out: &mut [u8]) -> bool {
        let mut buffers = lock(&self.buffers);
        let Some(buffer) = buffers.pieces.get_mut(&piece) else {
            return false;
        };
        out.copy_from_slice(&buffer.bytes[at..at + out.len()]);
        if at + out.len() == buffer.bytes.len() {
            buffer.hashed_at = Some(Instant::now());
        }
        true
    }

    /// A piece has the hash that the torrent says: into the archive with it. Blocks on the disk.
    pub fn completed(&self, piece: u32) {
        let piece = u64::from(piece);
        let buffer = lock(&self.buffers).pieces.remove(&piece);
        let (Some(target), Some(buffer)) = (self.target(), buffer) else {
            return;
        };
        let offset = self.range(piece).start;
        match target.assembly.store(offset, &buffer.bytes, Supplier::Peers, &target.counters) {
            Ok(stored) if stored.bad > 0 => self.contradicts_blocks.store(true, Ordering::Relaxed),
            Ok(_) => {}
            Err(error) => *lock(&self.disk_error) = Some(error.into()),
        }
    }

    fn range(&self, piece: u64) -> std::ops::Range<u64> {
        let start = piece * self.piece_length;
        start..(start + self.piece_length).min(self.size)
    }

    fn target(&self) -> Option<Target> {
        lock(&self.target).clone()
    }
}

impl Buffers {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    /// Forgets the piece that was touched longest ago; it is fetched again if it was still coming.
    fn make_room(&mut self, limit: usize, piece: u64) {
        if self.pieces.len() < limit || self.pieces.contains_key(&piece) {
            return;
        }
        let oldest = self.pieces.iter().min_by_key(|(_, buffer)| buffer.touched).map(|(piece, _)| *piece);
        if let Some(oldest) = oldest {
            self.pieces.remove(&oldest);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
