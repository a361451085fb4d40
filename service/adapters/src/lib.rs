//! What other services say about packages, read into types of ours. Pure: bytes in, values or a typed error out.
//!
//! One module per service. A model is tolerant to additions (fields that it does not know are passed over) and strict
//! where a mistake could harm: names, hashes, addresses, and everything that says where a file goes.

pub mod ckan;
pub mod contentdb;
mod error;
pub mod github;
mod hex;
mod lenient;
pub mod modrinth;
mod shape;
pub mod thunderstore;
mod web;
pub mod workshop;

pub use error::{CODES, Error, Result};
pub use shape::{Field, Finding, Shape};
