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
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap},
    fmt,
    rc::Rc,
};

use muster_domain::{Dependency, Needed};
use pubgrub::VersionSet as _;

use crate::{
    Request,
    index::{Guard, Side, target},
    set::Set,
    universe::Universe,
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

/// A requirement of one release in PubGrub's terms.
#[derive(Clone, Debug)]
pub(crate) struct Edge<'a> {
    pub node: Node,
    pub set: Set,
    pub dependency: &'a Dependency,
}

/// The edges of one release.
pub(crate) type Edges<'a> = Rc<[Edge<'a>]>;

pub(crate) struct Problem<'a> {
    pub request: &'a Request,
    pub universe: &'a Universe<'a>,
    wished: BTreeSet<u32>,
    choices: RefCell<Vec<Rc<Alternatives>>>,
    known: RefCell<HashMap<Rc<Alternatives>, u32>>,
    /// By package and version; what a release fulfils itself has no edge.
    edges: RefCell<HashMap<(u32, u32), Edges<'a>>>,
    /// By package: when it was first demanded, from 1.
    ranks: Vec<Cell<u32>>,
    last_rank: Cell<u32>,
}

impl<'a> Problem<'a> {
    pub fn new(request: &'a Request, universe: &'a Universe<'a>) -> Self {
        let problem = Self {
            request,
            universe,
            wished: request.wished.iter().filter_map(|wish| universe.find(&wish.package)).collect(),
            choices: RefCell::default(),
            known: RefCell::default(),
            edges: RefCell::default(),
            ranks: vec![Cell::new(0); universe.index.entries.len()],
            last_rank: Cell::new(0),
        };
        let mut wished: Vec<u32> = problem.wished.iter().copied().collect();
        wished.sort_by(|a, b| universe.package(*a).key().cmp(universe.package(*b).key()));
        wished.into_iter().for_each(|package| problem.note(package));
        problem
    }

    pub fn is_wished(&self, package: u32) -> bool {
        self.wished.contains(&package)
    }

    pub fn wished(&self) -> impl Iterator<Item = u32> {
        self.wished.iter().copied()
    }

    /// The alternatives of a choice.
    pub fn choice(&self, choice: u32) -> Rc<Alternatives> {
        self.choices.borrow()[choice as usize].clone()
    }

