//! The kinds of sources, one module each.

pub mod ckan;
pub mod foreign;
pub mod registry;
pub mod thunderstore;
