//! Features of packages: what the player chose, what is left of it after a change, and what a preview shows of it.
//!
//! Choices are part of the lock, so that the history has them, an undo takes them back, and copies have them. Only what the
//! player said is written down: everything else is as the authors say in the version that is there.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{
    Dependency, Feature, FeatureChoice, FeatureId, Lock, LockedPackage, PackageFeature, PackageId, Release,
    Version,
};
use muster_resolver::{PackageKey, Provider as _, Resolution};
use muster_store::state::Profile;

use crate::{
    Action, ChangeRequest, Engine, EngineError, Item, Key, Reason, change::ChooseFeature, facts::FactBook,
};

/// Packages of one preview whose features are shown.
const MAX_SHOWN: usize = 100;

/// A feature as players see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureView {
    pub id: FeatureId,
    pub title: String,
    pub summary: String,
    /// Whether it is on where the player says nothing.
    pub default: bool,
    pub on: bool,
    /// Whether the version that is here does not have it.
    pub is_new: bool,
    /// Titles of the packages that it brings.
    pub brings: Vec<String>,
}

/// The features of one package of a preview.
#[derive(Clone, Debug)]
pub struct PlanFeatures {
    pub key: Key,
    pub title: String,
    pub features: Vec<FeatureView>,
}

/// For which features of which packages something is needed, where nothing else needs it of them.
pub(crate) type ForFeatures = BTreeMap<Key, Vec<(Key, FeatureId)>>;

/// What the player chose: as before, and as is said now.
pub(crate) fn choices(lock: &Lock, request: &ChangeRequest) -> Vec<PackageFeature> {
    let is_said = |of: &&PackageFeature| {
        let is_it = |new: &ChooseFeature| {
            new.key.source == of.source && new.key.id == of.id && new.feature == of.feature
        };
        !request.features.iter().any(is_it)
    };
    let kept = lock.package_features.iter().filter(is_said).cloned();
    let new = request.features.iter().filter_map(|choose| {
        let Key { source, id } = choose.key.clone();
        Some(PackageFeature { source, id, feature: choose.feature.clone(), on: choose.on? })
    });
    kept.chain(new).collect()
}

/// The same by package.
pub(crate) fn by_package(choices: &[PackageFeature]) -> BTreeMap<PackageKey, FeatureChoice> {
    let mut found: BTreeMap<PackageKey, FeatureChoice> = BTreeMap::new();
    for of in choices {
        let key = PackageKey { source: of.source.clone(), id: of.id.clone() };
        found.entry(key).or_default().insert(of.feature.clone(), of.on);
    }
    found
}

/// The choices that still mean something in `after`, and what is to be said of the others.
///
/// # Errors
/// [`EngineError::NotInstalled`] and [`EngineError::UnknownFeature`] where the player chooses for a package that is not
/// there then, or a feature that it does not have. What others hand on is no reason to stop: it is passed over.
pub(crate) fn remaining(
    choices: Vec<PackageFeature>,
    (before, after): (&Lock, &Lock),
    request: &ChangeRequest,
    book: &FactBook,
) -> Result<(Vec<PackageFeature>, Vec<Reason>), EngineError> {
    let is_missing = |choose: &&ChooseFeature| after.get(&choose.key.source, &choose.key.id).is_none();
    if let (Some(missing), None) = (request.features.iter().find(is_missing), &request.shared) {
        return Err(EngineError::NotInstalled { id: missing.key.id.clone() });
    }
    let mut gone: BTreeMap<PackageId, Vec<String>> = BTreeMap::new();
    let mut left = Vec::new();
    for choice in choices {
        let Some(package) = after.get(&choice.source, &choice.id) else { continue };
        let key = Key::of(package);
        let release = book.releases(&key.source, &key.id).into_iter();
        let release = release.into_iter().find(|release| release.version == package.version);
        let is_known = release.as_ref().is_some_and(|release| release.feature(&choice.feature).is_some());
        // Where only the lock still knows a version, it knows nothing of its features: they are what they were.
        let stays = before.get(&key.source, &key.id).is_some_and(|old| old.archive == package.archive);
        let is_said = request.features.iter().any(|new| new.key == key && new.feature == choice.feature);
        match (is_known, is_said) {
            (true, _) => left.push(choice),
            (false, true) if request.shared.is_some() => {}
            (false, true) => {
                let known = release.iter().flat_map(|release| &release.features);
                let known = known.map(|feature| feature.id.to_string()).collect::<Vec<_>>().join(", ");
                let known = if known.is_empty() { "none".to_owned() } else { known };
                return Err(EngineError::UnknownFeature { id: key.id, feature: choice.feature, known });
            }
            (false, false) if stays => left.push(choice),
            (false, false) => gone.entry(key.id).or_default().push(choice.feature.to_string()),
        }
    }
    let told = gone.into_iter().map(|(id, features)| {
        Reason::new("feature-gone").with("package", id).with("feature", features.join(", "))
    });
    Ok((left, told.collect()))
}

