//! What a change of a publisher's keys means for somebody who has installed from them before.
//!
//! Pure: the caller keeps pins and revoked keys, this module decides. A publisher is its key set; names can be given
//! to other keys by a registry, so a name alone moves nobody. Hand-overs have the semantics of TAP 8 (signed by the
//! old threshold, numbered), revocations those of TAP 20 (a hand-over to nobody).

use std::collections::BTreeSet;

use muster_domain::{Publisher, Sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, KeySet, PublicKey, Result, SigningKey, json, sign_envelope, verify_envelope};

const KIND: &str = "muster-rotation";
const FORMAT: u32 = 1;
/// Records looked at in one file.
const MAX_RECORDS: usize = 64;
/// Bytes of the file of records.
pub const MAX_RECORDS_FILE: u64 = 256 * 1024;

/// The keys a publisher had when something of theirs was first installed, or was handed over to since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    pub keys: KeySet,
    /// Number of the last hand-over that was followed; older ones are replays.
    pub sequence: u64,
}

/// What to do about the keys that the registry shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing is pinned: pin these.
    First(Pin),
    /// The pinned keys.
    Same,
    /// The pinned keys handed over, perhaps in several steps: pin these instead, silently.
    Rotated(Pin),
    /// Other keys without a hand-over: keep what is installed, take nothing new, ask the player.
    Blocked { pinned: Sha256, seen: Sha256 },
    /// The owner withdrew one of the keys that the registry shows: take nothing from them, anywhere.
    Revoked { key: PublicKey },
}

impl Decision {
    /// The pin to keep from now on, or why nothing may be taken.
    pub fn into_result(self, publisher: &Publisher, pin: Option<Pin>) -> Result<Pin> {
        let publisher = publisher.to_string();
        match self {
            Self::First(pin) | Self::Rotated(pin) => Ok(pin),
            Self::Same => pin.ok_or(Error::NotRefreshed),
            Self::Blocked { pinned, seen } => Err(Error::KeyChanged { publisher, pinned, seen }),
            Self::Revoked { .. } => Err(Error::KeyRevoked { publisher }),
        }
    }
}

/// One signed hand-over or revocation, with its signatures not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    bytes: Vec<u8>,
    from: KeySet,
    to: Option<KeySet>,
    sequence: u64,
}

#[derive(Serialize, Deserialize)]
struct Body {
    from: KeySet,
    to: Option<KeySet>,
    sequence: u64,
}

impl Record {
    /// Signs a hand-over to `to`, or a revocation if there is nobody to hand over to.
    pub fn sign(from: &KeySet, to: Option<&KeySet>, sequence: u64, keys: &[&SigningKey]) -> Result<Self> {
        let body = Body { from: from.clone(), to: to.cloned(), sequence };
        let Ok(Value::Object(body)) = serde_json::to_value(body) else {
            return Err(Error::Envelope { expected: KIND.into(), why: "it cannot be written".into() });
        };
        let record = Self::parse(sign_envelope(KIND, FORMAT, body, keys)?)?;
        record.verify()?;
        Ok(record)
    }

    fn parse(bytes: Vec<u8>) -> Result<Self> {
        let refuse =
            |error: &dyn std::fmt::Display| Error::Envelope { expected: KIND.into(), why: error.to_string() };
        let envelope: Map<String, Value> = json::parse(&bytes).map_err(|error| refuse(&error))?;
        let signed = envelope.get("signed").cloned().unwrap_or_default();
        let body: Body = serde_json::from_value(signed).map_err(|error| refuse(&error))?;
        Ok(Self { bytes, from: body.from, to: body.to, sequence: body.sequence })
    }

    /// Whether the keys that hand over signed it.
    fn verify(&self) -> Result<()> {
        verify_envelope(&self.bytes, KIND, FORMAT, &self.from).map(|_| ())
    }

