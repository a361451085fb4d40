//! Publisher keys, pinned on the first install (`security.md` §2.2).

use jiff::Timestamp;
use muster_domain::{Publisher, Sha256, SourceId};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::key_events::{KeyEvent, KeyEventKind, record};
use crate::{
    Error, Reply, Result,
    database::Database,
    row::{Columns, all, first, to_json},
};

/// The key set that a publisher is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub source: SourceId,
    pub publisher: Publisher,
    /// Fingerprint of the key set.
    pub fingerprint: Sha256,
    /// The key set and the number of its last hand-over, as `registry::pin::Pin` writes them.
    pub keys: Value,
    /// How many of the keys must sign.
    pub threshold: u32,
    pub first_seen: Timestamp,
    /// When the key set last changed by a signed rotation or by the player's decision.
    pub changed_at: Timestamp,
    /// Another key set that the registry now shows without the old one's signature: blocks the publisher.
    pub candidate: Option<PinCandidate>,
}

/// A key set that waits for the player's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinCandidate {
    pub fingerprint: Sha256,
    pub keys: Value,
    pub threshold: u32,
    pub seen_at: Timestamp,
}

/// Handle on the pins.
pub struct Pins<'a>(pub(super) &'a Database);

fn read(row: &Row<'_>) -> Result<Pin> {
    Ok(Pin {
        source: row.parsed("source")?,
        publisher: row.parsed("publisher")?,
        fingerprint: row.hash("fingerprint")?,
        keys: row.json("keys_json")?,
        threshold: row.column("threshold")?,
        first_seen: row.time("first_seen")?,
        changed_at: row.time("changed_at")?,
        candidate: row.maybe_json("candidate_json")?,
    })
}

impl Pins<'_> {
    /// Every pin.
    pub fn all(&self) -> Reply<Vec<Pin>> {
        self.0.read(|connection| {
            all(&mut connection.prepare_cached("SELECT * FROM pins ORDER BY source, publisher")?, [], read)
        })
    }

    /// The pin of one publisher.
    pub fn get(&self, source: &SourceId, publisher: &Publisher) -> Reply<Option<Pin>> {
        let key = [source.to_string(), publisher.to_string()];
        self.0.read(move |connection| {
            let sql = "SELECT * FROM pins WHERE source = ?1 AND publisher = ?2";
            first(&mut connection.prepare_cached(sql)?, key, read)
        })
    }

    /// Pins a publisher for the first time. One that is pinned already keeps its keys and gives `store-conflict`.
    pub fn pin(&self, pin: Pin) -> Reply<()> {
        self.0.write(move |transaction| {
            transaction.execute(
                "INSERT INTO pins (source, publisher, fingerprint, keys_json, threshold, first_seen, changed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    pin.source.as_str(),
                    pin.publisher.as_str(),
                    pin.fingerprint.as_bytes(),
                    to_json(&pin.keys)?,
                    pin.threshold,
                    pin.first_seen.as_millisecond(),
                    pin.changed_at.as_millisecond()
                ],
            )?;
            let (fingerprint, at) = (pin.fingerprint, pin.first_seen);
            let event = KeyEvent { at, kind: KeyEventKind::Pinned, fingerprint, keys: pin.keys };
            record(transaction, [pin.source.as_str(), pin.publisher.as_str()], &event)
        })
    }

    /// Replaces the keys: a rotation signed by the old ones, or the player's decision; `how` says which. Clears the
    /// candidate.
    pub fn rotate(
        &self,
        source: &SourceId,
        publisher: &Publisher,
        new: PinCandidate,
        how: KeyEventKind,
    ) -> Reply<()> {
        let key = [source.to_string(), publisher.to_string()];
        self.0.write(move |transaction| {
            let rows = transaction.execute(
                "UPDATE pins SET fingerprint = ?3, keys_json = ?4, threshold = ?5, changed_at = ?6,
                   candidate_json = NULL
                 WHERE source = ?1 AND publisher = ?2",
                params![
                    key[0],
                    key[1],
                    new.fingerprint.as_bytes(),
                    to_json(&new.keys)?,
                    new.threshold,
                    new.seen_at.as_millisecond()
                ],
            )?;
            if rows == 0 {
                return Err(Error::missing("pin"));
            }
            let event = KeyEvent { at: new.seen_at, kind: how, fingerprint: new.fingerprint, keys: new.keys };
            record(transaction, [&key[0], &key[1]], &event)
        })
    }

    /// Sets the key set that blocks the publisher, or clears it with `None`.
    pub fn block(
        &self,
        source: &SourceId,
        publisher: &Publisher,
        candidate: Option<PinCandidate>,
    ) -> Reply<()> {
        let key = [source.to_string(), publisher.to_string()];
        self.0.write(move |transaction| {
            let sql = "SELECT candidate_json FROM pins WHERE source = ?1 AND publisher = ?2";
            let before = first(&mut transaction.prepare_cached(sql)?, key.clone(), |row| {
                row.maybe_json::<PinCandidate>("candidate_json")
            })?;
            let rows = transaction.execute(
                "UPDATE pins SET candidate_json = ?3 WHERE source = ?1 AND publisher = ?2",
                params![key[0], key[1], candidate.as_ref().map(to_json).transpose()?],
            )?;
            if rows == 0 {
                return Err(Error::missing("pin"));
            }
            // The same keys are shown at every look; they are new once.
            let known = before.flatten().map(|before| before.fingerprint);
            match candidate.filter(|shown| known != Some(shown.fingerprint)) {
                Some(PinCandidate { fingerprint, keys, seen_at, .. }) => {
                    let event = KeyEvent { at: seen_at, kind: KeyEventKind::Shown, fingerprint, keys };
                    record(transaction, [&key[0], &key[1]], &event)
                }
                None => Ok(()),
            }
        })
    }

    /// Remembers keys that their owner withdrew, in the text form of `registry`. What is known already stays.
    pub fn revoke(&self, source: &SourceId, keys: Vec<String>, now: Timestamp) -> Reply<()> {
        let source = source.to_string();
        self.0.write(move |transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT OR IGNORE INTO revoked_keys (key, source, seen_at) VALUES (?1, ?2, ?3)",
            )?;
            for key in &keys {
                statement.execute(params![key, source, now.as_millisecond()])?;
            }
            Ok(())
        })
    }

    /// Every key that was ever withdrawn, in any source.
    pub fn revoked(&self) -> Reply<Vec<String>> {
        self.0.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT key FROM revoked_keys ORDER BY key")?;
            all(&mut statement, [], |row| row.column("key"))
        })
    }
}
