//! Reading packages: rows for lists, everything for one page, releases for the resolver.

use std::{collections::HashMap, sync::PoisonError};

use jiff::Timestamp;
use muster_domain::{Kind, PackageId, Release, SourceId};
use rusqlite::{Row, params};
use serde::Deserialize;
use serde_json::Value;

use super::{CatalogDb, index::revision};
use crate::{
    Reply, Result,
    row::{Columns, all, first},
};

/// A package as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageRow {
    /// Number of the row; changes with every sync, never leaves the process.
    pub row: i64,
    pub source: SourceId,
    pub id: PackageId,
    pub publisher: String,
    pub name: String,
    pub title: String,
    pub summary: String,
    pub kind: Kind,
    pub license: Option<String>,
    /// The version that is offered first.
    pub version: String,
    pub channel: String,
    pub side: String,
    /// Bytes of that version's archive.
    pub size: u64,
    pub updated: Option<Timestamp>,
    pub published: Option<Timestamp>,
    pub downloads: Option<u64>,
    pub games: Vec<String>,
    pub tags: Vec<String>,
    /// Whether its registry let the publisher in.
    pub is_admitted: bool,
}

/// What rows show of a package's further fields.
#[derive(Deserialize)]
struct Further {
    #[serde(default)]
    admitted: Value,
}

/// A package as its page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct PackageDetail {
    pub package: PackageRow,
    pub detail: Value,
    /// Newest first; hints until the publisher's signature says the same.
    pub releases: Vec<Release>,
}

fn time(row: &Row<'_>, column: &'static str) -> Result<Option<Timestamp>> {
    let milliseconds: i64 = row.column(column)?;
    if milliseconds == 0 { Ok(None) } else { row.time(column).map(Some) }
}

fn read(row: &Row<'_>) -> Result<PackageRow> {
    Ok(PackageRow {
        row: row.column("row")?,
        source: row.parsed("source")?,
        id: row.parsed("id")?,
        publisher: row.column("publisher")?,
        name: row.column("name")?,
        title: row.column("title")?,
        summary: row.column("summary")?,
        kind: Kind(row.column("kind")?),
        license: row.column("license")?,
        version: row.column("version")?,
        channel: row.column("channel")?,
        side: row.column("side")?,
        size: row.unsigned("size")?,
        updated: time(row, "updated")?,
        published: time(row, "published")?,
        downloads: row.column::<Option<i64>>("downloads")?.and_then(|count| u64::try_from(count).ok()),
        games: row.json("games_json")?,
        tags: row.json("tags_json")?,
        is_admitted: row
            .json::<Option<Further>>("detail_json")?
            .is_some_and(|further| further.admitted == Value::Bool(true)),
    })
}

/// Where else a package may come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Other packages of its source that say they provide it.
    pub providers: Vec<PackageId>,
    /// Sources that have a package of its name, its own among them.
    pub sources: Vec<SourceId>,
}

impl CatalogDb {
    /// These rows, in this order. Rows that are gone by now are left out.
    pub fn rows(&self, rows: Vec<i64>) -> Reply<Vec<PackageRow>> {
        self.database.read(move |connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM packages WHERE row = ?1")?;
            let mut found = Vec::with_capacity(rows.len());
            for row in rows {
                found.extend(first(&mut statement, [row], read)?);
            }
            Ok(found)
        })
    }

    /// One package with all its versions.
    pub fn package(&self, source: &SourceId, id: &PackageId) -> Reply<Option<PackageDetail>> {
        let key = [source.to_string(), id.to_string()];
        self.database.read(move |connection| {
            let sql = "SELECT * FROM packages WHERE source = ?1 AND id = ?2";
            let head = |row: &Row<'_>| Ok((read(row)?, row.json("detail_json")?));
            let Some((package, detail)) = first(&mut connection.prepare_cached(sql)?, key, head)? else {
                return Ok(None);
            };
            let sql = "SELECT release_json FROM versions WHERE package = ?1 ORDER BY place";
            let releases =
                all(&mut connection.prepare_cached(sql)?, [package.row], |row| row.json("release_json"))?;
            Ok(Some(PackageDetail { package, detail, releases }))
        })
    }

    /// Several packages with all their versions, newest first, without what only their pages show; those that a source
    /// does not have are absent.
    pub fn heads(&self, keys: Vec<(SourceId, PackageId)>) -> Reply<Vec<(PackageRow, Vec<Release>)>> {
        self.database.read(move |connection| {
            let mut head =
                connection.prepare_cached("SELECT * FROM packages WHERE source = ?1 AND id = ?2")?;
            let mut versions = connection
                .prepare_cached("SELECT release_json FROM versions WHERE package = ?1 ORDER BY place")?;
            let mut found = Vec::with_capacity(keys.len());
            for (source, id) in keys {
                let key = [source.to_string(), id.to_string()];
                if let Some(package) = first(&mut head, key, read)? {
                    let releases = all(&mut versions, [package.row], |row| row.json("release_json"))?;
                    found.push((package, releases));
                }
            }
            Ok(found)
        })
    }

    /// All versions of several packages, newest first; packages that the source does not have are absent.
    pub fn releases(
        &self,
        source: &SourceId,
        ids: Vec<PackageId>,
    ) -> Reply<HashMap<PackageId, Vec<Release>>> {
        let source = source.to_string();
        self.database.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT release_json FROM versions
                 WHERE package = (SELECT row FROM packages WHERE source = ?1 AND id = ?2) ORDER BY place",
            )?;
            let mut found = HashMap::new();
            for id in ids {
                let releases =
                    all(&mut statement, params![source, id.as_str()], |row| row.json("release_json"))?;
                if !releases.is_empty() {
                    found.insert(id, releases);
                }
            }
            Ok(found)
        })
    }

    /// What is around packages of a source, in their order; also of those that it does not have.
    pub fn around(&self, source: &SourceId, ids: Vec<PackageId>) -> Reply<Vec<Around>> {
        let source = source.to_string();
        self.database.read(move |connection| {
            let mut providers = connection.prepare_cached(
                "SELECT packages.id AS id FROM provides JOIN packages ON packages.row = provides.package
                 WHERE provides.source = ?1 AND provides.provided = ?2 AND packages.id <> ?2 ORDER BY packages.id",
            )?;
            let mut sources =
                connection.prepare_cached("SELECT source FROM packages WHERE id = ?1 ORDER BY source")?;
            let mut around = |id: &PackageId| {
                Ok(Around {
                    providers: all(&mut providers, params![source, id.as_str()], |row| row.parsed("id"))?,
                    sources: all(&mut sources, [id.as_str()], |row| row.parsed("source"))?,
                })
            };
            ids.iter().map(&mut around).collect()
        })
    }

    /// How many packages each source has.
    pub fn counts(&self) -> Reply<HashMap<SourceId, u64>> {
        let totals = self.totals.clone();
        self.database.read(move |connection| {
            let revision = revision(connection)?;
            let mut totals = totals.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((of, counts)) = totals.as_ref()
                && *of == revision
            {
                return Ok(counts.clone());
            }
            let sql = "SELECT source, count(*) AS packages FROM packages GROUP BY source";
            let read = |row: &Row<'_>| Ok((row.parsed("source")?, row.unsigned("packages")?));
            let counts: HashMap<_, _> =
                all(&mut connection.prepare_cached(sql)?, [], read)?.into_iter().collect();
            *totals = Some((revision, counts.clone()));
            Ok(counts)
        })
    }
}
