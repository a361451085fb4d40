//! Sets of packages by their position in the index: dense for working with, sparse where a value is rare.

use serde::{Deserialize, Serialize};

/// A set of positions below a fixed number, one bit each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// No position of `length`.
    pub fn none(length: usize) -> Self {
        Self(vec![0; length.div_ceil(64)])
    }

    /// Every position of `length`.
    pub fn all(length: usize) -> Self {
        let mut words = vec![u64::MAX; length.div_ceil(64)];
        if let Some(last) = words.last_mut()
            && !length.is_multiple_of(64)
        {
            *last = (1 << (length % 64)) - 1;
        }
        Self(words)
    }

    pub fn insert(&mut self, position: u32) {
        if let Some(word) = self.0.get_mut(position as usize / 64) {
            *word |= 1 << (position % 64);
        }
    }

    pub fn remove(&mut self, position: u32) {
        if let Some(word) = self.0.get_mut(position as usize / 64) {
            *word &= !(1 << (position % 64));
        }
    }

    pub fn has(&self, position: u32) -> bool {
        self.0.get(position as usize / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
    }

    pub fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    pub fn and_not(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }

    pub fn or(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Whether it is a set of positions below `length`.
    pub fn is_of(&self, length: usize) -> bool {
        let beyond =
            self.0.last().is_some_and(|last| !length.is_multiple_of(64) && last >> (length % 64) != 0);
        self.0.len() == length.div_ceil(64) && !beyond
    }

    /// The positions, ascending.
    pub fn positions(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().zip(0u32..).flat_map(|(word, index)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }
}

/// The packages that have one facet value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Members {
    /// Ascending positions.
    Few(Vec<u32>),
    Many(Bits),
}

impl Members {
    /// Picks the smaller form of two.
    pub fn new(positions: Vec<u32>, length: usize) -> Self {
        if positions.len() < length / 32 {
            return Self::Few(positions);
        }
        let mut bits = Bits::none(length);
        positions.into_iter().for_each(|position| bits.insert(position));
        Self::Many(bits)
    }

    /// Whether they are positions below `length`, in their order.
    pub fn are_of(&self, length: usize) -> bool {
        match self {
            Self::Few(positions) => {
                positions.is_sorted() && positions.last().is_none_or(|last| (*last as usize) < length)
            }
            Self::Many(bits) => bits.is_of(length),
        }
    }

    /// How many of them are in `others`.
    pub fn count_in(&self, others: &Bits) -> usize {
        match self {
            Self::Few(positions) => positions.iter().filter(|position| others.has(**position)).count(),
            Self::Many(bits) => {
                bits.0.iter().zip(&others.0).map(|(a, b)| (a & b).count_ones() as usize).sum()
            }
        }
    }

    /// Adds them to `others`.
    pub fn add_to(&self, others: &mut Bits) {
        match self {
            Self::Few(positions) => positions.iter().for_each(|position| others.insert(*position)),
            Self::Many(bits) => others.or(bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn bits(positions: &BTreeSet<u32>) -> Bits {
        let mut bits = Bits::none(200);
        positions.iter().for_each(|position| bits.insert(*position));
        bits
    }

    proptest! {
        #[test]
        fn sets_behave_as_sets(
            a in proptest::collection::btree_set(0u32..200, 0..50),
            b in proptest::collection::btree_set(0u32..200, 0..50),
        ) {
            let (mut and, mut or, mut not) = (bits(&a), bits(&a), bits(&a));
            and.and(&bits(&b));
            or.or(&bits(&b));
            not.and_not(&bits(&b));
            prop_assert_eq!(and.positions().collect::<BTreeSet<_>>(), &a & &b);
            prop_assert_eq!(or.positions().collect::<BTreeSet<_>>(), &a | &b);
            prop_assert_eq!(not.positions().collect::<BTreeSet<_>>(), &a - &b);

            for length in [200, 200_000] {
                let members = Members::new(a.iter().copied().collect(), length);
                prop_assert_eq!(members.count_in(&bits(&b)), (&a & &b).len());
                let mut added = bits(&b);
                members.add_to(&mut added);
                prop_assert_eq!(added.positions().collect::<BTreeSet<_>>(), &a | &b);
            }
        }

        #[test]
        fn all_has_exactly_its_length(length in 0usize..300) {
            prop_assert_eq!(Bits::all(length).positions().count(), length);
            prop_assert_eq!(Bits::none(length).is_empty(), true);
        }
    }
}
