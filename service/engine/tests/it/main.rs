//! One program of all integration tests of this crate: each file is a subject. One program instead of many, because
//! every one would hold the whole service again on disk and be linked anew.

mod adopt;
mod adopt_profiles;
mod browse;
mod changes;
mod ckan;
mod features;
mod foreign;
mod keeping;
mod leaves;
mod lobby;
mod looking;
mod manners;
mod model;
mod modrinth;
mod overlay;
mod profiles;
mod saves;
mod stores;
mod support;
mod thunderstore;
mod updates;
mod upkeep;
mod versions;
mod watching;
