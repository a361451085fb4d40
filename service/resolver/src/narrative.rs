//! PubGrub's proof, retold: from each wish along what needs what, to where it ends.
//!
//! The derivation tree of PubGrub says which facts make the request impossible, in an order that suits a proof. Here
//! only its leaves are kept and ordered as a person would ask: you want this, it needs that, and that is not there.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use muster_domain::{Dependency, Feature, Needed, Platform, Requirement, SourceId, VersionRange};
use pubgrub::{DerivationTree, External, VersionSet as _};

use crate::{
    Fact, MAX_FACTS, PackageKey,
    index::target,
    label::{channel, list, platforms, range, version_text},
    problem::{Node, Problem},
    request::Memo,
    set::Set,
    solve::Tree,
    universe::{Package, Verdict},
};

/// The leaves of a proof that say something about packages.
#[derive(Default)]
struct Leaves {
    /// Packages that the root asks for.
    wished: BTreeSet<u32>,
    /// By package: the versions that ask for something, per dependency.
    needs: BTreeMap<u32, Vec<(Dependency, Set)>>,
    guards: BTreeSet<u32>,
    /// Whether something is wished that is not there.
    is_unknown_wished: bool,
}

/// What a proof says.
pub(crate) struct Told {
    pub facts: Vec<Fact>,
    /// The wishes in it.
    pub wishes: Vec<PackageKey>,
    /// Where missing packages could come from.
    pub elsewhere: Vec<(PackageKey, SourceId)>,
    /// Features without which a need in it would not be.
    pub optional: Vec<(PackageKey, Feature)>,
}

pub(crate) fn tell<'p>(problem: &Problem<'p>, provider: &Memo<'p>, tree: &Tree) -> Told {
    let leaves = collect(problem, tree);
    let mut teller = Teller {
        problem,
        provider,
        leaves: &leaves,
        told: BTreeSet::new(),
        count: 0,
        elsewhere: Vec::new(),
        optional: Vec::new(),
    };
    let mut facts = Vec::new();
    let mut wishes: Vec<PackageKey> = Vec::new();
    for package in &leaves.wished {
        let key = problem.universe.package(*package).key();
        facts.extend(teller.wish(key));
        wishes.push(key.clone());
    }
    let is_unknown = |key: &PackageKey| leaves.is_unknown_wished && problem.universe.find(key).is_none();
    let wished: BTreeSet<&PackageKey> = problem.request.wished.iter().map(|wish| &wish.package).collect();
    for key in wished.into_iter().filter(|key| is_unknown(key)) {
        facts.extend(teller.wish(key));
        wishes.push(key.clone());
    }
    facts.extend(leaves.guards.iter().map(|guard| teller.conflict(*guard)));
    facts.extend(teller.common_versions());
    if teller.count > MAX_FACTS {
        facts.push(Fact::new("more", [("count", (teller.count - MAX_FACTS).to_string())]));
    }
    wishes.sort();
    let Teller { mut elsewhere, mut optional, .. } = teller;
    elsewhere.sort();
    elsewhere.dedup();
    let name = |(package, feature): &(PackageKey, Feature)| (package.clone(), feature.id.clone());
    optional.sort_by_key(name);
    optional.dedup_by_key(|one| name(one));
    Told { facts, wishes, elsewhere, optional }
}

/// Walks the proof without recursion and visits what is shared once: it can be deep and is a graph.
fn collect(problem: &Problem<'_>, tree: &Tree) -> Leaves {
    let mut leaves = Leaves::default();
    let mut waiting = vec![tree];
    let mut seen = HashSet::new();
    while let Some(tree) = waiting.pop() {
        match tree {
            DerivationTree::Derived(derived) => {
                for cause in [&derived.cause2, &derived.cause1] {
                    if seen.insert(Arc::as_ptr(cause)) {
                        waiting.push(cause);
                    }
                }
            }
            DerivationTree::External(External::FromDependencyOf(from, versions, to, _)) => {
                leaves.add(problem, *from, versions, *to);
            }
            DerivationTree::External(_) => {}
        }
    }
    leaves
}

