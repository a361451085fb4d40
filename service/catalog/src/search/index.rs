//! The catalogue in memory, as far as filtering, counting and sorting need it. Built anew after a change; immutable.
//!
//! A package is known by its position, which is its place in the order of titles.

use std::collections::{BTreeMap, HashMap};

use muster_domain::SourceId;
use muster_store::catalog::{IndexData, IndexRow};
use serde::{Deserialize, Serialize};

use super::{
    bits::{Bits, Members},
    lexicon::Lexicon,
    words::WordMemory,
};
use crate::{query::Facet, text::fold};

/// One immutable state of the catalogue. What is kept of it for the next start is `image`'s.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Index {
    pub revision: i64,
    /// Row in `catalog.db` by position.
    pub rows: Vec<i64>,
    pub size: Vec<u64>,
    /// Milliseconds since 1970, 0 where unknown.
    pub updated: Vec<i64>,
    /// Positions, most downloaded first, then newest, then by title.
    pub by_downloads: Vec<u32>,
    /// Positions, last updated first.
    pub by_updated: Vec<u32>,
    /// Positions, last published first.
    pub by_published: Vec<u32>,
    pub facets: BTreeMap<Facet, Vec<FacetMembers>>,
    /// Packages of different sources that offer the same archive.
    pub twins: Vec<Vec<(u32, SourceId)>>,
    pub lexicon: Lexicon,
    #[serde(skip)]
    pub words: WordMemory,
    #[serde(skip)]
    positions: Positions,
}

/// From a row to its position.
#[derive(Debug, PartialEq, Eq)]
enum Positions {
    /// By distance from the first row, [`NOWHERE`] for rows that are gone.
    Table { first: i64, positions: Vec<u32> },
    /// Ascending by row: where so many rows are gone that a table would be mostly empty.
    Sorted(Vec<(i64, u32)>),
}

const NOWHERE: u32 = u32::MAX;
/// Most entries of the table per package.
const SPREAD: usize = 32;

impl Default for Positions {
    fn default() -> Self {
        Self::Sorted(Vec::new())
    }
}

/// A facet's value and the packages that have it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FacetMembers {
    pub value: String,
    /// Folded, for comparing with what was typed.
    pub key: String,
    pub members: Members,
}

impl Index {
    /// Builds the index of one revision.
    pub fn build(mut data: IndexData) -> Self {
        data.rows.sort_by(|a, b| title_order(a).cmp(&title_order(b)));
        let rows = &data.rows;
        let numbers = || 0..u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let sorted = |key: &dyn Fn(&IndexRow) -> (u64, i64)| {
            let mut order: Vec<u32> = numbers().collect();
            order.sort_by_key(|position| std::cmp::Reverse(key(&rows[*position as usize])));
            order
        };
        let mut index = Self {
            revision: data.revision,
            rows: rows.iter().map(|row| row.row).collect(),
            size: rows.iter().map(|row| row.size).collect(),
            updated: rows.iter().map(|row| row.updated).collect(),
            by_downloads: sorted(&|row| (row.downloads, row.updated)),
            by_updated: sorted(&|row| (0, row.updated)),
            by_published: sorted(&|row| (0, row.published)),
            facets: collect_facets(data.facet_values, rows),
            lexicon: Lexicon::build(&rows.iter().map(|row| &row.words).collect::<Vec<_>>()),
            ..Self::default()
        };
        index.place_rows();
        let placed = |(row, source): (i64, SourceId)| Some((index.position(row)?, source));
        let twins = data.twins.into_iter().map(|group| group.into_iter().filter_map(placed).collect());
        index.twins = twins.collect();
        index
    }

    /// Works out what is not kept.
    pub fn completed(mut self) -> Self {
        self.lexicon = self.lexicon.completed();
        self.place_rows();
        self
    }

    fn place_rows(&mut self) {
        self.positions = Positions::new(self.rows.iter().copied().zip(0..).collect());
    }

    /// Whether an index that was read back hangs together: nothing in it leads outside of it.
    pub fn is_sound(&self) -> bool {
        let length = self.len();
        let inside = |position: &u32| (*position as usize) < length;
        let orders = [&self.by_downloads, &self.by_updated, &self.by_published];
        let mut members = self.facets.values().flatten().map(|value| &value.members);
        [self.size.len(), self.updated.len()] == [length; 2]
            && orders.iter().all(|order| order.len() == length && order.iter().all(inside))
            && members.all(|members| members.are_of(length))
            && self.twins.iter().flatten().all(|(position, _)| inside(position))
            && self.lexicon.is_sound(length)
    }

