//! Optional features of packages: entries of `depends` that are only needed where the player wants them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Dependency, FeatureId, PackageId, Release, SourceId, clean_line};

/// Most features of one package.
pub const MAX_FEATURES: usize = 64;
/// Most entries of `depends` that one feature brings.
pub const MAX_BROUGHT: usize = 256;
/// Longest title of a feature, in characters.
pub const MAX_FEATURE_TITLE: usize = 80;
/// Longest summary of a feature, in characters.
pub const MAX_FEATURE_SUMMARY: usize = 300;

/// A part of a package that the player may do without.
///
/// It names entries of the package's `depends` and nothing else, so that a reader who knows nothing of features takes
/// everything for needed, and has a package that works.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Feature {
    /// Its name inside the package.
    pub id: FeatureId,
    /// One line for people; at most 80 characters.
    pub title: String,
    /// What it is good for, in one line; at most 300 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Whether it is on where the player says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// The entries of `depends` that it brings, by their package; an `any-of` by its first one.
    pub depends: Vec<PackageId>,
}

/// What a player said about features of one package: on or off. What is not in it is as its author says.
pub type FeatureChoice = BTreeMap<FeatureId, bool>;

/// A feature of a package that a player switched on or off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageFeature {
    pub source: SourceId,
    pub id: PackageId,
    pub feature: FeatureId,
    pub on: bool,
}

impl Feature {
    /// Whether it is on, by what the player said or else by its author.
    pub fn is_on(&self, choice: Option<&FeatureChoice>) -> bool {
        choice.and_then(|choice| choice.get(&self.id)).copied().unwrap_or(self.default)
    }

    /// Whether it brings this entry of `depends`.
    pub fn brings(&self, dependency: &Dependency) -> bool {
        let first = dependency.alternatives().first();
        first.is_some_and(|first| self.depends.contains(&first.package))
    }

    /// The same, safe to show and of bounded length.
    pub fn cleaned(self) -> Self {
        Self {
            title: clean_line(&self.title, MAX_FEATURE_TITLE),
            summary: clean_line(&self.summary, MAX_FEATURE_SUMMARY),
            ..self
        }
    }
}

/// Why a dependency is needed, or that it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed<'a> {
    Always,
    /// By these features, which are on; in the author's order.
    For(Vec<&'a Feature>),
    /// Every feature that would bring it is off.
    Not,
}

impl Release {
    /// Whether an entry of its `depends` is needed where the player chose so: one that no feature names always is.
    pub fn needed(&self, dependency: &Dependency, choice: Option<&FeatureChoice>) -> Needed<'_> {
        let mut bringing = self.features.iter().filter(|feature| feature.brings(dependency)).peekable();
        if bringing.peek().is_none() {
            return Needed::Always;
        }
        let on: Vec<&Feature> = bringing.filter(|feature| feature.is_on(choice)).collect();
        if on.is_empty() { Needed::Not } else { Needed::For(on) }
    }

    /// Its feature of this name.
    pub fn feature(&self, id: &FeatureId) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.id == *id)
    }
}
