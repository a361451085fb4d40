//! Text files that are made from lists of placed files: load orders, and what a trial of the game needs.

use std::collections::BTreeMap;

use muster_domain::PortablePath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A file in which the game reads its load order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OrderFile {
    pub place: String,
    pub path: PortablePath,
    pub parts: Vec<TextPart>,
}

/// What a proof makes for itself in its own folder, so that it needs nothing of the player's but the places.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Trial {
    /// Files below `{home}`.
    #[serde(default)]
    pub files: BTreeMap<PortablePath, Vec<TextPart>>,
    /// Seconds that the game goes on after it is ready, for what scripts say later; at most 30.
    #[serde(default)]
    pub settle: u32,
}

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TextPart {
    /// As it is.
    Text(String),
    /// Bytes as hexadecimal digits; spaces and line ends do not matter.
    Hex(String),
    /// One line for every file of a list, in load order.
    List(ListLines),
    /// One line for every name that the game knows in a place, sorted.
    Names(NameLines),
}

/// Lines for the files of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ListLines {
    /// Name of the list.
    pub of: String,
    /// With `{path}` (below the place), `{name}` (of the file) or `{stem}` (without its ending).
    pub line: String,
    /// Between lines.
    #[serde(default = "line_end")]
    pub separator: String,
    #[serde(default)]
    pub escape: Escape,
}

/// Lines for the names in a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NameLines {
    /// The place.
    pub of: String,
    /// With `{name}`.
    pub line: String,
    /// Between lines.
    #[serde(default = "line_end")]
    pub separator: String,
    #[serde(default)]
    pub escape: Escape,
}

fn line_end() -> String {
    "\n".to_owned()
}

/// How a value is written so that the file's reader takes it for one value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Escape {
    /// As it is; a value that holds quotes, backslashes or control characters is refused.
    #[default]
    Refuse,
    /// Inside a JSON string.
    Json,
    /// Inside XML text or an attribute.
    Xml,
}
