//! Which piece to ask a peer for next: rarest first, ties in a random order of our own, started pieces before new ones. Pure.
//!
//! Where no piece is rarer than another, everybody connected has the same: then the order is one after the other from a
//! random piece in the last quarter on, and round. So those who begin at the same time begin apart, and most of the
//! archive is here from its start on, where it can be hashed while the rest comes.
//!
//! A unit is what one peer is asked for and what is proven at once: a 64 KiB block where a signed list tells right from
//! wrong, else a whole piece (its SHA-1 is in the torrent). A unit comes from one peer, so a wrong one names its sender.
//! Near the end, when everything is being fetched, a unit may be asked of a second, faster peer (BEP 3 calls it endgame).

use std::ops::Range;

use super::bits::Bits;
use crate::blocks::{BlockMap, MAX_OWNERS};

/// Pieces left at which a second source is asked for what another is already sending.
pub(crate) const ENDGAME_PIECES: u64 = 5;

/// What is proven at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The signed list of 64 KiB blocks.
    Blocks,
    /// The torrent's pieces.
    Pieces,
}

/// Availability of all pieces, and the order among equals.
#[derive(Clone, Debug)]
pub(crate) struct Picker {
    proof: Proof,
    /// Connected peers that have a piece.
    availability: Vec<u16>,
    seed: u64,
}

impl Picker {
    pub fn new(pieces: usize, proof: Proof, seed: u64) -> Self {
        Self { proof, availability: vec![0; pieces], seed }
    }

    /// A peer joined with these pieces.
    #[cfg(test)]
    pub fn joined(&mut self, have: &Bits) {
        have.ones().for_each(|piece| self.availability[piece] = self.availability[piece].saturating_add(1));
    }

    /// A peer with these pieces left.
    pub fn left(&mut self, have: &Bits) {
        have.ones().for_each(|piece| self.availability[piece] = self.availability[piece].saturating_sub(1));
    }

    /// A peer got a piece.
    pub fn gained(&mut self, piece: usize) {
        self.availability[piece] = self.availability[piece].saturating_add(1);
    }

    /// The next unit for a peer that has these pieces, as blocks; does not claim it. `last` is the piece it was asked for
    /// before, which is gone on with.
    pub fn pick(&self, have: &Bits, last: Option<usize>, map: &BlockMap) -> Option<Range<usize>> {
        if let Some(unit) = last.filter(|piece| have.get(*piece)).and_then(|piece| self.unit_in(piece, map)) {
            return Some(unit);
        }
        let candidates = have.ones().filter(|piece| map.free(*piece) > 0);
        let is_level = self.is_level();
        let best = candidates.min_by_key(|piece| self.rank(*piece, map, is_level.then(|| self.start())))?;
        self.unit_in(best, map)
    }

    /// The missing piece that fewest connected peers have: where servers, who have everything, help most.
    pub fn rarest_missing(&self, map: &BlockMap) -> Option<usize> {
        let missing = (0..map.pieces()).filter(|piece| map.free(*piece) > 0);
        missing.min_by_key(|piece| (self.availability[*piece], mix(*piece as u64 ^ self.seed)))
    }

    /// Near the end: a unit that another source is fetching, and this one is not (`mine`).
    pub fn pick_again(
        &self,
        have: &Bits,
        map: &BlockMap,
        mine: impl Fn(&Range<usize>) -> bool,
    ) -> Option<Range<usize>> {
        if map.free_blocks() > 0 || !self.is_endgame(map) {
            return None;
        }
        let mut candidates: Vec<usize> =
            have.ones().filter(|piece| !map.all_here(map.piece(*piece))).collect();
        candidates.sort_by_key(|piece| mix(*piece as u64 ^ self.seed));
        let units = candidates.into_iter().flat_map(|piece| self.units_of(piece, map));
        units.into_iter().find(|unit| {
            let owners = unit.clone().map(|block| map.owners(block)).max().unwrap_or(0);
            owners > 0 && owners < MAX_OWNERS && !mine(unit)
        })
    }

    /// Whether so little is left that asking twice is worth it.
    pub fn is_endgame(&self, map: &BlockMap) -> bool {
        let piece = map.bytes(&map.piece(0));
        map.missing_bytes() <= ENDGAME_PIECES * (piece.end - piece.start)
    }

    /// The first unit of a piece that can be claimed.
    fn unit_in(&self, piece: usize, map: &BlockMap) -> Option<Range<usize>> {
        let blocks = map.piece(piece);
        match self.proof {
            Proof::Blocks => {
                blocks.into_iter().find(|block| map.is_missing(*block)).map(|block| block..block + 1)
            }
            Proof::Pieces => {
                let is_free = map.free(piece) > 0 && blocks.clone().all(|block| map.owners(block) == 0);
                is_free.then_some(blocks)
            }
        }
    }

    fn units_of(&self, piece: usize, map: &BlockMap) -> Vec<Range<usize>> {
        let blocks = map.piece(piece);
        match self.proof {
            Proof::Blocks => {
                blocks.filter(|block| !map.is_here(*block)).map(|block| block..block + 1).collect()
            }
            Proof::Pieces => vec![blocks],
        }
    }

