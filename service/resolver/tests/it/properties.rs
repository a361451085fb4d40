//! The resolver against a brute-force search over every small universe that proptest can think of.

use std::{collections::BTreeMap, sync::Arc};

use muster_domain::{
    Channel, Dependency, Feature, Platform, Release, Requirement, Side, Version, VersionRange,
};
use muster_resolver::{Index, Request, Role, Update, resolve};
use proptest::prelude::*;

use crate::common::{Build, Catalog, by_key, catalog, chosen, key, lock, release, request};

const NAMES: [&str; 5] = ["aa", "bb", "cc", "dd", "ee"];
const VERSIONS: [&str; 4] = ["1.0.0", "1.1.0", "2.0.0", "2.1.0-rc.1"];
const FEATURES: [&str; 2] = ["f1", "f2"];
const RANGES: [&str; 7] = ["*", "^1", "^2", "=1.0.0", ">=1.1.0", "<2", ">=2.1.0-rc.1"];

type Chosen<'a> = BTreeMap<&'a str, &'a Release>;

fn a_requirement() -> impl Strategy<Value = String> {
    (0..NAMES.len(), 0..RANGES.len()).prop_map(|(name, range)| format!("{} {}", NAMES[name], RANGES[range]))
}

fn a_release(name: usize, version: usize) -> impl Strategy<Value = Release> {
    let needs = prop::collection::vec(prop::collection::vec(a_requirement(), 1..3), 0..3);
    let conflicts = prop::collection::vec(a_requirement(), 0..2);
    let provides = prop::option::weighted(0.2, (0..NAMES.len(), prop::option::of(0..3usize)));
    let brings = prop::sample::subsequence(NAMES.to_vec(), 1..3);
    let features = prop::collection::btree_map(0..FEATURES.len(), (any::<bool>(), brings), 0..2);
    let all = (needs, conflicts, provides, features, 0u8..16);
    all.prop_map(move |(needs, conflicts, provides, features, luck)| {
        let mut built = release(&format!("{} {}", NAMES[name], VERSIONS[version]));
        for alternatives in needs {
            built = built.needs(&alternatives.join("|"));
        }
        for (feature, (is_on, brings)) in features {
            let mark = if is_on { "!" } else { "" };
            built = built.feature(&format!("{}{mark}", FEATURES[feature]), &brings);
        }
        for conflict in conflicts {
            built = built.conflicts(&conflict);
        }
        built = match provides {
            Some((other, Some(number))) => built.provides(&format!("{} {}", NAMES[other], VERSIONS[number])),
            Some((other, None)) => built.provides(NAMES[other]),
            None => built,
        };
        match luck {
            0 => built.yanked("broken"),
            1 => built.channel(Channel::Beta),
            2 => built.channel(Channel::Dev),
            3 | 4 => built.side(Side::Client),
            5 => built.side(Side::Server),
            6 => built.on("windows").on("plan9"),
            _ => built,
        }
    })
}

fn a_catalog() -> impl Strategy<Value = Catalog> {
    let package = |name: usize| {
        prop::collection::btree_set(0..VERSIONS.len(), 0..=VERSIONS.len()).prop_flat_map(move |versions| {
            versions.into_iter().map(|v| a_release(name, v)).collect::<Vec<_>>()
        })
    };
    (package(0), package(1), package(2), package(3), package(4))
        .prop_map(|(a, b, c, d, e)| catalog([a, b, c, d, e].into_iter().flatten()))
}

fn a_role() -> impl Strategy<Value = Role> {
    let side = prop::sample::select(vec![Side::Client, Side::Server, Side::Both]);
    let platform = prop::option::of(prop::sample::select(Platform::ALL.to_vec()));
    (side, platform, any::<bool>()).prop_map(|(side, platform, is_new)| Role { side, platform, is_new })
}

