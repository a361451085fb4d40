//! Why a package is in a profile: who asked for it and what needs it, by the features that bring it.
//!
//! What needs what stands in the lock. Which features that is for stands in what the publishers signed about the versions that
//! are there, as it is stored here: no source is asked. Where nothing is stored, a need is one in any case.

use std::collections::{BTreeSet, HashMap};

use muster_domain::{
    FeatureChoice, Lock, LockedPackage, Needed, ProfileId, Release, Requirement, Side, Version,
};

use crate::{Engine, EngineError, Key};

/// Why a package is in a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyView {
    pub key: Key,
    pub title: String,
    pub version: Version,
    /// Whether the player asked for it.
    pub is_wished: bool,
    pub side: Side,
    /// One way from each package that the player asked for and that leads here, ends included; shortest first. A way that
    /// holds whatever is switched on goes before a shorter one that does not.
    pub chains: Vec<Vec<WhyStep>>,
}

/// A package on the way to one that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyStep {
    pub key: Key,
    pub title: String,
    /// Titles of its features, all of them on, without which it would not need the next package; empty where it does in any
    /// case.
    pub for_features: Vec<String>,
}

/// What needs what: places in the list of a lock, with the titles of the features that it is for.
type Needs = Vec<HashMap<usize, Vec<String>>>;

impl Engine {
    /// Why a package is in a profile.
    ///
    /// # Errors
    /// [`EngineError::NotInstalled`] where it is not in it.
    pub async fn why(&self, profile: ProfileId, key: &Key) -> Result<WhyView, EngineError> {
        let lock = self.profile(profile).await?.lock;
        let is_it = |package: &LockedPackage| Key::of(package) == *key;
        let Some(goal) = lock.packages.iter().position(is_it) else {
            return Err(EngineError::NotInstalled { id: key.id.clone() });
        };
        let mut needs = needs(&lock);
        let leading = leading_to(&needs, goal);
        let mut releases = HashMap::new();
        for at in &leading {
            if let Some(release) = self.stored_release(&lock.packages[*at]).await {
                releases.insert(*at, release);
            }
        }
        name_features(&mut needs, &lock, &releases);
        let mut chains = Vec::new();
        for way in ways(&needs, &lock, goal) {
            let mut chain = Vec::with_capacity(way.len());
            for (at, next) in way.iter().zip(way.iter().skip(1).map(Some).chain([None])) {
                let key = Key::of(&lock.packages[*at]);
                let for_features = next.and_then(|next| needs[*at].get(next)).cloned().unwrap_or_default();
                chain.push(WhyStep { title: self.title(&key).await, key, for_features });
            }
            chains.push(chain);
        }
        let LockedPackage { version, wished, side, .. } = lock.packages[goal].clone();
        Ok(WhyView {
            title: self.title(key).await,
            key: key.clone(),
            version,
            is_wished: wished,
            side,
            chains,
        })
    }

    /// What was signed about the version that is there. Archives of other services have no features.
    async fn stored_release(&self, package: &LockedPackage) -> Option<Release> {
        if package.recipe.is_some() {
            return None;
        }
        let facts = self.catalog().stored_facts(&package.source, &package.id).await.unwrap_or_default();
        let releases = facts.into_iter().map(|fact| fact.release);
        let is_it =
            |release: &Release| release.version == package.version && release.archive == package.archive;
        releases.into_iter().find(is_it)
    }
}

/// What needs what, as the lock has it: of two packages of a name, the one of the same source.
fn needs(lock: &Lock) -> Needs {
    let find = |is_it: &dyn Fn(&LockedPackage) -> bool| lock.packages.iter().position(is_it);
    let needed = |package: &LockedPackage| {
        let places = package.needs.iter().filter_map(|id| {
            find(&|other| other.id == *id && other.source == package.source)
                .or_else(|| find(&|other| other.id == *id))
        });
        places.map(|at| (at, Vec::new())).collect()
    };
    lock.packages.iter().map(needed).collect()
}

/// The package and everything that leads to it.
fn leading_to(needs: &Needs, goal: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([goal]);
    let mut waiting = vec![goal];
    while let Some(at) = waiting.pop() {
        let above = (0..needs.len()).filter(|above| needs[*above].contains_key(&at));
        waiting.extend(above.filter(|above| found.insert(*above)));
    }
    found
}

/// Writes down which needs are only there for features.
fn name_features(needs: &mut Needs, lock: &Lock, releases: &HashMap<usize, Release>) {
    for (at, release) in releases.iter().filter(|(_, release)| !release.features.is_empty()) {
        let choice = lock.features_of(&release.source, &release.id);
        let needed: Vec<usize> = needs[*at].keys().copied().collect();
        let known = |at: usize| (&lock.packages[at], releases.get(&at));
        for (next, features) in &mut needs[*at] {
            *features = features_for(*next, (release, &choice), &needed, &known);
        }
    }
}

/// Titles of the features without which a release would not need one of the packages that it needs; none where an entry that
/// no feature names leads there, too.
fn features_for<'a>(
    next: usize,
    (release, choice): (&Release, &FeatureChoice),
    needed: &[usize],
    known: &dyn Fn(usize) -> (&'a LockedPackage, Option<&'a Release>),
) -> Vec<String> {
    let mut titles = Vec::new();
    for dependency in &release.depends {
        let fulfilling = |one: &Requirement| {
            let named = needed.iter().find(|at| is_named(one, known(**at).0));
            named.or_else(|| needed.iter().find(|at| provides(known(**at).1, one))).copied()
        };
        // The author's first alternative that is there is the one that is needed.
        if dependency.alternatives().iter().find_map(fulfilling) != Some(next) {
            continue;
        }
        match release.needed(dependency, Some(choice)) {
            Needed::Always => return Vec::new(),
            Needed::For(features) => titles.extend(features.into_iter().map(|feature| feature.title.clone())),
            Needed::Not => {}
        }
    }
    titles.sort();
    titles.dedup();
    titles
}

