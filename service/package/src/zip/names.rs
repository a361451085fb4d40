//! Names inside an archive: portable, and different on every system.

use std::collections::HashMap;

use muster_domain::PortablePath;

use crate::{ArchiveRule, EntryRule, Error, Result, limits::MAX_NAMES};

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
    seen: HashMap<String, (PortablePath, Kind)>,
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
        let key = key(path);
        let Some((known, known_kind)) = self.seen.get_mut(&key) else {
            if self.seen.len() >= MAX_NAMES {
                return Err(ArchiveRule::TooManyEntries.into());
            }
            self.seen.insert(key, (path.clone(), kind));
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

/// The folded path. For ASCII that is lower case, found without the tables of Unicode.
fn key(path: &PortablePath) -> String {
    match path.as_str().is_ascii() {
        true => path.as_str().to_ascii_lowercase(),
        false => path.fold().as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_gives_what_folding_gives() {
        let printable = (0x21..0x7f_u8).map(char::from).filter(|c| !"/\\:*?\"<>|.".contains(*c));
        let path: PortablePath = printable.collect::<String>().parse().expect("portable");
        assert_eq!(key(&path), path.fold().as_str());
    }
}
