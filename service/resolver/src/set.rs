//! Exact sets of the known versions of one package, by index.
//!
//! Finite, or everything but a finite set. PubGrub starts from finite sets, so whether one is empty is always exact.

use std::fmt;

use pubgrub::VersionSet;

/// A set of version indexes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) struct Set {
    /// The members are those that are *not* listed.
    inverted: bool,
    /// One bit per index, without trailing zero words.
    words: Vec<u64>,
}

impl Set {
    pub fn insert(&mut self, index: u32) {
        debug_assert!(!self.inverted);
        let word = index as usize / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (index % 64);
    }

    pub fn is_empty(&self) -> bool {
        !self.inverted && self.words.is_empty()
    }

    /// The members below `count`.
    pub fn members(&self, count: u32) -> impl DoubleEndedIterator<Item = u32> + '_ {
        (0..count).filter(|index| self.contains(index))
    }

    /// Number of members of a finite set.
    pub fn len(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    fn combine(&self, other: &Self, inverted: bool, operation: impl Fn(u64, u64) -> u64) -> Self {
        let word = |words: &[u64], index: usize| words.get(index).copied().unwrap_or(0);
        let length = self.words.len().max(other.words.len());
        let mut words: Vec<u64> =
            (0..length).map(|index| operation(word(&self.words, index), word(&other.words, index))).collect();
        while words.last() == Some(&0) {
            words.pop();
        }
        Self { inverted, words }
    }
}

impl FromIterator<u32> for Set {
    fn from_iter<T: IntoIterator<Item = u32>>(indexes: T) -> Self {
        let mut set = Self::default();
        indexes.into_iter().for_each(|index| set.insert(index));
        set
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:x?}", if self.inverted { "not " } else { "" }, self.words)
    }
}

impl VersionSet for Set {
    type V = u32;

    fn empty() -> Self {
        Self::default()
    }

    fn singleton(version: u32) -> Self {
        Self::from_iter([version])
    }

    fn complement(&self) -> Self {
        Self { inverted: !self.inverted, words: self.words.clone() }
    }

    fn intersection(&self, other: &Self) -> Self {
        match (self.inverted, other.inverted) {
            (false, false) => self.combine(other, false, |a, b| a & b),
            (false, true) => self.combine(other, false, |a, b| a & !b),
            (true, false) => self.combine(other, false, |a, b| !a & b),
            (true, true) => self.combine(other, true, |a, b| a | b),
        }
    }

    fn contains(&self, version: &u32) -> bool {
        let listed =
            self.words.get(*version as usize / 64).is_some_and(|word| word & (1 << (version % 64)) != 0);
        listed != self.inverted
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sets() -> impl Strategy<Value = Set> {
        (prop::collection::vec(0u32..150, 0..10), any::<bool>()).prop_map(|(members, inverted)| {
            let set: Set = members.into_iter().collect();
            if inverted { set.complement() } else { set }
        })
    }

    proptest! {
        #[test]
        fn operations_agree_with_membership(a in sets(), b in sets(), probe in 0u32..200) {
            let both = a.contains(&probe) && b.contains(&probe);
            prop_assert_eq!(a.intersection(&b).contains(&probe), both);
            prop_assert_eq!(a.union(&b).contains(&probe), a.contains(&probe) || b.contains(&probe));
            prop_assert_eq!(a.complement().contains(&probe), !a.contains(&probe));
        }

        #[test]
        fn equal_members_mean_equal_sets(a in sets(), b in sets()) {
            let same = (0..400).all(|probe| a.contains(&probe) == b.contains(&probe));
            prop_assert_eq!(same, a == b);
            prop_assert_eq!(a.intersection(&a.complement()), Set::empty());
        }
    }
}
