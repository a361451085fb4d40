//! The kinds of sources, one module each.

pub mod ckan;
pub mod registry;
