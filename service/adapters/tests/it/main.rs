//! One program of all integration tests of this crate: each file is a subject. One program instead of many, because
//! every one would hold the whole service again on disk and be linked anew.

mod ckan_index;
mod ckan_modules;
mod ckan_places;
#[path = "../../../registry/tests/it/damage.rs"]
mod damage;
mod harness;
mod modrinth;
mod mutations;
mod shapes;
mod thunderstore;
