//! What Muster takes on the disks, and how files get to the places of a game.

use muster_api as api;
use muster_engine::{DiskView, PlaceStorage, StoreSpace};

use super::reason;

pub(crate) fn storage(storage: Vec<PlaceStorage>) -> Vec<api::PlaceStorage> {
    let one = |storage: PlaceStorage| api::PlaceStorage {
        place: storage.place,
        folder: storage.folder.display().to_string(),
        method: storage.way.as_str().to_owned(),
        reason: reason(&storage.why),
        store: storage.store.map(|path| path.display().to_string()),
    };
    storage.into_iter().map(one).collect()
}

pub(crate) fn disk(view: DiskView) -> api::DiskUsage {
    let store = |store: StoreSpace| api::StoreSpace {
        folder: store.folder.display().to_string(),
        away: store.is_away,
        packages: store.packages as u64,
        unique: store.unique,
        shared: store.shared,
        history: store.history,
        reclaimable: store.reclaimable,
    };
    let archives = view.archives;
    api::DiskUsage {
        stores: view.stores.into_iter().map(store).collect(),
        archives: api::ArchiveSpace {
            folder: archives.folder.display().to_string(),
            archives: archives.archives,
            size: archives.size,
            unfinished: archives.unfinished,
            reclaimable: archives.reclaimable,
        },
    }
}
