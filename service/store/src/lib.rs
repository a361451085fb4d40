//! The two SQLite files of the service: open, migrate, back up, one typed module per area.
//!
//! `state.db` ([`StateDb`]) is precious: written with full synchronisation, copied before every migration, refused
//! when it comes from a newer program. `catalog.db` ([`CatalogDb`]) can be rebuilt from the sources: when it is damaged
//! or has another version it is thrown away.
//!
//! Invariants: SQL is written here and nowhere else. Each file has one writer thread; a write is one transaction and
//! is durable (state) or consistent (catalog) when its [`Reply`] is ready. Reads see the last finished write.

pub mod catalog;
mod database;
mod error;
pub mod foreign;
mod reply;
mod row;
pub mod state;

pub use catalog::CatalogDb;
pub use error::{Error, Result};
pub use reply::Reply;
pub use state::StateDb;
