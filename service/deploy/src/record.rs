//! What the journal says, and how the books follow from it. Pure.

use std::{collections::BTreeMap, path::PathBuf};

use muster_games::LinkChoice;
use serde::{Deserialize, Serialize};

use crate::{
    Applied, Key, Saved, Spot,
    facts::Stamp,
    plan::{After, Plan, Step, Take},
};

/// The format of the journal that this program writes and reads.
pub(crate) const FORMAT: u32 = 1;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "record")]
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
    pub(crate) fn new(plan: &Plan, roots: BTreeMap<String, PathBuf>) -> Self {
        Self {
            sequence: plan.base + 1,
            roots,
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
        let facts: BTreeMap<usize, &PlacedFact> = placed.iter().map(|fact| (fact.step, fact)).collect();
        for (index, step) in transaction.steps.iter().enumerate() {
            let key = Key::new(&step.place, &step.path);
            let fact = facts.get(&index);
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
                After::NoFile => drop(self.files.remove(&key)),
                After::NoEdit => drop(self.edits.remove(&key)),
            }
            if let (Some((Take::Saved, name)), Some(expected)) = (transaction.hold(index), step.expected) {
                let (place, at) = (step.place.clone(), step.at.clone());
                self.saved.push(Saved { place, at, name, sha256: expected.sha256 });
            }
        }
        self.dirs.extend(transaction.mkdirs.iter().cloned());
        self.roots.extend(transaction.roots.clone());
        self.sequence = transaction.sequence;
    }

    /// The books after cleaning up.
    pub(crate) fn finish(&mut self, removed: &[Spot]) {
        for spot in removed {
            self.dirs.remove(spot);
        }
    }
}
