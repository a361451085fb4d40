//! What the player made with a game: its saves, which Muster never touches by itself.

use std::path::PathBuf;

use muster_domain::PortablePath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Definition, Installation, PathGlobs};

/// Saves of one kind: files below a folder of the player's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Saves {
    pub root: String,
    /// Folder below the root. What lies directly in it is one save each: a file, or a folder with all that fits.
    #[serde(default)]
    pub path: Option<PortablePath>,
    /// Globs over paths below the folder.
    pub files: Vec<String>,
    /// Of these, what belongs to the game or to packages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

/// Tells which files below a folder are saves.
#[derive(Clone, Debug)]
pub struct SavesFilter {
    files: PathGlobs,
    except: PathGlobs,
}

impl SavesFilter {
    /// Compiles the globs of a kind of saves.
    ///
    /// # Errors
    /// A sentence, if one is malformed; never with a definition that was read.
    pub fn new(saves: &Saves) -> Result<Self, String> {
        Ok(Self { files: PathGlobs::new(&saves.files)?, except: PathGlobs::new(&saves.except)? })
    }

    /// Whether a file is one of a save.
    pub fn takes(&self, path: &PortablePath) -> bool {
        self.files.matches(path) && !self.except.matches(path)
    }
}

/// The folders of an installation that hold saves, by kind; they may not exist yet.
pub fn save_folders(definition: &Definition, installation: &Installation) -> Vec<(String, PathBuf)> {
    let folder = |(name, saves): (&String, &Saves)| {
        let root = installation.roots.get(&saves.root)?;
        let folder = saves.path.as_ref().map_or_else(|| root.clone(), |path| root.join(path.as_str()));
        Some((name.clone(), folder))
    };
    definition.saves.iter().filter_map(folder).collect()
}

/// The save that a file belongs to: the first part of its path.
pub fn save_name(path: &PortablePath) -> &str {
    path.parts().next().unwrap_or(path.as_str())
}
