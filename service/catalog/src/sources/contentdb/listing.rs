//! From what ContentDB says to rows of the catalogue. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_adapters::contentdb::{
    Details, Kind as PackageKind, Need, Needs, PackageName, RECIPE, ReleaseEntry, Summary,
};
use muster_domain::{
    Archive, Channel, Dependency, GameId, GameSupport, Kind, ListedVersion, PackageId, Provided, Recipe,
    Redistribution, Release, Requirement, Side, SourceId, Version, VersionRange, Vouched,
};
use muster_store::catalog::{Closer, Listing, PackageDetail};
use serde_json::{Value, json};
use url::Url;

use super::super::shelf::ShelfRow;
use crate::{
    normalize::{self, CHANGES, MAX_VERSIONS, text_of, words},
    query::Facet,
};

/// Under which the time of a closer look is kept in the row.
const LOOKED_AT: &str = "looked-at";
/// What the service calls packages whose authors advise against them.
const DEPRECATED: &str = "DEPRECATED";

/// The rows of a list. Packages whose needs are not known are left out: they could not be installed rightly.
pub(super) fn rows(of: (&SourceId, &GameId, &Url), listed: Vec<Summary>, needs: Vec<Needs>) -> Vec<ShelfRow> {
    let mut in_games: BTreeSet<String> = BTreeSet::new();
    let mut games: BTreeSet<PackageName> = BTreeSet::new();
    for needs in needs.iter().filter(|needs| needs.kind == PackageKind::Game) {
        in_games.extend(needs.provides.iter().cloned());
        games.insert(needs.name.clone());
    }
    let mut namesakes: BTreeMap<(PackageKind, String), Vec<PackageName>> = BTreeMap::new();
    for summary in &listed {
        let key = (summary.kind, summary.name.name().to_owned());
        namesakes.entry(key).or_default().push(summary.name.clone());
    }
    let needs: BTreeMap<PackageName, Needs> =
        needs.into_iter().map(|needs| (needs.name.clone(), needs)).collect();
    let row = |summary: Summary| {
        let needs = needs.get(&summary.name)?;
        let same = namesakes.get(&(summary.kind, summary.name.name().to_owned()));
        let others = same.into_iter().flatten().filter(|other| **other != summary.name);
        let said =
            Said { summary: &summary, needs, others: others.collect(), in_games: &in_games, games: &games };
        let listing = listing(of, &said)?;
        let about =
            serde_json::to_vec(&(&summary, needs, &said.others, &listing.releases)).unwrap_or_default();
        Some(ShelfRow { about: muster_registry::sha256(&about), listing })
    };
    listed.into_iter().filter_map(row).collect()
}

/// Everything that the list says about one package.
struct Said<'a> {
    summary: &'a Summary,
    needs: &'a Needs,
    /// Packages that would be the same folder.
    others: Vec<&'a PackageName>,
    /// Mods that come with games.
    in_games: &'a BTreeSet<String>,
    games: &'a BTreeSet<PackageName>,
}

impl Said<'_> {
    /// Whether the game that is played has it: nothing here can install it into a game.
    fn is_of_the_game(&self, need: &Need) -> bool {
        match need {
            Need::Mod(name) => self.in_games.contains(name),
            Need::Package(name) => self.games.contains(name),
        }
    }

    fn wanted<'b>(&'b self, needs: &'b BTreeSet<Need>) -> impl Iterator<Item = Dependency> + 'b {
        let own = |need: &&Need| matches!(need, Need::Mod(name) if self.needs.provides.contains(name));
        let needs = needs.iter().filter(move |need| !own(need) && !self.is_of_the_game(need));
        needs.filter_map(|need| {
            let package = match need {
                Need::Mod(name) => name.parse().ok()?,
                Need::Package(name) => name.as_str().parse().ok()?,
            };
            Some(Dependency::One(Requirement { package, version: VersionRange::any(), source: None }))
        })
    }

    /// Names of mods that the game has to have.
    fn expected(&self) -> Vec<String> {
        let expected = self.needs.depends.iter().filter(|need| self.is_of_the_game(need));
        let name = |need: &Need| match need {
            Need::Mod(name) => name.clone(),
            Need::Package(name) => name.to_string(),
        };
        expected.map(name).collect()
    }
}

