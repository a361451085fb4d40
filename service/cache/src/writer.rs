//! Getting an archive into the cache: random-access writes from many threads, ending in a verified hash.
//!
//! Locks, always taken in this order: `map` (who writes the map file), `ahead` (who hashes from the start), then `inside`
//! (never held over file access).

use std::{
    ops::Range,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use muster_domain::Sha256;
use muster_fsx::{Dir, File, Mode};

use crate::{
    ArchiveLease, Error,
    ahead::Ahead,
    cache::{Cache, Claim},
    hashing::hash_bytes,
    index::RunEnd,
    layout,
    partial::{self, Partial, hash_block},
    progress::{Begin, End, Progress, Verdict, Writers},
    resume::{BLOCK_SIZE, Bits, ResumeMap, block_length},
    state::lock,
};

/// Writes one archive. Shared by reference between threads; the only one for its hash while it lives.
///
/// Dropping it keeps what the last [`Writer::checkpoint`] made safe; [`Writer::discard`] removes it.
#[derive(Debug)]
pub struct Writer {
    claim: Claim,
    dir: Dir,
    file: File,
    size: u64,
    proof: Proof,
    blocks: Option<Arc<[Sha256]>>,
    map: Mutex<()>,
    ahead: Mutex<Ahead>,
    inside: Mutex<Inside>,
    /// Something in `inside` has changed that somebody may wait for.
    changed: Condvar,
}

/// What a complete file has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    /// The bytes with the hash of the claim.
    Hash,
    /// Any: the claim's hash only names the unfinished file.
    None,
}

#[derive(Debug)]
struct Inside {
    progress: Progress,
    /// No more writes: finishing, finished or discarded.
    is_closed: bool,
}

/// What became of a write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Blocks that became complete and do not match the signed list: all of their bytes have to come again.
    pub bad_blocks: Vec<u32>,
    /// Bytes that were dropped because their block is already proven.
    pub duplicate: u64,
}

impl Writer {
    pub(crate) fn new(claim: Claim, partial: Partial, blocks: Option<Arc<[Sha256]>>) -> Self {
        let Partial { dir, file, size, progress } = partial;
        let inside = Mutex::new(Inside { progress, is_closed: false });
        let (map, ahead, changed) = (Mutex::default(), Mutex::default(), Condvar::new());
        Self { claim, dir, file, size, proof: Proof::Hash, blocks, map, ahead, inside, changed }
    }

    /// For an archive whose hash is found out at the end.
    pub(crate) fn unseen(claim: Claim, partial: Partial) -> Self {
        Self { proof: Proof::None, ..Self::new(claim, partial, None) }
    }

    /// The archive's hash, or what stands for it until it is known.
    pub fn sha256(&self) -> Sha256 {
        self.claim.sha256
    }

    /// Bytes that the complete archive has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Byte ranges that have arrived, sorted. With a block list, complete blocks in them are proven.
    pub fn have(&self) -> Vec<Range<u64>> {
        lock(&self.inside).progress.have()
    }

    /// Bytes in complete blocks.
    pub fn complete_bytes(&self) -> u64 {
        lock(&self.inside).progress.complete_bytes()
    }

    /// Whether [`Writer::finish`] has all it needs.
    pub fn is_complete(&self) -> bool {
        lock(&self.inside).progress.is_complete()
    }

