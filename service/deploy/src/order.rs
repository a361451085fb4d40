//! In which order packages count: what they need, what their authors ask for, what the player wants. Pure.
//!
//! Wishes come in three strengths. A package comes after what it needs; `load-after` and `load-before` of authors are
//! stronger than that; what none of them decides is as the player put it, else as the lock lists it. Nobody's wish can
//! make a profile unusable: where wishes go round in a circle, the weakest of them gives way, and the circle is told.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::PackageId;
use serde::{Deserialize, Serialize};

use crate::PackageKey;

/// A package and what is said about its place in the order. Ids mean packages of any source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderedPackage {
    pub package: PackageKey,
    pub needs: Vec<PackageId>,
    pub load_after: Vec<PackageId>,
    pub load_before: Vec<PackageId>,
}

/// Why one package comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderReason {
    /// The later one needs the earlier one. The weakest.
    Needs,
    /// The earlier one asks to be loaded before the later one.
    LoadBefore,
    /// The later one asks to be loaded after the earlier one.
    LoadAfter,
}

impl OrderReason {
    pub const CODES: &[&str] = &["order-needs", "order-load-before", "order-load-after"];

    pub fn code(self) -> &'static str {
        match self {
            Self::Needs => "order-needs",
            Self::LoadBefore => "order-load-before",
            Self::LoadAfter => "order-load-after",
        }
    }
}

/// One wish: `earlier` comes before `later`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderStep {
    pub earlier: PackageKey,
    pub later: PackageKey,
    pub reason: OrderReason,
}

/// Wishes that cannot all come true: each one's `later` is the next one's `earlier`, and the last leads back to the
/// first. The first of them gave way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCycle(pub Vec<OrderStep>);

/// Packages in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// As positions in what was given, the first to load first; a later one wins where two hold the same file.
    pub sequence: Vec<usize>,
    /// Circles of authors' wishes. Packages that only need each other are none: nobody asked for an order there.
    pub cycles: Vec<OrderCycle>,
}

/// An edge of the graph: from the earlier to the later package, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    earlier: usize,
    later: usize,
    reason: OrderReason,
}

/// Sorts packages. `manual` is what the player wants, the first to load first; packages that it does not name come
/// behind, in the order in which they are given.
pub fn order(packages: &[OrderedPackage], manual: &[PackageKey]) -> Order {
    let ranks = ranks(packages, manual);
    let mut graph = Graph::new(packages.len(), &ranks, edges(packages));
    let mut cycles = Vec::new();
    while let Some(cycle) = graph.cycle() {
        let weakest = graph.give_way(&cycle);
        if cycle.iter().all(|edge| edge.reason == OrderReason::Needs) {
            continue;
        }
        let step = |edge: &Edge| OrderStep {
            earlier: packages[edge.earlier].package.clone(),
            later: packages[edge.later].package.clone(),
            reason: edge.reason,
        };
        let turned = cycle[weakest..].iter().chain(&cycle[..weakest]);
        cycles.push(OrderCycle(turned.map(step).collect()));
    }
    Order { sequence: graph.sequence(), cycles }
}

/// Every wish about these packages, also those that give way: by the later package.
pub fn steps(packages: &[OrderedPackage]) -> Vec<OrderStep> {
    let key = |at: usize| packages[at].package.clone();
    let mut edges: Vec<Edge> = edges(packages).into_iter().collect();
    edges.sort_by_key(|edge| (edge.later, edge.earlier, edge.reason));
    let step =
        |edge: Edge| OrderStep { earlier: key(edge.earlier), later: key(edge.later), reason: edge.reason };
    edges.into_iter().map(step).collect()
}

