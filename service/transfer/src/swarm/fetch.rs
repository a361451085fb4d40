//! A unit on its way from one peer: what was asked for, what has come, whether it is right.

use std::{sync::Arc, time::Instant};

use muster_cache::BLOCK_SIZE;
use sha1::{Digest, Sha1 as Hasher};

use super::{
    picker::Proof,
    wire::{REQUEST_BYTES, Request},
};
use crate::assembly::{Assembly, Claim, Counters, Supplier};

/// A unit on its way from this peer.
pub(super) struct Fetch {
    pub claim: Claim,
    pub piece: u32,
    /// Of the unit in its piece, in bytes.
    begin: u32,
    bytes: Vec<u8>,
    /// By request.
    arrived: Vec<bool>,
    asked: usize,
    left: usize,
    pub begun: Instant,
}

impl Fetch {
    pub fn new(claim: Claim, piece_length: u32) -> Self {
        let bytes = claim.bytes();
        let length = (bytes.end - bytes.start) as usize;
        let requests = length.div_ceil(REQUEST_BYTES as usize);
        let piece = (bytes.start / u64::from(piece_length)) as u32;
        let begin = (bytes.start % u64::from(piece_length)) as u32;
        Self {
            claim,
            piece,
            begin,
            bytes: vec![0; length],
            arrived: vec![false; requests],
            asked: 0,
            left: requests,
            begun: Instant::now(),
        }
    }

    fn request(&self, index: usize) -> Request {
        let start = index as u32 * REQUEST_BYTES;
        let length = (self.bytes.len() as u32 - start).min(REQUEST_BYTES);
        Request { piece: self.piece, begin: self.begin + start, length }
    }

    /// The next bytes to ask for, if any are left.
    pub fn next_request(&mut self) -> Option<Request> {
        let index = self.asked;
        if index >= self.arrived.len() {
            return None;
        }
        self.asked += 1;
        Some(self.request(index))
    }

    /// What was asked for and has not come.
    pub fn outstanding(&self) -> impl Iterator<Item = Request> + '_ {
        (0..self.asked).filter(|index| !self.arrived[*index]).map(|index| self.request(index))
    }

    /// Whether all of it is here.
    pub fn is_whole(&self) -> bool {
        self.left == 0
    }

    /// Takes data; `false` if it was not asked for.
    pub fn take(&mut self, begin: u32, data: &[u8]) -> bool {
        let Some(start) = begin.checked_sub(self.begin).map(|start| start as usize) else { return false };
        let index = start / REQUEST_BYTES as usize;
        let is_asked = index < self.asked && self.request(index).begin == begin;
        if !is_asked || self.arrived[index] || self.request(index).length as usize != data.len() {
            return false;
        }
        self.bytes[start..start + data.len()].copy_from_slice(data);
        self.arrived[index] = true;
        self.left -= 1;
        true
    }
}

/// Where units go, and how to tell whether they are right.
pub(super) struct Place<'a> {
    pub assembly: &'a Arc<Assembly>,
    pub counters: &'a Counters,
    pub proof: Proof,
}

pub(super) enum Verdict {
    Right,
    /// Others were faster.
    Late,
    Wrong,
}

impl Place<'_> {
    /// Stores a whole unit if it is right; `expected` is the SHA-1 of its piece. Blocks on the disk.
    pub fn store(&self, fetch: &Fetch, expected: Option<[u8; 20]>) -> Result<Verdict, muster_cache::Error> {
        let offset = fetch.claim.bytes().start;
        debug_assert!(offset.is_multiple_of(BLOCK_SIZE));
        if self.proof == Proof::Pieces && expected != Some(Hasher::digest(&fetch.bytes).into()) {
            return Ok(Verdict::Wrong);
        }
        let stored = self.assembly.store(offset, &fetch.bytes, Supplier::Peers, self.counters)?;
        Ok(match (stored.bad.len(), stored.fresh) {
            (1.., _) => Verdict::Wrong,
            (0, 0) => Verdict::Late,
            (0, _) => Verdict::Right,
        })
    }
}
