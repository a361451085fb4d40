//! What was put where: the state that the journal keeps.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
};

use muster_domain::{FoldedPath, PackageId, PortablePath, Sha256, SourceId};
use muster_games::{LinkChoice, OwnText};
use serde::{Deserialize, Serialize};

use crate::facts::Stamp;

/// A package by its full identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageKey {
    pub source: SourceId,
    pub id: PackageId,
}

impl fmt::Display for PackageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

/// A file under every spelling that some system takes for the same (T-79).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub place: String,
    pub folded: FoldedPath,
}

impl Key {
    pub fn new(place: &str, path: &PortablePath) -> Self {
        Self { place: place.to_owned(), folded: path.fold() }
    }
}

/// An entry below a place, spelled as it is on the disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Spot {
    pub place: String,
    pub at: String,
}

/// A file that was there before and is kept in the state folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Displaced {
    /// Name in `backup/`.
    pub backup: String,
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// It had been taken into the books before: it does not come back as long as somebody may ask for its package again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adopted: bool,
}

/// A file of somebody else's that had been taken into the books, and went with its package. It comes back with that, or
/// when everything of ours goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    pub place: String,
    pub path: PortablePath,
    /// As the disk spelled it.
    pub at: String,
    /// With which it went.
    pub package: PackageKey,
    pub file: Displaced,
}

impl Hidden {
    pub(crate) fn key(&self) -> Key {
        Key::new(&self.place, &self.path)
    }
}

/// A file of a package that was put somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedFile {
    pub place: String,
    /// As the package spells it.
    pub path: PortablePath,
    /// As the disk spells it.
    pub at: String,
    pub package: PackageKey,
    /// The archive whose tree it came from, and its path in there.
    pub tree: Sha256,
    pub from: PortablePath,
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    pub config: bool,
    pub method: Option<LinkChoice>,
    pub stamp: Option<Stamp>,
    /// What was in its place before Muster.
    pub displaced: Option<Displaced>,
    /// It lay there before, with these bytes: it stays where it is when it is not ours any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adopted: bool,
}

/// A text file of which some lines are ours, or all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedEdit {
    pub place: String,
    pub path: PortablePath,
    pub at: String,
    pub lines: OwnText,
    /// Of the whole file after the edit.
    pub sha256: Sha256,
    pub size: u64,
    pub stamp: Option<Stamp>,
    /// The file before the first edit; absent if there was none.
    pub original: Option<Displaced>,
    /// Whether only our lines tell the file from its original, so that the original may come back whole.
    pub exact: bool,
}

/// A file of the state folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// What was there before a package's file; it comes back by itself.
    Backup(String),
    /// A version of the player's that something else took the place of.
    Saved(String),
}

/// A version of a file that the player had changed, kept when something else took its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub place: String,
    pub at: String,
    /// Name in `saved/`.
    pub name: String,
    pub sha256: Sha256,
}

/// Everything of ours in the places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", from = "Stored")]
pub struct Applied {
    /// Number of the last committed change; 0 before the first.
    pub sequence: u64,
    pub files: BTreeMap<Key, AppliedFile>,
    pub edits: BTreeMap<Key, AppliedEdit>,
    /// Folders that we created, removed again when nothing is in them.
    pub dirs: BTreeSet<Spot>,
    pub saved: Vec<Saved>,
    /// The last one of a path is the one that comes back.
    pub hidden: Vec<Hidden>,
    /// Where the places were when files were put there.
    pub roots: BTreeMap<String, PathBuf>,
    /// Folders that we created so that a place exists, the outermost first; removed again when nothing is in them.
    pub made: BTreeMap<String, Vec<PathBuf>>,
}

impl Applied {
    /// Whether nothing of ours is left.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.edits.is_empty() && self.hidden.is_empty()
    }

    /// Names in `backup/` that are still needed.
    pub(crate) fn backups(&self) -> BTreeSet<&str> {
        let files = self.files.values().filter_map(|file| file.displaced.as_ref());
        let edits = self.edits.values().filter_map(|edit| edit.original.as_ref());
        let hidden = self.hidden.iter().map(|hidden| &hidden.file);
        files.chain(edits).chain(hidden).map(|displaced| displaced.backup.as_str()).collect()
    }
}

/// JSON has no maps with compound keys.
#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    sequence: u64,
    files: Vec<AppliedFile>,
    edits: Vec<AppliedEdit>,
    dirs: BTreeSet<Spot>,
    saved: Vec<Saved>,
    #[serde(default)]
    hidden: Vec<Hidden>,
    roots: BTreeMap<String, PathBuf>,
    #[serde(default)]
    made: BTreeMap<String, Vec<PathBuf>>,
}

impl From<Applied> for Stored {
    fn from(applied: Applied) -> Self {
        Self {
            sequence: applied.sequence,
            files: applied.files.into_values().collect(),
            edits: applied.edits.into_values().collect(),
            dirs: applied.dirs,
            saved: applied.saved,
            hidden: applied.hidden,
            roots: applied.roots,
            made: applied.made,
        }
    }
}

impl From<Stored> for Applied {
    fn from(stored: Stored) -> Self {
        let files = stored.files.into_iter().map(|file| (Key::new(&file.place, &file.path), file));
        let edits = stored.edits.into_iter().map(|edit| (Key::new(&edit.place, &edit.path), edit));
        Self {
            sequence: stored.sequence,
            files: files.collect(),
            edits: edits.collect(),
            dirs: stored.dirs,
            saved: stored.saved,
            hidden: stored.hidden,
            roots: stored.roots,
            made: stored.made,
        }
    }
}