    /// Writes bytes at a place of the archive, from any thread, in any order, also twice.
    ///
    /// # Errors
    /// [`Error::Range`], [`Error::Closed`], and those of the disk; bytes of a failed write do not count as arrived.
    pub fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<Written, Error> {
        self.check_range(offset, bytes.len() as u64)?;
        let mut written = Written::default();
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            let block = (at / BLOCK_SIZE) as u32;
            let room = (u64::from(block) + 1) * BLOCK_SIZE - at;
            let length = room.min((bytes.len() - done) as u64) as usize;
            match self.write_in_block(block, at, &bytes[done..done + length])? {
                Fate::Kept => {}
                Fate::Duplicate => written.duplicate += length as u64,
                Fate::BadBlock => written.bad_blocks.push(block),
            }
            done += length;
        }
        Ok(written)
    }

    /// Reads back bytes that have arrived; they are not proven by that.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), Error> {
        self.check_range(offset, buffer.len() as u64)?;
        Ok(self.file.read_exact_at(buffer, offset)?)
    }

    /// Drops every block that `range` touches: a piece check outside found it wrong.
    pub fn forget(&self, range: Range<u64>) -> Result<(), Error> {
        if range.is_empty() {
            return Ok(());
        }
        self.check_range(range.start, range.end - range.start)?;
        let blocks: Vec<u32> =
            ((range.start / BLOCK_SIZE) as u32..=((range.end - 1) / BLOCK_SIZE) as u32).collect();
        self.forget_blocks(&blocks)
    }

    /// Makes what has arrived survive a crash: syncs the data, then writes the map. Call every few seconds.
    pub fn checkpoint(&self) -> Result<(), Error> {
        let _map = lock(&self.map);
        let claims = {
            let mut inside = lock(&self.inside);
            if inside.is_closed {
                return Ok(());
            }
            inside.progress.claim()
        };
        self.file.sync()?;
        self.write_map(claims)
    }

    /// Hashes what is proven from the start on, up to `most` bytes of it, so that [`Writer::finish`] has less to do. Says
    /// whether more is ready. Without a block list nothing is proven before the end. Call beside the writes.
    pub fn hash_ahead(&self, most: u64) -> Result<bool, Error> {
        if self.blocks.is_none() {
            return Ok(false);
        }
        let mut ahead = lock(&self.ahead);
        let ready = lock(&self.inside).progress.complete_from(ahead.position());
        let end = ready.min(ahead.position() + most);
        ahead.advance(&self.file, end)?;
        Ok(end < ready)
    }

    /// Proves the whole file and makes it visible.
    ///
    /// # Errors
    /// [`Error::Incomplete`] and [`Error::BadBlocks`]: go on writing, then finish again. [`Error::WrongHash`]: there is
    /// no telling which bytes are wrong; the partial file is gone and this writer is at its end.
    pub fn finish(&self, now: Timestamp) -> Result<ArchiveLease, Error> {
        self.close()?;
        let result = self.prove_and_publish(now);
        if matches!(&result, Err(error) if !matches!(error, Error::WrongHash { .. })) {
            lock(&self.inside).is_closed = false;
        }
        self.changed.notify_all();
        result
    }

    /// Gives up and removes what has arrived.
    pub fn discard(&self) -> Result<(), Error> {
        self.close()?;
        let _map = lock(&self.map);
        partial::remove(&self.dir, &self.sha256())
    }

    fn prove_and_publish(&self, now: Timestamp) -> Result<ArchiveLease, Error> {
        let sha256 = self.sha256();
        let _map = lock(&self.map);
        let missing = self.size - self.complete_bytes();
        if missing > 0 {
            return Err(Error::Incomplete { sha256, missing });
        }
        self.file.sync()?;
        let actual = {
            let mut ahead = lock(&self.ahead);
            ahead.advance(&self.file, self.size)?;
            ahead.finish()
        };
        let inner = &self.claim.inner;
        // Nobody else may write or move what will be there.
        let _claim = match self.proof {
            Proof::Hash if actual != sha256 => return Err(self.blame(actual)?),
            Proof::Hash => None,
            Proof::None => {
                let cache = Cache { inner: inner.clone() };
                if let Ok(lease) = cache.lease(&actual, now) {
                    partial::remove(&self.dir, &sha256)?;
                    return Ok(lease);
                }
                let claim = inner.claim(&mut lock(&inner.state), &actual);
                Some(claim.ok_or(Error::Busy(actual))?)
            }
        };
        self.file.set_mode(Mode::ReadOnly)?;
        self.file.sync()?;
        inner.publish(&layout::part_name(&sha256), actual, self.size, now)?;
        let lease = ArchiveLease::adopt(inner.clone(), actual, self.size);
        // Both only save time at the next start.
        if let Err(error) = self
            .dir
            .remove_tree(&layout::map_name(&sha256))
            .map_err(Error::from)
            .and(inner.flush(RunEnd::Unknown))
        {
            tracing::warn!(%error, archive = %sha256.short(), "an archive is complete, its record is not written");
        }
        Ok(lease)
    }

    /// The file is complete and wrong: finds the wrong blocks, or gives the file up if none can be told.
    fn blame(&self, actual: Sha256) -> Result<Error, Error> {
        let sha256 = self.sha256();
        let mut bad = Vec::new();
        for (block, expected) in (0u32..).zip(self.blocks.iter().flat_map(|blocks| blocks.iter())) {
            if hash_block(&self.file, self.size, block)? != *expected {
                bad.push(block);
            }
        }
        if bad.is_empty() {
            partial::remove(&self.dir, &sha256)?;
            return Ok(Error::WrongHash { expected: sha256, actual });
        }
        self.forget_under_map_lock(&bad)?;
        Ok(Error::BadBlocks { sha256, blocks: bad })
    }

    /// Refuses new writes and waits for those under way.
    fn close(&self) -> Result<(), Error> {
        let mut inside = lock(&self.inside);
        if inside.is_closed {
            return Err(Error::Closed(self.sha256()));
        }
        inside.is_closed = true;
        while !inside.progress.is_idle() {
            inside = self.wait(inside);
        }
        Ok(())
    }

    fn write_in_block(&self, block: u32, at: u64, bytes: &[u8]) -> Result<Fate, Error> {
        // A block that comes whole is compared before it is written: a wrong one never touches the disk.
        let proof = self.proof_of(block, bytes);
        if proof == Some(Verdict::Bad) {
            return Ok(if self.has_block(block) { Fate::Duplicate } else { Fate::BadBlock });
        }
        loop {
            let mut inside = lock(&self.inside);
            if inside.is_closed {
                return Err(Error::Closed(self.sha256()));
            }
            match inside.progress.begin(block) {
                Begin::Write => break,
                Begin::Duplicate => return Ok(Fate::Duplicate),
                Begin::Wait => drop(self.wait(inside)),
                Begin::Unclaim => {
                    drop(inside);
                    self.take_back_claims(&[block])?;
                }
            }
        }
        let result = self.file.write_all_at(bytes, at);
        let start = (at % BLOCK_SIZE) as u32;
        let span = result.is_ok().then_some(start..start + bytes.len() as u32);
        let end = lock(&self.inside).progress.end(block, span);
        let fate = match end {
            End::Open => Ok(Fate::Kept),
            End::Check(Writers::One) if proof == Some(Verdict::Good) => {
                lock(&self.inside).progress.checked(block, Verdict::Good);
                Ok(Fate::Kept)
            }
            End::Check(_) => self.check_block(block),
        };
        self.changed.notify_all();
        result?;
        fate
    }

    /// Whether bytes are a whole block, and what was signed; `None` if there is no telling yet.
    fn proof_of(&self, block: u32, bytes: &[u8]) -> Option<Verdict> {
        let expected = self.blocks.as_ref()?.get(block as usize)?;
        if bytes.len() as u64 != block_length(self.size, block) {
            return None;
        }
        Some(if hash_bytes(bytes) == *expected { Verdict::Good } else { Verdict::Bad })
    }

    fn has_block(&self, block: u32) -> bool {
        lock(&self.inside).progress.is_settled(block)
    }

    /// Compares a block with the signed list; a block that cannot be read counts as wrong.
    fn check_block(&self, block: u32) -> Result<Fate, Error> {
        let expected = self.blocks.as_ref().and_then(|blocks| blocks.get(block as usize));
        let actual = hash_block(&self.file, self.size, block);
        let verdict = match &actual {
            Ok(actual) if Some(actual) == expected => Verdict::Good,
            _ => Verdict::Bad,
        };
        lock(&self.inside).progress.checked(block, verdict);
        actual?;
        Ok(if verdict == Verdict::Good { Fate::Kept } else { Fate::BadBlock })
    }

    fn forget_blocks(&self, blocks: &[u32]) -> Result<(), Error> {
        let _map = lock(&self.map);
        self.forget_under_map_lock(blocks)
    }

    fn forget_under_map_lock(&self, blocks: &[u32]) -> Result<(), Error> {
        {
            let mut ahead = lock(&self.ahead);
            blocks.iter().for_each(|block| ahead.doubt(u64::from(*block) * BLOCK_SIZE));
            let mut inside = lock(&self.inside);
            while blocks.iter().any(|block| inside.progress.is_busy(*block)) {
                inside = self.wait(inside);
            }
            blocks.iter().for_each(|block| inside.progress.forget(*block));
        }
        self.rewrite_without(blocks)
    }

    fn take_back_claims(&self, blocks: &[u32]) -> Result<(), Error> {
        let _map = lock(&self.map);
        self.rewrite_without(blocks)
    }

    /// The caller holds the map lock, so no checkpoint can claim the blocks again in between.
    fn rewrite_without(&self, blocks: &[u32]) -> Result<(), Error> {
        let claims = lock(&self.inside).progress.claims_without(blocks);
        self.write_map(claims)?;
        lock(&self.inside).progress.unclaim(blocks);
        Ok(())
    }

    fn write_map(&self, blocks: Bits) -> Result<(), Error> {
        let map = ResumeMap { blocks, verified: self.blocks.is_some() };
        let sha256 = self.sha256();
        Ok(self.dir.write_atomic(&layout::map_name(&sha256), &map.to_bytes(&sha256, self.size))?)
    }

    fn check_range(&self, offset: u64, length: u64) -> Result<(), Error> {
        match offset.checked_add(length) {
            Some(end) if end <= self.size => Ok(()),
            _ => Err(Error::Range { offset, length, size: self.size }),
        }
    }

    fn wait<'a>(&self, inside: MutexGuard<'a, Inside>) -> MutexGuard<'a, Inside> {
        self.changed.wait(inside).unwrap_or_else(PoisonError::into_inner)
    }
}

enum Fate {
    Kept,
    Duplicate,
    BadBlock,
}
