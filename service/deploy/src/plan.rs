//! From the wanted state, the applied state and the facts of the disk to what will be done. Pure data in and out.
//!
//! For every file (`ours` = what the applied state says we put there):
//!
//! | wanted | ours | on the disk      | done |
//! |---|---|---|---|
//! | yes | no  | nothing              | add |
//! | yes | no  | the very file        | adopt: only the books change; it goes on being the player's |
//! | yes | no  | another file         | displace: keep it in the state folder, put ours (config files: theirs stays) |
//! | yes | yes | nothing              | repair |
//! | yes | yes | as we left it        | keep, or replace if the content changes |
//! | yes | yes | changed              | stays, reported; replaced only by choice, their version is saved |
//! | no  | yes | as we left it        | remove, restore what was displaced |
//! | no  | yes | changed              | their version stays; or is saved, by choice or if something was displaced, which is restored |
//! | no  | yes | nothing              | restore what was displaced, forget |
//!
//! A changed file that stays and was written through a hard link becomes a file of its own: what is written to it next
//! reaches neither the store nor another game.
//!
//! A file that was adopted is somebody else's, and treated as such: see `adopted`; what waits for its package: `hidden`. Files of nobody's that come back as they
//! once were: see `brought`.

mod adopted;
mod brought;
mod hidden;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{PortablePath, Sha256};
use serde::{Deserialize, Serialize};

use crate::{
    Applied, AppliedEdit, AppliedFile, Desired, Held, Hidden, Key, OnDisk, Overridden, PackageKey, Spot,
    edits,
    facts::{Obstacle, Stamp},
};

/// What a step means to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    Add,
    /// Something of somebody else's was there; it is kept and comes back later.
    Displace,
    /// One of ours for another.
    Replace,
    /// Ours was gone.
    Repair,
    Remove,
    /// What was there before Muster comes back.
    Restore,
    /// Lines in a text file.
    Edit,
    /// A changed file stops sharing its bytes with the store.
    Detach,
    /// Somebody else's that was in the books goes with its package, and waits.
    Hide,
    /// Only the books change.
    Adopt,
    Forget,
}

/// Where the present file goes before something else happens to its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Take {
    /// Kept until it is restored.
    Backup,
    /// Only until the change is committed.
    Trash,
    /// A version of the player's: kept for good.
    Saved,
}

/// What is put to a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Put {
    Tree {
        tree: Sha256,
        from: PortablePath,
    },
    Backup {
        name: String,
    },
    /// A copy of what the state folder holds, which stays there.
    Held {
        held: Held,
    },
    /// A copy of what is kept elsewhere by its hash.
    Kept {
        sha256: Sha256,
    },
    /// What is there already, as a file of its own.
    Own,
    Text {
        #[serde(with = "hex_text")]
        bytes: Vec<u8>,
    },
}

/// Bytes as hexadecimal text: a settings file need not be Unicode.
mod hex_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        hex::decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// What the books say about a path afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    File {
        file: Box<AppliedFile>,
    },
    Edit {
        edit: Box<AppliedEdit>,
    },
    /// Nothing of ours; a file of somebody else's waits.
    Hidden {
        hidden: Box<Hidden>,
    },
    NoFile,
    NoEdit,
}

/// The file that a step expects to find; anything else stops the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    pub size: u64,
    pub stamp: Stamp,
    pub sha256: Sha256,
}

/// One path and what happens there: the present file is taken away (if any), then another is put (if any).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub action: Action,
    pub place: String,
    pub path: PortablePath,
    pub at: String,
    pub expected: Option<Expected>,
    pub take: Option<Take>,
    pub put: Option<Put>,
    /// SHA-256 and size of what is put.
    pub content: Option<(Sha256, u64)>,
    pub after: After,
}

