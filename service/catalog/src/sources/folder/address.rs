//! A folder of the player's own, as a person writes it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use muster_domain::{GameId, SourceId};

use crate::{Error, Result};

/// Begins the address; the game and a `+` follow.
const KIND: &str = "folder";

/// A folder whose files are packages for one game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderAddress {
    game: GameId,
    path: PathBuf,
}

impl FolderAddress {
    /// The folder at an absolute path, for a game.
    pub fn new(game: GameId, path: PathBuf) -> Self {
        Self { game, path }
    }

    /// Reads `folder:<game>+<absolute path>`; `None` for what is no folder of the player's own.
    ///
    /// # Errors
    /// [`Error::Address`] for what begins like one and is none.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let refuse = |why| Err(Error::Address { address: text.chars().take(200).collect(), why });
        let Some(rest) = text.strip_prefix(KIND).and_then(|rest| rest.strip_prefix(':')) else {
            return Ok(None);
        };
        let Some((game, path)) = rest.split_once('+') else {
            return refuse("a game and + belong before the folder");
        };
        let Ok(game) = game.parse() else { return refuse("no name of a game") };
        let path = PathBuf::from(path);
        match path.is_absolute() {
            true => Ok(Some(Self { game, path })),
            false => refuse("no absolute path"),
        }
    }

    pub fn kind(&self) -> &'static str {
        KIND
    }

    /// The game that its packages are for.
    pub fn game(&self) -> &GameId {
        &self.game
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// By a mark of the address: no folder is the same on another machine.
    pub fn source_id(&self) -> SourceId {
        let hash = muster_registry::sha256(self.to_string().as_bytes()).to_string();
        format!("{KIND}:{}", &hash[..16])
            .parse()
            .expect("a kind of letters and a scope of hexadecimal digits")
    }
}

impl fmt::Display for FolderAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{KIND}:{}+{}", self.game, self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_from_other_addresses() {
        for other in ["/srv/mods", "folder", "https://a.example", "folders:x"] {
            assert_eq!(FolderAddress::parse(other).expect("none"), None, "{other}");
        }
        let found = FolderAddress::parse("folder:minetest+/srv/my mods").expect("reads").expect("a folder");
        assert_eq!((found.game().as_str(), found.path()), ("minetest", Path::new("/srv/my mods")));
        assert_eq!(FolderAddress::parse(&found.to_string()).expect("reads"), Some(found));
        for bad in ["folder:", "folder:minetest", "folder:minetest+mods", "folder:A B+/x", "folder:+/x"] {
            assert!(FolderAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