fn a_request() -> impl Strategy<Value = Request> {
    let wishes = prop::collection::vec(a_requirement(), 1..4);
    let installed = prop::collection::btree_map(0..NAMES.len(), 0..VERSIONS.len(), 0..4);
    let held = prop::collection::btree_set(0..NAMES.len(), 0..2);
    let own = prop::option::of((0..NAMES.len(), 0usize..3));
    let choices = prop::collection::vec((0..NAMES.len(), 0..FEATURES.len(), any::<bool>()), 0..4);
    (wishes, installed, held, any::<bool>(), 0usize..3, own, a_role(), choices).prop_map(
        |(wishes, installed, held, update, channel, own, role, choices)| {
            let wishes: Vec<&str> = wishes.iter().map(String::as_str).collect();
            let mut asked = request(&wishes);
            let locked: Vec<String> =
                installed.iter().map(|(n, v)| format!("{} {}", NAMES[*n], VERSIONS[*v])).collect();
            asked.installed = lock(&locked.iter().map(String::as_str).collect::<Vec<_>>());
            asked.options.held =
                held.into_iter().map(|name| (key(NAMES[name]), "for a reason".to_owned())).collect();
            asked.options.update = if update { Update::Everything } else { Update::Nothing };
            let channels = [Channel::Stable, Channel::Beta, Channel::Dev];
            asked.options.channel = channels[channel];
            asked.options.role = role;
            for (name, feature, on) in choices {
                let choice = asked.options.features.entry(key(NAMES[name])).or_default();
                choice.insert(FEATURES[feature].parse().expect("a feature"), on);
            }
            asked.options.channels =
                own.map(|(name, channel)| (key(NAMES[name]), channels[channel])).into_iter().collect();
            asked
        },
    )
}

/// The rules once more, as plainly as possible.
struct Rules<'a> {
    catalog: &'a Catalog,
    request: &'a Request,
}

