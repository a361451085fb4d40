//! Load order, and files that several packages hold.

use muster_api as api;
use muster_engine::{ConflictPage, Key, OrderView};

fn key(key: &Key) -> api::PackageKey {
    api::PackageKey { source: key.source.to_string(), id: key.id.to_string() }
}

pub(crate) fn load_order(view: OrderView) -> api::LoadOrder {
    let packages = view.packages.into_iter().map(|entry| api::OrderedPackage {
        key: key(&entry.key),
        title: entry.title,
        chosen: entry.is_chosen,
    });
    let cycles = view.cycles.into_iter().map(|cycle| {
        let steps = cycle.0.into_iter().map(|step| api::OrderStep {
            earlier: key(&Key { source: step.earlier.source, id: step.earlier.id }),
            later: key(&Key { source: step.later.source, id: step.later.id }),
            reason: step.reason.code().to_owned(),
        });
        steps.collect()
    });
    api::LoadOrder { packages: packages.collect(), cycles: cycles.collect() }
}

pub(crate) fn conflicts(page: ConflictPage) -> api::Conflicts {
    let files = page.files.into_iter().map(|file| api::FileConflict {
        place: file.place,
        path: file.path,
        winner: key(&file.winner),
        losers: file
            .losers
            .into_iter()
            .map(|loser| api::ConflictLoser {
                key: key(&loser.key),
                why: loser.why.code().to_owned(),
                same_content: loser.same_content,
            })
            .collect(),
    });
    api::Conflicts { total: page.total.try_into().unwrap_or(u32::MAX), files: files.collect() }
}
