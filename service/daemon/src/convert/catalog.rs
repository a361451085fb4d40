//! Packages, plans and links as the API shows them.

use muster_api as api;
use muster_domain::{Dependency, Release, Requirement, Vouched, clean_line};
use muster_engine::{
    AdviceView, ChangesView, Detail, FeatureView, Found, Key, KeyPeriod, LinkView, PackageStatus,
    PlanFeatures, PlanItem, PlanOffer, PlanView, Row, Strength, TrustView, VersionChanges, words,
};

use super::{advice::advice, profiles::action, reason};
use crate::server::Failure;

pub(super) fn api_key(key: &Key) -> api::PackageKey {
    api::PackageKey { source: key.source.to_string(), id: key.id.to_string() }
}

fn seal(is_admitted: bool) -> api::Seal {
    if is_admitted { api::Seal::Verified } else { api::Seal::Unverified }
}

fn package_status(status: &PackageStatus) -> api::PackageState {
    match status {
        PackageStatus::Absent => api::PackageState::Absent,
        PackageStatus::On { version } => api::PackageState::On { version: version.label() },
        PackageStatus::Off { version } => api::PackageState::Off { version: version.label() },
        PackageStatus::Update { version, available } => {
            api::PackageState::Update { version: version.label(), available: available.label() }
        }
        PackageStatus::Busy { job } => api::PackageState::Busy { job: job.to_string() },
        PackageStatus::Managed { by } => api::PackageState::Managed { by: (*by).to_owned() },
        PackageStatus::Incompatible { game } => api::PackageState::Incompatible { game: game.to_string() },
    }
}

pub(crate) fn row(row: Row) -> api::PackageRow {
    let package = row.package;
    api::PackageRow {
        key: api::PackageKey { source: package.source.to_string(), id: package.id.to_string() },
        source_name: row.source_name,
        // What is installed is always checked against the publisher's own signature; sources without one come later.
        signature: if package.source.registry_root().is_some() {
            api::Signature::Author
        } else {
            api::Signature::None
        },
        publisher: package.publisher,
        name: package.name,
        title: package.title,
        summary: package.summary,
        kind: package.kind.0,
        version: label(package.version),
        size: package.size,
        downloads: package.downloads,
        updated: package.updated.map(|time| time.to_string()),
        tags: package.tags,
        games: package.games,
        license: package.license,
        seal: seal(row.is_admitted),
        status: package_status(&row.status),
        advice: advice(&row.advice),
        also_in: row.also_in,
        featured: row.featured,
        trend: row.trend.map(|trend| api::Trend { gain: trend.gain, since: trend.since.to_string() }),
    }
}

/// What people call a version; empty where none is known yet.
fn label(text: String) -> String {
    text.parse::<muster_domain::Version>().map_or(text, |version| version.label())
}

pub(crate) fn found(found: Found) -> api::SearchPage {
    use muster_engine::FacetMode;
    let facets = found.facets.into_iter().map(|(facet, values)| api::Facet {
        key: facet.as_str().to_owned(),
        values: values
            .into_iter()
            .map(|value| api::FacetValue {
                value: value.value,
                count: value.count as u64,
                selected: value.mode.map(|mode| mode == FacetMode::Include),
            })
            .collect(),
    });
    api::SearchPage {
        total: found.total as u64,
        all: found.all as u64,
        facets: facets.collect(),
        rows: found.rows.into_iter().map(row).collect(),
        did_you_mean: found.did_you_mean,
    }
}

fn signature(trust: &TrustView) -> api::Signature {
    match trust {
        _ if trust.is_revoked => api::Signature::Revoked,
        _ if trust.is_blocked() => api::Signature::KeyChanged,
        _ if trust.is_rotated => api::Signature::Rotated,
        _ if trust.key.is_some() => api::Signature::Author,
        _ => api::Signature::None,
    }
}

fn period(period: &KeyPeriod) -> api::KeyPeriod {
    api::KeyPeriod {
        key: period.key.to_string(),
        key_words: words(&period.key),
        how: period.how.as_str().to_owned(),
        since: period.since.to_string(),
        until: period.replaced.map(|(at, _)| at.to_string()),
        replaced_by: period.replaced.map(|(_, key)| words(&key)),
        withdrawn: period.withdrawn.map(|at| at.to_string()),
    }
}

