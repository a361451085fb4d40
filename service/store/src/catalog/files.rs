//! Small signed files (icons, manifests, block lists) by their immutable names, so that nothing is fetched twice.
//! Never trusted: verified at each use.

use jiff::Timestamp;
use muster_domain::SourceId;
use rusqlite::params;

use super::CatalogDb;
use crate::{
    Reply,
    row::{Columns, first},
};

impl CatalogDb {
    /// The bytes of a file, if they are here.
    pub fn file(&self, source: &SourceId, name: &str) -> Reply<Option<Vec<u8>>> {
        let key = [source.to_string(), name.to_owned()];
        self.database.read(move |connection| {
            let sql = "SELECT bytes FROM files WHERE source = ?1 AND name = ?2";
            first(&mut connection.prepare_cached(sql)?, key, |row| row.column("bytes"))
        })
    }

    /// Keeps a file.
    pub fn put_file(&self, source: &SourceId, name: &str, bytes: Vec<u8>, now: Timestamp) -> Reply<()> {
        let key = [source.to_string(), name.to_owned()];
        self.database.write(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO files (source, name, bytes, used_at) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![key[0], key[1], bytes, now.as_millisecond()])?;
            Ok(())
        })
    }

    /// Forgets files that were put before `before`. Gives how many.
    pub fn forget_files(&self, before: Timestamp) -> Reply<usize> {
        self.database.write(move |transaction| {
            Ok(transaction.execute("DELETE FROM files WHERE used_at < ?1", [before.as_millisecond()])?)
        })
    }
}
