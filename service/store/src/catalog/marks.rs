//! Counts of downloads at moments before now.

use jiff::Timestamp;
use muster_domain::{PackageId, SourceId};
use rusqlite::{Row, params};

use super::CatalogDb;
use crate::{
    Reply, Result,
    row::{Columns as _, all, first},
};

/// How often a package was downloaded, now and at a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub id: PackageId,
    pub now: u64,
    /// Absent where the source did not count it then.
    pub before: Option<u64>,
    pub published: Option<Timestamp>,
}

impl CatalogDb {
    /// When the counts of a source were kept, oldest first.
    pub fn download_marks(&self, source: &SourceId) -> Reply<Vec<Timestamp>> {
        let source = source.to_string();
        self.database.read(move |connection| {
            // One step of the index for each mark, instead of every count of it.
            let mut next = connection
                .prepare_cached("SELECT min(at) AS at FROM download_marks WHERE source = ?1 AND at > ?2")?;
            let mut marks = Vec::new();
            let mut last = i64::MIN;
            while let Some(at) =
                first(&mut next, params![source, last], |row| row.maybe_time("at"))?.flatten()
            {
                last = at.as_millisecond();
                marks.push(at);
            }
            Ok(marks)
        })
    }

    /// Keeps the counts of a source as they are now under `take`, where there is one, and lets go of those of `forget`.
    pub fn mark_downloads(
        &self,
        source: &SourceId,
        take: Option<Timestamp>,
        forget: Vec<Timestamp>,
    ) -> Reply<()> {
        let source = source.to_string();
        self.database.write(move |transaction| {
            let mut old =
                transaction.prepare_cached("DELETE FROM download_marks WHERE source = ?1 AND at = ?2")?;
            for at in forget {
                old.execute(params![source, at.as_millisecond()])?;
            }
            if let Some(at) = take {
                transaction
                    .prepare_cached(
                        "INSERT OR REPLACE INTO download_marks (source, at, id, downloads)
                         SELECT source, ?2, id, downloads FROM packages
                         WHERE source = ?1 AND downloads IS NOT NULL",
                    )?
                    .execute(params![source, at.as_millisecond()])?;
            }
            Ok(())
        })
    }

    /// When the counts of a source were last put in.
    pub fn counted_at(&self, source: &SourceId) -> Reply<Option<Timestamp>> {
        let source = source.to_string();
        self.database.read(move |connection| {
            let sql = "SELECT max(loaded_at) AS at FROM shards WHERE source = ?1";
            Ok(first(&mut connection.prepare_cached(sql)?, [source], |row| row.maybe_time("at"))?.flatten())
        })
    }

    /// The packages of a source whose counts are higher than at a mark, or were not counted then.
    pub fn grown_since(&self, source: &SourceId, mark: Timestamp) -> Reply<Vec<Counted>> {
        let source = source.to_string();
        self.database.read(move |connection| {
            let sql =
                "SELECT packages.id AS id, packages.downloads AS now, marks.downloads AS before, published
                       FROM packages LEFT JOIN download_marks AS marks
                         ON marks.source = packages.source AND marks.at = ?2 AND marks.id = packages.id
                       WHERE packages.source = ?1 AND packages.downloads > coalesce(marks.downloads, 0)";
            all(&mut connection.prepare_cached(sql)?, params![source, mark.as_millisecond()], counted)
        })
    }
}

fn counted(row: &Row<'_>) -> Result<Counted> {
    let before = row.column::<Option<i64>>("before")?;
    Ok(Counted {
        id: row.parsed("id")?,
        now: row.unsigned("now")?,
        before: before.map(|count| u64::try_from(count).unwrap_or(0)),
        published: Some(row.time("published")?).filter(|time| time.as_millisecond() != 0),
    })
}
