//! Saves and their snapshots, as the API shows them.

use muster_api as api;
use muster_engine::{SavesPatch, SavesView, SavesWhen, SnapshotView};

use super::reason;

pub(crate) fn saves(view: SavesView) -> api::Saves {
    let folders = view.folders.into_iter();
    api::Saves {
        when: match view.rules.when {
            SavesWhen::Off => api::SavesWhen::Off,
            SavesWhen::BeforeLarge => api::SavesWhen::BeforeLarge,
        },
        quota: view.rules.quota,
        keep: view.rules.keep,
        folders: folders
            .map(|(kind, folder)| api::SavesFolder { kind, folder: folder.display().to_string() })
            .collect(),
        snapshots: view.snapshots.into_iter().map(snapshot).collect(),
        used: view.used,
    }
}

fn snapshot(view: SnapshotView) -> api::SavesSnapshot {
    api::SavesSnapshot {
        number: view.number,
        at: view.at.to_string(),
        why: reason(&view.why),
        saves: view.saves.into_iter().map(|(kind, name)| api::SaveName { kind, name }).collect(),
        files: view.files as u64,
        size: view.size,
        left_out: view.left_out as u64,
    }
}

pub(crate) fn saves_patch(patch: &api::SavesRulesPatch) -> SavesPatch {
    let when = patch.when.map(|when| match when {
        api::SavesWhen::Off => SavesWhen::Off,
        api::SavesWhen::BeforeLarge => SavesWhen::BeforeLarge,
    });
    SavesPatch { when, quota: patch.quota, keep: patch.keep }
}