/// For every position its rank: where the player or the lock would have it.
fn ranks(packages: &[OrderedPackage], manual: &[PackageKey]) -> Vec<usize> {
    let wanted: BTreeMap<&PackageKey, usize> =
        manual.iter().enumerate().map(|(rank, package)| (package, rank)).collect();
    let mut positions: Vec<usize> = (0..packages.len()).collect();
    positions.sort_by_key(|&at| (wanted.get(&packages[at].package).copied().unwrap_or(usize::MAX), at));
    let mut ranks = vec![0; packages.len()];
    for (rank, at) in positions.into_iter().enumerate() {
        ranks[at] = rank;
    }
    ranks
}

fn edges(packages: &[OrderedPackage]) -> BTreeSet<Edge> {
    let mut known: BTreeMap<&PackageId, Vec<usize>> = BTreeMap::new();
    for (at, package) in packages.iter().enumerate() {
        known.entry(&package.package.id).or_default().push(at);
    }
    let mut edges = BTreeSet::new();
    for (at, package) in packages.iter().enumerate() {
        let mut add = |others: &[PackageId], reason| {
            for &other in others.iter().flat_map(|id| known.get(id).into_iter().flatten()) {
                let (earlier, later) =
                    if reason == OrderReason::LoadBefore { (at, other) } else { (other, at) };
                if earlier != later {
                    edges.insert(Edge { earlier, later, reason });
                }
            }
        };
        add(&package.needs, OrderReason::Needs);
        add(&package.load_after, OrderReason::LoadAfter);
        add(&package.load_before, OrderReason::LoadBefore);
    }
    edges
}

struct Graph {
    /// For every position the edges that lead to it, the earlier ones by rank.
    into: Vec<Vec<Edge>>,
    /// Positions by rank.
    by_rank: Vec<usize>,
}

impl Graph {
    fn new(count: usize, ranks: &[usize], edges: BTreeSet<Edge>) -> Self {
        let mut into = vec![Vec::new(); count];
        for edge in edges {
            into[edge.later].push(edge);
        }
        into.iter_mut().for_each(|edges| edges.sort_by_key(|edge| (ranks[edge.earlier], edge.reason)));
        let mut by_rank: Vec<usize> = (0..count).collect();
        by_rank.sort_by_key(|&at| ranks[at]);
        Self { into, by_rank }
    }

