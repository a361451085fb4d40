//! From an entry of a community's list to its row in the catalogue. Pure.

use muster_adapters::thunderstore::{
    FullName, Needed, Package, PackageVersion, RECIPE, WHOLE_ARCHIVE, loader_folder,
};
use muster_domain::{
    Archive, Channel, Dependency, GameId, GameSupport, Kind, PackageId, Recipe, Redistribution, Release,
    Requirement, Side, SourceId, VersionRange, Vouched, clean_line,
};
use muster_store::catalog::Listing;
use serde_json::json;

use crate::{
    normalize::{MAX_VERSIONS, distinct, placed, text_of, words},
    query::Facet,
};

/// What packages carry that not everybody shall meet by accident, and that their authors advise against.
const NSFW: &str = "nsfw";
const DEPRECATED: &str = "deprecated";

/// The row of a package; `None` if it has no version that could be installed.
pub(super) fn listing(source: &SourceId, game: &GameId, package: &Package) -> Option<Listing> {
    let side = side(&package.categories);
    let mut found: Vec<(Release, &PackageVersion)> = package
        .versions
        .iter()
        .filter_map(|version| Some((release(source, game, (&package.name, side), version)?, version)))
        .collect();
    // All versions are of one scheme, so that the order is total.
    found.sort_by(|(a, _), (b, _)| b.version.partial_cmp(&a.version).unwrap_or(std::cmp::Ordering::Equal));
    let (latest, version) = found.first()?;
    let (publisher, name) = (package.name.team().to_owned(), package.name.to_string());
    let title = package.name.name().replace('_', " ");
    let tags = distinct(package.categories.iter().cloned());
    let marks = [(package.has_nsfw_content, NSFW), (package.is_deprecated, DEPRECATED)];
    let marks: Vec<&str> = marks.iter().filter(|(is_set, _)| *is_set).map(|(_, mark)| *mark).collect();
    let (channel, kind) = (text_of(&latest.channel), latest.kind.clone());
    let mut facets = vec![
        (Facet::Kind, kind.0.clone()),
        (Facet::Source, source.to_string()),
        (Facet::Channel, channel.clone()),
        (Facet::Game, game.to_string()),
        (Facet::Publisher, publisher.clone()),
    ];
    facets.extend(tags.iter().map(|tag| (Facet::Tag, tag.clone())));
    facets.extend(placed(&[], side));
    facets.extend(marks.iter().map(|mark| (Facet::Disclosure, (*mark).to_owned())));
    let published = || found.iter().filter_map(|(release, _)| release.published);
    let summary = clean_line(&version.summary, 300);
    Some(Listing {
        id: latest.id.clone(),
        words: words(&title, &name, &publisher, &tags, &summary),
        version: latest.version.to_string(),
        side: text_of(&side),
        size: latest.archive.size,
        updated: published().max(),
        published: published().min(),
        downloads: Some(package.downloads()),
        detail: json!({
            "authors": [publisher],
            "homepage": version.website.as_ref().or(package.page.as_ref()),
            "page": package.page,
            "tips": package.donation.iter().collect::<Vec<_>>(),
            "disclosures": marks,
            "pinned": package.is_pinned,
        }),
        facets: facets.into_iter().map(|(facet, value)| (facet.as_str().to_owned(), value)).collect(),
        license: None,
        games: vec![game.to_string()],
        releases: found.iter().map(|(release, _)| release.clone()).take(MAX_VERSIONS).collect(),
        title,
        kind,
        channel,
        publisher,
        name,
        summary,
        tags,
    })
}

/// Where a package is of use, by the categories that communities have for it. *Client-side* is what works without anybody
/// else having it: a host has no use for it. *Server-side* is what works where only the host has it, and whoever hosts
/// here plays, too (also alone): it stays for everybody, and so does what is in both categories or in none.
fn side(categories: &[String]) -> Side {
    let has = |wanted: [&str; 2]| {
        categories.iter().any(|category| {
            let letters = category.chars().filter(char::is_ascii_alphabetic);
            let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
            wanted.contains(&plain.as_str())
        })
    };
    let server = has(["serverside", "serversided"]);
    if has(["clientside", "clientsided"]) && !server { Side::Client } else { Side::Both }
}

