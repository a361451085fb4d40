//! Rows of a CKAN index as releases; only what resolving asks for is read.

use std::{collections::BTreeSet, io::BufRead, sync::Arc};

use muster_domain::{
    Archive, Channel, CkanVersion, Dependency, GameSupport, Kind, PackageId, Provided, Redistribution,
    Release, Requirement, Sha256, Side, SourceId, Version, VersionRange, Vouched,
};
use serde::Deserialize;

use crate::{failure::Failure, games::GameVersions};

pub(crate) const SOURCE: &str = "ckan:ksp";
pub(crate) const GAME: &str = "kerbal-space-program";

/// A row: one version of one identifier.
#[derive(Deserialize)]
struct Row {
    id: String,
    version: String,
    #[serde(default)]
    kind: String,
    #[serde(flatten)]
    game: GameVersions,
    #[serde(default)]
    depends: Vec<Relation>,
    #[serde(default)]
    conflicts: Vec<Relation>,
    #[serde(default)]
    provides: Vec<String>,
}

#[derive(Deserialize)]
struct Relation {
    #[serde(default)]
    name: String,
    version: Option<String>,
    min_version: Option<String>,
    max_version: Option<String>,
    #[serde(default)]
    any_of: Vec<Relation>,
}

/// What can be installed of an index, and the game versions at which its ranges begin.
#[derive(Default)]
pub(crate) struct Rows {
    pub releases: Vec<Arc<Release>>,
    pub beginnings: BTreeSet<[u64; 3]>,
}

/// Reads JSON Lines. Paid extensions (`dlc`) are left out: nobody can install them.
///
/// # Errors
/// The first line that is not a row.
pub(crate) fn read(lines: impl BufRead) -> Result<Rows, Failure> {
    let mut rows = Rows::default();
    for (at, line) in lines.lines().enumerate() {
        let line = line.map_err(Failure::Read)?;
        if line.trim().is_empty() {
            continue;
        }
        let refuse = |why: String| Failure::Line { line: at + 1, why };
        let row: Row = serde_json::from_str(&line).map_err(|error| refuse(error.to_string()))?;
        if row.kind == "dlc" {
            continue;
        }
        rows.beginnings.extend(row.game.beginning().map_err(refuse)?);
        rows.releases.push(Arc::new(release(row).map_err(refuse)?));
    }
    Ok(rows)
}

fn release(row: Row) -> Result<Release, String> {
    let games = row.game.range()?;
    let support = |version: VersionRange| -> Result<GameSupport, String> {
        Ok(GameSupport { game: parse(GAME)?, version })
    };
    let provide =
        |name: &String| -> Result<Provided, String> { Ok(Provided { package: parse(name)?, version: None }) };
    Ok(Release {
        source: parse(SOURCE)?,
        id: parse(&row.id)?,
        version: Version::Ckan(parse(&row.version)?),
        kind: Kind(Kind::MOD.to_owned()),
        archive: Archive { sha256: Sha256([0; 32]), size: 0 },
        vouched: Vouched::Source,
        unpacked_size: 0,
        channel: Channel::Stable,
        yanked: None,
        games: games.into_iter().map(support).collect::<Result<_, _>>()?,
        platforms: vec![],
        side: Side::default(),
        depends: row.depends.iter().map(dependency).collect::<Result<_, _>>()?,
        recommends: Vec::new(),
        features: Vec::new(),
        suggests: Vec::new(),
        conflicts: row.conflicts.iter().flat_map(alternatives).map(requirement).collect::<Result<_, _>>()?,
        provides: row.provides.iter().map(provide).collect::<Result<_, _>>()?,
        license: None,
        redistribute: Redistribution::ByLicense,
        origins: Vec::new(),
        torrent: None,
        block_list: None,
        entry_map: None,
        published: None,
        recipe: None,
    })
}

/// A relation's alternatives; one that has no `any_of` is its own.
fn alternatives(relation: &Relation) -> Vec<&Relation> {
    match &relation.any_of[..] {
        [] => vec![relation],
        several => several.iter().flat_map(alternatives).collect(),
    }
}

fn dependency(relation: &Relation) -> Result<Dependency, String> {
    let mut any_of = alternatives(relation).into_iter().map(requirement).collect::<Result<Vec<_>, _>>()?;
    Ok(match any_of.len() {
        1 => Dependency::One(any_of.remove(0)),
        _ => Dependency::AnyOf { any_of },
    })
}

fn requirement(relation: &Relation) -> Result<Requirement, String> {
    let bound = |text: &Option<String>| text.as_deref().map(parse::<CkanVersion>).transpose();
    let exactly = bound(&relation.version)?;
    let range = match exactly {
        Some(version) => VersionRange::ckan(Some(version.clone()), Some(version)),
        None => VersionRange::ckan(bound(&relation.min_version)?, bound(&relation.max_version)?),
    };
    let package: PackageId = parse(&relation.name)?;
    Ok(Requirement { package, version: range, source: None })
}

fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// The source of every row.
pub(crate) fn source() -> SourceId {
    parse(SOURCE).unwrap_or_else(|why| unreachable!("{SOURCE}: {why}"))
}
