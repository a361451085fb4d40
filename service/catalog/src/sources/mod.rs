//! The kinds of sources, one module each, and what they share.

pub mod ckan;
mod contentdb;
pub mod folder;
pub mod foreign;
mod github;
mod modrinth;
pub mod registry;
mod rows;
pub mod service;
mod shelf;
pub mod thunderstore;
pub mod workshop;
