//! What is found out about a package after it was listed: its row stays the one that is searched.

use muster_domain::{PackageId, Release, SourceId};
use rusqlite::{Row, params};
use serde_json::Value;

use super::{CatalogDb, write::insert_versions};
use crate::{
    Reply,
    row::{Columns as _, first, signed, to_json},
};

/// What a list leaves out of a package.
#[derive(Clone, Debug, PartialEq)]
pub struct Closer {
    pub license: Option<String>,
    /// Text form of the version that is offered first.
    pub version: String,
    /// Bytes of that version's archive.
    pub size: u64,
    pub detail: Value,
    /// Newest first.
    pub releases: Vec<Release>,
}

impl CatalogDb {
    /// Puts what was found out about a package in place of what its list said of it. What it is found by stays, so that
    /// nothing has to be indexed again. Without such a package nothing happens.
    pub fn describe_package(&self, source: &SourceId, id: &PackageId, closer: Closer) -> Reply<()> {
        let (source, id) = (source.clone(), id.clone());
        self.database.write(move |transaction| {
            let mut statement =
                transaction.prepare_cached("SELECT row FROM packages WHERE source = ?1 AND id = ?2")?;
            let row = |row: &Row<'_>| row.column::<i64>("row");
            let Some(package) = first(&mut statement, [source.as_str(), id.as_str()], row)? else {
                return Ok(());
            };
            transaction
                .prepare_cached(
                    "UPDATE packages SET license = ?2, version = ?3, size = ?4, detail_json = ?5 WHERE row = ?1",
                )?
                .execute(params![
                    package,
                    closer.license,
                    closer.version,
                    signed(closer.size),
                    to_json(&closer.detail)?
                ])?;
            transaction.prepare_cached("DELETE FROM versions WHERE package = ?1")?.execute([package])?;
            insert_versions(transaction, &source, package, &closer.releases)
        })
    }
}
