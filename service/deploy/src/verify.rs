//! The proof: whether what the books say is what the disk has.

use muster_domain::Sha256;
use muster_fsx::on_all_cores;
use serde::{Deserialize, Serialize};

use crate::{DeployError, Deployment, PackageKey, observe};

/// What became of a file that was put somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileState {
    /// Its bytes are what they were.
    Equal,
    /// A configuration file, or a file with lines of ours, that the player or the game changed: that is what they are
    /// for.
    Edited,
    Changed,
    Missing,
    /// A link, a folder or something else is there.
    OutOfReach,
}

/// One file of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub place: String,
    pub at: String,
    pub package: Option<PackageKey>,
    pub state: FileState,
}

/// Every file of ours, by place and path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub files: Vec<Verified>,
    /// Originals in the state folder that are gone or changed.
    pub damaged_backups: Vec<String>,
}

impl Report {
    /// Whether everything is as it was left.
    pub fn is_clean(&self) -> bool {
        let is_good = |file: &Verified| matches!(file.state, FileState::Equal | FileState::Edited);
        self.damaged_backups.is_empty() && self.files.iter().all(is_good)
    }

    /// Number of files in a state.
    pub fn count(&self, state: FileState) -> usize {
        self.files.iter().filter(|file| file.state == state).count()
    }
}

fn edited(state: FileState) -> FileState {
    if state == FileState::Changed { FileState::Edited } else { state }
}

impl Deployment {
    /// Reads every file of ours, and every original that waits to come back, on all cores. Changes nothing.
    ///
    /// # Errors
    /// Of reading files that are there.
    pub fn verify(&self) -> Result<Report, DeployError> {
        let mut report = Report::default();
        let files: Vec<_> = self.applied.files.values().collect();
        let states = on_all_cores(&files, |file| self.state(&file.place, &file.at, &file.sha256));
        for (file, state) in files.into_iter().zip(states) {
            let state = if file.config { edited(state?) } else { state? };
            let (place, at) = (file.place.clone(), file.at.clone());
            report.files.push(Verified { place, at, package: Some(file.package.clone()), state });
        }
        for edit in self.applied.edits.values() {
            let state = edited(self.state(&edit.place, &edit.at, &edit.sha256)?);
            let (place, at) = (edit.place.clone(), edit.at.clone());
            report.files.push(Verified { place, at, package: None, state });
        }
        let files = self.applied.files.values().filter_map(|file| file.displaced.as_ref());
        let hidden = self.applied.hidden.iter().map(|hidden| &hidden.file);
        for displaced in
            files.chain(hidden).chain(self.applied.edits.values().filter_map(|edit| edit.original.as_ref()))
        {
            let is_there = self.holds.backup.metadata_if_exists(&displaced.backup)?.is_some();
            if !is_there || observe::hash(&self.holds.backup, &displaced.backup)? != displaced.sha256 {
                report.damaged_backups.push(displaced.backup.clone());
            }
        }
        Ok(report)
    }

    fn state(&self, place: &str, at: &str, sha256: &Sha256) -> Result<FileState, DeployError> {
        let Some(root) = self.places.get(place)? else { return Ok(FileState::Missing) };
        match root.metadata_if_exists(at) {
            Ok(None) => Ok(FileState::Missing),
            Ok(Some(metadata)) if metadata.is_file() => match observe::hash(root, at)? == *sha256 {
                true => Ok(FileState::Equal),
                false => Ok(FileState::Changed),
            },
            Ok(Some(_)) | Err(_) => Ok(FileState::OutOfReach),
        }
    }
}
