//! From a source's own description to a row of the catalogue: cleaned, cut, folded, with its facets. Pure.

use std::collections::BTreeSet;

use muster_domain::{Platform, Release, Side, SourceId, Version, clean_line, clean_text};
use muster_registry::CatalogueEntry;
use muster_store::catalog::{Listing, Words};
use serde_json::{Value, json};

use crate::{
    query::Facet,
    text::{fold, without_umlauts},
};

/// Most versions that are kept of a package, newest first.
pub(crate) const MAX_VERSIONS: usize = 2_000;
/// Most versions of a package whose changes are kept, newest first.
const MAX_CHANGED: usize = 40;
/// Longest text about one version's changes that is kept, in characters.
const MAX_CHANGES: usize = 4_000;
/// Under which what versions changed is kept in the row of a package: an object of texts by version. Its absence means that
/// the source does not say such things.
pub const CHANGES: &str = "changes";

/// Most values of one facet that a package may have.
const MAX_VALUES: usize = 32;

/// The row of a registry's catalogue entry; `None` if it has no version that could be offered.
pub(crate) fn registry_entry(source: &SourceId, entry: &CatalogueEntry) -> Option<Listing> {
    let latest = entry.versions.iter().find(|version| version.version == entry.latest)?;
    let display = entry.display.cleaned();
    let (publisher, name) = (entry.id.publisher.to_string(), entry.id.package.to_string());
    let title = if display.title.is_empty() { name.clone() } else { display.title };
    let license = entry.license.as_deref().map(|license| clean_line(license, 200)).filter(|l| !l.is_empty());
    let games: Vec<String> = distinct(entry.games.iter().map(|support| support.game.to_string()));
    let tags = distinct(display.tags.iter().map(|tag| clean_line(tag, 40)));
    let channel = text_of(&latest.channel);
    let kind = clean_line(&entry.kind.0, 40);
    let published = || entry.versions.iter().filter_map(|version| version.published);
    let mut facets = vec![
        (Facet::Kind, kind.clone()),
        (Facet::Publisher, publisher.clone()),
        (Facet::Source, source.to_string()),
        (Facet::Channel, channel.clone()),
    ];
    facets.extend(license.iter().map(|license| (Facet::License, license.clone())));
    facets.extend(games.iter().map(|game| (Facet::Game, game.clone())));
    facets.extend(tags.iter().map(|tag| (Facet::Tag, tag.clone())));
    facets.extend(placed(&latest.platforms, latest.side));
    Some(Listing {
        id: entry.id.clone().into(),
        words: words(&title, &name, &publisher, &tags, &display.summary),
        kind: muster_domain::Kind(kind),
        version: entry.latest.to_string(),
        channel,
        side: text_of(&latest.side),
        size: latest.archive.size,
        updated: published().max(),
        published: published().min(),
        downloads: None,
        detail: json!({
            "authors": display.authors,
            "homepage": display.homepage,
            "icon": display.icon,
            "admitted": entry.admitted,
        }),
        facets: facets.into_iter().map(|(facet, value)| (facet.as_str().to_owned(), value)).collect(),
        releases: entry.releases(source).take(MAX_VERSIONS).map(clean_release).collect(),
        publisher,
        name,
        title,
        summary: display.summary,
        license,
        games,
        tags,
    })
}

/// What a version says of where it runs and is needed. What says nothing is found everywhere and has no values.
pub(crate) fn placed(platforms: &[String], side: Side) -> Vec<(Facet, String)> {
    let known = platforms.iter().filter_map(|name| Platform::named(name));
    let platforms = distinct(known.map(|platform| platform.as_str().to_owned()));
    let side = (!side.is_both()).then(|| (Facet::Side, side.as_str().to_owned()));
    platforms.into_iter().map(|name| (Facet::Platform, name)).chain(side).collect()
}

/// What versions changed, as their source says it, for the row of their package; newest first.
pub(crate) fn changes<'a>(said: impl Iterator<Item = (&'a Version, &'a str)>) -> Value {
    let texts = said.take(MAX_CHANGED).filter_map(|(version, text)| {
        let text = clean_text(text, MAX_CHANGES);
        let text = text.trim();
        (!text.is_empty()).then(|| (version.to_string(), Value::from(text)))
    });
    Value::Object(texts.collect())
}

