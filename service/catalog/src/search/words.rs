//! From text to the packages that contain it, with help for mistyped words.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use muster_store::{CatalogDb, catalog::WordMatches};

use super::{
    bits::Bits,
    index::Index,
    rank::{TextMatch, WordSets},
};
use crate::{
    Result,
    text::{allowed_errors, distance, fold, prefix_distance},
};

/// Most words of a query that count.
const MAX_WORDS: usize = 8;
/// Words that share trigrams with a mistyped one and are compared with it.
const CANDIDATES: u32 = 40;
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
pub(crate) async fn find(database: &CatalogDb, index: &Index, text: &str) -> Result<Option<Found>> {
    let folded = fold(text);
    let words: Vec<String> =
        folded.split(' ').filter(|word| !word.is_empty()).take(MAX_WORDS).map(str::to_owned).collect();
    if words.is_empty() {
        return Ok(None);
    }
    let beginning = index.set_of(&database.titles_from(&folded).await?);
    let mut sets = look_up(database, index, &words).await?;
    let mut corrections = Vec::new();
    if all_of(index, &sets).is_empty() {
        for (place, word) in words.iter().enumerate() {
            let is_last = place + 1 == words.len();
            let guesses = guess(database, word, is_last).await?;
            if let Some(best) = guesses.first() {
                corrections.push(Correction { typed: word.clone(), taken_for: best.clone() });
            }
            for guess in look_up(database, index, &guesses).await? {
                Arc::make_mut(&mut sets[place]).add(&guess);
            }
        }
    }
    let found = all_of(index, &sets);
    if found.is_empty() {
        corrections.clear();
    }
    Ok(Some(Found { text: TextMatch { found, beginning, words: sets }, corrections }))
}

fn all_of(index: &Index, sets: &[Arc<WordSets>]) -> Bits {
    let mut found = Bits::all(index.len());
    sets.iter().for_each(|word| found.and(&word.anywhere()));
    found
}

/// One letter alone is looked for at the beginning of titles and names only: as a word it would be in every package.
async fn look_up(database: &CatalogDb, index: &Index, words: &[String]) -> Result<Vec<Arc<WordSets>>> {
    let mut sets = Vec::with_capacity(words.len());
    for word in words {
        if let Some(known) = index.words.get(word) {
            sets.push(known);
            continue;
        }
        let found = if word.len() == 1 {
            WordMatches { name: database.titles_from(word).await?, ..WordMatches::default() }
        } else {
            database.word_matches(vec![word.clone()]).await?.pop().unwrap_or_default()
        };
        let found = Arc::new(WordSets {
            name: index.set_of(&found.name),
            tags: index.set_of(&found.tags),
            summary: index.set_of(&found.summary),
        });
        index.words.put(word.clone(), found.clone());
        sets.push(found);
    }
    Ok(sets)
}

/// Known words that `word` could have been meant as, nearest first.
async fn guess(database: &CatalogDb, word: &str, still_typing: bool) -> Result<Vec<String>> {
    let allowed = allowed_errors(word.chars().count());
    if allowed == 0 {
        return Ok(Vec::new());
    }
    let far = |candidate: &str| {
        if still_typing { prefix_distance(word, candidate) } else { distance(word, candidate) }
    };
    let candidates = database.similar_words(word, CANDIDATES).await?;
    let mut near: Vec<(usize, usize, String)> = candidates
        .into_iter()
        .filter(|candidate| candidate != word)
        .map(|candidate| (far(&candidate), distance(word, &candidate), candidate))
        .filter(|(far, ..)| *far <= allowed)
        .collect();
    near.sort();
    near.truncate(MAX_GUESSES);
    Ok(near.into_iter().map(|(_, _, candidate)| candidate).collect())
}
