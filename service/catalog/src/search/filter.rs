//! From conditions to sets, and from sets to counts. Pure.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    bits::Bits,
    index::{FacetMembers, Index},
};
use crate::{
    query::{Comparison, Condition, Facet, Mode, Query, Test},
    text::fold,
};

const DAY: i64 = 86_400_000;
/// Most values that are counted per facet.
const MAX_VALUES: usize = 200;

/// A facet's value and how many of the results have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount {
    pub value: String,
    pub count: usize,
    /// How the query uses the value, if it does.
    pub mode: Option<Mode>,
}

/// What the conditions need to know besides the index.
pub(crate) struct Facts<'a> {
    /// Milliseconds since 1970.
    pub now: i64,
    pub installed: &'a Bits,
    pub updatable: &'a Bits,
    pub featured: &'a Bits,
}

/// The packages that pass, and per facet those that pass everything but the facet's own choice.
pub(crate) struct Filtered {
    pub passing: Bits,
    without: BTreeMap<Facet, Bits>,
}

/// Applies the conditions of a query to the packages that its text found.
pub(crate) fn filter(index: &Index, found: &Bits, query: &Query, facts: &Facts<'_>) -> Filtered {
    let mut common = found.clone();
    let mut choices: BTreeMap<Facet, Bits> = BTreeMap::new();
    for condition in &query.conditions {
        let set = set_of(index, &condition.test, facts);
        match (&condition.test, condition.mode) {
            (Test::Facet(facet, _), Mode::Include) if !facet.needs_all() => {
                choices.entry(*facet).or_insert_with(|| Bits::none(index.len())).or(&set);
            }
            (_, Mode::Include) => common.and(&set),
            (_, Mode::Exclude) => common.and_not(&set),
        }
    }
    let but = |left_out: Option<Facet>| {
        let mut set = common.clone();
        choices.iter().filter(|(facet, _)| Some(**facet) != left_out).for_each(|(_, choice)| set.and(choice));
        set
    };
    let without = choices.keys().map(|facet| (*facet, but(Some(*facet)))).collect();
    Filtered { passing: but(None), without }
}

fn set_of(index: &Index, test: &Test, facts: &Facts<'_>) -> Bits {
    match test {
        Test::Facet(facet, value) => index.having(*facet, value),
        Test::Installed => facts.installed.clone(),
        Test::Updatable => facts.updatable.clone(),
        Test::Featured => facts.featured.clone(),
        Test::Size(comparison, bytes) => where_value(index, |position| match comparison {
            Comparison::Less => index.size[position] < *bytes,
            Comparison::More => index.size[position] > *bytes,
        }),
        Test::Updated(comparison, days) => {
            let limit = facts.now.saturating_sub(i64::from(*days).saturating_mul(DAY));
            where_value(index, |position| match comparison {
                Comparison::Less => index.updated[position] > limit,
                Comparison::More => index.updated[position] < limit,
            })
        }
    }
}

fn where_value(index: &Index, test: impl Fn(usize) -> bool) -> Bits {
    let mut set = Bits::none(index.len());
    (0..index.len()).zip(0u32..).filter(|(at, _)| test(*at)).for_each(|(_, position)| set.insert(position));
    set
}

impl Filtered {
    /// The values of every facet, most frequent first; values that the query names are there even with a count of 0.
    pub fn counts(&self, index: &Index, query: &Query) -> Vec<(Facet, Vec<FacetCount>)> {
        Facet::ALL.into_iter().map(|facet| (facet, self.count(index, query, facet))).collect()
    }

    fn count(&self, index: &Index, query: &Query, facet: Facet) -> Vec<FacetCount> {
        let set = self.without.get(&facet).unwrap_or(&self.passing);
        let named = named_values(query, facet);
        let mode_of = |key: &str| named.iter().find(|(name, _)| name == key).map(|(_, mode)| *mode);
        let values = || index.facets.get(&facet).into_iter().flatten();
        let says_much = values().any(|value| facet.is_meant_by_silence(&value.key));
        let silent = says_much.then(|| {
            let mut silent = index.silent(facet);
            silent.and(set);
            silent.count()
        });
        let count = |value: &FacetMembers| {
            let silent = silent.filter(|_| facet.is_meant_by_silence(&value.key));
            value.members.count_in(set) + silent.unwrap_or(0)
        };
        let mut counted: Vec<_> = values()
            .map(|value| (mode_of(&value.key), count(value), value))
            .filter(|(mode, count, _)| *count > 0 || mode.is_some())
            .collect();
        // Values are in the order of their names already, and this keeps it among equals.
        counted.sort_by_key(|(mode, count, _)| (mode.is_none(), Reverse(*count)));
        counted.truncate(MAX_VALUES);
        let shown = |(mode, count, value): (_, _, &FacetMembers)| FacetCount {
            value: value.value.clone(),
            count,
            mode,
        };
        counted.into_iter().map(shown).collect()
    }
}

fn named_values(query: &Query, facet: Facet) -> Vec<(String, Mode)> {
    let named = |condition: &Condition| match &condition.test {
        Test::Facet(of, value) if *of == facet => Some((fold(value), condition.mode)),
        _ => None,
    };
    query.conditions.iter().filter_map(named).collect()
}