/// What people may read of a release, made safe to show.
fn clean_release(mut release: Release) -> Release {
    release.yanked = release.yanked.map(|reason| clean_line(&reason, 500));
    release.license = release.license.map(|license| clean_line(&license, 200));
    release
}

pub(crate) fn words(title: &str, name: &str, publisher: &str, tags: &[String], summary: &str) -> Words {
    let (title_key, name_key) = (fold(title), fold(name));
    let other = |text: &str| without_umlauts(text).map(|text| fold(&text)).unwrap_or_default();
    let separate = |texts: &[&str]| {
        let distinct: BTreeSet<&str> =
            texts.iter().flat_map(|text| text.split(' ')).filter(|w| !w.is_empty()).collect();
        distinct.into_iter().collect::<Vec<_>>().join(" ")
    };
    let tags = tags.join(" ");
    Words {
        name: separate(&[&title_key, &other(title), &name_key]),
        tags: separate(&[&fold(&tags), &other(&tags), &fold(publisher), &other(publisher)]),
        summary: separate(&[&fold(summary), &other(summary)]),
        title_key,
        name_key,
    }
}

/// The kebab-case name of a value, as it is on the wire.
pub(crate) fn text_of(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

pub(crate) fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    values.filter(|value| !value.is_empty() && seen.insert(value.clone())).take(MAX_VALUES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(change: serde_json::Value) -> CatalogueEntry {
        let mut entry = json!({
            "id": "marlow/tide-light", "kind": "mod", "latest": "1.0.0", "title": "Tide\u{202e}water Größe",
            "summary": "x".repeat(1000), "tags": ["hud", "hud", "", "Flood"],
            "games": [{"game": "minetest"}], "license": "MIT",
            "versions": [
                {"version": "2.0.0-a", "sha256": "ab".repeat(32), "size": 20, "channel": "beta"},
                {"version": "1.0.0", "sha256": "cd".repeat(32), "size": 10, "published": "2026-01-02T00:00:00Z"},
            ],
        });
        entry.as_object_mut().expect("object").extend(change.as_object().expect("object").clone());
        serde_json::from_value(entry).expect("entry")
    }

    fn source() -> SourceId {
        SourceId::registry(&muster_domain::Sha256([1; 32]))
    }

    #[test]
    fn a_row_is_cleaned_and_describes_the_version_that_is_offered_first() {
        let listing = registry_entry(&source(), &entry(json!({}))).expect("listing");
        assert_eq!(
            (listing.version.as_str(), listing.size, listing.channel.as_str()),
            ("1.0.0", 10, "stable")
        );
        assert_eq!(listing.title, "Tidewater Größe");
        assert_eq!(listing.summary.len(), 300);
        assert_eq!(listing.tags, ["hud", "Flood"]);
        assert_eq!(listing.words.title_key, "tidewater grosse");
        assert_eq!(listing.words.name, "groesse grosse light tide tidewater");
        assert_eq!(listing.words.tags, "flood hud marlow");
        assert!(listing.facets.contains(&("game".into(), "minetest".into())));
        assert_eq!(listing.releases.len(), 2);
    }

    #[test]
    fn what_versions_changed_is_cleaned_and_bounded() {
        let version = |text: &str| Version::semver(text).expect("a version");
        let all: Vec<Version> = (0..60).rev().map(|minor| version(&format!("1.{minor}.0"))).collect();
        let long = "x".repeat(9_000);
        let kept = changes(all.iter().map(|version| (version, long.as_str())));
        let kept = kept.as_object().expect("texts");
        assert_eq!(kept.len(), MAX_CHANGED);
        assert!(kept.contains_key("1.59.0") && !kept.contains_key("1.0.0"));
        assert!(kept.values().all(|text| text.as_str().is_some_and(|text| text.len() == MAX_CHANGES)));
        let said = [(&all[0], " \u{202e}Fewer\u{1b} moths\n"), (&all[1], " \n")];
        assert_eq!(changes(said.into_iter()), json!({ "1.59.0": "Fewer moths" }));
    }

    #[test]
    fn an_entry_without_its_latest_version_is_left_out_and_one_without_title_shows_its_name() {
        assert_eq!(registry_entry(&source(), &entry(json!({"latest": "9.0.0"}))), None);
        let listing = registry_entry(&source(), &entry(json!({"title": "\u{200b}"}))).expect("listing");
        assert_eq!(listing.title, "tide-light");
    }
}
