//! Settings: a key and a JSON value.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;
use serde_json::Value;

use crate::{
    Reply,
    database::Database,
    row::{Columns, all, first, to_json},
};

/// Handle on the settings.
pub struct Settings<'a>(pub(super) &'a Database);

impl Settings<'_> {
    /// Every setting that differs from its default.
    pub fn all(&self) -> Reply<BTreeMap<String, Value>> {
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT key, value_json FROM settings")?;
            let rows = all(&mut statement, [], |row| Ok((row.column("key")?, row.json("value_json")?)))?;
            Ok(rows.into_iter().collect())
        })
    }

    /// The value of `key`, if one was saved.
    pub fn get(&self, key: &str) -> Reply<Option<Value>> {
        let key = key.to_owned();
        self.0.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT value_json FROM settings WHERE key = ?1")?;
            first(&mut statement, [key], |row| row.json("value_json"))
        })
    }

    /// Saves several settings at once; `None` goes back to the default. Gives the values before.
    pub fn change(
        &self,
        changes: BTreeMap<String, Option<Value>>,
        now: Timestamp,
    ) -> Reply<BTreeMap<String, Option<Value>>> {
        self.0.write(move |transaction| {
            let mut before = BTreeMap::new();
            for (key, value) in changes {
                let mut select =
                    transaction.prepare_cached("SELECT value_json FROM settings WHERE key = ?1")?;
                let old = first(&mut select, [&key], |row| row.json("value_json"))?;
                match value {
                    Some(value) => transaction
                        .prepare_cached("INSERT OR REPLACE INTO settings VALUES (?1, ?2, ?3)")?
                        .execute(params![key, to_json(&value)?, now.as_millisecond()])?,
                    None => {
                        transaction.prepare_cached("DELETE FROM settings WHERE key = ?1")?.execute([&key])?
                    }
                };
                before.insert(key, old);
            }
            Ok(before)
        })
    }

    /// Saves one setting.
    pub fn set(&self, key: &str, value: Value, now: Timestamp) -> Reply<()> {
        let key = key.to_owned();
        self.0.write(move |transaction| {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO settings VALUES (?1, ?2, ?3)")?
                .execute(params![key, to_json(&value)?, now.as_millisecond()])?;
            Ok(())
        })
    }
}
