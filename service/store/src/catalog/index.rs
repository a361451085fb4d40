//! What a search index in memory is built from.

use muster_domain::{PackageId, SourceId};
use rusqlite::{Connection, Row};

use super::{CatalogDb, Words};
use crate::{
    Reply, Result,
    row::{Columns, all, first},
};

/// What a search compares of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexRow {
    pub row: i64,
    /// Bytes.
    pub size: u64,
    /// Milliseconds since 1970, 0 where unknown.
    pub updated: i64,
    /// Milliseconds since 1970, 0 where unknown.
    pub published: i64,
    pub downloads: u64,
    pub words: Words,
    /// Numbers of its facets' values.
    pub facets: Vec<u32>,
}

/// Everything that an index in memory is built from, of one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexData {
    pub revision: i64,
    /// In the order of their rows.
    pub rows: Vec<IndexRow>,
    /// Number, facet and value, in the order of facets and values.
    pub facet_values: Vec<(u32, String, String)>,
    /// Rows of different sources that offer the same archive first, with their sources.
    pub twins: Vec<Vec<(i64, SourceId)>>,
}

/// The numbers in a column of them.
pub(super) fn facet_numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks().0.iter().map(|number| u32::from_le_bytes(*number))
}

/// By the place of a column instead of its name: this runs for every package.
fn index_row(row: &Row<'_>) -> Result<IndexRow> {
    let facets = row.get_ref(10)?.as_blob().unwrap_or_default();
    Ok(IndexRow {
        row: row.get(0)?,
        size: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
        updated: row.get(2)?,
        published: row.get(3)?,
        downloads: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
        words: Words {
            title_key: row.get(5)?,
            name_key: row.get(6)?,
            name: row.get(7)?,
            tags: row.get(8)?,
            summary: row.get(9)?,
        },
        facets: facet_numbers(facets).collect(),
    })
}

impl CatalogDb {
    /// The number that raises with every change.
    pub fn revision(&self) -> Reply<i64> {
        self.database.read(revision)
    }

    /// Everything for an index in memory.
    pub fn index_data(&self) -> Reply<IndexData> {
        self.database.read(|connection| {
            let sql = "SELECT row, size, updated, published, coalesce(downloads, 0),
                              title_key, name_key, texts.name, tags, texts.summary, facets
                       FROM packages JOIN texts ON package = row ORDER BY row";
            let rows = all(&mut connection.prepare_cached(sql)?, [], index_row)?;
            let sql = "SELECT number, facet, value FROM facet_values ORDER BY facet, value";
            let read =
                |row: &Row<'_>| Ok((row.column("number")?, row.column("facet")?, row.column("value")?));
            let facet_values = all(&mut connection.prepare_cached(sql)?, [], read)?;
            let twins = twins(connection)?;
            Ok(IndexData { revision: revision(connection)?, rows, facet_values, twins })
        })
    }

    /// The rows of these packages; those that are not in the catalogue are left out.
    pub fn rows_of(&self, packages: Vec<(SourceId, PackageId)>) -> Reply<Vec<i64>> {
        self.database.read(move |connection| {
            let sql = "SELECT row FROM packages WHERE source = ?1 AND id = ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = Vec::new();
            for (source, id) in &packages {
                rows.extend(first(&mut statement, [source.as_str(), id.as_str()], |row| {
                    Ok(row.get::<_, i64>(0)?)
                })?);
            }
            Ok(rows)
        })
    }
}

/// The same archive has the same size: only packages of a size that two sources have are looked into.
fn twins(connection: &Connection) -> Result<Vec<Vec<(i64, SourceId)>>> {
    let sources: i64 =
        connection
            .query_row("SELECT count(*) FROM (SELECT DISTINCT source FROM shards)", [], |row| row.get(0))?;
    if sources < 2 {
        return Ok(Vec::new());
    }
    let sql = "SELECT packages.row, packages.source, json_extract(release_json, '$.archive.sha256') AS sha256
               FROM packages JOIN versions ON package = row AND versions.version = packages.version
               WHERE size IN (SELECT size FROM packages WHERE size > 0
                              GROUP BY size HAVING count(DISTINCT source) > 1)
               ORDER BY sha256, row";
    let rows = all(&mut connection.prepare_cached(sql)?, [], |row| {
        Ok((
            row.column::<Option<String>>("sha256")?,
            row.column::<i64>("row")?,
            row.parsed::<SourceId>("source")?,
        ))
    })?;
    let mut groups: Vec<Vec<(i64, SourceId)>> = Vec::new();
    let mut last: Option<String> = None;
    for (sha256, row, source) in rows {
        if sha256.is_none() || sha256 != last {
            groups.push(Vec::new());
        }
        last = sha256;
        if let Some(group) = groups.last_mut() {
            group.push((row, source));
        }
    }
    groups.retain(|group| group.iter().any(|(_, source)| *source != group[0].1));
    Ok(groups)
}

pub(super) fn revision(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("SELECT number FROM revision", [], |row| row.get(0))?)
}
