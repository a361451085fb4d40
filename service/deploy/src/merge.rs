//! Packages in their order → one set of files, with who wins where two hold the same. Pure.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use muster_domain::{FoldedPath, PortablePath, Sha256};
use muster_games::OwnText;
use serde::{Deserialize, Serialize};

use crate::{DeployError, Held, Key, PackageKey, Placed, Spot};

/// A package with the places of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedPackage {
    pub package: PackageKey,
    /// Hash of the archive whose tree holds the files.
    pub tree: Sha256,
    pub placed: Arc<Placed>,
}

/// A file that has to be in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredFile {
    pub place: String,
    pub path: PortablePath,
    pub package: PackageKey,
    pub tree: Sha256,
    /// Below the tree.
    pub from: PortablePath,
    pub sha256: Sha256,
    pub size: u64,
    pub config: bool,
    /// Put in place of the package's bytes; hash and size are of these then.
    pub instead: Option<Instead>,
}

/// What is put in place of a package's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instead {
    Text(Vec<u8>),
    /// The version that is kept by the hash which the file shall have ([`crate::Trees::kept`]).
    Kept,
}

/// A file of the player's, outside of every package, that shall be as it once was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    pub place: String,
    pub path: PortablePath,
    /// What it shall be; nothing at all otherwise.
    pub version: Option<Version>,
    pub room: Room,
}

/// What a file that is brought back may take the place of. That is kept first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Whatever is there.
    Any,
    /// These bytes, or nothing; what somebody wrote since stays.
    Only(Option<Sha256>),
}

/// Where a version of a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the state folder.
    Held(Held),
    /// Elsewhere, by its hash ([`crate::Trees::kept`]).
    Kept,
}

/// A version of a file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub source: Source,
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
}

/// What has to be in a text file which is not a package's: some lines, or all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredEdit {
    pub place: String,
    pub path: PortablePath,
    pub lines: OwnText,
}

/// Several packages hold the same file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    pub place: String,
    pub path: PortablePath,
    pub winner: PackageKey,
    /// In their order; the content of these is not used.
    pub losers: Vec<PackageKey>,
    /// All of them hold the same bytes.
    pub same_content: bool,
}

/// What the places have to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desired {
    pub files: BTreeMap<Key, DesiredFile>,
    pub edits: BTreeMap<Key, DesiredEdit>,
    pub brought: BTreeMap<Key, Brought>,
    /// Folders of nobody's that go if nothing is in them then.
    pub emptied: BTreeSet<Spot>,
    pub overridden: Vec<Overridden>,
}

/// Joins packages; a later one wins over an earlier one.
///
/// # Errors
/// [`DeployError::Clash`] if one package needs a file where another needs a folder.
pub fn merge(packages: &[PlacedPackage], edits: Vec<DesiredEdit>) -> Result<Desired, DeployError> {
    let mut spelling = Spelling::default();
    let mut candidates: BTreeMap<Key, Vec<DesiredFile>> = BTreeMap::new();
    for PlacedPackage { package, tree, placed } in packages {
        for placement in &placed.placements {
            let path = spelling.of(&placement.place, &placement.path);
            candidates.entry(Key::new(&placement.place, &path)).or_default().push(DesiredFile {
                place: placement.place.clone(),
                path,
                package: package.clone(),
                tree: *tree,
                from: placement.from.clone(),
                sha256: placement.sha256,
                size: placement.size,
                config: placement.config,
                instead: None,
            });
        }
    }
    let mut desired = Desired::default();
    for (key, mut files) in candidates {
        let Some(winner) = files.pop() else { continue };
        if !files.is_empty() {
            desired.overridden.push(Overridden {
                place: winner.place.clone(),
                path: winner.path.clone(),
                winner: winner.package.clone(),
                same_content: files.iter().all(|file| file.sha256 == winner.sha256),
                losers: files.into_iter().map(|file| file.package).collect(),
            });
        }
        desired.files.insert(key, winner);
    }
    refuse_clashes(&desired)?;
    let keyed = |edit: DesiredEdit| (Key::new(&edit.place, &edit.path), edit);
    desired.edits = edits.into_iter().map(keyed).collect();
    Ok(desired)
}

/// One spelling for folders that are the same on some system: the first one seen.
#[derive(Default)]
struct Spelling {
    folders: HashMap<(String, FoldedPath), PortablePath>,
}

impl Spelling {
    fn of(&mut self, place: &str, path: &PortablePath) -> PortablePath {
        let Some(folder) = path.parent() else { return path.clone() };
        let known = (place.to_owned(), folder.fold());
        let folder = match self.folders.get(&known) {
            Some(folder) => folder.clone(),
            None => {
                let folder = self.of(place, &folder);
                self.folders.insert(known, folder.clone());
                folder
            }
        };
        // Another spelling of the same folder has the same length in nearly every case; where not, keep the path.
        format!("{folder}/{}", path.file_name()).parse().unwrap_or_else(|_| path.clone())
    }
}

fn refuse_clashes(desired: &Desired) -> Result<(), DeployError> {
    for file in desired.files.values() {
        let mut above = file.path.parent();
        while let Some(folder) = above {
            if let Some(other) = desired.files.get(&Key::new(&file.place, &folder)) {
                return Err(DeployError::Clash {
                    path: folder.to_string(),
                    first: other.package.to_string(),
                    second: file.package.to_string(),
                });
            }
            above = folder.parent();
        }
    }
    Ok(())
}
