//! Versions of files that were set aside, as the API shows them.

use muster_api as api;
use muster_engine::{Freed, KeptView, KeptWhy, RestoreKept};

use super::{file, spot};

pub(crate) fn kept(kept: Vec<KeptView>) -> Vec<api::KeptVersion> {
    let version = |kept: KeptView| {
        let (why, package) = match kept.why {
            KeptWhy::Replaced => (api::KeptWhy::Replaced, None),
            KeptWhy::Displaced { package } => (api::KeptWhy::Displaced, Some(package)),
            KeptWhy::Hidden { package } => (api::KeptWhy::Hidden, Some(package)),
            KeptWhy::Found => (api::KeptWhy::Found, None),
        };
        api::KeptVersion {
            id: kept.id,
            file: kept.spot.map(file),
            sha256: kept.sha256.to_string(),
            size: kept.size,
            modified: kept.modified.to_string(),
            why,
            package,
        }
    };
    kept.into_iter().map(version).collect()
}

pub(crate) fn kept_restore(request: api::KeptRestore) -> RestoreKept {
    RestoreKept { ids: request.ids, to: request.to.map(spot) }
}

pub(crate) fn freed(freed: Freed) -> api::KeptFreed {
    api::KeptFreed { versions: freed.versions as u64, bytes: freed.bytes }
}