/// A version that can be installed: one whose size is known, so that half an archive is never taken for a whole one.
fn release(
    source: &SourceId,
    game: &GameId,
    (name, side): (&FullName, Side),
    version: &PackageVersion,
) -> Option<Release> {
    let id: PackageId = name.as_str().parse().ok()?;
    let folder = loader_folder(name.as_str());
    Some(Release {
        archive: Archive::awaited(source, &id, &version.number, version.size?),
        vouched: Vouched::Awaited,
        source: source.clone(),
        version: version.number.clone(),
        kind: Kind(if folder.is_some() { Kind::LOADER } else { Kind::MOD }.into()),
        unpacked_size: 0,
        channel: Channel::Stable,
        yanked: None,
        games: vec![GameSupport { game: game.clone(), version: VersionRange::any() }],
        platforms: Vec::new(),
        side,
        depends: version.needs.iter().map(dependency).collect::<Option<_>>()?,
        recommends: Vec::new(),
        features: Vec::new(),
        suggests: Vec::new(),
        conflicts: Vec::new(),
        provides: Vec::new(),
        license: None,
        // The service says nothing about licences; unknown is no.
        redistribute: Redistribution::No,
        origins: vec![version.download.to_string()],
        torrent: None,
        block_list: None,
        entry_map: None,
        published: version.released.as_deref().and_then(|text| text.parse().ok()),
        recipe: Some(Recipe { by: RECIPE.into(), rules: folder.map(rules).unwrap_or_default().into() }),
        id,
    })
}

