//! Words, titles and names in memory: which packages have a word that begins so, and which words a mistyped one could
//! mean. Pure.

use std::{cmp::Reverse, collections::HashMap, ops::Range};

use muster_store::catalog::Words;
use serde::{Deserialize, Serialize};

use super::{bits::Bits, postings::Postings, rank::WordSets, strings::Strings};
use crate::typo::{Typed, allowed_errors, distance, letters_of};

/// Kinds of text that a word can be in: name, tags and publisher, summary.
const KINDS: usize = 3;
/// Shorter words are not what a mistyped one could mean.
const MIN_LETTERS: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lexicon {
    /// By position, which is their order.
    titles: Strings,
    names: Strings,
    /// The position of each name.
    named: Vec<u32>,
    /// Every word, ascending.
    words: Strings,
    /// Who has them, by kind of text.
    places: [Postings; KINDS],
    /// For each word its letters; what follows from the words is not kept.
    #[serde(skip)]
    letters: Vec<u64>,
}

impl Lexicon {
    /// The words of packages, in order of their positions, which are in order of titles.
    pub fn build(packages: &[&Words]) -> Self {
        let mut known: HashMap<&str, [Vec<u32>; KINDS]> = HashMap::new();
        for (package, position) in packages.iter().zip(0_u32..) {
            let texts = [&package.name, &package.tags, &package.summary];
            for (kind, text) in texts.into_iter().enumerate() {
                for word in text.split(' ').filter(|word| !word.is_empty()) {
                    let positions = &mut known.entry(word).or_default()[kind];
                    if positions.last() != Some(&position) {
                        positions.push(position);
                    }
                }
            }
        }
        let mut words: Vec<&str> = known.keys().copied().collect();
        words.sort_unstable();
        let mut places: [Postings; KINDS] = Default::default();
        for word in &words {
            for (postings, positions) in places.iter_mut().zip(&known[word]) {
                postings.push(positions);
            }
        }
        let mut names: Vec<(&str, u32)> = packages
            .iter()
            .zip(0..)
            .map(|(package, position)| (package.name_key.as_str(), position))
            .collect();
        names.sort_unstable();
        let lexicon = Self {
            titles: Strings::of(packages.iter().map(|package| package.title_key.as_str())),
            names: Strings::of(names.iter().map(|(name, _)| *name)),
            named: names.into_iter().map(|(_, position)| position).collect(),
            words: Strings::of(words),
            places,
            letters: Vec::new(),
        };
        lexicon.completed()
    }

    /// Works out what is not kept.
    pub fn completed(mut self) -> Self {
        self.letters = (0..self.words.len()).map(|word| letters_of(self.words.get(word))).collect();
        self
    }

    /// Packages whose title or name begins with this folded text.
    pub fn beginning_with(&self, text: &str) -> Bits {
        let mut set = Bits::none(self.titles.len());
        let titles = self.titles.beginning_with(text);
        titles.for_each(|position| set.insert(position as u32));
        let names = self.named.get(self.names.beginning_with(text)).unwrap_or_default();
        names.iter().for_each(|position| set.insert(*position));
        set
    }

    /// Packages with a word that begins so.
    pub fn having(&self, beginning: &str) -> WordSets {
        self.with_words(self.words.beginning_with(beginning))
    }

    /// Packages with exactly this word.
    pub fn having_exactly(&self, word: &str) -> WordSets {
        // A word comes before all that only begin like it.
        let words = self.words.beginning_with(word);
        let end = words.end.min(words.start + 1);
        match words.start < end && self.words.get(words.start) == word {
            true => self.with_words(words.start..end),
            false => self.with_words(0..0),
        }
    }

    fn with_words(&self, words: Range<usize>) -> WordSets {
        let [name, tags, summary] = self.places.each_ref().map(|postings| {
            let mut set = Bits::none(self.titles.len());
            words.clone().for_each(|word| postings.add_to(word, &mut set));
            set
        });
        WordSets { name, tags, summary }
    }

    /// Words of names and tags that this one could have been meant as: nearest first, then the most frequent.
    pub fn near(&self, word: &str, still_typing: bool, limit: usize) -> Vec<&str> {
        let allowed = allowed_errors(word.chars().count());
        let [name, tags, _] = &self.places;
        if allowed == 0 {
            return Vec::new();
        }
        let mut typed = Typed::new(word, allowed, still_typing);
        let mut near = Vec::new();
        for (place, letters) in self.letters.iter().enumerate() {
            if !typed.can_be(*letters) {
                continue;
            }
            let candidate = self.words.get(place);
            let Some(far) = typed.distance_to(candidate) else { continue };
            let frequency = name.count(place) + tags.count(place);
            if frequency > 0 && candidate != word && candidate.chars().nth(MIN_LETTERS - 1).is_some() {
                near.push((far, distance(word, candidate), Reverse(frequency), candidate));
            }
        }
        near.sort_unstable();
        near.truncate(limit);
        near.into_iter().map(|(.., candidate)| candidate).collect()
    }

    /// Whether what was read back is of `packages` packages and hangs together.
    pub fn is_sound(&self, packages: usize) -> bool {
        let strings = [&self.titles, &self.names, &self.words];
        strings.iter().all(|strings| strings.is_sound())
            && [self.titles.len(), self.names.len(), self.named.len()] == [packages; 3]
            && self.places.iter().all(|place| place.is_sound() && place.len() == self.words.len())
    }
}
