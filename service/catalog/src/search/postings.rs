//! For each word of a list, the packages that have it: ascending positions, each as its distance from the one before in
//! seven-bit groups (LEB128). Most distances take one byte.

use serde::{Deserialize, Serialize};

use super::bits::Bits;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Postings {
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
    /// Where each word's positions end in the bytes.
    ends: Vec<u32>,
}

impl Postings {
    /// Adds the positions of the next word, ascending and each once.
    pub fn push(&mut self, positions: &[u32]) {
        let mut next = 0;
        for position in positions {
            let mut distance = position - next;
            while distance >= 0x80 {
                self.bytes.push((distance & 0x7f) as u8 | 0x80);
                distance >>= 7;
            }
            self.bytes.push(distance as u8);
            next = position + 1;
        }
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// Adds the packages that have a word to a set.
    pub fn add_to(&self, word: usize, set: &mut Bits) {
        let (mut next, mut distance, mut shift) = (0_u32, 0_u32, 0);
        for byte in self.of(word) {
            distance |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 != 0 {
                shift += 7;
                continue;
            }
            let position = next.saturating_add(distance);
            set.insert(position);
            (next, distance, shift) = (position.saturating_add(1), 0, 0);
        }
    }

    /// How many packages have a word.
    pub fn count(&self, word: usize) -> usize {
        self.of(word).iter().filter(|byte| *byte & 0x80 == 0).count()
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn of(&self, word: usize) -> &[u8] {
        let begin = word.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(word).copied().unwrap_or(begin);
        self.bytes.get(begin as usize..end as usize).unwrap_or_default()
    }

    /// Whether the words' places are places in the bytes.
    pub fn is_sound(&self) -> bool {
        self.ends.is_sorted() && self.ends.last().map_or(0, |end| *end as usize) == self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn positions_read_back(
            words in prop::collection::vec(prop::collection::btree_set(0u32..70_000, 0..20), 0..10),
        ) {
            let mut postings = Postings::default();
            for word in &words {
                postings.push(&word.iter().copied().collect::<Vec<_>>());
            }
            prop_assert!(postings.is_sound());
            for (number, word) in words.iter().enumerate() {
                let mut set = Bits::none(70_000);
                postings.add_to(number, &mut set);
                prop_assert_eq!(set.positions().collect::<BTreeSet<_>>(), word.clone());
                prop_assert_eq!(postings.count(number), word.len());
            }
        }

        #[test]
        fn reading_is_total(bytes in prop::collection::vec(any::<u8>(), 0..40), end in 0u32..50) {
            let postings = Postings { bytes, ends: vec![end] };
            postings.add_to(0, &mut Bits::none(100));
            postings.add_to(1, &mut Bits::none(100));
        }
    }
}