fn trust(trust: &TrustView) -> api::Trust {
    let shown = trust.pinned_key.or(trust.key);
    api::Trust {
        signature: signature(trust),
        key: shown.map(|key| key.to_string()),
        key_words: shown.map(|key| words(&key)),
        pinned: trust.pinned.map(|time| time.to_string()),
        presented_key: trust.pinned_key.and(trust.key).map(|key| key.to_string()),
        history: trust.history.iter().map(period).collect(),
    }
}

fn version(detail: &Detail, release: &Release, against: &[AdviceView]) -> api::PackageVersion {
    let channel = serde_json::to_value(release.channel).ok();
    api::PackageVersion {
        version: release.version.label(),
        size: release.archive.size,
        sha256: (release.vouched != Vouched::Awaited).then(|| release.archive.sha256.to_string()),
        published: release.published.map(|time| time.to_string()),
        channel: channel.and_then(|channel| channel.as_str().map(str::to_owned)).unwrap_or_default(),
        games: release
            .games
            .iter()
            .map(|support| (support.game.to_string(), support.version.to_string()))
            .collect(),
        platforms: release.platforms.iter().map(|name| clean_line(name, 40)).collect(),
        side: (!release.side.is_both()).then(|| super::profiles::side(release.side)),
        yanked: release.yanked.clone(),
        advice: advice(against),
        installed: detail.installed.as_ref() == Some(&release.version),
        fits: detail.fitting.contains(&release.version),
        changes_html: None,
    }
}

fn needs(detail: &Detail) -> Vec<api::Need> {
    let Some(release) = detail.releases.first() else { return Vec::new() };
    let option = |requirement: &Requirement| {
        let (title, present) = detail.related.get(&requirement.package).cloned().unwrap_or_default();
        let source = requirement.source.as_ref().unwrap_or(&release.source);
        api::NeedOption {
            key: api::PackageKey { source: source.to_string(), id: requirement.package.to_string() },
            title,
            range: requirement.version.label(),
            present,
        }
    };
    let lists =
        [("depends", &release.depends), ("recommends", &release.recommends), ("suggests", &release.suggests)];
    let related = lists.into_iter().flat_map(|(relation, list)| list.iter().map(move |one| (relation, one)));
    let mut needs: Vec<api::Need> = related
        .map(|(relation, one): (&str, &Dependency)| api::Need {
            relation: relation.to_owned(),
            any_of: one.alternatives().iter().map(option).collect(),
            for_features: match relation {
                "depends" => for_features(release, one),
                _ => Vec::new(),
            },
        })
        .collect();
    needs.extend(release.conflicts.iter().map(|conflict| api::Need {
        relation: "conflicts".into(),
        any_of: vec![option(conflict)],
        for_features: Vec::new(),
    }));
    needs
}

/// Titles of the features that bring a dependency, be they on or off.
fn for_features(release: &Release, dependency: &Dependency) -> Vec<String> {
    let bringing = release.features.iter().filter(|feature| feature.brings(dependency));
    bringing.map(|feature| feature.title.clone()).collect()
}

pub(crate) fn detail(detail: Detail) -> api::PackageDetail {
    api::PackageDetail {
        versions: detail
            .releases
            .iter()
            .zip(&detail.advice)
            .map(|(release, against)| version(&detail, release, against))
            .collect(),
        needs: needs(&detail),
        features: detail.features.into_iter().map(feature).collect(),
        trust: trust(&detail.trust),
        description_html: detail.description_html,
        authors: detail.authors,
        homepage: detail.homepage,
        source_code: detail.source_code,
        tips: detail.tips,
        disclosures: detail.disclosures,
        row: api::PackageRow { signature: signature(&detail.trust), ..row(detail.row) },
    }
}

fn plan_item(item: PlanItem) -> api::PlanItem {
    api::PlanItem {
        action: action(item.action),
        key: api_key(&item.key),
        title: item.title,
        publisher: item.publisher,
        from: item.from.map(|version| version.label()),
        to: item.to.map(|version| version.label()),
        size: item.size,
        here: item.here,
        needed_by: item.needed_by,
        for_features: item
            .for_features
            .into_iter()
            .map(|(package, feature)| api::ForFeature { package, feature })
            .collect(),
        license: item.license,
        seal: seal(item.is_admitted),
        signature: if item.key.source.registry_root().is_some() {
            api::Signature::Author
        } else {
            api::Signature::None
        },
    }
}

