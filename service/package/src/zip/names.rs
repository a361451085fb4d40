//! Names inside an archive: portable, and different on every system.

use std::collections::HashMap;

use muster_domain::{FoldedPath, PortablePath};

use crate::{EntryRule, Error, Result};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    /// A folder that has its own entry.
    ListedFolder,
    /// A folder that is only part of names.
    Folder,
}

/// Every file and folder of an archive, by the form under which systems may confuse them (T-52, T-58).
#[derive(Default)]
pub(super) struct Names {
    seen: HashMap<FoldedPath, (PortablePath, Kind)>,
}

impl Names {
    pub(super) fn add_file(&mut self, path: &PortablePath) -> Result<()> {
        self.add(path, Kind::File)
    }

    pub(super) fn add_folder(&mut self, path: &PortablePath) -> Result<()> {
        self.add(path, Kind::ListedFolder)
    }

    fn add(&mut self, path: &PortablePath, kind: Kind) -> Result<()> {
        let mut above = path.parent();
        while let Some(folder) = above {
            // A folder that is known brings those above it.
            if self.note(&folder, Kind::Folder)? {
                break;
            }
            above = folder.parent();
        }
        self.note(path, kind).map(|_| ())
    }

    /// Whether it was known already as exactly the same.
    fn note(&mut self, path: &PortablePath, kind: Kind) -> Result<bool> {
        let refuse = |rule| Err(Error::entry(rule, path.as_str()));
        let Some((known, known_kind)) = self.seen.get_mut(&path.fold()) else {
            self.seen.insert(path.fold(), (path.clone(), kind));
            return Ok(false);
        };
        match (known == path, *known_kind, kind) {
            (false, ..) => refuse(EntryRule::NameCollision),
            (true, Kind::File, Kind::File) | (true, Kind::ListedFolder, Kind::ListedFolder) => {
                refuse(EntryRule::DuplicateName)
            }
            (true, Kind::File, _) | (true, _, Kind::File) => refuse(EntryRule::NameCollision),
            (true, _, Kind::Folder) => Ok(true),
            (true, _, Kind::ListedFolder) => {
                *known_kind = Kind::ListedFolder;
                Ok(true)
            }
        }
    }
}
