//! What a profile puts into the game's places: in which order, and who wins where several packages hold the same file.

use muster_deploy::{
    Conflict, Loser, OrderCycle, OrderStep, PackageKey, Reasons, WinReason, conflicts, handovers, steps,
};
use muster_domain::{Lock, LockedPackage, ProfileId};
use muster_store::state::Profile;

use crate::{Engine, EngineError, Key, jobs::blocking, payloads::payloads, placing};

/// A package in its order.
#[derive(Clone, Debug)]
pub struct OrderEntry {
    pub key: Key,
    pub title: String,
    /// The player chose its place.
    pub is_chosen: bool,
    /// One that is switched off is not loaded, and keeps its place.
    pub is_enabled: bool,
}

/// The load order of a profile.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The first to load first.
    pub packages: Vec<OrderEntry>,
    /// What packages that are switched on ask for and get.
    pub wishes: Vec<OrderStep>,
    /// Wishes that go round in a circle; the first of each gave way.
    pub cycles: Vec<OrderCycle>,
}

/// A file that another load order would give to another package.
#[derive(Clone, Debug)]
pub struct HandoverView {
    pub place: String,
    pub path: String,
    pub from: Key,
    pub to: Key,
    pub same_content: bool,
}

/// What another load order would change.
#[derive(Clone, Debug)]
pub struct OrderPlan {
    /// Packages that are switched on, as they would count.
    pub packages: Vec<Key>,
    /// All files that would change hands.
    pub total: usize,
    /// Some of them, those with other bytes first.
    pub files: Vec<HandoverView>,
}

/// Most files that a plan of an order lists.
const MOST_HANDOVERS: usize = 1000;

/// A file that several packages hold.
#[derive(Clone, Debug)]
pub struct ConflictView {
    pub place: String,
    pub path: String,
    pub winner: Key,
    /// In load order.
    pub losers: Vec<LoserView>,
}

/// A package whose file is not used.
#[derive(Clone, Debug)]
pub struct LoserView {
    pub key: Key,
    pub why: WinReason,
    pub same_content: bool,
}

/// A part of the files that several packages hold.
#[derive(Clone, Debug)]
pub struct ConflictPage {
    /// All there are.
    pub total: usize,
    pub files: Vec<ConflictView>,
}

fn key(package: &PackageKey) -> Key {
    Key { source: package.source.clone(), id: package.id.clone() }
}

impl Engine {
    /// In which order the packages of a profile count.
    pub async fn load_order(&self, id: ProfileId) -> Result<OrderView, EngineError> {
        let profile = self.profile(id).await?;
        let engine = self.clone();
        let (places, wishes, cycles) = blocking(move || {
            let payloads = payloads(&engine, &profile)?;
            let sorted = placing::in_load_order(&profile.lock, &payloads);
            let places: Vec<LockedPackage> =
                with_switched_off(&sorted.packages, &profile.lock).into_iter().cloned().collect();
            // What comes later all the same gave way.
            let mut kept = steps(&sorted.wishes);
            let place = |key: &PackageKey| sorted.wishes.iter().position(|one| one.package == *key);
            kept.retain(|step| place(&step.earlier) < place(&step.later));
            Ok((places, kept, sorted.cycles))
        })
        .await?;
        let mut packages = Vec::new();
        for package in places {
            let key = Key::of(&package);
            packages.push(OrderEntry {
                title: self.title(&key).await,
                key,
                is_chosen: package.rank.is_some(),
                is_enabled: package.enabled,
            });
        }
        Ok(OrderView { packages, wishes, cycles })
    }

    /// What another load order would change. Changes nothing.
    pub async fn plan_order(&self, id: ProfileId, order: Vec<Key>) -> Result<OrderPlan, EngineError> {
        let profile = self.profile(id).await?;
        if let Some(key) = order.iter().find(|key| profile.lock.get(&key.source, &key.id).is_none()) {
            return Err(EngineError::NotInstalled { id: key.id.clone() });
        }
        let engine = self.clone();
        blocking(move || plan(&engine, &profile, &order)).await
    }

