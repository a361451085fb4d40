//! What a profile puts into the game's places: in which order, and who wins where several packages hold the same file.

use muster_deploy::{Loser, OrderCycle, PlacedPackage, Reasons, WinReason, conflicts};
use muster_domain::ProfileId;
use muster_store::state::Profile;

use crate::{Engine, EngineError, Key, jobs::blocking, payloads::payloads, placing};

/// A package in its order.
#[derive(Clone, Debug)]
pub struct OrderEntry {
    pub key: Key,
    pub title: String,
    /// The player chose its place.
    pub is_chosen: bool,
}

/// The load order of a profile.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// Packages that are switched on, the first to load first.
    pub packages: Vec<OrderEntry>,
    /// Wishes that go round in a circle; the first of each gave way.
    pub cycles: Vec<OrderCycle>,
}

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

fn key(package: &PlacedPackage) -> Key {
    Key { source: package.package.source.clone(), id: package.package.id.clone() }
}

impl Engine {
    /// In which order the packages of a profile count.
    pub async fn load_order(&self, id: ProfileId) -> Result<OrderView, EngineError> {
        let profile = self.profile(id).await?;
        let engine = self.clone();
        let (sorted, ranked) = blocking(move || {
            let payloads = payloads(&engine, &profile)?;
            let sorted = placing::in_load_order(&profile.lock, &payloads);
            let entries: Vec<(Key, bool)> =
                sorted.packages.iter().map(|package| (Key::of(package), package.rank.is_some())).collect();
            Ok((entries, sorted.cycles))
        })
        .await?;
        let mut packages = Vec::new();
        for (key, is_chosen) in sorted {
            packages.push(OrderEntry { title: self.title(&key).await, key, is_chosen });
        }
        Ok(OrderView { packages, cycles: ranked })
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
    let placed = placing::place(&definition, &profile.lock, &payloads)?;
    let sorted = placing::in_load_order(&profile.lock, &payloads);
    let reasons = Reasons::new(&sorted.wishes.iter().collect::<Vec<_>>(), &placing::chosen(&profile.lock));
    let found = conflicts(&placed, &reasons);
    let loser = |loser: &Loser| LoserView {
        key: key(&placed[loser.package]),
        why: loser.why,
        same_content: loser.same_content,
    };
    let files = found.iter().skip(offset).take(limit).map(|conflict| ConflictView {
        place: conflict.place.to_owned(),
        path: conflict.path.to_string(),
        winner: key(&placed[conflict.winner]),
        losers: conflict.losers.iter().map(loser).collect(),
    });
    Ok(ConflictPage { total: found.len(), files: files.collect() })
}
