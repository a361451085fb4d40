//! Which words a mistyped one could be. Pure.

/// How many letters may be wrong in a word of this many letters.
pub(crate) fn allowed_errors(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    }
}

/// A word as it was typed, to be compared with many.
pub(crate) struct Typed {
    word: Vec<char>,
    letters: u64,
    allowed: usize,
    still_typing: bool,
    candidate: Vec<char>,
    /// The row before the one above, the one above, and the one that is worked out.
    rows: [Vec<usize>; 3],
}

/// The letters of a word as a set, some letters sharing a bit.
pub(crate) fn letters_of(word: &str) -> u64 {
    word.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) % 64))
}

impl Typed {
    /// With how many errors it may have, and whether more letters may follow.
    pub fn new(word: &str, allowed: usize, still_typing: bool) -> Self {
        let (letters, word) = (letters_of(word), word.chars().collect());
        Self { word, letters, allowed, still_typing, candidate: Vec::new(), rows: Default::default() }
    }

    /// False for words that are too far off for their letters alone: every error takes or brings one at most.
    pub fn can_be(&self, letters: u64) -> bool {
        let within = |letters: u64| letters.count_ones() as usize <= self.allowed;
        within(self.letters & !letters) && (self.still_typing || within(letters & !self.letters))
    }

    /// The distance to a word ([`distance`]), or to its nearest beginning while more may follow ([`prefix_distance`]);
    /// `None` where that is more than is allowed.
    pub fn distance_to(&mut self, candidate: &str) -> Option<usize> {
        let (length, allowed) = (self.word.len(), self.allowed);
        self.candidate.clear();
        self.candidate.extend(candidate.chars().take(length + allowed + 1));
        let is_longer = self.candidate.len() > length + allowed;
        if self.candidate.len() + allowed < length || !self.still_typing && is_longer {
            return None;
        }
        let [before, above, row] = &mut self.rows;
        above.clear();
        above.extend(0..=self.candidate.len());
        let mut least_above = 0;
        for (i, a) in self.word.iter().enumerate() {
            row.clear();
            row.push(i + 1);
            for (j, b) in self.candidate.iter().enumerate() {
                let mut best = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && *a == self.candidate[j - 1] && self.word[i - 1] == *b {
                    best = best.min(before[j - 1] + 1);
                }
                row.push(best);
            }
            let least = row.iter().copied().min().unwrap_or(0);
            // No row takes from more than the two above it.
            if least > allowed && least_above > allowed {
                return None;
            }
            least_above = least;
            std::mem::swap(before, above);
            std::mem::swap(above, row);
        }
        let found = if self.still_typing { above.iter().min() } else { above.last() };
        found.copied().filter(|distance| *distance <= allowed)
    }
}

/// Insertions, deletions, replacements and swaps of neighbours that make `one` of `other` (optimal string alignment).
pub(crate) fn distance(one: &str, other: &str) -> usize {
    rows(one, other).last().copied().unwrap_or(0)
}

#[cfg(test)]
/// The smallest [`distance`] between `word` and any beginning of `candidate`: for a word that is still being typed.
pub(crate) fn prefix_distance(word: &str, candidate: &str) -> usize {
    rows(word, candidate).into_iter().min().unwrap_or(0)
}

/// Distances between the whole of `one` and every beginning of `other`.
fn rows(one: &str, other: &str) -> Vec<usize> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut best = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn distances_count_single_slips() {
        assert_eq!(distance("weather", "waether"), 1);
        assert_eq!(distance("weather", "wether"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(prefix_distance("waeth", "weather"), 1);
        assert_eq!(prefix_distance("wea", "weather"), 0);
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_bounded(a in "[a-c]{0,8}", b in "[a-c]{0,8}") {
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert!(distance(&a, &b) <= a.len().max(b.len()));
            prop_assert!(prefix_distance(&a, &b) <= distance(&a, &b));
            prop_assert_eq!(distance(&a, &a), 0);
        }

        #[test]
        fn the_quick_way_gives_the_same_distances(a in "[a-dß]{1,8}", b in "[a-dß]{0,9}", allowed in 0usize..4) {
            let within = |distance: usize| Some(distance).filter(|distance| *distance <= allowed);
            for (still_typing, exact) in [(false, distance(&a, &b)), (true, prefix_distance(&a, &b))] {
                let mut typed = Typed::new(&a, allowed, still_typing);
                prop_assert_eq!(typed.distance_to(&b), within(exact));
                prop_assert!(exact > allowed || typed.can_be(letters_of(&b)));
            }
        }
    }
}
