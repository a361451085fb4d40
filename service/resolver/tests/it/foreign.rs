//! CKAN's rules over a prepared index, against a brute-force search over small universes.

use std::collections::BTreeMap;

use muster_domain::{
    CkanVersion, Dependency, GameSupport, Provided, Release, Requirement, Version, VersionRange,
};
use muster_resolver::{GameTarget, Index, PackageKey, Request, Wish};
use proptest::prelude::*;

use crate::common::id;

/// The last two are names that no package carries.
const NAMES: [&str; 6] = ["aa", "bb", "cc", "dd", "xx", "yy"];
const PACKAGES: usize = 4;
/// Two of them count as the same for bounds.
const VERSIONS: [&str; 4] = ["0.9", "1.01", "1.1", "1:0.5"];

/// A name with bounds as indexes into [`VERSIONS`].
type Bounds = (usize, Option<usize>, Option<usize>);

#[derive(Clone, Debug)]
struct Row {
    id: usize,
    version: usize,
    needs: Vec<Vec<Bounds>>,
    conflicts: Vec<Bounds>,
    provides: Vec<usize>,
    for_old_game: bool,
}

fn bounds() -> impl Strategy<Value = Bounds> {
    let bound = || prop::option::weighted(0.3, 0..VERSIONS.len());
    (0..NAMES.len(), bound(), bound())
}

fn row(id: usize, version: usize) -> impl Strategy<Value = Row> {
    let needs = prop::collection::vec(prop::collection::vec(bounds(), 1..3), 0..3);
    let conflicts = prop::collection::vec(bounds(), 0..2);
    let provides = prop::collection::vec(0..NAMES.len(), 0..2);
    (needs, conflicts, provides, prop::bool::weighted(0.2)).prop_map(
        move |(needs, conflicts, provides, for_old_game)| Row {
            id,
            version,
            needs,
            conflicts,
            provides,
            for_old_game,
        },
    )
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let package = |id: usize| {
        prop::collection::btree_set(0..VERSIONS.len(), 0..=3)
            .prop_flat_map(move |versions| versions.into_iter().map(|v| row(id, v)).collect::<Vec<_>>())
    };
    (package(0), package(1), package(2), package(3)).prop_map(|(a, b, c, d)| [a, b, c, d].concat())
}

fn version(index: usize) -> CkanVersion {
    VERSIONS[index].parse().expect("version")
}

fn requirement((name, min, max): Bounds) -> Requirement {
    let range = VersionRange::ckan(min.map(version), max.map(version));
    Requirement { package: id(NAMES[name]), version: range, source: None }
}

fn release(row: &Row) -> Release {
    let mut release = crate::common::release(&format!("{} ckan:{}", NAMES[row.id], VERSIONS[row.version]));
    release.source = crate::common::source("ckan");
    let any_of =
        |needs: &Vec<Bounds>| Dependency::AnyOf { any_of: needs.iter().copied().map(requirement).collect() };
    release.depends = row.needs.iter().map(any_of).collect();
    release.conflicts = row.conflicts.iter().copied().map(requirement).collect();
    let provided = |name: &usize| Provided { package: id(NAMES[*name]), version: None };
    release.provides = row.provides.iter().map(provided).collect();
    let range = if row.for_old_game { "<1.8.0" } else { "*" };
    let support =
        GameSupport { game: "kerbal".parse().expect("game"), version: range.parse().expect("range") };
    release.games = vec![support];
    release
}

/// Whether a row is meant: by its name and bounds, or as another one that provides the name.
fn is_meant((name, min, max): Bounds, row: &Row) -> bool {
    let fits = |bound: Option<usize>, wrong| {
        bound.is_none_or(|bound| version(row.version).precedence(&version(bound)) != wrong)
    };
    match row.id == name {
        true => fits(min, std::cmp::Ordering::Less) && fits(max, std::cmp::Ordering::Greater),
        false => row.provides.contains(&name),
    }
}

fn holds(chosen: &[&Row], roots: &[(usize, Option<usize>)]) -> bool {
    let there = |(id, version): &(usize, Option<usize>)| {
        chosen.iter().any(|row| row.id == *id && version.is_none_or(|version| row.version == version))
    };
    let fulfilled =
        |needs: &Vec<Bounds>| needs.iter().any(|one| chosen.iter().any(|row| is_meant(*one, row)));
    roots.iter().all(there)
        && chosen.iter().all(|row| {
            let others = || chosen.iter().filter(|other| other.id != row.id);
            !row.for_old_game
                && row.needs.iter().all(fulfilled)
                && !row.conflicts.iter().any(|stated| others().any(|other| is_meant(*stated, other)))
        })
}

/// Tries every set of rows with at most one of an id.
fn any_solution(rows: &[Row], roots: &[(usize, Option<usize>)]) -> bool {
    let options: Vec<Vec<Option<&Row>>> = (0..PACKAGES)
        .map(|id| std::iter::once(None).chain(rows.iter().filter(|row| row.id == id).map(Some)).collect())
        .collect();
    let total: usize = options.iter().map(Vec::len).product();
    (0..total).any(|mut number| {
        let mut chosen = Vec::new();
        for options in &options {
            chosen.extend(options[number % options.len()]);
            number /= options.len();
        }
        holds(&chosen, roots)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn an_index_is_right_by_the_rules_of_ckan(
        rows in rows(),
        roots in prop::collection::vec((0..NAMES.len(), prop::option::weighted(0.2, 0..VERSIONS.len())), 1..4),
    ) {
        let index = Index::new(rows.iter().map(|row| release(row).into()));
        let wish = |(name, pin): &(usize, Option<usize>)| Wish {
            pin: pin.map(|pin| Version::Ckan(version(pin))),
            ..Wish::any(crate::common::source("ckan"), id(NAMES[*name]))
        };
        let game = GameTarget { id: "kerbal".parse().expect("game"), versions: vec![crate::common::version("1.8.1")] };
        let request = Request { wished: roots.iter().map(wish).collect(), game: Some(game), ..Request::default() };
        match index.resolve(&request) {
            Ok(resolution) => {
                let chosen: BTreeMap<PackageKey, &Release> = crate::common::by_key(&resolution);
                let is_chosen = |row: &&Row| chosen.values().any(|other| **other == release(row));
                let chosen: Vec<&Row> = rows.iter().filter(is_chosen).collect();
                prop_assert_eq!(chosen.len(), resolution.packages.len());
                prop_assert!(holds(&chosen, &roots), "wrong: {:?}", chosen);
            }
            Err(explanation) => {
                prop_assert!(!any_solution(&rows, &roots), "missed: {}", crate::common::outline(&explanation));
                prop_assert!(!explanation.wishes.is_empty());
                prop_assert!(explanation.fact.all().len() > 2, "says nothing: {}", crate::common::outline(&explanation));
            }
        }
    }
}
