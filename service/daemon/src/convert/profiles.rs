//! Profiles, their history, and what was found in their folders.

use jiff::SignedDuration;
use muster_api as api;
use muster_domain::{Channel, Platform, Side};
use muster_engine::{
    Action, DifferenceView, FileFinding, Item, Key, LaunchReport, Policy, ProfileDetail, ProfileView,
    RemovedView, VerifyReport, WhyStep, WhyView,
};

use super::state::{reason, texts};

pub(crate) fn profile(view: ProfileView) -> api::Profile {
    api::Profile {
        id: view.id.to_string(),
        name: view.name,
        game: view.game.to_string(),
        game_title: view.game_title,
        installation: view.installation,
        active: view.is_current,
        placed: view.is_placed,
        generation: view.generation,
        on: view.on as u32,
        off: view.off as u32,
        updates: view.updates as u32,
        problems: view.problems as u32,
        side: side(view.side),
        platform: view.chosen_platform.map(platform),
        runs_on: Some(platform(view.platform)),
        world: view.world,
        channel: (view.channel != Channel::Stable).then(|| channel(view.channel)),
    }
}

pub(super) fn side(side: Side) -> api::Side {
    match side {
        Side::Client => api::Side::Client,
        Side::Server => api::Side::Server,
        Side::Both => api::Side::Both,
    }
}

pub(super) fn platform(platform: Platform) -> api::Platform {
    match platform {
        Platform::Linux => api::Platform::Linux,
        Platform::Windows => api::Platform::Windows,
        Platform::Macos => api::Platform::Macos,
    }
}

fn channel(channel: Channel) -> api::ReleaseChannel {
    match channel {
        Channel::Dev => api::ReleaseChannel::Dev,
        Channel::Beta => api::ReleaseChannel::Beta,
        Channel::Stable => api::ReleaseChannel::Stable,
    }
}

pub(crate) fn profile_detail(detail: ProfileDetail) -> api::ProfileDetail {
    let entries = detail.entries.into_iter().map(|entry| api::ProfileEntry {
        key: api::PackageKey { source: entry.package.source.to_string(), id: entry.package.id.to_string() },
        title: entry.title,
        publisher: entry.publisher,
        seal: if entry.is_admitted { api::Seal::Verified } else { api::Seal::Unverified },
        kind: entry.package.kind.0,
        version: entry.package.version.label(),
        size: entry.package.archive.size,
        enabled: entry.package.enabled,
        wished: entry.package.wished,
        held: entry.package.held.clone(),
        channel: entry.channel.map(channel),
        needed_by: entry.needed_by,
        update: entry.update.map(|version| version.label()),
        skipped: entry.skipped.map(|version| version.label()),
        problem: entry.problem.as_ref().map(reason),
        advice: super::advice::advice(&entry.advice),
    });
    api::ProfileDetail {
        entries: entries.collect(),
        generations: detail
            .generations
            .into_iter()
            .map(|generation| api::Generation {
                number: generation.number,
                at: generation.at.to_string(),
                cause: reason(&generation.cause),
                name: generation.name,
                current: generation.is_current,
            })
            .collect(),
        places: texts(detail.places),
        storage: super::disk::storage(detail.storage),
        lock: detail.lock,
        profile: profile(detail.view),
    }
}

pub(crate) fn why(view: WhyView) -> api::Why {
    let key = |key: &Key| api::PackageKey { source: key.source.to_string(), id: key.id.to_string() };
    let step = |step: WhyStep| api::WhyStep {
        key: key(&step.key),
        title: step.title,
        for_features: step.for_features,
    };
    api::Why {
        key: key(&view.key),
        title: view.title,
        version: view.version.label(),
        wished: view.is_wished,
        side: (!view.side.is_both()).then(|| side(view.side)),
        chains: view.chains.into_iter().map(|chain| chain.into_iter().map(step).collect()).collect(),
    }
}

pub(crate) fn finding(file: FileFinding) -> api::FileFinding {
    api::FileFinding { place: file.place, path: file.path, package: file.package }
}

pub(crate) fn verify(profile: &str, report: VerifyReport) -> api::VerifyReport {
    let findings = |list: Vec<FileFinding>| list.into_iter().map(finding).collect();
    api::VerifyReport {
        profile: profile.to_owned(),
        intact: report.intact as u64,
        edited: findings(report.edited),
        changed: findings(report.changed),
        missing: findings(report.missing),
        damaged_archives: report.damaged_archives,
    }
}

pub(crate) fn launch(report: LaunchReport) -> api::LaunchReport {
    api::LaunchReport {
        pid: report.pid,
        command: report.command,
        loaded: report.loaded,
        not_loaded: report.not_loaded,
        evidence: report.evidence,
        errors: report.errors,
    }
}

pub(crate) fn removed_profile(view: RemovedView) -> api::RemovedProfile {
    api::RemovedProfile {
        id: view.id.to_string(),
        name: view.name,
        game: view.game.to_string(),
        packages: view.packages as u32,
        removed: view.removed.to_string(),
        forgotten: view.forgotten.to_string(),
    }
}

pub(crate) fn policy(request: &api::PruneRequest) -> Policy {
    Policy { newest: request.keep, younger: SignedDuration::from_hours(i64::from(request.days) * 24) }
}

pub(crate) fn difference(view: DifferenceView) -> api::GenerationDifference {
    let items = view.items.into_iter().map(|(item, title)| difference_item(&item, title));
    api::GenerationDifference { from: view.from, to: view.to, items: items.collect() }
}

fn difference_item(item: &Item, title: String) -> api::DifferenceItem {
    let package = item.package();
    let version = |package: &muster_domain::LockedPackage| package.version.label();
    api::DifferenceItem {
        action: action(item.action),
        key: api::PackageKey { source: package.source.to_string(), id: package.id.to_string() },
        title,
        from: item.before.as_ref().map(version),
        to: item.after.as_ref().map(version),
    }
}

pub(super) fn action(action: Action) -> api::PlanAction {
    match action {
        Action::Add => api::PlanAction::Add,
        Action::Change => api::PlanAction::Change,
        Action::Remove => api::PlanAction::Remove,
        Action::Enable => api::PlanAction::Enable,
        Action::Disable => api::PlanAction::Disable,
    }
}
