//! A request in PubGrub's terms.
//!
//! | node      | versions                    | depends on                                                         |
//! |-----------|-----------------------------|--------------------------------------------------------------------|
//! | Root      | 0                           | every wish                                                         |
//! | Package   | indexes of its releases     | its dependencies (a Package or a Choice) and its Guards            |
//! | Choice    | one per alternative         | that alternative: any-of, and packages that provide what is needed |
//! | Impossible| none                        | — stands for a dependency of a package on another version of itself |
//! | Guard     | 0 and 1, never both         | nothing; the two sides of a conflict depend on different versions  |

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use muster_domain::{Dependency, Release, Requirement};
use pubgrub::VersionSet;

use crate::{
    PackageKey, Request,
    set::Set,
    universe::{Universe, target},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Root,
    Package(u32),
    Choice(u32),
    Guard(u32),
    /// Has no version.
    Impossible,
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Packages of which any one is enough, best first; each with the versions that do.
pub(crate) type Alternatives = Vec<(u32, Set)>;

/// `versions` of `package` cannot be together with `other_versions` of `other`.
#[derive(Debug)]
pub(crate) struct Guard {
    pub package: u32,
    pub versions: Set,
    pub other: u32,
    pub other_versions: Set,
    /// The range as the package states it.
    pub stated: Requirement,
}

/// A requirement of one release in PubGrub's terms.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub node: Node,
    pub set: Set,
    pub dependency: Dependency,
}

#[derive(Debug)]
pub(crate) struct Problem<'a> {
    pub request: &'a Request,
    pub universe: &'a Universe,
    pub choices: Vec<Alternatives>,
    pub guards: Vec<Guard>,
    /// Guards by package: which side it is on.
    sides: HashMap<u32, Vec<(u32, Side)>>,
    /// By package and version; what a release fulfils itself has no edge.
    edges: Vec<Vec<Vec<Edge>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    First,
    Second,
}

impl<'a> Problem<'a> {
    pub fn new(request: &'a Request, universe: &'a Universe) -> Self {
        let mut problem = Self {
            request,
            universe,
            choices: Vec::new(),
            guards: Vec::new(),
            sides: HashMap::new(),
            edges: Vec::with_capacity(universe.packages.len()),
        };
        problem.encode_dependencies();
        problem.encode_conflicts();
        problem
    }

