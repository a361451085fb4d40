//! Which bytes of an archive have arrived: the state machine of every 64 KiB block. Pure.
//!
//! | state    | meaning                                 | a write                   | leaves to                          |
//! |----------|-----------------------------------------|---------------------------|------------------------------------|
//! | Empty    | nothing usable                          | goes in                   | Partial                            |
//! | Partial  | some spans are there                    | goes in                   | Checking or Written, once covered  |
//! | Checking | covered, being compared with its hash   | waits                     | Verified, or Empty if it is wrong  |
//! | Verified | matches the signed block list; final    | is dropped as a duplicate | —                                  |
//! | Written  | covered, no list to compare with        | goes in again             | Empty, by `forget`                 |
//!
//! A block leaves Partial only when no write to it is in flight, so what is checked is what stays.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use crate::resume::{BLOCK_SIZE, Bits, block_count, block_length};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Empty,
    Partial,
    Checking,
    Verified,
    Written,
}

/// What a writer has to do with a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// Write it, then call [`Progress::end`].
    Write,
    /// The map on disk names this block: take that back first ([`Progress::unclaim`]), then ask again.
    Unclaim,
    /// Drop it: the block is final.
    Duplicate,
    /// Ask again after the check of this block has ended.
    Wait,
}

/// What follows a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Open,
    /// Compare the block with its hash and call [`Progress::checked`].
    Check(Writers),
}

/// Who wrote to a block at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writers {
    /// Only the write that has just ended: what it wrote is what stays, wherever it wrote.
    One,
    /// Others too; only the disk knows whose bytes stayed.
    Several,
}

/// Writes to a block that are under way.
#[derive(Clone, Copy, Debug)]
struct InFlight {
    count: u32,
    writers: Writers,
}

/// The state of all blocks of one archive.
#[derive(Debug)]
pub(crate) struct Progress {
    size: u64,
    has_list: bool,
    states: Vec<State>,
    /// Covered spans inside Partial blocks, sorted, neither touching nor overlapping.
    spans: BTreeMap<u32, Vec<Range<u32>>>,
    in_flight: HashMap<u32, InFlight>,
    /// Blocks that the map on disk claims, or is about to.
    claimed: Bits,
    complete_bytes: u64,
}

impl Progress {
    /// Nothing has arrived. `size` is at most [`crate::MAX_ARCHIVE`].
    pub fn new(size: u64, has_list: bool) -> Self {
        let count = block_count(size) as u32;
        Self {
            size,
            has_list,
            states: vec![State::Empty; count as usize],
            spans: BTreeMap::new(),
            in_flight: HashMap::new(),
            claimed: Bits::new(count),
            complete_bytes: 0,
        }
    }

    /// Takes over a block that an earlier run has written (and, with a list, that was compared with its hash).
    pub fn restore(&mut self, block: u32, is_claimed: Claimed) {
        if self.states[block as usize] == State::Empty {
            self.complete(block);
        }
        if is_claimed == Claimed::Yes {
            self.claimed.set(block);
        }
    }

    pub fn begin(&mut self, block: u32) -> Begin {
        match self.states[block as usize] {
            State::Checking => return Begin::Wait,
            State::Verified => return Begin::Duplicate,
            State::Written | State::Empty | State::Partial => {}
        }
        if self.claimed.get(block) {
            return Begin::Unclaim;
        }
        self.in_flight
            .entry(block)
            .and_modify(|flight| *flight = InFlight { count: flight.count + 1, writers: Writers::Several })
            .or_insert(InFlight { count: 1, writers: Writers::One });
        Begin::Write
    }

    /// A write has ended; `span` is what it covered inside the block, or `None` if it failed.
    pub fn end(&mut self, block: u32, span: Option<Range<u32>>) -> End {
        let mut writers = Writers::Several;
        if let Some(flight) = self.in_flight.get_mut(&block) {
            flight.count -= 1;
            writers = flight.writers;
            if flight.count == 0 {
                self.in_flight.remove(&block);
            }
        }
        if self.states[block as usize] == State::Written {
            if span.is_none() {
                self.forget(block);
            }
            return End::Open;
        }
        if let Some(span) = span.filter(|span| !span.is_empty()) {
            self.states[block as usize] = State::Partial;
            insert_span(self.spans.entry(block).or_default(), span);
        }
        let length = block_length(self.size, block) as u32;
        let covered = self.spans.get(&block).is_some_and(|spans| spans.len() == 1 && spans[0] == (0..length));
        if !covered || self.in_flight.contains_key(&block) {
            return End::Open;
        }
        self.spans.remove(&block);
        if self.has_list {
            self.states[block as usize] = State::Checking;
            return End::Check(writers);
        }
        self.complete(block);
        End::Open
    }

