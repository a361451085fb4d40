//! Making room in the cache when the player asks for it: what goes and what stays, and doing it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use muster_cache::{ArchiveInfo, Completeness, Room, RoomPlan, Staying};
use muster_domain::Sha256;

use crate::{Engine, EngineError, Reason, jobs::blocking, seeds::Books};

/// What to make room by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomRequest {
    /// At least this many bytes.
    Bytes(u64),
    Archives(BTreeSet<Sha256>),
    All,
}

/// What goes and what stays when room is made.
#[derive(Clone, Debug, Default)]
pub struct RoomView {
    pub goes: Vec<RoomItem>,
    pub stays: Vec<RoomItem>,
    /// Bytes that become free.
    pub freed: u64,
}

/// One archive in it.
#[derive(Clone, Debug)]
pub struct RoomItem {
    pub sha256: Sha256,
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Only a part of it is here.
    pub is_unfinished: bool,
    /// Why it stays; for what goes, why it was kept so far.
    pub reasons: Vec<Reason>,
}

impl Engine {
    /// What would go and what would stay to make room; changes nothing.
    pub async fn plan_room(&self, request: RoomRequest) -> Result<RoomView, EngineError> {
        let books = self.kept_books().await?;
        let plan = self.room(request).await?;
        Ok(self.room_view(&books, &plan))
    }

    /// Removes what [`Self::plan_room`] says. What is in use by the time it is its turn stays.
    pub async fn make_room(&self, request: RoomRequest) -> Result<RoomView, EngineError> {
        let books = self.kept_books().await?;
        let plan = self.room(request).await?;
        let mut view = self.room_view(&books, &plan);
        let gone = self.let_go(plan.goes).await?;
        let has_gone = |item: &RoomItem| gone.iter().any(|evict| evict.sha256 == item.sha256);
        let (went, stayed): (Vec<_>, Vec<_>) = view.goes.into_iter().partition(has_gone);
        let in_use = || vec![Reason::new("stays-in-use")];
        view.stays.extend(stayed.into_iter().map(|item| RoomItem { reasons: in_use(), ..item }));
        view.goes = went;
        view.freed = gone.iter().map(|evict| evict.size).sum();
        self.keep_soon();
        Ok(view)
    }

    async fn room(&self, request: RoomRequest) -> Result<RoomPlan, EngineError> {
        self.declare_leases().await?;
        let engine = self.clone();
        let room = match &request {
            RoomRequest::Bytes(bytes) => Room::Bytes(*bytes),
            RoomRequest::Archives(archives) => Room::Archives(archives.clone()),
            RoomRequest::All => Room::All,
        };
        let plan = blocking(move || Ok(engine.cache().plan_room(Timestamp::now(), &room)?)).await?;
        if let RoomRequest::Archives(archives) = request {
            let planned = |sha256: &Sha256| {
                let goes = plan.goes.iter().any(|evict| evict.sha256 == *sha256);
                goes || plan.stays.iter().any(|(stays, ..)| stays == sha256)
            };
            if let Some(unknown) = archives.iter().find(|sha256| !planned(sha256)) {
                return Err(EngineError::UnknownArchive(*unknown));
            }
        }
        Ok(plan)
    }

    fn room_view(&self, books: &Books, plan: &RoomPlan) -> RoomView {
        let infos: BTreeMap<Sha256, ArchiveInfo> =
            self.cache().archives().into_iter().map(|info| (info.sha256, info)).collect();
        let item = |sha256: &Sha256, size: u64, reasons: Vec<Reason>| RoomItem {
            sha256: *sha256,
            name: books.name(sha256),
            size,
            is_unfinished: !infos.contains_key(sha256),
            reasons,
        };
        let goes = plan.goes.iter().map(|evict| {
            let kept = match evict.completeness {
                Completeness::Complete => infos.get(&evict.sha256).map(|info| books.kept(info)),
                Completeness::Partial => None,
            };
            item(&evict.sha256, evict.size, kept.unwrap_or_default())
        });
        let stays = plan.stays.iter().map(|(sha256, size, why)| {
            let why = match why {
                Staying::Held => Reason::new("stays-in-use"),
                Staying::Needed => Reason::new("stays-needed"),
                Staying::Pinned => Reason::new("stays-pinned"),
                Staying::Enough => Reason::new("stays-enough"),
            };
            item(sha256, *size, vec![why])
        });
        RoomView { goes: goes.collect(), stays: stays.collect(), freed: plan.freed() }
    }
}
