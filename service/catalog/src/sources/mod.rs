//! The kinds of sources, one module each.

pub mod registry;
