//! From what Modrinth says to rows of the catalogue. Pure.

use jiff::Timestamp;
use muster_adapters::modrinth::{
    About, FileRecipe, NeedKind, Project, ProjectVersion, RECIPE, Ripeness, Support,
};
use muster_domain::{
    Archive, Channel, Dependency, GameId, GameSupport, Kind, ListedVersion, PackageId, Recipe,
    Redistribution, Release, Requirement, Side, SourceId, Version, VersionRange, Vouched,
};
use muster_store::catalog::{Closer, Listing, PackageDetail};
use serde_json::{Value, json};

use super::super::shelf::ShelfRow;
use crate::{
    normalize::{self, CHANGES, MAX_VERSIONS, distinct, placed, text_of, words},
    query::Facet,
};

/// Under which the time of a closer look is kept in the row.
const LOOKED_AT: &str = "looked-at";
/// What the service calls the kind of projects that one loader loads.
const MOD: &str = "mod";
/// Most versions of the game that one version of a mod is for.
const MAX_GAMES: usize = 80;

/// The rows of projects, as searches list them: to be found, with no version yet. Kinds that cannot be placed are left
/// out.
pub(super) fn rows(of: (&SourceId, &GameId), projects: Vec<Project>) -> Vec<ShelfRow> {
    let row = |project: Project| {
        let about = serde_json::to_vec(&project).unwrap_or_default();
        Some(ShelfRow { about: muster_registry::sha256(&about), listing: listing(of, project)? })
    };
    projects.into_iter().filter_map(row).collect()
}

fn listing((source, game): (&SourceId, &GameId), project: Project) -> Option<Listing> {
    let kind = kind(&project.kind)?;
    let id: PackageId = project.id.as_str().parse().ok()?;
    let tags = distinct(project.categories.iter().cloned());
    let side = side(project.client, project.server);
    let mut facets = vec![
        (Facet::Kind, kind.0.clone()),
        (Facet::Source, source.to_string()),
        (Facet::Game, game.to_string()),
    ];
    facets.extend((!project.author.is_empty()).then(|| (Facet::Publisher, project.author.clone())));
    facets.extend(project.license.iter().map(|license| (Facet::License, license.clone())));
    facets.extend(tags.iter().map(|tag| (Facet::Tag, tag.clone())));
    facets.extend(placed(&[], side));
    let moment = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    Some(Listing {
        words: words(&project.title, &project.slug, &project.author, &tags, &project.summary),
        version: String::new(),
        size: 0,
        updated: moment(&project.updated),
        published: moment(&project.published),
        downloads: Some(project.downloads),
        detail: json!({
            "authors": [project.author], "picture": project.icon,
            "page": format!("https://modrinth.com/project/{}", project.id),
        }),
        facets: facets.into_iter().map(|(facet, value)| (facet.as_str().to_owned(), value)).collect(),
        license: project.license,
        games: vec![game.to_string()],
        channel: text_of(&Channel::Stable),
        publisher: project.author,
        name: project.slug,
        title: project.title,
        summary: project.summary,
        releases: Vec::new(),
        id,
        kind,
        side: text_of(&side),
        tags,
    })
}

fn kind(kind: &str) -> Option<Kind> {
    FileRecipe::place_for(kind)?;
    Some(Kind(match kind {
        MOD => Kind::MOD.into(),
        "resourcepack" => "asset-pack".into(),
        other => other.into(),
    }))
}

/// Where a project is needed: on one side only if it does nothing on the other.
fn side(client: Support, server: Support) -> Side {
    match (client, server) {
        (Support::Required | Support::Optional, Support::Unsupported) => Side::Client,
        (Support::Unsupported, Support::Required | Support::Optional) => Side::Server,
        _ => Side::Both,
    }
}

/// When a project was last looked at closely.
pub(super) fn looked_at(known: &PackageDetail) -> Option<Timestamp> {
    Timestamp::from_millisecond(known.detail[LOOKED_AT].as_i64()?).ok()
}

