//! In which order results are shown. Pure.
//!
//! Best match: the title or name begins with what was typed, then has all words in its name, then in name and tags or
//! publisher, then in the summary; among equals the more downloaded, newer, then by title.

use std::sync::Arc;

use super::{bits::Bits, index::Index};
use crate::query::Sort;

/// Where the words of a query were found.
pub(crate) struct TextMatch {
    /// Everything that has all words somewhere.
    pub found: Bits,
    /// Titles and names that begin with the whole text.
    pub beginning: Bits,
    pub words: Vec<Arc<WordSets>>,
}

/// Where one word was found.
#[derive(Clone)]
pub(crate) struct WordSets {
    pub name: Bits,
    pub tags: Bits,
    pub summary: Bits,
}

impl WordSets {
    /// Adds what another word found.
    pub fn add(&mut self, other: &Self) {
        self.name.or(&other.name);
        self.tags.or(&other.tags);
        self.summary.or(&other.summary);
    }

    /// Everything that has the word.
    pub fn anywhere(&self) -> Bits {
        let mut set = self.name.clone();
        set.or(&self.tags);
        set.or(&self.summary);
        set
    }
}

/// The positions of `set` in this order, those of `lead` first as they come there.
pub(crate) fn order(
    index: &Index,
    set: &Bits,
    lead: &[u32],
    text: Option<&TextMatch>,
    sort: Sort,
) -> Vec<u32> {
    if lead.is_empty() {
        return order_of(index, set, text, sort);
    }
    let mut rest = set.clone();
    let mut first = Vec::with_capacity(lead.len());
    for position in lead.iter().copied() {
        if rest.has(position) {
            rest.remove(position);
            first.push(position);
        }
    }
    first.extend(order_of(index, &rest, text, sort));
    first
}

fn order_of(index: &Index, set: &Bits, text: Option<&TextMatch>, sort: Sort) -> Vec<u32> {
    let walk = |order: &[u32]| order.iter().copied().filter(|position| set.has(*position)).collect();
    match (sort, text) {
        (Sort::Best, Some(text)) => by_class(&walk(&index.by_downloads) as &Vec<u32>, text),
        (Sort::Best | Sort::Downloads | Sort::Trending, _) => walk(&index.by_downloads),
        (Sort::Updated, _) => walk(&index.by_updated),
        (Sort::New, _) => walk(&index.by_published),
        (Sort::Name, _) => set.positions().collect(),
    }
}

/// Keeps the order inside each class.
fn by_class(positions: &[u32], text: &TextMatch) -> Vec<u32> {
    let mut classes: Vec<Vec<u32>> = vec![Vec::new(); 2 * text.words.len() + 2];
    for position in positions {
        classes[text.class(*position)].push(*position);
    }
    classes.concat()
}

impl TextMatch {
    /// Smaller is better; at most twice the number of words and one.
    fn class(&self, position: u32) -> usize {
        let far = self.words.iter().map(|word| match (word.name.has(position), word.tags.has(position)) {
            (true, _) => 0,
            (_, true) => 1,
            _ => 2,
        });
        let far: usize = far.sum();
        if self.beginning.has(position) { 0 } else { far + 1 }
    }
}