impl Leaves {
    fn add(&mut self, problem: &Problem<'_>, from: Node, versions: &Set, to: Node) {
        match (from, to) {
            (Node::Root, Node::Impossible) => self.is_unknown_wished = true,
            (Node::Root, Node::Package(package)) => {
                self.wished.insert(package);
            }
            (_, Node::Guard(guard)) => {
                self.guards.insert(guard);
            }
            (Node::Package(package), to) => {
                let needs = self.needs.entry(package).or_default();
                for version in versions.members(problem.universe.package(package).count()) {
                    for edge in problem.edges(package, version).iter().filter(|edge| edge.node == to) {
                        match needs.iter_mut().find(|(dependency, _)| dependency == edge.dependency) {
                            Some((_, versions)) => versions.insert(version),
                            None => needs.push((edge.dependency.clone(), Set::singleton(version))),
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

struct Teller<'a, 'p> {
    problem: &'a Problem<'p>,
    provider: &'a Memo<'p>,
    leaves: &'a Leaves,
    /// Packages whose needs were told.
    told: BTreeSet<u32>,
    count: usize,
    elsewhere: Vec<(PackageKey, SourceId)>,
    optional: Vec<(PackageKey, Feature)>,
}

impl<'p> Teller<'_, 'p> {
    fn package(&self, package: u32) -> Package<'_> {
        self.problem.universe.package(package)
    }

    /// Counts a fact; false once there are enough.
    fn may_tell(&mut self) -> bool {
        self.count += 1;
        self.count <= MAX_FACTS
    }

    fn wish(&mut self, key: &PackageKey) -> Vec<Fact> {
        let package = self.problem.universe.find(key);
        let wishes = self.problem.request.wished.iter().filter(|wish| wish.package == *key);
        let mut facts = Vec::new();
        for wish in wishes {
            if !self.may_tell() {
                continue;
            }
            let fact = match &wish.pin {
                Some(pin) => Fact::new("pinned", [("package", key.to_string()), ("version", pin.label())]),
                None => Fact::new("wished", [("package", key.to_string()), ("range", range(&wish.range))]),
            };
            let accepts =
                |package: &u32| !self.package(*package).accepted(&wish.range, wish.pin.as_ref()).is_empty();
            let because = match package.filter(accepts) {
                Some(package) => self.needs(package),
                None => {
                    let pin = wish.pin.as_ref().and_then(VersionRange::only);
                    self.diagnose(key, pin.as_ref().unwrap_or(&wish.range))
                }
            };
            facts.push(fact.because(because));
        }
        facts
    }

    /// What a package needs, as far as the proof speaks of it, and how that ends.
    fn needs(&mut self, package: u32) -> Vec<Fact> {
        if !self.told.insert(package) {
            return Vec::new();
        }
        let leaves = self.leaves;
        let mut facts = Vec::new();
        for (dependency, versions) in leaves.needs.get(&package).into_iter().flatten() {
            if !self.may_tell() {
                continue;
            }
            let fact = self.need(package, dependency, versions);
            let key = self.package(package).key();
            let features = self.features(package, dependency, versions).into_iter();
            let optional: Vec<_> = features.map(|feature| (key.clone(), feature.clone())).collect();
            self.optional.extend(optional);
            let mut because = Vec::new();
            for requirement in dependency.alternatives() {
                because.extend(self.outcome(package, requirement));
            }
            facts.push(fact.because(because));
        }
        facts
    }

    fn need(&self, package: u32, dependency: &Dependency, versions: &Set) -> Fact {
        let name = self.package(package).key().to_string();
        let mut params = vec![("package", name), ("versions", version_text(self.package(package), versions))];
        let features = self.features(package, dependency, versions);
        let is_for_features = !features.is_empty();
        if is_for_features {
            params.push(("feature", list(features.iter().map(|feature| &feature.title))));
        }
        let code = match (dependency.alternatives(), is_for_features) {
            ([one], _) if self.is_itself(package, one) => {
                params.truncate(2);
                params.push(("range", range(&one.version)));
                "needs-itself"
            }
            ([one], _) => {
                params.extend([("dependency", one.package.to_string()), ("range", range(&one.version))]);
                if is_for_features { "needs-for" } else { "needs" }
            }
            (several, _) => {
                let option = |one: &Requirement| match one.version.is_any() {
                    true => one.package.to_string(),
                    false => format!("{} {}", one.package, one.version.label()),
                };
                params.push(("options", list(several.iter().map(option))));
                if is_for_features { "needs-any-for" } else { "needs-any" }
            }
        };
        Fact::with(code, params)
    }

    /// The features that are on and bring a dependency, as the newest of the versions has them; none where some version
    /// needs it in any case.
    fn features(&self, package: u32, dependency: &Dependency, versions: &Set) -> Vec<&'p Feature> {
        let mut newest = Vec::new();
        for version in versions.members(self.package(package).count()) {
            match self.problem.needed(package, version, dependency) {
                Needed::For(features) => newest = features,
                Needed::Always | Needed::Not => return Vec::new(),
            }
        }
        newest
    }

    fn is_itself(&self, package: u32, requirement: &Requirement) -> bool {
        let key = self.package(package).key();
        target(&self.problem.request.options.mapped, &key.source, requirement) == *key
    }

    /// What becomes of one alternative of a dependency.
    fn outcome(&mut self, package: u32, requirement: &Requirement) -> Vec<Fact> {
        let own = self.package(package).key().source.clone();
        let key = target(&self.problem.request.options.mapped, &own, requirement);
        let alone = Dependency::One(requirement.clone());
        let alternatives = self.problem.alternatives(package, &alone);
        if alternatives.is_empty() {
            return if self.is_itself(package, requirement) {
                Vec::new()
            } else {
                self.diagnose(&key, &requirement.version)
            };
        }
        let mut facts = Vec::new();
        for (package, _) in alternatives {
            let needs = self.needs(package);
            if *self.package(package).key() == key {
                facts.extend(needs);
            } else if self.may_tell() {
                let provider = ("package", self.package(package).key().to_string());
                let stand_in = Fact::new("provided-by", [provider, ("dependency", key.to_string())]);
                facts.push(stand_in.because(needs));
            }
        }
        facts
    }

    /// Why no version of a package can be chosen for a range.
    fn diagnose(&mut self, key: &PackageKey, wanted: &VersionRange) -> Vec<Fact> {
        let name = ("package", key.to_string());
        let found = self.problem.universe.find(key).map(|package| self.package(package));
        let Some(package) = found.filter(|package| package.count() > 0) else {
            return vec![self.diagnose_missing(key)];
        };
        let in_range = package.in_range(wanted);
        if in_range.is_empty() {
            let newest = (0..package.count()).rev().take(5).map(|version| package.version(version).label());
            return vec![Fact::new("no-version", [name, ("range", range(wanted)), ("known", list(newest))])];
        }
        let mut by_reason: BTreeMap<(&'static str, String), Set> = BTreeMap::new();
        for version in in_range.members(package.count()) {
            let reason = match package.verdict(version) {
                Verdict::Yanked(reason) => ("yanked", muster_domain::clean_line(reason, 200)),
                Verdict::Denied(reason) => ("advised-against", muster_domain::clean_line(reason, 400)),
                Verdict::OtherGame => ("other-game", String::new()),
                Verdict::OtherPlatform => ("other-platform", platforms(package.release(version))),
                Verdict::OtherSide => ("other-side", package.release(version).side.as_str().to_owned()),
                Verdict::Held(reason) => ("held", muster_domain::clean_line(reason, 200)),
                Verdict::Replaced => ("replaced", String::new()),
                Verdict::Fits => ("unripe", channel(package.ripeness(version))),
            };
            by_reason.entry(reason).or_default().insert(version);
        }
        let game = self.problem.request.game.as_ref();
        let tell = |((code, detail), versions): ((&'static str, String), Set)| {
            let versions = ("versions", version_text(package, &versions));
            let name = name.clone();
            match code {
                "yanked" | "advised-against" => Fact::new(code, [name, versions, ("reason", detail)]),
                "held" => {
                    let at = package.installed().map(|at| package.version(at).label()).unwrap_or_default();
                    let reason = if detail.is_empty() { "none".to_owned() } else { detail };
                    Fact::new(code, [name, ("version", at), ("reason", reason)])
                }
                "unripe" => Fact::new(code, [name, versions, ("channel", detail)]),
                "other-game" => {
                    let id = game.map(|game| game.id.to_string()).unwrap_or_default();
                    let version = game.and_then(|game| game.versions.first());
                    let version = version.map_or_else(|| "any".to_owned(), ToString::to_string);
                    Fact::new(code, [name, versions, ("game", id), ("game-version", version)])
                }
                "other-platform" => {
                    let platform = self.problem.request.options.role.platform.map(Platform::title);
                    let platform = platform.unwrap_or_default().to_owned();
                    Fact::new(code, [name, versions, ("platforms", detail), ("platform", platform)])
                }
                "other-side" => Fact::new(code, [name, versions, ("side", detail)]),
                _ => Fact::new(code, [name, versions]),
            }
        };
        by_reason.into_iter().map(tell).collect()
    }

    fn diagnose_missing(&mut self, key: &PackageKey) -> Fact {
        let name = ("package", key.to_string());
        if self.provider.is_unreachable(&key.source) {
            return Fact::new("source-unreachable", [name, ("source", key.source.to_string())]);
        }
        let elsewhere = self.provider.elsewhere(key);
        if elsewhere.is_empty() {
            return Fact::new("unknown-package", [name]);
        }
        let sources = list(elsewhere.iter());
        self.elsewhere.extend(elsewhere.into_iter().map(|source| (key.clone(), source)));
        Fact::new("only-elsewhere", [name, ("sources", sources)])
    }

    fn conflict(&mut self, guard: u32) -> Fact {
        let guard = self.problem.guard(guard);
        let package = self.package(guard.package);
        let other = self.package(guard.other);
        let is_named = other.key().id == guard.stated.package;
        // A package in the way because of what it provides is named with the versions that do.
        let range = match is_named {
            true => range(&guard.stated.version),
            false => version_text(other, &guard.other_versions),
        };
        let versions = version_text(package, &guard.versions);
        let (package, other) = (package.key().to_string(), other.key().to_string());
        Fact::new(
            "conflict",
            [("package", package), ("versions", versions), ("other", other), ("range", range)],
        )
    }

    /// Packages of which every demand can be met, but not all of them by one version.
    fn common_versions(&self) -> Vec<Fact> {
        let mut demands: BTreeMap<u32, Vec<Set>> = BTreeMap::new();
        for wish in &self.problem.request.wished {
            if let Some(package) =
                self.problem.universe.find(&wish.package).filter(|p| self.leaves.wished.contains(p))
            {
                let set = self.package(package).accepted(&wish.range, wish.pin.as_ref());
                demands.entry(package).or_default().push(set);
            }
        }
        for (package, needs) in &self.leaves.needs {
            for (dependency, _) in needs {
                let alternatives = self.problem.alternatives(*package, dependency);
                if let [(only, set)] = &alternatives[..] {
                    demands.entry(*only).or_default().push(set.clone());
                }
            }
        }
        let is_split = |sets: &Vec<Set>| {
            let common = sets.iter().fold(Set::full(), |common, set| common.intersection(set));
            sets.iter().all(|set| !set.is_empty()) && common.is_empty()
        };
        let split = demands.into_iter().filter(|(_, sets)| is_split(sets));
        split
            .map(|(package, _)| {
                Fact::new("no-common-version", [("package", self.package(package).key().to_string())])
            })
            .collect()
    }
}
