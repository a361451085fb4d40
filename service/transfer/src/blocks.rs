//! Who fetches which 64 KiB block of an archive: the one map that servers and peers share. Pure.
//!
//! | block   | meaning                          | leaves to                                        |
//! |---------|----------------------------------|--------------------------------------------------|
//! | Missing | nobody fetches it                | Claimed, Here                                    |
//! | Claimed | one source, or near the end two  | Here, Missing (the last source gave it back)     |
//! | Here    | stored                           | Missing (the finished file was wrong there)      |
//!
//! Blocks are grouped into BitTorrent pieces, so that a picker can ask for a piece at once. Invariants: a block that is
//! here is never claimed; `free` of a piece is the number of its missing blocks.

use std::ops::Range;

use muster_cache::{BLOCK_SIZE, block_count};

/// Sources that may fetch the same block at the end.
pub(crate) const MAX_OWNERS: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Missing,
    Claimed { owners: u8 },
    Here,
}

/// The state of every block of one archive.
#[derive(Clone, Debug)]
pub(crate) struct BlockMap {
    size: u64,
    blocks: Vec<Block>,
    /// Blocks in a piece.
    group: usize,
    /// Missing blocks of every piece.
    free: Vec<u16>,
    missing_bytes: u64,
}

impl BlockMap {
    /// Nothing is here. `piece_length` is a multiple of a block, or `None` without a torrent.
    pub fn new(size: u64, piece_length: Option<u32>) -> Self {
        let count = block_count(size) as usize;
        let group = piece_length.map_or(1, |length| (u64::from(length) / BLOCK_SIZE).max(1) as usize);
        let free =
            (0..count.div_ceil(group)).map(|piece| (count - piece * group).min(group) as u16).collect();
        Self { size, blocks: vec![Block::Missing; count], group, free, missing_bytes: size }
    }

    /// Number of blocks.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Bytes of blocks that are not here.
    pub fn missing_bytes(&self) -> u64 {
        self.missing_bytes
    }

    /// Blocks that nobody fetches.
    pub fn free_blocks(&self) -> usize {
        self.free.iter().map(|free| usize::from(*free)).sum()
    }

    /// Number of pieces.
    pub fn pieces(&self) -> usize {
        self.free.len()
    }

    /// Blocks of a piece.
    pub fn piece(&self, piece: usize) -> Range<usize> {
        let start = piece * self.group;
        start..(start + self.group).min(self.blocks.len())
    }

    /// The piece that a block lies in.
    #[cfg(test)]
    pub fn piece_of(&self, block: usize) -> usize {
        block / self.group
    }

    /// Missing blocks of a piece.
    pub fn free(&self, piece: usize) -> usize {
        usize::from(self.free[piece])
    }

    /// Bytes of the archive in these blocks.
    pub fn bytes(&self, blocks: &Range<usize>) -> Range<u64> {
        blocks.start as u64 * BLOCK_SIZE..(blocks.end as u64 * BLOCK_SIZE).min(self.size)
    }

    pub fn is_here(&self, block: usize) -> bool {
        self.blocks[block] == Block::Here
    }

    pub fn is_missing(&self, block: usize) -> bool {
        self.blocks[block] == Block::Missing
    }

    /// How many fetch it now.
    pub fn owners(&self, block: usize) -> u8 {
        match self.blocks[block] {
            Block::Claimed { owners } => owners,
            Block::Missing | Block::Here => 0,
        }
    }

    /// Whether all of these blocks are here.
    pub fn all_here(&self, blocks: Range<usize>) -> bool {
        self.blocks[blocks].iter().all(|block| *block == Block::Here)
    }

    /// One more source fetches these blocks; those that are here are left alone.
    pub fn claim(&mut self, blocks: Range<usize>) {
        for index in blocks {
            match &mut self.blocks[index] {
                Block::Missing => {
                    self.blocks[index] = Block::Claimed { owners: 1 };
                    self.free[index / self.group] -= 1;
                }
                Block::Claimed { owners } => *owners = owners.saturating_add(1),
                Block::Here => {}
            }
        }
    }

    /// A source no longer fetches these blocks. Says whether some are free now.
    pub fn release(&mut self, blocks: Range<usize>) -> bool {
        let mut is_freed = false;
        for index in blocks {
            if let Block::Claimed { owners } = &mut self.blocks[index] {
                *owners -= 1;
                if *owners == 0 {
                    self.blocks[index] = Block::Missing;
                    self.free[index / self.group] += 1;
                    is_freed = true;
                }
            }
        }
        is_freed
    }

