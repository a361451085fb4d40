//! Ed25519 keys: strict verification, TUF key ids, fingerprints for people.
//!
//! Small-order keys are refused wherever a key enters, because a constant signature under one of them verifies for
//! every message; verification is strict (RFC 8032 with cofactorless equation and canonical encodings), so that no
//! two implementations disagree.

mod file;
mod fingerprint;

pub use file::{KdfCost, KeyFile};
pub use fingerprint::words;

use std::{collections::BTreeSet, fmt, str::FromStr};

use ed25519_dalek::{Signature, Signer, VerifyingKey};
use muster_domain::Sha256;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Value, json};
use sha2::Digest;
use zeroize::Zeroize;

use crate::{Error, Result, json};

/// SHA-256 of bytes, as the domain's type.
pub fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// An Ed25519 public key that is not weak. Text form: `ed25519:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Accepts the encoding of a point of large order only.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self> {
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| Error::key("not a point of the curve"))?;
        if key.is_weak() {
            return Err(Error::key("a weak key, under which anybody can sign"));
        }
        Ok(Self(bytes))
    }

    /// Accepts 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self> {
        let bytes: Sha256 = text.parse().map_err(|_| Error::key("not 64 hexadecimal digits"))?;
        Self::from_bytes(bytes.0)
    }

    /// The 32 bytes of RFC 8032.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hexadecimal, as TUF writes the key.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// Strict verification; a signature that does not have 64 bytes is simply not valid.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let (Ok(key), Ok(signature)) = (VerifyingKey::from_bytes(&self.0), Signature::from_slice(signature))
        else {
            return false;
        };
        !key.is_weak() && key.verify_strict(message, &signature).is_ok()
    }

    /// The key object of TUF metadata (specification §4.2).
    pub(crate) fn to_tuf(self) -> Value {
        json!({ "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": self.to_hex() } })
    }

    /// SHA-256 of the canonical key object: how TUF metadata refers to this key.
    pub fn key_id(&self) -> String {
        let canonical = json::canonical(&self.to_tuf()).expect("a key object holds strings only");
        sha256(&canonical).to_string()
    }

    /// SHA-256 of the 32 bytes, for showing.
    pub fn fingerprint(&self) -> Sha256 {
        sha256(&self.0)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ed25519:{}", self.to_hex())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", &self.to_hex()[..8])
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_hex(
            text.strip_prefix("ed25519:").ok_or_else(|| Error::key("does not start with ed25519:"))?,
        )
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A private key. Its memory is wiped at the end; it is never printed.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key of 32 random bytes (from the system's generator, at the edge).
    pub fn from_seed(mut seed: [u8; 32]) -> Self {
        let key = Self(ed25519_dalek::SigningKey::from_bytes(&seed));
        seed.zeroize();
        key
    }

    pub(crate) fn seed(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The 64 bytes of RFC 8032.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", &self.public().to_hex()[..8])
    }
}

/// Who a publisher is: distinct keys, of which `threshold` must sign.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "KeySetText", into = "KeySetText")]
pub struct KeySet {
    keys: BTreeSet<PublicKey>,
    threshold: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySetText {
    keys: Vec<PublicKey>,
    threshold: u32,
}

impl KeySet {
    /// At least one key, no key twice, a threshold that can be met.
    pub fn new(keys: impl IntoIterator<Item = PublicKey>, threshold: u32) -> Result<Self> {
        let listed: Vec<PublicKey> = keys.into_iter().collect();
        let keys: BTreeSet<PublicKey> = listed.iter().copied().collect();
        if keys.len() != listed.len() {
            return Err(Error::key("a key is named twice"));
        }
        if threshold == 0 || threshold as usize > keys.len() {
            return Err(Error::key(format!("{threshold} of {} keys cannot be asked for", keys.len())));
        }
        Ok(Self { keys, threshold })
    }

    /// The usual case: one key, which signs alone.
    pub fn single(key: PublicKey) -> Self {
        Self { keys: BTreeSet::from([key]), threshold: 1 }
    }

    /// The keys, in order of their bytes.
    pub fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.keys.iter()
    }

    /// How many of them must sign.
    pub fn threshold(&self) -> u32 {
        self.threshold
    }

    /// Whether the key is one of the set.
    pub fn contains(&self, key: &PublicKey) -> bool {
        self.keys.contains(key)
    }

    /// SHA-256 of the canonical `{"keys": […], "threshold": n}`: what is pinned and shown.
    pub fn fingerprint(&self) -> Sha256 {
        let keys: Vec<String> = self.keys.iter().map(ToString::to_string).collect();
        let canonical = json::canonical(&json!({ "keys": keys, "threshold": self.threshold }));
        sha256(&canonical.expect("strings and an integer"))
    }
}

impl TryFrom<KeySetText> for KeySet {
    type Error = Error;

    fn try_from(text: KeySetText) -> Result<Self> {
        Self::new(text.keys, text.threshold)
    }
}

impl From<KeySet> for KeySetText {
    fn from(set: KeySet) -> Self {
        Self { keys: set.keys.into_iter().collect(), threshold: set.threshold }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_weak_keys_and_other_text() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(PublicKey::from_bytes(identity).is_err());
        assert!(PublicKey::from_bytes([0; 32]).is_err());
        for text in ["", "ed25519:", "rsa:00", &format!("ed25519:{}", "AB".repeat(32))] {
            assert!(text.parse::<PublicKey>().is_err(), "{text}");
        }
        let key = SigningKey::from_seed([7; 32]).public();
        assert_eq!(key.to_string().parse::<PublicKey>().expect("round trip"), key);
    }

    #[test]
    fn refuses_signatures_of_wrong_length_or_with_large_s() {
        let key = SigningKey::from_seed([7; 32]);
        let good = key.sign(b"message");
        assert!(key.public().verifies(b"message", &good));
        assert!(!key.public().verifies(b"massage", &good));
        assert!(!key.public().verifies(b"message", &good[..63]));
        assert!(!key.public().verifies(b"message", &[good.as_slice(), &[0]].concat()));
        // s + L signs the same message for a lenient verifier (RFC 8032 §8.4).
        let order: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let mut large = good;
        let mut carry = 0;
        for (byte, add) in large[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = sum as u8;
            carry = sum >> 8;
        }
        assert!(!key.public().verifies(b"message", &large));
    }

    #[test]
    fn a_key_set_has_distinct_keys_and_a_reachable_threshold() {
        let [a, b] = [1, 2].map(|n| SigningKey::from_seed([n; 32]).public());
        assert!(KeySet::new([a, a], 2).is_err());
        assert!(KeySet::new([a, b], 3).is_err());
        assert!(KeySet::new([a, b], 0).is_err());
        assert!(KeySet::new([], 0).is_err());
        let one = KeySet::new([a, b], 1).expect("valid");
        let two = KeySet::new([b, a], 2).expect("valid");
        assert_ne!(one.fingerprint(), two.fingerprint());
        let text = serde_json::to_string(&two).expect("serializes");
        assert_eq!(serde_json::from_str::<KeySet>(&text).expect("round trip"), two);
    }
}
