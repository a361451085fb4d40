//! When a version was first seen, and with which bytes: a version never changes them (`security.md` T-39).

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_domain::{PackageId, Sha256, SourceId, Version};

use rusqlite::params;

use crate::{
    Reply,
    database::Database,
    row::{Columns, all, first},
};

/// What is known about a version after it was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// Never seen before; it is recorded now.
    New,
    /// Seen before with the same bytes.
    Same { since: Timestamp },
    /// Seen before with other bytes. The first ones stay recorded; the new ones must not be used.
    Altered { first: Sha256, since: Timestamp },
}

/// Handle on the first sightings.
pub struct FirstSeen<'a>(pub(super) &'a Database);

/// One version of one package.
fn key(source: &SourceId, package: &PackageId, version: &Version) -> [String; 3] {
    [source.to_string(), package.to_string(), version.to_string()]
}

const SELECT: &str =
    "SELECT sha256, seen_at FROM first_seen WHERE source = ?1 AND package = ?2 AND version = ?3";

impl FirstSeen<'_> {
    /// Records the version if it is new, and compares its bytes with the first ones otherwise.
    pub fn observe(
        &self,
        (source, package, version): (&SourceId, &PackageId, &Version),
        sha256: Sha256,
        now: Timestamp,
    ) -> Reply<Sighting> {
        let key = key(source, package, version);
        self.0.write(move |transaction| {
            let read = |row: &rusqlite::Row<'_>| Ok((row.hash("sha256")?, row.time("seen_at")?));
            match first(&mut transaction.prepare_cached(SELECT)?, key.clone(), read)? {
                Some((first, since)) if first == sha256 => Ok(Sighting::Same { since }),
                Some((first, since)) => Ok(Sighting::Altered { first, since }),
                None => {
                    transaction
                        .prepare_cached("INSERT INTO first_seen VALUES (?1, ?2, ?3, ?4, ?5)")?
                        .execute(params![key[0], key[1], key[2], sha256.as_bytes(), now.as_millisecond()])?;
                    Ok(Sighting::New)
                }
            }
        })
    }

    /// The first bytes of every version of a package that was seen, by the text form of the version.
    pub fn of_package(&self, source: &SourceId, package: &PackageId) -> Reply<BTreeMap<String, Sha256>> {
        let key = [source.to_string(), package.to_string()];
        self.0.read(move |connection| {
            let sql = "SELECT version, sha256 FROM first_seen WHERE source = ?1 AND package = ?2";
            let rows = all(&mut connection.prepare_cached(sql)?, key.clone(), |row| {
                Ok((row.column("version")?, row.hash("sha256")?))
            })?;
            Ok(rows.into_iter().collect())
        })
    }

    /// When the version was first seen.
    pub fn get(
        &self,
        source: &SourceId,
        package: &PackageId,
        version: &Version,
    ) -> Reply<Option<(Timestamp, Sha256)>> {
        let key = key(source, package, version);
        self.0.read(move |connection| {
            let read = |row: &rusqlite::Row<'_>| Ok((row.time("seen_at")?, row.hash("sha256")?));
            first(&mut connection.prepare_cached(SELECT)?, key.clone(), read)
        })
    }
}