impl Rules<'_> {
    fn in_range(range: &VersionRange, version: &Version) -> bool {
        range.is_any() || range.matches(version)
    }

    fn ripeness(release: &Release) -> Channel {
        if release.version.is_prerelease() { release.channel.min(Channel::Beta) } else { release.channel }
    }

    fn is_locked(&self, release: &Release) -> bool {
        let locked = self.request.installed.get(&release.source, &release.id);
        locked.is_some_and(|locked| locked.version == release.version)
    }

    fn is_usable(&self, release: &Release) -> bool {
        let is_held = self.request.options.held.keys().any(|held| held.id == release.id);
        let is_installed = self.request.installed.get(&release.source, &release.id).is_some();
        let may_move = !is_held || !is_installed || self.is_locked(release);
        may_move && self.may_be_chosen(release) && !self.is_of_the_other_side(release)
    }

    fn is_of_the_other_side(&self, release: &Release) -> bool {
        let role = &self.request.options.role;
        let is_for_it = [release.side, role.side].contains(&Side::Both) || release.side == role.side;
        !is_for_it && (role.is_new || !self.is_locked(release))
    }

    /// Whatever side it is for, and whatever is held.
    fn may_be_chosen(&self, release: &Release) -> bool {
        let role = &self.request.options.role;
        let runs = role.platform.is_none_or(|on| {
            release.platforms.is_empty() || release.platforms.contains(&on.as_str().to_owned())
        });
        let is_judged = role.is_new || !self.is_locked(release);
        (runs || !is_judged) && (release.yanked.is_none() || self.is_locked(release))
    }

    fn accepts(&self, range: &VersionRange, release: &Release) -> bool {
        let usable = self.catalog.0.iter().filter(|other| other.id == release.id && self.is_usable(other));
        let ripest = usable.map(|other| Self::ripeness(other)).max().unwrap_or_default();
        let names_it =
            release.version.is_prerelease() && release.channel == Channel::Stable && !range.is_any();
        let own = self.request.options.channels.iter().find(|(key, _)| key.id == release.id);
        let wanted = own.map_or(self.request.options.channel, |(_, channel)| *channel);
        let is_ripe = Self::ripeness(release) >= ripest.min(wanted);
        self.is_usable(release)
            && Self::in_range(range, &release.version)
            && (is_ripe || self.is_locked(release) || names_it)
    }

    fn provides(requirement: &Requirement, release: &Release) -> bool {
        release.provides.iter().any(|provided| {
            provided.package == requirement.package
                && match &provided.version {
                    Some(version) => Self::in_range(&requirement.version, version),
                    None => requirement.version.is_any(),
                }
        })
    }

    fn fulfils(&self, requirement: &Requirement, release: &Release) -> bool {
        let is_named = release.id == requirement.package && self.accepts(&requirement.version, release);
        is_named || (Self::provides(requirement, release) && self.accepts(&VersionRange::any(), release))
    }

    fn hold(&self, chosen: &Chosen<'_>) -> bool {
        let wishes = self.request.wished.iter().all(|wish| {
            let there = chosen.get(wish.package.id.as_str());
            there.is_some_and(|release| self.accepts(&wish.range, release))
        });
        wishes
            && chosen
                .values()
                .all(|release| self.needs_hold(release, chosen) && self.is_at_peace(release, chosen))
    }

    fn needs_hold(&self, release: &Release, chosen: &Chosen<'_>) -> bool {
        release.depends.iter().all(|dependency| {
            let mut alternatives = dependency.alternatives().iter();
            alternatives.any(|one| chosen.values().any(|other| self.fulfils(one, other)))
                || self.is_for_the_other_side(dependency)
                || self.is_done_without(release, dependency)
        })
    }

    /// Features bring it, and all of them are off.
    fn is_done_without(&self, release: &Release, dependency: &Dependency) -> bool {
        let first = &dependency.alternatives()[0].package;
        let choice = self.request.options.features.iter().find(|(key, _)| key.id == release.id);
        let is_on = |feature: &Feature| match choice.and_then(|(_, choice)| choice.get(&feature.id)) {
            Some(on) => *on,
            None => feature.default,
        };
        let bringing = || release.features.iter().filter(|feature| feature.depends.contains(first));
        bringing().next().is_some() && !bringing().any(is_on)
    }

    /// Nothing here fulfils it, would not if nothing were installed or held either, and something does where nobody asks.
    fn is_for_the_other_side(&self, dependency: &Dependency) -> bool {
        let mut asked = self.request.clone();
        asked.installed = lock(&[]);
        asked.options.held.clear();
        let anew = Rules { catalog: self.catalog, request: &asked };
        let all =
            || dependency.alternatives().iter().flat_map(|one| self.catalog.0.iter().map(move |r| (one, r)));
        let is_meant = |one: &Requirement, release: &Release| {
            let is_named = release.id == one.package && Self::in_range(&one.version, &release.version);
            is_named || Self::provides(one, release)
        };
        !all().any(|(one, release)| self.fulfils(one, release) || anew.fulfils(one, release))
            && all().any(|(one, release)| {
                is_meant(one, release) && anew.may_be_chosen(release) && anew.is_of_the_other_side(release)
            })
    }

    fn is_at_peace(&self, release: &Release, chosen: &Chosen<'_>) -> bool {
        release.conflicts.iter().all(|stated| {
            chosen.values().filter(|other| other.id != release.id).all(|other| {
                let is_named = other.id == stated.package && Self::in_range(&stated.version, &other.version);
                !is_named && !Self::provides(stated, other)
            })
        })
    }

    /// Tries every set of releases with at most one per package.
    fn any_solution(&self) -> bool {
        let mut options: Vec<Vec<Option<&Arc<Release>>>> = Vec::new();
        for name in NAMES {
            let releases = self.catalog.0.iter().filter(|release| release.id.as_str() == name);
            options.push(std::iter::once(None).chain(releases.map(Some)).collect());
        }
        let total: usize = options.iter().map(Vec::len).product();
        (0..total).any(|mut number| {
            let mut chosen = Chosen::new();
            for (name, options) in NAMES.iter().zip(&options) {
                if let Some(release) = options[number % options.len()] {
                    chosen.insert(name, release);
                }
                number /= options.len();
            }
            self.hold(&chosen)
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn finds_a_solution_exactly_where_there_is_one(catalog in a_catalog(), asked in a_request()) {
        let rules = Rules { catalog: &catalog, request: &asked };
        let prepared = Index::new(catalog.0.iter().cloned()).resolve(&asked);
        if let Ok(resolution) = &prepared {
            let by_key = by_key(resolution);
            let chosen: Chosen<'_> = by_key.iter().map(|(key, release)| (key.id.as_str(), *release)).collect();
            prop_assert!(rules.hold(&chosen), "wrong: {:?}", chosen.values().collect::<Vec<_>>());
        }
        let answer = resolve(&asked, &catalog);
        prop_assert_eq!(prepared.is_ok(), answer.is_ok());
        match answer {
            Ok(resolution) => {
                let by_key = by_key(&resolution);
                let chosen: Chosen<'_> = by_key.iter().map(|(key, release)| (key.id.as_str(), *release)).collect();
                prop_assert!(rules.hold(&chosen), "wrong: {:?}", chosen.values().collect::<Vec<_>>());
                for package in &resolution.packages {
                    let is_reached = package.wished
                        || resolution.packages.iter().any(|other| other.needs.contains(&package.key()));
                    prop_assert!(is_reached, "nothing needs {:?}", package.key());
                }
            }
            Err(explanation) => {
                prop_assert!(!rules.any_solution(), "missed: {}", crate::common::outline(&explanation));
                prop_assert!(!explanation.wishes.is_empty());
                let told = crate::common::outline(&explanation);
                for wish in &explanation.wishes {
                    prop_assert!(told.contains(wish.id.as_str()));
                }
                prop_assert!(explanation.fact.all().len() > 2, "says nothing: {}", told);
            }
        }
    }

    #[test]
    fn the_order_of_the_catalog_does_not_matter(catalog in a_catalog(), asked in a_request()) {
        let mut turned = catalog.clone();
        turned.0.reverse();
        let mut other = asked.clone();
        other.wished.reverse();
        match (resolve(&asked, &catalog), resolve(&asked, &turned)) {
            (Ok(a), Ok(b)) => prop_assert_eq!(a, b),
            (Err(a), Err(b)) => prop_assert_eq!(a, b),
            _ => prop_assert!(false, "solved or not by chance"),
        }
        prop_assert_eq!(resolve(&asked, &catalog).is_ok(), resolve(&other, &catalog).is_ok());
    }

    #[test]
    fn solving_again_what_was_solved_changes_nothing(catalog in a_catalog(), mut asked in a_request()) {
        asked.options.update = Update::Nothing;
        if let Ok(first) = resolve(&asked, &catalog) {
            asked.installed = lock(&chosen(&first).iter().map(String::as_str).collect::<Vec<_>>());
            for locked in &mut asked.installed.packages {
                let package = first.packages.iter().find(|package| package.release.id == locked.id);
                let needs = &package.expect("chosen").needs;
                locked.needs = needs.iter().map(|key| key.id.clone()).collect();
            }
            let again = resolve(&asked, &catalog).expect("still solvable");
            prop_assert_eq!(chosen(&again), chosen(&first));
            prop_assert!(again.is_unchanged());
        }
    }

    #[test]
    fn every_fix_helps(catalog in a_catalog(), asked in a_request()) {
        if let Err(explanation) = resolve(&asked, &catalog) {
            for fix in &explanation.fixes {
                let mut changed = asked.clone();
                match fix {
                    muster_resolver::Fix::LeaveOut { packages } => {
                        changed.wished.retain(|wish| !packages.contains(&wish.package));
                    }
                    muster_resolver::Fix::AllowChannel { channel, .. } => {
                        changed.options.channel = *channel;
                        changed.options.channels.values_mut().for_each(|own| *own = (*own).min(*channel));
                    }
                    muster_resolver::Fix::AllowVersion { package, .. } => {
                        let wishes = changed.wished.iter_mut().filter(|wish| wish.package == *package);
                        wishes.for_each(|wish| wish.range = VersionRange::any());
                    }
                    muster_resolver::Fix::LetMove { package } => {
                        changed.options.held.remove(package);
                    }
                    muster_resolver::Fix::UseSource { .. } => unreachable!("there is one source"),
                    muster_resolver::Fix::WithoutFeature { package, feature, .. } => {
                        let choice = changed.options.features.entry(package.clone()).or_default();
                        choice.insert(feature.clone(), false);
                    }
                }
                prop_assert!(resolve(&changed, &catalog).is_ok(), "{:?}", fix);
            }
        }
    }
}

#[test]
fn keys_are_by_source_and_id() {
    assert_ne!(
        key("aa"),
        muster_resolver::PackageKey {
            source: crate::common::source("modrinth"),
            id: crate::common::id("aa")
        }
    );
}
