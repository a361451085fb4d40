//! How a file is placed: whole, under its own name, in the folder for its kind.

use muster_domain::PortablePath;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, hex};

/// One file that is placed as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecipe {
    /// Name of a place of the game's definition.
    pub place: String,
    /// Path below it.
    pub path: PortablePath,
    /// What the service says of its bytes: 128 hexadecimal digits in small letters.
    pub sha512: String,
}

impl FileRecipe {
    /// The folder that Minecraft looks for files of a kind in; `None` for kinds that are not placed as one file.
    pub fn place_for(kind: &str) -> Option<&'static str> {
        match kind {
            "mod" => Some("mods"),
            "resourcepack" => Some("resource-packs"),
            "shader" => Some("shader-packs"),
            _ => None,
        }
    }

    /// For a file of this kind and name; `None` where it cannot be placed.
    pub fn new(kind: &str, name: &str, sha512: &str) -> Option<Self> {
        let is_plain = !name.contains(['/', '\\']);
        let path: PortablePath = Some(name).filter(|_| is_plain)?.parse().ok()?;
        Some(Self { place: Self::place_for(kind)?.to_owned(), path, sha512: hex::sha512(sha512)? })
    }

    /// Its text, as a lock keeps it.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the text of a recipe.
    ///
    /// # Errors
    /// [`Error::Field`] for what is none.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |why: String| Error::Field { package: "modrinth".into(), field: "recipe", why };
        let recipe: Self = serde_json::from_str(text).map_err(|error| refuse(error.to_string()))?;
        match hex::sha512(&recipe.sha512).as_deref() == Some(recipe.sha512.as_str()) {
            true => Ok(recipe),
            false => Err(refuse("no SHA-512".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_lead_elsewhere_are_not_placed() {
        let hash = "Ab".repeat(64);
        let recipe = FileRecipe::new("mod", "glow-1.0+fabric.jar", &hash).expect("a recipe");
        assert_eq!(FileRecipe::parse(&recipe.to_text()).expect("reads"), recipe);
        assert_eq!((recipe.place.as_str(), recipe.sha512), ("mods", "ab".repeat(64)));
        for name in ["", "../x.jar", "a/b.jar", "a\\b.jar", "C:x.jar", "con.jar", "x.jar ", ".."] {
            assert_eq!(FileRecipe::new("mod", name, &hash), None, "{name:?}");
        }
        assert_eq!(FileRecipe::new("modpack", "x.mrpack", &hash), None);
        assert_eq!(FileRecipe::new("mod", "x.jar", "abc"), None);
        for bad in ["", "{}", r#"{"place":"mods","path":"../x","sha512":""}"#] {
            assert!(FileRecipe::parse(bad).is_err());
        }
    }
}
