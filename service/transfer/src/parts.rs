//! Which bytes of blocks that are not whole are known already, so that servers need not send them again. Pure.
//!
//! Such bytes are in the unfinished file but nothing proves them until their block is whole: then the block list does.

use std::{collections::BTreeMap, ops::Range};

/// A request costs about as much as this many bytes: shorter known stretches between missing ones are fetched again.
const WORTH_A_REQUEST: u64 = 2 * 1024;

/// Known bytes, in runs that neither touch nor overlap.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// Ends by beginnings.
    runs: BTreeMap<u64, u64>,
}

/// A stretch of a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stretch {
    Known(Range<u64>),
    Missing(Range<u64>),
}

impl Parts {
    /// These bytes are known from now on.
    pub fn note(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        let Range { mut start, mut end } = range;
        while let Some((&before, &its_end)) = self.runs.range(..=end).next_back()
            && its_end >= start
        {
            self.runs.remove(&before);
            (start, end) = (start.min(before), end.max(its_end));
        }
        self.runs.insert(start, end);
    }

    /// Nothing is known of these bytes any more.
    pub fn forget(&mut self, range: Range<u64>) {
        // Nothing would part the halves of a run: they would be joined, and cut, for ever.
        if range.is_empty() {
            return;
        }
        while let Some((&start, &end)) = self.runs.range(..range.end).next_back()
            && end > range.start
        {
            self.runs.remove(&start);
            self.note(range.end..end.max(range.end));
            self.note(start..range.start.max(start));
        }
    }

    /// Known bytes of a range.
    pub fn known(&self, range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
        let before = self.runs.range(..range.start).next_back();
        let runs = before.into_iter().chain(self.runs.range(range.start..range.end));
        runs.map(move |(&start, &end)| start.max(range.start)..end.min(range.end))
            .filter(|run| !run.is_empty())
    }

    /// A range in stretches that follow each other and fill it: what has to be fetched, and what is known and worth
    /// leaving out. Known bytes at its ends always are.
    pub fn stretches(&self, range: Range<u64>) -> Vec<Stretch> {
        let (mut stretches, mut at) = (Vec::new(), range.start);
        for known in self.known(range.clone()) {
            let is_inside = known.start > range.start && known.end < range.end;
            if is_inside && known.end - known.start < WORTH_A_REQUEST {
                continue;
            }
            if known.start > at {
                stretches.push(Stretch::Missing(at..known.start));
            }
            at = known.end;
            stretches.push(Stretch::Known(known));
        }
        if at < range.end {
            stretches.push(Stretch::Missing(at..range.end));
        }
        stretches
    }

    /// Bytes of a range that have to be fetched.
    pub fn to_fetch(&self, range: Range<u64>) -> u64 {
        let length = |stretch: Stretch| match stretch {
            Stretch::Known(_) => 0,
            Stretch::Missing(missing) => missing.end - missing.start,
        };
        self.stretches(range).into_iter().map(length).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: u64 = 40_000;

    fn ranges() -> impl Strategy<Value = Vec<(bool, Range<u64>)>> {
        let length = prop_oneof![1 => Just(0), 9 => 0u64..9_000];
        let range = (any::<bool>(), 0..SIZE, length)
            .prop_map(|(is_known, start, length)| (is_known, start..(start + length).min(SIZE)));
        prop::collection::vec(range, 0..20)
    }

    proptest! {
        #[test]
        fn stretches_fill_the_range_and_leave_out_only_what_is_known(changes in ranges(), start in 0..SIZE, length in 0..SIZE) {
            let (mut parts, mut known) = (Parts::default(), vec![false; SIZE as usize]);
            for (is_known, range) in changes {
                known[range.start as usize..range.end as usize].fill(is_known);
                if is_known { parts.note(range) } else { parts.forget(range) }
            }
            let runs: Vec<_> = parts.runs.iter().map(|(start, end)| *start..*end).collect();
            prop_assert!(runs.iter().all(|run| !run.is_empty()));
            prop_assert!(runs.is_sorted_by(|a, b| a.end < b.start), "runs are apart: {runs:?}");
            let range = start..(start + length).min(SIZE);
            let mut at = range.start;
            for stretch in parts.stretches(range.clone()) {
                let (is_left_out, stretch) = match stretch {
                    Stretch::Known(known) => (true, known),
                    Stretch::Missing(missing) => (false, missing),
                };
                prop_assert!(stretch.start == at && stretch.end > at);
                at = stretch.end;
                let bytes = &known[stretch.start as usize..stretch.end as usize];
                if is_left_out {
                    prop_assert!(bytes.iter().all(|known| *known));
                } else {
                    prop_assert!(!bytes[0] && !bytes[bytes.len() - 1], "no known byte at an end is fetched");
                    let longest = bytes.split(|known| !*known).map(<[bool]>::len).max();
                    prop_assert!(longest < Some(WORTH_A_REQUEST as usize));
                }
            }
            prop_assert_eq!(at, range.end.max(range.start));
        }
    }
}