    /// Reads the file of records; one that cannot be read is left out, so that it does not hide the others.
    pub fn parse_file(bytes: &[u8]) -> Result<Vec<Self>> {
        #[derive(Deserialize)]
        struct File {
            records: Vec<Value>,
        }
        if bytes.len() as u64 > MAX_RECORDS_FILE {
            return Err(Error::TooLarge { file: "rotations.json".into(), limit: MAX_RECORDS_FILE });
        }
        let file: File =
            json::parse(bytes).map_err(|error| Error::malformed("rotations.json", error.to_string()))?;
        let records = file.records.iter().take(MAX_RECORDS);
        Ok(records.filter_map(|record| Self::parse(serde_json::to_vec(record).ok()?).ok()).collect())
    }

    /// Writes the file of records.
    pub fn to_file(records: &[Self]) -> Result<Vec<u8>> {
        let read = |record: &Self| serde_json::from_slice::<Value>(&record.bytes);
        let records: Vec<Value> = records
            .iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map_err(|error| Error::malformed("rotations.json", error.to_string()))?;
        Ok(serde_json::json!({ "records": records }).to_string().into_bytes())
    }
}

/// The keys that valid revocations among the records withdraw. Keep them for every registry.
pub fn revocations(records: &[Record]) -> BTreeSet<PublicKey> {
    let revoking = records.iter().filter(|record| record.to.is_none() && record.verify().is_ok());
    revoking.flat_map(|record| record.from.keys().copied()).collect()
}

/// Decides about the key set that a registry shows for a publisher.
///
/// `records` are those of the publisher's folder; `revoked` are all keys whose revocation was ever seen, anywhere.
/// What a revoked key hands over is worth nothing, because a thief could have signed it.
pub fn decide(
    pin: Option<&Pin>,
    seen: &KeySet,
    records: &[Record],
    revoked: &BTreeSet<PublicKey>,
) -> Decision {
    let mut withdrawn = revocations(records);
    withdrawn.extend(revoked);
    if let Some(key) = seen.keys().find(|key| withdrawn.contains(key)) {
        return Decision::Revoked { key: *key };
    }
    let Some(pin) = pin else {
        let own = records.iter().filter(|record| record.to.as_ref() == Some(seen) && record.verify().is_ok());
        let sequence = own.map(|record| record.sequence).max().unwrap_or(0);
        return Decision::First(Pin { keys: seen.clone(), sequence });
    };
    if pin.keys == *seen {
        return Decision::Same;
    }
    match follow(pin.clone(), seen, records, &withdrawn) {
        Some(pin) => Decision::Rotated(pin),
        None => Decision::Blocked { pinned: pin.keys.fingerprint(), seen: seen.fingerprint() },
    }
}

/// Walks hand-overs from the pin to the keys that are shown, in rising numbers.
fn follow(mut pin: Pin, seen: &KeySet, records: &[Record], withdrawn: &BTreeSet<PublicKey>) -> Option<Pin> {
    while pin.keys != *seen {
        if pin.keys.keys().any(|key| withdrawn.contains(key)) {
            return None;
        }
        let next = records
            .iter()
            .filter(|record| record.from == pin.keys && record.sequence > pin.sequence && record.to.is_some())
            .filter(|record| record.verify().is_ok())
            .min_by_key(|record| record.sequence)?;
        pin = Pin { keys: next.to.clone()?, sequence: next.sequence };
    }
    Some(pin)
}

