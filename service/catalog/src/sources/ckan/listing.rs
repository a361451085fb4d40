//! From the versions of a mod to its row in the catalogue. Pure.

use muster_adapters::ckan::{
    Bounds, GameRange, Integrity, Module, ModuleKind, Named, RECIPE, Relation, Stanza, Status,
};
use muster_domain::{
    Archive, Channel, CkanVersion, Dependency, GameId, GameSupport, Kind, PackageId, Provided, Recipe,
    Redistribution, Release, Requirement, Side, SourceId, Version, VersionRange, Vouched, clean_line,
};
use muster_store::catalog::Listing;
use serde_json::json;

use crate::{
    normalize::{MAX_VERSIONS, distinct, text_of, words},
    query::Facet,
};

/// The row of a mod; `None` if it has no version that could be installed.
pub(super) fn listing(source: &SourceId, game: &GameId, modules: Vec<Module>) -> Option<Listing> {
    let mut found: Vec<(Release, Module)> =
        modules.into_iter().filter_map(|module| Some((release(source, game, &module)?, module))).collect();
    // All versions are of one scheme, so that the order is total.
    found.sort_by(|(a, _), (b, _)| b.version.partial_cmp(&a.version).unwrap_or(std::cmp::Ordering::Equal));
    let latest = found.iter().position(|(release, _)| release.channel == Channel::Stable).unwrap_or(0);
    let (release, module) = found.get(latest)?;
    let (publisher, name) = (module.authors.join(", "), module.identifier.to_string());
    let publisher = clean_line(&publisher, 80);
    let tags = distinct(module.tags.iter().map(|tag| clean_line(tag, 40)));
    let (channel, kind) = (text_of(&release.channel), release.kind.clone());
    let summary = clean_line(&module.summary, 300);
    let mut facets = vec![
        (Facet::Kind, kind.0.clone()),
        (Facet::Source, source.to_string()),
        (Facet::Channel, channel.clone()),
        (Facet::Game, game.to_string()),
    ];
    facets.extend(
        distinct(module.authors.iter().cloned()).into_iter().map(|author| (Facet::Publisher, author)),
    );
    facets.extend(release.license.iter().map(|license| (Facet::License, license.clone())));
    facets.extend(tags.iter().map(|tag| (Facet::Tag, tag.clone())));
    let published = || found.iter().filter_map(|(release, _)| release.published);
    let page = |kind: &str| {
        let found = module.resources.iter().find(|resource| resource.kind == kind);
        found.map(|resource| resource.address.to_string())
    };
    Some(Listing {
        id: release.id.clone(),
        words: words(&module.name, &name, &publisher, &tags, &summary),
        version: release.version.to_string(),
        side: text_of(&Side::default()),
        size: release.archive.size,
        updated: published().max(),
        published: published().min(),
        downloads: None,
        detail: json!({
            "authors": module.authors,
            "homepage": page("homepage").or_else(|| page("repository")),
        }),
        facets: facets.into_iter().map(|(facet, value)| (facet.as_str().to_owned(), value)).collect(),
        title: module.name.clone(),
        license: release.license.clone(),
        games: vec![game.to_string()],
        releases: found.iter().map(|(release, _)| release.clone()).take(MAX_VERSIONS).collect(),
        kind,
        channel,
        publisher,
        name,
        summary,
        tags,
    })
}