    /// The verdict on a block that was to be checked.
    pub fn checked(&mut self, block: u32, verdict: Verdict) {
        debug_assert_eq!(self.states[block as usize], State::Checking);
        match verdict {
            Verdict::Good => self.complete(block),
            Verdict::Bad => self.states[block as usize] = State::Empty,
        }
    }

    /// Drops what is known of a block, whatever its state; the claim on disk stays until it is taken back.
    pub fn forget(&mut self, block: u32) {
        if matches!(self.states[block as usize], State::Verified | State::Written) {
            self.complete_bytes -= block_length(self.size, block);
        }
        self.states[block as usize] = State::Empty;
        self.spans.remove(&block);
    }

    /// Marks every settled block as claimed and returns the claims; the caller syncs the data, then writes them.
    pub fn claim(&mut self) -> Bits {
        for block in 0..self.states.len() as u32 {
            let settled = matches!(self.states[block as usize], State::Verified | State::Written);
            if settled && !self.in_flight.contains_key(&block) {
                self.claimed.set(block);
            }
        }
        self.claimed.clone()
    }

    /// The claims without those on `blocks`: write them to disk, then call [`Progress::unclaim`].
    pub fn claims_without(&self, blocks: &[u32]) -> Bits {
        let mut claims = self.claimed.clone();
        blocks.iter().for_each(|block| claims.clear(*block));
        claims
    }

    /// The map on disk no longer names these blocks.
    pub fn unclaim(&mut self, blocks: &[u32]) {
        blocks.iter().for_each(|block| self.claimed.clear(*block));
    }

    pub fn is_idle(&self) -> bool {
        self.in_flight.is_empty() && !self.states.contains(&State::Checking)
    }

    /// Whether a block is complete.
    pub fn is_settled(&self, block: u32) -> bool {
        matches!(self.states[block as usize], State::Verified | State::Written)
    }

    /// Whether a write to this block or its check is under way.
    pub fn is_busy(&self, block: u32) -> bool {
        self.in_flight.contains_key(&block) || self.states[block as usize] == State::Checking
    }

    /// Bytes in blocks that are complete.
    pub fn complete_bytes(&self) -> u64 {
        self.complete_bytes
    }

    pub fn is_complete(&self) -> bool {
        self.complete_bytes == self.size
    }

    /// Where the complete blocks end that begin at this byte, which is the start of one or inside of one.
    pub fn complete_from(&self, offset: u64) -> u64 {
        let first = (offset / BLOCK_SIZE) as usize;
        let run = self.states.iter().skip(first);
        let count = run.take_while(|state| matches!(state, State::Verified | State::Written)).count();
        ((first + count) as u64 * BLOCK_SIZE).min(self.size).max(offset)
    }

    /// Byte ranges of the archive that have arrived, sorted; without a list they are unproven.
    pub fn have(&self) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        let mut push = |range: Range<u64>| match ranges.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => ranges.push(range),
        };
        for (block, state) in self.states.iter().enumerate() {
            let start = block as u64 * BLOCK_SIZE;
            match state {
                State::Verified | State::Written => {
                    push(start..start + block_length(self.size, block as u32))
                }
                State::Partial => {
                    for span in self.spans.get(&(block as u32)).into_iter().flatten() {
                        push(start + u64::from(span.start)..start + u64::from(span.end));
                    }
                }
                State::Empty | State::Checking => {}
            }
        }
        ranges
    }

    fn complete(&mut self, block: u32) {
        self.states[block as usize] = if self.has_list { State::Verified } else { State::Written };
        self.complete_bytes += block_length(self.size, block);
    }
}

/// Whether the map on disk already names a restored block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claimed {
    Yes,
    No,
}