    /// How many packages there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The position of a row.
    pub fn position(&self, row: i64) -> Option<u32> {
        self.positions.get(row)
    }

    /// The set of these positions.
    pub fn set_at(&self, positions: &[u32]) -> Bits {
        let mut set = Bits::none(self.len());
        positions.iter().for_each(|position| set.insert(*position));
        set
    }

    /// Other sources that offer the same archive as a package.
    pub fn others(&self, position: u32) -> Vec<SourceId> {
        let is_in = |twins: &&Vec<(u32, SourceId)>| twins.iter().any(|(twin, _)| *twin == position);
        let twins = self.twins.iter().find(is_in).into_iter().flatten();
        let mut others: Vec<SourceId> =
            twins.filter(|(twin, _)| *twin != position).map(|(_, source)| source.clone()).collect();
        others.dedup();
        others
    }

    /// The packages whose `facet` has this value, compared as folded text; also those that say nothing, where that means
    /// every value, or this one.
    pub fn having(&self, facet: Facet, value: &str) -> Bits {
        let key = fold(value);
        let mut set = match facet.is_meant_by_silence(&key) {
            true => self.silent(facet),
            false => Bits::none(self.len()),
        };
        let values = self.facets.get(&facet).into_iter().flatten();
        values.filter(|candidate| candidate.key == key).for_each(|found| found.members.add_to(&mut set));
        set
    }

    /// The packages that have no value of a facet.
    pub fn silent(&self, facet: Facet) -> Bits {
        let mut spoken = Bits::none(self.len());
        let values = self.facets.get(&facet).into_iter().flatten();
        values.for_each(|value| value.members.add_to(&mut spoken));
        let mut silent = Bits::all(self.len());
        silent.and_not(&spoken);
        silent
    }
}

fn title_order(row: &IndexRow) -> (&str, &str, i64) {
    (&row.words.title_key, &row.words.name_key, row.row)
}

fn collect_facets(
    values: Vec<(u32, String, String)>,
    rows: &[IndexRow],
) -> BTreeMap<Facet, Vec<FacetMembers>> {
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    for (row, position) in rows.iter().zip(0..) {
        for value in &row.facets {
            let positions = members.entry(*value).or_default();
            if positions.last() != Some(&position) {
                positions.push(position);
            }
        }
    }
    let mut facets: BTreeMap<Facet, Vec<FacetMembers>> = BTreeMap::new();
    for (number, facet, value) in values {
        if let (Some(facet), Some(positions)) = (Facet::parse(&facet), members.remove(&number)) {
            let members = Members::new(positions, rows.len());
            facets.entry(facet).or_default().push(FacetMembers { key: fold(&value), value, members });
        }
    }
    facets
}

impl Positions {
    fn new(mut pairs: Vec<(i64, u32)>) -> Self {
        pairs.sort_unstable();
        let (Some((first, _)), Some((last, _))) = (pairs.first(), pairs.last()) else {
            return Self::Sorted(pairs);
        };
        let (first, length) = (*first, usize::try_from(last - first + 1).unwrap_or(usize::MAX));
        if length / SPREAD > pairs.len() {
            return Self::Sorted(pairs);
        }
        let mut positions = vec![NOWHERE; length];
        for (row, position) in pairs {
            if let Some(place) = usize::try_from(row - first).ok().and_then(|at| positions.get_mut(at)) {
                *place = position;
            }
        }
        Self::Table { first, positions }
    }

    fn get(&self, row: i64) -> Option<u32> {
        match self {
            Self::Table { first, positions } => {
                let at = usize::try_from(row.checked_sub(*first)?).ok()?;
                positions.get(at).copied().filter(|position| *position != NOWHERE)
            }
            Self::Sorted(pairs) => {
                let found = pairs.binary_search_by_key(&row, |(row, _)| *row).ok()?;
                Some(pairs[found].1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_row_is_found_and_no_other(
            rows in proptest::collection::btree_map(prop_oneof![1i64..200, 1i64..i64::MAX], 0u32..1000, 0..50),
            others in proptest::collection::vec(any::<i64>(), 0..20),
        ) {
            let positions = Positions::new(rows.clone().into_iter().collect());
            let rows: BTreeMap<i64, u32> = rows;
            for row in rows.keys().chain(&others) {
                prop_assert_eq!(positions.get(*row), rows.get(row).copied());
            }
        }
    }
}