/// What the recipe of a loader says: nothing would be the recipe of all others.
fn rules(folder: &'static str) -> &'static str {
    if folder.is_empty() { WHOLE_ARCHIVE } else { folder }
}

/// The exact version that the service writes is the oldest that will do.
fn dependency(needed: &Needed) -> Option<Dependency> {
    let package = needed.package.as_str().parse().ok()?;
    let version = format!(">={}", needed.at_least).parse().ok()?;
    Some(Dependency::One(Requirement { package, version, source: None }))
}

#[cfg(test)]
mod tests {
    use muster_domain::Version;
    use serde_json::Value;

    use super::*;

    fn listed(changes: Value, versions: &[Value]) -> Option<Listing> {
        let version = |changes: &Value| {
            let mut version = json!({"version_number": "1.0.0", "download_url": "https://a.example/d/", "file_size": 9,
                "dependencies": [], "date_created": "2026-01-02T03:04:05.678901Z", "downloads": 3});
            version.as_object_mut().expect("object").extend(changes.as_object().expect("object").clone());
            version
        };
        let mut package = json!({"full_name": "Ada-Big_Lantern", "package_url": "https://a.example/p/",
            "categories": ["Tools"], "versions": versions.iter().map(version).collect::<Vec<_>>()});
        package.as_object_mut().expect("object").extend(changes.as_object().expect("object").clone());
        let package = Package::parse(package.to_string().as_bytes()).expect("reads");
        let (source, game) = ("thunderstore:toy".parse().expect("id"), "toy".parse().expect("id"));
        listing(&source, &game, &package)
    }

    #[test]
    fn the_newest_version_is_offered_first_and_nobody_vouches_for_it() {
        let versions = ["1.9.0", "1.10.0", "1.2.0"].map(|number| json!({"version_number": number}));
        let listing = listed(json!({}), &versions).expect("listed");
        let order: Vec<String> = listing.releases.iter().map(|release| release.version.label()).collect();
        assert_eq!(order, ["1.10.0", "1.9.0", "1.2.0"]);
        assert_eq!((listing.title.as_str(), listing.publisher.as_str()), ("Big Lantern", "Ada"));
        assert_eq!((listing.id.as_str(), listing.downloads), ("Ada-Big_Lantern", Some(9)));
        assert!(listing.releases.iter().all(|release| release.vouched == Vouched::Awaited));
        assert!(listing.releases.iter().all(|release| release.redistribute == Redistribution::No));
        let stand_ins: std::collections::BTreeSet<_> =
            listing.releases.iter().map(|release| release.archive.sha256).collect();
        assert_eq!(stand_ins.len(), 3, "each version is awaited by itself");
    }

    #[test]
    fn versions_of_an_unknown_size_are_not_offered() {
        assert_eq!(listed(json!({}), &[json!({"file_size": null})]), None);
        assert_eq!(listed(json!({}), &[]), None);
    }

    #[test]
    fn exact_dependencies_are_the_oldest_that_will_do() {
        let listing = listed(json!({}), &[json!({"dependencies": ["Bo-Lib-2.1.0"]})]).expect("listed");
        let Dependency::One(needed) = &listing.releases[0].depends[0] else { panic!("one") };
        let fits = |text: &str| needed.version.matches(&Version::semver(text).expect("version"));
        assert_eq!(needed.package.as_str(), "Bo-Lib");
        assert!(fits("2.1.0") && fits("3.0.0") && !fits("2.0.9"));
    }

    #[test]
    fn marks_are_found_by_their_facets() {
        let listing =
            listed(json!({"has_nsfw_content": true, "is_deprecated": true}), &[json!({})]).expect("listed");
        for mark in [NSFW, DEPRECATED] {
            assert!(listing.facets.contains(&("disclosure".into(), mark.into())));
        }
        assert!(listing.facets.contains(&("tag".into(), "Tools".into())));
    }

    #[test]
    fn only_what_nobody_else_needs_is_for_players_alone() {
        let table: [(&[&str], Side); 11] = [
            (&[], Side::Both),
            (&["Mods", "Tools"], Side::Both),
            (&["Client-side"], Side::Client),
            (&["Mods", "client-side"], Side::Client),
            (&["Client Side"], Side::Client),
            (&["Client-sided"], Side::Client),
            (&["Server-side"], Side::Both),
            (&["Client-side", "Server-side"], Side::Both),
            (&["SERVER SIDE", "Mods", "CLIENT SIDE"], Side::Both),
            (&["Client-side tools"], Side::Both),
            (&["Not client-side"], Side::Both),
        ];
        for (categories, side) in table {
            let listing = listed(json!({ "categories": categories }), &[json!({})]).expect("listed");
            assert!(listing.releases.iter().all(|release| release.side == side), "{categories:?}");
            assert_eq!(listing.side, side.as_str(), "{categories:?}");
            let facet =
                listing.facets.iter().find(|(facet, _)| facet == "side").map(|(_, value)| value.as_str());
            assert_eq!(facet, (side != Side::Both).then_some(side.as_str()), "{categories:?}");
            let tags: Vec<_> = listing.facets.iter().filter(|(facet, _)| facet == "tag").collect();
            assert_eq!(tags.len(), categories.len(), "what the community says stays to be seen");
        }
    }

    #[test]
    fn a_loader_says_where_the_copy_of_the_games_folder_lies() {
        let of =
            |name: &str| listed(json!({"full_name": name}), &[json!({})]).expect("listed").releases.remove(0);
        let loader = of("denikson-BepInExPack_Valheim");
        let recipe = loader.recipe.expect("a recipe");
        assert_eq!((loader.kind.0.as_str(), recipe.rules.as_str()), (Kind::LOADER, "BepInExPack_Valheim"));
        let plain = of("Ada-Lantern");
        assert_eq!((plain.kind.0.as_str(), plain.recipe.expect("a recipe").rules.as_str()), (Kind::MOD, ""));
    }
}
