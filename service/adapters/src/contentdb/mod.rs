//! ContentDB, the catalogue of Luanti: its list of packages, what they need of each other, and where files go.
//!
//! Read from the service's published interface (`/api/packages/`, `/api/dependencies/`, `/api/packages/<author>/<name>/`
//! and `…/releases/`). The service gives no hash of any archive. A release is known by a number that only grows.

mod details;
mod list;
mod name;
mod place;

pub use details::{Details, ReleaseEntry, release_list, releases_shape};
pub use list::{DependencyPage, Need, Needs, Summary, list, list_shape};
pub use name::{Kind, PackageName};
pub use place::{Placed, place};

/// Name of the recipes of this service: what the package is and its name, as `mod:name`.
pub const RECIPE: &str = "contentdb";
/// Largest answer that is read, in bytes; the list of all packages has about two million.
pub const MAX_DOCUMENT: usize = 64 * 1024 * 1024;
