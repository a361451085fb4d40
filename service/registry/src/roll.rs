//! What guests of a lobby say of themselves, and what its host says of them (`docs/formats/ticket.md`). Pure.
//!
//! A guest signs with a key that it made for this lobby, the host with the lobby's own, which its ticket names. Both say
//! how far somebody is, for people to look at; nothing is decided by it.

use jiff::Timestamp;
use muster_domain::{Sha256, clean_line};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Error, PublicKey, Result, SigningKey,
    envelope::{Envelope, sign_envelope},
};

/// The documents' types in their envelopes, and the only format there is.
const NOTE: &str = "muster-lobby-note";
const ROLL: &str = "muster-lobby-roll";
const FORMAT: u32 = 1;
/// Longest document, in bytes: a note, and a roll of all guests that there may be.
const LONGEST_NOTE: usize = 2 * 1024;
const LONGEST_ROLL: usize = 32 * 1024;
/// Longest name that a guest gives itself, in characters.
pub const MAX_GUEST_NAME: usize = 24;
/// Most guests that a host speaks of.
pub const MAX_GUESTS: usize = 32;
/// Most bytes that anybody brings: 1 TiB.
const MOST_BYTES: u64 = 1 << 40;

/// How far a guest says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuestStep {
    /// It has agreed; what has to be brought is found out.
    Joining,
    /// Its mods arrive.
    Bringing,
    /// They take the place of its own ones.
    Placing,
    /// They are in the game.
    Ready,
    Playing,
    Left,
}

/// What a guest says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestNote {
    /// The ticket's digest: a note for one lobby says nothing in another.
    pub lobby: Sha256,
    /// Made for this lobby; signs.
    pub guest: PublicKey,
    /// Counts up with every note of this guest.
    pub number: u64,
    /// For people; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub step: GuestStep,
    /// Bytes that are here, of those that the lobby's mods have; zero while it is not known.
    #[serde(default)]
    pub done: u64,
    #[serde(default)]
    pub total: u64,
}

/// One guest, as the host speaks of it. Neither its key nor its address is told to the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollEntry {
    /// Tells guests apart that give no name, or the same; counted from 1.
    pub seat: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub step: GuestStep,
    #[serde(default)]
    pub done: u64,
    #[serde(default)]
    pub total: u64,
    /// When the host heard of it first, and last.
    pub since: Timestamp,
    pub heard: Timestamp,
    /// It has not been heard of for longer than guests are silent.
    #[serde(default)]
    pub silent: bool,
}

/// What the host says of all guests, in answer to one note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    pub lobby: Sha256,
    /// Whose note this answers, and which one.
    pub to: PublicKey,
    pub number: u64,
    /// The seat of that guest.
    pub you: u32,
    #[serde(default)]
    pub guests: Vec<RollEntry>,
}

impl GuestNote {
    /// The document with the guest's signature.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what readers would refuse.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>> {
        self.check()?;
        signed(NOTE, self, key)
    }

    /// Reads a note that its guest signed.
    ///
    /// # Errors
    /// [`Error::Envelope`], [`Error::Signature`].
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let (mut note, envelope): (Self, _) = opened(NOTE, bytes, LONGEST_NOTE)?;
        note.name = clean_line(&note.name, MAX_GUEST_NAME);
        note.check()?;
        by(NOTE, &envelope, &note.guest).map(|()| note)
    }

    fn check(&self) -> Result<()> {
        check_bytes(NOTE, self.done, self.total)
    }
}

impl Roll {
    /// The document with the signature of the lobby's key.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what readers would refuse.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>> {
        self.check()?;
        signed(ROLL, self, key)
    }

    /// Reads what the host of a lobby answered to a note.
    ///
    /// # Errors
    /// [`Error::Envelope`] for what answers another note, [`Error::Signature`].
    pub fn read(bytes: &[u8], host: &PublicKey, note: &GuestNote) -> Result<Self> {
        let (mut roll, envelope): (Self, _) = opened(ROLL, bytes, LONGEST_ROLL)?;
        by(ROLL, &envelope, host)?;
        for guest in &mut roll.guests {
            guest.name = clean_line(&guest.name, MAX_GUEST_NAME);
        }
        roll.check()?;
        match roll.lobby == note.lobby && roll.to == note.guest && roll.number == note.number {
            true => Ok(roll),
            false => Err(refuse(ROLL, "it answers another note")),
        }
    }

    fn check(&self) -> Result<()> {
        if self.guests.len() > MAX_GUESTS {
            return Err(refuse(ROLL, "it has too many guests"));
        }
        self.guests.iter().try_for_each(|guest| check_bytes(ROLL, guest.done, guest.total))
    }
}

fn check_bytes(kind: &'static str, done: u64, total: u64) -> Result<()> {
    match done <= total && total <= MOST_BYTES {
        true => Ok(()),
        false => Err(refuse(kind, "its bytes do not fit together")),
    }
}

