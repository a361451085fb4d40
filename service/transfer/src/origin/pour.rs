//! Bytes of one claim on their way into the archive: they come in order, from a server and, where that is known, from
//! the unfinished file, and are written in whole blocks.

use std::{ops::Range, sync::Arc};

use muster_cache::BLOCK_SIZE;

use super::blocking;
use crate::{
    OriginError,
    assembly::{Assembly, Counters, Supplier},
};

/// Why bytes stopped coming.
pub(super) enum Failed {
    /// The server's fault, after this many useful bytes.
    Server(OriginError, u64),
    /// Our disk's fault: no other server helps.
    Disk(muster_cache::Error),
}

/// Whether what was written is what was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    Wrong,
}

/// Bytes that arrive in order.
pub(super) struct Pour<'a> {
    assembly: &'a Arc<Assembly>,
    counters: &'a Arc<Counters>,
    supplier: Supplier,
    /// Of the first byte in the buffer; the start of a block.
    position: u64,
    /// Of all that will come.
    end: u64,
    buffer: Vec<u8>,
    /// What did not come from the server.
    known: Vec<Range<u64>>,
    /// Bytes of the server that were missing before.
    pub fresh: u64,
}

impl<'a> Pour<'a> {
    pub fn new(
        (assembly, counters): (&'a Arc<Assembly>, &'a Arc<Counters>),
        supplier: Supplier,
        range: Range<u64>,
    ) -> Self {
        let (position, end) = (range.start, range.end);
        Self { assembly, counters, supplier, position, end, buffer: Vec::new(), known: Vec::new(), fresh: 0 }
    }

    /// Where the next byte belongs.
    pub fn received(&self) -> u64 {
        self.position + self.buffer.len() as u64
    }

    /// Bytes that wait to be written.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Whether others have brought all that is still to come.
    pub fn is_overtaken(&self) -> bool {
        self.assembly.has(self.position..self.end)
    }

    /// The next bytes of the server.
    pub fn add(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next bytes, which are known.
    pub async fn add_known(&mut self, range: Range<u64>) -> Result<(), Failed> {
        let (assembly, start) = (self.assembly.clone(), range.start);
        let mut bytes = vec![0; (range.end - range.start) as usize];
        let read = blocking(move || assembly.read(start, &mut bytes).map(|()| bytes)).await;
        self.buffer.extend(read.map_err(Failed::Disk)?);
        self.known.push(range);
        Ok(())
    }

    /// Writes what is whole blocks, and keeps the rest.
    pub async fn write_out(&mut self) -> Result<Verdict, Failed> {
        let length = if self.received() == self.end {
            self.buffer.len()
        } else {
            self.buffer.len() / BLOCK_SIZE as usize * BLOCK_SIZE as usize
        };
        if length == 0 {
            return Ok(Verdict::Right);
        }
        let rest = self.buffer.split_off(length);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        let position = self.position;
        self.position += length as u64;
        let (assembly, counters, supplier) = (self.assembly.clone(), self.counters.clone(), self.supplier);
        let known = self.known_of(position..self.position);
        let stored =
            blocking(move || assembly.store_with_known(position, &bytes, (supplier, known), &counters));
        let stored = stored.await.map_err(Failed::Disk)?;
        self.fresh += stored.fresh.saturating_sub(known);
        // A block with known bytes says nothing about the server; the assembly knows nothing of it any more.
        let is_servers = |block: &Range<u64>| self.known_of(block.clone()) == 0;
        Ok(if stored.bad.iter().any(is_servers) { Verdict::Wrong } else { Verdict::Right })
    }

    fn known_of(&self, range: Range<u64>) -> u64 {
        let inside =
            |known: &Range<u64>| known.end.min(range.end).saturating_sub(known.start.max(range.start));
        self.known.iter().map(inside).sum()
    }
}
