//! CKAN, the Comprehensive Kerbal Archive Network: its metadata (specification 1.34) and how it places files.
//!
//! [`Module::parse`] reads one `.ckan` file, or one row of a list of them with neutral names. [`place`] says where the
//! files of an archive go. Bytes, versions' order and the network are somebody else's.

mod game_version;
mod identifier;
mod license;
mod module;
mod place;
mod raw;
mod relation;
mod stanza;

pub use game_version::{GameRange, GameVersion};
pub use identifier::Identifier;
pub use license::{may_pass_on, spdx};
pub use module::{Integrity, MAX_DOCUMENT, Module, ModuleKind, Resource, Status};
pub use place::{PlacedFile, place};
pub use relation::{Bounds, Named, Relation};
pub use stanza::{Base, Finding, Selection, Stanza, Target};

/// Name of the recipes that [`Stanza::parse_list`] reads.
pub const RECIPE: &str = "ckan";
