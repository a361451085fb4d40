//! What happened to publishers' keys, as this machine saw it. Written with what changes a pin, never by itself.

use jiff::Timestamp;
use muster_domain::{Publisher, Sha256, SourceId};
use rusqlite::{Row, Transaction, params};
use serde_json::Value;

use super::Pins;
use crate::{
    Reply, Result,
    row::{Columns, all, to_json},
};

/// How keys came to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEventKind {
    /// The first keys of a publisher that were accepted here.
    Pinned,
    /// The keys before handed over to them.
    HandedOver,
    /// The player accepted them without a hand-over.
    Decided,
    /// They came before such things were written down.
    Changed,
    /// The source showed them without a hand-over; they were not accepted.
    Shown,
}

impl KeyEventKind {
    const ALL: [Self; 5] = [Self::Pinned, Self::HandedOver, Self::Decided, Self::Changed, Self::Shown];

    /// Stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::HandedOver => "handed-over",
            Self::Decided => "decided",
            Self::Changed => "changed",
            Self::Shown => "shown",
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyEvent {
    pub at: Timestamp,
    pub kind: KeyEventKind,
    /// Fingerprint of the key set.
    pub fingerprint: Sha256,
    /// As in a pin.
    pub keys: Value,
}

fn read(row: &Row<'_>) -> Result<KeyEvent> {
    let kind: String = row.column("kind")?;
    let known = KeyEventKind::ALL.into_iter().find(|known| known.as_str() == kind);
    Ok(KeyEvent {
        at: row.time("at")?,
        kind: known.unwrap_or(KeyEventKind::Changed),
        fingerprint: row.hash("fingerprint")?,
        keys: row.json("keys_json")?,
    })
}

/// Writes an event down, in the transaction of what it is about.
pub(super) fn record(
    transaction: &Transaction<'_>,
    [source, publisher]: [&str; 2],
    event: &KeyEvent,
) -> Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO key_events (source, publisher, at, kind, fingerprint, keys_json)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            source,
            publisher,
            event.at.as_millisecond(),
            event.kind.as_str(),
            event.fingerprint.as_bytes(),
            to_json(&event.keys)?
        ])?;
    Ok(())
}

impl Pins<'_> {
    /// What happened to the keys of one publisher, oldest first.
    pub fn events(&self, source: &SourceId, publisher: &Publisher) -> Reply<Vec<KeyEvent>> {
        let key = [source.to_string(), publisher.to_string()];
        self.0.read(move |connection| {
            let sql = "SELECT * FROM key_events WHERE source = ?1 AND publisher = ?2 ORDER BY number";
            all(&mut connection.prepare_cached(sql)?, key, read)
        })
    }

    /// Every key that was ever withdrawn, in any source, with when this machine learned of it.
    pub fn withdrawn(&self) -> Reply<Vec<(String, Timestamp)>> {
        self.0.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT key, seen_at FROM revoked_keys ORDER BY key")?;
            all(&mut statement, [], |row| Ok((row.column("key")?, row.time("seen_at")?)))
        })
    }
}