/// What of a resolution is needed for features.
pub(crate) fn needed_for(resolution: &Resolution) -> ForFeatures {
    let key = |key: &PackageKey| Key { source: key.source.clone(), id: key.id.clone() };
    let mut found = ForFeatures::new();
    for package in &resolution.packages {
        for (needed, features) in &package.for_features {
            let features = features.iter().map(|feature| (key(&package.key()), feature.clone()));
            found.entry(key(needed)).or_default().extend(features);
        }
    }
    found
}

impl Engine {
    /// The features of a release as the player sees them, by what is chosen.
    pub(crate) async fn feature_views(
        &self,
        release: &Release,
        choice: &FeatureChoice,
        before: Option<&Release>,
    ) -> Vec<FeatureView> {
        let mut views = Vec::with_capacity(release.features.len());
        for feature in &release.features {
            views.push(FeatureView {
                id: feature.id.clone(),
                title: feature.title.clone(),
                summary: feature.summary.clone(),
                default: feature.default,
                on: feature.is_on(Some(choice)),
                is_new: before.is_some_and(|before| before.feature(&feature.id).is_none()),
                brings: self.brought_by(release, feature).await,
            });
        }
        views
    }

    /// The features of a package as its page shows them: of the version in the profile, else of the newest.
    pub(crate) async fn page_features(
        &self,
        releases: &[Release],
        locked: Option<&LockedPackage>,
        profile: Option<&Profile>,
    ) -> Vec<FeatureView> {
        let is_here = |release: &&Release| locked.is_some_and(|locked| locked.version == release.version);
        let Some(release) = releases.iter().find(is_here).or(releases.first()) else { return Vec::new() };
        let choice = profile.map(|profile| profile.lock.features_of(&release.source, &release.id));
        self.feature_views(release, &choice.unwrap_or_default(), None).await
    }

    async fn brought_by(&self, release: &Release, feature: &Feature) -> Vec<String> {
        let brought = release.depends.iter().filter(|dependency| feature.brings(dependency));
        let mut titles = Vec::new();
        for first in brought.filter_map(|dependency: &Dependency| dependency.alternatives().first()) {
            let source = first.source.clone().unwrap_or_else(|| release.source.clone());
            titles.push(self.title(&Key { source, id: first.package.clone() }).await);
        }
        titles
    }

    /// The features of what comes or moves, and of what the player chooses features of.
    pub(crate) async fn plan_features(
        &self,
        (items, after): (&[Item], &Lock),
        chosen: &BTreeSet<Key>,
        book: &FactBook,
    ) -> Vec<PlanFeatures> {
        let comes = items.iter().filter(|item| matches!(item.action, Action::Add | Action::Change));
        let keys: BTreeSet<Key> = comes.map(|item| Key::of(item.package())).chain(chosen.clone()).collect();
        let mut shown = Vec::new();
        for key in keys {
            let Some(package) = after.get(&key.source, &key.id) else { continue };
            let releases = book.releases(&key.source, &key.id);
            let of = |version: &Version| releases.iter().find(|release| release.version == *version);
            let Some(release) = of(&package.version).filter(|release| !release.features.is_empty()) else {
                continue;
            };
            let item = items.iter().find(|item| Key::of(item.package()) == key);
            let before = item.and_then(|item| of(&item.before.as_ref()?.version));
            let choice = after.features_of(&key.source, &key.id);
            let features = self.feature_views(release, &choice, before.map(AsRef::as_ref)).await;
            shown.push(PlanFeatures { title: self.title(&key).await, key, features });
            if shown.len() == MAX_SHOWN {
                break;
            }
        }
        shown
    }

    /// For which features of which packages something is needed, by their titles.
    pub(crate) async fn titles_of_features(
        &self,
        needed: &[(Key, FeatureId)],
        (after, book): (&Lock, &FactBook),
    ) -> Vec<(String, String)> {
        let mut titles = Vec::new();
        for (key, id) in needed {
            let version = after.get(&key.source, &key.id).map(|package| &package.version);
            let releases = book.releases(&key.source, &key.id);
            let release = releases.iter().find(|release| Some(&release.version) == version);
            let feature = release.and_then(|release| release.feature(id));
            let feature = feature.map_or_else(|| id.to_string(), |feature| feature.title.clone());
            titles.push((self.title(key).await, feature));
        }
        titles
    }
}
