//! The catalogue in memory, as far as filtering, counting and sorting need it. Built anew after a change; immutable.
//!
//! A package is known by its position, which is its place in the order of titles.

use std::collections::{BTreeMap, HashMap};

use muster_domain::SourceId;
use muster_store::catalog::IndexData;

use super::{
    bits::{Bits, Members},
    words::WordMemory,
};
use crate::{query::Facet, text::fold};

/// One immutable state of the catalogue.
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
    pub words: WordMemory,
    /// Packages of different sources that offer the same archive.
    pub twins: Vec<Vec<(u32, SourceId)>>,
    positions: Positions,
}

/// From a row to its position; asked for every match of every word.
enum Positions {
    /// By distance from the first row, [`NOWHERE`] for rows that are gone.
    Table { first: i64, positions: Vec<u32> },
    /// Ascending by row: where so many rows are gone that a table would be mostly empty.
    Sorted(Vec<(i64, u32)>),
}

const NOWHERE: u32 = u32::MAX;
/// Most entries of the table per package.
const SPREAD: usize = 32;

/// A facet's value and the packages that have it.
pub(crate) struct FacetMembers {
    pub value: String,
    /// Folded, for comparing with what was typed.
    pub key: String,
    pub members: Members,
}

impl Index {
    /// Builds the index of one revision.
    pub fn build(data: IndexData) -> Self {
        let length = data.rows.len();
        let numbers = || 0..u32::try_from(length).unwrap_or(u32::MAX);
        let positions = Positions::new(data.rows.iter().map(|row| row.row).zip(numbers()).collect());
        let rows = &data.rows;
        let sorted = |key: &dyn Fn(usize) -> (u64, i64)| {
            let mut order: Vec<u32> = numbers().collect();
            order.sort_by_key(|position| std::cmp::Reverse(key(*position as usize)));
            order
        };
        let by_downloads = sorted(&|position| (rows[position].downloads, rows[position].updated));
        let by_updated = sorted(&|position| (0, rows[position].updated));
        let by_published = sorted(&|position| (0, rows[position].published));
        let mut index = Self {
            revision: data.revision,
            rows: rows.iter().map(|row| row.row).collect(),
            size: rows.iter().map(|row| row.size).collect(),
            updated: rows.iter().map(|row| row.updated).collect(),
            by_downloads,
            by_updated,
            by_published,
            facets: BTreeMap::new(),
            words: WordMemory::default(),
            twins: Vec::new(),
            positions,
        };
        let placed = |(row, source): (i64, SourceId)| Some((index.position(row)?, source));
        let twins = data.twins.into_iter().map(|group| group.into_iter().filter_map(placed).collect());
        index.twins = twins.collect();
        index.facets = index.collect_facets(data.facet_values, &data.facets);
        index
    }

    fn collect_facets(
        &self,
        values: Vec<(i64, String, String)>,
        pairs: &[(i64, i64)],
    ) -> BTreeMap<Facet, Vec<FacetMembers>> {
        let mut members: HashMap<i64, Vec<u32>> = HashMap::new();
        for (row, value) in pairs {
            if let Some(position) = self.position(*row) {
                members.entry(*value).or_default().push(position);
            }
        }
        let mut facets: BTreeMap<Facet, Vec<FacetMembers>> = BTreeMap::new();
        for (number, facet, value) in values {
            let (Some(facet), Some(mut positions)) = (Facet::parse(&facet), members.remove(&number)) else {
                continue;
            };
            positions.sort_unstable();
            let members = Members::new(positions, self.len());
            facets.entry(facet).or_default().push(FacetMembers { key: fold(&value), value, members });
        }
        facets
    }

    /// How many packages there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The position of a row.
    pub fn position(&self, row: i64) -> Option<u32> {
        self.positions.get(row)
    }

    /// The set of these rows; rows that came later are left out.
    pub fn set_of(&self, rows: &[i64]) -> Bits {
        let mut set = Bits::none(self.len());
        rows.iter().filter_map(|row| self.position(*row)).for_each(|position| set.insert(position));
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

    /// The packages whose `facet` has this value, compared as folded text.
    pub fn having(&self, facet: Facet, value: &str) -> Bits {
        let mut set = Bits::none(self.len());
        let key = fold(value);
        let values = self.facets.get(&facet).into_iter().flatten();
        values.filter(|candidate| candidate.key == key).for_each(|found| found.members.add_to(&mut set));
        set
    }
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
