//! The catalogue in memory, as far as filtering, counting and sorting need it. Built anew after a change; immutable.
//!
//! A package is known by its position, which is its place in the order of titles.

use std::collections::{BTreeMap, HashMap};

use muster_store::catalog::IndexData;

use super::bits::{Bits, Members};
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
    /// Rows, ascending, with their positions.
    positions: Vec<(i64, u32)>,
}

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
        let mut positions: Vec<(i64, u32)> = data.rows.iter().map(|row| row.row).zip(numbers()).collect();
        positions.sort_unstable();
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
            positions,
        };
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
        let found = self.positions.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        Some(self.positions[found].1)
    }

    /// The set of these rows; rows that came later are left out.
    pub fn set_of(&self, rows: &[i64]) -> Bits {
        let mut set = Bits::none(self.len());
        rows.iter().filter_map(|row| self.position(*row)).for_each(|position| set.insert(position));
        set
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
