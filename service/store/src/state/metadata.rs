//! The newest verified metadata of each source, byte for byte: what a rollback is measured against.

use jiff::Timestamp;
use muster_domain::SourceId;
use rusqlite::params;

use crate::{
    Reply,
    database::Database,
    row::{Columns, all, first},
};

/// Handle on the verified metadata.
pub struct TrustedMetadata<'a>(pub(super) &'a Database);

impl TrustedMetadata<'_> {
    /// The stored bytes of `name` (`root.json`, `timestamp.json`, …).
    pub fn get(&self, source: &SourceId, name: &str) -> Reply<Option<Vec<u8>>> {
        let (source, name) = (source.to_string(), name.to_owned());
        self.0.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT bytes FROM metadata WHERE source = ?1 AND name = ?2")?;
            first(&mut statement, [source, name], |row| row.column("bytes"))
        })
    }

    /// Keeps all of these files under their names, replacing what was there, or none of them.
    pub fn put(&self, source: &SourceId, files: Vec<(String, Vec<u8>)>, now: Timestamp) -> Reply<()> {
        let source = source.to_string();
        self.0.write(move |transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT OR REPLACE INTO metadata (source, name, bytes, stored_at) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for (name, bytes) in &files {
                statement.execute(params![source, name, bytes, now.as_millisecond()])?;
            }
            Ok(())
        })
    }

    /// Removes one name (fast-forward recovery after a key rotation, TUF 1.0 §5.3.11).
    pub fn remove(&self, source: &SourceId, name: &str) -> Reply<()> {
        let (source, name) = (source.to_string(), name.to_owned());
        self.0.write(move |transaction| {
            transaction.execute("DELETE FROM metadata WHERE source = ?1 AND name = ?2", [source, name])?;
            Ok(())
        })
    }

    /// The names that are stored for a source.
    pub fn names(&self, source: &SourceId) -> Reply<Vec<String>> {
        let source = source.to_string();
        self.0.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT name FROM metadata WHERE source = ?1 ORDER BY name")?;
            all(&mut statement, [source], |row| row.column("name"))
        })
    }
}
