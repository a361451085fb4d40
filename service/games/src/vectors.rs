//! Test vectors beside a definition: what packages hold, and where their files must go.

use std::collections::BTreeMap;

use muster_domain::PortablePath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The test vectors of one definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Vectors {
    pub vectors: Vec<Vector>,
    #[serde(default)]
    pub saves: Vec<SavesVector>,
}

/// Files below the folder of a kind of saves, and which of them are saves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SavesVector {
    /// What this case shows.
    pub about: String,
    /// The kind, as the definition names it.
    pub of: String,
    /// Below its folder.
    pub files: Vec<PortablePath>,
    /// Those that are kept in a snapshot.
    #[serde(default)]
    pub kept: Vec<PortablePath>,
}

/// One package and what becomes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Vector {
    /// What this case shows.
    pub about: String,
    /// Name of the package.
    pub package: String,
    pub files: Vec<VectorFile>,
    /// Where each file goes: file of the package → place and path.
    #[serde(default)]
    pub placed: BTreeMap<PortablePath, VectorPlacement>,
    /// What the game calls the mods in it.
    #[serde(default)]
    pub names: Vec<String>,
    /// Code of the refusal, if it is refused.
    #[serde(default)]
    pub refused: Option<String>,
}

/// A file of the package: its path, or path and text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum VectorFile {
    Path(PortablePath),
    WithText { path: PortablePath, text: String },
}

impl VectorFile {
    pub fn path(&self) -> &PortablePath {
        match self {
            Self::Path(path) | Self::WithText { path, .. } => path,
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Path(_) => "",
            Self::WithText { text, .. } => text,
        }
    }
}

/// `place: path`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VectorPlacement {
    pub place: String,
    pub path: PortablePath,
}
