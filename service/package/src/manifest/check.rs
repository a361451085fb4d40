//! What the types alone do not say.

use std::collections::BTreeSet;

use muster_domain::{
    Dependency, Feature, MAX_BROUGHT, MAX_FEATURES, PackageId, Version, clean_line, clean_text,
};

use super::Manifest;
use crate::{Error, ManifestProblem, Result};

const MAX_TITLE: usize = 200;
const MAX_SUMMARY: usize = 500;
const MAX_DESCRIPTION: usize = 100_000;
const MAX_CHANGES: usize = 20_000;
const MAX_WORD: usize = 40;
const MAX_ADDRESS: usize = 2_000;
const MAX_LICENSE: usize = 200;

fn require(holds: bool, field: &str, why: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::field(field, why)) }
}

/// Small letters, digits and hyphens: words of tables that grow.
fn is_word(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= MAX_WORD && text.bytes().all(fits)
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let visible = |c: char| !c.is_whitespace() && !c.is_control();
    rest.is_some_and(|rest| !rest.is_empty()) && text.len() <= MAX_ADDRESS && text.chars().all(visible)
}

/// The characters of SPDX expressions (SPDX 2.3, annex D), each word separated by one space.
fn is_license(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '(' | ')' | ':');
    text.len() <= MAX_LICENSE && text.split(' ').all(|word| !word.is_empty() && word.chars().all(fits))
}

impl Manifest {
    /// Rules for readers.
    pub(super) fn check(&self) -> Result<()> {
        require(matches!(self.version, Version::Semver(_)), "version", "a semantic version such as 1.2.3")?;
        require(self.version.to_string().len() <= 64, "version", "at most 64 characters")?;
        require(is_word(&self.kind.0), "kind", "a word of small letters, digits and hyphens")?;
        let words = [(&self.platforms, "platforms"), (&self.disclosures, "disclosures")];
        for (list, field) in words {
            require(
                list.iter().all(|word| is_word(word)),
                field,
                "words of small letters, digits and hyphens",
            )?;
        }
        for rule in &self.install {
            require(is_word(&rule.to), "install", "`to` is a word of small letters, digits and hyphens")?;
        }
        let addresses = self.homepage.iter().chain(&self.source).chain(&self.tip);
        let mut addresses = addresses.chain(self.gallery.iter().map(|image| &image.url));
        require(
            addresses.all(|text| is_address(text)),
            "homepage",
            "addresses begin with https:// or http://",
        )?;
        let ordered = self.files.is_sorted_by(|a, b| a.path < b.path);
        require(ordered, "files", "in byte order of the paths, each path once")
    }

    /// Makes all text safe to show.
    pub(super) fn clean(&mut self) {
        self.title = clean_line(&self.title, MAX_TITLE);
        self.summary = clean_line(&self.summary, MAX_SUMMARY);
        self.description = clean_text(&self.description, MAX_DESCRIPTION);
        // One more than may be, so that whoever publishes it is told.
        self.changes = clean_text(&self.changes, MAX_CHANGES + 1);
        self.authors.iter_mut().for_each(|text| *text = clean_line(text, MAX_TITLE));
        self.tags.iter_mut().for_each(|text| *text = clean_line(text, MAX_WORD));
        self.license = self.license.take().map(|text| clean_line(&text, MAX_LICENSE));
        self.features = std::mem::take(&mut self.features).into_iter().map(Feature::cleaned).collect();
        for image in &mut self.gallery {
            image.caption = image.caption.take().map(|text| clean_line(&text, MAX_SUMMARY));
        }
    }

    /// Rules for packing and publishing.
    pub(super) fn check_strict(&self) -> Result<()> {
        require(!self.title.is_empty(), "title", "must not be empty")?;
        let license = self.license.as_deref();
        require(
            license.is_some_and(is_license),
            "license",
            "an SPDX expression such as MIT or GPL-3.0-only is needed",
        )?;
        require(self.tags.iter().all(|tag| !tag.is_empty()), "tags", "must not be empty")?;
        let is_bounded = self.changes.chars().count() <= MAX_CHANGES;
        require(is_bounded, "changes", "at most 20,000 characters: what is new since the version before")?;
        self.check_features()?;
        let has_packages = !self.packages.is_empty();
        require(
            self.kind.is_collection() == has_packages,
            "packages",
            "a collection or modpack names its packages, and nothing else does",
        )
    }

    /// Readers take a feature that brings nothing for one that brings nothing; whoever writes it is told.
    fn check_features(&self) -> Result<()> {
        if self.features.is_empty() {
            return Ok(());
        }
        let is_list = self.kind.is_collection();
        require(!is_list, "features", "a collection has none: what it lists can be optional one by one")?;
        require(self.features.len() <= MAX_FEATURES, "features", "at most 64")?;
        let mut names = BTreeSet::new();
        for feature in &self.features {
            let id = &feature.id;
            let named = |why: &str| format!("{id}: {why}");
            require(names.insert(id), "features", &named("each has a name of its own"))?;
            require(!feature.title.is_empty(), "features", &named("needs a title"))?;
            let is_bounded = (1..=MAX_BROUGHT).contains(&feature.depends.len());
            require(is_bounded, "features", &named("names 1 to 256 packages of `depends`"))?;
            let is_needed = |package: &&PackageId| {
                let first = |dependency: &Dependency| {
                    dependency.alternatives().first().is_some_and(|first| first.package == **package)
                };
                self.depends.iter().any(first)
            };
            if let Some(package) = feature.depends.iter().find(|package| !is_needed(package)) {
                let (feature, package) = (id.to_string(), package.to_string());
                return Err(ManifestProblem::FeatureNeeds { feature, package }.into());
            }
        }
        Ok(())
    }
}