/// Whether a block is what the signed list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Good,
    Bad,
}

/// Adds a span, joining what it touches.
fn insert_span(spans: &mut Vec<Range<u32>>, mut span: Range<u32>) {
    let first = spans.partition_point(|other| other.end < span.start);
    let last = spans.partition_point(|other| other.start <= span.end);
    if first < last {
        span.start = span.start.min(spans[first].start);
        span.end = span.end.max(spans[last - 1].end);
    }
    spans.splice(first..last, [span]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: u64 = 2 * BLOCK_SIZE + 100;

    proptest! {
        #[test]
        fn spans_cover_exactly_what_was_inserted(pieces in prop::collection::vec((0u32..200, 1u32..40), 0..40)) {
            let mut spans = Vec::new();
            let mut naive = vec![false; 300];
            for (start, length) in pieces {
                insert_span(&mut spans, start..start + length);
                naive[start as usize..(start + length) as usize].fill(true);
            }
            let mut covered = vec![false; 300];
            for span in &spans {
                covered[span.start as usize..span.end as usize].fill(true);
            }
            prop_assert_eq!(covered, naive);
            prop_assert!(spans.windows(2).all(|pair| pair[0].end < pair[1].start));
        }

        /// Any order of interleaved writes with good and bad bytes: what counts as complete was checked as good,
        /// claims are a subset of it, and the counters agree with the states.
        #[test]
        fn only_checked_blocks_are_complete(steps in prop::collection::vec((0u32..3, 0u32..4, any::<bool>(), 0u8..6), 0..200)) {
            let mut progress = Progress::new(SIZE, true);
            let mut good = [false; 3];
            let mut overlapped = [false; 3];
            let mut open: Vec<(u32, u32)> = Vec::new();
            for (block, quarter, is_good, action) in steps {
                match action {
                    0..3 => {
                        let answer = progress.begin(block);
                        prop_assert_eq!(answer == Begin::Duplicate, good[block as usize]);
                        if answer == Begin::Unclaim {
                            prop_assert!(false, "a checked block is final");
                        }
                        if answer == Begin::Write {
                            overlapped[block as usize] = open.iter().any(|(other, _)| *other == block);
                            open.push((block, quarter));
                        }
                    }
                    3..5 if !open.is_empty() => {
                        let (block, quarter) = open.remove(quarter as usize % open.len());
                        let length = block_length(SIZE, block) as u32;
                        let span = quarter * length / 4..(quarter + 1) * length / 4;
                        if let End::Check(writers) = progress.end(block, is_good.then_some(span)) {
                            prop_assert!(writers == Writers::Several || !overlapped[block as usize]);
                            prop_assert!(open.iter().all(|(other, _)| *other != block), "checked under a writer");
                            progress.checked(block, if quarter == 0 { Verdict::Bad } else { Verdict::Good });
                            good[block as usize] = quarter != 0;
                        }
                    }
                    _ => {
                        let claims: Vec<u32> = progress.claim().ones().collect();
                        prop_assert!(claims.iter().all(|block| good[*block as usize]));
                    }
                }
            }
            let sum: u64 = (0..3).filter(|b| good[*b as usize]).map(|b| block_length(SIZE, b)).sum();
            prop_assert_eq!(progress.complete_bytes(), sum);
        }
    }

    #[test]
    fn an_overwrite_takes_back_the_claim_first() {
        let mut progress = Progress::new(SIZE, false);
        assert_eq!(progress.begin(2), Begin::Write);
        assert_eq!(progress.end(2, Some(0..100)), End::Open);
        assert_eq!(progress.claim().ones().collect::<Vec<_>>(), [2]);
        assert_eq!(progress.begin(2), Begin::Unclaim);
        assert_eq!(progress.claims_without(&[2]).ones().count(), 0);
        progress.unclaim(&[2]);
        assert_eq!(progress.begin(2), Begin::Write);
        assert_eq!(progress.claim().ones().count(), 0, "a block under a writer is not claimed");
        progress.end(2, Some(0..100));
        assert_eq!(progress.claim().ones().count(), 1);
        assert_eq!(progress.have().first(), Some(&(2 * BLOCK_SIZE..SIZE)));
    }
}