    pub fn release(&self, package: u32, version: u32) -> &'a Release {
        &self.universe.package(package).candidates[version as usize].release
    }

    /// The edges of one release, in the order of its dependencies.
    pub fn edges(&self, package: u32, version: u32) -> &[Edge] {
        &self.edges[package as usize][version as usize]
    }

    /// Everything a node in one version depends on; two demands on one node are both meant.
    pub fn dependencies(&self, node: Node, version: u32) -> Vec<(Node, Set)> {
        match node {
            Node::Root => self.wishes(),
            Node::Guard(_) | Node::Impossible => Vec::new(),
            Node::Choice(choice) => {
                let (package, set) = &self.choices[choice as usize][version as usize];
                vec![(Node::Package(*package), set.clone())]
            }
            Node::Package(package) => {
                let mut demands: Vec<(Node, Set)> = Vec::new();
                for edge in self.edges(package, version) {
                    demand(&mut demands, edge.node, &edge.set);
                }
                for (guard, side) in self.sides.get(&package).into_iter().flatten() {
                    let (versions, side) = self.side(*guard, *side);
                    if versions.contains(&version) {
                        demand(&mut demands, Node::Guard(*guard), &Set::singleton(side));
                    }
                }
                demands
            }
        }
    }

    fn wishes(&self) -> Vec<(Node, Set)> {
        let mut demands = Vec::new();
        for wish in &self.request.wished {
            if let Some(package) = self.universe.find(&wish.package) {
                let set = self.universe.package(package).accepted(&wish.range, wish.pin.as_ref());
                demand(&mut demands, Node::Package(package), &set);
            }
        }
        demands
    }

    fn side(&self, guard: u32, side: Side) -> (&Set, u32) {
        let guard = &self.guards[guard as usize];
        match side {
            Side::First => (&guard.versions, 0),
            Side::Second => (&guard.other_versions, 1),
        }
    }

    fn encode_dependencies(&mut self) {
        let mut known: HashMap<Alternatives, u32> = HashMap::new();
        let universe = self.universe;
        for (index, package) in (0u32..).zip(&universe.packages) {
            let mut of_package = Vec::with_capacity(package.candidates.len());
            for (version, candidate) in (0u32..).zip(&package.candidates) {
                let mut edges = Vec::with_capacity(candidate.release.depends.len());
                for dependency in &candidate.release.depends {
                    let mut alternatives = self.alternatives(&package.key, dependency);
                    let itself = alternatives.iter().position(|(other, _)| *other == index);
                    if itself.is_some_and(|at| alternatives[at].1.contains(&version)) {
                        continue;
                    }
                    alternatives.retain(|(other, _)| *other != index);
                    edges.push(self.edge(&package.key, dependency, alternatives, &mut known));
                }
                of_package.push(edges);
            }
            self.edges.push(of_package);
        }
    }

    fn edge(
        &mut self,
        own: &PackageKey,
        dependency: &Dependency,
        alternatives: Alternatives,
        known: &mut HashMap<Alternatives, u32>,
    ) -> Edge {
        let dependency = dependency.clone();
        match &alternatives[..] {
            [] => {
                // Impossible; shown as a demand for no version at all of the package that was meant first.
                let first = dependency.alternatives().first();
                let meant =
                    first.and_then(|first| self.universe.find(&target(self.request, &own.source, first)));
                let node = meant.filter(|meant| self.universe.package(*meant).key != *own);
                let node = node.map_or(Node::Impossible, Node::Package);
                Edge { node, set: Set::empty(), dependency }
            }
            [(package, set)] => Edge { node: Node::Package(*package), set: set.clone(), dependency },
            _ => {
                let count = alternatives.len() as u32;
                let next = self.choices.len() as u32;
                let choice = *known.entry(alternatives.clone()).or_insert(next);
                if choice == next {
                    self.choices.push(alternatives);
                }
                Edge { node: Node::Choice(choice), set: (0..count).collect(), dependency }
            }
        }
    }

    /// What fulfils a dependency, in the author's order; a package itself before those that provide it.
    pub fn alternatives(&self, own: &PackageKey, dependency: &Dependency) -> Alternatives {
        let mut alternatives: Alternatives = Vec::new();
        let mut add = |package: u32, set: Set| {
            if set.is_empty() {
                return;
            }
            match alternatives.iter_mut().find(|(other, _)| *other == package) {
                Some((_, other)) => *other = other.union(&set),
                None => alternatives.push((package, set)),
            }
        };
        for requirement in dependency.alternatives() {
            let key = target(self.request, &own.source, requirement);
            if let Some(package) = self.universe.find(&key) {
                add(package, self.universe.package(package).accepted(&requirement.version, None));
            }
            for provider in self.universe.providers(&key) {
                let package = self.universe.package(*provider);
                let choosable = package.accepted(&Default::default(), None);
                add(*provider, package.providing(requirement).intersection(&choosable));
            }
        }
        alternatives
    }

    fn encode_conflicts(&mut self) {
        let universe = self.universe;
        for (index, package) in (0u32..).zip(&universe.packages) {
            // Releases that state the same conflict share a guard.
            let mut found: BTreeMap<(u32, String), (Set, Set, Requirement)> = BTreeMap::new();
            for (version, candidate) in (0u32..).zip(&package.candidates) {
                for stated in &candidate.release.conflicts {
                    for (other, versions) in self.opponents(index, &package.key, stated) {
                        let key = (other, format!("{} {}", stated.package, stated.version));
                        let entry = found
                            .entry(key)
                            .or_insert_with(|| (Set::empty(), versions.clone(), stated.clone()));
                        entry.0.insert(version);
                    }
                }
            }
            for ((other, _), (versions, other_versions, stated)) in found {
                let guard = self.guards.len() as u32;
                self.guards.push(Guard { package: index, versions, other, other_versions, stated });
                self.sides.entry(index).or_default().push((guard, Side::First));
                self.sides.entry(other).or_default().push((guard, Side::Second));
            }
        }
    }

    /// The packages that a conflict means: the named one and those that provide it, never the one that states it.
    fn opponents(&self, own: u32, key: &PackageKey, stated: &Requirement) -> Vec<(u32, Set)> {
        let target = target(self.request, &key.source, stated);
        let named =
            self.universe.find(&target).map(|p| (p, self.universe.package(p).in_range(&stated.version)));
        let providers = self.universe.providers(&target).iter();
        let providing = providers.map(|p| (*p, self.universe.package(*p).providing(stated)));
        let mut opponents: BTreeMap<u32, Set> = BTreeMap::new();
        for (package, versions) in named.into_iter().chain(providing) {
            if package != own && !versions.is_empty() {
                let entry = opponents.entry(package).or_default();
                *entry = entry.union(&versions);
            }
        }
        opponents.into_iter().collect()
    }
}

fn demand(demands: &mut Vec<(Node, Set)>, node: Node, set: &Set) {
    match demands.iter_mut().find(|(other, _)| *other == node) {
        Some((_, other)) => *other = other.intersection(set),
        None => demands.push((node, set.clone())),
    }
}
