//! Versions, ranges and lists as explanations write them: the same in every language.

use std::fmt::Display;

use muster_domain::{Platform, Release, VersionRange};

use crate::{set::Set, universe::Package};

/// Items with commas between them: the same in every language.
pub(crate) fn list<T: Display>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

pub(crate) fn channel(channel: muster_domain::Channel) -> String {
    match channel {
        muster_domain::Channel::Dev => "dev",
        muster_domain::Channel::Beta => "beta",
        muster_domain::Channel::Stable => "stable",
    }
    .to_owned()
}

/// The names of what a release runs on.
pub(crate) fn platforms(release: &Release) -> String {
    let title = |word: &String| match Platform::named(word) {
        Some(platform) => platform.title().to_owned(),
        None => muster_domain::clean_line(word, 40),
    };
    list(release.platforms.iter().take(5).map(title))
}

pub(crate) fn range(range: &VersionRange) -> String {
    if range.is_any() { "any".to_owned() } else { range.label() }
}

/// Versions as runs of neighbours (`1.0.0–1.3.0, 2.0.0`), or `any` if there are no others.
pub(crate) fn version_text(package: Package<'_>, versions: &Set) -> String {
    const MAX_RUNS: usize = 3;
    let members: Vec<u32> = versions.members(package.count()).collect();
    if members.len() == package.count() as usize {
        return "any".to_owned();
    }
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for member in members {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == member => *end = member,
            _ => runs.push((member, member)),
        }
    }
    let version = |index: u32| package.version(index).label();
    let text = |(start, end): &(u32, u32)| match start == end {
        true => version(*start),
        false => format!("{}–{}", version(*start), version(*end)),
    };
    let more = if runs.len() > MAX_RUNS { ", …" } else { "" };
    format!("{}{more}", list(runs.iter().take(MAX_RUNS).map(text)))
}
