//! From a request to the exact lock: facts, resolver, pins, and what the player must know.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::{Lock, LockedPackage, LockedSource, Publisher, SourceId, Version, VersionRange};
use muster_registry::pin::Decision;
use muster_resolver::{GameTarget, Options, PackageKey, Request, Resolution, Update, Wish, resolve};
use muster_store::state::Profile;

use crate::{
    ChangeRequest, Engine, EngineError, Explanation, Item, Key, Reason,
    change::{difference, digest},
    facts::FactBook,
};

/// What a request amounts to.
pub(crate) struct Settlement {
    pub after: Lock,
    pub items: Vec<Item>,
    pub digest: String,
    pub book: FactBook,
    /// Code, values, and whether it stands in the way.
    pub notices: Vec<(Reason, bool)>,
}

impl From<&Key> for PackageKey {
    fn from(key: &Key) -> Self {
        Self { source: key.source.clone(), id: key.id.clone() }
    }
}

/// Finds the lock that fulfils `request` on top of the profile. Changes nothing but pins' candidates.
pub(crate) async fn settle(
    engine: &Engine,
    profile: &Profile,
    request: &ChangeRequest,
) -> Result<Settlement, EngineError> {
    if request.is_empty() {
        return Err(EngineError::NothingAsked);
    }
    check_names(&profile.lock, request)?;
    let wished = wishes(&profile.lock, request);
    let installed = profile.lock.packages.iter().map(|package| PackageKey::from(&Key::of(package)));
    let roots = wished.iter().map(|wish| wish.package.clone()).chain(installed);
    let book = FactBook::gather(engine.catalog(), roots).await?;
    let question = question(engine, profile, request, wished).await?;
    let resolution = match resolve(&question, &book) {
        Ok(resolution) => resolution,
        Err(explanation) => return Err(unsolvable(*explanation, book)),
    };
    let after = lock_of(engine, profile, request, &resolution, &book).await?;
    check_agreed_hashes(request, &after)?;
    let items = difference(&profile.lock, &after);
    let notices = check_trust(engine, &items).await?;
    let digest = digest(&profile.lock, &after);
    Ok(Settlement { after, items, digest, book, notices })
}

/// A publisher that cannot be read is the reason to tell, before anything that follows from it.
fn unsolvable(explanation: muster_resolver::Explanation, mut book: FactBook) -> EngineError {
    match book.failures.pop_first() {
        Some((_, error)) => error,
        None => EngineError::Unsolvable(Box::new(Explanation::from(explanation))),
    }
}

fn check_names(lock: &Lock, request: &ChangeRequest) -> Result<(), EngineError> {
    let named = request.remove.iter().chain(&request.update).chain(&request.enable).chain(&request.disable);
    for key in named {
        if lock.get(&key.source, &key.id).is_none() {
            return Err(EngineError::NotInstalled { id: key.id.clone() });
        }
    }
    Ok(())
}

/// What is wished after the change: what was, less what goes, plus what comes.
fn wishes(lock: &Lock, request: &ChangeRequest) -> Vec<Wish> {
    let asked: BTreeSet<&Key> = request.install.iter().map(|wish| &wish.key).collect();
    let kept = lock.packages.iter().filter(|package| {
        let key = Key::of(package);
        package.wished && !request.remove.contains(&key) && !asked.contains(&key)
    });
    let kept = kept.map(|package| Wish::any(package.source.clone(), package.id.clone()));
    let new = request.install.iter().map(|wish| Wish {
        package: PackageKey::from(&wish.key),
        range: wish.range.clone(),
        pin: exact(&wish.range),
    });
    kept.chain(new).collect()
}

/// A range that names one version asks for it however ripe it is.
fn exact(range: &VersionRange) -> Option<Version> {
    let [comparator] = range.as_semver().comparators.as_slice() else { return None };
    let version = Version::semver(comparator.to_string().trim_start_matches('=')).ok()?;
    (range.as_semver().to_string().starts_with('=') && range.matches(&version)).then_some(version)
}

async fn question(
    engine: &Engine,
    profile: &Profile,
    request: &ChangeRequest,
    wished: Vec<Wish>,
) -> Result<Request, EngineError> {
    let version = engine.installation(profile)?.version.and_then(|version| Version::semver(&version).ok());
    let update = match (request.update_all, request.update.is_empty()) {
        (true, _) => Update::Everything,
        (false, true) => Update::Nothing,
        (false, false) => Update::Only(request.update.iter().map(PackageKey::from).collect()),
    };
    Ok(Request {
        wished,
        installed: profile.lock.clone(),
        game: Some(GameTarget { id: profile.game.clone(), version }),
        options: Options { update, ..Options::default() },
    })
}

async fn lock_of(
    engine: &Engine,
    profile: &Profile,
    request: &ChangeRequest,
    resolution: &Resolution,
    book: &FactBook,
) -> Result<Lock, EngineError> {
    let mut lock = Lock::default();
    let mut sources: BTreeSet<SourceId> = BTreeSet::new();
    for package in &resolution.packages {
        let release = &package.release;
        let fact = book.fact(release).ok_or(EngineError::Internal("a chosen release has no facts"))?;
        let key = Key { source: release.source.clone(), id: release.id.clone() };
        let was_enabled = profile.lock.get(&key.source, &key.id).is_none_or(|package| package.enabled);
        let enabled = match (request.enable.contains(&key), request.disable.contains(&key)) {
            (true, _) => true,
            (_, true) => false,
            _ => was_enabled || request.install.iter().any(|wish| wish.key == key),
        };
        sources.insert(release.source.clone());
        lock.packages.push(LockedPackage {
            source: release.source.clone(),
            id: release.id.clone(),
            version: release.version.clone(),
            kind: release.kind.clone(),
            archive: release.archive,
            publisher_key: fact.signed.as_ref().map(|signed| signed.publisher_key),
            wished: package.wished,
            enabled,
            needs: package.needs.iter().map(|needed| needed.id.clone()).collect(),
        });
    }
    for id in sources {
        let address = engine.source_address(&id).await;
        lock.sources.push(LockedSource { id, address });
    }
    Ok(lock.sorted())
}

/// What the player saw (in a link or a list) must be what comes.
fn check_agreed_hashes(request: &ChangeRequest, after: &Lock) -> Result<(), EngineError> {
    for wish in &request.install {
        let Some(expected) = wish.sha256 else { continue };
        let found = after.get(&wish.key.source, &wish.key.id).map(|package| package.archive.sha256);
        if found != Some(expected) {
            return Err(EngineError::ReleaseDiffers { id: wish.key.id.clone(), what: "sha256".into() });
        }
    }
    Ok(())
}

/// Pins of every publisher that brings bytes: a key that changed without a hand-over stops the change.
async fn check_trust(engine: &Engine, items: &[Item]) -> Result<Vec<(Reason, bool)>, EngineError> {
    let mut notices = Vec::new();
    let mut seen: BTreeSet<(SourceId, Publisher)> = BTreeSet::new();
    let bringing = items.iter().filter(|item| item.brings_bytes()).filter_map(|item| item.after.as_ref());
    for package in bringing {
        let Some(name) = package.published() else { continue };
        if !seen.insert((package.source.clone(), name.publisher.clone())) {
            continue;
        }
        let decision = engine.pin_decision(&package.source, &name.publisher, Timestamp::now()).await?;
        if let Decision::First(_) = decision {
            let reason = Reason::new("new-publisher").with("publisher", &name.publisher);
            notices.push((reason, false));
        }
        let pin = engine.pin(&package.source, &name.publisher).await?;
        decision.into_result(&name.publisher, pin)?;
    }
    Ok(notices)
}