/// A version that can be installed: an archive whose size is known and that can be had somewhere. Where the index has no
/// strong hash of it, it is known by the bytes that come first.
fn release(source: &SourceId, game: &GameId, module: &Module) -> Option<Release> {
    if module.kind != ModuleKind::Package {
        return None;
    }
    let size = module.download_size.filter(|size| *size > 0)?;
    let origins: Vec<String> = module.downloads.iter().map(ToString::to_string).collect();
    if origins.is_empty() {
        return None;
    }
    let own: PackageId = module.identifier.as_str().parse().ok()?;
    let version = Version::Ckan(version(&module.version)?);
    let (archive, vouched) = match module.integrity {
        Integrity::Strong(sha256) => (Archive { sha256, size }, Vouched::Source),
        Integrity::Weak(_) | Integrity::None => {
            (Archive::awaited(source, &own, &version, size), Vouched::Awaited)
        }
    };
    let conflicts = module.conflicts.iter().flat_map(|relation| &relation.any_of).map(requirement);
    let provides = module.provides.iter().filter_map(|name| name.as_str().parse().ok());
    Some(Release {
        source: source.clone(),
        version,
        kind: Kind(Kind::MOD.into()),
        archive,
        vouched,
        unpacked_size: module.install_size.unwrap_or(0),
        channel: match module.status {
            Status::Development => Channel::Dev,
            Status::Testing => Channel::Beta,
            Status::Stable => Channel::Stable,
        },
        yanked: None,
        games: vec![GameSupport { game: game.clone(), version: game_range(&module.game)? }],
        platforms: Vec::new(),
        side: Side::default(),
        depends: dependencies(&module.depends)?,
        recommends: dependencies(&module.recommends)?,
        features: Vec::new(),
        suggests: dependencies(&module.suggests)?,
        // With its own name a mod means: only one of its kind.
        conflicts: conflicts.collect::<Option<Vec<_>>>()?.into_iter().filter(|c| c.package != own).collect(),
        provides: provides.map(|package| Provided { package, version: None }).collect(),
        license: muster_adapters::ckan::spdx(&module.licenses),
        redistribute: match module.may_be_passed_on() {
            true => Redistribution::Yes,
            false => Redistribution::No,
        },
        origins,
        torrent: None,
        block_list: None,
        entry_map: None,
        published: module.released.as_deref().and_then(|text| text.parse().ok()),
        recipe: Some(Recipe { by: RECIPE.into(), rules: Stanza::to_json(&module.stanzas()) }),
        id: own,
    })
}

/// White space around a version is a slip of the pen: the client compares it away.
fn version(text: &str) -> Option<CkanVersion> {
    text.trim().parse().ok()
}

/// `None` where something cannot be said in our terms: a version without one of its needs must not be installed.
fn dependencies(relations: &[Relation]) -> Option<Vec<Dependency>> {
    let dependency = |relation: &Relation| {
        let mut any_of: Vec<Requirement> = relation.any_of.iter().map(requirement).collect::<Option<_>>()?;
        match any_of.len() {
            1 => any_of.pop().map(Dependency::One),
            _ => Some(Dependency::AnyOf { any_of }),
        }
    };
    relations.iter().map(dependency).collect()
}

fn requirement(named: &Named) -> Option<Requirement> {
    let Bounds { min, max } = &named.bounds;
    let end = |text: &Option<String>| match text {
        Some(text) => version(text).map(Some),
        None => Some(None),
    };
    let package = named.name.as_str().parse().ok()?;
    Some(Requirement { package, version: VersionRange::ckan(end(min)?, end(max)?), source: None })
}