    /// Visits every package after all that must come before it, in the order of ranks otherwise. Gives the sequence,
    /// or the first circle that it meets.
    fn walk(&self) -> Result<Vec<usize>, Vec<Edge>> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut state = vec![State::New; self.into.len()];
        let mut sequence = Vec::with_capacity(self.into.len());
        for &start in &self.by_rank {
            if state[start] == State::Done {
                continue;
            }
            // Positions that wait for what comes before them, with the number of the edge that is looked at.
            let mut open: Vec<(usize, usize)> = vec![(start, 0)];
            state[start] = State::Open;
            while let Some((at, next)) = open.pop() {
                let Some(edge) = self.into[at].get(next) else {
                    state[at] = State::Done;
                    sequence.push(at);
                    continue;
                };
                open.push((at, next + 1));
                match state[edge.earlier] {
                    State::Done => {}
                    State::New => {
                        state[edge.earlier] = State::Open;
                        open.push((edge.earlier, 0));
                    }
                    State::Open => return Err(self.circle(&open, edge.earlier)),
                }
            }
        }
        Ok(sequence)
    }

    /// The edges from `from` back to itself, along the packages that wait.
    fn circle(&self, open: &[(usize, usize)], from: usize) -> Vec<Edge> {
        let begin = open.iter().position(|(at, _)| *at == from).unwrap_or_default();
        // The last one waits for `from`, the one before for the last, and so on: turned round, every step's later
        // package is the next step's earlier one.
        open[begin..].iter().rev().map(|&(at, next)| self.into[at][next - 1]).collect()
    }

    fn cycle(&self) -> Option<Vec<Edge>> {
        self.walk().err()
    }

    /// Takes the weakest edge of a circle away and gives its place in the circle.
    fn give_way(&mut self, cycle: &[Edge]) -> usize {
        let weakest =
            cycle.iter().enumerate().min_by_key(|(_, edge)| (edge.reason, edge.later, edge.earlier));
        let (place, edge) = weakest.map_or((0, cycle[0]), |(place, edge)| (place, *edge));
        self.into[edge.later].retain(|other| *other != edge);
        place
    }

    fn sequence(&self) -> Vec<usize> {
        self.walk().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(name: &str) -> PackageKey {
        PackageKey { source: "folder:test".parse().expect("source"), id: id(name) }
    }

    fn id(name: &str) -> PackageId {
        format!("ada/{name}").parse().expect("id")
    }

    fn package(name: &str, needs: &[&str], after: &[&str], before: &[&str]) -> OrderedPackage {
        let ids = |names: &[&str]| names.iter().map(|name| id(name)).collect();
        OrderedPackage {
            package: key(name),
            needs: ids(needs),
            load_after: ids(after),
            load_before: ids(before),
        }
    }

    fn names(packages: &[OrderedPackage], order: &Order) -> Vec<String> {
        let name = |&at: &usize| packages[at].package.id.as_str().trim_start_matches("ada/").to_owned();
        order.sequence.iter().map(name).collect()
    }

    #[test]
    fn what_is_needed_and_asked_for_comes_first() {
        let packages = [
            package("castle", &["stones"], &[], &[]),
            package("doors", &[], &["castle"], &[]),
            package("early", &[], &[], &["stones"]),
            package("stones", &[], &["absent"], &[]),
        ];
        let sorted = order(&packages, &[]);
        assert_eq!(names(&packages, &sorted), ["early", "stones", "castle", "doors"]);
        assert!(sorted.cycles.is_empty());
    }

    #[test]
    fn the_players_order_decides_what_nobody_else_does() {
        let packages = [
            package("aa", &[], &[], &[]),
            package("bb", &["cc"], &[], &[]),
            package("cc", &[], &[], &[]),
            package("dd", &[], &[], &[]),
        ];
        let manual = [key("dd"), key("bb"), key("aa")];
        assert_eq!(names(&packages, &order(&packages, &manual)), ["dd", "cc", "bb", "aa"]);
        assert_eq!(names(&packages, &order(&packages, &[key("cc")])), ["cc", "aa", "bb", "dd"]);
    }

    #[test]
    fn a_circle_is_told_from_the_wish_that_gave_way() {
        let packages = [
            package("aa", &[], &["cc"], &[]),
            package("bb", &["aa"], &[], &[]),
            package("cc", &[], &["bb"], &[]),
        ];
        let sorted = order(&packages, &[]);
        let [OrderCycle(steps)] = sorted.cycles.as_slice() else { panic!("{sorted:?}") };
        let told: Vec<(&str, &str, OrderReason)> =
            steps.iter().map(|s| (s.earlier.id.as_str(), s.later.id.as_str(), s.reason)).collect();
        assert_eq!(
            told,
            [
                ("ada/aa", "ada/bb", OrderReason::Needs),
                ("ada/bb", "ada/cc", OrderReason::LoadAfter),
                ("ada/cc", "ada/aa", OrderReason::LoadAfter),
            ]
        );
        assert_eq!(names(&packages, &sorted), ["bb", "cc", "aa"], "needing is the weakest wish");
    }

    #[test]
    fn every_wish_about_packages_that_are_there_is_told() {
        let packages = [
            package("aa", &["absent"], &["cc"], &[]),
            package("bb", &["aa"], &[], &["cc"]),
            package("cc", &[], &[], &[]),
        ];
        let told: Vec<(String, String, OrderReason)> = steps(&packages)
            .into_iter()
            .map(|s| (s.earlier.id.to_string(), s.later.id.to_string(), s.reason))
            .collect();
        let said =
            |earlier: &str, later: &str, reason| (format!("ada/{earlier}"), format!("ada/{later}"), reason);
        assert_eq!(
            told,
            [
                said("cc", "aa", OrderReason::LoadAfter),
                said("aa", "bb", OrderReason::Needs),
                said("bb", "cc", OrderReason::LoadBefore),
            ]
        );
    }

    #[test]
    fn packages_that_need_each_other_are_no_circle_to_tell() {
        let packages = [package("aa", &["bb"], &[], &[]), package("bb", &["aa"], &[], &[])];
        let sorted = order(&packages, &[]);
        assert_eq!(sorted.sequence.len(), 2);
        assert!(sorted.cycles.is_empty());
    }

    type Ids = Vec<u8>;

    fn any_packages() -> impl Strategy<Value = Vec<OrderedPackage>> {
        let ids = || proptest::collection::vec(0..14_u8, 0..3);
        let one = (ids(), ids(), ids());
        proptest::collection::vec(one, 0..12).prop_map(|all| {
            let name = |number: &u8| id(&format!("p{number:02}"));
            let package = |(at, (needs, after, before)): (usize, (Ids, Ids, Ids))| OrderedPackage {
                package: key(&format!("p{at:02}")),
                needs: needs.iter().map(name).collect(),
                load_after: after.iter().map(name).collect(),
                load_before: before.iter().map(name).collect(),
            };
            all.into_iter().enumerate().map(package).collect()
        })
    }

    proptest! {
        /// Every package comes once, every wish comes true but those that gave way, and every circle that is told is
        /// one of wishes that were really there.
        #[test]
        fn keeps_every_wish_that_can_be_kept(packages in any_packages(), turn in any::<u64>()) {
            let mut manual: Vec<PackageKey> = packages.iter().map(|package| package.package.clone()).collect();
            manual.sort_by_key(|key| key.to_string().bytes().fold(turn, |sum, b| sum.rotate_left(7) ^ u64::from(b)));
            let sorted = order(&packages, &manual);
            let mut all = sorted.sequence.clone();
            all.sort_unstable();
            prop_assert_eq!(all, (0..packages.len()).collect::<Vec<_>>());

            let place: BTreeMap<&PackageKey, usize> =
                sorted.sequence.iter().enumerate().map(|(place, &at)| (&packages[at].package, place)).collect();
            let broken = edges(&packages).into_iter().filter(|edge| {
                place[&packages[edge.earlier].package] > place[&packages[edge.later].package]
            });
            for edge in broken.filter(|edge| edge.reason != OrderReason::Needs) {
                let told = sorted.cycles.iter().any(|OrderCycle(steps)| {
                    steps[0].earlier == packages[edge.earlier].package
                        && steps[0].later == packages[edge.later].package
                });
                prop_assert!(told, "{edge:?} is broken without a word");
            }
            for OrderCycle(steps) in &sorted.cycles {
                for (step, next) in steps.iter().zip(steps.iter().cycle().skip(1)) {
                    prop_assert_eq!(&step.later, &next.earlier);
                    prop_assert!(steps[0].reason <= step.reason, "the weakest gives way");
                }
            }
        }

        #[test]
        fn without_wishes_the_order_is_the_players(count in 0..20_usize) {
            let packages: Vec<OrderedPackage> =
                (0..count).map(|at| package(&format!("p{at:02}"), &[], &[], &[])).collect();
            let manual: Vec<PackageKey> = packages.iter().rev().map(|package| package.package.clone()).collect();
            prop_assert_eq!(order(&packages, &manual).sequence, (0..count).rev().collect::<Vec<_>>());
        }
    }

    #[test]
    fn long_chains_need_no_deep_stack() {
        let packages: Vec<OrderedPackage> = (0..5_000)
            .map(|at| package(&format!("p{at:05}"), &[&format!("p{:05}", at + 1)], &[], &[]))
            .collect();
        assert_eq!(order(&packages, &[]).sequence, (0..5_000).rev().collect::<Vec<_>>());
    }
}