fn is_named(requirement: &Requirement, package: &LockedPackage) -> bool {
    requirement.package == package.id && requirement.version.matches(&package.version)
}

fn provides(release: Option<&Release>, requirement: &Requirement) -> bool {
    release.is_some_and(|release| release.provides.iter().any(|one| one.package == requirement.package))
}

/// A way from each other package that the player asked for and that leads to the goal, shortest first.
fn ways(needs: &Needs, lock: &Lock, goal: usize) -> Vec<Vec<usize>> {
    let next = towards(needs, goal);
    let starts = (0..lock.packages.len()).filter(|at| *at != goal && lock.packages[*at].wished);
    let way = |start: usize| std::iter::successors(Some(start), |at| next.get(at).copied()).collect();
    let mut ways: Vec<Vec<usize>> = starts.filter(|start| next.contains_key(start)).map(way).collect();
    let ids = |way: &Vec<usize>| way.iter().map(|at| lock.packages[*at].id.to_string()).collect::<Vec<_>>();
    ways.sort_by_cached_key(|way| (way.len(), ids(way)));
    ways
}

/// For every package that leads to the goal: the next one on the way there that depends on the fewest features, and of those on
/// the shortest.
fn towards(needs: &Needs, goal: usize) -> HashMap<usize, usize> {
    let mut settled: HashMap<usize, Option<usize>> = HashMap::new();
    // Dijkstra (1959); features and steps so far, the package, and the one after it.
    let mut waiting: BTreeSet<((usize, usize), usize, Option<usize>)> =
        BTreeSet::from([((0, 0), goal, None)]);
    while let Some(((features, steps), at, next)) = waiting.pop_first() {
        if settled.contains_key(&at) {
            continue;
        }
        settled.insert(at, next);
        for (from, needed) in needs.iter().enumerate() {
            if let Some(titles) = needed.get(&at) {
                let features = features + usize::from(!titles.is_empty());
                waiting.insert(((features, steps + 1), from, Some(at)));
            }
        }
    }
    settled.into_iter().filter_map(|(at, next)| Some((at, next?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock of lines `name needs…`; a star before a name means wished.
    fn lock(lines: &[&str]) -> Lock {
        let packages = lines.iter().map(|line| {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default();
            let needs: Vec<String> = words.map(|word| format!("{word:?}")).collect();
            format!(
                "[[package]]\nsource = \"ckan:ksp\"\nid = {:?}\nversion = \"ckan:1.0\"\nkind = \"mod\"\nsha256 = \"{}\"\nsize = 1\nwished = {}\nneeds = [{}]\n",
                name.trim_start_matches('*'),
                "0".repeat(64),
                name.starts_with('*'),
                needs.join(", ")
            )
        });
        Lock::parse(&format!("format = 1\n{}", packages.collect::<String>())).expect("a lock")
    }

    fn place(lock: &Lock, id: &str) -> usize {
        lock.packages.iter().position(|package| package.id.as_str() == id).expect("locked")
    }

    fn told(lock: &Lock, needs: &Needs, id: &str) -> Vec<String> {
        let id_of = |at: &usize| lock.packages[*at].id.to_string();
        let chain = |way: Vec<usize>| way.iter().map(id_of).collect::<Vec<_>>().join(" ");
        ways(needs, lock, place(lock, id)).into_iter().map(chain).collect()
    }

    #[test]
    fn every_wish_that_leads_to_a_package_is_told_by_its_shortest_way() {
        let lock = lock(&["*tower gears lib", "*clock tower", "gears lib", "lib", "*lamp", "loose lib"]);
        let needs = needs(&lock);
        assert_eq!(told(&lock, &needs, "lib"), ["tower lib", "clock tower lib"]);
        assert_eq!(told(&lock, &needs, "tower"), ["clock tower"]);
        assert!(told(&lock, &needs, "lamp").is_empty());
        let leading = leading_to(&needs, place(&lock, "gears"));
        assert_eq!(leading, ["clock", "gears", "tower"].map(|id| place(&lock, id)).into());
    }

    #[test]
    fn packages_that_need_each_other_end() {
        let lock = lock(&["*a b", "b c", "c b"]);
        let needs = needs(&lock);
        assert_eq!(told(&lock, &needs, "b"), ["a b"]);
        assert_eq!(told(&lock, &needs, "c"), ["a b c"]);
    }

    #[test]
    fn a_way_that_holds_whatever_is_switched_on_is_told_before_a_shorter_one_that_does_not() {
        let lock = lock(&["*tower gears lib", "*clock lib", "gears lib", "lib"]);
        let mut needs = needs(&lock);
        let lib = place(&lock, "lib");
        for id in ["tower", "clock"] {
            needs[place(&lock, id)].insert(lib, vec!["Sound".to_owned()]);
        }
        assert_eq!(told(&lock, &needs, "lib"), ["clock lib", "tower gears lib"]);
    }
}
