//! The smallest changes that would make a request solvable, found by trying them.

use muster_domain::{Channel, Feature, FeatureId, SourceId, Version, VersionRange};
use serde::Serialize;

use crate::{Explanation, PackageKey, Request, Resolution, Solving, label};

/// Most wishes that are tried one by one; pairs of them are tried only if nothing else helps.
const MAX_TRIED: usize = 8;

/// Every code a [`Fix`] can have, with its parameters: `allow-version` (`package`, `version`), `allow-channel`
/// (`channel`, `packages`), `let-move` (`package`), `use-source` (`package`, `source`), `without-feature` (`package`, `feature`: its title),
/// `leave-out` (`packages`).
pub const FIX_CODES: &[&str] =
    &["allow-version", "allow-channel", "let-move", "use-source", "without-feature", "leave-out"];

/// One change after which the request can be solved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "code")]
pub enum Fix {
    /// Let a wish have another version than its range or pin says.
    AllowVersion { package: PackageKey, version: Version },
    /// Take these releases although they are less ripe.
    AllowChannel {
        #[serde(skip)]
        channel: Channel,
        packages: Vec<(PackageKey, Version)>,
    },
    /// Hold a package no longer.
    LetMove { package: PackageKey },
    /// Take a dependency from another source.
    UseSource { package: PackageKey, source: SourceId },
    /// Do without a feature of a package.
    WithoutFeature { package: PackageKey, feature: FeatureId, title: String },
    /// Do without these wishes.
    LeaveOut { packages: Vec<PackageKey> },
}

impl Fix {
    pub fn code(&self) -> &'static str {
        match self {
            Self::AllowVersion { .. } => "allow-version",
            Self::AllowChannel { .. } => "allow-channel",
            Self::LetMove { .. } => "let-move",
            Self::UseSource { .. } => "use-source",
            Self::WithoutFeature { .. } => "without-feature",
            Self::LeaveOut { .. } => "leave-out",
        }
    }

    /// In display form.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::AllowVersion { package, version } => {
                vec![("package", package.to_string()), ("version", version.label())]
            }
            Self::AllowChannel { channel, packages } => {
                let packages =
                    packages.iter().map(|(package, version)| format!("{package} {}", version.label()));
                vec![("channel", label::channel(*channel)), ("packages", label::list(packages))]
            }
            Self::LetMove { package } => vec![("package", package.to_string())],
            Self::UseSource { package, source } => {
                vec![("package", package.to_string()), ("source", source.to_string())]
            }
            Self::WithoutFeature { package, title, .. } => {
                vec![("package", package.to_string()), ("feature", title.clone())]
            }
            Self::LeaveOut { packages } => vec![("packages", label::list(packages.iter()))],
        }
    }
}

pub(crate) fn find(request: &Request, solving: &Solving<'_>, explanation: &Explanation) -> Vec<Fix> {
    let involved: Vec<&PackageKey> = explanation.wishes.iter().take(MAX_TRIED).collect();
    let mut fixes: Vec<Fix> = Vec::new();
    fixes.extend(involved.iter().filter_map(|wish| allow_version(request, solving, wish)));
    fixes.extend(allow_channel(request, solving));
    fixes.extend(
        request.options.held.keys().take(MAX_TRIED).filter_map(|held| let_move(request, solving, held)),
    );
    for (package, source) in explanation.elsewhere.iter().take(MAX_TRIED) {
        let mut changed = request.clone();
        changed.options.mapped.insert(package.clone(), source.clone());
        if solving.attempt(&changed).is_ok() {
            fixes.push(Fix::UseSource { package: package.clone(), source: source.clone() });
        }
    }
    let optional = explanation.optional.iter().take(MAX_TRIED);
    fixes.extend(
        optional.filter_map(|(package, feature)| without_feature(request, solving, package, feature)),
    );
    if request.wished.len() > 1 {
        let singles = involved.iter().filter_map(|wish| leave_out(request, solving, &[*wish]));
        fixes.extend(singles);
        if fixes.is_empty() {
            fixes.extend(pairs(&involved).filter_map(|pair| leave_out(request, solving, &pair)).take(3));
        }
    }
    fixes
}

fn allow_version(request: &Request, solving: &Solving<'_>, package: &PackageKey) -> Option<Fix> {
    let mut changed = request.clone();
    let mut was_bound = false;
    for wish in changed.wished.iter_mut().filter(|wish| wish.package == *package) {
        was_bound |= wish.pin.is_some() || !wish.range.is_any();
        wish.range = VersionRange::any();
        wish.pin = None;
    }
    let resolution = if was_bound { solving.attempt(&changed).ok()? } else { return None };
    let version = resolution.get(package)?.release.version.clone();
    Some(Fix::AllowVersion { package: package.clone(), version })
}

fn allow_channel(request: &Request, solving: &Solving<'_>) -> Option<Fix> {
    [Channel::Beta, Channel::Dev].into_iter().filter(|channel| *channel < request.options.channel).find_map(
        |channel| {
            let mut changed = request.clone();
            changed.options.channel = channel;
            changed.options.channels.values_mut().for_each(|own| *own = (*own).min(channel));
            let packages = less_ripe(&solving.attempt(&changed).ok()?, request.options.channel);
            Some(Fix::AllowChannel { channel, packages })
        },
    )
}

fn let_move(request: &Request, solving: &Solving<'_>, package: &PackageKey) -> Option<Fix> {
    let mut changed = request.clone();
    changed.options.held.remove(package);
    solving.attempt(&changed).ok()?;
    Some(Fix::LetMove { package: package.clone() })
}

fn less_ripe(resolution: &Resolution, channel: Channel) -> Vec<(PackageKey, Version)> {
    let is_less =
        |release: &muster_domain::Release| release.channel < channel || release.version.is_prerelease();
    let packages = resolution.packages.iter().filter(|package| is_less(&package.release));
    packages.map(|package| (package.key(), package.release.version.clone())).collect()
}

fn without_feature(
    request: &Request,
    solving: &Solving<'_>,
    package: &PackageKey,
    feature: &Feature,
) -> Option<Fix> {
    let mut changed = request.clone();
    changed.options.features.entry(package.clone()).or_default().insert(feature.id.clone(), false);
    solving.attempt(&changed).ok()?;
    let (package, title) = (package.clone(), feature.title.clone());
    Some(Fix::WithoutFeature { package, feature: feature.id.clone(), title })
}

fn leave_out(request: &Request, solving: &Solving<'_>, packages: &[&PackageKey]) -> Option<Fix> {
    let mut changed = request.clone();
    changed.wished.retain(|wish| !packages.contains(&&wish.package));
    solving.attempt(&changed).ok()?;
    Some(Fix::LeaveOut { packages: packages.iter().map(|package| (*package).clone()).collect() })
}

fn pairs<'a>(items: &'a [&'a PackageKey]) -> impl Iterator<Item = [&'a PackageKey; 2]> + 'a {
    items.iter().enumerate().flat_map(|(at, one)| items[at + 1..].iter().map(move |other| [*one, *other]))
}
