//! Many ascending strings in one piece of memory, found by their beginnings.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Ascending strings; equal ones may follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Strings {
    text: String,
    /// Where each one ends in the text.
    ends: Vec<u32>,
}

impl Strings {
    /// Takes strings that are ascending already.
    pub fn of<'a>(sorted: impl IntoIterator<Item = &'a str>) -> Self {
        let mut strings = Self::default();
        for string in sorted {
            strings.text.push_str(string);
            strings.ends.push(u32::try_from(strings.text.len()).unwrap_or(u32::MAX));
        }
        strings
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string at a place; nothing beyond the last.
    pub fn get(&self, place: usize) -> &str {
        let begin = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(begin);
        self.text.get(begin as usize..end as usize).unwrap_or_default()
    }

    /// The places of those that begin with `beginning`.
    pub fn beginning_with(&self, beginning: &str) -> Range<usize> {
        let first = self.first(|string| string < beginning);
        let after = self.first(|string| string < beginning || string.starts_with(beginning));
        first..after
    }

    /// The first place whose string is not `before` any more.
    fn first(&self, before: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.get(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Whether the places cut the text where it can be cut.
    pub fn is_sound(&self) -> bool {
        let cuts = self.ends.iter().all(|end| self.text.is_char_boundary(*end as usize));
        cuts && self.ends.is_sorted() && self.ends.last().map_or(0, |end| *end as usize) == self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn beginnings_find_what_begins_so_and_nothing_else(
            mut texts in prop::collection::vec("[a-cß]{0,4}", 0..30), beginning in "[a-cß]{0,3}",
        ) {
            texts.sort();
            let strings = Strings::of(texts.iter().map(String::as_str));
            prop_assert!(strings.is_sound());
            prop_assert_eq!((0..strings.len()).map(|at| strings.get(at)).collect::<Vec<_>>(), texts.clone());
            let found: Vec<&str> = strings.beginning_with(&beginning).map(|at| strings.get(at)).collect();
            let expected: Vec<&String> = texts.iter().filter(|text| text.starts_with(&beginning)).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn places_that_do_not_fit_the_text_are_not_sound() {
        let unsound = |text: &str, ends: &[u32]| !Strings { text: text.into(), ends: ends.into() }.is_sound();
        assert!(unsound("ß", &[1, 2]));
        assert!(unsound("ab", &[2, 1, 2]));
        assert!(unsound("ab", &[3]));
        assert!(unsound("ab", &[1]));
        assert_eq!(Strings::of(["a"]).get(7), "");
    }
}