    /// The files of a profile that several packages hold, from `offset` on.
    pub async fn conflicts(
        &self,
        id: ProfileId,
        offset: usize,
        limit: usize,
    ) -> Result<ConflictPage, EngineError> {
        let profile = self.profile(id).await?;
        let engine = self.clone();
        blocking(move || find(&engine, &profile, offset, limit)).await
    }
}

fn find(
    engine: &Engine,
    profile: &Profile,
    offset: usize,
    limit: usize,
) -> Result<ConflictPage, EngineError> {
    let payloads = payloads(engine, profile)?;
    let definition = engine.machine().definition(&profile.game)?;
    let placed = placing::place(engine, &definition, &profile.lock, &payloads)?;
    let sorted = placing::in_load_order(&profile.lock, &payloads);
    let reasons = Reasons::new(&sorted.wishes.iter().collect::<Vec<_>>(), &placing::chosen(&profile.lock));
    let mut found = conflicts(&placed, &reasons);
    // What matters comes first.
    found.sort_by_key(is_without_effect);
    let loser = |loser: &Loser| LoserView {
        key: key(&placed[loser.package].package),
        why: loser.why,
        same_content: loser.same_content,
    };
    let files = found.iter().skip(offset).take(limit).map(|conflict| ConflictView {
        place: conflict.place.to_owned(),
        path: conflict.path.to_string(),
        winner: key(&placed[conflict.winner].package),
        losers: conflict.losers.iter().map(loser).collect(),
    });
    Ok(ConflictPage { total: found.len(), files: files.collect() })
}

/// Whether it does not matter who wins.
fn is_without_effect(conflict: &Conflict<'_>) -> bool {
    conflict.losers.iter().all(|loser| loser.same_content)
}

fn plan(engine: &Engine, profile: &Profile, order: &[Key]) -> Result<OrderPlan, EngineError> {
    let payloads = payloads(engine, profile)?;
    let definition = engine.machine().definition(&profile.game)?;
    let before = placing::place(engine, &definition, &profile.lock, &payloads)?;
    let mut lock = profile.lock.clone();
    for package in &mut lock.packages {
        package.rank = rank(order, &Key::of(package));
    }
    let sorted = placing::in_load_order(&lock, &payloads);
    let place = |package: &PackageKey| sorted.wishes.iter().position(|one| one.package == *package);
    let mut after = before.clone();
    after.sort_by_key(|placed| place(&placed.package));
    let mut found = handovers(&before, &after);
    found.sort_by_key(|file| file.same_content);
    let files = found.iter().take(MOST_HANDOVERS).map(|file| HandoverView {
        place: file.place.to_owned(),
        path: file.path.to_string(),
        from: key(file.from),
        to: key(file.to),
        same_content: file.same_content,
    });
    let packages = sorted.packages.into_iter().map(Key::of).collect();
    Ok(OrderPlan { packages, total: found.len(), files: files.collect() })
}

/// The place of a package in an order that the player wants.
pub(crate) fn rank(order: &[Key], key: &Key) -> Option<u32> {
    order.iter().position(|ordered| ordered == key).and_then(|at| at.try_into().ok())
}

/// Puts packages that are switched off among those in load order: each behind the one that would come before it if
/// nobody but the player wished anything.
fn with_switched_off<'l>(sorted: &[&'l LockedPackage], lock: &'l Lock) -> Vec<&'l LockedPackage> {
    let mut places = sorted.to_vec();
    let mut wanted: Vec<&LockedPackage> =
        lock.packages.iter().filter(|package| !package.kind.is_collection()).collect();
    wanted.sort_by_key(|package| package.rank.unwrap_or(u32::MAX));
    for (at, package) in wanted.iter().enumerate().filter(|(_, package)| !package.enabled) {
        let before = at.checked_sub(1).map(|at| wanted[at]);
        let is_before = |placed: &&LockedPackage| before.is_some_and(|before| std::ptr::eq(*placed, before));
        places.insert(places.iter().position(is_before).map_or(0, |at| at + 1), *package);
    }
    places
}