/// CKAN's ranges by prefix are what requirements of semver mean by partial versions. The game's versions have three
/// numbers; a build behind them says nothing here.
fn game_range(range: &GameRange) -> Option<VersionRange> {
    let end = |sign: &str, version: &Option<muster_adapters::ckan::GameVersion>| {
        version.as_ref().map(|version| {
            let numbers: Vec<String> = version.numbers().iter().take(3).map(u32::to_string).collect();
            format!("{sign}{}", numbers.join("."))
        })
    };
    let ends: Vec<String> = [end(">=", &range.min), end("<=", &range.max)].into_iter().flatten().collect();
    match ends.is_empty() {
        true => Some(VersionRange::any()),
        false => ends.join(", ").parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(texts: &[serde_json::Value]) -> Vec<Module> {
        let read = |(number, changes): (usize, &serde_json::Value)| {
            let mut file = json!({
                "identifier": "Example", "name": "An example", "abstract": "Shows things", "author": ["Ada", "Bo"],
                "license": "MIT", "version": format!("1.{number}"), "download": "https://a.example/a.zip",
                "download_size": 10, "sha256": "ab".repeat(32), "tags": ["plugin"],
            });
            file.as_object_mut().expect("object").extend(changes.as_object().expect("object").clone());
            file.as_object_mut().expect("object").retain(|_, value| !value.is_null());
            Module::parse(file.to_string().as_bytes()).expect("reads")
        };
        texts.iter().enumerate().map(read).collect()
    }

    fn listed(texts: &[serde_json::Value]) -> Option<Listing> {
        listing(&"ckan".parse().expect("id"), &"ksp".parse().expect("id"), modules(texts))
    }

    fn one(changes: serde_json::Value) -> Release {
        listed(&[changes]).expect("listed").releases.remove(0)
    }

    #[test]
    fn the_newest_stable_version_is_offered_first() {
        let versions = ["1.9", "1.10", "v0", "2:0.1", "2:0.2"];
        let mut texts: Vec<_> = versions.iter().map(|version| json!({"version": version})).collect();
        texts[4]["release_status"] = "testing".into();
        let listing = listed(&texts).expect("listed");
        let order: Vec<String> = listing.releases.iter().map(|release| release.version.label()).collect();
        assert_eq!(order, ["2:0.2", "2:0.1", "v0", "1.10", "1.9"]);
        assert_eq!((listing.version.as_str(), listing.publisher.as_str()), ("ckan:2:0.1", "Ada, Bo"));
        assert_eq!((listing.title.as_str(), listing.name.as_str()), ("An example", "Example"));
    }

    #[test]
    fn without_a_strong_hash_the_bytes_are_awaited() {
        assert_eq!(one(json!({})).vouched, Vouched::Source);
        for changes in
            [json!({"sha256": null}), json!({"sha256": null, "download_hash": {"sha1": "ab".repeat(20)}})]
        {
            let release = one(changes);
            let awaited = Archive::awaited(&release.source, &release.id, &release.version, 10);
            assert_eq!((release.vouched, release.archive), (Vouched::Awaited, awaited));
        }
    }

    #[test]
    fn only_what_can_be_had_is_offered() {
        for changes in [
            json!({"download": "file:///etc/passwd"}),
            json!({"download_size": null}),
            json!({"kind": "dlc"}),
        ] {
            assert_eq!(listed(std::slice::from_ref(&changes)), None, "{changes}");
        }
    }

    #[test]
    fn relations_keep_their_bounds_and_never_name_the_mod_itself_as_its_enemy() {
        let release = one(json!({
            "depends": [{"name": "A", "min_version": "1.0"}, {"any_of": [{"name": "B"}, {"name": "C"}]}],
            "conflicts": [{"name": "Example"}, {"name": "D", "max_version": "2"}], "provides": ["Textures"],
        }));
        let range = |text: &str| text.parse::<VersionRange>().expect("range");
        let Dependency::One(first) = &release.depends[0] else { panic!("one") };
        assert_eq!((first.package.as_str(), first.version.clone()), ("A", range("ckan:>=1.0")));
        assert_eq!(release.depends[1].alternatives().len(), 2);
        assert_eq!(release.conflicts.len(), 1);
        assert_eq!(release.conflicts[0].version, range("ckan:<=2"));
        assert_eq!(release.provides[0].package.as_str(), "Textures");
    }

    #[test]
    fn games_fit_by_prefix() {
        for (changes, version, fits) in [
            (json!({"ksp_version": "1.8"}), "1.8.1", true),
            (json!({"ksp_version": "1.8"}), "1.9.0", false),
            (json!({"ksp_version": "1.8.1"}), "1.8.10", false),
            (json!({"ksp_version_min": "1.8", "ksp_version_max": "1.12"}), "1.12.5", true),
            (json!({"ksp_version_min": "1.8", "ksp_version_max": "1.11.99"}), "1.12.0", false),
            (json!({"ksp_version_max": "1.12"}), "1.12.5", true),
            (json!({"ksp_version": "any"}), "0.25.0", true),
        ] {
            let range = &one(changes.clone()).games[0].version;
            assert_eq!(range.matches(&Version::semver(version).expect("v")), fits, "{changes} {version}");
        }
    }

    #[test]
    fn the_licence_decides_who_may_pass_it_on_and_the_recipe_how_it_is_placed() {
        let free = one(json!({"license": ["GPL-3.0"]}));
        assert_eq!((free.redistribute, free.license.as_deref()), (Redistribution::Yes, Some("GPL-3.0")));
        assert_eq!(one(json!({"license": "restricted"})).redistribute, Redistribution::No);
        assert_eq!(one(json!({"license": "unknown"})).redistribute, Redistribution::No);
        let recipe = free.recipe.expect("a recipe");
        assert_eq!(recipe.by, "ckan");
        assert_eq!(recipe.rules, r#"[{"find":"Example","install_to":"GameData"}]"#);
    }
}
