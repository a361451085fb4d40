//! PubGrub over a [`Problem`].

use std::{cell::Cell, cmp::Reverse, collections::BTreeMap};

use muster_domain::Channel;
use pubgrub::{
    Dependencies, DependencyProvider, DerivationTree, PackageResolutionStatistics, PubGrubError,
    VersionSet as _,
};

use crate::{
    problem::{Node, Problem},
    set::Set,
};

/// Most decisions of one run.
const MAX_STEPS: u32 = 100_000;

pub(crate) type Tree = DerivationTree<Node, Set, String>;

pub(crate) enum Failure {
    NoSolution(Box<Tree>),
    /// The search took too long.
    Budget,
}

/// The version of every chosen package.
pub(crate) type Selected = BTreeMap<u32, u32>;

pub(crate) fn solve(problem: &Problem<'_>) -> Result<Selected, Failure> {
    let search = Search { problem, steps: Cell::new(0) };
    match pubgrub::resolve(&search, Node::Root, 0u32) {
        Ok(solution) => Ok(solution
            .iter()
            .filter_map(|(node, version)| match node {
                Node::Package(package) => Some((*package, *version)),
                _ => None,
            })
            .collect()),
        Err(PubGrubError::NoSolution(tree)) => Err(Failure::NoSolution(Box::new(tree))),
        Err(_) => Err(Failure::Budget),
    }
}

struct Search<'a, 'p> {
    problem: &'a Problem<'p>,
    steps: Cell<u32>,
}

/// The search was ended because of its length.
#[derive(Debug)]
struct BudgetSpent;

impl std::fmt::Display for BudgetSpent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the search was ended because of its length")
    }
}

impl std::error::Error for BudgetSpent {}

/// What is decided first: forced sides of conflicts, what shall be updated, wishes, what is installed, the rest,
/// choices last. Inside a rank: what made trouble, what has few versions, what came first.
type Priority = (u8, u32, Reverse<u32>, Reverse<u32>);

impl DependencyProvider for Search<'_, '_> {
    type P = Node;
    type V = u32;
    type VS = Set;
    type M = String;
    type Err = BudgetSpent;
    type Priority = Priority;

    fn prioritize(&self, node: &Node, set: &Set, statistics: &PackageResolutionStatistics) -> Priority {
        let (rank, number) = match node {
            Node::Root | Node::Impossible => (6, 0),
            Node::Guard(guard) => (5, *guard),
            Node::Choice(choice) => (0, *choice),
            Node::Package(package) => (self.rank(*package), self.problem.rank(*package)),
        };
        (rank, statistics.conflict_count(), Reverse(set.len()), Reverse(number))
    }

    fn choose_version(&self, node: &Node, set: &Set) -> Result<Option<u32>, BudgetSpent> {
        Ok(match node {
            Node::Root => set.contains(&0).then_some(0),
            Node::Impossible => None,
            Node::Guard(_) => set.members(2).next(),
            Node::Choice(choice) => self.choose_alternative(*choice, set),
            Node::Package(package) => self.choose_release(*package, set),
        })
    }

    fn get_dependencies(
        &self,
        node: &Node,
        version: &u32,
    ) -> Result<Dependencies<Node, Set, String>, BudgetSpent> {
        Ok(Dependencies::Available(self.problem.dependencies(*node, *version).into_iter().collect()))
    }

    fn should_cancel(&self) -> Result<(), BudgetSpent> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS { Err(BudgetSpent) } else { Ok(()) }
    }
}

impl Search<'_, '_> {
    fn rank(&self, package: u32) -> u8 {
        let is_wished = self.problem.is_wished(package);
        let package = self.problem.universe.package(package);
        let request = self.problem.request;
        if package.installed().is_some() && request.options.update.covers(package.key()) {
            4
        } else if is_wished {
            3
        } else if package.installed().is_some() {
            2
        } else {
            1
        }
    }

    /// Installed (unless it shall move), then not older than installed, then as ripe as is wanted, then new.
    fn choose_release(&self, package: u32, set: &Set) -> Option<u32> {
        let package = self.problem.universe.package(package);
        let moves = self.problem.request.options.update.covers(package.key());
        let wanted = self.problem.request.options.channel_of(package.key());
        let stays = package.installed().filter(|installed| !moves && set.contains(installed));
        let goodness = |version: &u32| -> (bool, Channel, u32) {
            let is_step_back = package.installed().is_some_and(|installed| *version < installed);
            // What is riper than wanted is not better for it; what is less ripe than wanted is here only for want of others.
            (!is_step_back, package.ripeness(*version).min(wanted), *version)
        };
        stays.or_else(|| set.members(package.count()).max_by_key(goodness))
    }

    /// What is installed, then what is wished, then the author's order.
    fn choose_alternative(&self, choice: u32, set: &Set) -> Option<u32> {
        let alternatives = self.problem.choice(choice);
        set.members(alternatives.len() as u32).max_by_key(|index| {
            let (package, versions) = &alternatives[*index as usize];
            let installed = self.problem.universe.package(*package).installed();
            let is_installed = installed.is_some_and(|installed| versions.contains(&installed));
            (is_installed, self.problem.is_wished(*package), Reverse(*index))
        })
    }
}
