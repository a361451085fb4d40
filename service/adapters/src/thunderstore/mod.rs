//! Thunderstore: the lists of packages of its communities (API v1), and which packages are mod loaders.
//!
//! [`elements`] splits a list without reading it, so that one bad package costs itself only; [`Package::parse`] reads one.
//! The service gives no hash of any archive. Where files go is the game's definition's business, but for mod loaders,
//! whose archives hold a copy of the game's folder ([`loader_folder`]). Profiles that players of r2modman and Gale hand
//! on name its packages ([`Export`]).

mod export;
mod list;
mod loader;
mod name;
mod package;

pub use export::{EXPORT, Export, ExportedMod, MAX_EXPORT, ProfileCode, unwrap_profile};
pub use list::{MAX_PIECES, elements, pieces};
pub use loader::loader_folder;
pub use name::{FullName, Needed};
pub use package::{MAX_DOCUMENT, Package, PackageVersion};

/// Name of the recipes of this service: the folder of the archive whose content belongs into the game's own folder, or
/// nothing where the rules of the game's definition apply.
pub const RECIPE: &str = "thunderstore";
/// Stands in a recipe for the archive itself, where no folder in it is the copy.
pub const WHOLE_ARCHIVE: &str = ".";
/// Files at the top of every archive of this service; they are about the package.
pub const ABOUT: [&str; 4] = ["manifest.json", "icon.png", "README.md", "CHANGELOG.md"];