/// What a closer look at a project found, for one loader.
pub(super) fn closer(
    of: (&SourceId, &GameId),
    loader: &str,
    (known, about, versions): (&PackageDetail, &About, &[ProjectVersion]),
    now: Timestamp,
) -> Closer {
    let fits = |version: &&ProjectVersion| {
        about.project.kind != MOD || version.loaders.iter().any(|one| loads(loader, one))
    };
    let read = |version| Some((release(of, &about.project, version)?, version.changes.as_str()));
    let mut found: Vec<(Release, &str)> = versions.iter().filter(fits).filter_map(read).collect();
    found.sort_by(|(a, _), (b, _)| b.version.partial_cmp(&a.version).unwrap_or(std::cmp::Ordering::Equal));
    found.truncate(MAX_VERSIONS);
    let changes = normalize::changes(found.iter().map(|(release, changes)| (&release.version, *changes)));
    let releases: Vec<Release> = found.into_iter().map(|(release, _)| release).collect();
    let mut detail = known.detail.clone();
    if let Value::Object(fields) = &mut detail {
        let more = json!({
            "homepage": about.homepage, "source": about.source_code, "tips": about.donations,
            "description": about.description, CHANGES: changes, LOOKED_AT: now.as_millisecond(),
        });
        fields.extend(more.as_object().cloned().unwrap_or_default());
    }
    let newest = releases.iter().find(|release| release.channel == Channel::Stable).or(releases.first());
    Closer {
        license: about.project.license.clone(),
        version: newest.map(|release| release.version.to_string()).unwrap_or_default(),
        size: newest.map_or(0, |release| release.archive.size),
        detail,
        releases,
    }
}

/// Quilt loads what was made for Fabric.
fn loads(loader: &str, made_for: &str) -> bool {
    loader == made_for || (loader == "quilt" && made_for == "fabric")
}

/// `None` for a version that cannot be placed, has no moment, or is for no finished version of the game.
fn release(
    (source, game): (&SourceId, &GameId),
    project: &Project,
    version: &ProjectVersion,
) -> Option<Release> {
    let id: PackageId = project.id.as_str().parse().ok()?;
    if version.project != project.id {
        return None;
    }
    let published: Timestamp = version.published.parse().ok()?;
    let place = u64::try_from(published.as_millisecond()).ok()?;
    let number = Version::Listed(ListedVersion::new(place, &version.number));
    let recipe = FileRecipe::new(&project.kind, &version.file.name, &version.file.sha512)?;
    let needs = |kind: NeedKind| {
        let needed = version.needs.iter().filter(move |needed| needed.kind == kind);
        needed.filter_map(|needed| {
            let package = needed.project.as_str().parse().ok()?;
            Some(Requirement { package, version: VersionRange::any(), source: None })
        })
    };
    let games: Vec<GameSupport> = version
        .game_versions
        .iter()
        .filter_map(|text| Some(GameSupport { game: game.clone(), version: exactly(text)? }))
        .take(MAX_GAMES)
        .collect();
    if games.is_empty() {
        return None;
    }
    Some(Release {
        archive: Archive::awaited(source, &id, &number, version.file.size),
        vouched: Vouched::Awaited,
        source: source.clone(),
        version: number,
        kind: kind(&project.kind)?,
        unpacked_size: version.file.size,
        channel: match version.ripeness {
            Ripeness::Release => Channel::Stable,
            Ripeness::Beta => Channel::Beta,
            Ripeness::Alpha => Channel::Dev,
        },
        yanked: None,
        games,
        platforms: Vec::new(),
        side: side(project.client, project.server),
        depends: needs(NeedKind::Required).map(Dependency::One).collect(),
        recommends: Vec::new(),
        features: Vec::new(),
        suggests: needs(NeedKind::Optional).map(Dependency::One).collect(),
        conflicts: needs(NeedKind::Incompatible).filter(|needed| needed.package != id).collect(),
        provides: Vec::new(),
        license: project.license.clone(),
        redistribute: Redistribution::ByLicense,
        origins: vec![version.file.address.to_string()],
        torrent: None,
        block_list: None,
        entry_map: None,
        published: Some(published),
        recipe: Some(Recipe { by: RECIPE.into(), rules: recipe.to_text() }),
        id,
    })
}

/// One finished version of the game (`1.20`, `1.20.1`, `26.1`); snapshots have no place in an order with them.
fn exactly(text: &str) -> Option<VersionRange> {
    let parts = text.split('.').count();
    let full = match parts {
        2 => format!("={text}.0"),
        3 => format!("={text}"),
        _ => return None,
    };
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_plain { full.parse().ok() } else { None }
}
