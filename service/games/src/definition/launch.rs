//! How a game is started, and what its log says.

use std::collections::{BTreeMap, BTreeSet};

use muster_domain::PortablePath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::template::ArgumentTemplate;

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

/// A mod loader: once its files are in place, the game has to be told of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Loader {
    pub title: String,
    /// Files, as `place/path`; the loader is there when all of them are.
    pub files: Vec<PortablePath>,
    /// Launches that it takes part in.
    #[serde(default = "default_launches")]
    pub launches: BTreeSet<String>,
    /// Come after the launch's own arguments.
    #[serde(default)]
    pub args: Vec<Argument>,
    #[serde(default)]
    pub env: BTreeMap<String, ArgumentTemplate>,
    /// What it writes by itself, as globs over `place/path`: may go when the loader goes.
    #[serde(default)]
    pub leaves: Vec<String>,
}

fn default_launches() -> BTreeSet<String> {
    ["play", "join"].map(str::to_owned).into()
}

/// What the game's log says about mods. All are regular expressions over single lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LogPatterns {
    /// Group 1 is the name of a mod that was loaded.
    #[serde(default)]
    pub loaded: Vec<LoadedPattern>,
    /// The game is ready to be played.
    #[serde(default)]
    pub ready: Vec<String>,
    #[serde(default)]
    pub problems: Vec<ProblemPattern>,
}

/// How a log tells that a mod was loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LoadedPattern {
    /// One line says so; group 1 is the name.
    Line(String),
    /// One line names the mod, a later one says that it was loaded.
    Lines(NamedThenLoaded),
}

/// The mod that was named last was loaded when a line fits `then`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NamedThenLoaded {
    /// Group 1 is the name.
    pub named: String,
    pub then: String,
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
