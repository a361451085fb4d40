//! Items of Steam's Workshop on this computer, as a person writes where they are.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use muster_domain::{GameId, SourceId};

use crate::{Error, Result};

/// Begins the address; the game and a `+` follow.
const KIND: &str = "workshop";

/// The folder that Steam keeps the items of one application in: `…/steamapps/workshop/content/<application>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkshopAddress {
    game: GameId,
    /// `…/steamapps/workshop`
    folder: PathBuf,
    app: u32,
}

impl WorkshopAddress {
    /// The items of an application in a library of Steam.
    pub fn new(game: GameId, library: &Path, app: u32) -> Self {
        Self { game, folder: library.join("steamapps").join("workshop"), app }
    }

    /// Reads `workshop:<game>+<absolute path>`; `None` for what is of another kind.
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
        let path = Path::new(path);
        let app = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok());
        let folder =
            path.parent().filter(|parent| parent.ends_with("workshop/content")).and_then(Path::parent);
        match (app, folder) {
            (Some(app), Some(folder)) if path.is_absolute() => {
                Ok(Some(Self { game, folder: folder.to_owned(), app }))
            }
            _ => refuse("no folder workshop/content/NUMBER of a library of Steam"),
        }
    }

    /// The game of an address that names nothing more: `workshop:<game>`, which stands for wherever Steam has it.
    pub fn game_alone(text: &str) -> Option<GameId> {
        let game = text.strip_prefix(KIND)?.strip_prefix(':')?;
        if game.contains('+') { None } else { game.parse().ok() }
    }

    pub fn kind(&self) -> &'static str {
        KIND
    }

    pub fn game(&self) -> &GameId {
        &self.game
    }

    pub fn app(&self) -> u32 {
        self.app
    }

    /// The folder that Steam writes to whenever an item comes, goes or changes.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// By a mark of the address: no folder is the same on another machine.
    pub fn source_id(&self) -> SourceId {
        let hash = muster_registry::sha256(self.to_string().as_bytes()).to_string();
        format!("{KIND}:{}", &hash[..16])
            .parse()
            .expect("a kind of letters and a scope of hexadecimal digits")
    }
}

impl fmt::Display for WorkshopAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = self.folder.join("content").join(self.app.to_string());
        write!(f, "{KIND}:{}+{}", self.game, content.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workshops_are_told_from_other_addresses() {
        for other in ["/srv/mods", "workshop", "folder:x+/y", "workshops:x"] {
            assert_eq!(WorkshopAddress::parse(other).expect("none"), None, "{other}");
        }
        let text = "workshop:rimworld+/home/a/my games/steamapps/workshop/content/294100";
        let found = WorkshopAddress::parse(text).expect("reads").expect("a workshop");
        assert_eq!((found.game().as_str(), found.app()), ("rimworld", 294_100));
        assert_eq!(found.folder(), Path::new("/home/a/my games/steamapps/workshop"));
        assert_eq!(found.to_string(), text);
        let game = "rimworld".parse().expect("a game");
        assert_eq!(WorkshopAddress::new(game, Path::new("/home/a/my games"), 294_100), found);
        for bad in [
            "workshop:",
            "workshop:x",
            "workshop:xx+steamapps/workshop/content/7",
            "workshop:xx+/a/workshop/content/x",
            "workshop:xx+/a/workshop/content",
            "workshop:xx+/a/content/7",
            "workshop:A B+/a/workshop/content/7",
        ] {
            assert!(WorkshopAddress::parse(bad).is_err(), "{bad}");
        }
        assert!(
            WorkshopAddress::game_alone("workshop:rimworld").is_some_and(|game| game.as_str() == "rimworld")
        );
        for other in ["workshop", "workshop:", "workshop:xx+/a", "folder:x"] {
            assert_eq!(WorkshopAddress::game_alone(other), None, "{other}");
        }
    }
}