pub(crate) fn plan(plan: PlanView) -> api::PlanPreview {
    api::PlanPreview {
        profile: plan.profile.to_string(),
        digest: plan.digest,
        items: plan.items.into_iter().map(plan_item).collect(),
        remembers: plan.remembers,
        keeps: plan.keeps as u32,
        download: plan.download,
        here: plan.here,
        unpacked: plan.unpacked,
        notices: plan
            .notices
            .iter()
            .map(|(why, blocking)| api::Notice { reason: reason(why), blocking: *blocking })
            .collect(),
        offers: plan.offers.into_iter().map(plan_offer).collect(),
        features: plan.features.into_iter().map(plan_features).collect(),
    }
}

fn plan_features(of: PlanFeatures) -> api::PlanFeatures {
    let features = of.features.into_iter().map(feature).collect();
    api::PlanFeatures { key: api_key(&of.key), title: of.title, features }
}

fn feature(feature: FeatureView) -> api::Feature {
    api::Feature {
        id: feature.id.to_string(),
        title: feature.title,
        summary: feature.summary,
        default: feature.default,
        on: feature.on,
        new: feature.is_new,
        brings: feature.brings,
    }
}

fn plan_offer(offer: PlanOffer) -> api::PlanOffer {
    let option = |(key, title): (Key, String)| api::PlanOption { key: api_key(&key), title };
    api::PlanOffer {
        strength: match offer.strength {
            Strength::Recommended => api::OfferStrength::Recommended,
            Strength::Suggested => api::OfferStrength::Suggested,
        },
        options: offer.options.into_iter().map(option).collect(),
        wanted_by: offer.wanted_by,
    }
}

pub(crate) fn wish(wish: &muster_engine::Wish) -> api::Wish {
    api::Wish {
        key: api_key(&wish.key),
        range: Some(wish.range.to_string()),
        sha256: wish.sha256.map(|hash| hash.to_string()),
    }
}

/// A change that somebody else asks for, as the API writes it.
pub(crate) fn api_change(request: &muster_engine::ChangeRequest, profile: &str) -> api::ChangeRequest {
    let wishes = request.install.iter().map(wish);
    let keys = |keys: &[muster_engine::Key]| keys.iter().map(api_key).collect();
    api::ChangeRequest {
        profile: Some(profile.to_owned()),
        install: wishes.collect(),
        remove: keys(&request.remove),
        enable: keys(&request.enable),
        disable: keys(&request.disable),
        without: keys(&request.without),
        agreed: request.agreed.clone(),
        ..api::ChangeRequest::default()
    }
}

pub(crate) fn link(view: LinkView) -> api::LinkInspection {
    match view {
        LinkView::Package { package, plan: view, request } => {
            let request = Box::new(api_change(&request, &view.profile.to_string()));
            api::LinkInspection::Package {
                package: Box::new(row(*package)),
                plan: Box::new(plan(*view)),
                request,
            }
        }
        LinkView::Present { package } => api::LinkInspection::Present { package: Box::new(row(*package)) },
        LinkView::UnknownSource { source, package } => api::LinkInspection::UnknownSource { source, package },
        LinkView::AddSource { root, address, is_known } => api::LinkInspection::AddSource {
            root_words: words(&root),
            root: root.to_string(),
            address,
            known: is_known,
        },
        LinkView::Lobby { peers } => {
            api::LinkInspection::Lobby { peers: peers.iter().map(ToString::to_string).collect() }
        }
        LinkView::Unreadable { error } => {
            api::LinkInspection::Refused { problem: Failure::from_coded(400, &error).0 }
        }
    }
}

/// What went wrong with looking at a link is shown in the link's own dialog.
pub(crate) fn refused_link(failure: Failure) -> api::LinkInspection {
    api::LinkInspection::Refused { problem: failure.0 }
}

pub(crate) fn changes(view: ChangesView) -> api::Changes {
    let version = |one: VersionChanges| api::VersionChanges {
        version: one.version.label(),
        published: one.published.map(|time| time.to_string()),
        text: one.text,
        html: one.html,
    };
    api::Changes {
        key: api_key(&view.key),
        title: view.title,
        from: view.from.map(|version| version.label()),
        to: view.to.label(),
        versions: view.versions.into_iter().map(version).collect(),
        more: view.more as u32,
        told: view.is_told,
    }
}