/// How the disk differs from what we left there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriftKind {
    /// Changed by somebody else; stays as it is.
    Changed,
    /// Changed by somebody else, and there is a newer version of ours that was not put.
    ChangedAndOutdated,
    /// Gone; put again.
    Missing,
    /// Changed by somebody else and no longer wanted: stays, and is not ours any more.
    LeftBehind,
    /// Changed by somebody else; replaced, their version is in the state folder.
    Saved,
    /// A configuration file that was there already; stays.
    KeptConfig,
    /// Cannot be reached because of a link or folder in the way; still in the books.
    OutOfReach,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    pub kind: DriftKind,
    pub place: String,
    pub at: String,
}

/// Something in the way that stops the whole change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    pub place: String,
    pub at: String,
    pub by: Obstacle,
}

/// Numbers for the dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub actions: BTreeMap<Action, u64>,
    /// Files of ours that stay as they are.
    pub kept: u64,
    /// Bytes of files that are put; links need less on the disk.
    pub put_bytes: u64,
    /// Bytes of files that are taken away for good.
    pub freed_bytes: u64,
    /// Files of somebody else's that are kept aside.
    pub displaced: u64,
}

/// What will be done. Equal inputs give equal plans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The state it was made for.
    pub base: u64,
    /// Folders to create, outer ones first.
    pub mkdirs: Vec<Spot>,
    pub steps: Vec<Step>,
    /// Folders of ours that may be empty afterwards, inner ones first.
    pub rmdirs: Vec<Spot>,
    pub drift: Vec<Drift>,
    pub blocked: Vec<Blocked>,
    pub overridden: Vec<Overridden>,
    pub summary: Summary,
}

impl Plan {
    /// Whether nothing on the disk and in the books would change.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.mkdirs.is_empty() && self.rmdirs.is_empty()
    }
}

/// What the player decided about files that somebody changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Put ours, or nothing, in place of these; their version is saved.
    pub replace: BTreeSet<Key>,
    /// The same for all of them.
    pub replace_all: bool,
    pub release: Release,
}

/// Whose files that are somebody else's stay where they are, or come back, when their packages go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Release {
    /// Everybody's: the way back to what was there before.
    #[default]
    All,
    /// Those of packages that were not there before, either. Files of others go with their packages, and wait.
    Of(BTreeSet<PackageKey>),
}

impl Release {
    fn takes(&self, package: &PackageKey) -> bool {
        match self {
            Self::All => true,
            Self::Of(packages) => packages.contains(package),
        }
    }
}

/// Makes the plan.
pub fn plan(desired: &Desired, applied: &Applied, disk: &OnDisk, choices: &Choices) -> Plan {
    let mut plan = Plan { base: applied.sequence, overridden: desired.overridden.clone(), ..Plan::default() };
    let mut mkdirs: BTreeSet<Spot> = BTreeSet::new();
    // The last one of a path is the one that comes back.
    let waiting: BTreeMap<Key, &Hidden> =
        applied.hidden.iter().map(|hidden| (hidden.key(), hidden)).collect();
    let keys: BTreeSet<&Key> =
        desired.files.keys().chain(applied.files.keys()).chain(waiting.keys()).collect();
    for key in keys {
        let sides = steps::Sides {
            wanted: desired.files.get(key),
            ours: applied.files.get(key),
            hidden: waiting.get(key).copied(),
            replace: choices.replace_all || choices.replace.contains(key),
            release: &choices.release,
        };
        let decision = steps::decide(&sides, disk.found.get(key));
        collect(&mut plan, &mut mkdirs, decision);
    }
    let keys: BTreeSet<&Key> = desired.edits.keys().chain(applied.edits.keys()).collect();
    for key in keys {
        let sides = edits::Sides {
            wanted: desired.edits.get(key),
            ours: applied.edits.get(key),
            found: disk.found.get(key),
            text: disk.texts.get(key).map_or(&[], Vec::as_slice),
            original: disk.originals.get(key).map_or(&[], Vec::as_slice),
        };
        collect(&mut plan, &mut mkdirs, edits::decide(&sides));
    }
    for (key, brought) in &desired.brought {
        // What Muster writes itself is brought back by what it writes.
        if !desired.files.contains_key(key)
            && !applied.files.contains_key(key)
            && !desired.edits.contains_key(key)
            && !applied.edits.contains_key(key)
        {
            collect(&mut plan, &mut mkdirs, brought::decide(brought, disk.found.get(key)));
        }
    }
    plan.mkdirs = mkdirs.into_iter().collect();
    plan.rmdirs = emptied(&plan, applied, &desired.emptied);
    name_backups(&mut plan);
    plan
}

