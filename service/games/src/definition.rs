//! The shape of a game definition: `definitions/<id>.yaml`, specified for people in `docs/formats/game.md`.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::{GameId, PortablePath};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    settings_file::SettingsRule,
    template::{ArgumentTemplate, PathTemplate},
};

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
    /// Entries of which one is enough to recognise a folder that the player chose by hand.
    #[serde(default)]
    pub anchors: Vec<PortablePath>,
    /// Folders of the player's own (`user`), by name and system; the first template whose variables are known counts.
    pub roots: BTreeMap<String, BTreeMap<System, Vec<PathTemplate>>>,
    /// Where files of packages go: named folders below a root.
    pub places: BTreeMap<String, Place>,
    #[serde(default)]
    pub version: Option<VersionProbe>,
    /// Tried in order; each takes the files it matches, the rest goes on to the next.
    pub install: Vec<InstallRule>,
    /// Files that the player may edit: always copied, never overwritten silently.
    #[serde(default)]
    pub config: Vec<String>,
    /// Paths below a place that no package may touch, as globs over `place/path`.
    #[serde(default)]
    pub protected: Vec<String>,
    #[serde(default)]
    pub load_order: LoadOrder,
    /// Ways to bring a file from the store to its place, best first.
    #[serde(default = "default_links")]
    pub links: Vec<LinkChoice>,
    /// Ways to start the game, by name: `play`, `join`, `host`.
    #[serde(default)]
    pub launch: BTreeMap<String, Launch>,
    #[serde(default)]
    pub log: LogPatterns,
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

/// A named folder below a root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Place {
    pub root: String,
    #[serde(default)]
    pub path: Option<PortablePath>,
}

/// How the game's version is found: by its first program's output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VersionProbe {
    /// Roles whose program is asked, the first that is there.
    pub programs: Vec<String>,
    pub args: Vec<String>,
    /// A regular expression whose group 1 is the version.
    pub pattern: String,
    /// Seconds.
    #[serde(default = "default_timeout")]
    pub timeout: u32,
}

fn default_timeout() -> u32 {
    5
}

/// One way in which files of a package find their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstallRule {
    /// Whole folders, recognised by a file in them.
    Folder(FolderRule),
    /// Single files by glob.
    Files(SpreadRule),
    /// Files that belong nowhere.
    Ignore(IgnoreRule),
}

/// The topmost folders that hold one of the anchors go to `place/<name>`, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FolderRule {
    /// Plain file names.
    pub anchors: Vec<String>,
    pub place: String,
    pub name: NameSource,
    /// Files whose folders are what the game knows by name (the mods of a modpack); absent: the folder has no name of
    /// its own in the game.
    #[serde(default)]
    pub members: Vec<String>,
}

/// Where the name of a folder comes from: a key in one of its files, else the folder's own name, else the package's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NameSource {
    /// File of `key = value` lines inside the folder.
    #[serde(default)]
    pub file: Option<String>,
    #[serde(default)]
    pub key: Option<String>,
    /// What a name looks like in this game, as a regular expression over the whole name.
    pub pattern: String,
    /// Stands for every character that does not fit when the name comes from the package.
    #[serde(default)]
    pub substitute: Option<char>,
}

impl NameSource {
    /// Whether the whole text is a name in this game.
    pub fn fits(&self, name: &str) -> bool {
        crate::log::pattern(&format!("^(?:{})$", self.pattern)).is_ok_and(|pattern| pattern.is_match(name))
    }
}

/// Files that match a glob go below a place with their own path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SpreadRule {
    pub glob: String,
    pub place: String,
    /// Folder below the place; `{package}` is the package's name.
    #[serde(default)]
    pub to: Option<String>,
}

/// Files that match are left out, without being reported as misplaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IgnoreRule {
    pub globs: Vec<String>,
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
}

/// How a file comes to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LinkChoice {
    Reflink,
    HardLink,
    Copy,
}

/// A command as data: a program of the installation, arguments, environment. Never a shell line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Launch {
    /// Role of the program.
    pub program: String,
    #[serde(default)]
    pub args: Vec<Argument>,
    /// Set for the game; an entry with an unknown variable is left out.
    #[serde(default)]
    pub env: BTreeMap<String, ArgumentTemplate>,
}

/// One argument, or several that are left out together if a variable of theirs has no value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Argument {
    One(ArgumentTemplate),
    Optional(Vec<ArgumentTemplate>),
}

/// What the game's log says about mods. All are regular expressions over single lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LogPatterns {
    /// Group 1 is the name of a mod that was loaded.
    #[serde(default)]
    pub loaded: Vec<String>,
    /// The game is ready to be played.
    #[serde(default)]
    pub ready: Vec<String>,
    #[serde(default)]
    pub problems: Vec<ProblemPattern>,
}

/// A line that means trouble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProblemPattern {
    /// `missing-dependency`, `name-conflict`, `error`.
    pub kind: String,
    /// Named groups: `mod` and `detail`, both optional.
    pub pattern: String,
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
