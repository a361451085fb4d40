//! Between columns and our types. Values that cannot be read are errors that name the column, never panics.

use std::str::FromStr;

use jiff::Timestamp;
use muster_domain::Sha256;
use rusqlite::{CachedStatement, Params, Row, types::FromSql};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result};

/// Typed access to the columns of a row.
pub(crate) trait Columns {
    fn column<T: FromSql>(&self, column: &'static str) -> Result<T>;

    fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T> {
        self.column::<String>(column)?.parse().map_err(|_| unreadable(column))
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_str(&self.column::<String>(column)?).map_err(|_| unreadable(column))
    }

    fn maybe_json<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>> {
        let text = self.column::<Option<String>>(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| unreadable(column))).transpose()
    }

    fn time(&self, column: &'static str) -> Result<Timestamp> {
        Timestamp::from_millisecond(self.column(column)?).map_err(|_| unreadable(column))
    }

    fn maybe_time(&self, column: &'static str) -> Result<Option<Timestamp>> {
        let milliseconds = self.column::<Option<i64>>(column)?;
        milliseconds.map(|m| Timestamp::from_millisecond(m).map_err(|_| unreadable(column))).transpose()
    }

    fn hash(&self, column: &'static str) -> Result<Sha256> {
        self.column(column).map(Sha256)
    }

    /// A count or size, stored as SQLite's signed integer.
    fn unsigned(&self, column: &'static str) -> Result<u64> {
        u64::try_from(self.column::<i64>(column)?).map_err(|_| unreadable(column))
    }
}

impl Columns for Row<'_> {
    fn column<T: FromSql>(&self, column: &'static str) -> Result<T> {
        self.get(column).map_err(|error| match error {
            rusqlite::Error::SqliteFailure(..) => Error::from(error),
            _ => unreadable(column),
        })
    }
}

fn unreadable(column: &'static str) -> Error {
    Error::Value { file: "", column }
}

/// Runs a query and reads every row.
pub(crate) fn all<T>(
    statement: &mut CachedStatement<'_>,
    parameters: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Runs a query and reads its first row, if there is one.
pub(crate) fn first<T>(
    statement: &mut CachedStatement<'_>,
    parameters: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut rows = statement.query(parameters)?;
    rows.next()?.map(read).transpose()
}

/// JSON text of a value of ours.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Other { file: "", why: e.to_string() })
}

/// SQLite integers are signed: sizes above 2^63 − 1 do not exist and are cut.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
