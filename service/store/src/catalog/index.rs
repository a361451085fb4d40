//! What a search needs: the columns for an index in memory, and the rows that contain a word.

use muster_domain::{PackageId, SourceId};
use rusqlite::{CachedStatement, Connection, Row};

use super::CatalogDb;
use crate::{
    Reply, Result,
    row::{Columns, all, first},
};

/// A package's sortable columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexRow {
    pub row: i64,
    /// Bytes.
    pub size: u64,
    /// Milliseconds since 1970, 0 where unknown.
    pub updated: i64,
    /// Milliseconds since 1970, 0 where unknown.
    pub published: i64,
    pub downloads: u64,
}

/// Everything that an index in memory is built from, of one revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexData {
    pub revision: i64,
    /// In the order of their titles.
    pub rows: Vec<IndexRow>,
    /// Number, facet and value.
    pub facet_values: Vec<(i64, String, String)>,
    /// Row and number of the facet's value.
    pub facets: Vec<(i64, i64)>,
    /// Rows of different sources that offer the same archive first, with their sources.
    pub twins: Vec<Vec<(i64, SourceId)>>,
}

/// Where a word was found: rows in ascending order, one list per kind of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordMatches {
    pub name: Vec<i64>,
    pub tags: Vec<i64>,
    pub summary: Vec<i64>,
}

impl WordMatches {
    /// Whether the word was found nowhere.
    pub fn is_empty(&self) -> bool {
        self.name.is_empty() && self.tags.is_empty() && self.summary.is_empty()
    }
}

/// A row's number alone, without going through its column name: this runs for every match.
fn number(row: &Row<'_>) -> Result<i64> {
    Ok(row.get(0)?)
}

impl CatalogDb {
    /// The number that raises with every change.
    pub fn revision(&self) -> Reply<i64> {
        self.database.read(revision)
    }

    /// The columns for an index in memory.
    pub fn index_data(&self) -> Reply<IndexData> {
        self.database.read(|connection| {
            let sql = "SELECT row, size, updated, published, coalesce(downloads, 0) FROM packages
                       ORDER BY title_key, name_key, row";
            let rows = all(&mut connection.prepare_cached(sql)?, [], |row| {
                Ok(IndexRow {
                    row: row.get(0)?,
                    size: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                    updated: row.get(2)?,
                    published: row.get(3)?,
                    downloads: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
                })
            })?;
            let sql = "SELECT number, facet, value FROM facet_values ORDER BY facet, value";
            let read =
                |row: &Row<'_>| Ok((row.column("number")?, row.column("facet")?, row.column("value")?));
            let facet_values = all(&mut connection.prepare_cached(sql)?, [], read)?;
            let sql = "SELECT package, value FROM package_facets";
            let facets = all(&mut connection.prepare_cached(sql)?, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let twins = twins(connection)?;
            Ok(IndexData { revision: revision(connection)?, rows, facet_values, facets, twins })
        })
    }

    /// For each folded word, the rows with a word that begins with it.
    pub fn word_matches(&self, words: Vec<String>) -> Reply<Vec<WordMatches>> {
        self.database.read(move |connection| {
            let mut statement = connection.prepare_cached("SELECT rowid FROM texts WHERE texts MATCH ?1")?;
            words.iter().map(|word| matches(&mut statement, word)).collect()
        })
    }

    /// Rows whose folded title or name begins with this text.
    pub fn titles_from(&self, text: &str) -> Reply<Vec<i64>> {
        // Folded text has letters, digits and spaces only: this sorts after every continuation.
        let range = [text.to_owned(), format!("{text}\u{10ffff}")];
        self.database.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT row FROM packages WHERE title_key >= ?1 AND title_key < ?2
                 UNION SELECT row FROM packages WHERE name_key >= ?1 AND name_key < ?2",
            )?;
            all(&mut statement, range, number)
        })
    }

    /// The rows of these packages; those that are not in the catalogue are left out.
    pub fn rows_of(&self, packages: Vec<(SourceId, PackageId)>) -> Reply<Vec<i64>> {
        self.database.read(move |connection| {
            let sql = "SELECT row FROM packages WHERE source = ?1 AND id = ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = Vec::new();
            for (source, id) in &packages {
                rows.extend(first(&mut statement, [source.as_str(), id.as_str()], number)?);
            }
            Ok(rows)
        })
    }

    /// Known words that share trigrams with this one, best first, at most `limit`.
    pub fn similar_words(&self, word: &str, limit: u32) -> Reply<Vec<String>> {
        let letters: Vec<char> = format!("^{word}$").chars().filter(|c| *c != '"').collect();
        let trigrams: Vec<String> =
            letters.windows(3).map(|letters| format!("\"{}\"", letters.iter().collect::<String>())).collect();
        self.database.read(move |connection| {
            if trigrams.is_empty() {
                return Ok(Vec::new());
            }
            let mut statement = connection.prepare_cached(
                "SELECT word FROM vocabulary WHERE vocabulary MATCH ?1 ORDER BY rank LIMIT ?2",
            )?;
            let values = rusqlite::params![trigrams.join(" OR "), limit];
            let words = all(&mut statement, values, |row| Ok(row.get::<_, String>(0)?))?;
            Ok(words.into_iter().map(|word| word.trim_matches(['^', '$']).to_owned()).collect())
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

fn revision(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("SELECT number FROM revision", [], |row| row.get(0))?)
}

fn matches(statement: &mut CachedStatement<'_>, word: &str) -> Result<WordMatches> {
    // What would end the string of the query language, or make two words of one; folded words have none of it.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
    if word.is_empty() || !word.chars().all(is_plain) {
        return Ok(WordMatches::default());
    }
    let mut rows = |column: &str| all(statement, [format!("{column} : \"{word}\" *")], number);
    Ok(WordMatches { name: rows("name")?, tags: rows("tags")?, summary: rows("summary")? })
}