/// What one path contributes.
#[derive(Default)]
pub(crate) struct Decision {
    pub(crate) step: Option<Step>,
    pub(crate) missing: Vec<Spot>,
    pub(crate) drift: Option<Drift>,
    pub(crate) blocked: Option<Blocked>,
    pub(crate) is_kept: bool,
}

fn collect(plan: &mut Plan, mkdirs: &mut BTreeSet<Spot>, decision: Decision) {
    mkdirs.extend(decision.missing);
    plan.drift.extend(decision.drift);
    plan.blocked.extend(decision.blocked);
    plan.summary.kept += u64::from(decision.is_kept);
    let Some(step) = decision.step else { return };
    *plan.summary.actions.entry(step.action).or_default() += 1;
    plan.summary.put_bytes += step.content.map_or(0, |(_, size)| size);
    match (step.take, step.expected) {
        (Some(Take::Trash), Some(expected)) => plan.summary.freed_bytes += expected.size,
        (Some(_), Some(_)) => plan.summary.displaced += 1,
        _ => {}
    }
    plan.steps.push(step);
}

/// Our folders, and others that may go, that hold nothing of ours after the plan, inner ones first.
fn emptied(plan: &Plan, applied: &Applied, others: &BTreeSet<Spot>) -> Vec<Spot> {
    let gone: BTreeSet<Key> = plan
        .steps
        .iter()
        .filter(|step| matches!(step.after, After::NoFile | After::NoEdit | After::Hidden { .. }))
        .map(|step| Key::new(&step.place, &step.path))
        .collect();
    let stays = applied.files.iter().filter(|(key, _)| !gone.contains(key)).map(|(_, f)| (&f.place, &f.at));
    let edited = applied.edits.iter().filter(|(key, _)| !gone.contains(key)).map(|(_, e)| (&e.place, &e.at));
    let comes = plan.steps.iter().filter(|step| step.put.is_some()).map(|step| (&step.place, &step.at));
    let mut needed: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (place, at) in stays.chain(edited).chain(comes) {
        let mut path = at.as_str();
        while let Some((above, _)) = path.rsplit_once('/') {
            needed.insert((place, above));
            path = above;
        }
    }
    let is_free = |spot: &&Spot| !needed.contains(&(spot.place.as_str(), spot.at.as_str()));
    // An inner folder sorts behind the one it is in.
    let all: BTreeSet<&Spot> = applied.dirs.iter().chain(others).collect();
    all.into_iter().filter(is_free).rev().cloned().collect()
}

/// Names of kept files follow from content, change and position, so that the journal alone tells where they are.
fn name_backups(plan: &mut Plan) {
    let sequence = plan.base + 1;
    for (index, step) in plan.steps.iter_mut().enumerate() {
        let (Some(Take::Backup), Some(expected)) = (step.take, step.expected) else { continue };
        let displaced = crate::Displaced {
            backup: format!("{}-{sequence}-{index}", expected.sha256),
            sha256: expected.sha256,
            size: expected.size,
            adopted: step.action == Action::Hide,
        };
        match &mut step.after {
            After::File { file } => {
                let adopted = file.displaced.as_ref().is_some_and(|displaced| displaced.adopted);
                file.displaced = Some(crate::Displaced { adopted, ..displaced });
            }
            After::Edit { edit } => edit.original = Some(displaced),
            After::Hidden { hidden } => hidden.file = displaced,
            After::NoFile | After::NoEdit => {}
        }
    }
}
