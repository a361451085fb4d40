//! The built search index, kept for the next start. Opaque here: what it is and whether it is whole, its reader knows.

use rusqlite::params;

use super::{CatalogDb, index::revision};
use crate::{Reply, row::first};

impl CatalogDb {
    /// What was kept, if it is of the catalogue as it is now.
    pub fn search_image(&self) -> Reply<Option<Vec<u8>>> {
        self.database.read(|connection| {
            let sql = "SELECT bytes FROM search_image JOIN revision ON revision = number";
            first(&mut connection.prepare_cached(sql)?, [], |row| Ok(row.get(0)?))
        })
    }

    /// Keeps the index of a revision instead of the one before. Nothing is done if the catalogue has changed since.
    pub fn put_search_image(&self, of: i64, bytes: Vec<u8>) -> Reply<()> {
        self.database.write(move |transaction| {
            if revision(transaction)? == of {
                let sql = "INSERT OR REPLACE INTO search_image (only, revision, bytes) VALUES (1, ?1, ?2)";
                transaction.prepare_cached(sql)?.execute(params![of, bytes])?;
            }
            Ok(())
        })
    }
}