fn signed(kind: &'static str, document: &impl Serialize, key: &SigningKey) -> Result<Vec<u8>> {
    let body = serde_json::to_value(document).map_err(|error| refuse(kind, error.to_string()))?;
    let Value::Object(body) = body else { return Err(refuse(kind, "it is no object")) };
    sign_envelope(kind, FORMAT, body, &[key])
}

fn opened<T: DeserializeOwned>(kind: &'static str, bytes: &[u8], longest: usize) -> Result<(T, Envelope)> {
    if bytes.len() > longest {
        return Err(refuse(kind, "it is too long"));
    }
    let envelope = Envelope::open(bytes, kind, FORMAT, longest)?;
    let body = Value::Object(envelope.signed.clone());
    let document = serde_json::from_value(body).map_err(|error| refuse(kind, error.to_string()))?;
    Ok((document, envelope))
}

fn by(kind: &'static str, envelope: &Envelope, key: &PublicKey) -> Result<()> {
    match envelope.is_signed_by(key) {
        true => Ok(()),
        false => Err(Error::Signature { role: kind.into(), why: "its own key did not sign it".to_owned() }),
    }
}

fn refuse(kind: &'static str, why: impl Into<String>) -> Error {
    Error::Envelope { expected: kind.into(), why: why.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed([seed; 32])
    }

    fn note() -> GuestNote {
        GuestNote {
            lobby: Sha256([3; 32]),
            guest: key(1).public(),
            number: 7,
            name: "Ada".into(),
            step: GuestStep::Bringing,
            done: 10,
            total: 48,
        }
    }

    fn roll(guests: usize) -> Roll {
        let entry = |seat| RollEntry {
            seat,
            // As long in bytes as a name can be.
            name: "\u{1F600}".repeat(MAX_GUEST_NAME),
            step: GuestStep::Bringing,
            done: MOST_BYTES,
            total: MOST_BYTES,
            since: Timestamp::UNIX_EPOCH,
            heard: Timestamp::UNIX_EPOCH,
            silent: true,
        };
        let guests = (0..guests as u32).map(entry).collect();
        Roll { lobby: note().lobby, to: note().guest, number: 7, you: 1, guests }
    }

    #[test]
    fn a_note_says_what_its_guest_wrote_with_a_name_that_can_be_shown() {
        let read = GuestNote::read(&note().sign(&key(1)).expect("signs")).expect("reads");
        assert_eq!(read, note());
        let long = GuestNote { name: format!("\u{202e}A\nd{}", "a".repeat(90)), ..note() };
        let read = GuestNote::read(&long.sign(&key(1)).expect("signs")).expect("reads");
        assert_eq!(read.name, format!("A d{}", "a".repeat(MAX_GUEST_NAME - 3)));
        let huge = GuestNote { name: "a".repeat(LONGEST_NOTE), ..note() };
        assert!(GuestNote::read(&huge.sign(&key(1)).expect("signs")).is_err());
    }

    #[test]
    fn nobody_speaks_for_another() {
        assert!(matches!(
            GuestNote::read(&note().sign(&key(2)).expect("signs")),
            Err(Error::Signature { .. })
        ));
        let answer = roll(1).sign(&key(9)).expect("signs");
        assert!(matches!(Roll::read(&answer, &key(8).public(), &note()), Err(Error::Signature { .. })));
        let host = key(9).public();
        assert!(Roll::read(&answer, &host, &note()).is_ok());
        for other in [
            GuestNote { number: 8, ..note() },
            GuestNote { guest: key(2).public(), ..note() },
            GuestNote { lobby: Sha256([4; 32]), ..note() },
        ] {
            assert!(Roll::read(&answer, &host, &other).is_err(), "an answer to something else");
        }
        assert!(GuestNote::read(&answer).is_err(), "a roll is no note");
    }

    #[test]
    fn more_guests_or_bytes_than_there_can_be_are_neither_written_nor_read() {
        let all = roll(MAX_GUESTS).sign(&key(9)).expect("signs");
        assert!(all.len() <= LONGEST_ROLL, "{} bytes", all.len());
        assert!(Roll::read(&all, &key(9).public(), &note()).is_ok());
        assert!(roll(MAX_GUESTS + 1).sign(&key(9)).is_err());
        assert!(GuestNote { done: 49, ..note() }.sign(&key(1)).is_err());
        assert!(GuestNote { total: MOST_BYTES + 1, ..note() }.sign(&key(1)).is_err());
    }

    proptest! {
        #[test]
        fn whatever_bytes_come_nothing_panics_and_no_changed_note_is_believed(
            noise in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), flip in 1u8..
        ) {
            let _ = GuestNote::read(&noise);
            let _ = Roll::read(&noise, &key(9).public(), &note());
            let mut bytes = note().sign(&key(1)).expect("signs");
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            if let Ok(found) = GuestNote::read(&bytes) {
                prop_assert_eq!(found, note());
            }
        }
    }
}
