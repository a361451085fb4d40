//! From text to the packages that contain it, with help for mistyped words.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    bits::Bits,
    index::Index,
    rank::{TextMatch, WordSets},
};
use crate::text::fold;

/// Most words of a query that count.
const MAX_WORDS: usize = 8;
/// Most words that a mistyped one is taken for.
const MAX_GUESSES: usize = 4;

/// Words whose packages are remembered: typing on, changing a facet or a sort asks for the same ones again.
const REMEMBERED: usize = 64;

/// Where words were found in one state of the catalogue.
#[derive(Default)]
pub(crate) struct WordMemory(Mutex<HashMap<String, Arc<WordSets>>>);

impl WordMemory {
    fn get(&self, word: &str) -> Option<Arc<WordSets>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(word).cloned()
    }

    fn put(&self, word: String, sets: Arc<WordSets>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(word, sets);
    }
}

/// A word that was taken for another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub typed: String,
    pub taken_for: String,
}

/// What the text of a query found.
pub(crate) struct Found {
    pub text: TextMatch,
    pub corrections: Vec<Correction>,
}

/// Looks the words of `text` up; `None` if there are none in it.
pub(crate) fn find(index: &Index, text: &str) -> Option<Found> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS).collect();
    let last = words.len().checked_sub(1)?;
    let beginning = index.lexicon.beginning_with(&folded);
    let mut sets: Vec<Arc<WordSets>> = words.iter().map(|word| look_up(index, word)).collect();
    let mut corrections = Vec::new();
    let mut found = all_of(index, &sets);
    if found.is_empty() {
        for (place, word) in words.into_iter().enumerate() {
            let guesses = index.lexicon.near(word, place == last, MAX_GUESSES);
            if let Some(best) = guesses.first() {
                corrections.push(Correction { typed: word.to_owned(), taken_for: (*best).to_owned() });
            }
            for guess in guesses {
                Arc::make_mut(&mut sets[place]).add(&look_up(index, guess));
            }
        }
        found = all_of(index, &sets);
    }
    if found.is_empty() {
        corrections.clear();
    }
    Some(Found { text: TextMatch { found, beginning, words: sets }, corrections })
}

fn all_of(index: &Index, sets: &[Arc<WordSets>]) -> Bits {
    let mut found = Bits::all(index.len());
    sets.iter().for_each(|word| found.and(&word.anywhere()));
    found
}

/// One letter alone is looked for as a word of its own, and at the beginning of titles and names: some word of every package
/// begins with it.
fn look_up(index: &Index, word: &str) -> Arc<WordSets> {
    if let Some(known) = index.words.get(word) {
        return known;
    }
    let found = Arc::new(if word.len() == 1 {
        let mut found = index.lexicon.having_exactly(word);
        found.name.or(&index.lexicon.beginning_with(word));
        found
    } else {
        index.lexicon.having(word)
    });
    index.words.put(word.to_owned(), found.clone());
    found
}
