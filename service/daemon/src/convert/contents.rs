//! Load order, and files that several packages hold.

use muster_api as api;
use muster_engine::{ConflictPage, Key, OrderPlan, OrderStep, OrderView};

fn key(key: &Key) -> api::PackageKey {
    api::PackageKey { source: key.source.to_string(), id: key.id.to_string() }
}

pub(crate) fn load_order(view: OrderView) -> api::LoadOrder {
    let packages = view.packages.into_iter().map(|entry| api::OrderedPackage {
        key: key(&entry.key),
        title: entry.title,
        chosen: entry.is_chosen,
        enabled: entry.is_enabled,
    });
    api::LoadOrder {
        packages: packages.collect(),
        wishes: view.wishes.into_iter().map(step).collect(),
        cycles: view.cycles.into_iter().map(|cycle| cycle.0.into_iter().map(step).collect()).collect(),
    }
}

fn step(step: OrderStep) -> api::OrderStep {
    api::OrderStep {
        earlier: key(&Key { source: step.earlier.source, id: step.earlier.id }),
        later: key(&Key { source: step.later.source, id: step.later.id }),
        reason: step.reason.code().to_owned(),
    }
}

pub(crate) fn order_plan(plan: OrderPlan) -> api::OrderPlan {
    let files = plan.files.into_iter().map(|file| api::FileHandover {
        place: file.place,
        path: file.path,
        from: key(&file.from),
        to: key(&file.to),
        same_content: file.same_content,
    });
    api::OrderPlan {
        packages: plan.packages.iter().map(key).collect(),
        total: plan.total.try_into().unwrap_or(u32::MAX),
        files: files.collect(),
    }
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