fn listing((source, game, base): (&SourceId, &GameId, &Url), said: &Said<'_>) -> Option<Listing> {
    let Said { summary, needs, .. } = said;
    let id: PackageId = summary.name.as_str().parse().ok()?;
    let only = |name: &PackageName| {
        let package = name.as_str().parse().ok()?;
        Some(Requirement { package, version: VersionRange::any(), source: None })
    };
    let provides = needs.provides.iter().filter(|_| summary.kind == PackageKind::Mod);
    let newest = Release {
        version: Version::Listed(ListedVersion::new(summary.release, "")),
        kind: kind(summary.kind),
        // How large it is stands on the package's own page.
        archive: Archive {
            size: 0,
            ..Archive::awaited(source, &id, &Version::Listed(ListedVersion::new(summary.release, "")), 0)
        },
        vouched: Vouched::Awaited,
        source: source.clone(),
        unpacked_size: 0,
        channel: Channel::Stable,
        yanked: None,
        games: vec![GameSupport { game: game.clone(), version: VersionRange::any() }],
        platforms: Vec::new(),
        side: Side::default(),
        depends: said.wanted(&needs.depends).collect(),
        recommends: Vec::new(),
        features: Vec::new(),
        suggests: said.wanted(&needs.optional).collect(),
        conflicts: said.others.iter().filter_map(|name| only(name)).collect(),
        provides: provides
            .filter_map(|name| Some(Provided { package: name.parse().ok()?, version: None }))
            .collect(),
        license: None,
        redistribute: Redistribution::ByLicense,
        origins: origin(base, &summary.name, summary.release).into_iter().collect(),
        torrent: None,
        block_list: None,
        entry_map: None,
        published: None,
        recipe: Some(Recipe {
            by: RECIPE.into(),
            rules: format!("{}:{}", summary.kind.as_str(), summary.name.name()),
        }),
        id,
    };
    let (publisher, name) = (summary.name.author().to_owned(), summary.name.to_string());
    let channel = text_of(&newest.channel);
    let facets = [
        (Facet::Kind, newest.kind.0.clone()),
        (Facet::Source, source.to_string()),
        (Facet::Channel, channel.clone()),
        (Facet::Game, game.to_string()),
        (Facet::Publisher, publisher.clone()),
    ];
    Some(Listing {
        id: newest.id.clone(),
        words: words(&summary.title, &name, &publisher, &[], &summary.summary),
        version: newest.version.to_string(),
        side: text_of(&Side::default()),
        size: 0,
        updated: None,
        published: None,
        downloads: None,
        detail: json!({ "authors": [publisher], "picture": summary.picture, "expects": said.expected() }),
        facets: facets.into_iter().map(|(facet, value)| (facet.as_str().to_owned(), value)).collect(),
        license: None,
        games: vec![game.to_string()],
        kind: newest.kind.clone(),
        title: summary.title.clone(),
        summary: summary.summary.clone(),
        tags: Vec::new(),
        releases: vec![newest],
        channel,
        publisher,
        name,
    })
}

fn kind(kind: PackageKind) -> Kind {
    Kind(match kind {
        PackageKind::Mod => Kind::MOD.into(),
        PackageKind::Game => "game".into(),
        PackageKind::TexturePack => "asset-pack".into(),
    })
}

/// Where the service hands a release out.
fn origin(base: &Url, name: &PackageName, release: u64) -> Option<String> {
    base.join(&format!("packages/{name}/releases/{release}/download/")).ok().map(Into::into)
}

/// When a package was last looked at closely.
pub(super) fn looked_at(known: &PackageDetail) -> Option<Timestamp> {
    Timestamp::from_millisecond(known.detail[LOOKED_AT].as_i64()?).ok()
}

/// What a closer look at a package found. All releases need what the newest one does: the service says it of no other.
pub(super) fn closer(
    (source, base): (&SourceId, &Url),
    known: &PackageDetail,
    details: &Details,
    releases: &[ReleaseEntry],
    now: Timestamp,
) -> Closer {
    let license = details.license_expression();
    let read = |entry| {
        let release = release((source, base), known.releases.first()?, license.as_deref(), entry)?;
        Some((release, entry.notes.as_deref().unwrap_or_default()))
    };
    let mut found: Vec<(Release, &str)> = releases.iter().filter_map(read).collect();
    found.sort_by(|(a, _), (b, _)| b.version.partial_cmp(&a.version).unwrap_or(std::cmp::Ordering::Equal));
    found.truncate(MAX_VERSIONS);
    let changes = normalize::changes(found.iter().map(|(release, notes)| (&release.version, *notes)));
    let found: Vec<Release> = found.into_iter().map(|(release, _)| release).collect();
    let is_deprecated = details.state.as_deref() == Some(DEPRECATED);
    let mut disclosures = details.warnings.clone();
    disclosures.extend(is_deprecated.then(|| "deprecated".to_owned()));
    let mut detail = known.detail.clone();
    if let Value::Object(fields) = &mut detail {
        let authors = match details.maintainers.is_empty() {
            true => fields.get("authors").cloned().unwrap_or_default(),
            false => json!(details.maintainers),
        };
        let more = json!({
            "authors": authors, "homepage": details.homepage, "source": details.source_code,
            "tips": details.donation.iter().collect::<Vec<_>>(), "description": details.description,
            "disclosures": disclosures, "tags": details.tags, "media-license": details.media_license,
            CHANGES: changes, LOOKED_AT: now.as_millisecond(),
        });
        fields.extend(more.as_object().cloned().unwrap_or_default());
    }
    // Where no release can be installed, the package stays to be found as its list has it.
    let newest = found.first().or(known.releases.first());
    Closer {
        version: newest.map(|release| release.version.to_string()).unwrap_or_default(),
        size: newest.map_or(0, |release| release.archive.size),
        releases: if found.is_empty() { known.releases.clone() } else { found },
        license,
        detail,
    }
}

/// A release that can be installed: one whose size is known, so that half an archive is never taken for a whole one.
fn release(
    (source, base): (&SourceId, &Url),
    newest: &Release,
    license: Option<&str>,
    entry: &ReleaseEntry,
) -> Option<Release> {
    let version = Version::Listed(ListedVersion::new(entry.id, &entry.title));
    let name: PackageName = newest.id.as_str().parse().ok()?;
    let game = newest.games.first()?.game.clone();
    Some(Release {
        archive: Archive::awaited(source, &newest.id, &version, entry.size?),
        games: vec![GameSupport { game, version: entry.engine.clone() }],
        license: license.map(str::to_owned),
        origins: vec![origin(base, &name, entry.id)?],
        published: entry.released.as_deref().and_then(time),
        version,
        ..newest.clone()
    })
}

/// A moment as the service writes it: in UTC, without saying so.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().or_else(|_| format!("{text}Z").parse()).ok()
}
