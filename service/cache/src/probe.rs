//! How a file can get from a store to a folder: found out by doing it once with a small file.

use std::path::{Path, PathBuf};

use muster_fsx::{Dir, LinkMethod, LinkPreference};
use serde::{Deserialize, Serialize};

/// How files of a store get to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Blocks shared until one of both is written.
    Reflink,
    /// One file with two names.
    HardLink,
    Copy,
}

impl Way {
    /// Stable text form, as stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reflink => "reflink",
            Self::HardLink => "hard-link",
            Self::Copy => "copy",
        }
    }
}

impl From<LinkMethod> for Way {
    fn from(method: LinkMethod) -> Self {
        match method {
            LinkMethod::Reflink => Self::Reflink,
            LinkMethod::HardLink => Self::HardLink,
            LinkMethod::Copy => Self::Copy,
        }
    }
}

/// Puts a small file from one folder into another and removes it again; says how it got there. `name` is what it is
/// called there meanwhile.
pub(crate) fn probe(
    from: &Dir,
    to: &Dir,
    name: &str,
    preference: LinkPreference,
) -> Result<Way, muster_fsx::Error> {
    let (source, file) = from.create_temporary()?;
    // An empty file has no blocks that could be shared.
    let filled = file.write_all_at(&[b'm'; 4096], 0);
    drop(file);
    let placed = filled.and_then(|()| muster_fsx::place(from, source.as_str(), to, name, preference));
    let removed = match &placed {
        // A disk that fails once must not leave the file until the next start.
        Ok(_) => to.remove_file(name).or_else(|_| to.remove_file(name)),
        Err(_) => Ok(()),
    };
    from.remove_file(source.as_str())?;
    removed?;
    placed.map(Way::from)
}

/// Folders that may hold a store for a place, best first: the outermost of its volume, so that one store serves every
/// game there. None inside a folder that a game reads, and never the top of the whole system.
///
/// `above` is the place's own folder and those above it, innermost first, each with the number of its volume.
pub(crate) fn candidates(above: &[(PathBuf, u64)], read_by_games: &[PathBuf]) -> Vec<PathBuf> {
    let Some((_, volume)) = above.first() else { return Vec::new() };
    let is_free = |folder: &Path| {
        folder.parent().is_some() && !read_by_games.iter().any(|read| folder.starts_with(read))
    };
    let same = above.iter().take_while(|(_, its)| its == volume).map(|(folder, _)| folder);
    let mut found: Vec<PathBuf> = same.filter(|folder| is_free(folder)).cloned().collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn above(folder: &str, volumes: &[u64]) -> Vec<(PathBuf, u64)> {
        let last = volumes.last().copied().unwrap_or(0);
        let numbers = volumes.iter().copied().chain(std::iter::repeat(last));
        Path::new(folder).ancestors().map(Path::to_owned).zip(numbers).collect()
    }

    #[test]
    fn the_outermost_folder_of_the_volume_comes_first() {
        let above = above("/mnt/games/common/quest/mods", &[2, 2, 2, 2, 1]);
        let read = [PathBuf::from("/mnt/games/common/quest")];
        assert_eq!(candidates(&above, &read), ["/mnt/games", "/mnt/games/common"].map(PathBuf::from));
        assert_eq!(candidates(&above, &[PathBuf::from("/mnt")]), Vec::<PathBuf>::new());
    }

    proptest! {
        #[test]
        fn a_store_is_never_inside_what_a_game_reads_nor_on_another_volume(
            parts in proptest::collection::vec("[ab]", 1..7),
            volumes in proptest::collection::vec(1u64..3, 1..8),
            read in proptest::collection::vec(proptest::collection::vec("[ab]", 1..5), 0..3),
        ) {
            let above = above(&format!("/{}", parts.join("/")), &volumes);
            let read: Vec<PathBuf> = read.iter().map(|parts| PathBuf::from(format!("/{}", parts.join("/")))).collect();
            for found in candidates(&above, &read) {
                prop_assert!(found != Path::new("/"));
                prop_assert!(!read.iter().any(|read| found.starts_with(read)), "{:?}", found);
                let volume = above.iter().find(|(folder, _)| *folder == found).map(|(_, volume)| *volume);
                prop_assert_eq!(volume, Some(above[0].1));
            }
        }
    }
}
