//! The shape of a game definition: `definitions/<id>.yaml`, specified for people in `docs/formats/game.md`.

mod install;
mod launch;
mod trial;

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{GameId, PortablePath};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use install::{FileName, FolderRule, IgnoreRule, InstallRule, Layout, NameSource, Route, SpreadRule};
pub use launch::{Argument, Launch, LoadedPattern, Loader, LogPatterns, NamedThenLoaded, ProblemPattern};
pub use trial::{Escape, ListLines, NameLines, OrderFile, TextPart, Trial};

use crate::{Saves, settings_file::SettingsRule, template::PathTemplate};

/// The format that this program reads.
pub const FORMAT: u32 = 1;

/// One game as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Definition {
    /// Version of this format: 1.
    pub format: u32,
    pub id: GameId,
    /// The name people know.
    pub title: String,
    /// Further names that a search should find.
    #[serde(default)]
    pub also_called: Vec<String>,
    #[serde(default)]
    pub homepage: Option<String>,
    /// Source kinds whose packages fit this game, offered at first run.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Programs installed by the system's package manager, by hand or by an installer.
    #[serde(default)]
    pub native: Vec<NativeDetection>,
    /// Flatpak application ids, the preferred first.
    #[serde(default)]
    pub flatpak: Vec<String>,
    /// What shops call the game.
    #[serde(default)]
    pub stores: Stores,
    /// What other managers call the game, where they keep profiles of it.
    #[serde(default, skip_serializing_if = "Managers::is_empty")]
    pub managers: Managers,
    /// Entries of which one is enough to recognise a folder that the player chose by hand.
    #[serde(default)]
    pub anchors: Vec<PortablePath>,
    /// Folders of the player's own (`user`), by name and system; the first template whose variables are known counts.
    pub roots: BTreeMap<String, BTreeMap<System, Vec<PathTemplate>>>,
    /// Where files of packages go: named folders below a root.
    pub places: BTreeMap<String, Place>,
    #[serde(default)]
    pub version: Option<VersionProbe>,
    /// Parts that are sold by themselves, by the name that packages know them by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, Extension>,
    /// Tried in order; each takes the files it matches, the rest goes on to the next.
    pub install: Vec<InstallRule>,
    /// Files that the player may edit: always copied, never overwritten silently.
    #[serde(default)]
    pub config: Vec<String>,
    /// Paths below a place that no package may touch, as globs over `place/path`.
    #[serde(default)]
    pub protected: Vec<String>,
    /// What the player makes with the game, by kind: never touched, and snapshotted where the player wants it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub saves: BTreeMap<String, Saves>,
    #[serde(default)]
    pub load_order: LoadOrder,
    /// Placed files by list, in load order: globs over `place/path`.
    #[serde(default)]
    pub lists: BTreeMap<String, Vec<String>>,
    /// Files that hold the load order.
    #[serde(default)]
    pub order_files: Vec<OrderFile>,
    /// Ways to bring a file from the store to its place, best first.
    #[serde(default = "default_links")]
    pub links: Vec<LinkChoice>,
    /// Ways to start the game, by name: `play`, `join`, `host`.
    #[serde(default)]
    pub launch: BTreeMap<String, Launch>,
    /// Mod loaders by name.
    #[serde(default)]
    pub loaders: BTreeMap<String, Loader>,
    #[serde(default)]
    pub log: LogPatterns,
    #[serde(default)]
    pub trial: Trial,
    #[serde(default)]
    pub world_settings: Option<WorldSettings>,
}

fn default_links() -> Vec<LinkChoice> {
    vec![LinkChoice::Reflink, LinkChoice::HardLink, LinkChoice::Copy]
}

/// Systems that definitions tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    Linux,
    Windows,
    Macos,
}

/// Programs by role, looked for in folders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NativeDetection {
    pub systems: BTreeSet<System>,
    /// File names by role (`client`, `server`), the preferred first.
    pub programs: BTreeMap<String, Vec<String>>,
    /// Where to look, in order; `{path}` stands for every folder of the search path.
    pub folders: Vec<PathTemplate>,
}

/// What shops call a game; the folders and prefixes are found in the files of their launchers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Stores {
    /// Application numbers of Steam.
    #[serde(default)]
    pub steam: Vec<u32>,
    /// Product numbers of GOG.
    #[serde(default)]
    pub gog: Vec<String>,
    /// Application names of the Epic Games Store.
    #[serde(default)]
    pub epic: Vec<String>,
    /// Slugs of Lutris.
    #[serde(default)]
    pub lutris: Vec<String>,
}

/// Names of the folders in which other managers keep profiles of a game.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Managers {
    /// r2modman and the Thunderstore Mod Manager.
    #[serde(default)]
    pub r2modman: Vec<String>,
    #[serde(default)]
    pub gale: Vec<String>,
}

impl Managers {
    fn is_empty(&self) -> bool {
        self.r2modman.is_empty() && self.gale.is_empty()
    }
}

/// A named folder below a root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Place {
    pub root: String,
    #[serde(default)]
    pub path: Option<PortablePath>,
}

/// How the game's version is found: in a file, or else by its first program's output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VersionProbe {
    /// Text files below a root that may hold it, the first that is there and fits: also where no program of the game
    /// can be asked, because it runs in a Windows of its own.
    #[serde(default)]
    pub files: Vec<Place>,
    /// Roles whose program is asked, the first that is there.
    #[serde(default)]
    pub programs: Vec<String>,
    #[serde(default)]
    pub args: Vec<String>,
    /// A regular expression whose group 1 is the version.
    pub pattern: String,
    /// What the numbers of builds stand for. Where there are any, a number that is none of them says nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub builds: BTreeMap<String, String>,
    /// Seconds.
    #[serde(default = "default_timeout")]
    pub timeout: u32,
}

fn default_timeout() -> u32 {
    5
}

/// A part of the game that is sold by itself, and that only its shop can install.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Extension {
    /// The name people know.
    pub title: String,
    /// The folder that is there where it is installed.
    pub folder: Place,
    /// A text file in it that holds the version.
    #[serde(default)]
    pub file: Option<PortablePath>,
    /// A regular expression over its lines whose group 1 is the version.
    #[serde(default)]
    pub pattern: Option<String>,
}

/// Who decides in which order the game loads mods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadOrder {
    /// The game itself, by the dependencies the mods name.
    #[default]
    Game,
    /// Only the order of packages, where two hold the same file.
    Files,
    /// Muster, which gives the game its lists of files: as arguments, or in files of its own.
    Lists,
}

/// How a file comes to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LinkChoice {
    Reflink,
    HardLink,
    Copy,
}

/// Settings inside a world of the player that decide which mods it loads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WorldSettings {
    /// The place that holds one folder per world.
    pub place: String,
    /// The file inside a world.
    pub file: PortablePath,
    pub lines: SettingsRule,
    /// What the file of a world made for a trial holds before the lines.
    #[serde(default)]
    pub trial: String,
}

/// The JSON Schema (2020-12) of [`Definition`].
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Definition)
}
