//! What the player was asked and answered. No row means: not asked yet, and therefore no.

use jiff::Timestamp;
use rusqlite::params;

use crate::{
    Reply,
    database::Database,
    row::{Columns, all, first},
};

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// What it is about (`sharing`, `link:minetest`, `program:<name>`).
    pub subject: String,
    /// The choice, as a code.
    pub answer: String,
    /// Version of the question that was shown.
    pub wording: u32,
    pub given_at: Timestamp,
}

/// Handle on the consents.
pub struct Consents<'a>(pub(super) &'a Database);

fn read(row: &rusqlite::Row<'_>) -> crate::Result<Consent> {
    Ok(Consent {
        subject: row.column("subject")?,
        answer: row.column("answer")?,
        wording: row.column("wording")?,
        given_at: row.time("given_at")?,
    })
}

impl Consents<'_> {
    /// Every answer.
    pub fn all(&self) -> Reply<Vec<Consent>> {
        self.0.read(|connection| {
            all(&mut connection.prepare_cached("SELECT * FROM consents ORDER BY subject")?, [], read)
        })
    }

    /// The answer about `subject`.
    pub fn get(&self, subject: &str) -> Reply<Option<Consent>> {
        let subject = subject.to_owned();
        self.0.read(move |connection| {
            first(
                &mut connection.prepare_cached("SELECT * FROM consents WHERE subject = ?1")?,
                [subject],
                read,
            )
        })
    }

    /// Records an answer, replacing an earlier one.
    pub fn give(&self, consent: Consent) -> Reply<()> {
        self.0.write(move |transaction| {
            let values =
                params![consent.subject, consent.answer, consent.wording, consent.given_at.as_millisecond()];
            transaction
                .prepare_cached("INSERT OR REPLACE INTO consents (subject, answer, wording, given_at) VALUES (?1, ?2, ?3, ?4)")?
                .execute(values)?;
            Ok(())
        })
    }

    /// Forgets an answer: the question is open again.
    pub fn withdraw(&self, subject: &str) -> Reply<()> {
        let subject = subject.to_owned();
        self.0.write(move |transaction| {
            transaction.execute("DELETE FROM consents WHERE subject = ?1", [subject])?;
            Ok(())
        })
    }
}
