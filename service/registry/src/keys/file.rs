//! Keys at rest: JSON, encrypted under a passphrase, or in the clear and then marked as a test key.
//!
//! `docs/formats/registry.md` is the public specification. Costs in a file are bounded before they are spent, so that
//! a foreign file cannot take the machine's memory.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{PublicKey, SigningKey};
use crate::{Error, Result, json};

const FORMAT: u32 = 1;
const TEST_WARNING: &str =
    "TEST KEY: anybody who has this file can sign with it. Never admit it to a real registry.";
/// Upper bounds for files from elsewhere.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 8;

/// What deriving the file's key from the passphrase costs (Argon2id, RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KdfCost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Default for KdfCost {
    /// The second recommendation of RFC 9106 §4: 64 MiB, three passes, four lanes.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 }
    }
}

/// A key file, read but not yet opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct KeyFile {
    muster_key: u32,
    pub public: PublicKey,
    #[serde(flatten)]
    secret: Secret,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "protection", rename_all = "kebab-case")]
enum Secret {
    Passphrase { kdf: String, cost: KdfCost, salt: String, cipher: String, nonce: String, sealed: String },
    TestKey { warning: String, seed: String },
}

impl KeyFile {
    /// Encrypts the key. `randomness` comes from the system's generator and is never used twice.
    pub fn encrypt(key: &SigningKey, passphrase: &str, cost: KdfCost, randomness: [u8; 40]) -> Result<Self> {
        let (salt, nonce) = randomness.split_at(16);
        let public = key.public();
        let sealing = derive(passphrase, cost, salt)?;
        let seed = key.seed();
        let payload = Payload { msg: seed.as_slice(), aad: public.as_bytes() };
        let sealed =
            cipher(&sealing).encrypt(&nonce_of(nonce)?, payload).map_err(|_| Error::key("cannot encrypt"))?;
        let secret = Secret::Passphrase {
            kdf: "argon2id".into(),
            cost,
            salt: hex::encode(salt),
            cipher: "xchacha20-poly1305".into(),
            nonce: hex::encode(nonce),
            sealed: hex::encode(sealed),
        };
        Ok(Self { muster_key: FORMAT, public, secret })
    }

    /// A key in the clear, which says so in the file itself.
    pub fn test_key(key: &SigningKey) -> Self {
        let secret =
            Secret::TestKey { warning: TEST_WARNING.into(), seed: hex::encode(key.seed().as_slice()) };
        Self { muster_key: FORMAT, public: key.public(), secret }
    }

    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > 8192 {
            return Err(Error::key("the file is too long"));
        }
        let file: Self = json::parse(bytes).map_err(|error| Error::key(error.to_string()))?;
        if file.muster_key != FORMAT {
            return Err(Error::key(format!("format {} is newer than this program", file.muster_key)));
        }
        Ok(file)
    }

    /// The bytes to write, with a line break at the end. Write them readable for the owner only.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a key file holds strings and integers");
        bytes.push(b'\n');
        bytes
    }

    /// Whether the key lies in the clear.
    pub fn is_test_key(&self) -> bool {
        matches!(self.secret, Secret::TestKey { .. })
    }

    /// Opens the key; test keys need no passphrase.
    pub fn open(&self, passphrase: Option<&str>) -> Result<SigningKey> {
        let seed = match &self.secret {
            Secret::TestKey { seed, .. } => Zeroizing::new(decode(seed)?),
            Secret::Passphrase { kdf, cost, salt, cipher: algorithm, nonce, sealed } => {
                if kdf != "argon2id" || algorithm != "xchacha20-poly1305" {
                    return Err(Error::key("protected in a way this program does not know"));
                }
                let sealing = derive(passphrase.ok_or(Error::Passphrase)?, *cost, &decode(salt)?)?;
                let sealed = decode(sealed)?;
                let payload = Payload { msg: &sealed, aad: self.public.as_bytes() };
                let opened = cipher(&sealing).decrypt(&nonce_of(&decode(nonce)?)?, payload);
                Zeroizing::new(opened.map_err(|_| Error::Passphrase)?)
            }
        };
        let seed: [u8; 32] =
            seed.as_slice().try_into().map_err(|_| Error::key("the seed does not have 32 bytes"))?;
        let key = SigningKey::from_seed(seed);
        if key.public() != self.public {
            return Err(Error::key("the private and the public half do not belong together"));
        }
        Ok(key)
    }
}

fn decode(text: &str) -> Result<Vec<u8>> {
    hex::decode(text).map_err(|_| Error::key("not hexadecimal"))
}

fn nonce_of(bytes: &[u8]) -> Result<XNonce> {
    let nonce: [u8; 24] = bytes.try_into().map_err(|_| Error::key("the nonce does not have 24 bytes"))?;
    Ok(XNonce::from(nonce))
}

fn cipher(key: &Zeroizing<[u8; 32]>) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(**key).into())
}

fn derive(passphrase: &str, cost: KdfCost, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    if cost.memory_kib > MAX_MEMORY_KIB || cost.passes > MAX_PASSES || cost.lanes > MAX_LANES {
        return Err(Error::key("opening the file would cost too much"));
    }
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
        .map_err(|error| Error::key(error.to_string()))?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
        .map_err(|error| Error::key(error.to_string()))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: KdfCost = KdfCost { memory_kib: 64, passes: 1, lanes: 1 };

    #[test]
    fn an_encrypted_key_opens_with_its_passphrase_only() {
        let key = SigningKey::from_seed([9; 32]);
        let file = KeyFile::encrypt(&key, "correct horse", CHEAP, [3; 40]).expect("encrypts");
        let bytes = file.to_bytes();
        assert!(!String::from_utf8_lossy(&bytes).contains(&hex::encode([9; 32])));
        let read = KeyFile::parse(&bytes).expect("reads");
        assert!(!read.is_test_key());
        assert_eq!(read.open(Some("correct horse")).expect("opens").public(), key.public());
        assert!(matches!(read.open(Some("wrong")), Err(Error::Passphrase)));
        assert!(matches!(read.open(None), Err(Error::Passphrase)));
    }

    #[test]
    fn a_test_key_says_that_it_is_one() {
        let key = SigningKey::from_seed([9; 32]);
        let bytes = KeyFile::test_key(&key).to_bytes();
        assert!(String::from_utf8_lossy(&bytes).contains("TEST KEY"));
        let read = KeyFile::parse(&bytes).expect("reads");
        assert!(read.is_test_key());
        assert_eq!(read.open(None).expect("opens").public(), key.public());
    }

    #[test]
    fn refuses_files_that_lie_or_cost_too_much() {
        let [a, b] = [1, 2].map(|n| SigningKey::from_seed([n; 32]));
        let mut lying = KeyFile::test_key(&a);
        lying.public = b.public();
        assert!(lying.open(None).is_err());
        let greedy = KdfCost { memory_kib: u32::MAX, passes: 1, lanes: 1 };
        assert!(KeyFile::encrypt(&a, "x", greedy, [0; 40]).is_err());
        let text = String::from_utf8(KeyFile::test_key(&a).to_bytes()).expect("utf-8");
        assert!(KeyFile::parse(text.replace("\"muster-key\": 1", "\"muster-key\": 2").as_bytes()).is_err());
        assert!(KeyFile::parse(&[b' '; 9000]).is_err());
    }
}