/// Refuses a release whose archive is another than the one seen before under the same version.
pub fn check_same_archive(what: &str, seen: Option<Sha256>, offered: Sha256) -> Result<()> {
    match seen {
        Some(seen) if seen != offered => Err(Error::HashChanged { what: what.to_owned(), seen, offered }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::Coded;

    use super::*;

    struct Owner {
        key: SigningKey,
        set: KeySet,
    }

    fn owner(seed: u8) -> Owner {
        let key = SigningKey::from_seed([seed; 32]);
        let set = KeySet::single(key.public());
        Owner { key, set }
    }

    fn pin(owner: &Owner, sequence: u64) -> Pin {
        Pin { keys: owner.set.clone(), sequence }
    }

    fn handover(from: &Owner, to: &Owner, sequence: u64) -> Record {
        Record::sign(&from.set, Some(&to.set), sequence, &[&from.key]).expect("signs")
    }

    #[test]
    fn t30_other_keys_block_who_pinned_and_welcome_who_did_not() {
        let (old, new) = (owner(1), owner(2));
        let none = BTreeSet::new();
        let blocked = decide(Some(&pin(&old, 0)), &new.set, &[], &none);
        assert!(matches!(blocked, Decision::Blocked { .. }));
        let publisher = "alice".parse().expect("a publisher");
        let error = blocked.into_result(&publisher, Some(pin(&old, 0))).expect_err("refused");
        assert_eq!(error.code(), "registry-key-changed");
        assert_eq!(decide(None, &new.set, &[], &none), Decision::First(pin(&new, 0)));
        assert_eq!(decide(Some(&pin(&old, 0)), &old.set, &[], &none), Decision::Same);
        // Signed by the new key instead of the old one: worth nothing.
        let body =
            serde_json::to_value(Body { from: old.set.clone(), to: Some(new.set.clone()), sequence: 1 });
        let Ok(Value::Object(body)) = body else { panic!("an object") };
        let forged = Record::parse(sign_envelope(KIND, 1, body, &[&new.key]).expect("signs")).expect("reads");
        assert!(matches!(decide(Some(&pin(&old, 0)), &new.set, &[forged], &none), Decision::Blocked { .. }));
    }

    #[test]
    fn t31_a_handover_is_followed_and_its_replay_is_not() {
        let (a, b, c) = (owner(1), owner(2), owner(3));
        let none = BTreeSet::new();
        let records = [handover(&b, &c, 2), handover(&a, &b, 1)];
        assert_eq!(decide(Some(&pin(&a, 0)), &c.set, &records, &none), Decision::Rotated(pin(&c, 2)));
        // Whoever followed to c does not go back to b by the old record, nor round in a circle.
        let back = [handover(&a, &b, 1), handover(&c, &b, 2)];
        assert!(matches!(decide(Some(&pin(&c, 2)), &b.set, &back, &none), Decision::Blocked { .. }));
        let circle = [handover(&a, &b, 1), handover(&b, &a, 2)];
        assert!(matches!(decide(Some(&pin(&a, 0)), &c.set, &circle, &none), Decision::Blocked { .. }));
        // A fresh user learns the number, too.
        assert_eq!(decide(None, &c.set, &records, &none), Decision::First(pin(&c, 2)));
        let file = Record::to_file(&records).expect("writes");
        assert_eq!(Record::parse_file(&file).expect("reads").len(), 2);
    }

    #[test]
    fn t32_a_revoked_key_is_refused_everywhere() {
        let (a, b) = (owner(1), owner(2));
        let revocation = Record::sign(&a.set, None, 1, &[&a.key]).expect("signs");
        let elsewhere = revocations(std::slice::from_ref(&revocation));
        assert_eq!(elsewhere, BTreeSet::from([a.key.public()]));
        for pinned in [None, Some(pin(&a, 0))] {
            assert!(matches!(decide(pinned.as_ref(), &a.set, &[], &elsewhere), Decision::Revoked { .. }));
            let own = std::slice::from_ref(&revocation);
            assert!(matches!(
                decide(pinned.as_ref(), &a.set, own, &BTreeSet::new()),
                Decision::Revoked { .. }
            ));
        }
        // A thief's hand-over from the revoked key is not followed.
        let stolen = [handover(&a, &b, 9)];
        assert!(matches!(decide(Some(&pin(&a, 0)), &b.set, &stolen, &elsewhere), Decision::Blocked { .. }));
        assert!(Record::sign(&a.set, None, 1, &[&b.key]).is_err(), "only the owner can revoke");
    }

    #[test]
    fn t39_the_same_version_with_other_bytes_is_refused() {
        let [old, new] = [crate::sha256(b"old"), crate::sha256(b"new")];
        assert!(check_same_archive("alice/trees 1.0.0", None, new).is_ok());
        assert!(check_same_archive("alice/trees 1.0.0", Some(new), new).is_ok());
        let error = check_same_archive("alice/trees 1.0.0", Some(old), new).expect_err("refused");
        assert_eq!(error.code(), "registry-hash-changed");
    }
}
