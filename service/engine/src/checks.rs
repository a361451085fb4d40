//! What must be true of a resolution before it may become a plan: nobody changed bytes, hints or keys meanwhile.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_catalog::{Fact, check_hint};
use muster_domain::{Lock, LockedPackage, PackageId, Publisher, Sha256, SourceId, Vouched};
use muster_registry::pin::Decision;
use muster_resolver::PackageKey;
use muster_store::state::Sighting;

use crate::{
    Action, ChangeRequest, Engine, EngineError, Item, Key, Reason, facts::FactBook, trust::AgreedPin,
};

/// What the player saw (in a link or a list) must be what comes.
pub(crate) fn check_agreed_hashes(request: &ChangeRequest, after: &Lock) -> Result<(), EngineError> {
    for wish in &request.install {
        let Some(expected) = wish.sha256 else { continue };
        let found = after.get(&wish.key.source, &wish.key.id).map(|package| package.archive.sha256);
        if found != Some(expected) {
            return Err(EngineError::ReleaseDiffers { id: wish.key.id.clone(), what: "sha256".into() });
        }
    }
    Ok(())
}

/// What was seen of a version once must not have changed since (`security.md` T-39).
pub(crate) async fn check_bytes(engine: &Engine, items: &[Item]) -> Result<(), EngineError> {
    for package in items.iter().filter(|item| is_new(item)).filter_map(|item| item.after.as_ref()) {
        // The player's own folders may change as they like.
        if package.source.registry_root().is_none() && package.recipe.is_none() {
            continue;
        }
        // Nothing is known of these bytes before they come.
        if package.vouched == Vouched::Awaited {
            continue;
        }
        let version = (&package.source, &package.id, &package.version);
        let offered = package.archive.sha256;
        let sighting = engine.state().first_seen().observe(version, offered, Timestamp::now()).await?;
        if let Sighting::Altered { first, .. } = sighting {
            return Err(hash_changed(package, first, offered));
        }
    }
    Ok(())
}

impl Engine {
    /// Pins the bytes of versions whose source gives no hash: the first that came are the only ones from now on.
    ///
    /// # Errors
    /// [`muster_registry::Error::HashChanged`] if others came first.
    pub(crate) async fn note_first_seen(&self, lock: &Lock) -> Result<(), EngineError> {
        for package in lock.packages.iter().filter(|package| package.vouched == Vouched::FirstSeen) {
            let version = (&package.source, &package.id, &package.version);
            let arrived = package.archive.sha256;
            let sighting = self.state().first_seen().observe(version, arrived, Timestamp::now()).await?;
            if let Sighting::Altered { first, .. } = sighting {
                return Err(hash_changed(package, first, arrived));
            }
        }
        Ok(())
    }
}

/// What is installed stays as it is; somebody who asks for it is told that its source offers other bytes now.
pub(crate) fn check_replaced(
    lock: &Lock,
    request: &ChangeRequest,
    book: &FactBook,
) -> Result<(), EngineError> {
    for package in &lock.packages {
        let key = Key::of(package);
        if package.source.registry_root().is_none() || !request.asks_for(&key) {
            continue;
        }
        let mut same =
            book.facts(&PackageKey::from(&key)).filter(|fact| fact.release.version == package.version);
        if let Some(other) = same.find(|fact| fact.release.archive != package.archive) {
            return Err(hash_changed(package, package.archive.sha256, other.release.archive.sha256));
        }
    }
    Ok(())
}

fn hash_changed(package: &LockedPackage, seen: Sha256, offered: Sha256) -> EngineError {
    let what = format!("{} {}", package.id, package.version);
    muster_registry::Error::HashChanged { what, seen, offered }.into()
}

/// What the player chose in the catalogue must be what its publisher signed (decision 0001). A package that the
/// catalogue does not show was not chosen there.
pub(crate) async fn check_hints(
    engine: &Engine,
    request: &ChangeRequest,
    items: &[Item],
    book: &FactBook,
) -> Result<(), EngineError> {
    let new = items.iter().filter(|item| is_new(item)).filter_map(|item| item.after.as_ref());
    let is_asked_for = |package: &&LockedPackage| {
        request.asks_for(&Key::of(package)) || (request.update_all && package.wished)
    };
    for package in new.filter(is_asked_for) {
        let shown = match engine.catalog().package(&package.source, &package.id).await {
            Ok(shown) => shown,
            Err(muster_catalog::Error::UnknownPackage { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let mut facts = book.facts(&PackageKey::from(&Key::of(package)));
        let is_it =
            |fact: &&Fact| fact.release.version == package.version && fact.release.archive == package.archive;
        if let Some(fact) = facts.find(is_it) {
            check_hint(&shown, fact)?;
        }
    }
    Ok(())
}

/// Whether the change takes bytes that this profile did not have: not what is only switched on again.
fn is_new(item: &Item) -> bool {
    matches!(item.action, Action::Add | Action::Change)
}

/// What was found out about the publishers of a change.
#[derive(Default)]
pub(crate) struct Judgement {
    /// Code, values, and whether it stands in the way.
    pub notices: Vec<(Reason, bool)>,
    pub pins: Vec<AgreedPin>,
    /// A package that nobody named, of a publisher who is new here.
    pub stranger: Option<PackageId>,
}

/// Pins of every publisher that brings bytes: a key that changed without a hand-over stops the change.
///
/// Switching on what is installed takes nothing new: a late or lost source does not stop it, a withdrawn key does.
pub(crate) async fn check_trust(
    engine: &Engine,
    request: &ChangeRequest,
    items: &[Item],
) -> Result<Judgement, EngineError> {
    let mut judgement = Judgement::default();
    let mut seen: BTreeSet<(bool, SourceId, Publisher)> = BTreeSet::new();
    let bringing = items.iter().filter(|item| item.brings_bytes());
    for (item, package) in bringing.filter_map(|item| Some((item, item.after.as_ref()?))) {
        let Some(name) = package.published() else { continue };
        if !seen.insert((is_new(item), package.source.clone(), name.publisher.clone())) {
            continue;
        }
        let found = engine.pin_decision(&package.source, &name.publisher, Timestamp::now()).await;
        let decision = match found {
            Ok(decision) if is_new(item) || matches!(decision, Decision::Revoked { .. }) => decision,
            // What is here was verified when it came, and by keys that are trusted: its source need not be asked.
            Err(_) if engine.is_known_here(package, &name.publisher).await => continue,
            Err(error) if is_new(item) => return Err(error),
            Ok(_) | Err(_) => continue,
        };
        let is_first = matches!(decision, Decision::First(_));
        if is_first && !request.names(&Key::of(package)) {
            judgement.stranger.get_or_insert_with(|| package.id.clone());
        }
        if is_first {
            judgement.notices.push((Reason::new("new-publisher").with("publisher", &name.publisher), false));
        }
        let before = engine.pin(&package.source, &name.publisher).await?;
        let pin = decision.into_result(&name.publisher, before.clone())?;
        if package.publisher_key.is_some_and(|key| key != pin.keys.fingerprint()) {
            // The registry moved on between the two questions; asking again gives one answer.
            return Err(EngineError::PlanChanged);
        }
        let source = package.source.clone();
        judgement.pins.push(AgreedPin { source, publisher: name.publisher, before, pin });
    }
    Ok(judgement)
}
