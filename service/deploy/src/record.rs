//! What the journal says, and how the books follow from it. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use muster_games::LinkChoice;
use serde::{Deserialize, Serialize};

use crate::{
    Applied, Key, Saved, Spot,
    facts::Stamp,
    plan::{After, Plan, Put, Step, Take},
};

/// The format of the journal that this program writes and reads.
pub(crate) const FORMAT: u32 = 2;

/// One line of the journal. Its kind, and every kind within, is the key of what it holds: a kind that stands among its
/// fields would make the reader keep all of them as values first, for each of ten thousand steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Record {
    Header {
        format: u32,
    },
    /// The books as they were when the journal was last rewritten.
    Snapshot {
        applied: Applied,
    },
    /// What will be done. Durable before anything is.
    Begin {
        transaction: Transaction,
    },
    /// It is done.
    Commit {
        sequence: u64,
        placed: Vec<PlacedFact>,
    },
    /// It is cleaned up after.
    Finished {
        sequence: u64,
        removed: Vec<Spot>,
    },
}

/// All that is needed to undo or to finish a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transaction {
    pub(crate) sequence: u64,
    pub(crate) roots: BTreeMap<String, PathBuf>,
    /// Folders that are made for a place that does not exist, the outermost first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) made: BTreeMap<String, Vec<PathBuf>>,
    pub(crate) mkdirs: Vec<Spot>,
    pub(crate) steps: Vec<Step>,
    pub(crate) rmdirs: Vec<Spot>,
}

/// What is only known after a file was put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlacedFact {
    pub(crate) step: usize,
    pub(crate) stamp: Stamp,
    pub(crate) method: Option<LinkChoice>,
}

impl Transaction {
    pub(crate) fn new(
        plan: &Plan,
        roots: BTreeMap<String, PathBuf>,
        made: BTreeMap<String, Vec<PathBuf>>,
    ) -> Self {
        Self {
            sequence: plan.base + 1,
            roots,
            made,
            mkdirs: plan.mkdirs.clone(),
            steps: plan.steps.clone(),
            rmdirs: plan.rmdirs.clone(),
        }
    }

    /// Name of the taken file of a step, in the folder of its kind.
    pub(crate) fn hold(&self, index: usize) -> Option<(Take, String)> {
        let step = self.steps.get(index)?;
        let (take, expected) = (step.take?, step.expected?);
        let number = format!("{}-{index}", self.sequence);
        Some(match take {
            Take::Trash => (take, number),
            Take::Backup | Take::Saved => (take, format!("{}-{number}", expected.sha256)),
        })
    }

    /// Name in the place's root under which the new file of a step waits.
    pub(crate) fn temporary(&self, index: usize) -> String {
        format!("{}d{}-{index}", muster_fsx::TEMP_PREFIX, self.sequence)
    }
}

impl Applied {
    /// The books after a committed change.
    pub(crate) fn commit(&mut self, transaction: &Transaction, placed: &[PlacedFact]) {
        let waiting: BTreeMap<Key, String> =
            self.hidden.iter().map(|hidden| (hidden.key(), hidden.file.backup.clone())).collect();
        let mut gone: BTreeSet<String> = BTreeSet::new();
        let facts: BTreeMap<usize, &PlacedFact> = placed.iter().map(|fact| (fact.step, fact)).collect();
        for (index, step) in transaction.steps.iter().enumerate() {
            let key = Key::new(&step.place, &step.path);
            let fact = facts.get(&index);
            let waiting = waiting.get(&key).filter(|waiting| uses(step, waiting));
            // A file of ours that is forgotten is another one than what waits.
            let is_forgotten = |_: &&String| step.put.is_some() || !self.files.contains_key(&key);
            gone.extend(waiting.filter(is_forgotten).cloned());
            match step.after.clone() {
                After::File { mut file } => {
                    if let Some(fact) = fact {
                        (file.stamp, file.method) = (Some(fact.stamp), fact.method);
                    }
                    self.files.insert(key, *file);
                }
                After::Edit { mut edit } => {
                    if let Some(fact) = fact {
                        edit.stamp = Some(fact.stamp);
                    }
                    self.edits.insert(key, *edit);
                }
                After::Hidden { hidden } => {
                    self.files.remove(&key);
                    self.hidden.push(*hidden);
                }
                After::NoFile => drop(self.files.remove(&key)),
                After::NoEdit => drop(self.edits.remove(&key)),
            }
            if let (Some((Take::Saved, name)), Some(expected)) = (transaction.hold(index), step.expected) {
                let (place, at) = (step.place.clone(), step.at.clone());
                self.saved.push(Saved { place, at, name, sha256: expected.sha256 });
            }
        }
        self.hidden.retain(|hidden| !gone.contains(&hidden.file.backup));
        self.dirs.extend(transaction.mkdirs.iter().cloned());
        self.roots.extend(transaction.roots.clone());
        for (place, folders) in &transaction.made {
            let made = self.made.entry(place.clone()).or_default();
            // Outer ones of an earlier time are still there.
            made.retain(|folder| !folders.contains(folder));
            made.extend(folders.iter().cloned());
        }
        self.sequence = transaction.sequence;
    }

    /// The books after cleaning up.
    pub(crate) fn finish(&mut self, removed: &[Spot]) {
        for spot in removed {
            match spot.at.as_str() {
                // The place itself.
                "" => drop(self.made.remove(&spot.place)),
                _ => drop(self.dirs.remove(spot)),
            }
        }
    }
}

/// Whether what waited at the path of a step is back, is what a file of ours displaced now, or was brought back by
/// somebody else.
fn uses(step: &Step, waiting: &str) -> bool {
    match (&step.put, &step.after) {
        (Some(Put::Backup { name }), _) => name == waiting,
        (_, After::File { file }) => {
            file.displaced.as_ref().is_some_and(|displaced| displaced.backup == waiting)
        }
        (None, After::NoFile) => step.take.is_none(),
        _ => false,
    }
}
