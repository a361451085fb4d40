//! Making blocks of spans that come in the order of the archive.

use std::ops::Range;

use muster_cache::{BLOCK_SIZE, Error};

use super::Keep;
use crate::assembly::{Assembly, Counters, Supplier};

/// Holds at most one block.
pub(super) struct Gather<'a> {
    assembly: &'a Assembly,
    counters: &'a Counters,
    keep: Keep,
    /// Bytes of one block that follow each other, from `begin` on.
    buffer: Vec<u8>,
    begin: u64,
    /// Bytes that are here by this, in whole blocks.
    pub taken: u64,
    /// Blocks that were not what was signed.
    pub refused: usize,
    /// Of these: those for which no wrong span is to blame, and how many they were after the last span.
    unexplained: usize,
    settled: usize,
}

/// The block in which a byte lies.
pub(super) fn block_of(at: u64, size: u64) -> Range<u64> {
    let first = at / BLOCK_SIZE * BLOCK_SIZE;
    first..(first + BLOCK_SIZE).min(size)
}

impl<'a> Gather<'a> {
    pub fn new(assembly: &'a Assembly, counters: &'a Counters, keep: Keep) -> Self {
        let buffer = Vec::with_capacity(BLOCK_SIZE as usize);
        Self { assembly, counters, keep, buffer, begin: 0, taken: 0, refused: 0, unexplained: 0, settled: 0 }
    }

    fn end(&self) -> u64 {
        self.begin + self.buffer.len() as u64
    }

    /// Takes bytes of a span, at or after the end of those before.
    pub fn push(&mut self, start: u64, mut bytes: &[u8]) -> Result<(), Error> {
        if start != self.end() {
            self.put_away()?;
            self.begin = start;
        }
        while !bytes.is_empty() && self.end() < self.assembly.size() {
            let block = block_of(self.end(), self.assembly.size());
            let (part, rest) = bytes.split_at(bytes.len().min((block.end - self.end()) as usize));
            self.buffer.extend_from_slice(part);
            bytes = rest;
            if self.end() == block.end {
                self.put_away()?;
            }
        }
        Ok(())
    }

    /// All bytes of a span came and are what they should be.
    pub fn right(&mut self, span: Range<u64>) {
        self.settled = self.unexplained;
        // Where blocks of right spans are refused, headers are not what the map says: another packer's.
        if self.keep == Keep::Parts && self.unexplained == 0 {
            self.assembly.note(span);
        }
    }

    /// What came of a span is not what it should be.
    pub fn wrong(&mut self, span: Range<u64>) -> Result<(), Error> {
        self.unexplained = self.settled;
        let right = span.start.saturating_sub(self.begin).min(self.buffer.len() as u64);
        self.buffer.truncate(right as usize);
        self.put_away()
    }

    /// Nothing more comes.
    pub fn finish(mut self) -> Result<Self, Error> {
        self.put_away()?;
        Ok(self)
    }

    /// Stores a whole block, keeps a part of one.
    fn put_away(&mut self) -> Result<(), Error> {
        let range = self.begin..self.end();
        if range.is_empty() {
            return Ok(());
        }
        let block = block_of(range.start, self.assembly.size());
        let is_missing = !self.assembly.has(block.clone());
        if is_missing && range == block {
            let stored = self.assembly.store(range.start, &self.buffer, Supplier::Local, self.counters)?;
            self.taken += stored.fresh;
            self.refused += stored.bad.len();
            self.unexplained += stored.bad.len();
        } else if is_missing && self.keep == Keep::Parts {
            self.assembly.keep(range.start, &self.buffer)?;
        }
        self.begin = range.end;
        self.buffer.clear();
        Ok(())
    }
}
