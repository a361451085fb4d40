//! Modrinth, API v2: projects as searches list them, and their versions.
//!
//! The service gives SHA-512 and SHA-1 of every file. Files are placed as they are, whole, in the folder that Minecraft
//! looks for their kind in. Packs name files of it, and of others, by their hashes ([`Pack`]).

mod pack;
mod project;
mod recipe;
mod version;

pub use pack::{MAX_PACK_INDEX, OVERRIDES, PACK_INDEX, Pack, PackFile, files_found, is_pack_host};
pub use project::{About, Project, ProjectId, SearchPage, Support};
pub use recipe::FileRecipe;
pub use version::{NeedKind, Needed, ProjectVersion, Ripeness, VersionFile, version_list, versions_shape};

use crate::{Error, Result};

/// Name of the recipes of this service: see [`FileRecipe`].
pub const RECIPE: &str = "modrinth";
/// Largest answer that is read, in bytes; the versions of the largest project have about a million.
pub const MAX_DOCUMENT: usize = 64 * 1024 * 1024;

/// An answer as a value of this type.
fn json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if bytes.len() > MAX_DOCUMENT {
        return Err(Error::TooLarge { limit: MAX_DOCUMENT });
    }
    serde_json::from_slice(bytes)
        .map_err(|error| Error::Syntax { why: muster_domain::clean_line(&error.to_string(), 200) })
}