    /// Smaller goes first: started, rare, then after `start` and round, else by our own dice.
    fn rank(&self, piece: usize, map: &BlockMap, start: Option<usize>) -> (bool, u16, u64) {
        let is_new = map.free(piece) == map.piece(piece).len();
        let place = match start {
            Some(start) => ((piece + self.availability.len() - start) % self.availability.len()) as u64,
            None => mix(piece as u64 ^ self.seed),
        };
        (is_new, self.availability[piece], place)
    }

    /// Whether no piece is rarer than another.
    fn is_level(&self) -> bool {
        self.availability.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// A piece in the last quarter, by our own dice.
    fn start(&self) -> usize {
        let pieces = self.availability.len();
        let quarter = (pieces / 4).max(1);
        pieces - 1 - (mix(self.seed) % quarter as u64) as usize
    }
}

/// Spreads numbers evenly (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
pub(crate) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PIECE: u32 = 262_144;
    const SIZE: u64 = 10_000_000;

    fn full(pieces: usize) -> Bits {
        Bits::full(pieces)
    }

    fn map() -> BlockMap {
        BlockMap::new(SIZE, Some(PIECE))
    }

    #[test]
    fn takes_the_rarest_first() {
        let map = map();
        let mut picker = Picker::new(map.pieces(), Proof::Blocks, 1);
        let everything = full(map.pieces());
        picker.joined(&everything);
        for piece in (0..map.pieces()).filter(|piece| *piece != 17) {
            picker.gained(piece);
        }
        let unit = picker.pick(&everything, None, &map).expect("there is one");
        assert_eq!(map.piece_of(unit.start), 17);
        assert_eq!(picker.rarest_missing(&map), Some(17));
    }

    #[test]
    fn where_nothing_is_rare_the_end_comes_first_and_then_all_from_the_start() {
        let map = map();
        let everything = full(map.pieces());
        let mut picker = Picker::new(map.pieces(), Proof::Blocks, 7);
        picker.joined(&everything);
        let order = order(&picker, &everything);
        let first = order[0];
        assert!(
            (map.pieces() * 3 / 4 - 1..map.pieces()).contains(&first),
            "{first} is not in the last quarter"
        );
        let expected: Vec<usize> = (first..map.pieces()).chain(0..first).collect();
        assert_eq!(order, expected);
        picker.gained(3);
        assert_ne!(self::order(&picker, &everything), expected, "among others who fetch, dice decide");
    }

    /// The pieces in the order in which one peer is asked for them.
    fn order(picker: &Picker, have: &Bits) -> Vec<usize> {
        let mut map = map();
        let (mut last, mut order) = (None, Vec::new());
        while let Some(unit) = picker.pick(have, last, &map) {
            let piece = map.piece_of(unit.start);
            map.claim(unit);
            if last != Some(piece) {
                order.push(piece);
            }
            last = Some(piece);
        }
        order
    }

    #[test]
    fn two_of_us_begin_in_different_places_and_end_started_pieces_first() {
        let map = map();
        let everything = full(map.pieces());
        let orders: Vec<Vec<usize>> = [1, 2]
            .into_iter()
            .map(|seed| order(&Picker::new(map.pieces(), Proof::Blocks, seed), &everything))
            .collect();
        assert_eq!(orders[0].len(), map.pieces(), "every piece is begun once and gone on with to its end");
        assert_ne!(orders[0], orders[1]);
    }

    proptest! {
        #[test]
        fn gives_only_what_the_peer_has_and_nobody_fetches(
            seed: u64, have in prop::collection::vec(any::<bool>(), 39), here in prop::collection::vec(any::<bool>(), 153),
            by_piece: bool,
        ) {
            let mut map = map();
            prop_assert_eq!((map.pieces(), map.len()), (39, 153));
            for (block, _) in here.iter().enumerate().filter(|(_, is_here)| **is_here) {
                map.arrived(block);
            }
            let mut bits = Bits::empty(39);
            for (piece, _) in have.iter().enumerate().filter(|(_, has)| **has) {
                bits.set(piece);
            }
            let proof = if by_piece { Proof::Pieces } else { Proof::Blocks };
            let picker = Picker::new(39, proof, seed);
            let mut taken = 0;
            while let Some(unit) = picker.pick(&bits, None, &map) {
                prop_assert!(bits.get(map.piece_of(unit.start)));
                if proof == Proof::Blocks {
                    prop_assert!(map.is_missing(unit.start) && unit.len() == 1);
                }
                map.claim(unit);
                taken += 1;
                prop_assert!(taken <= 153);
            }
            for piece in bits.ones() {
                prop_assert_eq!(map.free(piece), 0, "what it has is asked for");
            }
        }

        #[test]
        fn a_second_source_is_asked_only_near_the_end(seed: u64, left in 1usize..40, mine: bool) {
            let mut map = map();
            let everything = full(map.pieces());
            let picker = Picker::new(map.pieces(), Proof::Blocks, seed);
            for block in left..map.len() {
                map.arrived(block);
            }
            prop_assert_eq!(picker.pick_again(&everything, &map, |_| false), None, "something is still free");
            map.claim(0..left);
            let again = picker.pick_again(&everything, &map, |_| mine);
            prop_assert_eq!(again.is_some(), !mine && left <= 20);
            if let Some(unit) = again {
                map.claim(unit.clone());
                prop_assert_eq!(map.owners(unit.start), 2);
                prop_assert_ne!(picker.pick_again(&everything, &map, |_| false), Some(unit), "never a third");
            }
        }
    }
}