    pub fn guard(&self, guard: u32) -> &'a Guard {
        &self.universe.index.guards[guard as usize]
    }

    /// How early a package was demanded: 1 is the first.
    pub fn rank(&self, package: u32) -> u32 {
        self.ranks[package as usize].get()
    }

    fn note(&self, package: u32) {
        if self.rank(package) == 0 {
            self.last_rank.set(self.last_rank.get() + 1);
            self.ranks[package as usize].set(self.last_rank.get());
        }
    }

    /// The edges of one release, in the order of its dependencies.
    pub fn edges(&self, package: u32, version: u32) -> Edges<'a> {
        if let Some(known) = self.edges.borrow().get(&(package, version)) {
            return known.clone();
        }
        let edges: Edges<'a> = self.encode(package, version).into();
        self.edges.borrow_mut().insert((package, version), edges.clone());
        edges
    }

    /// Everything a node in one version depends on; two demands on one node are both meant.
    pub fn dependencies(&self, node: Node, version: u32) -> Vec<(Node, Set)> {
        match node {
            Node::Root => self.wishes(),
            Node::Guard(_) | Node::Impossible => Vec::new(),
            Node::Choice(choice) => {
                let (package, set) = &self.choice(choice)[version as usize];
                vec![(Node::Package(*package), set.clone())]
            }
            Node::Package(package) => {
                let mut demands: Vec<(Node, Set)> = Vec::new();
                for edge in &*self.edges(package, version) {
                    demand(&mut demands, edge.node, &edge.set);
                }
                for (guard, number, side) in self.universe.index.sides(package) {
                    let (versions, side) = match side {
                        Side::First => (&guard.versions, 0),
                        Side::Second => (&guard.other_versions, 1),
                    };
                    if versions.contains(&version) {
                        demand(&mut demands, Node::Guard(number), &Set::singleton(side));
                    }
                }
                demands
            }
        }
    }

    fn wishes(&self) -> Vec<(Node, Set)> {
        let mut demands = Vec::new();
        for wish in &self.request.wished {
            match self.universe.find(&wish.package) {
                Some(package) => {
                    let set = self.universe.package(package).accepted(&wish.range, wish.pin.as_ref());
                    demand(&mut demands, Node::Package(package), &set);
                }
                None => demand(&mut demands, Node::Impossible, &Set::empty()),
            }
        }
        demands
    }

    fn encode(&self, package: u32, version: u32) -> Vec<Edge<'a>> {
        let entry = &self.universe.index.entries[package as usize];
        let mut edges = Vec::new();
        for (at, dependency) in entry.releases[version as usize].depends.iter().enumerate() {
            let Some(mut alternatives) = self.alternatives_at(package, version, at) else { continue };
            let itself = alternatives.iter().position(|(other, _)| *other == package);
            if itself.is_some_and(|at| alternatives[at].1.contains(&version)) {
                continue;
            }
            alternatives.retain(|(other, _)| *other != package);
            alternatives.iter().for_each(|(other, _)| self.note(*other));
            edges.push(self.edge(package, dependency, alternatives));
        }
        edges
    }

    fn edge(&self, own: u32, dependency: &'a Dependency, mut alternatives: Alternatives) -> Edge<'a> {
        if alternatives.is_empty() {
            // Impossible; shown as a demand for no version at all of the package that was meant first.
            let source = &self.universe.index.entries[own as usize].key.source;
            let meant = dependency
                .alternatives()
                .first()
                .and_then(|first| self.universe.find(&target(&self.request.options.mapped, source, first)));
            let node = meant.filter(|meant| *meant != own).map_or(Node::Impossible, Node::Package);
            return Edge { node, set: Set::empty(), dependency };
        }
        if alternatives.len() == 1 {
            let (package, set) = alternatives.remove(0);
            return Edge { node: Node::Package(package), set, dependency };
        }
        let count = alternatives.len() as u32;
        Edge { node: Node::Choice(self.choose_among(alternatives)), set: (0..count).collect(), dependency }
    }

    /// The choice among these alternatives; equal ones are one choice.
    fn choose_among(&self, alternatives: Alternatives) -> u32 {
        let alternatives = Rc::new(alternatives);
        let mut choices = self.choices.borrow_mut();
        let next = choices.len() as u32;
        let choice = *self.known.borrow_mut().entry(alternatives.clone()).or_insert(next);
        if choice == next {
            choices.push(alternatives);
        }
        choice
    }

    /// What fulfils each dependency of a release that there is to fulfil.
    pub fn all_alternatives(&self, package: u32, version: u32) -> Vec<Alternatives> {
        self.fulfillable(package, version).map(|(_, alternatives)| alternatives).collect()
    }

    /// The dependencies of a release that there are to fulfil, by their place in its list, and what fulfils them.
    pub fn fulfillable(&self, package: u32, version: u32) -> impl Iterator<Item = (usize, Alternatives)> {
        let count = self.universe.index.entries[package as usize].depends[version as usize].len();
        (0..count).filter_map(move |at| Some((at, self.alternatives_at(package, version, at)?)))
    }

    /// Whether a dependency of a release is needed, by the features that the player wants of the package.
    pub fn needed(&self, package: u32, version: u32, dependency: &Dependency) -> Needed<'a> {
        let entry = &self.universe.index.entries[package as usize];
        let choice = self.request.options.features.get(&entry.key);
        entry.releases[version as usize].needed(dependency, choice)
    }

    /// What fulfils a dependency that some release of the package has.
    pub fn alternatives(&self, package: u32, dependency: &Dependency) -> Alternatives {
        let index = self.universe.index;
        self.fulfilling(&index.relations_of(&index.entries[package as usize].key.source, dependency))
    }

    /// None where the dependency is one of the other side only, or of features that are off.
    fn alternatives_at(&self, package: u32, version: u32, at: usize) -> Option<Alternatives> {
        let index = self.universe.index;
        let dependency = &index.entries[package as usize].releases[version as usize].depends[at];
        if self.needed(package, version, dependency) == Needed::Not {
            return None;
        }
        let relations = &index.entries[package as usize].depends[version as usize][at];
        let alternatives = self.fulfilling(relations);
        (!alternatives.is_empty() || !self.universe.is_met_elsewhere(relations)).then_some(alternatives)
    }

    /// In the author's order; a package itself before those that provide it.
    fn fulfilling(&self, relations: &[u32]) -> Alternatives {
        let mut alternatives: Alternatives = Vec::new();
        for relation in relations {
            for (package, set) in self.universe.fulfilling(&self.universe.index.relations[*relation as usize])
            {
                match alternatives.iter_mut().find(|(other, _)| *other == package) {
                    Some((_, other)) => *other = other.union(&set),
                    None => alternatives.push((package, set)),
                }
            }
        }
        alternatives
    }
}

fn demand(demands: &mut Vec<(Node, Set)>, node: Node, set: &Set) {
    match demands.iter_mut().find(|(other, _)| *other == node) {
        Some((_, other)) => *other = other.intersection(set),
        None => demands.push((node, set.clone())),
    }
}