    /// A block was stored. Says whether it was not here before.
    pub fn arrived(&mut self, block: usize) -> bool {
        match self.blocks[block] {
            Block::Here => return false,
            Block::Missing => self.free[block / self.group] -= 1,
            Block::Claimed { .. } => {}
        }
        self.blocks[block] = Block::Here;
        self.missing_bytes -= self.length(block);
        true
    }

    /// A block that was here turned out to be wrong.
    pub fn lost(&mut self, block: usize) {
        if self.blocks.get(block) == Some(&Block::Here) {
            self.blocks[block] = Block::Missing;
            self.free[block / self.group] += 1;
            self.missing_bytes += self.length(block);
        }
    }

    /// The first run of missing blocks at or after `from`, going round the end, of at most `limit` blocks.
    pub fn run_from(&self, from: usize, limit: usize) -> Option<Range<usize>> {
        let count = self.blocks.len();
        let first = (from..count).chain(0..from.min(count)).find(|index| self.is_missing(*index))?;
        let length = self.blocks[first..].iter().take(limit).take_while(|b| **b == Block::Missing).count();
        Some(first..first + length)
    }

    /// Blocks that one slow source fetches and a second may fetch too: the first run of such.
    pub fn run_of_claimed(&self, limit: usize) -> Option<Range<usize>> {
        let is_single = |block: &Block| matches!(block, Block::Claimed { owners } if *owners < MAX_OWNERS);
        let first = self.blocks.iter().position(is_single)?;
        let length = self.blocks[first..].iter().take(limit).take_while(|block| is_single(block)).count();
        Some(first..first + length)
    }

    fn length(&self, block: usize) -> u64 {
        let start = block as u64 * BLOCK_SIZE;
        BLOCK_SIZE.min(self.size - start)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        Claim(usize, usize),
        Release(usize),
        Arrived(usize),
        Lost(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0usize..40, 1usize..6).prop_map(|(at, length)| Step::Claim(at, length)),
            (0usize..10).prop_map(Step::Release),
            (0usize..40).prop_map(Step::Arrived),
            (0usize..40).prop_map(Step::Lost),
        ];
        prop::collection::vec(step, 0..80)
    }

    proptest! {
        #[test]
        fn counts_always_match_the_blocks(size in 1u64..2_600_000, group in 0u32..4, steps in steps()) {
            let mut map = BlockMap::new(size, Some(65_536 << group));
            let mut claims: Vec<Range<usize>> = Vec::new();
            for step in steps {
                match step {
                    Step::Claim(at, length) if at < map.len() => {
                        let blocks = at..(at + length).min(map.len());
                        if blocks.clone().all(|block| map.owners(block) < MAX_OWNERS) {
                            map.claim(blocks.clone());
                            // What was here is not ours to give back.
                            claims.push(blocks);
                        }
                    }
                    Step::Release(at) if !claims.is_empty() => {
                        let index = at % claims.len();
                        let blocks = claims.swap_remove(index);
                        let still: Vec<usize> = blocks.filter(|block| map.owners(*block) > 0).collect();
                        for block in still {
                            let is_freed = map.release(block..block + 1);
                            prop_assert_eq!(is_freed, map.is_missing(block));
                        }
                    }
                    Step::Arrived(at) if at < map.len() => {
                        let was_here = map.is_here(at);
                        prop_assert_eq!(map.arrived(at), !was_here);
                    }
                    Step::Lost(at) if at < map.len() => map.lost(at),
                    _ => {}
                }
                let missing: u64 = (0..map.len()).filter(|block| !map.is_here(*block)).map(|b| map.length(b)).sum();
                prop_assert_eq!(map.missing_bytes(), missing);
                for piece in 0..map.pieces() {
                    let free = map.piece(piece).filter(|block| map.is_missing(*block)).count();
                    prop_assert_eq!(map.free(piece), free);
                }
                if let Some(run) = map.run_from(7, 5) {
                    prop_assert!(run.len() <= 5 && run.clone().all(|block| map.is_missing(block)));
                } else {
                    prop_assert_eq!(map.free_blocks(), 0);
                }
            }
        }
    }
}
