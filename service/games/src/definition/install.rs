//! Rules that say where files of packages go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One way in which files of a package find their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstallRule {
    /// Whole folders, recognised by a file in them.
    Folder(FolderRule),
    /// Single files by glob.
    Files(SpreadRule),
    /// Every file by the folder it lies in, else by its ending, else to where all others go.
    Routes(Vec<Route>),
    /// Files that belong nowhere.
    Ignore(IgnoreRule),
}

/// One of the ways that the files of a package can go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Route {
    pub place: String,
    /// What is below a folder of this name (the topmost that any route names) goes this way; letters of either case fit.
    pub folder: String,
    #[serde(default)]
    pub layout: Layout,
    /// Files in no such folder that end like this go this way; of several endings that fit the longest counts.
    #[serde(default)]
    pub endings: Vec<String>,
    /// Files that no other route takes go this way.
    #[serde(default)]
    pub default: bool,
}

/// How files lie in the place of a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// In a folder with the package's name. What lay in a folder of the route's name stays as it was below it; all
    /// others lie side by side, and of several with one name the one that lay topmost counts.
    #[default]
    Own,
    /// In the place itself, as they lie in the package.
    Shared,
}

/// The topmost folders that hold one of the anchors go to `place/<name>`, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FolderRule {
    /// Plain file names.
    pub anchors: Vec<String>,
    /// What the text of an anchor must hold somewhere, as a regular expression; absent: anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containing: Option<String>,
    pub place: String,
    pub name: NameSource,
    /// Files whose folders are what the game knows by name (the mods of a modpack); absent: the folder has no name of
    /// its own in the game.
    #[serde(default)]
    pub members: Vec<String>,
}

/// Where the name of a folder comes from: one of its files, else the folder's own name, else the package's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NameSource {
    /// File inside the folder that holds the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The name is the value of this key, in a file of `key = value` lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The name is group 1 of this regular expression over the file's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub find: Option<String>,
    /// What a name looks like in this game, as a regular expression over the whole name.
    pub pattern: String,
    /// Stands for every character that does not fit when the name comes from the package.
    #[serde(default)]
    pub substitute: Option<char>,
}

impl NameSource {
    /// Whether the whole text is a name in this game.
    pub fn fits(&self, name: &str) -> bool {
        crate::pattern::pattern(&format!("^(?:{})$", self.pattern))
            .is_ok_and(|pattern| pattern.is_match(name))
    }
}

/// Files that match a glob go below a place with their own path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SpreadRule {
    pub glob: String,
    pub place: String,
    /// Folder below the place; `{package}` is the package's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How many leading folders of the package's path are left out; the file's own name always stays.
    #[serde(default)]
    pub strip: u8,
    /// What the game calls each of these files; absent: they have no name of their own in the game.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<FileName>,
}

/// Which part of a file's path stands for the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileName {
    /// The whole path below the place.
    Path,
    /// The file's name.
    Name,
    /// The file's name without its last ending.
    Stem,
}

impl FileName {
    /// That part of `path`.
    pub fn of(self, path: &muster_domain::PortablePath) -> &str {
        match self {
            Self::Path => path.as_str(),
            Self::Name => path.file_name(),
            Self::Stem => path.file_name().rsplit_once('.').map_or(path.file_name(), |(stem, _)| stem),
        }
    }
}

/// Files that match are left out, without being reported as misplaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IgnoreRule {
    pub globs: Vec<String>,
}
